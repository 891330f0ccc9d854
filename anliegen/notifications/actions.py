"""Writing down that somebody is owed a message, and sending it later."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

from anliegen import jobs
from anliegen.notifications import digests, rules
from anliegen.notifications.models import Message
from anliegen.notifications.rendering import Rendered, render, render_digest
from anliegen.notifications.rules import When
from anliegen.people.models import User

KIND = "notify"


@dataclass(frozen=True, slots=True)
class Owed:
    """One mail that an event owes to one person."""

    recipient: User
    template: str
    params: Mapping[str, Any]
    event_id: str
    service_request_id: int | None = None


def owe(owed: Iterable[Owed], *, now: datetime) -> None:
    """Note in the caller's transaction that these people are owed a mail each, and plan the sending. Two statements.

    Who wants one mail a day gets it then, by one or a few statements more; who wants none of a kind is owed none.
    One per event and person: the same event again writes nothing (I5). People without an address or who left are owed
    nothing. The Message-ID is fixed here, so that a resend can be recognised; the job names the message by it.
    """
    messages = [
        Message(
            message_id=_new_id(),
            event_id=one.event_id,
            recipient=one.recipient,
            service_request_id=one.service_request_id,
            template=one.template,
            params=dict(one.params),
            lang=one.recipient.language,
            created_at=now,
        )
        for one in owed
        if one.recipient.email and one.recipient.is_active and _when(one) is not When.OFF
    ]
    if not messages:
        return
    if waiting := [one for one in messages if _when(one) is When.DAILY]:
        digests.hold(waiting, _new_id, now=now)
    Message.objects.bulk_create(messages, ignore_conflicts=True)
    # A message that was there already keeps its first Message-ID; the job of the second one finds nothing to do.
    soon = [one for one in messages if one.digest is None]
    jobs.schedule_many(KIND, [(f"{KIND}:{one.message_id}", {"message": one.message_id}) for one in soon], due=now)


def _when(one: Owed | Message) -> When:
    return rules.when(one.template, one.recipient.mail_choices)


def prepare(payload: dict[str, Any], now: datetime) -> tuple[Message, Rendered] | None:
    """What is to be sent, rendered now in the reader's language; None when it was sent or the person has left."""
    message = (
        Message.objects.select_related("recipient", "service_request").filter(message_id=payload["message"]).first()
    )
    if message is None or message.sent_at is not None or not message.recipient.is_active:
        return None
    if message.template == digests.TEMPLATE:
        parts = digests.parts(message)
        return (message, render_digest(message, parts, now=now)) if parts else None
    return message, render(message, now=now)


def send(prepared: tuple[Message, Rendered]) -> Rendered:
    """Hand the mail to the mail server. May happen again after a crash; the Message-ID stays the same (I10)."""
    message, rendered = prepared
    mail = EmailMultiAlternatives(
        subject=rendered.subject,
        body=rendered.text,
        to=[message.recipient.email],
        reply_to=[settings.ANLIEGEN.mail_reply_to],
        headers={
            "Message-ID": message.message_id,
            "X-Anliegen-Event": message.event_id,
            "Auto-Submitted": "auto-generated",
            "Content-Language": message.lang,
        },
    )
    mail.attach_alternative(rendered.html, "text/html")
    mail.send()
    return rendered


def finish(payload: dict[str, Any], rendered: Rendered, now: datetime) -> None:
    """Write down what was sent and when, in the transaction that ends the job."""
    if rendered.parts:
        digests.finish(payload["message"], rendered.parts, now=now)
    Message.objects.filter(message_id=payload["message"]).update(
        sent_at=now, subject=rendered.subject[:250], text=rendered.text, html=rendered.html
    )


@transaction.atomic
def forget_bodies(payload: dict[str, Any], now: datetime) -> None:
    """Recurring: the texts of sent mails go after 30 days; that they were sent stays (DP6)."""
    del payload
    old = Message.objects.filter(sent_at__lt=now - timedelta(days=30)).exclude(text="", html="")
    old.update(text="", html="")


SENDING = jobs.Outside(prepare=prepare, send=send, finish=finish)


def _new_id() -> str:
    return f"<{uuid.uuid4().hex}@{_host()}>"


def _host() -> str:
    """The domain of Message-IDs: that of the address people know, else the sender's, else localhost."""
    host = urlsplit(settings.ANLIEGEN.base_url).hostname
    return host or parseaddr(settings.ANLIEGEN.mail_from)[1].partition("@")[2] or "localhost"
