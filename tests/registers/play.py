"""Nordwerk's people doing what requests ask of them, in the order of a test; time moves by hand."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from anliegen.jobs import runner
from anliegen.requests import actions as requests
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.requests.rules import Line
from anliegen.tracking import sentences
from anliegen.workflow import actions as workflow
from anliegen.workflow.models import Task
from anliegen.workflow.rules import ALIVE, TaskState
from tests.company import NOW, person

OWN_WORDS = "Ohne dieses Programm kann die Abteilung die Messe nicht vorbereiten."


@dataclass
class Stage:
    """One request at a time, `code`; settled steps take effect at once."""

    now: datetime = NOW
    code: str = ""
    _number: int = field(default=0, repr=False)

    def key(self) -> str:
        self._number += 1
        return f"test-{self._number}"

    def order(self, who: str, item: str, *, recipient: str = "", why: str = "Für die Messe.", **answers: Any) -> str:
        to = person(recipient).pk if recipient else None
        line = Line(item_key=item, recipient_id=to, answers=answers, justification=why)
        sent = requests.submit([line], acting_user=person(who), channel="portal", key=self.key(), now=self.now)
        self.code = sent.service_requests.get().code
        return self.code

    @property
    def request(self) -> ServiceRequest:
        return ServiceRequest.objects.get(code=self.code)

    def open(self) -> set[str]:
        """The steps that wait for people."""
        rows = Task.objects.filter(service_request__code=self.code, state__in=ALIVE)
        return set(rows.values_list("node", flat=True))

    def task(self, node: str) -> Task:
        return Task.objects.get(service_request__code=self.code, node=node, state=TaskState.OPEN)

    def asked(self, node: str) -> set[str]:
        """Who decides a step."""
        return {vote.approver.full_name for vote in self.task(node).votes.select_related("approver")}

    def do(
        self, node: str, who: str, outcome: str = "done", *, note: str = "", reason: str = "", **outputs: Any
    ) -> None:
        workflow.complete(
            self.task(node).pk,
            acting_user=person(who),
            outcome=outcome,
            outputs=outputs,
            note=note,
            reject_reason=reason,
            key=self.key(),
            now=self.now,
        )
        self.settle()

    def vote(self, node: str, who: str, verdict: str = "yes", *, comment: str = "", reason: str = "") -> None:
        workflow.decide(
            self.task(node).pk,
            acting_user=person(who),
            verdict=verdict,
            comment=comment,
            reject_reason=reason,
            key=self.key(),
            now=self.now,
        )
        self.settle()

    def accept(self, who: str, verdict: str = "yes", text: str = "") -> None:
        workflow.accept(self.code, acting_user=person(who), verdict=verdict, text=text, key=self.key(), now=self.now)
        self.settle()

    def settle(self) -> None:
        """Let the undo windows of steps and votes pass."""
        self.now += timedelta(minutes=1)
        runner.drain(now=self.now)

    def wait_until(self, moment: datetime) -> None:
        """Everything that falls due until then, each at its own time."""
        from anliegen.demo.scene import run_jobs

        run_jobs(moment)
        self.now = moment

    def said(self, lang: str = "de") -> list[str]:
        """The sentences of the journal."""
        rows = JournalEntry.objects.filter(service_request__code=self.code).exclude(sentence="").order_by("seq")
        return [sentences.render(row.sentence, row.params, lang) for row in rows]

    def sentences(self) -> set[str]:
        rows = JournalEntry.objects.filter(service_request__code=self.code).exclude(sentence="")
        return set(rows.values_list("sentence", flat=True))
