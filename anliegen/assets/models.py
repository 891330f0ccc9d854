"""Stock, purchases, devices, programs with their licences, and rights in systems."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower


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


class Purchase(models.Model):
    """What was bought for a request at a supplier, with the date that they confirmed."""

    code = models.CharField(max_length=24, db_index=True)  # of the service request
    product = models.CharField(max_length=200, blank=True)
    supplier = models.CharField(max_length=200)
    order_number = models.CharField(max_length=200)
    quantity = models.PositiveIntegerField(default=1)
    price_cents = models.BigIntegerField(default=0)  # gross, of everything
    confirmed_on = models.DateField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "order_number"), name="assets_purchase_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.order_number}"


class Delivery(models.Model):
    """A part of a purchase that arrived."""

    purchase = models.ForeignKey(Purchase, on_delete=models.CASCADE, related_name="deliveries")
    quantity = models.PositiveIntegerField()
    note_number = models.CharField(max_length=200, blank=True)  # of the delivery note
    arrived_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.purchase_id} {self.quantity}"


class Device(models.Model):
    """One device by its inventory number: whose it is and where it stands; without a holder it was given back."""

    inventory_number = models.CharField(max_length=60, unique=True)
    serial = models.CharField(max_length=120, blank=True)
    product = models.CharField(max_length=200, blank=True)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    place = models.ForeignKey("people.Place", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    code = models.CharField(max_length=24, blank=True)  # of the service request by which it came
    since = models.DateTimeField()

    def __str__(self) -> str:
        return self.inventory_number


class Program(models.Model):
    """A program in the software register: whether it may be used, is used here, and how many licences there are.

    `owned` None: nobody has to count licences. Prices are what one licence costs: once, and each month.
    """

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=120)
    vendor = models.CharField(max_length=120, blank=True)
    approved = models.BooleanField(default=False)  # infrastructure and security have agreed to it
    used_here = models.BooleanField(default=False)  # somebody in the organisation works with it (R128)
    owned = models.PositiveIntegerField(null=True, blank=True)
    used = models.PositiveIntegerField(default=0)
    reserved = models.PositiveIntegerField(default=0)
    price_cents = models.BigIntegerField(default=0)
    monthly_cents = models.BigIntegerField(default=0)
    team = models.ForeignKey("people.Team", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    search_words = models.TextField(blank=True, editable=False)  # name, vendor and other names, found alike everywhere

    class Meta:
        ordering = ("name",)
        constraints = (
            models.CheckConstraint(
                condition=Q(owned__isnull=True) | Q(owned__gte=F("used") + F("reserved")),
                name="assets_licence_not_promised_twice",
            ),
            models.CheckConstraint(
                condition=Q(
                    price_cents__gte=0, price_cents__lte=10**11, monthly_cents__gte=0, monthly_cents__lte=10**11
                ),
                name="assets_program_price",
            ),
        )

    def __str__(self) -> str:
        return self.name


class ProgramAlias(models.Model):
    """Another name by which people call a program; unique without regard to case."""

    program = models.ForeignKey(Program, on_delete=models.CASCADE, related_name="aliases")
    name = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(Lower("name"), name="assets_program_alias"),)

    def __str__(self) -> str:
        return self.name


class LicenceBooking(models.Model):
    """Licences kept for one request's code, and used by a person from the roll-out on."""

    code = models.CharField(max_length=24)  # of the service request, text on purpose: assets is an earlier stage
    program = models.ForeignKey(Program, on_delete=models.PROTECT, related_name="bookings")
    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    quantity = models.PositiveIntegerField(default=1)
    reserved_at = models.DateTimeField()
    booked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("code", "program"), name="assets_licence_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.program_id}"


class System(models.Model):
    """Something in which people have rights, with who answers for it and the team that grants."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    owner = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey("people.Team", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class SystemRole(models.Model):
    """What somebody may be in a system; `clearance` is the key of what they must be cleared for (R93), or ""."""

    system = models.ForeignKey(System, on_delete=models.CASCADE, related_name="roles")
    key = models.SlugField(max_length=60)
    name = models.JSONField()  # LocalText
    clearance = models.SlugField(max_length=60, blank=True)

    class Meta:
        ordering = ("system__key", "key")
        constraints = (models.UniqueConstraint(fields=("system", "key"), name="assets_role_key"),)

    def __str__(self) -> str:
        return f"{self.system.key}/{self.key}"


class ForbiddenPair(models.Model):
    """Two roles that one person must not hold together, and why (segregation of duties). One row for both orders."""

    role = models.ForeignKey(SystemRole, on_delete=models.CASCADE, related_name="+")
    other = models.ForeignKey(SystemRole, on_delete=models.CASCADE, related_name="+")
    reason = models.JSONField()  # LocalText

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("role", "other"), name="assets_pair_once"),
            models.CheckConstraint(condition=Q(role__lt=F("other")), name="assets_pair_in_order"),
        )

    def __str__(self) -> str:
        return f"{self.role_id} {self.other_id}"


class Grant(models.Model):
    """A person's role in a system, from one day to another, both included; without an end until withdrawn."""

    person = models.ForeignKey("people.User", on_delete=models.PROTECT, related_name="+")
    role = models.ForeignKey(SystemRole, on_delete=models.PROTECT, related_name="grants")
    code = models.CharField(max_length=24)  # of the request that granted it, or prolonged it last
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("person", "role"), condition=Q(withdrawn_at=None), name="assets_grant_held_once"
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")), name="assets_grant_days"
            ),
        )
        indexes = (models.Index(fields=("person",), condition=Q(withdrawn_at=None), name="assets_grant_of_person"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id}"
