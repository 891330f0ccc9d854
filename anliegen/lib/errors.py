"""What may go wrong in the domain; one middleware turns each into its HTTP answer.

    DomainError
      Refused        422  a field's value cannot be taken; the form is shown again with the message at the field
      NotFound       404  it does not exist, or must look as if it did not
      Forbidden      403  it is visible, but this person may not do that
      Conflict       409  somebody else was first, or the state has moved on
      TooLarge       413  more than a limit allows; names the limit
      OutOfSpace     507  the disk is full; nothing was stored
      Unavailable    503  the database or a service cannot answer now; try again

`message` is shown to people: a translated (lazy) string from the caller, or an English sentence in pure code.
"""


class DomainError(Exception):
    """The base: `status` is the HTTP status, `message` a sentence for people that says what to do."""

    status = 400

    def __init__(self, message: object = "") -> None:
        super().__init__(message)
        self.message = message


class Refused(DomainError):
    """An input that cannot be taken. `errors` maps field names to messages; "" stands for the whole form."""

    status = 422

    def __init__(self, field: str, message: object, *, more: dict[str, object] | None = None) -> None:
        super().__init__(message)
        self.errors: dict[str, object] = {field: message, **(more or {})}


class NotFound(DomainError):
    status = 404


class Forbidden(DomainError):
    status = 403


class Conflict(DomainError):
    status = 409


class TooLarge(DomainError):
    status = 413


class OutOfSpace(DomainError):
    status = 507


class Unavailable(DomainError):
    status = 503
