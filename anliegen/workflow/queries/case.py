"""What gateways, tables and rules may read about one request: the case, before ordering and while it runs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue import rules as catalogue_rules
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules.audience import PERSON
from anliegen.lib import cel
from anliegen.lib.tables import Table, output_types
from anliegen.people import queries as people
from anliegen.people.access import day
from anliegen.people.models import CostCentre, Team, User
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import TERM_MONTHS
from anliegen.workflow import rules
from anliegen.workflow.models import Release
from anliegen.workflow.queries import releases


@dataclass(frozen=True)
class Case:
    """Whose request it is and what it costs, so that steps can find who does them."""

    requester_id: int
    recipient_id: int
    persons: Callable[[], Mapping[int, User]]  # reads requester and recipient when a step first asks for them
    release: Release
    item_version: ItemVersion
    category_key: str
    order: rules.Order
    recorder_id: int | None = None
    recipient_confirms: bool = False
    code: str = ""
    cost_centre: CostCentre | None = None  # chosen for the whole order; else that of the requester pays
    tables: Mapping[str, Table] = field(default_factory=dict)
    teams: dict[str, tuple[Team, bool]] = field(
        default_factory=dict, compare=False
    )  # found so far: does one work in it

    @cached_property
    def _persons(self) -> Mapping[int, User]:
        return self.persons()

    @property
    def requester(self) -> User:
        return self._persons[self.requester_id]

    @property
    def recipient(self) -> User:
        return self._persons[self.recipient_id]

    @property
    def barred(self) -> frozenset[int]:
        """Those who never approve: requester, recipient and recorder (A16)."""
        return frozenset(pk for pk in (self.requester_id, self.recipient_id, self.recorder_id) if pk)

    @property
    def acceptor(self) -> User:
        """Who says whether it is done."""
        return self.recipient if self.recipient_confirms else self.requester


def of_request(service_request: ServiceRequest, release: Release) -> Case:
    """The case of a request that exists. Two statements for its people, once a step asks for them."""
    item_version = release.item_version
    asked = (service_request.requester_id, service_request.recipient_id)
    order = rules.Order(
        total_cents=service_request.order.total_cents,
        monthly_cents=service_request.monthly_cents,
        term_months=service_request.term_months,
        quantity=_quantity(item_version, service_request.answers),
        data_class=str(service_request.answers.get("data_class", "")),
    )
    return Case(
        requester_id=asked[0],
        recipient_id=asked[1],
        persons=lambda: people.people(asked),
        release=release,
        item_version=item_version,
        category_key=service_request.category_key,
        order=order,
        recorder_id=service_request.recorder_id,
        recipient_confirms=service_request.recipient_confirms,
        code=service_request.code,
        cost_centre=service_request.order.cost_centre if service_request.order.cost_centre_id else None,
        tables=releases.tables_of(release),
    )


def before(
    release: Release,
    item_version: ItemVersion,
    requester: User,
    recipient: User,
    answers: Mapping[str, Any],
    total_cents: int | None = None,
) -> Case:
    """The case of an order that is only thought of; `total_cents`: of all its lines, where it has others."""
    answers = typed(item_version, answers)
    price = catalogue.price(item_version, answers)
    order = rules.Order(
        total_cents=price.total(TERM_MONTHS) if total_cents is None else total_cents,
        monthly_cents=price.monthly_cents,
        quantity=_quantity(item_version, answers),
        data_class=str(answers.get("data_class", "")),
    )
    return Case(
        requester_id=requester.pk,
        recipient_id=recipient.pk,
        persons=lambda: {recipient.pk: recipient, requester.pk: requester},
        release=release,
        item_version=item_version,
        category_key=item_version.item.category.key,
        order=order,
        tables=releases.tables_of(release),
    )


def typed(item_version: ItemVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers that are right so far, with their types."""
    questions = catalogue.form(item_version)
    known = {key: value for key, value in answers.items() if key in questions.by_key}
    return catalogue_rules.check(questions, known, catalogue_rules.TRUST).values


def _quantity(item_version: ItemVersion, answers: Mapping[str, Any]) -> int:
    question = next((q for q in catalogue.form(item_version).questions if q.quantity), None)
    value = answers.get(question.key) if question else None
    return value if isinstance(value, int) and value > 0 else 1


def request_data(service_request: ServiceRequest, now: datetime) -> dict[str, Any]:
    """What rules read as `request.*`."""
    data = {
        "kind": service_request.kind,
        "category": service_request.category_key,
        "item": service_request.item_version.item.key,
        "channel": service_request.channel,
        "total_cents": service_request.order.total_cents,
        "cost_cents": service_request.cost_cents,
        "monthly_cents": service_request.monthly_cents,
        "confidential": service_request.confidential,
        **words_of(service_request.item_version, service_request.answers),
        "dearer": service_request.is_dearer,
    }
    if service_request.wish_date:
        data["wish_days"] = (service_request.wish_date - day(now)).days
    return data


def words_of(item_version: ItemVersion, answers: Mapping[str, Any]) -> dict[str, str]:
    """What shared tables route by: `area`, the answer to the question of that key, and `text`, all that was written."""
    free = {catalogue_rules.QuestionType.TEXT, catalogue_rules.QuestionType.PARAGRAPH}
    asked = (q.key for q in catalogue.form(item_version).questions if q.type in free and not q.seen_by)
    return {
        "area": str(answers.get("area", "")),
        "text": "\n".join(str(answers[key]) for key in asked if key in answers),
    }


def data_of(service_request: ServiceRequest, case: Case, now: datetime) -> dict[str, Any]:
    """Everything that rules may read when a pass begins. Six statements for the facts of two people."""
    requester = people.facts(case.requester, now)
    same = case.requester_id == case.recipient_id
    return {
        "answers": dict(service_request.answers),
        "request": request_data(service_request, now),
        "requester": requester,
        "recipient": requester if same else people.facts(case.recipient, now),
        "options": switches(case.release.options),
        "steps": {},
    }


def data_before(case: Case, answers: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """The same for an order that is only thought of; answers that are missing or wrong are simply not there."""
    values = typed(case.item_version, answers)
    price = catalogue.price(case.item_version, values)
    requester = people.facts(case.requester, now)
    same = case.requester_id == case.recipient_id
    return {
        "answers": values,
        "request": {
            "kind": case.item_version.kind,
            "category": case.category_key,
            "item": case.item_version.item.key,
            "channel": "portal",
            "total_cents": case.order.total_cents,
            "cost_cents": price.cents,
            "monthly_cents": price.monthly_cents,
            "confidential": case.item_version.confidential,
            **words_of(case.item_version, values),
            "dearer": False,
        },
        "requester": requester,
        "recipient": requester if same else people.facts(case.recipient, now),
        "options": switches(case.release.options),
        "steps": {},
    }


_REQUEST = cel.Object(
    {
        "kind": cel.Enum(*catalogue_rules.Kind),
        "category": cel.STRING,
        "item": cel.STRING,
        "channel": cel.Enum(*catalogue_rules.Channel),
        "total_cents": cel.INT,
        "cost_cents": cel.INT,
        "monthly_cents": cel.INT,
        "confidential": cel.BOOL,
        "dearer": cel.BOOL,
        "wish_days": cel.INT,
        "area": cel.STRING,
        "text": cel.STRING,
    }
)
COMMON = cel.Schema({"request": _REQUEST, "requester": PERSON, "recipient": PERSON})  # what every request has


def switches(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the organisation has switched on for a service: `options.<name>` in expressions."""
    return dict(options.get("switches", {}))


def schema_of(form: catalogue_rules.Form, options: Mapping[str, Any] | None = None) -> cel.Schema:
    """What a model and its tables may read, before the outputs of its own steps; `options` are the release's."""
    types = {name: cel.BOOL if isinstance(value, bool) else cel.INT for name, value in switches(options or {}).items()}
    return cel.Schema(
        {
            "answers": catalogue_rules.answers_type(form),
            **COMMON.fields,
            "options": cel.Object(types),
        }
    )


def outputs_of(tables: Mapping[str, Table]) -> dict[str, dict[str, cel.Type]]:
    """The outputs that each table gives, by the table's key."""
    return {key: output_types(table) for key, table in tables.items()}
