"""What requests are found by, and who may find them: put into the search in the transaction that changes them.

Access words: `o7` for who asked, gets or follows as person 7, `p7` for whoever else takes part, `t3` for a team, and
unless it is confidential `all` and its category. `access.found_by` has the words of a viewer.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import QuerySet

from anliegen.lib import bus
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests.models import Attachment, JournalEntry, Participant, ServiceRequest
from anliegen.requests.rules import FOLLOWING, EntryKind, ParticipantRole, Visibility
from anliegen.search import actions as search
from anliegen.search.actions import RequestDoc

EVERYBODY = "all"
OWNERS = frozenset({ParticipantRole.REQUESTER, ParticipantRole.RECIPIENT, *FOLLOWING})
_KEY = ("search", "requests")


def owner_word(person_id: int) -> str:
    """Held by who asked, gets or follows."""
    return f"o{person_id}"


def person_word(person_id: int) -> str:
    """Held by who works on it, decides or noted it down."""
    return f"p{person_id}"


def team_word(team_id: int) -> str:
    """Held by those who work in the team."""
    return f"t{team_id}"


def category_word(key: str) -> str:
    """Held by whose role covers a category."""
    return f"category:{key}"


def changed(service_request_id: int) -> None:
    """Its texts have changed: put them in at the end of the command, outside of one at once."""
    _later(service_request_id, texts=True)


def shared(service_request_id: int) -> None:
    """Others take part now: replace the access words at the end of the command, outside of one at once."""
    _later(service_request_id, texts=False)


def _later(service_request_id: int, *, texts: bool) -> None:
    if not bus.gather(_KEY, (service_request_id, texts), _write):
        _write([(service_request_id, texts)])


def _write(wanted: Iterable[tuple[int, bool]]) -> None:
    wanted = list(wanted)
    whole = {pk for pk, texts in wanted if texts}
    access = {pk for pk, _texts in wanted} - whole
    if access:
        whole.update(search.put_access(_access(sorted(access))))
    if whole:
        write(sorted(whole))


def write(ids: Sequence[int]) -> None:
    """Put these requests in. A constant number of statements."""
    search.put_requests(docs(ids))


def docs(ids: Sequence[int]) -> list[RequestDoc]:
    """What these requests are found by: number, title, answers that all may see, messages and names of files."""
    access = _access(ids)
    said: dict[int, list[str]] = defaultdict(list)
    for pk, text in _SAID(ids=ids):
        said[pk].append(text)
    return [_doc(row, said[row.pk], access.get(row.pk, set())) for row in _ROWS(ids=ids)]


def _doc(row: ServiceRequest, said: list[str], access: set[str]) -> RequestDoc:
    answers = [text for answer in row.form.get("answers", []) for text in _shown(answer)]
    return RequestDoc(
        id=row.pk,
        lang=row.lang,
        texts=[row.code, row.title, *answers, row.justification, *said],
        names=[row.requester.full_name, row.recipient.full_name],
        access=access,
    )


def _shown(answer: dict[str, Any]) -> list[str]:
    """The answer in words; nothing of what only some teams may see."""
    return [] if answer.get("seen_by") else [str(text) for text in (answer.get("shown") or {}).values()]


def _access(ids: Sequence[int]) -> dict[int, set[str]]:
    words: dict[int, set[str]] = defaultdict(set)
    for pk, person, team, role, confidential, category in _PARTS(ids=ids):
        if person:
            words[pk].add(owner_word(person) if role in OWNERS else person_word(person))
        else:
            words[pk].add(team_word(team))
        if not confidential:
            words[pk] |= {EVERYBODY, category_word(category)}
    return words


_ROWS = Prepared(
    lambda: (
        ServiceRequest.objects.select_related("requester", "recipient")
        .only(
            *("code", "title", "lang", "form", "justification"),
            *(f"{who}__{name}" for who in ("requester", "recipient") for name in ("first_name", "last_name")),
        )
        .filter(pk__in=Ids("ids"))
    )
)


def _said() -> QuerySet[JournalEntry, tuple[int, str]]:
    seen: dict[str, Any] = {"service_request__in": Ids("ids"), "visibility": Visibility.ALL}
    messages = JournalEntry.objects.filter(kind=EntryKind.MESSAGE, **seen).order_by()
    names = Attachment.objects.filter(**seen).order_by().values_list("service_request", "file__name")
    return messages.values_list("service_request", "text").union(names, all=True).order_by()


_SAID = Prepared(_said)
_PARTS = Prepared(
    lambda: Participant.objects.filter(service_request__in=Ids("ids")).values_list(
        *("service_request", "person", "team", "role"),
        *("service_request__confidential", "service_request__category_key"),
    )
)


def after(request_id: int, limit: int) -> list[int]:
    """The next ids behind one, for whoever goes through all requests."""
    return _AFTER(id=request_id)[:limit]


_AFTER = Prepared(
    lambda: ServiceRequest.objects.filter(pk__gt=Slot("id")).order_by("pk").values_list("pk", flat=True)[:500]
)


def person_changed(payload: dict[str, Any], now: object) -> None:
    """Put the requests of a person in again, whose name has changed. The work of a job."""
    ids = _OF_PERSON(person=payload["person"])
    for begin in range(0, len(ids), 500):
        write(ids[begin : begin + 500])


_OF_PERSON = Prepared(
    lambda: (
        Participant.objects.filter(person=Slot("person"), role__in=OWNERS)
        .order_by("service_request")
        .values_list("service_request", flat=True)
        .distinct()
    )
)
