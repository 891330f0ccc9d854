import errno
import hashlib
import io
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError

from anliegen.files import actions, limits, queries, rules, store
from anliegen.files.models import StoredFile
from anliegen.lib.errors import NotFound, OutOfSpace, Refused, TooLarge, Unavailable

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC).replace(microsecond=0)
TOMORROW = NOW + timedelta(hours=25)


@dataclass
class Allowed:
    """The settings that matter here."""

    data_dir: Path
    upload_max_bytes: int = 1_000_000
    upload_max_files: int = 10
    upload_types: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Any) -> Path:
    settings.ANLIEGEN = Allowed(data_dir=tmp_path)
    return tmp_path / "files"


def stage(data: bytes = b"hello", name: str = "note.txt", owner_id: int = 7, now: datetime = NOW) -> StoredFile:
    return actions.stage(io.BytesIO(data), name=name, media_type="text/html", owner_id=owner_id, now=now)


def on_disk(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file() and path.name not in {".backup", ".lock"})


def test_a_staged_file_lies_under_its_hash(folder: Path) -> None:
    stored = stage(b"hello")
    assert stored.sha256 == hashlib.sha256(b"hello").hexdigest()
    assert (folder / stored.sha256[:2] / stored.sha256).read_bytes() == b"hello"
    assert (stored.size, stored.media_type, stored.inline) == (5, "text/plain", False)
    assert on_disk(folder) == [stored.sha256]
    with queries.open_stored(stored) as handle:
        assert handle.read() == b"hello"


def test_the_same_content_is_kept_once(folder: Path) -> None:
    assert stage().public_id != stage().public_id
    assert len(on_disk(folder)) == 1


def test_file_and_folders_are_forced_to_disk_before_the_row_exists(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    real = os.fsync

    def fsync(handle: int) -> None:
        synced.append((str(Path(f"/proc/self/fd/{handle}").readlink()), StoredFile.objects.exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", fsync)
    stored = stage()
    names = [Path(name) for name, _ in synced]
    assert folder / stored.sha256[:2] in names
    assert folder in names
    assert any(name.parent == folder / "tmp" for name in names)
    assert not any(row for _name, row in synced)


def test_claimed_files_belong_to_their_object_in_the_given_order() -> None:
    one, two = stage(b"1"), stage(b"2")
    got = actions.claim([two.public_id, one.public_id], owner_id=7, kind="request", object_id=3, now=NOW)
    assert [file.public_id for file in got] == [two.public_id, one.public_id]
    assert queries.of("request", 3) == [one, two]
    assert queries.claimed(one.public_id, kind="request") == one
    with pytest.raises(NotFound):
        queries.claimed(one.public_id, kind="article")


def test_somebody_elses_upload_looks_as_if_it_did_not_exist() -> None:
    stored = stage(owner_id=7)
    for public_id in (stored.public_id, "nothing"):
        with pytest.raises(NotFound):
            actions.claim([public_id], owner_id=8, kind="request", object_id=3, now=NOW)
    with pytest.raises(NotFound):
        actions.discard(stored.public_id, owner_id=8)
    assert queries.staged([stored.public_id], owner_id=7) == [stored]


def test_a_file_is_claimed_once() -> None:
    stored = stage()
    actions.claim([stored.public_id], owner_id=7, kind="request", object_id=3, now=NOW)
    with pytest.raises(NotFound):
        actions.claim([stored.public_id], owner_id=7, kind="request", object_id=4, now=NOW)


def test_claiming_nothing_is_fine() -> None:
    assert actions.claim([], owner_id=7, kind="request", object_id=3, now=NOW) == []


def test_no_more_files_than_allowed_and_the_limit_is_named(settings: Any) -> None:
    settings.ANLIEGEN.upload_max_files = 2
    ids = [stage(str(n).encode()).public_id for n in range(3)]
    actions.claim(ids[:2], owner_id=7, kind="request", object_id=3, now=NOW)
    with pytest.raises(TooLarge, match="2"):
        actions.claim(ids[2:], owner_id=7, kind="request", object_id=3, now=NOW)


def test_no_more_staged_files_than_allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_STAGED", 1)
    stage()
    with pytest.raises(TooLarge, match="1"):
        stage()
    stage(owner_id=8)


def test_too_large_a_file_is_refused_and_leaves_nothing(folder: Path) -> None:
    stage(b"x" * 1_000_000)
    with pytest.raises(TooLarge, match="1 MB"):
        stage(b"y" * 1_000_001)
    assert len(on_disk(folder)) == 1
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("virus.exe", b"MZ"),
        ("no extension", b"x"),
        ("empty.txt", b""),
        ("picture.png", b"<html>"),
        ("paper.pdf", b"<script>"),
        ("picture.webp", b"RIFF0000WAVE"),
    ],
)
def test_what_is_not_taken(folder: Path, name: str, data: bytes) -> None:
    with pytest.raises(Refused) as caught:
        stage(data, name)
    assert list(caught.value.errors) == ["file"]
    assert on_disk(folder) == []
    assert not StoredFile.objects.exists()


def test_the_setting_narrows_the_types(settings: Any) -> None:
    settings.ANLIEGEN.upload_types = ("pdf", ".exe")
    with pytest.raises(Refused):
        stage()
    with pytest.raises(Refused):
        stage(b"MZ", "a.exe")
    assert stage(b"%PDF-1.7", "a.PDF").media_type == "application/pdf"


@pytest.mark.parametrize("name", ["a.svg", "a.html", "a.xml", "a.pdf"])
def test_what_can_hold_a_script_is_never_shown_inline(name: str) -> None:
    assert stage(b"%PDF-<svg onload=alert(1)>", name).inline is False


def test_pictures_may_be_shown() -> None:
    assert stage(b"\x89PNG\r\n\x1a\n...", "a.png").inline is True


@pytest.mark.parametrize("where", ["write", "fsync", "replace"])
@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_full_disk_stores_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch, where: str, number: int) -> None:
    def full(*args: Any, **kwargs: Any) -> Any:
        raise OSError(number, "full")

    if where == "write":
        monkeypatch.setattr(store, "_make_folder", full)
    elif where == "fsync":
        monkeypatch.setattr(os, "fsync", full)
    else:
        monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(OutOfSpace):
        stage()
    monkeypatch.undo()
    assert not StoredFile.objects.exists()
    assert on_disk(folder) == []
    stage()


def test_a_database_without_room_is_out_of_space_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(StoredFile, "save", full)
    with pytest.raises(OutOfSpace):
        stage()
    assert not StoredFile.objects.exists()
    assert not any((folder / "tmp").iterdir())


def test_the_sweep_removes_what_nobody_claimed_for_a_day(folder: Path) -> None:
    kept = stage(b"claimed")
    actions.claim([kept.public_id], owner_id=7, kind="request", object_id=3, now=NOW)
    stage(b"left")
    (folder / "tmp" / "half").write_bytes(b"half an upload")
    actions.sweep({}, NOW + timedelta(hours=23))
    assert len(on_disk(folder)) == 3
    actions.sweep({}, TOMORROW)
    assert list(StoredFile.objects.all()) == [kept]
    actions.sweep({}, TOMORROW)
    assert on_disk(folder) == [kept.sha256]


def test_a_content_that_somebody_else_still_has_is_kept(folder: Path) -> None:
    one, _two = stage(b"same", owner_id=7), stage(b"same", owner_id=8)
    actions.claim([one.public_id], owner_id=7, kind="request", object_id=3, now=NOW)
    for _ in range(2):
        actions.sweep({}, TOMORROW)
    assert on_disk(folder) == [one.sha256]


def test_an_old_content_uploaded_again_is_fresh(folder: Path) -> None:
    stored = stage(b"same")
    os.utime(store.path_of(stored.sha256), (0, 0))
    actions.discard(stored.public_id, owner_id=7)
    stage(b"same")
    StoredFile.objects.all().delete()  # as if the row were not committed yet
    actions.sweep({}, NOW)
    assert on_disk(folder) == [stored.sha256]


def test_an_objects_files_can_be_erased(folder: Path) -> None:
    stored = stage()
    actions.claim([stored.public_id], owner_id=7, kind="request", object_id=3, now=NOW)
    assert actions.erase(kind="request", object_id=3) == 1
    actions.sweep({}, TOMORROW)
    assert on_disk(folder) == []


def test_a_sweep_before_the_first_upload_does_nothing() -> None:
    actions.sweep({}, NOW)


@pytest.mark.parametrize("damage", ["missing", "changed"])
def test_a_damaged_file_is_said_to_be_damaged(damage: str) -> None:
    good, bad = stage(b"good"), stage(b"bad")
    path = store.path_of(bad.sha256)
    if damage == "missing":
        path.unlink()
    else:
        path.write_bytes(b"bat")
    with pytest.raises(Unavailable):
        queries.open_stored(bad)
    queries.open_stored(good).close()
    assert queries.damaged() == [bad.public_id]


def test_a_row_is_staged_or_claimed_by_something() -> None:
    stored = stage()
    with pytest.raises(IntegrityError):
        StoredFile.objects.filter(id=stored.id).update(claimed_at=NOW)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("Angebot März.pdf", "Angebot März.pdf"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\x\\brief.txt", "brief.txt"),
        ("\\\\server\\share\\a.txt", "a.txt"),
        ("/abs/a.txt", "a.txt"),
        ("a\r\nSet-Cookie: b.txt", "a Set-Cookie_ b.txt"),
        ("a\x00b.txt", "ab.txt"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("  ..hidden.txt. ", "hidden.txt"),
        ("con.txt", "_con.txt"),
        ('a"<b>.txt', "a__b_.txt"),
        ("..", "file"),
        ("", "file"),
        ("folder/", "file"),
        ("A\u0308.txt", "Ä.txt"),
    ],
)
def test_names_are_made_safe(name: str, safe: str) -> None:
    assert rules.safe_name(name) == safe


def test_long_names_keep_their_extension() -> None:
    short = rules.safe_name("x" * 500 + ".pdf")
    assert len(short) == rules.MAX_NAME
    assert short.endswith(".pdf")
