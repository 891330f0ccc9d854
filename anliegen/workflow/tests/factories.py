"""Small published services for tests, also of other packages."""

import itertools
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from anliegen.catalogue.tests.factories import NOW, SYSTEM, Firm, both, category, content, firm
from anliegen.jobs import bind, runner
from anliegen.lib import bus
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import LimitKind
from anliegen.requests.events import Submitted
from anliegen.requests.models import ServiceRequest
from anliegen.requests.tests.factories import line as request_line
from anliegen.requests.tests.factories import submit
from anliegen.workflow import actions, handlers
from anliegen.workflow.models import Release, Task
from anliegen.workflow.rules import ServiceFiles

__all__ = ["NOW", "SYSTEM", "Firm", "both", "firm"]

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:anl="https://anliegen.dev/bpmn/1">
<process id="demo" name="Probe" anl:nameEn="Trial" anl:gate="accept" anl:reopenAt="work"><extensionElements>
<anl:phase key="check" de="Prüfung" en="Check"/><anl:phase key="approve" de="Genehmigung" en="Approval"/>
<anl:phase key="do" de="Umsetzung" en="Work"/></extensionElements>
"""
_ids = itertools.count()


def user(key: str, kind: str, who: str, outcomes: str = "done", phase: str = "do", inside: str = "", **own: Any) -> str:
    more = "".join(f' anl:{name}="{value}"' for name, value in own.items())
    return (
        f'<userTask id="{key}" name="{key} de" anl:nameEn="{key} en" anl:kind="{kind}" anl:phase="{phase}" '
        f'anl:who="{who}" anl:outcomes="{outcomes}"{more}>{inside}</userTask>\n'
    )


def arrow(source: str, target: str, condition: str = "") -> str:
    inside = f"<conditionExpression><![CDATA[{condition}]]></conditionExpression>" if condition else ""
    return f'<sequenceFlow id="f{next(_ids)}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>\n'


def choice(key: str, yes: str, no: str, condition: str) -> str:
    """An exclusive gateway with a condition and a default."""
    other = f"d{next(_ids)}"
    return (
        f'<exclusiveGateway id="{key}" default="{other}"/>\n'
        + arrow(key, yes, condition)
        + f'<sequenceFlow id="{other}" sourceRef="{key}" targetRef="{no}"/>\n'
    )


def end(key: str, outcome: str) -> str:
    return f'<endEvent id="{key}" anl:outcome="{outcome}"/>\n'


def model(*parts: str) -> bytes:
    return (HEAD + "".join(parts) + "</process></definitions>").encode()


ACCEPTANCE = (
    user("accept", "acceptance", "requester-or-recipient", "yes,no")
    + arrow("accept", "accepted")
    + choice("accepted", "fulfilled", "work", 'steps.accept.outcome == "yes"')
    + end("fulfilled", "fulfilled")
)
REJECTED = end("rejected", "rejected")


def usual(approval: str = "", work: str = "") -> bytes:
    """Check by the desk, approval, work of the workshop, confirmation."""
    return model(
        '<startEvent id="start"/>', arrow("start", "check"),
        user("check", "check", "team:service-desk", "complete,incomplete", "check", due="PT4H"),
        arrow("check", "checked"),
        choice("checked", "approve", "rejected", 'steps.check.outcome == "complete"'),
        approval or user("approve", "approval", "manager", "yes,no", "approve", due="P2D", automation="limit"),
        arrow("approve", "approved"),
        choice("approved", "work", "rejected", 'steps.approve.outcome == "yes"'),
        work or user("work", "work", "team:workshop", "done", due="P4D", commits="true"),
        arrow("work", "accept"), ACCEPTANCE, REJECTED,
    )  # fmt: skip


def parallel() -> bytes:
    """Two teams at once, then confirmation."""
    return model(
        '<startEvent id="start"/>', arrow("start", "fork"), '<parallelGateway id="fork"/>',
        arrow("fork", "work"), arrow("fork", "desk"),
        user("work", "work", "team:workshop"), user("desk", "work", "team:service-desk", phase="check"),
        arrow("work", "join"), arrow("desk", "join"), '<parallelGateway id="join"/>', arrow("join", "accept"),
        user("accept", "acceptance", "requester-or-recipient", "yes,no"),
        arrow("accept", "accepted"),
        choice("accepted", "fulfilled", "again", 'steps.accept.outcome == "yes"'),
        user("again", "work", "team:workshop"), arrow("again", "accept"), end("fulfilled", "fulfilled"),
    ).replace(b'anl:reopenAt="work"', b'anl:reopenAt="again"')  # fmt: skip


MULTI = {
    "parallel": "<multiInstanceLoopCharacteristics/>",
    "sequential": '<multiInstanceLoopCharacteristics isSequential="true"/>',
}


def publish(xml: bytes | None = None, *, key: str = "desktop", **fields: Any) -> Release:
    """A service in force."""
    category()
    tables = fields.pop("tables", {})
    options = fields.pop("options", {})
    service = ServiceFiles(
        key=key, name=both("Probe"), item=content(key, **fields), xml=xml or usual(), tables=tables, options=options
    )
    return actions.publish_service(service, **SYSTEM)


@dataclass
class Stage:
    """A firm with a service in force, and short words for what people do."""

    firm: Firm
    boss: User
    now: datetime = NOW

    def order(self, by: User | None = None, **fields: Any) -> ServiceRequest:
        return submit(by or self.firm.owner, request_line(**fields), now=self.now).service_requests.get()

    def task(self, request: ServiceRequest, node: str, state: str = "open") -> Task:
        return Task.objects.filter(service_request=request, node=node, state=state).latest("id")

    def open(self, request: ServiceRequest) -> list[str]:
        rows = Task.objects.filter(service_request=request, state__in=("open", "settled"))
        return sorted(rows.values_list("node", flat=True))

    def done(self, request: ServiceRequest, node: str, outcome: str, by: User, **fields: Any) -> Task:
        return actions.complete(self.task(request, node).pk, acting_user=by, outcome=outcome, now=self.now, **fields)

    def vote(self, request: ServiceRequest, verdict: str, by: User, node: str = "approve", **fields: Any) -> Task:
        said = {"comment": "Kein Geld", "reject_reason": "budget"} if verdict == "no" else {}
        task = Task.objects.filter(service_request=request, node=node).latest("id")
        return actions.decide(task.pk, acting_user=by, verdict=verdict, now=self.now, **{**said, **fields})

    def wait(self, **time: int) -> int:
        """Let time pass, with everything that falls due in it."""
        self.now += timedelta(**time)
        return runner.drain(now=self.now)


def stage(*, wired: bool = False) -> Stage:
    """Jana's manager is Berta; limit of Jana 1,000 euros; the workflow's own handlers and jobs, or `wired` all."""
    if not wired:
        bus.bind({Submitted: [handlers.submitted]})
        bind(handlers.JOBS)
    found = firm()
    boss = people.create_person(**SYSTEM, email="berta@nordwerk.example", first_name="Berta", last_name="Boss")
    people.update_person(found.owner.pk, manager=boss, **SYSTEM)
    people.set_limit(found.owner.pk, LimitKind.ORDER, 100_000, **SYSTEM)
    found.owner = User.objects.get(pk=found.owner.pk)
    return Stage(found, User.objects.get(pk=boss.pk))
