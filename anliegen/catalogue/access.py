"""The only door to items and drafts: who sees what, who may order what, and why not (R15)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from django.db.models import QuerySet
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from anliegen.catalogue.models import Bundle, Draft, Item, ItemVersion
from anliegen.catalogue.rules import Channel, audience_holds, possible_id
from anliegen.lib.errors import Forbidden, NotFound
from anliegen.lib.text import LANGUAGES, LocalText
from anliegen.people.access import day
from anliegen.people.models import User
from anliegen.people.queries import facts, is_external
from anliegen.reads.prepared import Prepared, Slot

_CLOSED_CHANNEL = gettext_noop(
    "This service cannot be requested in this way. Please use the portal or ask the service desk."
)
_OWN_PEOPLE = gettext_noop("This service is only for people of our own organisation. Please ask your contact here.")
_BACK = gettext_noop("It can be requested again from %(day)s.")
_OTHERS = gettext_noop("This service is meant for others. If you need it, please ask the service desk.")


class NotOrderable(Forbidden):
    """An item that somebody may see but not get; `reason` says plainly why."""

    def __init__(self, reason: LocalText, item_version: ItemVersion) -> None:
        super().__init__(reason.to(translation.get_language() or "de"))
        self.reason = reason
        self.item_version = item_version


class _Guarded(Protocol):
    """What says who may get something: an item version, or its row of the shelf."""

    @property
    def audience(self) -> str: ...
    @property
    def audience_reason(self) -> Any: ...


class Offered(NamedTuple):
    """One item on offer, as little of it as lists need to choose and to sort; its version never changes."""

    item_id: int
    key: str
    category_id: int
    parent_id: int | None
    version_id: int
    kind: str
    audience: str
    audience_reason: Any
    confidential: bool
    unavailable_until: date | None
    unavailable_reason: Any

    def away(self, now: datetime) -> bool:
        """Whether it cannot be had today."""
        return is_away(self.unavailable_until, now)


def is_away(until: date | None, now: datetime) -> bool:
    """Whether something that can be had again on that day cannot be had yet."""
    return until is not None and day(now) < until


class _Facts:
    """A person's facts, read once and only if a condition needs them."""

    def __init__(self, person: User, now: datetime) -> None:
        self.person, self.now = person, now
        self._known: Mapping[str, Any] | None = None

    def allows(self, item_version: _Guarded) -> bool:
        if not self.person.is_active:
            return False
        if not item_version.audience:
            return not is_external(self.person)
        if self._known is None:
            self._known = facts(self.person, self.now)
        return audience_holds(item_version.audience, self._known)


def _both(message: str) -> LocalText:
    texts = {}
    for lang in LANGUAGES:
        with translation.override(lang):
            texts[lang] = gettext(message)
    return LocalText.of(texts)


def entitlement(item_version: ItemVersion, recipient: User, now: datetime) -> tuple[bool, LocalText]:
    """Whether somebody may get it; if not, the reason in plain words."""
    if _Facts(recipient, now).allows(item_version):
        return True, LocalText()
    return False, reason_against(item_version, recipient)


def reason_against(item_version: _Guarded, recipient: User) -> LocalText:
    """Why somebody outside the audience may not get it."""
    own = LocalText.of(item_version.audience_reason)
    return own or _both(_OWN_PEOPLE if is_external(recipient) else _OTHERS)


def _offered() -> QuerySet[Item]:
    return Item.objects.filter(current__isnull=False, retired_at=None).select_related(
        "current__item__category__parent", "category__parent"
    )


def visible_items(user: User, now: datetime) -> QuerySet[Item]:
    """The items on offer; confidential ones only for those who may get them."""
    hidden = _hidden(user, now)
    return _offered().exclude(id__in=hidden) if hidden else _offered()


def offered(user: User, now: datetime) -> tuple[list[Offered], set[int]]:
    """The items on offer that somebody may see, in the order of the shelf, and which of their versions they may get.

    One statement, and those for the person's facts where a condition needs them.
    """
    person = _Facts(user, now)
    rows = [Offered(*row) for row in _SHELF()]
    able = {row.version_id for row in rows if person.allows(row)}
    return [row for row in rows if not row.confidential or row.version_id in able], able


_SHELF = Prepared(
    lambda: (
        Item.objects.filter(current__isnull=False, retired_at=None)
        .order_by("category__position", "category__key", "position", "key")
        .values_list(
            *("pk", "key", "category_id", "category__parent_id", "current_id", "current__kind", "current__audience"),
            *("current__audience_reason", "current__confidential", "unavailable_until", "unavailable_reason"),
        )
    )
)


def _hidden(user: User, now: datetime) -> list[int]:
    """The confidential items that somebody may not get."""
    person = _Facts(user, now)
    return [version.item_id for version in _SECRET() if not person.allows(version)]


_SECRET = Prepared(
    lambda: ItemVersion.objects.filter(confidential=True, id__in=Item.objects.filter(retired_at=None).values("current"))
)


def allowed(versions: list[ItemVersion], user: User, now: datetime) -> set[int]:
    """The ids of those versions that a person may get."""
    person = _Facts(user, now)
    return {version.id for version in versions if person.allows(version)}


def sees_bundle(bundle: Bundle, user: User, now: datetime) -> bool:
    """Whether a bundle is meant for this person; without a condition for all internal people."""
    if not bundle.audience:
        return user.is_active and not is_external(user)
    return user.is_active and audience_holds(bundle.audience, facts(user, now))


def item_to_see(key: str, user: User, now: datetime) -> ItemVersion:
    """What is offered under that key. Raises NotFound, also for a confidential one that is not for this person."""
    item = _BY_KEY.first(key=possible_id(key))
    if item is None or item.current is None or item.pk in _hidden(user, now):
        raise NotFound
    return item.current


_BY_KEY = Prepared(lambda: _offered().filter(key=Slot("key")))


def item_to_order(key: str, requester: User, recipient: User, channel: str, now: datetime) -> ItemVersion:
    """What is offered under that key, to be requested now (R15, R82).

    Raises NotFound, or NotOrderable with the reason. Whether the requester may order for the recipient is asked by the
    caller.
    """
    item = _BY_KEY.first(key=possible_id(key))
    if item is None or item.current is None:
        raise NotFound
    version = item.current
    able, reason = entitlement(version, recipient, now)
    if not able and version.confidential:
        raise NotFound
    if not able or not requester.is_active:
        raise NotOrderable(reason or _both(_OTHERS), version)
    if channel not in version.channels or channel not in set(Channel):
        raise NotOrderable(_both(_CLOSED_CHANNEL), version)
    if is_away(item.unavailable_until, now):
        raise NotOrderable(_away(item), version)
    return version


def _away(item: Item) -> LocalText:
    """Until when it cannot be had, after why."""
    texts, why = {}, LocalText.of(item.unavailable_reason)
    for lang in LANGUAGES:
        with translation.override(lang):
            until = date_format(item.unavailable_until or "", "SHORT_DATE_FORMAT")
            texts[lang] = f"{why.to(lang)} {gettext(_BACK) % {'day': until}}".strip()
    return LocalText.of(texts)


def current_version(key: str) -> ItemVersion:
    """What is offered under that key, for requests that the system makes by itself. Raises NotFound."""
    item = _offered().filter(key=possible_id(key)).first()
    if item is None or item.current is None:
        raise NotFound
    return item.current


def own_drafts(owner: User) -> QuerySet[Draft]:
    """A person's drafts and cart lines, the latest first; not what was removed or is being sent."""
    rows = Draft.objects.filter(owner=owner, removed_at=None, sending=False)
    return rows.select_related("item_version__item", "recipient")


def draft_to_change(public_id: str, owner: User) -> Draft:
    """One's own draft, locked. Call inside a transaction. Raises NotFound for everybody else's."""
    draft = own_drafts_locked(owner).filter(public_id=possible_id(public_id), removed_at=None).first()
    if draft is None:
        raise NotFound
    return draft


def own_drafts_locked(owner: User) -> QuerySet[Draft]:
    """A person's drafts and cart lines, also removed ones, in the order in which they began. Inside a transaction."""
    rows = Draft.objects.select_for_update(of=("self",)).filter(owner=owner, sending=False)
    return rows.select_related("item_version__item", "recipient", "owner").order_by("id")
