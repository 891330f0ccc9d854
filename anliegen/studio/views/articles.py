"""Writing articles (ux spec S15)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms as django_forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from anliegen.knowledge import access, actions, queries
from anliegen.knowledge.actions import Care, Changed
from anliegen.knowledge.rules import ArticleContent, ArticleState
from anliegen.lib import clock, markdown
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.people.access import day
from anliegen.search import queries as search
from anliegen.studio import lookups, words
from anliegen.studio.doors import Person, for_editors, page, person
from anliegen.studio.forms.articles import ArticleForm, PictureForm, initial
from anliegen.studio.words import Edited
from anliegen.ui.act import act, form_key

FILTERS = ("", ArticleState.PUBLISHED, ArticleState.DRAFT, ArticleState.WITHDRAWN, "due", "weak")


@require_GET
@for_editors
def home(request: HttpRequest) -> HttpResponse:
    """The only area so far."""
    return redirect("studio-articles")


@require_GET
@for_editors
def overview(request: HttpRequest) -> HttpResponse:
    """All articles with state, owner, next look and votes; and what people looked for and did not find."""
    now, lang = clock.now(), get_language() or "de"
    show = request.GET.get("show", "")
    everything = queries.articles(person(request), now)
    chosen = queries.articles(person(request), now, show=show) if show in FILTERS and show else everything
    rows = sorted(chosen, key=lambda row: row.title.to(lang).casefold())
    today = day(now)
    context = {
        "rows": [{"row": row, "state": words.state(row.article), "due": row.due(today)} for row in rows],
        "show": show,
        "filters": _filters(),
        "due": sum(row.due(today) for row in everything),
        "gaps": search.gaps(),
    }
    return page(request, "studio/articles.html", context)


def _filters() -> list[tuple[str, object]]:
    named = [
        (state.value, word) for state, (_kind, word) in ((ArticleState(key), words.STATES[key]) for key in words.STATES)
    ]
    return [("", _("All of them")), *named, ("due", _("Due for a look")), ("weak", _("More no than yes"))]


@require_http_methods(["GET", "POST"])
@for_editors
def new(request: HttpRequest) -> HttpResponse:
    """A new article; `?title=` is what somebody looked for and did not find."""
    user = person(request)
    if request.method == "POST":
        return _save(request, None)
    lang = "en" if request.GET.get("lang") == "en" else "de"
    wanted = request.GET.get("title", "").replace("\x00", "")[:120]
    begun = {
        "base": 0,
        "owner": lookups.person_text(user),
        "review_months": 12,
        "audience": "all",
        "kind": "how-to",
        f"title_{lang}": wanted[:1].upper() + wanted[1:],
    }
    return page(request, "studio/article.html", {"form": ArticleForm(user, initial=begun)})


@require_http_methods(["GET", "POST"])
@for_editors
def edit(request: HttpRequest, key: str) -> HttpResponse:
    """One article: both languages, what the check finds, how it will look, what readers said."""
    article = access.to_edit(key, person(request), clock.now())
    if request.method == "POST":
        return _save(request, article)
    form = ArticleForm(person(request), initial=initial(article))
    return page(request, "studio/article.html", _around(article, clock.now()) | {"form": form})


def _around(article: Edited, now: datetime) -> dict[str, Any]:
    content = queries.content_of(article)
    found = [words.told(problem) for problem in queries.checked(article, content)]
    return {
        "article": article,
        "state": words.state(article),
        "title": LocalText.of(content.title).to(get_language() or "de"),
        "newer": article.draft_number != article.published_draft,
        "problems": found,
        "ready": not any(one["must"] for one in found),
        "shown": [_shown(article, content, lang) for lang in LANGUAGES],
        "missing": queries.missing_words(article),
        "pictures": sorted(queries.picture_names(article)),
        "picture_form": PictureForm(),
        "due": article.review_on is not None and article.review_on <= day(now),
    }


def _shown(article: Edited, content: ArticleContent, lang: str) -> dict[str, Any]:
    """The draft as readers would see it."""
    names = queries.picture_names(article)

    def picture(name: str) -> str:
        return reverse("article-picture", args=[article.key, name]) if name in names else ""

    return {
        "lang": lang,
        "name": words.LANGUAGES[lang],
        "title": content.title.get(lang, ""),
        "answer": SafeString(markdown.html(content.answer.get(lang, ""))),
        "body": SafeString(markdown.html(content.body.get(lang, ""), picture)),
    }


def _save(request: HttpRequest, article: Edited | None) -> HttpResponse:
    user, now = person(request), clock.now()
    form = ArticleForm(user, request.POST)
    saved = act(
        form,
        lambda: actions.save(
            article.key if article else None,
            form.content(),
            Care(
                owner=lookups.chosen(form.cleaned_data["owner"], user), review_months=form.cleaned_data["review_months"]
            ),
            acting_user=user,
            now=now,
            base=form.cleaned_data["base"],
            key=form_key(request),
        ),
        at={Changed: "base"},
    )
    if saved is not None:
        messages.success(request, _("The draft is saved."))
        return redirect("studio-article", key=saved.key)
    if article is not None and form.is_bound and "base" in form.errors:
        return _changed(request, article, form)
    around = _around(article, now) if article else {}
    return page(request, "studio/article.html", around | {"form": form}, status=422)


def _care(form: ArticleForm, user: Person) -> Care:
    owner = lookups.chosen(form.cleaned_data["owner"], user)
    return Care(owner=owner, review_months=form.cleaned_data["review_months"])


def _changed(request: HttpRequest, article: Edited, form: ArticleForm) -> HttpResponse:
    """Somebody was faster: both texts, and nothing lost. Saving again takes this one."""
    data = request.POST.copy()
    data["base"] = str(article.draft_number)
    data.pop("form_key", None)
    mine = ArticleForm(person(request), data)
    theirs = initial(article)
    context = {
        "article": article,
        "form": mine,
        "differences": _differences(theirs, data),
        "by": article.draft_by,
    }
    return page(request, "studio/changed.html", context, status=409)


def _differences(theirs: Mapping[str, Any], mine: Mapping[str, Any]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for part in ("title", "answer", "body", "keywords"):
        for lang in LANGUAGES:
            name = f"{part}_{lang}"
            other, own = str(theirs[name]).strip(), str(mine.get(name, "")).replace("\r\n", "\n").strip()
            if other != own:
                where = f"{words.PARTS[part]}, {words.LANGUAGES[lang]}"
                found.append({"where": where, "theirs": other, "mine": own, "lang": lang})
    return found


@require_POST
@for_editors
def publish(request: HttpRequest, key: str) -> HttpResponse:
    """Let people read the draft."""
    user, now = person(request), clock.now()
    article = access.to_edit(key, user, now)
    form = _BaseForm(request.POST)
    done = act(
        form,
        lambda: actions.publish(key, acting_user=user, now=now, base=form.cleaned_data["base"], key=form_key(request)),
        at={Changed: "base"},
    )
    if done is None:
        errors = [str(message) for found in form.errors.values() for message in found]
        context = _around(article, now) | {"form": ArticleForm(user, initial=initial(article)), "refused": errors}
        return page(request, "studio/article.html", context, status=409 if "base" in form.errors else 422)
    messages.success(request, _("Published. People read this version now."))
    return redirect("studio-article", key=key)


class _BaseForm(django_forms.Form):
    base = django_forms.IntegerField(min_value=0)
    owner = django_forms.CharField(required=False)


@require_POST
@for_editors
def withdraw(request: HttpRequest, key: str) -> HttpResponse:
    """Let nobody read it any more."""
    actions.withdraw(key, acting_user=person(request), now=clock.now())
    messages.success(request, _("Withdrawn. Nobody reads it any more; it can be published again."))
    return redirect("studio-article", key=key)


@require_POST
@for_editors
def review(request: HttpRequest, key: str) -> HttpResponse:
    """It is still right."""
    actions.review(key, acting_user=person(request), now=clock.now())
    messages.success(request, _("Noted: it is still right."))
    return redirect("studio-article", key=key)


@require_POST
@for_editors
def picture(request: HttpRequest, key: str) -> HttpResponse:
    """Add a picture, or another one under the same name."""
    user, now = person(request), clock.now()
    article = access.to_edit(key, user, now)
    form = PictureForm(request.POST, request.FILES)

    def add() -> object:
        sent = form.cleaned_data["picture"]
        return actions.add_picture(key, sent.name, sent.read(), acting_user=user, now=now)

    if act(form, add) is None:
        context = _around(article, now) | {"form": ArticleForm(user, initial=initial(article)), "picture_form": form}
        return page(request, "studio/article.html", context, status=422)
    messages.success(request, _("The picture is there. Name it in the text."))
    return redirect("studio-article", key=key)


@require_GET
@for_editors
def persons(request: HttpRequest) -> HttpResponse:
    """Suggestions for who answers for an article."""
    matches = lookups.persons(person(request))(request.GET.get("q", "")[:100])
    return render(request, "ui/c/options.html", {"matches": matches})
