"""A quotation in its sentence: what stands before and after it, and whether a verb of speech is there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yomicast.patterns import expression
from yomicast.script import clauses, people
from yomicast.script.sayings import (
    ACCORDING,
    ADDED,
    AFTER,
    ANSWERED_BY,
    ASKED,
    DIALECT,
    HEARSAY,
    HEARSAY_OF,
    MOOD,
    NEXT_ROLE,
    NEXT_SAYS,
    NEXT_SUBJECT,
    NO_SPEECH,
    NOUN_AFTER,
    PARALLEL,
    SO_DOING,
    SO_SAID_WITHOUT,
    STRAIGHT_CLEFT,
)

OPEN = expression(r"(?:[、，はが]|[てで])$")
"""Where a line is left open for the quotation below it: 綱をほどきながら、."""
OF_PLACE = expression(rf"「[^「」]{{1,14}}」の(?=[^「」。、]{{0,14}}(?:{people.HONORIFIC}|{people.TITLE}))")
"""「木もれ日」の玉木さん: whose shop it is parts no sentence."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quotation, or several that touch, and the words beside it in its sentence."""

    text: str
    start: int
    end: int
    previous_end: int
    last: str
    """Who was named last."""
    voice: str
    """Who says the quotation before this one; empty when nobody does."""
    partner: str
    """Who spoke before `voice` did; empty when nobody else has."""
    size: int
    """Characters of the first quotation."""
    before: str
    after: str
    flat: str
    """`after` without brackets."""
    said: bool
    """A verb or noun of speech follows."""
    alone: bool
    """A sentence of its own."""

    @classmethod
    def of(
        cls, text: str, chain: Sequence[tuple[int, int]], previous_end: int, *, last: str, voice: str, partner: str = ""
    ) -> Spoken:
        """The quotations of `chain` in `text`, after one that ended at `previous_end`."""
        start, end = chain[0][0], chain[-1][1]
        after = OF_PLACE.sub("", text[end : end + 160])
        said = bool(NOUN_AFTER.match(after) or (AFTER.match(after) and not NO_SPEECH.match(after)))
        before = ANSWERED_BY.sub("", _sentence_before(text, start, previous_end))
        return cls(
            text=text,
            start=start,
            end=end,
            previous_end=previous_end,
            last=last,
            voice=voice,
            partner=partner,
            size=chain[0][1] - start - 2,
            before=before,
            after=after,
            flat=people.PARENS.sub("", after),
            said=said
            or bool(HEARSAY_OF.match(after) and (ASKED.search(before) or ACCORDING.search(before)))
            or bool(
                PARALLEL.match(after)
                or ADDED.match(after)
                or MOOD.match(after)
                or HEARSAY.match(after)
                or SO_SAID_WITHOUT.match(after)
                or DIALECT.match(after)
            ),
            alone=_stands_alone(after)
            or _told_straight_on(before, after)
            or bool(NEXT_SUBJECT.match(after) or SO_DOING.match(after)),
        )

    @property
    def words(self) -> str:
        """The first quotation without its brackets."""
        return self.text[self.start + 1 : self.start + 1 + self.size]

    def sentence_before(self) -> str:
        """The sentence that ends where the quotation begins."""
        return clauses.last_sentence(self.text[max(0, self.start - 200) : self.start].rstrip())


def _stands_alone(after: str) -> bool:
    return not after.strip() or after[0] in "「。\n—―─" or bool(re.match(r"[\s　]*(?:$|\n|[（(])", after))


def _told_straight_on(before: str, after: str) -> bool:
    """「それで、鍵は」老人は眉をひそめた。: a sentence about somebody follows without a stop between."""
    found = STRAIGHT_CLEFT.match(after) or NEXT_ROLE.match(after)
    if found is None or before.strip(" 　\n"):
        return False
    says = NEXT_SAYS.match(after, found.end()) is not None and clauses.may_speak(found["who"])
    return says or bool(clauses.human(found["who"]))


def _sentence_before(text: str, start: int, previous_end: int) -> str:
    """The words of the same sentence before the quotation, at most 140 characters, after the last quotation."""
    window = text[max(previous_end, start - 140) : start]
    bare = window.rstrip("\n 　")
    if OPEN.search(bare) and clauses.person_in(clauses.last_sentence(clauses.masked(bare)), role=True):
        window = bare
    bare = people.PARENS.sub(lambda found: "\0" * len(found[0]), window)
    cut = max(bare.rfind(sign) for sign in "。\n！？!?")
    return window[cut + 1 :]
