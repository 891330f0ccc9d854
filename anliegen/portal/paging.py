"""Pages of a list whose rows were read already."""

from django.core.paginator import Page, Paginator

from anliegen.requests.queries import Page as Part


def page_of(part: Part) -> "Page[int]":
    """What `ui/c/pagination.html` needs, from a part of a list."""
    return Paginator(range(part.total), part.size).page(part.number)
