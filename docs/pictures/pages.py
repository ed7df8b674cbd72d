"""Screenshots of the pages for the docs: python docs/pictures/pages.py OUT [CHROMIUM].

OUT is a rendered output folder (`make episode` makes audio_out). Needs Playwright and a Chromium.
"""

import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from yomicast import site

IMAGES = Path(__file__).resolve().parents[1] / "images"
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required", "--mute-audio",
]  # fmt: skip
SIZES = {"desktop": ({"width": 1000, "height": 800}, "light"), "phone": ({"width": 360, "height": 720}, "dark")}


def main(out: str, chromium: str = "/usr/bin/chromium") -> None:
    server = site.server(Path(out))
    site.running(server)
    base = f"http://127.0.0.1:{server.server_address[1]}/"
    slug = next(path.parent.name for path in sorted(Path(out).glob("*/episode.json")))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=FLAGS)
        for size, (viewport, scheme) in SIZES.items():
            page = browser.new_page(viewport=viewport, color_scheme=scheme, locale="ja-JP")
            for name, path in (("show", ""), ("page", f"{slug}/"), ("player", f"{slug}/embed.html")):
                page.goto(base + path)
                if name == "page":
                    page.evaluate(
                        "(() => { const y = document.querySelector('yomi-player'); y.seek(y.cues[3].s + .1); y.play(); })()"
                    )
                    page.wait_for_timeout(1500)
                page.screenshot(path=str(IMAGES / f"{name}-{size}.png"))
            page.close()
        browser.close()
    server.shutdown()
    server.server_close()


if __name__ == "__main__":
    main(*sys.argv[1:3])
