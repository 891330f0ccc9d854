"""Tags of the portal's own pages."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("portal/parts/live_lines.html", takes_context=True)
def live_lines(context: dict[str, Any], on: str, rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What asks now and then whether the lines of a list on this page have changed; nothing for who switched it off."""
    return {"request": context["request"], "on": on, "codes": ",".join(row["code"] for row in rows), "rows": ()}
