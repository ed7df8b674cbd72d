"""Rules on pieces, whatever form they came from: furniture goes, structure is found.

A chain of small steps; each takes the pieces and the ledger and gives the pieces that stay.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from yomicast.article.cited import sources
from yomicast.article.endings import about_itself, below_rule, closed, datelines, endings, presented, signatures
from yomicast.article.explained import below_signature, profiles
from yomicast.article.furniture import (
    beside,
    contact_heads,
    lines,
    link_lists,
    pull_quotes,
    references,
    sections,
    stock,
)
from yomicast.article.guessed import bold_headings, clean_headings
from yomicast.article.ledger import Ledger, Piece
from yomicast.article.likeness import unlike
from yomicast.article.speakers import speakers, turns
from yomicast.article.structure import breaks_between, bullets, counted, note_heads, numbers, stray_markup, typed_notes

Step: TypeAlias = Callable[[list[Piece], Ledger], list[Piece]]


def refine(pieces: list[Piece], ledger: Ledger, steps: Sequence[Step] | None = None) -> list[Piece]:
    """All steps in order."""
    for step in steps or STEPS:
        pieces = step(pieces, ledger)
    return pieces


STEPS: tuple[Step, ...] = (
    stray_markup,
    stock,
    beside,
    pull_quotes,
    sources,
    datelines,
    below_rule,
    closed,
    below_signature,
    presented,
    about_itself,
    endings,
    numbers,
    counted,
    bullets,
    typed_notes,
    references,
    note_heads,
    turns,
    bold_headings,
    sections,
    lines,
    contact_heads,
    link_lists,
    profiles,
    below_signature,
    endings,
    presented,
    signatures,
    endings,
    unlike,
    endings,
    clean_headings,
    breaks_between,
    speakers,
)
