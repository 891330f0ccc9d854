"""Many true rows from a few: requests that were made through the actions are copied, each as if others had asked.

Copy n of a row has the id `old + n * STRIDE` in every table, and so have its foreign keys. A copy has its own number,
people of the crowd in the place of requester, leader and agents, another place, other sentences, and lies at its own
time. The trail of the copies is sealed.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from django.apps import apps
from django.db import models, transaction

from anliegen.audit import actions as audit
from anliegen.audit.models import Entry, Head
from anliegen.people.models import User
from anliegen.requests.models import Number, Order, ServiceRequest
from bench import rows, trail
from bench.house import Crowd
from bench.stencil import Copy, Slots, Stencil, slots_of

STRIDE = 100_000
OWNED_BY = ("requests", "workflow", "sla", "notifications")  # tables in which rows hang on a request
SPREAD_OPEN, SPREAD_CLOSED = timedelta(days=20), timedelta(days=700)
MAILS_KEPT = timedelta(days=30)
CHUNK = 2_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many copies of one request are made, and whether it still runs."""

    service_request_id: int
    copies: int
    open: bool


type Cell = Callable[[Copy], Any]
type Line = Callable[[Copy], list[Any]]


def multiply(plans: Sequence[Plan], crowd: Crowd) -> None:
    """Copy the requests of these plans, oldest first, so that newer ones have higher ids and numbers."""
    _seal_all()
    owned = _owned()
    sources = {plan.service_request_id: _Source(plan.service_request_id, owned, crowd) for plan in plans}
    last = Number.objects.get()
    first = ServiceRequest.objects.latest("pk").pk // STRIDE + 1
    drawn = _in_time(plans)
    head = trail.Head(Head.objects.get())
    with rows.in_bulk(list(_tables(owned))), transaction.atomic():
        for begin in range(0, len(drawn), CHUNK):
            chunk = [
                (sources[key], sources[key].copy(first + begin + n, last.last + 1 + begin + n, back))
                for n, (back, key) in enumerate(drawn[begin : begin + CHUNK])
            ]
            for model in (Order, *owned):
                rows.write(model, (line(copy) for source, copy in chunk for line in source.lines[model]))
            trail.write([(source.trail, copy) for source, copy in chunk], head)
        head.save()
        Number.objects.filter(pk=last.pk).update(last=last.last + len(drawn))


def _tables(owned: Iterable[rows.Table]) -> Iterator[rows.Table]:
    yield from (Order, *owned, *trail.TABLES)


def _seal_all() -> None:
    while Entry.objects.filter(number=None).exists():
        audit.seal({}, datetime.now(UTC))


def _in_time(plans: Sequence[Plan]) -> list[tuple[timedelta, int]]:
    """How far back each copy lies, and of which request it is; furthest back first."""
    drawn = []
    for plan in plans:
        spread = SPREAD_OPEN if plan.open else SPREAD_CLOSED
        step = spread / max(1, plan.copies)
        lag = step * (plan.service_request_id % 17) / 17
        drawn += [(step * n + lag + timedelta(minutes=1), plan.service_request_id) for n in range(plan.copies)]
    return sorted(drawn, reverse=True)


def _owned() -> dict[rows.Table, str]:
    """Every table whose rows hang on a request, parents first, with the SQL that finds the rows of one."""
    found: dict[rows.Table, str] = {ServiceRequest: "id = %s"}
    candidates = [model for app in OWNED_BY for model in apps.get_app_config(app).get_models()]
    grown = True
    while grown:
        grown = False
        for model in candidates:
            link = next((one for one in rows.fields(model) if _hangs_on(one, found)), None)
            if link and model not in found:
                parent = link.related_model
                inner = f"SELECT id FROM {parent._meta.db_table} WHERE {found[parent]}"
                found[model], grown = f"{link.column} IN ({inner})", True
    return found


def _hangs_on(one: models.Field, found: Iterable[rows.Table]) -> bool:
    is_key = isinstance(one, models.ForeignKey)
    return is_key and one.related_model in found and one.remote_field.on_delete is models.CASCADE


class _Source:
    """A request that is copied: its rows, ready to be written again for any copy."""

    def __init__(self, pk: int, owned: dict[rows.Table, str], crowd: Crowd) -> None:
        self.row = ServiceRequest.objects.select_related("requester__manager").get(pk=pk)
        self.crowd, self.owned = crowd, owned
        self.slots: Slots = slots_of(self.row, self._agents)
        self.lines: dict[rows.Table, list[Line]] = {Order: self._lines(Order, "id = %s", self.row.order_id)}
        for model, where in owned.items():
            self.lines[model] = self._lines(model, where, pk)
        self.trail = trail.source(pk, self.slots.stencil)

    @cached_property
    def _agents(self) -> list[User]:
        return list(User.objects.filter(pk__in=self.crowd.staff))

    def copy(self, number: int, code: int, back: timedelta) -> Copy:
        asker, leader = self.crowd.requester(number)
        instead = {self.row.requester_id: asker}
        if self.row.requester.manager_id:
            instead.setdefault(self.row.requester.manager_id, leader)
        for agent in self._agents:
            if colleague := self.crowd.colleague(agent.pk, number):
                instead.setdefault(agent.pk, colleague)
        words = self.slots.words(number, f"SR-{code}", instead)
        return Copy(
            number=number,
            offset=number * STRIDE,
            back=back,
            persons={pk: person.id for pk, person in instead.items()},
            actors=self.slots.actors(instead),
            words=words,
            json_words=[Stencil.escaped(word) for word in words],
        )

    def _lines(self, model: rows.Table, where: str, key: int) -> list[Line]:
        return [self._line(model, row) for row in rows.read(model, f"WHERE {where}", [key])]

    def _line(self, model: rows.Table, row: Sequence[Any]) -> Line:
        """Only what differs from copy to copy is computed."""
        cells = [self._cell(model, one, value) for one, value in zip(rows.fields(model), row, strict=True)]
        plain, varying = list(row), [(n, cell) for n, cell in enumerate(cells) if cell]

        def line(copy: Copy) -> list[Any]:
            made = plain.copy()
            for n, cell in varying:
                made[n] = cell(copy)
            return made

        return line

    def _cell(self, model: rows.Table, one: models.Field, value: Any) -> Cell | None:
        if value is None or value == "":
            return None
        if one.primary_key or (isinstance(one, models.ForeignKey) and one.related_model in {Order, *self.owned}):
            return lambda copy: value + copy.offset
        if isinstance(one, models.ForeignKey):
            return (lambda copy: copy.persons.get(value, value)) if one.related_model is User else None
        if isinstance(one, models.DateTimeField):
            moment = _moment(value)
            return lambda copy: copy.earlier(moment)
        if isinstance(one, models.DateField):
            day = date.fromisoformat(str(value)[:10])
            return lambda copy: (day - timedelta(days=copy.back.days)).isoformat()
        return self._text(model, one, value)

    def _text(self, model: rows.Table, one: models.Field, value: Any) -> Cell | None:
        match one.name:
            case "public_id":
                return lambda copy: f"{value[:10]}{copy.number:012d}"
            case "message_id":
                return lambda copy: f"<{copy.number}.{value[1:]}"
        if not isinstance(value, str):
            return None
        cell = self.slots.stencil(value, as_json=isinstance(one, models.JSONField))
        if cell and model._meta.label == "notifications.Message" and one.name in {"text", "html"}:
            return lambda copy: cell(copy) if copy.back < MAILS_KEPT else ""
        return cell


def _moment(value: Any) -> datetime:
    """The database's text of a time, in UTC."""
    text = re.sub(r"([+-]\d\d)$", r"\1:00", str(value))
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC).replace(tzinfo=None) if moment.tzinfo else moment
