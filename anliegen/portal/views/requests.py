"""My requests: the list, the export of one, its files."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anliegen.files import queries as files
from anliegen.lib import clock
from anliegen.portal.doors import person, signed_in, whole
from anliegen.portal.export.bundle import bundle, stream
from anliegen.portal.paging import page_of
from anliegen.portal.shown import lines
from anliegen.requests import access, queries
from anliegen.tracking import queries as tracking
from anliegen.ui.files import attachment_response

STATES = ("open", "closed", "all")


@require_GET
@signed_in
def my_requests(request: HttpRequest) -> HttpResponse:
    """What I asked for, get or follow; by number and words of the title."""
    user, now = person(request), clock.now()
    text = request.GET.get("q", "").replace("\x00", "").strip()[:200]
    state = request.GET.get("state", "")
    state = state if state in STATES else "all" if text else "open"
    part = queries.my_requests(user, state=state, text=text, page=whole(request.GET.get("page")))
    rows = [lines.row(line) for line in tracking.lines(part.ids, user, now=now)]
    words = {"open": _("Open"), "closed": _("Ended"), "all": _("All of them")}
    context = {
        "rows": rows,
        "page": page_of(part),
        "total": part.total,
        "text": text,
        "state": state,
        "tabs": [(value, words[value]) for value in STATES],
    }
    return render(request, "portal/my_requests.html", context)


@require_GET
@signed_in
def export(request: HttpRequest, code: str) -> HttpResponse:
    """The whole record as this person may see it, for machines and archives."""
    user, now = person(request), clock.now()
    told = queries.as_json(access.to_read(code, user, now), user, now)
    response = JsonResponse(told, json_dumps_params={"ensure_ascii": False, "indent": 2})
    response["Content-Disposition"] = f'attachment; filename="{told["code"]}.json"'
    return response


@require_GET
@signed_in
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """The same for people: PDF, JSON and files in one ZIP, sent while it is packed."""
    packed = bundle(code, person(request), clock.now())
    response: HttpResponse = StreamingHttpResponse(stream(packed), content_type="application/zip")  # type: ignore[assignment]
    response["Content-Disposition"] = f'attachment; filename="{packed.code}.zip"'
    response["Cache-Control"] = "private, no-store"
    return response


@require_GET
@signed_in
def download(request: HttpRequest, code: str, file_id: str) -> HttpResponse:
    """A file of a request."""
    stored = access.attachment(code, file_id, person(request), clock.now()).file
    response: HttpResponse = attachment_response(files.open_stored(stored), stored.name, stored.media_type)  # type: ignore[assignment]
    return response
