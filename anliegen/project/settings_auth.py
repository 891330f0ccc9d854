"""How people sign in: django-allauth with mail address and password, authenticator codes and passkeys."""

import os

AUTHENTICATION_BACKENDS = ["anliegen.portal.adapters.SignInBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
UI_PREFERENCES_HOOK = "anliegen.portal.adapters.preferences_changed"

ACCOUNT_ADAPTER = "anliegen.portal.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "anliegen.portal.forms.session.SignInForm",
    "reauthenticate": "anliegen.portal.forms.session.ConfirmForm",
    "change_password": "anliegen.portal.forms.session.ChangePasswordForm",
}
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"  # addresses come from the organisation, nobody registers
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",  # an office shares one address
    "login_failed": "20/m/ip,5/5m/key",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

SOCIALACCOUNT_ADAPTER = "anliegen.portal.oidc.SocialAdapter"
SOCIALACCOUNT_STORE_TOKENS = False
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8

MFA_ADAPTER = "anliegen.portal.adapters.FactorAdapter"
MFA_FORMS = {
    "authenticate": "anliegen.portal.forms.session.CodeForm",
    "reauthenticate": "anliegen.portal.forms.session.ConfirmCodeForm",
    "activate_totp": "anliegen.portal.forms.session.AddAppForm",
    "add_webauthn": "anliegen.portal.forms.session.AddKeyForm",
    "edit_webauthn": "anliegen.portal.forms.session.NameKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"  # a key is a factor of its own only with PIN, finger or face
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = os.environ.get("ANLIEGEN_ENV", "demo") != "production"
MFA_TOTP_ISSUER = "Anliegen"
MFA_RECOVERY_CODE_COUNT = 10
MFA_TOTP_TOLERANCE = 1  # half a minute of clock drift either way
