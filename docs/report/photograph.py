"""Photograph the page that the pipeline wrote, as a browser without a network shows it.

`photograph.py` takes the picture of the README again; `photograph.py FOLDER` takes the whole page, narrow, middling and
wide, light and dark, for somebody to look at.
"""

import io
import os
import shutil
import sys
from pathlib import Path
from typing import Literal

from PIL import Image
from playwright.sync_api import Browser, ViewportSize, sync_playwright

HERE = Path(__file__).parent
REPORT = HERE.parents[1] / "metrics/report.html"
PICTURE = HERE.parent / "report.png"
TOP: ViewportSize = {"width": 1100, "height": 1000}
WIDTHS = (360, 768, 1280)
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
COLOURS = 128
"""Of the README's picture: few enough for a small file, and enough for letters with smooth edges."""


def photograph(browser: Browser, window: ViewportSize, scheme: Literal["light", "dark"], *, whole: bool) -> bytes:
    """Take the top of the page, or all of it, as PNG."""
    with browser.new_context(offline=True, java_script_enabled=False, color_scheme=scheme, viewport=window) as context:
        page = context.new_page()
        page.goto(REPORT.as_uri())
        return page.screenshot(full_page=whole)


def photographs(browser: Browser, folder: Path) -> None:
    """Take the whole page in every width and scheme."""
    folder.mkdir(parents=True, exist_ok=True)
    for width in WIDTHS:
        for scheme in SCHEMES:
            taken = photograph(browser, {"width": width, "height": 900}, scheme, whole=True)
            (folder / f"{width}_{scheme}.png").write_bytes(taken)


def picture(browser: Browser) -> None:
    """Take the picture of the README, in few colours."""
    taken = Image.open(io.BytesIO(photograph(browser, TOP, "light", whole=False))).convert("RGB")
    taken.quantize(COLOURS, dither=Image.Dither.NONE).save(PICTURE, optimize=True)


if __name__ == "__main__":
    program = shutil.which("chromium") or sys.exit("chromium is not installed; on Debian: apt-get install chromium")
    with sync_playwright() as playwright:
        # Root has no sandbox to be in; anybody else has.
        chromium = playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else []
        )
        if sys.argv[1:]:
            photographs(chromium, Path(sys.argv[1]))
        else:
            picture(chromium)
        chromium.close()
