"""The words of the catalogue."""

from enum import StrEnum


class Kind(StrEnum):
    """The nature of a request, beside its subject (R26); reports, approval exceptions and clocks use it."""

    INFORMATION = "information"
    HOW_TO = "how-to"
    ADVICE = "advice"
    ACCESS = "access"
    MOVE = "move"
    ADD = "add"
    CHANGE = "change"
    REPORT = "report"


ASKING = frozenset({Kind.INFORMATION, Kind.HOW_TO, Kind.ADVICE})
"""Kinds of items that end with an answer."""


class Channel(StrEnum):
    """The ways by which an item may be asked for (R82, R85)."""

    PORTAL = "portal"
    PHONE = "phone"
    MAIL = "mail"
    PERSON = "person"
    CHAT = "chat"
    SYSTEM = "system"  # made by itself, such as the question whether a right is still needed


class Measure(StrEnum):
    """What a target promises."""

    ACKNOWLEDGE = "acknowledge"
    FIRST_ANSWER = "first-answer"
    APPROVAL = "approval"
    FULFILMENT = "fulfilment"
    ACCEPTANCE = "acceptance"
