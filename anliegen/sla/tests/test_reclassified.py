"""A request that was moved to another item gets that item's agreed times, from its receipt."""

import pytest

from anliegen.catalogue.rules import TargetContent
from anliegen.requests.models import ServiceRequest
from anliegen.sla.models import Clock
from anliegen.workflow import actions
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage() -> Stage:
    return factories.stage(wired=True)


def test_the_promise_follows_the_other_item_from_the_receipt(stage: Stage) -> None:
    factories.publish(key="ask", targets=(TargetContent(measure="fulfilment", minutes=60),))
    later = (TargetContent(measure="fulfilment", minutes=600),)
    factories.publish(factories.parallel(), key="order", targets=later)
    request = stage.order(item_key="ask")
    before = ServiceRequest.objects.get(pk=request.pk).promise
    stage.wait(minutes=30)
    actions.reclassify(request.code, "order", "Passt besser.", acting_user=stage.firm.agent, now=stage.now)
    moved = ServiceRequest.objects.get(pk=request.pk)
    clock = Clock.objects.get(service_request=request, task=None, measure="fulfilment")
    assert (clock.minutes, clock.started_at) == (600, request.received_at)
    assert before is not None
    assert moved.promise is not None
    assert moved.promise > before
