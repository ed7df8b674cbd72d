"""Title and headings where markup does not give them: rules of language and layout."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence

from yomicast.article.ledger import JAPANESE, Ledger, Piece
from yomicast.patterns import expression

LONGEST = 45
"""Characters (full width) above which a line is no heading."""
ENDS = expression(r"[。．.、,，!！?？…‥♪）)]$")
SENTENCE_TAIL = expression(
    r"(?:です|ます|でした|ました|ません|ください|だった|である|ましょう|でしょう|だろう)(?:[かねよ])?$"
)
POLITE_TAIL = expression(r"(?:です|ます|でした|ました|ません|ください|ましょう|でしょう)(?:[かねよ])?$")
"""Even behind a printed sign a sentence; ■ 研ぎは会話である is a heading."""
KEYWORD = expression(
    r"^(?:はじめに|始めに|まえがき|序|序文|おわりに|終わりに|さいごに|最後に|まとめ|結論|結び|むすび|あとがき|謝辞|参考(?:文献|資料|URL|サイト)?|背景|概要|目的|付録|"
    r"よくある(?:質問|ご質問)|Q\s?[&＆]\s?A|TL;DR|追記)(?:[:：　 ].*)?$",
    re.IGNORECASE,
)
MARKS: tuple[tuple[re.Pattern[str], int], ...] = (
    (expression(r"^第[0-9０-９一二三四五六七八九十百]+[部編章]"), 1),
    (expression(r"^[■█▉【]"), 2),
    (expression(r"^第[0-9０-９一二三四五六七八九十百]+[節項話回]"), 2),
    (expression(r"^[◆◇●◎▼▽★☆□▲△◼◾▶►]"), 3),
    (expression(r"^[○〇＜<《〈]"), 4),
)
NUMBER = expression(r"^(?P<n>\d{1,2}(?:[.．\-－]\d{1,2}){0,3})(?:[.．、)）][\s　]*|[\s　]+)(?=\S)")
OPENS_NONE = ("（", "(", "〔", "※", "＊", "*", "→", "・", "―", "─", "—")
"""How no heading begins: a remark, a note, an item, a turn in a conversation."""
SOURCED = expression(
    r"[（(][^（()）]{0,20}(?:新聞|テレビ|通信|放送|ニュース|撮影|提供|写真|出典|イラスト)[^（()）]{0,12}[）)]$"
)
"""A picture's caption names at its end whose the picture is."""
CAPTION = expression(
    r"^(?:[▲△↑]|[\[［【〔(（<＜〈]?(?:写真|図|画像|イラスト|グラフ|地図)(?:[上下左右]|その)?[\d０-９①-⑨一二三]{0,2}[\]］】〕)）>＞〉:：])"
)
"""A picture's words below it: an arrow to it, or what it is."""
BRACKETED = expression(r"^[（(\[［〔][\d０-９一二三四五六七八九十]{1,2}[）)\]］〕][\s　]*(?=\S)")
"""A number in brackets: one alone on its line, with text below it, begins a part."""
NARROW = str.maketrans("０１２３４５６７８９．－", "0123456789.-")
SHORT, FEW, PUNCTUATED = 20, 5, 0.9
"""Width of a heading that is a sentence; paragraphs longer than that, of which all but this share end with a full stop."""
HALF_WIDTH = expression(r"[\0-\u2e7f]")
CLOSED = expression(r"[。！？!?…」』）)]$")
LABEL = expression(r"^[^。：:]{1,12}[：:]\s?\S")


NAMES = expression(r"(?:[一-鿿々ァ-ヶー]|もの|こと|とき|ところ|わけ|たち|さん)$")
"""How a line ends that names something and tells nothing."""
REACHED_AT = expression(r"https?://|[A-Za-z0-9._+-]@[A-Za-z0-9-]+\.")
"""An address: no heading holds one."""


def looks_like(text: str) -> bool:
    """A line that could be a heading by its wording alone."""
    text = BRACKETED.sub("", text.strip())
    if not text or not JAPANESE.search(text) or width(text) > LONGEST or REACHED_AT.search(text):
        return False
    if KEYWORD.match(text):
        return True
    if text.startswith(OPENS_NONE):
        return False
    if ENDS.search(text) and not re.search(r"[?？!！]$|[)）]$", text):
        return False
    if CAPTION.match(text) and width(text) > SHORT / 2:
        return False
    if SOURCED.search(text) or (text.startswith(("「", "『")) and text.endswith(("」", "』"))):
        return False
    tail = POLITE_TAIL if SIGN.match(text) else SENTENCE_TAIL
    return not tail.search(text) and "。" not in text


def is_line(text: str) -> bool:
    """A line that could be a heading where its style says so: also a sentence without its full stop, or words in brackets."""
    bare = re.sub(r"^[「『]|[」』]$", "", text.strip())
    fits = JAPANESE.search(bare) and width(bare) <= LONGEST and not REACHED_AT.search(bare)
    return bool(fits) and not re.search(r"[。．、，,…‥：:]$", bare) and "。" not in bare


def width(text: str) -> float:
    """Its width in full-width characters."""
    return len(text) - len(HALF_WIDTH.findall(text)) / 2


def title(pieces: list[Piece], ledger: Ledger, *, fallback: str) -> tuple[str, list[Piece]]:
    """The title and the pieces, its own first (kind `title`) when it stands in the text; else guessed, with a note."""
    if len(pieces) > 1 and (_is_title(pieces[0]) or _is_told_title(pieces)) and not _one_of_many(pieces):
        bare = without_mark(pieces[0], ledger)
        return bare.text, [bare.to(kind="title", level=0), *pieces[1:]]
    named = fallback if JAPANESE.search(fallback) else _first_words(pieces) or fallback
    ledger.note(
        "guessed-title", f"no title in the text; taken: {named!r}", f"題名がないため、仮に付けました: {named!r}", 1
    )
    return named, pieces


def _one_of_many(pieces: list[Piece]) -> bool:
    """Whether the first line bears a printed mark that later lines bear too: the first heading, not the title."""
    sign = sign_of(pieces[0].text)
    return bool(sign) and not sign.isdigit() and any(sign_of(piece.text) == sign for piece in pieces[1:])


def _is_title(piece: Piece) -> bool:
    if piece.kind not in ("paragraph", "heading"):
        return False
    if "titled" in piece.hints:
        return True
    return width(piece.text) <= 80 and not SENTENCE_TAIL.search(piece.text) and "。" not in piece.text


GREETING = expression(
    r"^(?:皆|みな|こんにち|こんばん|おはよう|お世話|お待たせ|はじめまして|いつも|毎度|読者|会員|新年|明けまし|あけまし|ご無沙汰|ごぶさた|拝啓|前略)|[のは、][一-鿿ァ-ヶー]{1,8}(?:です|でございます|と申します)$"
)
TOLD_WIDEST = 32


def _is_told_title(pieces: list[Piece]) -> bool:
    """A first line that is a sentence without its full stop, 冬の海が凪いでいます: by itself, above a closed paragraph."""
    first, below = pieces[0], pieces[1]
    text = first.text.strip()
    alone = first.kind == "paragraph" and {"alone", "opens"} <= first.hints and below.kind in ("paragraph", "heading")
    bare = not re.search(r"[。、，]$", text) and "。" not in text and not GREETING.search(text)
    closed = below.kind == "heading" or mark_level(below.text) or CLOSED.search(below.text)
    return bool(alone and bare and closed) and width(text) <= TOLD_WIDEST


def _first_words(pieces: list[Piece]) -> str:
    text = next((piece.text for piece in pieces if piece.kind == "paragraph"), "")
    first = re.split(r"[。！？!?\n]", text)[0]
    return first if len(first) <= 40 else first[:39] + "…"


COUNTED = expression(
    r"^[\W_]*(?:第?[\d０-９]+(?:[.．\-－][\d０-９]+)*[部編章節項話回]?[\W_]+|[一二三四五六七八九十]+[、．.)）】〕\s　]+|[①-⑳❶-❿])?"
)


def key(text: str) -> str:
    """A heading's words without its number and signs, to compare it with a table of contents: ■1. 道具 is 【1】道具."""
    return re.sub(r"[\W_]", "", COUNTED.sub("", text.strip()))


def levels(pieces: list[Piece], ledger: Ledger, contents: Mapping[str, int] | None = None) -> list[Piece]:
    """Paragraphs that are headings become headings, with a level: by printed mark, else by what follows them.

    `contents`: what a table of contents names and how deep; it decides when it names two of them. Headings that the
    form marks itself decide as well.
    """
    named = {
        n: 2 + contents[k]
        for n, p in enumerate(pieces)
        if p.kind != "title" and contents and (k := key(p.text)) in contents
    }
    known = named if len(named) > 1 else {}
    top = min(known.values(), default=1)
    known |= {n: max(top, p.level) for n, p in enumerate(pieces) if "marked" in p.hints and n not in known}
    told = _punctuated(pieces)
    found = {n for n, piece in enumerate(pieces) if _is_heading(pieces, n) or (told and _is_told(pieces, n))}
    found |= {n for n in range(1, len(pieces) - 1) if n not in known and _is_signed(pieces, n, found)}
    last = max(known, default=0)
    if len(known) == 1 and found and max(found) < last and last not in named:  # one drawn heading below all others
        return _as_headings(pieces, {last: min(_by_marks(pieces, found).values()), **_by_marks(pieces, found)}, ledger)
    if not known:
        return _as_headings(pieces, _by_marks(pieces, found), ledger)
    flat = told and len(set(known.values())) == 1  # contents of one depth may leave the parts of a part out
    framing = {n for n in found - known.keys() if KEYWORD.match(pieces[n].text)}  # はじめに, まとめ: often left out
    bare = {n for n in found - known.keys() - framing if flat and _is_between(pieces, n, known)}
    found = {
        n
        for n in found - known.keys()
        if mark_level(pieces[n].text) or (len(bare) > 1 and n in bare) or _is_named(pieces, n, bare)
    }
    ranks = mark_ranks([pieces[n].text for n in sorted(found)])
    alike = {sign: level for n, level in known.items() if (sign := sign_of(pieces[n].text))}
    below = {n: alike.get(sign := sign_of(pieces[n].text), max(known.values()) + 1 + ranks.get(sign, 0)) for n in found}
    below |= {n: min(known.values()) for n in framing}
    return _as_headings(pieces, {**below, **{n: level for n, level in known.items() if n in named}}, ledger)


def _by_marks(pieces: list[Piece], found: set[int]) -> dict[int, int]:
    ranks = mark_ranks([pieces[n].text for n in sorted(found)])
    by_mark = {n: 2 + ranks[sign] if (sign := sign_of(pieces[n].text)) else 0 for n in found}
    least = min((level for level in by_mark.values() if level), default=0)
    pictured = {n for n in found if "image-after" in pieces[n].hints}
    two_kinds = bool(pictured) and pictured != found and len(pictured) > 1
    out: dict[int, int] = {}
    last = max(found, default=0)  # an end is a part of its own, never the one part of what stands before it
    for n in sorted(found):
        level = by_mark[n] or least or 2
        opens = n + 1 in found  # a heading right above another holds it
        closes = n == last and pictured and max((k for k in found if k < n), default=n) in pictured
        plain = not by_mark[n] and n not in pictured and not KEYWORD.match(pieces[n].text)
        if plain and two_kinds and not opens and not closes:
            level = 3
        if n - 1 in found and not by_mark[n]:
            level = max(level, out[n - 1] + 1)
        out[n] = level
    return out


def _as_headings(pieces: list[Piece], found: Mapping[int, int], ledger: Ledger) -> list[Piece]:
    out = list(pieces)
    for n, level in sorted(found.items()):
        out[n] = pieces[n].to(kind="heading", level=level, hints=pieces[n].hints | {"guessed"})
        ledger.note(
            "guessed-heading",
            f"taken as a heading: {pieces[n].text}",
            f"見出しとみなしました: {pieces[n].text}",
            pieces[n].line,
        )
    return out


def last_words(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A guessed heading that nothing is left below was the text's last line."""
    if not pieces or pieces[-1].kind != "heading" or "guessed" not in pieces[-1].hints:
        return pieces
    last = pieces[-1]
    ledger.notes[:] = [note for note in ledger.notes if (note.slug, note.place.line) != ("guessed-heading", last.line)]
    return [*pieces[:-1], last.to(kind="paragraph", level=0, hints=last.hints - {"guessed"})]


def sign_of(text: str) -> str:
    """What kind of printed mark a heading begins with: its sign, 第章, 第節 or how deep its number is; empty for none."""
    for pattern, name in ((MARKS[0][0], "第章"), (MARKS[2][0], "第節")):
        if pattern.match(text):
            return name
    if mark_level(text) and not text[:1].isalnum():
        return text[0]
    if BRACKETED.match(text):
        return "（"
    number = NUMBER.match(text)
    return str(len(re.findall(r"[.．\-－]", number["n"]))) if number else ""


def mark_ranks(texts: Sequence[str]) -> dict[str, int]:
    """Ranks 0.. of the kinds of marks, in the order in which headings first use them."""
    return {sign: rank for rank, sign in enumerate(dict.fromkeys(sign for sign in map(sign_of, texts) if sign))}


def _is_heading(pieces: list[Piece], n: int) -> bool:
    piece = pieces[n]
    if piece.kind != "paragraph" or n + 1 >= len(pieces) or not looks_like(piece.text):
        return False
    if n == 0 and not _one_of_many(pieces):
        return False
    if KEYWORD.match(piece.text) or mark_level(piece.text):
        return True
    if LABEL.match(piece.text) and "alone" not in piece.hints:
        return False
    follows = pieces[n + 1]
    if "first" in piece.hints and width(piece.text) <= 25 and not ENDS.search(piece.text):
        return follows.kind == "list_item" or (
            follows.kind == "paragraph" and len(follows.text) >= 15 and follows.text.endswith(("。", "！", "？", "」"))
        )
    return "alone" in piece.hints and follows.kind in ("paragraph", "list_item", "quote", "table", "figure")


def _punctuated(pieces: list[Piece]) -> bool:
    """Whether all but a few paragraphs end as sentences do: one that does not is set apart."""
    long = [piece for piece in pieces if piece.kind == "paragraph" and len(piece.text) > SHORT]
    return len(long) >= FEW and sum(bool(CLOSED.search(piece.text)) for piece in long) > PUNCTUATED * len(long)


def _is_told(pieces: list[Piece], n: int) -> bool:
    """A heading that is a sentence, 小さな鍋を買いました: short, alone, with no full stop, between paragraphs that have one."""
    if not 0 < n < len(pieces) - 1 or not {"alone"} <= pieces[n].hints:
        return False
    text = pieces[n].text
    shut = all(pieces[k].kind == "paragraph" and CLOSED.search(pieces[k].text) for k in (n - 1, n + 1))
    bare = not ENDS.search(text) and not text.startswith((*OPENS_NONE, "「", "『")) and JAPANESE.search(text)
    return shut and bool(bare) and width(text) <= SHORT and len(pieces[n + 1].text) > SHORT


def _is_between(pieces: list[Piece], n: int, known: Collection[int]) -> bool:
    """Whether a line stands alone between what is closed, or a known heading, and a paragraph of some length."""
    above, below = pieces[n - 1], pieces[n + 1]
    shut = n - 1 in known or above.kind != "paragraph" or CLOSED.search(above.text)
    told = below.kind == "paragraph" and CLOSED.search(below.text) and len(below.text) > SHORT
    return bool(shut and told) and "alone" in pieces[n].hints


def _is_named(pieces: list[Piece], n: int, bare: Collection[int]) -> bool:
    """Whether the one bare line between paragraphs names a thing, and no picture stands above it whose caption it may be."""
    pictured = "image-after" in pieces[n - 1].hints | pieces[n].hints
    return n in bare and not pictured and width(pieces[n].text) <= SHORT and bool(NAMES.search(pieces[n].text))


def _is_signed(pieces: list[Piece], n: int, found: Collection[int]) -> bool:
    """A heading that is a sentence, behind the printed sign that another heading has."""
    text = pieces[n].text
    same = SIGN.match(text) and any(pieces[k].text[:1] == text[:1] for k in found)
    below = pieces[n + 1].kind == "paragraph" and CLOSED.search(pieces[n + 1].text)
    return bool(same and below) and "alone" in pieces[n].hints and not ENDS.search(text) and width(text) <= LONGEST


def mark_level(text: str) -> int:
    """1.. when the line begins with a sign that headings are printed with (第1章, ■, ◆, 1.2), else 0."""
    for pattern, level in MARKS:
        if pattern.match(text):
            return level
    if number := NUMBER.match(text):
        return 2 + len(re.findall(r"[.．\-－]", number["n"]))
    return 0


SIGN = expression(r"^[・＊*■█▉◆◇●◎▼▽★☆□▲△◼◾▶►○〇◉♦♢♣♠♥❖✦✧✔✅🔷🔶📌💡\ufe0f#＃\s　]+(?=\S)")
SIGNS_AFTER = expression(r"[\s　]*[■█▉◆◇●◎▼▽★☆□▲△◼◾▶►○〇]+[\s　]*$")
BOXED = expression(r"^[【《〈＜<\[［≪](?P<inner>[^【】《》]{1,60})[】》〉＞>\]］≫]$")


def unmarked(text: str) -> str:
    """A heading without its printed sign, number or frame, for comparing words."""
    text = SIGN.sub("", text.strip())
    boxed = BOXED.match(text)
    return NUMBER.sub("", boxed["inner"] if boxed else text).strip()


def without_mark(piece: Piece, ledger: Ledger) -> Piece:
    """A heading without its printed sign (■ ◆ …), which nobody reads aloud."""
    if (boxed := BOXED.match(piece.text)) and boxed.end("inner") == len(piece.text) - 1:
        ledger.drop(piece.text[0] + piece.text[-1], "heading-mark", piece.line)
        return piece.to(text=piece.text[:-1]).cut(1, ledger)
    if (after := SIGNS_AFTER.search(piece.text)) and SIGN.match(piece.text):
        ledger.drop(after[0], "heading-mark", piece.line)
        piece = piece.to(text=piece.text[: after.start()])
    sign = SIGN.match(piece.text)
    if not sign:
        return piece
    ledger.drop(sign[0], "heading-mark", piece.line)
    cut = piece.cut(sign.end(), ledger)
    return cut.to(hints=cut.hints | {"signed"})
