"""Writes of stock. Whoever calls holds the lock of the request already; stock rows are locked by ascending id."""

from datetime import datetime

from django.db import transaction
from django.db.models import F

from anliegen.assets.models import Alias, Product, Reservation, Stock
from anliegen.lib.errors import Refused


def add_product(key: str, name: dict[str, str], *, price_cents: int = 0, aliases: tuple[str, ...] = ()) -> Product:
    """Make a product known, or bring name, price and other names up to date."""
    product, _ = Product.objects.update_or_create(key=key, defaults={"name": name, "price_cents": price_cents})
    for alias in aliases:
        Alias.objects.get_or_create(name=alias, defaults={"product": product})
    return product


@transaction.atomic
def receive(product_key: str, place: str, quantity: int) -> Stock:
    """Goods came in: raise what lies at a place by `quantity`."""
    if quantity < 1:
        raise Refused("quantity", "Enter how many arrived: at least 1.")
    product = _product(product_key)
    Stock.objects.get_or_create(product=product, place=place)
    stock = Stock.objects.select_for_update().get(product=product, place=place)
    stock.quantity = F("quantity") + quantity
    stock.save(update_fields=["quantity"])
    stock.refresh_from_db()
    return stock


@transaction.atomic
def reserve(code: str, product_key: str, quantity: int, *, now: datetime) -> Reservation | None:
    """Keep so many of a product for a request, or None when no place has enough left.

    Asking again for the same code gives the same reservation; another quantity replaces it. Two requests can never
    hold the same piece: rows are locked by ascending id, and a constraint forbids promising more than there is.
    """
    product = _product(product_key)
    rows = list(Stock.objects.select_for_update().filter(product=product).order_by("id"))
    existing = Reservation.objects.filter(code=code, product=product).first()
    if existing and (existing.issued_at or existing.quantity == quantity):
        return existing
    if existing:
        _give_back(existing)
        rows = list(Stock.objects.filter(product=product).order_by("id"))
    place = next((row for row in rows if row.quantity - row.reserved >= quantity), None)
    if place is None:
        return None
    Stock.objects.filter(pk=place.pk).update(reserved=F("reserved") + quantity)
    return Reservation.objects.create(code=code, product=product, stock=place, quantity=quantity, created_at=now)


@transaction.atomic
def issue(code: str, *, now: datetime) -> int:
    """Hand out what was kept for a request; the number of pieces that left the stock now."""
    issued = 0
    for kept in Reservation.objects.filter(code=code, issued_at=None).order_by("stock_id"):
        Stock.objects.select_for_update().get(pk=kept.stock_id)
        Stock.objects.filter(pk=kept.stock_id).update(
            quantity=F("quantity") - kept.quantity, reserved=F("reserved") - kept.quantity
        )
        kept.issued_at = now
        kept.save(update_fields=["issued_at"])
        issued += kept.quantity
    return issued


@transaction.atomic
def release(code: str) -> int:
    """Give back what was kept for a request and not issued; the number of pieces that are free again."""
    freed = 0
    for kept in Reservation.objects.filter(code=code, issued_at=None).order_by("stock_id"):
        freed += kept.quantity
        _give_back(kept)
    return freed


def _give_back(kept: Reservation) -> None:
    Stock.objects.select_for_update().get(pk=kept.stock_id)
    Stock.objects.filter(pk=kept.stock_id).update(reserved=F("reserved") - kept.quantity)
    kept.delete()


def _product(key: str) -> Product:
    product = Product.objects.filter(key=key).first()
    if product is None:
        raise Refused("product", f"There is no product '{key}'.")
    return product
