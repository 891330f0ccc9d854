"""The work lists: who sees what, in which order, at what price."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.models import Run, Task

pytestmark = pytest.mark.django_db


def test_my_work_holds_what_is_mine_and_what_is_free_in_my_teams(stage, at):
    service_request = stage.order()
    page = at(stage.firm.agent).get("/desk/").content.decode()
    assert service_request.code in page
    assert "check de" in page
    assert 'class="srm-free"' in page


def test_another_team_does_not_have_it_in_its_list(stage, at):
    service_request = stage.order()
    assert service_request.code not in at(stage.firm.technician).get("/desk/").content.decode()


def test_somebody_without_a_role_or_team_learns_who_can_let_them_in(stage, at):
    answer = at(stage.firm.outsider).get("/desk/")
    assert answer.status_code == 403
    assert "Rolle" in answer.content.decode()


@pytest.mark.parametrize("view", ["mine", "team", "waiting", "all"])
def test_every_view_of_an_agent_opens(stage, at, view):
    stage.order()
    assert at(stage.firm.agent).get(f"/desk/?view={view}").status_code == 200


def test_a_member_of_a_team_does_not_see_all(stage, at):
    assert at(stage.firm.technician).get("/desk/?view=all").status_code == 404


def test_an_unknown_view_is_not_found(stage, at):
    assert at(stage.firm.agent).get("/desk/?view=boss").status_code == 404


def test_what_is_overdue_stands_first_and_can_be_chosen_alone(stage, at):
    late, later = stage.order(), stage.order()
    Task.objects.filter(service_request=late).update(due=stage.now - timedelta(minutes=18))
    Task.objects.filter(service_request=later).update(due=stage.now + timedelta(days=3))
    page = at(stage.firm.agent).get("/desk/").content.decode()
    assert "−18" in page
    assert page.index(late.code) < page.index(later.code)
    assert later.code not in at(stage.firm.agent).get("/desk/?only=late").content.decode()


def test_what_waits_for_the_requester_is_a_view_of_its_own(stage, at):
    service_request = stage.order()
    actions.ask(stage.task(service_request, "check").pk, "Welcher Platz?", acting_user=stage.firm.agent, now=stage.now)
    assert service_request.code in at(stage.firm.agent).get("/desk/?view=waiting").content.decode()


def test_the_chosen_task_stands_beside_the_list(stage, at):
    service_request = stage.order()
    page = at(stage.firm.agent).get(f"/desk/?open={service_request.code}/check-1").content.decode()
    assert "srm-pane-head" in page
    assert "Vollständig, weiter" in page


def _grow(stage, rows):
    service_request = ServiceRequest.objects.latest("id")
    run = Run.objects.get(service_request=service_request)
    common = dict(
        run=run, service_request=service_request, name={"de": "x", "en": "x"}, opened_at=stage.now, kind="work"
    )
    Task.objects.bulk_create(Task(**common, node=f"n{n}", team=stage.firm.desk, due=stage.now) for n in range(rows))


def test_statements_do_not_grow_with_the_list(stage, at):
    stage.order()
    _grow(stage, 10)
    client = at(stage.firm.agent)
    client.get("/desk/")
    with CaptureQueriesContext(connection) as few:
        client.get("/desk/")
    _grow(stage, 990)
    with CaptureQueriesContext(connection) as many:
        answer = client.get("/desk/?page=2")
    assert answer.status_code == 200
    assert len(many) == len(few)
    assert len(few) <= 30


def test_single_keys_can_be_turned_on_and_off(stage, at):
    client = at(stage.firm.agent)
    assert 'data-keys="off"' in client.get("/desk/").content.decode()
    client.post("/desk/keys/", {"on": "1"})
    assert 'data-keys="on"' in client.get("/desk/").content.decode()
    client.post("/desk/keys/", {"on": "0", "next": "https://example.com/"})
    assert 'data-keys="off"' in client.get("/desk/").content.decode()


def test_last_completed(stage, at):
    service_request = stage.order()
    stage.done(service_request, "check", "complete", stage.firm.agent)
    assert service_request.code in at(stage.firm.agent).get("/desk/tasks/done").content.decode()


def test_search_finds_by_number_and_by_words(stage, at):
    one, two = stage.order(), stage.order()
    client = at(stage.firm.agent)
    assert client.get(f"/desk/search/?q={one.code.lower()}").url == f"/desk/requests/{one.code}/"
    found = client.get("/desk/search/?q=desktop").content.decode()
    assert one.code in found
    assert two.code in found
    assert one.code not in at(stage.firm.technician).get("/desk/search/?q=desktop").content.decode()
    assert client.get("/desk/search/?q=%25%5C&page=99999999999").status_code == 200
