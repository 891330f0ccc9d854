"""My requests: the list, the export of one, its files."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from anliegen.files import queries as files
from anliegen.lib import clock
from anliegen.portal.doors import person, signed_in, whole
from anliegen.portal.export import table
from anliegen.portal.export.bundle import bundle, stream
from anliegen.portal.paging import page_of
from anliegen.portal.shown import lines, mine
from anliegen.requests import access, queries
from anliegen.tracking import queries as tracking
from anliegen.tracking.shapes import Line
from anliegen.ui.files import attachment_response


@require_GET
@signed_in
def my_requests(request: HttpRequest) -> HttpResponse:
    """What I asked for, get or follow, by number, words and filters, which all stand in the address."""
    user, now = person(request), clock.now()
    asked = mine.asked(request.GET)
    found = tracking.find(user, asked.wanted, now=now, page=whole(request.GET.get("page")))
    shown = mine.filters(asked, leads=tracking.has_team(user))
    context = {
        "rows": [lines.row(line) for line in tracking.lines(found.page.ids, user, now=now)],
        "page": page_of(found.page),
        "total": found.page.total,
        "asked": asked.values,
        "query": asked.address(),
        "tabs": mine.tabs(asked, found.counts),
        "filters": shown,
        "active": mine.active(asked, shown),
        "most": table.ROWS,
        "most_pdf": table.PDF_ROWS,
    }
    return render(request, "portal/my_requests.html", context)


@require_GET
@signed_in
def as_csv(request: HttpRequest) -> HttpResponse:
    """The same list, with the same filters, for office programs."""
    found = _lines(request, mine.asked(request.GET), table.ROWS)
    response = HttpResponse(table.as_csv(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_("requests")}.csv"'
    return response


@require_GET
@signed_in
def as_pdf(request: HttpRequest) -> HttpResponse:
    """The same list, with the same filters, to print and to file."""
    asked = mine.asked(request.GET)
    found = _lines(request, asked, table.PDF_ROWS)
    about = [part["label"] for part in mine.active(asked, mine.filters(asked, leads=False))]
    made = table.as_pdf(found, _("My requests"), about, clock.now(), person(request).full_name)
    response = HttpResponse(made, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{_("requests")}.pdf"'
    return response


def _lines(request: HttpRequest, asked: mine.Asked, most: int) -> list[Line]:
    user, now = person(request), clock.now()
    found = tracking.find(user, asked.wanted, now=now, size=most)
    return tracking.lines(found.page.ids, user, now=now)


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
