"""Sound out of files, by PyAV: what listeners will hear, for measuring and for the checks of every form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from av.container import InputContainer

from yomicast.errors import AudioError
from yomicast.model import Message, Samples

RATE = 48_000


def decode(path: Path) -> Iterator[Samples]:
    """The sound of an audio file at 48 kHz, as its players give it (delay and padding left out), in blocks.

    Raises:
        AudioError: the file is no audio or is broken.
    """
    try:
        with av.open(str(path), mode="r") as container:
            yield from _blocks(container)
    except (av.FFmpegError, IndexError) as error:
        raise AudioError(
            Message("the file cannot be decoded", "ファイルを復号できません"),
            where=str(path),
            hint=Message("render it again", "もう一度作成してください"),
        ) from error


def _blocks(container: InputContainer) -> Iterator[Samples]:
    stream = container.streams.audio[0]
    resampler = None
    waiting: list[Samples] = []
    for frame in container.decode(stream):
        if frame.format.name != "fltp" or frame.sample_rate != RATE:
            resampler = resampler or av.AudioResampler(format="fltp", layout=frame.layout.name, rate=RATE)
            waiting += [_samples(part) for part in resampler.resample(frame)]
        else:
            waiting.append(_samples(frame))
        if len(waiting) >= 400:
            yield np.concatenate(waiting)
            waiting = []
    if resampler is not None:
        waiting += [_samples(part) for part in resampler.resample(None)]
    if waiting:
        yield np.concatenate(waiting)


def _samples(frame: av.AudioFrame) -> Samples:
    return np.asarray(frame.to_ndarray().T, dtype=np.float32)
