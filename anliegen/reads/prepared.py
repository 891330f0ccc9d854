"""Reads that are built once in a process, and then only bound and sent.

Django builds the SQL of a queryset anew each time, which costs more than most of our statements take. A `Prepared` is
an ordinary queryset with `Slot`s where values belong; what changes the SQL (a sort order, a filter that may be missing)
is another `Prepared`.
"""

import copy
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, override

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Func, QuerySet
from django.db.models.expressions import RawSQL
from django.db.models.sql.compiler import SQLCompiler

type Sql = tuple[str, tuple[Any, ...]]


class Slot(Expression):
    """The place of one value (number, text, date or moment) in a prepared read."""

    def __init__(self, name: str) -> None:
        super().__init__(output_field=models.Field())
        self.name = name

    @override
    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        return "%s", (self,)


class Ids(Slot):
    """The place of any number of ids, behind `__in`: the SQL is the same for one and for a hundred."""

    @override
    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper) -> Sql:
        if connection.vendor == "postgresql":
            return "(SELECT unnest(%s::bigint[]))", (self,)
        return "(SELECT value FROM json_each(%s))", (self,)


class Rows(Func):
    """How many rows there are: `rows.values_list(Rows())`."""

    template = "COUNT(*)"

    def __init__(self) -> None:
        super().__init__(output_field=models.IntegerField())


@dataclass(frozen=True, slots=True)
class _Made:
    queryset: QuerySet[Any]
    compiler: SQLCompiler
    sql: str
    params: tuple[Any, ...]


class Prepared[R]:
    """A read of the default database. Values are given by the names of their slots.

    `build` is called once for each kind of database, at the first use; its queryset may join, sort and slice, but not
    prefetch, and nothing in it may depend on who reads, on the language or on the time.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, R]]) -> None:
        self._build = build
        self._made: dict[str, _Made] = {}

    def __call__(self, **values: object) -> list[R]:
        """The rows: instances, tuples or values, as the queryset says. One statement."""
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._for(connection)
        compiler = copy.copy(made.compiler)
        compiler.connection = connection  # of this thread
        bound = made.sql, tuple(_bound(made.params, values, connection))
        compiler.as_sql = lambda *_args, **_more: bound  # type: ignore[method-assign]
        rows: QuerySet[Any] = QuerySet(model=made.queryset.model, query=_Query(compiler))  # type: ignore[arg-type]
        rows._fields = made.queryset._fields  # type: ignore[attr-defined]
        iterable: Any = made.queryset._iterable_class
        return list(iterable(rows))

    def first(self, **values: object) -> R | None:
        """The first row of a read that has a limit of its own."""
        found = self(**values)
        return found[0] if found else None

    def inside(self, **values: object) -> RawSQL:
        """The same as a part of another read, behind `__in`; of one column."""
        connection = connections[DEFAULT_DB_ALIAS]
        made = self._for(connection)
        return RawSQL(made.sql, tuple(_bound(made.params, values, connection)))  # noqa: S611 (Django's own SQL)

    def _for(self, connection: BaseDatabaseWrapper) -> _Made:
        made = self._made.get(connection.vendor)
        if made is None:
            queryset = self._build()
            compiler = queryset.query.get_compiler(using=DEFAULT_DB_ALIAS)
            sql, params = compiler.as_sql()
            made = self._made[connection.vendor] = _Made(queryset, compiler, sql, tuple(params))
        return made


class _Query:
    """Stands for the query of a queryset that is only iterated."""

    def __init__(self, compiler: SQLCompiler) -> None:
        self.compiler = compiler

    def get_compiler(self, using: str | None = None) -> SQLCompiler:
        return self.compiler


def _bound(params: tuple[Any, ...], values: Mapping[str, object], connection: BaseDatabaseWrapper) -> list[Any]:
    return [_value(param, values[param.name], connection) if isinstance(param, Slot) else param for param in params]


def _value(slot: Slot, value: Any, connection: BaseDatabaseWrapper) -> Any:
    if isinstance(value, Slot):
        return value  # a part of another prepared read
    if isinstance(slot, Ids):
        return list(value) if connection.vendor == "postgresql" else json.dumps(list(value))
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    if isinstance(value, date):
        return connection.ops.adapt_datefield_value(value)
    return value
