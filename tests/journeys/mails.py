"""What arrives in people's mail boxes."""

import time
from email.header import decode_header, make_header

from tests.crash.plant import Plant

LIMIT_S = 30


def _words(subject: str) -> str:
    """A subject as people read it."""
    return str(make_header(decode_header(subject.replace("\r\n", ""))))


def waits_for_mail(product: Plant, to: str, about: str) -> None:
    """Return when a mail about a request has arrived; the worker sends within seconds."""
    until = time.monotonic() + LIMIT_S
    while time.monotonic() < until:
        if any(mail.to == to and about in _words(mail.subject) for mail in list(product.postbox.mails)):
            return
        time.sleep(0.1)
    raise AssertionError(f"No mail to {to} about {about}; there are {[m.subject for m in product.postbox.mails][-10:]}")
