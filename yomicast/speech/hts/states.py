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
from yomicast.speech.hts.voice import Floats, Model, Singles, Voice

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
    mean: tuple[Singles, ...]
    vari: tuple[Singles, ...]
    voiced: tuple[Bools, ...]
    gv_mean: tuple[Singles | None, ...]
    gv_vari: tuple[Singles | None, ...]
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
    """The states of one utterance; see `states_of`."""
    return states_of(voice, [labels], speed=speed, stretches=[stretch])[0]


def states_of(
    voice: Voice, utterances: Sequence[Sequence[str]], *, speed: float, stretches: Sequence[Floats | None]
) -> list[States]:
    """The states of utterances. The trees are asked for all labels at once; no utterance changes another's states.

    Args:
        voice: the voice.
        utterances: full-context labels without times.
        speed: 1 is the voice's own; the whole becomes 1/speed as long.
        stretches: for each utterance a factor on each label's length, or None for all 1.

    Raises:
        SynthesisError: an utterance is too long, or has what is no label.
    """
    for row in utterances:
        check(row)
    labels = [label for row in utterances for label in row]
    answers, count = voice.questions.answers(labels), voice.states
    length = _table(voice.duration, (2,), labels, answers)[:, 0].astype(np.float64)
    ends = np.cumsum([len(row) for row in utterances]).tolist()
    places = [slice(end - len(row), end) for row, end in zip(utterances, ends, strict=True)]
    firsts = [place.start for place in places if place.stop > place.start]
    tables, varied = [], []
    for stream in voice.streams:
        tables.append(_table(stream.model, range(2, count + 2), labels, answers))
        goals: dict[int, Singles] = {}
        if stream.gv is not None:
            table = _table(stream.gv, (2,), [labels[n] for n in firsts], answers[firsts])
            goals = dict(zip(firsts, table[:, 0], strict=True))
        varied.append(goals)
    on = np.array([not matches(label, voice.gv_off) for label in labels], np.bool_)
    made = []
    for place, stretch in zip(places, stretches, strict=True):
        factors = np.ones(place.stop - place.start) if stretch is None else stretch
        mean, vari = (
            (length[place, part] * factors[:, None]).ravel() for part in (slice(count), slice(count, 2 * count))
        )
        made.append(
            _one(
                voice,
                durations(mean, vari, speed, voice.period / voice.rate),
                [table[place].reshape(-1, table.shape[2]) for table in tables],
                [rows.get(place.start) if len(mean) else None for rows in varied],
                np.repeat(on[place], count),
            )
        )
    return made


def _one(voice: Voice, frames: Ints, tables: Sequence[Singles], varied: Sequence[Singles | None], on: Bools) -> States:
    """One utterance's states from its rows of PDFs."""
    sizes = [stream.size * len(stream.windows) for stream in voice.streams]
    heads = [(stream, row) for stream, row in zip(voice.streams, varied, strict=True)]
    return States(
        frames=frames,
        mean=tuple(table[:, :size] for table, size in zip(tables, sizes, strict=True)),
        vari=tuple(table[:, size : 2 * size] for table, size in zip(tables, sizes, strict=True)),
        voiced=tuple(
            table[:, -1] > 0.5 if stream.msd else np.ones(len(table), np.bool_)
            for stream, table in zip(voice.streams, tables, strict=True)
        ),
        gv_mean=tuple(None if row is None else row[: stream.size] for stream, row in heads),
        gv_vari=tuple(None if row is None else row[stream.size :] for stream, row in heads),
        gv_on=on,
    )


def _table(model: Model, states_: Sequence[int], labels: Sequence[str], answers: Bools) -> Singles:
    """The PDF of each label at each state, shape (labels, states, numbers)."""
    table = np.empty((len(labels), len(states_), model.pdfs[0].shape[1]), np.float32)
    for n, state in enumerate(states_):
        _pdfs(model, state, labels, answers, table[:, n])
    return table


def _pdfs(model: Model, state: int, labels: Sequence[str], answers: Bools, out: Singles) -> None:
    """The PDF of each label at a state: the first tree of that state whose patterns match (HTS_Model_get_index)."""
    left = np.arange(len(labels))
    for tree, columns, pdfs in zip(model.trees, model.columns, model.pdfs, strict=True):
        if tree.state != state or not len(left):
            continue
        fits = np.ones(len(left), np.bool_)
        if tree.when and "*" not in tree.when:
            fits = np.array([matches(labels[n], tree.when) for n in left.tolist()], np.bool_)
        chosen = left[fits]
        if len(chosen):
            out[chosen] = pdfs[search(tree, columns, answers[chosen]) - 1]
        left = left[~fits]
    if len(left):
        label = labels[int(left[0])]
        raise SynthesisError(
            Message(f"the voice has no tree for '{label[:60]}'", f"この声には '{label[:60]}' の決定木がありません"),
            hint=Message("use another voice", "別の声を使ってください"),
        )


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
