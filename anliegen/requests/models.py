"""Tables of the record."""

from enum import StrEnum

from django.conf import settings
from django.db import models
from django.db.models import Q

from anliegen.catalogue.rules import Channel
from anliegen.lib.ids import public_id
from anliegen.requests.rules import (
    TERM_MONTHS,
    ClosedBy,
    EndKind,
    EntryKind,
    LineState,
    LinkKind,
    ParticipantRole,
    Reason,
    Status,
    Visibility,
)


def _choices(kinds: type[StrEnum]) -> list[tuple[str, str]]:
    return [(kind.value, kind.value) for kind in kinds]


class Order(models.Model):
    """One checkout: one or more service requests that share a total (R92). It has no public number."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    total_cents = models.BigIntegerField(default=0)  # one-off + monthly x term, frozen before any run starts
    cost_centre = models.ForeignKey(
        "people.CostCentre", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    note = models.TextField(blank=True)  # to whoever decides
    deliver_on = models.DateField(null=True, blank=True)  # everything together, on this day
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(total_cents__gte=0, total_cents__lte=10**11), name="requests_order_total"
            ),
        )

    def __str__(self) -> str:
        return self.public_id


class OrderLine(models.Model):
    """One request of a large checkout, which a job makes: what is to be made for whom, and what became of it."""

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField()
    draft = models.ForeignKey("catalogue.Draft", null=True, on_delete=models.SET_NULL, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=_choices(LineState), default=LineState.WAITING)
    service_request = models.OneToOneField("ServiceRequest", null=True, on_delete=models.SET_NULL, related_name="+")
    problem = models.TextField(blank=True)  # why it could not be made, for the requester

    class Meta:
        ordering = ("order", "number")
        constraints = (models.UniqueConstraint(fields=("order", "number"), name="requests_order_line_number"),)

    def __str__(self) -> str:
        return f"{self.order_id}.{self.number}"


class Number(models.Model):
    """The sequence of codes: one row, incremented under its lock, so that codes have no gaps but those of rollbacks."""

    name = models.CharField(max_length=20, unique=True)
    last = models.PositiveBigIntegerField(default=999)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"


class ServiceRequest(models.Model):
    """The unique record (R33). Its row is the lock of everything that belongs to it."""

    code = models.CharField(max_length=24, unique=True)  # SR-1000 (R34)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="service_requests")
    item_version = models.ForeignKey("catalogue.ItemVersion", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=20)  # of the item, copied for lists and reports
    category_key = models.CharField(max_length=60)
    title = models.CharField(max_length=200)  # in `lang`; made from the item's title and the naming answers
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorder = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    recipient_confirms = models.BooleanField(default=False)
    channel = models.CharField(max_length=10, choices=_choices(Channel), default=Channel.PORTAL)
    lang = models.CharField(max_length=5, default="de")  # of what the requester wrote
    answers = models.JSONField(default=dict)
    form = models.JSONField(default=dict)  # labels and options as they were asked, for reading later
    justification = models.TextField(blank=True)  # R39
    wish_date = models.DateField(null=True, blank=True)  # R38
    promise = models.DateTimeField(null=True, blank=True)  # copied from the fulfilment clock by sla
    forecast = models.DateTimeField(null=True, blank=True)  # when it will probably be done, by what suppliers confirm
    place = models.CharField(max_length=200, blank=True)  # R49, as text for lists
    cost_cents = models.BigIntegerField(default=0)
    monthly_cents = models.BigIntegerField(default=0)
    term_months = models.PositiveSmallIntegerField(default=TERM_MONTHS)
    approved_cents = models.BigIntegerField(null=True, blank=True)  # what was last approved: one-off + monthly x term
    confidential = models.BooleanField(default=False)
    status = models.CharField(max_length=24, choices=_choices(Status), default=Status.RECEIVED)  # R41
    phase = models.CharField(max_length=60, blank=True)
    routed_to = models.CharField(max_length=200, blank=True)  # R40: team or person, for lists
    end_kind = models.CharField(max_length=12, choices=_choices(EndKind), blank=True)
    closed_by = models.CharField(max_length=12, choices=_choices(ClosedBy), blank=True)
    reject_reason = models.CharField(max_length=20, choices=_choices(Reason), blank=True)
    reject_sentence = models.TextField(blank=True)
    held_reason = models.CharField(max_length=200, blank=True)
    received_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)  # counts every change: ETag, poll
    journal_seq = models.PositiveIntegerField(default=0)

    @property
    def own_cents(self) -> int:
        """What this request costs in its term: one-off + monthly x months."""
        return self.cost_cents + self.monthly_cents * self.term_months

    @property
    def is_dearer(self) -> bool:
        """Whether it costs more now than was approved."""
        return self.approved_cents is not None and self.own_cents > self.approved_cents

    class Meta:
        indexes = (
            models.Index(fields=("requester", "-id"), name="requests_by_requester"),
            models.Index(fields=("recipient", "-id"), name="requests_by_recipient"),
            models.Index(fields=("status", "-id"), name="requests_by_status"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(cost_cents__gte=0, cost_cents__lte=10**11, monthly_cents__gte=0, monthly_cents__lte=10**11),
                name="requests_costs",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_kind="") | (Q(ended_at__isnull=False) & ~Q(end_kind="")),
                name="requests_end_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(end_kind=EndKind.REJECTED) | (~Q(reject_reason="") & ~Q(reject_sentence="")),
                name="requests_rejection_has_reason",
            ),
        )

    def __str__(self) -> str:
        return self.code


class JournalEntry(models.Model):
    """One line of the story: an event or decision as sentence, a message, or an internal note (R35, R42, R43, R60)."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="journal")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=_choices(EntryKind))
    visibility = models.CharField(max_length=10, choices=_choices(Visibility), default=Visibility.ALL)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    team_key = models.CharField(max_length=60, blank=True)  # for whom the actor spoke
    at = models.DateTimeField()
    sentence = models.CharField(max_length=60, blank=True)  # key in tracking.sentences
    params = models.JSONField(default=dict)
    text = models.TextField(blank=True)
    lang = models.CharField(max_length=5, blank=True)
    rule = models.CharField(max_length=120, blank=True)  # decision: which rule
    rule_version = models.CharField(max_length=60, blank=True)
    inputs = models.JSONField(null=True, blank=True)
    result = models.JSONField(null=True, blank=True)

    shown_files: list["Attachment"]  # what the reader may have; set by `requests.queries.entries`

    class Meta:
        ordering = ("service_request", "seq")
        constraints = (
            models.UniqueConstraint(fields=("service_request", "seq"), name="requests_journal_seq"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.NOTE) | Q(visibility=Visibility.INTERNAL), name="requests_note_is_internal"
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id}#{self.seq}"


class Attachment(models.Model):
    """A claimed file of a request, with or without the journal entry that brought it."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="attachments")
    entry = models.ForeignKey(JournalEntry, null=True, on_delete=models.CASCADE, related_name="attachments")
    question = models.CharField(max_length=60, blank=True)  # form question it answers
    file = models.OneToOneField("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    visibility = models.CharField(max_length=10, choices=_choices(Visibility), default=Visibility.ALL)

    def __str__(self) -> str:
        return str(self.file_id)


class Participant(models.Model):
    """Who may see a request and as what, from when until when; `visible_to` reads only this."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="participants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+")
    team = models.ForeignKey("people.Team", null=True, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=_choices(ParticipantRole))
    open_count = models.PositiveSmallIntegerField(default=1)  # open tasks or votes behind it; 0 = afterwards
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(team__isnull=True), name="requests_participant_person_or_team"
            ),
            models.UniqueConstraint(
                fields=("service_request", "person", "role"),
                condition=Q(person__isnull=False),
                name="requests_participant_person",
            ),
            models.UniqueConstraint(
                fields=("service_request", "team", "role"),
                condition=Q(team__isnull=False),
                name="requests_participant_team",
            ),
        )
        indexes = (
            models.Index(fields=("person", "service_request"), name="requests_part_person"),
            models.Index(fields=("team", "service_request"), name="requests_part_team"),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id} {self.role}"


class Rating(models.Model):
    """How content whoever confirmed a fulfilled request was: 5 is very good. Read by the teams' leads and the process
    owner only (R143)."""

    service_request = models.OneToOneField(ServiceRequest, on_delete=models.CASCADE, related_name="rating")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    score = models.PositiveSmallIntegerField()
    sentence = models.TextField(blank=True)
    lang = models.CharField(max_length=5, blank=True)
    rated_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = (models.CheckConstraint(condition=Q(score__gte=1, score__lte=5), name="requests_rating_score"),)

    def __str__(self) -> str:
        return f"{self.service_request_id} {self.score}"


class Link(models.Model):
    """One request belongs to another; the sentence reads from `service_request` to `other`: it renews, copies it ..."""

    service_request = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="links")
    other = models.ForeignKey(ServiceRequest, on_delete=models.CASCADE, related_name="linked_from")
    kind = models.CharField(max_length=12, choices=_choices(LinkKind))
    created_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("service_request", "other", "kind"), name="requests_link_once"),
            models.CheckConstraint(condition=~Q(service_request=models.F("other")), name="requests_link_another"),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id} {self.kind} {self.other_id}"
