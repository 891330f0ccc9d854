"""`anliegen doctor`: what Anliegen needs, whether it is there, and what to do if not."""

import os
import shutil
import smtplib
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from anliegen.project import config

LONGEST_CLOCK_DIFFERENCE_S = 5
LONGEST_WITHOUT_BACKUP = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `advice` says what to do, and is empty when all is well."""

    subject: str
    found: str
    advice: str = ""


def run(ready: Callable[[], None], *, send_mail: str | None = None) -> int:
    """Print every finding; 0 when nothing needs doing."""
    findings = list(_findings(ready, send_mail))
    for finding in findings:
        print(f"{'do  ' if finding.advice else 'ok  '} {finding.subject}: {finding.found}")
        if finding.advice:
            print(f"       -> {finding.advice}")
    return 1 if any(finding.advice for finding in findings) else 0


def _findings(ready: Callable[[], None], send_mail: str | None) -> Iterator[Finding]:
    try:
        settings = config.load()
    except config.ConfigError as error:
        yield from (Finding("settings", problem, "Correct this variable.") for problem in error.problems)
        return
    yield Finding("settings", f"ANLIEGEN_ENV={settings.env}, {settings.base_url}")
    yield from _python()
    yield from _folder(settings)
    ready()
    yield from _database()
    yield _backup(settings)
    yield from _mail(settings, send_mail)
    yield from _issuer(settings)


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    yield Finding("python", version, "" if sys.version_info >= (3, 12) else "Use Python 3.12 or newer.")


def _folder(settings: config.Config) -> Iterator[Finding]:
    folder = settings.data_dir
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as trial:
            trial.write(b"anliegen")
            os.fsync(trial.fileno())
    except OSError as problem:
        advice = f"Let the user that runs Anliegen write there: chown -R USER {folder}"
        yield Finding("data folder", f"{folder} cannot be written ({problem.strerror})", advice)
        return
    free = shutil.disk_usage(folder).free // 1_000_000
    yield Finding("data folder", f"{folder}, {free} MB free", "" if free > 500 else "Make room on this disk.")


def _database() -> Iterator[Finding]:
    from django.conf import settings
    from django.db import DatabaseError, connection

    from anliegen.project import health

    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT CURRENT_TIMESTAMP")
            row = cursor.fetchone()
    except DatabaseError as problem:
        advice = "Start the database server, or correct ANLIEGEN_DATABASE_URL."
        yield Finding("database", str(problem).strip().splitlines()[0], advice)
        return
    yield Finding("database", f"{connection.vendor} answers")
    yield _clock(row[0] if row else None)
    missing = health.pending_migrations()
    yield Finding("migrations", f"{len(missing)} missing", "Run `anliegen migrate`." if missing else "")
    if not missing:
        yield from _mute()
        yield from _jobs(settings.ANLIEGEN.worker_lag_s)


def _mute() -> Iterator[Finding]:
    from anliegen.jobs import queries

    if mute := queries.mute():
        found = f"restored from {mute.origin}: sends no mail, runs no job"
        yield Finding("restored copy", found, "Let it work when it may: `anliegen release`.")


def _backup(settings: config.Config) -> Finding:
    """A duty in production only: nobody backs up a demo."""
    from anliegen.project.backup import making

    last = making.last()
    old = last is None or datetime.now(UTC) - last.at > LONGEST_WITHOUT_BACKUP
    found = f"last one {last.at:%Y-%m-%d %H:%M} UTC, {last.path}" if last else "there is none"
    return Finding("backup", found, "Run `anliegen backup` every night." if old and settings.production else "")


def _clock(moment: datetime | str | None) -> Finding:
    """Compare this machine's clock with the database's: leases and sessions hang on both."""
    there = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
    if there is None:
        return Finding("clock", "the database tells no time", "Check the database.")
    there = there if there.tzinfo else there.replace(tzinfo=UTC)
    difference = abs((datetime.now(UTC) - there).total_seconds())
    advice = "" if difference <= LONGEST_CLOCK_DIFFERENCE_S else "Set both clocks by NTP: timedatectl set-ntp true"
    return Finding("clock", f"{difference:.0f} s beside the database's", advice)


def _jobs(longest_s: int) -> Iterator[Finding]:
    from anliegen.jobs import queries

    report = queries.report()
    age = report["oldest_due_age_s"] or 0
    advice = f"Is a worker running? `anliegen serve` or `anliegen worker` (late after {longest_s} s)."
    found = f"{report['due']} due, oldest waits {age:.0f} s, {len(report['workers'])} workers seen"
    yield Finding("jobs", found, advice if age > longest_s else "")
    if report["dead"]:
        yield Finding("dead jobs", str(report["dead"]), "Look at them and start them again: docs/admin/trouble.md.")


def _mail(settings: config.Config, send_to: str | None) -> Iterator[Finding]:
    options = settings.mail_url.get("OPTIONS")
    if not options:
        advice = "Set ANLIEGEN_MAIL_URL." if settings.production else ""
        yield Finding("mail", "nothing is sent (ANLIEGEN_MAIL_URL is not an SMTP server)", advice)
        return
    kind = smtplib.SMTP_SSL if options["use_ssl"] else smtplib.SMTP
    try:
        with kind(options["host"], options["port"], timeout=10) as server:
            if options["use_tls"]:
                server.starttls()
            if options["username"]:
                server.login(options["username"], options["password"])
    except (OSError, smtplib.SMTPException) as problem:
        advice = "Correct ANLIEGEN_MAIL_URL, or let this machine reach the mail server."
        yield Finding("mail", f"{options['host']}:{options['port']} refused: {problem}", advice)
        return
    yield Finding("mail", f"{options['host']}:{options['port']} takes our sign-in")
    if send_to:
        yield _test_mail(settings, send_to)


def _issuer(settings: config.Config) -> Iterator[Finding]:
    """Whether the provider of sign-ins answers, and calls itself as the settings do."""
    import requests

    if not settings.oidc_issuer:
        return
    advice = "Correct ANLIEGEN_OIDC_ISSUER, or let this machine reach it: docs/admin/sign-in.md."
    try:
        answer = requests.get(f"{settings.oidc_issuer.rstrip('/')}/.well-known/openid-configuration", timeout=10)
        answer.raise_for_status()
        found = str(answer.json().get("issuer", ""))
    except (requests.RequestException, ValueError, AttributeError) as problem:
        yield Finding("sign-in", f"{settings.oidc_issuer} does not answer: {problem}", advice)
        return
    if found != settings.oidc_issuer:
        yield Finding("sign-in", f"the issuer calls itself {found!r}", f"Set ANLIEGEN_OIDC_ISSUER={found}.")
        return
    yield Finding("sign-in", f"{settings.oidc_issuer} answers")


def _test_mail(settings: config.Config, address: str) -> Finding:
    from django.core.mail import EmailMessage

    EmailMessage("Anliegen: test", "This mail was sent by `anliegen doctor`.", settings.mail_from, [address]).send()
    return Finding("test mail", f"sent to {address}: look whether it arrived")
