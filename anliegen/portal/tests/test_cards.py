"""What a card says about approvals."""

from types import SimpleNamespace

import pytest
from django.utils import translation

from anliegen.portal import cards


@pytest.mark.parametrize(
    ("nodes", "words"),
    [
        ([], "without approval"),
        ([{"automation": "limit"}], "approved automatically within your limit"),
        ([{"automation": "limit"}, {"condition": "steps.look.needed"}], "approval only if needed"),
        ([{"condition": "steps.look.needed"}], "approval only if needed"),
        ([{"condition": "steps.look.needed"}, {}], "needs an approval"),
    ],
)
def test_a_card_says_whether_somebody_approves(monkeypatch, nodes, words):
    steps = [SimpleNamespace(**{"task_kind": "approval", "automation": "", "condition": "", **node}) for node in nodes]
    graph = SimpleNamespace(nodes=dict(enumerate([SimpleNamespace(task_kind="work"), *steps])))
    monkeypatch.setattr(cards, "graph_of", lambda _version: graph)
    version = SimpleNamespace(release=SimpleNamespace(model_version=None), price_cents=100, monthly_cents=0)
    with translation.override("en"):
        assert cards.approval_words(version, 100) == words
        if words.endswith("within your limit"):
            assert cards.approval_words(version, 99) == "needs an approval"
