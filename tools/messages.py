#!/usr/bin/env python3
"""Compile the translations with Babel (no `msgfmt` needed): messages.py compile."""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parent.parent


def compile_all() -> int:
    """Write a .mo beside each .po that is newer than it."""
    for po in sorted(ROOT.glob("anliegen/*/locale/*/LC_MESSAGES/django.po")):
        mo = po.with_suffix(".mo")
        if mo.exists() and mo.stat().st_mtime >= po.stat().st_mtime:
            continue
        with po.open("rb") as source:
            catalog = read_po(source, locale=po.parts[-3])
        with mo.open("wb") as target:
            write_mo(target, catalog)
    return 0


if __name__ == "__main__":
    sys.exit(compile_all())
