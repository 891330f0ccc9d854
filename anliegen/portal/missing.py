"""What a page without a result sends back, so that this search is counted once; signed, so that nobody adds others."""

import secrets
from datetime import timedelta
from typing import NamedTuple

from django.core import signing

SALT, KEPT = "search.gap", timedelta(hours=12)


class Missing(NamedTuple):
    """The words that found nothing, and the page or list on which they did."""

    text: str
    key: str


def sealed(text: str) -> str:
    """For the form of one page or list."""
    return signing.dumps([text, secrets.token_urlsafe(12)], salt=SALT, compress=True)


def opened(sent: str) -> Missing | None:
    """What was sealed; None for what is not from us, or too old to tell anything."""
    try:
        return Missing(*signing.loads(sent, salt=SALT, max_age=KEPT))
    except signing.BadSignature:
        return None
