"""Stock."""

from django.db import models
from django.db.models import F, Q


class Product(models.Model):
    """Something that can be in stock or bought."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    price_cents = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return self.key


class Alias(models.Model):
    """Another name by which a product is known."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120, unique=True)

    def __str__(self) -> str:
        return self.name


class Stock(models.Model):
    """How many of a product lie at a place, and how many of those are promised to requests."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="stock")
    place = models.CharField(max_length=120)
    quantity = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("product", "place"), name="assets_stock_place"),
            models.CheckConstraint(condition=Q(reserved__lte=F("quantity")), name="assets_not_promised_twice"),
        )

    def __str__(self) -> str:
        return f"{self.product_id} {self.place} {self.quantity}"


class Reservation(models.Model):
    """So many of a product kept for one request's code until issued or released."""

    code = models.CharField(max_length=24)  # of the service request, text on purpose: assets is an earlier stage
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="reservations")
    stock = models.ForeignKey(Stock, on_delete=models.PROTECT, related_name="reservations")
    quantity = models.PositiveIntegerField(default=1)
    issued_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "product"), name="assets_reservation_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.product_id}"
