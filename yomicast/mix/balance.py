"""How speech stands over music, measured from the stems: for the report, the picture and the tests.

WCAG 2.2 SC 1.4.7 asks for 20 dB. Measured over each line's own time, K-weighted, as listeners hear it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from yomicast import loudness
from yomicast.files import seal, sealed, whole
from yomicast.mix.programme import Mixed
from yomicast.mix.scale import NOTHING, Rows
from yomicast.mix.timeline import Chapter


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
    """What was weighed while the programme was rendered; chapters that were not are rendered now, or come from `cache`."""
    found = [_chapter(programme, chapter, cache) for chapter in programme.timeline.chapters]
    rows = np.concatenate([*found, np.zeros((0, 2), np.float32)])
    return Balance(speech=rows[:, 0], music=rows[:, 1])


def _chapter(programme: Mixed, chapter: Chapter, cache: Path | None) -> Rows:
    stop = chapter.start + chapter.frames
    stored = cache / "balance" / f"{programme.key(chapter.start, stop)[:32]}.npy" if cache else None
    if stored and sealed(stored):
        rows: Rows = np.load(stored, allow_pickle=False)
        return rows
    if chapter.number not in programme.balances:
        for _ in programme.blocks(chapter.start, stop):
            pass
    rows = programme.balances[chapter.number]
    if stored:
        with whole(stored, lasting=False) as part:
            with part.open("wb") as stream:
                np.save(stream, rows)
            seal(part)
    return rows
