"""Who is who: reads about persons, teams, rights and limits. Each takes a constant number of queries."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from anliegen.lib.errors import NotFound
from anliegen.people import access, rules
from anliegen.people.access import can, day, is_external, may_order_for
from anliegen.people.models import (
    Absence,
    Clearance,
    Contact,
    CostCentre,
    Department,
    Deputy,
    Limit,
    Place,
    RoleGrant,
    Site,
    Team,
    TeamMembership,
    User,
)
from anliegen.people.rules import Capability, ContactKind, LimitKind, Role, Scope, ScopeKind
from anliegen.reads.prepared import Ids, Prepared, Slot

__all__ = [
    "absences_of",
    "absent_of",
    "approve_limit",
    "can",
    "capabilities",
    "clearances",
    "contacts",
    "cost_centre_holder",
    "cost_centres_of",
    "department_head",
    "deputies_of",
    "facts",
    "find_people",
    "find_places",
    "holders",
    "is_absent",
    "is_external",
    "last_clearance",
    "manager_of",
    "may_order_for",
    "members",
    "needs_second_factor",
    "order_limit",
    "person",
    "person_by",
    "person_by_email",
    "place",
    "proving_numbers",
    "roles_of",
    "showcase",
    "signed_in",
    "stands_in_for",
    "team",
    "team_at_work",
    "teams_of",
    "uses_desk",
    "vacant_teams",
    "works_in",
]

_STEPS_UP = 20  # a loop of managers or departments in the directory must not hang anybody


def _people() -> QuerySet[User]:
    return User.objects.select_related("company", "department", "cost_centre", "place__site")


def person(id_: int | str) -> User:
    """A person by database id or by public id. Raises NotFound."""
    found = _BY_ID.first(id=id_) if isinstance(id_, int) else _BY_PUBLIC_ID.first(id=id_)
    if found is None:
        raise NotFound
    return found


_BY_ID = Prepared(lambda: _people().filter(pk=Slot("id")))
_BY_PUBLIC_ID = Prepared(lambda: _people().filter(public_id=Slot("id")))


def signed_in(id_: int) -> User | None:
    """The person of a session, with what every page reads of them."""
    return _BY_ID.first(id=id_)


def people(ids: Iterable[int]) -> dict[int, User]:
    """Persons by database id."""
    return {person.pk: person for person in _BY_IDS(ids=set(ids))}


_BY_IDS = Prepared(lambda: _people().filter(pk__in=Ids("ids")))


def person_by_email(email: str) -> User | None:
    """The person with that address, whatever its case."""
    wanted = email.strip().lower()
    return _people().filter(email=wanted).first() if wanted else None


def person_by(attribute: str, value: str) -> User | None:
    """The person whom that "email" or "personnel_number" belongs to."""
    if attribute == "email":
        return person_by_email(value)
    return _people().filter(personnel_number=value.strip()).exclude(personnel_number="").first()


def roles_of(user: User, now: datetime) -> set[Role]:
    """The granted roles that hold now, whatever their scope."""
    return {grant.role for grant in access.grants(user, now)}


def capabilities(user: User, now: datetime) -> frozenset[Capability]:
    """Everything that a person may do somewhere; for menus and doors. One query."""
    held = access.grants(user, now)
    return frozenset(c for c in Capability if user.is_active and rules.allows(held, c))


def needs_second_factor(user: User, now: datetime) -> bool:
    """Whether one of the person's roles demands a second factor at sign-in."""
    return rules.needs_second_factor(roles_of(user, now))


def holders(role: Role, now: datetime, scope: Scope | None = None) -> list[User]:
    """The active persons with that role now; with a scope, only those whose grant reaches it."""
    held = RoleGrant.objects.on(day(now)).filter(role=role.value)
    if scope is not None:
        held = held.filter(Q(scope_kind=ScopeKind.ALL.value) | Q(scope_kind=scope.kind.value, scope_key=scope.key))
    return list(_people().filter(is_active=True, pk__in=held.values("user")))


def team_at_work(key: str, now: datetime) -> tuple[Team, bool]:
    """A team by its key, and whether an active person works in it now. One statement. Raises NotFound."""
    found = _AT_WORK.first(key=key, today=day(now))
    if found is None:
        raise NotFound
    return found, found.at_work


def _at_work() -> QuerySet[Any]:
    working = TeamMembership.objects.on(Slot("today")).filter(team=OuterRef("pk"), user__is_active=True)
    return Team.objects.annotate(at_work=Exists(working)).filter(key=Slot("key"))


_AT_WORK = Prepared(_at_work)


def team(key: str) -> Team:
    """A team by its key. Raises NotFound."""
    found = _BY_KEY.first(key=key)
    if found is None:
        raise NotFound
    return found


_BY_KEY = Prepared(lambda: Team.objects.select_related("lead", "company").filter(key=Slot("key")))


def teams_of(user: User, now: datetime) -> list[Team]:
    """The teams in which a person works now."""
    if not user.is_active:
        return []
    return list(access.once(user, "teams", now, lambda: _teams(user, now)))


def _teams(user: User, now: datetime) -> list[Team]:
    return _TEAMS(user=user.pk, today=day(now))


_TEAMS = Prepared(
    lambda: Team.objects.filter(
        pk__in=TeamMembership.objects.on(Slot("today")).filter(user=Slot("user")).values("team")
    )
)


def works_in(user: User, team_id: int, now: datetime) -> bool:
    """Whether a person works in a team now."""
    if access.is_kept(user, "teams", now):
        return any(team.pk == team_id for team in teams_of(user, now))
    return user.is_active and bool(_WORKS_IN(user=user.pk, team=team_id, today=day(now)))


_WORKS_IN = Prepared(
    lambda: (
        TeamMembership.objects.on(Slot("today"))
        .filter(user=Slot("user"), team=Slot("team"))
        .values_list("pk", flat=True)[:1]
    )
)


def uses_desk(user: User, now: datetime) -> bool:
    """Whether the desk area is open to a person: by a role, or as a member of a team. Two queries."""
    return can(user, Capability.USE_DESK, now=now) or bool(teams_of(user, now))


def members(of: Team | str, now: datetime) -> list[User]:
    """The active persons who work in a team now."""
    return _MEMBERS(team=of.pk, today=day(now)) if isinstance(of, Team) else _MEMBERS_BY_KEY(key=of, today=day(now))


def _working(**team: Slot) -> QuerySet[User]:
    rows = TeamMembership.objects.on(Slot("today")).filter(**team)
    return _people().filter(is_active=True, pk__in=rows.values("user"))


_MEMBERS = Prepared(lambda: _working(team=Slot("team")))
_MEMBERS_BY_KEY = Prepared(lambda: _working(team__key=Slot("key")))


def contacts(team_ids: Collection[int], now: datetime) -> dict[int, list[User]]:
    """The active persons who work in these teams now, with what a mail needs of them. One statement."""
    names = ("email", "language", "is_active", "first_name", "last_name", "mail_choices", "time_zone")
    rows = TeamMembership.objects.on(day(now)).filter(team_id__in=team_ids, user__is_active=True)
    found: dict[int, list[User]] = {}
    for row in rows.select_related("user").only("team_id", *(f"user__{name}" for name in names)):
        found.setdefault(row.team_id, []).append(row.user)
    return found


def vacant_teams(now: datetime) -> frozenset[str]:
    """The keys of the teams in which nobody works now. One statement."""
    staffed = TeamMembership.objects.on(day(now)).filter(user__is_active=True).values("team")
    return frozenset(Team.objects.exclude(pk__in=staffed).values_list("key", flat=True))


def _limit(user: User, kind: LimitKind, now: datetime) -> int:
    if not user.is_active or is_external(user):
        return rules.limit((), external=is_external(user))
    found = access.once(user, "limits", now, lambda: _limits(user, now))
    return rules.limit([cents for of, cents in found if of == kind.value], external=False)


def _limits(user: User, now: datetime) -> list[tuple[str, int]]:
    return _LIMITS(user=user.pk, today=day(now))


_LIMITS = Prepared(lambda: Limit.objects.on(Slot("today")).filter(user=Slot("user")).values_list("kind", "cents"))


def order_limit(user: User, now: datetime) -> int:
    """Up to how many cents an order of this person needs no financial approval (R92); 0 for external people."""
    return _limit(user, LimitKind.ORDER, now)


def approve_limit(user: User, now: datetime) -> int:
    """Up to how many cents this person may approve; 0 for external people."""
    return _limit(user, LimitKind.APPROVE, now)


def clearances(user: User, now: datetime) -> set[str]:
    """Keys of the clearances that hold now (R93)."""
    return set(access.once(user, "clearances", now, lambda: _CLEARANCES(user=user.pk, today=day(now))))


_CLEARANCES = Prepared(
    lambda: Clearance.objects.on(Slot("today")).filter(user=Slot("user")).values_list("key", flat=True)
)


def last_clearance(user: User, key: str) -> Clearance | None:
    """The clearance of that key that holds longest, over or not; None where there never was one (R93)."""
    rows = Clearance.objects.filter(user=user, key=key)
    return rows.filter(valid_to=None).order_by("valid_from").first() or rows.order_by("-valid_to").first()


def manager_of(user: User) -> User | None:
    """The active manager, or the next one above who is there; the internal contact for external people (R4)."""
    if is_external(user):
        return _active(user.company.internal_contact)
    current: User | None = user
    for _step in range(_STEPS_UP):
        current = current.manager if current else None
        if current is None:
            break
        if current.is_active and current.pk != user.pk:
            return current
    return department_head(user)


def department_head(user: User) -> User | None:
    """The active head of the person's department, or of the one above where the person heads it."""
    if is_external(user):
        return _active(user.company.internal_contact)
    department: Department | None = user.department
    for _step in range(_STEPS_UP):
        if department is None:
            return None
        head = department.head
        if head is not None and head.is_active and head.pk != user.pk:
            return head
        department = department.parent
    return None


def cost_centre_of(person: User) -> CostCentre | None:
    """Who pays for a person: their own cost centre, else their department's."""
    return person.cost_centre or (person.department.cost_centre if person.department else None)


def cost_centres_of(persons: Iterable[User]) -> list[CostCentre]:
    """The cost centres that pay for these people, each once, in the order of the people. Two statements."""
    ids = list(dict.fromkeys(one.pk for one in persons))
    found: dict[str, CostCentre] = {}
    rows = User.objects.select_related("cost_centre", "department__cost_centre").in_bulk(ids)
    for pk in ids:
        centre = cost_centre_of(rows[pk]) if pk in rows else None
        if centre is not None:
            found.setdefault(centre.code, centre)
    return list(found.values())


def cost_centre_holder(of: CostCentre | User, now: datetime) -> User | None:
    """Who answers for the money: the holder, else the holder's deputy; None where neither is there.

    For a person it is their own cost centre, else their department's; the internal contact for external people (R4).
    """
    if isinstance(of, User):
        if is_external(of):
            return _active(of.company.internal_contact)
        centre = cost_centre_of(of)
    else:
        centre = of
    if centre is None or not rules.holds(day(now), centre.valid_from, centre.valid_to):
        return None
    return _active(centre.holder) or _active(centre.deputy)


def _active(user: User | None) -> User | None:
    return user if user is not None and user.is_active else None


def deputies_of(principal: User, now: datetime) -> list[User]:
    """The active persons who may decide in somebody's place now (R95)."""
    rows = Deputy.objects.on(day(now)).filter(person=principal)
    return list(_people().filter(is_active=True, pk__in=rows.values("deputy")))


def stands_in_for(user: User, now: datetime) -> list[User]:
    """The active persons whose votes somebody may cast now."""
    if not user.is_active:
        return []
    return list(access.once(user, "principals", now, lambda: _principals(user, now)))


def _principals(user: User, now: datetime) -> list[User]:
    return _PRINCIPALS(user=user.pk, today=day(now))


_PRINCIPALS = Prepared(
    lambda: User.objects.filter(
        is_active=True, pk__in=Deputy.objects.on(Slot("today")).filter(deputy=Slot("user")).values("person")
    )
)


def showcase(now: datetime, text: str = "", most: int = 12) -> list[tuple[str, list[User]]]:
    """Persons who may sign in, by what they can show: owner, desk, analyst, approver, worker, requester.

    Each person stands in the first group that fits; with a text only who is found by it. Seven queries.
    """
    today = day(now)
    roles: dict[Role, set[int]] = {role: set() for role in Role}
    for user_id, role in RoleGrant.objects.on(today).values_list("user_id", "role"):
        roles[Role(role)].add(user_id)
    analysts = TeamMembership.objects.on(today).filter(team__key__contains="analy").values_list("user_id", flat=True)
    workers = TeamMembership.objects.on(today).values_list("user_id", flat=True)
    approvers = set(CostCentre.objects.on(today).values_list("holder_id", flat=True))
    approvers |= set(Department.objects.values_list("head_id", flat=True))
    approvers |= set(Limit.objects.on(today).filter(kind=LimitKind.APPROVE.value).values_list("user_id", flat=True))
    kinds: list[tuple[str, Collection[int | None]]] = [
        ("owner", roles[Role.PROCESS_OWNER] | roles[Role.ADMINISTRATOR]),
        ("desk", roles[Role.SERVICE_DESK]),
        ("analyst", set(analysts)),
        ("approver", approvers),
        ("worker", set(workers)),
    ]
    found = find_people(text, limit=1000)
    groups: dict[str, list[User]] = {kind: [] for kind, _ids in (*kinds, ("requester", ()))}
    for user in found:
        if user.can_sign_in:
            kind = next((kind for kind, ids in kinds if user.pk in ids), "requester")
            groups[kind].append(user)
    return [(kind, people_[:most]) for kind, people_ in groups.items() if people_]


@dataclass(frozen=True, slots=True)
class Proof:
    """A number to call somebody back on, to be sure who they are; "" where the first one is too new."""

    kind: ContactKind
    number: str
    changed: bool = False  # a newer number exists that proves nothing yet


def proving_numbers(user: User, now: datetime) -> list[Proof]:
    """The numbers that prove who a person is: each only 24 h after it was changed, till then the one before (R121).

    One query.
    """
    rows = list(Contact.objects.filter(user=user).order_by("valid_from", "id"))
    found = []
    for kind in ContactKind:
        own = [row for row in rows if row.kind == kind]
        proven = [row for row in own if row.proves_from <= now]
        started = [row for row in own if row.valid_from <= now]
        number = proven[-1].number if proven else own[0].before if own else getattr(user, kind.value)
        changed = bool(started) and (not proven or started[-1].pk != proven[-1].pk)
        if number or changed:
            found.append(Proof(kind, number, changed))
    return found


def absences_of(user: User, now: datetime) -> list[Absence]:
    """The person's absences that are not over, each with the `stand_ins` who decide meanwhile. Two queries."""
    rows = Absence.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day(now)), user=user)
    stand_ins = Prefetch("deputies", Deputy.objects.select_related("deputy"), to_attr="stand_ins")
    return list(rows.order_by("valid_from", "id").prefetch_related(stand_ins))


def is_absent(user: User, now: datetime) -> bool:
    """Whether a person is away today."""
    return bool(absent_of([user.pk], now))


def absent_of(users: Sequence[int], now: datetime) -> frozenset[int]:
    """Who of these persons (ids) is away today. One statement."""
    return frozenset(_ABSENT(users=users, today=day(now)))


_ABSENT = Prepared(
    lambda: Absence.objects.on(Slot("today")).filter(user__in=Ids("users")).values_list("user", flat=True)
)


def find_people(text: str, limit: int = 10, *, viewer: User | None = None, now: datetime | None = None) -> list[User]:
    """Active persons by parts of name, address, telephone or personnel number; every word must match.

    With a viewer (and `now`) only whom they may see.
    """
    found = access.visible_to(viewer, now) if viewer and now else _people()
    found = found.filter(is_active=True)
    for word in text.casefold().split()[:8]:
        digits = "".join(c for c in word if c.isdigit())
        found = found.filter(search_words__contains=digits if len(digits) == len(word.strip("+-/()")) else word)
    return list(found[:limit])


def find_places(text: str, limit: int = 10) -> list[Place]:
    """Places by parts of code or name."""
    found = Place.objects.select_related("site")
    for word in text.split()[:8]:
        found = found.filter(Q(code__icontains=word) | Q(name__icontains=word))
    return list(found[:limit])


_PLACE = Prepared(lambda: Place.objects.select_related("site").filter(code=Slot("code")))


def place(code: str) -> Place:
    """A place by its code. Raises NotFound."""
    found = _PLACE.first(code=code)
    if found is None:
        raise NotFound
    return found


def site_of(user: User) -> Site | None:
    """Where the person works."""
    return user.place.site if user.place else None


def facts(user: User, now: datetime) -> dict[str, Any]:
    """What rules (CEL) may read about a requester or recipient. Three queries beside the person's own relations."""
    site = site_of(user)
    return {
        "id": user.public_id,
        "name": user.full_name,
        "department": user.department.key if user.department else "",
        "company": user.company.key,
        "external": is_external(user),
        "site": site.key if site else "",
        "place": user.place.code if user.place else "",
        "cost_centre": user.cost_centre.code if user.cost_centre else "",
        "language": user.language,
        "limit_cents": order_limit(user, now),
        "clearances": sorted(clearances(user, now)),
        "teams": sorted(t.key for t in teams_of(user, now)),
    }
