"""What the address of an item's page fills in: a place and a device, as labels and links carry them."""

from collections.abc import Mapping
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from anliegen.assets import queries as assets
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import Question, QuestionType
from anliegen.lib.errors import NotFound
from anliegen.people import queries as people

PLACE, DEVICE = "place", "device"
MOST = 200
_WRITTEN = (QuestionType.PARAGRAPH, QuestionType.TEXT)


def filled(version: ItemVersion, query: QueryDict) -> tuple[dict[str, Any], list[str]]:
    """Answers from an address, and a sentence about each part of it that could not be used."""
    answers: dict[str, Any] = {}
    left: list[str] = []
    questions = catalogue.form(version).questions
    if code := _clean(query, PLACE):
        asked = _first(questions, (QuestionType.PLACE,))
        if asked and _is_place(code):
            answers[asked.key] = code
        else:
            left.append(_("We could not use the place “%(text)s” from the link.") % {"text": code[:40]})
    if number := _clean(query, DEVICE):
        asked = _first(questions, _WRITTEN)
        if asked and assets.is_device(number):
            answers[asked.key] = _("Device %(number)s: ") % {"number": number}
        else:
            left.append(_("We could not use the device “%(text)s” from the link.") % {"text": number[:40]})
    return answers, left


def address(query: QueryDict) -> Mapping[str, str]:
    """The parts of a short address (`ort`, `geraet`) that the page understands."""
    names = {"ort": PLACE, "place": PLACE, "geraet": DEVICE, "device": DEVICE}
    return {name: value for given, name in names.items() if (value := _clean(query, given))}


def _clean(query: QueryDict, name: str) -> str:
    return "".join(one for one in query.get(name, "")[:MOST] if one.isprintable()).strip()


def _first(questions: tuple[Question, ...], kinds: tuple[QuestionType, ...]) -> Question | None:
    """The first question of these kinds, those that are always asked before the others."""
    fitting = [one for one in questions if one.type in kinds]
    return min(fitting, key=lambda one: bool(one.visible_if), default=None)


def _is_place(code: str) -> bool:
    if len(code) > 60:
        return False
    try:
        people.place(code)
    except NotFound:
        return False
    return True
