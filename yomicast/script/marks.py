"""Marks an author types into an article or a script sheet: readings, pauses, voices.

Sources: でんでんマークダウン ({漢字|かんじ}), 青空文庫 注記一覧 (｜漢字《かんじ》), カクヨム記法 (《《傍点》》), HTML ruby.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from yomicast.model import Ruby
from yomicast.patterns import expression

RUBY = expression(
    r"\{(?P<dbase>[^{}|｜\n]{1,40})[|｜](?P<dread>[ぁ-ゖァ-ヺー・|｜\s　A-Za-z]{1,80})\}"
    r"|《《(?P<dots>[^《》\n]{1,60})》》"
    r"|[|｜](?P<abase>[^|｜《》\n]{1,40})《(?P<aread>[^《》\n]{1,60})》"
    r"|(?P<kbase>[一-鿿々〆ヶ〇]{1,12})《(?P<kread>[ぁ-ゖァ-ヺー・]{1,30})》"
    r"|<ruby>(?P<html>(?:(?!<ruby>).){1,400}?)</ruby>",
    re.IGNORECASE,
)
DOTS = expression(r"^[・﹅﹆●○◎◉•‥。、﹑ヽ▲△◆◇★☆゛\s　]+$")
PAUSE = expression(
    r"(?<![\s　])[\s　]*+\[(?:pause|間|ポーズ)\s*[:：]\s*(?P<amount>\d{1,4}(?:\.\d{1,3})?)\s*(?P<unit>ms|s|秒|ミリ秒)\][\s　]*",
    re.IGNORECASE,
)
VOICE = expression(r"^[\s　]*\[(?P<name>[^\[\]\n:：^]{1,40})\][\s　]+(?=\S)")
FILE_NAME = expression(r"^[a-z][a-z0-9]*(?:[_\-][a-z0-9]+)*$")
NO_VOICE = frozenset(
    {
        "pr",
        "ad",
        "note",
        "tip",
        "info",
        "warning",
        "new",
        "todo",
        "sic",
        "update",
        "edit",
        "link",
        "image",
        "x",
        "caution",
        "important",
    }
)
LONGEST_PAUSE = 60.0
"""Seconds; a longer `[pause: …]` is held at this."""


@dataclass(frozen=True, slots=True)
class Marked:
    """A text without its reading marks, the readings, and the mark characters taken out."""

    text: str
    rubies: tuple[Ruby, ...]
    removed: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """text[start:end] between pauses; `pause`: seconds asked for after it, None if none."""

    start: int
    end: int
    pause: float | None


def readings(text: str, rubies: tuple[Ruby, ...] = ()) -> Marked:
    """Take reading marks out of `text`, adding to the `rubies` it already has (their offsets move along)."""
    out: list[str] = []
    found: list[Ruby] = []
    cuts: list[tuple[int, int]] = []
    removed: list[str] = []
    at = length = 0
    for match in RUBY.finditer(text):
        base, reading = _parts(match)
        if not base:
            continue
        before = text[at : match.start()]
        out += (before, base)
        length += len(before)
        if reading and not DOTS.match(reading):
            found.append(Ruby(start=length, end=length + len(base), reading=re.sub(r"[\s　]+", "", reading)))
        removed.append(_rest(match[0], base + (reading if not DOTS.match(reading or " ") else "")))
        length += len(base)
        at = match.end()
        cuts.append((match.start(), len(match[0]) - len(base)))
    if not cuts:
        return Marked(text, rubies, "")
    kept = [
        Ruby(start=r.start - shift, end=r.end - shift, reading=r.reading)
        for r in rubies
        if (shift := sum(size for start, size in cuts if start < r.start)) <= r.start
    ]
    out.append(text[at:])
    return Marked("".join(out), tuple(sorted((*kept, *found), key=lambda r: r.start)), "".join(removed))


def written(text: str, rubies: tuple[Ruby, ...]) -> str:
    """`text` with its readings written into it as {漢字|かんじ}."""
    out: list[str] = []
    at = 0
    for ruby in sorted(rubies, key=lambda r: r.start):
        if ruby.start >= at:
            out += (text[at : ruby.start], "{", text[ruby.start : ruby.end], "|", ruby.reading, "}")
            at = ruby.end
    return "".join((*out, text[at:]))


def voice(text: str, known: Collection[str] | None) -> tuple[str, int]:
    """The voice a paragraph asks for with `[声の名] せりふ` and where its words begin; ("", 0) when it asks for none.

    `known`: names of voice files. Without them only what looks like a file name counts, so that [追記] stays text.
    """
    match = VOICE.match(text)
    if not match:
        return "", 0
    name = match["name"].strip()
    if name in known if known is not None else FILE_NAME.match(name) and name not in NO_VOICE:
        return name, match.end()
    return "", 0


def stretches(text: str) -> list[Stretch]:
    """`text` cut at `[pause: 500ms]` marks."""
    found: list[Stretch] = []
    at = 0
    for match in PAUSE.finditer(text):
        seconds = float(match["amount"]) * (0.001 if match["unit"].lower() in ("ms", "ミリ秒") else 1.0)
        found.append(Stretch(at, match.start(), min(seconds, LONGEST_PAUSE)))
        at = match.end()
    found.append(Stretch(at, len(text), None))
    return found


def _parts(match: re.Match[str]) -> tuple[str, str]:
    if match["dbase"] is not None:
        return match["dbase"], re.sub(r"[|｜]", "", match["dread"])
    if match["dots"] is not None:
        return match["dots"], ""
    if match["abase"] is not None:
        return match["abase"], match["aread"]
    if match["kbase"] is not None:
        return match["kbase"], match["kread"]
    inner = re.sub(r"<rp[^>]*>.*?(?:</rp>|(?=<rt|$))", "", match["html"], flags=re.IGNORECASE)
    reading = "".join(re.findall(r"<rt[^>]*>(.*?)(?:</rt>|(?=<|$))", inner, re.IGNORECASE))
    base = re.sub(r"<rt[^>]*>.*?(?:</rt>|(?=<rb|$))", "", inner, flags=re.IGNORECASE)
    return re.sub(r"<[^<>]{0,80}>", "", base), re.sub(r"<[^<>]{0,80}>", "", reading)


def _rest(whole: str, kept: str) -> str:
    """The characters of `whole` that are not in `kept`, in order."""
    pool = list(kept)
    rest = []
    for char in whole:
        if char in pool:
            pool.remove(char)
        else:
            rest.append(char)
    return "".join(rest)
