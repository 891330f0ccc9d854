"""Judges a product after a fault: what I1-I11 and I13 of the reliability contract demand, and half of I14.

Reads only what is told outside: exports and files of requests by HTTP, mails at the mail server, the check of the audit
chain. I12 (inbound mail) has nothing to judge yet; that no file is without its row is the sweep's own test.
"""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.crash.ledger import Ledger
from tests.crash.plant import Mail

DECIDED = {"approved": "yes", "not-approved": "no"}
RECEIVED = "request.submitted"
QUIET_S = 300.0


@dataclass(slots=True)
class Seen:
    """What the outside sees when everything is quiet again. `listed`: the codes in each person's list."""

    exports: dict[str, dict[str, Any]]
    listed: dict[str, list[str]]
    mails: list[Mail]
    audit_code: int = 0
    audit_text: str = ""
    files: Mapping[tuple[str, str], str] = field(default_factory=dict)  # (code, name) -> sha256 of what was loaded
    may_double: int = 0  # kills of workers, and answers of the mail server that were lost
    quiet_after_s: float = 0.0


def violations(ledger: Ledger, seen: Seen) -> list[str]:
    """Every broken promise in words, each with the name of its invariant."""
    return [
        *ledger.strange,
        *_orders(ledger, seen),
        *_mails(ledger, seen),
        *_decisions(ledger, seen),
        *_files(ledger, seen),
        *_journals(seen),
        *([f"I11: quiet only after {seen.quiet_after_s:.0f} s"] if seen.quiet_after_s > QUIET_S else []),
        *([f"I13: audit verify says {seen.audit_text[-300:]}"] if seen.audit_code else []),
    ]


def _orders(ledger: Ledger, seen: Seen) -> Iterator[str]:
    codes: dict[str, list[str]] = {}
    for code, export in seen.exports.items():
        codes.setdefault(export["justification"], []).append(code)
    for order in ledger.orders:
        found = codes.get(order.nonce, [])
        if order.refused:
            if found:
                yield f"I3: {order.nonce} was refused and is there as {found}"
            continue
        if len(found) > 1:
            yield f"I2: {order.nonce} is there {len(found)} times: {found}"
        if order.code and order.code not in found:
            yield f"I1: {order.nonce} was acknowledged as {order.code} and is not there"
        if set(order.again) - {order.code}:
            yield f"I2: the same form was answered with {order.code} and {order.again}"
        if order.code in seen.exports:
            yield from _fields(order.code, order.build, order.person, seen)
    for person, listed in seen.listed.items():
        yield from (f"I2: {person}'s list shows {code} {n} times" for code, n in Counter(listed).items() if n > 1)


def _fields(code: str, build: str, person: str, seen: Seen) -> Iterator[str]:
    export = seen.exports[code]
    if f'"{build}"' not in json.dumps(export["answers"]):
        yield f"I1: {code} was sent with {build} and holds {export['answers']}"
    if export["code"] != code or code not in seen.listed[person]:
        yield f"I1: {code} is not in the list of {person}"


def _mails(ledger: Ledger, seen: Seen) -> Iterator[str]:
    ids: dict[tuple[str, str], set[str]] = {}
    for mail in seen.mails:
        ids.setdefault((mail.event_id, mail.to), set()).add(mail.message_id)
    told = {(event.split(":")[1], to) for event, to in ids if event.startswith(f"{RECEIVED}:")}
    for order in ledger.orders:
        if order.code and not order.refused and (order.code, order.person) not in told:
            yield f"I4: {order.person} was never told that {order.code} came in"
    yield from (
        f"I5: {event} to {to} has {len(found)} Message-IDs" for (event, to), found in ids.items() if len(found) > 1
    )
    received = Counter((event.split(":")[1], to) for event, to in ids if event.startswith(f"{RECEIVED}:"))
    yield from (f"I5: {to} was told {n} times that {code} came in" for (code, to), n in received.items() if n > 1)
    copies = Counter((mail.message_id, mail.to) for mail in seen.mails)
    doubled = sum(count - 1 for count in copies.values())
    if doubled > seen.may_double:
        yield f"I10: {doubled} mails came twice, {seen.may_double} may"
    for event in sorted({mail.event_id for mail in seen.mails}):
        code = event.split(":")[1] if event.count(":") > 1 else ""
        if code.startswith("SR-") and code not in seen.exports:
            yield f"I9: a mail tells of {event}, and there is no {code}"


def _decisions(ledger: Ledger, seen: Seen) -> Iterator[str]:
    for verdict in ledger.verdicts:
        export = seen.exports.get(verdict.code)
        if export is None:
            yield f"I8: {verdict.code} was decided and is gone"
            continue
        entries = [entry for entry in export["journal"] if entry.get("sentence") in DECIDED]
        if len(entries) != 1:
            yield f"I7: {verdict.code} has {len(entries)} decisions"
        elif DECIDED[entries[0]["sentence"]] != verdict.verdict:
            yield f"I8: {verdict.code} was answered {verdict.verdict} and says {entries[0]['sentence']}"
        if export["status"] == "waiting-for-approval" or (verdict.verdict == "no") != (export["status"] == "rejected"):
            yield f"I8: {verdict.code} was answered {verdict.verdict} and is {export['status']}"
    for step in ledger.steps:
        journal = seen.exports.get(step.code, {}).get("journal", [])
        done = [entry for entry in journal if entry.get("sentence") == "task-done"]
        if len(done) != 1:
            yield f"I8: {step.node} of {step.code} was done once and is there {len(done)} times"


def _files(ledger: Ledger, seen: Seen) -> Iterator[str]:
    for file in ledger.files:
        told = [one for one in seen.exports.get(file.code, {}).get("attachments", []) if one["name"] == file.name]
        if len(told) != 1:
            yield f"I1: {file.name} was sent once and is there {len(told)} times"
        elif told[0]["sha256"] != file.sha256:
            yield f"I1: {file.name} has another content"
        elif (found := seen.files.get((file.code, file.name), "")) != file.sha256:
            yield f"I14: {file.name} is named, and its content is {found or 'gone'}"


def _journals(seen: Seen) -> Iterator[str]:
    """Numbers without gaps; and no event twice: each step was opened once, each follow-up happened once (I6, I7)."""
    for code, export in seen.exports.items():
        numbers = [entry["sequence"] for entry in export["journal"]]
        if numbers != list(range(1, len(numbers) + 1)):
            yield f"I13: the journal of {code} is numbered {numbers}"
        told = Counter(
            json.dumps([entry["sentence"], entry.get("params")], sort_keys=True)
            for entry in export["journal"]
            if entry.get("sentence")
        )
        yield from (f"I7: {code} has {text} {count} times" for text, count in told.items() if count > 1)
