"""Who is told what, once, in their language."""

from collections.abc import Callable

import pytest
from django.core import mail

from anliegen.jobs import runner
from anliegen.notifications import handlers
from anliegen.notifications.models import Message
from anliegen.people import actions as people
from anliegen.requests import actions as requests
from anliegen.requests.events import Submitted
from anliegen.requests.models import ServiceRequest
from anliegen.workflow import actions
from anliegen.workflow.tests import factories
from anliegen.workflow.tests.factories import SYSTEM, Stage

pytestmark = pytest.mark.django_db


@pytest.fixture
def stage(bind_wiring: Callable[[], None]) -> Stage:
    found = factories.stage()
    bind_wiring()
    factories.publish()
    return found


def told(email: str) -> list[str]:
    return list(Message.objects.filter(recipient__email=email).order_by("id").values_list("template", flat=True))


def submitted_again(request: ServiceRequest) -> Submitted:
    return Submitted(
        subject_id=request.pk,
        actor_id=request.requester_id,
        now=factories.NOW,
        code=request.code,
        order_id=request.order_id,
        alone=True,
    )


def test_the_requester_is_told_that_it_came_in(stage: Stage) -> None:
    stage.order()
    assert told("jana@nordwerk.example") == ["received"]


def test_every_member_of_the_team_is_told_of_a_task(stage: Stage) -> None:
    stage.order()
    assert told("nele@nordwerk.example") == ["task"]


def test_the_same_event_owes_one_mail(stage: Stage) -> None:
    request = stage.order()
    handlers.tell([submitted_again(request)])
    assert told("jana@nordwerk.example") == ["received"]


def test_an_approver_is_asked(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    assert told("berta@nordwerk.example") == ["approval"]


def test_the_way_of_a_request_in_mails(stage: Stage) -> None:
    request = stage.order()
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.done(request, "work", "done", stage.firm.technician)
    actions.accept(request.code, acting_user=stage.firm.owner, verdict="yes", now=stage.now)
    assert told("jana@nordwerk.example") == ["received", "progress", "confirm", "fulfilled"]


def test_a_rejection_says_why(stage: Stage) -> None:
    request = stage.order(answers={"build": "cad"})
    stage.done(request, "check", "complete", stage.firm.agent)
    stage.vote(request, "no", stage.boss)
    runner.drain(now=stage.now)
    text = Message.objects.get(template="rejected").text
    assert "kein Budget" in text
    assert "Kein Geld" in text


def test_a_message_goes_to_the_other_side(stage: Stage) -> None:
    request = stage.order()
    actions.take(stage.task(request, "check").pk, acting_user=stage.firm.agent, now=stage.now)
    requests.message(request.code, "Bis wann?", acting_user=stage.firm.owner, key="k1-message", now=stage.now)
    requests.message(request.code, "Bis morgen.", acting_user=stage.firm.agent, key="k2-message", now=stage.now)
    assert told("nele@nordwerk.example")[-1] == "message"
    assert told("jana@nordwerk.example")[-1] == "message"


def test_mails_go_out_with_the_fixed_id_and_in_the_reader_s_language(stage: Stage) -> None:
    people.update_person(stage.firm.owner.pk, language="en", **SYSTEM)
    request = stage.order()
    runner.drain(now=stage.now)
    sent = next(one for one in mail.outbox if one.to == ["jana@nordwerk.example"])
    message = Message.objects.get(template="received")
    assert sent.extra_headers["Message-ID"] == message.message_id
    assert sent.extra_headers["X-Anliegen-Event"] == message.event_id
    assert sent.subject.startswith(f"[{request.code}] We have your request")
    assert sent.reply_to
    assert "Hello Jana Test" in sent.body
    assert message.sent_at == stage.now


def test_a_mail_holds_text_and_html_with_the_link(stage: Stage) -> None:
    request = stage.order()
    runner.drain(now=stage.now)
    message = Message.objects.get(template="received")
    assert f"/requests/{request.code}/" in message.text
    assert f"/requests/{request.code}/" in message.html
    assert 'lang="de"' in message.html


def test_a_confidential_request_shows_nothing_but_the_link(bind_wiring: Callable[[], None]) -> None:
    stage = factories.stage()
    bind_wiring()
    factories.publish(confidential=True)
    request = stage.order()
    runner.drain(now=stage.now)
    for message in Message.objects.all():
        assert request.title not in message.subject + message.text + message.html


def test_who_has_left_is_owed_nothing(stage: Stage) -> None:
    stage.order()
    people.deactivate(stage.firm.agent.pk, **SYSTEM)
    runner.drain(now=stage.now)
    assert not Message.objects.get(recipient=stage.firm.agent).sent_at
