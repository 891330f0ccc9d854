from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection

from anliegen import jobs
from anliegen.jobs import kinds, leases, queries, runner
from anliegen.jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)
NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)


class Post:
    """A mail-like job that remembers its steps."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.failures: list[tuple[str, bool]] = []
        self.error: Exception | None = None
        self.during: Any = lambda: None

    def prepare(self, payload: dict[str, Any], now: datetime) -> str | None:
        assert connection.in_atomic_block
        self.steps.append("prepare")
        return payload.get("text")

    def send(self, text: str) -> str:
        assert not connection.in_atomic_block
        self.steps.append(f"send {text}")
        self.during()
        if self.error:
            raise self.error
        return "250"

    def finish(self, payload: dict[str, Any], result: str, now: datetime) -> None:
        assert connection.in_atomic_block
        jobs.schedule("note", key="sent", due=now)
        self.steps.append(f"finish {result}")

    def failed(self, payload: dict[str, Any], error: Exception, now: datetime, dead: bool) -> None:
        self.failures.append((str(error), dead))


@pytest.fixture
def post() -> Iterator[Post]:
    table, recurring = dict(kinds._table), kinds.all_recurring()
    post = Post()
    jobs.bind({"mail": jobs.Outside(post.prepare, post.send, post.finish, post.failed, attempts=2)})
    yield post
    jobs.bind(table, recurring)


def test_three_steps_and_the_job_is_done(post: Post) -> None:
    jobs.schedule("mail", key="m", due=NOW, payload={"text": "hello"})
    assert runner.drain(NOW) == 1
    assert post.steps == ["prepare", "send hello", "finish 250"]
    assert [job.key for job in Job.objects.all()] == ["sent"]


def test_nothing_left_to_send(post: Post) -> None:
    jobs.schedule("mail", due=NOW)
    runner.drain(NOW)
    assert post.steps == ["prepare"]
    assert not Job.objects.exists()


def test_a_failed_sending_is_told_and_tried_again_until_dead(post: Post) -> None:
    jobs.schedule("mail", due=NOW, payload={"text": "hello"})
    post.error = OSError("refused")
    runner.drain(NOW, strict=False)
    runner.drain(NOW + timedelta(minutes=1), strict=False)
    assert post.failures == [("refused", False), ("refused", True)]
    assert queries.report(NOW)["dead"] == 1


def test_a_failure_is_written_down_even_if_its_owner_cannot_be_told(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails_too(*_: Any) -> None:
        raise ValueError

    jobs.bind({"mail": jobs.Outside(post.prepare, post.send, post.finish, fails_too)})
    jobs.schedule("mail", due=NOW, payload={"text": "hello"})
    post.error = OSError("refused")
    runner.drain(NOW, strict=False)
    job = Job.objects.get()
    assert (job.attempts, job.leased_until) == (1, None)
    assert "refused" in job.last_error


def test_who_slept_before_sending_sends_nothing(post: Post) -> None:
    jobs.schedule("mail", due=NOW, payload={"text": "hello"})
    (sleeper,) = leases.take("w1", kinds.names(), now=NOW, limit=1)
    Job.objects.update(leased_until=leases.database_now() - timedelta(seconds=1))
    leases.take("w2", kinds.names(), now=NOW, limit=1)
    with pytest.raises(leases.LostLease):
        runner._perform(sleeper, NOW)
    assert post.steps == []


def test_who_lost_the_lease_while_sending_writes_nothing_down(post: Post) -> None:
    jobs.schedule("mail", key="m", due=NOW, payload={"text": "hello"})
    post.during = lambda: jobs.cancel("m")
    assert runner.drain(NOW) == 1
    assert post.steps == ["prepare", "send hello", "finish 250"]
    assert not Job.objects.filter(key="sent").exists()
