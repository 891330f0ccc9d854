"""Reads of purchases."""

from django.db.models import Sum

from anliegen.assets.models import Purchase


def still_to_come(code: str) -> int:
    """How many of the latest purchase for a request have not arrived; 0 where nothing was bought."""
    purchase = Purchase.objects.filter(code=code).order_by("-id").first()
    if purchase is None:
        return 0
    so_far = purchase.deliveries.aggregate(sum=Sum("quantity"))["sum"] or 0
    return max(purchase.quantity - so_far, 0)
