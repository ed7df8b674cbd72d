"""Are the files right, and do they say what the feed says? For `yomicast check`: tags, chapters, transcripts, state.

The episode as the feed tells it is one witness, `episode.json` a second, each file another; where they disagree the
listener gets what nobody meant.
"""

# mypy: allow-untyped-calls

from __future__ import annotations

import io
import itertools
import json
import re
import struct
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import unquote

from mutagen import MutagenError, id3, mp3
from PIL import Image, UnidentifiedImageError

from yomicast import shownotes
from yomicast.errors import FeedError
from yomicast.export import timed
from yomicast.export.episode_json import read_episode
from yomicast.export.rules import finding
from yomicast.export.timed import BadText, Row
from yomicast.files import sha256_of
from yomicast.model import Episode, Finding, Rendition
from yomicast.patterns import expression

Found: TypeAlias = Iterator[Finding]
NEAR = 0.05
"""Seconds that two forms of one chapter may differ: ID3 counts milliseconds."""
JAPANESE = expression("[ぁ-ゖァ-ヺ一-鿿]")
LEAK = expression(r"(?i)<[^>]+>|\*\*|\]\(")
PICTURES = {"JPEG": (".jpg", ".jpeg"), "PNG": (".png",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One episode: as the feed tells it, as its state tells it (None: there is none), and where its files are."""

    folder: Path
    told: Episode
    state: Episode | None
    album: str

    @property
    def sound(self) -> Rendition:
        """The enclosure."""
        return self.told.renditions[0]

    def path(self, rendition: Rendition) -> Path:
        """Its file."""
        return self.folder / rendition.path

    def named(self, kind: str) -> Path | None:
        """The local file that the feed names with this media type."""
        found = (self.path(r) for r in self.told.renditions if r.media_type == kind and "://" not in r.path)
        return next((path for path in found if path.is_file()), None)


def inspect(folder: Path, told: Sequence[Episode], *, album: str) -> list[Finding]:
    """What is wrong with the files in `folder`, given the episodes as the feed tells them and the show's title.

    Files at other addresses than the folder's are not looked at.
    """
    found = list(_states(folder, told))
    states = {r.path: e for e in _readable(folder) for r in e.renditions if r.rel == "audio"}
    by_guid = {episode.guid: episode for episode in states.values()}
    for episode in told:
        local = bool(episode.renditions) and (folder / episode.renditions[0].path).is_file()
        if local and "://" not in episode.renditions[0].path:
            state = states.get(episode.renditions[0].path) or by_guid.get(episode.guid)
            case = Case(folder=folder, told=episode, state=state, album=album)
            for check in CHECKS:
                found.extend(check(case))
    for name in sorted({"cover.jpg", *(image for e in told if (image := e.image) and "://" not in image)}):
        found.extend(_artwork(folder, name))
    return sorted(dict.fromkeys(found), key=lambda one: (one.rule.level != "error", one.place, one.rule.slug))


# --- state -----------------------------------------------------------------------------------------------------------


def _readable(folder: Path) -> Iterator[Episode]:
    for path in sorted(folder.glob("*/episode.json")):
        try:
            episode = read_episode(path)
        except FeedError:
            continue
        if episode is not None:
            yield episode


def _states(folder: Path, told: Sequence[Episode]) -> Found:
    """Every finished episode stands in the feed, with the guid and the date that were written once."""
    by_guid = {episode.guid: episode for episode in told}
    by_sound = {r.path: e for e in told for r in e.renditions[:1]}
    for path in sorted(folder.glob("*/episode.json")):
        place = path.relative_to(folder).as_posix()
        try:
            state = read_episode(path)
        except FeedError as error:
            yield finding("state-unreadable", place, detail=error.message.en)
            continue
        assert state is not None
        sounds = [r.path for r in state.renditions if r.rel == "audio"]
        in_feed = by_guid.get(state.guid) or next((by_sound[s] for s in sounds if s in by_sound), None)
        if in_feed is None:
            yield finding("state-not-in-feed", place, value=state.title)
        else:
            yield from _same(place, state, in_feed)
        yield from _unchanged(folder, state)


def _same(place: str, state: Episode, told: Episode) -> Found:
    pairs = {
        "guid": (state.guid, told.guid),
        "pubDate": (state.published.isoformat(), told.published.isoformat()),
        "title": (shownotes.title(state), told.title),
        "link": (shownotes.web_url(state.link), told.link),
        "episode": (state.number, told.number),
        "enclosure": (next((r.path for r in state.renditions if r.rel == "audio"), ""), told.renditions[0].path if told.renditions else ""),
        "persons": (sorted(shownotes.clean(p.name) for p in state.persons), sorted(p.name for p in told.persons)),
    }  # fmt: skip
    for what, (ours, feeds) in pairs.items():
        if ours != feeds:
            yield finding("state-differs", place, what=what, ours=ours, feeds=feeds)


def _unchanged(folder: Path, state: Episode) -> Found:
    for one in state.renditions:
        path = folder / one.path
        if "://" in one.path:
            continue
        if not path.is_file():
            yield finding("file-lost", one.path)
        elif one.rel == "audio" and (path.stat().st_size != one.size or sha256_of(path) != one.sha256):
            yield finding("file-changed", one.path)


# --- sound and its tags ----------------------------------------------------------------------------------------------


def _sound(case: Case) -> Found:
    path, place = case.path(case.sound), case.sound.path
    if path.suffix != ".mp3":
        return
    try:
        info: Any = mp3.MP3(path).info
    except (MutagenError, struct.error, OSError) as error:
        yield finding("sound-unreadable", place, detail=str(error)[:100])
        return
    if info.sample_rate not in (44_100, 48_000) or not 64_000 <= info.bitrate <= 320_000:
        yield finding("sound-format", place, rate=info.sample_rate, bitrate=info.bitrate // 1000)
    if "UNKNOWN" in str(info.bitrate_mode):
        yield finding("sound-without-info", place)
    if abs(info.length - case.told.seconds) > 1:
        yield finding("sound-duration", place, feed=round(case.told.seconds), file=f"{info.length:.2f}")
    _, stop, real = _frames(path)
    if abs(real - info.length) > 0.2 or stop:
        yield finding("sound-cut", place, real=f"{real:.2f}", said=f"{info.length:.2f}")


def _frames(path: Path) -> tuple[int, int, float]:
    """Count MPEG-1 layer III frames: where they begin, bytes after the last whole one, seconds they last."""
    data = path.read_bytes()
    at = 10 + _syncsafe(data[6:10]) if data.startswith(b"ID3") else 0
    start, count, rate = at, 0, 48_000
    end = len(data) - (128 if data[-128:-125] == b"TAG" else 0)
    while at + 4 <= end and (size := _frame_size(data[at : at + 4])):
        if at + size > end:
            break
        rate = _RATES[data[at + 2] >> 2 & 3]
        count += 1
        at += size
    return start, end - at, max(0, count - 1) * 1152 / rate


_RATES = (44_100, 48_000, 32_000)
_KBITS = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)


def _frame_size(head: bytes) -> int:
    if head[0] != 0xFF or head[1] & 0xFE != 0xFA or head[2] >> 4 in (0, 15) or head[2] >> 2 & 3 == 3:
        return 0
    return 144_000 * _KBITS[head[2] >> 4] // _RATES[head[2] >> 2 & 3] + (head[2] >> 1 & 1)


def _syncsafe(four: bytes) -> int:
    return four[0] << 21 | four[1] << 14 | four[2] << 7 | four[3]


def _tags(case: Case) -> Found:
    path, place = case.path(case.sound), case.sound.path
    if path.suffix != ".mp3":
        return
    with path.open("rb") as stream:
        head = stream.read(10)
        stream.seek(-128, io.SEEK_END)
        has_v1 = stream.read(3) == b"TAG"
    try:
        tags: Any = id3.ID3(path, translate=False)
        translated: Any = id3.ID3(path)
    except (MutagenError, struct.error) as error:
        yield finding("id3-unreadable", place, detail=str(error)[:100])
        return
    if tags.version[:2] != (2, 3):
        yield finding("id3-version", place, value=".".join(map(str, tags.version)))
    if head[5] & 0x80:
        yield finding("id3-unsync", place)
    if has_v1:
        yield finding("id3-v1", place)
    yield from _names(case, place, translated)
    yield from _long_texts(case, place, translated)
    yield from _encodings(place, translated)
    yield from _picture(place, translated)
    yield from _feed_frame(path, place, translated)


def _names(case: Case, place: str, tags: Any) -> Found:
    told = case.told
    wanted = {
        "TIT2": told.title,
        "TALB": case.album,
        "TCON": "Podcast",
        "TLAN": "jpn",
        "TGID": told.guid,
        "TRCK": str(told.number or ""),
        "TDRC": told.published.strftime("%Y-%m-%d"),
    }
    for name, value in wanted.items():
        said = str(tags[name]) if name in tags else ""
        if (said[:10] if name == "TDRC" else said) != value:
            yield finding("id3-differs", place, frame=name, said=said[:60], value=value[:60])
    for name in ("TPE1", "PCST"):
        if name not in tags:
            yield finding("id3-missing", place, frame=name)


def _long_texts(case: Case, place: str, tags: Any) -> Found:
    for name in ("COMM", "USLT", "SYLT"):
        frames = tags.getall(name)
        if not frames:
            yield finding("id3-missing", place, frame=name)
        elif frames[0].lang != "jpn":
            yield finding("id3-language", place, frame=name, value=frames[0].lang)
    rows = _rows(case, "text/vtt", timed.read_vtt)
    whole = timed.bare("".join(frame.text for frame in tags.getall("USLT")))
    if tags.getall("USLT") and any(timed.bare(row.text) not in whole for row in rows):
        yield finding("id3-script", place)
    lines = [(timed.bare(text), at) for frame in tags.getall("SYLT") for text, at in frame.text]
    if rows and lines and lines != [(timed.bare(row.text), row.start) for row in rows]:
        yield finding("id3-sylt", place)


def _encodings(place: str, tags: Any) -> Found:
    for frame in _all_frames(tags.values()):
        text = getattr(frame, "text", "")
        said = "".join(map(str, text)) if isinstance(text, list) else str(text)
        latin = getattr(frame, "encoding", 1) == 0 and JAPANESE.search(said)
        if timed.MOJIBAKE.search(said) or latin or (getattr(frame, "encoding", 1) == 0 and not said.isascii()):
            yield finding("id3-mojibake", place, frame=frame.FrameID, value=said[:30])


def _all_frames(frames: Any) -> Iterator[Any]:
    for frame in frames:
        yield frame
        if hasattr(frame, "sub_frames"):
            yield from _all_frames(frame.sub_frames.values())


def _picture(place: str, tags: Any) -> Found:
    pictures = tags.getall("APIC")
    if not pictures:
        yield finding("id3-missing", place, frame="APIC")
        return
    try:
        with Image.open(io.BytesIO(pictures[0].data)) as picture:
            square = picture.width == picture.height >= 300
    except (UnidentifiedImageError, OSError):
        square = False
    if not square or pictures[0].type != 3:
        yield finding("id3-cover", place)


def _feed_frame(path: Path, place: str, tags: Any) -> Found:
    """WFED as Apple writes it: an encoding byte before the address."""
    if "WFED" not in tags:
        yield finding("id3-missing", place, frame="WFED")
        return
    with path.open("rb") as stream:
        data = stream.read(1 << 20)
    at = data.find(b"WFED")
    if data[at + 10 : at + 11] != b"\0":
        yield finding("id3-feed", place)


# --- chapters --------------------------------------------------------------------------------------------------------


def _chapters(case: Case) -> Found:
    path = case.named("application/json+chapters")
    if path is None:
        return
    place = path.relative_to(case.folder).as_posix()
    try:
        rows = _chapter_rows(path)
    except (ValueError, KeyError, TypeError) as error:
        yield finding("chapters-unreadable", place, detail=str(error)[:100])
        return
    starts = [start for start, _ in rows]
    if not starts or starts[0] != 0 or starts != sorted(set(starts)) or starts[-1] >= case.told.seconds:
        yield finding("chapters-order", place)
    if any(start != int(start) for start in starts):
        yield finding("chapters-fraction", place)
    for row in _rows(case, "text/vtt", timed.read_vtt):
        for start in starts:
            if row.start + 30 < start * 1000 < row.end - 30:
                yield finding("chapters-cut", place, at=shownotes.clock(start), text=row.text[:20])
    if not _equal(rows, [(mark.start, mark.title) for mark in case.told.marks]):
        yield finding("chapters-differ", place, other="psc:chapters")
    yield from _chapter_frames(case, rows)


def _chapter_images(case: Case) -> Found:
    """Each chapter's picture is the same everywhere, its file there and inside the tag; or there is none anywhere."""
    listed = case.named("application/json+chapters")
    sound = case.path(case.sound)
    if case.state is None or listed is None or sound.suffix != ".mp3":
        return
    try:
        rows = json.loads(listed.read_bytes())["chapters"]
        in_json = {round(row["startTime"]): unquote(str(row.get("img", ""))) for row in rows}
        frames: list[Any] = id3.ID3(sound).getall("CHAP")
    except (ValueError, KeyError, TypeError, AttributeError, MutagenError, struct.error):
        return  # said already
    in_tag = {round(frame.start_time / 1000): [p.data for p in frame.sub_frames.getall("APIC")] for frame in frames}
    in_feed = {round(mark.start): mark.image for mark in case.told.marks}
    for mark in shownotes.chapters(case.state):
        at, path = round(mark.start), case.folder / mark.image
        data = [path.read_bytes()] if mark.image and path.is_file() else []
        same = in_json.get(at, "").endswith(f"/{mark.image}") if mark.image else not in_json.get(at)
        told = same and in_feed.get(at, "") == mark.image
        if in_tag.get(at, []) != data or bool(data) is not bool(mark.image) or not told:
            yield finding("chapters-image", sound.relative_to(case.folder).as_posix(), at=shownotes.clock(mark.start))


def _chapter_rows(path: Path) -> list[tuple[float, str]]:
    raw = json.loads(path.read_bytes())
    if not isinstance(raw["version"], str):
        raise TypeError("version is no text")  # the specification's own trap: 1.2 as a number
    rows = [(row["startTime"], row["title"]) for row in raw["chapters"]]
    for start, title in rows:
        if isinstance(start, bool) or not isinstance(start, int | float) or not title.strip():
            raise ValueError("a chapter without a start or a title")
    return [(float(start), title) for start, title in rows]


def _equal(one: Sequence[tuple[float, str]], other: Sequence[tuple[float, str]]) -> bool:
    return len(one) == len(other) and all(
        abs(a - b) <= NEAR and x == y for (a, x), (b, y) in zip(one, other, strict=True)
    )


def _chapter_frames(case: Case, rows: Sequence[tuple[float, str]]) -> Found:
    path, place = case.path(case.sound), case.sound.path
    if path.suffix != ".mp3":
        return
    try:
        tags: Any = id3.ID3(path)
    except (MutagenError, struct.error):
        return
    frames = sorted(tags.getall("CHAP"), key=lambda frame: frame.start_time)
    said = [(frame.start_time / 1000, str(frame.sub_frames.get("TIT2", ""))) for frame in frames]
    if not _equal(said, rows):
        yield finding("chapters-differ", place, other="ID3 CHAP")
        return
    meet = all(a.end_time == b.start_time for a, b in itertools.pairwise(frames))
    if not meet or abs(frames[-1].end_time / 1000 - case.told.seconds) > 1:
        yield finding("chapters-gap", place)
    if any(frame.start_offset != 0xFFFFFFFF or frame.end_offset != 0xFFFFFFFF for frame in frames):
        yield finding("chapters-offset", place)
    contents = tags.getall("CTOC")
    named = [name for frame in contents for name in frame.child_element_ids]
    if named != [frame.element_id for frame in frames] or any(int(frame.flags) & 3 != 3 for frame in contents):
        yield finding("chapters-contents", place)
    if _starts_in_file(path) != sorted(_starts_in_file(path)):
        yield finding("chapters-shuffled", place)


def _starts_in_file(path: Path) -> list[int]:
    """Start times of the CHAP frames as they lie in the file."""
    with path.open("rb") as stream:
        head = stream.read(10)
        data = stream.read(_syncsafe(head[6:10]))
    found, at = [], 0
    while at + 10 <= len(data) and data[at]:
        size = int.from_bytes(data[at + 4 : at + 8], "big")
        if data[at : at + 4] == b"CHAP":
            name = data.index(b"\0", at + 10)
            found.append(int.from_bytes(data[name + 1 : name + 5], "big"))
        at += 10 + size
    return found


# --- transcripts -----------------------------------------------------------------------------------------------------


def _rows(case: Case, kind: str, read: Any) -> list[Row]:
    path = case.named(kind)
    if path is None:
        return []
    try:
        rows: list[Row] = read(path.read_bytes())
    except (BadText, OSError):
        return []
    return rows


def _transcripts(case: Case) -> Found:
    main: list[Row] | None = None
    for kind, read in timed.READERS.items():
        path = case.named(kind)
        if path is None:
            continue
        place = path.relative_to(case.folder).as_posix()
        try:
            rows = read(path.read_bytes())
        except BadText as error:
            yield finding("text-unreadable", place, detail=str(error))
            continue
        if main is None:
            main = rows
            yield from _good_rows(case, place, rows)
        elif [(r.start, r.end, timed.bare(r.text)) for r in rows] != [
            (r.start, r.end, timed.bare(r.text)) for r in main
        ]:
            yield finding("text-differs", place)
    yield from _readable_forms(case, main or [])


def _good_rows(case: Case, place: str, rows: list[Row]) -> Found:
    if not rows:
        yield finding("text-empty", place)
        return
    for before, row in zip([None, *rows], rows, strict=False):
        at = shownotes.clock(row.start / 1000)
        if row.start >= row.end or (before is not None and row.start < before.end):
            yield finding("text-order", place, at=at)
        if not row.speaker:
            yield finding("text-speaker", place, at=at)
        if any(len(line) > 65 for line in row.text.splitlines()):
            yield finding("text-line", place, at=at)
        if LEAK.search(row.text):
            yield finding("text-markup", place, at=at, text=row.text[:30])
        if timed.MOJIBAKE.search(row.text):
            yield finding("text-mojibake", place, at=at, text=row.text[:30])
    if rows[-1].end / 1000 > case.told.seconds + 1:
        yield finding("text-outside", place)
    if case.state is not None:
        yield from _drift(case.state, place, rows)


def _drift(state: Episode, place: str, rows: list[Row]) -> Found:
    """The timetable of the sound is the truth: every cue begins and ends where a row does, with its words."""
    starts, ends = {row.start for row in rows}, {row.end for row in rows}
    for cue in state.cues:
        if cue.text.strip() and cue.end > cue.start:
            early, late = round(cue.start * 1000), round(cue.end * 1000)
            if not any(near in starts for near in (early - 1, early, early + 1)) or not any(
                near in ends for near in (late - 1, late, late + 1)
            ):
                yield finding("text-drift", place, at=shownotes.clock(cue.start), text=cue.text[:20])
                return


def _readable_forms(case: Case, rows: list[Row]) -> Found:
    page = case.named("text/html")
    whole = timed.bare("".join(row.text for row in rows))
    if page is not None:
        place = page.relative_to(case.folder).as_posix()
        said = page.read_text(encoding="utf-8", errors="replace")
        if not re.search(r'<html[^>]*lang="ja', said) or not re.search(r'(?i)charset="?utf-8', said):
            yield finding("page-language", place)
        if rows and timed.bare(timed.html_text(said)) != whole:
            yield finding("text-differs", place)
    plain = case.named("text/plain")
    if plain is not None and rows:
        place = plain.relative_to(case.folder).as_posix()
        _, _, body = plain.read_text(encoding="utf-8", errors="replace").partition("\n")
        if timed.bare(body) != whole:
            yield finding("text-differs", place)


# --- artwork ---------------------------------------------------------------------------------------------------------


def _artwork(folder: Path, name: str) -> Found:
    path = folder / name
    if not path.is_file():
        yield finding("file-lost", name)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(path) as picture:
                picture.load()
    except (UnidentifiedImageError, OSError, Warning, Image.DecompressionBombError):
        yield finding("art-unreadable", name)
        return
    width, height = picture.size
    if width != height or not 1400 <= width <= 3000:
        yield finding("art-size", name, size=f"{width}×{height}")
    if picture.mode != "RGB":
        yield finding("art-colour", name, value=picture.mode)
    if path.suffix.lower() not in PICTURES.get(picture.format or "", ()):
        yield finding("art-type", name, value=picture.format)
    if path.stat().st_size > 512 * 1024:
        yield finding("art-bytes", name, size=path.stat().st_size // 1024)


CHECKS = (_sound, _tags, _chapters, _chapter_images, _transcripts)
__all__ = ["inspect"]
