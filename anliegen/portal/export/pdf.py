"""Setting a record as a PDF: tagged, with its language, PDF/UA-1 wherever the fonts have every character.

Typst needs no library of the system. It reads the template and its own fonts and nothing else: packages would come from
the network, so their folders are one that does not exist (C20).
"""

import json
import unicodedata
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, cast

import typst

_HERE = Path(__file__).resolve().parent
_NOWHERE = _HERE / "no-packages"


def pdf(record: dict[str, Any], now: datetime, template: str = "record.typ") -> bytes:
    """The record (see `told.record`, `table.as_pdf`) as a PDF.

    Where a character is in no font, it is tagged but claims no standard.
    """
    inputs = {"record": json.dumps(_printable(record), ensure_ascii=False)}
    made = now.replace(microsecond=0)
    try:
        return cast("bytes", _compiler(template, inputs).compile(pdf_standards=["ua-1"], timestamp=made))
    except typst.TypstError:
        return cast("bytes", _compiler(template, inputs, foreign=True).compile(timestamp=made))


def _compiler(template: str, inputs: dict[str, str], *, foreign: bool = False) -> typst.Compiler:
    return typst.Compiler(
        input=_HERE / template,
        root=_HERE,
        font_paths=_fonts(foreign=foreign),
        sys_inputs=inputs,
        package_path=_NOWHERE,
        package_cache_path=_NOWHERE,
    )


@cache
def _fonts(*, foreign: bool) -> typst.Fonts:
    """Kept, because finding fonts takes longest. `foreign`: also those of the system."""
    return typst.Fonts(include_system_fonts=foreign)


def _printable(value: Any) -> Any:
    """The same without characters that no page can show (control, not assigned), which PDF/UA refuses."""
    if isinstance(value, str):
        return "".join(one for one in value if one == "\n" or unicodedata.category(one) not in {"Cc", "Cn", "Co", "Cs"})
    if isinstance(value, dict):
        return {key: _printable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_printable(one) for one in value]
    return value
