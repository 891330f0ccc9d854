"""The one script of ours can be read: two changes that meet in it must not break every page."""

import shutil
import subprocess
from pathlib import Path

import pytest

import anliegen.ui

SCRIPT = Path(anliegen.ui.__file__).parent / "static" / "ui" / "anliegen.js"


@pytest.mark.skipif(shutil.which("node") is None, reason="no node on this machine")
def test_the_script_can_be_read() -> None:
    told = subprocess.run(["node", "--check", str(SCRIPT)], capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stderr
