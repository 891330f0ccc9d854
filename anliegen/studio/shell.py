"""What surrounds the studio's pages: its areas, and the ways out."""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from anliegen.lib.text import LocalText
from anliegen.people.models import User
from anliegen.ui.shell import Entry, Group, Person, Shell


def build(request: HttpRequest, user: User) -> Shell:
    """The surroundings for one person. Nothing is read for them."""
    here = request.path
    articles, told = reverse("studio-articles"), reverse("studio-announcements")
    areas = [
        Entry(articles, _("Articles"), "book", current=here.startswith(articles)),
        Entry(told, _("Announcements"), "speakerphone", current=here.startswith(told)),
    ]
    out = [Entry("/desk/", _("Service desk"), "headset"), Entry("/", _("Portal"), "home")]
    new = reverse("studio-article-new")
    detail = LocalText.of(user.department.name).to(user.language) if user.department else ""
    return Shell(
        home=articles,
        groups=[Group(_("Knowledge"), areas), Group(_("Also"), out)],
        create=Entry(new, _("New article"), "file-plus", current=here == new, short=_("New")),
        tabs=[*areas, Entry("/", _("Portal"), "home", short=_("Portal"))],
        person=Person(user.full_name, "/profile/", detail, reverse("account_logout")),
    )
