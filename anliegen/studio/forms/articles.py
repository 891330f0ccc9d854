"""An article as it is typed: both languages side by side."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import queries as catalogue
from anliegen.knowledge.models import Article
from anliegen.knowledge.queries import content_of
from anliegen.knowledge.rules import (
    MAX_ANSWER,
    MAX_BODY,
    MAX_TITLE,
    ArticleContent,
    Audience,
    Kind,
)
from anliegen.lib import clock
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.people.models import User
from anliegen.studio.lookups import person_text, persons
from anliegen.ui.fields import PersonField

KINDS = (
    (Kind.HOW_TO.value, _("How to do something")),
    (Kind.INFORMATION.value, _("Information")),
    (Kind.ADVICE.value, _("Advice")),
)
AUDIENCES = (
    (Audience.ALL.value, _("Everybody")),
    (Audience.INTERNAL.value, _("Only those who work on requests")),
)
NAMES = {"de": _("German"), "en": _("English")}
_PARTS = re.compile(r"[,;\n]+")


class ArticleForm(forms.Form):
    """Everything of an article; `base` is the saving that the editor saw. May be unfinished."""

    use_required_attribute = False

    def __init__(self, user: User, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial)
        for lang, name in NAMES.items():
            self._texts(lang, str(name))
        self._frame(user)

    def _texts(self, lang: str, name: str) -> None:
        def label(text: object) -> str:
            return f"{text} ({name})"

        here = {"lang": lang}
        self.fields[f"title_{lang}"] = forms.CharField(
            label=label(_("Title")), max_length=MAX_TITLE, required=False, widget=forms.TextInput(here)
        )
        self.fields[f"answer_{lang}"] = forms.CharField(
            label=label(_("The answer in one or two sentences")),
            max_length=MAX_ANSWER,
            required=False,
            widget=forms.Textarea({**here, "rows": 3}),
        )
        self.fields[f"body_{lang}"] = forms.CharField(
            label=label(_("Steps and more")),
            max_length=MAX_BODY,
            required=False,
            widget=forms.Textarea({**here, "rows": 18}),
        )
        self.fields[f"keywords_{lang}"] = forms.CharField(
            label=label(_("Other words by which people look for it")),
            max_length=1_000,
            required=False,
            widget=forms.TextInput(here),
        )

    def _frame(self, user: User) -> None:
        lang, now = get_language() or "de", clock.now()
        subjects = [
            (one.category.key, LocalText.of(one.category.name).to(lang)) for one in catalogue.categories(user, now)
        ]
        items = [(card.key, LocalText.of(card.version.title).to(lang)) for card in catalogue.items(user, now)]
        self.fields["category"] = forms.ChoiceField(label=_("Area"), choices=[("", "—"), *subjects], required=False)
        self.fields["kind"] = forms.ChoiceField(label=_("What it is"), choices=KINDS)
        self.fields["audience"] = forms.ChoiceField(label=_("Who reads it"), choices=AUDIENCES)
        self.fields["owner"] = PersonField(
            label=_("Who answers for it"), lookup=persons(user), url="/studio/knowledge/persons", required=False
        )
        self.fields["review_months"] = forms.IntegerField(
            label=_("Look at it again after so many months"), min_value=1, max_value=36, initial=12
        )
        self.fields["items"] = forms.MultipleChoiceField(
            label=_("Services it helps with"), choices=items, required=False, widget=forms.CheckboxSelectMultiple
        )
        self.fields["steps"] = forms.CharField(
            label=_("Steps of the work it helps with"),
            help_text=_("Keys of steps, with commas between them"),
            max_length=1_000,
            required=False,
        )
        self.fields["related"] = forms.CharField(
            label=_("What else to read"),
            help_text=_("Keys of articles as in their addresses, with commas between them"),
            max_length=1_000,
            required=False,
        )
        self.fields["base"] = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    @property
    def columns(self) -> list[tuple[str, str, list[Any]]]:
        """The texts of each language: (language, its name, fields)."""
        parts = ("title", "answer", "body", "keywords")
        return [(lang, str(NAMES[lang]), [self[f"{part}_{lang}"] for part in parts]) for lang in LANGUAGES]

    def content(self) -> ArticleContent:
        """What was typed. Only of a valid form."""
        said = self.cleaned_data

        def both(part: str) -> dict[str, str]:
            return {lang: said[f"{part}_{lang}"].replace("\r\n", "\n").strip() for lang in LANGUAGES}

        return ArticleContent(
            category=said["category"],
            kind=said["kind"],
            audience=said["audience"],
            title=both("title"),
            answer=both("answer"),
            body=both("body"),
            keywords={lang: _list(said[f"keywords_{lang}"]) for lang in LANGUAGES},
            items=said["items"],
            steps=_list(said["steps"]),
            related=_list(said["related"]),
        )


def _list(text: str) -> list[str]:
    return [part.strip()[:60] for part in _PARTS.split(text) if part.strip()]


def initial(article: Article) -> dict[str, Any]:
    """A draft as the form shows it."""
    content = content_of(article)
    found: dict[str, Any] = {
        "category": content.category,
        "kind": content.kind,
        "audience": content.audience,
        "items": list(content.items),
        "steps": ", ".join(content.steps),
        "related": ", ".join(content.related),
        "owner": person_text(article.owner) if article.owner else "",
        "review_months": article.review_months,
        "base": article.draft_number,
    }
    return found | _texts(content)


def _texts(content: ArticleContent) -> dict[str, str]:
    parts: Mapping[str, Mapping[str, str]] = {"title": content.title, "answer": content.answer, "body": content.body}
    found = {f"{part}_{lang}": text.get(lang, "") for part, text in parts.items() for lang in LANGUAGES}
    words: Mapping[str, Sequence[str]] = content.keywords
    return found | {f"keywords_{lang}": ", ".join(words.get(lang, ())) for lang in LANGUAGES}


class PictureForm(forms.Form):
    """A picture for an article."""

    use_required_attribute = False
    picture = forms.FileField(label=_("Picture"), help_text=_("PNG, JPEG, WebP or SVG; at most 5 MB"))

    def clean_picture(self) -> Any:
        found = self.cleaned_data["picture"]
        if found.size > 5_000_000:
            raise forms.ValidationError(_("This picture is too large. At most 5 MB are possible."))
        return found
