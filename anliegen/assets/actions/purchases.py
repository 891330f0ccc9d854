"""Writes of purchases: what was bought for a request, and what of it has arrived."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from django.db.models import Sum

from anliegen.assets.models import Delivery, Purchase
from anliegen.lib.errors import Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Bought:
    """What a purchase consists of; `price_cents` is gross, for everything."""

    product: str
    supplier: str
    order_number: str
    quantity: int
    price_cents: int = 0
    confirmed_on: date | None = None


def buy(code: str, bought: Bought, *, now: datetime) -> Purchase:
    """Note a purchase for a request; the same order number again brings it up to date."""
    purchase, _ = Purchase.objects.update_or_create(
        code=code, order_number=bought.order_number, defaults={**asdict(bought), "created_at": now}
    )
    return purchase


def arrived(code: str, quantity: int, note_number: str, *, now: datetime) -> tuple[int, int]:
    """Note that a part of the latest purchase for a request arrived: how many so far, and of how many.

    The caller holds the lock of the request. Raises Refused where nothing was bought.
    """
    purchase = Purchase.objects.filter(code=code).order_by("-id").first()
    if purchase is None:
        raise Refused("quantity", "Nothing was bought for this request.")
    if quantity:
        Delivery.objects.create(purchase=purchase, quantity=quantity, note_number=note_number, arrived_at=now)
    so_far = purchase.deliveries.aggregate(sum=Sum("quantity"))["sum"] or 0
    return so_far, purchase.quantity
