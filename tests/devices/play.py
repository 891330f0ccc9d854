"""Playing one request of a device through the actions, by the people of Nordwerk."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anliegen.requests import actions as requests
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import Line
from anliegen.tracking import sentences
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.rules import TaskState
from tests.company import NOW, person


@dataclass
class Play:
    code: str
    now: datetime = NOW

    @property
    def row(self) -> ServiceRequest:
        return ServiceRequest.objects.get(code=self.code)

    @property
    def open(self) -> list[str]:
        """The steps that wait for somebody."""
        rows = Task.objects.filter(service_request__code=self.code, state=TaskState.OPEN).order_by("id")
        return list(rows.values_list("node", flat=True))

    def task(self, node: str) -> Task:
        return Task.objects.get(service_request__code=self.code, node=node, state=TaskState.OPEN)

    def asked(self, node: str) -> list[str]:
        votes = Vote.objects.filter(task=self.task(node), verdict="open").select_related("approver")
        return [vote.approver.full_name for vote in votes]

    def do(self, node: str, who: str, outcome: str = "done", *, note: str = "", **outputs: Any) -> None:
        workflow.complete(
            self.task(node).pk, acting_user=person(who), outcome=outcome, outputs=outputs, note=note, now=self.now
        )

    def vote(self, node: str, who: str, verdict: str = "yes", **more: Any) -> None:
        workflow.decide(self.task(node).pk, acting_user=person(who), verdict=verdict, now=self.now, **more)

    def said(self, key: str, lang: str = "de") -> list[str]:
        """The sentences with that key, in words."""
        rows = JournalEntry.objects.filter(service_request__code=self.code, sentence=key).order_by("seq")
        return [sentences.render(row.sentence, row.params, lang) for row in rows]


def laptop(who: str, model: str = "laptop-14", *, quantity: int = 1, **more: Any) -> Play:
    user = person(who)
    place = user.place.code if user.place else "B 1.12"
    answers = {"model": model, "quantity": quantity, "reason": "new", "handover": "office", "place": place, **more}
    if answers["handover"] == "post":
        del answers["place"]
    line = Line(item_key="laptop", answers=answers, justification="Für unterwegs.")
    key = f"laptop-{who}-{model}-{quantity}-{sorted(more)}"
    return Play(
        requests.submit([line], acting_user=user, channel="portal", key=key, now=NOW).service_requests.get().code
    )


def bought(play: Play, outcome: str = "ordered", **more: Any) -> None:
    values = {"supplier": "Nordsee Systemhaus", "cost": play.row.cost_cents, "order_number": "B-1", **more}
    if outcome == "ordered":
        values.setdefault("delivery_date", "2026-12-04")
    play.do("buy", "Martin Berger", outcome, **values)


def handed_over(play: Play) -> None:
    """From the workshop into the hands of the recipient."""
    play.do(
        "assemble", "Mats Koch", serial="5CD1", inventory_number="NW-5001", tick_disk_encrypted=True, tick_updated=True
    )
    play.do("hand-over", "Sven Jacobs")


def move(who: str, to: str = "C 1.02", things: tuple[str, ...] = ("pc", "furniture"), checked: str = "free") -> Play:
    """An office move whose new place is free, or not checked yet."""
    user = person(who)
    line = Line(item_key="move", answers={"new_place": to, "things": list(things)}, justification="")
    sent = requests.submit([line], acting_user=user, channel="portal", key=f"move-{who}-{to}", now=NOW)
    play = Play(sent.service_requests.get().code)
    if checked:
        play.do("check", "Aylin Noack", checked)
    return play
