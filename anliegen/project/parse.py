"""From the text of a setting to its value; each raises ValueError with a sentence that says what would be right."""

import os
import secrets
import zoneinfo
from collections.abc import Callable
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

type Network = IPv4Network | IPv6Network


def text(raw: str) -> str:
    return raw


def words(raw: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in raw.split(",") if word.strip())


def one_of(*allowed: str) -> Callable[[str], str]:
    def check(raw: str) -> str:
        if raw.lower() not in allowed:
            raise ValueError(f"{raw!r} is not possible; use {', '.join(word for word in allowed if word)}")
        return raw.lower()

    return check


def switch(raw: str) -> bool:
    if raw.lower() not in ("on", "off"):
        raise ValueError(f"{raw!r} is not possible; use on or off")
    return raw.lower() == "on"


def whole(least: int, most: int) -> Callable[[str], int]:
    def check(raw: str) -> int:
        if not raw.isascii() or not raw.isdigit() or not least <= int(raw) <= most:
            raise ValueError(f"{raw!r} is not a whole number between {least} and {most}")
        return int(raw)

    return check


def folder(raw: str) -> Path:
    path = Path(raw).expanduser()
    if path.exists() and not path.is_dir():
        raise ValueError(f"{raw} is not a folder")
    return path.absolute()


def time_zone(raw: str) -> str:
    try:
        zoneinfo.ZoneInfo(raw)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as problem:
        raise ValueError(f"{raw!r} is not a time zone; use a name such as Europe/Berlin") from problem
    return raw


def base_url(raw: str) -> str:
    parts = urlsplit(raw)
    if raw and (parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/") or parts.query):
        raise ValueError(f"{raw!r} is not an address such as https://anliegen.example.org, without a path")
    return raw.rstrip("/")


def issuer(raw: str) -> str:
    parts = urlsplit(raw)
    if raw and (parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment):
        raise ValueError(f"{raw!r} is not an issuer such as https://sign-in.example.org/realms/work")
    return raw


def link(raw: str) -> str:
    if raw and not (raw.startswith("https://") or (raw.startswith("/") and not raw.startswith("//"))):
        raise ValueError(f"{raw!r} is not an address such as https://example.org/easy or /easy")
    return raw


def host_of(url: str) -> str:
    return urlsplit(url).hostname or "localhost"


def networks(raw: str) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(word, strict=False) for word in words(raw))
    except ValueError as problem:
        raise ValueError(f"{problem}; use addresses or networks such as 10.0.0.0/8") from problem


def mail_address(raw: str) -> str:
    address = parseaddr(raw)[1]
    if address.count("@") != 1 or any(ord(c) < 32 for c in raw):
        raise ValueError(f"{raw!r} is not a mail address such as Anliegen <anliegen@example.org>")
    return raw


def mail_url(raw: str) -> dict[str, Any]:
    """Django's mailer: backend and options. Passwords with special characters are percent-encoded in the address."""
    parts = urlsplit(raw)
    backends = {"none": "dummy", "console": "console", "memory": "locmem"}
    if parts.scheme in backends:
        return {"BACKEND": f"django.core.mail.backends.{backends[parts.scheme]}.EmailBackend"}
    if parts.scheme not in ("smtp", "smtp+tls", "smtp+ssl") or not parts.hostname:
        raise ValueError("use smtp://, smtp+tls:// or smtp+ssl://user:password@host:port, or none:")
    options = {
        "host": parts.hostname,
        "port": parts.port or {"smtp": 25, "smtp+tls": 587, "smtp+ssl": 465}[parts.scheme],
        "username": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "use_tls": parts.scheme == "smtp+tls",
        "use_ssl": parts.scheme == "smtp+ssl",
        "timeout": 10,
    }
    return {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": options}


def kept_secret(file: Path) -> str:
    """The secret in that file; made on first use, so that sessions of a demo survive its restart, and a power cut."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh = file.with_name(f".{file.name}.{os.getpid()}")
        with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="ascii") as target:
            target.write(secrets.token_urlsafe(48))
            target.flush()
            os.fsync(target.fileno())
        try:
            os.link(fresh, file)  # whoever is first wins; a second process reads the same secret
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
        _force_to_disk(file.parent)
    return file.read_text(encoding="ascii").strip()


def _force_to_disk(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
