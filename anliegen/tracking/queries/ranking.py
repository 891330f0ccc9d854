"""What is requested often: by a department, and by everybody. Counted every few minutes, kept in the process."""

import time
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max

from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot
from anliegen.requests.models import ServiceRequest

KEPT_S = 600
LOOKED_AT = 20_000  # only so many of the latest requests are counted, however many there are
LATELY = timedelta(days=30)
AT_LEAST = 2  # persons of a department who asked for it: one alone is nobody's example

type Ranking = tuple[str, ...]
type _Asked = Mapping[tuple[str, int], int]  # how often which item was asked for by which person


@dataclass(frozen=True, slots=True)
class Popular:
    """Keys of items, the most requested first. `own`: of one's department, where enough colleagues asked for something.

    `lately` are those of the last 30 days.
    """

    own: Ranking = ()
    all: Ranking = ()
    lately: Ranking = ()


@dataclass(frozen=True, slots=True)
class _Counted:
    at: float
    departments: Mapping[int, tuple[Ranking, Ranking]] = field(default_factory=dict)
    all: Ranking = ()
    lately: Ranking = ()


_kept: list[_Counted] = []


def popular(user: User, now: datetime) -> Popular:
    """What people like this one request. No statement but every ten minutes in a process: then two."""
    counted = _kept[0] if _kept and time.monotonic() - _kept[0].at < KEPT_S else None
    if counted is None:
        counted = _count(now)
        _kept[:] = [counted]
    own, own_lately = counted.departments.get(user.department_id or 0, ((), ()))
    return Popular(own, counted.all, tuple(dict.fromkeys((*own_lately, *counted.lately))))


def forget() -> None:
    """Count anew: for tests, whose rows are rolled back."""
    _kept.clear()


def _count(now: datetime) -> _Counted:
    newest = ServiceRequest.objects.aggregate(newest=Max("pk"))["newest"] or 0
    ever: dict[int, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    late: dict[int, dict[tuple[str, int], int]] = defaultdict(lambda: defaultdict(int))
    for department, person, key, times, last in _ROWS(oldest=newest - LOOKED_AT):
        ever[department or 0][key, person] += times
        if last >= now - LATELY:
            late[department or 0][key, person] += times
    departments = {one: (_ranked(asked), _ranked(late.get(one, {}))) for one, asked in ever.items() if one}
    return _Counted(time.monotonic(), departments, _ranked(_together(ever)), _ranked(_together(late)))


_ROWS = Prepared(
    lambda: (
        ServiceRequest.objects.filter(pk__gt=Slot("oldest"), confidential=False)
        .order_by()
        .values_list("requester__department", "requester", "item_version__item__key")
        .annotate(times=Count("pk"), last=Max("received_at"))
    )
)


def _together(found: Mapping[int, _Asked]) -> _Asked:
    return {(key, person): times for asked in found.values() for (key, person), times in asked.items()}


def _ranked(asked: _Asked) -> Ranking:
    """The items that several persons asked for, by how many they are."""
    persons: dict[str, int] = defaultdict(int)
    for key, _person in asked:
        persons[key] += 1
    return tuple(sorted((key for key in persons if persons[key] >= AT_LEAST), key=lambda key: (-persons[key], key)))
