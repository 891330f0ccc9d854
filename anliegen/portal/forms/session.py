"""Forms of the way in, in our words."""

from typing import Any

from allauth.account import forms as account
from allauth.mfa.base import forms as factors
from allauth.mfa.totp import forms as totp
from allauth.mfa.webauthn import forms as keys
from django import forms
from django.utils.translation import gettext_lazy as _


class SignInForm(account.LoginForm):
    """Address and password; pasting and password managers are welcome (WCAG 3.3.8)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        login, password = self.fields["login"], self.fields["password"]
        login.label = _("E-mail address")
        login.widget = forms.EmailInput({"autocomplete": "username", "maxlength": 254})
        password.label = _("Password")
        password.help_text = ""
        password.widget.attrs.pop("placeholder", None)
        password.max_length = 1000  # hashing a longer one would only cost time
        password.widget.attrs["maxlength"] = 1000


class ConfirmForm(account.ReauthenticateForm):
    """The password once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].label = _("Password")
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)


class ChangePasswordForm(account.ChangePasswordForm):
    """The old password, and the new one twice."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        labels = {
            "oldpassword": _("Current password"),
            "password1": _("New password"),
            "password2": _("New password again"),
        }
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["password1"].help_text = _("At least 12 characters. A short sentence is best.")


_CODE = {"autocomplete": "one-time-code", "inputmode": "numeric", "maxlength": 20}


class CodeForm(factors.AuthenticateForm):
    """A code from the app, or a recovery code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("Six digits from your app, or one of your recovery codes.")
        self.fields["code"].widget = forms.TextInput({**_CODE, "inputmode": "text", "autofocus": True})


class ConfirmCodeForm(factors.ReauthenticateForm):
    """A code once more, before something that matters."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("Six digits from your app, or one of your recovery codes.")
        self.fields["code"].widget = forms.TextInput({**_CODE, "inputmode": "text"})


class AddAppForm(totp.ActivateTOTPForm):
    """The first code of a new app proves that it works."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("Code")
        self.fields["code"].help_text = _("Six digits that your app shows now.")
        self.fields["code"].widget = forms.TextInput(_CODE)


class AddKeyForm(keys.AddWebAuthnForm):
    """A passkey or a security key, with a name of one's own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")
        self.fields["passwordless"].label = _("Sign in with this key alone")
        self.fields["passwordless"].help_text = _("The key then asks for your fingerprint, your face or a PIN.")
        self.fields["passwordless"].initial = True


class NameKeyForm(keys.EditWebAuthnForm):
    """Another name for a key."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = _("Name of the key")


class StepIntoForm(forms.Form):
    """Which person of the demo."""

    person = forms.CharField(max_length=22)
