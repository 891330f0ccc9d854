"""Deciding: one vote per approver, and what the votes decide together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from anliegen.audit import actions as audit
from anliegen.lib.errors import Conflict, Forbidden, Refused
from anliegen.people.models import User
from anliegen.requests.rules import Reason
from anliegen.workflow import access
from anliegen.workflow.actions import _settle, _tasks
from anliegen.workflow.actions._inputs import text_of
from anliegen.workflow.actions._running import Running
from anliegen.workflow.events import VoteCast
from anliegen.workflow.models import Task, Vote
from anliegen.workflow.queries import node_of
from anliegen.workflow.rules import MAX_NOTE, Verdict, own_words_problem, tally


@audit.command
def decide(  # noqa: PLR0913 - what a vote consists of
    task_id: int,
    *,
    acting_user: User,
    verdict: str,
    now: datetime,
    comment: str = "",
    reject_reason: str = "",
    key: str = "",
    version: int | None = None,
) -> Task:
    """Cast one's vote, or that of somebody for whom one stands in; the deciding one moves the request on.

    A vote that decided nothing yet may be changed by who cast it. "no" needs a reason from the list and a sentence.
    Locks the request. The same `key` gives the same task. Raises NotFound, Forbidden (not asked; own request, A16),
    Conflict (decided already, naming who; changed since `version`), Refused (comment: an own justification is missing).
    """
    if before := audit.replayed(acting_user.pk, key, "workflow.decide"):
        return Task.objects.get(pk=before)
    task, vote = access.task_to_decide(task_id, acting_user, now)
    _settle.require_open(task)
    _settle.require_version(task, version)
    said = _said(verdict, comment, reject_reason)
    _require_own_words(task, said)
    if vote is None or (vote.verdict != Verdict.OPEN and vote.by_id != acting_user.pk):
        raise Conflict(_already(vote))
    running = _settle.running_of(task, now=now, actor=acting_user)
    _cast(running, task, vote, said)
    audit.remember(acting_user.pk, key, "workflow.decide", "task", task.pk)
    running.finish()
    return task


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is said once about several tasks."""

    verdict: str
    comment: str = ""
    reject_reason: str = ""


def decide_together(
    tasks: Mapping[int, int | None], said: Said, *, acting_user: User, key: str, now: datetime
) -> tuple[int, list[str]]:
    """Cast one's vote on several tasks, each in a transaction of its own: how many, and why the others could not be.

    `tasks` maps each to the version that was seen. Raises NotFound, and Refused before anything is decided.
    """
    left: list[str] = []
    for task_id, version in tasks.items():
        try:
            decide(
                task_id,
                acting_user=acting_user,
                verdict=said.verdict,
                comment=said.comment,
                reject_reason=said.reject_reason,
                version=version,
                key=f"{key}:{task_id}",
                now=now,
            )
        except (Conflict, Forbidden) as error:
            left.append(str(error.message))
    return len(tasks) - len(left), left


def _said(verdict: str, comment: str, reject_reason: str) -> tuple[Verdict, str, str]:
    """The vote as it may be stored. Raises Refused."""
    if verdict not in {Verdict.YES, Verdict.NO}:
        raise Refused("verdict", _("Please choose yes or no."))
    text = text_of(comment, MAX_NOTE, "comment")
    if verdict == Verdict.YES:
        return Verdict.YES, text, ""
    if reject_reason not in set(Reason):
        raise Refused("reject_reason", _("Please choose a reason from the list."))
    if not text:
        raise Refused("comment", _("Please say in a sentence why not, so that the requester can understand it."))
    return Verdict.NO, text, reject_reason


def _require_own_words(task: Task, said: tuple[Verdict, str, str]) -> None:
    """Where the step asks for it, a yes needs the approver's own written justification (R130). Raises Refused.

    What the requester wrote does not count: neither copied nor with other spaces and capitals.
    """
    node = node_of(task)
    verdict, text, _reason = said
    if verdict != Verdict.YES or node is None or not node.own_words:
        return
    if problem := own_words_problem(text, node.own_words, task.service_request.justification):
        raise Refused("comment", _OWN_WORDS[problem] % {"least": node.own_words})


_OWN_WORDS = {
    "too-short": gettext_lazy("Please justify your decision in your own words, with at least %(least)s characters."),
    "copied": gettext_lazy("Please justify your decision in your own words. This is what the requester wrote."),
}


def _already(vote: Vote | None) -> str:
    if vote is None:
        return _("It is not your turn yet. You will be asked when the others have decided.")
    return _("%(name)s has already voted for %(principal)s.") % {
        "name": vote.by.full_name if vote.by else "",
        "principal": vote.approver.full_name,
    }


def _cast(running: Running, task: Task, vote: Vote, said: tuple[Verdict, str, str]) -> None:
    user = running.actor
    assert user is not None
    vote.verdict, vote.comment, vote.reject_reason = said
    vote.by, vote.voted_at = user, running.now
    vote.save(update_fields=["verdict", "comment", "reject_reason", "by", "voted_at"])
    task.version += 1
    Task.objects.filter(pk=task.pk).update(version=task.version)
    params = {"task": running.name(task), "name": user.full_name}
    outcome = _outcome(running, task)
    if vote.approver_id == user.pk:
        if not outcome:  # else the decision itself is told, by the same name
            running.log("voted-yes" if vote.verdict == Verdict.YES else "voted-no", params, by=user)
    else:
        running.log(
            "voted-for", {**params, "principal": vote.approver.full_name, "verdict": str(vote.verdict)}, by=user
        )
    _tasks.announce(
        running,
        VoteCast,
        task,
        principal_id=vote.approver_id,
        verdict=str(vote.verdict),
        changes={"verdict": str(vote.verdict), "reason": vote.reject_reason, "principal": vote.approver_id},
    )
    _count(running, task, vote, outcome)


def _outcome(running: Running, task: Task) -> str:
    """What the votes so far decide; "" while more are needed. One statement."""
    node = running.node(task.node)
    verdicts = list(Vote.objects.filter(task=task).order_by("position", "id").values_list("verdict", flat=True))
    quorum = node.quorum or "all" if node.multi else "one"
    return tally([str(verdict) for verdict in verdicts], quorum)


def _count(running: Running, task: Task, vote: Vote, outcome: str) -> None:
    """Let the votes decide, or ask the next approver."""
    node, user = running.node(task.node), running.actor
    if not outcome:
        _tasks.next_vote(running, task)
        return
    task.note, task.reject_reason = vote.comment, vote.reject_reason
    name = user.full_name if user else ""
    task_name = running.name(task)
    if outcome == "yes":
        running.log("approved", {"task": task_name, "name": name, "cents": task.cost_seen_cents or 0}, by=user)
        if node.own_words:
            running.log("justified", {"task": task_name, "name": name, "text": vote.comment}, by=user)
    else:
        running.log("not-approved", {"task": task_name, "name": name, "reason": vote.reject_reason}, by=user)
    _settle.settle(running, task, outcome, by=user)
