"""A form that stands on a page many times: its fields are drawn once, and get ids of their own at each place."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from django.forms import BaseForm
from django.utils.safestring import SafeString

from anliegen.ui import rendering
from anliegen.ui.safe import joined

_HERE = "\0"  # no text holds it


class Stencil:
    """`Stencil(lambda ids: MyForm(auto_id=ids))`, then `at("d7")` for a form whose ids begin with "d7_".

    For forms that nobody has sent yet and that differ in nothing but their ids.
    """

    def __init__(self, make: Callable[[str], BaseForm]) -> None:
        self._form = make(f"{_HERE}_%s")
        self.names = frozenset(self._form.fields)
        self._drawn: dict[tuple[str, str], str] = {}

    def at(self, prefix: str) -> "Place":
        return Place(self, prefix)

    def draw(self, name: str, look: str, prefix: str) -> SafeString:
        key = (name, look)
        if key not in self._drawn:
            self._drawn[key] = rendering.field(self._form[name], look=look)
        return joined(self._drawn[key].replace(_HERE, prefix))


@dataclass(frozen=True, slots=True)
class Place:
    """The form at one place of the page, as templates ask for it."""

    stencil: Stencil = field(repr=False)
    prefix: str
    errors: ClassVar[dict[str, str]] = {}

    def __getitem__(self, name: str) -> "Drawn":
        if name not in self.stencil.names:
            raise KeyError(name)
        return Drawn(self.stencil, name, self.prefix)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One field of it, for `{% field %}`."""

    stencil: Stencil = field(repr=False)
    name: str
    prefix: str

    def html(self, look: str) -> SafeString:
        return self.stencil.draw(self.name, look, self.prefix)
