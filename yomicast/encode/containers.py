"""M4A, Opus, FLAC and WAV through PyAV, block by block; chapters go into the containers that have room for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

import av
import numpy as np
import numpy.typing as npt

from yomicast.errors import AudioError
from yomicast.model import Message, Programme, Samples
from yomicast.shownotes import chapter_title

if TYPE_CHECKING:
    from av.container.core import Chapter  # named in PyAV's stubs only

Packed: TypeAlias = npt.NDArray[np.float32] | npt.NDArray[np.int16]
RATE = 48_000
VERSION = f"av-{av.__version__}-3"
"""Part of the key of files kept in the cache."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How PyAV writes one form.

    `frame`: frames a packet, as the codec wants them. `lossless`: bit rate says nothing, and the file is not kept in
    the cache. `top`: highest bit rate a channel, kbit/s. `options`: of the container. `chapters`: the container has them; FFmpeg writes
    both a Nero list and a QuickTime track into M4A. `comments`: they stand in Vorbis comments (CHAPTER000=, …NAME=).
    """

    container: str
    codec: str
    samples: str
    media_type: str
    frame: int
    lossless: bool = False
    top: int = 320
    chapters: bool = False
    comments: bool = False
    options: Mapping[str, str] = field(default_factory=dict)


FORMS: dict[str, Form] = {
    "m4a": Form(
        container="ipod",
        codec="aac",
        samples="fltp",
        media_type="audio/mp4",
        frame=1024,
        top=256,
        chapters=True,
        options={"movflags": "+faststart"},
    ),
    "opus": Form(
        container="ogg",
        codec="libopus",
        samples="flt",
        media_type="audio/ogg",
        frame=960,
        top=256,
        comments=True,
    ),
    "flac": Form(
        container="flac", codec="flac", samples="s16", media_type="audio/flac", frame=4096, lossless=True, comments=True
    ),
    "wav": Form(
        container="wav",
        codec="pcm_s16le",
        samples="s16",
        media_type="audio/wav",
        frame=4096,
        lossless=True,
        options={"rf64": "auto"},  # twelve hours do not fit into four gigabytes
    ),
}


def write(
    programme: Programme, path: Path, form: Form, *, bitrate: int, on_progress: Callable[[int, int], None]
) -> None:
    """Encode the whole programme into `path`.

    Raises:
        AudioError: the encoder is not in this build of PyAV, or failed. OSError: the disk is full and the like.
    """
    try:
        with av.open(str(path), "w", format=form.container, options={"fflags": "+bitexact", **form.options}) as out:
            stream = out.add_stream(
                form.codec, rate=RATE, layout="stereo" if programme.channels == 2 else "mono", format=form.samples
            )
            assert isinstance(stream, av.AudioStream)
            stream.codec_context.flags |= av.codec.context.Flags.bitexact
            if not form.lossless:
                stream.bit_rate = 1000 * min(bitrate, form.top * programme.channels)
            if form.chapters:
                out.set_chapters(_chapters(programme))
            if form.comments:
                (stream if form.container == "ogg" else out).metadata.update(_comments(programme))
            done = 0
            for packed in _packets(programme.blocks(), form):
                frame = av.AudioFrame.from_ndarray(packed, form.samples, stream.layout.name)
                frame.sample_rate, frame.pts, frame.time_base = RATE, done, Fraction(1, RATE)
                out.mux(stream.encode(frame))
                done += frame.samples
                on_progress(done, programme.frames)
            out.mux(stream.encode(None))
    except (av.FFmpegError, ValueError) as error:
        if isinstance(error, OSError) and not isinstance(error, ValueError):
            raise OSError(error.errno, error.strerror, str(path)) from error
        raise AudioError(
            Message(f"encoding failed: {error}", f"エンコードに失敗しました: {error}"),
            where=str(path),
            hint=Message("try another form: mp3, flac, wav", "別の形式(mp3・flac・wav)を試してください"),
        ) from error


def _packets(blocks: Iterator[Samples], form: Form) -> Iterator[Packed]:
    """The sound in pieces of `form.frame` frames, laid out as the codec wants it; the last may be shorter."""
    rest: Samples | None = None
    for block in blocks:
        joined = block if rest is None else np.concatenate([rest, block])
        stop = len(joined) // form.frame * form.frame
        for at in range(0, stop, form.frame):
            yield _packed(joined[at : at + form.frame], form)
        rest = joined[stop:].copy()
    if rest is not None and len(rest):
        yield _packed(rest, form)


def _packed(samples: Samples, form: Form) -> Packed:
    if form.samples == "fltp":
        return np.ascontiguousarray(samples.T)
    if form.samples == "flt":
        return np.ascontiguousarray(samples).reshape(1, -1)
    whole = np.clip(np.rint(samples * np.float32(32767.0)), -32768, 32767).astype(np.int16)
    return np.ascontiguousarray(whole).reshape(1, -1)


def _chapters(programme: Programme) -> list[Chapter]:
    """Chapters (not sub-chapters) in milliseconds, each to the beginning of the next."""
    marks = [mark for mark in programme.marks if mark.level == 2]
    ends = [*(mark.start for mark in marks[1:]), programme.frames / programme.rate]
    return [
        {
            "id": number,
            "start": round(mark.start * 1000),
            "end": round(end * 1000),
            "time_base": Fraction(1, 1000),
            "metadata": {"title": chapter_title(mark.title)},
        }
        for number, (mark, end) in enumerate(zip(marks, ends, strict=True))
    ]


def _comments(programme: Programme) -> dict[str, str]:
    """The same as Vorbis comments: https://wiki.xiph.org/Chapter_Extension."""
    found: dict[str, str] = {}
    for number, mark in enumerate(mark for mark in programme.marks if mark.level == 2):
        hours, rest = divmod(int(mark.start), 3600)
        found[f"CHAPTER{number:03}"] = f"{hours:02}:{rest // 60:02}:{rest % 60:02}.000"
        found[f"CHAPTER{number:03}NAME"] = chapter_title(mark.title)
    return found
