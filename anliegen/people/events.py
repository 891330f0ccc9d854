"""What happens to persons, teams and their rights."""

from dataclasses import dataclass
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonEvent(Event):
    """Something about one person; `subject_id` is that person's."""

    subject_kind: ClassVar[str] = "person"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonCreated(PersonEvent):
    key: ClassVar[str] = "person.created"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(PersonEvent):
    key: ClassVar[str] = "person.changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Deactivated(PersonEvent):
    """The person has left: rights and sessions ended in the same transaction; open work must be re-routed."""

    key: ClassVar[str] = "person.deactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactivated(PersonEvent):
    key: ClassVar[str] = "person.reactivated"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleGranted(PersonEvent):
    key: ClassVar[str] = "person.role-granted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleRevoked(PersonEvent):
    key: ClassVar[str] = "person.role-revoked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitSet(PersonEvent):
    key: ClassVar[str] = "person.limit-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceSet(PersonEvent):
    key: ClassVar[str] = "person.clearance-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClearanceEnded(PersonEvent):
    key: ClassVar[str] = "person.clearance-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputySet(PersonEvent):
    key: ClassVar[str] = "person.deputy-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeputyEnded(PersonEvent):
    key: ClassVar[str] = "person.deputy-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceSet(PersonEvent):
    key: ClassVar[str] = "person.absence-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class AbsenceEnded(PersonEvent):
    """An absence was ended early, or taken back before it began."""

    key: ClassVar[str] = "person.absence-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(PersonEvent):
    """The person signed out other browsers; `changes["count"]` says how many."""

    key: ClassVar[str] = "person.sessions-ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderRightSet(PersonEvent):
    key: ClassVar[str] = "person.order-right-set"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamJoined(PersonEvent):
    """`changes["team"]` is the team's key."""

    key: ClassVar[str] = "person.team-joined"


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamLeft(PersonEvent):
    """`changes["team"]` is the team's key."""

    key: ClassVar[str] = "person.team-left"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(PersonEvent):
    key: ClassVar[str] = "person.signed-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInRefused(Event):
    """Somebody whom another system vouched for was not let in; `changes["reason"]` says why. It is about nobody."""

    key: ClassVar[str] = "signin.refused"
    subject_kind: ClassVar[str] = "sign-in"


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLinked(PersonEvent):
    """An account of another system belongs to the person from now on; `changes["by"]` says which attribute told."""

    key: ClassVar[str] = "person.identity-linked"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOut(PersonEvent):
    key: ClassVar[str] = "person.signed-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class FactorChanged(PersonEvent):
    """A second factor was added or removed; `changes["factor"]` names its kind, never a secret."""

    key: ClassVar[str] = "person.factor-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(PersonEvent):
    key: ClassVar[str] = "person.password-changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrganisationChanged(Event):
    """A company, department, site, place, cost centre or team was made or changed."""

    key: ClassVar[str] = "organisation.changed"
    subject_kind: ClassVar[str] = "organisation"
