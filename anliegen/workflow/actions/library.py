"""Shipped services: one folder each, read strictly, published whole, and written back byte for byte.

    library/_tables/*.csv   what several services decide by
    library/<key>/  service.json  form.json  model.bpmn  tables/*.csv  texts/de.json  texts/en.json  picture.svg
    library/_models/<key>/model.bpmn   a model that several services share; their service.json names it as "model"

JSON has sorted keys, two spaces, LF; CSV is what the tables write; other texts have LF and no space at a line's end.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import anliegen
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import CategoryContent, ItemContent, TargetContent
from anliegen.lib import tables
from anliegen.lib.errors import NotFound
from anliegen.lib.tables import TableRefused
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.workflow.actions.publishing import Findings, ServiceRefused, check_service, publish_service
from anliegen.workflow.actions.shared_tables import check_table, publish_table
from anliegen.workflow.models import Release
from anliegen.workflow.rules import ServiceFiles

FORMAT = 1
SHIPPED = Path(anliegen.__file__).parent / "library"
MOST_BYTES = 2_000_000
LANGS = ("de", "en")
TABLES = "_tables"  # the folder of the shared tables
MODELS = "_models"  # beside the services
_KEY = re.compile(r"[a-z][a-z0-9-]{0,39}")

type Problems = list[tuple[str, str]]

_ITEM = {
    "key": str, "kind": str, "position": int, "price_cents": int, "monthly_cents": int, "audience": str,
    "confidential": bool, "channels": list, "asks_wish_date": bool, "asks_justification": bool, "quality_check": str,
    "policies": list,
}  # fmt: skip
_SHAPES: Mapping[str, Mapping[str, type]] = {
    "": {
        "format": int, "item": dict, "category": dict, "targets": list, "options": dict, "phases": list, "gate": str,
        "reopenAt": str,
    },
    "item": _ITEM,
    "category": {"key": str, "parent": str, "icon": str, "position": int},
    "targets": {"measure": str, "minutes": int, "calendar": str, "condition": str},
    "options": {"calendar": str, "confirmation_days": int, "automatic": dict, "switches": dict},
    "phases": {"key": str, "name": dict},
}  # fmt: skip
_MAY_BE_LEFT_OUT = frozenset({"switches"})
_TEXTS: Mapping[str, type] = {
    "title": str, "summary": str, "description": str, "audience_reason": str, "category": str,
    "category_description": str, "synonyms": list, "model": str,
}  # fmt: skip
_NEEDED_TEXTS = ("title", "summary", "category", "model")
_OF_MODEL = ("phases", "gate", "reopenAt")  # what a model of one service leaves to service.json

_WORDS: Mapping[str, tuple[str, str]] = {
    "no-folder": ("Diesen Ordner gibt es nicht.", "There is no such folder."),
    "no-file": ("Diese Datei fehlt.", "This file is missing."),
    "too-large": ("Diese Datei ist größer als {most} Bytes.", "This file is larger than {most} bytes."),
    "not-text": ("Das ist kein UTF-8-Text.", "This is not UTF-8 text."),
    "not-json": ("Das ist kein lesbares JSON (Zeile {line}): {why}", "This is not readable JSON (line {line}): {why}"),
    "format": ("Das Format ist {found}; lesbar ist {known}.", "The format is {found}; what can be read is {known}."),
    "missing": ("Diese Angabe fehlt.", "This is missing."),
    "unknown": ("Diese Angabe ist hier unbekannt.", "This is not known here."),
    "type": ("Hier steht nicht das Erwartete, sondern {found}.", "This is not what is expected here but {found}."),
    "no-text": ("Dieser Text fehlt in dieser Sprache.", "This text is missing in this language."),
    "model": ("„{found}“ kann kein Modell heißen.", "A model cannot be called '{found}'."),
    "key": ("Der Schlüssel „{found}“ ist nicht der Name des Ordners.", "The key '{found}' is not the folder's name."),
    "not-svg": ("Das ist kein SVG-Bild ohne Skript.", "This is not an SVG picture without scripts."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Folder:
    """A service as it lies in its folder: what is published, and its picture."""

    service: ServiceFiles
    picture: bytes


class _Reader:
    """Reads one folder and notes everything that is wrong with it."""

    def __init__(self, path: Path, lang: str) -> None:
        self.path = path
        self.lang = lang
        self.problems: Problems = []

    def wrong(self, place: str, code: str, **params: Any) -> None:
        self.problems.append((place, _WORDS[code][self.lang == "en"].format(**params)))

    def content(self, name: str) -> bytes:
        file = self.path / name
        if not file.is_file():
            self.wrong(name, "no-file")
            return b""
        if file.stat().st_size > MOST_BYTES:
            self.wrong(name, "too-large", most=MOST_BYTES)
            return b""
        return file.read_bytes()

    def text(self, name: str) -> str:
        try:
            return self.content(name).decode()
        except UnicodeDecodeError:
            self.wrong(name, "not-text")
            return ""

    def json(self, name: str) -> dict[str, Any]:
        before = len(self.problems)
        text = self.text(name)
        if len(self.problems) > before:
            return {}
        try:
            value = json.loads(text)
        except json.JSONDecodeError as error:
            self.wrong(name, "not-json", line=error.lineno, why=error.msg)
            return {}
        if not isinstance(value, dict):
            self.wrong(name, "type", found=type(value).__name__)
            return {}
        return value

    def shape(self, place: str, value: Any, wanted: Mapping[str, type]) -> None:
        """Exactly these keys, each of its type."""
        if not isinstance(value, dict):
            self.wrong(place, "type", found=type(value).__name__)
            return
        mark = "." if "#" in place else "#"
        for key in sorted(set(wanted) - set(value) - _MAY_BE_LEFT_OUT):
            self.wrong(f"{place}{mark}{key}", "missing")
        for key in sorted(set(value) - set(wanted)):
            self.wrong(f"{place}{mark}{key}", "unknown")
        for key, kind in wanted.items():
            if key in value and type(value[key]) is not kind:
                self.wrong(f"{place}{mark}{key}", "type", found=type(value[key]).__name__)

    def service(self) -> dict[str, Any]:
        """service.json, with its parts in shape."""
        value = self.json("service.json")
        if not value:
            return {}
        wanted = _SHAPES[""]
        if "model" in value:
            wanted = {**{name: kind for name, kind in wanted.items() if name not in _OF_MODEL}, "model": str}
            if not _KEY.fullmatch(str(value["model"])):
                self.wrong("service.json#model", "model", found=value["model"])
        self.shape("service.json", value, wanted)
        for name in ("item", "category", "options"):
            if isinstance(value.get(name), dict):
                self.shape(f"service.json#{name}", value[name], _SHAPES[name])
        for name in ("targets", "phases"):
            for number, part in enumerate(value[name] if isinstance(value.get(name), list) else (), start=1):
                self.shape(f"service.json#{name}.{number}", part, _SHAPES[name])
        self.switches(value)
        if value.get("format") != FORMAT:
            self.wrong("service.json#format", "format", found=value.get("format"), known=FORMAT)
        key = value["item"].get("key") if isinstance(value.get("item"), dict) else None
        if key and key != self.path.resolve().name:
            self.wrong("service.json#item.key", "key", found=key)
        return value

    def switches(self, value: Mapping[str, Any]) -> None:
        """What the organisation may switch on: yes or no, or a whole number."""
        options = value.get("options")
        found = options.get("switches") if isinstance(options, dict) else None
        for name, one in found.items() if isinstance(found, dict) else ():
            if not isinstance(one, int):
                self.wrong(f"service.json#options.switches.{name}", "type", found=type(one).__name__)
            if not str(name).isidentifier():
                self.wrong(f"service.json#options.switches.{name}", "unknown")

    def texts(self, lang: str, *, shared: bool) -> dict[str, Any]:
        """The texts of one language; a shared model has its name in itself."""
        name = f"texts/{lang}.json"
        value = self.json(name)
        if value:
            self.shape(name, value, {key: kind for key, kind in _TEXTS.items() if key != "model" or not shared})
            for key in _NEEDED_TEXTS:
                if key in value and not str(value[key]).strip():
                    self.wrong(f"{name}#{key}", "no-text")
        return value

    def picture(self) -> bytes:
        content = self.content("picture.svg")
        lower = content.lower()
        if content and (b"<svg" not in lower[:500] or b"<script" in lower or b"javascript:" in lower):
            self.wrong("picture.svg", "not-svg")
        return content

    def tables(self) -> dict[str, str]:
        return {file.stem: self.text(f"tables/{file.name}") for file in sorted(self.path.glob("tables/*.csv"))}


def read_folder(path: Path, *, lang: str = "en") -> Folder:
    """The service in a folder. Raises ServiceRefused with every problem found: file#element, and a sentence.

    Whether its model can run is told by `check`, which needs the database's teams.
    """
    reader = _Reader(path, lang)
    if not path.is_dir():
        reader.wrong(str(path), "no-folder")
        raise ServiceRefused(reader.problems)
    parts = reader.service()
    shared = "model" in parts
    form = reader.json("form.json")
    xml = b"" if reader.problems and shared else reader.content(_model_file(parts.get("model", "")))
    texts = {one: reader.texts(one, shared=shared) for one in LANGS}
    own = reader.tables()
    picture = reader.picture()
    if reader.problems:
        raise ServiceRefused(reader.problems)
    return Folder(_service(parts, form, texts, xml, own), picture)


def _model_file(model_key: str) -> str:
    """Where a model lies, as seen from the service's folder."""
    return f"../{MODELS}/{model_key}/model.bpmn" if model_key else "model.bpmn"


def _both(texts: Mapping[str, Mapping[str, Any]], name: str) -> dict[str, Any]:
    found = {lang: texts[lang].get(name, "") for lang in LANGS}
    return found if any(found.values()) else {}


def _service(
    parts: Mapping[str, Any],
    form: Mapping[str, Any],
    texts: Mapping[str, Mapping[str, Any]],
    xml: bytes,
    own: Mapping[str, str],
) -> ServiceFiles:
    about, category = parts["item"], parts["category"]
    item = ItemContent(
        **{name: about[name] for name in _ITEM if name not in {"channels", "policies"}},
        channels=tuple(about["channels"]),
        policies=tuple(about["policies"]),
        category=category["key"],
        title=_both(texts, "title"),
        summary=_both(texts, "summary"),
        description=_both(texts, "description"),
        audience_reason=_both(texts, "audience_reason"),
        synonyms=_both(texts, "synonyms"),
        form=form,
        picture=f"library/{about['key']}/picture.svg",
        targets=tuple(
            TargetContent(
                measure=one["measure"],
                minutes=one["minutes"],
                calendar_key=one["calendar"],
                condition=one["condition"],
            )
            for one in parts["targets"]
        ),
    )
    return ServiceFiles(
        key=about["key"],
        name=_both(texts, "model"),
        item=item,
        xml=xml,
        category=CategoryContent(
            **category, name=_both(texts, "category"), description=_both(texts, "category_description")
        ),
        tables=own,
        options={**parts["options"], **{name: parts[name] for name in _OF_MODEL if name in parts}},
        model_key=parts.get("model", ""),
    )


def to_files(folder: Folder) -> dict[str, bytes]:
    """The folder's files by name, always the same bytes for the same service; a shared model lies beside the folder."""
    service = folder.service
    item, category, options = service.item, service.category, service.options
    assert category is not None
    about = {name: getattr(item, name) for name in _ITEM}
    parts = {
        "format": FORMAT,
        "item": {**about, "channels": list(item.channels), "policies": list(item.policies)},
        "category": {name: getattr(category, name) for name in _SHAPES["category"]},
        "targets": [_target(target) for target in item.targets],
        "options": {name: options[name] for name in _SHAPES["options"] if name in options},
        **({"model": service.model_key} if service.model_key else {name: options[name] for name in _OF_MODEL}),
    }
    return {
        "service.json": _json(parts),
        "form.json": _json(item.form),
        _model_file(service.model_key): _clean(service.xml.decode()),
        **{f"tables/{key}.csv": tables.to_csv(tables.parse_csv(text)).encode() for key, text in service.tables.items()},
        **{f"texts/{lang}.json": _json(_texts(service, category, lang)) for lang in LANGS},
        "picture.svg": folder.picture,
    }


def _target(target: TargetContent) -> dict[str, Any]:
    values = asdict(target)
    return {"calendar": values.pop("calendar_key"), **values}


def _texts(service: ServiceFiles, category: CategoryContent, lang: str) -> dict[str, Any]:
    item = service.item
    pairs = {
        "title": item.title,
        "summary": item.summary,
        "description": item.description,
        "audience_reason": item.audience_reason,
        "category": category.name,
        "category_description": category.description,
        **({} if service.model_key else {"model": service.name}),
    }
    return {**{name: pair.get(lang, "") for name, pair in pairs.items()}, "synonyms": item.synonyms.get(lang, [])}


def _json(value: object) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()


def _clean(text: str) -> bytes:
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").split("\n")]
    return ("\n".join(lines).rstrip("\n") + "\n").encode()


def write_folder(folder: Folder, path: Path) -> None:
    """Write a service into a folder; files that are there are replaced."""
    for name, content in to_files(folder).items():
        file = path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)


def export_service(item_key: str) -> Folder:
    """The service that is offered under this key now, as a folder. Raises NotFound."""
    rows = Release.objects.select_related("item_version__item__category__parent", "model_version__model")
    release = rows.filter(item_version__item__key=item_key, item_version__item__current=_current(item_key)).first()
    if release is None:
        raise NotFound
    version = release.item_version
    picture = SHIPPED / item_key / "picture.svg"
    model = release.model_version.model
    return Folder(
        ServiceFiles(
            key=item_key,
            model_key=model.key if model.key != item_key else "",
            name=model.name,
            item=_item_of(version),
            xml=release.model_version.xml.encode(),
            category=_category_of(version),
            tables={key: tables.to_csv(tables.from_json(value)) for key, value in sorted(release.tables.items())},
            options={name: value for name, value in release.options.items() if name != "format"},
        ),
        picture.read_bytes() if picture.is_file() else b"",
    )


def _current(item_key: str) -> int | None:
    return (
        ItemVersion.objects.filter(item__key=item_key, item__current__isnull=False)
        .values_list("item__current", flat=True)
        .first()
    )


def _item_of(version: ItemVersion) -> ItemContent:
    own = (
        "kind", "title", "summary", "description", "picture", "form", "audience", "audience_reason", "confidential",
        "asks_wish_date", "asks_justification", "price_cents", "monthly_cents", "quality_check", "synonyms",
    )  # fmt: skip
    return ItemContent(
        **{name: getattr(version, name) for name in own},
        key=version.item.key,
        category=version.item.category.key,
        position=version.item.position,
        channels=tuple(version.channels),
        policies=tuple(version.policies.order_by("key").values_list("key", flat=True)),
        targets=tuple(
            TargetContent(
                measure=row.measure, minutes=row.minutes, calendar_key=row.calendar_key, condition=row.condition
            )
            for row in version.targets.all()
        ),
    )


def _category_of(version: ItemVersion) -> CategoryContent:
    category = version.item.category
    return CategoryContent(
        key=category.key,
        name=LocalText.of(category.name).json(),
        description=LocalText.of(category.description).json(),
        parent=category.parent.key if category.parent else "",
        icon=category.icon,
        position=category.position,
    )


def shipped() -> list[Path]:
    """The folders of all shipped services, by name."""
    return sorted(file.parent for file in SHIPPED.glob("*/service.json"))


def shared_tables(folder: Path = SHIPPED / TABLES) -> dict[str, str]:
    """The shared tables beside the services, by key, as CSV."""
    return {file.stem: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.csv"))}


def check(path: Path, *, now: datetime, lang: str = "en") -> Findings:
    """Everything that is wrong with a folder, which goes into force with the shared tables beside it."""
    beside = shared_tables(path.parent / TABLES)
    if path.name == TABLES:
        found = [check_table(key, text, lang=lang) for key, text in shared_tables(path).items()]
        return Findings([problem for problems in found for problem in problems])
    try:
        folder = read_folder(path, lang=lang)
        coming = {key: tables.parse_csv(text) for key, text in beside.items()}
    except ServiceRefused as refused:
        return Findings(refused.problems)
    except TableRefused as refused:
        return Findings([(f"../{TABLES}", tables.say(problem, lang)) for problem in refused.problems])
    return check_service(folder.service, now=now, lang=lang, coming=coming)


def load(
    paths: Sequence[Path] = (), *, acting_user: User | None, now: datetime, lang: str = "en"
) -> Iterator[tuple[str, Release]]:
    """Publish folders, by default all that are shipped; each is all or nothing, and one that changes nothing is left.

    The shared tables beside a folder go into force first. Yields the key and the release as each is in force. Raises
    ServiceRefused at the first that is refused; its old release stays.
    """
    chosen = paths or shipped()
    for beside in sorted({path.parent / TABLES for path in chosen}):
        for key, text in shared_tables(beside).items():
            publish_table(key, text, acting_user=acting_user, now=now, lang=lang)
    for path in chosen:
        folder = read_folder(path, lang=lang)
        yield folder.service.key, _publish(folder, acting_user, now, lang)


def _publish(folder: Folder, acting_user: User | None, now: datetime, lang: str) -> Release:
    """The release of this content: the one in force where it is the same, else a new one."""
    current = Release.objects.filter(item_version=_current(folder.service.key)).first()
    if current is not None and to_files(export_service(folder.service.key)) == to_files(folder):
        return current
    return publish_service(folder.service, acting_user=acting_user, now=now, lang=lang)
