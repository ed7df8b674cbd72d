"""The order that never leaves a dangling link: media, then pages and transcripts, then records, the feed last.

Media carry their content's hash in their name and are created only if absent. The feed is made of every record at the
place, ours and other publishers', and replaces exactly the feed that was read before, else all is read again.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias

from yomicast.errors import PublishError
from yomicast.model import Message
from yomicast.patterns import expression
from yomicast.publish.place import Conflict, Headers, Place, Remote

FEED, RECORD = "feed.xml", "episode.json"
PRIVATE = {"report.json"}
TRIES = 20
OURS = expression(rb"<!-- yomicast sha256:[0-9a-f]{64} -->")
"""The seal that every feed of ours carries; a feed that only speaks of yomicast has none."""
FOREVER, SOON = "public, max-age=31536000, immutable", "public, max-age=300"
MEDIA = {
    ".mp3": "audio/mpeg", ".m4a": "audio/x-m4a", ".opus": "audio/ogg", ".flac": "audio/flac", ".wav": "audio/wav",
}  # fmt: skip
TYPES = {
    **MEDIA, ".xml": "application/xml; charset=utf-8", ".xsl": "text/xsl; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8", ".json": "application/json; charset=utf-8", ".vtt": "text/vtt; charset=utf-8",
    ".srt": "application/x-subrip; charset=utf-8", ".txt": "text/plain; charset=utf-8", ".md": "text/markdown; charset=utf-8",
    ".js": "text/javascript; charset=utf-8", ".jpg": "image/jpeg", ".png": "image/png", ".epub": "application/epub+zip",
}  # fmt: skip

Compose: TypeAlias = Callable[[Mapping[str, bytes]], Mapping[str, bytes]]
"""Records by slug -> the show's own files (feed.xml, its pages, index.html) of all those episodes."""


@dataclass(slots=True)
class Published:
    """What was sent, by name. `same`: files that were there already."""

    created: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)
    same: int = 0
    tries: int = 0

    @property
    def sent(self) -> int:
        """Files that travelled."""
        return len(self.created) + len(self.written)


def publish(
    out: Path,
    place: Place,
    compose: Compose,
    *,
    dry_run: bool = False,
    adopt: bool = False,
    named: Collection[str] = (),
    on_done: Callable[[int, int], None] = lambda _done, _all: None,
) -> Published:
    """Bring `place` up to date with the output folder. Deletes nothing. With `dry_run` only says what would be sent.

    Args:
        out: the output folder.
        place: where to.
        compose: makes the feed and the show's pages.
        dry_run: send nothing.
        adopt: replace a feed that is not ours.
        named: files that records name; each must be here or there, so that no link dangles.
        on_done: called with files looked at and in all.

    Raises:
        PublishError: the place refuses, two names differ only in case or composition, the feed there is not ours, or a
            named file is nowhere.
    """
    shown = _local(out)
    _refuse_alike(list(shown))
    there = place.files()
    done = Published()
    _guard(place, adopt=adopt)
    _refuse_missing(sorted(set(named) - set(shown) - set(there)))
    records = [key for key in shown if key.endswith(f"/{RECORD}")]
    media = [key for key in shown if Path(key).suffix in MEDIA]
    others = [key for key in shown if key not in {*records, *media}]
    ordered = [*media, *others, *records]
    for count, key in enumerate(ordered, 1):
        _send(shown[key], key, there.get(key), place, done, dry_run=dry_run, only_new=key in media)
        on_done(count, len(ordered))
    ours = {Path(key).parent.as_posix(): shown[key].read_bytes() for key in records}
    _send_feed(ours, place, compose, done, dry_run=dry_run)
    return done


def _local(out: Path) -> dict[str, Path]:
    """Files of episodes and the show's furniture; the show's own index and feed are composed at the end."""
    found = {}
    for path in sorted(out.rglob("*")):
        relative = path.relative_to(out)
        hidden = any(part.startswith(".") for part in relative.parts) or path.name in PRIVATE
        composed = len(relative.parts) == 1 and (path.suffix in {".xml", ".xsl", ".css"} or path.name == "index.html")
        if path.is_file() and not path.is_symlink() and not hidden and not composed:
            found[relative.as_posix()] = path
    return found


def _refuse_alike(keys: Sequence[str]) -> None:
    """Two names that some file systems and hosts take for one."""
    seen: dict[str, str] = {}
    for key in keys:
        plain = unicodedata.normalize("NFC", key).casefold()
        if plain in seen:
            raise PublishError(
                Message(
                    f"'{key}' and '{seen[plain]}' differ only in case or composition",
                    f"'{key}' と '{seen[plain]}' は大文字小文字か文字の合成だけが違います",
                ),
                where=key,
                hint=Message("rename one of the articles", "どちらかの記事の名前を変えてください"),
            )
        seen[plain] = key


def _refuse_missing(missing: Sequence[str]) -> None:
    if missing:
        raise PublishError(
            Message(
                f"an episode names a file that is neither here nor there ({len(missing)} in all)",
                f"エピソードの指すファイルが手元にも公開先にもありません(全{len(missing)}件)",
            ),
            where=missing[0],
            hint=Message("render its article again", "その記事をもう一度 render してください"),
        )


def _guard(place: Place, *, adopt: bool) -> None:
    feed = place.read(FEED)
    if feed is not None and OURS.search(feed[0][:2000]) is None and not adopt:
        raise PublishError(
            Message("the feed there was not made by yomicast", "公開先のフィードは読みcastのものではありません"),
            where=FEED,
            hint=Message(
                "publish elsewhere, or replace it with --adopt", "別の場所に公開するか、--adopt で置き換えてください"
            ),
        )


def headers_for(key: str) -> Headers:
    """Type and cache time by name: media never change, all else may."""
    suffix = Path(key).suffix
    kind = (
        "application/json+chapters; charset=utf-8"
        if key.endswith("chapters.json")
        else TYPES.get(suffix, "application/octet-stream")
    )
    return Headers(media_type=kind, cache=FOREVER if suffix in MEDIA else SOON)


def _send(
    path: Path, key: str, remote: Remote | None, place: Place, done: Published, *, dry_run: bool, only_new: bool
) -> None:
    if only_new:
        if remote is not None and remote.size == path.stat().st_size:
            done.same += 1
        elif dry_run or place.create(key, path, headers_for(key)):
            done.created.append(key)
        else:
            done.same += 1
        return
    data = path.read_bytes()
    if _is_there(data, key, remote, place):
        done.same += 1
        return
    if not dry_run:
        place.write(key, data, headers_for(key))
    done.written.append(key)


def _is_there(data: bytes, key: str, remote: Remote | None, place: Place) -> bool:
    if remote is None or remote.size != len(data):
        return False
    if remote.md5:
        return remote.md5 == hashlib.md5(data, usedforsecurity=False).hexdigest()
    kept = place.read(key)
    return kept is not None and kept[0] == data


def _send_feed(ours: Mapping[str, bytes], place: Place, compose: Compose, done: Published, *, dry_run: bool) -> None:
    for _ in range(TRIES):
        done.tries += 1
        before = place.read(FEED)
        made = compose({**_records(place, skip=set(ours)), **ours})
        for key in sorted(set(made) - {FEED}):
            kept = place.read(key)
            if kept is None or kept[0] != made[key]:
                done.written += [] if key in done.written else [key]
                if not dry_run:
                    place.write(key, made[key], headers_for(key))
        if before is not None and before[0] == made[FEED]:
            return
        if dry_run:
            done.written.append(FEED)
            return
        try:
            place.swap(FEED, made[FEED], headers_for(FEED), tag=before[1] if before else None)
        except Conflict:
            continue
        done.written.append(FEED)
        return
    raise PublishError(
        Message("other publishers kept changing the feed", "ほかの公開処理がフィードを変え続けています"),
        where=FEED,
        hint=Message("run again: everything else has arrived", "もう一度実行してください。ほかはすべて届いています"),
    )


def _records(place: Place, *, skip: set[str]) -> dict[str, bytes]:
    """Records of episodes that other publishers brought."""
    found = {}
    for key in place.files():
        slug, mark, name = key.rpartition("/")
        if mark and name == RECORD and "/" not in slug and slug not in skip and (kept := place.read(key)) is not None:
            found[slug] = kept[0]
    return found
