"""Writing articles: a draft that several may change, and versions that never change."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.knowledge import access, queries, rules
from anliegen.knowledge.events import ArticleEvent, ArticlePublished, ArticleReviewed, ArticleSaved, ArticleWithdrawn
from anliegen.knowledge.models import Article, ArticleUse, ArticleVersion
from anliegen.knowledge.rules import ArticleContent, ArticleState, Helps
from anliegen.lib import bus
from anliegen.lib.errors import Conflict, Refused
from anliegen.lib.text import LANGUAGES
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.search import actions as search

MAX_MONTHS = 36
DOCUMENT = "article"  # what it is called in the search


class Changed(Conflict):
    """Somebody else saved the draft meanwhile: nothing was written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Care:
    """Who answers for an article, and how often it is looked at. An owner of None is nobody."""

    owner: User | None
    review_months: int = 12


@audit.command
def save(  # noqa: PLR0913 - what is written, and by whom
    article_key: str | None,
    content: ArticleContent,
    care: Care,
    *,
    acting_user: User | None,
    now: datetime,
    base: int = 0,
    key: str = "",
    called: str = "",
) -> Article:
    """Keep a draft; without `article_key` a new article begins. Nobody reads it before it is published.

    A new one gets the key `called`, or one made from its title. `base` is the saving that the editor saw. Raises
    Changed if there is a later one, Refused (texts that are too long, no title), Forbidden, NotFound.
    """
    access.require_editor(acting_user, now)
    before = audit.replayed(acting_user.pk, key, "knowledge.save") if acting_user else None
    if before is not None:
        return Article.objects.get(pk=before)
    _storable(content, care)
    article = access.locked(article_key) if article_key else _begun(content, called, now)
    if article.draft_number != base:
        raise Changed(_("Somebody else has changed this draft meanwhile."))
    article.draft, article.draft_by, article.draft_at = content.json(), acting_user, now
    article.draft_number += 1
    article.owner, article.review_months = care.owner, care.review_months
    if article.current_id is None:
        article.category_key, article.kind = content.category, content.kind
    article.save()
    if acting_user:
        audit.remember(acting_user.pk, key, "knowledge.save", "article", article.pk)
    _tell(ArticleSaved, article, acting_user, now, draft=article.draft_number)
    return article


def _begun(content: ArticleContent, called: str, now: datetime) -> Article:
    """A new article, under a key of its own."""
    wanted = rules.key_of(called) or rules.key_of(content.title.get("de", "") or content.title.get("en", ""))
    if not wanted:
        raise Refused("title_de", _("Please give the article a title."))
    taken = set(Article.objects.filter(key__startswith=wanted).values_list("key", flat=True))
    name = next(one for one in (wanted, *(f"{wanted}-{n}" for n in range(2, len(taken) + 3))) if one not in taken)
    return Article.objects.create(key=name, created_at=now)


def _storable(content: ArticleContent, care: Care) -> None:
    """A draft may be unfinished, but not without bounds."""
    limits = {"title": rules.MAX_TITLE, "answer": rules.MAX_ANSWER, "body": rules.MAX_BODY}
    errors: dict[str, Any] = {}
    for part, limit in limits.items():
        for lang in LANGUAGES:
            text = str(getattr(content, part).get(lang, ""))
            if len(text) > limit:
                errors[f"{part}_{lang}"] = _("At most %(limit)s characters are possible here.") % {"limit": limit}
            elif "\x00" in text:
                errors[f"{part}_{lang}"] = _("This text contains a character that cannot be stored.")
    if not 1 <= care.review_months <= MAX_MONTHS:
        errors["review_months"] = _("Please choose 1 to %(most)s months.") % {"most": MAX_MONTHS}
    if errors:
        first = next(iter(errors))
        raise Refused(first, errors[first], more=errors)


@audit.command
def publish(article_key: str, *, acting_user: User | None, now: datetime, base: int, key: str = "") -> ArticleVersion:
    """Let people read the draft: it becomes the next version. The next look at it is due after the agreed months.

    Raises Changed if somebody saved it meanwhile, Refused while the check finds what must be put right, Forbidden.
    """
    access.require_editor(acting_user, now)
    before = audit.replayed(acting_user.pk, key, "knowledge.publish") if acting_user else None
    if before is not None:
        return ArticleVersion.objects.get(pk=before)
    article = access.locked(article_key)
    if article.draft_number != base:
        raise Changed(_("Somebody else has changed this draft meanwhile."))
    content = queries.content_of(article)
    if any(found.must for found in queries.checked(article, content)):
        raise Refused("", _("Please put right what the check has found. Then it can be published."))
    if article.owner is None:
        raise Refused("owner", _("Please say who answers for this article."))
    version = _version(article, content, acting_user, now)
    _offer(article, version, content, now)
    if acting_user:
        audit.remember(acting_user.pk, key, "knowledge.publish", "articleversion", version.pk)
    _tell(ArticlePublished, article, acting_user, now, version=version.number, audience=article.audience)
    return version


def _version(article: Article, content: ArticleContent, acting_user: User | None, now: datetime) -> ArticleVersion:
    last = ArticleVersion.objects.filter(article=article).aggregate(last=Max("number"))["last"]
    return ArticleVersion.objects.create(
        article=article,
        number=(last or 0) + 1,
        title=dict(content.title),
        answer=dict(content.answer),
        body=dict(content.body),
        keywords={lang: list(content.keywords.get(lang, ())) for lang in LANGUAGES},
        items=list(content.items),
        steps=list(content.steps),
        related=list(content.related),
        created_at=now,
        created_by=acting_user,
    )


def _offer(article: Article, version: ArticleVersion, content: ArticleContent, now: datetime) -> None:
    """Make the version what is read and found."""
    article.current, article.state = version, ArticleState.PUBLISHED
    article.category_key, article.kind, article.audience = content.category, content.kind, content.audience
    article.published_draft = article.draft_number
    article.reviewed_at, article.review_on = now, rules.months_later(day(now), article.review_months)
    article.save()
    ArticleUse.objects.filter(article=article).delete()
    search.put(*_docs(article, version))
    ArticleUse.objects.bulk_create(
        ArticleUse(article=article, helps=helps, key=name, position=position)
        for helps, names in ((Helps.ITEM, content.items), (Helps.STEP, content.steps))
        for position, name in enumerate(dict.fromkeys(names))
    )


def article_docs() -> Iterator[search.Doc]:
    """Every article that people read, in both languages, as the search has it."""
    for article in Article.objects.filter(state=ArticleState.PUBLISHED).select_related("current").order_by("pk"):
        if article.current is not None:
            yield from _docs(article, article.current)


def _docs(article: Article, version: ArticleVersion) -> list[search.Doc]:
    """By which words it is found, in each language, by those who read it."""
    return [
        search.Doc(
            kind=DOCUMENT,
            object_id=article.key,
            lang=lang,
            title=version.title[lang],
            keywords=list(version.keywords.get(lang, ())),
            text=rules.search_words(version.answer[lang], version.body[lang]),
            access=(access.search_word(article.audience),),
        )
        for lang in LANGUAGES
    ]


@audit.command
def withdraw(article_key: str, *, acting_user: User | None, now: datetime) -> Article:
    """Let nobody read it any more; what was written stays, and can be published again. Once more changes nothing."""
    access.require_editor(acting_user, now)
    article = access.locked(article_key)
    if article.state != ArticleState.PUBLISHED:
        return article
    article.state = ArticleState.WITHDRAWN
    article.save(update_fields=["state"])
    ArticleUse.objects.filter(article=article).delete()
    search.drop(DOCUMENT, article.key)
    _tell(ArticleWithdrawn, article, acting_user, now)
    return article


@audit.command
def review(article_key: str, *, acting_user: User | None, now: datetime) -> Article:
    """Note that somebody looked at it and found it still right: the next look is due after the agreed months."""
    access.require_editor(acting_user, now)
    article = access.locked(article_key)
    article.reviewed_at, article.review_on = now, rules.months_later(day(now), article.review_months)
    article.save(update_fields=["reviewed_at", "review_on"])
    _tell(ArticleReviewed, article, acting_user, now, review_on=article.review_on.isoformat())
    return article


def _tell(kind: type[ArticleEvent], article: Article, acting_user: User | None, now: datetime, **facts: Any) -> None:
    bus.publish(
        kind(
            subject_id=article.pk,
            actor_id=acting_user.pk if acting_user else None,
            rule="" if acting_user else "knowledge.system",
            now=now,
            changes={"key": article.key, **facts},
        )
    )
