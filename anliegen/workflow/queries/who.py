"""Who does a step or decides it, and why that person: by rule, with deputies, and with somebody always there.

Expressions: team:<key>, person:<address>, role:<role>, table:<key>, requester, recipient, requester-or-recipient,
manager, recipient-manager, cost-centre-holder, department-head, step:<id> (whom that step named); several with commas.
"""

from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anliegen.lib import cel, tables
from anliegen.lib.errors import NotFound
from anliegen.lib.text import LocalText, Sentence
from anliegen.people import queries as people
from anliegen.people.models import Team, User
from anliegen.people.rules import Role, Scope, ScopeKind
from anliegen.workflow.queries import shared
from anliegen.workflow.queries.case import Case

_STEPS = 10  # how far up the line somebody is looked for who may decide


class Nobody(Exception):
    """Nobody can be asked: `code` and `params` say why, for the process owner."""

    def __init__(self, code: str, params: Mapping[str, Any]) -> None:
        super().__init__(code, params)
        self.code = code
        self.params = dict(params)


@dataclass(frozen=True, slots=True)
class Asked:
    """One team or one person, and the sentence that says why."""

    reason: Sentence
    team: Team | None = None
    person: User | None = None

    @property
    def name(self) -> dict[str, str]:
        """What to call them, in both languages."""
        if self.team:
            return LocalText.of(self.team.name).json()
        name = self.person.full_name if self.person else ""
        return {"de": name, "en": name}

    @property
    def key(self) -> str:
        """How they are named in a basis for carry-over."""
        return f"team:{self.team.key}" if self.team else f"person:{self.person.pk if self.person else 0}"


def asked(who: str, case: Case, data: Mapping[str, Any], now: datetime) -> list[Asked]:
    """Everybody whom the expression means. Raises Nobody."""
    found = [one for part in who.split(",") if part.strip() for one in _part(part.strip(), case, data, now)]
    if not found:
        raise Nobody("nobody", {"who": who})
    return found


def worker(who: str, case: Case, data: Mapping[str, Any], now: datetime) -> Asked:
    """The team or person who does a step; a person who has left is replaced. Raises Nobody."""
    first = asked(who, case, data, now)[0]
    if first.team is not None:
        if not _is_staffed(first.team, case, now):
            raise Nobody("team-empty", {"team": first.team.key})
        return first
    assert first.person is not None
    return first if first.person.is_active else instead(first.person, case, frozenset(), now)


def approvers(who: str, case: Case, data: Mapping[str, Any], now: datetime) -> list[Asked]:
    """The persons who decide, each once; never requester, recipient or recorder (A16). Raises Nobody."""
    candidates: list[Asked] = []
    for one in asked(who, case, data, now):
        candidates += _members(one, now) if one.team else [one]
    absent = people.absent_of([one.person.pk for one in candidates if one.person], now)
    chosen: dict[int, Asked] = {}
    for candidate in candidates:
        present = _present(candidate, case, absent, now)
        if present.person is not None:
            chosen.setdefault(present.person.pk, present)
    if not chosen:
        raise Nobody("nobody", {"who": who})
    return list(chosen.values())


def _members(one: Asked, now: datetime) -> list[Asked]:
    assert one.team is not None
    found = people.members(one.team, now)
    if not found:
        raise Nobody("team-empty", {"team": one.team.key})
    return [Asked(one.reason, person=member) for member in found]


def _present(one: Asked, case: Case, absent: Container[int], now: datetime) -> Asked:
    """The same person where they may and can decide, else their deputy, else the next above."""
    person = one.person
    assert person is not None
    if not person.is_active or person.pk in case.barred:
        return instead(person, case, case.barred, now)
    if person.pk not in absent:
        return one
    deputy = next((d for d in people.deputies_of(person, now) if may_stand_in(d, case, now)), None)
    if deputy is None:
        return one
    return Asked(Sentence("who-deputy", {"name": deputy.full_name, "of": person.full_name}), person=deputy)


def may_stand_in(deputy: User, case: Case, now: datetime) -> bool:
    """Whether a deputy may decide this case now: there, and not one of its own people (A16)."""
    return deputy.pk not in case.barred and not people.is_absent(deputy, now)


def instead(person: User, case: Case, barred: frozenset[int], now: datetime) -> Asked:
    """Who is asked in place of somebody: the manager above, at last the process owner. Raises Nobody."""
    own = person.pk in barred
    above: User | None = person
    for _step in range(_STEPS):
        above = people.manager_of(people.person(above.pk)) if above else None
        if above is None:
            break
        if above.is_active and above.pk not in barred:
            key = "who-own" if own else "who-instead"
            return Asked(Sentence(key, {"name": above.full_name, "of": person.full_name}), person=above)
    owner = process_owner(case.category_key, barred, now)
    return Asked(Sentence("who-process-owner", {"name": owner.full_name}), person=owner)


def process_owner(category_key: str, barred: frozenset[int], now: datetime) -> User:
    """The process owner of a category. Raises Nobody."""
    held = people.holders(Role.PROCESS_OWNER, now, Scope(ScopeKind.CATEGORY, category_key))
    for person in held:
        if person.pk not in barred:
            return person
    raise Nobody("no-process-owner", {"category": category_key})


def _part(part: str, case: Case, data: Mapping[str, Any], now: datetime) -> Iterator[Asked]:
    kind, _, key = part.partition(":")
    match kind:
        case "team":
            yield _team(key, case, now)
        case "person":
            yield _person(key)
        case "role":
            for holder in _holders(key, case, now):
                yield Asked(Sentence("who-role", {"name": holder.full_name, "role": key}), person=holder)
        case "table":
            yield from _by_table(key, case, data, now)
        case "step":
            yield _by_step(key, case, data, now)
        case _:
            yield _relative(part, case, now)


def staffed_team(key: str, case: Case, now: datetime) -> Team | None:
    """A team in which somebody works now, or None."""
    try:
        team = _team(key, case, now).team
    except Nobody:
        return None
    return team if team and _is_staffed(team, case, now) else None


def _is_staffed(team: Team, case: Case, now: datetime) -> bool:
    return _found_team(team.key, case, now)[1]


def _found_team(key: str, case: Case, now: datetime) -> tuple[Team, bool]:
    """A team, and whether somebody works in it; asked once a case. Raises Nobody."""
    if key not in case.teams:
        try:
            case.teams[key] = people.team_at_work(key, now)
        except NotFound:
            raise Nobody("unknown-team", {"team": key}) from None
    return case.teams[key]


def _team(key: str, case: Case, now: datetime) -> Asked:
    team, _at_work = _found_team(key, case, now)
    return Asked(Sentence("who-team", {"team": LocalText.of(team.name).json()}), team=team)


def _person(address: str) -> Asked:
    found = people.person_by_email(address)
    if found is None:
        raise Nobody("unknown-person", {"person": address})
    return Asked(Sentence("who-person", {"name": found.full_name}), person=found)


def _holders(key: str, case: Case, now: datetime) -> list[User]:
    try:
        role = Role(key)
    except ValueError:
        raise Nobody("unknown-role", {"role": key}) from None
    found = people.holders(role, now, Scope(ScopeKind.CATEGORY, case.category_key))
    if not found:
        owner = process_owner(case.category_key, frozenset(), now)
        return [owner]
    return found


def _by_table(key: str, case: Case, data: Mapping[str, Any], now: datetime) -> Iterator[Asked]:
    """A table names a team or a person in its outputs `team`, `person` (address) or `who` (an expression)."""
    table = shared.table_of(key, case, now)
    if table is None:
        raise Nobody("unknown-table", {"table": key})
    try:
        decision = tables.decide(table.table, data)
    except cel.EvaluationError as error:
        raise Nobody(error.code, {"table": key, **error.params}) from error
    rows = decision.outputs if isinstance(decision.outputs, list) else [decision.outputs]
    columns = (("team", "team:"), ("person", "person:"), ("who", ""))
    named = [f"{prefix}{row[name]}" for row in rows for name, prefix in columns if row.get(name)]
    for one in (one for part in named for one in _part(part, case, data, now)):
        yield Asked(Sentence("who-table", {"name": one.name, "table": key}), one.team, one.person)


def _by_step(key: str, case: Case, data: Mapping[str, Any], now: datetime) -> Asked:
    """Whom an earlier step named in its output `team` or `person`: a table that routes, or a person who chose."""
    given = data.get("steps", {}).get(key, {})
    if given.get("team"):
        team = _team(str(given["team"]), case, now).team
        return Asked(Sentence("who-step", {"name": LocalText.of(team.name).json() if team else ""}), team=team)
    try:
        person = people.person(str(given.get("person") or ""))
    except NotFound:
        raise Nobody("nobody", {"who": f"step:{key}"}) from None
    return Asked(Sentence("who-step", {"name": person.full_name}), person=person)


def _relative(part: str, case: Case, now: datetime) -> Asked:
    """Persons who follow from the requester or the recipient."""
    requester, recipient = case.requester, case.recipient
    match part:
        case "requester":
            return Asked(Sentence("who-requester", {"name": requester.full_name}), person=requester)
        case "recipient":
            return Asked(Sentence("who-recipient", {"name": recipient.full_name}), person=recipient)
        case "requester-or-recipient":
            key = "who-recipient" if case.recipient_confirms else "who-requester"
            return Asked(Sentence(key, {"name": case.acceptor.full_name}), person=case.acceptor)
        case "manager":
            return _found("who-manager", people.manager_of(requester), requester.full_name, case, now)
        case "recipient-manager":
            return _found("who-manager", people.manager_of(recipient), recipient.full_name, case, now)
        case "cost-centre-holder":
            return _found(
                "who-cost-centre",
                people.cost_centre_holder(case.cost_centre or requester, now),
                _centre(case),
                case,
                now,
            )
        case "department-head":
            return _found("who-department", people.department_head(requester), requester.full_name, case, now)
    raise Nobody("unknown-who", {"who": part})


def _centre(case: Case) -> str:
    """The cost centre that pays, in words; of external people nothing but their name."""
    centre = case.cost_centre or people.cost_centre_of(case.requester)
    return f"{centre.code} {centre.name}" if centre else case.requester.full_name


def _found(key: str, person: User | None, of: str, case: Case, now: datetime) -> Asked:
    """That person, or where there is none the process owner."""
    if person is not None:
        return Asked(Sentence(key, {"name": person.full_name, "of": of}), person=person)
    owner = process_owner(case.category_key, case.barred, now)
    return Asked(Sentence("who-process-owner", {"name": owner.full_name}), person=owner)
