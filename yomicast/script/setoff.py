"""Set-off quotations (block quotes): who says them, by their own source, the sentence before or the one after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yomicast.model import Block, Quote
from yomicast.script import clauses, people
from yomicast.script.sayings import (
    ACCORDING,
    ASKED,
    LETTER,
    THUS,
    TOLD_BY,
    WORK_BY,
    WORKS,
)

FOUND = "found"
"""`info` of a set-off quotation whose speaker the text around it names."""


def spoken_by(blocks: Sequence[Block], found: Sequence[Quote]) -> list[Block]:
    """The blocks with the speakers of set-off quotations that the text around names."""
    who = {quote.place: quote.speaker for quote in found}
    out: list[Block] = []
    for block in blocks:
        if block.kind == "quote" and not block.speaker:
            before = out[-1] if out else None
            goes_on = before is not None and before.kind == "quote" and before.info == FOUND
            speaker = before.speaker if before is not None and goes_on else who.get(block.place, "")
            whole = any(
                quote.place == block.place and quote.text.startswith(block.text.strip("「」")) for quote in found
            )
            if speaker and (goes_on or whole):
                block = replace(block, speaker=speaker, info=FOUND)  # noqa: PLW2901
        out.append(block)
    return out


def block_quote(blocks: Sequence[Block], before: Sequence[Block], after: str) -> list[Quote]:
    """A set-off quotation: its own speaker, the one the paragraph before announces or asks, or the one who `after` it
    "said so".
    """
    who = re.split(r"[『「（(、，,。]", blocks[0].speaker)[0].strip() or blocks[0].speaker
    if not who and blocks[0].info != "indented":
        lead = clauses.last_sentence(before[-1].text[-160:]) if before else ""
        bare = lead.rstrip("。：: 　")
        asked = ASKED.search(bare)
        clues = (
            _words_of_another(bare),
            clauses.announcer(lead, bare=bool(THUS.search(lead))),
            _writer(bare),
            clauses.so_said(after),
            asked and clauses.subject(asked["who"]),
        )
        who = next(filter(None, clues), "")
    text = "".join(block.text for block in blocks).strip("「」")
    return [Quote(speaker=who, text=text, place=blocks[0].place)] if who else []


def _words_of_another(sentence: str) -> str:
    """小野寺さんは行商の女性の言葉を挙げる: not who quotes, who is quoted."""
    found = TOLD_BY.search(sentence)
    return clauses.subject(found["who"]) if found else ""


def _writer(sentence: str) -> str:
    """Whose letter, diary or book is quoted: 祖母の日記の一節を写しておく."""
    for pattern in (WORK_BY, LETTER, ACCORDING):
        found = pattern.search(sentence)
        phrase = clauses.noun_phrase(WORKS.sub("", found["who"])) if found else ""
        if people.is_speaker(phrase) or (pattern is WORK_BY and people.could_speak(phrase)):
            return people.name(phrase)
    return ""
