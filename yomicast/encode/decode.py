"""Sound out of files, by PyAV: what listeners will hear, for measuring and for the checks of every form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
import numpy as np
from av.container import InputContainer

from yomicast.errors import AudioError
from yomicast.model import Message, Samples

RATE = 48_000
BLOCK = 2 * RATE
"""Frames of a block, about: short enough to stay in the processor's cache while it is measured."""


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
    gathered = _Gathered()
    for frame in container.decode(stream):
        if frame.format.name != "fltp" or frame.sample_rate != RATE:
            resampler = resampler or av.AudioResampler(format="fltp", layout=frame.layout.name, rate=RATE)
            parts = resampler.resample(frame)
        else:
            parts = [frame]
        for part in parts:
            yield from gathered.add(part)
    if resampler is not None:
        for part in resampler.resample(None):
            yield from gathered.add(part)
    yield from gathered.rest()


class _Gathered:
    """Small planar frames put together, each sample copied once; asking PyAV for an array a frame costs half as much
    as decoding it.
    """

    def __init__(self) -> None:
        self._room = np.zeros((0, 0), np.float32)
        self._filled = 0

    def add(self, frame: av.AudioFrame) -> Iterator[Samples]:
        count, channels = frame.samples, frame.layout.nb_channels
        if channels != len(self._room) or self._filled + count > self._room.shape[1]:
            yield from self.rest()
            self._room = np.empty((channels, max(BLOCK, count)), np.float32)
        for row, plane in zip(self._room, frame.planes, strict=True):
            row[self._filled : self._filled + count] = np.frombuffer(cast("memoryview", plane), np.float32, count)
        self._filled += count

    def rest(self) -> Iterator[Samples]:
        if self._filled:
            yield self._room[:, : self._filled].T
        self._room, self._filled = np.zeros((0, 0), np.float32), 0
