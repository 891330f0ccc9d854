"""The way in and out. Only what is meant to be used is registered: nobody signs up, addresses are not managed here."""

from allauth.account import views as account
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as keys
from django.urls import URLPattern, path

from anliegen.portal import adapters
from anliegen.portal.views import session

urlpatterns: list[URLPattern] = [
    path("account/sign-in", session.sign_in, name="account_login"),
    path("account/oidc", session.oidc_start, name="oidc-start"),
    path("account/oidc/back", session.oidc_back, name="oidc-callback"),
    path("account/session", session.state, name="session-state"),
    path("account/kept", session.kept, name="kept-form"),
    path("account/sign-out", session.sign_out, name="account_logout"),
    path("account/confirm", session.confirm, name="account_reauthenticate"),
    path("account/password", session.change_password, name="account_change_password"),
    path("account/password/set", account.password_set, name="account_set_password"),
    path("account/inactive", account.account_inactive, name="account_inactive"),
    path("account/factors", factors.index, name="mfa_index"),
    path("account/factors/enter", factors.authenticate, name="mfa_authenticate"),
    path("account/factors/confirm", factors.reauthenticate, name="mfa_reauthenticate"),
    path("account/factors/app", totp.activate_totp, name="mfa_activate_totp"),
    path("account/factors/app/remove", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("account/factors/codes", codes.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("account/factors/codes/new", codes.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("account/factors/codes/download", codes.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("account/factors/keys", keys.list_webauthn, name="mfa_list_webauthn"),
    path("account/factors/keys/add", keys.add_webauthn, name="mfa_add_webauthn"),
    path("account/factors/keys/confirm", keys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("account/factors/keys/sign-in", keys.login_webauthn, name="mfa_login_webauthn"),
    path("account/factors/keys/<int:pk>/name", keys.edit_webauthn, name="mfa_edit_webauthn"),
    path("account/factors/keys/<int:pk>/remove", keys.remove_webauthn, name="mfa_remove_webauthn"),
]
if adapters.demo_is_open():
    urlpatterns.append(path("demo/persons", session.persons, name="demo-persons"))
