"""Markdown that editors write, as safe HTML."""

from functools import lru_cache

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_TAGS = {"p", "br", "strong", "em", "ul", "ol", "li", "h3", "h4", "a", "code", "blockquote"}


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def prose(text: str) -> SafeString:
    """Paragraphs, lists, links and emphasis; everything else is left out."""
    rendered = _parser().render(text)
    schemes = {"http", "https", "mailto"}
    return SafeString(nh3.clean(rendered, tags=_TAGS, attributes={"a": {"href"}}, url_schemes=schemes))
