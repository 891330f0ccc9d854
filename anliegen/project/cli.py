"""The `anliegen` command: one front for what operators and developers do; the rest are Django's own commands."""

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path

from anliegen import __version__
from anliegen.project import config

DJANGO = {
    "check",
    "collectstatic",
    "createcachetable",
    "dbshell",
    "flush",
    "makemigrations",
    "shell",
    "showmigrations",
    "sqlmigrate",
}
type Command = Callable[[argparse.Namespace], int]


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 something is wrong, 2 wrongly called or configured."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anliegen.project.settings")
    try:
        if arguments and arguments[0] in DJANGO:
            return _django(arguments)
        options = _parser().parse_args(arguments)
        return int(options.run(options))
    except config.ConfigError as problem:
        print(f"Anliegen cannot start, a setting is wrong:\n{problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as problem:
        words = _plain_words(problem)
        if not words:
            raise
        print(words, file=sys.stderr)
        return 1


def _plain_words(problem: Exception) -> str:
    """What is the matter with the database, and what to do about it; empty for everything else."""
    from django.db import OperationalError, ProgrammingError

    if not isinstance(problem, OperationalError | ProgrammingError):
        return ""
    first = str(problem).strip().partition("\n")[0]
    if "no such table" in first or ("relation" in first and "does not exist" in first):
        return f"The database is not at this version ({first}). Run `anliegen migrate` first."
    if isinstance(problem, ProgrammingError):
        return ""
    return (
        f"The database cannot be used: {first}\n"
        "Start the database server, or correct ANLIEGEN_DATABASE_URL. `anliegen doctor` looks at everything."
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="anliegen",
        description="Service request management. Settings are ANLIEGEN_* variables: see `anliegen settings`.",
        epilog="Django's commands work too: " + ", ".join(sorted(DJANGO)),
    )
    parser.add_argument("--version", action="version", version=f"Anliegen {__version__}")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _serving(commands)
    _data(commands)
    _care(commands)
    return parser


def _add(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, run: Command, text: str
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=text, description=text)
    parser.set_defaults(run=run)
    return parser


def _serving(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    serve = _add(commands, "serve", _serve, "Start web and worker processes and watch over them until Ctrl-C.")
    serve.add_argument("--demo", action="store_true", help="migrate, and load the demo company if nobody is there yet")
    only = serve.add_mutually_exclusive_group()
    only.add_argument("--web-only", action="store_true")
    only.add_argument("--worker-only", action="store_true")
    _add(commands, "worker", _worker, "Run one worker in this process.")


def _data(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    _add(commands, "migrate", _migrate, "Bring the database to this version.").add_argument("rest", nargs="*")
    demo = _add(commands, "demo", _demo, "The demo company Nordwerk: load it, or remove everything of it.")
    demo.add_argument("what", choices=["load", "wipe"])
    demo.add_argument("--yes", action="store_true", help="wipe without asking")
    demo.add_argument("--small", action="store_true", help="load a handful of requests only")
    library = _add(commands, "library", _library, "Shipped services: check their folders, or publish them.")
    library.add_argument("what", choices=["load", "check"])
    library.add_argument("paths", nargs="*", help="folders; without any, all that are shipped")
    pages = _add(commands, "error-pages", _error_pages, "Write the pages for 500 and 503 as files, for a proxy.")
    pages.add_argument("folder")
    admin = _add(commands, "create-admin", _create_admin, "Make an administrator who can sign in.")
    admin.add_argument("email", nargs="?")
    linked = _add(commands, "link-account", _link_account, "Join an account of the OpenID Connect issuer to a person.")
    linked.add_argument("email", help="the person's address")
    linked.add_argument("subject", help="what the issuer calls them (sub)")


def _care(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    doctor = _add(commands, "doctor", _doctor, "Look at everything that Anliegen needs, and say what to do.")
    doctor.add_argument("--send-mail", metavar="ADDRESS", help="also send a test mail")
    audit = _add(commands, "audit", _audit, "Check the chain of the audit trail.")
    audit.add_argument("what", choices=["verify"])
    audit.add_argument("--head", metavar="NUMBER:HASH", help="a head noted earlier that must be part of the chain")
    search = _add(commands, "search", _search, "The search: build its index anew, or check that it fits.")
    search.add_argument("what", choices=["rebuild", "verify"])
    search.add_argument("kinds", nargs="*", help="rebuild: these kinds only")
    search.add_argument("--sample", type=int, default=1000, help="verify: so many requests (default 1000)")
    _backups(commands)
    _add(commands, "settings", _settings, "Print every setting with its default.")


def _backups(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    backup = _add(commands, "backup", _backup, "Write database and files to one archive, while work goes on.")
    backup.add_argument("what", nargs="?", choices=["make", "verify"], default="make")
    backup.add_argument("archive", nargs="?", help="the archive to verify")
    backup.add_argument("--to", metavar="DIR", help="another folder than ANLIEGEN_BACKUP_DIR")
    restore = _add(commands, "restore", _restore, "Restore an archive; the copy is mute until it is released.")
    restore.add_argument("archive")
    restore.add_argument("--release", action="store_true", help="let it send mail and run jobs at once")
    restore.add_argument("--replace", action="store_true", help="into a database that is not empty; asks first")
    restore.add_argument("--yes", action="store_true", help="replace without asking")
    release = _add(commands, "release", _release, "Let a restored copy work; says first what that sets off.")
    release.add_argument("--yes", action="store_true", help="release without asking")


def _ready(**environment: str) -> None:
    """Load settings and apps. Checks the surroundings first, so that a wrong one is told by name."""
    for name, value in environment.items():
        os.environ.setdefault(name, value)
    config.load()
    import django

    django.setup()


def _django(arguments: list[str]) -> int:
    config.load()
    from django.core.management import execute_from_command_line

    execute_from_command_line(["anliegen", *arguments])
    return 0


def _serve(options: argparse.Namespace) -> int:
    from anliegen.project import serve

    return serve.run(demo=options.demo, web=not options.worker_only, worker=not options.web_only)


def _worker(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="60")
    from anliegen.project import serve

    return serve.work()


def _migrate(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    from anliegen.project import serve

    serve.migrate(*options.rest)
    print("The database is at this version.")
    return 0


def _demo(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    demo = import_module("anliegen.demo.cli")
    return int(demo.load(small=options.small) if options.what == "load" else demo.wipe(options.yes))


def _library(options: argparse.Namespace) -> int:
    _ready()
    library = import_module("anliegen.workflow.cli")
    return int((library.library_load if options.what == "load" else library.library_check)(options.paths))


def _create_admin(options: argparse.Namespace) -> int:
    _ready()
    return int(import_module("anliegen.people.cli").create_admin(options.email))


def _link_account(options: argparse.Namespace) -> int:
    _ready()
    problem = import_module("anliegen.portal.oidc").link_by_hand(options.email, options.subject)
    print(problem or "Linked.", file=sys.stderr if problem else sys.stdout)
    return 1 if problem else 0


def _error_pages(options: argparse.Namespace) -> int:
    _ready()
    from anliegen.project import error_pages

    for page in error_pages.write(Path(options.folder)):
        print(page)
    return 0


def _audit(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    head = ["--head", options.head] if options.head else []
    return int(import_module("anliegen.audit.cli").verify(head))


def _search(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    search = import_module("anliegen.search.cli")
    return int(search.rebuild(options.kinds) if options.what == "rebuild" else search.verify(options.sample))


def _doctor(options: argparse.Namespace) -> int:
    from anliegen.project import doctor

    return doctor.run(_ready, send_mail=options.send_mail)


def _backup(options: argparse.Namespace) -> int:
    if (options.what == "verify") != bool(options.archive):
        print("Either `anliegen backup [--to DIR]` or `anliegen backup verify ARCHIVE`.", file=sys.stderr)
        return 2
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    from anliegen.project.backup import cli

    return cli.verify(options.archive) if options.what == "verify" else cli.backup(options.to)


def _restore(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    from anliegen.project.backup import cli

    return cli.restore(options.archive, replace=options.replace, release=options.release, yes=options.yes)


def _release(options: argparse.Namespace) -> int:
    _ready(ANLIEGEN_DATABASE_TIMEOUT_S="0")
    from anliegen.project.backup import cli

    return cli.release(yes=options.yes)


def _settings(options: argparse.Namespace) -> int:
    for setting in config.SETTINGS:
        must = "  (must be set in production)" if setting.live else ""
        print(f"{config.PREFIX}{setting.name}={setting.default}\n    {setting.help}{must}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
