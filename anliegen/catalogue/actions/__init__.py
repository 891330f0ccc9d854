"""Writes of the catalogue: definitions by editors and the library, drafts by everybody."""

from anliegen.catalogue.actions.cart import (
    duplicate_line,
    hold_for_job,
    keep_for,
    lines_to_send,
    put_bundle,
    remove_line,
    restore_line,
    set_recipients,
)
from anliegen.catalogue.actions.definition import (
    add_category,
    create_version,
    retire,
    save_bundle,
    save_category,
    save_policy,
)
from anliegen.catalogue.actions.drafts import (
    DraftContent,
    discard_draft,
    forget_draft,
    keep_draft,
    save_draft,
    spend_draft,
)
from anliegen.catalogue.actions.shelf import await_return, give_back, mark, withhold

__all__ = [
    "DraftContent",
    "add_category",
    "await_return",
    "create_version",
    "discard_draft",
    "duplicate_line",
    "forget_draft",
    "give_back",
    "hold_for_job",
    "keep_draft",
    "keep_for",
    "lines_to_send",
    "mark",
    "put_bundle",
    "remove_line",
    "restore_line",
    "retire",
    "save_bundle",
    "save_category",
    "save_draft",
    "save_policy",
    "set_recipients",
    "spend_draft",
    "withhold",
]
