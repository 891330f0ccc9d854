"""The organisation's own parts: made or changed by their key, so that loading twice gives the same."""

from datetime import datetime
from typing import Any

from django.db import models, transaction

from anliegen.lib import bus
from anliegen.people import access
from anliegen.people.actions.changes import apply, plain
from anliegen.people.events import OrganisationChanged
from anliegen.people.models import Company, CostCentre, Department, Place, Site, Team, User
from anliegen.people.rules import Capability


@transaction.atomic
def _put[M: models.Model](
    model: type[M], lookup: dict[str, str], fields: dict[str, Any], acting_user: User | None, now: datetime
) -> M:
    """The row with that key and these fields; an event only where something changed."""
    if acting_user is not None:
        access.require(acting_user, Capability.MANAGE_PEOPLE, now=now)
    row = model._default_manager.select_for_update().filter(**lookup).first()
    if row is None:
        row = model._default_manager.create(**lookup, **fields)
        changes = {name: [None, plain(value)] for name, value in fields.items()}
    else:
        changes = apply(row, fields)
        if not changes:
            return row
        row.save()
    bus.publish(
        OrganisationChanged(
            subject_id=row.pk,
            actor_id=acting_user.pk if acting_user else None,
            now=now,
            changes={"kind": model._meta.model_name, **lookup, **changes},
        )
    )
    return row


def put_company(key: str, *, acting_user: User | None, now: datetime, **fields: Any) -> Company:
    """A company: name, is_default, internal_contact."""
    return _put(Company, {"key": key}, fields, acting_user, now)


def put_site(key: str, *, acting_user: User | None, now: datetime, **fields: Any) -> Site:
    """A site: name, calendar_key, phone, hours."""
    return _put(Site, {"key": key}, fields, acting_user, now)


def put_place(code: str, *, acting_user: User | None, now: datetime, **fields: Any) -> Place:
    """A place: site, name, secured."""
    return _put(Place, {"code": code}, fields, acting_user, now)


def put_department(key: str, *, acting_user: User | None, now: datetime, **fields: Any) -> Department:
    """A department: name, company, parent, head, cost_centre."""
    return _put(Department, {"key": key}, fields, acting_user, now)


def put_cost_centre(code: str, *, acting_user: User | None, now: datetime, **fields: Any) -> CostCentre:
    """A cost centre: name, department, holder, deputy, valid_from, valid_to, yearly_budget_cents."""
    if "valid_from" not in fields and not CostCentre.objects.filter(code=code).exists():
        fields["valid_from"] = access.day(now)
    return _put(CostCentre, {"code": code}, fields, acting_user, now)


def put_team(key: str, *, acting_user: User | None, now: datetime, **fields: Any) -> Team:
    """A team: name, company, email, lead."""
    return _put(Team, {"key": key}, fields, acting_user, now)
