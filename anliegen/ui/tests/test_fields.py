from collections.abc import Callable

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from anliegen.lib.errors import Refused
from anliegen.ui import fields
from anliegen.ui.act import KEY_FIELD, act, form_key, render_form
from anliegen.ui.plan import Work, plan
from anliegen.ui.tests.test_words import NOW


class Order(forms.Form):
    place = forms.CharField(help_text="Raum")
    size = forms.ChoiceField(choices=[("a", "A"), ("b", "B")])
    many = forms.ChoiceField(choices=[(str(n), str(n)) for n in range(9)])
    note = forms.CharField(required=False)


def rendered(form: forms.Form, name: str) -> str:
    return Template("{% load anliegen %}{% field bound %}").render(Context({"bound": form[name]}))


@pytest.mark.parametrize(
    ("typed", "cents"),
    [("59,99", 5999), ("1.150", 115000), ("1.150,5 €", 115050), ("1,150.00", 115000), ("0", 0), (",5", 50)],
)
def test_amounts_are_integer_cents(typed: str, cents: int) -> None:
    assert fields.AmountField().clean(typed) == cents


@pytest.mark.parametrize(
    "typed", ["x", "1,2,3x", "-1", "9" * 30, "٣", "12,345", "12,3456", "1.150.00", "1.2.3", ",", "-"]
)
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(forms.ValidationError):
        fields.AmountField().clean(typed)


def test_a_person_must_be_one_person() -> None:
    people = [fields.Match("1", "Mira Köhler", "Vertrieb"), fields.Match("2", "Mira Kohl", "Einkauf")]
    field = fields.PersonField(lookup=lambda text: [p for p in people if text in p.text])
    assert field.clean("Mira Köhler") == people[0]
    with pytest.raises(forms.ValidationError, match=r"Mira Köhler · Vertrieb; Mira Kohl · Einkauf"):
        field.clean("Mira")
    with pytest.raises(forms.ValidationError):
        field.clean("Ole")


def test_a_field_names_hint_and_error_in_this_order() -> None:
    html = rendered(Order({"size": "a"}), "place")
    assert html.index("<label") < html.index("form-hint") < html.index("srm-error") < html.index("<input")
    assert 'aria-describedby="id_place-hint id_place-error"' in html
    assert 'aria-invalid="true"' in html


def test_few_choices_are_tiles_and_many_a_select() -> None:
    assert 'type="radio"' in rendered(Order(), "size")
    assert "<select" in rendered(Order(), "many")


def test_only_the_optional_ones_are_marked() -> None:
    with translation.override("de"):
        assert "(optional)" in rendered(Order(), "note")
        assert "(optional)" not in rendered(Order(), "place")


def test_the_error_summary_leads_to_each_field() -> None:
    with translation.override("de"):
        html = Template("{% load anliegen %}{% error_summary form %}").render(Context({"form": Order({"size": "a"})}))
    assert '<a href="#id_place">Bitte füllen Sie aus: Place</a>' in html


def refuse(error: Refused) -> Callable[[], str]:
    def action() -> str:
        raise error

    return action


def test_a_refusal_becomes_an_error_of_its_field() -> None:
    form = Order({"place": "A", "size": "a", "many": "1"})
    assert act(form, lambda: "done") == "done"
    assert act(form, refuse(Refused("place", "Diesen Raum gibt es nicht."))) is None
    assert form.errors["place"] == ["Diesen Raum gibt es nicht."]


def test_a_refusal_of_an_unknown_field_belongs_to_the_form() -> None:
    form = Order({"place": "A", "size": "a", "many": "1"})
    act(form, refuse(Refused("", "Nicht jetzt.", more={"stock": "Leer."})))
    assert form.non_field_errors() == ["Nicht jetzt.", "Leer."]


def test_a_form_with_errors_is_answered_with_422(rf: RequestFactory) -> None:
    form = Order({})
    form.is_valid()
    assert render_form(rf.get("/"), "ui/solo.html", form).status_code == 422
    assert render_form(rf.get("/"), "ui/solo.html", Order()).status_code == 200


def test_a_form_keeps_its_key_when_it_comes_back(rf: RequestFactory) -> None:
    assert form_key(rf.post("/", {KEY_FIELD: "abcdefgh1234"})) == "abcdefgh1234"
    assert form_key(rf.post("/", {KEY_FIELD: '"><script>'})).isalnum()
    assert form_key(rf.get("/")) != form_key(rf.get("/"))


def test_a_plan_without_times_has_no_bars() -> None:
    found = plan([Work("IT", {"kind": "plan", "label": "Geplant"})], NOW, "de")
    assert found["days"] == []
    assert found["rows"][0]["width"] == 0


def test_a_plan_draws_work_where_it_lies() -> None:
    start, end = NOW.replace(hour=7, minute=0), NOW.replace(day=25, hour=19)
    found = plan([Work("IT", {"kind": "run", "label": "Läuft"}, start=start, end=end)], NOW, "de")
    assert [day["label"] for day in found["days"]] == ["Di, heute", "Mi"]
    assert (found["rows"][0]["start"], found["rows"][0]["width"]) == (0, 100)
