"""How content whoever confirmed a request is (R143)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anliegen.catalogue import queries as catalogue
from anliegen.catalogue.rules import Problem, text_problem
from anliegen.lib import bus
from anliegen.lib.errors import Conflict, Forbidden, Refused
from anliegen.people.models import User
from anliegen.requests import access
from anliegen.requests.events import Rated
from anliegen.requests.models import Rating, ServiceRequest
from anliegen.requests.rules import MAX_RATING, SCORES


@transaction.atomic
def rate(code: str, score: int, *, acting_user: User, now: datetime, sentence: str | None = None) -> Rating:
    """Say how content one is with a fulfilled request, or change it; `sentence` None leaves what was written.

    Only who confirms it may, for a while after its end. Saying the same again changes nothing. Locks the request.
    Raises NotFound, Forbidden, Conflict, Refused (score, sentence).
    """
    service_request = access.to_write(code, acting_user, now)
    _require(acting_user, service_request, now)
    if score not in SCORES:
        raise Refused("score", _("Please choose one of the five answers."))
    said = None if sentence is None else _sentence(sentence)
    found = Rating.objects.filter(service_request=service_request).first()
    before = found.score if found else None
    if found and before == score and said in {None, found.sentence}:
        return found
    rating = found or Rating(service_request=service_request, rated_at=now)
    rating.person, rating.score, rating.changed_at = acting_user, score, now
    if said is not None:
        rating.sentence, rating.lang = said, get_language() or "de"
    rating.save()
    bus.publish(
        Rated(
            subject_id=service_request.pk, actor_id=acting_user.pk, now=now, code=service_request.code,
            changes={"score": [before, score]},
        )
    )  # fmt: skip
    return rating


def _require(user: User, service_request: ServiceRequest, now: datetime) -> None:
    if access.may_rate(user, service_request, now):
        return
    if user.pk != access.confirms(service_request):
        raise Forbidden(_("Only the person who confirms it can rate it."))
    raise Conflict(_("This can only be rated once it is fulfilled, and for 30 days after that."))


def _sentence(text: str) -> str:
    said = text.replace("\r\n", "\n").strip()
    if problem := text_problem(said, MAX_RATING):
        raise Refused("sentence", catalogue.message(Problem("sentence", *problem)))
    return said
