# scripts, no package
"""Makes docs/images/sound.png: the picture of the sample episode's sound, as every render draws it.

python docs/pictures/sound.py [PNG]
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from yomicast import cli  # noqa: E402  # the checkout, not what is installed

SAMPLE = Path("episodes") / "night-library.txt"


def main() -> None:
    """Render the sample into a folder of its own and keep its picture."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images" / "sound.png"
    os.chdir(ROOT)
    with tempfile.TemporaryDirectory() as out:
        if cli.main(["render", str(SAMPLE), "--out", out, "--quiet"]):
            sys.exit("the sample could not be rendered")
        picture.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(out) / SAMPLE.stem / f"{SAMPLE.stem}.sound.png", picture)


if __name__ == "__main__":
    main()
