"""The only door to persons: who sees whom, who may change whom, and whom somebody may order for."""

from collections.abc import Callable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from anliegen.lib.errors import Forbidden, NotFound
from anliegen.people.models import MayOrderFor, RoleGrant, TeamMembership, User
from anliegen.people.rules import Capability, Grant, OrderScope, Role, Scope, ScopeKind, allows
from anliegen.reads.prepared import Prepared, Slot


def day(now: datetime) -> date:
    """The organisation's calendar day at that moment; dated values hold by it."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def is_external(user: User) -> bool:
    """Whether the person belongs to another than the default company (R4)."""
    return not user.company.is_default


_KEPT = "_kept_for_a_page"


def keep(user: User) -> None:
    """Read a person's roles, teams and limits once from here on: for a page that changes nothing, and only for it."""
    setattr(user, _KEPT, {})


def once[T](user: User, what: str, now: datetime, read: Callable[[], T]) -> T:
    """What was read of this person on the same page, else what `read` finds; kept only after `keep`."""
    kept: dict[tuple[str, date], T] | None = getattr(user, _KEPT, None)
    if kept is None:
        return read()
    key = (what, day(now))
    if key not in kept:
        kept[key] = read()
    return kept[key]


def is_kept(user: User, what: str, now: datetime) -> bool:
    """Whether that was read for this page already."""
    return (what, day(now)) in (getattr(user, _KEPT, None) or {})


def grants(user: User, now: datetime) -> list[Grant]:
    """The roles a person holds now, with their scopes; none for who has left. One query."""
    return once(user, "grants", now, lambda: _grants(user, now)) if user.is_active else []


def _grants(user: User, now: datetime) -> list[Grant]:
    return [Grant(Role(role), Scope(ScopeKind(kind), key)) for role, kind, key in _GRANTS(user=user.pk, today=day(now))]


_GRANTS = Prepared(
    lambda: RoleGrant.objects.on(Slot("today")).filter(user=Slot("user")).values_list("role", "scope_kind", "scope_key")
)


def can(user: User, capability: Capability, scope: Scope | None = None, *, now: datetime) -> bool:
    """Whether a person may do that, anywhere or within a scope. One query."""
    if not user.is_active:
        return False
    return allows(grants(user, now), capability, None if scope is None else (scope,))


def require(user: User, capability: Capability, scope: Scope | None = None, *, now: datetime) -> None:
    """Raise Forbidden unless the person may do that."""
    if not can(user, capability, scope, now=now):
        raise Forbidden(_("You do not have the role for this."))


def visible_to(user: User, now: datetime) -> QuerySet[User]:
    """The persons whom somebody finds in a directory.

    The desk and the administrators see everybody, also who has left. Others see active people: internal ones all
    internal people and the externals whom they look after, external ones their own company and its internal contact.
    """
    everybody = User.objects.select_related("company", "department", "place")
    held = grants(user, now)
    if allows(held, Capability.RECORD_FOR_CALLERS) or allows(held, Capability.MANAGE_PEOPLE):
        return everybody
    if is_external(user):
        near = Q(company=user.company_id) | Q(pk=user.company.internal_contact_id)
    else:
        near = Q(company__is_default=True) | Q(company__internal_contact=user)
    return everybody.filter(Q(pk=user.pk) | near & Q(is_active=True))


def to_see(public_id: str, user: User, now: datetime) -> User:
    """One visible person; NotFound for everybody else, as if they did not exist."""
    person = visible_to(user, now).filter(public_id=public_id).first()
    if person is None:
        raise NotFound
    return person


def to_change(user_id: int, acting_user: User | None, now: datetime, *, own: bool = False) -> User:
    """The person's row, locked, for a change by an administrator, by the system (None) or, where `own`, by themselves.

    Call inside a transaction. Raises NotFound, or Forbidden without the capability.
    """
    person = User.objects.select_for_update(of=("self",)).select_related("company").filter(pk=user_id).first()
    if person is None:
        raise NotFound
    if acting_user is not None and not (own and acting_user.pk == person.pk and acting_user.is_active):
        require(acting_user, Capability.MANAGE_PEOPLE, Scope(ScopeKind.COMPANY, person.company.key), now=now)
    return person


def may_order_for(user: User, now: datetime) -> QuerySet[User]:
    """The active persons for whom somebody may order: themselves, by the table, and all for the desk."""
    people = User.objects.filter(is_active=True).select_related("company", "department", "place")
    if not user.is_active:
        return people.none()
    if can(user, Capability.RECORD_FOR_CALLERS, now=now):
        return people
    today = day(now)
    reach = Q(pk=user.pk)
    for kind, key in _ORDERS(user=user.pk, today=today):
        reach |= _reach(user, OrderScope(kind), key, today)
    return people.filter(reach)


_ORDERS = Prepared(
    lambda: MayOrderFor.objects.on(Slot("today")).filter(user=Slot("user")).values_list("scope_kind", "scope_key")
)


def _reach(user: User, kind: OrderScope, key: str, today: date) -> Q:
    """The persons of one row; an empty key means the person's own teams or department."""
    match kind:
        case OrderScope.ALL:
            return Q(pk__isnull=False)
        case OrderScope.PERSON:
            return Q(public_id=key)
        case OrderScope.DEPARTMENT:
            return Q(department__key=key) if key else Q(department__isnull=False, department=user.department_id)
        case OrderScope.TEAM:
            members = TeamMembership.objects.on(today)
            own = members.filter(user=user).values("team")
            return Q(
                pk__in=members.filter(team__key=key).values("user")
                if key
                else members.filter(team__in=own).values("user")
            )
        case _:
            return Q(pk=user.pk)
