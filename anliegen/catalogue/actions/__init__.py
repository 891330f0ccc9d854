"""Writes of the catalogue: definitions by editors and the library, drafts by everybody."""

from anliegen.catalogue.actions.definition import (
    add_category,
    create_version,
    retire,
    save_bundle,
    save_category,
    save_policy,
)
from anliegen.catalogue.actions.drafts import DraftContent, discard_draft, keep_draft, save_draft, spend_draft

__all__ = [
    "DraftContent",
    "add_category",
    "create_version",
    "discard_draft",
    "keep_draft",
    "retire",
    "save_bundle",
    "save_category",
    "save_draft",
    "save_policy",
    "spend_draft",
]
