"""The only door to requests: who sees which, and who may write into them.

Who sees a request follows from its participants, and for the desk from its roles. A confidential one is seen by
requester, recipient, whom they named, and whoever has an open task or vote, as person, deputy or member of the team.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from anliegen.catalogue.rules import possible_id
from anliegen.lib.errors import Forbidden, NotFound
from anliegen.people import queries as people
from anliegen.people.access import day, grants, once
from anliegen.people.models import Deputy, Team, TeamMembership, User
from anliegen.people.rules import Capability, Scope, ScopeKind, roles_with
from anliegen.reads.prepared import Ids, Prepared, Slot
from anliegen.requests import indexing
from anliegen.requests.models import Attachment, Order, Participant, ServiceRequest
from anliegen.requests.rules import FOLLOWING, RATING_DAYS, EndKind, ParticipantRole

_WORKING = (ParticipantRole.WORKER, ParticipantRole.APPROVER)


_USER, _TODAY = Slot("user"), Slot("today")


def _teams() -> QuerySet[TeamMembership, Any]:
    return TeamMembership.objects.on(_TODAY).filter(user=_USER).values("team")


def _principals() -> QuerySet[Deputy, Any]:
    return Deputy.objects.on(_TODAY).filter(deputy=_USER, person__is_active=True).values("person")


def _open_shares() -> list[QuerySet[Participant]]:
    """The participations by which somebody sees even a confidential request; each kind has an index of its own."""
    now = Participant.objects.filter(until=None)
    working = now.filter(role__in=_WORKING, open_count__gt=0)
    return [
        now.filter(person=_USER).exclude(role__in=(*_WORKING, ParticipantRole.RECORDER)),
        working.filter(person=_USER),
        working.filter(team__in=_teams()),
        working.filter(role=ParticipantRole.APPROVER, person__in=_principals()),
    ]


def _past_shares() -> list[QuerySet[Participant]]:
    """What is enough for a request that is not confidential: also finished work, the recorder, the lead of a team.

    A deputy sees what was decided meanwhile, so that they are told who was first (R95).
    """
    every = Participant.objects
    return [
        every.filter(Q(until=None) | Q(role__in=_WORKING), person=_USER),
        every.filter(team__in=_teams()),
        every.filter(team__in=Team.objects.filter(lead=_USER).values("id")),
        every.filter(role=ParticipantRole.APPROVER, person__in=_principals()),
    ]


def _ids(shares: Sequence[QuerySet[Participant]]) -> QuerySet[Participant, int]:
    first, *more = (share.values_list("service_request", flat=True) for share in shares)
    return first.union(*more, all=True)


_OPEN = Prepared(lambda: _ids(_open_shares()))
_PAST = Prepared(lambda: _ids(_past_shares()))


def _reach(user: User, now: datetime) -> Q | None:
    """The part of the requests that somebody's roles show, by the scopes of their grants; None for nothing."""
    roles = roles_with(Capability.SEE_ALL_REQUESTS)
    scopes = [grant.scope for grant in grants(user, now) if grant.role in roles]
    if not scopes:
        return None
    if any(scope.kind is ScopeKind.ALL for scope in scopes):
        return Q()
    reach = Q(pk=None)
    for scope in scopes:
        reach |= _scope(scope)
    return reach


def _scope(scope: Scope) -> Q:
    match scope.kind:
        case ScopeKind.CATEGORY:
            return Q(category_key=scope.key)
        case ScopeKind.COMPANY:
            return Q(requester__company__key=scope.key)
        case ScopeKind.DEPARTMENT:
            return Q(requester__department__key=scope.key)
        case _:
            return Q(pk__in=Participant.objects.filter(team__key=scope.key).values("service_request"))


def visible_to(user: User, now: datetime) -> QuerySet[ServiceRequest]:
    """The requests that somebody may see; every list of requests begins here."""
    if not user.is_active:
        return ServiceRequest.objects.none()
    viewer = {"user": user.pk, "today": day(now)}
    sees = Q(pk__in=_OPEN.inside(**viewer))
    reach = _reach(user, now)
    if reach is not None:
        sees |= Q(confidential=False) & reach
    if reach != Q():
        sees |= Q(confidential=False, pk__in=_PAST.inside(**viewer))
    return ServiceRequest.objects.filter(sees)


def own(user: User) -> QuerySet[ServiceRequest]:
    """What somebody asked for or gets, and what they were let follow."""
    return ServiceRequest.objects.filter(pk__in=_OWN.inside(user=user.pk))


_OWN = Prepared(
    lambda: Participant.objects.filter(
        person=_USER,
        role__in=(ParticipantRole.REQUESTER, ParticipantRole.RECIPIENT, *FOLLOWING),
        until=None,
    ).values_list("service_request", flat=True)
)
_WITH_PEOPLE = Prepared(
    lambda: ServiceRequest.objects.select_related(
        "order", "item_version__item__category", "requester__department", "recipient__department", "recorder"
    ).filter(pk=Slot("id"))
)


def among(ids: Sequence[int], user: User, now: datetime) -> list[int]:
    """Those of these ids that somebody may see: what the search found is asked again here."""
    if not user.is_active or not ids:
        return []
    everything = sees_everything(user, now)
    if everything is None:
        return list(visible_to(user, now).filter(pk__in=ids).values_list("pk", flat=True))
    return _AMONG[everything](user=user.pk, today=day(now), ids=ids)


def own_words(user: User) -> list[str]:
    """The access words of the search by which somebody finds what is their own; see `indexing`."""
    return [indexing.owner_word(user.pk)] if user.is_active else []


def found_by(user: User, now: datetime) -> list[str]:
    """The access words of the search that somebody holds; more may be found than seen, so ask `among`. 3 statements."""
    if not user.is_active:
        return []
    viewer = {"user": user.pk, "today": day(now)}
    words = [*own_words(user), indexing.person_word(user.pk)]
    words += [indexing.team_word(pk) for pk in _TEAM_IDS(**viewer)]
    words += [indexing.person_word(pk) for pk in _PRINCIPALS(**viewer)]
    return words + (_reach_words(user, now) if _reach(user, now) is not None else [])


def _reach_words(user: User, now: datetime) -> list[str]:
    roles = roles_with(Capability.SEE_ALL_REQUESTS)
    scopes = [grant.scope for grant in grants(user, now) if grant.role in roles]
    if all(scope.kind is ScopeKind.CATEGORY for scope in scopes):
        return [indexing.category_word(scope.key) for scope in scopes]
    return [indexing.EVERYBODY]


def to_read(code: str, user: User, now: datetime) -> ServiceRequest:
    """A request by its code. Raises NotFound, alike for one that is not there and one that is not for this person."""
    seen = _seen(user, now, code=possible_id(code))
    found = None if seen is None else _WITH_PEOPLE.first(id=seen.id)
    if found is None:
        raise NotFound
    return found


class Seen(NamedTuple):
    """A request that somebody may see."""

    id: int
    version: int


def version(code: str, user: User, now: datetime) -> int:
    """The version of a request by its code; the cheapest of all reads. Raises NotFound like `to_read`."""
    seen = _seen(user, now, code=possible_id(code))
    if seen is None:
        raise NotFound
    return seen.version


def sees(user: User, service_request_id: int, now: datetime) -> bool:
    """Whether somebody may see that request."""
    return _seen(user, now, id=service_request_id) is not None


def _seen(user: User, now: datetime, **key: object) -> Seen | None:
    """One request, if `visible_to` holds it: asked from the request, whose participants are few, and not from the
    viewer, whose participations may be tens of thousands."""
    if not user.is_active:
        return None
    everything = sees_everything(user, now)
    if everything is None:
        row = visible_to(user, now).filter(**key).values_list("pk", "version").first()
    else:
        row = _ONE[next(iter(key)), everything].first(user=user.pk, today=day(now), **key)
    return None if row is None else Seen(*row)


def seen(*, everything: bool) -> QuerySet[ServiceRequest]:
    """`visible_to`, asked from each request: a part of prepared reads that look at few requests. Its slots are `user`
    and `today`; `everything` is what `sees_everything` says of this person, who must not be in between."""
    past = Q() if everything else _any(_past_shares())
    return ServiceRequest.objects.filter(Q(confidential=False) & past | _any(_open_shares()))


def _any(shares: Sequence[QuerySet[Participant]]) -> Q:
    found = Q()
    for share in shares:
        found |= Q(Exists(share.filter(service_request=OuterRef("pk"))))
    return found


def sees_everything(user: User, now: datetime) -> bool | None:
    """Whether somebody's roles show them all requests that are not confidential; None where they show a part."""
    reach = _reach(user, now)
    return None if reach is not None and reach != Q() else reach is not None


def _one(key: str, *, everything: bool) -> QuerySet[ServiceRequest, tuple[int, int]]:
    return seen(everything=everything).filter(**{key: Slot(key)}).values_list("pk", "version")


_ONE = {
    (key, everything): Prepared(partial(_one, key, everything=everything))
    for key in ("code", "id")
    for everything in (False, True)
}


def _among(*, everything: bool) -> QuerySet[ServiceRequest, int]:
    return seen(everything=everything).filter(pk__in=Ids("ids")).values_list("pk", flat=True)


_AMONG = {everything: Prepared(partial(_among, everything=everything)) for everything in (False, True)}
_TEAM_IDS = Prepared(
    lambda: Team.objects.filter(Q(pk__in=_teams()) | Q(lead=_USER)).order_by("pk").values_list("pk", flat=True)
)
_PRINCIPALS = Prepared(lambda: _principals().order_by("person").values_list("person", flat=True))


def to_write(code: str, user: User, now: datetime) -> ServiceRequest:
    """A request that somebody takes part in, locked. Call inside a transaction. Raises NotFound."""
    seen = _seen(user, now, code=possible_id(code))
    if seen is None:
        raise NotFound
    return locked(seen.id)


_LOCKED = Prepared(
    lambda: (
        ServiceRequest.objects.select_for_update(of=("self",))
        .select_related("order")
        .defer("form")
        .filter(pk=Slot("id"))
    )
)


def locked(service_request_id: int) -> ServiceRequest:
    """A request, locked, for the system or after the caller's own check. Call inside a transaction. Raises NotFound."""
    found = _LOCKED.first(id=service_request_id)
    if found is None:
        raise NotFound
    return found


def find_locked(code: str) -> ServiceRequest | None:
    """A request by its code, locked, for the system; None where there is none. Call inside a transaction."""
    found = ServiceRequest.objects.filter(code=code).values_list("pk", flat=True).first() if code else None
    return locked(found) if found is not None else None


def may_see_internal(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody reads the internal notes: the desk and who works on it, never who asked or gets it (A05)."""
    if user.pk in {service_request.requester_id, service_request.recipient_id} or not user.is_active:
        return False
    reach = _reach(user, now)
    if reach is not None and not service_request.confidential and _within(reach, service_request):
        return True
    return once(user, f"internal {service_request.pk}", now, lambda: _works_on(user, service_request, now))


def _works_on(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    shares = _WORKS_ON_CONFIDENTIAL if service_request.confidential else _WORKS_ON
    return bool(shares(user=user.pk, today=day(now), service_request=service_request.pk))


def _working_on(shares: Sequence[QuerySet[Participant]]) -> QuerySet[Participant, int]:
    return _ids([share.filter(service_request=Slot("service_request"), role__in=_WORKING) for share in shares])


_WORKS_ON_CONFIDENTIAL = Prepared(lambda: _working_on(_open_shares()))
_WORKS_ON = Prepared(lambda: _working_on([*_open_shares(), *_past_shares()]))


def _within(reach: Q, service_request: ServiceRequest) -> bool:
    return reach == Q() or ServiceRequest.objects.filter(reach, pk=service_request.pk).exists()


def require_internal(user: User, service_request: ServiceRequest, now: datetime) -> None:
    """Raise Forbidden unless the person may read and write internal notes."""
    if not may_see_internal(user, service_request, now):
        raise Forbidden


def is_owner(user: User, service_request: ServiceRequest) -> bool:
    """Whether somebody asked for it or gets it."""
    return user.pk in {service_request.requester_id, service_request.recipient_id}


def confirms(service_request: ServiceRequest) -> int:
    """The id of the person who says whether it is done, and rates it: the requester, or the recipient if so chosen."""
    recipient = service_request.recipient_confirms
    return service_request.recipient_id if recipient else service_request.requester_id


def may_rate(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody may say how content they are: who confirms, once it is fulfilled and for a while after."""
    if service_request.end_kind != EndKind.FULFILLED or service_request.ended_at is None:
        return False
    return user.pk == confirms(service_request) and now <= service_request.ended_at + timedelta(days=RATING_DAYS)


def may_see_rating(user: User, service_request: ServiceRequest, now: datetime) -> bool:
    """Whether somebody reads the rating: who gave it, the process owner, and the leads of the teams that had part."""
    if user.pk == confirms(service_request):
        return True
    scope = Scope(ScopeKind.CATEGORY, service_request.category_key)
    if people.can(user, Capability.REPAIR_FAULTS, scope, now=now):
        return True
    return Participant.objects.filter(service_request=service_request, team__lead=user).exists()


def attachment(code: str, file_id: str, user: User, now: datetime) -> Attachment:
    """A file of a request, to be downloaded. Raises NotFound also for internal ones not for this person (A02)."""
    service_request = to_read(code, user, now)
    rows = Attachment.objects.select_related("file").filter(
        service_request=service_request, file__public_id=possible_id(file_id)
    )
    found = rows.first()
    if found is None or (found.visibility != "all" and not may_see_internal(user, service_request, now)):
        raise NotFound
    return found


def order_to_read(public_id: str, user: User, now: datetime) -> Order:
    """A checkout, for who made it, or who noted it down and may still see it. Raises NotFound for everybody else."""
    rows = Order.objects.select_related("cost_centre").filter(Q(requester=user) | Q(recorder=user))
    order = rows.filter(public_id=possible_id(public_id)).first()
    if order is None:
        raise NotFound
    if order.requester_id != user.pk and not visible_to(user, now).filter(order=order).exists():
        raise NotFound
    return order


def recorder_allowed(user: User, now: datetime) -> bool:
    """Whether somebody may note a request for a caller (R84)."""
    return people.can(user, Capability.RECORD_FOR_CALLERS, now=now)
