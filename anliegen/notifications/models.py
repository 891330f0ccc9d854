"""Outgoing messages."""

from django.conf import settings
from django.db import models


class Message(models.Model):
    """A mail that is owed to one person for one event; its Message-ID is fixed when the row is written (I5)."""

    message_id = models.CharField(max_length=120, unique=True)
    event_id = models.CharField(max_length=120)  # stable: <event key>:<subject>:<sequence>
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    service_request = models.ForeignKey(
        "requests.ServiceRequest", null=True, on_delete=models.CASCADE, related_name="notices"
    )
    template = models.CharField(max_length=60)
    params = models.JSONField(default=dict)
    lang = models.CharField(max_length=5, default="de")
    subject = models.CharField(max_length=250, blank=True)  # as sent
    text = models.TextField(blank=True)  # as sent
    html = models.TextField(blank=True)  # as sent
    digest = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="parts")
    created_at = models.DateTimeField()  # of a digest: when it is due
    sent_at = models.DateTimeField(null=True, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("event_id", "recipient"), name="notifications_once"),)
        indexes = (models.Index(fields=("recipient", "-id"), name="notifications_recipient"),)

    def __str__(self) -> str:
        return self.message_id
