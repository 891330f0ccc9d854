"""How well the search finds: `python -m bench.search_quality` prints recall@3 and MRR for each kind of difficulty.

Over the shipped services and the demo company's articles, in memory, without a database. With a number: among so many
documents of noise, made of the same words.
"""

import csv
import json
import random
import sys
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from anliegen.search.rules import Entry, Index, Synonyms, Viewer, text_words

ROOT = Path(__file__).resolve().parent.parent
QUERIES = ROOT / "tests" / "search" / "queries.csv"
SYNONYMS = ROOT / "anliegen" / "search" / "data" / "synonyms.csv"
EVERYBODY = frozenset({"everyone"})
BEST = 3


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody types, and what they mean."""

    text: str
    lang: str
    difficulty: str
    kind: str
    expected: str


@dataclass(frozen=True, slots=True)
class Mark:
    """Of some queries: the share found among the best three, and the mean of 1/place."""

    queries: int
    recall: float
    mrr: float


def queries() -> list[Query]:
    """The queries of the file."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [
            Query(row["query"], row["lang"], row["difficulty"].lower(), row["kind"], row["expected"])
            for row in csv.DictReader(file)
        ]


def index(noise: int = 0) -> Index:
    """Services and articles, and documents of noise."""
    entries = [*_items(), *_articles()]
    with SYNONYMS.open(encoding="utf-8", newline="") as file:
        groups = [row for row in csv.reader(file) if row]
    return Index([*entries, *_noise(entries, noise)], Synonyms.of(groups))


def _items() -> Iterator[Entry]:
    for folder in sorted((ROOT / "anliegen" / "library").glob("[a-z]*/texts")):
        form = json.loads((folder.parent / "form.json").read_text(encoding="utf-8"))
        for lang in ("de", "en"):
            said = json.loads((folder / f"{lang}.json").read_text(encoding="utf-8"))
            asked = [one["label"][lang] for one in form["questions"] if "label" in one]
            asked += [option["label"][lang] for one in form["questions"] for option in one.get("options", [])]
            text = "\n".join([said["summary"], said["description"], said["category"], *asked])
            yield _entry("item", folder.parent.name, lang, (said["title"], said["synonyms"], text))


def _articles() -> Iterator[Entry]:
    for folder in sorted((ROOT / "anliegen" / "demo" / "articles").iterdir()):
        about = json.loads((folder / "article.json").read_text(encoding="utf-8"))
        for lang in ("de", "en"):
            title, _line, text = (folder / f"{lang}.md").read_text(encoding="utf-8").partition("\n")
            yield _entry("article", folder.name, lang, (title.lstrip("# "), about["keywords"][lang], text))


def _entry(kind: str, key: str, lang: str, said: tuple[str, list[str], str]) -> Entry:
    title, keywords, text = said
    words = text_words(title), text_words("\n".join(keywords)), list(dict.fromkeys(text_words(text)))
    return Entry(kind, key, lang, *words, EVERYBODY)


def _noise(entries: list[Entry], number: int) -> Iterator[Entry]:
    """Documents whose words are drawn from all others, as if colleagues had written about everything."""
    draw = random.Random(7)
    words = [word for entry in entries for word in (*entry.title, *entry.text)]
    for n in range(number):
        title, text = draw.choices(words, k=4), draw.choices(words, k=60)
        yield Entry(("item", "article")[n % 2], f"noise-{n}", draw.choice(("de", "en")), title, [], text, EVERYBODY)


def marks(found_in: Index, asked: Iterable[Query]) -> dict[str, Mark]:
    """For each difficulty, each kind, and "all"."""
    places: dict[str, list[int]] = defaultdict(list)
    for query in asked:
        place = place_of(found_in, query)
        for name in (query.difficulty, query.kind, "all"):
            places[name].append(place)
    return {
        name: Mark(
            len(found),
            sum(0 < place <= BEST for place in found) / len(found),
            sum(1 / place for place in found if place) / len(found),
        )
        for name, found in sorted(places.items())
    }


def place_of(found_in: Index, query: Query) -> int:
    """At which place what was meant stands among its kind; 0 if it was not found."""
    viewer = Viewer(EVERYBODY, frozenset({query.kind}), query.lang)
    keys = [one.entry.object_id for one in found_in.find(query.text, viewer, typing=query.difficulty == "prefix")]
    return keys.index(query.expected) + 1 if query.expected in keys else 0


def main(noise: int) -> None:
    """Print how well it finds, for each kind of difficulty, and what it does not find."""
    began = time.process_time()
    found_in = index(noise)
    read_ms = (time.process_time() - began) * 1000
    asked = queries()
    marks(found_in, asked)
    began = time.process_time()
    told = marks(found_in, asked)
    each_ms = (time.process_time() - began) * 1000 / len(asked)
    print(f"{len(found_in.entries)} documents, read in {read_ms:.0f} ms of CPU; {each_ms:.2f} ms of CPU a query\n")
    print("| search | queries | recall@3 | MRR |\n|---|---:|---:|---:|")
    for name, mark in told.items():
        print(f"| {name} | {mark.queries} | {mark.recall:.2f} | {mark.mrr:.2f} |")
    print()
    for query in asked:
        if not 0 < (place := place_of(found_in, query)) <= BEST:
            print(f"  not among the best: {query.text!r} ({query.difficulty}): {query.expected}, place {place or '-'}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 0)
