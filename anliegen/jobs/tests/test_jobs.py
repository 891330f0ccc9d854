import contextlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction

from anliegen import jobs
from anliegen.jobs import actions, kinds, leases, queries, rules, runner
from anliegen.jobs.models import Job
from anliegen.lib.errors import NotFound

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


class Boom(Exception):
    pass


class Log:
    """What ran, in order; and what a kind does is set by each test."""

    def __init__(self) -> None:
        self.ran: list[Any] = []
        self.then: Any = lambda payload, now: None

    def work(self, payload: dict[str, Any], now: datetime) -> None:
        self.ran.append(payload.get("n"))
        self.then(payload, now)


@pytest.fixture
def log() -> Iterator[Log]:
    table, recurring = dict(kinds._table), kinds.all_recurring()
    log = Log()
    jobs.bind({"work": log.work})
    yield log
    jobs.bind(table, recurring)


def take(worker: str = "w1", now: datetime = NOW, limit: int = 10) -> list[leases.Claim]:
    return leases.take(worker, kinds.names(), now=now, limit=limit)


def expire(job: Job | None = None) -> None:
    past = leases.database_now() - timedelta(seconds=1)
    Job.objects.filter(leased_until__isnull=False).update(leased_until=past)


def perform(claim: leases.Claim, now: datetime = NOW) -> None:
    runner._perform(claim, now)


def test_a_due_job_runs_once_and_is_gone(log: Log) -> None:
    jobs.schedule("work", due=NOW, payload={"n": 1})
    assert runner.drain(NOW) == 1
    assert runner.drain(NOW) == 0
    assert log.ran == [1]
    assert not Job.objects.exists()


def test_a_job_waits_for_its_time(log: Log) -> None:
    jobs.schedule("work", due=LATER)
    assert runner.drain(NOW) == 0
    assert runner.drain(LATER) == 1


def test_priority_first_then_the_oldest(log: Log) -> None:
    jobs.schedule("work", due=NOW, payload={"n": 3})
    jobs.schedule("work", due=NOW - timedelta(minutes=1), payload={"n": 2})
    jobs.schedule("work", due=NOW, payload={"n": 1}, priority=5)
    runner.drain(NOW)
    assert log.ran == [1, 2, 3]


def test_a_naive_time_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        jobs.schedule("work", due=datetime(2026, 1, 1))


def test_what_is_rolled_back_was_never_scheduled(log: Log) -> None:
    with pytest.raises(Boom), transaction.atomic():
        jobs.schedule("work", key="a", due=NOW)
        raise Boom
    assert runner.drain(NOW) == 0


def test_the_same_key_replaces(log: Log) -> None:
    jobs.schedule("work", key="a", due=NOW, payload={"n": 1})
    jobs.schedule("work", key="a", due=LATER, payload={"n": 2})
    assert queries.planned("a") == LATER
    assert runner.drain(LATER) == 1
    assert log.ran == [2]


def test_replacing_revives_a_dead_letter(log: Log) -> None:
    jobs.schedule("work", key="a", due=NOW)
    Job.objects.update(dead_at=NOW, attempts=9)
    jobs.schedule("work", key="a", due=NOW)
    assert runner.drain(NOW) == 1


def test_cancelling_by_key_and_by_prefix(log: Log) -> None:
    for key in ("t:1:a", "t:1:b", "t:2:a"):
        jobs.schedule("work", key=key, due=NOW)
    assert jobs.cancel("t:2:a") is True
    assert jobs.cancel("t:2:a") is False
    assert jobs.cancel_prefix("t:1:") == 2
    assert runner.drain(NOW) == 0


def test_an_empty_prefix_is_refused() -> None:
    with pytest.raises(ValueError, match="every job"):
        jobs.cancel_prefix("")


def test_a_held_job_is_taken_by_nobody_else(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    assert len(take("w1")) == 1
    assert take("w2") == []


def test_a_lease_runs_out_on_the_databases_clock_not_the_workers(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    take("w1")
    assert take("w2", now=NOW + timedelta(days=400)) == []
    expire()
    assert len(take("w2")) == 1


def test_a_worker_that_slept_too_long_commits_nothing(log: Log) -> None:
    jobs.schedule("work", due=NOW, payload={"n": 1})
    log.then = lambda payload, now: jobs.schedule("other", key="effect", due=LATER)
    (sleeper,) = take("w1")
    expire()
    (fresh,) = take("w2")
    with pytest.raises(leases.LostLease):
        perform(sleeper)
    assert not Job.objects.filter(key="effect").exists()
    perform(fresh)
    assert Job.objects.filter(key="effect").count() == 1


def effects_when_a_worker_slept(log: Log) -> int:
    """How often a job had its effect when one worker slept over its lease and a second one took it."""
    jobs.schedule("work", key="job", due=NOW)
    log.then = lambda payload, now: jobs.schedule("effect", due=LATER)
    (sleeper,) = take("w1")
    expire()
    (fresh,) = take("w2")
    for claim in (sleeper, fresh):
        with contextlib.suppress(leases.LostLease):
            perform(claim)
    return Job.objects.filter(kind="effect").count()


def test_a_job_has_its_effect_once_when_a_worker_slept(log: Log) -> None:
    assert effects_when_a_worker_slept(log) == 1


def test_planted_bug_no_fence_is_caught(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def unguarded(claim: leases.Claim) -> None:
        Job.objects.filter(id=claim.id).delete()

    monkeypatch.setattr(leases, "finish", unguarded)
    assert effects_when_a_worker_slept(log) == 2


def test_planted_bug_effect_before_the_fences_commit_is_caught(log: Log, monkeypatch: pytest.MonkeyPatch) -> None:
    def two_transactions(claim: leases.Claim, now: datetime) -> None:
        with transaction.atomic():
            log.work(claim.payload, now)
        with transaction.atomic():
            leases.finish(claim)

    monkeypatch.setattr(runner, "_perform", two_transactions)
    assert effects_when_a_worker_slept(log) == 2


def test_a_run_that_finished_late_but_first_wins(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    (sleeper,) = take("w1")
    expire()
    perform(sleeper)
    assert take("w2") == []


@pytest.mark.parametrize("change", ["replace", "cancel"])
def test_a_job_changed_while_it_runs_commits_nothing(log: Log, change: str) -> None:
    jobs.schedule("work", key="a", due=NOW)
    (claim,) = take()
    if change == "cancel":
        jobs.cancel("a")
    else:
        jobs.schedule("work", key="a", due=LATER)
    log.then = lambda payload, now: jobs.schedule("other", key="effect", due=LATER)
    with pytest.raises(leases.LostLease):
        perform(claim)
    assert not Job.objects.filter(key="effect").exists()
    assert Job.objects.filter(key="a").exists() is (change == "replace")


def test_a_job_may_plan_its_own_key_again(log: Log) -> None:
    jobs.schedule("work", key="a", due=NOW, payload={"n": 1})

    def again(payload: dict[str, Any], now: datetime) -> None:
        if payload["n"] < 3:
            jobs.schedule("work", key="a", due=now, payload={"n": payload["n"] + 1})

    log.then = again
    assert runner.drain(NOW) == 3
    assert log.ran == [1, 2, 3]


def test_a_job_may_cancel_its_own_key(log: Log) -> None:
    jobs.schedule("work", key="a:1", due=NOW)
    log.then = lambda payload, now: jobs.cancel_prefix("a:")
    assert runner.drain(NOW) == 1
    assert not Job.objects.exists()


def test_an_own_plan_that_was_rolled_back_does_not_count(log: Log) -> None:
    jobs.schedule("work", key="a", due=NOW)

    def half(payload: dict[str, Any], now: datetime) -> None:
        try:
            with transaction.atomic():
                jobs.schedule("work", key="a", due=now)
                raise Boom
        except Boom:
            pass

    log.then = half
    assert runner.drain(NOW) == 1
    assert not Job.objects.exists()


def test_a_failure_rolls_back_is_noted_and_tried_again_later(log: Log) -> None:
    jobs.schedule("work", key="a", due=NOW)

    def fail(payload: dict[str, Any], now: datetime) -> None:
        jobs.schedule("other", key="effect", due=LATER)
        raise Boom("no\x00 paper")

    log.then = fail
    with pytest.raises(Boom):
        runner.drain(NOW)
    job = Job.objects.get()
    assert (job.key, job.attempts, job.leased_until) == ("a", 1, None)
    assert NOW + timedelta(seconds=4) <= job.due <= NOW + timedelta(seconds=6)
    assert job.last_error.startswith("Boom (test_jobs.py:")
    assert job.last_error.endswith(": no paper")


def test_after_the_last_attempt_it_is_a_dead_letter_that_can_be_retried_or_discarded(log: Log) -> None:
    jobs.schedule("work", due=NOW)

    def fail(payload: dict[str, Any], now: datetime) -> None:
        raise Boom

    log.then = fail
    moment = NOW
    for _ in range(rules.INSIDE_ATTEMPTS):
        runner.drain(moment, strict=False)
        moment += timedelta(minutes=5)
    (dead,) = queries.dead_letters()
    assert dead.attempts == rules.INSIDE_ATTEMPTS
    assert queries.report(moment)["dead"] == 1
    assert runner.drain(moment) == 0
    actions.retry(dead.id, now=moment)
    with pytest.raises(NotFound):
        actions.discard(dead.id)
    log.then = lambda payload, now: None
    assert runner.drain(moment) == 1


def test_giving_up_makes_a_dead_letter_at_once(log: Log) -> None:
    jobs.schedule("work", due=NOW)

    def give_up(payload: dict[str, Any], now: datetime) -> None:
        raise jobs.GiveUp("no such mailbox")

    log.then = give_up
    runner.drain(NOW, strict=False)
    (dead,) = queries.dead_letters()
    assert "no such mailbox" in dead.last_error
    actions.discard(dead.id)
    assert queries.dead_letters() == []
    assert actions.retry_all(kind="work", now=NOW) == 0


def test_a_job_that_kills_its_workers_is_buried_and_takes_no_others_with_it(log: Log) -> None:
    jobs.schedule("work", due=NOW - timedelta(hours=1), payload={"n": "killer"})
    jobs.schedule("work", due=NOW, payload={"n": "good"})
    assert len(take("w0")) == 2
    for number in range(1, rules.MAX_LOST):
        expire()
        assert [claim.payload["n"] for claim in take(f"w{number}")] == ["killer"]
    expire()
    assert take("last") == []
    assert [row.kind for row in queries.dead_letters()] == ["work"]
    assert [claim.payload["n"] for claim in take("last")] == ["good"]


def test_an_unknown_kind_is_left_for_a_newer_worker(log: Log) -> None:
    jobs.schedule("from the future", due=NOW)
    assert runner.drain(NOW) == 0
    assert queries.report(NOW)["due"] == 1


def test_released_jobs_can_be_taken_at_once(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    leases.release(take("w1"))
    (claim,) = take("w2")
    assert Job.objects.get().lost == 0
    assert claim.fence == Job.objects.get().fence


def test_after_a_turn_that_broke_off_the_worker_gives_back_what_it_held(
    log: Log, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        jobs.schedule("work", due=NOW, payload={"n": n})
    stop = threading.Event()
    worker = runner._Worker("w1", lambda: NOW)

    def gone(claim: leases.Claim) -> None:
        raise OperationalError("gone")

    with monkeypatch.context() as broken:
        broken.setattr(worker, "work", gone)
        with pytest.raises(OperationalError):
            worker.turn(stop)
    worker.stumbled()
    assert worker.turn(stop)
    assert log.ran == [0, 1, 2]


def test_drain_says_when_it_never_ends(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    log.then = lambda payload, now: jobs.schedule("work", due=now)
    with pytest.raises(RuntimeError, match="still more"):
        runner.drain(NOW, limit=5)
    assert len(log.ran) == 5


def test_the_report_counts(log: Log) -> None:
    jobs.schedule("work", due=NOW - timedelta(seconds=90))
    jobs.schedule("work", due=LATER)
    leases.beat("w1", renew=True)
    report = queries.report(NOW)
    assert (report["pending"], report["due"], report["dead"]) == (2, 1, 0)
    assert report["oldest_due_age_s"] == 90
    assert [worker["name"] for worker in report["workers"]] == ["w1"]
    leases.leave("w1")
    assert queries.report(NOW)["workers"] == []


def test_a_beat_prolongs_the_leases_of_that_worker_only(log: Log) -> None:
    jobs.schedule("work", due=NOW)
    take("w1")
    expire()
    leases.beat("w2", renew=True)
    assert len(take("w3")) == 1
    expire()
    leases.beat("w3", renew=True)
    assert take("w1") == []


def test_pauses_grow_and_stay_under_five_minutes() -> None:
    assert rules.retry_after(1, 0.5) == timedelta(seconds=5)
    assert rules.retry_after(3, 0.5) == timedelta(seconds=20)
    assert rules.retry_after(500, 1.0) < timedelta(minutes=5)
