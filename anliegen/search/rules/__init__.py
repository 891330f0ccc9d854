"""Pure rules of search: analysis of words, expansion of a query, scores."""

from anliegen.search.rules.analysis import (
    LANGUAGES,
    MAX_QUERY,
    Pieces,
    folded,
    is_stop_word,
    is_weak_word,
    query_words,
    stem,
    stems,
    terms,
    text_words,
)
from anliegen.search.rules.index import Entry, Found, Index, Viewer
from anliegen.search.rules.marks import marked
from anliegen.search.rules.synonyms import Synonyms
from anliegen.search.rules.vocabulary import Group, Vocabulary

__all__ = [
    "LANGUAGES",
    "MAX_QUERY",
    "Entry",
    "Found",
    "Group",
    "Index",
    "Pieces",
    "Synonyms",
    "Viewer",
    "Vocabulary",
    "folded",
    "is_stop_word",
    "is_weak_word",
    "marked",
    "query_words",
    "stem",
    "stems",
    "terms",
    "text_words",
]
