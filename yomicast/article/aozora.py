"""青空文庫's notation in plain text: ［＃…］ notes of who typed it in, the table of signs on top, the colophon below.

Sources: 青空文庫「注記一覧」 (見出し, 字下げ, 傍点, 外字) and its file layout. Readings (《…》, ｜) are read by `marks`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from yomicast.article.ledger import Ledger
from yomicast.patterns import expression

NOTE = expression(r"※?［＃(?P<what>[^［］]*(?:［[^［］]*］[^［］]*)*)］")
LEVEL = expression(r"(?P<size>[大中小])見出し")
LEVELS = {"大": 1, "中": 2, "小": 3}
INDENTED = expression(r"^ここから(?:改行天付き、折り返して)?[\d０-９一二三四五六七八九十]*字下げ")
CODE_POINT = expression(r"U\+(?P<hex>[0-9A-Fa-f]{4,6})")
SIGNS = "【テキスト中に現れる記号について】"
RULE = expression(r"^[-－―─]{8,}\s*$")
COLOPHON = expression(r"^底本[：:]")
MISSING = "〓"
"""Printed for a character that no code point is given for."""


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the text without notation. `hints`: heading:1..3, indented."""

    text: str
    hints: frozenset[str] = frozenset()


@dataclass(slots=True)
class _State:
    heading: int = 0
    indented: bool = False
    hints: set[str] = field(default_factory=set)


def is_aozora(lines: Sequence[str]) -> bool:
    """Whether the text uses this notation."""
    return any("［＃" in line for line in lines) or (SIGNS in lines and any(map(COLOPHON.match, lines)))


def rows(lines: Sequence[str], ledger: Ledger) -> list[Row]:
    """The lines without notation; what is only for those who type or print it is dropped. Numbers of lines stay."""
    signs = _table_of_signs(lines)
    end = next((n for n in range(len(lines) - 1, -1, -1) if COLOPHON.match(lines[n])), len(lines))
    state = _State()
    out: list[Row] = []
    for n, line in enumerate(lines):
        if n in signs or n >= end:
            ledger.drop(line, "notation" if n in signs else "colophon", n + 1)
            out.append(Row(""))
            continue
        state.hints = {f"heading:{state.heading}"} if state.heading else set()
        text = NOTE.sub(lambda found: _noted(found, state, ledger, n + 1), line)  # noqa: B023 used at once
        if state.indented:
            state.hints.add("indented")
        out.append(Row(text, frozenset(state.hints)))
    return out


def _table_of_signs(lines: Sequence[str]) -> range:
    """The box between two rules that explains the signs."""
    at = next((n for n, line in enumerate(lines[:40]) if line.strip() == SIGNS), None)
    if at is None:
        return range(0)
    start = at - 1 if at and RULE.match(lines[at - 1]) else at
    end = next((n for n in range(at + 1, min(len(lines), at + 40)) if RULE.match(lines[n])), None)
    return range(start, end + 1) if end is not None else range(0)


def _noted(found: re.Match[str], state: _State, ledger: Ledger, number: int) -> str:
    """What stands instead of one note."""
    what = found["what"]
    ledger.drop(found[0], "notation", number)
    if found[0].startswith("※"):
        point = CODE_POINT.search(what)
        return chr(int(point["hex"], 16)) if point and int(point["hex"], 16) < 0x110000 else MISSING
    if level := LEVEL.search(what):
        size = LEVELS[level["size"]]
        if what.startswith("ここから"):
            state.heading = size
        elif what.startswith("ここで"):
            state.heading = 0
        else:
            state.hints.add(f"heading:{size}")
    elif INDENTED.match(what):
        state.indented = True
    elif what.startswith("ここで") and "字下げ終わり" in what:
        state.indented = False
    return ""
