"""Pictures of articles: drawn ones are cleaned, photographs are made anew, so that nothing but the picture is left."""

import io
import re
from datetime import datetime
from pathlib import PurePosixPath

from django.utils.translation import gettext_lazy as _
from lxml import etree
from PIL import Image, ImageOps, UnidentifiedImageError

from anliegen.audit import actions as audit
from anliegen.files import actions as files
from anliegen.files.models import StoredFile
from anliegen.knowledge import access
from anliegen.knowledge.events import PictureAdded
from anliegen.knowledge.models import Picture
from anliegen.lib import bus
from anliegen.lib.errors import Refused
from anliegen.people.models import User

KIND = "article"
MAX_SVG, MAX_PIXELS, MAX_SIDE = 100_000, 40_000_000, 1_600
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,50}")
_SVG = "{http://www.w3.org/2000/svg}"
_DRAWN = frozenset({
    "svg", "g", "path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "title", "desc", "defs",
    "linearGradient", "radialGradient", "stop", "clipPath",
})  # fmt: skip
_ALLOWED = frozenset({
    "viewBox", "width", "height", "x", "y", "x1", "y1", "x2", "y2", "cx", "cy", "r", "rx", "ry", "d", "points", "fill",
    "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-opacity",
    "stroke-dasharray", "stroke-miterlimit", "opacity", "transform", "id", "offset", "stop-color", "stop-opacity",
    "gradientUnits", "gradientTransform", "clip-path", "clip-rule", "role", "aria-hidden", "preserveAspectRatio",
})  # fmt: skip
_FOREIGN = re.compile(r"url\s*\(\s*[^#\s]|javascript:|data:|&", re.IGNORECASE)


def add_picture(article_key: str, name: str, content: bytes, *, acting_user: User | None, now: datetime) -> Picture:
    """Give an article a picture, or another one under the same name. Raises Refused, Forbidden, NotFound.

    `name` is what the text calls it; its ending says what it is. The article then names it `![what it shows](name)`.
    The picture is read and stored before the transaction begins.
    """
    access.require_editor(acting_user, now)
    article = access.there(article_key)
    uploader = acting_user or article.owner
    if uploader is None:
        raise Refused("picture", _("Please say who answers for this article."))
    stem, ending = PurePosixPath(name.lower()).stem, PurePosixPath(name.lower()).suffix
    if not _NAME.fullmatch(stem):
        raise Refused("picture", _("Please name the picture with small letters, digits and hyphens only."))
    made, called = (_drawing(content), f"{stem}.svg") if ending == ".svg" else (_photograph(content), f"{stem}.webp")
    stored = files.stage(io.BytesIO(made), name=called, media_type="", owner_id=uploader.pk, now=now)
    return _attach(article.key, called, stored, acting_user=acting_user, now=now)


@audit.command
def _attach(article_key: str, name: str, stored: StoredFile, *, acting_user: User | None, now: datetime) -> Picture:
    article = access.locked(article_key)
    before = Picture.objects.select_related("file").filter(article=article, name=name).first()
    files.claim([stored.public_id], owner_id=stored.owner_id, kind=KIND, object_id=article.pk, now=now)
    picture, _new = Picture.objects.update_or_create(
        article=article, name=name, defaults={"file": stored, "added_at": now}
    )
    if before is not None:
        before.file.delete()
    changes = {"key": article.key, "picture": name, "sha256": stored.sha256}
    actor_id, rule = (acting_user.pk, "") if acting_user else (None, "knowledge.system")
    bus.publish(PictureAdded(subject_id=article.pk, actor_id=actor_id, rule=rule, now=now, changes=changes))
    return picture


def _drawing(content: bytes) -> bytes:
    """The shapes of an SVG: everything else (scripts, styles, links, foreign pictures) is left out."""
    if len(content) > MAX_SVG:
        raise Refused("picture", _("This drawing is too large. At most 100 kB are possible."))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused("picture", _("This drawing cannot be read. Please save it as SVG again.")) from error
    if root.tag != f"{_SVG}svg" or b"<!DOCTYPE" in content.upper():
        raise Refused("picture", _("This drawing cannot be read. Please save it as SVG again."))
    for element in list(root.iter()):
        _clean(element)
    return etree.tostring(root, encoding="utf-8")


def _clean(element: etree._Element) -> None:
    tag = str(element.tag)
    known = tag.startswith(_SVG) and tag[len(_SVG) :] in _DRAWN
    parent = element.getparent()
    if not known and parent is not None:
        parent.remove(element)
        return
    for name, value in list(element.attrib.items()):
        if str(name) not in _ALLOWED or _FOREIGN.search(str(value)):
            del element.attrib[name]


def _photograph(content: bytes) -> bytes:
    """The pixels of a picture, at most 1600 wide or high, without what a camera writes beside them."""
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "WEBP", "GIF")) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                raise Refused("picture", _("This picture has too many pixels. Please make it smaller."))
            upright = ImageOps.exif_transpose(opened)
            upright.thumbnail((MAX_SIDE, MAX_SIDE))
            bare = Image.new("RGBA", upright.size)
            bare.paste(upright.convert("RGBA"))
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise Refused("picture", _("This is no picture that we can read. Please choose PNG, JPEG or WebP.")) from error
    made = io.BytesIO()
    bare.save(made, "WEBP", quality=85)
    return made.getvalue()
