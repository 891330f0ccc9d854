"""Shipped services: read strictly, refused with file, element and reason, written back byte for byte."""

import json
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anliegen.catalogue.models import Category
from anliegen.people import actions as people
from anliegen.workflow import cli
from anliegen.workflow.actions import ServiceRefused, library
from anliegen.workflow.models import Release

DEVICE = "../_models/device/model.bpmn"
NOW = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
TEAMS = (
    "service-desk",
    "service-analysts", "it-budget", "purchasing", "it-store", "it-workshop", "desktop-support", "it-workplace",
    "security", "facilities", "software", "hr-office", "evaluation", "data-protection", "it-security",
    "it-infrastructure",
)  # fmt: skip

type Break = Callable[[Path], None]


@pytest.fixture
def teams(db: None) -> None:
    home = people.put_company("firm", acting_user=None, now=NOW, name="Firm", is_default=True)
    for key in TEAMS:
        people.put_team(key, acting_user=None, now=NOW, name={"de": key, "en": key}, company=home)


@pytest.fixture
def desktop(tmp_path: Path) -> Path:
    shutil.copytree(library.SHIPPED / "_models", tmp_path / "_models")
    return Path(shutil.copytree(library.SHIPPED / "desktop", tmp_path / "desktop"))


def load(path: Path) -> Release:
    return next(release for _key, release in library.load([path], acting_user=None, now=NOW))


def edit(name: str, old: str, new: str) -> Break:
    def apply(folder: Path) -> None:
        text = (folder / name).read_text()
        assert old in text
        (folder / name).write_text(text.replace(old, new, 1))

    return apply


def without(name: str, key: str) -> Break:
    def apply(folder: Path) -> None:
        value = json.loads((folder / name).read_text())
        del value[key]
        (folder / name).write_text(json.dumps(value))

    return apply


def replaced(name: str, content: str) -> Break:
    return lambda folder: (folder / name).write_text(content) and None


def removed(name: str) -> Break:
    return lambda folder: (folder / name).unlink()


BROKEN: dict[str, tuple[Break, str, str]] = {
    "xml": (edit(DEVICE, "</bpmn:process>", ""), "model.bpmn", "XML"),
    "script": (edit(DEVICE, "bpmn:serviceTask", "bpmn:scriptTask"), "model.bpmn", ""),
    "field": (edit(DEVICE, "steps.reserve.reserved<", "steps.reserve.reservd<"), "#in-stock", "reserved"),
    "default": (edit(DEVICE, ' default="approved-to-granted"', ""), "#approved", "default"),
    "team": (edit(DEVICE, "team:it-workshop", "team:it-workshp"), "#assemble", "it-workshop"),
    "automation": (edit(DEVICE, "stock.reserve", "stock.reserv"), "#reserve", "stock.reserve"),
    "duration": (edit(DEVICE, '"PT4H"', '"4 hours"'), "#check", "4 hours"),
    "json": (replaced("form.json", '{"format": 1,'), "form.json", "line 1"),
    "question": (edit("form.json", '"type": "place"', '"type": "plaice"'), "form.json#place", ""),
    "english": (edit("texts/en.json", '"title": "Desktop PC"', '"title": ""'), "texts/en.json#title", "language"),
    "text": (without("texts/en.json", "summary"), "texts/en.json#summary", "missing"),
    "part": (without("service.json", "options"), "service.json#options", "missing"),
    "unknown": (edit("service.json", '"options"', '"option"'), "service.json#option", "not known"),
    "model": (edit("service.json", '"model": "device"', '"model": "../x"'), "service.json#model", "../x"),
    "tick": (edit("tables/ticks.csv", "out:tick", "out:tock"), "#assemble", "ticks"),
    "check": (
        edit("service.json", '"quality_check": "never"', '"quality_check": "120 %"'),
        "item.quality_check",
        "100",
    ),
    "rule": (
        edit("service.json", '"quality_check": "never"', '"quality_check": "first_us"'),
        "item.quality_check",
        "first_us",
    ),
    "format": (edit("service.json", '"format": 1', '"format": 2'), "service.json#format", "2"),
    "type": (edit("service.json", '"price_cents": 89900', '"price_cents": "899"'), "#item.price_cents", "str"),
    "key": (edit("service.json", '"key": "desktop"', '"key": "desk"'), "service.json#item.key", "desk"),
    "cell": (edit("tables/specification.csv", '"""cad"""', '"""cat"""'), "tables/specification.csv", "cad"),
    "picture": (edit("picture.svg", "</svg>", "<script>1</script></svg>"), "picture.svg", "SVG"),
    "file": (removed(DEVICE), "model.bpmn", "missing"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_is_refused_and_the_old_release_stays(name: str, teams: None, desktop: Path) -> None:
    before = load(desktop)
    breaks, place, reason = BROKEN[name]
    breaks(desktop)
    with pytest.raises(ServiceRefused) as refused:
        load(desktop)
    found = [problem for problem in refused.value.problems if place in problem[0] and reason in problem[1]]
    assert found, refused.value.problems
    assert Release.objects.get() == before
    assert before.item_version.item.current == before.item_version


def test_what_is_shipped_can_be_published(teams: None) -> None:
    folders = library.shipped()
    assert {path.name: library.check(path, now=NOW).errors for path in folders} == {path.name: [] for path in folders}
    keys = [key for key, _release in library.load(acting_user=None, now=NOW)]
    assert keys == [path.name for path in folders]
    assert set(Category.objects.values_list("key", flat=True)) >= {"devices", "workplace"}


@pytest.mark.parametrize("key", [path.name for path in library.shipped()])
def test_export_import_export_gives_the_same_bytes(key: str, teams: None, tmp_path: Path) -> None:
    shipped = library.SHIPPED / key
    load(shipped)
    library.write_folder(library.export_service(key), tmp_path / key)
    files = library.to_files(library.read_folder(shipped))
    assert {name: (shipped / name).read_bytes() for name in files} == files
    assert {name: (tmp_path / key / name).read_bytes() for name in files} == files
    assert {str(f.relative_to(shipped)) for f in shipped.rglob("*") if f.is_file()} == set(files) - {DEVICE}
    assert library.to_files(library.read_folder(tmp_path / key)) == files


def test_services_that_share_a_model_run_the_same_version_each_with_its_own_tables(teams: None) -> None:
    releases = dict(library.load(acting_user=None, now=NOW))
    assert releases["desktop"].model_version == releases["laptop"].model_version
    assert releases["desktop"].tables["approvers"] != releases["laptop"].tables["approvers"]
    assert releases["desktop"].model_version.model.key == "device"


def test_loading_what_is_in_force_changes_nothing(teams: None, desktop: Path) -> None:
    before = load(desktop)
    assert load(desktop) == before
    edit("texts/de.json", "Eingerichtet", "Fertig eingerichtet")(desktop)
    after = load(desktop)
    assert after != before
    assert after.model_version == before.model_version


def test_the_command_line_tells_what_is_wrong(teams: None, desktop: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.library_load([str(desktop)]) == 0
    edit(DEVICE, "team:it-store", "team:it-stoor")(desktop)
    assert cli.library_check([str(desktop)]) == 1
    assert cli.library_load([str(desktop)]) == 1
    told = capsys.readouterr().err
    assert "desktop/model.bpmn" in told
    assert "it-store" in told
    assert cli.library_check([str(desktop.parent / "nowhere")]) == 1
