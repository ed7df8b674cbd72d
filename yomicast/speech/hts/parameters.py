"""States -> a vector of parameters a frame: the smoothest sequence the PDFs allow, with natural variance.

Maximum-likelihood parameter generation with dynamic windows (Tokuda et al., ICASSP 2000) solved as a banded system,
then raised to the voice's global variance by Newton steps (Toda & Tokuda, IEICE 2007), in the order and with the
constants of HTS_engine API 1.10 (HTS_pstream.c). Voiced frames of log F0 are joined and solved as one sequence.

Many utterances are solved side by side: time is the loop, utterances × coefficients are its columns. Columns do not
touch each other, so results do not depend on who shares a batch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

import numpy as np

from yomicast.speech.hts.states import States
from yomicast.speech.hts.trees import Bools, Ints
from yomicast.speech.hts.voice import Floats, Singles, Stream, Voice

SILENT: Final = -1.0e10
"""log F0 of an unvoiced frame (HTS_NODATA)."""
GV_ROUNDS: Final = 5
GV_STEP, GV_SLOWER, GV_FASTER = 0.1, 0.5, 1.2
LARGE, SMALL = 1.0e19, 1.0e-19
LOWEST, HIGHEST = 20.0, 20_000.0
"""Bounds of F0 in Hz."""
HALF_TONE: Final = float(np.log(2.0) / 12.0)


Reals: TypeAlias = Singles | Floats


class Solvers(Protocol):
    """A compiled stand-in for the loops of this module (`lanes.Lanes`)."""

    def solve(  # noqa: PLR0917 -- the order of the steps
        self,
        mean: Floats,
        precision: Floats,
        state: Ints,
        whole: Bools,
        windows: Floats,
        goal: Floats,
        on: Bools,
        rounds: int,
        steps: tuple[float, float, float],
    ) -> Floats:
        """One utterance's frames, shape (frames, size): `equations`, `eliminate` and `raise_variance` in one.

        Args:
            mean: of the states, shape (states, windows × size).
            precision: 1 / variance, same shape.
            state: of each frame, shape (frames,).
            whole: shape (windows, frames), where a window counts.
            windows: shape (windows, width), each in the middle of its row.
            goal: mean and variance of the global variance, shape (2, size), or (0, size) to leave the variance.
            on: frames whose variance counts.
            rounds: Newton steps.
            steps: length of the first, factors after a worse and a better one.
        """


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Parameters:
    """What the vocoder needs, one row a frame.

    `spectrum`: mel-cepstrum, shape (frames, order + 1). `lf0`: natural log of F0 in Hz, shape (frames,), `SILENT`
    where unvoiced. `lowpass`: shape (frames, taps), taps odd or 0. What is wide is kept in float32, as in a voice file.
    """

    spectrum: Singles
    lf0: Floats
    lowpass: Singles


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Task:
    """One stream of one utterance, only its voiced frames: the arguments of `Solvers.solve`."""

    mean: Floats
    precision: Floats
    state: Ints
    whole: Bools
    windows: Floats
    goal: Floats
    on: Bools


def generate(
    voice: Voice, utterances: Sequence[States], *, half_tone: float, solvers: Solvers | None = None
) -> list[Parameters]:
    """The parameters of each utterance.

    Args:
        voice: the voice the states came from.
        utterances: their states.
        half_tone: semitones added to every state's log F0.
        solvers: compiled loops; utterances are then solved one by one.
    """
    made = [
        _stream(stream, n, utterances, half_tone if n == 1 else 0.0, solvers) for n, stream in enumerate(voice.streams)
    ]
    results = []
    for n, each in enumerate(utterances):
        lf0 = np.full(each.total, SILENT)
        lf0[np.repeat(each.voiced[1], each.frames)] = made[1][n][:, 0]
        lowpass = made[2][n].astype(np.float32, copy=False) if len(made) == 3 else np.zeros((each.total, 0), np.float32)
        results.append(Parameters(spectrum=made[0][n].astype(np.float32, copy=False), lf0=lf0, lowpass=lowpass))
    return results


def _stream(
    stream: Stream, number: int, utterances: Sequence[States], half_tone: float, solvers: Solvers | None
) -> list[Reals]:
    if len(stream.windows) == 1:  # no dynamics: the means themselves
        return [np.repeat(each.mean[number], each.frames, axis=0) for each in utterances]
    tasks = (_task(stream, number, each, half_tone) for each in utterances)
    return _solve(list(tasks)) if solvers is None else [_solved(task, solvers) for task in tasks]


def _solved(task: _Task, solvers: Solvers) -> Reals:
    par = solvers.solve(
        task.mean,
        task.precision,
        task.state,
        task.whole,
        task.windows,
        task.goal,
        task.on,
        GV_ROUNDS,
        (GV_STEP, GV_SLOWER, GV_FASTER),
    )
    return par.astype(np.float32) if par.shape[1] > 1 else par


def _task(stream: Stream, number: int, each: States, half_tone: float) -> _Task:
    mean, vari = each.mean[number].astype(np.float64), each.vari[number].astype(np.float64)
    if half_tone:
        mean[:, 0] = np.clip(mean[:, 0] + half_tone * HALF_TONE, np.log(LOWEST), np.log(HIGHEST))
    voiced = np.repeat(each.voiced[number], each.frames)
    time, reach = np.flatnonzero(voiced), max(len(window) // 2 for window in stream.windows)
    windows = np.stack([np.pad(window, reach - len(window) // 2) for window in stream.windows])
    padded = np.pad(voiced, reach)
    whole = np.ones((len(windows), len(time)), np.bool_)
    for row, window in zip(whole[1:], stream.windows[1:], strict=True):
        # A dynamic window counts only where all its frames are voiced.
        half = len(window) // 2
        row[:] = np.logical_and.reduce([padded[time + reach + shift] for shift in range(-half, half + 1)])
    gv_mean, gv_vari = each.gv_mean[number], each.gv_vari[number]
    none = gv_mean is None or gv_vari is None
    with np.errstate(divide="ignore"):
        precision = np.divide(1.0, vari)
    if vari.size and not SMALL < vari.min() <= vari.max() < LARGE:
        precision[vari >= LARGE], precision[vari <= SMALL] = 0.0, 1.0e38
    return _Task(
        mean=mean,
        precision=precision,
        state=np.repeat(np.arange(len(each.frames)), each.frames)[voiced],
        whole=whole,
        windows=windows,
        goal=np.zeros((0, stream.size)) if none else np.array([gv_mean, gv_vari], np.float64),
        on=np.repeat(each.gv_on, each.frames)[voiced],
    )


def equations(task: _Task) -> tuple[Floats, Floats]:
    """W'U⁻¹W as its upper band, shape (frames, width, size), and W'U⁻¹M, shape (frames, size)."""
    size, length = task.goal.shape[1], len(task.state)
    band, right = np.zeros((length, task.windows.shape[1], size)), np.zeros((length, size))
    for number, window in enumerate(task.windows):
        columns = slice(number * size, (number + 1) * size)
        precision, mean = task.precision[task.state, columns], task.mean[task.state, columns]
        _add(band, right, window, precision * task.whole[number][:, None] if number else precision, mean)
    return band, right


def _add(band: Floats, right: Floats, window: Floats, ivar: Floats, mean: Floats) -> None:
    """Add one window's W'U⁻¹W and W'U⁻¹M (HTS_PStream_calc_wuw_and_wum)."""
    half, length = len(window) // 2, len(right)
    for shift in range(-half, half + 1):
        weight = window[half - shift]
        first, last = max(0, -shift), min(length, length - shift)
        if weight == 0.0 or last <= first:
            continue
        there = slice(first + shift, last + shift)
        pull = weight * ivar[there]
        right[first:last] += pull * mean[there]
        for ahead in range(half + shift + 1):
            other = window[half + ahead - shift] if ahead - shift >= -half else 0.0
            end = min(last, length - ahead)
            if other != 0.0 and end > first:
                band[first:end, ahead] += pull[: end - first] * other


def _solve(tasks: Sequence[_Task]) -> list[Reals]:
    """LDL' factorisation and substitution of all systems at once, then each one's variance; shape (frames, size) each."""
    systems = [equations(task) for task in tasks]
    longest = max((len(right) for _, right in systems), default=0)
    ends = np.cumsum([right.shape[1] for _, right in systems])
    width = systems[0][0].shape[1] if systems else 1
    total = int(ends[-1]) if systems else 0
    bands, rights = np.zeros((longest, width, total)), np.zeros((longest, total))
    bands[:, 0] = 1.0
    for (band, right), end in zip(systems, ends, strict=True):
        rows, columns = len(right), slice(end - right.shape[1], end)
        bands[:rows, :, columns], rights[:rows, columns] = band, right
    eliminate(bands, rights)
    solved: list[Reals] = []
    for task, (band, right), end in zip(tasks, systems, ends, strict=True):
        par = np.ascontiguousarray(rights[: len(right), end - right.shape[1] : end])
        solved.append(_varied(par, band, right, task))
    return solved


def eliminate(band: Floats, right: Floats) -> None:
    """Solve systems side by side in place: `right`, shape (frames, systems), becomes the answer.

    `band`: shape (frames, width, systems), the upper band of each symmetric matrix; it is used up.
    """
    length, width, _ = band.shape
    for t in range(length):
        row = band[t]
        for i in range(1, min(width, t + 1)):
            before = band[t - i]
            row[0] -= before[i] * before[i] * before[0]
        for i in range(1, width):
            for j in range(1, min(width - i, t + 1)):
                before = band[t - j]
                row[i] -= before[j] * before[i + j] * before[0]
        row[1:] /= row[0]
        for i in range(1, min(width, t + 1)):
            right[t] -= band[t - i, i] * right[t - i]
    for t in range(length - 1, -1, -1):
        right[t] /= band[t, 0]
        for i in range(1, min(width, length - t)):
            right[t] -= band[t, i] * right[t + i]


def _varied(par: Floats, band: Floats, right: Floats, task: _Task) -> Floats:
    """Raise the variance of `par`, shape (frames, size), to the voice's own, if it has one (HTS_PStream_gv_parmgen)."""
    goal, switch = task.goal, task.on
    chosen, length = int(switch.sum()), len(par)
    if not len(goal) or not chosen:
        return par
    mean, vari = _moments(par, switch[:, None].astype(np.float64), chosen)
    # One frame has no variance to raise; the original divides by zero there.
    ratio = np.sqrt(np.divide(goal[0], vari, out=np.ones_like(vari), where=vari > 0))
    par = np.where(switch[:, None], ratio * (par - mean) + mean, par)
    weight = 1.0 / (len(task.windows) * length)
    raise_variance(par, band, right, switch, goal, weight, GV_ROUNDS, (GV_STEP, GV_SLOWER, GV_FASTER))
    return par


def raise_variance(  # noqa: PLR0917 -- the order of the formula
    par: Floats,
    band: Floats,
    right: Floats,
    on: Bools,
    goal: Floats,
    weight: float,
    rounds: int,
    steps: tuple[float, float, float],
) -> None:
    """Newton steps towards likelihood and global variance, in place (Toda & Tokuda 2007; HTS_PStream_gv_parmgen).

    Args:
        par: shape (frames, size).
        band: shape (frames, width, size), upper band of W'U⁻¹W.
        right: W'U⁻¹M, shape (frames, size).
        on: frames whose variance counts.
        goal: mean and variance of the global variance, shape (2, size).
        weight: of the likelihood.
        rounds: how many steps.
        steps: length of the first step, factors after a worse and a better one.
    """
    length, chosen = len(par), int(on.sum())
    count = on[:, None].astype(np.float64)
    step, last = np.full(par.shape[1], steps[0]), np.zeros(par.shape[1])
    for turn in range(rounds):
        mean, vari = _moments(par, count, chosen)
        pull = _product(band, par)
        cost = -(weight * par * (right - 0.5 * pull)).sum(axis=0) + 0.5 * vari * goal[1] * (vari - 2.0 * goal[0])
        away = par - mean
        curve = -weight * band[:, 0] - 2.0 / (length * length) * (
            (length - 1) * goal[1] * (vari - goal[0]) + 2.0 * goal[1] * away * away
        )
        slope = weight * (right - pull) + count * (-2.0 * goal[1] * (vari - goal[0]) / length * away)
        if turn:
            step = step * np.where(cost > last, steps[1], np.where(cost < last, steps[2], 1.0))
        par += step * (slope / curve)
        last = cost


def _moments(par: Floats, on: Floats, chosen: int) -> tuple[Floats, Floats]:
    mean = (par * on).sum(axis=0) / chosen
    away = (par - mean) * on
    return mean, (away * away).sum(axis=0) / chosen


def _product(band: Floats, par: Floats) -> Floats:
    """The symmetric band matrix times `par`."""
    result = band[:, 0] * par
    for i in range(1, band.shape[1]):
        if len(par) > i:
            result[:-i] += band[:-i, i] * par[i:]
            result[i:] += band[:-i, i] * par[:-i]
    return result
