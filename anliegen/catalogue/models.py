"""Tables of the catalogue: definition, never running state."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from anliegen.catalogue.rules import Kind
from anliegen.lib.ids import public_id


class Category(models.Model):
    """A subject that people see ("Geräte"), with at most one level of sub-categories below it (R26, R27)."""

    key = models.SlugField(max_length=60, unique=True)
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    name = models.JSONField()  # LocalText
    description = models.JSONField(default=dict)  # LocalText
    icon = models.CharField(max_length=40, default="package")
    position = models.PositiveSmallIntegerField(default=100)

    class Meta:
        ordering = ("position", "key")
        verbose_name_plural = "categories"

    def __str__(self) -> str:
        return self.key


class Policy(models.Model):
    """A rule of the organisation that an item names, so that it can be read (R12, R145)."""

    key = models.SlugField(max_length=60)
    version = models.PositiveSmallIntegerField(default=1)
    name = models.JSONField()  # LocalText
    link = models.URLField(blank=True)
    text = models.JSONField(default=dict)  # LocalText
    valid_from = models.DateField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("key", "version"), name="catalogue_policy_version"),)

    def __str__(self) -> str:
        return f"{self.key} {self.version}"


class Item(models.Model):
    """One service that may be requested, over all its versions."""

    key = models.SlugField(max_length=60, unique=True)
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="items")
    current = models.OneToOneField("ItemVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True, blank=True)
    unavailable_until = models.DateField(null=True, blank=True)  # the first day on which it can be had again
    unavailable_reason = models.JSONField(default=dict)  # LocalText, shown meanwhile
    position = models.PositiveSmallIntegerField(default=100)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key


class ItemVersion(models.Model):
    """What is offered and stays as it was for every request made from it."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in Kind])
    title = models.JSONField()  # LocalText
    summary = models.JSONField()  # LocalText, one line for the card
    description = models.JSONField(default=dict)  # LocalText, Markdown
    picture = models.CharField(max_length=200, blank=True)  # static path
    form = models.JSONField()  # format 1, see rules.Form
    audience = models.CharField(max_length=2000, blank=True)  # CEL over recipient; "" = all internal people
    audience_reason = models.JSONField(default=dict)  # LocalText: why somebody may not order it
    confidential = models.BooleanField(default=False)
    channels = models.JSONField(default=list)  # of rules.Channel (R82)
    asks_wish_date = models.BooleanField(default=True)
    asks_justification = models.BooleanField(default=False)
    price_cents = models.BigIntegerField(default=0)
    monthly_cents = models.BigIntegerField(default=0)
    quality_check = models.CharField(max_length=200, default="never")  # never | always | n % | CEL
    synonyms = models.JSONField(default=dict)  # {"de": [...], "en": [...]}
    policies = models.ManyToManyField(Policy, blank=True, related_name="item_versions")
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("item", "number"), name="catalogue_item_version_number"),
            models.CheckConstraint(
                condition=Q(
                    price_cents__gte=0, price_cents__lte=10**11, monthly_cents__gte=0, monthly_cents__lte=10**11
                ),
                name="catalogue_item_version_prices",
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id}/{self.number}"


class Target(models.Model):
    """An agreed time of an item version, in business minutes of a calendar (R28, R58, R154)."""

    item_version = models.ForeignKey(ItemVersion, on_delete=models.CASCADE, related_name="targets")
    measure = models.CharField(max_length=20)  # rules.Measure
    minutes = models.PositiveIntegerField()
    calendar_key = models.SlugField(max_length=60, default="default")
    condition = models.CharField(max_length=2000, blank=True)  # CEL over the run's data: from stock or to be bought
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "id")
        constraints = (models.CheckConstraint(condition=Q(minutes__gt=0), name="catalogue_target_minutes"),)

    def __str__(self) -> str:
        return f"{self.measure} {self.minutes}"


class Bundle(models.Model):
    """Several items that usually go together ("Neu im Vertrieb"); in the cart it is one line for each part."""

    key = models.SlugField(max_length=60, unique=True)
    title = models.JSONField()  # LocalText
    summary = models.JSONField()  # LocalText, one line for the card
    picture = models.CharField(max_length=200, blank=True)  # static path
    audience = models.CharField(max_length=2000, blank=True)  # CEL over who looks; "" = everybody
    parts = models.JSONField()  # format 1, see rules.stored_parts: items with their answers
    position = models.PositiveSmallIntegerField(default=100)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("position", "key")

    def __str__(self) -> str:
        return self.key


class Favourite(models.Model):
    """An item that somebody marked with a star, to find it first."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="favourites")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "item"), name="catalogue_favourite_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class Awaited(models.Model):
    """Somebody wants to be told when an item can be had again; deleted when that was done."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("person", "item"), name="catalogue_awaited_once"),)
        verbose_name_plural = "awaited"

    def __str__(self) -> str:
        return f"{self.person_id} {self.item_id}"


class Draft(models.Model):
    """What somebody is filling in: draft and cart line at once; deleted when it was submitted."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="drafts")
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.CASCADE, related_name="+"
    )
    answers = models.JSONField(default=dict)
    justification = models.TextField(blank=True)
    wish_date = models.DateField(null=True, blank=True)
    files = models.JSONField(default=list)  # public ids of staged files
    in_cart = models.BooleanField(default=False)
    several = models.ManyToManyField(settings.AUTH_USER_MODEL, blank=True, related_name="+")  # each gets one
    recipient_confirms = models.BooleanField(default=False)
    told_cents = models.BigIntegerField(null=True, blank=True)  # what it cost when it was put into the cart
    told_monthly_cents = models.BigIntegerField(null=True, blank=True)
    told_day = models.DateField(null=True, blank=True)  # when it was to be there
    removed_at = models.DateTimeField(null=True, blank=True)  # taken out of the cart: can be put back for a while
    sending = models.BooleanField(default=False)  # a job makes requests from it
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField(default=None, null=True)

    class Meta:
        indexes = (models.Index(fields=("owner", "-changed_at"), name="catalogue_draft_owner"),)
        ordering = (F("changed_at").desc(nulls_last=True), "-id")

    def __str__(self) -> str:
        return self.public_id
