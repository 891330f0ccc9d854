import gzip
import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.template.loader import get_template, render_to_string
from django.test import Client, RequestFactory
from django.utils import translation

from anliegen.ui import htmx, icons, specimens
from anliegen.ui.files import attachment_response
from anliegen.ui.shell import THEME_COOKIE

UI = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(str(p.relative_to(UI / "templates")) for p in (UI / "templates").rglob("*.*"))


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize("name", TEMPLATES)
def test_every_template_renders(name: str, lang: str, rf: RequestFactory) -> None:
    with translation.override(lang):
        example = specimens.context()
        single = {"entry": example["entries"][0], "form": example["wrong"], "subject": "Erledigt", "error_id": "abc"}
        html = get_template(name).render(example | single, rf.get("/"))
    assert "style=" not in html or name.startswith("ui/mail/")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_the_component_page_renders_in_each_language(client: Client, lang: str) -> None:
    page = client.get("/ui/components", headers={"accept-language": lang})
    assert f'<html lang="{lang}"' in page.text
    assert len(gzip.compress(page.content)) < 60_000
    assert not re.search(r"<[^>]+\s(style|on\w+)=", page.text)


def test_the_component_page_is_not_there_in_production(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(settings.ANLIEGEN), "production", property(lambda self: True))
    assert client.get("/ui/components").status_code == 404


def test_two_404_pages_are_the_same_byte_for_byte(rf: RequestFactory) -> None:
    pages = {render_to_string("ui/errors/404.html", request=rf.get(path)) for path in ("/a", "/b?next=c")}
    assert len(pages) == 1
    assert "csrf" not in pages.pop()


@pytest.mark.parametrize("status", [500, 503])
def test_the_last_pages_need_nothing(status: int) -> None:
    html = get_template(f"ui/errors/{status}.html").render()
    assert str(status) in html


def test_language_and_look_are_one_click(client: Client) -> None:
    answer = client.post("/prefs", {"language": "en", "theme": "dark", "next": "/ui/components"})
    assert answer["Location"] == "/ui/components"
    page = client.get("/ui/components").text
    assert '<html lang="en" data-bs-theme="dark">' in page
    client.post("/prefs", {"theme": "system"})
    assert not client.cookies[THEME_COOKIE].value


@pytest.mark.parametrize("target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "", "/\\evil"])
def test_preferences_never_lead_away(client: Client, target: str) -> None:
    assert client.post("/prefs", {"language": "de", "next": target})["Location"] == "/"


def test_files_are_given_out_only_as_downloads() -> None:
    answer = attachment_response(io.BytesIO(b"<script>"), "Übersicht.html", "text/html")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["Cache-Control"] == "private, no-store"


def test_an_announcement_rides_in_the_header() -> None:
    header = json.loads(htmx.announce(HttpResponse(), "Übernommen")["HX-Trigger"])
    assert header["srm:announce"]["text"] == "Übernommen"


def test_sizes_stay_in_their_budgets() -> None:
    assert len(gzip.compress((UI / "static/ui/anliegen.css").read_bytes(), 9)) <= 25_000
    assert len(gzip.compress((UI / "static/ui/anliegen.js").read_bytes(), 9)) <= 8_000


def test_every_icon_that_is_listed_is_there() -> None:
    assert set(icons.drawings()) == set((UI / "icons.txt").read_text().split())


def test_every_icon_that_is_used_is_there() -> None:
    pages = [p.read_text() for p in UI.parent.glob("*/templates/**/*.html")]
    used = {name for page in pages for name in re.findall(r'{% icon "([a-z0-9-]+)"', page)}
    assert used <= set(icons.drawings())
