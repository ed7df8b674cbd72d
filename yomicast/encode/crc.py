"""CRC-16/ARC (reflected 0x8005, from zero) of megabytes, by numpy lanes; LAME's tag carries two of them. Pure."""

from __future__ import annotations

from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt

LANES = 2_048
"""Stretches summed side by side; a power of two, as they are then put together in pairs."""


@cache
def _table(bits: int) -> npt.NDArray[np.uint16]:
    """What so many steps make of each number of so many bits."""
    table: npt.NDArray[np.uint16] = np.arange(1 << bits, dtype=np.uint16)
    for _ in range(bits):
        odd = (table & 1).astype(np.bool_)
        table >>= 1
        table[odd] ^= 0xA001
    return table


def crc16(data: bytes, before: int = 0) -> int:
    """The checksum of `data` after bytes whose checksum is `before`.

    The sum is linear: lanes are summed side by side, two bytes a step, then neighbours are put together, the first
    shifted by the length of the second.
    """
    steps = len(data) // LANES // 2
    if steps < 16:
        return _plain(data, before)
    table, width = _table(16), 2 * steps
    lanes = np.frombuffer(data, "<u2", LANES * steps).reshape(LANES, steps)
    sums = np.zeros(LANES, np.uint16)
    for column in np.ascontiguousarray(lanes.T):
        sums = table[sums ^ column]
    while len(sums) > 1:
        sums = _shifted(sums[::2], _shift(width)) ^ sums[1::2]
        width *= 2
    return _plain(data[width:], joined(before, int(sums[0]), width))


def _shifted(sums: npt.NDArray[np.uint16], columns: list[int]) -> npt.NDArray[np.uint16]:
    """`_through` for many."""
    out = np.zeros_like(sums)
    for bit, column in enumerate(columns):
        out ^= (sums >> bit & 1) * np.uint16(column)
    return out


def joined(before: int, after: int, length: int) -> int:
    """The checksum of two stretches from those of each, the second of `length` bytes."""
    return _through(_shift(length), before) ^ after


def _plain(data: bytes, before: int) -> int:
    table = _table(8).tolist()
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
