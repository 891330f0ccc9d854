"""Example data for the page of all components."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib import clock
from anliegen.ui import fields, words
from anliegen.ui.plan import Work, plan
from anliegen.ui.shell import Entry, Group, Notice, Person, Shell

CLOCKS = (("late", "−18 min", 100), ("risk", "42 min", 90), ("run", "3:20 h", 40), ("met", "1:10 h", 55))
PEOPLE = (fields.Match("1", "Mira Köhler", "Vertrieb"), fields.Match("2", "Mira Kohl", "Einkauf"))


def lookup(text: str) -> list[fields.Match]:
    return [match for match in PEOPLE if text.lower() in match.text.lower()]


class Specimen(forms.Form):
    """One field of each kind."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        f = self.fields
        f["place"] = fields.PlaceField(
            label=_("Where to?"), help_text=_("A room, or pick-up at the IT store"), lookup=lookup
        )
        f["model"] = forms.ChoiceField(
            label=_("Which model?"), choices=[("s", "14″ Standard"), ("c", "16″ CAD"), ("l", _("Loan device"))]
        )
        f["model"].details = {"s": "1.150 €", "c": "2.390 €", "l": _("free of charge")}  # type: ignore[attr-defined]
        f["site"] = forms.ChoiceField(label=_("Site"), choices=[(str(n), f"Haus {n}") for n in "ABCDEFG"])
        f["day"] = fields.DateField(label=_("By when?"), help_text=_("For example 3.12. or 2026-12-03"))
        f["amount"] = fields.AmountField(label=_("Amount"), required=False)
        f["person"] = fields.PersonField(label=_("Who gets it?"), lookup=lookup, required=False)
        f["take"] = forms.MultipleChoiceField(
            label=_("What do you take along?"),
            required=False,
            choices=[("p", "PC"), ("m", "Monitor"), ("t", _("Telephone"))],
        )
        f["reason"] = forms.CharField(label=_("What for?"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
        f["file"] = forms.FileField(label=_("Attachment"), help_text=_("PDF or picture, up to 25 MB"), required=False)
        f["agreed"] = forms.BooleanField(label=_("I have read the rules for loan devices."))


def shell() -> Shell:
    return Shell(
        entries=(
            Entry("#start", _("Start"), current=True),
            Entry("#catalogue", _("Catalogue")),
            Entry("#requests", _("My requests"), count=3),
            Entry("#approve", _("Approve"), count=2, urgent=True),
        ),
        tabs=(
            Entry("#start", _("Start"), "home", current=True),
            Entry("#catalogue", _("Catalogue"), "layout-grid"),
            Entry("#requests", _("Requests"), "list-check", count=3),
            Entry("#approve", _("Approve"), "circle-check", count=2, urgent=True),
            Entry("#more", _("More"), "menu-2"),
        ),
        bell=Entry("#bell", _("Messages"), "bell", count=1),
        cart=Entry("#cart", _("Cart"), "shopping-cart", count=1),
        person=Person("Jana Sommer", "#profile", "Einkauf"),
        notice=Notice(_("This is a test page."), _("Nothing here does anything."), "#notice"),
    )


def desk() -> Shell:
    views = (
        Entry("#mine", _("My work"), "user", count=7),
        Entry("#team", _("My team"), "users", count=23, current=True),
        Entry("#risk", _("About to breach"), "clock-exclamation", count=5, urgent=True),
    )
    return Shell(
        groups=(Group("", views), Group(_("Work"), (Entry("#board", _("Task board"), "layout-list"),))),
        create=Entry("#call", _("Log a call"), "phone-call"),
        search_url="#search",
        bell=Entry("#bell", _("Messages"), "bell", count=3),
        person=Person("Nele Krüger", "#profile", "Service Desk"),
        tabs=(*views[:2], Entry("#call", _("Call"), "phone-call"), Entry("#more", _("More"), "menu-2")),
    )


def _plan(now: datetime, lang: str) -> dict[str, Any]:
    at = now.replace(hour=9, minute=0)
    work = (
        Work(
            "Sicherheit",
            {"kind": "ok", "label": _("Done")},
            "14–15",
            at - timedelta(hours=19),
            at - timedelta(hours=18),
            "d",
            "C 1.02",
        ),
        Work(
            "Büroservice", {"kind": "run", "label": _("Running")}, "9–13", at, at + timedelta(hours=4), "", "Raumplan"
        ),
        Work(
            "IT-Technik",
            {"kind": "you", "label": _("Waiting for you")},
            "8–10",
            at + timedelta(hours=23),
            at + timedelta(hours=25),
            "w",
        ),
        Work(
            "Telefonie",
            {"kind": "plan", "label": _("Planned")},
            "10–11",
            at + timedelta(hours=25),
            at + timedelta(hours=26),
            "w",
        ),
    )
    return plan(work, now, lang)


def context() -> dict[str, Any]:
    """What `ui/components.html` shows."""
    now = timezone.localtime(clock.now())
    lang = words.language(get_language())
    wrong = Specimen({"place": "", "model": "", "day": "32.13.", "person": "Mira", "amount": "x"})
    wrong.is_valid()
    return {
        "shell": shell(),
        "fresh": Specimen(auto_id="fresh_%s"),
        "wrong": wrong,
        "clocks": CLOCKS,
        "now": now,
        "soon": now + timedelta(days=8),
        "plan": _plan(now, lang),
        "page": Paginator(range(100), 10).page(3),
        **_request_page(now, lang),
        **_lists(lang),
    }


def _request_page(now: datetime, lang: str) -> dict[str, Any]:
    off = _("Your computer is then off for about two hours.")
    on_track = {"kind": "ok", "label": _("On track")}
    yesterday = now - timedelta(days=1)
    return {
        "steps": [
            {"label": _("Received"), "meta": "09:12", "status": "done"},
            {"label": _("Checked"), "meta": "09:12", "status": "done"},
            {"label": _("Approved"), "meta": "Tom Brandt", "status": "done"},
            {"label": _("In progress"), "meta": "1 / 4", "status": "now"},
            {"label": _("Your confirmation"), "meta": "", "status": "next"},
        ],
        "cells": [
            {
                "term": _("Expected to be done"),
                "value": words.long_day(now.date(), now.date(), lang),
                "state": on_track,
            },
            {"term": _("Working on it"), "value": "Büroservice", "person": "Aylin Noack", "meta": "Aylin Noack"},
            {"term": _("What comes next"), "value": "IT-Technik", "meta": off},
        ],
        "entries": [
            {"kind": "message", "who": "Jonas Peters", "meta": "IT-Technik", "at": now, "text": "Wir kommen um 8 Uhr."},
            {"kind": "event", "who": "Tom Brandt", "at": yesterday, "text": _("has approved"), "icon": "user-check"},
            {"kind": "message", "who": "Jana Sommer", "mine": True, "at": now, "text": "Danke!"},
        ],
        "answers": [(_("From"), "B 3.14"), (_("To"), "C 1.02")],
        "actions": [
            {"label": _("Yes"), "name": "answer", "value": "yes", "primary": True},
            {"label": _("No"), "name": "answer", "value": "no"},
        ],
    }


def _lists(lang: str) -> dict[str, Any]:
    return {
        "row": {
            "url": "#r",
            "title": "Notebook 14″",
            "state": {"kind": "you", "label": _("Waiting for you")},
            "done": 3,
            "total": 5,
            "step": _("In progress"),
            "when": "26.",
            "when_meta": _("expected"),
        },
        "item": {
            "url": "#i",
            "picture": "ui/img/notebook.svg",
            "title": "Notebook 14″ Standard",
            "text": _("Set up and handed over in person."),
            "facts": [{"icon": "user-check", "text": "Tom Brandt"}],
            "price": words.cents(115000, lang),
            "action_label": _("Order now"),
        },
        "category": {"url": "#c", "icon": "device-laptop", "title": _("Devices"), "text": "Notebook, Monitor"},
        "list_row": {
            "url": "#l",
            "icon": "file-text",
            "title": "Raumplan C1.pdf",
            "meta": "240 KB",
            "state": {"kind": "ok", "label": _("Done")},
        },
    }
