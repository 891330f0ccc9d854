"""Looks at a product when everything is quiet again: by HTTP, at the mail server, and with `anliegen audit verify`."""

import hashlib
import re
import time
from collections.abc import Iterable
from typing import Any

import httpx

from tests.crash import load
from tests.crash.ledger import Ledger
from tests.crash.oracle import QUIET_S, Seen
from tests.crash.person import Person
from tests.crash.plant import Plant

CALM_S = 3.0  # nothing happens for so long: everything has happened


def look(product: Plant, ledger: Ledger, may_double: int, *, within_s: float = QUIET_S) -> Seen:
    """Wait until everything is quiet, then read what can be read from outside."""
    quiet = _until_quiet(product, ledger, within_s)
    listed = {email: _listed(product, email) for email in load.REQUESTERS}
    worked_on = {one.code for one in (*ledger.steps, *ledger.verdicts)}  # requests of the demo company, too
    codes = worked_on.union(*listed.values(), _told(product))
    exports = _exports(product, sorted(codes))
    checked = product.command("audit", "verify")
    return Seen(
        exports=exports,
        listed=listed,
        mails=list(product.postbox.mails),
        files=_files(product, ledger, exports),
        audit_code=checked.returncode,
        audit_text=checked.stdout + checked.stderr,
        may_double=may_double,
        quiet_after_s=quiet,
    )


def _told(product: Plant) -> set[str]:
    """The requests that mails speak of."""
    return {code for mail in product.postbox.mails for code in re.findall(r"SR-\d+", mail.event_id)}


def _until_quiet(product: Plant, ledger: Ledger, within_s: float) -> float:
    """Until every order's mail came, and no other mail comes any more; what is missing after that, the oracle tells.

    How long it took.
    """
    owed = {(order.code, order.person) for order in ledger.orders if order.code}
    began, count = time.monotonic(), -1
    since = began
    while (now := time.monotonic()) - began < within_s:
        mails = list(product.postbox.mails)
        if len(mails) != count:
            count, since = len(mails), now
        came = {
            (mail.event_id.split(":")[1], mail.to) for mail in mails if mail.event_id.startswith("request.submitted")
        }
        if owed <= came and now - since > CALM_S and _nothing_due(product):
            break
        time.sleep(0.3)
    return since - began


def _nothing_due(product: Plant) -> bool:
    """What the health page says about jobs: none waits for long, none gave up."""
    answer = httpx.get(f"{product.base_url}/health/ready", timeout=10)
    return bool(answer.json()["checks"].get("jobs") == "ok")


def _exports(product: Plant, codes: Iterable[str]) -> dict[str, dict[str, Any]]:
    found = {}
    with Person(product.base_url) as agent:
        agent.step_into(load.AGENT)
        for code in codes:
            answer = agent.http.get(f"/requests/{code}/export.json")
            assert answer.status_code in {200, 404}, f"{code}: {answer.status_code}"
            if answer.status_code == 200:
                found[code] = answer.json()
    return found


def _files(product: Plant, ledger: Ledger, exports: dict[str, dict[str, Any]]) -> dict[tuple[str, str], str]:
    """What those who sent files get when they load them."""
    found = {}
    for email in {file.person for file in ledger.files}:
        with Person(product.base_url) as person:
            person.step_into(email)
            for file in [one for one in ledger.files if one.person == email]:
                for told in exports.get(file.code, {}).get("attachments", []):
                    answer = person.http.get(f"/requests/{file.code}/files/{told['id']}")
                    if answer.status_code == 200:
                        found[file.code, told["name"]] = hashlib.sha256(answer.content).hexdigest()
    return found


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
