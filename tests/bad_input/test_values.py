"""Values that are none, and more than any form may hold."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anliegen.catalogue import queries as catalogue
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.models import Task
from tests import company
from tests.bad_input.sent import CALL, ITEM, call, order, stored, text
from tests.company import NOW, Company, person, signed_in

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("bad-input")]

# Answers that are none

WRONG = [
    ("q_build", "tower"),  # not offered
    ("q_build", "sta\x00ndard"),
    ("q_build", ""),
    ("q_place", "Mond 1.01"),
    ("q_place", "x" * 10_000),
    ("justification", "a\x00b"),
    ("justification", "x" * 10_000),
]


@pytest.mark.parametrize(("field", "value"), [*WRONG, ("wish_date", "31.2.2027"), ("wish_date", "1.1.2020")])
def test_a_wrong_answer_in_the_portal(nordwerk: Company, jana: Client, field: str, value: str) -> None:
    before = stored()
    answer = jana.post(ITEM, order(**{"justification": "Bleibt stehen.", field: value}))
    assert answer.status_code == 422
    assert "Es gibt ein Problem" in text(answer)
    assert field == "justification" or "Bleibt stehen." in text(answer)
    assert stored() == before


@pytest.mark.parametrize(
    ("field", "value"),
    [*WRONG, ("note", "x" * 10_001), ("note", "a\x00b"), ("channel", "pigeon"), ("caller", "Niemand")],
)
def test_a_wrong_answer_in_a_call(nordwerk: Company, nele: Client, field: str, value: str) -> None:
    before = stored()
    answer = nele.post(CALL, call(**{"justification": "Bleibt stehen.", field: value}))
    assert answer.status_code == 422
    assert field == "justification" or "Bleibt stehen." in text(answer)
    assert stored() == before


def test_ten_thousand_characters_where_two_hundred_are_allowed(nordwerk: Company, jana: Client) -> None:
    """The move has such a question; the page says how many are allowed and keeps what was typed."""
    version = catalogue.item("move", person("Jana Sommer"), NOW)
    short = [q for q in catalogue.form(version).questions if q.type in {"text", "paragraph"} and not q.visible_if]
    assert short
    for question in short:
        before = stored()
        body = {
            f"q_{question.key}": "y" * 10_000,
            "q_new_place": "C 1.02",
            "q_things": "furniture",
            "form_key": "move-long",
        }
        answer = jana.post("/catalogue/item/move/", body)
        assert answer.status_code == 422
        assert re.search(r"höchstens \d[\d.]* Zeichen|\d+ Zeichen", text(answer))
        assert "y" * 10_000 in text(answer)
        assert stored() == before


def test_the_answer_of_a_hidden_question_is_not_kept(nordwerk: Company, jana: Client) -> None:
    assert jana.post(ITEM, order(q_description="Geschmuggelt")).status_code == 302
    one = ServiceRequest.objects.latest("id")
    assert "description" not in one.answers
    assert "Geschmuggelt" not in str(one.answers)


def test_an_answer_to_a_question_that_does_not_exist_is_not_kept(nordwerk: Company, jana: Client) -> None:
    sent = jana.post(ITEM, order(q_price="1", total_cents="1", status="fulfilled", requester="1", item_version="1"))
    assert sent.status_code == 302
    one = ServiceRequest.objects.latest("id")
    assert (sorted(one.answers), one.cost_cents, one.requester) == (
        ["build", "old_device", "place"],
        89_900,
        person("Jana Sommer"),
    )


@pytest.mark.parametrize("value", ["abc", "-5", "1e9", "99999999999999999999", "12,345", "\x00"])
def test_a_price_that_is_none_at_the_desk(nordwerk: Company, value: str) -> None:
    one = company.order("Arne Ketelsen")
    url = f"/desk/{one.code}/tasks/{nordwerk.step(one, 'check')}/complete/"
    before = stored()
    answer = signed_in(person("Henrik Thomsen")).post(
        url, {"outcome": "complete", "f_cost": value, "f_remark": "Bleibt."}
    )
    assert answer.status_code == 422
    assert "Bleibt." in text(answer)
    assert stored() == before
    assert Task.objects.get(service_request=one, node="check").state == "open"


# More than any form may hold


def test_a_form_that_is_too_long_is_told_its_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    answer = jana.post(ITEM, order(justification="x" * 2_600_000))
    assert answer.status_code == 413
    assert "2,5 MB" in text(answer)
    assert stored() == before


def test_too_many_files_are_told_the_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    many = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(11)]
    answer = jana.post(f"/requests/{nordwerk.own.code}/message", {"text": "Hier", "files": many})
    assert answer.status_code == 413
    assert "10 Dateien" in text(answer)
    assert stored() == before


def test_a_file_that_is_too_large_is_told_the_limit(nordwerk: Company, jana: Client) -> None:
    before = stored()
    large = SimpleUploadedFile("gross.txt", b"x" * 20_000_001)
    answer = jana.post(f"/requests/{nordwerk.own.code}/message", {"text": "Hier", "files": large})
    assert answer.status_code == 413
    assert "20 MB" in text(answer)
    assert stored() == before


def test_more_fields_than_any_form_has_are_told_the_limit(nordwerk: Company, jana: Client) -> None:
    answer = jana.post(ITEM, order(**{f"x{number}": "1" for number in range(1_001)}))
    assert answer.status_code == 413
    assert re.search(r"1\.?000", text(answer))
