"""The page of one request, as it is shown to one person (ux spec S7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from anliegen.catalogue.rules import ASKING, Kind
from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.portal.shown import cells, ending, summary
from anliegen.portal.shown.journal import Files, attachments, stream
from anliegen.portal.shown.lines import pill
from anliegen.portal.words import day_words, euros, here, moment_words, span_words
from anliegen.requests import access, queries
from anliegen.requests.models import JournalEntry, Participant, ServiceRequest
from anliegen.requests.rules import ENDED, FOLLOWING, EntryKind, Status
from anliegen.tracking import queries as tracking
from anliegen.tracking import sentences, words
from anliegen.tracking.shapes import Part, Phase, Story
from anliegen.ui import words as ui_words
from anliegen.ui.plan import Work, plan
from anliegen.workflow import queries as workflow

PART_LOOKS = {"done": "d", "running": "", "planned": "w", "open": "w", "waiting": "w"}
PART_PILLS = {"done": "ok", "running": "run", "planned": "plan", "open": "wait", "waiting": "you"}

INPUTS = {
    "total_cents": gettext_lazy("Cost"),
    "monthly_cents": gettext_lazy("Cost per month"),
    "limit_cents": gettext_lazy("Limit"),
    "quantity": gettext_lazy("Quantity"),
    "product": gettext_lazy("Product"),
}  # what rules read, as one calls it

RULES = {
    "approval-limit": gettext_lazy("order limit"),
    "approved-already": gettext_lazy("asked only once"),
    "table": gettext_lazy("decision table"),
    "automation": gettext_lazy("automatic step"),
    "condition": gettext_lazy("condition of a step"),
    "quality-check": gettext_lazy("quality check"),
    "": gettext_lazy("rule of the service"),
}


@dataclass(frozen=True)
class RequestPage:
    """A request and its story, for one viewer."""

    service_request: ServiceRequest
    story: Story
    viewer: User
    now: datetime

    @property
    def code(self) -> str:
        return self.service_request.code

    @property
    def owner(self) -> bool:
        """Whether it is the viewer's own: asked for or to be got by them."""
        return access.is_owner(self.viewer, self.service_request)

    @property
    def ended(self) -> bool:
        return self.service_request.status in ENDED

    @property
    def state(self) -> dict[str, str]:
        return pill(self.story.tone, self.story.icon, self.story.word)

    @property
    def byline(self) -> str:
        """Who asked for it, when, and how."""
        one = self.service_request
        mine = one.requester_id == self.viewer.pk
        params = {
            "name": one.requester.full_name,
            "at": moment_words(one.received_at),
            "channel": words.CHANNEL[one.channel],
        }
        if mine:
            return _("Requested by you, %(at)s, %(channel)s") % params
        return _("Requested by %(name)s, %(at)s, %(channel)s") % params

    @property
    def cells(self) -> list[dict[str, Any]]:
        """The promise block: date, who has it, what comes next."""
        return cells.of(self.service_request, self.story, self.viewer, self.now)

    @property
    def steps(self) -> list[dict[str, Any]]:
        shown, story = [_step(phase, ended=self.ended) for phase in self.story.phases], self.story
        for phase, step in zip(story.phases, shown, strict=True):
            parts = [part for part in story.parts if part.phase == phase.key]
            if phase.state == "current" and len(parts) > 1:
                done = sum(part.state == "done" for part in parts)
                step["meta"] = _("%(done)s of %(n)s teams are done") % {"done": done, "n": len(parts)}
        when = story.forecast or story.promise
        if shown and story.phases[-1].state == "ahead" and when and when > self.now and not self.ended:
            shown[-1]["meta"] = _("about %(day)s") % {"day": day_words(when)}
        return shown

    @property
    def ahead(self) -> list[dict[str, str]]:
        return [summary.step(one) for one in self.story.ahead]

    @property
    def plan(self) -> dict[str, Any] | None:
        """Who does what and when; only where more than one team is involved (R124)."""
        if not self.story.parts:
            return None
        work = [_work(part) for part in self.story.parts]
        return plan(work, here(self.now), ui_words.language(get_language()))

    @property
    def answers(self) -> list[tuple[str, str]]:
        """What was asked and answered, with the frame around it."""
        one, lang = self.service_request, get_language() or "de"
        rows = [(_("For"), one.recipient.full_name)]
        rows += [(term.to(lang), value.to(lang)) for term, value in queries.answers(one, self.viewer, self.now)]
        if one.place:
            rows.append((_("Place"), one.place))
        if one.wish_date:
            rows.append((_("Wished for"), day_words(one.wish_date)))
        if one.justification:
            rows.append((_("What for"), one.justification))
        rows.append((_("Cost"), cost_words(one)))
        return rows

    @property
    def whys(self) -> list[dict[str, Any]]:
        """Every automatic decision with what it was made from, in words; what only rules call by name is left out."""
        return [
            {
                "at": one.at,
                "text": one.text,
                "rule": _rule(one.rule),
                "version": one.version,
                "inputs": read_by({key: one.inputs[key] for key in INPUTS if key in one.inputs}),
            }
            for one in self.story.whys
            if one.rule
        ]

    @property
    def ending(self) -> dict[str, Any] | None:
        """Why not, or until when it can be taken up again; None while it runs."""
        return ending.of(self.service_request, self.viewer, self.now)

    @cached_property
    def answer(self) -> dict[str, str] | None:
        """What was answered to a question, once it was: it stands first, and large."""
        one = self.service_request
        if one.kind not in ASKING or one.status not in {Status.DONE, Status.FULFILLED}:
            return None
        found = workflow.answer_to(one)
        if found is None or found.done_by is None or found.settled_at is None:
            return None
        team = LocalText.of(found.team.name).to(get_language() or "de") if found.team else ""
        said = _("by phone") if found.outputs.get("way") == "phone" else ""
        meta = [found.done_by.full_name, team, moment_words(found.settled_at), said]
        return {"text": str(found.outputs["answer"]), "meta": " · ".join(part for part in meta if part)}

    @cached_property
    def report(self) -> Files:
        """The files of a report that is made, the last ones: they stand first, as an answer does."""
        one = self.service_request
        if one.kind != Kind.REPORT or one.status not in {Status.DONE, Status.FULFILLED}:
            return []
        own = {one.requester_id, one.recipient_id}
        made = [entry for entry in self._entries if entry.actor_id not in own and entry.shown_files]
        return attachments(one, made[-1:])

    @property
    def has_receipt(self) -> bool:
        """Whether something was handed over, which a page can be printed of."""
        return tracking.has_receipt(self.service_request, self.story.parts)

    @cached_property
    def _leeway(self) -> tuple[bool, bool]:
        return workflow.leeway(self.service_request) if self.owner and not self.ended else (False, False)

    @property
    def may_cancel(self) -> bool:
        """Whether its owner may still cancel it; not once only the confirmation is missing."""
        return self._leeway[0]

    @property
    def may_change(self) -> bool:
        """Whether its owner may still change what was asked for."""
        return self._leeway[1]

    @property
    def to_confirm(self) -> bool:
        """Whether everything is done and only the confirmation is missing."""
        return self.service_request.status == Status.DONE

    @cached_property
    def held(self) -> dict[str, str] | None:
        """Why it is on hold, since when and until when; None where it is not."""
        if not self.story.held_reason:
            return None
        entry = next((one for one in reversed(self._entries) if one.sentence == "held"), None)
        until = datetime.fromisoformat(entry.params["until"]) if entry and entry.params.get("until") else None
        return {
            "reason": self.story.held_reason,
            "since": moment_words(entry.at) if entry else "",
            "until": moment_words(until) if until else "",
        }

    @cached_property
    def rating(self) -> dict[str, Any] | None:
        """What is asked about how content one is, and what was answered; None for those who do not rate."""
        one = self.service_request
        if not access.may_rate(self.viewer, one, self.now):
            return None
        found = queries.rating(one, self.viewer, self.now)
        return {
            "score": found.score if found else None,
            "word": words.SCORE[found.score] if found else "",
            "sentence": found.sentence if found else "",
            "choices": list(words.SCORE.items()),
        }

    @property
    def participants(self) -> list[dict[str, str]]:
        """Who sees it and as what; one line per person or team."""
        found = []
        for one in self._participants:
            name = one.person.full_name if one.person else ""
            if one.team:
                name = LocalText.of(one.team.name).to(get_language() or "de")
            if one.until is None:
                found.append({"name": name, "role": str(words.ROLE[one.role])})
        return found

    @cached_property
    def order(self) -> str:
        """The order that it was sent in with others, where the viewer may open it."""
        return queries.order_of(self.service_request, self.viewer)

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """Other requests that belong to this one, of those that the viewer may see."""
        return [
            {
                "how": words.LINK[one.kind, one.forward],
                "code": one.service_request.code,
                "title": one.service_request.title,
                "lang": one.service_request.lang,
                "state": words.STATUS[one.service_request.status].word,
            }
            for one in queries.links(self.service_request, self.viewer, self.now)
        ]

    @property
    def followers(self) -> list[User]:
        named = (one for one in self._participants if one.role in FOLLOWING and one.until is None)
        return [one.person for one in named if one.person]

    @cached_property
    def _participants(self) -> Sequence[Participant]:
        return queries.participants(self.service_request)

    @cached_property
    def _entries(self) -> Sequence[JournalEntry]:
        return queries.entries(self.service_request, self.viewer, self.now)

    def stream(self, *, only_messages: bool = False) -> list[dict[str, Any]]:
        """Messages and journal, the newest first; beside who wrote stands for which team they work on it."""
        teams = {part.person: part.team for part in self.story.parts if part.person}
        return stream(self.service_request, self._entries, self.viewer, only_messages=only_messages, teams=teams)

    @property
    def last_entry(self) -> int:
        """The number of the newest entry that the viewer may see."""
        return self._entries[-1].seq if self._entries else 0

    def news(self, since: int) -> list[str]:
        """What happened after that entry, in words, the oldest first."""
        return [_told(one) for one in self._entries if one.seq > since and one.kind != EntryKind.NOTE]

    @property
    def attachments(self) -> Files:
        return attachments(self.service_request, self._entries)


def read(code: str, viewer: User, now: datetime) -> RequestPage:
    """The page of a request that the viewer may see. Raises NotFound."""
    service_request = access.to_read(code, viewer, now)
    return RequestPage(service_request, tracking.story(service_request, viewer, now=now), viewer, now)


def version(code: str, viewer: User, now: datetime) -> int:
    """The version of a request that the viewer may see. Raises NotFound."""
    return access.version(code, viewer, now)


def cost_words(one: ServiceRequest) -> str:
    """What it costs: once, and each month; or that nobody knows it yet."""
    parts = [euros(one.cost_cents)] if one.cost_cents else []
    if one.monthly_cents:
        parts.append(_("%(amount)s a month") % {"amount": euros(one.monthly_cents)})
    return " + ".join(parts) or (_("not known yet") if queries.is_unpriced(one) else _("none"))


def _told(one: JournalEntry) -> str:
    if one.kind == EntryKind.MESSAGE:
        return _("New message from %(name)s.") % {"name": one.actor.full_name if one.actor else ""}
    return sentences.render(one.sentence, one.params, get_language() or "de")


def _step(phase: Phase, *, ended: bool) -> dict[str, Any]:
    looks = {"done": "done", "current": "now", "ahead": "dropped" if ended else "next", "stopped": "skipped"}
    meta = [moment_words(phase.at) if phase.at else "", phase.who]
    return {"label": phase.name, "status": looks[phase.state], "meta": ", ".join(part for part in meta if part)}


CLASH: dict[str, object] = {"kind": "late", "label": gettext_lazy("Dates clash")}


def _work(part: Part) -> Work:
    when = span_words(part.start, part.end)
    if part.state == "done" and part.done_at:
        when = when or moment_words(part.done_at)
    elif not when and part.due:
        when = _("by %(day)s") % {"day": day_words(part.due)}
    return Work(
        name=part.team,
        state=CLASH if part.clash else {"kind": PART_PILLS[part.state], "label": words.TASK_STATE[part.state]},
        when=when,
        start=here(part.start) if part.start else None,
        end=here(part.end) if part.end else None,
        look="l" if part.clash else PART_LOOKS[part.state],
        meta=" · ".join(text for text in (part.name, part.person) if text),
        when_meta=part.place,
    )


def read_by(inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """All that a rule read, as pairs: by its name in plain words, or as the rule calls it."""
    shown = {key: _value(key, value) for key, value in inputs.items() if value not in (None, "", [], {})}
    return [(str(INPUTS.get(key, key.removeprefix("answers."))), value) for key, value in shown.items()]


def _value(key: str, value: Any) -> str:
    if key.endswith("cents") and isinstance(value, int):
        return euros(value)
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(f"{name}: {_value(name, one)}" for name, one in value.items())
    return str(value)


def _rule(key: str) -> str:
    """The kind of a rule in words; its own name is for those who maintain it, and stands at the desk."""
    return str(RULES.get(key.partition(":")[0], RULES[""]))
