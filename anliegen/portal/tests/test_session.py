"""The way in: what it tells, what it leaves behind, who must show a second factor."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import cache
from django.test import Client
from django.urls import Resolver404, resolve

from anliegen.lib import bus, clock
from anliegen.lib.errors import NotFound
from anliegen.lib.events import Event
from anliegen.people import actions
from anliegen.people.models import Session, User
from anliegen.people.rules import Role
from anliegen.portal import adapters

PASSWORD = "ein langer Satz 42"
SIGN_IN = "/account/sign-in"


@pytest.fixture(autouse=True)
def fresh_limits(db: None) -> None:
    cache.clear()


@pytest.fixture
def make(db: None) -> Callable[..., User]:
    """A person with a password, in the default company."""
    actions.put_company("nordwerk", name="Nordwerk", is_default=True, acting_user=None, now=clock.now())

    def person(name: str, role: Role | None = None, **fields: Any) -> User:
        now = clock.now()
        made = actions.create_person(
            acting_user=None, now=now, email=f"{name}@nordwerk.example", first_name="P", last_name=name, **fields
        )
        actions.set_password(made.pk, PASSWORD, acting_user=None, now=now)
        if role:
            actions.grant_role(made.pk, role, acting_user=None, now=now)
        return made

    return person


@pytest.fixture
def told() -> Iterator[list[Event]]:
    """Every event that was published."""
    before = bus.bound()
    seen: list[Event] = []
    bus.bind({Event: (seen.append,)})
    yield seen
    bus.bind(before)


def sign_in(client: Client, name: str, password: str = PASSWORD) -> Any:
    return client.post(SIGN_IN, {"login": f"{name}@nordwerk.example", "password": password})


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def test_the_right_password_leads_to_the_start(client: Client, make: Callable[..., User]) -> None:
    person = make("jana")
    assert sign_in(client, "JANA").status_code == 302
    assert signed_in(client) == str(person.pk)
    assert Session.objects.get(user=person).session_key == client.session.session_key


def test_sign_in_says_the_same_to_known_and_unknown(client: Client, make: Callable[..., User]) -> None:
    """B03: text, status and length do not tell which addresses exist, who left, or who may not sign in."""
    make("jana")
    make("caller", can_sign_in=False)
    leaver = make("leaver")
    User.objects.filter(pk=leaver.pk).update(is_active=False)
    answers = set()
    for name, password in (("jana", "falsch"), ("nobody", "falsch"), ("caller", PASSWORD), ("leaver", PASSWORD)):
        response = sign_in(Client(), name, password)
        page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", response.content.decode()).replace(name, "NAME")
        answers.add((response.status_code, page))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 422


def test_the_session_id_changes_at_sign_in(client: Client, make: Callable[..., User]) -> None:
    """B01: an id that was known before is worth nothing afterwards."""
    make("jana")
    session = client.session
    session["planted"] = True
    session.save()
    client.cookies["anliegen_session"] = session.session_key
    before = session.session_key
    sign_in(client, "jana")
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_too_many_attempts_are_stopped_also_for_unknown_addresses(make: Callable[..., User]) -> None:
    make("jana")
    for name in ("jana", "nobody"):
        texts = [sign_in(Client(), name, "falsch").content.decode() for _ in range(6)]
        assert "fünf Minuten" in texts[-1] or "five minutes" in texts[-1]
        assert "fünf Minuten" not in texts[0] and "five minutes" not in texts[0]
        assert sign_in(Client(), name).status_code == 422


def test_a_leaver_is_out_at_once(client: Client, make: Callable[..., User]) -> None:
    person = make("jana")
    sign_in(client, "jana")
    actions.deactivate(person.pk, acting_user=None, now=clock.now())
    response = client.get("/account/password")
    assert response.status_code == 302
    assert response["Location"].startswith(SIGN_IN)


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.PROCESS_OWNER])
def test_powerful_roles_see_nothing_without_a_second_factor(
    client: Client, make: Callable[..., User], role: Role
) -> None:
    make("ada", role)
    sign_in(client, "ada")
    for address in ("/", "/desk/", "/demo/persons"):
        response = client.get(address)
        assert (response.status_code, response["Location"]) == (302, "/account/factors")
    assert client.get("/account/factors").status_code == 200


def confirm(client: Client) -> None:
    """The password once more; without it no factor is added."""
    assert client.get("/account/factors/app")["Location"].startswith("/account/confirm")
    assert client.post("/account/confirm", {"password": "falsch"}).status_code == 422
    assert client.post("/account/confirm", {"password": PASSWORD}).status_code == 302


def set_up_app(client: Client) -> str:
    """Set up an app on the pages; returns its secret."""
    confirm(client)
    page = client.get("/account/factors/app").content.decode()
    secret = re.search(r"<code[^>]*>(\w+)</code>", page)
    assert secret
    response = client.post("/account/factors/app", {"code": code_of(secret[1])})
    assert response.status_code == 302
    return secret[1]


def code_of(secret: str, step: int = 0) -> str:
    return totp.format_hotp_value(totp.hotp_value(secret, next(iter(totp.yield_hotp_counters_from_time())) + step))


def test_an_app_is_set_up_and_asked_for_from_then_on(client: Client, make: Callable[..., User]) -> None:
    person = make("ada", Role.ADMINISTRATOR)
    sign_in(client, "ada")
    secret = set_up_app(client)
    assert client.get("/account/factors/codes").status_code == 200
    assert client.get("/demo/persons").status_code == 200
    stored = Authenticator.objects.get(user=person, type="totp").data["secret"]
    assert secret not in stored

    again = Client()
    response = sign_in(again, "ada")
    assert response["Location"].startswith("/account/factors/enter")
    assert signed_in(again) is None
    before = again.session.session_key
    assert again.post("/account/factors/enter", {"code": "000000"}).status_code == 200
    assert signed_in(again) is None
    cache.clear()  # the same code counts once; the test may not wait for the next
    assert again.post("/account/factors/enter", {"code": code_of(secret)}).status_code == 302
    assert signed_in(again) == str(person.pk)
    assert again.session.session_key != before


def test_the_last_factor_stays_where_the_role_needs_it(client: Client, make: Callable[..., User]) -> None:
    person = make("ada", Role.ADMINISTRATOR)
    sign_in(client, "ada")
    set_up_app(client)
    client.post("/account/factors/app/remove")
    assert Authenticator.objects.filter(user=person, type="totp").exists()


def test_what_happens_to_an_account_is_told(
    client: Client, make: Callable[..., User], told: list[Event], django_capture_on_commit_callbacks: Any
) -> None:
    person = make("jana")
    told.clear()
    sign_in(client, "jana")
    with django_capture_on_commit_callbacks(execute=True):
        set_up_app(client)
    client.post("/account/factors/app/remove")
    assert [(event.key, event.changes.get("factor")) for event in told] == [
        ("person.signed-in", None),
        ("person.factor-changed", "totp"),
        ("person.factor-changed", "totp"),
    ]
    assert {event.actor_id for event in told} == {person.pk}


def test_a_new_powerful_role_ends_the_sessions_of_before(client: Client, make: Callable[..., User]) -> None:
    person = make("jana")
    sign_in(client, "jana")
    actions.grant_role(person.pk, Role.PROCESS_OWNER, acting_user=None, now=clock.now())
    assert signed_in(client) is None


def test_signing_out_takes_a_post_and_ends_the_session(client: Client, make: Callable[..., User]) -> None:
    make("jana")
    sign_in(client, "jana")
    assert client.get("/account/sign-out").status_code == 200
    assert signed_in(client)
    client.post("/account/sign-out")
    assert not Session.objects.filter(user__isnull=False).exists()


def test_a_password_is_changed_with_the_old_one(client: Client, make: Callable[..., User]) -> None:
    person = make("jana")
    sign_in(client, "jana")
    new = "noch ein langer Satz"
    form = {"oldpassword": "falsch", "password1": new, "password2": new}
    assert client.post("/account/password", form).status_code == 422
    assert client.post("/account/password", {**form, "oldpassword": PASSWORD}).status_code == 302
    person.refresh_from_db()
    assert person.check_password(new)


@pytest.mark.parametrize("address", ["account/signup/", "account/email/", "account/password/reset/", "accounts/login/"])
def test_nobody_signs_up_or_manages_addresses(address: str) -> None:
    with pytest.raises(Resolver404):
        resolve(f"/{address}")


@pytest.mark.parametrize("language", ["de", "en"])
def test_the_pages_of_the_way_in_exist_in_both_languages(
    client: Client, make: Callable[..., User], language: str
) -> None:
    client.cookies["anliegen_language"] = language
    texts = [client.get(SIGN_IN).content.decode()]
    make("jana")
    sign_in(client, "jana")
    texts.append(client.get("/account/confirm").content.decode())
    confirm(client)
    for page in ("password", "sign-out", "factors", "factors/app", "factors/keys", "factors/keys/add"):
        response = client.get(f"/account/{page}")
        assert response.status_code == 200, page
        texts.append(response.content.decode())
    assert all(f'<html lang="{language}"' in text for text in texts)
    assert all("<script>" not in text and "onclick" not in text for text in texts)


def test_a_person_of_the_demo_is_stepped_into(client: Client, make: Callable[..., User]) -> None:
    owner, requester = make("ada", Role.PROCESS_OWNER), make("jana")
    page = client.get("/demo/persons").content.decode()
    assert owner.public_id in page
    assert requester.public_id in page
    client.post("/demo/persons", {"person": requester.public_id})
    assert signed_in(client) == str(requester.pk)
    before = client.session.session_key
    client.post("/demo/persons", {"person": owner.public_id})
    assert signed_in(client) == str(owner.pk)
    assert client.session.session_key != before
    assert client.get("/demo/persons").status_code == 200


def test_who_cannot_sign_in_is_not_stepped_into(client: Client, make: Callable[..., User]) -> None:
    caller = make("caller", can_sign_in=False)
    for wrong in (caller.public_id, "x" * 22, ""):
        assert client.post("/demo/persons", {"person": wrong}).status_code == 404
    assert signed_in(client) is None


def test_nobody_steps_into_a_person_in_production(
    client: Client, make: Callable[..., User], monkeypatch: pytest.MonkeyPatch
) -> None:
    person = make("jana")
    monkeypatch.setattr(adapters, "demo_is_open", lambda: False)
    assert client.get("/demo/persons").status_code == 404
    assert client.post("/demo/persons", {"person": person.public_id}).status_code == 404
    with pytest.raises(NotFound):
        adapters.require_demo()


def test_a_choice_in_the_foot_of_the_page_is_kept(make: Callable[..., User]) -> None:
    person = make("jana")
    adapters.preferences_changed(person, language="en", theme="system")
    person.refresh_from_db()
    assert (person.language, person.theme) == ("en", "system")


def test_the_route_of_the_demo_is_not_there_in_production() -> None:
    """In a process of its own, started with the settings of production."""
    question = (
        "import django; django.setup(); from django.urls import get_resolver; "
        "print(sorted(name for name in get_resolver().reverse_dict if isinstance(name, str)))"
    )
    surroundings = {
        "PATH": os.environ["PATH"],
        "DJANGO_SETTINGS_MODULE": "anliegen.project.settings",
        "ANLIEGEN_ENV": "production",
        "ANLIEGEN_SECRET_KEY": "x1" * 40,
        "ANLIEGEN_HOSTS": "anliegen.example.org",
        "ANLIEGEN_BASE_URL": "https://anliegen.example.org",
        "ANLIEGEN_NAME": "Service",
        "ANLIEGEN_PHONE": "0431 1234",
        "ANLIEGEN_MAIL_URL": "smtp://localhost:25",
        "ANLIEGEN_MAIL_FROM": "anliegen@example.org",
        "ANLIEGEN_MAIL_REPLY_TO": "service@example.org",
    }
    done = subprocess.run(
        [sys.executable, "-c", question], env=surroundings, capture_output=True, text=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert "account_login" in done.stdout
    assert "demo-persons" not in done.stdout
