"""What is still to come, in sentences: made by the engine's own walk, never written by hand (ux/spec rule 3)."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from anliegen.requests.models import ServiceRequest
from anliegen.tracking import sentences, words
from anliegen.tracking.shapes import Ahead
from anliegen.workflow import queries as workflow
from anliegen.workflow.queries import StepAhead


def ahead_of(service_request: ServiceRequest, lang: str, *, now: datetime) -> tuple[Ahead, ...]:
    """The steps that follow the open ones of a running request."""
    return told(workflow.steps_after(service_request, now=now), lang)


def told(steps: Iterable[StepAhead], lang: str) -> tuple[Ahead, ...]:
    """Steps as sentences in that language. What runs by itself is left out, but for approvals."""
    shown = [step for step in steps if not step.automatic or step.kind == "approval"]
    groups = Counter(step.group for step in shown if step.group)
    return tuple(
        Ahead(
            text=_text(step, lang),
            when=_when(step),
            certain=step.certain,
            kind=step.kind,
            who=", ".join(step.who),
            reason=sentences.render(step.reason.key, step.reason.params, lang) if step.reason else "",
            together=groups[step.group] > 1,
        )
        for step in shown
    )


def _text(step: StepAhead, lang: str) -> str:
    name = step.name.to(lang)
    if step.automatic:
        return _("By itself: %(step)s") % {"step": name}
    who = words.names(step.who)
    if not who:
        return name
    if step.kind == "approval":
        decide = ngettext("%(who)s decides: %(step)s", "%(who)s decide: %(step)s", len(step.who))
        return decide % {"who": who, "step": name}
    return _("%(who)s: %(step)s") % {"who": who, "step": name}


def _when(step: StepAhead) -> str:
    if step.automatic:
        return _("at once")
    return duration(step.minutes, step.day_minutes) if step.minutes else ""


def duration(minutes: int, day_minutes: int = 660) -> str:
    """Business minutes in words: working days where it is at least one, hours or minutes below."""
    days, hours = minutes // day_minutes if day_minutes else 0, minutes // 60
    if days and minutes % day_minutes == 0:
        return ngettext("%(n)s working day", "%(n)s working days", days) % {"n": days}
    if hours and minutes % 60 == 0:
        return ngettext("%(n)s hour", "%(n)s hours", hours) % {"n": hours}
    return ngettext("%(n)s minute", "%(n)s minutes", minutes) % {"n": minutes}
