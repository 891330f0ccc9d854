#!/usr/bin/env python3
"""Write THIRD_PARTY.md from the locks and the packages' own licence statements; `--check` compares only."""

import importlib.metadata as metadata
import json
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "THIRD_PARTY.md"
HEAD = """# Third parties

Written by `tools/notices.py` from the locks; do not edit. Anliegen itself is under Apache-2.0 (LICENSE).

## Needed at run time (Python)

| package | version | licence |
| --- | --- | --- |
"""
# Said by the package in words that no metadata field holds.
KNOWN = {
    "colorama": "BSD-3-Clause",
    "fido2": "BSD-2-Clause",
    "python-dateutil": "Apache-2.0 OR BSD-3-Clause",
    "qrcode": "BSD-3-Clause",
}
SHORT = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
# Part of the product's own files, taken over by a tool or by hand: (what, from, licence, where).
INCLUDED = (
    ("Style sheet base", "@tabler/core", "MIT", "anliegen/ui/static/ui/anliegen.css, made by tools/css.py"),
    ("Letters", "@fontsource-variable/atkinson-hyperlegible-next", "OFL-1.1", "anliegen/ui/static/ui/fonts"),
    ("Icons", "@tabler/icons", "MIT", "anliegen/ui/icons.json, made by tools/icons.py"),
)


def locked() -> list[tuple[str, str]]:
    """Name and version of everything that requirements/base.txt pins and this system installs."""
    text = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
    return sorted(re.findall(r"^([a-z0-9][\w.-]*)==([^\s;]+)", text, re.IGNORECASE | re.MULTILINE))


def licence(name: str) -> str:
    """The licence as the package states it, shortest form first."""
    if name in KNOWN:
        return KNOWN[name]
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return "not installed on this system"
    expression = about.get("License-Expression")
    classifiers = [c.rpartition(" :: ")[2] for c in about.get_all("Classifier", []) if c.startswith("License ::")]
    classifiers = [SHORT.get(c, c) for c in classifiers if c != "OSI Approved"]
    plain = (about.get("License") or "").split("\n")[0].strip()
    return expression or " OR ".join(classifiers) or SHORT.get(plain, plain) or "see the package"


def front_end() -> list[tuple[str, str, str, bool]]:
    """Name, version, licence and whether it is for developers only, of every locked npm package."""
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    return sorted(
        (name.removeprefix("node_modules/"), about["version"], about.get("license", "see the package"), "dev" in about)
        for name, about in packages.items()
        if name
    )


def text() -> str:
    rows = [f"| {name} | {version} | {licence(name)} |" for name, version in locked()]
    browser = [f"| {n} | {v} | {text} | {'tests and tools' if dev else 'served'} |" for n, v, text, dev in front_end()]
    included = [f"| {what} | {source} | {terms} | {where} |" for what, source, terms, where in INCLUDED]
    return "\n".join(
        [
            HEAD + "\n".join(rows),
            "\n## Front end (npm)\n\n| package | version | licence | used for |\n| --- | --- | --- | --- |",
            *browser,
            "\n## Part of our own files\n\n| what | from | licence | where |\n| --- | --- | --- | --- |",
            *included,
            "",
        ]
    )


def main(arguments: list[str]) -> int:
    if "--check" not in arguments:
        TARGET.write_text(text(), encoding="utf-8")
        return 0
    same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == text()
    print("notices: ok" if same else "THIRD_PARTY.md is not what the locks say: run tools/notices.py")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
