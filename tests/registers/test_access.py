"""Access to systems: manager, owner, security where a clearance or a pair demands it; the end, its renewal, leavers."""

from datetime import UTC, date, datetime

import pytest

from anliegen.assets import actions as assets
from anliegen.assets import queries as register
from anliegen.assets.models import Grant
from anliegen.jobs.models import Job
from anliegen.people import actions as people
from anliegen.people.rules import Days
from anliegen.requests import queries as requests
from anliegen.requests.models import ServiceRequest
from anliegen.requests.rules import EndKind
from anliegen.workflow import actions as workflow
from anliegen.workflow import rules
from tests.company import NOW, person
from tests.registers.play import Stage

pytestmark = pytest.mark.django_db


def granted(stage: Stage, who: str, right: str, manager: str, owner: str, **answers: str) -> None:
    """Ask, agree and set up, without security."""
    stage.order(who, "access", purpose="new", right=right, **answers)
    stage.vote("manager", manager)
    stage.vote("owner", owner)
    stage.do("grant", "Sina Wolf", account=who)
    stage.accept(who)


def held(who: str) -> dict[str, date | None]:
    return {str(one.role): one.valid_to for one in register.grants_of(person(who))}


def linked(stage: Stage, kind: str) -> ServiceRequest:
    """The request that belongs to this one."""
    found = requests.links(stage.request, person("Nele Krüger"), stage.now)
    return next(one.service_request for one in found if one.kind == kind and not one.forward)


def test_the_manager_of_the_recipient_and_the_owner_of_the_system_decide(stage: Stage) -> None:
    stage.order("Svenja Paulsen", "access", recipient="Kilian Roth", purpose="new", right="crm/edit")
    assert stage.asked("manager") == {"Tom Brandt"}
    stage.vote("manager", "Tom Brandt")
    assert stage.asked("owner") == {"Tom Brandt"}
    stage.vote("owner", "Tom Brandt")
    stage.do("grant", "Sina Wolf", account="kroth")
    assert held("Kilian Roth") == {"crm/edit": None}
    assert stage.request.end_kind == ""
    stage.accept("Svenja Paulsen")
    assert stage.request.end_kind == EndKind.FULFILLED
    assert "Kilian Roth hat das Recht „Kundenverwaltung: Kunden bearbeiten“." in stage.said()
    assert "Kilian Roth has the right “Customer management: Edit customers”." in stage.said("en")


def test_a_held_clearance_is_granted_by_rule_with_a_sentence(stage: Stage) -> None:
    today = NOW.date()
    days = Days(today, date(2027, 6, 30))
    people.set_clearance(person("Kai Lorenz").pk, "secured-area", acting_user=None, now=NOW, days=days)
    stage.order("Kai Lorenz", "access", purpose="new", right="drawings/secret")
    assert (
        "Die Sicherheit muss nicht zustimmen: Kai Lorenz hat die Sicherheitsfreigabe „secured-area“ bis 30.06.2027."
    ) in stage.said()
    stage.vote("manager", "Lena Hahn")
    stage.vote("owner", "Ruth Mommsen")
    assert stage.open() == {"grant"}


@pytest.mark.parametrize("expired", [False, True])
def test_a_missing_or_expired_clearance_goes_to_security(stage: Stage, expired: bool) -> None:
    if expired:
        days = Days(date(2025, 1, 1), date(2026, 11, 24))
        people.set_clearance(person("Kai Lorenz").pk, "secured-area", acting_user=None, now=NOW, days=days)
    stage.order("Kai Lorenz", "access", purpose="new", right="drawings/secret")
    stage.vote("manager", "Lena Hahn")
    stage.vote("owner", "Ruth Mommsen")
    assert stage.open() == {"security"}
    assert ("clearance-expired" if expired else "clearance-missing") in stage.sentences()
    for officer in ("Malin Thode", "Kjell Sievers"):
        stage.vote("security", officer, "no", reason="authorisation", comment="Keine Freigabe.")
    assert (stage.request.end_kind, stage.request.reject_reason) == (EndKind.REJECTED, "authorisation")
    assert held("Kai Lorenz") == {}


def test_a_forbidden_pair_goes_to_security_and_says_which(stage: Stage) -> None:
    stage.order("Jana Sommer", "access", purpose="new", right="erp/pay")
    assert (
        "Die Sicherheit entscheidet: „Warenwirtschaft: Rechnungen freigeben“ darf niemand zusammen mit "
        "„Warenwirtschaft: Bestellungen anlegen“ haben. Wer bestellt, gibt die Rechnung nicht selbst frei."
    ) in stage.said()
    stage.vote("manager", "Tom Brandt")
    stage.vote("owner", next(iter(stage.asked("owner"))))
    assert stage.open() == {"security"}


def test_nobody_decides_about_their_own_system(stage: Stage) -> None:
    stage.order("Ruth Mommsen", "access", purpose="new", right="drawings/read")
    stage.vote("manager", next(iter(stage.asked("manager"))))
    assert stage.asked("owner") == {"Henrike Voss"}


def test_giving_up_needs_no_approval(stage: Stage) -> None:
    stage.order("Mira Köhler", "access", purpose="withdraw", right="crm/edit")
    assert stage.open() == {"withdraw"}
    stage.do("withdraw", "Sina Wolf")
    assert (held("Mira Köhler"), stage.request.end_kind) == ({}, EndKind.FULFILLED)


def test_fourteen_days_before_the_end_a_linked_request_asks(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    first = stage.request
    stage.wait_until(datetime(2027, 1, 17, 5, 59, tzinfo=UTC))
    assert requests.links(first, person("Nele Krüger"), stage.now) == []
    stage.wait_until(datetime(2027, 1, 17, 6, 1, tzinfo=UTC))
    renewal = linked(stage, "renewal")
    assert (renewal.requester, renewal.recipient) == (person("Kai Lorenz"), person("Kai Lorenz"))
    assert f"{renewal.code} fragt, ob das Recht nach dem 31.01.2027 noch gebraucht wird." in stage.said()
    stage.code = renewal.code
    assert stage.open() == {"still"}


def test_yes_prolongs_it_after_the_same_approvals(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    stage.wait_until(datetime(2027, 1, 17, 8, tzinfo=UTC))
    stage.code = linked(stage, "renewal").code
    stage.do("still", "Kai Lorenz", "yes", new_until="2027-07-31")
    stage.vote("manager", "Lena Hahn")
    stage.vote("owner", "Ruth Mommsen")
    stage.do("grant", "Sina Wolf", account="klorenz")
    assert held("Kai Lorenz") == {"drawings/read": date(2027, 7, 31)}
    assert Grant.objects.filter(person=person("Kai Lorenz")).count() == 1
    due = {job.key: job.due.date() for job in Job.objects.filter(key__startswith="right:")}
    assert sorted(due.values()) == [date(2027, 7, 17), date(2027, 8, 1)]


def test_without_an_answer_a_linked_request_takes_it_back(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    first = stage.code
    stage.wait_until(datetime(2027, 1, 17, 8, tzinfo=UTC))
    renewal = linked(stage, "renewal")
    stage.wait_until(datetime(2027, 2, 1, 8, tzinfo=UTC))
    renewal.refresh_from_db()
    assert renewal.end_kind == EndKind.CANCELLED
    withdrawal = linked(stage, "withdrawal")
    stage.code = withdrawal.code
    assert stage.open() == {"withdraw"}
    stage.do("withdraw", "Sina Wolf")
    assert held("Kai Lorenz") == {}
    links = [(one.kind, one.forward, one.service_request.code) for one in
             requests.links(stage.request, person("Kai Lorenz"), stage.now)]  # fmt: skip
    assert links == [("withdrawal", True, first)]


def test_no_lets_it_run_out_and_then_takes_it_back(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    stage.wait_until(datetime(2027, 1, 17, 8, tzinfo=UTC))
    first, stage.code = stage.code, linked(stage, "renewal").code
    stage.do("still", "Kai Lorenz", "no")
    assert stage.request.end_kind == EndKind.FULFILLED
    assert held("Kai Lorenz") == {"drawings/read": date(2027, 1, 31)}
    stage.wait_until(datetime(2027, 2, 1, 8, tzinfo=UTC))
    stage.code = first
    assert linked(stage, "withdrawal")


def test_given_up_before_the_end_nothing_is_asked(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    stage.order("Kai Lorenz", "access", purpose="withdraw", right="drawings/read")
    stage.do("withdraw", "Sina Wolf")
    assert not Job.objects.filter(key__startswith="right:").exists()


def test_the_rights_of_a_leaver_are_taken_back_in_the_name_of_the_system_s_owner(stage: Stage) -> None:
    before = set(ServiceRequest.objects.values_list("code", flat=True))
    people.deactivate(person("Mira Köhler").pk, acting_user=None, now=stage.now)
    stage.settle()
    found = ServiceRequest.objects.exclude(code__in=before).get()
    assert (found.requester, found.recipient) == (person("Tom Brandt"), person("Mira Köhler"))
    assert (found.answers["purpose"], found.answers["right"]) == ("withdraw", "crm/edit")
    stage.code = found.code
    assert stage.open() == {"withdraw"}
    stage.do("withdraw", "Sina Wolf")
    assert held("Mira Köhler") == {}


def test_an_end_in_the_past_is_refused_at_the_question(stage: Stage) -> None:
    from anliegen.lib.errors import Refused

    with pytest.raises(Refused) as refused:
        stage.order("Kai Lorenz", "access", purpose="new", right="drawings/read", until="2026-11-24")
    assert "q_until" in refused.value.errors
    with pytest.raises(Refused) as refused:
        stage.order("Kai Lorenz", "access", purpose="new", right="drawings/none")
    assert "q_right" in refused.value.errors


def test_the_export_tells_links_only_to_those_who_may_see_the_other(stage: Stage) -> None:
    granted(stage, "Kai Lorenz", "drawings/read", "Lena Hahn", "Ruth Mommsen", until="2027-01-31")
    first = stage.request
    stage.wait_until(datetime(2027, 1, 17, 8, tzinfo=UTC))
    renewal = linked(stage, "renewal")
    kai, owner = person("Kai Lorenz"), person("Ruth Mommsen")
    assert requests.as_json(first, kai, stage.now)["links"] == [
        {"kind": "renewal", "direction": "from", "code": renewal.code}
    ]
    assert requests.as_json(renewal, kai, stage.now)["links"] == [
        {"kind": "renewal", "direction": "to", "code": first.code}
    ]
    assert requests.as_json(first, owner, stage.now)["links"] == []  # decided the first, is not asked again yet


@pytest.mark.parametrize(
    ("today", "until", "asked", "ended"),
    [
        (date(2026, 11, 25), date(2027, 1, 31), date(2027, 1, 17), date(2027, 2, 1)),
        (date(2026, 11, 25), date(2026, 12, 5), date(2026, 11, 30), date(2026, 12, 6)),
        (date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 25), date(2026, 11, 26)),
    ],
)
def test_when_it_is_asked_and_taken_back(today: date, until: date, asked: date, ended: date) -> None:
    assert rules.renewal_days(today, until) == (asked, ended)


def test_a_job_for_an_end_that_was_moved_does_nothing(stage: Stage) -> None:
    kai = person("Kai Lorenz")
    held_now = assets.grant("", "crm/read", kai, until=date(2027, 3, 31), now=NOW)
    before = ServiceRequest.objects.count()
    for job in workflow.RIGHT_JOBS.values():
        job({"grant": held_now.pk, "until": "2026-12-31"}, NOW)
    assert ServiceRequest.objects.count() == before
