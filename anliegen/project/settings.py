"""Django's settings."""

from pathlib import Path

import environ

from anliegen.project import config

PACKAGE = Path(__file__).resolve().parent.parent
_OURS = (
    "ui", "jobs", "audit", "files", "people", "calendars", "catalogue", "assets", "requests", "workflow",
    "sla", "tracking", "notifications", "portal", "desk", "demo",
)

SECRET_KEY = "only-for-the-demo"
DEBUG = False
ALLOWED_HOSTS = ["*"]
PEOPLE = (PACKAGE / "people" / "models.py").exists() or (PACKAGE / "people" / "models" / "__init__.py").exists()
INSTALLED_APPS = [
    "django.contrib.contenttypes", "django.contrib.auth", "django.contrib.sessions", "django.contrib.messages",
    "django.contrib.staticfiles", "django_htmx", "allauth", "allauth.account", "allauth.mfa",
    *(f"anliegen.{name}" for name in _OURS if (PACKAGE / name / "apps.py").exists() and (PEOPLE or name != "people")),
]
AUTH_USER_MODEL = "people.User" if PEOPLE else "auth.User"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]
ROOT_URLCONF = "anliegen.project.urls"
WSGI_APPLICATION = "anliegen.project.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DATABASES = {"default": environ.Env.db_url_config(config.DATABASE_URL)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
LANGUAGE_CODE = "de"
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = sorted(str(p) for p in PACKAGE.glob("*/locale"))
TIME_ZONE = "Europe/Berlin"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = config.ROOT / "var" / "static"
NODE_MODULES = config.ROOT / "node_modules"
COMPRESS_STATIC = False
VENDOR_FILES = ["htmx.org/dist/htmx.min.js"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "anliegen.project.static.VendorFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "anliegen.project.static.Storage"},
}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
