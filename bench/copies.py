"""Many true rows from a few: requests that were made through the actions are copied inside the database.

Copy k of a row has the id `old + k * STRIDE` in every table, and so have its foreign keys: one INSERT ... SELECT per
table copies everything that hangs on a request. Texts that must be unique get k, times move into the past, and each
copy belongs to another of many requesters.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction

from anliegen.audit.models import Detail, Entry
from anliegen.people.models import User
from anliegen.requests.models import Number, Order, ServiceRequest

STRIDE = 100_000
COPY = "!copy"  # no password; and not copied again
OWNED_BY = ("requests", "workflow", "sla", "notifications")  # tables in which rows hang on a request
SPREAD_OPEN_S, SPREAD_CLOSED_S = 20 * 86_400, 700 * 86_400


@dataclass(frozen=True, slots=True)
class Plan:
    """Which copies of one request are made: those numbered `first` to `last`."""

    service_request_id: int
    first: int
    last: int
    open: bool


@transaction.atomic
def multiply(plans: Sequence[Plan], colleagues: tuple[int, int]) -> None:
    """Copy the requests of these plans. Everybody gets the colleagues of these numbers first: they ask, too."""
    _people(*colleagues)
    _note(plans, colleagues[1])
    columns = _owned()
    _copy(Order, columns)
    for model in _in_order(columns):
        _copy(model, columns)
    _audit()
    _execute("DROP TABLE bench_copies")
    Number.objects.update(last=STRIDE * (1 + max(plan.last for plan in plans)) + STRIDE // 2)
    _continue_counting((User, Order, Entry, *columns))


def _execute(sql: str, *params: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def _name(text: str) -> str:
    return connection.ops.quote_name(text)


def _series(first: int, last: int) -> str:
    """A table of numbers `k`."""
    return (
        f"(WITH RECURSIVE n(k) AS (SELECT CAST({first} AS bigint) UNION ALL SELECT k + 1 FROM n WHERE k < {last})"
        f" SELECT k FROM n WHERE k <= {last})"
    )


def _people(first: int, last: int) -> None:
    """Colleagues of everybody: same department, manager and cost centre."""
    columns = {field.column: _name(field.column) for field in User._meta.concrete_fields}
    columns |= {
        "id": f"id + n.k * {STRIDE}",
        "public_id": "substr(public_id, 1, 14) || '-' || n.k",
        "email": "CASE WHEN email = '' THEN '' ELSE n.k || '.' || email END",
        "last_name": "last_name || ' ' || n.k",
        "personnel_number": "''",
        "password": f"'{COPY}'",
    }
    table, names = _name(User._meta.db_table), ", ".join(map(_name, columns))
    source = f"{table} CROSS JOIN {_series(first, last)} n WHERE password <> '{COPY}'"
    _execute(f"INSERT INTO {table} ({names}) SELECT {', '.join(columns.values())} FROM {source}")


def _note(plans: Sequence[Plan], colleagues: int) -> None:
    """The table of copies: which request, number of the copy, how far back in seconds, and the requester's copy."""
    _execute(
        "CREATE TEMPORARY TABLE bench_copies"
        " (sr bigint, ord bigint, requester bigint, k bigint, back bigint, person bigint)"
    )
    rows = {row.pk: row for row in ServiceRequest.objects.filter(pk__in=[plan.service_request_id for plan in plans])}
    for plan in plans:
        row = rows[plan.service_request_id]
        spread = SPREAD_OPEN_S if plan.open else SPREAD_CLOSED_S
        _execute(
            "INSERT INTO bench_copies SELECT %s, %s, %s, k, (k * 7919 * 61) %% %s, k %% %s + 1 FROM"
            f" {_series(plan.first, plan.last)} n",
            *(row.pk, row.order_id, row.requester_id, spread, colleagues),
        )


def _owned() -> dict[type[models.Model], str]:
    """Every table whose rows hang on a request, with the SQL that gives a row's request (alias t)."""
    found: dict[type[models.Model], str] = {ServiceRequest: "t.id"}
    grown = True
    while grown:
        grown = False
        for model in _candidates(found):
            for field in model._meta.concrete_fields:
                if _hangs_on(field, found) and model not in found:
                    found[model] = _request_of(field, found)
                    grown = True
    return found


def _candidates(found: Mapping[type[models.Model], str]) -> Iterable[type[models.Model]]:
    return [m for app in OWNED_BY for m in apps.get_app_config(app).get_models() if m not in found]


def _hangs_on(field: models.Field, found: Mapping[type[models.Model], str]) -> bool:
    is_key = isinstance(field, models.ForeignKey)
    return is_key and field.related_model in found and field.remote_field.on_delete is models.CASCADE


def _request_of(field: models.ForeignKey, found: Mapping[type[models.Model], str]) -> str:
    parent, column = field.related_model, f"t.{_name(field.column)}"
    if parent is ServiceRequest:
        return column
    alias = f"above_{len(found)}"
    inner = found[parent].replace("t.", f"{alias}.")
    return f"(SELECT {inner} FROM {_name(parent._meta.db_table)} {alias} WHERE {alias}.id = {column})"


def _in_order(found: Mapping[type[models.Model], str]) -> list[type[models.Model]]:
    """Parents before children; the dictionary was grown that way."""
    return list(found)


def _copy(model: type[models.Model], owned: Mapping[type[models.Model], str]) -> None:
    fields = [field for field in model._meta.concrete_fields if not field.generated]
    names = ", ".join(_name(field.column) for field in fields)
    values = ", ".join(_value(field, owned) for field in fields)
    table = _name(model._meta.db_table)
    link = "c.ord = t.id" if model is Order else f"c.sr = {owned[model]}"
    _execute(f"INSERT INTO {table} ({names}) SELECT {values} FROM {table} t JOIN bench_copies c ON {link}")


def _value(field: models.Field, owned: Mapping[type[models.Model], str]) -> str:
    column = f"t.{_name(field.column)}"
    if field.primary_key or (isinstance(field, models.ForeignKey) and field.related_model in {Order, *owned}):
        return f"{column} + c.k * {STRIDE}"
    if isinstance(field, models.ForeignKey) and field.related_model is User:
        return f"CASE WHEN {column} = c.requester THEN {column} + c.person * {STRIDE} ELSE {column} END"
    if isinstance(field, models.DateTimeField):
        return _earlier(column)
    return _text(field, column)


def _text(field: models.Field, column: str) -> str:
    match field.name:
        case "public_id":
            return f"substr({column}, 1, 12) || '-' || c.k"
        case "message_id":
            return f"replace({column}, '@', '.' || c.k || '@')"
        case "event_id":
            return f"{column} || ':' || c.k"
        case "code" if field.model is ServiceRequest:
            return f"'SR-' || (CAST(substr({column}, 4) AS bigint) + c.k * {STRIDE})"
        case "title":
            return f"substr({column}, 1, 180) || ' ' || c.k"
        case "search_words":
            return f"{column} || ' ' || c.k"
    return column


def _earlier(column: str) -> str:
    if connection.vendor == "postgresql":
        return f"{column} - c.back * interval '1 second'"
    return f"strftime('%%Y-%%m-%%d %%H:%%M:%%f', {column}, '-' || c.back || ' seconds')"


def _audit() -> None:
    """The entries of the copies, with their details, still to be sealed."""
    entry, detail = _name(Entry._meta.db_table), _name(Detail._meta.db_table)
    names = ["id", "number", "hash", "format", "event", "subject_kind", "subject", "actor", "rule", "happened_at"]
    subject = f"CAST(c.sr + c.k * {STRIDE} AS varchar(64))"
    join = "JOIN bench_copies c ON t.subject_kind = 'service_request' AND t.subject = CAST(c.sr AS varchar(64))"
    _execute(
        f"INSERT INTO {entry} ({', '.join(map(_name, [*names, 'detail_hash']))})"
        f" SELECT t.id + c.k * {STRIDE}, NULL, '', t.format, t.event, t.subject_kind, {subject}, t.actor, t.rule,"
        f" {_earlier('t.happened_at')}, t.detail_hash FROM {entry} t {join}"
    )
    _execute(
        f"INSERT INTO {detail} (entry_id, salt, text) SELECT t.id + c.k * {STRIDE}, d.salt, d.text"
        f" FROM {entry} t {join} JOIN {detail} d ON d.entry_id = t.id"
    )


def _continue_counting(tables: Iterable[type[models.Model]]) -> None:
    """PostgreSQL's sequences go on behind the copies; SQLite does so by itself. Then both look at the new rows."""
    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), list(tables)):
            cursor.execute(sql)
        cursor.execute("ANALYZE")
