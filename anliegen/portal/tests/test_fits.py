"""What fits while somebody types, and questions that an article answers (R112, R113)."""

import pytest

from anliegen.audit.models import Entry
from anliegen.catalogue.models import Draft
from anliegen.catalogue.tests.factories import form, offer, question
from anliegen.knowledge.models import Helpful
from anliegen.knowledge.tests.factories import announced, published
from anliegen.portal.tests.conftest import browser
from anliegen.requests.models import JournalEntry, ServiceRequest
from anliegen.workflow.models import Run
from anliegen.workflow.tests.factories import Stage

FITS, ANSWERED = "/catalogue/item/question/fits", "/catalogue/item/question/answered"


@pytest.fixture
def asking(scene: Stage) -> Stage:
    words = form(question("question", "paragraph", required=True, names=True), question("more", "text"))
    offer("question", kind="information", price_cents=0, form=words)
    return scene


def shown(scene: Stage, text: str, **more: str) -> str:
    response = browser(scene.firm.owner).post(FITS, {"q_question": text, **more}, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()  # type: ignore[no-any-return]


def test_it_begins_with_three_letters_and_narrows(asking: Stage) -> None:
    published(asking.firm.agent)
    published(asking.firm.agent, title={"de": "Drucker einrichten", "en": "Set up a printer"}, keywords={})
    assert "srm-fits" not in shown(asking, "vp")
    assert "VPN einrichten" in shown(asking, "vpn")
    both = shown(asking, "einrichten")
    assert "VPN einrichten" in both and "Drucker einrichten" in both
    assert "VPN einrichten" not in shown(asking, "drucker einrichten")


def test_what_is_internal_never_fits_for_who_asks(asking: Stage) -> None:
    published(asking.firm.agent, audience="internal")
    assert "VPN einrichten" not in shown(asking, "vpn einrichten")


def test_a_running_announcement_comes_first_and_three_are_enough(asking: Stage) -> None:
    announced("Wartung VPN")
    for number in range(4):
        published(asking.firm.agent, title={"de": f"VPN Teil {number}", "en": f"VPN part {number}"})
    page = shown(asking, "vpn")
    assert page.index("Wartung VPN") < page.index("VPN Teil")
    assert page.count('class="srm-fit"') == 3


def test_yes_counts_as_fulfilled_at_once(asking: Stage) -> None:
    made = published(asking.firm.agent)
    jana = browser(asking.firm.owner)
    sent = {"q_question": "Wie richte ich das VPN ein?", "answered": made.key, "form_key": "answered-0001"}
    for _time in range(2):
        response = jana.post(ANSWERED, sent)
    one = ServiceRequest.objects.get()
    assert response["Location"] == f"/requests/{one.code}/"
    assert (one.status, one.end_kind, one.closed_by, one.kind) == ("fulfilled", "fulfilled", "at-once", "information")
    assert not Run.objects.exists()
    decision = JournalEntry.objects.get(kind="decision")
    assert (decision.rule, decision.rule_version) == ("knowledge.article", f"{made.key}/1")
    assert decision.inputs == {"asked": "Wie richte ich das VPN ein?"}
    assert Helpful.objects.get().helped
    assert Entry.objects.filter(event="request.answered-at-once").count() == 1
    page = jana.get(f"/requests/{one.code}/").content.decode()
    assert "VPN einrichten" in page
    assert one.code in jana.get("/requests/?state=all").content.decode()
    assert jana.post(f"/requests/{one.code}/reopen", {"reason": "Doch nicht"}).status_code == 409
    assert browser(asking.firm.colleague).get(f"/requests/{one.code}/").status_code == 404


def test_no_keeps_the_text_and_takes_the_article_away(asking: Stage) -> None:
    made = published(asking.firm.agent)
    assert "VPN einrichten" not in shown(asking, "vpn", unhelpful=made.key)
    assert not Helpful.objects.get().helped
    plain = browser(asking.firm.owner).post("/catalogue/item/question/", {"q_question": "vpn", "unhelpful": made.key})
    page = plain.content.decode()
    assert plain.status_code == 200
    assert "vpn</textarea>" in page and "VPN einrichten" not in page
    assert not ServiceRequest.objects.exists()


def test_without_javascript_it_stands_below_the_question_after_the_first_try(asking: Stage) -> None:
    published(asking.firm.agent)
    response = browser(asking.firm.owner).post("/catalogue/item/question/", {"q_more": "vpn"})
    assert response.status_code == 422
    assert "VPN einrichten" in response.content.decode()


def test_an_article_of_another_kind_is_counted_as_that(asking: Stage) -> None:
    made = published(asking.firm.agent)
    offer("how-to", kind="how-to", price_cents=0, form=form(question("goal", "paragraph", required=True, names=True)))
    sent = {"q_notes": "vpn einrichten", "answered": made.key, "form_key": "answered-0002"}
    browser(asking.firm.owner).post("/catalogue/item/desktop/answered", sent)
    one = ServiceRequest.objects.get()
    assert (one.kind, one.answers) == ("how-to", {"goal": "vpn einrichten"})


def test_a_strange_article_is_not_there_and_nothing_is_made(asking: Stage) -> None:
    hidden = published(asking.firm.agent, audience="internal")
    for key in ("nothing", "", "\x00", hidden.key):
        assert browser(asking.firm.owner).post(ANSWERED, {"answered": key}).status_code == 404
    assert not ServiceRequest.objects.exists()


def test_the_draft_is_spent(asking: Stage) -> None:
    made, jana = published(asking.firm.agent), browser(asking.firm.owner)
    jana.post("/catalogue/item/question/form", {"q_question": "vpn"})
    draft = Draft.objects.get()
    jana.post(ANSWERED, {"q_question": "vpn", "draft": draft.public_id, "answered": made.key})
    assert not Draft.objects.exists()


def test_another_service_fits_better_by_its_name(asking: Stage) -> None:
    offer("laptop", title={"de": "Laptop", "en": "Laptop"})
    page = shown(asking, "Ich brauche einen Laptop")
    assert "/catalogue/item/laptop/" in page
    assert '/catalogue/item/question/"' not in page
    assert "/catalogue/item/laptop/" not in shown(asking, "Wo ist der Drucker?")
