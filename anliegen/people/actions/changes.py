"""What changed between two states of a row, as the audit keeps it."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db.models import Model

type Changes = dict[str, list[Any]]


def apply(row: Model, fields: Mapping[str, Any]) -> Changes:
    """Set the fields on the row, unsaved; returns old and new of those that differ."""
    changes: Changes = {}
    for name, new in fields.items():
        old = getattr(row, name)
        if old != new:
            setattr(row, name, new)
            changes[name] = [plain(old), plain(new)]
    return changes


def plain(value: Any) -> Any:
    """A JSON value: days in ISO form, rows by the key by which people know them."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Model):
        return getattr(value, "public_id", None) or getattr(value, "key", None) or getattr(value, "code", value.pk)
    return value
