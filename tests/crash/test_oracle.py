"""The oracle can fail: for each promise one planted bug, which it names."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any

import pytest

from tests.crash.ledger import Ledger, Order, Sent, Step, Verdict
from tests.crash.oracle import Seen, violations
from tests.crash.plant import Mail

JANA = "jana@nordwerk.example"


def entry(number: int, sentence: str, **params: Any) -> dict[str, Any]:
    return {"sequence": number, "sentence": sentence, "params": params}


def export(code: str, nonce: str) -> dict[str, Any]:
    return {
        "code": code,
        "justification": nonce,
        "answers": [{"question": "Build", "value": "cad"}],
        "status": "in-progress",
        "attachments": [{"name": "plan.txt", "sha256": "aa"}],
        "journal": [entry(1, "received"), entry(2, "task-done", task="check"), entry(3, "approved")],
    }


def truth() -> Ledger:
    return Ledger(
        orders=[Order("n-1", JANA, "cad", code="SR-1001"), Order("n-2", JANA, "bunt", refused=True)],
        verdicts=[Verdict("SR-1001", "yes", "v")],
        steps=[Step("SR-1001", "check", "s")],
        files=[Sent("SR-1001", JANA, "plan.txt", "aa")],
    )


def good() -> Seen:
    return Seen(
        exports={"SR-1001": export("SR-1001", "n-1")},
        listed={JANA: ["SR-1001"]},
        mails=[Mail(JANA, "<1@x>", "request.submitted:SR-1001:once:2", "Angekommen")],
        files={("SR-1001", "plan.txt"): "aa"},
        may_double=1,
    )


def test_a_good_result_has_no_violations() -> None:
    assert violations(truth(), good()) == []


def lose_request(seen: Seen) -> None:
    seen.exports.clear()


def change_field(seen: Seen) -> None:
    seen.exports["SR-1001"]["answers"][0]["value"] = "standard"


def make_twice(seen: Seen) -> None:
    seen.exports["SR-1002"] = export("SR-1002", "n-1")
    seen.listed[JANA].append("SR-1002")


def keep_refused(seen: Seen) -> None:
    seen.exports["SR-1002"] = export("SR-1002", "n-2")


def lose_mail(seen: Seen) -> None:
    seen.mails.clear()


def second_message_id(seen: Seen) -> None:
    seen.mails.append(Mail(JANA, "<2@x>", "request.submitted:SR-1001:once:2", "Angekommen"))


def told_before_commit(seen: Seen) -> None:
    seen.mails.append(Mail(JANA, "<2@x>", "request.submitted:SR-1001:once:1", "Angekommen"))


def flood(seen: Seen) -> None:
    seen.mails += seen.mails * 2


def decide_twice(seen: Seen) -> None:
    seen.exports["SR-1001"]["journal"].append(entry(4, "not-approved"))


def other_decision(seen: Seen) -> None:
    seen.exports["SR-1001"]["journal"][2] = entry(3, "not-approved")


def forget_decision(seen: Seen) -> None:
    seen.exports["SR-1001"]["status"] = "waiting-for-approval"


def forget_step(seen: Seen) -> None:
    seen.exports["SR-1001"]["journal"][1] = entry(2, "task-opened")


def follow_twice(seen: Seen) -> None:
    seen.exports["SR-1001"]["journal"] += [entry(4, "task-opened", task="buy"), entry(5, "task-opened", task="buy")]


def gap_in_journal(seen: Seen) -> None:
    seen.exports["SR-1001"]["journal"][2]["sequence"] = 4


def break_chain(seen: Seen) -> None:
    seen.audit_code, seen.audit_text = 1, "entry 12 was changed"


def lose_attachment(seen: Seen) -> None:
    seen.exports["SR-1001"]["attachments"].clear()


def attach_twice(seen: Seen) -> None:
    seen.exports["SR-1001"]["attachments"] *= 2


def lose_content(seen: Seen) -> None:
    seen.files = {}


def tell_of_nothing(seen: Seen) -> None:
    seen.mails.append(Mail(JANA, "<3@x>", "request.submitted:SR-1009:once:2", "Angekommen"))


def never_rest(seen: Seen) -> None:
    seen.quiet_after_s = 301.0


@pytest.mark.parametrize(
    ("bug", "invariant"),
    [
        (lose_request, "I1"), (change_field, "I1"), (make_twice, "I2"), (keep_refused, "I3"), (lose_mail, "I4"),
        (second_message_id, "I5"), (told_before_commit, "I5"), (flood, "I10"), (decide_twice, "I7"), (other_decision, "I8"),
        (forget_decision, "I8"), (forget_step, "I8"), (follow_twice, "I7"), (gap_in_journal, "I13"),
        (break_chain, "I13"), (lose_attachment, "I1"), (attach_twice, "I1"), (lose_content, "I14"),
        (tell_of_nothing, "I9"), (never_rest, "I11"),
    ],
)  # fmt: skip
def test_it_names_the_promise_that_a_planted_bug_breaks(bug: Callable[[Seen], None], invariant: str) -> None:
    seen = deepcopy(good())
    bug(seen)
    assert any(text.startswith(f"{invariant}:") for text in violations(truth(), seen)), violations(truth(), seen)


def test_the_same_form_with_another_code_is_named() -> None:
    ledger = truth()
    ledger.orders[0].again.append("SR-1009")
    assert any(text.startswith("I2:") for text in violations(ledger, good()))


def test_a_strange_answer_is_named() -> None:
    ledger = truth()
    ledger.note("/requests/: 500")
    assert "/requests/: 500" in violations(ledger, good())
