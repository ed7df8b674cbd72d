"""Transcript files -> rows, strictly: what these readers refuse, some player refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree
from lxml import html as lxml_html

from yomicast.patterns import expression

MOJIBAKE = expression("\ufffd|[\x80-\x9f]|(?:[ãâåäæçèé][\x80-\xbf]){2}|繧|縺|譁|莨")
_STAMP = expression(r"(?:(\d{2,}):)?(\d{2}):(\d{2})[.,](\d{3})")


class BadText(Exception):
    """The file is not of its form; says where."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One cue: milliseconds, speaker (empty where the form has none), text."""

    start: int
    end: int
    speaker: str
    text: str


def bare(text: str) -> str:
    """Text without white space: lines may be broken anywhere."""
    return re.sub(r"\s", "", text)


def read_vtt(data: bytes) -> list[Row]:
    """WebVTT as we write it.

    Raises:
        BadText: no signature, a broken time, a voice without a name.
    """
    text = _decoded(data)
    head, *blocks = re.split(r"\n{2,}", text.strip())
    if not re.match(r"WEBVTT(?:[ \t\n]|$)", head):
        raise BadText("no WEBVTT signature")
    found = []
    for block in blocks:
        if block.startswith(("NOTE", "STYLE", "REGION")):
            continue
        start, end, body = _timed_block(block, ".")
        voice = re.match(r"<v(?:\.\S+)*\s+([^>]+)>", body)
        said = re.sub(r"</?v[^>]*>", "", body)
        found.append(Row(start=start, end=end, speaker=voice[1].strip() if voice else "", text=said))
    return found


def read_srt(data: bytes) -> list[Row]:
    """SubRip.

    Raises:
        BadText: a broken time or a number out of turn.
    """
    found = []
    for number, block in enumerate(filter(None, re.split(r"\n{2,}", _decoded(data).strip())), 1):
        if block.split("\n", 1)[0].strip() != str(number):
            raise BadText(f"cue {number} is not numbered so")
        start, end, body = _timed_block(block, ",")
        found.append(Row(start=start, end=end, speaker="", text=body))
    return found


def read_json(data: bytes) -> list[Row]:
    """Podcasting 2.0 transcript JSON.

    Raises:
        BadText: no version 1.0.0, or a segment without times or body (AntennaPod ends on an empty body).
    """
    try:
        raw = json.loads(data)
        if raw["version"] != "1.0.0":
            raise BadText(f"version {raw['version']!r} is not '1.0.0'")
        rows = [
            Row(
                start=round(one["startTime"] * 1000),
                end=round(one["endTime"] * 1000),
                speaker=one.get("speaker", ""),
                text=one["body"],
            )
            for one in raw["segments"]
        ]
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadText(f"{type(error).__name__}: {error}"[:100]) from error
    if any(not row.text.strip() for row in rows):
        raise BadText("a segment without text")
    return rows


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")
    except UnicodeDecodeError as error:
        raise BadText("not UTF-8") from error


def _timed_block(block: str, point: str) -> tuple[int, int, str]:
    lines = block.split("\n")
    at = next((number for number, line in enumerate(lines[:2]) if "-->" in line), None)
    if at is None:
        raise BadText(f"no time in '{lines[0][:30]}'")
    stamps = lines[at].split(" --> ")
    if len(stamps) != 2 or any(point not in stamp for stamp in stamps):
        raise BadText(f"broken time '{lines[at][:40]}'")
    return _ms(stamps[0]), _ms(stamps[1].split(" ")[0]), "\n".join(lines[at + 1 :])


def _ms(stamp: str) -> int:
    found = _STAMP.fullmatch(stamp.strip())
    if not found:
        raise BadText(f"broken time '{stamp[:30]}'")
    hours, minutes, seconds, rest = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest


def html_text(page: str) -> str:
    """What a reader of the transcript page reads of the talk: all that has a time, without the times and names."""
    parser = lxml_html.HTMLParser(no_network=True, encoding="utf-8", huge_tree=False)
    try:
        root = lxml_html.document_fromstring(page.encode(), parser=parser)
    except (etree.ParserError, ValueError):
        return ""
    found = []
    for part in root.iter("p", "h2", "h3"):
        extra = list(part.iter("time", "cite"))
        for inner in extra:
            inner.drop_tree()
        if extra:
            found.append(part.text_content())
    return "".join(found)


READERS: dict[str, Callable[[bytes], list[Row]]] = {
    "text/vtt": read_vtt,
    "application/x-subrip": read_srt,
    "application/json": read_json,
}
"""Timed forms by media type; the first is what the others are held against."""
