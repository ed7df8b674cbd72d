"""Speech and music of a chapter, weighed line by line while they pass: K-weighted loudness of both stems."""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast import loudness
from yomicast.mix.timeline import Chapter, within
from yomicast.model import Samples

Rows: TypeAlias = npt.NDArray[np.float32]
NOTHING = -120.0
"""LUFS written for silence."""


class Scale:
    """Hears a chapter's stems once, from its first frame to its last."""

    def __init__(self, chapter: Chapter) -> None:
        self._chapter = chapter
        self._slots = [slot for slot in chapter.slots if slot.stop > slot.start]
        self._rows = {slot.line: row for row, slot in enumerate(self._slots)}
        self._totals = np.zeros((len(self._slots), 2))
        self._at = 0

    def weigh(self, speech: Samples, music: Samples) -> None:
        """The next block of both stems, shape (frames, channels). All channels of speech are alike; one is heard."""
        end = self._at + len(speech)
        for slot in within(self._chapter, self._at, end):
            a, b = max(slot.start, self._at) - self._at, min(slot.stop, end) - self._at
            if a < b:
                total = self._totals[self._rows[slot.line]]
                total[0] += _energy(speech[a:b, :1]) * speech.shape[1]
                total[1] += _energy(music[a:b])
        self._at = end

    def rows(self) -> Rows:
        """LUFS of speech and of music under it, one row a line that sounds; shape (lines, 2)."""
        lengths = np.array([slot.stop - slot.start for slot in self._slots]).reshape(-1, 1)
        mean = self._totals / np.maximum(lengths, 1)
        lufs = loudness.OFFSET + 10 * np.log10(np.maximum(mean, 1e-13))
        return np.asarray(np.maximum(lufs, NOTHING), dtype=np.float32)


def _energy(samples: Samples) -> float:
    return float(loudness.energies(samples).sum(dtype=np.float64)) * loudness.HOP
