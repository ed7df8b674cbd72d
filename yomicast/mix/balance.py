"""How speech stands over music, measured from the stems: for the report, the picture and the tests.

WCAG 2.2 SC 1.4.7 asks for 20 dB. Measured over each line's own time, K-weighted, as listeners hear it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yomicast import loudness
from yomicast.files import whole
from yomicast.mix.programme import Mixed, within
from yomicast.mix.timeline import Chapter

NOTHING = -120.0
"""LUFS written for silence."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Balance:
    """One value a cue, in LUFS: `speech` and `music` under it; NOTHING for silence."""

    speech: npt.NDArray[np.float32]
    music: npt.NDArray[np.float32]

    @property
    def over(self) -> npt.NDArray[np.float32]:
        """DB of speech over music for each cue that has both; shape (cues,) with 99 where there is no music."""
        heard = self.speech > loudness.ABSOLUTE_GATE
        apart = np.where(heard & (self.music > NOTHING), self.speech - self.music, 99.0)
        return np.asarray(np.minimum(apart, 99.0), dtype=np.float32)

    @property
    def spread(self) -> float:
        """Standard deviation of the lines' loudness in LU, silent ones left out."""
        heard = self.speech[self.speech > loudness.ABSOLUTE_GATE]
        return float(heard.std()) if len(heard) else 0.0

    @property
    def figures(self) -> dict[str, float]:
        """For the report."""
        return {
            "speech_over_music_min_db": round(float(self.over.min(initial=99.0)), 2),
            "line_spread_lu": round(self.spread, 3),
        }


def balance(programme: Mixed, *, cache: Path | None = None) -> Balance:
    """Render the stems once, a chapter at a time; chapters measured before come from `cache`."""
    found = [_chapter(programme, chapter, cache) for chapter in programme.timeline.chapters]
    rows = np.concatenate([*found, np.zeros((0, 2), np.float32)])
    return Balance(speech=rows[:, 0], music=rows[:, 1])


def _chapter(programme: Mixed, chapter: Chapter, cache: Path | None) -> npt.NDArray[np.float32]:
    stop = chapter.start + chapter.frames
    stored = cache / "balance" / f"{programme.key(chapter.start, stop)[:32]}.npy" if cache else None
    if stored and stored.is_file():
        rows: npt.NDArray[np.float32] = np.load(stored, allow_pickle=False)
        return rows
    rows = _measured(programme, chapter)
    if stored:
        with whole(stored) as part, part.open("wb") as stream:
            np.save(stream, rows)
    return rows


def _measured(programme: Mixed, chapter: Chapter) -> npt.NDArray[np.float32]:
    """Mean K-weighted energy of both stems in each line's time, by 100 ms hops of the line's own."""
    stop = chapter.start + chapter.frames
    slots = [slot for slot in chapter.slots if slot.stop > slot.start]
    rows = {slot.line: row for row, slot in enumerate(slots)}
    totals = np.zeros((len(slots), 2))
    at = 0
    for stems in programme.stems(chapter.start, stop):
        end = at + len(stems[0])
        for slot in within(chapter, at, end):
            a, b = max(slot.start, at), min(slot.stop, end)
            if a < b:
                for which, stem in enumerate(stems):
                    totals[rows[slot.line], which] += _energy(stem[a - at : b - at])
        at = end
    lengths = np.array([slot.stop - slot.start for slot in slots]).reshape(-1, 1)
    mean = totals / np.maximum(lengths, 1)
    lufs = loudness.OFFSET + 10 * np.log10(np.maximum(mean, 1e-13))
    return np.asarray(np.maximum(lufs, NOTHING), dtype=np.float32)


def _energy(samples: npt.NDArray[np.float32]) -> float:
    short = -len(samples) % loudness.HOP
    padded = np.pad(samples, ((0, short), (0, 0))) if short else samples
    return float(loudness.hop_energies(padded).sum(dtype=np.float64)) * loudness.HOP
