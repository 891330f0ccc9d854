"""What the checks would say: notices, texts and sizes; shown to catch what they are for."""

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

import messages  # noqa: E402
import notices  # noqa: E402
import sizes  # noqa: E402


def test_third_party_is_what_the_locks_say() -> None:
    assert (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8") == notices.text()


def test_locks_name_no_host() -> None:
    for file in [*(ROOT / "requirements").glob("*.txt"), ROOT / "package-lock.json"]:
        text = file.read_text(encoding="utf-8")
        assert "--index-url" not in text
        assert '"resolved"' not in text


def test_a_text_without_german_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "anliegen" / "shop"
    (package / "templates").mkdir(parents=True)
    (package / "__init__.py").write_text("from django.utils.translation import gettext as _\n\nA = _('Buy')\n")
    (package / "templates" / "a.html").write_text(
        "{% load i18n %}{% translate 'Sell' %}{% blocktranslate count n=n %}One{% plural %}{{ n }} many{% endblocktranslate %}"
    )
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    found = {key[1] for key, _, _ in messages.used(package)}
    assert found == {"Buy", "Sell", "One"}
    assert messages.check() == 1


def test_a_placeholder_that_does_not_exist_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "anliegen" / "shop"
    folder = package / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text('msgid "Buy %(what)s"\nmsgstr "Kaufen %(was)s"\n')
    monkeypatch.setattr(messages, "ROOT", tmp_path)
    assert any("placeholder" in line for line in messages.entries(package, {(None, "Buy %(what)s")}))


def test_a_function_that_is_too_long_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "anliegen" / "long.py"
    file.parent.mkdir()
    file.write_text("def f():\n" + "    x = 1\n" * 61)
    monkeypatch.setattr(sizes, "ROOT", tmp_path)
    assert ("function", "anliegen/long.py:f", 62) in list(sizes.measure(file))
    assert sizes.main() == 1
