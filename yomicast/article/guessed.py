"""Headings that are set as paragraphs (bold, marked, named by a class), and headings without printed marks."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.article import headings
from yomicast.article.furniture import line_reason
from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.patterns import expression


def bold_headings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Paragraphs that are headings by bold print, printed mark or a class name."""
    real = any(piece.kind == "heading" for piece in pieces)
    candidates = [n for n, piece in enumerate(pieces) if _could_head(pieces, n)]
    strong = [n for n in candidates if "heading-class" in pieces[n].hints]
    marked = [n for n in candidates if pieces[n].strong or headings.mark_level(pieces[n].text) in (1, 2, 3)]
    bold = [n for n in marked if n not in strong]
    if real and len(bold) < 2:
        bold = [n for n in bold if headings.mark_level(pieces[n].text)]
    out = list(pieces)
    guessed = sorted((*strong, *bold))
    base = _level_above(pieces, min(guessed, default=0))
    ranks = _ranks([pieces[n] for n in guessed])
    for n in guessed:
        level = base + ranks[_style(pieces[n])]
        out[n] = pieces[n].to(kind="heading", level=level, hints=pieces[n].hints | {"guessed"})
        ledger.note(
            "guessed-heading",
            f"taken as a heading: {pieces[n].text}",
            f"見出しとみなしました: {pieces[n].text}",
            pieces[n].line,
        )
    return out


BOLD_SIGN = expression(r"^[・＊*][\s　]*")
"""Signs of a list or a note that bold headings of old pages begin with as well."""
SIZES = (
    expression(r"(?:^| )(?:xl|l|large|big|oo|dai|omidashi|oomidashi|lv ?1|1)(?= |$)"),
    expression(r"(?:^| )(?:m|mid|middle|medium|naka|chu|nakamidashi|chumidashi|lv ?2|2)(?= |$)"),
    expression(r"(?:^| )(?:s|xs|small|ko|sho|komidashi|shomidashi|lv ?3|3)(?= |$)"),
)


def _style(piece: Piece) -> str:
    """How a guessed heading looks: its class, its printed mark, or plain bold."""
    named = next((hint for hint in piece.hints if hint.startswith("class:")), "")
    sign = BOLD_SIGN.match(piece.text)
    return named or headings.sign_of(piece.text) or (sign[0].strip() if sign else "")


def _ranks(found: Sequence[Piece]) -> dict[str, int]:
    """Ranks 0.. of the styles of guessed headings: by the size their classes name, else in the order of first use.

    A plain one that opens or closes (はじめに, まとめ) ranks with the first.
    """
    ranks: dict[str, int] = {}
    for piece in found:
        style = _style(piece)
        if style in ranks or (ranks and not style and headings.KEYWORD.match(piece.text)):
            continue
        ranks[style] = len(ranks)
    sized = {style: size for style in ranks if (size := _size(style)) is not None}
    if len(set(sized.values())) > 1:
        order = sorted(set(sized.values()))
        ranks |= {style: order.index(size) for style, size in sized.items()}
    return {"": 0, **ranks}


def _size(style: str) -> int | None:
    spelt = style.removeprefix("class:").replace("-", " ").replace("_", " ").lower()
    return next((n for n, pattern in enumerate(SIZES) if style.startswith("class:") and pattern.search(spelt)), None)


def _level_above(pieces: list[Piece], first: int) -> int:
    """The level of guessed headings: below all real ones (7), but theirs when the first guessed one comes before them."""
    real = [(n, piece.level) for n, piece in enumerate(pieces) if piece.kind == "heading" and not _is_title(pieces, n)]
    return min(level for _, level in real) if real and first < real[0][0] else 7


def _is_title(pieces: list[Piece], n: int) -> bool:
    """A first heading that stands above all others by itself."""
    return n == 0 and not any(p.kind == "heading" and p.level <= pieces[0].level for p in pieces[1:])


def _could_head(pieces: list[Piece], n: int) -> bool:
    piece = pieces[n]
    styled = "heading-class" in piece.hints
    text = BOLD_SIGN.sub("", piece.text) if piece.strong else piece.text
    if piece.kind != "paragraph" or n + 1 >= len(pieces):
        return False
    if not (headings.looks_like(text) or (styled and headings.is_line(text))):
        return False
    if line_reason(piece, first=False, last=False):
        return False
    if piece.linked > 0.9 or not (piece.strong or "heading-class" in piece.hints or headings.mark_level(piece.text)):
        return False
    if headings.LABEL.match(piece.text) and "heading-class" not in piece.hints and not headings.mark_level(piece.text):
        return len(piece.text) > 15 and piece.strong
    return pieces[n + 1].kind != "heading" or "heading-class" in piece.hints


def clean_headings(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Headings without their printed marks; those with nothing below them and no deeper heading go."""
    kept: list[Piece] = []
    for n, piece in enumerate(pieces):
        if piece.kind != "heading":
            kept.append(piece)
            continue
        following = next((later for later in pieces[n + 1 :] if later.kind not in ("footnote", "break")), None)
        empty = following is None or (following.kind == "heading" and following.level <= piece.level)
        if empty or (not JAPANESE.search(piece.text) and not re.search(r"[A-Za-z0-9]", piece.text)):
            if "guessed" in piece.hints:
                kept.append(piece.to(kind="paragraph", level=0))
            else:
                ledger.leave(piece, "empty-section")
            continue
        kept.append(headings.without_mark(piece, ledger))
    return _unnumbered(kept, ledger)


def _unnumbered(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Guessed headings that count 1, 2, 3 without their numbers, which are marks as ■ is; behind a ■ they are text."""
    numbers = {
        n: found
        for n, piece in enumerate(pieces)
        if piece.kind == "heading"
        and piece.hints & {"guessed", "marked"}
        and "signed" not in piece.hints
        and (found := headings.NUMBER.match(piece.text))
    }
    counts = [found["n"].translate(headings.NARROW) for found in numbers.values()]
    if counts[:2] != ["1", "2"]:
        return pieces
    out = list(pieces)
    for n, found in numbers.items():
        ledger.drop(found[0], "heading-mark", pieces[n].line)
        out[n] = pieces[n].cut(found.end(), ledger)
    return out
