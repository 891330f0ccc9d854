"""Tables of people. Everything that changes with time is a dated row, never a flag that somebody must remember."""

from datetime import date
from typing import Any, ClassVar, Self

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from anliegen.lib.ids import public_id
from anliegen.people.rules import ContactKind, LimitKind, OrderScope, Role, ScopeKind, full_name, search_words
from anliegen.reads.prepared import Slot


class DatedQuerySet[M: models.Model](models.QuerySet[M]):
    """Rows that hold on some days only."""

    def on(self, day: date | Slot) -> Self:
        """Only what holds on that day."""
        return self.filter(Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gte=day)))


class Dated(models.Model):
    """Holds from `valid_from` to `valid_to`, both included; without an end it holds until revoked."""

    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_days",
            )
        ]


class Company(models.Model):
    """A company or agency; exactly one is the default, whose people are the internal ones (R4)."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=200)
    is_default = models.BooleanField(default=False)
    internal_contact = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="looks_after"
    )

    class Meta:
        ordering = ("name",)
        verbose_name_plural = "companies"
        constraints = (
            models.UniqueConstraint(
                fields=("is_default",), condition=Q(is_default=True), name="people_company_one_default"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Site(models.Model):
    """A location with its own working hours."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    calendar_key = models.SlugField(max_length=60, default="default")
    phone = models.CharField(max_length=40, blank=True)
    hours = models.JSONField(default=dict)  # LocalText: when the desk there answers

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class Place(models.Model):
    """A room or desk where somebody works or something stands."""

    code = models.CharField(max_length=40, unique=True)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="places")
    name = models.CharField(max_length=200)
    secured = models.BooleanField(default=False)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class CostCentre(Dated):
    """Who pays: a code with its holder, who approves money spent on it."""

    code = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=200)
    department = models.ForeignKey(
        "Department", null=True, blank=True, on_delete=models.SET_NULL, related_name="cost_centres"
    )
    holder = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="cost_centres_held"
    )
    deputy = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    yearly_budget_cents = models.BigIntegerField(null=True, blank=True)  # None: no budget is kept

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Department(models.Model):
    """A part of a company, with the person at its head."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="departments")
    parent = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="children")
    head = models.ForeignKey(
        "people.User", null=True, blank=True, on_delete=models.SET_NULL, related_name="departments_headed"
    )
    cost_centre = models.ForeignKey(CostCentre, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class PersonManager(BaseUserManager["User"]):
    """Persons are made by `actions.create_person`; this is what Django needs."""


class User(AbstractBaseUser):
    """A person, with or without the right to sign in; the address is the sign-in name."""

    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    email = models.EmailField(max_length=254, blank=True)  # lower case; "" for a caller without an address
    first_name = models.CharField(max_length=100, blank=True)
    last_name = models.CharField(max_length=100)
    job_title = models.JSONField(default=dict, blank=True)  # LocalText
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    personnel_number = models.CharField(max_length=40, blank=True)
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="people")
    department = models.ForeignKey(Department, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    manager = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports")
    cost_centre = models.ForeignKey(CostCentre, null=True, blank=True, on_delete=models.PROTECT, related_name="people")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.SET_NULL, related_name="people")
    is_active = models.BooleanField(default=True)  # False: has left; stays as the person in old records
    can_sign_in = models.BooleanField(default=True)
    joined_on = models.DateField(null=True, blank=True)
    left_on = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=5, default="de", choices=[("de", "Deutsch"), ("en", "English")])
    time_zone = models.CharField(max_length=60, default="Europe/Berlin")
    theme = models.CharField(max_length=6, default="system", choices=[(t, t) for t in ("system", "light", "dark")])
    live_updates = models.BooleanField(default=True)
    mail_choices = models.JSONField(default=dict, blank=True)  # kind of mail -> now, daily, off
    single_keys = models.BooleanField(default=False)  # keyboard shortcuts of one letter (WCAG 2.1.4)
    created_at = models.DateTimeField(null=True, blank=True)
    search_words = models.TextField(blank=True, editable=False)  # rules.search_words: found alike on both databases

    USERNAME_FIELD = "public_id"  # who somebody is; they sign in with the address, which not everybody has
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["email", "last_name"]

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        ordering = ("last_name", "first_name", "id")
        constraints = (
            models.UniqueConstraint(Lower("email"), condition=~Q(email=""), name="people_user_email"),
            models.UniqueConstraint(
                fields=("personnel_number",), condition=~Q(personnel_number=""), name="people_user_personnel_number"
            ),
        )

    def __str__(self) -> str:
        return self.full_name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()  # one spelling, so that signing in never depends on case
        self.search_words = search_words(
            self.first_name, self.last_name, self.email, self.phone, self.mobile, self.personnel_number
        )
        if kwargs.get("update_fields") is not None:
            kwargs["update_fields"] = {*kwargs["update_fields"], "email", "search_words"}
        super().save(*args, **kwargs)

    @property
    def full_name(self) -> str:
        return full_name(self.first_name, self.last_name)

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.first_name or self.last_name


class Team(models.Model):
    """A fulfilment group."""

    key = models.SlugField(max_length=60, unique=True)
    name = models.JSONField()  # LocalText
    company = models.ForeignKey(Company, on_delete=models.PROTECT, related_name="teams")
    email = models.EmailField(blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="teams_led")
    members = models.ManyToManyField(
        User, through="TeamMembership", through_fields=("team", "user"), related_name="teams"
    )

    class Meta:
        ordering = ("key",)

    def __str__(self) -> str:
        return self.key


class TeamMembership(Dated):
    """Who works in which team, and when."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        indexes = (models.Index(fields=("user", "team"), name="people_membership_user"),)

    def __str__(self) -> str:
        return f"{self.team_id}: {self.user_id}"


class RoleGrant(Dated):
    """A role given to a person for a scope; `rules.ROLE_CAPABILITIES` says what it allows."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="role_grants")
    role = models.CharField(max_length=40, choices=[(role.value, role.value) for role in Role])
    scope_kind = models.CharField(
        max_length=20, default=ScopeKind.ALL.value, choices=[(kind.value, kind.value) for kind in ScopeKind]
    )
    scope_key = models.CharField(max_length=60, blank=True)
    granted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        indexes = (models.Index(fields=("role", "user"), name="people_grant_role"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.role}"


class Limit(Dated):
    """Up to which amount a person orders without approval, or approves (R92)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="limits")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in LimitKind])
    cents = models.BigIntegerField()

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=Q(cents__gte=0, cents__lte=10**11), name="people_limit_cents"),
        ]

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind} {self.cents}"


class Clearance(Dated):
    """Something a person was cleared for, such as a secured area (R93)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="clearances")
    key = models.SlugField(max_length=60)

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id}: {self.key}"


class Deputy(Dated):
    """Who decides in a person's place, and when (R95)."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputies")
    deputy = models.ForeignKey(User, on_delete=models.CASCADE, related_name="deputy_for")
    absence = models.ForeignKey("Absence", null=True, blank=True, on_delete=models.CASCADE, related_name="deputies")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        verbose_name_plural = "deputies"
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *Dated.Meta.constraints,
            models.CheckConstraint(condition=~Q(person=F("deputy")), name="people_deputy_another"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.deputy_id}"


class MayOrderFor(Dated):
    """For whom else a person may order; everybody may for themselves, the desk for all."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="may_order_for")
    scope_kind = models.CharField(max_length=20, choices=[(kind.value, kind.value) for kind in OrderScope])
    scope_key = models.CharField(max_length=60, blank=True)  # key of the team or department, public id of the person

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id}: {self.scope_kind} {self.scope_key}"


class Absence(Dated):
    """Days on which a person is away, so that deputies are asked at once."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="absences")

    objects = DatedQuerySet.as_manager()

    class Meta(Dated.Meta):
        pass

    def __str__(self) -> str:
        return f"{self.user_id}: {self.valid_from}"


class Contact(models.Model):
    """A telephone number that replaced another: from when it holds, and from when it proves who somebody is (R121)."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(max_length=10, choices=[(kind.value, kind.value) for kind in ContactKind])
    number = models.CharField(max_length=40, blank=True)
    before = models.CharField(max_length=40, blank=True)
    valid_from = models.DateTimeField()
    proves_from = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=("user", "kind", "id"), name="people_contact_user"),)

    def __str__(self) -> str:
        return f"{self.user_id}: {self.kind}"


class Session(AbstractBaseSession):
    """A signed-in browser. It knows whose it is, so that a leaver's sessions end with one statement.

    `public_id` names it on pages: the key itself would let whoever reads it in. No address of a machine is kept.
    """

    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="sessions")
    public_id = models.CharField(max_length=22, unique=True, default=public_id)
    browser = models.CharField(max_length=40, blank=True)  # "Firefox, Windows"
    inside = models.BooleanField(null=True)  # in the organisation's own network; None: not known
    seen_at = models.DateTimeField(null=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("force_update"):  # the session's data; what is known of its browser stays
            kwargs["update_fields"] = ("session_data", "expire_date", "user")
        super().save(*args, **kwargs)

    class Meta(AbstractBaseSession.Meta):
        abstract = False
