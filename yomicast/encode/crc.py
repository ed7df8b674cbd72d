"""CRC-16/ARC (reflected 0x8005, from zero) of megabytes, by numpy lanes; LAME's tag carries two of them. Pure."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

LANES = 2_048


@cache
def _table() -> npt.NDArray[np.uint16]:
    table = np.arange(256, dtype=np.uint16)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint16(0xA001), table >> 1).astype(np.uint16)
    return table


def crc16(data: bytes, before: int = 0) -> int:
    """The checksum of `data` after bytes whose checksum is `before`.

    The sum is linear: lanes are summed side by side, then each is shifted by the length of a lane and added.
    """
    table = _table()
    width = len(data) // LANES
    if width < 16:
        return _plain(data, before)
    lanes = np.frombuffer(data, np.uint8, LANES * width).reshape(LANES, width)
    sums = np.zeros(LANES, np.uint16)
    for column in lanes.T:
        sums = (sums >> 8) ^ table[(sums ^ column) & 0xFF]
    for one in sums.tolist():
        before = joined(before, one, width)
    return _plain(data[LANES * width :], before)


def joined(before: int, after: int, length: int) -> int:
    """The checksum of two stretches from those of each, the second of `length` bytes."""
    return _through(_shift(length), before) ^ after


def _plain(data: bytes, before: int) -> int:
    table = _table().tolist()
    for byte in data:
        before = before >> 8 ^ table[(before ^ byte) & 0xFF]
    return before


@lru_cache(maxsize=256)
def _shift(zeros: int) -> list[int]:
    """What `zeros` zero bytes make of each single bit of a checksum."""
    step = [_plain(b"\0", 1 << bit) for bit in range(16)]
    result = [1 << bit for bit in range(16)]
    while zeros:
        if zeros & 1:
            result = [_through(step, value) for value in result]
        step = [_through(step, value) for value in step]
        zeros >>= 1
    return result


def _through(columns: list[int], value: int) -> int:
    out = 0
    for bit in range(16):
        if value >> bit & 1:
            out ^= columns[bit]
    return out
