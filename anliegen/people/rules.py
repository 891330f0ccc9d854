"""What a role allows, when a dated value holds, and which amounts need no further approval. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class Role(StrEnum):
    """What a person is in the process. Checker, approver and fulfiller are no roles: they follow from tasks."""

    REQUESTER = "requester"
    SERVICE_DESK = "service-desk"
    TEAM_LEAD = "team-lead"
    PROCESS_OWNER = "process-owner"
    KNOWLEDGE_MANAGER = "knowledge-manager"
    CATALOGUE_EDITOR = "catalogue-editor"
    PRODUCT_OWNER = "product-owner"
    SOFTWARE_SUPPORT = "software-support"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    DATA_PROTECTION = "data-protection-officer"
    WORKS_COUNCIL = "works-council"


class Capability(StrEnum):
    """One thing that the code asks about. Names say what somebody may do, never who they are."""

    REQUEST = "request"  # order for oneself, follow, accept
    USE_DESK = "use-desk"  # enter the desk area
    RECORD_FOR_CALLERS = "record-for-callers"  # note a request for somebody else (R84)
    SEE_ALL_REQUESTS = "see-all-requests"  # all but confidential ones
    SEE_TEAM_REQUESTS = "see-team-requests"
    ASSIGN_TASKS = "assign-tasks"
    RECLASSIFY = "reclassify"  # move a running request to another item (R139)
    SEE_FAULTS = "see-faults"
    REPAIR_FAULTS = "repair-faults"
    PUBLISH = "publish"  # releases, shared decision tables
    MOVE_RELEASE = "move-release"  # move a running request to another release
    SET_TARGETS = "set-targets"
    EDIT_CATALOGUE = "edit-catalogue"
    EDIT_KNOWLEDGE = "edit-knowledge"
    SEE_REPORTS = "see-reports"
    SEE_PERSONAL_REPORTS = "see-personal-reports"  # figures about single agents; needs a purpose
    SEE_OPERATIONS = "see-operations"
    OPERATE = "operate"  # retry dead jobs, maintenance
    MANAGE_PEOPLE = "manage-people"
    GRANT_ROLES = "grant-roles"
    READ_AUDIT = "read-audit"
    ANSWER_PRIVACY = "answer-privacy"  # information, erasure


_C = Capability

ROLE_CAPABILITIES: Mapping[Role, frozenset[Capability]] = {
    Role.REQUESTER: frozenset({_C.REQUEST}),
    Role.SERVICE_DESK: frozenset({
        _C.USE_DESK, _C.RECORD_FOR_CALLERS, _C.SEE_ALL_REQUESTS, _C.RECLASSIFY,
    }),
    Role.TEAM_LEAD: frozenset({_C.USE_DESK, _C.SEE_TEAM_REQUESTS, _C.ASSIGN_TASKS, _C.SEE_REPORTS}),
    Role.PROCESS_OWNER: frozenset({
        _C.USE_DESK, _C.SEE_ALL_REQUESTS, _C.ASSIGN_TASKS, _C.RECLASSIFY, _C.SEE_FAULTS, _C.REPAIR_FAULTS,
        _C.PUBLISH, _C.MOVE_RELEASE, _C.SET_TARGETS, _C.EDIT_CATALOGUE, _C.SEE_REPORTS,
    }),
    Role.KNOWLEDGE_MANAGER: frozenset({_C.USE_DESK, _C.EDIT_KNOWLEDGE, _C.SEE_REPORTS}),
    Role.CATALOGUE_EDITOR: frozenset({_C.USE_DESK, _C.EDIT_CATALOGUE}),
    Role.PRODUCT_OWNER: frozenset({_C.SEE_REPORTS, _C.SEE_OPERATIONS}),
    Role.SOFTWARE_SUPPORT: frozenset({_C.SEE_OPERATIONS, _C.OPERATE, _C.SEE_FAULTS}),
    Role.ADMINISTRATOR: frozenset({
        _C.MANAGE_PEOPLE, _C.GRANT_ROLES, _C.PUBLISH, _C.EDIT_CATALOGUE, _C.SET_TARGETS, _C.SEE_FAULTS,
        _C.SEE_OPERATIONS, _C.OPERATE,
    }),
    Role.AUDITOR: frozenset({_C.READ_AUDIT, _C.SEE_REPORTS}),
    Role.DATA_PROTECTION: frozenset({_C.READ_AUDIT, _C.ANSWER_PRIVACY}),
    Role.WORKS_COUNCIL: frozenset({_C.SEE_REPORTS}),
}  # fmt: skip

IMPLIED_ROLES = (Role.REQUESTER,)  # everybody who is there has these without a grant
SECOND_FACTOR_ROLES = frozenset({Role.ADMINISTRATOR, Role.PROCESS_OWNER})


class ScopeKind(StrEnum):
    """How far a grant reaches."""

    ALL = "all"
    COMPANY = "company"
    DEPARTMENT = "department"
    TEAM = "team"
    CATEGORY = "category"


class OrderScope(StrEnum):
    """For whom a person may order beside themselves."""

    SELF = "self"
    TEAM = "team"
    DEPARTMENT = "department"
    PERSON = "person"
    ALL = "all"


class ContactKind(StrEnum):
    """Which telephone number of a person."""

    PHONE = "phone"  # at the desk
    MOBILE = "mobile"


PROVES_AFTER = timedelta(hours=24)  # a changed number proves nothing before: who changed it may be an impostor (R121)


_NUMBER = re.compile(r"\+?[0-9(][0-9 ()/.-]{2,38}", re.ASCII)


def is_phone_number(text: str) -> bool:
    """Whether that can be a telephone number: digits with the signs that people put between them."""
    return _NUMBER.fullmatch(text) is not None


class LimitKind(StrEnum):
    ORDER = "order"
    APPROVE = "approve"


@dataclass(frozen=True, slots=True)
class Days:
    """From one day to another, both included; without an end until revoked."""

    valid_from: date
    valid_to: date | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the organisation, such as one company or one category."""

    kind: ScopeKind
    key: str = ""


@dataclass(frozen=True, slots=True)
class Grant:
    """A role that holds now, as far as its scope reaches."""

    role: Role
    scope: Scope = Scope(ScopeKind.ALL)


def holds(day: date, valid_from: date, valid_to: date | None) -> bool:
    """Whether a dated value holds on that day; both ends are included."""
    return valid_from <= day and (valid_to is None or day <= valid_to)


def roles_with(capability: Capability) -> frozenset[Role]:
    """The roles that allow it; a 403 page names their holders."""
    return frozenset(role for role, allowed in ROLE_CAPABILITIES.items() if capability in allowed)


def allows(grants: Iterable[Grant], capability: Capability, scopes: Iterable[Scope] | None = None) -> bool:
    """Whether one of the grants allows it there.

    Without scopes the question is "anywhere?", as for the door of an area. With the scopes of an object (its company,
    department, team, category) one of them must be covered.
    """
    roles = roles_with(capability)
    if any(role in roles for role in IMPLIED_ROLES):
        return True
    reach = [grant.scope for grant in grants if grant.role in roles]
    if scopes is None:
        return bool(reach)
    asked = set(scopes)
    return any(scope.kind is ScopeKind.ALL or scope in asked for scope in reach)


def limit(cents: Iterable[int], *, external: bool) -> int:
    """The highest amount that holds, in cents; 0 without one, and for external people always (R4, R92)."""
    return 0 if external else max(cents, default=0)


def may_approve(amount_cents: int, own_limit: int, principal_limit: int | None = None) -> bool:
    """Whether an approver may decide that amount: a deputy is bound by both limits (R95)."""
    bound = own_limit if principal_limit is None else min(own_limit, principal_limit)
    return amount_cents <= bound


def needs_second_factor(roles: Iterable[Role]) -> bool:
    """Whether somebody with these roles must have a second factor."""
    return not SECOND_FACTOR_ROLES.isdisjoint(roles)


_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


_PROGRAMS = (("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrom", "Chrome"), ("Safari", "Safari"))
_SYSTEMS = (
    ("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux", "Linux"),
)  # fmt: skip


def browser(user_agent: str) -> str:
    """A browser in two words, as people know it: "Firefox, Windows"; "" where it says nothing that we know."""
    found = [next((name for mark, name in marks if mark in user_agent), "") for marks in (_PROGRAMS, _SYSTEMS)]
    return ", ".join(filter(None, found))


def full_name(first: str, last: str) -> str:
    """A name as people write it; some have only one part."""
    return f"{first} {last}".strip()


def search_words(*texts: str) -> str:
    """What a person is found by: as written, without accents, with ae for ä, and numbers without gaps."""
    words: list[str] = []
    for text in texts:
        plain = text.strip().casefold()
        bare = "".join(c for c in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(c))
        digits = "".join(c for c in plain if c.isdigit())
        words += [plain, bare, plain.translate(_GERMAN), digits if len(digits) > 2 else ""]
    return " ".join(dict.fromkeys(filter(None, words)))
