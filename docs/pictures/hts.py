# scripts, no package
"""Makes docs/images/hts.png: one sentence through our HTS engine and through the C engine it follows.

python docs/pictures/hts.py [PNG]

Above ours, below the C engine: spectrogram to 8 kHz, phonemes where our engine says they are, F0. Ours is the F0 that was
spoken; the C engine does not tell its own, so there it is measured from the sound (autocorrelation, dots).
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyopenjtalk
from PIL import Image, ImageDraw
from pyopenjtalk.htsengine import HTSEngine

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from yomicast.speech import hts  # noqa: E402  # the checkout, not what is installed

VOICE = Path(pyopenjtalk.__file__).parent / "htsvoice" / "mei_normal.htsvoice"
SENTENCE = "駅前の図書館は、五時に閉まります。"
WIDTH, PANEL, GAP, LEFT = 1200, 300, 34, 60
TOP_HZ, LOW_F0, HIGH_F0 = 8_000, 100, 480


def main() -> None:
    """Write the picture."""
    picture = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "docs" / "images" / "hts.png"
    labels = pyopenjtalk.extract_fullcontext(SENTENCE)
    ours = hts.Synthesiser(VOICE).speak(labels)
    theirs = HTSEngine(str(VOICE).encode()).synthesize(labels) / 32768
    curve = np.where(ours.lf0 > 0, np.exp(ours.lf0), 0)
    image = Image.new("RGB", (LEFT + WIDTH + 10, 2 * (PANEL + GAP) + 10), "white")
    draw = ImageDraw.Draw(image)
    for row, (name, sound, pitch) in enumerate(
        (("ours", ours.samples, curve), ("C engine", theirs, measured(theirs, ours.rate)))
    ):
        top = row * (PANEL + GAP) + GAP
        image.paste(spectrogram(sound, ours.rate), (LEFT, top))
        draw.text((4, top), name, fill="black")
        draw.text((4, top + PANEL - 12), "0 Hz", fill="black")
        draw.text((4, top + 14), "8 kHz", fill="black")
        melody(draw, pitch, top, dots=row == 1)
        boundaries(draw, ours, top)
    image.quantize(64).save(picture, optimize=True)


def spectrogram(sound: Any, rate: int) -> Image.Image:
    """Levels from −70 dB (white) to 0 dB (dark) of the loudest."""
    size = 1024
    starts = np.linspace(0, len(sound) - size, WIDTH).astype(int)
    frames = np.stack([sound[at : at + size] for at in starts]) * np.hanning(size)
    level = 20 * np.log10(np.abs(np.fft.rfft(frames))[:, : size * TOP_HZ // rate] + 1e-9)
    grey = np.clip(255 - (level - level.max() + 70) / 70 * 190, 60, 255).astype(np.uint8)
    return Image.fromarray(grey.T[::-1]).resize((WIDTH, PANEL)).convert("RGB")


def melody(draw: ImageDraw.ImageDraw, pitch: Any, top: int, *, dots: bool) -> None:
    """F0 between 100 and 480 Hz over the panel's height."""
    across = LEFT + np.arange(len(pitch)) * WIDTH / len(pitch)
    up = top + PANEL * (1 - (pitch - LOW_F0) / (HIGH_F0 - LOW_F0))
    for n in range(1, len(pitch)):
        if pitch[n] > 0 and dots:
            draw.ellipse((across[n] - 1.5, up[n] - 1.5, across[n] + 1.5, up[n] + 1.5), fill="#c00000")
        elif pitch[n] > 0 and pitch[n - 1] > 0:
            draw.line((across[n - 1], up[n - 1], across[n], up[n]), fill="#c00000", width=3)


def boundaries(draw: ImageDraw.ImageDraw, ours: hts.Result, top: int) -> None:
    """A line where each phoneme begins, its name above."""
    for phone in ours.phones:
        x = LEFT + phone.start * WIDTH / len(ours.samples)
        draw.line((x, top, x, top + PANEL), fill="#3060c0")
        draw.text((x + 2, top - 12), phone.name, fill="#3060c0")


def measured(sound: Any, rate: int) -> Any:
    """F0 of each 5 ms, 0 where the sound does not repeat itself."""
    hop, size, low, high = rate // 200, rate // 25, rate // 450, rate // 90
    found = []
    for at in range(0, len(sound), hop):
        frame = np.pad(sound[max(0, at - size // 2) : at + size // 2], (0, size))[:size]
        power = np.fft.irfft(np.abs(np.fft.rfft(frame, 2 * size)) ** 2)
        lag = low + int(np.argmax(power[low:high]))
        found.append(rate / lag if power[lag] > 0.5 * power[0] and power[0] > 1e-3 else 0)
    return np.array(found)


if __name__ == "__main__":
    main()
