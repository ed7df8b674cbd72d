"""An ID3 chunk at the end of a WAV file, also of one over 4 GB (RF64, EBU Tech 3306)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import IO

from yomicast.errors import AudioError
from yomicast.model import Message

LARGEST = 2**32 - 1
DS64_BYTES = 24
"""Sizes of the file and of the data, and the number of frames: what we read of an RF64's ds64 chunk."""


def with_id3(file: IO[bytes], tag: bytes) -> None:
    """Append `tag` as the file's `id3 ` chunk in place of an earlier one. A plain RIFF that it would make larger than
    4 GB is left as it is: the sound matters more.

    Raises:
        AudioError: it is no WAV.
    """
    end = file.seek(0, 2)
    file.seek(0)
    head = file.read(12)
    if head[:4] not in (b"RIFF", b"RF64") or head[8:] != b"WAVE":
        raise AudioError(
            Message("this is no WAV file", "WAV ファイルではありません"),
            hint=Message("render it again", "もう一度作成してください"),
        )
    ds64 = 0
    for name, start, stop in _chunks(file, end):
        ds64 = start if name == b"ds64" else ds64
        if name.lower() == b"id3 " and stop >= end:
            end = start - 8
            break
    size = end + (end & 1) + 8 + len(tag) + (len(tag) & 1) - 8
    if head[:4] == b"RIFF" and size > LARGEST:
        return
    file.truncate(end)
    file.seek(end)
    file.write(bytes(end & 1) + b"id3 " + struct.pack("<I", len(tag)) + tag + bytes(len(tag) & 1))
    if head[:4] == b"RIFF":
        file.seek(4)
        file.write(struct.pack("<I", size))
    elif ds64:
        file.seek(ds64)
        file.write(struct.pack("<Q", size))


def _chunks(file: IO[bytes], end: int) -> Iterator[tuple[bytes, int, int]]:
    """Name, start and stop of each chunk's content; a length that does not fit 32 bits stands in ds64."""
    at, long_data = 12, 0
    while at + 8 <= end:
        file.seek(at)
        name, size = struct.unpack("<4sI", file.read(8))
        if name == b"ds64":
            long_data = struct.unpack("<QQQ", file.read(DS64_BYTES))[1]
        if name == b"data" and size == LARGEST:
            size = long_data or end - at - 8
        yield name, at + 8, at + 8 + size + (size & 1)
        at += 8 + size + (size & 1)
