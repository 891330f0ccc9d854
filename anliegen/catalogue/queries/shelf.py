"""What stands on the shelf for one person: what is offered, what they marked, what they wait for."""

from datetime import datetime

from anliegen.catalogue import access
from anliegen.catalogue.access import Offered
from anliegen.catalogue.models import Awaited, Favourite
from anliegen.people.models import User
from anliegen.reads.prepared import Prepared, Slot


def shelf(user: User, now: datetime) -> tuple[list[Offered], set[int]]:
    """The items on offer, and the ids of those versions that this person may get."""
    return access.offered(user, now)


def favourites(user: User) -> list[int]:
    """The ids of the items that somebody marked with a star, the latest first. One statement."""
    return _FAVOURITES(person=user.pk)


_FAVOURITES = Prepared(
    lambda: Favourite.objects.filter(person=Slot("person")).order_by("-since", "-id").values_list("item_id", flat=True)
)


def awaits(user: User) -> set[int]:
    """The ids of the items about which somebody wants to be told. One statement."""
    return set(_AWAITED(person=user.pk))


_AWAITED = Prepared(lambda: Awaited.objects.filter(person=Slot("person")).order_by().values_list("item_id", flat=True))
