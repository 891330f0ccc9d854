"""Sign-in with the organisation's own account: OpenID Connect, authorisation code with PKCE, state and nonce.

The flow is allauth's. What it takes on trust, because the token comes straight from the provider, is checked here:
signature, algorithm, issuer, audience, times and nonce of every ID token (B10). A person is known by issuer and subject
only; never by an address that may change hands.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from typing import Any, override

import jwt
import requests
import structlog
from allauth.core import ratelimit
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.people import access, actions, queries
from anliegen.people.models import User

log = structlog.get_logger("anliegen.web")
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
PUBLIC_KINDS = {"RSA", "EC", "OKP"}
CLOCK_DRIFT_S = 60
LONGEST_SUBJECT = 191
_TOKEN_FAULTS: tuple[tuple[type[Exception], str], ...] = (
    (jwt.ExpiredSignatureError, "expired"),
    (jwt.InvalidAudienceError, "audience"),
    (jwt.InvalidIssuerError, "issuer"),
    (jwt.InvalidSignatureError, "signature"),
    (jwt.InvalidAlgorithmError, "algorithm"),
)


class Rejected(OAuth2Error):
    """A sign-in that must not succeed; the text is its reason, for the trail, never for the page."""


def is_on() -> bool:
    """Whether there is a provider."""
    return bool(settings.ANLIEGEN.oidc_issuer)


def issuer_id() -> str:
    """Names the issuer beside the subjects that it gave out: another issuer's subjects are other people."""
    return "oidc-" + hashlib.sha256(settings.ANLIEGEN.oidc_issuer.encode()).hexdigest()[:24]


class Provider(OpenIDConnectProvider):
    """Our one provider, from the settings. What the address asks for beyond that is not passed on."""

    pkce_enabled_default = True

    def __init__(self, request: HttpRequest) -> None:
        config = settings.ANLIEGEN
        details = {"server_url": config.oidc_issuer, "scope": list(config.oidc_scopes), "oauth_pkce_enabled": True}
        super().__init__(
            request,
            app=SocialApp(
                provider=self.id,
                provider_id=issuer_id(),
                name=config.oidc_name,
                client_id=config.oidc_client_id,
                secret=config.oidc_client_secret,
                settings=details,
            ),
        )

    @override
    def get_oauth2_adapter(self, request: HttpRequest) -> "Adapter":
        return Adapter(request)

    @override
    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **kwargs: Any
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        auth = {**self.get_auth_params(), "nonce": nonce}
        response: HttpResponse = super().redirect(request, process, next_url, data, auth_params=auth, nonce=nonce)
        return response

    @override
    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {}  # claims are used once and not kept


class Adapter(OpenIDConnectOAuth2Adapter):
    """Talks to the provider, and believes nothing that is not signed for this very sign-in."""

    nonce = ""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request, issuer_id())

    @override
    def get_provider(self) -> Provider:
        return Provider(self.request)

    @override
    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return f"{settings.ANLIEGEN.base_url}{reverse('oidc-callback')}"

    @property
    def openid_config(self) -> dict[str, Any]:
        found: dict[str, Any] = super().openid_config
        if found.get("issuer") != settings.ANLIEGEN.oidc_issuer:
            raise Rejected("issuer")
        return found

    @override
    def complete_login(self, request: HttpRequest, app: SocialApp, token: Any, **kwargs: Any) -> SocialLogin:
        claims = self.verified(kwargs["response"].get("id_token"), app.client_id)
        wanted = settings.ANLIEGEN.oidc_link_claim
        if settings.ANLIEGEN.oidc_link_by and wanted not in claims and "userinfo_endpoint" in self.openid_config:
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise Rejected("subject")
            claims = {**more, **claims}
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, claims)
        login.claims = claims
        return login

    def verified(self, raw: object, audience: str) -> dict[str, Any]:
        """What the ID token says, if it was signed by the issuer, for us, for this sign-in, and holds now."""
        if not isinstance(raw, str) or not self.nonce:
            raise Rejected("no-token")
        try:
            claims: dict[str, Any] = jwt.decode(
                raw,
                key=self._key(raw),
                algorithms=ALGORITHMS,
                audience=audience,
                issuer=self.openid_config["issuer"],
                leeway=CLOCK_DRIFT_S,
                options={"require": ["iss", "sub", "aud", "exp", "iat", "nonce"]},
            )
        except (jwt.PyJWTError, ValueError, TypeError) as error:
            reason = next((reason for kind, reason in _TOKEN_FAULTS if isinstance(error, kind)), "token")
            raise Rejected(reason) from error
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", "" if several else audience) != audience:
            raise Rejected("audience")
        if not hmac.compare_digest(str(claims["nonce"]).encode(), self.nonce.encode()):
            raise Rejected("nonce")
        if not isinstance(claims["sub"], str) or not 0 < len(claims["sub"]) <= LONGEST_SUBJECT:
            raise Rejected("subject")
        return claims

    def _key(self, raw: str) -> jwt.PyJWK:
        """The issuer's public key that the token names; the only one where it names none."""
        header = jwt.get_unverified_header(raw)
        if header.get("alg") not in ALGORITHMS:
            raise Rejected("algorithm")
        with _session() as session:
            response = session.get(self.openid_config["jwks_uri"])
            response.raise_for_status()
            listed = response.json().get("keys", [])
        usable = [key for key in listed if key.get("kty") in PUBLIC_KINDS and key.get("use", "sig") == "sig"]
        named = [key for key in usable if "kid" not in header or key.get("kid") == header["kid"]]
        if len(named) != 1:
            raise Rejected("signature")
        return jwt.PyJWK({"alg": header["alg"], **named[0]})


def _session() -> requests.Session:
    session: requests.Session = SocialAdapter().get_requests_session()
    return session


class Callback(OAuth2CallbackView):
    """Where the provider sends people back to."""

    adapter: Adapter

    @override
    def _get_state(self, request: HttpRequest, provider: Provider) -> tuple[Any, HttpResponse | None]:
        state, response = super()._get_state(request, provider)
        if state is not None:
            self.adapter.nonce = str(state.get("nonce", ""))
        if state is not None and request.GET.get("iss", settings.ANLIEGEN.oidc_issuer) != settings.ANLIEGEN.oidc_issuer:
            return None, refuse(request, "issuer")
        return state, response


class SocialAdapter(DefaultSocialAccountAdapter):
    """Whom a subject belongs to, and what is told to whom we do not let in (setting SOCIALACCOUNT_ADAPTER)."""

    @override
    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        person = sociallogin.user if sociallogin.is_existing else link(sociallogin)
        if person is None:
            raise ImmediateHttpResponse(refuse(request, "unknown"))
        if not (person.is_active and person.can_sign_in):
            raise ImmediateHttpResponse(refuse(request, "inactive"))
        sociallogin.user = person

    @override
    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: Any,
        error: Any = None,
        exception: Exception | None = None,
        extra_context: Any = None,
    ) -> None:
        if error == AuthError.CANCELLED:
            raise ImmediateHttpResponse(refuse(request, "cancelled"))
        if isinstance(exception, requests.RequestException):
            raise ImmediateHttpResponse(unreachable(request, exception))
        reason = str(exception) if isinstance(exception, Rejected) else "state" if exception is None else "code"
        raise ImmediateHttpResponse(refuse(request, reason))


def link(login: SocialLogin) -> User | None:
    """Whose subject that is from now on, where the settings name an attribute that tells; else nobody's.

    Who already has another subject of this issuer gets no second one: it may be somebody else by now.
    """
    config, claims = settings.ANLIEGEN, getattr(login, "claims", {})
    value = claims.get(config.oidc_link_claim)
    if not config.oidc_link_by or not isinstance(value, str) or not value.strip():
        return None
    if config.oidc_link_by == "email" and claims.get("email_verified") is not True:
        return None
    person = queries.person_by(config.oidc_link_by, value)
    if person is None or not (person.is_active and person.can_sign_in):
        return None
    owner = join(person, login.account.uid, config.oidc_link_by)
    return person if owner == person else None


def join(person: User, subject: str, by: str) -> User | None:
    """Whose subject that is now: the person's, unless it is somebody's already or they have another one (None)."""
    try:
        with transaction.atomic():
            access.to_change(person.pk, None, clock.now())  # one at a time
            if not SocialAccount.objects.filter(provider=issuer_id(), user=person).exists():
                SocialAccount.objects.create(provider=issuer_id(), uid=subject, user=person)
                actions.identity_linked(person, by, now=clock.now())
    except IntegrityError:
        log.info("subject is joined already", way="oidc")
    found = SocialAccount.objects.filter(provider=issuer_id(), uid=subject).select_related("user").first()
    return found.user if found else None


def link_by_hand(email: str, subject: str) -> str:
    """Join a subject to a person for the operator; what is wrong, or ""."""
    if not is_on():
        return "ANLIEGEN_OIDC_ISSUER is not set."
    person = queries.person_by_email(email)
    if person is None:
        return f"Nobody has the address {email}."
    if join(person, subject, "operator") != person:
        return "This account belongs to somebody else, or the person already has another account of this issuer."
    return ""


def start(request: HttpRequest, next_url: str | None) -> HttpResponse:
    """Where the provider asks who it is, as a redirect; a page where it cannot be reached."""
    if not is_on():
        raise NotFound
    return _caught(request, lambda: Provider(request).redirect(request, AuthProcess.LOGIN, next_url))


def finish(request: HttpRequest) -> HttpResponse:
    """What the provider's answer leads to."""
    if not is_on():
        raise NotFound
    if limited := ratelimit.consume_or_429(request, action="login"):
        return limited
    return _caught(request, lambda: Callback.adapter_view(Adapter(request))(request))


def _caught(request: HttpRequest, do: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer, or a page that says what is wrong with the provider."""
    try:
        return do()
    except requests.RequestException as problem:
        return unreachable(request, problem)
    except Rejected as problem:
        return refuse(request, str(problem))


def refuse(request: HttpRequest, reason: str) -> HttpResponse:
    """A plain page, and a line in the trail that holds no claim and no address."""
    if reason != "cancelled":
        log.warning("sign-in refused", way="oidc", reason=reason)
        actions.sign_in_refused("oidc", reason, now=clock.now())
    shown = reason if reason in {"unknown", "inactive", "cancelled"} else "refused"
    context = {"reason": shown, "name": settings.ANLIEGEN.oidc_name, "local": settings.ANLIEGEN.local_sign_in}
    return render(request, "account/oidc_refused.html", context, status=403)


def unreachable(request: HttpRequest, problem: Exception) -> HttpResponse:
    """The provider does not answer: nobody gets in without it (X29)."""
    log.error("sign-in provider does not answer", way="oidc", kind=type(problem).__name__)
    context = {"reason": "unreachable", "name": settings.ANLIEGEN.oidc_name, "local": settings.ANLIEGEN.local_sign_in}
    return render(request, "account/oidc_refused.html", context, status=503)
