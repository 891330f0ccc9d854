"""The journal as a stream of messages and events."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.people.models import User
from anliegen.requests.models import Attachment, JournalEntry, ServiceRequest
from anliegen.requests.rules import EntryKind
from anliegen.tracking import sentences

type Files = Sequence[dict[str, Any]]

ICONS = {
    "received": "inbox",
    "received-for-caller": "phone-call",
    "attached": "paperclip",
    "participant-named": "user-plus",
    "participant-named-as": "user-plus",
    "participant-removed": "user-minus",
    "promised": "calendar-event",
    "promise-moved": "calendar-event",
    "task-done": "check",
    "planned": "calendar-event",
    "held": "player-pause",
    "voted-yes": "user-check",
    "approved": "user-check",
    "approved-by-limit": "circle-check",
    "voted-no": "user-x",
    "not-approved": "user-x",
    "accepted": "check",
    "fulfilled": "circle-check",
    "rejected": "ban",
    "cancelled": "circle-x",
    "reserved": "package",
    "issued": "package",
}


def stream(
    service_request: ServiceRequest,
    entries: Sequence[JournalEntry],
    viewer: User,
    *,
    only_messages: bool = False,
    teams: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    """What `ui/c/stream.html` shows, the newest first. Internal notes never stand here (A05)."""
    shown = [one for one in entries if one.kind != EntryKind.NOTE]
    if only_messages:
        shown = [one for one in shown if one.kind == EntryKind.MESSAGE]
    return [_entry(one, service_request, viewer, teams or {}) for one in reversed(shown)]


def _entry(
    one: JournalEntry, service_request: ServiceRequest, viewer: User, teams: Mapping[str, str]
) -> dict[str, Any]:
    who = one.actor.full_name if one.actor else ""
    files = [file_row(row, service_request.code) for row in one.shown_files]
    base = {"id": f"entry-{one.seq}", "at": one.at, "files": files}
    if one.kind == EntryKind.MESSAGE:
        mine = one.actor_id == viewer.pk
        return {
            **base,
            "kind": "message",
            "who": who,
            "mine": mine,
            "text": one.text,
            "lang": one.lang,
            "meta": teams.get(who, ""),
        }
    text = sentences.render(one.sentence, one.params, get_language() or "de")
    return {**base, "kind": "event", "text": text, "icon": ICONS.get(one.sentence, "arrow-right")}


def attachments(service_request: ServiceRequest, entries: Sequence[JournalEntry]) -> Files:
    """All files of these entries."""
    rows = [row for one in entries for row in one.shown_files]
    return [file_row(row, service_request.code) for row in rows]


def file_row(row: Attachment, code: str) -> dict[str, Any]:
    """One file to download."""
    return {
        "url": reverse("request-file", args=[code, row.file.public_id]),
        "name": row.file.name or _("File"),
        "size": row.file.size,
    }
