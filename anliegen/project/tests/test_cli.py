"""The `anliegen` command itself."""

import pytest

from anliegen.project import cli, config


def test_a_wrong_setting_ends_the_command_with_its_name(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANLIEGEN_PORT", "eighty")
    assert cli.main(["serve"]) == 2
    assert "ANLIEGEN_PORT: 'eighty' is not a whole number" in capsys.readouterr().err


def test_every_setting_is_printed_with_its_default(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["settings"]) == 0
    text = capsys.readouterr().out
    for setting in config.SETTINGS:
        assert f"ANLIEGEN_{setting.name}={setting.default}" in text


@pytest.mark.parametrize(
    "command", ["serve", "worker", "migrate", "demo", "library", "create-admin", "doctor", "audit"]
)
def test_every_command_explains_itself(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([command, "--help"])
    assert ended.value.code == 0
    assert command in capsys.readouterr().out


def test_an_unknown_command_is_refused() -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["fly"])
    assert ended.value.code == 2


def test_every_setting_has_its_place_in_the_configuration() -> None:
    from dataclasses import fields

    assert {s.name.lower() for s in config.SETTINGS} == {f.name for f in fields(config.Config)}
