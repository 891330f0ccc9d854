"""Running clocks."""

from django.db import models
from django.db.models import Q

from anliegen.sla.rules import ClockState


class Clock(models.Model):
    """One promise that runs: of a request, a task or an approval. Minutes are business minutes of `calendar_key`."""

    service_request = models.ForeignKey("requests.ServiceRequest", on_delete=models.CASCADE, related_name="clocks")
    task = models.OneToOneField("workflow.Task", null=True, blank=True, on_delete=models.CASCADE, related_name="clock")
    measure = models.CharField(max_length=20)  # catalogue.rules.Measure
    target = models.ForeignKey("catalogue.Target", null=True, on_delete=models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    calendar_key = models.SlugField(max_length=60)
    state = models.CharField(
        max_length=10, choices=[(state.value, state.value) for state in ClockState], default=ClockState.RUNNING
    )
    started_at = models.DateTimeField()
    due = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = (models.Index(fields=("due",), condition=Q(state="running"), name="sla_clock_running"),)
        constraints = (
            models.UniqueConstraint(
                fields=("service_request", "measure"), condition=Q(task__isnull=True), name="sla_one_clock_per_measure"
            ),
        )

    def __str__(self) -> str:
        return f"{self.service_request_id} {self.measure}"
