"""What is kept about signing in: who, when and which way; never an address of a machine, never a secret."""

from datetime import datetime

from django.db import transaction

from anliegen.lib import bus
from anliegen.people.events import FactorChanged, PasswordChanged, SignedIn, SignedOut
from anliegen.people.models import User


@transaction.atomic
def signed_in(user: User, way: str, *, now: datetime) -> None:
    """Note a sign-in; `way` is password, passkey, or demo."""
    bus.publish(SignedIn(subject_id=user.pk, actor_id=user.pk, now=now, changes={"way": way}))


@transaction.atomic
def signed_out(user: User, *, now: datetime) -> None:
    bus.publish(SignedOut(subject_id=user.pk, actor_id=user.pk, now=now))


@transaction.atomic
def factor_changed(user: User, factor: str, *, added: bool, now: datetime) -> None:
    """Note that a second factor was added or removed; `factor` is its kind."""
    changes = {"factor": factor, "added": added}
    bus.publish(FactorChanged(subject_id=user.pk, actor_id=user.pk, now=now, changes=changes))


@transaction.atomic
def password_changed(user: User, *, now: datetime) -> None:
    bus.publish(PasswordChanged(subject_id=user.pk, actor_id=user.pk, now=now))
