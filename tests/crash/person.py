"""A person at a browser without JavaScript: reads pages, fills in what a form asks, sends it."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Self

import httpx

TIMEOUT = httpx.Timeout(25.0, connect=5.0)
PATIENT = httpx.Timeout(120.0)  # behind a proxy that waits for the product


@dataclass(frozen=True, slots=True)
class File:
    """What somebody attaches."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """One form of a page: where it goes, what it holds already, and which buttons it has."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    names: set[str] = field(default_factory=set)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.inside = False
        self.select = ""
        self.textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {key: value or "" for key, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
            self.inside = True
        elif self.inside:
            self._field(tag, given, self.forms[-1])

    def _field(self, tag: str, given: dict[str, str], form: Form) -> None:
        name, value, kind = given.get("name", ""), given.get("value", ""), given.get("type", "text")
        if tag == "option" and self.select and ("selected" in given or self.select not in form.values):
            form.values[self.select] = value
        if tag == "select":
            self.select = name
        if not name:
            return
        form.names.add(name)
        if tag == "button" or kind == "submit":
            form.buttons.append((name, value))
        elif tag == "textarea":
            self.textarea = name
            form.values[name] = ""
        elif tag == "input" and (kind not in {"radio", "checkbox", "file"} or "checked" in given):
            form.values[name] = value or ("on" if kind == "checkbox" else "")

    def handle_data(self, data: str) -> None:
        if self.textarea and self.inside:
            self.forms[-1].values[self.textarea] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        if tag == "select":
            self.select = ""
        if tag == "textarea":
            self.textarea = ""


class Person:
    """Somebody of the demo company, signed in. Each method is what they do; a lost connection raises httpx.HTTPError."""

    def __init__(self, base_url: str, *, keep_alive: bool = True) -> None:
        limits = httpx.Limits() if keep_alive else httpx.Limits(max_keepalive_connections=0)
        headers = {} if keep_alive else {"Connection": "close"}
        timeout = TIMEOUT if keep_alive else PATIENT
        self.http = httpx.Client(
            base_url=base_url, timeout=timeout, follow_redirects=False, limits=limits, headers=headers
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def step_into(self, email: str) -> None:
        """Become a person of the demo company."""
        page = self.http.get("/demo/persons", params={"q": email})
        form, _page = self.form_in(page, "person")
        answer = self.send(form, page)
        assert answer.status_code == 302, answer.text[:500]

    def form(self, address: str, *, having: str = "") -> tuple[Form, httpx.Response]:
        """The form of a page that has a field or button of that name."""
        return self.form_in(self.http.get(address), having)

    def form_in(self, page: httpx.Response, having: str = "") -> tuple[Form, httpx.Response]:
        """The form of this page that has a field or button of that name."""
        assert page.status_code == 200, f"{page.url}: {page.status_code}"
        for form in self.forms_in(page):
            if having in _all(form):
                return form, page
        raise AssertionError(f"{page.url} has no form with {having}")

    def forms_in(self, page: httpx.Response) -> list[Form]:
        """The forms of this page that change something."""
        return [form for form in forms_of(page.text) if form.method == "post"]

    def send(self, form: Form, page: httpx.Response, file: File | None = None, **values: str) -> httpx.Response:
        """Post a form as it stands, with these values in it."""
        action = form.action or page.request.url.path
        sent = {**dict(form.buttons[:1]), **form.values, **values}
        files = {"files": (file.name, file.content, "text/plain")} if file else None
        return self.http.post(action, data=sent, files=files, headers={"Referer": str(page.request.url)})


def forms_of(html: str) -> list[Form]:
    parser = _Forms()
    parser.feed(html)
    return parser.forms


def code_in(text: str) -> str:
    """The first request code in a text."""
    found = re.search(r"SR-\d+", text)
    assert found, "no code in it"
    return found.group()


def _all(form: Form) -> set[str]:
    return {"", *form.names, *(name for name, _value in form.buttons)}
