"""`{% load anliegen %}`: words, icons and components of the design system."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django import template
from django.forms import BoundField
from django.template import Context
from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anliegen.lib import clock
from anliegen.lib.text import LocalText
from anliegen.lib.text import one_line as line_of
from anliegen.ui import act, icons, rendering, words
from anliegen.ui.safe import esc, joined
from anliegen.ui.stencil import Drawn

register = template.Library()

# kind of a state pill -> (class, icon); the kinds are about looks, the faces map their states to them
STATES = {
    "run": ("is-run", "progress"),
    "you": ("is-you", "user-question"),
    "late": ("is-late", "alert-triangle"),
    "risk": ("is-you", "clock-exclamation"),
    "ok": ("is-ok", "check"),
    "wait": ("", "clock"),
    "plan": ("", "calendar-event"),
    "hold": ("", "player-pause"),
    "no": ("", "ban"),
    "off": ("", "circle-x"),
    "draft": ("", "edit"),
    "new": ("", "inbox"),
    "plain": ("", "circle-dot"),
}
CLOCKS = {"late": "alert-triangle", "risk": "clock-exclamation", "hold": "player-pause", "met": "check", "missed": "x"}


def _lang() -> str:
    return words.language(get_language())


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day_of(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _today() -> date:
    return _local(clock.now()).date()


@register.filter
def local(value: Any) -> str | SafeString:
    """The text in the active language; a missing translation falls back and is marked with its language."""
    text = LocalText.of(value)
    lang = _lang()
    if getattr(text, lang) or not text:
        return text.to(lang)
    other = "de" if lang == "en" else "en"
    return format_html(
        '<span lang="{}">{}</span> <span class="srm-lang" aria-hidden="true">{}</span>',
        other,
        text.to(lang),
        other.upper(),
    )


@register.filter
def local_plain(value: Any) -> str:
    """The text in the active language without any mark, for attributes and titles."""
    return LocalText.of(value).to(_lang())


@register.filter
def one_line(value: str) -> str:
    """What somebody typed into one line, without what cannot be seen."""
    return line_of(value)


@register.filter
def cents(value: int | None) -> str:
    return "" if value is None else words.cents(int(value), _lang())


@register.filter
def price(value: int | None) -> str:
    """Like `cents`, but nothing costs "kostenfrei"."""
    return _("free of charge") if not value else words.cents(int(value), _lang())


@register.filter
def day(value: date | datetime | None) -> str | SafeString:
    """A <time> with "heute", "morgen" or "Do., 3. Dez."."""
    if value is None:
        return ""
    found = _day_of(value)
    return format_html('<time datetime="{}">{}</time>', found.isoformat(), words.day(found, _today(), _lang()))


@register.filter
def long_day(value: date | datetime | None) -> str | SafeString:
    """A <time> with "Donnerstag, 3. Dezember"."""
    if value is None:
        return ""
    found = _day_of(value)
    return format_html('<time datetime="{}">{}</time>', found.isoformat(), words.long_day(found, _today(), _lang()))


@register.filter
def moment(value: datetime | None) -> str | SafeString:
    """A <time> with "heute, 10:05" or "Mo., 23. Nov., 09:12"."""
    if value is None:
        return ""
    here = _local(value)
    text = words.moment(here, _local(clock.now()), _lang())
    return joined(f'<time datetime="{here.isoformat(timespec="minutes")}">{esc(text)}</time>')


@register.filter
def minutes(value: int | None) -> str:
    return "" if value is None else words.minutes(int(value))


@register.filter
def filesize(value: int) -> str:
    return words.size(int(value), _lang())


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    return icons.icon(name, classes)


@register.simple_tag
def initials(name: str, size: str = "") -> SafeString:
    """A round avatar with initials; hidden from screen readers, so put the name beside it."""
    classes = f"avatar avatar-{size} rounded-circle" if size else "avatar rounded-circle"
    return joined(f'<span class="{esc(classes)}" aria-hidden="true">{esc(words.initials(str(name)))}</span>')


@register.simple_tag
def state(kind: str, label: object, icon: str = "") -> SafeString:
    """A pill: icon and word, never colour alone. `kind` is one of STATES."""
    look, own = STATES[kind]
    return joined(f'<span class="srm-state {look}">{icons.icon(icon or own)}{esc(label)}</span>')


@register.simple_tag
def due_clock(kind: str, text: object, percent: int = 0, spoken: object = "") -> SafeString:
    """A service-level clock: text first, bar second. `kind`: run, risk, late, hold, met, missed."""
    look = {"missed": "late", "run": "", "met": ""}.get(kind, kind)
    return joined(
        f'<span class="srm-clock {esc(look)}"><span class="visually-hidden">{esc(spoken or text)}</span>'
        f'<span class="v" aria-hidden="true">{icons.icon(CLOCKS.get(kind, "clock"))}{esc(text)}</span>'
        '<svg class="m" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
        f'<rect width="{min(100, max(0, int(percent)))}" height="4"/></svg></span>'
    )


@register.simple_tag
def progress_bar(done: int, total: int) -> SafeString:
    """The small bar of a request line: full parts, one half part where the work is, empty parts."""
    parts = "".join(
        '<i class="d"></i>' if n < done else '<i class="c"></i>' if n == done else "<i></i>" for n in range(total)
    )
    return mark_safe(f'<div class="srm-bar" aria-hidden="true">{parts}</div>')  # noqa: S308 (no input but two numbers)


@register.inclusion_tag("ui/c/steps.html")
def steps(steps: Sequence[Any]) -> dict[str, Any]:
    """The phases: each {label, meta, status: done|now|next|skipped}."""
    return {"steps": steps}


@register.simple_tag(takes_context=True)
def form_key(context: Context) -> SafeString:
    """The hidden key that makes a form sent twice do its work once."""
    request = context.get("request")
    key = act.form_key(request) if request is not None else ""
    return format_html('<input type="hidden" name="{}" value="{}">', act.KEY_FIELD, key)


@register.simple_tag
def field(bound: BoundField | Drawn, as_: str = "", label: object = "", classes: str = "") -> SafeString:
    """One field of a form: label, hint, error, input, in this order and tied together.

    Up to five choices become tiles, more a select; as_="select" or as_="radio" decides otherwise.
    """
    if isinstance(bound, Drawn):
        return bound.html(as_)
    return rendering.field(bound, look=as_, label=label, classes=classes)


@register.inclusion_tag("ui/c/error_summary.html")
def error_summary(form: Any) -> dict[str, Any]:
    """What is wrong, on top of the form, with links to the fields; takes the focus."""
    return {"problems": rendering.problems(form), "form": form}


@register.simple_block_tag
def dialog(content: str, id: str, title: object, look: str = "") -> SafeString:  # noqa: A002 (reads like HTML)
    """`{% dialog id="x" title=_("…") %}…{% enddialog %}`; opened by a button with data-dialog="x"."""
    close = _("Close")
    return format_html(
        '<dialog class="srm-dialog {}" id="{}" aria-labelledby="{}-title"><header><h2 id="{}-title">{}</h2>'
        '<form method="dialog"><button class="srm-iconbtn" aria-label="{}">{}</button></form></header>'
        '<div class="body">{}</div></dialog>',
        look,
        id,
        id,
        id,
        title,
        close,
        icons.icon("x"),
        conditional_escape(content),
    )


@register.filter
def page_url(query: Any, number: int) -> str:
    """The address of another page of the same list: `{{ request.GET|page_url:3 }}`."""
    changed = query.copy()
    changed["page"] = str(number)
    return f"?{changed.urlencode()}"
