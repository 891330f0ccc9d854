"""The words of running state. Pure rules (status, quorum, carry-over) follow below."""

from enum import StrEnum


class VersionState(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class RunStatus(StrEnum):
    RUNNING = "running"
    ENDED = "ended"
    REPLACED = "replaced"  # a later pass of the same request took over


class TaskState(StrEnum):
    """Forward only, but for the undo window, which opens a settled task again."""

    OPEN = "open"
    SETTLED = "settled"
    DONE = "done"
    WITHDRAWN = "withdrawn"


class Verdict(StrEnum):
    OPEN = "open"
    YES = "yes"
    NO = "no"
    VOID = "void"  # decided by others before this vote was needed
