#!/usr/bin/env python3
"""Take every screen of the demo as a picture: wide and narrow, light and dark.

    .venv/bin/python tools/screenshots.py FOLDER [--only NAME] [--readme]
    .venv/bin/python tools/screenshots.py --guide

A temporary database is made and removed. `--readme` also renews docs/images/start.png, `--guide` only those of
docs/guide.
"""

import argparse
import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anliegen.project.settings")
SIZES = {"1440": {"width": 1440, "height": 900}, "390": {"width": 390, "height": 844}}
LOOKS = ("light", "dark")
PICTURE = ROOT / "docs" / "images" / "start.png"
LARGEST = 250_000
GUIDE = ROOT / "docs" / "images" / "guide"
GUIDE_SIZE = {"width": 1280, "height": 800}
GUIDE_LARGEST = 150_000
GUIDE_COLOURS = 128


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--only", default="", help="screens whose name holds this")
    parser.add_argument("--readme", action="store_true", help="renew docs/images/start.png")
    parser.add_argument("--guide", action="store_true", help="renew the pictures of docs/guide only")
    options = parser.parse_args()
    if not options.guide and options.folder is None:
        parser.error("say into which folder")
    import django

    django.setup()
    with running() as (browser, base_url):
        if options.guide:
            return guide_pictures(browser, base_url)
        options.folder.mkdir(parents=True, exist_ok=True)
        if options.readme:
            readme_picture(browser, base_url)
        return take(browser, base_url, options.folder, options.only)


@contextlib.contextmanager
def running() -> Iterator[tuple[Any, str]]:
    """The demo on a database of its own, and a browser."""
    from playwright.sync_api import sync_playwright

    from conftest import chromium
    from tests.crash.plant import plant

    with tempfile.TemporaryDirectory() as folder, plant("sqlite", Path(folder), load=()) as product:
        product.start("web")
        product.ready_within()
        flags = ["--force-color-profile=srgb", *(["--no-sandbox"] if os.geteuid() == 0 else [])]
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium(), args=flags)
            yield browser, product.base_url
            browser.close()
        product.stop()


def take(browser: Any, base_url: str, folder: Path, only: str) -> int:
    """All pictures; 1 if a screen could not be opened."""
    from tests.screens import SCREENS

    wanted = [screen for screen in SCREENS if only in screen.name]
    failed = 0
    for who in sorted({screen.who for screen in wanted}):
        for look in LOOKS:
            mine = [screen for screen in wanted if screen.who == who]
            failed += _take_all(_person(browser, base_url, who, look), mine, folder, look)
    return 1 if failed else 0


def _take_all(person: Any, screens: list[Any], folder: Path, look: str) -> int:
    """The pictures of one person in one look; how many screens were not there."""
    from tests.screens import addresses

    failed = 0
    for screen in screens:
        try:
            [address] = addresses(person, screen)
        except AssertionError as missing:
            print(missing, file=sys.stderr)
            failed += 1
            continue
        for name, size in SIZES.items():
            person.page.set_viewport_size(size)
            person.page.goto(address, wait_until="networkidle")
            person.page.screenshot(path=folder / f"{screen.name}-{name}-{look}.png", full_page=True)
    person.leaves()
    return failed


def _person(browser: Any, base_url: str, who: str, look: str) -> Any:
    from tests.journeys.persons import Person

    if who:
        return Person.steps_in(browser, base_url, who, color_scheme=look)
    inside = browser.new_context(base_url=base_url, locale="de-DE", color_scheme=look)
    return Person("", inside, inside.new_page())


def readme_picture(browser: Any, base_url: str) -> None:
    """The start page as the README shows it."""
    person = _person(browser, base_url, "Jana Sommer", "light")
    person.opens("/")
    person.page.wait_for_load_state("networkidle")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    person.page.screenshot(path=PICTURE)
    size = PICTURE.stat().st_size
    print(f"{PICTURE.relative_to(ROOT)}: {size // 1000} kB")
    if size > LARGEST:
        raise SystemExit(f"The picture is larger than {LARGEST // 1000} kB.")
    person.leaves()


def guide_pictures(browser: Any, base_url: str) -> int:
    """The pictures of the guide, each in both languages; 1 if one is too large."""
    from tests.screens import GUIDE_SCREENS, addresses

    GUIDE.mkdir(parents=True, exist_ok=True)
    failed = 0
    for name, screen in GUIDE_SCREENS.items():
        person = _person(browser, base_url, screen.who, "light")
        person.page.set_viewport_size(GUIDE_SIZE)
        [address] = addresses(person, screen)
        for language in ("de", "en"):
            person.opens("/profile/")
            person.page.locator(f'main button[name="language"][value="{language}"]').click()
            person.page.goto(address, wait_until="networkidle")
            failed += _small_picture(person.page.screenshot(), GUIDE / f"{name}-{language}.png")
        person.leaves()
    return 1 if failed else 0


def _small_picture(png: bytes, path: Path) -> bool:
    """Write it with few colours; whether it is still too large."""
    import io

    from PIL import Image

    picture = Image.open(io.BytesIO(png)).convert("RGB").quantize(GUIDE_COLOURS, dither=Image.Dither.NONE)
    picture.save(path, optimize=True)
    size = path.stat().st_size
    print(f"{path.relative_to(ROOT)}: {size // 1000} kB")
    return size > GUIDE_LARGEST


if __name__ == "__main__":
    sys.exit(main())
