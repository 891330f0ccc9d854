"""The pages for 500 and 503 as files, which a proxy shows when Anliegen itself cannot answer."""

import re
from pathlib import Path

from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from anliegen.project import config
from anliegen.ui import shell

NAMES = ("500", "503")
_STYLE = (
    "<style>:root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,sans-serif;margin:0 auto;padding:3rem 1rem;max-width:40rem}"
    "a{color:light-dark(#0b6872,#6accd4)}.code{color:light-dark(#4d6167,#a7b8bd)}</style>"
)


def write(folder: Path) -> list[Path]:
    """Write each page with the telephone number from the settings, and nothing that must be fetched from here."""
    folder.mkdir(parents=True, exist_ok=True)
    with translation.override(config.load().default_language):
        context = {"ui": shell.surroundings(RequestFactory().get("/"))}
        pages = {name: render_to_string(f"ui/errors/{name}.html", context) for name in NAMES}
    written = []
    for name, page in pages.items():
        target = folder / f"{name}.html"
        target.write_text(re.sub(r"<link [^>]*>", _STYLE, page), encoding="utf-8")
        written.append(target)
    return written
