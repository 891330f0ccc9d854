"""The desk's words for results, times left and faults."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from anliegen.people.rules import ContactKind
from anliegen.requests.rules import Status
from anliegen.tracking.sentences import OUTCOME
from anliegen.tracking.shapes import TaskRow
from anliegen.ui import words
from anliegen.workflow.models import Fault, Task

type Words = str | Promise

RISK_SHARE = 75
SHOWN_IN_HOURS = timedelta(hours=10)

# What stands on the buttons that complete a step, by result and kind of step; ("", result) holds for all kinds.
BUTTONS: dict[tuple[str, str], Words] = {
    ("check", "complete"): gettext_lazy("Complete, go on"),
    ("check", "incomplete"): gettext_lazy("Something is missing"),
    ("identity", "yes"): gettext_lazy("Identity confirmed"),
    ("identity", "no"): gettext_lazy("Identity not confirmed"),
    ("quality", "yes"): gettext_lazy("All in order"),
    ("quality", "no"): gettext_lazy("Not in order, back"),
    ("plan", "done"): gettext_lazy("The plan stands"),
    ("answer", "done"): gettext_lazy("Answered"),
    ("", "disruption"): gettext_lazy("Hand over the disruption"),
    ("", "personal-data"): gettext_lazy("Ask data protection"),
    ("", "clear"): gettext_lazy("No objection"),
    ("", "changes"): gettext_lazy("Only with changes"),
    ("", "yes"): pgettext_lazy("button", "Yes"),
    ("", "no"): pgettext_lazy("button", "No"),
    ("", "done"): gettext_lazy("Done"),
    ("", "ok"): gettext_lazy("In order"),
    ("", "rejected"): gettext_lazy("Reject"),
    ("", "ordered"): gettext_lazy("Ordered"),
    ("", "passed"): gettext_lazy("Test passed"),
    ("", "failed"): gettext_lazy("Test failed: back to purchasing"),
    ("", "unavailable"): gettext_lazy("Not available: reject"),
    ("", "free"): gettext_lazy("Free"),
    ("", "taken"): gettext_lazy("Taken"),
    ("", "alternative"): gettext_lazy("Offer another place"),
    ("", "dearer"): gettext_lazy("Dearer than approved: ask again"),
}
# What stands above results that ask for something of their own.
EXITS: dict[str, Words] = {
    "disruption": gettext_lazy("This is a disruption"),
    "personal-data": gettext_lazy("It would show personal data"),
}
CONTACTS = {ContactKind.PHONE: "office", ContactKind.MOBILE: "mobile"}
REJECTING = frozenset({"rejected", "reject", "no"})

CHANNEL_ICONS = {
    "portal": "world",
    "phone": "phone",
    "mail": "mail",
    "person": "user",
    "chat": "messages",
    "system": "bolt",
}
STATE_KINDS = {
    Status.RECEIVED: "new",
    Status.CHECKED: "run",
    Status.APPROVAL: "wait",
    Status.PROGRESS: "run",
    Status.WAITING: "you",
    Status.HOLD: "hold",
    Status.DONE: "ok",
    Status.FULFILLED: "ok",
    Status.REJECTED: "no",
    Status.CANCELLED: "off",
}
PART_KINDS = {"done": "ok", "running": "run", "planned": "plan", "open": "new", "waiting": "you"}
PART_LOOKS = {"done": "d", "running": "", "planned": "w", "open": "w", "waiting": ""}

CLASH: dict[str, object] = {"kind": "late", "label": gettext_lazy("Dates clash")}

OPEN = gettext_lazy("Open")
VERDICTS: dict[str, dict[str, Words]] = {
    "waiting": {"kind": "wait", "label": gettext_lazy("asked later")},
    "open": {"kind": "wait", "label": gettext_lazy("not decided yet")},
    "yes": {"kind": "ok", "label": gettext_lazy("approved")},
    "no": {"kind": "no", "label": gettext_lazy("declined")},
    "void": {"kind": "off", "label": gettext_lazy("not needed any more")},
}
# The forms that open on demand: their heading, their button, and whether they end something.
FOLDED: dict[str, dict[str, Words]] = {
    "plan": {"title": gettext_lazy("Plan"), "send": gettext_lazy("Save the plan"), "icon": "calendar-event"},
    "ask": {"title": gettext_lazy("Ask the requester"), "send": gettext_lazy("Send the question"), "icon": "message"},
    "assign": {"title": gettext_lazy("Assign"), "send": gettext_lazy("Assign the task"), "icon": "user-check"},
    "hand-over": {
        "title": gettext_lazy("Hand over"),
        "send": gettext_lazy("Hand over the task"),
        "icon": "arrows-split",
    },
    "accept": {
        "title": gettext_lazy("Note the confirmation by phone"),
        "send": gettext_lazy("Note it"),
        "icon": "phone",
    },
    "call-in": {"title": gettext_lazy("Call in a team"), "send": gettext_lazy("Call in the team"), "icon": "user-plus"},
    "hold": {
        "title": gettext_lazy("Let it rest"),
        "send": gettext_lazy("Let the request rest"),
        "icon": "player-pause",
    },
    "reject": {"title": gettext_lazy("Reject"), "send": gettext_lazy("Reject the request"), "icon": "ban"},
    "cancel": {
        "title": pgettext_lazy("at the desk", "Cancel"),
        "send": pgettext_lazy("at the desk", "Cancel the request"),
        "icon": "circle-x",
    },
    "reopen": {"title": gettext_lazy("Reopen"), "send": gettext_lazy("Reopen the request"), "icon": "refresh"},
}

FAULTS: dict[str, Words] = {
    "no-row": gettext_lazy("No row of the decision table “%(table)s” fits this request."),
    "unknown-table": gettext_lazy("The decision table “%(table)s” is missing in this release."),
    "no-way": gettext_lazy("None of the ways onward fits this request."),
    "team-empty": gettext_lazy("Nobody works in the team that should do this step."),
    "nobody": gettext_lazy("Nobody was found who could do this step."),
    "unknown-team": gettext_lazy("The team that should do this step does not exist."),
    "unknown-person": gettext_lazy("The person who should do this step does not exist."),
    "unknown-role": gettext_lazy("The role that should do this step does not exist."),
    "loop": gettext_lazy("The request went round in a circle and was stopped."),
}


def button(kind: str, outcome: str) -> str:
    """What a result is called on its button."""
    found = BUTTONS.get((kind, outcome)) or BUTTONS.get(("", outcome)) or OUTCOME.get(outcome)
    return str(found or outcome.replace("-", " ").replace("_", " ").capitalize())


def outcome(task: Task) -> str:
    """The result of a finished task."""
    return button(task.kind, task.outcome) if task.outcome else _("Done")


def clock_of(row: TaskRow, now: datetime, zone: str) -> dict[str, Any]:
    """The time left of a row: how it looks, what it shows, and what is read out."""
    if row.status == Status.HOLD:
        return {"kind": "hold", "text": _("on hold"), "percent": row.share, "spoken": _("on hold")}
    if row.due is None:
        return {"kind": "run", "text": _("no date"), "percent": 0, "spoken": _("no date")}
    left = round((row.due - now).total_seconds() / 60)
    risk = row.bucket == "soon" or row.share >= RISK_SHARE
    kind = "late" if left < 0 else "risk" if risk else "run"
    text = left_text(row.due, now, zone)
    spoken = _("overdue for %(time)s") if left < 0 else _("%(time)s left")
    if abs(row.due - now) > SHOWN_IN_HOURS:
        spoken = _("overdue since %(time)s") if left < 0 else _("due %(time)s")
    return {"kind": kind, "text": text, "percent": row.share, "spoken": spoken % {"time": text.lstrip(words.MINUS)}}


def left_text(due: datetime, now: datetime, zone: str) -> str:
    """ "42 min", "1:10 h", further away "Do. 10:00" or "3. Dez."."""
    if abs(due - now) <= SHOWN_IN_HOURS:
        return words.minutes(round((due - now).total_seconds() / 60))
    lang = words.language(get_language())
    here, today = due.astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone)).date()
    if abs((here.date() - today).days) < 7:
        return f"{words.DAYS[lang][here.weekday()]} {words.time_of(here)}"
    dot = "." if lang == "de" else ""
    return f"{here.day}{dot}{words.NBSP}{words.MONTHS[lang][here.month - 1]}"


def fault(found: Fault) -> str:
    """What went wrong, in a sentence that tells the process owner where to look."""
    pattern = FAULTS.get(found.code)
    if pattern is not None:
        params = {"table": "", **{key: str(value) for key, value in found.params.items()}}
        return str(pattern) % params
    known = ", ".join(f"{key}: {value}" for key, value in sorted(found.params.items()) if not isinstance(value, dict))
    what = f"{found.code} ({known})" if known else found.code
    return _("A rule of this step could not be worked out: %(what)s.") % {"what": what}
