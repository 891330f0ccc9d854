"""Every ANLIEGEN_* variable: its meaning, its default, and what is wrong with a value, by name.

`load()` is called once, by the settings. A value may also stand in a file: ANLIEGEN_SECRET_KEY_FILE names the file
that holds ANLIEGEN_SECRET_KEY (for secrets mounted by the system). `anliegen settings` prints this table.
"""

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from pathlib import Path
from typing import Any

from anliegen.project import parse

ROOT = Path(__file__).resolve().parent.parent.parent
PREFIX = "ANLIEGEN_"
# Read by the tools and tests around the product, not by the product.
TOOL_NAMES = frozenset(
    {"PYTHON", "UV", "OFFLINE", "PRIVATE_NODE", "CHROMIUM", "COMPRESS_STATIC", "TEST_POSTGRES_URL", "TEST_PG"}
)


class ConfigError(Exception):
    """What is wrong, one line for each variable: "ANLIEGEN_PORT: ..."."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Setting:
    """One variable. `default` is the text as it would stand in the environment; `live` must be given in production."""

    name: str
    default: str
    parse: Callable[[str], Any]
    help: str
    live: bool = False


SETTINGS = (
    Setting("ENV", "demo", parse.one_of("demo", "production", "test"), "demo (persons to step into), production, test"),
    Setting("SECRET_KEY", "", parse.text, "signs sessions; 50 characters or more; in demo made and kept", live=True),
    Setting(
        "DATABASE_URL", "", parse.text, "sqlite:///path or postgres://user:password@host:5432/name; SQLite in DATA_DIR"
    ),
    Setting("DATABASE_TIMEOUT_S", "9", parse.whole(0, 86_400), "longest statement on PostgreSQL, seconds; 0: no limit"),
    Setting("DATA_DIR", str(ROOT / "var"), parse.folder, "uploaded files, the SQLite database, the demo's secret key"),
    Setting("BACKUP_DIR", "", parse.text, "where `anliegen backup` writes archives; DATA_DIR/backups"),
    Setting("BACKUP_KEEP", "14", parse.whole(1, 1000), "how many archives are kept there; older ones are deleted"),
    Setting("HOST", "127.0.0.1", parse.text, "address to listen on; 0.0.0.0 for every one"),
    Setting("PORT", "8000", parse.whole(1, 65535), "port to listen on"),
    Setting("HOSTS", "localhost,127.0.0.1,[::1]", parse.words, "host names that are answered, with commas", live=True),
    Setting("BASE_URL", "", parse.base_url, "address in mails, such as https://anliegen.example.org", live=True),
    Setting("TRUSTED_PROXIES", "", parse.networks, "addresses or networks whose X-Forwarded-* headers count"),
    Setting("HOME_NETWORKS", "", parse.networks, "your own networks: people see which of their devices are outside"),
    Setting(
        "MAIL_URL", "none:", parse.mail_url, "smtp://, smtp+tls:// or smtp+ssl://user:password@host:port", live=True
    ),
    Setting("MAIL_FROM", "Anliegen <anliegen@localhost>", parse.mail_address, "sender of all mail", live=True),
    Setting("MAIL_REPLY_TO", "anliegen@localhost", parse.mail_address, "where answers go, read by people", live=True),
    Setting("DIGEST_HOUR", "7", parse.whole(0, 23), "hour of the one mail a day, for those who want that"),
    Setting("LOG_LEVEL", "info", parse.one_of("debug", "info", "warning", "error"), "least level that is written"),
    Setting("LOG_FORMAT", "", parse.one_of("", "text", "json"), "text or json; json in production"),
    Setting("FORM_MAX_BYTES", "2500000", parse.whole(10_000, 100_000_000), "largest form without its files, bytes"),
    Setting("FORM_MAX_FIELDS", "1000", parse.whole(50, 100_000), "most fields in one form"),
    Setting("UPLOAD_MAX_BYTES", "20000000", parse.whole(1000, 2_000_000_000), "largest file, bytes"),
    Setting("UPLOAD_MAX_FILES", "10", parse.whole(1, 100), "most files in one form"),
    Setting(
        "UPLOAD_TYPES", "", parse.words, "file name endings that are taken, with commas; empty: all that are known"
    ),
    Setting("DEFAULT_LANGUAGE", "de", parse.one_of("de", "en"), "where neither person nor browser says"),
    Setting("TIME_ZONE", "Europe/Berlin", parse.time_zone, "for shown times and business hours"),
    Setting("SESSION_DAYS", "14", parse.whole(1, 90), "days until somebody must sign in again"),
    Setting("LOCAL_SIGN_IN", "on", parse.switch, "on or off: with address and password, or passkey"),
    Setting("OIDC_ISSUER", "", parse.issuer, "sign in by OpenID Connect at this issuer, exactly as it names itself"),
    Setting("OIDC_CLIENT_ID", "", parse.text, "what the issuer calls this installation"),
    Setting("OIDC_CLIENT_SECRET", "", parse.text, "secret that the issuer gave for it; empty: a public client"),
    Setting("OIDC_NAME", "Firmenkonto", parse.text, "what people call that account, on the sign-in page"),
    Setting("OIDC_SCOPES", "openid", parse.words, "what is asked for, with commas: openid, profile, email"),
    Setting(
        "OIDC_LINK_BY",
        "",
        parse.one_of("", "email", "personnel_number"),
        "email or personnel_number joins accounts to people; empty: nothing does",
    ),
    Setting("OIDC_LINK_CLAIM", "", parse.text, "the claim that holds it; email, or personnel_number"),
    Setting("WEB_WORKERS", "2", parse.whole(1, 64), "web processes"),
    Setting("WEB_THREADS", "8", parse.whole(1, 128), "threads in each web process"),
    Setting("WORKERS", "1", parse.whole(0, 64), "worker processes started by `anliegen serve`"),
    Setting("WORKER_LAG_S", "120", parse.whole(10, 86_400), "age of the oldest due job that counts as late, seconds"),
    Setting("NAME", "Nordwerk Service", parse.text, "the portal's name, in the top bar and in mails", live=True),
    Setting("PHONE", "0431 1234-500", parse.text, "telephone of the service desk, on every page", live=True),
    Setting("HOURS_DE", "Mo–Fr 7–18 Uhr", parse.text, "when the service desk is there, in German"),
    Setting("EASY_LANGUAGE_URL", "", parse.link, "page about this service in easy language, linked on every page"),
    Setting("SIGN_LANGUAGE_URL", "", parse.link, "video about this service in sign language, linked on every page"),
    Setting("ENFORCEMENT_BODY", "", parse.text, "who helps when a barrier stays: name and address, in the statement"),
    Setting("HOURS_EN", "Mon–Fri 7:00–18:00", parse.text, "the same in English"),
)


@dataclass(frozen=True, slots=True)
class Config:
    """The checked values; the same names in lower case."""

    env: str
    secret_key: str
    database_url: str
    database_timeout_s: int
    data_dir: Path
    backup_dir: Path
    backup_keep: int
    host: str
    port: int
    hosts: tuple[str, ...]
    base_url: str
    trusted_proxies: tuple[parse.Network, ...]
    home_networks: tuple[parse.Network, ...]
    mail_url: dict[str, Any]
    mail_from: str
    mail_reply_to: str
    digest_hour: int
    log_level: str
    log_format: str
    form_max_bytes: int
    form_max_fields: int
    upload_max_bytes: int
    upload_max_files: int
    upload_types: tuple[str, ...]
    default_language: str
    time_zone: str
    session_days: int
    local_sign_in: bool
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    oidc_scopes: tuple[str, ...]
    oidc_link_by: str
    oidc_link_claim: str
    web_workers: int
    web_threads: int
    workers: int
    worker_lag_s: int
    name: str
    phone: str
    hours_de: str
    hours_en: str
    easy_language_url: str
    sign_language_url: str
    enforcement_body: str

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def demo(self) -> bool:
        return self.env == "demo"

    @property
    def secure(self) -> bool:
        """Whether people reach the product by https, so that cookies may be bound to it."""
        return self.base_url.startswith("https://")

    @property
    def session_age(self) -> timedelta:
        return timedelta(days=self.session_days)


def compress_static() -> bool:
    """Whether `collectstatic` also writes compressed files: costs seconds, for releases."""
    return os.environ.get("ANLIEGEN_COMPRESS_STATIC") == "1"


def load(environ: Mapping[str, str] | None = None) -> Config:
    """The configuration of this process. Raises ConfigError that lists every problem at once."""
    given = os.environ if environ is None else environ
    problems = _unknown(given)
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        try:
            values[setting.name.lower()] = setting.parse(_raw(setting, given))
        except ValueError as problem:
            problems.append(f"{PREFIX}{setting.name}: {problem}.")
    if "env" in values:
        problems += _missing(values["env"], given)
    if problems:
        raise ConfigError(problems)
    _complete(values)
    if problems := _contradictions(values):
        raise ConfigError(problems)
    return Config(**{field.name: values[field.name] for field in fields(Config)})


def _raw(setting: Setting, given: Mapping[str, str]) -> str:
    if file := given.get(f"{PREFIX}{setting.name}_FILE"):
        try:
            return Path(file).read_text(encoding="utf-8").strip()
        except OSError as problem:
            raise ValueError(f"the file {file} cannot be read ({problem.strerror})") from problem
    return given.get(PREFIX + setting.name, "").strip() or setting.default


def _unknown(given: Mapping[str, str]) -> list[str]:
    known = {PREFIX + s.name for s in SETTINGS} | {PREFIX + n for n in TOOL_NAMES}
    known |= {PREFIX + s.name + "_FILE" for s in SETTINGS}
    problems = []
    for name in sorted(n for n in given if n.startswith(PREFIX) and n not in known):
        near = difflib.get_close_matches(name, known, 1)
        problems.append(f"{name}: there is no such setting{f'; did you mean {near[0]}?' if near else '.'}")
    return problems


def _missing(env: str, given: Mapping[str, str]) -> list[str]:
    if env != "production":
        return []
    absent = [s for s in SETTINGS if s.live and not (given.get(PREFIX + s.name) or given.get(f"{PREFIX}{s.name}_FILE"))]
    return [f"{PREFIX}{s.name}: must be set when ANLIEGEN_ENV=production ({s.help})." for s in absent]


def _complete(values: dict[str, Any]) -> None:
    """Fill in the defaults that depend on other settings."""
    env, data_dir = values["env"], values["data_dir"]
    if not values["database_url"]:
        values["database_url"] = "sqlite:///:memory:" if env == "test" else f"sqlite:///{data_dir / 'anliegen.sqlite3'}"
    values["backup_dir"] = Path(values["backup_dir"] or data_dir / "backups")
    values["base_url"] = values["base_url"] or f"http://127.0.0.1:{values['port']}"
    values["oidc_link_claim"] = values["oidc_link_claim"] or values["oidc_link_by"]
    values["log_format"] = values["log_format"] or ("json" if env == "production" else "text")
    if not values["secret_key"]:
        values["secret_key"] = "test-" * 12 if env == "test" else _kept_secret(data_dir)
    own = parse.host_of(values["base_url"])
    values["hosts"] = tuple(dict.fromkeys((*values["hosts"], own, *(("testserver",) if env == "test" else ()))))


def _kept_secret(data_dir: Path) -> str:
    try:
        return parse.kept_secret(data_dir / "secret.key")
    except OSError as problem:
        words = f"ANLIEGEN_DATA_DIR: {data_dir} cannot be written ({problem.strerror}); let this user write there."
        raise ConfigError([words]) from None


def _contradictions(values: dict[str, Any]) -> list[str]:
    problems = []
    if len(values["secret_key"]) < 50:
        problems.append("ANLIEGEN_SECRET_KEY: has fewer than 50 characters; make one with `openssl rand -base64 48`.")
    if not values["database_url"].startswith(("sqlite:", "postgres:", "postgresql:")):
        problems.append("ANLIEGEN_DATABASE_URL: must begin with sqlite:/// or postgres://.")
    problems += _sign_in(values)
    if values["env"] == "production":
        if not values["base_url"].startswith("https://"):
            problems.append("ANLIEGEN_BASE_URL: must begin with https:// when ANLIEGEN_ENV=production.")
        if "*" in values["hosts"]:
            problems.append("ANLIEGEN_HOSTS: name the hosts; * would let links carry foreign names.")
    return problems


def _sign_in(values: dict[str, Any]) -> list[str]:
    issuer, problems = values["oidc_issuer"], []
    if not issuer and not values["local_sign_in"]:
        problems.append("ANLIEGEN_LOCAL_SIGN_IN: nobody could sign in; set ANLIEGEN_OIDC_ISSUER too, or use on.")
    if issuer and not values["oidc_client_id"]:
        problems.append("ANLIEGEN_OIDC_CLIENT_ID: must be set together with ANLIEGEN_OIDC_ISSUER.")
    if issuer and "openid" not in values["oidc_scopes"]:
        problems.append("ANLIEGEN_OIDC_SCOPES: must contain openid.")
    if issuer and values["env"] == "production" and not issuer.startswith("https://"):
        problems.append("ANLIEGEN_OIDC_ISSUER: must begin with https:// when ANLIEGEN_ENV=production.")
    return problems
