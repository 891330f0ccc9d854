"""The words for status, ends, reasons and channels that everybody sees: one list, with tone and icon (ux/spec 3.2).

Tone is what a colour stands for: neutral, running, turn (look here), ok, bad. Colour never stands alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ClosedBy, LinkKind, ParticipantRole, Reason, Status, retitled

type Words = str | Promise


@dataclass(frozen=True, slots=True)
class StatusWords:
    """How a status is told: to the requester, and to those who work on it."""

    word: Words
    icon: str
    tone: str
    desk_word: Words = ""

    def to(self, *, at_desk: bool) -> Words:
        return self.desk_word if at_desk and self.desk_word else self.word


STATUS: dict[str, StatusWords] = {
    Status.RECEIVED: StatusWords(_("Received"), "inbox", "neutral"),
    Status.CHECKED: StatusWords(_("Being checked"), "list-check", "running"),
    Status.APPROVAL: StatusWords(_("Waiting for approval"), "user-check", "running"),
    Status.PROGRESS: StatusWords(_("In progress"), "progress", "running"),
    Status.WAITING: StatusWords(_("Waiting for you"), "user-question", "turn", _("Waiting for the requester")),
    Status.HOLD: StatusWords(_("On hold"), "player-pause", "neutral"),
    Status.DONE: StatusWords(_("Done, please confirm"), "check", "ok"),
    Status.FULFILLED: StatusWords(_("Fulfilled"), "check", "ok"),
    Status.REJECTED: StatusWords(_("Rejected"), "ban", "neutral"),
    Status.CANCELLED: StatusWords(_("Cancelled"), "circle-x", "neutral"),
}

REASON: dict[str, Words] = {
    Reason.BUDGET: _("no budget"),
    Reason.AUTHORISATION: _("authorisation missing"),
    Reason.UNAVAILABLE: _("not available"),
    Reason.NOT_PERMITTED: _("not permitted"),
    Reason.DUPLICATE: _("asked for twice"),
    Reason.OTHER: _("other reason"),
}

CHANNEL: dict[str, Words] = {
    "portal": _("through the portal"),
    "phone": _("by phone"),
    "mail": _("by e-mail"),
    "person": _("in person"),
    "chat": _("by chat"),
    "system": _("by itself"),
}

MEASURE: dict[str, Words] = {
    "acknowledge": _("Confirmation that we have it"),
    "first-answer": _("First answer"),
    "approval": _("Decision on the approval"),
    "fulfilment": _("Completion"),
    "acceptance": _("Time for your confirmation"),
}

ROLE: dict[str, Words] = {
    ParticipantRole.REQUESTER: _("asked for it"),
    ParticipantRole.RECIPIENT: _("gets it"),
    ParticipantRole.RECORDER: _("noted it down"),
    ParticipantRole.NAMED: _("takes part"),
    ParticipantRole.COUNCIL: _("staff council"),
    ParticipantRole.DISABILITY: _("representative of severely disabled people"),
    ParticipantRole.WORKER: _("works on it"),
    ParticipantRole.APPROVER: _("decides"),
}

TASK_KIND: dict[str, Words] = {
    "check": _("Check"),
    "approval": _("Approval"),
    "work": _("Task"),
    "identity": _("Identity check"),
    "plan": _("Plan"),
    "quality": _("Quality check"),
    "acceptance": _("Confirmation"),
    "answer": _("Answer"),
    "side": _("Side task"),
}

TASK_STATE: dict[str, Words] = {
    "done": pgettext_lazy("state of a part", "Done"),
    "running": pgettext_lazy("state of a part", "Running"),
    "planned": pgettext_lazy("state of a part", "Planned"),
    "open": pgettext_lazy("state of a part", "Open"),
    "waiting": pgettext_lazy("state of a part", "Waiting for you"),
}


SCORE: dict[int, Words] = {
    5: pgettext_lazy("rating", "very good"),
    4: pgettext_lazy("rating", "good"),
    3: pgettext_lazy("rating", "all right"),
    2: pgettext_lazy("rating", "not so good"),
    1: pgettext_lazy("rating", "bad"),
}
"""How content somebody is with what was done, the best first."""

LINK: dict[tuple[str, bool], Words] = {
    (LinkKind.RENEWAL, True): _("asks whether this is still needed:"),
    (LinkKind.RENEWAL, False): _("asked again in:"),
    (LinkKind.WITHDRAWAL, True): _("takes back what this gave:"),
    (LinkKind.WITHDRAWAL, False): _("taken back in:"),
    (LinkKind.DUPLICATE, True): _("asks for the same as:"),
    (LinkKind.DUPLICATE, False): _("asked for again in:"),
    (LinkKind.SPLIT, True): _("a part of:"),
    (LinkKind.SPLIT, False): _("a part of it stands in:"),
    (LinkKind.COPY, True): _("a copy of:"),
    (LinkKind.COPY, False): _("copied in:"),
}
"""How requests belong together, said on the page of the later one (True) and of the earlier one (False)."""

HANDED_OVER = StatusWords(_("Handed over"), "arrow-right", "neutral")


def status(value: str, closed_by: str = "") -> StatusWords:
    """The words of a status; every status has some. What was handed over is not told as cancelled."""
    return HANDED_OVER if closed_by == ClosedBy.HANDED_OVER else STATUS[value]


def title_of(service_request: ServiceRequest, lang: str) -> tuple[str, str]:
    """What a request is called for this reader, and in which language that is; its item version is read already."""
    told, changed = retitled(service_request.title, service_request.item_version.title, lang)
    return told, lang if changed else service_request.lang


NAMED = 3  # of more people than these, the others are counted


def names(people: Sequence[str]) -> str:
    """Names one after the other; a long list is cut, and the rest counted."""
    if len(people) <= NAMED + 1:
        return ", ".join(people)
    shown = {"names": ", ".join(people[:NAMED]), "n": len(people) - NAMED}
    return gettext("%(names)s and %(n)s others") % shown
