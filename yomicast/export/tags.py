"""What an audio file says of itself: one row a container.

MP3: ID3v2.3 in UTF-16 (what Windows, cars and old players read), written in one save, frames in an order of ours:
mutagen sorts frames by size, and ffprobe and AntennaPod list chapters as they lie in the file. WFED needs an encoding
byte that mutagen does not write and loses on a second save. No ID3v1 (it holds no Japanese), no unsynchronisation.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import base64
import io
import shutil
import struct
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from mutagen import MutagenError, flac, id3, mp4, oggopus

from yomicast import shownotes
from yomicast.errors import AudioError
from yomicast.export import riff
from yomicast.export.lines import plain, segments
from yomicast.files import explained, whole
from yomicast.model import Cue, Episode, Mark, Message
from yomicast.settings import ShowSettings

UTF16, LATIN = 1, 0
NO_OFFSET = 0xFFFFFFFF
FRONT_COVER = 3
MILLISECONDS, LYRICS = 2, 1
ORDER = (
    "TIT2", "TPE1", "TALB", "TRCK", "TPOS", "TYER", "TDAT", "TIME", "TCON", "TLAN", "TLEN", "TCOP", "TPUB", "PCST",
    "TGID", "TDES", "WFED", "WOAF", "WOAS", "COMM", "CTOC", "CHAP", "SYLT", "USLT", "APIC",
)  # fmt: skip
"""Frames in the file: short ones first, so that a player that reads a few kilobytes has title and chapters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """All that a container may be told."""

    episode: Episode
    show: ShowSettings
    title: str
    chapters: tuple[Mark, ...]
    lines: tuple[tuple[str, int], ...]
    script: str
    notes: str
    cover: bytes | None
    images: Mapping[str, bytes]
    feed_url: str

    @property
    def artist(self) -> str:
        """The author of the episode, else of the show."""
        return shownotes.clean(self.episode.author) or shownotes.clean(self.show.author)

    @property
    def album(self) -> str:
        """The show."""
        return shownotes.clean(self.show.title)


def tag(
    path: Path,
    episode: Episode,
    show: ShowSettings,
    *,
    cover: bytes | None,
    script: str,
    feed_url: str,
    images: Mapping[str, bytes] | None = None,
) -> None:
    """Label a finished audio file in place; the file is whole before and after. Tagging twice gives the same bytes.

    Args:
        path: an audio file whose suffix is a row of `TAGGERS`.
        episode: with marks and cues of this very sound.
        show: names and addresses.
        cover: JPEG of the artwork, None for none.
        script: the whole text.
        feed_url: address of the feed.
        images: JPEG bytes of chapter images by `Mark.image`.

    Raises:
        AudioError: the container is not known, or the file is damaged. OutputError: it cannot be written.
    """
    write = TAGGERS.get(path.suffix.lower())
    if write is None:
        listed = ", ".join(TAGGERS)
        raise AudioError(
            Message("this container cannot be labelled", "この形式にはタグを付けられません"),
            where=str(path),
            hint=Message(f"one of: {listed}", f"使えるもの: {listed}"),
        )
    label = Label(
        episode=episode,
        show=show,
        title=shownotes.title(episode),
        chapters=shownotes.chapters(episode),
        lines=_timed_lines(episode.cues),
        script="\n".join(filter(None, map(plain, script.splitlines()))),
        notes=shownotes.as_markdown(shownotes.sections(episode)),
        cover=cover,
        images=images or {},
        feed_url=feed_url,
    )
    try:
        with explained(path):
            write(path, label)
    except (MutagenError, struct.error) as error:
        raise AudioError(
            Message(f"the file is damaged: {error}", f"音声ファイルが壊れています: {error}"), where=str(path)
        ) from error


def _timed_lines(cues: tuple[Cue, ...]) -> tuple[tuple[str, int], ...]:
    return tuple((one.text, one.start) for one in segments(cues, narrator="-"))


# --- MP3 -------------------------------------------------------------------------------------------------------------


def _mp3(path: Path, label: Label) -> None:
    header = id3_bytes(label)
    with path.open("rb") as source, whole(path) as part, part.open("wb") as target:
        start, stop = bare(source)
        target.write(header)
        source.seek(start)
        if stop == path.stat().st_size:
            shutil.copyfileobj(source, target, 1 << 20)
        else:
            target.write(source.read(stop - start))


def bare(source: IO[bytes]) -> tuple[int, int]:
    """Where the sound begins and ends: without ID3v2 before it and ID3v1 after it."""
    stop = source.seek(0, io.SEEK_END)
    source.seek(max(0, stop - 128))
    if source.read(3) == b"TAG":
        stop -= 128
    start = 0
    while True:
        source.seek(start)
        head = source.read(10)
        if len(head) < 10 or head[:3] != b"ID3":
            return start, stop
        start += 10 + _syncsafe(head[6:10]) + (10 if head[5] & 0x10 else 0)


def _syncsafe(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def id3_bytes(label: Label) -> bytes:
    """The whole ID3v2.3 tag: every frame of one save, then put in our order."""
    tags = id3.ID3()
    for frame in (*_names(label), *_podcast(label), *_texts(label), *_chapter_frames(label)):
        tags.add(frame)
    if label.cover:
        tags.add(_picture(label.cover))
    tags.update_to_v23()
    saved = io.BytesIO()
    tags.save(saved, v1=0, v2_version=3, padding=lambda _: 0)
    return _ordered(saved.getvalue())


def _names(label: Label) -> Iterator[id3.Frame]:
    episode = label.episode
    yield id3.TIT2(encoding=UTF16, text=label.title)
    yield id3.TALB(encoding=UTF16, text=label.album)
    yield id3.TPE1(encoding=UTF16, text=label.artist)
    yield id3.TCON(encoding=UTF16, text="Podcast")
    yield id3.TLAN(encoding=LATIN, text="jpn")
    yield id3.TLEN(encoding=LATIN, text=str(round(episode.seconds * 1000)))
    yield id3.TDRC(encoding=LATIN, text=episode.published.strftime("%Y-%m-%d %H:%M"))
    if episode.number:
        yield id3.TRCK(encoding=LATIN, text=str(episode.number))
    if episode.season:
        yield id3.TPOS(encoding=LATIN, text=str(episode.season))
    if label.show.copyright:
        yield id3.TCOP(encoding=UTF16, text=shownotes.clean(label.show.copyright))


def _podcast(label: Label) -> Iterator[id3.Frame]:
    yield id3.PCST(value=1)
    yield id3.TGID(encoding=UTF16, text=label.episode.guid)
    yield id3.TDES(encoding=UTF16, text=shownotes.clean(label.episode.summary))
    if feed := shownotes.web_url(label.feed_url):
        yield id3.WFED(url=f"\0{feed}")
    if link := shownotes.web_url(label.episode.link):
        yield id3.WOAF(url=link)
    if site := shownotes.web_url(label.show.site):
        yield id3.WOAS(url=site)


def _texts(label: Label) -> Iterator[id3.Frame]:
    yield id3.COMM(encoding=UTF16, lang="jpn", desc="", text=label.notes)
    yield id3.USLT(encoding=UTF16, lang="jpn", desc="", text=label.script)
    if label.lines:
        yield id3.SYLT(encoding=UTF16, lang="jpn", format=MILLISECONDS, type=LYRICS, desc="", text=list(label.lines))


def _chapter_frames(label: Label) -> Iterator[id3.Frame]:
    """CHAP and CTOC as id3.org/id3v2-chapters-1.0 lays them down; chapters meet, the last ends with the sound."""
    marks = label.chapters
    edges = [*(round(mark.start * 1000) for mark in marks), round(label.episode.seconds * 1000)]
    names = [f"ch{number:03d}" for number in range(len(marks))]
    for number, mark in enumerate(marks):
        inner: list[id3.Frame] = [id3.TIT2(encoding=UTF16, text=mark.title)]
        if mark.link:
            inner.append(id3.WXXX(encoding=UTF16, desc="", url=mark.link))
        if mark.image in label.images:
            inner.append(_picture(label.images[mark.image]))
        yield id3.CHAP(
            element_id=names[number],
            start_time=edges[number],
            end_time=edges[number + 1],
            start_offset=NO_OFFSET,
            end_offset=NO_OFFSET,
            sub_frames=inner,
        )
    if marks:
        flags = id3.CTOCFlags.TOP_LEVEL | id3.CTOCFlags.ORDERED
        inner = [id3.TIT2(encoding=UTF16, text="チャプター")]
        yield id3.CTOC(element_id="toc", flags=flags, child_element_ids=names, sub_frames=inner)


def _picture(data: bytes) -> id3.APIC:
    kind = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    return id3.APIC(encoding=LATIN, mime=kind, type=FRONT_COVER, desc="", data=data)


def _ordered(tag_bytes: bytes) -> bytes:
    """The same frames as `ORDER` has them, chapters by their start."""
    frames: list[tuple[tuple[int, bytes], bytes]] = []
    at = 10
    while at + 10 <= len(tag_bytes) and tag_bytes[at]:
        name = tag_bytes[at : at + 4]
        stop = at + 10 + int.from_bytes(tag_bytes[at + 4 : at + 8], "big")
        place = ORDER.index(name.decode()) if name.decode() in ORDER else len(ORDER)
        frames.append(((place, tag_bytes[at + 10 : stop] if name == b"CHAP" else b""), tag_bytes[at:stop]))
        at = stop
    return tag_bytes[:10] + b"".join(frame for _, frame in sorted(frames, key=lambda pair: pair[0])) + tag_bytes[at:]


# --- other containers ------------------------------------------------------------------------------------------------


def _m4a(path: Path, label: Label) -> None:
    """Atoms as iTunes writes them; the encoder has written both chapter forms, and mutagen keeps them."""
    episode = label.episode
    with _copy(path) as part:
        sound: Any = mp4.MP4(part)
        atoms: dict[str, object] = {
            "©nam": [label.title],
            "©alb": [label.album],
            "©ART": [label.artist],
            "aART": [shownotes.clean(label.show.author)],
            "©gen": ["Podcast"],
            "©day": [episode.published.isoformat()],
            "©lyr": [label.script],
            "©cmt": [label.notes],
            "desc": [shownotes.shorten(shownotes.clean(episode.summary), 255)],
            "ldes": [label.notes],
            "catg": ["Podcast"],
            "egid": [episode.guid],
            "purl": [label.feed_url],
            "pcst": True,
            "rtng": [1 if episode.explicit else 0],
            "stik": [21],
        }
        if episode.number:
            atoms["trkn"] = [(episode.number, 0)]
        if episode.season:
            atoms["disk"] = [(episode.season, 0)]
        if label.show.copyright:
            atoms["cprt"] = [shownotes.clean(label.show.copyright)]
        if label.cover:
            png = label.cover.startswith(b"\x89PNG")
            kind = mp4.MP4Cover.FORMAT_PNG if png else mp4.MP4Cover.FORMAT_JPEG
            atoms["covr"] = [mp4.MP4Cover(label.cover, imageformat=kind)]
        sound.delete()
        sound = mp4.MP4(part)
        if sound.tags is None:
            sound.add_tags()
        for name, value in atoms.items():
            sound.tags[name] = value
        sound.save(part, padding=lambda _: 0)


def _comments(label: Label) -> dict[str, list[str]]:
    """Vorbis comments; chapters as CHAPTERxxx (xiph.org/vorbis Chapter Extension)."""
    episode = label.episode
    found = {
        "title": label.title,
        "album": label.album,
        "artist": label.artist,
        "genre": "Podcast",
        "date": episode.published.date().isoformat(),
        "language": "jpn",
        "tracknumber": str(episode.number or ""),
        "description": shownotes.clean(episode.summary),
        "comment": label.notes,
        "lyrics": label.script,
        "contact": shownotes.web_url(episode.link),
        "podcastguid": episode.guid,
        "podcasturl": label.feed_url,
        "copyright": shownotes.clean(label.show.copyright),
        "license": label.episode.license,
    }
    for number, mark in enumerate(label.chapters):
        found[f"chapter{number:03d}"] = f"{shownotes.clock(mark.start)}.{round(mark.start % 1 * 1000):03d}"
        found[f"chapter{number:03d}name"] = mark.title
        found[f"chapter{number:03d}url"] = mark.link
    return {name: [value] for name, value in found.items() if value}


def _block(cover: bytes) -> flac.Picture:
    picture = flac.Picture()
    picture.type, picture.data = FRONT_COVER, cover
    picture.mime = "image/png" if cover.startswith(b"\x89PNG") else "image/jpeg"
    picture.desc = "cover"
    return picture


def _opus(path: Path, label: Label) -> None:
    with _copy(path) as part:
        sound: Any = oggopus.OggOpus(part)
        sound.tags.clear()
        sound.tags.update(_comments(label))
        if label.cover:
            sound.tags["metadata_block_picture"] = [base64.b64encode(_block(label.cover).write()).decode()]
        sound.save(part, padding=lambda _: 0)


def _flac(path: Path, label: Label) -> None:
    with _copy(path) as part:
        sound: Any = flac.FLAC(part)
        if sound.tags is None:
            sound.add_tags()
        sound.tags.clear()
        sound.tags.update(_comments(label))
        sound.clear_pictures()
        if label.cover:
            sound.add_picture(_block(label.cover))
        sound.save(part, padding=lambda _: 0)


def _wav(path: Path, label: Label) -> None:
    """An ID3 chunk, the same as an MP3's: editors and broadcasters read it."""
    with _copy(path) as part, part.open("r+b") as file:
        riff.with_id3(file, id3_bytes(label))


@contextmanager
def _copy(path: Path) -> Iterator[Path]:
    """A copy to write into that takes the file's place when all went well."""
    with whole(path) as part:
        shutil.copyfile(path, part)
        yield part


TAGGERS: dict[str, Callable[[Path, Label], None]] = {
    ".mp3": _mp3,
    ".m4a": _m4a,
    ".opus": _opus,
    ".flac": _flac,
    ".wav": _wav,
}
"""Containers by suffix; a new row is tested by being here."""
