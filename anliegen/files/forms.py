"""Files in forms: what was uploaded stays, also when the form comes back with an error elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, override

from django import forms
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from anliegen.files import actions, limits, queries
from anliegen.files.models import StoredFile
from anliegen.lib import clock
from anliegen.lib.errors import Refused


@dataclass(frozen=True, slots=True)
class Sent:
    """What a browser sent for one field: new files, and ids of files that it had sent before."""

    uploads: Sequence[Any]
    kept: Sequence[str]


class UploadInput(forms.FileInput):
    """Several files, with those that are here already as check boxes."""

    allow_multiple_selected = True
    needs_multipart_form = True

    def __init__(self, attrs: Mapping[str, Any] | None = None) -> None:
        super().__init__({"multiple": True, **(attrs or {})})
        self.kept: list[StoredFile] = []

    @override
    def value_from_datadict(self, data: Any, files: Any, name: str) -> Sent:
        uploads = files.getlist(name) if hasattr(files, "getlist") else []
        kept = data.getlist(f"{name}_kept") if hasattr(data, "getlist") else []
        return Sent(uploads, kept[:20])

    @override
    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return False

    @override
    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = super().render(name, None, attrs, renderer)
        context = {"name": name, "kept": self.kept, "input": chosen, "base": (attrs or {}).get("id", name)}
        return SafeString(render_to_string("files/uploads.html", context))


class UploadField(forms.Field):
    """Uploads of one person, staged as soon as they arrive; gives their public ids."""

    widget: UploadInput

    def __init__(self, owner_id: int, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", hint())
        super().__init__(widget=UploadInput(), **kwargs)
        self.owner_id = owner_id

    def keep(self, ids: Sequence[str]) -> None:
        """Show these uploads of the owner as being here already."""
        self.widget.kept = queries.staged(list(ids), owner_id=self.owner_id)

    @override
    def clean(self, value: Any) -> list[str]:
        sent = value if isinstance(value, Sent) else Sent((), ())
        self.keep(sent.kept)
        for upload in sent.uploads:
            self.widget.kept.append(self._staged(upload))
        if self.required and not self.widget.kept:
            raise ValidationError(_("Please attach a file."), code="required")
        return [stored.public_id for stored in self.widget.kept]

    def _staged(self, upload: Any) -> StoredFile:
        try:
            return actions.stage(
                upload, name=upload.name, media_type=upload.content_type or "", owner_id=self.owner_id, now=clock.now()
            )
        except Refused as refused:
            raise ValidationError(f"{upload.name}: {refused.message}", code="refused") from refused


def hint() -> str:
    """What may be attached, said before it is tried."""
    return _("Up to %(count)s files with at most %(size)s MB each, such as PDF or pictures.") % {
        "count": limits.max_files(),
        "size": f"{limits.max_bytes() / 1_000_000:g}",
    }
