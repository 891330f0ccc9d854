"""The editor: knowledge manager, agent, somebody who asks."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from anliegen.knowledge import actions
from anliegen.knowledge.models import Announcement, Article, ArticleVersion, Picture
from anliegen.knowledge.tests.factories import NOW, SYSTEM, Firm, announced, draft, firm, person, published
from anliegen.lib import bus
from anliegen.people import actions as people
from anliegen.people.models import User
from anliegen.people.rules import Role
from anliegen.search.actions import note_gap
from anliegen.studio.forms.articles import initial

NEW = "/studio/knowledge/new"


@pytest.fixture
def who(db: None, bind_wiring: Callable[[], None]) -> Iterator[Firm]:
    before = bus.bound()
    bind_wiring()
    with time_machine.travel(NOW, tick=False):
        yield firm()
    bus.bind(before)


@pytest.fixture
def editor(who: Firm) -> User:
    wanda = person("wanda")
    people.grant_role(wanda.pk, Role.KNOWLEDGE_MANAGER, **SYSTEM)
    return User.objects.get(pk=wanda.pk)


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="anliegen.portal.adapters.SignInBackend")
    return client


def typed(article: Article, **fields: Any) -> dict[str, Any]:
    return {**initial(article), "category": "", "items": [], **fields}


def test_only_editors_get_in(who: Firm, editor: User) -> None:
    made = draft(editor)
    addresses = ["/studio/knowledge/", NEW, f"/studio/knowledge/{made.key}/", "/studio/announcements/"]
    for address in addresses:
        assert Client().get(address).status_code == 302
        assert browser(who.owner).get(address).status_code == 403
        assert browser(who.agent).get(address).status_code == 403
        assert browser(editor).get(address).status_code == 200
    for verb in ("publish", "withdraw", "review", "picture"):
        assert browser(who.agent).post(f"/studio/knowledge/{made.key}/{verb}").status_code == 403
    assert browser(editor).get("/studio/knowledge/nothing/").status_code == 404


def test_a_new_article_is_kept_unfinished(who: Firm, editor: User) -> None:
    form = {"title_de": "Drucken", "kind": "how-to", "audience": "all", "review_months": "12", "base": "0"}
    sent = {**form, "form_key": "new-article-1"}
    for _time in range(2):
        assert browser(editor).post(NEW, sent)["Location"] == "/studio/knowledge/drucken/"
    assert Article.objects.get().draft["title"] == {"de": "Drucken", "en": ""}
    page = browser(editor).get("/studio/knowledge/drucken/").content.decode()
    assert "In dieser Sprache gibt es noch keinen Text." in page


def test_what_was_looked_for_becomes_a_title(who: Firm, editor: User) -> None:
    for _time in range(5):
        note_gap("gehaltszettel", lang="de", now=NOW)
    page = browser(editor).get("/studio/knowledge/").content.decode()
    assert "/studio/knowledge/new?title=gehaltszettel&amp;lang=de" in page
    assert 'value="Gehaltszettel"' in browser(editor).get(f"{NEW}?title=gehaltszettel&lang=de").content.decode()


def test_publishing_needs_what_the_check_wants(who: Firm, editor: User) -> None:
    made = draft(editor, title={"de": "Nur deutsch", "en": ""})
    refused = browser(editor).post(f"/studio/knowledge/{made.key}/publish", {"base": "1"})
    assert refused.status_code == 422
    assert "was die Prüfung gefunden hat" in refused.content.decode()
    good = draft(editor)
    browser(editor).post(f"/studio/knowledge/{good.key}/publish", {"base": "1", "form_key": "publish-0001"})
    browser(editor).post(f"/studio/knowledge/{good.key}/publish", {"base": "1", "form_key": "publish-0001"})
    assert ArticleVersion.objects.get().article == good


def test_the_second_editor_sees_both_texts_and_can_save(who: Firm, editor: User) -> None:
    made = draft(editor)
    first, second = browser(editor), browser(editor)
    theirs = typed(made, title_de="Erster", owner="")
    mine = typed(made, title_de="Zweiter", owner="")
    assert first.post(f"/studio/knowledge/{made.key}/", theirs).status_code == 302
    changed = second.post(f"/studio/knowledge/{made.key}/", mine)
    assert changed.status_code == 409
    assert "Erster" in changed.content.decode() and "Zweiter" in changed.content.decode()
    assert Article.objects.get().draft["title"]["de"] == "Erster"
    assert second.post(f"/studio/knowledge/{made.key}/", {**mine, "base": "2"}).status_code == 302
    assert Article.objects.get().draft["title"]["de"] == "Zweiter"
    late = first.post(f"/studio/knowledge/{made.key}/publish", {"base": "2"})
    assert late.status_code == 409


def test_bad_input_keeps_the_form(who: Firm, editor: User) -> None:
    made = draft(editor)
    wrong = typed(made, title_de="x" * 200, review_months="99", kind="song", base="")
    answer = browser(editor).post(f"/studio/knowledge/{made.key}/", wrong)
    assert answer.status_code in {409, 422}
    assert "x" * 200 in answer.content.decode()


def test_withdraw_and_review(who: Firm, editor: User) -> None:
    made = published(editor)
    later = NOW + timedelta(days=400)
    with time_machine.travel(later, tick=False):
        assert "VPN einrichten" in browser(editor).get("/studio/knowledge/?show=due").content.decode()
        browser(editor).post(f"/studio/knowledge/{made.key}/review")
        assert "VPN einrichten" not in browser(editor).get("/studio/knowledge/?show=due").content.decode()
    browser(editor).post(f"/studio/knowledge/{made.key}/withdraw")
    assert Article.objects.get().state == "withdrawn"


def test_a_picture_is_added(who: Firm, editor: User, settings: Any, tmp_path: Any) -> None:
    from dataclasses import replace

    settings.ANLIEGEN = replace(settings.ANLIEGEN, data_dir=tmp_path)
    made = draft(editor)
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0"/></svg>'
    address = f"/studio/knowledge/{made.key}/picture"
    browser(editor).post(address, {"picture": SimpleUploadedFile("tray.svg", drawing, "image/svg+xml")})
    assert Picture.objects.get().name == "tray.svg"
    shown: Any = browser(editor).get(f"/knowledge/{made.key}/pictures/tray.svg")
    assert shown["Content-Security-Policy"] == "default-src 'none'; sandbox"
    b"".join(shown.streaming_content)
    assert browser(editor).post(address).status_code == 422
    bad = SimpleUploadedFile("x.png", b"no picture", "image/png")
    assert browser(editor).post(address, {"picture": bad}).status_code == 422


def test_what_readers_missed_is_shown_without_their_names(who: Firm, editor: User) -> None:
    made = published(editor)
    actions.say_missing(made.key, "Ein Bild fehlt", acting_user=who.owner, now=NOW)
    page = browser(editor).get(f"/studio/knowledge/{made.key}/").content.decode()
    assert "Ein Bild fehlt" in page
    assert who.owner.full_name not in page


def test_announcements_are_made_and_ended(who: Firm, editor: User) -> None:
    form = {
        "kind": "outage", "audience": "all", "title_de": "Druckdienst", "title_en": "Printing", "text_de": "Steht.",
        "text_en": "Down.", "starts_on": "25.11.2026", "starts_time": "08:00", "ends_on": "26.11.2026",
        "ends_time": "18:00", "form_key": "announce-0001",
    }  # fmt: skip
    for _time in range(2):
        assert browser(editor).post("/studio/announcements/", form).status_code == 302
    made = Announcement.objects.get()
    wrong = {**form, "ends_on": "gestern", "form_key": "announce-0002"}
    assert browser(editor).post("/studio/announcements/", wrong).status_code == 422
    backwards = {**form, "ends_on": "24.11.2026", "form_key": "announce-0003"}
    assert browser(editor).post("/studio/announcements/", backwards).status_code == 422
    browser(editor).post(f"/studio/announcements/{made.public_id}/end")
    assert Announcement.objects.get().ends_at == NOW
    assert browser(who.agent).post(f"/studio/announcements/{announced().public_id}/end").status_code == 403
