"""Rights with dates: roles, limits, clearances, teams, deputies, ordering for others. Nobody grants to themselves."""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people import access, rules
from anliegen.people.actions.changes import plain
from anliegen.people.events import (
    AbsenceSet,
    ClearanceEnded,
    ClearanceSet,
    DeputyEnded,
    DeputySet,
    LimitSet,
    OrderRightSet,
    PersonEvent,
    RoleGranted,
    RoleRevoked,
    TeamJoined,
    TeamLeft,
)
from anliegen.people.models import (
    Absence,
    Clearance,
    Dated,
    Deputy,
    Limit,
    MayOrderFor,
    RoleGrant,
    Session,
    Team,
    TeamMembership,
    User,
)
from anliegen.people.rules import Capability, Days, LimitKind, OrderScope, Role, Scope, ScopeKind

MOST_CENTS = 10**11
_EVERYWHERE = Scope(ScopeKind.ALL)


def _publish(kind: type[PersonEvent], person: User, acting_user: User | None, now: datetime, **changes: Any) -> None:
    facts = {name: plain(value) for name, value in changes.items()}
    actor = acting_user.pk if acting_user else None
    bus.publish(kind(subject_id=person.pk, actor_id=actor, now=now, changes=facts))


def _days(days: Days | None, now: datetime) -> dict[str, date | None]:
    """From and to as columns; without days from today until revoked. Raises Refused for the wrong order."""
    days = days or Days(access.day(now))
    if days.valid_to is not None and days.valid_to < days.valid_from:
        raise Refused("valid_to", _("The last day is before the first."))
    return {"valid_from": days.valid_from, "valid_to": days.valid_to}


def _another(user_id: int, acting_user: User | None, now: datetime) -> User:
    """The person who gets a right, locked. Raises Forbidden for oneself, Refused for who has left."""
    if acting_user is not None and acting_user.pk == user_id:
        raise Forbidden(_("Nobody changes their own rights. Ask another administrator."))
    person = access.to_change(user_id, acting_user, now)
    if not person.is_active:
        raise Refused("", _("This person has left."))
    return person


def end_all(model: type[Dated], which: Q, today: date) -> int:
    """End what holds today or later: yesterday was the last day; what began today or later goes altogether."""
    rows = model._default_manager.filter(which).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    ended = rows.filter(valid_from__lt=today).update(valid_to=today - timedelta(days=1))
    gone, _rows = rows.filter(valid_from__gte=today).delete()
    return ended + gone


def keep_an_administrator(person: User, now: datetime) -> None:
    """Raise Refused if nobody but this person could manage people any more."""
    admins = RoleGrant.objects.on(access.day(now)).filter(role=Role.ADMINISTRATOR.value, user__is_active=True)
    own = admins.filter(user=person).exists()
    if own and not admins.exclude(user=person).exists():
        raise Refused("", _("This is the last administrator. Make another person an administrator first."))


@transaction.atomic
def grant_role(
    user_id: int,
    role: Role,
    scope: Scope = _EVERYWHERE,
    *,
    acting_user: User | None,
    now: datetime,
    days: Days | None = None,
) -> RoleGrant:
    """Give a person a role within a scope. A role that already holds there without an end stays as it is.

    A role that demands a second factor ends the person's sessions. Raises Forbidden for oneself and without the
    capability, Refused, NotFound.
    """
    if acting_user is not None:
        access.require(acting_user, Capability.GRANT_ROLES, now=now)
    person = _another(user_id, acting_user, now)
    span = _days(days, now)
    where = {"user": person, "role": role.value, "scope_kind": scope.kind.value, "scope_key": scope.key}
    held = RoleGrant.objects.on(access.day(now)).filter(valid_to__isnull=True, **where).first()
    if held is not None and days is None:
        return held
    grant = RoleGrant.objects.create(granted_by=acting_user, **where, **span)
    if role in rules.SECOND_FACTOR_ROLES:
        Session.objects.filter(user=person).delete()  # a session of before has not shown the second factor
    _publish(RoleGranted, person, acting_user, now, role=role.value, scope=f"{scope.kind.value}:{scope.key}", **span)
    return grant


@transaction.atomic
def revoke_role(
    user_id: int, role: Role, scope: Scope = _EVERYWHERE, *, acting_user: User | None, now: datetime
) -> int:
    """Take a role within a scope away, at once; returns how many grants ended.

    Raises Refused for the last administrator, Forbidden for oneself and without the capability.
    """
    if acting_user is not None:
        access.require(acting_user, Capability.GRANT_ROLES, now=now)
    person = _another(user_id, acting_user, now)
    if role is Role.ADMINISTRATOR:
        keep_an_administrator(person, now)
    which = Q(user=person, role=role.value, scope_kind=scope.kind.value, scope_key=scope.key)
    ended = end_all(RoleGrant, which, access.day(now))
    if ended:
        _publish(RoleRevoked, person, acting_user, now, role=role.value, scope=f"{scope.kind.value}:{scope.key}")
    return ended


@transaction.atomic
def set_limit(
    user_id: int, kind: LimitKind, cents: int, *, acting_user: User | None, now: datetime, days: Days | None = None
) -> Limit:
    """Up to which amount a person orders or approves, in cents; replaces what held from that day on (R92).

    Raises Refused for external people, whose limit is 0 (R4), and for an amount out of range.
    """
    person = _another(user_id, acting_user, now)
    if not 0 <= cents <= MOST_CENTS:
        raise Refused("cents", _("The amount must be between 0 and 1,000,000,000."))
    if cents and access.is_external(person):
        raise Refused("cents", _("External people have no limit. Their internal contact decides."))
    span = _days(days, now)
    old = rules.limit(
        Limit.objects.on(access.day(now)).filter(user=person, kind=kind.value).values_list("cents", flat=True),
        external=False,
    )
    end_all(Limit, Q(user=person, kind=kind.value), span["valid_from"] or access.day(now))
    limit = Limit.objects.create(user=person, kind=kind.value, cents=cents, **span)
    _publish(LimitSet, person, acting_user, now, limit=kind.value, cents=[old, cents], **span)
    return limit


@transaction.atomic
def set_clearance(
    user_id: int, key: str, *, acting_user: User | None, now: datetime, days: Days | None = None
) -> Clearance:
    """Note that a person was cleared, such as for a secured area; replaces the same clearance (R93)."""
    person = _another(user_id, acting_user, now)
    span = _days(days, now)
    end_all(Clearance, Q(user=person, key=key), span["valid_from"] or access.day(now))
    clearance = Clearance.objects.create(user=person, key=key, **span)
    _publish(ClearanceSet, person, acting_user, now, clearance=key, **span)
    return clearance


@transaction.atomic
def end_clearance(user_id: int, key: str, *, acting_user: User | None, now: datetime) -> int:
    """Take a clearance away, at once; returns how many rows ended."""
    person = _another(user_id, acting_user, now)
    ended = end_all(Clearance, Q(user=person, key=key), access.day(now))
    if ended:
        _publish(ClearanceEnded, person, acting_user, now, clearance=key)
    return ended


def _team(team_key: str) -> Team:
    team = Team.objects.select_for_update(of=("self",)).filter(key=team_key).first()
    if team is None:
        raise NotFound
    return team


@transaction.atomic
def join_team(
    team_key: str, user_id: int, *, acting_user: User | None, now: datetime, days: Days | None = None
) -> TeamMembership:
    """A person works in a team from then on; an open membership stays as it is."""
    team = _team(team_key)
    person = access.to_change(user_id, acting_user, now)
    if not person.is_active:
        raise Refused("user", _("This person has left."))
    span = _days(days, now)
    held = TeamMembership.objects.on(access.day(now)).filter(team=team, user=person, valid_to__isnull=True).first()
    if held is not None and days is None:
        return held
    membership = TeamMembership.objects.create(team=team, user=person, **span)
    _publish(TeamJoined, person, acting_user, now, team=team.key, **span)
    return membership


@transaction.atomic
def leave_team(team_key: str, user_id: int, *, acting_user: User | None, now: datetime) -> int:
    """A person leaves a team, at once. A handler of TeamLeft may refuse while they hold open tasks."""
    team = _team(team_key)
    person = access.to_change(user_id, acting_user, now)
    ended = end_all(TeamMembership, Q(team=team, user=person), access.day(now))
    if ended:
        _publish(TeamLeft, person, acting_user, now, team=team.key)
    return ended


@transaction.atomic
def set_deputy(
    person_id: int, deputy_id: int, *, acting_user: User | None, now: datetime, days: Days | None = None
) -> Deputy:
    """Somebody decides in a person's place on those days (R95); set by the person or an administrator.

    Raises Refused for oneself, for who has left, and for external people, whose limit is 0.
    """
    person = access.to_change(person_id, acting_user, now, own=True)
    deputy = User.objects.select_related("company").filter(pk=deputy_id, is_active=True).first()
    if deputy is None:
        raise Refused("deputy", _("This person has left or does not exist."))
    if deputy.pk == person.pk:
        raise Refused("deputy", _("Nobody is their own deputy."))
    if access.is_external(deputy):
        raise Refused("deputy", _("External people cannot be deputies."))
    span = _days(days, now)
    row = Deputy.objects.create(person=person, deputy=deputy, **span)
    _publish(DeputySet, person, acting_user, now, deputy=deputy, **span)
    return row


@transaction.atomic
def end_deputy(person_id: int, deputy_id: int, *, acting_user: User | None, now: datetime) -> int:
    """Somebody decides no longer in a person's place, at once."""
    person = access.to_change(person_id, acting_user, now, own=True)
    ended = end_all(Deputy, Q(person=person, deputy_id=deputy_id), access.day(now))
    if ended:
        _publish(DeputyEnded, person, acting_user, now, deputy=User.objects.get(pk=deputy_id))
    return ended


@transaction.atomic
def set_absence(user_id: int, days: Days, *, acting_user: User | None, now: datetime) -> Absence:
    """Days on which a person is away; set by the person or an administrator."""
    person = access.to_change(user_id, acting_user, now, own=True)
    span = _days(days, now)
    row = Absence.objects.create(user=person, **span)
    _publish(AbsenceSet, person, acting_user, now, **span)
    return row


@transaction.atomic
def allow_ordering_for(
    user_id: int, scope: OrderScope, key: str = "", *, acting_user: User | None, now: datetime, days: Days | None = None
) -> MayOrderFor:
    """A person may order for their team or department (empty key), for a named one, for a person, or for all."""
    person = _another(user_id, acting_user, now)
    if scope is OrderScope.PERSON and not User.objects.filter(public_id=key).exists():
        raise Refused("scope_key", _("This person has left or does not exist."))
    span = _days(days, now)
    row = MayOrderFor.objects.create(user=person, scope_kind=scope.value, scope_key=key, **span)
    _publish(OrderRightSet, person, acting_user, now, scope=f"{scope.value}:{key}", **span)
    return row
