"""What is drawn without templates is what Django's templates draw, and nothing gets in unescaped."""

from typing import Any

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy

from anliegen.ui import rendering
from anliegen.ui.fields import AmountField, DateField
from anliegen.ui.inputs import Renderer
from anliegen.ui.safe import esc
from anliegen.ui.stencil import Stencil
from anliegen.ui.templatetags.anliegen import field

EVIL = """<b>"it's" & so</b>"""
CHOICES = [("", "-"), ("a", EVIL), ("b", gettext_lazy("Yes")), (EVIL, [("c", "C"), ("d", EVIL)])]


class Everything(forms.Form):
    text = forms.CharField(label=EVIL, help_text=EVIL, max_length=9)
    safe = forms.CharField(label=mark_safe("<i>safe</i>"), required=False)
    number = forms.IntegerField(min_value=1, required=False)
    email = forms.EmailField(required=False, widget=forms.EmailInput({"data-x": EVIL, "hidden": True, "off": False}))
    area = forms.CharField(widget=forms.Textarea({"rows": 2}), required=False)
    one = forms.ChoiceField(choices=CHOICES, required=False)
    many = forms.MultipleChoiceField(choices=CHOICES, required=False)
    tick = forms.BooleanField(label=EVIL)
    day = DateField(required=False)
    amount = AmountField(required=False)
    hidden = forms.CharField(widget=forms.HiddenInput, required=False)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)


@pytest.mark.parametrize(
    "data", [None, {}, {"text": EVIL, "area": EVIL, "one": "a", "many": ["a", "d"], "amount": EVIL}]
)
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_inputs_are_what_django_draws(name: str, data: dict[str, Any] | None) -> None:
    ours, theirs = Everything(data, renderer=Renderer()), Everything(data, renderer=DjangoTemplates())
    assert " ".join(ours[name].as_widget().split()) == " ".join(theirs[name].as_widget().split())


@pytest.mark.parametrize("data", [None, {"text": EVIL * 9, "one": EVIL, "tick": "", "many": [EVIL]}])
@pytest.mark.parametrize("look", ["", "radio", "select"])
@pytest.mark.parametrize("name", list(Everything.base_fields))
def test_nothing_gets_in_unescaped(name: str, look: str, data: dict[str, Any] | None) -> None:
    looks = look if name in ("one", "many") else ""
    drawn = rendering.field(Everything(data)[name], look=looks, label=EVIL, classes=EVIL)
    assert "<b>" not in drawn
    assert "it's" not in drawn


def test_what_is_safe_stays() -> None:
    assert esc(mark_safe("<i>")) == "<i>"
    assert esc(gettext_lazy("Yes")) in {"Yes", "Ja"}
    assert esc(7) == "7"
    assert "<i>safe</i>" in rendering.field(Everything()["safe"])


def test_a_stencil_draws_what_the_form_would() -> None:
    stencil = Stencil(lambda ids: Everything(auto_id=ids))
    for prefix in ("d1", "d2"):
        form, place = Everything(auto_id=f"{prefix}_%s"), stencil.at(prefix)
        assert not place.errors
        for name in form.fields:
            assert field(place[name], as_="select") == field(form[name], as_="select")  # type: ignore[operator]
    with pytest.raises(KeyError):
        stencil.at("d1")["errors"]
