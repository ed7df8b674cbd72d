"""Edits: how a shown text becomes a spoken one, change by change, each with the name of its rule."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Collection, Iterable

from yomicast.model import Edit, Ruby


def combined(*layers: Iterable[Edit]) -> tuple[Edit, ...]:
    """All edits in order, without overlap: an edit of an earlier layer wins over those of later ones."""
    kept: list[Edit] = []
    for layer in layers:
        for edit in sorted(layer, key=_order):
            at = bisect_left(kept, _order(edit), key=_order)
            if not any(_clash(edit, other) for other in kept[max(0, at - 2) : at + 2]):
                kept.insert(at, edit)
    return tuple(kept)


def _order(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end


def _clash(one: Edit, other: Edit) -> bool:
    if one.start == one.end:
        return other.start < one.start < other.end or (one.start, one.end) == (other.start, other.end)
    if other.start == other.end:
        return one.start < other.start < one.end
    return one.start < other.end and other.start < one.end


def applied(shown: str, edits: Iterable[Edit], rules: Collection[str] | None = None) -> str:
    """`shown` with its edits made; with `rules`, only those."""
    out: list[str] = []
    at = 0
    for edit in edits:
        if rules is None or edit.rule in rules:
            out += (shown[at : edit.start], edit.spoken)
            at = edit.end
    return "".join((*out, shown[at:]))


def moved(rubies: Iterable[Ruby], edits: tuple[Edit, ...]) -> tuple[Ruby, ...]:
    """Readings that counted characters of the shown text, counting those of the spoken one; edited words lose theirs."""
    out = []
    for ruby in rubies:
        if any(edit.start < ruby.end and ruby.start < edit.end for edit in edits if edit.start != edit.end):
            continue
        if any(ruby.start < edit.start < ruby.end for edit in edits):
            continue
        shift = sum(len(edit.spoken) - (edit.end - edit.start) for edit in edits if edit.end <= ruby.start)
        out.append(Ruby(start=ruby.start + shift, end=ruby.end + shift, reading=ruby.reading))
    return tuple(out)


def stretches(edits: tuple[Edit, ...], rule: str) -> tuple[tuple[int, int], ...]:
    """Where, in the spoken text, the words stand that two edits of one rule enclose (the brackets of a supplement)."""
    found: list[tuple[int, int]] = []
    shift, begin = 0, None
    for edit in edits:
        if edit.rule == rule:
            if begin is None:
                begin = edit.start + shift + len(edit.spoken)
            else:
                found.append((begin, edit.start + shift))
                begin = None
        shift += len(edit.spoken) - (edit.end - edit.start)
    return tuple(pair for pair in found if pair[0] < pair[1])
