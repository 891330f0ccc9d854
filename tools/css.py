#!/usr/bin/env python3
"""Make the one stylesheet: Tabler's rules that our templates use, then our theme.

    tools/css.py           writes anliegen/ui/static/ui/anliegen.css
    tools/css.py --check   fails when the committed file is not what would be written

A rule stays when every class in one of its selectors is used in a template or listed in
anliegen/ui/css/classes.txt. Needs node_modules (developer installation).
"""

import fnmatch
import gzip
import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
UI = ROOT / "anliegen" / "ui"
SOURCE = ROOT / "node_modules" / "@tabler" / "core" / "dist" / "css" / "tabler.min.css"
TARGET = UI / "static" / "ui" / "anliegen.css"
LIMIT = 25_000
# Set aside whatever the list says: glyph and colour families that we never use (ux: measured to fail AA, or not ours).
NEVER = re.compile(
    r"data-vc|data-bs-theme-(base|primary|font|radius)|\[dir=|\[data-bs-theme=dark\] \.(?!btn-close)"
    r"|ts-|litepicker|apexcharts|jvm-|tox|dropzone|noUi|plyr|fslightbox"
)
CLASS = re.compile(r"\.(-?[A-Za-z_][\w-]*(?:\\.[\w-]*)*)")
WORD = re.compile(r"[A-Za-z][\w-]+")
Block = tuple[str, str]


def blocks(css: str) -> Iterator[Block]:
    """Each top-level statement as (prelude, body); a statement without a body has an empty one."""
    start = depth = 0
    prelude, quote, i = "", "", 0
    while i < len(css):
        char = css[i]
        if quote:
            i += char == "\\"
            quote = "" if char == quote else quote
        elif char in "\"'":
            quote = char
        elif char == "{":
            if depth == 0:
                prelude, start = css[start:i].strip(), i + 1
            depth += 1
        elif char == "}":
            depth -= 1
            if depth == 0:
                yield prelude, css[start:i]
                start = i + 1
        elif char == ";" and depth == 0:
            yield css[start : i + 1].strip(), ""
            start = i + 1
        i += 1


def split(text: str, at: str) -> list[str]:
    """Split at a character outside brackets and quotes."""
    parts, depth, quote, last = [], 0, "", 0
    for i, char in enumerate(text):
        if quote:
            quote = "" if char == quote and text[i - 1] != "\\" else quote
        elif char in "\"'":
            quote = char
        elif char in "([":
            depth += 1
        elif char in ")]":
            depth -= 1
        elif char == at and depth == 0:
            parts.append(text[last:i])
            last = i + 1
    return [*parts, text[last:]]


class Used:
    """Which class names are in use."""

    def __init__(self) -> None:
        lines = (UI / "css" / "classes.txt").read_text(encoding="utf-8").split("\n")
        listed = [word for line in lines if not line.startswith("#") for word in line.split()]
        self.names = {word for word in listed if "*" not in word}
        self.patterns = [word for word in listed if "*" in word]
        for folder in sorted((ROOT / "anliegen").glob("*/templates")):
            for page in sorted(folder.rglob("*.html")):
                self.names |= set(
                    WORD.findall(" ".join(re.findall(r'class(?:es)?="([^"]*)"', page.read_text(encoding="utf-8"))))
                )

    def has(self, name: str) -> bool:
        return name in self.names or any(fnmatch.fnmatchcase(name, pattern) for pattern in self.patterns)

    def selector(self, selector: str) -> bool:
        # what stands in :not() need not exist
        bare = re.sub(r":not\([^()]*(?:\([^()]*\)[^()]*)*\)", "", selector)
        return not NEVER.search(selector) and all(self.has(name.replace("\\", "")) for name in CLASS.findall(bare))


def purge(css: str, used: Used) -> str:
    out = []
    for prelude, body in blocks(css):
        if prelude.startswith(("@media", "@supports", "@layer", "@container")):
            inner = purge(body, used)
            if inner:
                out.append(f"{prelude}{{{inner}}}")
        elif prelude.startswith("@"):
            out.append(f"{prelude}{{{body}}}" if body and not prelude.startswith("@charset") else "")
        else:
            kept = [s for s in split(prelude, ",") if used.selector(s)]
            if kept and body.strip():
                out.append(f"{','.join(kept)}{{{body}}}")
    return "".join(out)


def drop_unused(css: str, theme: str) -> str:
    """Take out custom properties that nothing reads and key frames that nothing plays, until none is left."""
    smaller = _drop_once(css, theme)
    while smaller != css:
        css, smaller = smaller, _drop_once(smaller, theme)
    return css


def _drop_once(css: str, theme: str) -> str:
    read = set(re.findall(r"var\((--[\w-]+)", css + theme))
    played = " ".join(re.findall(r"animation(?:-name)?:([^;}]+)", css))
    css = re.sub(
        r"(?<=[{;])(--[\w-]+):([^;{}\"']*(?:(?:\"[^\"]*\"|'[^']*')[^;{}\"']*)*);?",
        lambda m: m[0] if m[1] in read else "",
        css,
    )
    css = re.sub(r"@keyframes ([\w-]+)\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", lambda m: m[0] if m[1] in played else "", css)
    css = re.sub(r"(?<=[}{])[^{}@]+\{\}", "", css)
    return re.sub(r"@(?:media|supports)[^{}]*\{\}", "", css)


def minify(css: str) -> str:
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    css = re.sub(r"\s+", " ", css)
    return re.sub(r"\s*([{};,>])\s*", r"\1", css).replace(";}", "}").strip()


def build() -> str:
    theme = minify("".join(f.read_text(encoding="utf-8") for f in sorted((UI / "css").glob("*.css"))))
    tabler = re.sub(r"/\*.*?\*/", "", SOURCE.read_text(encoding="utf-8"), flags=re.DOTALL).replace(
        '@charset "UTF-8";', ""
    )
    base = drop_unused(purge(tabler, Used()), theme)
    notice = (
        "/* Made by tools/css.py from @tabler/core (MIT, The Tabler Authors) and anliegen/ui/css. Do not edit. */\n"
    )
    return f'@charset "UTF-8";\n{notice}{base}\n{theme}\n'


def main() -> int:
    css = build()
    size = len(gzip.compress(css.encode(), 9))
    if size > LIMIT:
        print(f"{TARGET.name} has {size} bytes compressed, more than {LIMIT}")
        return 1
    if "--check" in sys.argv:
        same = TARGET.exists() and TARGET.read_text(encoding="utf-8") == css
        print("css: up to date" if same else "css: run tools/css.py, then commit")
        return 0 if same else 1
    TARGET.write_text(css, encoding="utf-8")
    print(f"{TARGET.name}: {len(css)} bytes, {size} compressed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
