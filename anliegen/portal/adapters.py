"""Where django-allauth meets our people: who may sign in, what is kept about it, who must have a second factor."""

import base64
from collections.abc import Callable
from typing import Any, override
from zoneinfo import ZoneInfo

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.auth_backends import AuthenticationBackend
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.stagekit import clear_login
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from anliegen.lib import clock
from anliegen.lib.errors import NotFound
from anliegen.people import access, actions, queries
from anliegen.people.models import User

FACTOR_DONE = "second_factor_done"  # session: the day on which the duty was last looked up
SIGN_IN_BACKEND = "anliegen.portal.adapters.SignInBackend"


def demo_is_open() -> bool:
    """Whether persons may be stepped into without a password: in the demo and in tests, never in production."""
    return settings.ANLIEGEN.env in ("demo", "test")


def require_demo() -> None:
    """Raise NotFound outside the demo, whatever the routes say."""
    if not demo_is_open():
        raise NotFound


class SignInBackend(AuthenticationBackend):
    """Only who is there and may sign in; everybody else gets the answer of an unknown address (B03)."""

    @override
    def get_user(self, user_id: Any) -> User | None:
        user = queries.signed_in(int(user_id))
        return user if user is not None and self.user_can_authenticate(user) else None

    @override
    def user_can_authenticate(self, user: Any) -> bool:
        return bool(user.is_active and user.can_sign_in)

    @classmethod
    @override
    def _stash_user(cls, user: AbstractBaseUser | None) -> AbstractBaseUser | None:
        # allauth would lead who has left to a page of its own, which tells that the password was right.
        return super()._stash_user(None)


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with the address from the directory. Nobody signs up."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is wrong."),
        "too_many_login_attempts": _("Too many attempts. Please wait five minutes and try again."),
        "incorrect_password": _("The password is wrong."),
        "enter_current_password": _("Enter your current password."),
    }

    @override
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    @override
    def pre_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse | None:
        vouched = "sociallogin" in (kwargs.get("signal_kwargs") or {})
        if user.is_active and user.can_sign_in and (vouched or settings.ANLIEGEN.local_sign_in):
            return None
        clear_login(request)
        return self.respond_user_inactive(request, user)

    @override
    def post_login(self, request: HttpRequest, user: Any, **kwargs: Any) -> HttpResponse:
        response = super().post_login(request, user, **kwargs)
        records = get_authentication_records(request, user)
        way = "oidc" if any(r.get("method") == "socialaccount" for r in records) else "password"
        way = "passkey" if any(r.get("passwordless") for r in records) else way
        actions.signed_in(user, way, now=clock.now())
        keep_language(request, response, user)
        return response

    @override
    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            actions.signed_out(request.user, now=clock.now())
        super().logout(request)

    @override
    def reauthenticate(self, user: Any, password: str) -> bool:
        from allauth.core import context

        found = self.authenticate(context.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk

    @override
    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Keep what happened to the account; who is told of it is a matter of `notifications`."""
        what = template_prefix.rpartition("/")[2]
        if what.startswith("password_"):
            actions.password_changed(user, now=clock.now())
            return
        factor, _sep, verb = what.rpartition("_")
        if factor:
            added = verb in ("activated", "added", "generated")
            actions.factor_changed(user, factor, added=added, now=clock.now())

    @override
    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing: the next page shows that it worked; errors stand at their field."""


def keep_language(request: HttpRequest, response: HttpResponse, user: User) -> None:
    """The person's language from now on, unless this browser already chose one."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=request.is_secure(),
            httponly=True,
            samesite="Lax",
        )


def preferences_changed(user: User, *, language: str | None = None, theme: str | None = None) -> None:
    """Keep what a person chose in the page's foot (setting UI_PREFERENCES_HOOK)."""
    chosen = {name: value for name, value in (("language", language), ("theme", theme)) if value}
    actions.set_preferences(user.pk, acting_user=user, now=clock.now(), **chosen)  # type: ignore[arg-type]


def _fernet() -> MultiFernet:
    """Keys made from the secret key and the ones before it, so that it can be changed."""
    secrets = [settings.SECRET_KEY, *getattr(settings, "SECRET_KEY_FALLBACKS", [])]
    return MultiFernet([Fernet(_derived(secret)) for secret in secrets])


def _derived(secret: str) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"anliegen second factors")
    return base64.urlsafe_b64encode(hkdf.derive(secret.encode()))


class FactorAdapter(DefaultMFAAdapter):
    """Second factors: secrets are encrypted at rest; who must have one cannot remove the last."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "cannot_delete_authenticator": _("Your role needs a second factor. Add another one first."),
        "incorrect_code": _("This code is wrong or too old. Enter the newest code."),
    }

    @override
    def encrypt(self, text: str) -> str:
        return _fernet().encrypt(text.encode()).decode()

    @override
    def decrypt(self, encrypted_text: str) -> str:
        return _fernet().decrypt(encrypted_text.encode()).decode()

    @override
    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        user = authenticator.user
        if not isinstance(user, User) or not queries.needs_second_factor(user, clock.now()):
            return True
        strong = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
        others = Authenticator.objects.filter(user=user, type__in=strong).exclude(pk=authenticator.pk)
        return others.exists()

    @override
    def get_totp_label(self, user: AbstractBaseUser) -> str:
        return str(getattr(user, "email", "")) or str(user)


class PersonTimeZone:
    """Dates and times in the signed-in person's own zone."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if isinstance(request.user, User):
            timezone.activate(ZoneInfo(request.user.time_zone))
            if request.method in {"GET", "HEAD"}:
                access.keep(request.user)
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


class SecondFactor:
    """Who has a role that demands a second factor sees nothing but its set-up until there is one.

    Looked up once a day and session; granting such a role ends the sessions that the person had.
    """

    open_to = ("/account/", "/health/", "/static/", "/prefs")

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith(self.open_to) or not isinstance(request.user, User) or self._done(request):
            return self.get_response(request)
        return redirect(reverse("mfa_index"))

    def _done(self, request: HttpRequest) -> bool:
        now = clock.now()
        today = now.date().isoformat()
        if request.session.get(FACTOR_DONE) == today:
            return True
        user = request.user
        strong = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        fine = not queries.needs_second_factor(user, now) or FactorAdapter().is_mfa_enabled(user, strong)  # type: ignore[arg-type]
        if fine:
            request.session[FACTOR_DONE] = today
        return fine
