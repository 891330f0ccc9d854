"""What stands around the form of an item: the same thing asked for already, a wish that is too early, the limit."""

from datetime import date, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.forms import Form
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.catalogue import access
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import ASKING
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal import cards
from anliegen.portal.words import day_words, euros, here
from anliegen.requests.rules import TERM_MONTHS
from anliegen.tracking import queries as tracking
from anliegen.tracking import words
from anliegen.tracking.shapes import Preview
from anliegen.ui.fields import DateField

RELATED = 3


def same(version: ItemVersion, user: User, recipient: User) -> dict[str, Any] | None:
    """The open request for the same thing and person that the reader may see; it warns, and hinders nobody.

    Of questions everybody has several. One statement.
    """
    if version.kind in ASKING:
        return None
    found = tracking.open_like(version.item_id, user, recipient)
    if found is None:
        return None
    return {
        "code": found.code,
        "url": reverse("request", args=[found.code]),
        "at": found.received_at,
        "state": str(words.status(found.status, found.closed_by).word),
        "mine": recipient.pk == user.pk,
        "name": recipient.full_name,
    }


def wish_of(form: Form) -> date | None:
    """The day that is wished for, as far as it can be read."""
    if "wish_date" not in form.fields:
        return None
    value = form["wish_date"].value()
    try:
        return value if isinstance(value, date) else DateField(required=False).clean(value)
    except ValidationError:
        return None


def too_early(wish: date | None, preview: Preview) -> str:
    """That a wish lies before what can be promised, in words; "" where it does not."""
    if wish is None or preview.expected is None or wish >= here(preview.expected).date():
        return ""
    days = {"wish": day_words(wish), "promise": day_words(preview.expected)}
    return _("You wish it %(wish)s, we can promise %(promise)s – we note your wish.") % days


def limit_words(preview: Preview, limit: int) -> str:
    """Whether it lies within what the reader may order without approval; "" for what costs nothing."""
    total = preview.cents + preview.monthly_cents * TERM_MONTHS
    if not total or preview.unpriced or not limit:
        return ""
    amount = {"amount": euros(limit)}
    return (
        _("within your limit of %(amount)s") % amount
        if total <= limit
        else _("above your limit of %(amount)s") % amount
    )


def away(version: ItemVersion, user: User, now: datetime) -> dict[str, Any] | None:
    """Until when it cannot be had, and whether the reader is told then."""
    item = version.item
    if not access.is_away(item.unavailable_until, now):
        return None
    return {
        "until": item.unavailable_until,
        "reason": LocalText.of(item.unavailable_reason).to(get_language() or "de"),
        "awaited": item.pk in catalogue.awaits(user),
    }


def unfinished(version: ItemVersion, user: User, now: datetime) -> dict[str, Any] | None:
    """What the reader began and did not send. One statement."""
    found = catalogue.unfinished(user, now, 1, item_id=version.item_id)
    return {"id": found[0].public_id, "at": found[0].changed_at} if found else None


def related(version: ItemVersion, user: User, now: datetime, limit: int) -> list[dict[str, str]]:
    """Other services of the same subject. One statement."""
    offered, able = catalogue.shelf(user, now)
    near = [one for one in offered if one.category_id == version.item.category_id and one.item_id != version.item_id]
    near = [one for one in near if one.version_id in able][:RELATED]
    who = cards.Reader(user, limit, able=frozenset(able))
    return [{"url": card["url"], "title": card["title"], "text": card["text"]} for card in cards.item_cards(near, who)]
