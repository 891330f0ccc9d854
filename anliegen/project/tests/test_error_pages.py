"""The pages for 500 and 503 that a proxy shows by itself."""

from pathlib import Path

from anliegen.project import error_pages


def test_pages_for_a_proxy_stand_alone_and_name_the_telephone(tmp_path: Path) -> None:
    written = error_pages.write(tmp_path / "pages")
    assert [page.name for page in written] == ["500.html", "503.html"]
    for page in written:
        told = page.read_text(encoding="utf-8")
        assert "0431 1234-500" in told
        assert "/static/" not in told
        assert "{{" not in told
