"""Tables of the workflow: what is published, and what runs."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from anliegen.workflow.rules import RunStatus, TaskState, Verdict, VersionState


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class RequestModel(models.Model):
    """A process that requests of certain items follow (R144), over all its versions."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return self.key


class ModelVersion(models.Model):
    """One version of a model: BPMN XML and its graph; immutable once published."""

    model = models.ForeignKey(RequestModel, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=_choices(VersionState), default=VersionState.DRAFT)
    xml = models.TextField()
    graph = models.JSONField()  # format 1, engine.Graph
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("model", "number"), name="workflow_model_version_number"),)

    def __str__(self) -> str:
        return f"{self.model_id}/{self.number}"


class Release(models.Model):
    """An item version and a model version pinned together, with the decision tables of its own."""

    item_version = models.OneToOneField("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="release")
    model_version = models.ForeignKey(ModelVersion, on_delete=models.PROTECT, related_name="releases")
    tables = models.JSONField(default=dict)  # key -> table, format 1
    options = models.JSONField(default=dict)  # of the release: gate, reopenAt, confirmation days ... format 1
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return str(self.item_version_id)


class SharedTable(models.Model):
    """One version of a decision table that several services use, such as `routing`: immutable, in force from a day."""

    key = models.SlugField(max_length=60)
    number = models.PositiveIntegerField()
    valid_from = models.DateField()
    table = models.JSONField()  # format 1, lib.tables
    sha256 = models.CharField(max_length=64)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "number"), name="workflow_shared_table_number"),)

    def __str__(self) -> str:
        return f"{self.key}/{self.number}"


class Run(models.Model):
    """One pass of one service request through a release; a revise, reopening or reclassification begins the next."""

    service_request = models.ForeignKey("requests.ServiceRequest", on_delete=models.CASCADE, related_name="runs")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="runs")
    pass_no = models.PositiveSmallIntegerField(default=1)
    status = models.CharField(max_length=10, choices=_choices(RunStatus), default=RunStatus.RUNNING)
    outcome = models.CharField(max_length=20, blank=True)
    data = models.JSONField(default=dict)  # what gateways and tables read, format 1
    seq = models.PositiveIntegerField(default=0)
    held_at = models.DateTimeField(null=True, blank=True)
    held = models.JSONField(default=dict)  # timers and their remaining minutes while held, format 1
    visits = models.JSONField(default=dict)  # node -> how often it was reached in this pass
    begun_by = models.CharField(max_length=10, default="start")  # rules.Begun: only a revise carries over
    reason = models.CharField(max_length=1_000, blank=True)  # reclassified: why the item was wrong (R139)
    started_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service_request", "pass_no"), name="workflow_run_pass"),
            models.UniqueConstraint(
                fields=("service_request",), condition=Q(status=RunStatus.RUNNING), name="workflow_one_running_pass"
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id}/{self.pass_no}"


class Token(models.Model):
    """Where a run stands; a row exists only while the token lives."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tokens")
    number = models.PositiveIntegerField()  # the engine's id within the run
    node = models.CharField(max_length=100)
    arrived_by = models.CharField(max_length=100, blank=True)
    waiting = models.BooleanField(default=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "number"), name="workflow_token_number"),)

    def __str__(self) -> str:
        return f"{self.run_id}:{self.number}@{self.node}"


class Task(models.Model):
    """Human work or an approval, for one team, one person or several approvers (votes)."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="tasks")
    service_request = models.ForeignKey("requests.ServiceRequest", on_delete=models.CASCADE, related_name="tasks")
    token_number = models.PositiveIntegerField(null=True, blank=True)  # null: side work, a team called in (R51)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.CASCADE, related_name="children")
    node = models.CharField(max_length=100)
    visit = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=20)  # engine.TaskKind
    name = models.JSONField()  # LocalText
    phase = models.CharField(max_length=60, blank=True)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    state = models.CharField(max_length=10, choices=_choices(TaskState), default=TaskState.OPEN)
    settled_seq = models.PositiveSmallIntegerField(default=0)  # settle:<task>:<n>
    outcome = models.CharField(max_length=40, blank=True)
    outputs = models.JSONField(default=dict)
    checklist = models.JSONField(default=list)  # what must be ticked: {"key", "de", "en"}
    reject_reason = models.CharField(max_length=20, blank=True)  # requests.rules.Reason, with a negative outcome
    reason = models.JSONField(default=dict)  # Sentence: why this team or person
    note = models.TextField(blank=True)  # of who did it; of a question: what is asked
    basis = models.JSONField(default=dict)  # what was read, for carry-over
    due = models.DateTimeField(null=True, blank=True)  # set by sla through set_due
    planned_start = models.DateTimeField(null=True, blank=True)
    planned_end = models.DateTimeField(null=True, blank=True)
    planned_place = models.CharField(max_length=200, blank=True)
    cost_seen_cents = models.BigIntegerField(null=True, blank=True)  # what an approval saw
    opened_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    carried_over = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = (
            # all that the desk's counts and its order read: they are answered from the index alone
            models.Index(
                fields=("team", "assignee", "kind", "due", "state"),
                condition=Q(state="open"),
                name="workflow_task_team_open",
            ),
            models.Index(
                fields=("assignee", "due", "kind", "team", "state"),
                condition=Q(state="open", assignee__isnull=False),
                name="workflow_task_person_open",
            ),
            models.Index(
                fields=("kind", "service_request", "team", "state"),
                condition=Q(state="open", team__isnull=True),
                name="workflow_task_owner_open",
            ),
            models.Index(fields=("service_request", "id"), name="workflow_task_request"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("run", "token_number"),
                condition=Q(state__in=("open", "settled"), token_number__isnull=False),
                name="workflow_task_one_per_token",
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id} {self.node}"


class Vote(models.Model):
    """One approver's part of an approval."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="votes")
    approver = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reason = models.JSONField(default=dict)  # Sentence: why this person
    position = models.PositiveSmallIntegerField(default=0)  # sequential: asked in this order
    verdict = models.CharField(max_length=10, choices=_choices(Verdict), default=Verdict.OPEN)
    due = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    comment = models.TextField(blank=True)
    reject_reason = models.CharField(max_length=20, blank=True)  # requests.rules.Reason
    voted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("task", "approver"), name="workflow_vote_once"),)
        indexes = (models.Index(fields=("approver", "due"), condition=Q(verdict="open"), name="workflow_vote_open"),)

    def __str__(self) -> str:
        return f"{self.task_id}/{self.approver_id}"


class RunEvent(models.Model):
    """What the engine was told and what it did: for replay in tests, never read to build state in production."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="events")
    seq = models.PositiveIntegerField()
    command = models.CharField(max_length=20)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("run", "seq"), name="workflow_run_event_seq"),)

    def __str__(self) -> str:
        return f"{self.run_id}#{self.seq} {self.command}"


class Fault(models.Model):
    """A rule or step that failed at run time; the process owner repairs and continues it."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="faults")
    token_number = models.PositiveIntegerField(null=True)
    node = models.CharField(max_length=100)
    code = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    resolution = models.TextField(blank=True)

    class Meta:
        indexes = (models.Index(fields=("created_at",), condition=Q(resolved_at=None), name="workflow_fault_open"),)

    def __str__(self) -> str:
        return f"{self.run_id} {self.node} {self.code}"


class Commitment(models.Model):
    """Money approved for a request in a year; removed at reject or cancel (budget left = budget - commitments)."""

    cost_centre = models.ForeignKey("people.CostCentre", on_delete=models.PROTECT, related_name="+")
    service_request = models.ForeignKey("requests.ServiceRequest", on_delete=models.CASCADE, related_name="commitments")
    cents = models.BigIntegerField()
    year = models.PositiveSmallIntegerField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("cost_centre", "service_request", "year"), name="workflow_commitment_once"),
        )

    def __str__(self) -> str:
        return f"{self.cost_centre_id} {self.cents}"
