"""Telling everybody something for a time."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.knowledge import access, queries
from anliegen.knowledge.events import Announced, AnnouncementEnded
from anliegen.knowledge.models import Announcement, Dismissal
from anliegen.knowledge.rules import AnnouncementContent, AnnouncementKind, Audience
from anliegen.lib import bus, markdown
from anliegen.lib.errors import Refused
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.people.models import User
from anliegen.search import actions as search
from anliegen.search.queries import held

DOCUMENT = "announcement"  # what it is called in the search
MAX_TITLE, MAX_TEXT, MAX_LINK = 120, 2_000, 300


@audit.command
def announce(content: AnnouncementContent, *, acting_user: User | None, now: datetime, key: str = "") -> Announcement:
    """Tell something from when until when. Raises Refused (texts, times, link), Forbidden."""
    access.require_editor(acting_user, now)
    before = audit.replayed(acting_user.pk, key, "knowledge.announce") if acting_user else None
    if before is not None:
        return Announcement.objects.get(pk=before)
    _check(content)
    made = Announcement.objects.create(
        kind=AnnouncementKind(content.kind).value,
        audience=Audience(content.audience).value,
        title=dict(content.title),
        text=dict(content.text),
        link=content.link,
        starts_at=content.starts_at,
        ends_at=content.ends_at,
        created_at=now,
        created_by=acting_user,
    )
    search.put(*_docs(made))
    if acting_user:
        audit.remember(acting_user.pk, key, "knowledge.announce", "announcement", made.pk)
    bus.publish(
        Announced(
            subject_id=made.pk,
            actor_id=acting_user.pk if acting_user else None,
            rule="" if acting_user else "knowledge.system",
            now=now,
            changes={"kind": made.kind, "audience": made.audience, "ends_at": made.ends_at.isoformat()},
        )
    )
    return made


def announcement_docs(now: datetime) -> Iterator[search.Doc]:
    """What is told now or later, in both languages, and what is over and waits for its job to take it out."""
    for one in Announcement.objects.filter(Q(ends_at__gt=now) | Q(public_id__in=held(DOCUMENT))).order_by("pk"):
        yield from _docs(one)


def _docs(made: Announcement) -> list[search.Doc]:
    """By which words it is found; whether it is told now is asked again on what is found."""
    return [
        search.Doc(
            kind=DOCUMENT,
            object_id=made.public_id,
            lang=lang,
            title=made.title[lang],
            text=markdown.plain(made.text[lang]),
            access=(access.search_word(made.audience),),
        )
        for lang in LANGUAGES
    ]


def _check(content: AnnouncementContent) -> None:
    errors: dict[str, object] = {}
    for part, limit in (("title", MAX_TITLE), ("text", MAX_TEXT)):
        text = LocalText.of(getattr(content, part))
        for lang in text.missing():
            errors[f"{part}_{lang}"] = _("Please write this in both languages.")
        for lang, words in text.json().items():
            if len(words) > limit or "\x00" in words:
                errors[f"{part}_{lang}"] = _("At most %(limit)s characters are possible here.") % {"limit": limit}
    if content.ends_at <= content.starts_at:
        errors["ends_at"] = _("The end must lie after the beginning.")
    if content.link and (len(content.link) > MAX_LINK or not content.link.startswith(("https://", "/"))):
        errors["link"] = _("Please enter an address that begins with https:// or with /.")
    if content.link.startswith("//"):
        errors["link"] = _("Please enter an address that begins with https:// or with /.")
    if errors:
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors)


@audit.command
def end_announcement(public_id: str, *, acting_user: User, now: datetime) -> None:
    """Tell it no longer; one that is over stays as it was. Raises Forbidden, NotFound."""
    found = Announcement.objects.select_for_update().get(pk=queries.by_public_id(public_id, acting_user, now).pk)
    if found.ends_at <= now:
        return
    search.drop(DOCUMENT, found.public_id)
    if found.starts_at >= now:
        changes = {"kind": found.kind, "told": False}
        bus.publish(AnnouncementEnded(subject_id=found.pk, actor_id=acting_user.pk, now=now, changes=changes))
        found.delete()
        return
    changes = {"ends_at": [found.ends_at.isoformat(), now.isoformat()]}
    found.ends_at = now
    found.save(update_fields=["ends_at"])
    bus.publish(AnnouncementEnded(subject_id=found.pk, actor_id=acting_user.pk, now=now, changes=changes))


@transaction.atomic
def dismiss(public_id: str, *, acting_user: User, now: datetime) -> None:
    """Show it to this person no more on every page; once more changes nothing. Raises NotFound."""
    found = access.announcement(public_id, acting_user, now)
    Dismissal.objects.get_or_create(announcement=found, person=acting_user, defaults={"at": now})
