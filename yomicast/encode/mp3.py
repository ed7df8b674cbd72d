"""MP3 by LAME: constant bit rate at 48 kHz, encoded chapter by chapter, joined on the frame grid, with an Info frame.

A fresh encoder begins at each seam. Its first 1,105 frames of output are delay (LAME's 576 and a decoder's 529), so
the last 1,105 frames of the chapter would fall into one more MP3 frame; that frame is left out, as a seam lies in
digital silence, and the next chapter's first frame stands in its place. Only the last chapter keeps it. The length is
exact, and the Info frame tells players what to leave out at both ends.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from importlib import metadata
from pathlib import Path
from typing import BinaryIO

import lameenc
import numpy as np
import numpy.typing as npt

from yomicast.encode.crc import crc16, joined
from yomicast.model import Samples

FRAME = 1_152
DELAY = 576
"""LAME's own delay, as the Info frame states it."""

AHEAD = 4
"""Blocks on their way through LAME."""

QUALITY = 7
"""LAME's. Against 5, on our sound at 128 kbit/s, it costs 0.6 of the time, leaves 6 dB less noise in all and 0.25 dB
more against the masking threshold, less than lies between 2 and 5 (`benchmarks/encoder.py`)."""
VERSION = f"lameenc-{metadata.version('lameenc')}-q{QUALITY}-4"
"""Part of every chunk's key."""
BITRATES = (64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def nearest_bitrate(bitrate: int) -> int:
    """The MPEG-1 layer III rate nearest to what was asked, kbit/s; under 64 the Info frame has no room."""
    return min(BITRATES, key=lambda known: (abs(known - bitrate), known))


def encode(blocks: Iterable[Samples], *, channels: int, bitrate: int) -> Iterator[bytes]:
    """One stretch (a multiple of 1,152 frames between seams) as MP3 frames, one more than its length in frames.

    LAME works in a thread of its own, `AHEAD` blocks behind whoever makes them and before whoever takes the bytes: it
    is slower than both, and the only one that one chapter cannot share out.
    """
    encoder = lameenc.Encoder()
    encoder.silence()
    encoder.set_in_sample_rate(48_000)
    encoder.set_out_sample_rate(48_000)  # at low rates LAME would halve it by itself
    encoder.set_channels(channels)
    encoder.set_bit_rate(bitrate)
    encoder.set_quality(QUALITY)
    frames = given = 0
    undo = np.float32(32767.0 / _scale(bitrate))
    waiting: deque[Future[bytes]] = deque()
    with ThreadPoolExecutor(1, thread_name_prefix="lame") as lame:
        for block in blocks:
            waiting.append(lame.submit(encoder.encode, _pcm(block, undo)))
            frames += len(block)
            while len(waiting) > AHEAD or (waiting and waiting[0].done()):
                piece = bytes(waiting.popleft().result())
                given += len(piece)
                yield piece
        rest = b"".join(bytes(each.result()) for each in waiting) + bytes(encoder.flush())
    wanted = (frames // FRAME + 1) * size_of(bitrate)
    assert given <= wanted <= given + len(rest), f"LAME gave {given + len(rest)} bytes for {frames} frames"
    yield rest[: wanted - given]


def _pcm(block: Samples, factor: np.float32) -> bytes:
    """Samples as 16-bit little endian, channels in turn."""
    planes = block.T * factor
    np.rint(planes, out=planes)
    np.clip(planes, -32768, 32767, out=planes)
    if len(planes) == 1:
        return planes.astype("<i2").tobytes()
    # Two channels as one number: numpy is slow at weaving short ones.
    left, right = (np.asarray(plane, dtype="<i4") for plane in planes)
    woven: npt.NDArray[np.int32] = right << 16 | left & 0xFFFF
    return woven.tobytes()


def _scale(bitrate: int) -> float:
    """What LAME multiplies the sound with by itself at this rate (measured on a sine; its presets hold the same)."""
    return {192: 0.97, 224: 0.98, 256: 1.0, 320: 1.0}.get(bitrate, 0.95)


def size_of(bitrate: int) -> int:
    """Bytes of one frame at 48 kHz, where no frame is ever padded."""
    return 3 * bitrate


def checksum(chunk: Path, bitrate: int) -> int:
    """CRC-16 of a chapter's frames without the extra one, for `join`."""
    crc = 0
    for piece in _pieces(chunk, chunk.stat().st_size - size_of(bitrate)):
        crc = crc16(piece, crc)
    return crc


def join(chunks: Sequence[tuple[Path, int]], out: BinaryIO, *, channels: int, bitrate: int) -> None:
    """Write a whole file: the Info frame, then each chapter without its extra frame, the last one with it.

    `chunks`: files of chapters with their `checksum`s.
    """
    size = size_of(bitrate)
    sizes = [chunk.stat().st_size - size for chunk, _ in chunks[:-1]] + [chunks[-1][0].stat().st_size]
    with chunks[0][0].open("rb") as stream:
        header = stream.read(4)
    out.write(bytes(size))
    crc = 0
    for (chunk, its), length in zip(chunks, sizes, strict=True):
        crc = joined(crc, its, chunk.stat().st_size - size)
        out.writelines(_pieces(chunk, length))
    with chunks[-1][0].open("rb") as stream:
        stream.seek(-size, os.SEEK_END)
        crc = crc16(stream.read(), crc)
    total = sum(sizes)
    out.seek(0)
    out.write(info(header, frames=total // size, size=total, crc=crc, channels=channels, bitrate=bitrate))


def _pieces(path: Path, length: int) -> Iterator[bytes]:
    with path.open("rb") as stream:
        while length > 0 and (piece := stream.read(min(length, 1 << 22))):
            length -= len(piece)
            yield piece


def info(header: bytes, *, frames: int, size: int, crc: int, channels: int, bitrate: int) -> bytes:
    """The Info frame (LAME's extension of Xing's tag) that stands before the audio frames.

    Layout: http://gabriel.mp3-tech.org/mp3infotag.html. `frames`, `size`, `crc`: of the audio after it.
    """
    frame = bytearray(size_of(bitrate))
    frame[:4] = bytes((header[0], header[1] | 1, header[2], header[3]))
    at = 4 + (17 if channels == 1 else 32)
    whole = size + len(frame)
    tag = b"Info" + (0x0F).to_bytes(4, "big") + frames.to_bytes(4, "big") + whole.to_bytes(4, "big")
    tag += bytes(min(255, 256 * percent // 100) for percent in range(100))  # constant rate: time and bytes agree
    tag += (50).to_bytes(4, "big")
    padding = frames * FRAME - (frames - 1) * FRAME - DELAY
    lame = b"LAME3.100" + bytes((0x01, 0)) + bytes(8) + bytes((0x50, min(bitrate, 255)))
    lame += ((DELAY << 12) | padding).to_bytes(3, "big") + bytes((0x8C if channels == 2 else 0x80, 0))
    lame += (bitrate & 0x7FF).to_bytes(2, "big") + whole.to_bytes(4, "big") + crc.to_bytes(2, "big")
    frame[at : at + len(tag) + len(lame)] = tag + lame
    stop = at + len(tag) + len(lame)
    frame[stop : stop + 2] = crc16(bytes(frame[:stop])).to_bytes(2, "big")
    return bytes(frame)
