"""Reading stored files. Who may is decided by the package of the object that claimed them."""

import logging
from typing import IO

from django.utils.translation import gettext_lazy as _

from anliegen.files import store
from anliegen.files.models import StoredFile
from anliegen.lib.errors import NotFound, Unavailable

log = logging.getLogger(__name__)


def of(kind: str, object_id: int) -> list[StoredFile]:
    """The files of an object, in the order of their upload."""
    files = StoredFile.objects.filter(kind=kind, object_id=object_id, claimed_at__isnull=False)
    return list(files.order_by("id"))


def claimed(public_id: str, *, kind: str) -> StoredFile:
    """A file that an object of this kind has claimed; the caller then checks that object. Raises NotFound."""
    found = StoredFile.objects.filter(public_id=public_id, kind=kind, claimed_at__isnull=False).first()
    if found is None:
        raise NotFound
    return found


def staged(public_ids: list[str], *, owner_id: int) -> list[StoredFile]:
    """Those of these files that this person uploaded and has not sent yet (to show a refused form again)."""
    return list(StoredFile.objects.filter(public_id__in=public_ids, owner_id=owner_id, claimed_at=None).order_by("id"))


def open_stored(file: StoredFile) -> IO[bytes]:
    """The content, open for reading and checked against its hash; the caller closes it.

    Raises Unavailable if it is missing or damaged (X30): that file only, everything else works on.
    """
    try:
        handle = store.path_of(file.sha256).open("rb")
    except FileNotFoundError as error:
        raise _damaged(file, "missing") from error
    if not store.intact(handle, file.sha256):
        handle.close()
        raise _damaged(file, "damaged")
    return handle


def _damaged(file: StoredFile, how: str) -> Unavailable:
    log.error("The content of stored file %s is %s.", file.public_id, how)
    return Unavailable(_("This file is damaged and cannot be opened. Please tell the service desk."))


def damaged() -> list[str]:
    """The public ids of claimed files whose content is missing or damaged: reads every content (for the operators)."""
    broken = []
    for stored in StoredFile.objects.order_by("id").iterator():
        path = store.path_of(stored.sha256)
        if not path.is_file():
            broken.append(stored.public_id)
            continue
        with path.open("rb") as handle:
            if not store.intact(handle, stored.sha256):
                broken.append(stored.public_id)
    return broken
