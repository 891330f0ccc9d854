"""What a team writes down stands in words on the pages of the next team."""

from datetime import date
from types import SimpleNamespace

import pytest

from anliegen.desk.queries import recorded
from anliegen.lib.text import LocalText
from anliegen.workflow.engine.graph import Choice, FieldSpec, Graph
from anliegen.workflow.models import Task
from anliegen.workflow.queries import releases

pytestmark = pytest.mark.django_db

SIZE = (Choice("l", LocalText(de="Groß", en="Large")),)


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        ("string", "4711", "4711"),
        ("int", 3, "3"),
        ("bool", False, "Nein"),
        ("cents", 150000, "1.500\u00a0€"),
        ("amount", 470000, "4.700\u00a0€"),
        ("date", "2026-12-08", "Di., 8.\u00a0Dez."),
        ("date", "soon", "soon"),
        ("choice", "l", "Groß"),
        ("choice", "gone", "gone"),
        ("person", "nobody", "nobody"),
        ("team", "nowhere", "nowhere"),
    ],
)
def test_a_value_is_told_in_words(kind, value, text):
    spec = FieldSpec("x", kind, LocalText(de="Feld", en="Field"), options=SIZE)
    assert recorded._rows({"x": spec}, {"x": value}, date(2026, 11, 25), "de") == [("Feld", text)]


def test_the_next_team_reads_what_was_written_down(stage, at, monkeypatch):
    service_request = stage.order()
    stage.done(service_request, "check", "complete", stage.firm.agent)
    Task.objects.filter(service_request=service_request, node="check").update(outputs={"order_number": "B-77"})
    field = FieldSpec("order_number", label=LocalText(de="Bestellnummer", en="Order number"))
    nodes = {"check": SimpleNamespace(form=(field,))}
    real = releases.graph_of

    def graph_of(version) -> Graph | SimpleNamespace:
        graph = real(version)
        return SimpleNamespace(nodes={**graph.nodes, **nodes})

    monkeypatch.setattr(recorded.releases, "graph_of", graph_of)
    found = recorded.recorded(service_request, Task.objects.filter(service_request=service_request), date(2026, 11, 25))
    assert [one["rows"] for one in found] == [[("Bestellnummer", "B-77")]]
