"""Writing the trail, sealing it, forgetting persons, and the command keys."""

import functools
import secrets
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Model, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from anliegen.audit import queries, rules
from anliegen.audit.models import Command, Detail, Entry, Head, Pseudonym
from anliegen.lib import bus
from anliegen.lib.errors import Conflict, Forbidden, Refused
from anliegen.lib.events import Event
from anliegen.reads.prepared import Ids, Prepared, Slot

SEAL_BATCH = 500
SEAL_BATCHES = 20
KEEP_COMMANDS = timedelta(days=7)  # promised are 24 h
MAX_KEY = 200


class CommandRepeated(IntegrityError):
    """A simultaneous command with the same key was committed first."""


def record(events: Sequence[Event]) -> None:
    """Write the entry of each event of a command, and its detail, in the caller's transaction. Three statements."""
    persons = {event.actor_id for event in events if event.actor_id is not None}
    persons |= {int(event.subject_id) for event in events if event.subject_kind in rules.PERSON_KINDS}
    random_ids = _pseudonyms(persons)
    salts = [secrets.token_hex(16) for _event in events]
    texts = [rules.canonical(event.changes) for event in events]
    entries = [
        Entry(
            event=event.key,
            subject_kind=event.subject_kind,
            subject=_subject(event, random_ids),
            actor=random_ids[event.actor_id] if event.actor_id is not None else None,
            rule=event.rule,
            happened_at=event.now,
            detail_hash=rules.detail_hash(salt, text),
        )
        for event, salt, text in zip(events, salts, texts, strict=True)
    ]
    Entry.objects.bulk_create(entries)
    Detail.objects.bulk_create(
        Detail(entry=entry, salt=salt, text=text) for entry, salt, text in zip(entries, salts, texts, strict=True)
    )


def _subject(event: Event, random_ids: Mapping[int, UUID]) -> str:
    is_person = event.subject_kind in rules.PERSON_KINDS
    return str(random_ids[int(event.subject_id)] if is_person else event.subject_id)


_PSEUDONYMS = Prepared(
    lambda: Pseudonym.objects.filter(person_id__in=Ids("persons")).values_list("person_id", "pseudonym")
)


def _pseudonyms(person_ids: Collection[int]) -> dict[int, UUID]:
    """The random ids of these persons; who has none yet gets one. One statement where all have one."""
    if not person_ids:
        return {}
    found = dict(_PSEUDONYMS(persons=person_ids))
    if missing := set(person_ids) - set(found):
        Pseudonym.objects.bulk_create([Pseudonym(person_id=pk) for pk in sorted(missing)], ignore_conflicts=True)
        found = dict(_PSEUDONYMS(persons=person_ids))
    return found


def seal(payload: dict[str, Any], now: datetime) -> None:
    """Number the committed entries without gaps and chain their hashes, in batches. The work of a job.

    1. Lock the head: one sealer at a time. 2. Take the entries without a number that are visible, so committed:
    one that commits late, with a lower id, simply gets a later number. 3. Write numbers and hashes, guarded.
    4. Move the head. All in one transaction, so that after a crash either both moved or neither.
    """
    with transaction.atomic():
        Head.objects.bulk_create([Head()], ignore_conflicts=True)
        head = Head.objects.select_for_update().get(id=1)
        for _batch in range(SEAL_BATCHES):
            rows = queries.unsealed(SEAL_BATCH)
            if not rows:
                break
            numbered = rules.chain(head.hash, head.count, rows)
            _write_seals(numbered)
            _id, head.count, head.hash = numbered[-1]
            head.save(update_fields=["count", "hash"])
            if len(rows) < SEAL_BATCH:
                break


def _write_seals(numbered: list[tuple[int, int, str]]) -> None:
    table = connection.ops.quote_name(Entry._meta.db_table)
    statement = f"UPDATE {table} SET number = %s, hash = %s WHERE id = %s AND number IS NULL"  # noqa: S608 - own name
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(number, row_hash, row_id) for row_id, number, row_hash in numbered])
        if cursor.rowcount != len(numbered):
            raise IntegrityError("Entries were sealed by somebody else at the same time.")


@transaction.atomic
def erase_details(entry_ids: list[int]) -> int:
    """Erase the details of these entries for good; the chain stays valid. How many there were."""
    deleted, _details = Detail.objects.filter(entry_id__in=entry_ids).delete()
    return deleted


@transaction.atomic
def erase_detail(person_id: int) -> int:
    """Erase all details of what a person did and of what was done to them. How many there were."""
    pseudonym = Pseudonym.objects.filter(person_id=person_id).values_list("pseudonym", flat=True).first()
    if pseudonym is None:
        return 0
    about = Q(entry__subject_kind__in=rules.PERSON_KINDS, entry__subject=str(pseudonym))
    deleted, _details = Detail.objects.filter(Q(entry__actor=pseudonym) | about).delete()
    return deleted


@transaction.atomic
def forget(person_id: int) -> int:
    """Erase a person's details and the link to their random id: the entries stay, and are nobody's. Irreversible."""
    erased = erase_detail(person_id)
    Pseudonym.objects.filter(person_id=person_id).delete()
    return erased


_COMMAND = Prepared(lambda: Command.objects.filter(actor_id=Slot("actor"), key=Slot("key")))


def once(actor_id: int, key: str, action: str) -> tuple[str, int] | None:
    """What this actor's command of that key made (kind and id), or None if it was not; for an empty key None.

    Raises Conflict if the key belonged to another action, Refused if it is too long.
    """
    if not key:
        return None
    if len(key) > MAX_KEY or "\x00" in key:
        raise Refused("", _("The key of this command is not valid. Please open the page again."))
    command = _COMMAND.first(actor=actor_id, key=key)
    if command is None:
        return None
    if command.action != action:
        raise Conflict(_("This form was already used for something else. Please open the page again."))
    return command.kind, command.object_id


def replayed(actor_id: int, key: str, action: str) -> int | None:
    """The id of what the same command made before, or None. Raises as `once` does."""
    found = once(actor_id, key, action)
    return found[1] if found else None


def remember(actor_id: int, key: str, action: str, kind: str, object_id: int) -> None:
    """Note in the action's transaction what a command made. An empty key notes nothing.

    Raises CommandRepeated (an IntegrityError) if a simultaneous one was committed first: see `idempotent`.
    """
    if not key:
        return
    try:
        Command.objects.bulk_create(
            [Command(actor_id=actor_id, key=key, action=action, kind=kind, object_id=object_id)]
        )
    except IntegrityError as error:
        raise CommandRepeated(str(error)) from error


def idempotent[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """An action that, when a simultaneous twin was faster, is run again, and then answers with the twin's object.

    The action must begin with `once` or `replayed` and be atomic itself, as `command` makes it. A twin
    that waited for the lock meets what the first one changed, so a conflict is looked at again as well.
    """

    @functools.wraps(action)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return action(*args, **kwargs)
        except (CommandRepeated, Conflict, Forbidden):
            return action(*args, **kwargs)

    return run


def command[**P, R](action: Callable[P, R]) -> Callable[P, R]:
    """One action of a user: one transaction, whose trail and mails are written at its end, and `idempotent`."""

    @functools.wraps(action)
    def together(*args: P.args, **kwargs: P.kwargs) -> R:
        with transaction.atomic(), bus.command():
            return action(*args, **kwargs)

    return idempotent(together)


@command
def done_once(actor_id: int, key: str, action: str, do: Callable[[], Model]) -> bool:
    """Do something that keeps no key itself, unless this actor's key did it before. Whether it was done now.

    Raises as `once` does, and whatever `do` raises.
    """
    if once(actor_id, key, action):
        return False
    made = do()
    remember(actor_id, key, action, made._meta.model_name or "", made.pk)
    return True


def purge_commands(payload: dict[str, Any], now: datetime) -> None:
    """Delete command keys that nobody can repeat any more, by the database's clock. The work of a job."""
    Command.objects.filter(created_at__lt=Now() - KEEP_COMMANDS).delete()
