"""The statement on accessibility, reporting a barrier, and what stands at the foot of every page."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from django.test import Client

from anliegen.catalogue.models import Draft
from anliegen.portal.tests.conftest import browser
from anliegen.portal.views import statements
from anliegen.workflow.tests.factories import Stage


def text(response: Any) -> str:
    return str(response.content.decode())


def test_every_page_leads_to_the_report_and_names_itself(scene: Stage) -> None:
    assert 'href="/accessibility?page=%2Frequests%2F#contact"' in text(browser(scene.firm.owner).get("/requests/"))
    page = text(Client().get("/accessibility?page=/requests/"))
    assert "body=http%3A%2F%2Ftestserver%2Frequests%2F" in page
    for elsewhere in ("//evil.example/", "https://evil.example/", "/%0d%0aBcc:x"):
        assert "&amp;body=" not in text(Client().get(f"/accessibility?page={elsewhere}"))


def test_a_report_begins_a_question_that_names_the_page(scene: Stage, monkeypatch: Any) -> None:
    monkeypatch.setattr(statements, "QUESTION", "desktop")  # the service of these tests
    jana = browser(scene.firm.owner)
    assert "Meldung schreiben" in text(jana.get("/accessibility?page=/requests/"))
    response = jana.post("/accessibility/report", {"page": "/requests/"})
    draft = Draft.objects.get()
    assert response["Location"] == f"/catalogue/item/desktop/?draft={draft.public_id}"
    assert draft.owner == scene.firm.owner


def test_who_cannot_ask_is_shown_telephone_and_mail(scene: Stage) -> None:
    for page in (text(Client().get("/accessibility")), text(browser(scene.firm.owner).get("/accessibility"))):
        assert "Meldung schreiben" not in page
        assert "mailto:" in page
        assert "tel:" in page
    assert browser(scene.firm.owner).post("/accessibility/report").status_code == 404


def test_other_languages_and_the_body_appear_once_they_are_named(db: None, settings: Any) -> None:
    before = text(Client().get("/accessibility"))
    for words in ("Leichte Sprache</a>", "Gebärdensprache</a>", "Schlichtungsstelle"):
        assert words not in before
    named = {"easy_language_url": "/easy", "sign_language_url": "https://video.example/1"}
    settings.ANLIEGEN = replace(settings.ANLIEGEN, enforcement_body="Schlichtungsstelle BGG, Berlin", **named)
    page = text(Client().get("/accessibility"))
    for words in ('<a href="/easy">Leichte Sprache</a>', "Gebärdensprache</a>", "Schlichtungsstelle BGG, Berlin"):
        assert words in page


def test_an_organisation_s_own_text_stands_instead_of_ours(db: None, tmp_path: Path) -> None:
    folder = tmp_path / "statements"
    folder.mkdir()
    (folder / "accessibility.de.md").write_text("### Stand\n\nGeprüft. <script>alert(1)</script>", encoding="utf-8")
    page = text(Client().get("/accessibility"))
    assert "<h2>Stand</h2>" in page
    assert "<script>alert" not in page
    assert "Woran wir uns halten" not in page
