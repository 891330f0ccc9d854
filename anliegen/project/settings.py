"""Django's settings, made from the checked surroundings in `config`."""

from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.csp import CSP

from anliegen.project import config
from anliegen.project.database import database
from anliegen.project.logs import logging_config
from anliegen.project.settings_auth import *  # noqa: F403

try:
    ANLIEGEN = config.load()
except config.ConfigError as problem:
    raise ImproperlyConfigured(str(problem)) from None

PACKAGE = Path(__file__).resolve().parent.parent
_OURS = (
    "ui", "jobs", "audit", "files", "search", "people", "calendars", "catalogue", "knowledge", "assets", "requests",
    "workflow", "sla", "tracking", "notifications", "portal", "desk", "studio", "demo", "project",
)  # fmt: skip
_PRESENT = [name for name in _OURS if (PACKAGE / name / "apps.py").exists()]

DEBUG = False
SECRET_KEY = ANLIEGEN.secret_key
ALLOWED_HOSTS = list(ANLIEGEN.hosts)
INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    *(f"anliegen.{name}" for name in _PRESENT),
    "allauth",
    "allauth.account",
    "allauth.socialaccount",
    "allauth.mfa",
]
AUTH_USER_MODEL = "people.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": database(ANLIEGEN)}
CACHES = {
    # In the database, so that rate limits hold across processes and restarts.
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "anliegen_cache"},
}

MIDDLEWARE = [
    "anliegen.project.middleware.trust.TrustedProxies",
    "anliegen.project.middleware.trace.RequestId",
    "anliegen.project.middleware.headers.SecurityHeaders",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "anliegen.project.middleware.live.Live",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "anliegen.project.middleware.limits.Limits",
    "django.middleware.common.CommonMiddleware",
    "anliegen.project.middleware.errors.DomainErrors",
    "django.middleware.csrf.CsrfViewMiddleware",
    "anliegen.project.middleware.seen.Seen",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "anliegen.project.middleware.expired.Expired",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anliegen.portal.adapters.PersonTimeZone",
    "anliegen.portal.adapters.SecondFactor",
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
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anliegen.ui.shell.context",
                "anliegen.project.warning.context",
            ]
        },
    }
]

FORM_RENDERER = "anliegen.ui.inputs.Renderer"

LANGUAGE_CODE = ANLIEGEN.default_language
LANGUAGES = [("de", "Deutsch"), ("en", "English")]
LOCALE_PATHS = sorted(str(path) for path in PACKAGE.glob("*/locale"))
LANGUAGE_COOKIE_NAME = "anliegen_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
TIME_ZONE = ANLIEGEN.time_zone
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = config.ROOT / "var" / "static"
NODE_MODULES = config.ROOT / "node_modules"
COMPRESS_STATIC = config.compress_static()
WHITENOISE_ALLOW_ALL_ORIGINS = False
LIBRARY = PACKAGE / "library"
VENDOR_FILES = ["htmx.org/dist/htmx.min.js"]
STATICFILES_FINDERS = [
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
    "anliegen.project.static.VendorFinder",
    "anliegen.project.static.PictureFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # tests run without collected files
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if ANLIEGEN.env == "test"
        else "anliegen.project.static.Storage"
    },
}

MAILERS = {"default": ANLIEGEN.mail_url}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ANLIEGEN.mail_from

DATA_UPLOAD_MAX_MEMORY_SIZE = ANLIEGEN.form_max_bytes
DATA_UPLOAD_MAX_NUMBER_FIELDS = ANLIEGEN.form_max_fields
DATA_UPLOAD_MAX_NUMBER_FILES = ANLIEGEN.upload_max_files
ANLIEGEN_DATA_DIR = ANLIEGEN.data_dir
ANLIEGEN_UPLOAD_MAX_BYTES = ANLIEGEN.upload_max_bytes
ANLIEGEN_UPLOAD_MAX_FILES = ANLIEGEN.upload_max_files
ANLIEGEN_UPLOAD_TYPES = list(ANLIEGEN.upload_types)
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]

SESSION_ENGINE = "anliegen.people.sessions"
SESSION_COOKIE_AGE = int(ANLIEGEN.session_age.total_seconds())
SESSION_COOKIE_NAME = "__Host-session" if ANLIEGEN.secure else "anliegen_session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ANLIEGEN.secure
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_NAME = "__Host-csrf" if ANLIEGEN.secure else "anliegen_csrf"
CSRF_FAILURE_VIEW = "anliegen.project.errors.csrf_failure"
CSRF_TRUSTED_ORIGINS = [ANLIEGEN.base_url]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_SSL_REDIRECT = ANLIEGEN.production
SECURE_REDIRECT_EXEMPT = [r"^health/"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # `TrustedProxies` removes it from everybody else
USE_X_FORWARDED_HOST = True  # likewise
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if ANLIEGEN.production else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False  # other services may live beside this one
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CSP = {
    "default-src": [CSP.SELF],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],  # small pictures inside the style sheet
    "object-src": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
}

PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    *(["django.contrib.auth.hashers.MD5PasswordHasher"] if ANLIEGEN.env == "test" else []),
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
UI_NAME = ANLIEGEN.name
UI_SHELL = "anliegen.portal.shell.build"
UI_PHONE = ANLIEGEN.phone
UI_HOURS = {"de": ANLIEGEN.hours_de, "en": ANLIEGEN.hours_en}

LOGGING_CONFIG = None
logging_config(ANLIEGEN)
TEST_RUNNER = "django.test.runner.DiscoverRunner"
SILENCED_SYSTEM_CHECKS: list[str] = []
