"""Moving a running request to the item that fits (R139): the same number, another service."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from anliegen.assets import actions as assets
from anliegen.audit import actions as audit
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.access import item_to_order
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import CheckedAnswers
from anliegen.lib.errors import Conflict, Refused
from anliegen.lib.text import LocalText
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.requests import lifecycle
from anliegen.requests import queries as requests
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import MAX_JUSTIFICATION
from anliegen.workflow import access
from anliegen.workflow.actions import _money, _tasks
from anliegen.workflow.actions._inputs import text_of
from anliegen.workflow.actions._running import Running, replace
from anliegen.workflow.actions.course import pass_of, reason_of, take_effects
from anliegen.workflow.events import Asked, Reclassified, TaskOpened
from anliegen.workflow.models import Run, Task
from anliegen.workflow.queries import committed, releases, times
from anliegen.workflow.rules import ALIVE, DETAILS, Begun, Kind

ACTION = "workflow.reclassify"
MAX_ASKED = 2_000  # of what was asked for until then, kept in the journal
_COMPLETE = {"de": "Angaben ergänzen", "en": "Complete the details"}


@audit.idempotent
@transaction.atomic
def reclassify(  # noqa: PLR0913 - what moving a request consists of
    code: str,
    item_key: str,
    reason: str,
    *,
    acting_user: User,
    now: datetime,
    answers: Mapping[str, Any] | None = None,
    justification: str = "",
    let_complete: bool = False,
    key: str = "",
) -> ServiceRequest:
    """Move a running request to another item: its model begins from the start, no decision counts again.

    Number, messages, files, wish and receipt stay; answers that fit carry over where `answers` say nothing; stock and
    money are free again; open work is withdrawn. With `let_complete` the requester completes what is missing before
    anything begins. Whoever works on it may. Locks the request. The same `key` does it once. Raises NotFound,
    Forbidden, NotOrderable (entitlement of the recipient), Conflict (ended, on hold, something was ordered), Refused
    (reason, item, justification, "q_<key>").
    """
    if before := audit.replayed(acting_user.pk, key, ACTION):
        return ServiceRequest.objects.get(pk=before)
    service_request = access.to_steer(code, acting_user, now)
    said = reason_of(reason)
    item_version = _item(service_request, item_key, now)
    old = _movable(service_request, now=now, actor=acting_user)
    checked = _checked(service_request, item_version, answers or {}, acting_user, now, let_complete=let_complete)
    why = text_of(justification, MAX_JUSTIFICATION, "justification")
    if item_version.asks_justification and not (why or let_complete):
        raise Refused("justification", _("Please say in a sentence what it is needed for."))
    was, asked = service_request.item_version, _asked_so_far(service_request)
    lifecycle.set_item(service_request, item_version, checked, justification=why)
    assets.release(code)
    assets.release_licences(code)
    _money.free(service_request)
    new = _other_model(old, said)
    titles = {"old": LocalText.of(was.title).json(), "new": LocalText.of(item_version.title).json()}
    new.log("reclassified", {"name": acting_user.full_name, **titles, "reason": said, "asked": asked}, by=acting_user)
    changes = {"item": [was.item.key, item_version.item.key], "item_version": [was.number, item_version.number]}
    incomplete = bool(checked.problems)
    new.publish(Reclassified, pass_no=new.run.pass_no, incomplete=incomplete, changes=changes)
    if incomplete:
        _let_complete(new, said)
    else:
        new.start()
    new.finish()
    audit.remember(acting_user.pk, key, ACTION, "service_request", service_request.pk)
    return service_request


def _item(service_request: ServiceRequest, item_key: str, now: datetime) -> ItemVersion:
    """What it is moved to. Raises NotOrderable, Refused."""
    if not item_key or item_key == service_request.item_version.item.key:
        raise Refused("item", _("Please choose the service that it shall be moved to."))
    people_of = people.people({service_request.requester_id, service_request.recipient_id})
    requester, recipient = people_of[service_request.requester_id], people_of[service_request.recipient_id]
    found = item_to_order(item_key, requester, recipient, service_request.channel, now)
    if releases.release_of(found.pk) is None:
        raise Refused("item", _("This service has no steps yet. Please choose another one."))
    return found


def _movable(service_request: ServiceRequest, *, now: datetime, actor: User) -> Running:
    running = pass_of(service_request, now=now, actor=actor)
    if running.run.held_at is not None:
        raise Conflict(_("This request is on hold. It can go on after it was resumed."))
    take_effects(running)
    if running.ended or committed.is_committed(running.run):
        raise Conflict(_("Something has already been ordered or installed. Please write what has changed instead."))
    return running


def _checked(
    service_request: ServiceRequest,
    item_version: ItemVersion,
    answers: Mapping[str, Any],
    user: User,
    now: datetime,
    *,
    let_complete: bool,
) -> CheckedAnswers:
    """The answers to the new item: those of the agent, else those that fit. Raises Refused unless they may wait."""
    carried = catalogue.matching(service_request.item_version, item_version, service_request.answers)
    kept = requests.kept_files(service_request)
    given = {**carried, **answers}
    checked = catalogue.so_far(item_version, given, viewer=user, now=now, kept_files=kept)
    if checked.problems and not let_complete:
        raise catalogue.refusal(checked.problems)
    return checked


def _asked_so_far(service_request: ServiceRequest) -> dict[str, str]:
    """What was answered to the former item, kept in the journal for good (R35); what only some see is left out."""
    rows = [row for row in service_request.form.get("answers", ()) if not row.get("seen_by")]
    pairs = [(LocalText.of(row["label"]), LocalText.of(row["shown"])) for row in rows]
    told = {lang: "; ".join(f"{term.to(lang)}: {value.to(lang)}" for term, value in pairs) for lang in ("de", "en")}
    return {lang: text[:MAX_ASKED] or "–" for lang, text in told.items()}


def _other_model(old: Running, reason: str) -> Running:
    """End the pass with everything that is open in it, and make the first one of the other model."""
    old.run.data, old.run.visits = old.data, dict(old.visits)
    old.run.save()
    replace(old.run, now=old.now)
    service_request = old.service_request
    release = releases.release_of(service_request.item_version_id)
    assert release is not None
    new = Running.begin(service_request, release, now=old.now, actor=old.actor, begun_by=Begun.RECLASSIFY)
    Run.objects.filter(pk=new.run.pk).update(reason=reason)
    tasks = list(Task.objects.filter(run=old.run, state__in=ALIVE).select_related("team", "assignee").order_by("id"))
    ids = {task.pk for task in tasks}
    for task in tasks:
        if task.parent_id not in ids or task.kind == Kind.SIDE:  # a question goes with the task that asked it
            _tasks.withdraw_task(new, task)
    return new


def _let_complete(new: Running, reason: str) -> None:
    """The requester completes what the other item asks; until then nothing begins."""
    service_request = new.service_request
    person = people.person(service_request.requester_id)
    with translation.override(person.language):
        note = _("Your request was moved to “%(item)s”. Please complete what is still missing. %(reason)s") % {
            "item": LocalText.of(service_request.item_version.title).to(person.language),
            "reason": reason,
        }
    task = Task.objects.create(
        run=new.run,
        service_request=service_request,
        node=DETAILS,
        kind=Kind.ANSWER,
        name=_COMPLETE,
        assignee=person,
        note=note,
        reason={"key": "who-requester", "params": {"name": person.full_name}},
        opened_at=new.now,
    )
    new.log("asked", {"task": _COMPLETE, "name": person.full_name}, by=new.actor)
    _tasks.announce(new, Asked, task, person_id=person.pk)
    _tasks.announce(new, TaskOpened, task, calendar_key=times.calendar_key(new.run.release))
