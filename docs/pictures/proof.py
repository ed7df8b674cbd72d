# scripts, no package
"""Makes docs/images/proof.png and proof-edit.png: the proof sheet of the sample episode, and a word being corrected.

python docs/pictures/proof.py [PNG]   needs Chromium and the development packages
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from yomicast import cli  # noqa: E402  # the checkout, not what is installed

SAMPLE = ROOT / "episodes" / "night-library.txt"
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars")
SIZE = {"width": 880, "height": 1000}


def main() -> None:
    """Write the picture."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images" / "proof.png"
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("Chromium is needed")
    os.environ["YOMICAST_LANG"] = "ja"
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as player:
        sheet = Path(folder) / "proof.html"
        os.chdir(ROOT)
        cli.main(["proof", str(SAMPLE.relative_to(ROOT)), "--file", str(sheet), "--quiet"])
        browser = player.chromium.launch(executable_path=chromium, args=list(FLAGS))
        page = browser.new_page(viewport=SIZE, device_scale_factor=1)
        page.goto(sheet.as_uri())
        picture.parent.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(picture))
        page.locator("#line-4 .fix").click()
        page.screenshot(path=str(picture.with_stem(f"{picture.stem}-edit")))
        browser.close()


if __name__ == "__main__":
    main()
