"""Markdown that people write, as safe HTML, and what stands in it. Knows no domain.

What is rendered is cleaned afterwards by nh3, whatever the parser let through: no script, no style, no foreign picture.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

MAX_LENGTH = 60_000
SCHEMES = {"http", "https", "mailto", "tel"}
TAGS = {
    "p", "br", "hr", "strong", "em", "ul", "ol", "li", "h2", "h3", "h4", "a", "code", "pre", "blockquote", "img",
    "table", "thead", "tbody", "tr", "th", "td",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "loading"}, "ol": {"start"}, "th": {"scope"}}

type Picture = Callable[[str], str]
"""The address of a picture by its name; "" if there is none of that name."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands in a text: headings with their levels, pictures and links as (target, words)."""

    headings: list[tuple[int, str]] = field(default_factory=list)
    pictures: list[tuple[str, str]] = field(default_factory=list)
    links: list[tuple[str, str]] = field(default_factory=list)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False}).enable("table")


def no_picture(_name: str) -> str:
    """For texts without pictures."""
    return ""


def html(text: str, picture: Picture = no_picture) -> str:
    """The text as HTML that can stand in a page. Headings begin at h2; a picture that is not ours is left out."""
    parser = _parser()
    tokens = parser.parse(text[:MAX_LENGTH])
    addresses: set[str] = set()
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{min(4, max(2, int(token.tag[1])))}"
        elif token.type == "th_open":
            token.attrs = {"scope": "col"}
        elif token.children:
            token.children = [_own(child, picture, addresses) for child in token.children]
    rendered = parser.renderer.render(tokens, parser.options, {})

    def kept(tag: str, name: str, value: str) -> str | None:
        if (tag, name) == ("img", "src"):
            return value if value in addresses else None
        if (tag, name) == ("a", "href") and value.lstrip().startswith(("//", "\\")):
            return None
        return value

    return nh3.clean(rendered, tags=TAGS, attributes=_ATTRIBUTES, url_schemes=SCHEMES, attribute_filter=kept)


def _own(token: Token, picture: Picture, addresses: set[str]) -> Token:
    """A picture at its address; one that is not there becomes its description."""
    if token.type != "image":
        return token
    address = picture(str(token.attrs.get("src", "")))
    if not address:
        return Token("text", "", 0, content=token.content)
    addresses.add(address)
    token.attrs["src"] = address
    token.attrs["loading"] = "lazy"
    token.attrs.pop("title", None)
    return token


def plain(text: str) -> str:
    """The words of a text, for search and short previews."""
    rendered = _parser().render(text[:MAX_LENGTH])
    return " ".join(nh3.clean(rendered, tags=set()).split()) if rendered else ""


def outline(text: str) -> Outline:
    """What stands in a text, for checks."""
    found = Outline()
    tokens = _parser().parse(text[:MAX_LENGTH])
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before is not None and before.type == "heading_open":
            found.headings.append((int(before.tag[1]), _words(token.children or [])))
        if token.children:
            found.pictures.extend((str(c.attrs.get("src", "")), c.content) for c in token.children if c.type == "image")
            found.links.extend(_links(token.children))
    return found


def _links(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    target = ""
    inside: list[Token] = []
    for token in tokens:
        if token.type == "link_open":
            target, inside = str(token.attrs.get("href", "")), []
        elif token.type == "link_close":
            yield target, _words(inside)
        else:
            inside.append(token)


def _words(tokens: list[Token]) -> str:
    return "".join(token.content for token in tokens if token.type in {"text", "code_inline", "image"}).strip()
