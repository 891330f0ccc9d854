"""A message's subject, text and HTML, made when it is sent, in the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation

from anliegen.notifications import wording
from anliegen.notifications.models import Message
from anliegen.requests.rules import ENDED
from anliegen.tracking.queries import story

MOST_LINES = 40  # of a digest; the others are counted
_PAGES = {
    "start": "/",
    "requests": "/requests/{code}/",
    "desk": "/desk/requests/{code}/",
    "approvals": "/approvals/",
    "not-me": "/requests/{code}/not-me",
}


@dataclass(frozen=True, slots=True)
class Rendered:
    subject: str
    text: str
    html: str
    parts: tuple[int, ...] = ()  # messages that a digest holds


def render(message: Message, *, now: datetime) -> Rendered:
    """The mail as it goes out. A confidential request's mail holds no title and no texts, only the link (DP13)."""
    with translation.override(message.lang), timezone.override(ZoneInfo(message.recipient.time_zone)):
        context, content = _context(message, now=now)
        text = render_to_string("notifications/mail/message.txt", context).strip() + "\n"
        html = render_to_string("notifications/mail/message.html", context)
    code = message.service_request.code if message.service_request else ""
    subject = " ".join(content.subject.split())
    return Rendered(subject=f"[{code}] {subject}" if code else subject, text=text, html=html)


def render_digest(digest: Message, parts: Sequence[Message], *, now: datetime) -> Rendered:
    """The one mail of a day: a line with its link for each message, newest last."""
    with translation.override(digest.lang), timezone.override(ZoneInfo(digest.recipient.time_zone)):
        told = [_context(one, now=now)[0] for one in parts[:MOST_LINES]]
        content = wording.digest(len(parts))
        lines = [{"text": " ".join(one["content"].subject.split()), **one} for one in told]
        context = _frame(digest, content, _PAGES["start"]) | {"lines": lines, "more": len(parts) - len(lines)}
        text = render_to_string("notifications/mail/digest.txt", context).strip() + "\n"
        html = render_to_string("notifications/mail/digest.html", context)
    return Rendered(content.subject, text, html, tuple(one.pk for one in parts))


def _context(message: Message, *, now: datetime) -> tuple[dict[str, Any], wording.Content]:
    service_request = message.service_request
    if service_request is None:
        content = wording.PLAIN[message.template](message.params)
        return _frame(message, content, _PAGES.get(content.area, content.area)), content
    told = story(service_request, message.recipient, now=now)
    facts = wording.Facts(service_request, told, message.params)
    content = wording.WORDINGS[message.template](facts)
    if service_request.confidential and message.template not in wording.DISCREET:
        content = wording.quiet(content.area)
    about = {
        "code": service_request.code,
        "promise": None if service_request.status in ENDED else told.promise,
        "turn": told.turn,
        "quiet": service_request.confidential,
    }
    page = _PAGES[content.area].format(code=service_request.code)
    return _frame(message, content, page) | about, content


def _frame(message: Message, content: wording.Content, page: str) -> dict[str, Any]:
    """What every mail holds."""
    return {
        "content": content,
        "person": message.recipient,
        "link": f"{settings.ANLIEGEN.base_url}{page}",
        "phone": settings.ANLIEGEN.phone,
        "subject": content.subject,
    }
