"""Decision tables: hit policies, unary tests, what is found before publishing, CSV that stays the same."""

import random
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from anliegen.lib import cel, tables
from anliegen.lib.tables import cells, checking
from anliegen.lib.tables.model import HitPolicy, Output, Row, Table

SCHEMA = cel.Schema({
    "answers": cel.Object({"amount": cel.INT, "kind": cel.Enum("new", "swap"), "tags": cel.List(cel.STRING)}),
    "requester": cel.Object({"limit_cents": cel.INT, "external": cel.BOOL}),
    "n": cel.INT,
    "k": cel.Enum("a", "b", "c"),
    "b": cel.BOOL,
})  # fmt: skip
APPROVAL = '''hit,UNIQUE
in:answers.amount,in:answers.kind,out:who:enum(nobody|manager|board),out:days:int,note:de,note:en
<= requester.limit_cents,-,nobody,0,Unter der Grenze.,Below the limit.
"> requester.limit_cents","""new""",manager,2,Über der Grenze.,Above the limit.
"> requester.limit_cents","not(""new"")",board,2 + 3,"Über der Grenze, Tausch.","Above the limit, swap."
'''


def data(amount: int | None = None, kind: str = "new", limit: int = 100) -> dict[str, Any]:
    return {"answers": {"amount": amount, "kind": kind}, "requester": {"limit_cents": limit, "external": False}}


def table(policy: str, *rows: str, head: str = "in:n,out:v:enum(low|mid|high)") -> Table:
    return tables.parse_csv(f"hit,{policy}\n{head}\n" + "\n".join(rows) + "\n")


def codes(found: Table) -> list[str]:
    return [problem.code for problem in tables.check(found, SCHEMA)]


@pytest.mark.parametrize(
    ("amount", "kind", "row", "who", "days"),
    [(100, "swap", 0, "nobody", 0), (101, "new", 1, "manager", 2), (101, "swap", 2, "board", 5)],
)
def test_a_table_decides(amount: int, kind: str, row: int, who: str, days: int) -> None:
    found = tables.parse_csv(APPROVAL)
    assert tables.check(found, SCHEMA) == []
    for schema in (SCHEMA, None):
        assert tables.decide(found, data(amount, kind), schema) == tables.Decision((row,), {"who": who, "days": days})


def test_csv_and_json_come_back_as_they_were() -> None:
    found = tables.parse_csv(APPROVAL)
    written = tables.to_csv(found)
    assert (
        tables.to_csv(tables.parse_csv(written))
        == written
        == APPROVAL.replace('"> requester.limit_cents"', "> requester.limit_cents")
    )
    assert tables.from_json(found.to_json()) == found


THREE = ("< 5,low", "[3..8],high", "(3..9),mid")


@pytest.mark.parametrize(
    ("policy", "n", "rows", "outputs"),
    [
        ("FIRST", 4, (0,), {"v": "low"}),
        ("FIRST", 20, (), {}),
        ("UNIQUE", 9, (), {}),
        ("UNIQUE", 2, (0,), {"v": "low"}),
        ("PRIORITY", 4, (0,), {"v": "low"}),
        ("PRIORITY", 6, (2,), {"v": "mid"}),
        ("RULE_ORDER", 4, (0, 1, 2), [{"v": "low"}, {"v": "high"}, {"v": "mid"}]),
        ("OUTPUT_ORDER", 4, (0, 2, 1), [{"v": "low"}, {"v": "mid"}, {"v": "high"}]),
        ("COLLECT", 3, (0, 1), [{"v": "low"}, {"v": "high"}]),
        ("COLLECT", 20, (), []),
        ("COLLECT_COUNT", 4, (0, 1, 2), {"v": 3}),
    ],
)
def test_hit_policies(policy: str, n: int, rows: tuple[int, ...], outputs: object) -> None:
    assert tables.decide(table(policy, *THREE), {"n": n}, SCHEMA) == tables.Decision(rows, outputs)


@pytest.mark.parametrize(("policy", "total"), [("SUM", 35), ("MIN", 5), ("MAX", 20)])
def test_collected_numbers(policy: str, total: int) -> None:
    found = table(f"COLLECT_{policy}", "> 0,10", "> 1,20", "> 2,5", head="in:n,out:cents:int")
    assert tables.decide(found, {"n": 3}, SCHEMA).outputs == {"cents": total}


def test_rows_that_contradict_the_policy_fail_when_it_happens() -> None:
    for policy, code in (("UNIQUE", "several-rules"), ("ANY", "rules-disagree")):
        with pytest.raises(cel.EvaluationError) as failed:
            tables.decide(table(policy, *THREE), {"n": 4}, SCHEMA)
        assert failed.value.code == code
        assert "1, 2" in str(failed.value)
    assert tables.decide(table("ANY", "< 5,low", "< 4,low"), {"n": 3}, SCHEMA).outputs == {"v": "low"}


@pytest.mark.parametrize(
    ("cell", "matching"),
    [
        ("-", {None, 1, 2, 3, 4, 5}),
        ("null", {None}),
        ("not(null)", {1, 2, 3, 4, 5}),
        ("3", {3}),
        ("= 3", {3}),
        ("!= 3", {1, 2, 4, 5}),
        ("< 3", {1, 2}),
        (">= 3", {3, 4, 5}),
        ('"[2..4]"', {2, 3, 4}),
        ('"(2..4)"', {3}),
        ('"[2..4)"', {2, 3}),
        ('"(1 + 1..[2][0] * 2]"', {3, 4}),
        ('"1,[3..4],> 4"', {1, 3, 4, 5}),
        ('"not(1,[3..4])"', {2, 5}),
    ],
)
def test_unary_tests(cell: str, matching: set[int | None]) -> None:
    found = table("COLLECT", f"{cell},low")
    assert {n for n in (None, 1, 2, 3, 4, 5) if tables.decide(found, {"n": n}, SCHEMA).rows} == matching


def test_data_without_a_field_that_is_asked_fails_as_absent() -> None:
    with pytest.raises(cel.EvaluationError) as failed:
        tables.decide(table("UNIQUE", "1,low"), {"other": 1})
    assert failed.value.code == "absent"


def test_a_list_is_asked_for_what_it_holds() -> None:
    found = table("UNIQUE", '"""vpn"",""mail""",yes', head="in:answers.tags,out:v:string")
    assert tables.decide(found, {"answers": {"tags": ["x", "mail"]}}, SCHEMA).rows == (0,)
    assert tables.decide(found, {"answers": {"tags": ["x"]}}, SCHEMA).rows == ()


def test_texts_with_marks_inside_stay_whole() -> None:
    found = table("UNIQUE", '"""a,b..c(""",x', '"not(""a,b..c("")",y', head="in:free,out:v:string")
    schema = cel.Schema({"free": cel.STRING})
    assert [tables.decide(found, {"free": text}, schema).outputs["v"] for text in ("a,b..c(", "a")] == ["x", "y"]


@pytest.mark.parametrize(
    ("found", "code", "words"),
    [
        (table("UNIQUE", "1,x", head="in:answers.amuont,out:v:string"), "unknown-field", "answers.amount"),
        (table("UNIQUE", '"""nwe""",x', head="in:answers.kind,out:v:string"), "unknown-value", "new"),
        (table("UNIQUE", '"""a""",x', head="in:n,out:v:string"), "no-overload", "'=='"),
        (table("UNIQUE", "1,lwo"), "unknown-value", "low"),
        (table("UNIQUE", "1,1.5", head="in:n,out:v:int"), "wrong-result", "double"),
        (table("UNIQUE", "1,x", head="in:n,out:v:money"), "output-type", "money"),
        (table("UNIQUE", "1,x,y", head="in:n,out:v:string,out:v:string"), "output-name", "'v'"),
        (table("UNIQUE", "<,x", head="in:n,out:v:string"), "empty-test", "missing"),
        (table("UNIQUE", "[1..],x", head="in:n,out:v:string"), "interval", "bound"),
        (table("UNIQUE", "1", head="in:n"), "no-output", "no output"),
        (table("UNIQUE"), "no-rows", "no rows"),
        (table("PRIORITY", "1,x", head="in:n,out:v:string"), "needs-order", "PRIORITY"),
        (table("COLLECT_SUM", "1,x", head="in:n,out:v:string"), "needs-number", "numbers"),
        (Table(("n",), (Output("v"),), HitPolicy.UNIQUE, (Row(("1", "2"), ("x",)),)), "cells", "3 cells"),
    ],
)
def test_what_is_found_before_publishing(found: Table, code: str, words: str) -> None:
    problems = [problem for problem in tables.check(found, SCHEMA) if problem.severity == "error"]
    assert [problem.code for problem in problems] == [code]
    assert words in tables.say(problems[0], "en")
    assert tables.say(problems[0], "de")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "first-line"),
        ("in:a\n1\n", "first-line"),
        ("hit,SOMETIMES\nin:a\n", "hit-policy"),
        ("hit,UNIQUE\nx:a\n", "head"),
        ("hit,UNIQUE\nin:n,out:v\n1\n", "cells"),
        ('hit,UNIQUE\nin:n\n"1"2\n', "csv"),
        ("hit,UNIQUE\nin:n\n" + "1\n" * 2001, "too-large"),
    ],
)
def test_a_text_that_is_no_table_is_refused(text: str, code: str) -> None:
    with pytest.raises(tables.TableRefused) as refused:
        tables.parse_csv(text)
    assert [problem.code for problem in refused.value.problems] == [code]
    assert tables.say(refused.value.problems[0], "de")


def test_overlaps_and_gaps_name_a_case() -> None:
    found = table("UNIQUE", "[1..5],true,low", "[5..9],-,mid", head="in:n,in:b,out:v:string")
    said = [tables.say(problem, "en") for problem in tables.check(found, SCHEMA)]
    assert said == ["Row 2: Rows 1 and 2 both match n = 5, b = true.", "No row matches n = 0, b = true."]


# Random tables against going through all cases

QUICK = settings(
    max_examples=150,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.generate],
    report_multiple_bugs=False,
)
CASES = [{"n": n, "k": k, "b": b} for n in range(13) for k in "abc" for b in (True, False)]
type Cell = tuple[Any, ...]


def number_cell(chance: random.Random) -> Cell:
    low, high = sorted((chance.randint(0, 10), chance.randint(0, 10)))
    kind = chance.choice(["-", "<", "<=", ">", ">=", "=", "[]", "()", "[)", "(]", "not", "or"])
    return (kind, low, high)


def number_text(cell: Cell) -> str:
    kind, low, high = cell
    if kind == "-":
        return "-"
    if kind in ("[]", "()", "[)", "(]"):
        return f"{kind[0]}{low}..{high}{kind[1]}"
    return {"not": f"not({low})", "or": f"{low},{high}"}.get(kind, f"{kind} {low}")


def number_matches(cell: Cell, n: int) -> bool:
    kind, low, high = cell
    return {
        "-": True, "<": n < low, "<=": n <= low, ">": n > low, ">=": n >= low, "=": n == low, "[]": low <= n <= high,
        "()": low < n < high, "[)": low <= n < high, "(]": low < n <= high, "not": n != low, "or": n in (low, high),
    }[kind]  # fmt: skip


def random_rules(seed: int) -> list[tuple[Cell, set[str], bool | None, str]]:
    chance = random.Random(seed)
    return [
        (
            number_cell(chance),
            set(chance.sample("abc", chance.randint(1, 3))),
            chance.choice([None, None, True, False]),
            chance.choice(["low", "mid", "high"]),
        )
        for _ in range(chance.randint(1, 5))
    ]


def written(rules: list[Any], policy: HitPolicy) -> Table:
    rows = tuple(
        Row(
            (
                number_text(number),
                "-" if len(kinds) == 3 else ",".join(f'"{kind}"' for kind in sorted(kinds)),
                "-" if flag is None else str(flag).lower(),
            ),
            (output,),
        )
        for number, kinds, flag, output in rules
    )
    return tables.parse_csv(tables.to_csv(Table(("n", "k", "b"), (Output("v", "enum(low|mid|high)"),), policy, rows)))


def matching(rules: list[Any], case: dict[str, Any]) -> tuple[int, ...]:
    return tuple(
        number
        for number, (cell, kinds, flag, _) in enumerate(rules)
        if number_matches(cell, case["n"]) and case["k"] in kinds and flag in (None, case["b"])
    )


def deciding_agrees() -> None:
    """The property: a table decides as somebody would who reads its rows one by one."""

    schema = SCHEMA.extended({})  # a fresh one keeps no tables

    @settings(QUICK)
    @given(st.integers(0, 2**32), st.sampled_from(CASES))
    def check(seed: int, case: dict[str, Any]) -> None:
        rules = random_rules(seed)
        rows = matching(rules, case)
        outputs = [rules[row][3] for row in rows]
        found = tables.decide(written(rules, HitPolicy.RULE_ORDER), case, schema)
        assert (found.rows, found.outputs) == (rows, [{"v": output} for output in outputs])
        assert tables.decide(written(rules, HitPolicy.FIRST), case, schema).rows == rows[:1]
        best = sorted(outputs, key=["low", "mid", "high"].index)[:1]
        priority = tables.decide(written(rules, HitPolicy.PRIORITY), case, schema).outputs
        assert priority == ({"v": best[0]} if best else {})

    check()


def checking_agrees() -> None:
    """The property: overlaps and gaps are reported exactly where going through all cases finds one."""

    schema = SCHEMA.extended({})  # a fresh one keeps no tables

    @settings(QUICK)
    @given(st.integers(0, 2**32))
    def check(seed: int) -> None:
        rules = random_rules(seed)
        found = [(problem.code, problem.params) for problem in tables.check(written(rules, HitPolicy.UNIQUE), schema)]
        pairs = {
            (a + 1, b + 1) for case in CASES for a in matching(rules, case) for b in matching(rules, case) if a < b
        }
        assert {(params["first"], params["second"]) for code, params in found if code == "overlap"} == pairs
        assert any(code == "gap" for code, _ in found) == any(not matching(rules, case) for case in CASES)

    check()


def test_random_tables_decide_like_somebody_who_reads_them() -> None:
    deciding_agrees()


def test_random_tables_are_checked_like_going_through_all_cases() -> None:
    checking_agrees()


def test_the_property_finds_an_interval_without_its_border(monkeypatch: pytest.MonkeyPatch) -> None:
    original = cells._single
    monkeypatch.setattr(cells, "_single", lambda *given_: original(*given_).replace(">=", ">"))
    with pytest.raises(AssertionError):
        deciding_agrees()


def test_the_property_finds_a_check_that_looks_at_the_bounds_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "_numbers", lambda bounds, **_: iter(bounds))
    with pytest.raises(AssertionError):
        checking_agrees()


ROUTING = '''hit,FIRST
in:answers.kind,in:answers.text,out:team:string
"""new""","~ printer, drucker*",it
-,"not(~ hallo)",desk
-,-,hall
'''
WITH_TEXT = cel.Schema({"answers": cel.Object({"kind": cel.Enum("new", "swap"), "text": cel.STRING})})


@pytest.mark.parametrize(
    ("kind", "text", "team"),
    [("new", "Der DRUCKER geht nicht", "it"), ("swap", "Drucker", "desk"), ("new", "Hallo zusammen", "hall")],
)
def test_a_cell_looks_for_words(kind: str, text: str, team: str) -> None:
    found = tables.parse_csv(ROUTING)
    assert tables.check(found, WITH_TEXT) == []
    assert tables.decide(found, {"answers": {"kind": kind, "text": text}}, WITH_TEXT).outputs == {"team": team}
    assert tables.parse_csv(tables.to_csv(found)) == found


@pytest.mark.parametrize(("cell", "code"), [("~", "empty-test"), ("~ *, ", "empty-test")])
def test_a_cell_without_words_is_refused(cell: str, code: str) -> None:
    found = tables.parse_csv(f'hit,FIRST\nin:answers.text,out:team:string\n"{cell}",it\n')
    assert [problem.code for problem in tables.check(found, WITH_TEXT)] == [code]


def test_words_in_a_column_of_numbers_are_refused() -> None:
    assert codes(table("FIRST", "~ a,low")) == ["no-overload"]
