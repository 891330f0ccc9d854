"""Reads that combine record, workflow and service level for one viewer; a constant number of statements each."""

from anliegen.tracking.queries.again import lately_requested, open_like
from anliegen.tracking.queries.finding import Finds, discover, item_keys
from anliegen.tracking.queries.fits import Fits, fits
from anliegen.tracking.queries.lines import Pulse, lines, my_open, pulse, waiting_for_me
from anliegen.tracking.queries.mine import find, has_team
from anliegen.tracking.queries.preview import agreed, preview
from anliegen.tracking.queries.ranking import Popular, popular
from anliegen.tracking.queries.receipt import has_receipt, receipt
from anliegen.tracking.queries.story import story
from anliegen.tracking.queries.tasks import desk_counts, task_rows
from anliegen.tracking.queries.usual import usual

__all__ = [
    "Finds",
    "Fits",
    "Popular",
    "Pulse",
    "agreed",
    "desk_counts",
    "discover",
    "find",
    "fits",
    "has_receipt",
    "has_team",
    "item_keys",
    "lately_requested",
    "lines",
    "my_open",
    "open_like",
    "popular",
    "preview",
    "pulse",
    "receipt",
    "story",
    "task_rows",
    "usual",
    "waiting_for_me",
]
