"""What is kept about signing in: who, when and which way; never an address of a machine, never a secret."""

from datetime import datetime

from django.db import transaction

from anliegen.lib import bus
from anliegen.lib.errors import NotFound
from anliegen.people.events import (
    FactorChanged,
    IdentityLinked,
    PasswordChanged,
    SessionsEnded,
    SignedIn,
    SignedOut,
    SignInRefused,
)
from anliegen.people.models import Session, User


@transaction.atomic
def signed_in(user: User, way: str, *, now: datetime) -> None:
    """Note a sign-in; `way` is password, passkey, oidc, or demo."""
    bus.publish(SignedIn(subject_id=user.pk, actor_id=user.pk, now=now, changes={"way": way}))


@transaction.atomic
def sign_in_refused(way: str, reason: str, *, now: datetime) -> None:
    """Note that somebody was not let in, and why; nothing of what they showed is kept."""
    bus.publish(SignInRefused(subject_id=0, actor_id=None, now=now, rule=way, changes={"reason": reason}))


@transaction.atomic
def identity_linked(user: User, by: str, *, now: datetime) -> None:
    """Note that an account of another system belongs to the person, and which attribute told so."""
    bus.publish(IdentityLinked(subject_id=user.pk, actor_id=None, now=now, rule="oidc-link", changes={"by": by}))


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


@transaction.atomic
def end_session(user: User, public_id: str, *, now: datetime) -> None:
    """Sign one browser of the person out, at once. Raises NotFound for somebody else's."""
    ended, _rows = Session.objects.filter(user=user, public_id=public_id).delete()
    if not ended:
        raise NotFound
    _ended(user, ended, now)


@transaction.atomic
def end_other_sessions(user: User, own_key: str | None, *, now: datetime) -> int:
    """Sign the person out everywhere but in the browser with that session key; how many there were."""
    ended, _rows = Session.objects.filter(user=user).exclude(session_key=own_key or "").delete()
    if ended:
        _ended(user, ended, now)
    return ended


def _ended(user: User, count: int, now: datetime) -> None:
    bus.publish(SessionsEnded(subject_id=user.pk, actor_id=user.pk, now=now, changes={"count": count}))
