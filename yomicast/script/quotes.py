"""Direct speech across sentences and paragraphs: which stretches are quotations, and set-off ones; `attribution` says whose."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby, zip_longest

from yomicast.model import Block, Place, Quote
from yomicast.script import people
from yomicast.script.attribution import Spoken, last_named, set_off, speaker
from yomicast.script.sayings import CALLED

FOUND = "found"
"""`info` of a set-off quotation whose speaker the text around it names."""
LONGEST = 6
"""Paragraphs one quotation may run over."""
FARTHEST = 2500
"""Characters one quotation may have."""
BRACKETS = re.compile(r"[「」\n]")


@dataclass(frozen=True, slots=True)
class _Text:
    """Adjacent paragraphs as one string; `starts` and `places` say where each began."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, at: int) -> Place:
        return self.places[bisect_right(self.starts, at) - 1]


def find(blocks: Sequence[Block]) -> list[Quote]:
    """Every utterance with a speaker, in order. Headings part the search; in a labelled turn only others are quoted."""
    found: list[Quote] = []
    run: list[Block] = []
    named = ""
    groups = [(kind, [block for block in group if block]) for kind, group in groupby((*blocks, None), key=_kind)]
    for (kind, members), (following, after) in zip_longest(groups, groups[1:], fillvalue=("end", [])):
        if kind == "prose":
            run = members
            quotes, named = _in_run(run, named)
            found += quotes
        elif kind.startswith("turn"):
            found += [quote for block in members for quote in _in_run([block], "")[0] if quote.speaker != block.speaker]
            run = []
        else:
            if kind.startswith("quote"):
                then = after[0].text if following == "prose" else ""
                found += _block_quote(members, run, then) or _in_run(members, named)[0]
            run = []
    return _one_name_each(found, "\n".join(block.text for block in blocks))


def _one_name_each(found: Sequence[Quote], text: str) -> list[Quote]:
    """堂本昭一 is 堂本 where the text calls him 堂本さん as well, unless two have that family name."""
    names = {quote.speaker for quote in found}
    called = {match["who"] for match in CALLED.finditer(text)}
    short: dict[str, str] = {}
    for name in names:
        for size in range(1, len(name) if people.is_own_name(name) else 0):
            family = name[:size]
            if family in called and not any(other.startswith(family) for other in names - {name, family}):
                short[name] = name[:size]
                break
    return [replace(quote, speaker=short.get(quote.speaker, quote.speaker)) for quote in found]


def spoken_by(blocks: Sequence[Block], found: Sequence[Quote]) -> list[Block]:
    """The blocks with the speakers of set-off quotations that the text around names."""
    at = {quote.place: quote for quote in found}
    out: list[Block] = []
    for block in blocks:
        if block.kind == "quote" and not block.speaker:
            before = out[-1] if out else None
            goes_on = before is not None and before.kind == "quote" and before.info == FOUND
            quote = at.get(block.place)
            if before is not None and goes_on:
                block = replace(block, speaker=before.speaker, info=FOUND)  # noqa: PLW2901
            elif quote is not None and quote.text.startswith(block.text.strip("「」")):
                block = replace(block, speaker=quote.speaker, info=FOUND)  # noqa: PLW2901
        out.append(block)
    return out


def _kind(block: Block | None) -> str:
    if block is None:
        return "end"
    if block.kind in ("paragraph", "list_item", "caption", "aside"):
        return f"turn {block.speaker}" if block.speaker else "prose"
    return f"quote {block.speaker} {block.info}" if block.kind == "quote" else "other"


def _block_quote(blocks: Sequence[Block], before: Sequence[Block], after: str) -> list[Quote]:
    """A set-off quotation: its own speaker, the one the paragraph before announces or asks, or the one who `after` it
    "said so".
    """
    who = re.split(r"[『「（(、，,。]", blocks[0].speaker)[0].strip() or blocks[0].speaker
    if not who and blocks[0].info != "indented":
        who = set_off(before[-1].text[-160:] if before else "", after)
    text = "".join(block.text for block in blocks).strip("「」")
    return [Quote(speaker=who, text=text, place=blocks[0].place)] if who else []


def _joined(blocks: Sequence[Block]) -> _Text:
    starts, parts, at = [], [], 0
    for block in blocks:
        starts.append(at)
        parts.append(block.text)
        at += len(block.text) + 1
    return _Text("\n".join(parts), tuple(starts), tuple(block.place for block in blocks))


def _in_run(blocks: Sequence[Block], named: str) -> tuple[list[Quote], str]:
    """The quotations of adjacent paragraphs; and who was named last, for a verb without a subject."""
    if not blocks:
        return [], named
    whole = _joined(blocks)
    found: list[Quote] = []
    previous_end = 0
    last = named
    for chain in _chains(whole.text, _spans(whole.text)):
        start, end = chain[0][0], chain[-1][1]
        last = last_named(whole.text[previous_end:start], last)
        who = speaker(Spoken.of(whole.text, chain, previous_end, last))
        if who:
            found += [
                Quote(speaker=who, text=_body(whole.text[opens + 1 : closes - 1]), place=whole.place(opens))
                for opens, closes in chain
            ]
            last = who
        previous_end = end
    return found, last_named(whole.text[previous_end:], last)


def _body(inner: str) -> str:
    """The words without paragraph breaks and the 「 that opens each paragraph of a long quotation."""
    return re.sub(r"\s*\n[\s　]*「?", "", inner).strip()


def _spans(text: str) -> list[tuple[int, int]]:
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


def _chains(text: str, spans: Sequence[tuple[int, int]]) -> list[list[tuple[int, int]]]:
    """Quotations that touch, 「…」「…」: one voice, or one sentence for all."""
    chains: list[list[tuple[int, int]]] = []
    for span in spans:
        if chains and text[chains[-1][-1][1] : span[0]] in ("", "、", "，"):
            chains[-1].append(span)
        else:
            chains.append([span])
    return chains


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
