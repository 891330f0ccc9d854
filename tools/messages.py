#!/usr/bin/env python3
"""The German texts: `compile` writes the .mo files (no `msgfmt` needed), `check` finds what has no German text.

`missing PACKAGE` prints entries for a .po file, ready to be translated. English texts are the keys themselves.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}
# Words that the portal must not show (the word list in docs/dev/glossary.md).
FORBIDDEN = re.compile(r"\b(Ticket|Incident|Fulfillment|RITM|SLA|MAC|Eskalation)", re.IGNORECASE)
FORBIDDEN_IN = ("portal", "tracking", "notifications", "catalogue")
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
CALL = re.compile(r"""(?<!\w)(?:n?p?gettext|_)\((?:u?'(?:\\.|[^'\\])*'|u?"(?:\\.|[^"\\])*"|[^()'"])*\)""")
type Key = tuple[str | None, str]


def compile_all() -> int:
    """Write a .mo beside each .po that is newer than it."""
    for po in sorted(ROOT.glob("anliegen/*/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        fresh = mo.with_suffix(".mo.new")
        with po.open("rb") as source, fresh.open("wb") as target:
            write_mo(target, read_po(source, locale=po.parts[-3]))
        fresh.replace(mo)
    return 0


def used(package: Path) -> Iterator[tuple[Key, str, object]]:
    """(context and text, where, whole message) of every text that a package's code or templates translate."""
    _configure()
    from django.utils.translation.template import templatize

    for path in sorted(package.rglob("*")):
        if "tests" in path.parts or path.suffix not in (".py", ".html", ".txt"):
            continue
        if path.suffix != ".py" and "templates" not in path.parts:
            continue
        text = path.read_text(encoding="utf-8")
        source = text if path.suffix == ".py" else calls_only(templatize(text))
        for line, message, _, context in extract("python", io.BytesIO(source.encode()), KEYWORDS):
            first = message[0] if isinstance(message, tuple) else message
            if first:
                yield (context, first), f"{path.relative_to(ROOT)}:{line}", message


def calls_only(templatized: str) -> str:
    """The calls that Django makes of a template's texts, on their own lines: Babel reads Python only."""
    return "\n".join("; ".join(CALL.findall(line)) for line in templatized.split("\n"))


def _configure() -> None:
    from django.conf import settings

    if not settings.configured:
        settings.configure()


def catalog_of(package: Path) -> Catalog | None:
    po = package / "locale" / "de" / "LC_MESSAGES" / "django.po"
    if not po.exists():
        return None
    with po.open("rb") as source:
        return read_po(source, locale="de")


def german(message: Message | None) -> list[str]:
    if message is None or message.fuzzy:
        return []
    texts = message.string if isinstance(message.string, tuple | list) else [message.string]
    return [str(text) for text in texts] if all(texts) else []


def everywhere() -> dict[Key, list[str]]:
    """Every German text of every package; Django looks them up in all of them too."""
    found: dict[Key, list[str]] = {}
    for package in packages():
        for message in catalog_of(package) or ():
            if message.id and german(message):
                found[message.context, _first(message.id)] = german(message)
    return found


def _first(message_id: object) -> str:
    return str(message_id[0] if isinstance(message_id, tuple | list) else message_id)


def packages() -> list[Path]:
    return [path for path in sorted((ROOT / "anliegen").iterdir()) if path.is_dir() and (path / "__init__.py").exists()]


def check() -> int:
    known, wanted, problems = everywhere(), set(), []
    for package in packages():
        for key, where, _ in used(package):
            wanted.add(key)
            if key not in known:
                problems.append(f"{where}: no German text for {key[1]!r}")
    for package in packages():
        problems += entries(package, wanted)
    print("\n".join(dict.fromkeys(problems)) or "messages: ok")
    return 1 if problems else 0


def entries(package: Path, wanted: set[Key]) -> Iterator[str]:
    """What is wrong with the entries of one package's .po."""
    for message in catalog_of(package) or ():
        if not message.id:
            continue
        where, texts = f"{package.name}/locale: {_first(message.id)!r}", german(message)
        if (message.context, _first(message.id)) not in wanted and not message.user_comments:
            yield f"{where}: is not used (a comment above it keeps a text that the code builds)"
        if any(places(text) - places(*_all(message.id)) for text in texts):
            yield f"{where}: has a placeholder that the text does not have"
        if package.name in FORBIDDEN_IN and any(FORBIDDEN.search(PLACEHOLDER.sub("", text)) for text in texts):
            yield f"{where}: uses a word that is not for people"


def _all(message_id: object) -> list[str]:
    return [str(text) for text in message_id] if isinstance(message_id, tuple | list) else [str(message_id)]


def places(*texts: str) -> set[str]:
    return {match.group(0) for text in texts for match in PLACEHOLDER.finditer(text)}


def missing(name: str) -> int:
    """Print what one package still needs, as .po entries."""
    known, seen = everywhere(), set()
    for key, where, message in used(ROOT / "anliegen" / name):
        if key in known or key in seen:
            continue
        seen.add(key)
        print(f"#: {where}")
        if key[0]:
            print(f'msgctxt "{_escape(key[0])}"')
        print(f'msgid "{_escape(key[1])}"')
        if isinstance(message, tuple) and len(message) > 1:
            print(f'msgid_plural "{_escape(str(message[1]))}"\nmsgstr[0] ""\nmsgstr[1] ""\n')
        else:
            print('msgstr ""\n')
    return 0


def _escape(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["compile"]:
            sys.exit(compile_all())
        case ["check"]:
            sys.exit(check())
        case ["missing", name]:
            sys.exit(missing(name))
        case _:
            sys.exit(__doc__)
