"""Taking files in, handing them to what they belong to, and sweeping up."""

import errno
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import IO, Any

from django.db import OperationalError, transaction
from django.utils.translation import gettext_lazy as _

from anliegen.files import limits, rules, store
from anliegen.files.models import StoredFile
from anliegen.lib.errors import NotFound, OutOfSpace, Refused, TooLarge

KEEP_STAGED = timedelta(hours=24)


def stage(upload: IO[bytes], *, name: str, media_type: str, owner_id: int, now: datetime) -> StoredFile:
    """Take an upload in: its content is on disk for good, its row is staged for this owner.

    `media_type`, what the browser says, is not believed: the type follows from the name. Raises Refused (type, empty,
    content of another type), TooLarge (naming the limit), OutOfSpace (nothing was stored).
    """
    name = rules.safe_name(name)
    kind = rules.media_type(name, limits.extensions())
    if kind is None:
        raise Refused("file", _("Files of this type cannot be attached. Please choose another format, such as PDF."))
    _check_number_staged(owner_id)
    try:
        with store.received(upload, limit=limits.max_bytes()) as (content, temporary):
            _check_content(kind, content)
            return _keep(content, temporary, name=name, media_type=kind, owner_id=owner_id, now=now)
    except store.TooBig as error:
        raise TooLarge(_too_big()) from error
    except store.DiskFull as error:
        raise OutOfSpace(_no_room()) from error


def _check_number_staged(owner_id: int) -> None:
    if StoredFile.objects.filter(owner_id=owner_id, claimed_at=None).count() >= limits.MAX_STAGED:
        raise TooLarge(
            _("You have uploaded %(limit)s files that belong to nothing yet. Please send or remove some first.")
            % {"limit": limits.MAX_STAGED}
        )


def _check_content(kind: str, content: store.Content) -> None:
    if content.size == 0:
        raise Refused("file", _("This file is empty."))
    if not rules.content_fits(kind, content.beginning):
        raise Refused("file", _("The content of this file does not fit its name. Please save it again and retry."))


def _keep(
    content: store.Content, temporary: Path, *, name: str, media_type: str, owner_id: int, now: datetime
) -> StoredFile:
    store.place(content, temporary)  # first the content, then the row: never a row without its file
    stored = StoredFile(name=name, media_type=media_type, size=content.size, sha256=content.sha256)
    stored.owner_id, stored.created_at = owner_id, now
    try:
        with transaction.atomic():
            stored.save(force_insert=True)
    except OperationalError as error:
        if "full" in str(error) or "No space left" in str(error):
            raise OSError(errno.ENOSPC, "The database has no room.") from error
        raise
    return stored


def _too_big() -> object:
    megabytes = limits.max_bytes() / 1_000_000
    return _("This file is too large. At most %(limit)s MB are allowed.") % {"limit": f"{megabytes:g}"}


def _no_room() -> object:
    return _("The disk is full, so the file was not stored. Please try again later, or tell the service desk.")


@transaction.atomic
def claim(public_ids: Sequence[str], *, owner_id: int, kind: str, object_id: int, now: datetime) -> list[StoredFile]:
    """Make staged files part of an object, in the caller's transaction and in the given order.

    Raises NotFound if one is not staged, or is somebody else's (A04), TooLarge if the object would have too many.
    """
    wanted = list(dict.fromkeys(public_ids))
    if not wanted:
        return []
    staged = StoredFile.objects.select_for_update().filter(public_id__in=wanted, owner_id=owner_id, claimed_at=None)
    found = {stored.public_id: stored for stored in staged.order_by("id")}
    if len(found) != len(wanted):
        raise NotFound(_("This file does not exist any more. Please upload it again."))
    there = StoredFile.objects.filter(kind=kind, object_id=object_id, claimed_at__isnull=False).count()
    if there + len(wanted) > limits.max_files():
        raise TooLarge(_("At most %(limit)s files can be attached.") % {"limit": limits.max_files()})
    for stored in found.values():
        stored.kind, stored.object_id, stored.claimed_at = kind, object_id, now
        stored.save(update_fields=["kind", "object_id", "claimed_at"])
    return [found[public_id] for public_id in wanted]


@transaction.atomic
def discard(public_id: str, *, owner_id: int) -> None:
    """Take a staged file back. Raises NotFound if it is not staged, or is somebody else's."""
    deleted, _details = StoredFile.objects.filter(public_id=public_id, owner_id=owner_id, claimed_at=None).delete()
    if not deleted:
        raise NotFound(_("This file does not exist any more. Please upload it again."))


@transaction.atomic
def erase(*, kind: str, object_id: int) -> int:
    """Delete all files of an object; the sweep removes the contents that nobody else has. How many there were."""
    deleted, _details = StoredFile.objects.filter(kind=kind, object_id=object_id, claimed_at__isnull=False).delete()
    return deleted


def sweep(payload: dict[str, Any], now: datetime) -> None:
    """Delete what nobody claimed for a day (I14). The work of a job.

    1. Contents on disk, and temporary files, that are a day old and have no row. 2. Staged rows that are a day old. In
    this order, because a row's deletion may still roll back: its content goes with the next sweep.
    """
    limit = now - KEEP_STAGED
    store.sweep(before=limit.timestamp(), known=_known)
    with transaction.atomic():
        old = StoredFile.objects.select_for_update(skip_locked=True).filter(claimed_at=None, created_at__lt=limit)
        StoredFile.objects.filter(id__in=[stored.id for stored in old.only("id")], claimed_at=None).delete()


def _known(contents: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(contents), 500):
        part = contents[start : start + 500]
        found.update(StoredFile.objects.filter(sha256__in=part).values_list("sha256", flat=True))
    return found
