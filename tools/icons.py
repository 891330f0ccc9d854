#!/usr/bin/env python3
"""Take the icons named in anliegen/ui/icons.txt out of the package @tabler/icons (MIT).

    tools/icons.py [FOLDER]

FOLDER is an unpacked package; without it, npm fetches the pinned version into a temporary folder.
Writes anliegen/ui/icons.json, which is committed, so that nobody has to install 51 MB.
"""

import json
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

UI = Path(__file__).resolve().parent.parent / "anliegen" / "ui"
PACKAGE = "@tabler/icons@3.52.0"


def fetch(folder: str) -> Path:
    """The unpacked package."""
    command = ["npm", "pack", PACKAGE, "--silent", "--pack-destination", folder]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().split("\n")[-1]
    with tarfile.open(Path(folder, name)) as archive:
        archive.extractall(folder, filter="data")
    return Path(folder, "package")


def drawing(file: Path) -> str:
    """The shapes of one icon, without the frame and without the empty square that each one begins with."""
    inner = re.sub(r"^.*?<svg[^>]*>|</svg>\s*$", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    inner = re.sub(r'<path stroke="none" d="M0 0h24v24H0z" fill="none" ?/>', "", inner)
    return re.sub(r"\s*\n\s*", "", inner).replace(" />", "/>").strip()


def main() -> int:
    names = sorted(set((UI / "icons.txt").read_text(encoding="utf-8").split()))
    with tempfile.TemporaryDirectory() as temporary:
        package = Path(sys.argv[1]) if len(sys.argv) > 1 else fetch(temporary)
        outline = package / "icons" / "outline"
        missing = [name for name in names if not (outline / f"{name}.svg").exists()]
        if missing:
            print("not in the package:", ", ".join(missing))
            return 1
        icons = {name: drawing(outline / f"{name}.svg") for name in names}
    (UI / "icons.json").write_text(json.dumps(icons, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(icons)} icons")
    return 0


if __name__ == "__main__":
    sys.exit(main())
