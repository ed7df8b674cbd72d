"""Where quotations stand: the outermost 「…」 of adjacent paragraphs, and those that touch."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from yomicast.model import Block, Place
from yomicast.patterns import expression

LONGEST = 6
"""Paragraphs one quotation may run over."""
FARTHEST = 2500
"""Characters one quotation may have."""
BRACKETS = expression(r"[「」\n]")


@dataclass(frozen=True, slots=True)
class Text:
    """Adjacent paragraphs as one string; `starts` and `places` say where each began."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, at: int) -> Place:
        """Where the paragraph of a character begins."""
        return self.places[bisect_right(self.starts, at) - 1]


def joined(blocks: Sequence[Block]) -> Text:
    """Adjacent paragraphs with line ends between."""
    starts, parts, at = [], [], 0
    for block in blocks:
        starts.append(at)
        parts.append(block.text)
        at += len(block.text) + 1
    return Text("\n".join(parts), tuple(starts), tuple(block.place for block in blocks))


def body(inner: str) -> str:
    """The words without paragraph breaks and the 「 that opens each paragraph of a long quotation."""
    return re.sub(r"\s*\n[\s　]*「?", "", inner).strip()


def found(text: str) -> list[tuple[int, int]]:
    """Outermost 「…」, also over paragraphs; a 「 never closed within reach is passed over."""
    spans = []
    at = 0
    while (start := text.find("「", at)) >= 0:
        end = _closing(text, start)
        if end is None:
            if text.find("」", start) < 0:
                break
            at = start + 1
            continue
        spans.append((start, end))
        at = end
    return spans


def chains(text: str, spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Quotations that touch, 「…」「…」: one voice, or one sentence for all."""
    touching: list[list[tuple[int, int]]] = []
    for span in spans:
        if touching and text[touching[-1][-1][1] : span[0]] in ("", "、", "，"):
            touching[-1].append(span)
        else:
            touching.append([span])
    return touching


def _closing(text: str, start: int) -> int | None:
    """Where the quotation that opens at `start` ends; None when that is too far or nowhere."""
    depth = breaks = 0
    for match in BRACKETS.finditer(text, start, start + FARTHEST):
        at = match.start()
        if match[0] == "「":
            depth += 0 if at > start and text[at - 1] == "\n" else 1
        elif match[0] == "」":
            depth -= 1
            if depth == 0:
                return at + 1
        else:
            breaks += 1
            if breaks >= LONGEST:
                return None
    return None
