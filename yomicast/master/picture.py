"""One picture of an episode: waveform with chapters, short-term loudness, speech over music. For the eye of a person
who checks a show; the figures beside it are the test.
"""

from __future__ import annotations

import io
import itertools
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

from yomicast import loudness
from yomicast.loudness import HOP, Levels
from yomicast.model import Programme

WIDTH, LEFT, RIGHT = 1600, 70, 20
ROWS = {"wave": (40, 230), "loudness": (270, 430), "over": (470, 620)}
HEIGHT = 650
PAPER, INK, FAINT = "#ffffff", "#222222", "#d8dce3"
STRIPES = ("#f3f5f9", "#e6ebf4")
WAVE, LINE, BAR, BAD = "#3566a8", "#1f7a4d", "#7a5ca8", "#c0392b"
LEAST_OVER = 20.0
"""dB of speech over music that WCAG asks for."""


def picture(programme: Programme, levels: Levels, *, target: float, over: Sequence[float] = ()) -> bytes:
    """A PNG, 1600 × 650.

    Args:
        programme: marks, seams and cues.
        levels: of the encoded file, chapter after chapter as they were heard.
        target: LUFS.
        over: dB of speech over music, one a cue; empty when there is nothing to compare.
    """
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    seconds = max(programme.frames / programme.rate, 1e-3)
    _chapters(draw, programme, seconds)
    _wave(draw, _columns(levels, programme))
    _loudness(draw, levels, programme, target)
    _over(draw, programme, over, seconds)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _x(second: float, seconds: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * second / seconds


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)


def _clock(second: float) -> str:
    minutes, rest = divmod(round(second), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _chapters(draw: ImageDraw.ImageDraw, programme: Programme, seconds: float) -> None:
    """Stripes through all rows, a number and a time at each chapter with room for them."""
    marks = [mark.start for mark in programme.marks if mark.level == 2]
    last = -1e9
    for number, (start, end) in enumerate(itertools.pairwise([*marks, seconds])):
        left, right = _x(start, seconds), _x(end, seconds)
        draw.rectangle((left, 20, right, HEIGHT - 20), fill=STRIPES[number % 2])
        if left - last > 62:
            draw.text((left + 3, 4), f"{number + 1}  {_clock(start)}", fill=INK, font=_font(13))
            last = left


def _hops(levels: Levels, programme: Programme) -> npt.NDArray[np.int64]:
    """The frame at which each hop of `levels` begins; hops begin anew at every seam."""
    starts = [np.arange(-(-(stop - start) // HOP)) * HOP + start for start, stop in itertools.pairwise(programme.seams)]
    return np.concatenate([*starts, np.zeros(0, np.int64)])[: len(levels.energies)]


def _columns(levels: Levels, programme: Programme) -> npt.NDArray[np.float64]:
    """Loudest 100 ms under each column of pixels, as amplitude 0–1; where columns are finer, the one that lasts."""
    width, at = WIDTH - LEFT - RIGHT, _hops(levels, programme)
    if not len(at):
        return np.zeros(width)
    first = np.arange(width) * programme.frames / width
    energy = levels.energies[np.maximum(np.searchsorted(at, first, "right") - 1, 0)].astype(np.float64)
    column = np.minimum(at / max(programme.frames, 1) * width, width - 1).astype(int)
    np.maximum.at(energy, column, levels.energies[: len(at)])
    return np.asarray(np.sqrt(energy / programme.channels))


def _wave(draw: ImageDraw.ImageDraw, columns: npt.NDArray[np.float64]) -> None:
    top, bottom = ROWS["wave"]
    middle, reach = (top + bottom) / 2, (bottom - top) / 2
    scale = reach / max(float(columns.max(initial=0.0)), 1e-6)
    for number, value in enumerate((columns * scale).tolist()):
        draw.line((LEFT + number, middle - value, LEFT + number, middle + value), fill=WAVE)
    draw.text((6, middle - 8), "level", fill=INK, font=_font(13))


def _loudness(draw: ImageDraw.ImageDraw, levels: Levels, programme: Programme, target: float) -> None:
    top, bottom = ROWS["loudness"]
    seconds = max(programme.frames / programme.rate, 1e-3)
    high, low = target + 8, target - 24

    def y(value: float) -> float:
        return top + (bottom - top) * (high - min(max(value, low), high)) / (high - low)

    for mark in (target + 6, target, target - 6, target - 12, target - 18):
        draw.line((LEFT, y(mark), WIDTH - RIGHT, y(mark)), fill=INK if mark == target else FAINT)
        draw.text((6, y(mark) - 8), f"{mark:.0f} LUFS", fill=INK, font=_font(12))
    values = loudness.short_term(levels)
    step = max(1, len(values) // (WIDTH - LEFT - RIGHT))
    ends = np.append(_hops(levels, programme)[30:], programme.frames) / programme.rate
    shown = range(0, min(len(values), len(ends)), step)
    points = [(_x(float(ends[i]), seconds), y(float(values[i]))) for i in shown]
    if len(points) > 1:
        draw.line(points, fill=LINE, width=2)


def _over(draw: ImageDraw.ImageDraw, programme: Programme, over: Sequence[float], seconds: float) -> None:
    top, bottom = ROWS["over"]
    most = 60.0

    def y(value: float) -> float:
        return bottom - (bottom - top) * min(max(value, 0.0), most) / most

    for cue, value in zip(programme.cues, over, strict=False):
        fill = BAD if value < LEAST_OVER else BAR
        draw.rectangle((_x(cue.start, seconds), y(float(value)), _x(cue.end, seconds), bottom), fill=fill)
    for mark in (0, 20, 40, 60):
        draw.line((LEFT, y(mark), WIDTH - RIGHT, y(mark)), fill=INK if mark == LEAST_OVER else FAINT)
        draw.text((6, y(mark) - 8), f"{mark} dB", fill=INK, font=_font(12))
    draw.text((LEFT, top - 22), "speech over music", fill=INK, font=_font(12))
    draw.text((LEFT, ROWS["loudness"][0] - 20), "short-term loudness", fill=INK, font=_font(12))
