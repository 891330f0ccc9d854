"""The cart as it is shown: its lines with date, price and what is wrong, and the sum of all of them (ux spec S5)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.queries import CartLine
from anliegen.catalogue.rules import QuestionType
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.words import day_words, euros, here, long_day_words
from anliegen.requests import actions as requests
from anliegen.requests.rules import TERM_MONTHS
from anliegen.tracking import queries as tracking
from anliegen.tracking.shapes import Preview

NAMED = 3  # so many people are named in a line
REASON = "justification"


@dataclass(frozen=True)
class Cart:
    """Somebody's cart, read once for one page."""

    owner: User
    now: datetime
    lines: Sequence[CartLine]
    previews: Mapping[int, Preview]
    problems: Mapping[int, Mapping[str, object]]

    @property
    def number(self) -> int:
        """How many requests it will be."""
        return sum(len(line.people) for line in self.lines)

    @property
    def seen(self) -> str:
        return catalogue.seen(self.lines)

    @property
    def needs_reason(self) -> bool:
        """Whether a line lacks the sentence what it is needed for."""
        return any(REASON in found for found in self.problems.values())

    @property
    def days(self) -> list[date]:
        """When the lines are expected, each day once, the earliest first."""
        return sorted({day for line in self.lines if (day := self.day(line))})

    def day(self, line: CartLine) -> date | None:
        expected = self.previews[line.draft.pk].expected
        if expected is None:
            return None
        return max(here(expected).date(), line.draft.wish_date or date.min)

    @property
    def together_on(self) -> date | None:
        """The day for everything together, where the lines have different ones."""
        return self.days[-1] if len(self.days) > 1 else None

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [_row(self, line) for line in self.lines]

    @property
    def title(self) -> str:
        return ngettext("Cart, %(n)s thing", "Cart, %(n)s things", len(self.lines)) % {"n": len(self.lines)}

    @property
    def send_label(self) -> str:
        return ngettext("Request %(n)s thing", "Request %(n)s things", self.number) % {"n": self.number}


def read(owner: User, now: datetime) -> Cart:
    """The cart of this person. A few statements for each line: its way is walked with the total of the whole order."""
    lines = catalogue.cart(owner)
    total = sum(line.price.total(TERM_MONTHS) * len(line.people) for line in lines)
    previews = {
        line.draft.pk: tracking.preview(
            line.version,
            requester=owner,
            recipient=line.people[0],
            answers=line.draft.answers,
            now=now,
            total_cents=total,
        )
        for line in lines
    }
    problems = {line.draft.pk: requests.problems(line, owner, now) for line in lines}
    return Cart(owner, now, lines, previews, problems)


def _row(cart: Cart, line: CartLine) -> dict[str, Any]:
    draft, lang = line.draft, get_language() or "de"
    key = line.version.item.key
    edit = f"{reverse('item', args=[key])}?draft={draft.public_id}"
    day = cart.day(line)
    return {
        "id": draft.public_id,
        "url": edit if line.offered else "",
        "picture": line.version.picture or "ui/img/report.svg",
        "title": LocalText.of(line.version.title).to(lang),
        "chosen": _chosen(cart, line, lang),
        "people": _people(line, cart.owner),
        "confirms": draft.recipient_confirms,
        "day": day,
        "price": _amounts(line.cents, line.monthly_cents, free=not catalogue.unpriced(line.version, draft.answers)),
        "changes": _changes(cart, line, day),
        "problems": _problems(cart.problems[draft.pk]),
        "needs_reason": REASON in cart.problems[draft.pk],
    }


def _chosen(cart: Cart, line: CartLine, lang: str) -> str:
    """What was chosen, in short: the answers that name it or that cost something, how many, and where."""
    answers = catalogue.so_far(line.version, line.draft.answers, viewer=cart.owner, now=cart.now)
    parts = []
    for question in catalogue.form(line.version).questions:
        label = answers.labels.get(question.key)
        priced = any(option.price_cents or option.monthly_cents for option in question.options)
        own_place = question.type is QuestionType.PLACE and len(line.people) == 1
        if label and (question.names or priced or own_place):
            parts.append(label.to(lang))
        elif question.quantity and label and label.de != "1":
            parts.append(f"{label.de} \N{MULTIPLICATION SIGN}")
    return " · ".join(parts)


def _people(line: CartLine, owner: User) -> str:
    if len(line.people) == 1:
        one = line.people[0]
        return _("For you") if one.pk == owner.pk else _("For %(name)s") % {"name": one.full_name}
    names = ", ".join(one.full_name for one in line.people[:NAMED])
    rest = len(line.people) - NAMED
    if rest <= 0:
        return _("For %(names)s") % {"names": names}
    return ngettext("For %(names)s and %(n)s more", "For %(names)s and %(n)s more", rest) % {"names": names, "n": rest}


def _amounts(cents: int, monthly: int, *, free: bool = True) -> str:
    parts = [euros(cents)] if cents else []
    if monthly:
        parts.append(_("%(amount)s a month") % {"amount": euros(monthly)})
    return " + ".join(parts) or (_("free of charge") if free else _("We find out what it costs."))


def _changes(cart: Cart, line: CartLine, day: date | None) -> list[str]:
    """What is different from when it was put into the cart."""
    draft, found = line.draft, []
    if not line.offered:
        found.append(_("This service is not offered any more. Please remove it."))
    if line.dearer:
        before = _amounts(draft.told_cents or 0, draft.told_monthly_cents or 0)
        after = _amounts(line.price.cents, line.price.monthly_cents)
        found.append(_("New price: %(after)s instead of %(before)s") % {"after": after, "before": before})
    if draft.told_day and day and draft.told_day != day:
        days = {"after": day_words(day), "before": day_words(draft.told_day)}
        found.append(_("New date: %(after)s instead of %(before)s") % days)
    return found


def _problems(found: Mapping[str, object]) -> list[str]:
    """What has to be put right before it can be sent; the reason may be given for all below."""
    return list(dict.fromkeys(str(message) for name, message in found.items() if name != REASON))


def summary(cart: Cart) -> dict[str, Any]:
    """Dates, sums, and who decides with the reason."""
    once = sum(line.cents for line in cart.lines)
    monthly = sum(line.monthly_cents for line in cart.lines)
    unpriced = any(cart.previews[line.draft.pk].unpriced for line in cart.lines)
    return {
        "days": [day_words(day) for day in (cart.days[0], cart.days[-1])] if cart.together_on else [],
        "day": long_day_words(cart.days[0]) if len(cart.days) == 1 else "",
        "cost": _amounts(once, monthly, free=not unpriced),
        "unpriced": unpriced and bool(once or monthly),
        "yearly": euros(once + monthly * TERM_MONTHS) if monthly else "",
        "decisions": _decisions(cart),
        "several": any(len(line.people) > 1 for line in cart.lines),
    }


def left_words(left: int) -> str:
    """That something could not be sent and still waits."""
    return ngettext(
        "%(n)s thing could not be sent and is still in your cart.",
        "%(n)s things could not be sent and are still in your cart.",
        left,
    ) % {"n": left}


def given_words(persons: Sequence[User], owner: User) -> str:
    """Who gets it now."""
    if len(persons) > 1:
        return ngettext("%(n)s person gets it.", "%(n)s people get it.", len(persons)) % {"n": len(persons)}
    one = persons[0]
    return _("You get it.") if one.pk == owner.pk else _("%(name)s gets it.") % {"name": one.full_name}


def _decisions(cart: Cart) -> list[tuple[str, str]]:
    """Each who decides, with every reason once."""
    found: dict[str, dict[str, None]] = {}
    for preview in cart.previews.values():
        for who, reason in preview.decisions:
            found.setdefault(who, {}).update({reason: None} if reason else {})
    return [(who, " · ".join(reasons)) for who, reasons in found.items()]
