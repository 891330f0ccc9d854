"""Every address of the product with values that exist nowhere, for tests that must not forget one."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

_SAMPLE = {
    "int": "1",
    "slug": "x",
    "str": "x",
    "path": "x",
    "uuid": "00000000-0000-0000-0000-000000000000",
}
_PART = re.compile(r"<(?:(\w+):)?(\w+)>")


def every() -> Iterator[tuple[str, str]]:
    """(route as it is written, an address of it), sorted."""
    yield from sorted((route, "/" + _PART.sub(_value, route)) for route in _walk(get_resolver().url_patterns, ""))


def _value(match: re.Match[str]) -> str:
    name = match[2]
    return "SR-999999" if name == "code" else _SAMPLE.get(match[1] or "str", "x")


def _walk(patterns: list[URLPattern | URLResolver], prefix: str) -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, route)
        else:
            yield route
