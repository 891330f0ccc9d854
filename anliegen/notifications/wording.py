"""What each mail says: outcome first, then what happens now, who has it and by when (ux/spec 3.9)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import ParticipantRole
from anliegen.tracking import words
from anliegen.tracking.shapes import Story
from anliegen.workflow.rules import CONFIRMATION_DAYS


@dataclass(frozen=True, slots=True)
class Content:
    """One mail in words. `quote` is what a person wrote; it is left out of mails about confidential requests."""

    subject: str
    lead: str
    then: tuple[str, ...] = ()
    quote: str = ""
    quoted: str = ""  # who wrote it
    button: str = ""
    area: str = "requests"  # which page the button opens


@dataclass(frozen=True, slots=True)
class Facts:
    """What a wording may use."""

    service_request: ServiceRequest
    story: Story
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.service_request.title

    @property
    def code(self) -> str:
        return self.service_request.code

    def says(self, name: str) -> str:
        return str(self.params.get(name, ""))


def received(facts: Facts) -> Content:
    return Content(
        subject=_("We have your request: %s") % facts.title,
        lead=_("Your request has arrived. Its number is %s.") % facts.code,
        then=_whats_next(facts),
        button=_("See the request"),
    )


def recorded(facts: Facts) -> Content:
    return Content(
        subject=_("Noted down for you: %s") % facts.title,
        lead=_("%(who)s noted this request down for you. Its number is %(code)s.")
        % {"who": facts.says("who"), "code": facts.code},
        then=(*_whats_next(facts), _("If that is not right, you can cancel it on its page.")),
        button=_("See the request"),
    )


def progress(facts: Facts) -> Content:
    return Content(
        subject=_("%(status)s: %(title)s") % {"status": facts.story.word, "title": facts.title},
        lead=_("Your request has moved on. It is now: %s.") % facts.story.word,
        then=_whats_next(facts),
        button=_("See the request"),
    )


def forecast(facts: Facts) -> Content:
    return Content(
        subject=_("Probably done by %(day)s: %(title)s") % {"day": facts.says("day"), "title": facts.title},
        lead=_("The supplier has confirmed a date. Your request will probably be done by %s.") % facts.says("day"),
        button=_("See the request"),
    )


def waiting(facts: Facts) -> Content:
    return Content(
        subject=_("Your answer is needed: %s") % facts.title,
        lead=_("We cannot go on without you. Please look at the request."),
        then=(_("The time does not run against us while you have it, so take the time you need."),),
        quote=facts.says("text"),
        quoted=facts.says("who"),
        button=_("Answer now"),
    )


def confirm(facts: Facts) -> Content:
    answer = facts.says("answer")
    subject = _("The answer to: %s") if answer else _("Done, please confirm: %s")
    days = int(facts.params.get("days", CONFIRMATION_DAYS))
    return Content(
        subject=subject % facts.title,
        lead=_("Your question is answered. Is that what you wanted to know?")
        if answer
        else _("Everything is done. Is it as it should be?"),
        then=(
            _("Please say yes or no on the page of the request. It takes one click."),
            ngettext(
                "If we hear nothing within %(days)s working day, we take it as a yes and close the request.",
                "If we hear nothing within %(days)s working days, we take it as a yes and close the request.",
                days,
            )
            % {"days": days},
        ),
        quote=answer,
        quoted=facts.says("who"),
        button=_("Confirm or object"),
    )


def fulfilled(facts: Facts) -> Content:
    return Content(
        subject=_("Fulfilled: %s") % facts.title,
        lead=_("Your request is fulfilled and closed. %s") % facts.story.end_text,
        then=(_("Is something missing after all? For ten working days you can reopen it on its page."),),
        button=_("See the request"),
    )


def rejected(facts: Facts) -> Content:
    return Content(
        subject=_("Rejected: %s") % facts.title,
        lead=_("Your request was rejected. The reason: %s.") % words.REASON[facts.service_request.reject_reason],
        then=(_("You can change your details and ask again: choose 'Order again' on the page of the request."),),
        quote=facts.service_request.reject_sentence,
        quoted=facts.says("who"),
        button=_("See the request"),
    )


def cancelled(facts: Facts) -> Content:
    return Content(
        subject=_("Cancelled: %s") % facts.title,
        lead=_("This request was cancelled. Nothing more happens."),
        button=_("See the request"),
    )


def handed_over(facts: Facts) -> Content:
    return Content(
        subject=_("Handed over: %s") % facts.title,
        lead=_("What you wrote is a disruption. Those who mend it have it now."),
        then=(facts.story.end_text, _("You need not do anything more.")),
        button=_("See the request"),
    )


def reclassified(facts: Facts) -> Content:
    return Content(
        subject=_("Now with the right service: %s") % facts.title,
        lead=_("%(who)s has moved your request to “%(item)s”. Its number stays the same: %(code)s.")
        % {"who": facts.says("who"), "item": facts.title, "code": facts.code},
        then=_whats_next(facts),
        quote=facts.says("text"),
        quoted=facts.says("who"),
        button=_("See the request"),
    )


def message(facts: Facts) -> Content:
    return Content(
        subject=_("New message: %s") % facts.title,
        lead=_("%s has written to you.") % facts.says("who"),
        quote=facts.says("text"),
        quoted=facts.says("who"),
        button=_("Read and answer"),
        area=facts.says("area") or "requests",
    )


def named(facts: Facts) -> Content:
    role = facts.says("role")
    part = words.ROLE.get(role, "") if role != ParticipantRole.NAMED else ""
    return Content(
        subject=_("You can follow this now: %s") % facts.title,
        lead=_("%(who)s lets you see this request. Its number is %(code)s.")
        % {"who": facts.says("who"), "code": facts.code},
        then=tuple(filter(None, (_("You take part as: %s.") % part if part else "", *_whats_next(facts)))),
        button=_("See the request"),
    )


def approval(facts: Facts) -> Content:
    return Content(
        subject=_("Please decide: %(title)s for %(who)s")
        % {"title": facts.title, "who": facts.service_request.recipient.full_name},
        lead=_("A request waits for your decision."),
        then=(facts.says("reason"),) if facts.says("reason") else (),
        quote=facts.service_request.justification,
        quoted=facts.service_request.requester.full_name,
        button=_("Look and decide"),
        area="approvals",
    )


def task(facts: Facts) -> Content:
    return Content(
        subject=_("New task: %(task)s – %(title)s") % {"task": facts.says("task"), "title": facts.title},
        lead=_("There is a new task for %(team)s: %(task)s.")
        % {"team": facts.says("team"), "task": facts.says("task")},
        button=_("Open the task"),
        area="desk",
    )


def account_reset(facts: Facts) -> Content:
    return Content(
        subject=_("A password was set anew"),
        lead=_("A password of yours was set anew, as asked for in request %s.") % facts.code,
        then=(
            _("You choose a password of your own when you sign in next."),
            _("Did you not ask for this? Then tell us at once: somebody may be trying to use your account."),
        ),
        button=_("That was not me"),
        area="not-me",
    )


def contact_changed(facts: Facts) -> Content:
    return Content(
        subject=_("A telephone number was changed"),
        lead=_("A telephone number that we have for you is changed by request %s.") % facts.code,
        then=(_("Did you not ask for this? Then tell us at once: somebody may be pretending to be you."),),
        button=_("That was not me"),
        area="not-me",
    )


def alarm(facts: Facts) -> Content:
    causes = {
        "identity": _("Somebody could not prove who they are. The request does not go on."),
        "not-me": _("The owner of the account says: that was not me."),
    }
    return Content(
        subject=_("Security alarm"),
        lead=causes.get(facts.says("cause"), ""),
        then=(_("Please look at request %s now.") % facts.code,),
        button=_("Open the request"),
        area="desk",
    )


def withdrawn(facts: Facts) -> Content:
    return Content(
        subject=_("Not needed any more: %(task)s – %(title)s") % {"task": facts.says("task"), "title": facts.title},
        lead=_("The task “%s” is not needed any more. What was planned for it is free.") % facts.says("task"),
        button=_("See the request"),
        area="desk",
    )


def deputy(params: Mapping[str, Any]) -> Content:
    last = _day(params["valid_to"])
    days = _("from %(first)s to %(last)s") if last else _("from %(first)s on")
    return Content(
        subject=_("You stand in for %s") % params["who"],
        lead=_("%(who)s is away %(days)s and has named you to decide meanwhile.")
        % {"who": params["who"], "days": days % {"first": _day(params["valid_from"]), "last": last}},
        then=(
            _("What waits for a decision then stands in your list “Approve”, with a note for whom you decide."),
            _("You can approve up to the amount that you both may approve."),
        ),
        button=_("See what waits"),
        area="approvals",
    )


def deputy_ended(params: Mapping[str, Any]) -> Content:
    return Content(
        subject=_("You do not stand in for %s any more") % params["who"],
        lead=_("%s decides again. You need not do anything.") % params["who"],
        button=_("See what waits"),
        area="approvals",
    )


def digest(count: int) -> Content:
    return Content(
        subject=ngettext("News of the day: %(count)s message", "News of the day: %(count)s messages", count)
        % {"count": count},
        lead=_("This is what happened since the last mail of this kind."),
        button=_("Go to the start page"),
    )


def _day(text: str) -> str:
    return date_format(date.fromisoformat(text), "SHORT_DATE_FORMAT") if text else ""


def returned(params: Mapping[str, Any]) -> Content:
    """A service that somebody waited for can be had again."""
    title = LocalText.of(params["title"]).to(get_language() or "de")
    return Content(
        subject=_("You can request this again: %(title)s") % {"title": title},
        lead=_("You wanted to know when “%(title)s” can be requested again. From now on it can.") % {"title": title},
        button=_("Open the service"),
        area=f"/catalogue/item/{params['item']}/",
    )


PLAIN: dict[str, Callable[[Mapping[str, Any]], Content]] = {
    "deputy": deputy,
    "deputy-ended": deputy_ended,
    "returned": returned,
}
"""Mails that are about no request; their `area` may be an address."""

WORDINGS: dict[str, Callable[[Facts], Content]] = {
    "received": received,
    "recorded": recorded,
    "progress": progress,
    "forecast": forecast,
    "waiting": waiting,
    "confirm": confirm,
    "fulfilled": fulfilled,
    "rejected": rejected,
    "cancelled": cancelled,
    "handed-over": handed_over,
    "reclassified": reclassified,
    "message": message,
    "named": named,
    "approval": approval,
    "task": task,
    "account-reset": account_reset,
    "contact-changed": contact_changed,
    "alarm": alarm,
    "withdrawn": withdrawn,
}


DISCREET = frozenset({"account-reset", "contact-changed", "alarm"})  # they name no title and no answer


def quiet(area: str) -> Content:
    """All that a mail about a confidential request says; `area` is the page where it can be read."""
    own = area == "requests"
    return Content(
        subject=_("News about your request") if own else _("A confidential request waits for you"),
        lead=_("There is news about a confidential request. You can read it after signing in."),
        button=_("Sign in and read"),
        area=area,
    )


def _whats_next(facts: Facts) -> tuple[str, ...]:
    turn = facts.story.turn
    if turn.kind in {"team", "person"}:
        return (_("It is now with %s.") % turn.name,)
    if turn.kind == "you":
        return (_("It is your turn."),)
    return ()
