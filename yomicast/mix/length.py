"""Meeting a wanted length by pauses and speed inside what listeners bear, else saying what to cut. Pure."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from yomicast.errors import ConfigError
from yomicast.mix.timeline import RATE, Furniture, Part, lay_out
from yomicast.model import Message

PAUSES = (0.6, 1.4)
"""Factors of the pauses: under .6 sentences run together, over 1.4 it drags."""

SPEED = (0.92, 1.12)
"""Factors of the speaking rate that still sound like the same reader."""

SLACK = 0.1
"""Of the pauses' factor, left when speed is needed: voices do not follow a factor to the hundredth, pauses do."""

CLOSE = 0.5
"""Seconds: this near is met."""

_UNITS = {"h": 3600.0, "時間": 3600.0, "m": 60.0, "分": 60.0, "s": 1.0, "秒": 1.0}
_LONGEST = 24 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """How to meet a length: factors for pauses and speed, the length that gives, and what to do if it is not met.

    `over`: seconds too long (negative: too short), 0 when met. `advice`: None when met.
    """

    pauses: float
    speed: float
    seconds: float
    over: float
    advice: Message | None


def seconds_of(text: str, *, where: str = "length") -> float:
    """Seconds of `10m`, `9m30s`, `1h`, `90s`, `90`, `9:30`, `1:02:03`, `10分`, `9分30秒`, `1時間`.

    Raises:
        ConfigError: it is none of these, nothing, or over a day.
    """
    plain = text.strip().lower()
    found = 0.0
    if re.fullmatch(r"\d+(:[0-5]?\d){1,2}(\.\d+)?", plain):
        for part in plain.split(":"):
            found = found * 60 + float(part)
    elif re.fullmatch(r"\d+(\.\d+)?", plain):
        found = float(plain)
    elif re.fullmatch(r"(\d+(\.\d+)?\s*(h|時間|m|分|s|秒)\s*)+", plain):
        found = sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"([\d.]+)\s*(h|時間|m|分|s|秒)", plain))
    if not 0 < found <= _LONGEST:
        raise ConfigError(
            Message(f"'{text}' is no length", f"'{text}' は長さとして読めません"),
            where=where,
            hint=Message("write 10m, 9m30s or 9:30", "10m、9m30s、9:30、10分 のように書いてください"),
        )
    return found


def fit(parts: Sequence[Part], furniture: Furniture, *, wanted: float, speeds: tuple[float, float] = SPEED) -> Fit:
    """Pauses first, as listeners notice them least; then speed, as little as will do.

    Args:
        parts: lines as spoken at speed 1, with the script's own pauses.
        furniture: music around the talk, whose length stays.
        wanted: seconds.
        speeds: factors of the speaking rate that may still be used.
    """

    def length(pauses: float, speed: float) -> float:
        scaled = [
            dataclasses.replace(part, frames=round(part.frames / speed), pause=part.pause * pauses) for part in parts
        ]
        return lay_out(scaled, furniture, title="").frames / RATE

    def met(pauses: float, speed: float) -> bool:
        return abs(length(pauses, speed) - wanted) <= CLOSE

    pauses = 1.0 if met(1.0, 1.0) else _bisect(lambda p: length(p, 1.0), wanted, *PAUSES)
    speed = 1.0
    if not met(pauses, 1.0):
        inner = pauses + (SLACK if pauses < 1 else -SLACK)
        speed = _bisect(lambda s: -length(inner, s), -wanted, *speeds)
        pauses = _bisect(lambda p: length(p, speed), wanted, *PAUSES)
    seconds = length(pauses, speed)
    over = 0.0 if abs(seconds - wanted) <= CLOSE else seconds - wanted
    advice = _advice(parts, furniture, wanted=wanted, seconds=seconds, over=over, speed=speed) if over else None
    return Fit(pauses=pauses, speed=speed, seconds=seconds, over=over, advice=advice)


def _bisect(rising: Callable[[float], float], wanted: float, low: float, high: float) -> float:
    """Where a rising function comes nearest to `wanted` between two limits."""
    if rising(low) >= wanted:
        return low
    if rising(high) <= wanted:
        return high
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (middle, high) if rising(middle) < wanted else (low, middle)
    return round((low + high) / 2, 4)


def _advice(
    parts: Sequence[Part], furniture: Furniture, *, wanted: float, seconds: float, over: float, speed: float
) -> Message:
    want, have = clock(wanted), clock(seconds)
    if over < 0:
        return Message(
            f"even slowed down it lasts {have}, not {want}: write more or ask for less",
            f"ゆっくり読んでも {have} で、{want} に届きません。書き足すか、length を短くしてください",
        )
    timeline = lay_out(parts, furniture, title="")
    spoken = [0.0] * len(timeline.titles)
    for chapter in timeline.chapters:
        spoken[chapter.part_of] += sum(slot.stop - slot.start for slot in chapter.slots) / RATE / speed
    lengths = list(zip(timeline.titles, spoken, strict=True))[1:]
    named_en = ", ".join(f"'{title}' ({clock(length)})" for title, length in _to_cut(lengths, over))
    named_ja = "、".join(f"「{title}」({clock(length)})" for title, length in _to_cut(lengths, over))
    en = f"it lasts {have} at the fastest; cut {clock(over)} for {want}"
    ja = f"急いでも {have} かかります。{want} にするには {clock(over)} 分を削ってください"
    if not named_en:
        return Message(en, ja)
    return Message(f"{en}, for example {named_en}", f"{ja}(例: {named_ja})")


def _to_cut(lengths: Sequence[tuple[str, float]], over: float) -> list[tuple[str, float]]:
    """The shortest chapter that is long enough, else the longest ones until it is enough."""
    enough = [chapter for chapter in lengths if chapter[1] >= over]
    if enough:
        return [min(enough, key=lambda chapter: chapter[1])]
    chosen: list[tuple[str, float]] = []
    for chapter in sorted(lengths, key=lambda chapter: -chapter[1]):
        if sum(length for _, length in chosen) < over:
            chosen.append(chapter)
    return chosen


def clock(seconds: float) -> str:
    """3:20, 1:02:03."""
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
