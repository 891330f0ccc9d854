"""Writing into a running record: messages, notes, files, followers."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.rules import Problem, possible_id, text_problem
from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.lib.text import Sentence
from anliegen.people import access as people_access
from anliegen.people.models import User
from anliegen.requests import access, indexing, lifecycle
from anliegen.requests.events import (
    Attached,
    MessageSent,
    NoteWritten,
    ParticipantNamed,
    ParticipantRemoved,
    PromiseSet,
)
from anliegen.requests.lifecycle import By
from anliegen.requests.models import JournalEntry, Participant, ServiceRequest
from anliegen.requests.rules import FOLLOWING, MAX_MESSAGE, EntryKind, ParticipantRole, Visibility


@audit.command
def message(
    code: str, text: str, *, acting_user: User, key: str, now: datetime, files: Sequence[str] = ()
) -> JournalEntry:
    """Write to everybody who takes part, the requester too. Locks the request. The same `key` gives the same entry.

    Raises NotFound (request, uploads), Refused (text).
    """
    if before := audit.replayed(acting_user.pk, key, "requests.message"):
        return JournalEntry.objects.get(pk=before)
    said = _text(text)
    service_request = access.to_write(code, acting_user, now)
    entry = lifecycle.say(service_request, said, kind=EntryKind.MESSAGE, by=By(acting_user), now=now)
    _claim(entry, files, acting_user)
    audit.remember(acting_user.pk, key, "requests.message", "journal_entry", entry.pk)
    _announce(MessageSent, entry, service_request, acting_user)
    return entry


@audit.command
def note(
    code: str, text: str, *, acting_user: User, key: str, now: datetime, files: Sequence[str] = ()
) -> JournalEntry:
    """Write down something internal (R60): never seen by requester and recipient. Locks the request.

    The same `key` gives the same entry. Raises NotFound, Forbidden, Refused (text).
    """
    if before := audit.replayed(acting_user.pk, key, "requests.note"):
        return JournalEntry.objects.get(pk=before)
    said = _text(text)
    service_request = access.to_write(code, acting_user, now)
    access.require_internal(acting_user, service_request, now)
    entry = lifecycle.say(service_request, said, kind=EntryKind.NOTE, by=By(acting_user), now=now)
    _claim(entry, files, acting_user)
    audit.remember(acting_user.pk, key, "requests.note", "journal_entry", entry.pk)
    _announce(NoteWritten, entry, service_request, acting_user)
    return entry


@audit.command
def attach(
    code: str, file_ids: Sequence[str], *, acting_user: User, key: str, now: datetime, internal: bool = False
) -> JournalEntry:
    """Add uploads to a request. Locks it. The same `key` gives the same entry.

    Raises NotFound (request, uploads of somebody else), Forbidden (internal ones), Refused (none), TooLarge.
    """
    if before := audit.replayed(acting_user.pk, key, "requests.attach"):
        return JournalEntry.objects.get(pk=before)
    if not file_ids:
        raise Refused("files", _("Please choose a file."))
    service_request = access.to_write(code, acting_user, now)
    seen = Visibility.INTERNAL if internal else Visibility.ALL
    if internal:
        access.require_internal(acting_user, service_request, now)
    entry = lifecycle.log(
        service_request, Sentence("attached", {"names": []}), now=now, by=By(acting_user), visibility=seen
    )
    entry.params = {"names": _claim(entry, file_ids, acting_user)}
    entry.save(update_fields=["params"])
    audit.remember(acting_user.pk, key, "requests.attach", "journal_entry", entry.pk)
    _announce(Attached, entry, service_request, acting_user)
    return entry


@transaction.atomic
def name_participant(
    code: str,
    person_id: str,
    *,
    acting_user: User,
    now: datetime,
    role: ParticipantRole | str = ParticipantRole.NAMED,
) -> Participant:
    """Let somebody else follow a request: requester, recipient and, unless it is confidential, the desk may. Locks it.

    `person_id` is a public id; `role` one of FOLLOWING, such as a representative who stands by the requester. Naming
    again changes nothing, but for another role. Raises NotFound, Forbidden, Refused (unknown person or role).
    """
    if role not in FOLLOWING:
        raise Refused("role", _("Please choose from the list."))
    service_request = _to_open_for_others(code, acting_user, now)
    visible = people_access.visible_to(acting_user, now).filter(public_id=possible_id(person_id))
    person = visible.filter(is_active=True).first()
    if person is None:
        raise Refused("person", _("There is no such person. Please choose one from the list."))
    rows = {
        row.role: row
        for row in Participant.objects.filter(service_request=service_request, person=person, role__in=FOLLOWING)
    }
    found = rows.get(str(role))
    if found and found.until is None:
        return found
    for other in rows.values():
        _close(other, now)
    participant = found or Participant(service_request=service_request, person=person, role=role)
    participant.since, participant.until, participant.open_count = now, None, 1
    participant.save()
    indexing.shared(service_request.pk)
    sentence = Sentence("participant-named", {"name": person.full_name})
    if role != ParticipantRole.NAMED:
        sentence = Sentence("participant-named-as", {"name": person.full_name, "part": str(role)})
    lifecycle.log(service_request, sentence, now=now, by=By(acting_user))
    bus.publish(
        ParticipantNamed(
            subject_id=service_request.pk, actor_id=acting_user.pk, now=now, code=code, person_id=person.pk,
            changes={"person": person.pk, "role": str(role)},
        )
    )  # fmt: skip
    return participant


@transaction.atomic
def remove_participant(code: str, person_id: str, *, acting_user: User, now: datetime) -> None:
    """Let somebody who was named follow no more. Locks the request. Raises NotFound, Forbidden."""
    service_request = _to_open_for_others(code, acting_user, now)
    rows = Participant.objects.select_related("person").filter(
        service_request=service_request,
        role__in=FOLLOWING,
        until=None,
        person__public_id=possible_id(person_id),
    )
    participant = rows.first()
    if participant is None or participant.person is None:
        raise NotFound
    _close(participant, now)
    indexing.shared(service_request.pk)
    sentence = Sentence("participant-removed", {"name": participant.person.full_name})
    lifecycle.log(service_request, sentence, now=now, by=By(acting_user))
    bus.publish(
        ParticipantRemoved(
            subject_id=service_request.pk, actor_id=acting_user.pk, now=now, code=code, person_id=participant.person.pk,
            changes={"person": participant.person.pk},
        )
    )  # fmt: skip


@transaction.atomic
def record_promise(service_request_id: int, promise: datetime, *, now: datetime) -> bool:
    """Store the date that is promised; a later change of it is told in the journal. Whether it changed.

    For `sla`, which counts it. Locks the request. Raises NotFound.
    """
    service_request = access.locked(service_request_id)
    before = service_request.promise
    if before == promise:
        return False
    params = {"promise": promise.isoformat()}
    sentence = Sentence("promised", params)
    if before:
        sentence = Sentence("promise-moved", {**params, "before": before.isoformat()})
    lifecycle.log_later(service_request, sentence, now=now)
    service_request.promise = promise
    lifecycle.save(service_request, "promise")
    old = before.isoformat() if before else None
    bus.publish(
        PromiseSet(
            subject_id=service_request.pk, actor_id=None, now=now, code=service_request.code, rule="sla.fulfilment",
            changes={"promise": [old, promise.isoformat()]},
        )
    )  # fmt: skip
    return True


def _close(participant: Participant, now: datetime) -> None:
    if participant.until is None:
        participant.until, participant.open_count = now, 0
        participant.save(update_fields=["until", "open_count"])


def _to_open_for_others(code: str, acting_user: User, now: datetime) -> ServiceRequest:
    service_request = access.to_write(code, acting_user, now)
    if access.is_owner(acting_user, service_request):
        return service_request
    if service_request.confidential or not access.may_see_internal(acting_user, service_request, now):
        raise Forbidden(_("Only who asked for it or gets it decides who else may follow."))
    return service_request


def _text(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if not said:
        raise Refused("text", _("Please write something."))
    if problem := text_problem(said, MAX_MESSAGE):
        raise Refused("text", catalogue.message(Problem("text", *problem)))
    return said


def _claim(entry: JournalEntry, file_ids: Sequence[str], acting_user: User) -> list[str]:
    """Make uploads part of an entry; their names."""
    return [file.name for file in lifecycle.claim_files(entry, dict.fromkeys(file_ids, ""), owner=acting_user)]


def _announce(
    kind: type[MessageSent | NoteWritten | Attached],
    entry: JournalEntry,
    service_request: ServiceRequest,
    acting_user: User,
) -> None:
    bus.publish(
        kind(
            subject_id=service_request.pk,
            actor_id=acting_user.pk,
            now=entry.at,
            code=service_request.code,
            entry_id=entry.pk,
            changes={"entry": entry.seq},
        )
    )
