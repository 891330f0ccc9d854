"""What people write can never act as a page of ours."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from anliegen.lib import markdown

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    "[x](//evil.example/)",
    "[x](\\\\evil.example)",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,AAAA)",
    '![x"onerror=alert(1)](tray.svg)',
    '![x](tray.svg "\\"><script>alert(1)</script>")',
    "<svg onload=alert(1)>",
    "<a href='javascript:alert(1)'>x</a>",
    "<style>body{display:none}</style>",
    "<iframe src=//evil.example></iframe>",
    "`</code><script>alert(1)</script>`",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '<https://a.example/"onmouseover=alert(1)>',
    "| a |\n|---|\n| <b onclick=x>y</b> |",
)
OURS = {"tray.svg": "/knowledge/printer/pictures/tray.svg"}


class Reader(HTMLParser):
    """Every element and attribute as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def harmless(text: str) -> None:
    for tag, attributes in Reader(markdown.html(text, lambda name: OURS.get(name, ""))).found:
        assert tag in markdown.TAGS
        assert set(attributes) <= {"href", "rel", "src", "alt", "loading", "start", "scope"}
        if tag == "img":
            assert attributes["src"] in OURS.values()
        target = attributes.get("href") or ""
        assert re.match(r"(https?:|mailto:|tel:)|(?!//)[^:]*$|[^:/?#]*[/?#]", target, re.IGNORECASE), target
        assert not target.startswith(("//", "\\"))


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_become_words(text: str) -> None:
    harmless(text)
    assert "<script" not in markdown.html(text).lower()


_pieces = st.sampled_from(
    [*ATTACKS, "# a", "\n\n", "1. x", "**", "[", "](", ")", "![", "<", ">", "tray.svg", "&", "`", "|"]
)


@given(st.lists(_pieces | st.text(max_size=12), max_size=12).map("".join))
@example("![](tray.svg)")
def test_whatever_is_put_together_is_harmless(text: str) -> None:
    harmless(text)
    markdown.outline(text)
    assert "<" not in re.sub(r"&lt;", "", markdown.plain(text))


def test_headings_begin_below_the_title_of_the_page() -> None:
    assert markdown.html("# Eins\n\n##### Fünf") == "<h2>Eins</h2>\n<h4>Fünf</h4>\n"


def test_a_picture_of_ours_is_shown_and_another_becomes_its_words() -> None:
    shown = markdown.html("![Das Fach](tray.svg)", lambda name: OURS.get(name, ""))
    assert f'src="{OURS["tray.svg"]}"' in shown
    assert 'alt="Das Fach"' in shown
    assert markdown.html("![Das Fach](no.svg)") == "<p>Das Fach</p>\n"


def test_links_lead_where_they_say() -> None:
    assert 'href="/catalogue/item/vpn/"' in markdown.html("[VPN](/catalogue/item/vpn/)")
    assert 'rel="noopener noreferrer"' in markdown.html("[Web](https://example.org)")


def test_the_outline_tells_headings_pictures_and_links() -> None:
    found = markdown.outline("## Zwei `x`\n\n![Fach](tray.svg) und [mehr **davon**](/x)")
    assert found.headings == [(2, "Zwei x")]
    assert found.pictures == [("tray.svg", "Fach")]
    assert found.links == [("/x", "mehr davon")]


def test_words_without_marks() -> None:
    assert markdown.plain("## Eins\n\n**zwei** [drei](/x) ![vier](a.svg)") == "Eins zwei drei"
