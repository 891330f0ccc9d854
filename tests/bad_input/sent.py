"""What is sent, and what is stored afterwards."""

from typing import Any

from django.apps import apps
from django.test import Client

from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Task, Vote
from tests.company import person

ITEM = "/catalogue/item/desktop/"
CALL = "/desk/call/"
SIGNING_IN = {"people.session", "sessions.session"}


def order(**fields: str) -> dict[str, Any]:
    place = person("Jana Sommer").place
    assert place
    sent = {
        "q_build": "standard",
        "q_place": place.code,
        "justification": "Mein PC ist kaputt.",
        "form_key": "bad-input-1",
    }
    return sent | fields


def call(**fields: str) -> dict[str, Any]:
    return order(caller="Jana Sommer", item="desktop", asked="desktop", channel="phone") | fields


def stored() -> dict[str, int]:
    """How many rows there are of everything that people make."""
    models = (model for model in apps.get_models() if model.__module__.startswith("anliegen."))
    return {m._meta.label_lower: m._default_manager.count() for m in models if m._meta.label_lower not in SIGNING_IN}


def text(response: Any) -> str:
    return str(response.content.decode())


def votes_of(one: ServiceRequest) -> Any:
    return Vote.objects.filter(task__service_request=one)


def approval(one: ServiceRequest) -> Task:
    return Task.objects.filter(service_request=one, kind="approval").latest("id")


def decide(client: Client, one: ServiceRequest, **fields: str) -> Any:
    return client.post(f"/approvals/{one.code}/", {"task": str(approval(one).pk), "verdict": "yes"} | fields)
