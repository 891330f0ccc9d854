"""Reads of stock."""

from collections.abc import Iterable

from django.db.models import F, Sum

from anliegen.assets.models import Alias, Product, Reservation, Stock
from anliegen.reads.prepared import Prepared, Slot


def find(name: str) -> Product | None:
    """The product with that key or known by that other name, whatever the case, or None."""
    product = _BY_KEY.first(key=name.strip().lower())
    if product:
        return product
    alias = Alias.objects.filter(name__iexact=name.strip()).select_related("product").first()
    return alias.product if alias else None


_BY_KEY = Prepared(lambda: Product.objects.filter(key=Slot("key")))


def available(product_key: str) -> int:
    """How many could be promised now, over all places; 0 for a product that nobody knows."""
    return available_of([product_key]).get(product_key, 0)


def available_of(product_keys: Iterable[str]) -> dict[str, int]:
    """What `available` says, for several products in one statement."""
    rows = (
        Stock.objects.filter(product__key__in=list(product_keys))
        .values_list("product__key")
        .annotate(free=Sum(F("quantity") - F("reserved")))
    )
    return dict(rows)


def reservation(code: str) -> list[Reservation]:
    """What is kept for a request, issued or not."""
    return list(Reservation.objects.filter(code=code).select_related("product", "stock").order_by("id"))
