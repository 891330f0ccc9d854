"""One request as an archive: what is in it, for whom, and that nothing of its content is ever obeyed."""

import hashlib
import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from pypdf import PdfReader

from anliegen.audit import actions as audit
from anliegen.audit import queries as trail
from anliegen.files import store
from anliegen.people.models import User
from anliegen.portal.export.bundle import _member
from anliegen.portal.export.pdf import pdf
from anliegen.portal.tests.conftest import browser
from anliegen.portal.tests.test_pages import FORM, ITEM
from anliegen.requests import actions as requests
from anliegen.requests.models import ServiceRequest
from anliegen.workflow.tests.factories import NOW, Stage

CANARY = "Kanarienvogel-7f3a"
HOSTILE = '#read("/etc/passwd") #eval("1+1") $x$ [*a*] @x <b> \\ // /* `#import "@preview/x:1.0.0"` {{7*7}} \u202e'


def ordered(scene: Stage, name: str = "plan.txt", content: bytes = b"Ein Plan") -> ServiceRequest:
    sketch = SimpleUploadedFile(name, content, "text/plain")
    sent = browser(scene.firm.owner).post(ITEM, {**FORM, "q_sketch": sketch})
    assert sent.status_code == 302
    return ServiceRequest.objects.latest("id")


def archive(user: User, one: ServiceRequest) -> zipfile.ZipFile:
    response: Any = browser(user).get(f"/requests/{one.code}/archive.zip")
    assert response.status_code == 200
    assert response["Content-Type"] == "application/zip"
    assert response["Cache-Control"].startswith("private, no-store")
    assert response["Content-Disposition"] == f'attachment; filename="{one.code}.zip"'
    found = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert found.testzip() is None
    return found


def words(content: bytes) -> str:
    text = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    return " ".join(text.replace("\u200b", "").split())


def test_it_holds_the_record_to_read_for_programs_and_to_check(scene: Stage) -> None:
    one = ordered(scene)
    found = archive(scene.firm.owner, one)
    assert found.namelist() == ["README.txt", f"{one.code}.pdf", f"{one.code}.json", "audit.json", "files/01-plan.txt"]
    exported = browser(scene.firm.owner).get(f"/requests/{one.code}/export.json").json()
    assert json.loads(found.read(f"{one.code}.json")) == exported
    sha256 = hashlib.sha256(found.read("files/01-plan.txt")).hexdigest()
    readme = found.read("README.txt").decode("utf-8-sig")
    assert f"{sha256}  files/01-plan.txt" in readme
    assert "So prüfen Sie" in readme
    assert "How to check" in readme
    told = words(found.read(f"{one.code}.pdf"))
    for expected in (one.code, one.title, one.justification, "plan.txt", "Nachrichten und Verlauf", "Eingegangen"):
        assert expected in told
    assert sha256 in told.replace(" ", "")


def test_the_pdf_is_tagged_and_says_its_language(scene: Stage) -> None:
    """What a screen reader needs: structure, language, title, and the mark of PDF/UA-1."""
    one = ordered(scene)
    content = archive(scene.firm.owner, one).read(f"{one.code}.pdf")
    reader = PdfReader(io.BytesIO(content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "de"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1" in root["/Metadata"].get_data()
    assert reader.metadata
    assert one.code in str(reader.metadata.title)


def test_it_speaks_the_language_of_the_page(scene: Stage) -> None:
    one = ordered(scene)
    jana = browser(scene.firm.owner)
    jana.cookies["anliegen_language"] = "en"
    with translation.override("en"):
        response: Any = jana.get(f"/requests/{one.code}/archive.zip", headers={"Accept-Language": "en"})
        found = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    content = found.read(f"{one.code}.pdf")
    root: Any = PdfReader(io.BytesIO(content)).trailer["/Root"]
    assert root["/Lang"] == "en"
    assert "Messages and journal" in words(content)


def test_internal_notes_are_for_those_who_handle_it_only(scene: Stage) -> None:
    """A05: the canary stands nowhere in what the requester gets, and where it belongs for the agent."""
    one = ordered(scene)
    requests.note(one.code, CANARY, acting_user=scene.firm.agent, key="canary", now=NOW)
    for user, there in ((scene.firm.owner, False), (scene.firm.agent, True)):
        found = archive(user, one)
        pdf_words = words(found.read(f"{one.code}.pdf"))
        assert (CANARY in pdf_words) is there
        others = b"".join(found.read(name) for name in found.namelist() if not name.endswith(".pdf"))
        assert (CANARY.encode() in others) is there


def test_seals_can_be_checked_against_the_trail(scene: Stage) -> None:
    """Each number and hash is a head that `anliegen audit verify --head` finds in the chain; a false one is told."""
    one = ordered(scene)
    audit.seal({}, NOW)
    seals = json.loads(archive(scene.firm.owner, one).read("audit.json"))
    assert len(seals) >= 2
    for seal in seals:
        assert trail.verify(f"{seal['number']}:{seal['hash']}").ok
    false = seals[0]["hash"].translate(str.maketrans("0123456789abcdef", "123456789abcdef0"))
    assert not trail.verify(f"{seals[0]['number']}:{false}").ok


@pytest.mark.parametrize("text", [HOSTILE, "😀 漢字 العربية ગુજરાતી", "a" * 5000, "x\n" * 300])
def test_no_text_is_obeyed_or_breaks_the_pdf(scene: Stage, text: str) -> None:
    """C10, C20: markup, paths and packages of Typst are text; a character without a font costs the mark, not the PDF."""
    one = ordered(scene)
    requests.message(one.code, text, acting_user=scene.firm.owner, key="m", now=NOW)
    content = archive(scene.firm.owner, one).read(f"{one.code}.pdf")
    told = words(content)
    assert "root:" not in told
    assert PdfReader(io.BytesIO(content)).trailer["/Root"]["/MarkInfo"]["/Marked"]  # type: ignore[index]
    if text == HOSTILE:
        assert '#read("/etc/passwd")' in told
        assert "{{7*7}}" in told


def test_control_characters_are_left_out() -> None:
    record = {"lang": "de", "title": "a\x00\x07b\ue000", "code": "SR-1", "portal": "", "subtitle": "", "made": ""}
    content = pdf({**record, "page": "", "of": "", "head": [], "sections": []}, NOW)
    assert "ab" in words(content)


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "C:\\x\\con.txt", "a\r\nb.txt", "\u202egnp.exe", "x" * 300 + ".txt", ".", ""]
)
def test_names_inside_lead_nowhere(name: str) -> None:
    """C11, C13."""
    member = _member(7, type("File", (), {"name": name})())  # type: ignore[arg-type]
    assert member.startswith("files/07-")
    assert len(member) < 130
    rest = member.removeprefix("files/")
    assert not set(rest) & set('/\\:*?"<>|\r\n\u202e')


def test_a_damaged_file_is_named_and_the_rest_is_there(scene: Stage) -> None:
    """X30."""
    one = ordered(scene)
    sha256 = hashlib.sha256(b"Ein Plan").hexdigest()
    store.path_of(sha256).write_bytes(b"Ein plan")
    found = archive(scene.firm.owner, one)
    assert "files/01-plan.txt" not in found.namelist()
    assert sha256 in found.read("files/01-plan.txt.MISSING.txt").decode()


def test_it_is_sent_while_it_is_packed(scene: Stage) -> None:
    """Never a whole file in memory: no piece is larger than a few hundred kilobytes."""
    one = ordered(scene, content=b"".join(hashlib.sha256(b"%d" % n).digest() for n in range(100_000)))
    response: Any = browser(scene.firm.owner).get(f"/requests/{one.code}/archive.zip")
    pieces = [len(piece) for piece in response.streaming_content]
    assert sum(pieces) > 3_000_000
    assert max(pieces) < 300_000


def test_statements_do_not_grow_with_the_journal(scene: Stage) -> None:
    one = ordered(scene)
    jana, counts = browser(scene.firm.owner), []
    for number in (2, 8):
        for n in range(number):
            requests.message(one.code, "Hallo", acting_user=scene.firm.owner, key=f"{number}-{n}", now=NOW)
        jana.get(f"/requests/{one.code}/archive.zip")
        with CaptureQueriesContext(connection) as seen:
            response: Any = jana.get(f"/requests/{one.code}/archive.zip")
            assert b"".join(response.streaming_content)
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 40, counts


def test_others_get_the_404_of_what_does_not_exist(scene: Stage) -> None:
    one = ordered(scene)
    for user in (scene.firm.outsider, scene.firm.colleague):
        foreign = browser(user).get(f"/requests/{one.code}/archive.zip")
        absent = browser(user).get("/requests/SR-9999/archive.zip")
        assert (foreign.status_code, foreign.content) == (404, absent.content)
