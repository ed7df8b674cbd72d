"""WAV bytes to samples, from programs and servers that may be wrong: a torn file is an error, never a click. Pure.

RIFF/WAVE as in Microsoft's and IBM's "Multimedia Programming Interface and Data Specifications 1.0": PCM of 8, 16, 24
and 32 bits, IEEE float of 32 and 64, and WAVE_FORMAT_EXTENSIBLE of these. Servers that stream write 0 or 0xFFFFFFFF
(or a little less) as the length, since they do not know it yet: then the data reach to the end.
"""

from __future__ import annotations

import struct

import numpy as np

from yomicast.errors import SynthesisError
from yomicast.loudness import sample_peak
from yomicast.model import Message, Samples

PCM, FLOAT, EXTENSIBLE = 1, 3, 0xFFFE
UNKNOWN_LENGTH = 0xFFFF_0000
"""Lengths from here on, and 0, mean that the writer did not know."""
RATES = range(4_000, 384_001)


def samples_of(data: bytes) -> tuple[Samples, int]:
    """Mono float32 within ±1 (float files as they are; channels averaged), and the rate.

    Raises:
        SynthesisError: it is no WAV, is cut short, or of a kind not known.
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise _bad(f"no WAV came, but: {_glimpse(data)}", f"WAV ではないものが届きました: {_glimpse(data)}")
    form, body = _chunks(data)
    if len(form) < 16:
        raise _bad("the WAV says nothing of its format", "WAV に形式の情報がありません")
    tag, channels, rate, _, _, bits = struct.unpack_from("<HHIIHH", form)
    if tag == EXTENSIBLE and len(form) >= 26:
        tag = struct.unpack_from("<H", form, 24)[0]
    if rate not in RATES or not 1 <= channels <= 8:
        raise _bad(f"the WAV claims {rate} Hz, {channels} channels", f"WAV の形式が不正です: {rate} Hz, {channels} ch")
    flat = _numbers(body, tag, bits)
    frames = flat[: len(flat) // channels * channels].reshape(-1, channels)
    return np.ascontiguousarray(frames.mean(axis=1) if channels > 1 else frames[:, 0], np.float32), rate


def _chunks(data: bytes) -> tuple[bytes, bytes]:
    """The format chunk and the data chunk."""
    form, at = b"", 12
    while at + 8 <= len(data):
        name, size = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        start = at + 8
        if name == b"data":
            left = len(data) - start
            if size and size < UNKNOWN_LENGTH and size > left:
                raise _bad(
                    f"the WAV is cut short: {left} of {size} bytes", f"WAV が途中で切れています: {left}/{size} バイト"
                )
            return form, data[start : start + size] if 0 < size < UNKNOWN_LENGTH else data[start:]
        if name == b"fmt ":
            form = data[start : start + size]
        at = start + size + (size & 1)
    raise _bad("the WAV holds no sound", "WAV に音が入っていません")


def _numbers(body: bytes, tag: int, bits: int) -> Samples:
    whole = len(body) // max(1, bits // 8) * max(1, bits // 8)
    match tag, bits:
        case (1, 16):
            return np.frombuffer(body[:whole], "<i2").astype(np.float32) / np.float32(2**15)
        case (1, 24):
            triples = np.frombuffer(body[:whole], np.uint8).reshape(-1, 3)
            wide = np.zeros((len(triples), 4), np.uint8)
            wide[:, 1:] = triples
            return (wide.view("<i4")[:, 0] / 2**31).astype(np.float32)
        case (1, 32):
            return (np.frombuffer(body[:whole], "<i4") / 2**31).astype(np.float32)
        case (1, 8):
            return ((np.frombuffer(body, np.uint8).astype(np.float64) - 128) / 128).astype(np.float32)
        case (3, 32):
            return np.frombuffer(body[:whole], "<f4").astype(np.float32)
        case (3, 64):
            return np.frombuffer(body[:whole], "<f8").astype(np.float32)
    raise _bad(f"WAV of kind {tag} with {bits} bits", f"対応していない WAV です: 種別 {tag}, {bits} ビット")


def pcm16(data: bytes) -> Samples:
    """Bare little-endian 16-bit samples as mono float32."""
    return _numbers(data, PCM, 16)


def bytes_of(samples: Samples, rate: int, *, peak: float = 0.7) -> bytes:
    """Mono 16-bit WAV, raised or lowered to `peak`: for trying a voice by ear."""
    loudest = sample_peak(samples) or 1.0
    body = np.round(samples * (peak / loudest * 32767)).astype("<i2").tobytes()
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, PCM, 1, rate, 2 * rate, 2, 16)
    return (
        struct.pack("<4sI4s", b"RIFF", 36 + len(body), b"WAVE") + form + struct.pack("<4sI", b"data", len(body)) + body
    )


def _glimpse(data: bytes) -> str:
    if not data:
        return "nothing"
    return "".join(c if c.isprintable() else "." for c in data[:40].decode("utf-8", errors="replace"))


def _bad(en: str, ja: str) -> SynthesisError:
    return SynthesisError(
        Message(en, ja),
        hint=Message(
            "a whole WAV file is needed: see what the program or server writes for this line",
            "WAV ファイル一つが必要です。この行に対して、プログラムやサーバーが何を出すか確かめてください",
        ),
    )
