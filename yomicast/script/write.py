"""From an article to a script: the order of the steps."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace

from yomicast.errors import ArticleError, ConfigError
from yomicast.model import Article, Block, Dropped, Line, Message, Pauses, Place, Quote, Role, Script, Word
from yomicast.script import account, frame, labels, narrate, pacing, quotes, setoff
from yomicast.script.desk import Desk
from yomicast.script.parens import Glosses
from yomicast.settings import ScriptSettings


def write(
    article: Article,
    settings: ScriptSettings,
    *,
    show: str = "",
    author: str = "",
    date: str = "",
    pauses: Pauses | None = None,
    voices: Collection[str] | None = None,
    people: Collection[str] = (),
) -> Script:
    """The script of an article: what is said, in order, with a rest after each line.

    Args:
        article: as a reader made it.
        settings: mode, cuts, `say`, templates.
        show: the show's name, for opening words.
        author: who wrote the article.
        date: when it was written, ISO 8601.
        pauses: the narrator's rests in seconds.
        voices: names that `[声の名]` may call; None: whatever looks like a file name.
        people: speakers that the author gave a voice: 「田中：」 begins their turn.

    Raises:
        ArticleError: nothing can be spoken, or too little of the page is accounted for.
        ConfigError: a `cut` is no regular expression, a template names an unknown field.
    """
    blocks, label_drops = labels.labelled(_without_title_again(article), people)
    blocks = _levelled(blocks)
    everything = "\n".join(block.text for block in blocks)
    desk = Desk(
        article=article,
        settings=settings,
        glosses=Glosses(text=everything, strict=settings.mode == "strict"),
        cuts=_patterns(settings.cut),
        voices=voices,
    )
    desk.dropped += label_drops
    words = {"show": show, "title": article.title, "author": author, "date": date}
    place = blocks[0].place if blocks else Place()
    _added(desk, frame.opening(settings.intro, **words), "intro", place)
    _title(desk, article, blocks, place)
    _added(desk, frame.byline(settings.intro, author=author, date=date), "intro", place)
    body = [block for block in blocks if block.kind != "title"]
    said = quotes.find(body)
    body = labels.by_cast(setoff.spoken_by(body, said), people)
    for n, block in enumerate(body):
        narrate.block(desk, block, body[n - 1] if n else None, body[n + 1] if n + 1 < len(body) else None)
    desk.omitted["attachment"] = sum(item.reason == "attachment" for item in article.dropped)
    _drop_empty_sections(desk)
    _refuse_silence(desk, place)
    if settings.outro is None:
        _added(desk, narrate.where_the_rest_is(desk), "outro", replace(place, line=None))
    _added(desk, frame.closing(settings.outro, **words), "outro", replace(place, line=None))
    return _finished(desk, article, said, pauses or Pauses())


def _finished(desk: Desk, article: Article, said: Sequence[Quote], pauses: Pauses) -> Script:
    dropped = (*article.dropped, *desk.dropped, *_titles_again(article))
    share = account.coverage(article, desk.lines, dropped)
    account.refuse_below(article, share, desk.settings.coverage, dropped)
    return Script(
        title=article.title,
        lines=pacing.paced(desk.lines, pauses, fixed=desk.fixed, parted=desk.parted),
        meta=article.meta,
        dropped=dropped,
        quotes=tuple(said),
        readings=tuple(desk.readings),
        links=tuple(dict.fromkeys((*article.links, *desk.links))),
        omissions=narrate.omissions(desk),
        coverage=share,
        notes=tuple(desk.notes),
    )


def _added(desk: Desk, text: str, role: Role, place: Place) -> None:
    """Opening or closing words: one line a sentence, marks obeyed."""
    kept = desk.dropped[:]
    desk.speak(text, place, role, reason="template")
    desk.dropped[:] = kept


def _title(desk: Desk, article: Article, blocks: Sequence[Block], place: Place) -> None:
    own = next((block for block in blocks if block.kind == "title"), None)
    if own is not None:
        desk.speak(own.text, own.place, "title", rubies=own.rubies, level=1)
    elif article.title.strip():
        desk.speak(article.title, replace(place, line=None), "title", level=1)


def _patterns(cut: Sequence[str]) -> tuple[re.Pattern[str], ...]:
    found = []
    for n, pattern in enumerate(cut):
        try:
            found.append(re.compile(pattern, re.MULTILINE))
        except re.error as error:
            raise ConfigError(
                Message(
                    f"'{pattern}' is no regular expression: {error}", f"'{pattern}' は正規表現として読めません: {error}"
                ),
                where=f"cut[{n}]",
                hint=Message("put a backslash before ( ) [ ] . * + ?", "( ) [ ] . * + ? の前には \\ を付けてください"),
            ) from error
    return tuple(found)


def _same(one: str, other: str) -> bool:
    return re.sub(r"[\s　\W_]+", "", one) == re.sub(r"[\s　\W_]+", "", other)


def _is_title_again(article: Article, block: Block, n: int) -> bool:
    return block.kind == "heading" and n < 3 and bool(article.title.strip()) and _same(block.text, article.title)


def _without_title_again(article: Article) -> list[Block]:
    """The blocks without a first heading that only repeats the title; it stands for the title when none does."""
    titled = any(block.kind == "title" for block in article.blocks)
    out = []
    for n, block in enumerate(article.blocks):
        if not _is_title_again(article, block, n):
            out.append(block)
        elif not titled:
            out.append(replace(block, kind="title", level=0))
            titled = True
    return out


def _titles_again(article: Article) -> list[Dropped]:
    again = [block for n, block in enumerate(article.blocks) if _is_title_again(article, block, n)]
    titled = any(block.kind == "title" for block in article.blocks)
    return [Dropped(text=b.text, reason="title-again", place=b.place) for b in (again if titled else again[1:])]


def _levelled(blocks: Sequence[Block]) -> list[Block]:
    levels = narrate.levelled(blocks)
    return [replace(block, level=levels[block.level]) if block.kind == "heading" else block for block in blocks]


def _drop_empty_sections(desk: Desk) -> None:
    """A heading goes when all that stood under it was dropped; two headings in a row stay, levels may be guessed."""
    for n in range(len(desk.lines) - 1, -1, -1):
        line = desk.lines[n]
        after = desk.lines[n + 1] if n + 1 < len(desk.lines) else None
        if line.role == "heading" and (
            after is None or (0 < after.level <= line.level and _emptied(desk, line, after))
        ):
            desk.drop(line.shown, "empty-section", line.place)
            del desk.lines[n]
            desk.fixed = {at - (at > n): pause for at, pause in desk.fixed.items() if at != n}
            desk.parted = {at - (at > n) for at in desk.parted if at != n}


EMPTIES = frozenset({"image-alt", "photo-credit", "list-mark", "heading-mark", "rule", "ruby-mark"})
"""Reasons that leave a section as it was: pictures and marks are no content."""


def _emptied(desk: Desk, heading: Line, after: Line) -> bool:
    """Whether something other than pictures was dropped between two headings."""
    first, last = heading.place.line, after.place.line
    if first is None or last is None:
        return False
    return any(
        item.place.line is not None and first < item.place.line < last and item.reason not in EMPTIES
        for item in (*desk.article.dropped, *desk.dropped)
    )


def _refuse_silence(desk: Desk, place: Place) -> None:
    if any(line.role not in ("title", "heading", "announce", "intro", "outro") for line in desk.lines):
        return
    raise ArticleError(
        Message("nothing in the article can be spoken", "記事に読み上げられる文がありません"),
        where=place,
        hint=Message(
            "see `yomicast script FILE --explain`, and the cut patterns",
            "`yomicast script FILE --explain` と cut の指定を確かめてください",
        ),
    )


HEADS = {2: ("見出し", "ミダシ", 0), 3: ("小見出し", "コミダシ", 2)}
NOUN = ("名詞", "一般", "*", "*", "*", "*")
PAUSE = ("記号", "読点", "*", "*", "*", "*")


def announced_headings(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines with headings said to be headings (見出し、…), for the edition that is heard without music.

    Lines that were read already keep their words; those of the announcement come before them.
    """
    return tuple(_announced(line) if line.level in HEADS else line for line in lines)


def _announced(line: Line) -> Line:
    text, kana, accent = HEADS[line.level]
    shift = len(text) + 1
    words = (
        Word(surface=text, start=0, end=len(text), pron=kana, accent=accent, pos=NOUN, step="announcement"),
        Word(surface="、", start=len(text), end=shift, pron="", pos=PAUSE, sign="、", step="announcement"),
        *(replace(word, start=word.start + shift, end=word.end + shift) for word in line.words),
    )
    return replace(
        line,
        spoken=f"{text}、{line.spoken}",
        rubies=tuple(replace(ruby, start=ruby.start + shift, end=ruby.end + shift) for ruby in line.rubies),
        words=words if line.words else (),
    )
