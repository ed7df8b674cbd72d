"""Where readers write down what they found: pieces kept, text dropped and why, doubts, links.

Nothing vanishes: a reader puts every visible character into a piece or into `drop` with a named reason.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from yomicast.errors import ArticleError
from yomicast.model import Article, Block, BlockKind, Dropped, Link, Message, Meta, Note, Place, Ruby

SPACE = re.compile(r"\s+")
JAPANESE = re.compile(r"[ぁ-んァ-ヶ一-鿿々〆㐀-䶿豈-﫿]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A block in the making. `linked`: share of its characters inside links, 0..1. `strong`: all of it is bold.

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
        return self.to(text=self.text[size:], rubies=moved)

    @property
    def words(self) -> str:
        """All that can be seen of it, for `drop`."""
        cells = " ".join(cell for row in self.rows for cell in row)
        readings = " ".join(ruby.reading for ruby in self.rubies)
        return " ".join(part for part in (self.text, readings, cells) if part)


@dataclass(slots=True)
class Ledger:
    """One article in the making. `file`: as the author named it."""

    file: str
    form: str
    dropped: list[Dropped] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
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
        blocks = tuple(self._block(piece) for piece in pieces)
        self.refuse_empty(blocks)
        return Article(
            title=title,
            blocks=blocks,
            meta=meta or Meta(),
            dropped=tuple(self.dropped),
            links=tuple(dict.fromkeys(self.links)),
            visible=sum(map(seen, blocks)) + sum(len(SPACE.sub("", item.text)) for item in self.dropped),
            notes=tuple(self.notes),
            form=self.form,
            settings=dict(settings or {}),
        )

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
