"""`anliegen audit verify`: checks the chain and prints what it found."""

import argparse
import sys
from collections.abc import Sequence

from anliegen.audit import queries
from anliegen.audit.rules import Report

_MEANING = {
    "changed": "this row, or the order of the rows, was changed after it was sealed",
    "missing": "this row was deleted, or numbers were exchanged",
    "detail_changed": "the detail of this row was changed",
    "tail_missing": "rows from here to the end were deleted",
    "head_differs": "the chain was made anew or goes on behind its head",
}


def verify(arguments: Sequence[str] = ()) -> int:
    """Check the audit trail; 0 if it is whole, 1 if not, 2 if a noted head cannot be read."""
    parser = argparse.ArgumentParser(prog="anliegen audit verify", description="Check the chain of the audit trail.")
    parser.add_argument("--head", default="", help='a head noted earlier, "count:hash", which the chain must contain')
    options = parser.parse_args(list(arguments))
    try:
        report = queries.verify(options.head)
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    sys.stdout.write(describe(report))
    return 0 if report.ok else 1


def describe(report: Report) -> str:
    """The report in plain sentences."""
    lines = [
        f"Sealed rows that fit: {report.sealed} (detail erased: {report.erased})",
        f"Not sealed yet: {report.unsealed}",
        f"Head: {report.head}",
    ]
    if report.broken:
        lines.append(f"BROKEN at row {report.broken.number}: {_MEANING[report.broken.code]}.")
    else:
        lines.append("The audit trail is whole. Note the head outside this system, and hand it to --head next time.")
    return "\n".join(lines) + "\n"
