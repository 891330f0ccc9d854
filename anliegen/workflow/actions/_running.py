"""One command on the running pass of one request: the engine's moves become rows, in one transaction.

The request's row is locked by the caller. Nobody else changes the run, its tokens, tasks and faults meanwhile.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from django.db.models import F

from anliegen.jobs import cancel_prefix
from anliegen.lib import bus
from anliegen.lib.text import LocalText, Sentence
from anliegen.people.models import User
from anliegen.requests import lifecycle
from anliegen.requests.lifecycle import By, Decision
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import EndKind, Visibility
from anliegen.workflow import engine, events
from anliegen.workflow.actions import _ending, _status, _tasks, _timers, _tokens
from anliegen.workflow.actions._resolver import Resolver
from anliegen.workflow.engine import Node, Result
from anliegen.workflow.events import DecisionMade, FaultRaised
from anliegen.workflow.models import Fault, Release, Run, RunEvent, Task, Token
from anliegen.workflow.queries import case as cases
from anliegen.workflow.queries import releases, steps
from anliegen.workflow.queries.steps import Ruled
from anliegen.workflow.rules import ALIVE, RunStatus

MAX_KNOCKS = 20


class Running:
    """A pass with its state in hand. Make it with `begin` or `of`, command it, then call `finish`."""

    def __init__(
        self,
        service_request: ServiceRequest,
        run: Run,
        *,
        now: datetime,
        actor: User | None = None,
        tokens: Sequence[Token] | None = None,
    ) -> None:
        self.service_request = service_request
        self.run = run
        self.now = now
        self.actor = actor
        self.graph = releases.graph_of(run.release.model_version)
        service_request.item_version = run.release.item_version
        self.rows = {row.number: row for row in (_tokens.of(run) if tokens is None else tokens)}
        self.state = _tokens.state(self.rows)
        self.data: dict[str, Any] = run.data
        self.visits: Counter[str] = Counter(run.visits)
        self.saved: tuple[Any, ...] = ()
        self.ended = ""
        self.sent_back = ""  # what somebody wrote who sent it back in this command
        self.failed_check = False  # whether that was a quality check, so that the team that mends it reads it
        self.decided: list[Ruled] = []
        self.resolver = Resolver(self)

    @classmethod
    def begin(
        cls,
        service_request: ServiceRequest,
        release: Release,
        *,
        now: datetime,
        actor: User | None = None,
        begun_by: str = "start",
        last: int | None = None,
    ) -> "Running":
        """The next pass, not started yet; `last` is the number of the one before where the caller knows it."""
        last = releases.last_pass(service_request.pk) if last is None else last
        run = Run.objects.create(
            service_request=service_request, release=release, pass_no=last + 1, begun_by=begun_by, started_at=now
        )
        running = cls(service_request, run, now=now, actor=actor, tokens=())
        running.data = cases.data_of(service_request, running.case, now)
        return running

    @classmethod
    def of(cls, service_request: ServiceRequest, *, now: datetime, actor: User | None = None) -> "Running | None":
        """The pass that runs now, or None."""
        run = releases.running(service_request.pk)
        return cls(service_request, run, now=now, actor=actor) if run else None

    @cached_property
    def case(self) -> cases.Case:
        return cases.of_request(self.service_request, self.run.release)

    @property
    def actor_id(self) -> int | None:
        return self.actor.pk if self.actor else None

    def node(self, key: str) -> Node:
        return self.graph.nodes[key]

    # Commands

    def start(self) -> None:
        self._command("start", {}, engine.start(self.graph, self.data, self.resolver))

    def place(self, node_id: str) -> None:
        """Begin at a node: a reopening."""
        self._command("place", {"node": node_id}, engine.place(self.graph, node_id, self.data, self.resolver))

    def resume(self, token: int, outcome: str, outputs: Mapping[str, Any]) -> None:
        """A waiting step is finished."""
        self.refresh()
        result = engine.resume(self.graph, self.state, token, outcome, outputs, self.data, self.resolver)
        self._command("resume", {"token": token, "outcome": outcome, "outputs": dict(outputs)}, result)

    def fire(self, token: int, boundary: str) -> None:
        """A timer is due: of a waiting timer step, or with `boundary` at the edge of a step."""
        self.refresh()
        result = engine.fire(self.graph, self.state, token, boundary, self.data, self.resolver)
        self._command("fire", {"token": token, "boundary": boundary}, result)

    def knock(self, token: int | None = None) -> None:
        """Try again: the gate, or the step whose fault was repaired."""
        result = engine.knock(self.graph, self.state, self.data, self.resolver, token)
        self._command("knock", {"token": token}, result)

    def refresh(self) -> None:
        """Let rules read what the request costs now."""
        self.__dict__.pop("case", None)
        self.data = {**self.data, "request": cases.request_data(self.service_request, self.now)}

    # What follows from the engine's moves

    def _command(self, command: str, detail: dict[str, Any], result: Result) -> None:
        before = self.data
        self.state, self.data = result.state, dict(result.data)
        for effect in result.effects:
            self._effect(effect)
        _tokens.save(self.run, self.rows, self.state)
        self.run.seq += 1
        RunEvent.objects.create(
            run=self.run,
            seq=self.run.seq,
            command=command,
            detail={"format": 1, **detail, "read": before, "answers": self.resolver.told()},
            at=self.now,
        )
        self._tell_decisions()

    def _tell_decisions(self) -> None:
        """Announce what rules decided, now that everybody can read the data that they gave."""
        self._save_run()
        decided, self.decided = self.decided, []
        for ruled in decided:
            self.publish(
                DecisionMade,
                rule=ruled.rule,
                changes={"version": ruled.rule_version, "inputs": ruled.inputs, "result": ruled.result},
            )

    def _effect(self, effect: Any) -> None:
        match effect:
            case engine.Entered():
                self._entered(effect.token_id, self.node(effect.node))
            case engine.Withdrawn():
                self._left(effect.token_id)
            case engine.Stopped():
                self._stopped(effect)
            case engine.Passed(by="condition"):
                self._skipped(self.node(effect.node))
            case engine.Ended():
                self.ended = effect.outcome or EndKind.FULFILLED
            case _:
                pass

    def _entered(self, token: int, node: Node) -> None:
        if node.kind is engine.NodeKind.USER:
            _tasks.open_task(self, node, token)
        _timers.arm(self, node, token)

    def _skipped(self, node: Node) -> None:
        """A step whose condition does not hold was left out: a decision by rule, with what it read."""
        reads = steps.reads(node.condition, self.data)
        sentence = Sentence("not-needed", {"task": node.name.json()})
        version = str(self.run.release.model_version.number)
        self.log_rule(Ruled("", sentence, f"condition:{node.id}", version, reads, False))

    def _left(self, token: int) -> None:
        """A token was withdrawn, by an interrupting timer or a terminating end."""
        _timers.disarm(self.run, token)
        for task in Task.objects.filter(run=self.run, token_number=token, state__in=ALIVE):
            _tasks.withdraw_task(self, task)
        self.run.faults.filter(token_number=token, resolved_at=None).update(resolved_at=self.now)

    def _stopped(self, effect: Any) -> None:
        node = self.node(effect.node)
        fault = Fault.objects.create(
            run=self.run,
            token_number=effect.token_id,
            node=effect.node,
            code=effect.code[:60],
            params=dict(effect.params),
            created_at=self.now,
        )
        self.log("fault", {"task": node.name.json(), "code": effect.code}, internal=True)
        self.publish(FaultRaised, fault_id=fault.pk, node=effect.node, rule=f"node:{effect.node}")

    def finish(self) -> None:
        """Let in who waits at the gate, end the run if it is over, store the run and the status."""
        for _knock in range(MAX_KNOCKS):
            if self.ended or self.run.held_at or not self._may_knock():
                break
            self.knock()
        if self.ended:
            _ending.end_run(self, self.ended)
        self._save_run()
        if not self.ended:
            _status.store(self)

    def _save_run(self) -> None:
        """Write the run, unless it stands so already."""
        run = self.run
        run.data, run.visits = self.data, dict(self.visits)
        now = (run.data, run.visits, run.held, run.held_at, run.seq, run.status)
        if self.saved != now:
            run.save(update_fields=["data", "visits", "held", "held_at", "seq", "status", "outcome", "ended_at"])
            self.saved = now

    def _may_knock(self) -> bool:
        return self.at_gate() and self.resolver.is_free()

    def at_gate(self) -> bool:
        """Whether a token stands before the gate."""
        gate = self.graph.gate
        return bool(gate) and any(token.node == gate and not token.waiting for token in self.state.tokens)

    # Words

    def log(
        self, key: str, params: Mapping[str, Any], *, by: User | None = None, team: str = "", internal: bool = False
    ) -> None:
        """One sentence in the journal."""
        actor = by or None
        lifecycle.log_later(
            self.service_request,
            Sentence(key, params),
            now=self.now,
            by=By(actor, team) if actor or team else None,
            visibility=_seen(internal),
        )

    def log_rule(self, ruled: Ruled, *, internal: bool = False) -> None:
        """One automatic decision in journal and audit: rule, version, inputs, result, sentence.

        `internal`: for those who work on it, never for who asked for it.
        """
        decision = Decision(rule=ruled.rule, rule_version=ruled.rule_version, inputs=ruled.inputs, result=ruled.result)
        lifecycle.log_later(
            self.service_request, ruled.sentence, now=self.now, decision=decision, visibility=_seen(internal)
        )
        self.decided.append(ruled)

    def publish(self, event: type[events.RunEvent], /, **fields: Any) -> None:
        """Announce something about this request."""
        fields = {
            "actor_id": self.actor_id,
            "changes": {},
            "item_version_id": self.run.release.item_version_id,
            **fields,
        }
        if fields["actor_id"] is None and not fields.get("rule"):
            fields["rule"] = f"model:{self.run.release.model_version.model.key}"
        bus.publish(event(subject_id=self.service_request.pk, now=self.now, code=self.service_request.code, **fields))

    def name(self, task: Task) -> dict[str, str]:
        return LocalText.of(task.name).json()


def _seen(internal: bool) -> Visibility:
    return Visibility.INTERNAL if internal else Visibility.ALL


def replace(run: Run, *, now: datetime) -> None:
    """A later pass takes over: this one has no tokens, timers and faults any more."""
    cancel_prefix(_timers.prefix(run))
    run.tokens.all().delete()
    run.faults.filter(resolved_at=None).update(resolved_at=now)
    Run.objects.filter(pk=run.pk).update(status=RunStatus.REPLACED, ended_at=now, seq=F("seq"))
