"""The table of calendars."""

from typing import Any

from django.db import models

FORMAT = 1


def office_hours() -> dict[str, Any]:
    """Monday to Friday, 7 to 18 o'clock: the service desk's hours until somebody sets others."""
    return {"format": FORMAT, "week": {day: [["07:00", "18:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}}


def no_days() -> dict[str, Any]:
    return {"format": FORMAT, "days": []}


class Calendar(models.Model):
    """A named calendar. `version` rises with every change, so that processes know when theirs is old."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()
    company = models.ForeignKey("people.Company", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    zone = models.CharField(max_length=60, default="Europe/Berlin")
    hours = models.JSONField(default=office_hours)
    country = models.CharField(max_length=2, blank=True, default="DE")
    subdivision = models.CharField(max_length=10, blank=True, default="SH")
    company_days = models.JSONField(default=no_days)
    version = models.PositiveIntegerField(default=1)
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key
