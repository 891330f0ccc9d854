"""Saying whether an article helped."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _

from anliegen.audit import actions as audit
from anliegen.knowledge import access
from anliegen.knowledge.events import ArticleRated
from anliegen.knowledge.models import Helpful
from anliegen.knowledge.rules import MAX_MISSING
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people.models import User


@audit.command
def vote(article_key: str, helped: bool, *, acting_user: User, now: datetime) -> Helpful:
    """Note whether what is read now helped this person; once more changes their vote. Raises NotFound."""
    article = access.to_read(article_key, acting_user, now)
    before = Helpful.objects.select_for_update().filter(version=article.current, person=acting_user).first()
    if before is not None and before.helped == helped:
        return before
    found, _made = Helpful.objects.update_or_create(
        version=article.current,
        person=acting_user,
        defaults={"helped": helped, "at": now, "missing": "", "lang": acting_user.language},
    )
    changes = {"key": article.key, "version": article.current.number if article.current else 0, "helped": helped}
    bus.publish(ArticleRated(subject_id=article.pk, actor_id=None, rule="knowledge.vote", now=now, changes=changes))
    return found


@audit.command
def say_missing(article_key: str, text: str, *, acting_user: User, now: datetime) -> Helpful:
    """Add to a no what was missing. Raises Refused (nothing said, too long), NotFound."""
    text = text.replace("\r\n", "\n").strip()
    if not text:
        raise Refused("missing", _("Please say in a few words what was missing."))
    if len(text) > MAX_MISSING:
        raise Refused("missing", _("At most %(limit)s characters are possible here.") % {"limit": MAX_MISSING})
    if any(not character.isprintable() and character not in "\n\t" for character in text):
        raise Refused("missing", _("This text contains a character that cannot be stored."))
    found = vote(article_key, False, acting_user=acting_user, now=now)
    found.missing, found.lang, found.at = text, acting_user.language, now
    found.save(update_fields=["missing", "lang", "at"])
    return found
