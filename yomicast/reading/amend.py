"""Puts words into the author's own YAML text; every other character of it, comments and order too, stays.

Pure: text in, text out. The caller parses the text before and after (the YAML edge is not here) and hands in where each
key stands; it also checks that nothing but the one word changed.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from yomicast.errors import LexiconError
from yomicast.model import Message, Place
from yomicast.patterns import expression
from yomicast.reading.lexicon import Matcher
from yomicast.settings import LexiconEntry

Places = Mapping[tuple[str | int, ...], Place]

_HIDDEN = expression(r"[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff]")
_PLAIN = expression(r"[^\W\d_][^\x00-\x1f\"#:,\[\]{}&*!|>%@`?\\]*")
_TYPED = frozenset(["null", "true", "false", "yes", "no", "on", "off", "y", "n", "~"])
_SCALAR = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'{\[#&*!|>%@`](?:(?!:\s|\s#).)*?)"""
_FLOW_SCALAR = r"""(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'{\[#&*!|>%@`,}](?:(?!:\s|\s#)[^,}])*?)"""


def scalar(text: str) -> str:
    """`text` as a YAML scalar on one line, quoted only where it must be."""
    plain = _PLAIN.fullmatch(text) and text == text.strip() and text.casefold() not in _TYPED
    if plain and not _HIDDEN.search(text):
        return text
    return _HIDDEN.sub(lambda sign: f"\\u{ord(sign[0]):04x}", json.dumps(text, ensure_ascii=False))


def value_of(reading: str, **more: str) -> str:
    """What stands after the colon: the reading alone or, where a note, source or class is given, a small mapping."""
    extra = {key: text for key, text in more.items() if text}
    if not extra:
        return scalar(reading)
    return "{" + ", ".join(f"{key}: {scalar(text)}" for key, text in {"reading": reading, **extra}.items()) + "}"


def added(text: str, word: str, value: str, *, places: Places, under: str = "") -> str:
    """`text` with the line `word: value` at its end or, with `under`, in the mapping of that name.

    Args:
        text: the YAML text as the author left it, empty for a new file.
        word: not yet in it (see `replaced`).
        value: as `value_of` gives it.
        places: where the keys of `text` stand.
        under: the key whose mapping takes the word (`readings` of a manifest).

    Raises:
        LexiconError: the text has a shape that only its author can extend.
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    row = f"{scalar(word)}: {value}"
    if not under:
        return f"{_ended(text, newline)}{row}{newline}"
    if (under,) not in places:
        return f"{_ended(text, newline)}{under}:{newline}  {row}{newline}"
    line = (places[under,].line or 1) - 1
    lines = text.splitlines(keepends=True)
    after = lines[line].partition(":")[2].strip()
    if after.startswith("{"):
        return _into_flow(text, sum(map(len, lines[:line])) + lines[line].index("{"), row)
    if after and not after.startswith("#"):
        raise _by_hand(places[under,], row)
    end = _block_end(lines, line)
    keys = [place for path, place in places.items() if len(path) == 2 and path[0] == under]
    indent = " " * ((keys[0].column or 3) - 1) if keys else "  "
    lines[end - 1] = _ended(lines[end - 1], newline)
    return "".join((*lines[:end], f"{indent}{row}{newline}", *lines[end:]))


def listed(text: str, rows: Sequence[tuple[str, str]]) -> str:
    """`text` with many lines `word: value` at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    return _ended(text, newline) + "".join(f"{scalar(word)}: {value}{newline}" for word, value in rows)


def commented(text: str, comment: str) -> str:
    """`text` with a comment line at its end."""
    newline = "\r\n" if "\r\n" in text else "\n"
    line = "".join(sign if sign.isprintable() else " " for sign in comment)
    return f"{_ended(text, newline)}# {line}{newline}"


def replaced(text: str, word: str, value: str, *, places: Places, under: str = "") -> str:
    """`text` with another value for `word`, which stands in it as `word: reading` on one line.

    Raises:
        LexiconError: the word has more than a reading there (a note, a source): that is the author's to change.
    """
    place = places[(under, word) if under else (word,)]
    lines = text.splitlines(keepends=True)
    number = (place.line or 1) - 1
    head, tail = lines[number][: (place.column or 1) - 1], lines[number][(place.column or 1) - 1 :]
    flow = head.count("{") > head.count("}")
    pattern = rf"""^({_FLOW_SCALAR if flow else _SCALAR}\s*:\s+)({_FLOW_SCALAR if flow else _SCALAR})(\s*(?:{"[,}].*|" if flow else ""}\s#.*)?)(\r?\n?)$"""
    found = re.match(pattern, tail)
    if not found:
        raise _by_hand(place, f"{scalar(word)}: {value}")
    lines[number] = f"{head}{found[1]}{value}{found[3]}{found[4]}"
    return "".join(lines)


def _ended(text: str, newline: str) -> str:
    return text if not text or text.endswith("\n") else f"{text}{newline}"


def _block_end(lines: Sequence[str], start: int) -> int:
    """The line after the last one of the block that line `start` opens; comments right below it belong to what follows."""
    own = len(lines[start]) - len(lines[start].lstrip())
    end = start + 1
    for number in range(start + 1, len(lines)):
        line = lines[number]
        deeper = len(line) - len(line.lstrip()) > own
        if line.strip() and not line.lstrip().startswith("#"):
            if not deeper:
                break
            end = number + 1
        elif line.strip() and deeper:
            end = number + 1
    return end


def _into_flow(text: str, start: int, row: str) -> str:
    """The row before the brace that closes the one at `start`."""
    depth, quote = 0, ""
    for at in range(start, len(text)):
        sign = text[at]
        if quote:
            quote = "" if sign == quote and not (sign == '"' and text[at - 1] == "\\") else quote
        elif sign in "\"'" and text[at - 1] in " ,{:\n":
            quote = sign
        elif sign in "{[":
            depth += 1
        elif sign in "}]":
            depth -= 1
            if depth == 0:
                inside = text[start + 1 : at]
                kept = inside.rstrip()
                comma = ", " if kept and not kept.endswith(",") else (" " if kept else "")
                return f"{text[: start + 1]}{kept}{comma}{row}{inside[len(kept) :]}{text[at:]}"
    raise _by_hand(Place(), row)


def _by_hand(place: Place, row: str) -> LexiconError:
    return LexiconError(
        Message("this place is written in a way that only you can change", "ここは自動で書き換えられない書き方です"),
        where=place,
        hint=Message(f"write there: {row}", f"そこに書いてください: {row}"),
    )


def affected(before: Sequence[LexiconEntry], after: Sequence[LexiconEntry], texts: Sequence[str]) -> tuple[int, ...]:
    """Which of `texts` (spoken lines) hold a word that the two lexicons read differently: running numbers from 0."""
    old, new = Matcher(before), Matcher(after)
    return tuple(n for n, text in enumerate(texts) if _readings(old, text) != _readings(new, text))


def _readings(matcher: Matcher, text: str) -> list[tuple[int, int, str, int | None]]:
    return [(start, end, one.reading, one.accent) for start, end, one in matcher.find(text)]
