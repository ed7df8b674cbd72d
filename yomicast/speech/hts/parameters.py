"""States -> a vector of parameters a frame: the smoothest sequence the PDFs allow, with natural variance.

Maximum-likelihood parameter generation with dynamic windows (Tokuda et al., ICASSP 2000) solved as a banded system,
then raised to the voice's global variance by Newton steps (Toda & Tokuda, IEICE 2007), in the order and with the
constants of HTS_engine API 1.10 (HTS_pstream.c). Voiced frames of log F0 are joined and solved as one sequence.

Many utterances are solved side by side: time is the loop, utterances × coefficients are its columns. Columns do not
touch each other, so results do not depend on who shares a batch.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
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
    moving = [n for n, stream in enumerate(voice.streams) if len(stream.windows) > 1]
    tasks = (_task(voice.streams[n], n, each, half_tone if n == 1 else 0.0) for n in moving for each in utterances)
    solved: Iterable[Reals] = solve(list(tasks)) if solvers is None else (_solved(task, solvers) for task in tasks)
    made: dict[int, list[Reals]] = {n: list(islice(solved, len(utterances))) for n in moving}
    for n in set(range(len(voice.streams))).difference(moving):  # no dynamics: the means themselves
        made[n] = [np.repeat(each.mean[n], each.frames, axis=0) for each in utterances]
    results = []
    for n, each in enumerate(utterances):
        lf0 = np.full(each.total, SILENT)
        lf0[np.repeat(each.voiced[1], each.frames)] = made[1][n][:, 0]
        lowpass = made[2][n].astype(np.float32, copy=False) if len(made) == 3 else np.zeros((each.total, 0), np.float32)
        results.append(Parameters(spectrum=made[0][n].astype(np.float32, copy=False), lf0=lf0, lowpass=lowpass))
    return results


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
        precision = task.precision[:, columns]
        ivar, pulled = precision[task.state], (precision * task.mean[:, columns])[task.state]
        if number:
            never = ~task.whole[number]
            ivar[never] = pulled[never] = 0.0
        _add(band, right, window, ivar, pulled)
    return band, right


def _add(band: Floats, right: Floats, window: Floats, ivar: Floats, pulled: Floats) -> None:
    """Add one window's W'U⁻¹W and W'U⁻¹M (HTS_PStream_calc_wuw_and_wum); `pulled` is `ivar` times the mean."""
    half, length = len(window) // 2, len(right)
    for shift in range(-half, half + 1):
        weight = window[half - shift]
        first, last = max(0, -shift), min(length, length - shift)
        if weight == 0.0 or last <= first:
            continue
        right[first:last] += weight * pulled[first + shift : last + shift]
        for ahead in range(half + shift + 1):
            other = window[half + ahead - shift] if ahead - shift >= -half else 0.0
            end = min(last, length - ahead)
            if other != 0.0 and end > first:
                band[first:end, ahead] += (weight * other) * ivar[first + shift : end + shift]


def solve(tasks: Sequence[_Task]) -> Iterator[Reals]:
    """The frames of each task, shape (frames, size): all systems at once, then each one's variance.

    Equations are made twice, as it costs less than to keep them.
    """
    sizes = [task.goal.shape[1] for task in tasks]
    columns = [slice(end - size, end) for size, end in zip(sizes, np.cumsum(sizes).tolist(), strict=True)]
    longest = max((len(task.state) for task in tasks), default=0)
    width = max((task.windows.shape[1] for task in tasks), default=1)
    bands, rights = np.zeros((longest, width, sum(sizes))), np.zeros((longest, sum(sizes)))
    bands[:, 0] = 1.0
    for task, there in zip(tasks, columns, strict=True):
        band, right = equations(task)
        bands[: len(band), : band.shape[1], there], rights[: len(right), there] = band, right
    eliminate(bands, rights)
    del bands
    for task, there in zip(tasks, columns, strict=True):
        par = np.ascontiguousarray(rights[: len(task.state), there])
        yield _varied(par, *equations(task), task) if len(task.goal) and task.on.any() else par


def eliminate(band: Floats, right: Floats) -> None:
    """Solve systems side by side in place: `right`, shape (frames, systems), becomes the answer.

    `band`: shape (frames, width, systems), the upper band of each symmetric matrix; it is used up.

    The loop is as long as the longest system and each step does little, so calls are what it costs: rows go together.
    """
    length, width, systems = band.shape
    scratch = np.empty((width, systems))
    for t in range(length):
        row, answer = band[t], right[t]
        for i in range(1, min(width, t + 1)):
            before, some = band[t - i], scratch[: width - i]
            np.multiply(before[i], before[i:], out=some)
            some *= before[0]
            row[: width - i] -= some
            np.multiply(before[i], right[t - i], out=scratch[0])
            answer -= scratch[0]
        row[1:] /= row[0]
    right /= band[:, 0]
    for t in range(length - 2, -1, -1):
        ahead, answer = min(width, length - t), right[t]
        some = scratch[1:ahead]
        np.multiply(band[t, 1:ahead], right[t + 1 : t + ahead], out=some)
        for each in some:
            answer -= each


def _varied(par: Floats, band: Floats, right: Floats, task: _Task) -> Floats:
    """Raise the variance of `par`, shape (frames, size), to the voice's own (HTS_PStream_gv_parmgen)."""
    goal, switch, length = task.goal, task.on, len(par)
    away = np.empty_like(par)
    mean, vari = _moments(par, switch.astype(np.float64), int(switch.sum()), away, np.empty_like(par))
    # One frame has no variance to raise; the original divides by zero there.
    ratio = np.sqrt(np.divide(goal[0], vari, out=np.ones_like(vari), where=vari > 0))
    par = np.where(switch[:, None], ratio * away + mean, par)
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
    count = on.astype(np.float64)
    band, right = weight * band, weight * right
    step, last = np.full(par.shape[1], steps[0]), np.zeros(par.shape[1])
    away, pull, room = np.empty_like(par), np.empty_like(par), np.empty_like(par)
    for turn in range(rounds):
        vari = _moments(par, count, chosen, away, room)[1]
        _product(band, par, pull, room)
        cost = 0.5 * vari * goal[1] * (vari - 2.0 * goal[0])
        cost -= np.einsum("tc,tc->c", par, right) - 0.5 * np.einsum("tc,tc->c", par, pull)
        np.subtract(right, pull, out=pull)
        narrow = 2.0 / length * goal[1] * (vari - goal[0])
        np.multiply(away, narrow, out=room)
        room *= count[:, None]
        pull -= room
        np.multiply(away, away, out=away)
        away *= 4.0 / (length * length) * goal[1]
        away += band[:, 0]
        away += narrow * (length - 1) / length
        if turn:
            step = step * np.where(cost > last, steps[1], np.where(cost < last, steps[2], 1.0))
        pull /= away
        pull *= step
        par -= pull
        last = cost


def _moments(par: Floats, on: Floats, chosen: int, away: Floats, room: Floats) -> tuple[Floats, Floats]:
    """Mean and variance over the frames that are on; `away` becomes each frame's distance from the mean."""
    mean = on @ par / chosen
    np.subtract(par, mean, out=away)
    np.multiply(away, away, out=room)
    return mean, on @ room / chosen


def _product(band: Floats, par: Floats, out: Floats, room: Floats) -> None:
    """The symmetric band matrix times `par`."""
    np.multiply(band[:, 0], par, out=out)
    for i in range(1, min(band.shape[1], len(par))):
        some = room[:-i]
        for there, here in ((slice(i, None), slice(-i)), (slice(-i), slice(i, None))):
            np.multiply(band[:-i, i], par[there], out=some)
            out[here] += some
