"""Room 7: mastered programme -> audio files. Doors: `encode`, `ahead`, `decode`, the table `ENCODERS`.

A file is whole or absent. Chapters of an MP3 are encoded apart, in parallel, and kept; what is kept is named by all
that changes its bytes.
"""

from __future__ import annotations

import hashlib
import itertools
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from yomicast import loudness
from yomicast.chapters import side_by_side
from yomicast.encode import containers, mp3
from yomicast.encode.decode import Stream, decode
from yomicast.errors import AudioError
from yomicast.files import seal, sealed, whole
from yomicast.loudness import Levels, Loudness
from yomicast.model import Message, Programme

__all__ = ["ENCODERS", "Encoded", "ahead", "decode", "encode"]


class Mastered(Programme, Protocol):
    """What this room needs of a mastered programme."""

    @property
    def gain_db(self) -> float:
        """What the mix was raised by."""

    def key(self, start: int, stop: int) -> str:
        """Names the sound between two seams."""

    def corrected(self, levels: Levels) -> Mastered | None:
        """What to encode instead when the encoded sound misses its target; None when it is right."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """A finished file: seconds and frames a gapless player plays, and the loudness of the decoded sound.

    `mastered`: what was encoded in the end; `fresh`: chapters (or files) that had to be encoded, not taken from cache.
    """

    path: Path
    form: str
    bitrate: int
    seconds: float
    frames: int
    loudness: Loudness
    levels: Levels
    mastered: Mastered
    media_type: str
    fresh: int

    @property
    def figures(self) -> dict[str, float]:
        """For the report: measured on the decoded file."""
        return {
            "lufs": round(self.loudness.integrated, 2),
            "range_lu": round(self.loudness.range, 2),
            "true_peak_dbtp": round(self.loudness.true_peak, 2),
            "longest_silence_s": round(loudness.longest_silence(self.levels), 1),
            "gain_db": self.mastered.gain_db,
            "seconds": round(self.seconds, 3),
        }


Progress = Callable[[int, int], None]


def encode(
    mastered: Mastered, path: Path, *, form: str, bitrate: int, cache: Path, on_progress: Progress | None = None
) -> Encoded:
    """Write `mastered` to `path`, decode what was written, and correct it once if it misses the target.

    Args:
        mastered: the programme.
        path: the file; it appears whole or not at all.
        form: a key of `ENCODERS`.
        bitrate: kbit/s; forms without loss ignore it.
        cache: folder for encoded chapters.
        on_progress: called with the frames done and in all.

    Raises:
        AudioError: there is no such form, or the encoder failed.
        OutputError: the file cannot be written.
    """
    if form not in ENCODERS:
        listed = ", ".join(ENCODERS)
        raise AudioError(
            Message(f"no audio form '{form}'", f"'{form}' という音声形式はありません"),
            where=str(path),
            hint=Message(f"one of: {listed}", f"使えるもの: {listed}"),
        )
    writer = ENCODERS[form]
    made = writer(mastered, path, bitrate, cache, on_progress or _nothing)
    better = mastered.corrected(made.levels)
    return made if better is None else writer(better, path, bitrate, cache, on_progress or _nothing)


def ahead(mastered: Mastered, *, bitrate: int, cache: Path, most: float = 0.5) -> int:
    """Encode the chapters of an MP3 that the cache lacks, before it is certain that they will be wanted like this.

    Nothing is done where more than the share `most` of the programme is lacking: that would be too much to do in vain.
    Returns how many chapters were encoded.
    """
    rate = mp3.nearest_bitrate(bitrate)
    spans = [span for span in itertools.pairwise(mastered.seams) if not _lasts(_places(mastered, span, rate, cache))]
    if sum(stop - start for start, stop in spans) > most * mastered.frames:
        return 0
    for span in spans:
        _chunk(mastered, span, rate, cache)
    return len(spans)


def _nothing(_done: int, _total: int) -> None:
    return


def _mp3(mastered: Mastered, path: Path, bitrate: int, cache: Path, on_progress: Progress) -> Encoded:
    rate = mp3.nearest_bitrate(bitrate)
    spans = list(itertools.pairwise(mastered.seams))
    chunks = side_by_side(
        lambda span: _chunk(mastered, span, rate, cache),
        spans,
        on_progress=lambda done: on_progress(done, mastered.frames),
    )
    with whole(path) as part, part.open("wb") as stream:
        parts = [(chunk.path, chunk.checksum) for chunk in chunks]
        mp3.join(parts, stream, channels=mastered.channels, bitrate=rate)
    levels = loudness.join(chunk.levels for chunk in chunks)
    return _encoded(
        mastered,
        path,
        form="mp3",
        media_type="audio/mpeg",
        bitrate=rate,
        levels=levels,
        fresh=sum(chunk.fresh for chunk in chunks),
    )


def _encoded(
    mastered: Mastered, path: Path, *, form: str, media_type: str, bitrate: int, levels: Levels, fresh: int
) -> Encoded:
    return Encoded(
        path=path,
        form=form,
        bitrate=bitrate,
        seconds=mastered.frames / mastered.rate,
        frames=mastered.frames,
        loudness=loudness.loudness(levels),
        levels=levels,
        mastered=mastered,
        media_type=media_type,
        fresh=fresh,
    )


@dataclass(frozen=True, slots=True)
class _Chunk:
    """One chapter's frames, the levels of its decoded sound, its `mp3.checksum`; whether it was made now."""

    path: Path
    levels: Levels
    checksum: int
    fresh: bool


def _chunk(mastered: Mastered, span: tuple[int, int], bitrate: int, cache: Path) -> _Chunk:
    """A chapter from the cache, or made now."""
    stored, heard = _places(mastered, span, bitrate, cache)
    if sealed(heard, stored):
        return _Chunk(stored, *_load(heard), fresh=False)
    sound, meter = Stream(), loudness.Meter()
    with whole(stored, lasting=False) as part, part.open("wb") as stream:
        pieces = mp3.encode(mastered.blocks(*span), channels=mastered.channels, bitrate=bitrate)
        for piece in itertools.chain(filter(None, pieces), (b"",)):
            stream.write(piece)
            for block in sound.feed(piece):
                meter.feed(block)
    levels, checksum = meter.levels(), mp3.checksum(stored, bitrate)
    _store(heard, levels, stored, extra=checksum)
    return _Chunk(stored, levels, checksum, fresh=True)


def _places(mastered: Mastered, span: tuple[int, int], bitrate: int, cache: Path) -> tuple[Path, Path]:
    name = hashlib.sha256(f"{mp3.VERSION} {bitrate} {mastered.key(*span)}".encode()).hexdigest()[:32]
    return cache / "chunks" / f"{name}.mp3", cache / "chunks" / f"{name}.npy"


def _lasts(places: tuple[Path, Path]) -> bool:
    stored, heard = places
    return sealed(heard, stored)


def _store(path: Path, levels: Levels, sound: Path, *, extra: int = 0) -> None:
    """Keep the levels of `sound`, and a number under 2²⁴ that goes with it, sealed together with it."""
    with whole(path, lasting=False) as part:
        with part.open("wb") as stream:
            np.save(stream, np.append(levels.energies, np.array([levels.peak, extra], np.float32)))
        seal(part, sound)


def _load(path: Path) -> tuple[Levels, int]:
    values = np.load(path, allow_pickle=False)
    return Levels(energies=values[:-2], peak=float(values[-2])), int(values[-1])


def _contained(name: str) -> Writer:
    """The writer of a form of `containers.FORMS`; files with loss are kept whole in the cache."""
    form = containers.FORMS[name]

    def writer(mastered: Mastered, path: Path, bitrate: int, cache: Path, on_progress: Progress) -> Encoded:
        parts = repr((form, bitrate, containers.VERSION, mastered.marks)) + mastered.key(0, mastered.frames)
        key = hashlib.sha256(parts.encode()).hexdigest()[:32]
        stored, heard = cache / "files" / f"{key}.{name}", cache / "files" / f"{key}.npy"
        fresh = not sealed(heard, stored)
        if fresh or form.lossless:
            target = path if form.lossless else stored
            with whole(target, lasting=form.lossless) as part:
                containers.write(mastered, part, form, bitrate=bitrate, on_progress=on_progress)
            _store(heard, loudness.listen(decode(target)), target)
        if not form.lossless:
            with whole(path) as part:
                shutil.copyfile(stored, part)
        return _encoded(
            mastered,
            path,
            form=name,
            media_type=form.media_type,
            bitrate=0 if form.lossless else bitrate,
            levels=_load(heard)[0],
            fresh=int(fresh),
        )

    return writer


Writer = Callable[[Mastered, Path, int, Path, Progress], Encoded]
ENCODERS: dict[str, Writer] = {"mp3": _mp3, **{name: _contained(name) for name in containers.FORMS}}
"""Audio forms by name; a new row is tested by being here."""
