"""Where readers write down what they found: pieces kept, text dropped and why, doubts, links.

Nothing vanishes: a reader puts every visible character into a piece or into `drop` with a named reason.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from yomicast.errors import ArticleError
from yomicast.model import Article, Block, BlockKind, Dropped, Link, Message, Meta, Note, Picture, Place, Ruby
from yomicast.patterns import expression

PACKED = frozenset({"epub", "docx"})
"""Forms that hold their pictures inside."""
CREDIT_LINES = 6
"""Lines of the source below a picture within which a credit is its own."""
OWN_PICTURE = expression(r"筆者|著者|作者|編集部|当社|弊社|自社|当サイト|当ブログ")
"""Credits that name the author of the article."""
SPACE = expression(r"\s+")
NOT_WORD = expression(r"[\W_]+")
BY = expression(
    r"^[\W_]*(?:文|著者?|作|筆者|執筆|記者|text|by|written by)[\s　:：・/／]+|[\s　]*(?:著|作|記|文|記者)$",
    re.IGNORECASE,
)
URL = r"https?://[^\s<>ぁ-ん、。]+"
"""An address and nothing of the Japanese that goes on behind it without a space: …/aをご覧ください."""
JAPANESE = expression(r"[ぁ-んァ-ヶ一-鿿々〆㐀-䶿豈-﫿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block in the making. `linked`: share of its characters inside links, 0..1. `strong`: all of it is bold.
    `lead`: so many characters at its beginning are bold and what follows is not.

    `hints`: what the form says of it (class names, `image-after`), for the rules that decide on headings and junk.
    """

    kind: BlockKind
    text: str
    line: int | None = None
    level: int = 0
    rubies: tuple[Ruby, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    info: str = ""
    speaker: str = ""
    linked: float = 0.0
    strong: bool = False
    lead: int = 0
    hints: frozenset[str] = frozenset()

    def to(self, **changes: object) -> Piece:
        """A changed copy."""
        return replace(self, **changes)  # type: ignore[arg-type]

    def cut(self, size: int, ledger: Ledger) -> Piece:
        """The piece without its first `size` characters; readings on them are written down as dropped."""
        for ruby in self.rubies:
            if ruby.start < size:
                ledger.drop(ruby.reading, "reading-of-dropped", self.line)
        moved = tuple(replace(r, start=r.start - size, end=r.end - size) for r in self.rubies if r.start >= size)
        return self.to(text=self.text[size:], rubies=moved, lead=max(0, self.lead - size))

    @property
    def words(self) -> str:
        """All that can be seen of it, for `drop`."""
        cells = " ".join(cell for row in self.rows for cell in row)
        readings = " ".join(ruby.reading for ruby in self.rubies)
        return " ".join(part for part in (self.text, readings, cells) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A picture as it was met. `after`: the text of the piece before it, for pages that stand on one line."""

    source: str
    alt: str
    line: int | None
    after: str
    credit: str


@dataclass(slots=True)
class Ledger:
    """One article in the making. `file`: as the author named it."""

    file: str
    form: str
    dropped: list[Dropped] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    pictures: list[Shown] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)

    def place(self, line: int | None = None) -> Place:
        """A place in this source."""
        return Place(file=self.file, line=line)

    def drop(self, text: str, reason: str, line: int | None = None) -> None:
        """Write down visible text that is not handed on; white space alone is nothing."""
        if text and not text.isspace():
            self.dropped.append(Dropped(text=text.strip(), reason=reason, place=self.place(line)))

    def leave(self, piece: Piece, reason: str) -> None:
        """Drop a whole piece."""
        self.drop(piece.words, reason, piece.line)

    def note(self, slug: str, en: str, ja: str, line: int | None = None) -> None:
        """Write down a doubt."""
        self.notes.append(Note(slug=slug, text=Message(en, ja), place=self.place(line)))

    def link(self, text: str, url: str) -> None:
        """Write down a link for the show notes."""
        text = SPACE.sub(" ", text).strip()
        if text and url.startswith(("http://", "https://")):
            self.links.append(Link(text=text, url=url))

    def picture(self, source: str, alt: str, line: int | None, *, after: str, credit: str) -> None:
        """Write down a picture for the chapters; those inside a container (EPUB, Word) have no address to find them by."""
        if source and self.form not in PACKED:
            self.pictures.append(Shown(source=source, alt=alt, line=line, after=after, credit=credit))

    def article(
        self,
        title: str,
        pieces: Iterable[Piece],
        *,
        meta: Meta | None = None,
        settings: Mapping[str, object] | None = None,
    ) -> Article:
        """The finished value. The title's own piece, when there is one, is a `title` block and stays first.

        Raises:
            ArticleError: nothing is left that could be spoken.
        """
        unsigned = self._unsigned(list(pieces), meta.author if meta else "")
        blocks = tuple(self._block(piece) for piece in unsigned)
        self.refuse_empty(blocks)
        return Article(
            title=title,
            blocks=blocks,
            meta=meta or Meta(),
            dropped=tuple(self.dropped),
            links=tuple(dict.fromkeys(self.links)),
            pictures=tuple(self._pictures(blocks)),
            visible=sum(map(seen, blocks)) + sum(len(SPACE.sub("", item.text)) for item in self.dropped),
            notes=tuple(self.notes),
            form=self.form,
            settings=dict(settings or {}),
        )

    def _unsigned(self, pieces: list[Piece], author: str) -> list[Piece]:
        """Without lines at the edges that hold only the author's name, which the frame says."""
        name = NOT_WORD.sub("", author)
        if not name:
            return pieces
        edge = {*range(4), *range(len(pieces) - 3, len(pieces))}
        signed = [n for n in edge if 0 <= n < len(pieces) and _signs(pieces[n], name)]
        for n in signed:
            self.leave(pieces[n], "byline")
        return [piece for n, piece in enumerate(pieces) if n not in signed]

    def _pictures(self, blocks: Sequence[Block]) -> Iterator[Picture]:
        order = sorted(range(len(blocks)), key=lambda n: blocks[n].place.line or 0)  # searched once a picture
        lines = [blocks[n].place.line or 0 for n in order]
        owned = sorted(
            ((item.place.line or 0, item.text) for item in self.dropped if item.reason == "photo-credit"),
            key=lambda item: item[0],
        )
        for shown, following in zip_longest(self.pictures, self.pictures[1:]):
            at = _before(shown, blocks, order, lines)
            if at is not None:
                credit = shown.credit or _credit(shown, following, owned)
                yield Picture(source=shown.source, place=self.place(shown.line), alt=shown.alt, block=at, credit=credit)

    def _block(self, piece: Piece) -> Block:
        return Block(
            kind=piece.kind,
            text=piece.text,
            place=self.place(piece.line),
            level=piece.level,
            rubies=piece.rubies,
            rows=piece.rows,
            info=piece.info,
            speaker=piece.speaker,
        )

    def refuse_empty(self, blocks: Sequence[Block]) -> None:
        """Stop when no sentence is left, saying what there was instead."""
        if any(
            block.kind not in ("title", "heading", "figure", "break") and JAPANESE.search(_spoken(block))
            for block in blocks
        ):
            return
        line = next((item.place.line for item in self.dropped), None)
        reasons = ", ".join(dict.fromkeys(item.reason for item in self.dropped))
        other = any(_spoken(block).strip() for block in blocks)
        en = reasons or ("text in another language" if other else "nothing visible")
        ja = reasons or ("ほかの言語の文章" if other else "見える文字なし")
        raise ArticleError(
            Message(
                f"no Japanese text to speak (found: {en})",
                f"読み上げる日本語の文章がありません(あったもの: {ja})",
            ),
            where=self.place(line),
            hint=Message(
                "check that this is the article itself, not a login page, a picture or a list of links",
                "ログイン画面や画像、リンク集ではなく、記事そのものか確かめてください",
            ),
        )


def _signs(piece: Piece, name: str) -> bool:
    return piece.kind in ("paragraph", "aside") and NOT_WORD.sub("", BY.sub("", piece.text)) == name


def _credit(shown: Shown, following: Shown | None, owned: Sequence[tuple[int, str]]) -> str:
    """What stands below a picture, above the next one, of whose it is. `owned`: line and text, in order of lines."""
    first = shown.line or 0
    last = first + CREDIT_LINES
    if following is not None:
        last = max(first, min(last, (following.line or 0) - 1))
    start, end = (bisect_left(owned, line, key=lambda item: item[0]) for line in (first, last + 1))
    return next((text for _, text in owned[start:end] if not OWN_PICTURE.search(text)), "")


def _before(shown: Shown, blocks: Sequence[Block], order: Sequence[int], lines: Sequence[int]) -> int | None:
    """How many blocks stand before a picture: by its line, on a line shared with headings by its own text or the text
    before it; None: no telling. `order`: the blocks by line; `lines`: their lines.
    """
    if shown.line is None:
        return None
    start, end = bisect_left(lines, shown.line), bisect_right(lines, shown.line)
    if not end:
        return 0
    last = order[end - 1]
    beside = order[start:end]
    if not any(blocks[n].kind == "heading" for n in beside):
        return last + 1
    told = [
        n
        for n in beside
        if blocks[n].text == shown.after or (blocks[n].kind == "figure" and blocks[n].text == shown.alt)
    ]
    return told[-1] + 1 if told else None


def _spoken(block: Block) -> str:
    return block.text + "".join(cell for row in block.rows for cell in row)


def seen(block: Block) -> int:
    """Visible characters, white space apart, that a block stands for."""
    parts = [
        block.text,
        block.speaker,
        *(ruby.reading for ruby in block.rubies),
        *(cell for row in block.rows for cell in row),
    ]
    return sum(len(SPACE.sub("", part)) for part in parts)


def visible(text: str) -> str:
    """`text` without white space."""
    return SPACE.sub("", text)
