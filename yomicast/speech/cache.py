"""Sounds by content: a line is spoken once, kept under a name made of everything that changes its samples.

A file `aa/<sha256>.f32`: one line of JSON (rate, frames, words, SHA-256 of the samples), then float32 little endian. A
file that does not match its own sum counts as absent and is made again.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from yomicast.files import whole
from yomicast.model import Samples, WordTime

LONGEST_HEAD = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredClip:
    """A `Clip` in the cache: read when needed, so no whole episode is in memory."""

    path: Path
    frames: int
    rate: int
    offset: int

    def read(self) -> Samples:
        """The samples, shape (frames,)."""
        return np.fromfile(self.path, dtype="<f4", count=self.frames, offset=self.offset)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stored:
    """What the cache holds of a line."""

    clip: StoredClip
    words: tuple[WordTime, ...]


def path_of(folder: Path, key: str) -> Path:
    """Where the sound called `key` is kept."""
    return folder / key[:2] / f"{key}.f32"


def find(folder: Path, key: str) -> Stored | None:
    """The stored sound; None when it is absent or damaged."""
    path = path_of(folder, key)
    try:
        with path.open("rb") as stream:
            head = stream.readline(LONGEST_HEAD)
            facts = json.loads(head)
            size = os.fstat(stream.fileno()).st_size - len(head)
            if size != 4 * facts["frames"] or hashlib.file_digest(stream, "sha256").hexdigest() != facts["sha256"]:
                return None
        words = tuple(WordTime(start=w[0], end=w[1], start_char=w[2], end_char=w[3]) for w in facts["words"])
        clip = StoredClip(path=path, frames=int(facts["frames"]), rate=int(facts["rate"]), offset=len(head))
    except (OSError, ValueError, KeyError, TypeError, IndexError):
        return None
    return Stored(clip=clip, words=words)


def keep(folder: Path, key: str, samples: Samples, rate: int, words: tuple[WordTime, ...]) -> Stored:
    """Store a sound, whole or not at all."""
    body = np.ascontiguousarray(samples, dtype="<f4").view(np.uint8).data
    facts = {
        "rate": rate,
        "frames": len(samples),
        "words": [[w.start, w.end, w.start_char, w.end_char] for w in words],
        "sha256": hashlib.sha256(body).hexdigest(),
    }
    head = json.dumps(facts).encode() + b"\n"
    path = path_of(folder, key)
    with whole(path, lasting=False) as part, part.open("wb") as stream:
        stream.write(head)
        stream.write(body)
    return Stored(clip=StoredClip(path=path, frames=len(samples), rate=rate, offset=len(head)), words=words)
