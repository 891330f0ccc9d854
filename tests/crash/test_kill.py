"""X01, X02: web and workers are killed at random points under load; no promise may break, on either database."""

import random
import re
import time
from typing import Any

import httpx
import pytest

from tests.crash import load
from tests.crash.ledger import Ledger
from tests.crash.oracle import Seen, violations
from tests.crash.person import Person
from tests.crash.plant import Plant

pytestmark = [pytest.mark.crash, pytest.mark.xdist_group("crash")]
SEED = 20_261_125
KILLS, KILLS_LONG = 3, 20  # of web and of workers, each
BACK_WITHIN_S, BACK_WITHIN_LONG_S = 20.0, 10.0  # the promise is 10 s; `make test` shares its cores with other tests
BUSY, BUSY_WITHIN_S = 8, 10.0
QUIET_WITHIN_S = 120.0  # a lease of a killed worker, and a failed sending that is tried again


def test_no_promise_breaks_when_processes_die(product: Plant, long_run: bool) -> None:
    ledger, chance = Ledger(), random.Random(SEED)
    limit = BACK_WITHIN_LONG_S if long_run else BACK_WITHIN_S
    people = _people(product.base_url, ledger)
    before = dict(product.kills)
    with load.at_work(people):
        for number in range(KILLS_LONG if long_run else KILLS):
            for target in (f"worker-{number % 2 + 1}", "web"):
                _until_busy(ledger)
                time.sleep(chance.uniform(0.3, 2.0))
                product.kill(target)
                product.start(target)
            took = product.ready_within()
            if took > limit:
                ledger.note(f"X01: ready again after {took:.1f} s")
        time.sleep(1.0)
    kills = sum(product.kills.values()) - sum(before.values())
    worker_kills = kills // 2
    seen = _look(product, ledger, worker_kills)
    print(_summary(ledger, seen, kills))
    broken = violations(ledger, seen)
    assert not broken, "\n".join(broken)
    assert len([order for order in ledger.orders if order.code]) > kills, "too little happened to prove anything"
    assert ledger.verdicts and ledger.steps


def _people(base_url: str, ledger: Ledger) -> list[load.Somebody]:
    return [
        *(load.Requester(base_url, email, ledger, SEED) for email in load.REQUESTERS),
        *(load.Checker(base_url, email, ledger, SEED) for email in load.CHECKERS),
        *(load.Approver(base_url, load.APPROVER, ledger, seed) for seed in (SEED, SEED + 1)),
    ]


def _until_busy(ledger: Ledger) -> None:
    """People get answers: what is killed now is at work."""
    seen, until = ledger.answers, time.monotonic() + BUSY_WITHIN_S
    while ledger.answers < seen + BUSY and time.monotonic() < until:
        time.sleep(0.05)


def _look(product: Plant, ledger: Ledger, worker_kills: int) -> Seen:
    """Wait until everything is quiet, then read what can be read from outside."""
    _until_quiet(product, ledger)
    listed = {email: _listed(product, email) for email in load.REQUESTERS}
    worked_on = {one.code for one in (*ledger.steps, *ledger.verdicts)}  # requests of the demo company, too
    exports = _exports(product, sorted(worked_on.union(*listed.values())))
    checked = product.command("audit", "verify")
    return Seen(
        exports=exports,
        listed=listed,
        mails=list(product.postbox.mails),
        audit_code=checked.returncode,
        audit_text=checked.stdout + checked.stderr,
        worker_kills=worker_kills,
    )


def _exports(product: Plant, codes: list[str]) -> dict[str, dict[str, Any]]:
    found = {}
    with Person(product.base_url) as agent:
        agent.step_into(load.AGENT)
        for code in codes:
            answer = agent.http.get(f"/requests/{code}/export.json")
            assert answer.status_code == 200, f"{code}: {answer.status_code}"
            found[code] = answer.json()
    return found


def _until_quiet(product: Plant, ledger: Ledger) -> None:
    """Every order's mail came, and no other mail comes any more. What is missing after that, the oracle tells."""
    owed = {(order.code, order.person) for order in ledger.orders if order.code}
    until, count, since = time.monotonic() + QUIET_WITHIN_S, -1, time.monotonic()
    while time.monotonic() < until:
        mails = list(product.postbox.mails)
        if len(mails) != count:
            count, since = len(mails), time.monotonic()
        came = {
            (mail.event_id.split(":")[1], mail.to) for mail in mails if mail.event_id.startswith("request.submitted")
        }
        if owed <= came and time.monotonic() - since > 3:
            return
        time.sleep(0.3)


def _listed(product: Plant, email: str) -> list[str]:
    """The codes in somebody's list of requests, over all its pages."""
    codes: list[str] = []
    with Person(product.base_url) as person:
        person.step_into(email)
        for page in range(1, 100):
            found = _rows(person.http.get("/requests/", params={"state": "all", "page": page}))
            if not found or found[0] in codes:
                break
            codes += found
    return codes


def _rows(answer: httpx.Response) -> list[str]:
    main = answer.text.partition("<main")[2]
    return list(dict.fromkeys(re.findall(r'href="/requests/(SR-\d+)/"', main)))


def _summary(ledger: Ledger, seen: Seen, kills: int) -> str:
    acked = [order for order in ledger.orders if order.code]
    return (
        f"{kills} kills: {len(acked)} orders, {len(ledger.steps)} checks, {len(ledger.verdicts)} decisions,"
        f" {ledger.refused} too late, {ledger.lost} answers lost, {len(seen.mails)} mails"
    )
