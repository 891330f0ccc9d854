"""Pictures are cleaned, whoever brings them."""

import io

import pytest
from PIL import Image

from anliegen.files import queries as files
from anliegen.files.models import StoredFile
from anliegen.knowledge import access, actions
from anliegen.knowledge.models import Picture
from anliegen.knowledge.tests.factories import NOW, Firm, draft, published
from anliegen.lib.errors import Forbidden, NotFound, Refused
from anliegen.people.models import User

EVIL = b"""<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9"
  onload="alert(1)"><script>alert(1)</script><style>*{fill:red}</style><foreignObject><p>x</p></foreignObject>
  <image href="https://evil.example/x.png"/><a xlink:href="javascript:alert(1)"><rect width="1"/></a>
  <use href="#a"/><path d="M0 0" fill="url(https://evil.example/#x)" stroke="#0b6872"/></svg>"""


def content_of(picture: Picture) -> bytes:
    with files.open_stored(picture.file) as stored:
        return bytes(stored.read())


def jpeg() -> bytes:
    made, image = io.BytesIO(), Image.new("RGB", (2000, 100), "red")
    exif = Image.Exif()
    exif[0x010E] = "GEHEIM"
    image.save(made, "JPEG", exif=exif)
    return made.getvalue()


def test_of_a_drawing_only_the_shapes_are_left(who: Firm, editor: User) -> None:
    made = draft(editor)
    kept = content_of(actions.add_picture(made.key, "Tray.SVG", EVIL, acting_user=editor, now=NOW)).decode()
    assert 'd="M0 0"' in kept and "#0b6872" in kept
    for word in ("script", "style", "onload", "foreign", "evil", "javascript", "image", "use"):
        assert word not in kept


def test_of_a_photograph_only_the_picture_is_left(who: Firm, editor: User) -> None:
    made = draft(editor)
    picture = actions.add_picture(made.key, "tray.jpg", jpeg(), acting_user=editor, now=NOW)
    assert (picture.name, picture.file.media_type) == ("tray.webp", "image/webp")
    assert b"GEHEIM" not in content_of(picture)
    with Image.open(io.BytesIO(content_of(picture))) as image:
        assert image.width == 1600


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("x.png", b"no picture"),
        ("x.svg", b"<svg"),
        ("x.svg", b"<html/>"),
        ("x.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg xmlns="http://www.w3.org/2000/svg">&a;</svg>'),
        ("../x y.svg", EVIL),
        ("x.svg", b"<svg>" + b" " * 100_001),
    ],
)
def test_everything_else_is_refused(who: Firm, editor: User, name: str, content: bytes) -> None:
    made = draft(editor)
    with pytest.raises(Refused):
        actions.add_picture(made.key, name, content, acting_user=editor, now=NOW)
    assert not Picture.objects.exists()


def test_a_second_one_of_that_name_replaces_the_first(who: Firm, editor: User) -> None:
    made = draft(editor)
    for _time in range(2):
        actions.add_picture(made.key, "tray.svg", EVIL, acting_user=editor, now=NOW)
    assert (Picture.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_who_reads_the_article_sees_its_pictures(who: Firm, editor: User) -> None:
    made = published(editor, audience="internal")
    actions.add_picture(made.key, "tray.svg", EVIL, acting_user=editor, now=NOW)
    assert access.picture(made.key, "tray.svg", who.agent, NOW)
    with pytest.raises(NotFound):
        access.picture(made.key, "tray.svg", who.owner, NOW)
    with pytest.raises(Forbidden):
        actions.add_picture(made.key, "other.svg", EVIL, acting_user=who.agent, now=NOW)


def test_pictures_of_a_draft_are_for_editors(who: Firm, editor: User) -> None:
    made = draft(editor)
    actions.add_picture(made.key, "tray.svg", EVIL, acting_user=editor, now=NOW)
    assert access.picture(made.key, "tray.svg", editor, NOW)
    with pytest.raises(NotFound):
        access.picture(made.key, "tray.svg", who.agent, NOW)
