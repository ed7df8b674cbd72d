"""Full-context labels -> the states of the voice: how long each lasts, and its PDFs.

HTS_engine API 1.10 (HTS_sstream.c): a state lasts its rounded mean; at another speed the wanted total is shared out
by variance. Sums run in the order of the original, so that lengths come out equal to the sample.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from yomicast.errors import SynthesisError
from yomicast.model import Message
from yomicast.speech.hts.trees import Bools, Ints, matches, search
from yomicast.speech.hts.voice import Floats, Model, Voice

MAX_LABELS: Final = 60_000
MAX_LABEL: Final = 1_000
MAX_FRAMES: Final = 60_000
"""Frames of one utterance: 5 minutes at 5 ms."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class States:
    """The states of one utterance, `voice.states` a label.

    `frames`: shape (states,). For each stream `mean` and `vari`: shape (states, windows × size); `voiced`: shape
    (states,), all true where the stream has no voicing; `gv_mean`, `gv_vari`: shape (size,) or None; `gv_on`: shape
    (states,), false in pauses.
    """

    frames: Ints
    mean: tuple[Floats, ...]
    vari: tuple[Floats, ...]
    voiced: tuple[Bools, ...]
    gv_mean: tuple[Floats | None, ...]
    gv_vari: tuple[Floats | None, ...]
    gv_on: Bools

    @property
    def total(self) -> int:
        """Frames of the utterance."""
        return int(self.frames.sum())


def check(labels: Sequence[str]) -> None:
    """Refuse what is no list of labels.

    Raises:
        SynthesisError: too many labels, or a label that is none.
    """
    if len(labels) > MAX_LABELS:
        raise too_long(f"{len(labels)} phonemes", f"音素 {len(labels)} 個")
    for label in labels:
        if not 0 < len(label) <= MAX_LABEL or not label.isprintable() or " " in label:
            raise SynthesisError(
                Message(
                    f"'{label[:40]!s}' is no full-context label",
                    f"'{label[:40]!s}' はフルコンテキストラベルではありません",
                ),
                hint=Message("pass labels without times, one a phoneme", "時刻のないラベルを音素ごとに渡してください"),
            )


def too_long(en: str, ja: str) -> SynthesisError:
    """The error of a line no listener would sit through."""
    return SynthesisError(
        Message(f"the line is too long to speak at once: {en}", f"一度に読み上げるには長すぎます: {ja}"),
        hint=Message("split it into sentences, or speak faster", "文に分けるか、話速を上げてください"),
    )


def states(voice: Voice, labels: Sequence[str], *, speed: float, stretch: Floats | None = None) -> States:
    """The states of one utterance.

    Args:
        voice: the voice.
        labels: full-context labels without times.
        speed: 1 is the voice's own; the whole becomes 1/speed as long.
        stretch: for each label, a factor on its length; None for all 1.

    Raises:
        SynthesisError: the utterance is too long.
    """
    check(labels)
    answers = voice.questions.answers(labels)
    count = voice.states
    table, _ = _pdfs(voice.duration, 2, labels, answers)
    mean, vari = table[:, :count].ravel(), table[:, count : 2 * count].ravel()
    if stretch is not None:
        mean, vari = mean * np.repeat(stretch, count), vari * np.repeat(stretch, count)
    frames = durations(mean, vari, speed, voice.period / voice.rate)
    means, varis, voiced, gv_means, gv_varis = [], [], [], [], []
    for stream in voice.streams:
        rows = [_pdfs(stream.model, state, labels, answers)[0] for state in range(2, count + 2)]
        table = np.stack(rows, axis=1).reshape(len(labels) * count, rows[0].shape[1])
        size = stream.size * len(stream.windows)
        means.append(table[:, :size])
        varis.append(table[:, size : 2 * size])
        voiced.append(table[:, -1] > 0.5 if stream.msd else np.ones(len(table), np.bool_))
        row = _pdfs(stream.gv, 2, labels[:1], answers[:1])[0][0] if stream.gv is not None and labels else None
        gv_means.append(None if row is None else row[: stream.size])
        gv_varis.append(None if row is None else row[stream.size :])
    gv_on = np.repeat([not matches(label, voice.gv_off) for label in labels], count).astype(np.bool_)
    return States(
        frames=frames,
        mean=tuple(means),
        vari=tuple(varis),
        voiced=tuple(voiced),
        gv_mean=tuple(gv_means),
        gv_vari=tuple(gv_varis),
        gv_on=gv_on,
    )


def _pdfs(model: Model, state: int, labels: Sequence[str], answers: Bools) -> tuple[Floats, Ints]:
    """The PDF of each label at a state: the first tree of that state whose patterns match (HTS_Model_get_index)."""
    rows = np.zeros((len(labels), model.pdfs[0].shape[1]))
    tree_of = np.full(len(labels), -1, np.int64)
    for n, (tree, columns, pdfs) in enumerate(zip(model.trees, model.columns, model.pdfs, strict=True)):
        if tree.state != state:
            continue
        fits = [not tree.when or "*" in tree.when or matches(label, tree.when) for label in labels]
        chosen = np.flatnonzero((tree_of < 0) & np.array(fits, np.bool_))
        if len(chosen):
            rows[chosen] = pdfs[search(tree, columns, answers[chosen]) - 1]
            tree_of[chosen] = n
    if (tree_of < 0).any():
        label = labels[int(np.argmin(tree_of))]
        raise SynthesisError(
            Message(f"the voice has no tree for '{label[:60]}'", f"この声には '{label[:60]}' の決定木がありません"),
            hint=Message("use another voice", "別の声を使ってください"),
        )
    return rows, tree_of


def durations(mean: Floats, vari: Floats, speed: float, frame: float = 0.005) -> Ints:
    """Frames of each state, at least one; `frame` is their length in seconds.

    Raises:
        SynthesisError: more than `MAX_FRAMES` in all.
    """
    if not len(mean):
        return np.zeros(0, np.int64)
    total = float(np.add.accumulate(mean)[-1])
    if not 0 <= total / speed <= MAX_FRAMES:
        seconds = total / speed * frame
        raise too_long(f"{seconds:.0f} seconds of sound", f"音声 {seconds:.0f} 秒分")
    if speed == 1.0:
        return np.maximum(mean + 0.5, 1.0).astype(np.int64)
    wanted = max(1, int(total / speed + 0.5))
    if wanted <= len(mean):
        return np.ones(len(mean), np.int64)
    rho = (wanted - total) / float(np.add.accumulate(vari)[-1])
    frames = np.maximum(mean + rho * vari + 0.5, 1.0).astype(np.int64)
    return _settled(frames, mean, vari, rho, wanted)


def _settled(frames: Ints, mean: Floats, vari: Floats, rho: float, wanted: int) -> Ints:
    """Give and take single frames where it costs least until the total is right (HTS_set_specified_duration)."""
    step = 1 if wanted > frames.sum() else -1
    cost = np.abs(rho - (frames + step - mean) / vari)
    for _ in range(abs(wanted - int(frames.sum()))):
        if step < 0:
            cost[frames <= 1] = np.inf
        at = int(np.argmin(cost))
        frames[at] += step
        cost[at] = abs(rho - (frames[at] + step - mean[at]) / vari[at])
    return frames
