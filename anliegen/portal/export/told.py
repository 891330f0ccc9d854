"""The record in words, as plain values for `record.typ`: made for one reader, with absolute dates."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext, pgettext
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.portal.shown.page import RequestPage, read_by
from anliegen.portal.words import here
from anliegen.requests.models import Attachment, JournalEntry
from anliegen.requests.rules import EntryKind, Visibility
from anliegen.tracking import sentences, words
from anliegen.workflow import queries as workflow
from anliegen.workflow.models import Vote
from anliegen.workflow.rules import Verdict

type Pairs = list[tuple[str, str]]


def record(page: RequestPage, entries: Sequence[JournalEntry], files: Sequence[Attachment]) -> dict[str, Any]:
    """Everything that the PDF shows. `entries` and `files` are those that the reader may see. One statement."""
    one, story = page.service_request, page.story
    sections = [
        _pairs(_("Details"), page.answers),
        _votes(workflow.votes_of(one), internal=_internal(entries)),
        _decisions(page),
        _journal(entries),
        _roles([[row["name"], row["role"]] for row in page.participants]),
        _files(files),
    ]
    return {
        "lang": get_language() or "de",
        "title": story.title,
        "code": page.code,
        "portal": settings.UI_NAME,
        "subtitle": _("Request %(code)s, %(state)s") % {"code": page.code, "state": story.word},
        "made": _("As of %(at)s, for %(name)s") % {"at": moment(page.now), "name": page.viewer.full_name},
        "page": pgettext("number of a page", "Page"),
        "of": pgettext("number of a page", "of"),
        "head": _head(page),
        "sections": [section for section in sections if section["rows"]],
    }


def moment(value: datetime) -> str:
    """Day, time and zone: "25. November 2026 10:05 (CET)"."""
    local = here(value)
    return f"{date_format(local, 'DATETIME_FORMAT')} ({local.tzname()})"


def _head(page: RequestPage) -> Pairs:
    one, story = page.service_request, page.story
    rows = [
        (_("State"), str(story.word)),
        (_("Requested by"), one.requester.full_name),
        (_("Received"), f"{moment(one.received_at)}, {words.CHANNEL[one.channel]}"),
        (_("Promised by"), moment(story.promise) if story.promise else ""),
        (_("Ended"), moment(one.ended_at) if one.ended_at else ""),
        (_("How it ended"), story.end_text),
    ]
    return [(term, value) for term, value in rows if value]


def _pairs(title: str, rows: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """A section of two columns, the first of which names the row."""
    return {"title": title, "columns": [_("What"), _("Value")], "rows": [[str(one) for one in row] for row in rows]}


def _roles(rows: list[list[str]]) -> dict[str, Any]:
    return {"title": _("Who takes part"), "columns": [_("Name"), _("As what")], "rows": rows}


def _internal(entries: Sequence[JournalEntry]) -> bool:
    return any(one.visibility != Visibility.ALL for one in entries)


def _votes(votes: Sequence[Vote], *, internal: bool) -> dict[str, Any]:
    """Who was asked and why, what they said and when. What somebody wrote beside a yes is for those who handle it."""
    rows = [
        [LocalText.of(vote.task.name).to(get_language() or "de"), _asked(vote), _said(vote, internal=internal)]
        for vote in votes
    ]
    return {"title": _("Approvals"), "columns": [_("What"), _("Who was asked, and why"), _("Answer")], "rows": rows}


def _asked(vote: Vote) -> str:
    reason = vote.reason or {}
    why = sentences.render(reason["key"], reason.get("params", {}), get_language() or "de") if reason.get("key") else ""
    return "\n".join(filter(None, (vote.approver.full_name, why)))


def _said(vote: Vote, *, internal: bool) -> str:
    verdict = {
        Verdict.YES: _("Yes"),
        Verdict.NO: _("No"),
        Verdict.OPEN: _("Not decided yet"),
        Verdict.WAITING: _("Is asked later"),
        Verdict.VOID: _("Was not needed any more"),
    }[Verdict(vote.verdict)]
    by = _("by %(name)s") % {"name": vote.by.full_name} if vote.by and vote.by_id != vote.approver_id else ""
    reason = str(words.REASON[vote.reject_reason]) if vote.reject_reason else ""
    comment = vote.comment if internal or vote.verdict == Verdict.NO else ""
    return "\n".join(filter(None, (verdict, by, moment(vote.voted_at) if vote.voted_at else "", reason, comment)))


def _decisions(page: RequestPage) -> dict[str, Any]:
    """What rules decided, with rule, version and what they read."""
    rows = []
    for why in page.story.whys:
        if why.rule:
            read = "\n".join(f"{name}: {value}" for name, value in read_by(why.inputs))
            rule = _("%(rule)s, version %(version)s") % {"rule": why.rule, "version": why.version or "1"}
            rows.append([moment(why.at), why.text, "\n".join(filter(None, (rule, read)))])
    return {
        "title": _("What was decided automatically"),
        "columns": [_("When"), _("Decision"), _("Rule, and what it read")],
        "rows": rows,
    }


def _journal(entries: Sequence[JournalEntry]) -> dict[str, Any]:
    rows = [[f"{one.seq}", moment(one.at), _who(one), _what(one)] for one in entries]
    return {
        "title": _("Messages and journal"),
        "columns": [_("No."), _("When"), _("Who"), _("What happened")],
        "rows": rows,
    }


def _who(one: JournalEntry) -> str:
    return one.actor.full_name if one.actor else _("The system")


def _what(one: JournalEntry) -> str:
    kinds = {EntryKind.MESSAGE: _("Message"), EntryKind.NOTE: _("Internal note")}
    kind = kinds.get(EntryKind(one.kind), "")
    hidden = _("not for the requester") if one.visibility != Visibility.ALL and not kind else ""
    text = one.text or sentences.render(one.sentence, one.params, get_language() or "de")
    files = ", ".join(row.file.name for row in one.shown_files)
    attached = _("Files: %(names)s") % {"names": files} if files else ""
    return "\n".join(filter(None, (f"{kind}:" if kind else "", text, attached, f"({hidden})" if hidden else "")))


def _files(files: Sequence[Attachment]) -> dict[str, Any]:
    rows = [[row.file.name, _bytes(row.file.size), row.file.sha256] for row in files]
    return {"title": _("Files"), "columns": [_("Name"), _("Size"), "SHA-256"], "rows": rows}


def _bytes(size: int) -> str:
    return ngettext("%(size)s byte", "%(size)s bytes", size) % {"size": f"{size:,}".replace(",", "\N{NO-BREAK SPACE}")}
