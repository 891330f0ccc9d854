"""Words for every sentence that the record keeps as key and parameters, rendered in the reader's language.

A sentence's parameters are JSON values; AMOUNTS, MOMENTS and NAMED say which names are amounts, moments or words of a
list, and {"de": ..., "en": ...} is the reader's text: the record stays independent of language and format.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from anliegen.lib.text import LocalText
from anliegen.tracking import words
from anliegen.ui import words as said

type Words = str | Promise

RECORD: dict[str, Words] = {
    "received": _("The request came in %(channel)s."),
    "received-for-caller": _("Noted down for %(requester)s, %(channel)s."),
    "attached": _("Files were added: %(names)s."),
    "participant-named": _("%(name)s takes part now."),
    "participant-named-as": _("%(name)s takes part now: %(part)s."),
    "participant-removed": _("%(name)s no longer takes part."),
    "promised": _("Promised by %(promise)s."),
    "forecast": _("By what the supplier confirmed, it will probably be done by %(forecast)s."),
    "promise-moved": _("The promise moved from %(before)s to %(promise)s."),
    "cost-changed": _("The cost changed from %(before)s to %(cents)s."),
    "answers-changed": _("The details were changed: %(questions)s."),
    "answered-by-article": _("Answered at once by the article “%(article)s”. The person said that it helped."),
}

PROGRESS: dict[str, Words] = {
    "started": _("The work on the request has begun."),
    "task-opened": _("%(task)s: now with %(who)s."),
    "task-done": _("%(task)s: done (%(outcome)s)."),
    "task-withdrawn": _("%(task)s is no longer needed."),
    "task-carried-over": _(
        "%(task)s: still valid, decided by %(by)s (%(outcome)s). Nothing that matters for it has changed."
    ),
    "task-undone": _("%(task)s was taken back."),
    "taken": _("%(name)s takes care of it: %(task)s."),
    "given-back": _("%(task)s is free again."),
    "assigned": _("%(name)s takes care of it: %(task)s."),
    "handed-over": _("%(task)s was handed over to %(team)s: %(reason)s"),
    "rerouted": _("%(task)s is now with %(who)s."),
    "planned": _("%(task)s is planned: %(start_at)s to %(end_at)s, %(place)s, %(name)s."),
    "clash": _("Planned at the same time and place: %(tasks)s. %(team)s coordinates the dates."),
    "clash-over": _("The plans fit together again."),
    "called-in": _("%(team)s was called in: %(what)s"),
    "asked": _("%(name)s was asked a question: %(task)s."),
    "answered": _("%(name)s has answered."),
    "timer-fired": _("The time of a step was over: %(task)s."),
    "place-changed": _("The place of %(name)s is now %(place)s."),
    "number-changed": _(
        "%(contact_kind)s of %(name)s: changed, valid from %(valid_at)s. "
        "It counts as a proof of identity from %(proves_at)s."
    ),
    "security-alarm": _("The identity was not proven. IT security was told."),
    "not-me": _("%(name)s says: that was not me. IT security was told."),
    "reserved": _("In stock: %(quantity)s × %(product)s was kept at %(place)s."),
    "not-in-stock": _("Not in stock: %(quantity)s × %(product)s must be bought."),
    "licence-booked": _("Licences in use now: %(quantity)s × %(program)s."),
    "licence-released": _("Licences free again: %(quantity)s."),
    "right-known": _("%(owner)s answers for %(right)s; %(team)s grants it."),
    "granted": _("%(name)s has the right “%(right)s” until %(until)s."),
    "granted-open": _("%(name)s has the right “%(right)s”."),
    "withdrawn-right": _("%(name)s no longer has the right “%(right)s”."),
    "not-held": _("%(name)s did not have the right “%(right)s” any more."),
    "made-renewal": _("%(code)s asks whether the right is still needed after %(until)s."),
    "made-withdrawal": _("The agreed end has come: %(code)s takes the right back."),
    "made-withdrawal-left": _("%(name)s has left: %(code)s takes the right back."),
    "issued": _("Handed out from stock: %(quantity)s."),
    "ordered": _("Bought at %(supplier)s: %(quantity)s ×, order number %(number)s, %(cents)s, delivery on %(day)s."),
    "delivered": _("%(quantity)s arrived, %(received)s of %(ordered)s so far."),
    "device-assigned": _("Device %(number)s belongs to %(name)s now, place: %(place)s."),
    "device-returned": _("Old device %(number)s was taken back."),
    "devices-moved": _("Devices moved along: %(quantity)s, now at %(place)s."),
    "released": _("Back in stock: %(quantity)s."),
    "held": _("On hold until %(until)s: %(reason)s"),
    "resumed": _("The work goes on."),
    "revised": _("%(name)s has corrected the details. The steps start again; what is still valid counts."),
    "reopened": _("%(name)s has reopened the request: %(reason)s"),
    "reclassified": _(
        "%(name)s moved the request from “%(old)s” to “%(new)s”: %(reason)s Asked for until then: %(asked)s"
    ),
    "fault": _("A step cannot go on (%(task)s). The process owner is told."),
    "fault-repaired": _("%(name)s has repaired a step: %(task)s."),
}

DECISIONS: dict[str, Words] = {
    "voted-yes": _("%(name)s said yes: %(task)s."),
    "voted-no": _("%(name)s said no: %(task)s."),
    "voted-for": _("%(name)s voted in place of %(principal)s (%(verdict)s): %(task)s."),
    "approved": _("%(name)s approved: %(task)s, %(cents)s."),
    "justified": _("Justification of %(name)s: %(text)s"),
    "program-known": _(
        "Software register: %(program)s (%(vendor)s) is %(approved)s and %(used_here)s. Licences free: %(licences)s. "
        "Price of one: %(cents)s, and %(monthly_cents)s a month."
    ),
    "program-known-open": _(
        "Software register: %(program)s (%(vendor)s) is %(approved)s and %(used_here)s. Licences are not counted. "
        "Price: %(cents)s, and %(monthly_cents)s a month."
    ),
    "program-unknown": _("The software register does not have “%(program)s”. It would be new here."),
    "licence-kept": _("A licence is free and was kept: %(quantity)s × %(program)s."),
    "licence-missing": _("Not enough free licences: %(quantity)s × %(program)s must be bought."),
    "clearance-held": _(
        "No approval by security needed: %(name)s holds the clearance “%(clearance)s” until %(until)s."
    ),
    "clearance-held-open": _("No approval by security needed: %(name)s holds the clearance “%(clearance)s”."),
    "clearance-missing": _("Security decides: %(name)s does not hold the clearance “%(clearance)s”."),
    "clearance-expired": _("Security decides: the clearance “%(clearance)s” of %(name)s ended on %(until)s."),
    "pair-forbidden": _("Security decides: %(right)s must not be held together with %(held)s. %(reason)s"),
    "not-approved": _("%(name)s did not approve: %(task)s. Reason: %(reason)s."),
    "approved-by-limit": _("Approved automatically: %(cents)s is within your limit of %(limit_cents)s."),
    "limit-exceeded": _("A person decides: %(cents)s is above your limit of %(limit_cents)s (%(exceeded)s)."),
    "approved-already": _("%(name)s has already approved %(cents)s, so nobody is asked again: %(task)s."),
    "approved-once": _("%(name)s is asked only once."),
    "approved-free": _("Approved automatically: it costs nothing."),
    "decided-by-table": _("%(task)s, decided by a table: %(reason)s"),
    "routed": _("Assigned to %(team)s: %(reason)s"),
    "routed-no-rule": _("Assigned to %(team)s, because no rule sends it elsewhere."),
    "routed-nobody-there": _("Assigned to %(team)s, because nobody works in the team “%(wanted)s” at present."),
    "decided-by-rule": _("Decided by a rule: %(task)s, result: %(result)s."),
    "quality-needed": _("%(task)s: a colleague checks the work (%(why)s)."),
    "quality-not-needed": _("%(task)s: not needed (%(why)s)."),
    "not-needed": _("Not needed here: %(task)s."),
    "training-hint": _(
        "%(name)s has asked for this %(count)s times within %(days)s days. A short training could help."
    ),
    "accepted": _("%(name)s has confirmed that it is done."),
    "accepted-by-phone": _("%(name)s has confirmed by phone, noted by %(agent)s."),
    "accepted-by-time": _("Confirmed by time: nobody objected within %(days)s working days."),
    "not-accepted": _("%(name)s says that something is missing: %(text)s"),
    "fulfilled": _("The request is fulfilled."),
    "rejected": _("The request was rejected: %(reason)s. %(text)s"),
    "handed-off": _("This is a disruption. It goes on under %(reference)s."),
    "cancelled": _("%(name)s has cancelled the request. %(reason)s"),
}

WHO: dict[str, Words] = {
    "who-manager": _("%(name)s decides as the manager of %(of)s."),
    "who-cost-centre": _("%(name)s decides as the holder of cost centre %(of)s."),
    "who-department": _("%(name)s decides as the head of %(of)s."),
    "who-role": _("%(name)s decides in the role %(role)s."),
    "who-person": _("%(name)s is named for this step."),
    "who-table": _("%(name)s is named by the table %(table)s."),
    "who-step": _("%(name)s was chosen by the rules."),
    "who-team": _("%(team)s is named for this step."),
    "who-requester": _("%(name)s asked for it."),
    "who-recipient": _("%(name)s gets it."),
    "who-deputy": _("%(name)s decides in place of %(of)s, who is away."),
    "who-instead": _("%(name)s decides, because nobody else may decide in place of %(of)s."),
    "who-process-owner": _("%(name)s decides as the process owner, because nobody else was found."),
    "who-own": _("%(name)s decides, because %(of)s may not decide on an own request."),
}

AMOUNTS = frozenset({"cents", "limit_cents", "monthly_cents", "before", "monthly_before"})
DAYS = frozenset({"day"})
MOMENTS = frozenset({"promise", "forecast", "before", "due", "until", "start_at", "end_at", "valid_at", "proves_at"})

OUTCOME: dict[str, Words] = {
    "yes": _("yes"),
    "no": _("no"),
    "done": _("done"),
    "complete": _("complete"),
    "incomplete": _("incomplete"),
    "ok": _("in order"),
    "rejected": _("rejected"),
    "free": _("free"),
    "taken": _("taken"),
    "passed": _("passed"),
    "failed": _("failed"),
    "disruption": _("it is a disruption"),
    "personal-data": _("it would show personal data"),
    "clear": _("no objection"),
    "changes": _("only with changes"),
    "ordered": _("ordered"),
    "dearer": _("dearer than approved"),
    "alternative": _("another place"),
    "unavailable": _("not available"),
}

REGISTER: dict[str, Words] = {
    "approved": _("cleared for use"),
    "not-approved": _("not cleared for use"),
    "used-here": _("in use here"),
    "new-here": _("new here"),
}

EXCEEDED: dict[str, Words] = {
    "amount": _("amount"),
    "yearly": _("cost per year"),
    "quantity": _("quantity"),
    "term": _("term"),
    "data-class": _("kind of data"),
}

ROLES: dict[str, Words] = {
    "process-owner": _("process owner"),
    "service-desk": _("service desk"),
    "team-lead": _("team lead"),
    "administrator": _("administrator"),
    "product-owner": _("product owner"),
}

CONTACTS: dict[str, Words] = {"mobile": _("Mobile number"), "office": _("Office number")}

NAMED: dict[str, dict[str, Words]] = {
    "contact_kind": CONTACTS,
    "channel": words.CHANNEL,
    "reason": words.REASON,
    "outcome": OUTCOME,
    "verdict": OUTCOME,
    "result": OUTCOME,
    "exceeded": EXCEEDED,
    "approved": REGISTER,
    "used_here": REGISTER,
    "role": ROLES,
    "part": words.ROLE,
}

_EMPTY = re.compile(r",\s*(?=[,.])")  # what is left of a parameter without a value

SENTENCES: dict[str, Words] = {**RECORD, **PROGRESS, **DECISIONS, **WHO}


def render(key: str, params: Mapping[str, Any], lang: str) -> str:
    """The sentence in that language. An unknown key is told as such, never an error: old records must stay readable."""
    with translation.override("en" if lang.startswith("en") else "de"):
        pattern = SENTENCES.get(key)
        if pattern is None:
            return str(_("Recorded: %(key)s")) % {"key": key}
        if key == "approved" and params.get("cents") == 0:
            params = {**params, "cents": ""}  # where nothing is to be paid, no amount was approved
        shown = _Shown(params, lang)
        if key == "task-done" and params.get("outcome") == "done":
            return str(pattern).replace(" (%(outcome)s)", "") % shown  # "done (done)" says nothing more
        told = str(pattern) % shown
        told = _EMPTY.sub("", told) if "" in shown.values() else told
        return told.removesuffix(".") if told.endswith("..") else told  # "27. Nov." has its own full stop


class _Shown(dict[str, str]):
    """Parameters as words; one that is missing in an old record is shown as an ellipsis."""

    def __init__(self, params: Mapping[str, Any], lang: str) -> None:
        super().__init__({name: _show(name, value, lang) for name, value in params.items()})

    def __missing__(self, name: str) -> str:
        return "…"


def _show(name: str, value: Any, lang: str) -> str:
    """One parameter in words, by its name and type."""
    if isinstance(value, Mapping):
        return LocalText.of(value).to(lang)
    if isinstance(value, list):
        return ", ".join(_show(name, item, lang) for item in value)
    if isinstance(value, int) and name in AMOUNTS:
        return euros(value, lang)
    if isinstance(value, str) and value and name in MOMENTS:
        return _moment(value, lang)
    if isinstance(value, str) and value and name in DAYS:
        return _day(value, lang)
    return str(NAMED.get(name, {}).get(str(value), value))


def _day(value: str, lang: str) -> str:
    try:
        return said.day(date.fromisoformat(value), timezone.localdate(), said.language(lang))
    except ValueError:
        return value


def _moment(value: str, lang: str) -> str:
    try:
        return moment(datetime.fromisoformat(value), lang)
    except ValueError:
        return value


def euros(cents: int, lang: str) -> str:
    """An amount as everywhere in the product: "1.150 €", "€1,150.00"."""
    return said.cents(cents, said.language(lang))


def moment(value: datetime, lang: str) -> str:
    """Day and time in the reader's zone."""
    return said.stamp(timezone.localtime(value), timezone.localdate(), said.language(lang))
