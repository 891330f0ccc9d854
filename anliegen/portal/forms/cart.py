"""The forms of the cart: who gets it, and what is said once for everything."""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from anliegen.catalogue import actions as catalogue
from anliegen.catalogue import queries
from anliegen.catalogue.actions import DraftContent
from anliegen.catalogue.models import Draft
from anliegen.catalogue.queries import MAX_RECIPIENTS
from anliegen.lib import clock
from anliegen.people import queries as people
from anliegen.people.models import User
from anliegen.portal import lookups
from anliegen.portal.forms.item import ItemForm
from anliegen.portal.shown.cart import Cart
from anliegen.portal.words import here
from anliegen.requests import actions as requests
from anliegen.requests.rules import MAX_JUSTIFICATION
from anliegen.tracking import queries as tracking
from anliegen.ui.fields import PersonField

ME, OTHER, SEVERAL = "me", "other", "several"
LONGEST = 100_000  # characters of a pasted list
SHOWN_PROBLEMS = 50


def put(form: ItemForm, draft_id: str, now: datetime) -> Draft:
    """Put what an item's form holds into the cart, or change the line that it was opened from; it has to be right."""
    user, version = form.asking.user, form.asking.item_version
    line = form.line(None)
    requests.require_line(line, acting_user=user, now=now)
    recipient = lookups.recipient(user, line.recipient_id)
    preview = tracking.preview(version, requester=user, recipient=recipient, answers=line.answers, now=now)
    content = DraftContent(
        answers=line.answers,
        recipient_id=line.recipient_id,
        justification=line.justification,
        wish_date=line.wish_date,
        in_cart=True,
        recipient_confirms=line.recipient_confirms if "for_whom" in form.fields else None,
        told_day=here(preview.expected).date() if preview.expected else None,
    )
    return catalogue.save_draft(content, owner=user, item_key=version.item.key, now=now, draft_id=draft_id or None)


def recipients_of(draft: Draft, user: User) -> dict[str, Any]:
    """Who gets a line now, as the form shows it."""
    several = queries.recipients_of(draft, user)
    if len(several) > 1:
        names = "\n".join(one.email or one.full_name for one in several)
        return {"for_whom": SEVERAL, "names": names, "confirms": draft.recipient_confirms}
    if draft.recipient is None:
        return {"for_whom": ME}
    text = lookups.person_text(user, draft.recipient.public_id)
    return {"for_whom": OTHER, "recipient": text, "confirms": draft.recipient_confirms}


class CartForm(forms.Form):
    """What is said once for the whole cart."""

    use_required_attribute = False
    seen = forms.CharField(widget=forms.HiddenInput, max_length=64, required=False)

    def __init__(self, cart: Cart, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        centres = people.cost_centres_of([cart.owner, *(one for line in cart.lines for one in line.people)])
        if len(centres) > 1:
            choices = [(one.code, f"{one.code} {one.name}") for one in centres]
            self.fields["cost_centre"] = forms.ChoiceField(
                label=_("Cost centre"), choices=choices, initial=choices[0][0]
            )
        self.fields["note"] = forms.CharField(
            label=_("What do you need it for?") if cart.needs_reason else _("A note to whoever decides"),
            help_text=_("One sentence is enough. Whoever decides reads it."),
            widget=forms.Textarea(attrs={"rows": 2}),
            max_length=MAX_JUSTIFICATION,
            required=cart.needs_reason,
            error_messages={"required": _("Please say in a sentence what you need it for.")},
        )
        if cart.together_on:
            self.fields["together"] = forms.BooleanField(label=_("Deliver everything together"), required=False)


@dataclass(frozen=True)
class Named:
    """A line of a pasted list: whom it means, or why nobody."""

    number: int
    text: str
    person: User | None = None
    problem: str = ""


class RecipientsForm(forms.Form):
    """Who gets it: me, somebody else, or several people by name, mail address or personnel number."""

    use_required_attribute = False

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.people: list[User] = []
        self.wrong: list[Named] = []
        choices = [(ME, _("For me")), (OTHER, _("For somebody else")), (SEVERAL, _("For several people"))]
        self.fields["for_whom"] = forms.ChoiceField(label=_("Who is it for?"), choices=choices, initial=ME)
        self.fields["recipient"] = PersonField(
            label=_("Who gets it?"),
            help_text=_("Name, e-mail address, telephone or personnel number"),
            required=False,
            lookup=lookups.recipients(user),
            url="/suggest/recipients",
        )
        self.fields["names"] = forms.CharField(
            label=_("Who gets it? One person on each line"),
            help_text=_("Name, e-mail address or personnel number. You can paste a list, at most %(limit)s people.")
            % {"limit": MAX_RECIPIENTS},
            widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
            max_length=LONGEST,
            required=False,
        )
        self.fields["skip"] = forms.BooleanField(label=_("Go on without the lines that we do not know"), required=False)
        self.fields["confirms"] = forms.BooleanField(
            label=_("These people confirm themselves at the end that it is done"), required=False
        )
        for name in ("recipient", "names", "skip", "confirms"):
            self.fields[name].needed = True  # type: ignore[attr-defined]

    @property
    def may_skip(self) -> bool:
        """Whether there are lines to leave out, and others that remain."""
        return bool(self.wrong and self.people)

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        match found.get("for_whom"):
            case "me":
                self.people = [self.user]
            case "other" if "recipient" not in self.errors:
                self._one(found)
            case "several" if "names" not in self.errors:
                self._several(found)
        return found

    def _one(self, found: dict[str, Any]) -> None:
        if found.get("recipient") is None:
            self.add_error("recipient", _("Please say who gets it."))
            return
        allowed = people.may_order_for(self.user, clock.now())
        self.people = list(allowed.filter(public_id=found["recipient"].value))
        if not self.people:
            self.add_error("recipient", _("You cannot order for this person. Please choose one from the list."))

    def _several(self, found: dict[str, Any]) -> None:
        named = pasted(self.user, found.get("names", ""))
        self.wrong = [one for one in named if one.person is None]
        self.people = list({one.person.pk: one.person for one in named if one.person}.values())
        if not named:
            self.add_error("names", _("Please say who gets it."))
        elif len(self.people) > MAX_RECIPIENTS:
            limit = {"limit": MAX_RECIPIENTS, "n": len(self.people)}
            self.add_error("names", _("These are %(n)s people. At most %(limit)s are possible at once.") % limit)
        elif self.wrong and not (found.get("skip") and self.people):
            for one in self.wrong[:SHOWN_PROBLEMS]:
                self.add_error("names", one.problem)
            if len(self.wrong) > SHOWN_PROBLEMS:
                rest = {"n": len(self.wrong) - SHOWN_PROBLEMS}
                self.add_error("names", _("And %(n)s more lines that we do not know.") % rest)


_ADDRESS = re.compile(r"[^\s<>;,]+@[^\s<>;,]+")


def pasted(user: User, text: str) -> list[Named]:
    """Whom each line of a list means, of those for whom this person may order; nothing is dropped silently.

    Addresses and numbers take one statement each for all; what is written otherwise is looked for line by line.
    """
    lines = [(number, " ".join(line.split())) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    allowed = people.may_order_for(user, clock.now())
    addresses = {hit[0].casefold() for _number, line in lines if (hit := _ADDRESS.search(line))}
    by_mail = {one.email.casefold(): one for one in allowed.filter(email__in=addresses)}
    by_number = {one.personnel_number: one for one in allowed.filter(personnel_number__in=[line for _n, line in lines])}
    found = []
    for number, line in lines:
        address = _ADDRESS.search(line)
        person = (by_mail.get(address[0].casefold()) if address else None) or by_number.get(line)
        found.append(Named(number, line, person) if person else _searched(number, line, user))
    return found


def _searched(number: int, line: str, user: User) -> Named:
    """By the words of the name, "Sommer, Jana" too."""
    wanted = line.replace(",", " ")[:100]
    seen = people.find_people(wanted, 20, viewer=user, now=clock.now()) if wanted.strip() else []
    exact = [one for one in seen if sorted(one.full_name.casefold().split()) == sorted(wanted.casefold().split())]
    matching = exact or seen
    allowed = people.may_order_for(user, clock.now()).in_bulk([one.pk for one in matching])
    params = {"number": number, "text": line[:80]}
    if len(matching) == 1 and allowed:
        return Named(number, line, matching[0])
    if matching and not allowed:
        return Named(number, line, problem=_("Line %(number)s: you cannot order for “%(text)s”.") % params)
    if matching:
        params["names"] = "; ".join(match.text for match in lookups.matches(matching[:3]))
        problem = _("Line %(number)s: several people are called “%(text)s” (%(names)s). Write the mail address.")
        return Named(number, line, problem=problem % params)
    return Named(number, line, problem=_("Line %(number)s: we do not know “%(text)s”.") % params)
