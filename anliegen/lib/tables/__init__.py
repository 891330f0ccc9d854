"""Decision tables: rules as rows, in the way of DMN, with cells in CEL.

A *table* has inputs (CEL expressions), outputs and *rows*; a cell is a *unary test* (what the row asks of its input);
the *hit policy* says what counts when several rows match. `check` finds what is wrong before a release is published,
`decide` gives a *decision*: the rows that count and their outputs. See docs/dev/decision-tables.md.
"""

from anliegen.lib.tables.cells import CellError
from anliegen.lib.tables.checking import check, constants
from anliegen.lib.tables.deciding import Decision, Ready, decide, prepare
from anliegen.lib.tables.model import (
    HitPolicy,
    Output,
    Problem,
    Row,
    Table,
    TableRefused,
    from_json,
    output_types,
    parse_csv,
    to_csv,
    type_of,
)
from anliegen.lib.tables.words import say

__all__ = [
    "CellError",
    "Decision",
    "HitPolicy",
    "Output",
    "Problem",
    "Ready",
    "Row",
    "Table",
    "TableRefused",
    "check",
    "constants",
    "decide",
    "from_json",
    "output_types",
    "parse_csv",
    "prepare",
    "say",
    "to_csv",
    "type_of",
]
