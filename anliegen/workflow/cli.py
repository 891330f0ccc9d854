"""What the command line does with shipped services."""

import sys
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

from anliegen.lib import clock
from anliegen.workflow.actions import ServiceRefused, library


def _lang() -> str:
    return "en" if settings.LANGUAGE_CODE.startswith("en") else "de"


def _tell(name: str, problems: list[tuple[str, str]]) -> None:
    for place, sentence in problems:
        print(f"{name}/{place}: {sentence}", file=sys.stderr)


def _hint(name: str, problems: list[tuple[str, str]]) -> None:
    """What does not keep a service from being published, but should be looked at."""
    word = "Note" if _lang() == "en" else "Hinweis"
    for place, sentence in problems:
        print(f"{name}/{place}: {word}: {sentence}")


def library_load(paths: Sequence[str] = ()) -> int:
    """Publish folders, without any all that are shipped; 1 if one was refused, whose old release stays."""
    refused = 0
    for path in [Path(one) for one in paths] or library.shipped():
        try:
            for key, release in library.load([path], acting_user=None, now=clock.now(), lang=_lang()):
                version = release.item_version.number
                print(f"{key}: version {version} is in force")
            _hint(path.name, library.check(path, now=clock.now(), lang=_lang()).warnings)
        except ServiceRefused as error:
            _tell(path.name, error.problems)
            refused += 1
    return 1 if refused else 0


def library_check(paths: Sequence[str] = ()) -> int:
    """Look at folders without publishing; 1 if something is wrong."""
    wrong = 0
    shipped = [library.SHIPPED / library.TABLES, *library.shipped()]
    for path in [Path(one) for one in paths] or shipped:
        found = library.check(path, now=clock.now(), lang=_lang())
        _tell(path.name, found.errors)
        _hint(path.name, found.warnings)
        wrong += bool(found.errors)
        if not found.errors:
            print(f"{path.name}: good")
    return 1 if wrong else 0
