"""The benchmark measures true rows: copied requests can be read and worked on like those that people made."""

import pytest

from anliegen.audit import actions as audit
from anliegen.audit import queries as audit_queries
from anliegen.audit.models import Entry
from anliegen.lib import bus
from anliegen.lib.events import Event
from anliegen.people.models import User
from anliegen.requests.events import Submitted
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow import handlers
from anliegen.workflow.models import Run, Task, Token
from anliegen.workflow.tests import factories
from bench import company
from bench.copies import Plan, multiply

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> ServiceRequest:
    stage = factories.stage()
    bus.bind({Event: [audit.record], Submitted: [handlers.submitted]})
    factories.publish()
    request = stage.order(answers={"build": "cad"})
    multiply([Plan(request.pk, 1, 6, open=True)], (1, 3))
    multiply([Plan(request.pk, 7, 9, open=True)], (4, 4))
    return request


def test_every_row_of_a_request_is_copied(made: ServiceRequest) -> None:
    for model, key in ((ServiceRequest, "id"), (Run, "service_request"), (Task, "service_request")):
        own = model.objects.filter(**{key: made.pk}).count()
        assert model.objects.count() == 10 * own, model
    assert Token.objects.count() == 10 * Token.objects.filter(run__service_request=made).count()
    assert JournalEntry.objects.count() == 10 * made.journal.count()
    about = Entry.objects.filter(subject_kind="service_request")
    assert about.count() == 10 * about.filter(subject=str(made.pk)).count()


def test_copies_belong_to_other_people_and_lie_further_back(made: ServiceRequest) -> None:
    copies = ServiceRequest.objects.exclude(pk=made.pk)
    assert made.requester_id not in set(copies.values_list("requester_id", flat=True))
    assert all(copy.received_at < made.received_at for copy in copies)
    assert not set(copies.values_list("order_id", flat=True)) & {made.order_id}
    assert User.objects.filter(pk__in=copies.values("requester_id")).count() == 4


def test_a_copy_goes_all_the_way_and_a_new_request_follows(made: ServiceRequest) -> None:
    copy = ServiceRequest.objects.exclude(pk=made.pk).latest("pk")
    assert company.advance(copy, factories.NOW) == 4
    copy.refresh_from_db()
    assert copy.end_kind == "fulfilled"
    assert company.submit("desktop", copy.requester, factories.NOW).code not in {made.code, copy.code}
    audit.seal({}, factories.NOW)
    assert audit_queries.verify().ok
