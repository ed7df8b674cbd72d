"""Words whose frame is a block: a box below a sentence that announces them, a comment as newspapers set it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from yomicast.model import Block, Quote
from yomicast.patterns import expression
from yomicast.script import clauses, people
from yomicast.script.sayings import SAY, THUS

SAY_THUS = expression(rf"{SAY}[^。「」、]{{0,8}}[。：:]?[\s　]*$")
"""How a sentence ends that announces words."""


def boxed(blocks: Sequence[Block]) -> list[Block]:
    """The blocks, with a box below 院長は次のように述べています。 taken as set-off words."""
    out: list[Block] = []
    for block in blocks:
        before = out[-1] if out else None
        goes_on = (
            before is not None and before.kind == "quote" and before.info == block.info != "" and before.speaker == ""
        )
        lead = clauses.last_sentence(before.text) if before is not None and before.kind == "paragraph" else ""
        opens = THUS.search(lead) and SAY_THUS.search(lead) and "「" not in block.text
        if block.kind == "aside" and not block.speaker and (opens or goes_on):
            block = replace(block, kind="quote")  # noqa: PLW2901
        out.append(block)
    return out


NEWS_COMMENT = expression(r"^(?P<who>[^。「」　]{4,60})の(?:話|談話|談|コメント)[　\s](?P<words>[^\s「].*)$")
"""古橋圭准教授（水文学）の話　雨は…: a paragraph of a newspaper that is a comment, without quotation marks."""


def comments(run: Sequence[Block]) -> list[Quote]:
    """Paragraphs that are a comment by the person whom their first words name."""
    told = [(block, NEWS_COMMENT.match(block.text)) for block in run]
    return [
        Quote(speaker=people.name(found["who"]), text=found["words"].strip(), place=block.place)
        for block, found in told
        if found and people.is_person(found["who"])
    ]
