"""Accounting: every visible character of the source is spoken, replaced or dropped for a named reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from yomicast.errors import ArticleError
from yomicast.model import Article, Dropped, Line, Message, Script
from yomicast.patterns import expression

SPACE = expression(r"[\s\u2003　]+")
ADDED = frozenset({"announce", "intro", "outro"})
GUESSED = expression(r"^(?:not-main|outside|unknown|leftover|unclaimed|other|rest|error)")
"""Reasons a reader gives when it does not know what a text is for."""
Fate: TypeAlias = Literal["spoken", "replaced", "silent", "dropped", "added"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What became of a stretch of the source. `line`: of the source, None where the source has none."""

    line: int | None
    fate: Fate
    text: str
    spoken: str = ""
    reason: str = ""


def size(text: str) -> int:
    """Visible characters."""
    return len(SPACE.sub("", text))


def coverage(article: Article, lines: Sequence[Line], dropped: Sequence[Dropped]) -> float:
    """Share 0..1 of the source's visible characters that are spoken, replaced, or dropped by a rule that knows why."""
    spoken = sum(size(line.shown) for line in lines if line.role not in ADDED)
    told = sum(
        size(line.shown)
        for line in lines
        if line.role == "announce" and line.reason in ("figure", "table-row", "table", "speaker-label")
    )
    told += sum(size(reading) for block in article.blocks for reading in (r.reading for r in block.rubies))
    known = sum(size(item.text) for item in dropped if not GUESSED.match(item.reason))
    total = article.visible or spoken + told + sum(size(item.text) for item in dropped)
    return min(1.0, (spoken + told + known) / total) if total else 0.0


def refuse_below(article: Article, share: float, least: float, dropped: Sequence[Dropped]) -> None:
    """Stop when too much of the page is unaccounted for.

    Raises:
        ArticleError: with the reasons under which most was dropped.
    """
    if share >= least:
        return
    sizes: Counter[str] = Counter()
    for item in dropped:
        sizes[item.reason] += size(item.text)
    most = ", ".join(f"{reason} {count}" for reason, count in sizes.most_common(3)) or "-"
    raise ArticleError(
        Message(
            f"only {share:.0%} of the page is accounted for, {least:.0%} is asked for (dropped characters: {most})",
            f"ページの {share:.0%} しか行き先が分かりません(必要なのは {least:.0%}。落とした字数: {most})",
        ),
        where=article.blocks[0].place if article.blocks else "",
        hint=Message(
            "see `yomicast script FILE --explain`; name the article's part with site selectors, or lower script.coverage",
            "`yomicast script FILE --explain` で確かめ、サイトのセレクターで本文を指定するか、script.coverage を下げてください",
        ),
    )


def explain(script: Script) -> list[Account]:
    """The whole account by line of the source: what is spoken as written, replaced, silent, dropped, added."""
    found = [entry for line in script.lines for entry in _of_line(line)]
    found += [
        Account(line=item.place.line, fate="dropped", text=item.text, reason=item.reason) for item in script.dropped
    ]
    order = {id(entry): n for n, entry in enumerate(found)}
    last = 0
    keys = {}
    for entry in found:
        last = entry.line or last
        keys[id(entry)] = (last if entry.line is None else entry.line, order[id(entry)])
    return sorted(found, key=lambda entry: keys[id(entry)])


def _of_line(line: Line) -> list[Account]:
    at = line.place.line
    if line.role in ADDED:
        return [Account(line=at, fate="added", text="", spoken=line.spoken, reason=line.reason or line.role)]
    out: list[Account] = [Account(line=at, fate="spoken", text=line.shown, spoken=line.spoken, reason=line.role)]
    for edit in line.edits:
        text = line.shown[edit.start : edit.end]
        out.append(
            Account(
                line=at, fate="replaced" if edit.spoken else "silent", text=text, spoken=edit.spoken, reason=edit.rule
            )
        )
    return out
