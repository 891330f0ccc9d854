"""A form that did not arrive whole changes nothing."""

import io
from typing import Any

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import UnreadablePostError

from anliegen.project import errors
from anliegen.project.whole import whole

FORM = (
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nhello\r\n'
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nabc\r\n--x--\r\n'
)


def _asked(sent: bytes, kind: str = "multipart/form-data; boundary=x", length: int = len(FORM)) -> WSGIRequest:
    found: list[WSGIRequest] = []

    def application(environ: dict[str, Any], _start: Any) -> list[bytes]:
        found.append(WSGIRequest(environ))
        return []

    environ = {"REQUEST_METHOD": "POST", "CONTENT_TYPE": kind, "CONTENT_LENGTH": str(length), "SCRIPT_NAME": ""}
    whole(application)({**environ, "PATH_INFO": "/", "wsgi.input": io.BytesIO(sent)}, None)
    return found[0]


def test_a_whole_form_is_read() -> None:
    request = _asked(FORM)
    assert request.POST["text"] == "hello"
    assert request.FILES["files"].read() == b"abc"


@pytest.mark.parametrize("length", [0, 10, 60, 90, 130, len(FORM) - 1])
def test_a_form_that_broke_off_is_not(length: int) -> None:
    with pytest.raises(UnreadablePostError):
        _asked(FORM[:length]).POST  # noqa: B018 - reading is what is tried


def test_neither_is_a_plain_one() -> None:
    request = _asked(b"a=1&b=", "application/x-www-form-urlencoded", 10)
    with pytest.raises(UnreadablePostError):
        request.POST  # noqa: B018


def test_it_is_told_as_a_bad_request() -> None:
    problem = errors.known(UnreadablePostError())
    assert problem is not None
    assert problem.status == 400
