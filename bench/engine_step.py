"""One step of the engine: pure, and through the actions with everything that is stored.

The process is as large as the one that `docs/dev/benchmarks.md` compares with: a new program, asked for, checked by
three at once, decided twice, bought, tested twice, installed and confirmed.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from anliegen.catalogue.rules import ItemContent
from anliegen.lib import clock
from anliegen.people.models import User
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions, engine
from anliegen.workflow.engine import Done, Graph, Node, NodeKind, Result, Wait
from anliegen.workflow.rules import ServiceFiles
from anliegen.workflow.tests.factories import arrow, choice, end, model, user
from bench import company
from bench.house import FIRST_ID
from bench.meter import Act

KEY = "bench-software"
STEPS = 12
ROUTE = (
    "hit,FIRST\nin:request.cost_cents,out:route:string,note:de,note:en\n< 10000,small,klein,small\n-,large,groß,large\n"
)


def _late(step: str) -> str:
    """A timer at the edge of a step: somebody is reminded, and the step begins again."""
    return (
        f'<boundaryEvent id="late_{step}" attachedToRef="{step}"><timerEventDefinition>'
        "<timeDuration>PT8H</timeDuration></timerEventDefinition></boundaryEvent>"
        + arrow(f"late_{step}", f"remind_{step}")
        + f'<sendTask id="remind_{step}" name="Erinnern" anl:nameEn="Remind" anl:message="reminder"/>'
        + arrow(f"remind_{step}", f"to_{step}")
        + _gateway("exclusive", f"to_{step}")
        + arrow(f"to_{step}", step)
    )


def _gateway(kind: str, key: str) -> str:
    return f'<{kind}Gateway id="{key}"/>'


def process() -> bytes:
    """The model as BPMN: 11 steps of people, a fork of three, a table, two timers at the edge of steps."""
    return model(
        '<startEvent id="start"/>', arrow("start", "to_check"),
        user("check", "check", "team:service-analysts", "complete,incomplete", "check", due="PT4H"),
        _late("check"), arrow("check", "checked"),
        choice("checked", "route", "rejected", 'steps.check.outcome == "complete"'),
        '<businessRuleTask id="route" name="Weg" anl:nameEn="Route" anl:table="route"/>', arrow("route", "sized"),
        choice("sized", "small", "large", 'route == "small"'),
        '<sendTask id="small" name="Klein" anl:nameEn="Small" anl:message="small"/>', arrow("small", "size"),
        '<sendTask id="large" name="Groß" anl:nameEn="Large" anl:message="large"/>', arrow("large", "size"),
        _gateway("exclusive", "size"), arrow("size", "fork"),
        _gateway("parallel", "fork"), arrow("fork", "infra"), arrow("fork", "safety"), arrow("fork", "privacy"),
        user("infra", "work", "team:it-workplace", phase="check", due="P1D"), arrow("infra", "join"),
        user("safety", "work", "team:security", phase="check", due="P1D"), arrow("safety", "join"),
        user("privacy", "work", "team:service-analysts", phase="check", due="P1D"), arrow("privacy", "join"),
        _gateway("parallel", "join"), arrow("join", "head"),
        user("head", "approval", "manager", "yes,no", "approve", due="P2D"), arrow("head", "headed"),
        choice("headed", "budget", "rejected", 'steps.head.outcome == "yes"'),
        user("budget", "approval", "team:it-budget", "yes,no", "approve", due="P2D"), arrow("budget", "budgeted"),
        choice("budgeted", "to_buy", "rejected", 'steps.budget.outcome == "yes"'),
        user("buy", "work", "team:purchasing", commits="true", due="P5D"), _late("buy"),
        arrow("buy", "again"), _gateway("exclusive", "again"), arrow("again", "test"),
        user("test", "work", "team:it-workshop", "works,fails", due="P3D"), arrow("test", "tested"),
        choice("tested", "work", "again", 'steps.test.outcome == "works"'),
        user("work", "work", "team:desktop-support", due="P1D"), arrow("work", "booked"),
        '<sendTask id="booked" name="Buchen" anl:nameEn="Book" anl:message="booked"/>', arrow("booked", "look"),
        user("look", "plan", "team:desktop-support"), arrow("look", "accept"),
        user("accept", "acceptance", "requester-or-recipient", "yes,no"), arrow("accept", "accepted"),
        choice("accepted", "fulfilled", "work", 'steps.accept.outcome == "yes"'),
        end("fulfilled", "fulfilled"), end("rejected", "rejected"),
    )  # fmt: skip


class _People:
    """Every step of people waits; tables and messages are done at once."""

    def enter(self, node: Node, data: Mapping[str, Any]) -> Wait | Done:
        if node.kind is NodeKind.USER:
            return Wait()
        return Done(outputs={"route": "large"} if node.table else {})

    def gate_open(self) -> bool:
        return True


def pure() -> Callable[[int], Act | None]:
    """The token game alone: 100 steps per run, because one is too short to be measured."""
    graph = engine.read(process())
    return lambda _number: lambda: _play(graph, 100)


def _play(graph: Graph, steps: int) -> None:
    people, data = _People(), {"answers": {}, "request": {"cost_cents": 20_000}, "steps": {}}
    result: Result | None = None
    tested = 0
    for _step in range(steps):
        if result is None or not result.state.tokens:
            result, tested = engine.start(graph, data, people), 0
        token = next(token for token in result.state.tokens if token.waiting)
        node = graph.nodes[token.node]
        outcome = node.outcomes[0] if node.outcomes else ""
        if node.id == "test":
            outcome, tested = ("works" if tested else "fails"), tested + 1
        result = engine.resume(graph, result.state, token.id, outcome, {}, result.data, people)


def publish(now: datetime) -> None:
    """Put the process in force as a service of its own."""
    name = {"de": "Neues Programm", "en": "New program"}
    category = company.Item.objects.select_related("current__item__category").get(key="desktop").category.key
    item = ItemContent(
        key=KEY, category=category, kind="add", title=name, summary=name, price_cents=20_000,
        form={"format": 1, "questions": []}, asks_justification=False,
    )  # fmt: skip
    service = ServiceFiles(key=KEY, name=name, item=item, xml=process(), tables={"route": ROUTE})
    actions.publish_service(service, acting_user=None, now=now)


def stored() -> Callable[[int], Act | None]:
    """Requests of the process from the first step to the confirmation, each step one run: lock, state, tasks, votes,
    clocks, journal, audit, mails to send, one transaction."""
    owner = User.objects.filter(pk__gte=FIRST_ID, manager__isnull=False).order_by("-pk")[0]
    running: list[ServiceRequest] = []

    def prepare(_number: int) -> Act | None:
        now = clock.now()
        step = company.next_step(running[0], now) if running else None
        if step is None:
            running[:] = [company.submit(KEY, owner, now)]
            step = company.next_step(running[0], now)
        return step

    return prepare
