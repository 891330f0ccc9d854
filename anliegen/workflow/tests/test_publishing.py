"""A broken service is refused with place and reason, and the old release stays."""

import pytest

from anliegen.catalogue.models import Item, ItemVersion
from anliegen.catalogue.tests.factories import content
from anliegen.lib.errors import Forbidden
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.actions import ServiceRefused
from anliegen.workflow.models import ModelVersion, Release, Run
from anliegen.workflow.rules import ServiceFiles
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage, both

pytestmark = pytest.mark.django_db
BROKEN = [
    (factories.usual().replace(b"</process>", b""), "model.bpmn", "XML"),
    (
        factories.usual().replace(b'steps.check.outcome == "complete"', b'steps.chek.outcome == "complete"'),
        "model.bpmn#",
        "check",
    ),
    (factories.usual().replace(b"team:workshop", b"team:workshp"), "model.bpmn#work", "workshop"),
    (factories.usual().replace(b"userTask", b"scriptTask"), "model.bpmn:", "scriptTask"),
    (factories.usual().replace(b'anl:due="P4D"', b'anl:due="4 days"'), "model.bpmn#work", "4 days"),
    (factories.usual().replace(b'anl:who="manager"', b'anl:who="table:nobody"'), "model.bpmn#approve", "nobody"),
]


@pytest.fixture
def stage() -> Stage:
    return factories.stage()


@pytest.mark.parametrize(("xml", "place", "word"), BROKEN)
def test_a_broken_model_is_refused_and_the_old_release_stays(stage: Stage, xml: bytes, place: str, word: str) -> None:
    release = factories.publish()
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(xml)
    assert any(found.startswith(place) and word in sentence for found, sentence in refused.value.problems)
    assert Item.objects.get().current == release.item_version
    assert (Release.objects.count(), ItemVersion.objects.count(), ModelVersion.objects.count()) == (1, 1, 1)


def test_a_broken_table_or_item_is_refused(stage: Stage) -> None:
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(tables={"route": 'hit,FIRST\nin:answers.bild,out:team:string\n-,"""x"""\n'})
    assert refused.value.problems[0][0].startswith("tables/route.csv")
    with pytest.raises(ServiceRefused) as refused:
        factories.publish(summary={"de": "Nur deutsch", "en": ""})
    assert refused.value.problems[0][0] == "service.json#summary"


def test_only_who_may_publish_publishes(stage: Stage) -> None:
    factories.publish()
    service = ServiceFiles(key="desktop", name=both("Probe"), item=content(), xml=factories.usual())
    for person in (stage.firm.owner, stage.firm.agent, stage.firm.outsider):
        with pytest.raises(Forbidden):
            actions.publish_service(service, acting_user=person, now=stage.now)
    actions.publish_service(service, acting_user=stage.firm.process_owner, now=stage.now)


def test_a_running_request_keeps_its_release(stage: Stage) -> None:
    first = factories.publish()
    request = stage.order()
    second = factories.publish(factories.parallel())
    assert Run.objects.get().release == first
    stage.done(request, "check", "complete", stage.firm.agent)
    assert stage.open(request) == ["work"]
    assert ServiceRequest.objects.get(pk=stage.order().pk).item_version == second.item_version
    states = dict(ModelVersion.objects.values_list("number", "state"))
    assert states == {1: "retired", 2: "published"}


def test_the_same_model_again_is_the_same_version(stage: Stage) -> None:
    xml = factories.usual()
    assert factories.publish(xml).model_version == factories.publish(xml, title=both("Neu")).model_version
    assert ModelVersion.objects.count() == 1
    assert SYSTEM["acting_user"] is None
