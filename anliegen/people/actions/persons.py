"""Persons: they come, change, leave and come back. Nobody is deleted here: old records name them."""

from datetime import date, datetime
from typing import Any, TypedDict, Unpack

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from anliegen.lib import bus
from anliegen.lib.errors import Forbidden, Refused
from anliegen.people import access
from anliegen.people.actions import rights
from anliegen.people.actions.changes import apply, plain
from anliegen.people.actions.contacts import note
from anliegen.people.events import Deactivated, PasswordChanged, PersonChanged, PersonCreated, Reactivated
from anliegen.people.models import (
    Clearance,
    Company,
    CostCentre,
    Dated,
    Department,
    Deputy,
    Limit,
    MayOrderFor,
    Place,
    RoleGrant,
    Session,
    TeamMembership,
    User,
)
from anliegen.people.rules import Capability, ContactKind, Role, Scope, ScopeKind


class PersonFields(TypedDict, total=False):
    """What may be set about a person by an administrator or a directory; rights have their own actions."""

    email: str
    first_name: str
    last_name: str
    job_title: dict[str, str]
    phone: str
    mobile: str
    personnel_number: str
    company: Company
    department: Department | None
    manager: User | None
    cost_centre: CostCentre | None
    place: Place | None
    can_sign_in: bool
    joined_on: date | None
    language: str
    time_zone: str


class Preferences(TypedDict, total=False):
    """What people set for themselves."""

    language: str
    time_zone: str
    theme: str
    live_updates: bool
    single_keys: bool
    mail_choices: dict[str, str]


def _actor(acting_user: User | None) -> int | None:
    return acting_user.pk if acting_user else None


def _check(person: User) -> None:
    """Raise Refused at the first field that cannot be taken."""
    if person.manager_id is not None and person.manager_id == person.pk:
        raise Refused("manager", _("Nobody is their own manager."))
    person.email = person.email.strip().lower()
    others = User.objects.exclude(pk=person.pk)
    if person.email and others.filter(email=person.email).exists():
        raise Refused("email", _("Another person already has this address."))
    if person.personnel_number and others.filter(personnel_number=person.personnel_number).exists():
        raise Refused("personnel_number", _("Another person already has this personnel number."))
    try:
        person.clean_fields(exclude=["password", "search_words"])
    except ValidationError as problem:
        errors: dict[str, object] = {name: texts[0] for name, texts in problem.message_dict.items()}
        field, message = next(iter(errors.items()))
        raise Refused(field, message, more=errors) from problem


@transaction.atomic
def create_person(*, acting_user: User | None, now: datetime, **fields: Unpack[PersonFields]) -> User:
    """A new person, who cannot sign in with a password until one is set; in the default company unless one is named.

    Raises Refused at the field, Forbidden without the capability for that company.
    """
    values: dict[str, Any] = {"company": None, **fields}
    values["company"] = values["company"] or Company.objects.get(is_default=True)
    if acting_user is not None:
        access.require(acting_user, Capability.MANAGE_PEOPLE, Scope(ScopeKind.COMPANY, values["company"].key), now=now)
    person = User(created_at=now, **values)
    person.set_unusable_password()
    _check(person)
    person.save()
    changes = {name: [None, plain(value)] for name, value in values.items()}
    bus.publish(PersonCreated(subject_id=person.pk, actor_id=_actor(acting_user), now=now, changes=changes))
    return person


@transaction.atomic
def update_person(user_id: int, *, acting_user: User | None, now: datetime, **fields: Unpack[PersonFields]) -> User:
    """Change what the directory knows about a person. Raises Refused at the field, NotFound, Forbidden."""
    person = access.to_change(user_id, acting_user, now)
    before = User.objects.get(pk=person.pk)
    changes = apply(person, fields)
    if not changes:
        return person
    _check(person)
    person.save()
    for kind in ContactKind:
        if kind.value in changes:
            note(before, kind, getattr(person, kind.value), starts=now, now=now)
    if "email" in changes or fields.get("can_sign_in") is False:
        end_sessions(person)
    bus.publish(PersonChanged(subject_id=person.pk, actor_id=_actor(acting_user), now=now, changes=changes))
    return person


@transaction.atomic
def set_preferences(user_id: int, *, acting_user: User, now: datetime, **fields: Unpack[Preferences]) -> User:
    """Language, time zone, look and live updates, set by the person. Raises Refused, Forbidden for others."""
    if acting_user.pk != user_id:
        raise Forbidden(_("Only the person can change these settings."))
    person = access.to_change(user_id, acting_user, now, own=True)
    changes = apply(person, fields)
    if changes:
        _check(person)
        person.save()
        bus.publish(PersonChanged(subject_id=person.pk, actor_id=acting_user.pk, now=now, changes=changes))
    return person


@transaction.atomic
def set_password(user_id: int, password: str, *, acting_user: User | None, now: datetime) -> User:
    """A new password; every session of the person ends. Raises Refused where it is too weak."""
    person = access.to_change(user_id, acting_user, now, own=True)
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise Refused("password", " ".join(problem.messages)) from problem
    person.set_password(password)
    person.save(update_fields=["password"])
    end_sessions(person)
    bus.publish(PasswordChanged(subject_id=person.pk, actor_id=_actor(acting_user), now=now))
    return person


def end_sessions(person: User) -> int:
    """Sign a person out everywhere; returns how many sessions ended. In the caller's transaction."""
    ended, _rows = Session.objects.filter(user=person).delete()
    return ended


_RIGHTS: tuple[tuple[type[Dated], str], ...] = (
    (RoleGrant, "user"),
    (TeamMembership, "user"),
    (Limit, "user"),
    (Clearance, "user"),
    (MayOrderFor, "user"),
    (Deputy, "deputy"),
)  # the leaver's own deputies stay: they decide until the work has another person


@transaction.atomic
def deactivate(user_id: int, *, acting_user: User | None, now: datetime, left_on: date | None = None) -> User:
    """A person leaves: rights, sessions and sign-in end in this transaction, the record stays.

    Publishes Deactivated with the keys of the teams that were left; open work is re-routed by its handlers.
    Raises Refused for the last administrator and for oneself. Repeating it changes nothing.
    """
    person = access.to_change(user_id, acting_user, now)
    if not person.is_active:
        return person
    if acting_user is not None and acting_user.pk == person.pk:
        raise Refused("", _("You cannot deactivate yourself. Ask another administrator."))
    rights.keep_an_administrator(person, now)
    today = access.day(now)
    teams = sorted(TeamMembership.objects.on(today).filter(user=person).values_list("team__key", flat=True).distinct())
    for model, field in _RIGHTS:
        rights.end_all(model, models.Q(**{field: person}), today)
    person.is_active = False
    person.can_sign_in = False
    person.left_on = left_on or today
    person.set_unusable_password()
    person.save()
    end_sessions(person)
    changes = {"is_active": [True, False], "left_on": [None, person.left_on.isoformat()], "teams": teams}
    bus.publish(Deactivated(subject_id=person.pk, actor_id=_actor(acting_user), now=now, changes=changes))
    return person


@transaction.atomic
def reactivate(user_id: int, *, acting_user: User | None, now: datetime) -> User:
    """A person comes back, without any of the former rights."""
    person = access.to_change(user_id, acting_user, now)
    if person.is_active:
        return person
    person.is_active = True
    person.can_sign_in = True
    person.left_on = None
    person.save()
    changes = {"is_active": [False, True]}
    bus.publish(Reactivated(subject_id=person.pk, actor_id=_actor(acting_user), now=now, changes=changes))
    return person


@transaction.atomic
def create_administrator(email: str, name: tuple[str, str], password: str, *, now: datetime) -> User:
    """The first person who may manage the others; makes the default company where there is none.

    Meant for the command line, where whoever may run it has the database anyway. Raises Refused.
    """
    if not Company.objects.filter(is_default=True).exists():
        Company.objects.create(key="default", name="Default", is_default=True)
    if not email.strip():
        raise Refused("email", _("Enter an e-mail address."))
    person = create_person(acting_user=None, now=now, email=email, first_name=name[0], last_name=name[1])
    set_password(person.pk, password, acting_user=None, now=now)
    rights.grant_role(person.pk, Role.ADMINISTRATOR, acting_user=None, now=now)
    person.refresh_from_db()
    return person
