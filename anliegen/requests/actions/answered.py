"""A question that an article has answered: fulfilled at once, so that it counts (R113, R116)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anliegen.audit import actions as audit
from anliegen.catalogue import actions as catalogue_actions
from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.models import ItemVersion
from anliegen.catalogue.rules import ASKING, Channel, CheckedAnswers, Price, QuestionType
from anliegen.knowledge import access as knowledge_access
from anliegen.knowledge import actions as knowledge
from anliegen.knowledge.models import ArticleVersion
from anliegen.lib import bus
from anliegen.lib.text import Sentence
from anliegen.people.models import User
from anliegen.requests import lifecycle
from anliegen.requests.actions.submit import Checked, Sender, make
from anliegen.requests.events import AnsweredAtOnce
from anliegen.requests.lifecycle import Decision
from anliegen.requests.models import Order, ServiceRequest
from anliegen.requests.rules import ClosedBy, EndKind, Line

ACTION = "requests.answered"
RULE = "knowledge.article"
TEXTS = (QuestionType.PARAGRAPH, QuestionType.TEXT)
MAX_TEXT = 500


@audit.command
def answered_at_once(
    article_key: str, line: Line, *, acting_user: User, key: str, now: datetime
) -> ServiceRequest | None:
    """Record that an article answered what somebody was asking: a request without a run, fulfilled at once.

    `line` is the form as far as it was filled in. It is a request of its item, if that asks for an answer; else of the
    service on offer whose kind is the article's, so that how-to questions are counted as such. None where there is
    none: then only their yes to the article is noted. The draft is spent. Raises NotFound (article, item).
    """
    before = audit.replayed(acting_user.pk, key, ACTION)
    if before is not None:
        return ServiceRequest.objects.get(pk=before)
    article = knowledge_access.to_read(article_key, acting_user, now)
    asked = catalogue.item(line.item_key, acting_user, now)
    knowledge.vote(article_key, True, acting_user=acting_user, now=now)
    item_version = _counted_as(asked, article.kind, acting_user, now)
    if item_version is None or article.current is None:
        return None
    given = line.answers if item_version.pk == asked.pk else _moved(item_version, asked, line.answers)
    kept = catalogue.so_far(item_version, given, viewer=acting_user, now=now)
    service_request = _make(item_version, CheckedAnswers(kept.values, kept.labels), acting_user, now)
    _close(service_request, article.key, article.current, typed_words(asked, line.answers), now)
    if line.draft_id:
        catalogue_actions.forget_draft(line.draft_id, acting_user)
    audit.remember(acting_user.pk, key, ACTION, "servicerequest", service_request.pk)
    return service_request


def _counted_as(asked: ItemVersion, kind: str, user: User, now: datetime) -> ItemVersion | None:
    if asked.kind in ASKING:
        return asked
    offered = [card for card in catalogue.items(user, now, kind=kind) if card.allowed]
    fitting = [card.version for card in offered if Channel.PORTAL in card.version.channels]
    return fitting[0] if fitting else None


def _moved(item_version: ItemVersion, asked: ItemVersion, answers: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, as the answer to the first question of the other form."""
    target = next((one.key for one in catalogue.form(item_version).questions if one.type in TEXTS), "")
    said = typed_words(asked, answers)
    return {target: said} if target and said else {}


def typed_words(item_version: ItemVersion, answers: Mapping[str, Any]) -> str:
    """What somebody has typed in their own words so far."""
    texts = [answers.get(one.key) for one in catalogue.form(item_version).questions if one.type in TEXTS]
    return " ".join(" ".join(str(text).split()) for text in texts if text)[:MAX_TEXT]


def _make(item_version: ItemVersion, checked: CheckedAnswers, acting_user: User, now: datetime) -> ServiceRequest:
    sender = Sender(acting_user, acting_user, Channel.PORTAL, now)
    order = Order.objects.create(requester=acting_user, recorder=None, total_cents=0, created_at=now)
    line = Line(item_key=item_version.item.key)
    return make(Checked(line, acting_user, item_version, checked, Price(), ""), order, sender)


def _close(service_request: ServiceRequest, article_key: str, read: ArticleVersion, asked: str, now: datetime) -> None:
    """Decide, with the article and its version as the reason, and end it."""
    decision = Decision(
        rule=RULE,
        rule_version=f"{article_key}/{read.number}",
        inputs={"asked": asked},
        result=EndKind.FULFILLED.value,
    )
    sentence = Sentence("answered-by-article", {"article": read.title})
    lifecycle.log_later(service_request, sentence, now=now, decision=decision)
    lifecycle.end(service_request, EndKind.FULFILLED, now=now, closed_by=ClosedBy.AT_ONCE)
    bus.publish(
        AnsweredAtOnce(
            subject_id=service_request.pk,
            actor_id=service_request.requester_id,
            now=now,
            code=service_request.code,
            changes={
                "code": service_request.code,
                "item": service_request.item_version.item.key,
                "article": article_key,
                "article_version": read.number,
            },
        )
    )
