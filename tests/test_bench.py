"""The benchmark measures true rows: copied requests can be read and worked on like those that people made."""

import pytest

from anliegen.audit import actions as audit
from anliegen.audit import queries as audit_queries
from anliegen.audit.models import Entry
from anliegen.lib import bus
from anliegen.people.models import User
from anliegen.requests import indexing
from anliegen.requests.events import Submitted
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.search import queries as search
from anliegen.workflow import handlers
from anliegen.workflow.models import Run, Task, Token
from anliegen.workflow.tests import factories
from bench import company, crowd
from bench.copies import STRIDE, Plan, multiply
from bench.house import FIRST_ID

pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> ServiceRequest:
    stage = factories.stage()
    bus.bind({bus.Command: [audit.record], Submitted: [handlers.submitted]})
    factories.publish()
    request = stage.order(answers={"build": "cad"})
    people = crowd.gather(factories.NOW, people=40, agents=20)
    multiply([Plan(request.pk, 6, open=True)], people)
    multiply([Plan(request.pk, 3, open=True)], crowd.there(factories.NOW))
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
    assert User.objects.filter(pk__in=copies.values("requester_id"), pk__gte=FIRST_ID).count() > 4
    in_time = list(copies.filter(pk__lt=7 * STRIDE).order_by("received_at").values_list("pk", flat=True))
    assert in_time == sorted(in_time)


def test_a_copy_names_its_own_number_and_people_everywhere(made: ServiceRequest) -> None:
    copy = ServiceRequest.objects.exclude(pk=made.pk).earliest("pk")
    run = copy.runs.get()
    assert run.data["requester"]["name"] == copy.requester.full_name != made.requester.full_name
    assert run.data["requester"]["id"] == copy.requester.public_id
    submitted = Entry.objects.get(subject_kind="service_request", subject=str(copy.pk), event="request.submitted")
    assert f'"code":"{copy.code}"' in submitted.detail.text
    indexing.write([copy.pk])
    assert search.search_requests(copy.code, access=["all"]) == [copy.pk]


def test_the_trail_of_copies_is_sealed_in_one_chain(made: ServiceRequest) -> None:
    report = audit_queries.verify()
    assert report.ok
    assert report.unsealed == 0
    assert report.sealed >= 10 * Entry.objects.filter(subject=str(made.pk), subject_kind="service_request").count()


def test_a_detail_that_does_not_fit_breaks_the_chain(made: ServiceRequest) -> None:
    entry = Entry.objects.filter(subject=str(made.pk + STRIDE), subject_kind="service_request").latest("pk")
    entry.detail.text += " "
    entry.detail.save()
    assert not audit_queries.verify().ok


def test_a_copy_goes_all_the_way_and_a_new_request_follows(made: ServiceRequest) -> None:
    copy = ServiceRequest.objects.exclude(pk=made.pk).latest("pk")
    assert company.advance(copy, factories.NOW) == 4
    copy.refresh_from_db()
    assert copy.end_kind == "fulfilled"
    assert company.submit("desktop", copy.requester, factories.NOW).code not in {made.code, copy.code}
    audit.seal({}, factories.NOW)
    assert audit_queries.verify().ok
