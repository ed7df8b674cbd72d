"""Sound out of files, by PyAV: what listeners will hear, for measuring and for the checks of every form."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import av
from av.audio.codeccontext import AudioCodecContext
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


class Stream:
    """An MP3 heard while it is written: the samples that `decode` gives of the finished file."""

    def __init__(self) -> None:
        self._codec = cast("AudioCodecContext", av.CodecContext.create("mp3float", "r"))
        self._fifo, self._held = av.AudioFifo(), 0

    def feed(self, data: bytes) -> Iterator[Samples]:
        """What the file's next bytes bring; b"" says that there are no more."""
        # Here each word counts: there are 40 frames a second, and the loop costs a fifth of what decoding them does.
        for packet in (*self._codec.parse(data or None), *(() if data else (None,))):
            for frame in self._codec.decode(packet):
                frame.pts = None
                self._fifo.write(frame)
                self._held += frame.samples
                if self._held >= BLOCK:
                    yield from _taken(self._fifo, BLOCK)
                    self._held -= BLOCK
        if not data and self._held:
            yield from _taken(self._fifo, self._held)


class _Gathered:
    """Small planar frames put together by PyAV: asking it for an array a frame costs half as much as decoding it."""

    def __init__(self) -> None:
        self._fifo, self._layout = av.AudioFifo(), ""

    def add(self, frame: av.AudioFrame) -> Iterator[Samples]:
        if frame.layout.name != self._layout:
            yield from self.rest()
            self._fifo, self._layout = av.AudioFifo(), frame.layout.name
        frame.pts = None  # what a container says of times has no part in the samples' order
        self._fifo.write(frame)
        while self._fifo.samples >= BLOCK:
            yield from _taken(self._fifo, BLOCK)

    def rest(self) -> Iterator[Samples]:
        if self._layout and self._fifo.samples:
            yield from _taken(self._fifo, self._fifo.samples)


def _taken(fifo: av.AudioFifo, count: int) -> Iterator[Samples]:
    block = fifo.read(count)
    if block is not None:
        yield cast("Samples", block.to_ndarray()).T
