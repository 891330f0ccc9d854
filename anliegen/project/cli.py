"""The `anliegen` command."""

import os
import sys


def main(argv: list[str] | None = None) -> int:
    """Run one of Django's commands."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anliegen.project.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(["anliegen", *(sys.argv[1:] if argv is None else argv)])
    return 0


if __name__ == "__main__":
    sys.exit(main())
