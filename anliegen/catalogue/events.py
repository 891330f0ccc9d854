"""What happens to the definition of services, and to drafts."""

from dataclasses import dataclass
from typing import ClassVar

from anliegen.lib.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CategorySaved(Event):
    key: ClassVar[str] = "category.saved"
    subject_kind: ClassVar[str] = "category"


@dataclass(frozen=True, slots=True, kw_only=True)
class BundleSaved(Event):
    key: ClassVar[str] = "bundle.saved"
    subject_kind: ClassVar[str] = "bundle"


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicySaved(Event):
    key: ClassVar[str] = "policy.saved"
    subject_kind: ClassVar[str] = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemEvent(Event):
    """Something about one item; `subject_id` is the item's."""

    subject_kind: ClassVar[str] = "item"


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionCreated(ItemEvent):
    key: ClassVar[str] = "item.version-created"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemPublished(ItemEvent):
    """From now on requests are made from this version."""

    key: ClassVar[str] = "item.published"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemRetired(ItemEvent):
    key: ClassVar[str] = "item.retired"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemWithheld(ItemEvent):
    """It cannot be had before a day."""

    key: ClassVar[str] = "item.withheld"


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemReturned(ItemEvent):
    """It can be had again; `waited` are the ids of those who wanted to be told."""

    key: ClassVar[str] = "item.returned"

    waited: tuple[int, ...] = ()
