"""Music ready to mix: the user's files (PyAV decodes them, pydub trims, fades and shapes them) or generated tunes.

The only home of pydub. What is prepared is kept in the cache as 16-bit samples and mapped into memory, so that a long
piece costs no memory; its key is a hash of all that changes its sound.
"""

from __future__ import annotations

import hashlib
import json
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

import av
import numpy as np
import numpy.typing as npt
from av.container import InputContainer

from yomicast import loudness
from yomicast.errors import AudioError
from yomicast.files import SEAL, seal, sealed, whole, write_changed
from yomicast.mix import tunes
from yomicast.model import Message, Note, Place, Samples
from yomicast.settings import Music

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub looks for ffmpeg on the PATH and says so; we decode through PyAV
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

RATE = 48_000
Part: TypeAlias = Literal["opening", "closing", "sting", "bed"]
LONGEST: dict[Part, float] = {"opening": 60.0, "closing": 60.0, "sting": 10.0, "bed": 180.0}
"""Seconds of a user's file that are used; of a longer one (two hours long) no more is decoded."""

GENERATED: dict[Part, float] = {"opening": 7.0, "closing": 8.0, "sting": 1.6, "bed": 0.0}
QUIET = -50.0
"""dBFS: leading and trailing sound under this is trimmed from the user's files."""

SEAM = 2.0
"""Seconds over which the end of a user's bed is blended into its beginning."""

LONG_ENOUGH = 2.0
"""Seconds: a shorter loop is laid end to end up to here, so that its loudness is that of the sound it makes."""

STILL, AROUND, STILLEST = 480, 12, 0.02
"""Direct current: means of 10 ms, averaged over 12 of them on both sides, count from 0.02 of full scale on."""

LOCKED = frozenset({"drms", "drmi", "enca", "encv", "adrm"})
"""Sample entries of protected MP4 files: FFmpeg would decode them to noise."""

Flaw: TypeAlias = Literal["", "broken", "longer"]
_FLAWS = {
    "broken": Message(
        "the music file is damaged; what could be read is used",
        "音楽ファイルが壊れています。読めた部分だけを使いました",
    ),
    "longer": Message("the music is long; only its beginning is used", "音楽が長いため、初めの部分だけを使いました"),
}

FORMAT = 2
"""Part of the key: raise it when preparation changes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Track:
    """Prepared music. `samples`: int16 (frames, 2), mapped from the cache; `gain` (linear, from int16 to float) brings
    its loudest 400 ms to the loudness of speech; `key`: a hash of all that changes its sound; `notes`: what a person
    should know of the file.
    """

    samples: npt.NDArray[np.int16]
    gain: float
    key: str
    notes: tuple[Note, ...] = ()

    @property
    def frames(self) -> int:
        """Length."""
        return len(self.samples)

    def read(self, start: int, stop: int, *, channels: int, loop: bool = False) -> Samples:
        """Frames start..stop, at the loudness of speech; a loop goes round."""
        out = np.empty((channels, stop - start), np.float32)
        at = start
        while at < stop:
            begin = at % self.frames if loop else at
            end = min(begin + stop - at, self.frames)
            part = out[:, at - start : at - start + end - begin]
            if channels == 2:
                part[:] = self.samples[begin:end].T
            else:
                np.add(self.samples[begin:end, 0], self.samples[begin:end, 1], out=part[0], dtype=np.float32)
            at += end - begin
        out *= np.float32(self.gain if channels == 2 else self.gain / 2)
        return out.T


def load(music: Music, part: Part, *, base: Path, cache: Path, reference: float, channels: int = 2) -> Track | None:
    """The music for one part of the programme; None when it is off.

    Args:
        music: what the author set.
        part: which decides lengths, and whether it loops.
        base: folder that file names count from.
        cache: folder of prepared music.
        reference: LUFS of speech, all channels, to which the loudest 400 ms are brought.
        channels: of the programme; in mono, what is measured is the two channels mixed.

    Raises:
        AudioError: the file is missing, is no audio, or holds no sound at all.
    """
    if music.off:
        return None
    path = _inside(base, music.file) if music.file else None
    key = _key(music, part, path)
    stored = cache / "music" / f"{key}.npy"
    if not sealed(stored):
        sound, flaw = _from_file(music, part, path) if path else (_generated(music, part), "")
        if flaw:
            write_changed(stored.with_suffix(".flaw"), flaw)
        with whole(stored, lasting=False) as part_file:
            with part_file.open("wb") as stream:
                np.save(stream, sound)
            seal(part_file)
    samples = _mapped(stored)
    level = _kept_level(stored.with_suffix(f".{channels}.level"), samples, channels)
    if level < loudness.ABSOLUTE_GATE:
        raise _silent(music.file)
    gain = loudness.linear(reference - level) / 32768.0
    return Track(samples=samples, gain=gain, key=key, notes=_notes(stored, music.file))


def _notes(stored: Path, name: str) -> tuple[Note, ...]:
    flaw = stored.with_suffix(".flaw")
    text = _FLAWS.get(flaw.read_text(errors="replace")) if flaw.is_file() else None
    return (Note(slug="music", text=text, place=Place(file=name)),) if text else ()


def _mapped(stored: Path) -> npt.NDArray[np.int16]:
    samples: npt.NDArray[np.int16] = np.load(stored, mmap_mode="r", allow_pickle=False)
    return samples


def _inside(base: Path, name: str) -> Path:
    path = base / name
    if not path.is_file():
        raise AudioError(
            Message("there is no such music file", "音楽ファイルがありません"),
            where=name,
            hint=Message(
                f"put it into {base} or take the line `file:` out to use generated music",
                f"{base} に置くか、`file:` の行を消して自動生成の音楽を使ってください",
            ),
        )
    return path


def _key(music: Music, part: Part, path: Path | None) -> str:
    parts: dict[str, object] = {"part": part, "seconds": music.seconds, "format": FORMAT}
    if path:
        with path.open("rb") as stream:
            parts["sha256"] = hashlib.file_digest(stream, "sha256").hexdigest()
        parts |= {"fade_in": music.fade_in, "fade_out": music.fade_out}
    else:
        parts |= {"mood": music.mood, "seed": music.seed, "version": tunes.VERSION}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:24]


def _generated(music: Music, part: Part) -> npt.NDArray[np.int16]:
    seconds = min(music.seconds or GENERATED[part], LONGEST[part])
    make: dict[Part, Callable[[], Samples]] = {
        "bed": lambda: tunes.bed(music.mood, music.seed),
        "sting": lambda: tunes.sting(music.mood, music.seed, seconds),
        "opening": lambda: tunes.jingle(music.mood, music.seed, seconds),
        "closing": lambda: tunes.jingle(music.mood, music.seed, seconds),
    }
    return _sixteen(make[part]())


def _sixteen(sound: Samples) -> npt.NDArray[np.int16]:
    return np.asarray(np.clip(np.rint(sound * 32767.0), -32768, 32767), dtype=np.int16)


def _from_file(music: Music, part: Part, path: Path) -> tuple[npt.NDArray[np.int16], Flaw]:
    seconds = min(music.seconds or LONGEST[part], LONGEST[part])
    samples, flaw = _decoded(path, music.file, seconds + 30.0)
    clip = AudioSegment(data=samples.tobytes(), sample_width=2, frame_rate=RATE, channels=2)
    clip = clip[detect_leading_silence(clip, QUIET) : len(clip) - detect_leading_silence(clip.reverse(), QUIET)]
    flaw = "longer" if not flaw and not music.seconds and len(clip) > seconds * 1000 else flaw
    clip = clip[: round(seconds * 1000)]
    if not len(clip):
        raise _silent(music.file)
    if part == "bed":
        ring = _ring(_frames(clip))
        return np.tile(ring, (max(1, -(-round(LONG_ENOUGH * RATE) // len(ring))), 1)), flaw
    into = 0.02 if music.fade_in is None else music.fade_in
    out = min(1.5, len(clip) / 4000) if music.fade_out is None else music.fade_out
    if into:
        clip = clip.fade_in(min(round(into * 1000), len(clip)))
    if out:
        clip = clip.fade_out(min(round(out * 1000), len(clip)))
    return _frames(clip), flaw


def _frames(clip: AudioSegment) -> npt.NDArray[np.int16]:
    return np.frombuffer(clip.raw_data, "<i2").reshape(-1, 2).astype(np.int16)


def _ring(samples: npt.NDArray[np.int16]) -> npt.NDArray[np.int16]:
    """A loop without a seam: the last seconds are blended into the first, equal in power."""
    blend = min(round(SEAM * RATE), len(samples) // 3)
    if blend < 2:
        return samples
    turn = np.linspace(0, np.pi / 2, blend, dtype=np.float32)[:, None]
    head = samples[:blend] * np.sin(turn) + samples[-blend:] * np.cos(turn)
    return np.concatenate([np.clip(head, -32768, 32767).astype(np.int16), samples[blend:-blend]])


def openable(base: Path, name: str, *, where: str) -> None:
    """See that the author's file is there and holds sound that can be opened; nothing is decoded.

    Raises:
        AudioError: it is missing, no audio, or copy-protected; `where` says which setting names it.
    """
    try:
        with _opened(_inside(base, name), name):
            pass
    except (av.FFmpegError, ValueError, AudioError) as error:
        found = error if isinstance(error, AudioError) else _no_audio(name)
        found.where = Place(file=f"{where}: {name}")
        raise found from error


@contextmanager
def _opened(path: Path, name: str) -> Iterator[InputContainer]:
    with av.open(str(path)) as container:
        if not container.streams.audio:
            raise _no_audio(name)
        if container.streams.audio[0].codec_context.codec_tag in LOCKED:
            raise AudioError(
                Message("the file is copy-protected", "コピー防止の付いたファイルです"),
                where=name,
                hint=Message("use a file without copy protection", "コピー防止のないファイルを使ってください"),
            )
        yield container


def _decoded(path: Path, name: str, seconds: float) -> tuple[npt.NDArray[np.int16], Flaw]:
    """At most `seconds` of any audio file as 48 kHz stereo; a file broken half-way gives what could be read."""
    flaw: Flaw = ""
    found: list[Samples] = []
    left = round(seconds * RATE)
    try:
        with _opened(path, name) as container:
            resampler = av.AudioResampler(format="flt", layout="stereo", rate=RATE)
            for frame in container.decode(audio=0):
                found += _pairs(resampler.resample(frame))
                left -= frame.samples * RATE // (frame.sample_rate or RATE)
                if left <= 0:
                    break
            found += _pairs(resampler.resample(None))
    except (av.FFmpegError, ValueError, EOFError) as error:
        if not found:
            raise _no_audio(name) from error
        flaw = "broken"
    if not sum(map(len, found)):
        raise _no_audio(name)
    sound = np.concatenate(found)
    if not np.isfinite(sound).all():
        sound, flaw = np.nan_to_num(sound, nan=0.0, posinf=0.0, neginf=0.0), "broken"
    return _sixteen(_within(_steady_gone(sound))), flaw


def _pairs(frames: Iterable[av.AudioFrame]) -> list[Samples]:
    return [np.asarray(frame.to_ndarray().reshape(-1, 2), dtype=np.float32) for frame in frames]


def _within(sound: Samples) -> Samples:
    """Within ±1: what a float file or a mix of eight channels has above it is turned down, not cut off."""
    peak = loudness.sample_peak(sound)
    return sound / np.float32(peak) if peak > 1 else sound


def _steady_gone(sound: Samples) -> Samples:
    """Without direct current, which nobody hears but which would be taken for music; other files stay as they are."""
    hops = -(-len(sound) // STILL)
    padded = np.pad(sound, ((0, hops * STILL - len(sound)), (0, 0)), mode="edge")
    means = padded.reshape(hops, STILL, 2).mean(axis=1, dtype=np.float64)
    wide = np.pad(means, ((AROUND, AROUND), (0, 0)), mode="edge").cumsum(axis=0)
    wide = np.concatenate([np.zeros((1, 2)), wide])
    still = (wide[2 * AROUND + 1 :] - wide[: -2 * AROUND - 1]) / (2 * AROUND + 1)
    if np.abs(still).max() < STILLEST:
        return sound
    at, frames = (np.arange(hops) + 0.5) * STILL, np.arange(len(sound))
    drift = np.stack([np.interp(frames, at, still[:, side]) for side in (0, 1)], axis=1)
    return np.asarray(sound - drift, dtype=np.float32)


def _silent(name: str) -> AudioError:
    return AudioError(
        Message("the music file holds no sound", "音楽ファイルに音が入っていません"),
        where=name,
        hint=Message("choose another file", "別のファイルを選んでください"),
    )


def _no_audio(name: str) -> AudioError:
    return AudioError(
        Message("no sound can be read from this file", "このファイルから音を読み取れません"),
        where=name,
        hint=Message(
            "is it whole, and free of copy protection? WAV, FLAC, MP3, M4A and Ogg are read",
            "壊れていないか、コピー防止が付いていないか確かめてください(WAV・FLAC・MP3・M4A・Ogg を読めます)",
        ),
    )


def _kept_level(stored: Path, samples: npt.NDArray[np.int16], channels: int) -> float:
    """`_level`, measured once."""
    if not sealed(stored):
        with whole(stored, lasting=False) as part:
            part.write_bytes(np.float64(_level(samples, channels)).tobytes())
            seal(part)
    return float(np.frombuffer(stored.read_bytes()[:-SEAL], np.float64)[0])


def _level(samples: npt.NDArray[np.int16], channels: int) -> float:
    """LUFS of the loudest 400 ms."""
    energies = []
    for start in range(0, len(samples), 10 * RATE):
        block = samples[start : start + 10 * RATE].astype(np.float32) / np.float32(32768)
        if channels == 1:
            block = (block[:, :1] + block[:, 1:]) / 2
        energies.append(loudness.energies(block))
    levels = loudness.Levels(energies=np.concatenate(energies), peak=0.0)
    momentary = loudness.loudness(levels).momentary
    if momentary == loudness.SILENCE:
        momentary = loudness.OFFSET + 10 * float(np.log10(max(float(levels.energies.mean()), 1e-20)))
    return momentary
