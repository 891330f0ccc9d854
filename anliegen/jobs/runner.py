"""The worker: takes due jobs and does them, until it is told to stop."""

import logging
import os
import random
import secrets
import socket
import threading
import time
from collections.abc import Callable
from datetime import datetime

from django.db import Error as DatabaseError
from django.db import InterfaceError, OperationalError, close_old_connections, connections, transaction

from anliegen.jobs import actions, kinds, leases, rules
from anliegen.jobs.kinds import GiveUp, Outside, Recurring
from anliegen.jobs.leases import Claim, LostLease
from anliegen.lib import clock

BATCH = 10
IDLE_SECONDS = 0.5
BEAT_SECONDS = 8.0
ARM_SECONDS = 60.0
LONGEST_PAUSE = 5.0

log = logging.getLogger(__name__)


def run(stop: threading.Event, now: Callable[[], datetime] = clock.now, *, name: str = "") -> None:
    """Work until `stop` is set: then the job at hand is finished, the others are given back, and this returns.

    Outlives a database that is gone: it tries again, at most five seconds apart.
    """
    worker = _Worker(name or _name(), now)
    beating = threading.Thread(target=worker.beat_until, args=(stop,), name="jobs-beat", daemon=True)
    beating.start()
    pause = IDLE_SECONDS
    while not stop.is_set():
        try:
            close_old_connections()
            worked = worker.turn(stop)
            pause = IDLE_SECONDS
        except DatabaseError as error:
            log.warning("The database does not answer; the worker tries again: %s", type(error).__name__)
            connections.close_all()
            worker.stumbled()
            worked, pause = False, min(pause * 2, LONGEST_PAUSE)
        if not worked:
            stop.wait(pause * random.uniform(0.8, 1.2))  # noqa: S311 - keeps two workers out of step
    beating.join(timeout=1)
    worker.leave()


def drain(now: datetime | Callable[[], datetime] = clock.now, limit: int = 1000, *, strict: bool = True) -> int:
    """Do everything that is due, and what becomes due by it, in this thread; how many jobs ran.

    For tests and the demo. `strict`: the first failure is raised, after it was written down. Raises RuntimeError when
    `limit` jobs were not enough.
    """
    moment = now if callable(now) else lambda: now
    worker = _Worker(_name(), moment, strict=strict)
    done = 0
    while claims := leases.take(worker.name, kinds.names(), now=moment(), limit=1):
        if done == limit:
            leases.release(claims)
            raise RuntimeError(f"After {limit} jobs there are still more due.")
        worker.work(claims[0])
        done += 1
    return done


def _name() -> str:
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"


class _Worker:
    """One worker's state: who it is, since when it is at one job, when it last armed the recurring ones."""

    def __init__(self, name: str, now: Callable[[], datetime], *, strict: bool = False) -> None:
        self.name = name
        self.now = now
        self.strict = strict
        self._begun: float | None = None
        self._armed: float | None = None
        self._stumbled = False

    def stumbled(self) -> None:
        """A turn broke off: what it had taken is given back before the next, or its leases would go on for ever."""
        self._stumbled = True

    def turn(self, stop: threading.Event) -> bool:
        """Take one batch and do it; False when nothing was due."""
        if self._stumbled:
            leases.release_all(self.name)
            self._stumbled = False
        self._arm()
        claims = leases.take(self.name, kinds.names(), now=self.now(), limit=BATCH)
        for position, claim in enumerate(claims):
            if stop.is_set():
                leases.release(claims[position:])
                break
            self.work(claim)
        return bool(claims)

    def _arm(self) -> None:
        if self._armed is None or time.monotonic() - self._armed > ARM_SECONDS:
            actions.arm_recurring(now=self.now())
            self._armed = time.monotonic()

    def work(self, claim: Claim) -> None:
        """Do one job. A failure is written down and ends there; only a database that is gone is raised."""
        self._begun = time.monotonic()
        try:
            _perform(claim, self.now())
        except LostLease:
            log.warning(
                "Job %s #%s was taken over, replaced or cancelled; nothing of it was kept.", claim.kind, claim.id
            )
        except Exception as error:
            self._failed(claim, error)
            if self.strict:
                raise
        finally:
            self._begun = None

    def _failed(self, claim: Claim, error: Exception) -> None:
        _drop_unusable_connection(error)
        try:
            dead = record_failure(claim, error, self.now())
        except LostLease:
            return
        level = logging.ERROR if dead else logging.WARNING
        log.log(level, "Job %s #%s failed (dead: %s): %s", claim.kind, claim.id, dead, type(error).__name__)

    def beat_until(self, stop: threading.Event) -> None:
        """In its own thread: show that the worker lives and keep its leases, unless one job takes far too long."""
        while True:
            begun = self._begun
            hanging = begun is not None and time.monotonic() - begun > rules.LONGEST_RUN.total_seconds()
            try:
                close_old_connections()
                leases.beat(self.name, renew=not hanging)
            except DatabaseError as error:
                log.warning("The worker could not report: %s", type(error).__name__)
                connections.close_all()
            if stop.wait(BEAT_SECONDS):
                break
        connections.close_all()

    def leave(self) -> None:
        try:
            leases.leave(self.name)
        except DatabaseError as error:
            log.warning("The worker could not sign off: %s", type(error).__name__)
        connections.close_all()


def _perform(claim: Claim, now: datetime) -> None:
    function = kinds.function(claim.kind)
    if isinstance(function, Outside):
        _perform_outside(function, claim, now)
        return
    with leases.running(claim):
        function(claim.payload, now)
        _end(claim, now)


def _perform_outside(job: Outside, claim: Claim, now: datetime) -> None:
    with leases.running(claim):
        leases.hold(claim)  # a whole lease for the sending: who slept too long notices here and sends nothing
        prepared = job.prepare(claim.payload, now)
        if prepared is None or claim.settled:
            _end(claim, now)
            return
    result = job.send(prepared)
    with leases.running(claim):
        job.finish(claim.payload, result, now)
        _end(claim, now)


def _end(claim: Claim, now: datetime) -> None:
    """The last step of the transaction: the fence. A recurring job is planned again instead of deleted."""
    recurring = kinds.recurring(claim.key)
    if recurring is None:
        leases.finish(claim)
        return
    following = rules.next_time(_planned(claim), recurring.every, now)
    payload = {"planned": following.isoformat()}
    leases.replace(claim, kind=claim.kind, due=following, payload=payload, priority=0)


def _planned(claim: Claim) -> datetime:
    text = claim.payload.get("planned")
    return datetime.fromisoformat(text) if text else claim.due


def record_failure(claim: Claim, error: Exception, now: datetime) -> bool:
    """Write down that a job failed, and say whether it was given up. A recurring job never is."""
    recurring = kinds.recurring(claim.key)
    function = kinds.function(claim.kind)
    outside = function if isinstance(function, Outside) else None
    attempts = outside.attempts if outside else rules.INSIDE_ATTEMPTS
    dead = recurring is None and (isinstance(error, GiveUp) or claim.attempts + 1 >= attempts)
    latest = _latest(recurring, claim, now)
    told = outside.failed if outside else None
    try:
        with transaction.atomic():
            if told:
                told(claim.payload, error, now, dead)
            leases.fail(claim, error, now=now, dead=dead, latest=latest)
    except LostLease:
        raise
    except Exception:
        if told is None:
            raise
        log.exception("Job %s #%s: telling its owner about the failure failed too.", claim.kind, claim.id)
        leases.fail(claim, error, now=now, dead=dead, latest=latest)
    return dead


def _latest(recurring: Recurring | None, claim: Claim, now: datetime) -> datetime | None:
    return rules.next_time(_planned(claim), recurring.every, now) if recurring else None


def _drop_unusable_connection(error: Exception) -> None:
    """After a broken connection the failure is written through a new one."""
    if isinstance(error, (OperationalError, InterfaceError)):
        close_old_connections()
