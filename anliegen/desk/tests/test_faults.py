"""Requests that are stuck, for those who put them right."""

import pytest

from anliegen.workflow.models import Fault, Run

pytestmark = pytest.mark.django_db


@pytest.fixture
def fault(stage):
    service_request = stage.order()
    run = Run.objects.get(service_request=service_request)
    return Fault.objects.create(run=run, node="check", code="no-row", params={"table": "supply"}, created_at=stage.now)


def url(fault):
    return f"/desk/faults/{fault.run.service_request.code}/{fault.node}/"


def test_only_those_who_may_see_faults(stage, at, fault):
    page = at(stage.firm.process_owner).get("/desk/faults/").content.decode()
    assert fault.run.service_request.code in page
    assert "supply" in page
    assert at(stage.firm.agent).get("/desk/faults/").status_code == 403
    assert at(stage.firm.agent).get(url(fault)).status_code == 403
    assert at(stage.firm.outsider).get("/desk/faults/").status_code == 403


def test_repairing_changes_what_was_changed(stage, at, fault):
    client = at(stage.firm.process_owner)
    page = client.get(url(fault)).content.decode()
    assert 'name="answers.build"' in page
    assert client.post(url(fault), {"answers.build": "cad", "note": "vertippt"}).status_code in {302, 422}


def test_going_on_without_a_change(stage, at, fault):
    client = at(stage.firm.process_owner)
    sent = {
        name: str(value).lower() if isinstance(value, bool) else value for name, value in _values(client, fault).items()
    }
    assert client.post(url(fault), sent).status_code == 302
    fault.refresh_from_db()
    assert fault.resolved_by == stage.firm.process_owner
    assert client.get(url(fault)).status_code == 404


def _values(client, fault):
    form = client.get(url(fault)).context["form"]
    return {name: form[name].value() or "" for name in form.before}


def test_a_value_that_cannot_be_stored_is_refused(stage, at, fault):
    answer = at(stage.firm.process_owner).post(url(fault), {"answers.build": "x" * 1001})
    assert answer.status_code == 422
    fault.refresh_from_db()
    assert fault.resolved_at is None
