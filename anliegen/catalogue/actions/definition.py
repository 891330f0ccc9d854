"""Writing what is offered: categories, policies, item versions. Publishing is workflow's."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import queries, rules
from anliegen.catalogue.events import BundleSaved, CategorySaved, ItemRetired, PolicySaved, VersionCreated
from anliegen.catalogue.models import Bundle, Category, Item, ItemVersion, Policy, Target
from anliegen.catalogue.rules import BundleContent, CategoryContent, ItemContent, Problem
from anliegen.lib import bus
from anliegen.lib.errors import NotFound, Refused
from anliegen.lib.text import LocalText
from anliegen.people import access as people_access
from anliegen.people.models import User
from anliegen.people.rules import Capability


@transaction.atomic
def save_category(content: CategoryContent, *, acting_user: User | None, now: datetime) -> Category:
    """Add a category, or bring it up to date. Raises Refused (texts, a third level, unknown parent), Forbidden.

    `acting_user` None is the system: the demo and the library.
    """
    _may_edit(acting_user, now)
    if missing := LocalText.of(content.name).missing():
        raise _refused(Problem("name", "language-missing", {"language": ", ".join(missing)}))
    parent = Category.objects.filter(key=content.parent).first() if content.parent else None
    if content.parent and (parent is None or parent.parent_id is not None or content.parent == content.key):
        raise _refused(Problem("parent", "bad-parent", {"parent": content.parent}))
    category, _created = Category.objects.update_or_create(
        key=content.key,
        defaults={
            "parent": parent,
            "name": dict(content.name),
            "description": dict(content.description),
            "icon": content.icon,
            "position": content.position,
        },
    )
    _announce(CategorySaved, category.pk, acting_user, now, {"key": content.key})
    return category


add_category = save_category


@transaction.atomic
def save_policy(
    key: str, name: dict[str, str], *, valid_from: date, acting_user: User | None, now: datetime, link: str = ""
) -> Policy:
    """Add the next version of a rule of the organisation; the same content again changes nothing (R12)."""
    _may_edit(acting_user, now)
    latest = Policy.objects.filter(key=key).order_by("-version").first()
    if latest and (latest.name, latest.link, latest.valid_from) == (name, link, valid_from):
        return latest
    number = latest.version + 1 if latest else 1
    policy = Policy.objects.create(key=key, version=number, name=name, link=link, valid_from=valid_from)
    _announce(PolicySaved, policy.pk, acting_user, now, {"key": key, "version": number})
    return policy


@transaction.atomic
def save_bundle(content: BundleContent, *, acting_user: User | None, now: datetime) -> Bundle:
    """Add a bundle, or bring it up to date. Raises Refused (texts, unknown items, wrong answers), Forbidden."""
    _may_edit(acting_user, now)
    if found := rules.bundle_problems(content):
        raise _refused(*found)
    wanted = {part.item_key for part in content.parts}
    known = {item.key: item for item in Item.objects.select_related("current").filter(key__in=wanted)}
    for part in content.parts:
        item = known.get(part.item_key)
        if item is None or item.current is None:
            raise _refused(Problem("parts", "unknown-word", {"word": part.item_key}))
        if strange := sorted(set(part.answers) - set(queries.form(item.current).by_key)):
            raise _refused(Problem("parts", "unknown-field", {"field": f"{part.item_key}.{strange[0]}"}))
    bundle, _created = Bundle.objects.update_or_create(
        key=content.key,
        defaults={
            "title": dict(content.title),
            "summary": dict(content.summary),
            "picture": content.picture,
            "audience": content.audience,
            "parts": rules.stored_parts(content.parts),
            "position": content.position,
            "retired_at": None,
        },
    )
    _announce(BundleSaved, bundle.pk, acting_user, now, {"key": content.key, "parts": sorted(wanted)})
    return bundle


@transaction.atomic
def create_version(content: ItemContent, *, acting_user: User | None, now: datetime) -> ItemVersion:
    """The next version of an item; it is not offered before it is published with its model.

    Makes the item if there is none. Locks it. Raises Refused: `errors` maps each element to what is wrong there.
    """
    _may_edit(acting_user, now)
    if found := rules.problems(content):
        raise _refused(*found)
    category = Category.objects.filter(key=content.category).first()
    if category is None:
        raise _refused(Problem("category", "unknown-word", {"word": content.category}))
    item, _created = Item.objects.get_or_create(
        key=content.key, defaults={"category": category, "position": content.position, "created_at": now}
    )
    item = Item.objects.select_for_update().get(pk=item.pk)
    item.category, item.position = category, content.position
    item.save(update_fields=["category", "position"])
    last = ItemVersion.objects.filter(item=item).aggregate(last=Max("number"))["last"]
    version = _version(content, item, (last or 0) + 1)
    version.created_by, version.created_at = acting_user, now
    version.save()
    _attach(version, content)
    _announce(VersionCreated, item.pk, acting_user, now, {"key": item.key, "version": version.number})
    return version


def _version(content: ItemContent, item: Item, number: int) -> ItemVersion:
    return ItemVersion(
        item=item,
        number=number,
        kind=content.kind,
        title=dict(content.title),
        summary=dict(content.summary),
        description=dict(content.description),
        picture=content.picture,
        form=dict(content.form),
        audience=content.audience,
        audience_reason=dict(content.audience_reason),
        confidential=content.confidential,
        channels=list(content.channels),
        asks_wish_date=content.asks_wish_date,
        asks_justification=content.justified,
        price_cents=content.price_cents,
        monthly_cents=content.monthly_cents,
        quality_check=content.quality_check,
        synonyms=dict(content.synonyms),
    )


def _attach(version: ItemVersion, content: ItemContent) -> None:
    Target.objects.bulk_create(
        Target(
            item_version=version,
            measure=target.measure,
            minutes=target.minutes,
            calendar_key=target.calendar_key,
            condition=target.condition,
            position=number,
        )
        for number, target in enumerate(content.targets)
    )
    named = []
    for key in content.policies:
        policy = Policy.objects.filter(key=key).order_by("-version").first()
        if policy is None:
            raise _refused(Problem("policies", "unknown-word", {"word": key}))
        named.append(policy)
    version.policies.set(named)


@transaction.atomic
def retire(item_key: str, *, acting_user: User | None, now: datetime) -> None:
    """Offer it no more; running requests go on. Raises NotFound, Forbidden."""
    _may_edit(acting_user, now)
    item = Item.objects.select_for_update().filter(key=item_key, retired_at=None).first()
    if item is None:
        raise NotFound
    item.retired_at = now
    item.save(update_fields=["retired_at"])
    _announce(ItemRetired, item.pk, acting_user, now, {"key": item.key})


def _may_edit(acting_user: User | None, now: datetime) -> None:
    if acting_user is not None:
        people_access.require(acting_user, Capability.EDIT_CATALOGUE, now=now)


def _announce(kind: type, subject_id: int, acting_user: User | None, now: datetime, changes: dict[str, object]) -> None:
    actor_id = acting_user.pk if acting_user else None
    bus.publish(kind(subject_id=subject_id, actor_id=actor_id, now=now, changes=changes))


def _refused(*problems: Problem) -> Refused:
    """The problems by element, in words for whoever edits services."""
    errors: dict[str, object] = {}
    for problem in problems:
        errors.setdefault(problem.element, _words(problem))
    first = next(iter(errors))
    return Refused(first, errors[first], more=errors)


_WORDS = {
    "empty": _("Something is needed here."),
    "bad-key": _("A key has small letters, digits and hyphens, and begins with a letter."),
    "key-twice": _("This key is used twice."),
    "unknown-type": _("There is no question type '%(type)s'."),
    "unknown-field": _("There is no field '%(field)s'."),
    "unknown-word": _("'%(word)s' is not known here."),
    "language-missing": _("The text is missing in this language: %(language)s."),
    "condition": _("The condition '%(condition)s' cannot be used: %(error)s."),
    "bad-price": _("A price is a whole number of cents, 0 or more."),
    "bad-minutes": _("A target is a whole number of minutes, 1 or more."),
    "bad-parent": _("'%(parent)s' cannot have sub-categories: there is one level of them."),
    "too-long": _("This text is too long: at most %(limit)s characters."),
}


def _words(problem: Problem) -> object:
    text = _WORDS.get(problem.code)
    if text is None:
        return _("This cannot be used: %(code)s.") % {"code": problem.code}
    return text % problem.params if problem.params else text
