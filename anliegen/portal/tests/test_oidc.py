"""Sign-in with the organisation's own account, at a provider that tells the truth, and at one that lies (B10)."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from django.core.cache import cache
from django.test import Client

from anliegen.audit.models import Detail, Entry
from anliegen.people import actions
from anliegen.people.models import User
from anliegen.portal import oidc
from anliegen.workflow.tests.factories import SYSTEM, Stage

CLIENT = "anliegen-client"
START, BACK = "/account/oidc", "/account/oidc/back"
KID = "key-1"


class Stub:
    """A provider that answers what a test wants it to: `claims` are changed in the token, `sign` makes it."""

    def __init__(self) -> None:
        self.own, self.foreign = (rsa.generate_private_key(65537, 2048) for _n in range(2))
        handler = type("Handler", (_Handler,), {"stub": self})
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self.issuer = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.honest()

    def honest(self) -> None:
        self.codes: dict[str, dict[str, str]] = {}
        self.claims: dict[str, Any] = {}
        self.userinfo: dict[str, Any] = {}
        self.discovery: dict[str, Any] = {}
        self.sign: Callable[[dict[str, Any]], str | None] = self.signed
        self.down = False

    def signed(self, claims: dict[str, Any]) -> str:
        return jwt.encode(claims, self.own, algorithm="RS256", headers={"kid": KID})

    def code(self, asked: dict[str, str]) -> str:
        code = f"code-{len(self.codes)}-{asked['state']}"
        self.codes[code] = asked
        return code

    def token(self, form: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if asked is None or asked["code_challenge"] != base64.urlsafe_b64encode(verifier).decode().rstrip("="):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": "s-1",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
        }
        answer: dict[str, Any] = {"access_token": "at", "token_type": "Bearer", "expires_in": 300}
        raw = self.sign({name: value for name, value in {**claims, **self.claims}.items() if value is not None})
        return 200, answer if raw is None else {**answer, "id_token": raw}

    def page(self, path: str) -> dict[str, Any]:
        if path == "/.well-known/openid-configuration":
            ends = {"authorization": "authorize", "token": "token", "userinfo": "userinfo"}
            found = {f"{name}_endpoint": f"{self.issuer}/{end}" for name, end in ends.items()}
            methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
            return {"issuer": self.issuer, "jwks_uri": f"{self.issuer}/keys", **found, **methods, **self.discovery}
        if path == "/keys":
            public = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.own.public_key()))
            return {"keys": [{**public, "kid": KID, "use": "sig"}]}
        return self.userinfo


class _Handler(BaseHTTPRequestHandler):
    stub: Stub

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        self.send_response(503 if self.stub.down else status)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def do_GET(self) -> None:
        self._answer(200, self.stub.page(urlsplit(self.path).path))

    def do_POST(self) -> None:
        form = parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self._answer(*self.stub.token(dict(form)))

    def log_message(self, *_args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def provider() -> Iterator[Stub]:
    stub = Stub()
    yield stub
    stub.server.shutdown()
    stub.server.server_close()


@pytest.fixture
def stub(provider: Stub, settings: Any) -> Stub:
    provider.honest()
    cache.clear()
    settings.ANLIEGEN = replace(
        settings.ANLIEGEN, oidc_issuer=provider.issuer, oidc_client_id=CLIENT, oidc_client_secret="s", oidc_name="Firma"
    )
    return provider


@pytest.fixture
def jana(scene: Stage, stub: Stub) -> User:
    """The person of subject s-1."""
    person = scene.firm.owner
    SocialAccount.objects.create(provider=_issuer_id(stub), uid="s-1", user=person)
    return person


def _issuer_id(stub: Stub) -> str:
    return "oidc-" + hashlib.sha256(stub.issuer.encode()).hexdigest()[:24]


def begin(client: Client, **sent: str) -> dict[str, str]:
    """What our side asks the provider."""
    response = client.post(START, sent)
    assert response.status_code == 200
    target = urlsplit(response.context["target"])
    return {name: values[0] for name, values in parse_qs(target.query).items()}


def arrive(client: Client, stub: Stub, **changed: str) -> Any:
    asked = begin(client)
    return client.get(BACK, {"code": stub.code(asked), "state": asked["state"], **changed})


def signed_in(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


def reasons() -> list[str]:
    ids = Entry.objects.filter(event="signin.refused").order_by("id").values_list("id", flat=True)
    return [json.loads(Detail.objects.get(entry_id=one).text)["reason"] for one in ids]


def test_a_known_subject_is_signed_in_and_led_on(jana: User, stub: Stub) -> None:
    client = Client()
    asked = begin(client, next="/requests/")
    assert asked["response_type"] == "code"
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"].endswith(BACK)
    assert len(asked["nonce"]) >= 24
    response = client.get(BACK, {"code": stub.code(asked), "state": asked["state"]})
    assert response["Location"] == "/requests/"
    assert signed_in(client) == str(jana.pk)
    entry = Entry.objects.get(event="person.signed-in")
    assert json.loads(Detail.objects.get(entry=entry).text) == {"way": "oidc"}
    assert SocialAccount.objects.get().extra_data == {}


def test_the_address_cannot_change_what_is_asked(scene: Stage, stub: Stub) -> None:
    client = Client()
    response = client.post(f"{START}?scope=admin&auth_params=nonce%3Dmine&process=connect&next=https://evil.example/")
    asked = parse_qs(urlsplit(response.context["target"]).query)
    assert asked["nonce"] != ["mine"]
    assert "admin" not in asked["scope"][0]
    (state, _when, _provider) = next(iter(client.session["socialaccount_states"].values()))
    assert state["process"] == "login"
    assert "next" not in state


def other_key(stub: Stub, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, stub.foreign, algorithm="RS256", headers={"kid": KID})


def no_signature(stub: Stub, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, None, algorithm="none", headers={"kid": KID})


def public_key_as_secret(stub: Stub, claims: dict[str, Any]) -> str:
    """HMAC with what everybody knows (the classic confusion of algorithms)."""
    form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    secret = stub.own.public_key().public_bytes(*form)
    parts = [json.dumps(part).encode() for part in ({"alg": "HS256", "kid": KID, "typ": "JWT"}, claims)]
    signed = b".".join(base64.urlsafe_b64encode(part).rstrip(b"=") for part in parts)
    return b".".join([signed, base64.urlsafe_b64encode(hmac.digest(secret, signed, "sha256")).rstrip(b"=")]).decode()


def unknown_key(stub: Stub, claims: dict[str, Any]) -> str:
    return jwt.encode(claims, stub.own, algorithm="RS256", headers={"kid": "key-2"})


@pytest.mark.parametrize(
    ("claims", "reason"),
    [
        ({"iss": "https://evil.example"}, "issuer"),
        ({"aud": "somebody-else"}, "audience"),
        ({"aud": [CLIENT, "other"], "azp": "other"}, "audience"),
        ({"aud": [CLIENT, "other"]}, "audience"),
        ({"azp": "other"}, "audience"),
        ({"exp": 1_000_000_000}, "expired"),
        ({"exp": None}, "token"),
        ({"iat": 4_000_000_000}, "token"),
        ({"nonce": "of-another-sign-in"}, "nonce"),
        ({"nonce": None}, "token"),
        ({"sub": None}, "token"),
        ({"sub": ""}, "subject"),
        ({"sub": "s" * 300}, "subject"),
        ({"sub": "s-2"}, "unknown"),
        ({"sub": "S-1"}, "unknown"),
    ],
    ids=str,
)
def test_a_token_that_is_not_for_this_sign_in_is_refused(
    jana: User, stub: Stub, claims: dict[str, Any], reason: str
) -> None:
    stub.claims = claims
    client = Client()
    response = arrive(client, stub)
    assert response.status_code == 403
    assert signed_in(client) is None
    assert reasons() == [reason]
    assert "Service Desk" in response.content.decode()


@pytest.mark.parametrize(
    ("sign", "reason"),
    [
        (other_key, "signature"),
        (no_signature, "algorithm"),
        (public_key_as_secret, "algorithm"),
        (unknown_key, "signature"),
        (lambda stub, claims: None, "no-token"),
        (lambda stub, claims: "a.b.c", "token"),
        (lambda stub, claims: stub.signed(claims)[:-8] + "AAAAAAAA", "signature"),
    ],
)
def test_a_token_that_the_issuer_did_not_sign_is_refused(jana: User, stub: Stub, sign: Any, reason: str) -> None:
    stub.sign = lambda claims: sign(stub, claims)
    client = Client()
    assert arrive(client, stub).status_code == 403
    assert signed_in(client) is None
    assert reasons() == [reason]


@pytest.mark.parametrize("issuer", ["https://evil.example", "", None])
def test_a_provider_that_says_it_is_another_is_refused(jana: User, stub: Stub, issuer: str | None) -> None:
    stub.discovery = {"issuer": issuer}
    assert Client().post(START).status_code == 403
    assert reasons() == ["issuer"]


def test_an_answer_of_another_issuer_is_refused(jana: User, stub: Stub) -> None:
    """Mix-up (RFC 9207)."""
    client = Client()
    assert arrive(client, stub, iss="https://evil.example").status_code == 403
    assert reasons() == ["issuer"]


def test_a_code_and_a_state_are_worth_something_once(jana: User, stub: Stub) -> None:
    client, thief = Client(), Client()
    asked = begin(client)
    code = stub.code(asked)
    answer = {"code": code, "state": asked["state"]}
    assert client.get(BACK, answer).status_code == 302
    client.post("/account/sign-out")
    assert client.get(BACK, answer).status_code == 403
    again = begin(client)
    assert client.get(BACK, {"code": code, "state": again["state"]}).status_code == 403
    stub.codes[code] = asked
    theirs = begin(thief)
    assert thief.get(BACK, {"code": code, "state": theirs["state"]}).status_code == 403  # PKCE
    assert signed_in(client) is None
    assert signed_in(thief) is None
    assert reasons() == ["state", "code", "code"]


@pytest.mark.parametrize("state", [None, "", "x", "foreign"])
def test_a_state_that_this_browser_did_not_begin_is_refused(jana: User, stub: Stub, state: str | None) -> None:
    client, other = Client(), Client()
    asked = begin(other)
    query = {"code": stub.code(asked), "state": asked["state"] if state == "foreign" else state}
    assert client.get(BACK, {name: value for name, value in query.items() if value is not None}).status_code == 403
    assert signed_in(client) is None
    assert reasons() == ["state"]


def test_a_changed_address_changes_nobody(jana: User, scene: Stage, stub: Stub, settings: Any) -> None:
    """The subject counts: s-1 stays Jana, although the provider now says that her address is the boss's."""
    settings.ANLIEGEN = replace(settings.ANLIEGEN, oidc_link_by="email", oidc_link_claim="email")
    stub.claims = {"email": scene.boss.email, "email_verified": True}
    client = Client()
    arrive(client, stub)
    assert signed_in(client) == str(jana.pk)
    jana.refresh_from_db()
    assert jana.email != scene.boss.email


def test_another_subject_with_the_same_address_gets_nothing(jana: User, stub: Stub, settings: Any) -> None:
    settings.ANLIEGEN = replace(settings.ANLIEGEN, oidc_link_by="email", oidc_link_claim="email")
    stub.claims = {"sub": "s-2", "email": jana.email, "email_verified": True}
    client = Client()
    assert arrive(client, stub).status_code == 403
    assert signed_in(client) is None
    assert reasons() == ["unknown"]


@pytest.mark.parametrize(
    ("by", "claims", "known"),
    [
        ("", {"email": "jana@nordwerk.example", "email_verified": True}, False),
        ("email", {"email": "JANA@nordwerk.example", "email_verified": True}, True),
        ("email", {"email": "jana@nordwerk.example", "email_verified": "true"}, False),
        ("email", {"email": "jana@nordwerk.example"}, False),
        ("email", {"email": ["jana@nordwerk.example"], "email_verified": True}, False),
        ("personnel_number", {"email": "P-4711"}, True),
        ("personnel_number", {"email": "P-4712"}, False),
        ("personnel_number", {"email": ""}, False),
    ],
)
def test_a_new_subject_is_joined_only_as_the_operator_says(
    scene: Stage, stub: Stub, settings: Any, by: str, claims: dict[str, Any], known: bool
) -> None:
    actions.update_person(scene.firm.owner.pk, personnel_number="P-4711", **SYSTEM)
    settings.ANLIEGEN = replace(settings.ANLIEGEN, oidc_link_by=by, oidc_link_claim="email")
    stub.claims = claims
    client = Client()
    assert arrive(client, stub).status_code == (302 if known else 403)
    assert signed_in(client) == (str(scene.firm.owner.pk) if known else None)
    assert SocialAccount.objects.count() == int(known)
    assert Entry.objects.filter(event="person.identity-linked").count() == int(known)


@pytest.mark.parametrize(("sub", "status"), [("s-1", 302), ("s-2", 403)])
def test_what_is_asked_after_the_token_must_be_about_the_same_subject(
    scene: Stage, stub: Stub, settings: Any, sub: str, status: int
) -> None:
    settings.ANLIEGEN = replace(settings.ANLIEGEN, oidc_link_by="email", oidc_link_claim="email")
    stub.userinfo = {"sub": sub, "email": scene.firm.owner.email, "email_verified": True}
    assert arrive(Client(), stub).status_code == status


def test_who_has_left_is_refused(jana: User, stub: Stub) -> None:
    actions.deactivate(jana.pk, **SYSTEM)
    client = Client()
    assert arrive(client, stub).status_code == 403
    assert signed_in(client) is None
    assert reasons() == ["inactive"]


def test_cancelling_leads_back_and_is_no_alarm(jana: User, stub: Stub) -> None:
    client = Client()
    asked = begin(client)
    response = client.get(BACK, {"error": "access_denied", "state": asked["state"]})
    assert response.status_code == 403
    assert "abgebrochen" in response.content.decode()
    assert reasons() == []


def test_a_provider_that_does_not_answer_lets_nobody_in(jana: User, stub: Stub) -> None:
    client = Client()
    asked = begin(client)
    code = stub.code(asked)
    stub.down = True
    assert client.get(BACK, {"code": code, "state": asked["state"]}).status_code in {403, 503}
    assert Client().post(START).status_code == 503
    assert signed_in(client) is None


def test_local_sign_in_can_be_switched_off(jana: User, stub: Stub, settings: Any) -> None:
    actions.set_password(jana.pk, "ein langer Satz 42", **SYSTEM)
    sent = {"login": jana.email, "password": "ein langer Satz 42"}
    settings.ANLIEGEN = replace(settings.ANLIEGEN, local_sign_in=False)
    client = Client()
    page = client.get("/account/sign-in").content.decode()
    assert 'type="password"' not in page
    assert "Firma" in page
    client.post("/account/sign-in", sent)
    assert signed_in(client) is None
    arrive(client, stub)
    assert signed_in(client) == str(jana.pk)
    settings.ANLIEGEN = replace(settings.ANLIEGEN, local_sign_in=True)
    other = Client()
    other.post("/account/sign-in", sent)
    assert signed_in(other) == str(jana.pk)


def test_without_a_provider_there_is_no_such_way(scene: Stage) -> None:
    assert Client().post(START).status_code == 404
    assert Client().get(BACK).status_code == 404
    assert "/account/oidc" not in Client().get("/account/sign-in").content.decode()


def test_an_operator_joins_one_account_by_hand(scene: Stage, stub: Stub) -> None:
    jana, boss = scene.firm.owner, scene.boss
    assert oidc.link_by_hand("nobody@nordwerk.example", "s-1")
    assert oidc.link_by_hand(jana.email, "s-1") == ""
    assert oidc.link_by_hand(jana.email, "s-1") == ""
    assert oidc.link_by_hand(boss.email, "s-1")
    assert oidc.link_by_hand(jana.email, "s-2")
    client = Client()
    arrive(client, stub)
    assert signed_in(client) == str(jana.pk)
