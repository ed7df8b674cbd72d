"""Which pictures of the article stand in which chapter of the script. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from yomicast.model import Article, Block, Line, Picture


def illustrated(article: Article, lines: Sequence[Line]) -> tuple[tuple[Picture, ...], ...]:
    """The article's pictures by chapter, in reading order; as many groups as the programme has chapters.

    A chapter begins with a line of level 2; what stands before the first belongs to the opening.
    """
    edges = [-1]
    for n, line in enumerate(lines):
        if line.level == 2 and n:
            edges.append(_heading(article.blocks, line, edges[-1] + 1))
    edges.append(len(article.blocks))
    return tuple(tuple(p for p in article.pictures if start < p.block <= stop) for start, stop in pairwise(edges))


def _heading(blocks: Sequence[Block], line: Line, first: int) -> int:
    """The block that a heading's line came from: same place and words, from `first` on; else where its place would be."""
    at = line.place.line
    same = [n for n in range(first, len(blocks)) if blocks[n].place.line == at]
    worded = [n for n in same if line.shown in blocks[n].text or blocks[n].text in line.shown]
    after = (n for n in range(first, len(blocks)) if at is not None and (blocks[n].place.line or 0) >= at)
    return next(iter([*worded, *same]), next(after, first))
