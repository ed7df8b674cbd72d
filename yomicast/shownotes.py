"""What is said about an episode, once: clean titles, chapters, addresses and show notes for tags, feed, texts and pages.

Pure. Everything that leaves the house passes `clean`: untrusted text loses control characters, never its words.
"""

from __future__ import annotations

import dataclasses
import html
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, TypeAlias
from urllib.parse import quote, urlsplit, urlunsplit

from yomicast.model import Episode, Link, Mark, Message, Note
from yomicast.patterns import expression
from yomicast.settings import ShowSettings

TITLE_LIMIT = 255
"""Characters of any feed field but a description: Apple cuts there."""
DESCRIPTION_LIMIT = 4000
"""Bytes of a description: Apple's limit."""
SUMMARY_FLOOR = 400
"""Bytes of a summary that stay while chapters are dropped to make room."""
_HIDDEN = expression("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_SENTENCE_END = "。！？!?"
SYNTHETIC = "この番組は合成音声で読み上げています。"

Kind: TypeAlias = Literal["text", "list", "clock"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the notes; `url` makes it a link."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One part of the show notes. `rank`: which part goes last when room is short (0 goes last)."""

    heading: str
    kind: Kind
    items: tuple[Item, ...]
    rank: int


def clean(text: str) -> str:
    """One line without control characters, direction overrides, lone surrogates and double spaces; NFC."""
    kept = "".join(
        " " if char.isspace() else char for char in text if char.isspace() or unicodedata.category(char) not in _NEVER
    )
    return " ".join(unicodedata.normalize("NFC", _HIDDEN.sub("", kept)).split(" ")).strip() if kept else ""


_NEVER = {"Cc", "Cs", "Cn", "Co"}


def printable(value: object) -> object:
    """A template's value without the characters that neither XML nor HTML may hold; what is no plain text stays."""
    return _NOT_XML.sub("", value) if type(value) is str else value


_NOT_XML = expression("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, the last an ellipsis when something was cut."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def title(episode: Episode) -> str:
    """The title as feed and tags print it: clean, at most 255 characters, never empty."""
    return shorten(clean(episode.title), TITLE_LIMIT) or clean(episode.slug) or "無題"


def chapters(episode: Episode) -> tuple[Mark, ...]:
    """The marks that players show (level 1 and 2), titles clean, in time order, each start once, all inside."""
    found: dict[float, Mark] = {}
    for mark in sorted(episode.marks, key=lambda mark: mark.start):
        inside = 0 <= mark.start < episode.seconds or not episode.seconds
        if mark.level <= 2 and inside and mark.start not in found:
            found[mark.start] = dataclasses.replace(mark, title=chapter_title(mark.title), link=web_url(mark.link))
    return tuple(found.values())


def chapter_title(said: str) -> str:
    """A chapter's name as every form prints it: apps read the lines of a description as HTML or as they stand, so what
    means something in HTML is in full width; a lone & is the same in both.
    """
    name = clean(said).translate(_FULL_WIDTH)
    if html.unescape(name) != name:
        name = name.replace("&", "＆")
    return shorten(name, TITLE_LIMIT) or "無題"


_FULL_WIDTH = str.maketrans({"<": "＜", ">": "＞"})


def clock(seconds: float) -> str:
    """hh:mm:ss, whole seconds, cut like every player does."""
    whole = int(seconds)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}"


def web_url(url: str) -> str:
    """The address in ASCII when it is plain http(s) with a host; else nothing: no javascript:, data:, file:."""
    try:
        parts = urlsplit(_HIDDEN.sub("", url).strip())
        host = (parts.hostname or "").encode("idna").decode()
        port = f":{parts.port}" if parts.port else ""
    except (ValueError, UnicodeError):
        return ""
    if parts.scheme not in ("http", "https") or not host or parts.username or len(url) > 2000:
        return ""
    where = f"[{host}]" if ":" in host else host
    safe = "%/:@!$&'()*+,;=~-._"
    query, fragment = quote(parts.query, safe=safe + "?"), quote(parts.fragment, safe=safe + "?")
    return urlunsplit((parts.scheme, where + port, quote(parts.path, safe=safe), query, fragment))


def base(show: ShowSettings) -> str:
    """Where the output folder is published, with a slash at the end."""
    return (web_url(show.audio_base) or "https://example.com/podcast/").rstrip("/") + "/"


def public_url(show: ShowSettings, path: str) -> str:
    """The address of a file below the output folder; an address (adopted from another host) stays one."""
    return web_url(path) if path.startswith(("http://", "https://")) else base(show) + quote(path, safe="/~-._")


def doubts(episode: Episode, show: ShowSettings) -> tuple[Note, ...]:
    """What a person should know before this is published."""
    return (*_beyond_plane(episode, show), *_long_title(episode), *_bad_links(episode))


def _beyond_plane(episode: Episode, show: ShowSettings) -> Iterable[Note]:
    """𠮷 and emoji garble in tag readers that take UTF-16 two bytes at a time."""
    texts = (episode.title, show.title, episode.author, *(mark.title for mark in episode.marks))
    found = "".join(dict.fromkeys(char for text in texts for char in text if ord(char) > 0xFFFF))
    if found:
        yield Note(
            slug="beyond-bmp",
            text=Message(
                f"'{found}' in titles garbles in some older players; a plain character is safer",
                f"題名の「{found}」は一部の古いプレーヤーで文字化けします。別の字が安全です",
            ),
        )


def _long_title(episode: Episode) -> Iterable[Note]:
    if len(clean(episode.title)) > TITLE_LIMIT:
        yield Note(
            slug="long-title",
            text=Message(f"the title is cut at {TITLE_LIMIT} characters", f"題名を {TITLE_LIMIT} 文字で切りました"),
        )


def _bad_links(episode: Episode) -> Iterable[Note]:
    for url in (episode.link, *(link.url for link in episode.links)):
        if url and not web_url(url):
            shown = clean(url)[:80]
            yield Note(
                slug="unsafe-link",
                text=Message(
                    f"left out: '{shown}' is no http(s) address", f"「{shown}」は http(s) ではないので省きました"
                ),
            )


# --- the notes themselves --------------------------------------------------------------------------------------------


def sections(episode: Episode) -> tuple[Section, ...]:
    """Summary, corrections, chapters, article, links, what was left out, credits: those that have something to say."""
    told = [
        Section(heading="", kind="text", items=_texts(episode.summary), rank=3),
        Section(heading="訂正", kind="list", items=tuple(map(_correction, corrections(episode))), rank=1),
        Section(heading="チャプター", kind="clock", items=_clock_lines(episode), rank=2),
        Section(heading="元の記事", kind="list", items=_links([Link(text="", url=episode.link)]), rank=1),
        Section(heading="記事の中のリンク", kind="list", items=_links(episode.links), rank=5),
        Section(heading="読み上げていないもの", kind="list", items=_texts(*(m.ja for m in episode.omissions)), rank=4),
        Section(heading="声とクレジット", kind="list", items=_voices(episode), rank=0),
    ]
    return tuple(section for section in told if section.items)


def _texts(*texts: str) -> tuple[Item, ...]:
    return tuple(Item(text=line) for text in texts for part in text.splitlines() if (line := clean(part)))


def corrections(episode: Episode) -> tuple[tuple[str, str], ...]:
    """Day and text of every 訂正 note, oldest first: the author's, and our own for days of which the author says nothing.

    An author's empty text takes our note of that day away.
    """
    written = {_day(day) for day, _ in episode.corrections}
    own = tuple(note for note in episode.amendments if _day(note[0]) not in written)
    told = [(day, text) for day, text in (*episode.corrections, *own) if clean(text)]
    return tuple(sorted(told, key=lambda note: _day(note[0])))


def _day(said: str) -> tuple[int, ...]:
    """2026-11-26, 2026/11/26 and 2026年11月26日 are one day."""
    return tuple(int(number) for number in re.findall(r"\d+", said)[:3])


def _correction(correction: tuple[str, str]) -> Item:
    day, what = correction
    return Item(text=f"{clean(day)} 訂正: {clean(what)}")


def _clock_lines(episode: Episode) -> tuple[Item, ...]:
    return tuple(Item(text=f"{clock(mark.start)} {mark.title}") for mark in chapters(episode))


def _links(links: Iterable[Link]) -> tuple[Item, ...]:
    found = {url: Item(text=clean(link.text) or url, url=url) for link in links if (url := web_url(link.url))}
    return tuple(found.values())


def _voices(episode: Episode) -> tuple[Item, ...]:
    authors = [f"文: {person.name}" for person in episode.persons if person.role == "author"]
    narrators = [f"声: {person.name}" for person in episode.persons if person.role == "narrator" and person.name]
    return _texts(*authors, *narrators, *episode.credits, *picture_credits(episode), SYNTHETIC, episode.license)


def picture_credits(episode: Episode) -> tuple[str, ...]:
    """Whose the chapters' pictures are, each once."""
    return tuple(dict.fromkeys(f"画像: {mark.image_credit}" for mark in episode.marks if mark.image_credit))


def as_html(parts: Iterable[Section], *, heading: str = "p") -> str:
    """A fragment of p, ol, ul, li and a: all that podcast apps keep. Chapter lines stand alone, as Apple reads them."""
    return "\n".join(_section_html(part, heading) for part in parts)


def _section_html(part: Section, heading: str) -> str:
    top = f"<{heading}>{html.escape(part.heading, quote=False)}</{heading}>\n" if part.heading else ""
    if part.kind == "clock":
        lines = "\n<br/>\n".join(item.text for item in part.items)  # names of chapters need no escape
        return f"{top}<p>\n{lines}\n</p>"
    if part.kind == "text":
        return top + "\n".join(f"<p>{_item_html(item)}</p>" for item in part.items)
    rows = "\n".join(f"<li>{_item_html(item)}</li>" for item in part.items)
    return f"{top}<ul>\n{rows}\n</ul>"


def _item_html(item: Item) -> str:
    text = html.escape(item.text, quote=False)
    return f'<a href="{html.escape(item.url)}">{text}</a>' if item.url else text


def as_markdown(parts: Iterable[Section], *, level: int = 2) -> str:
    """The same in Markdown; its signs inside texts are escaped."""
    return "\n\n".join(_section_markdown(part, level) for part in parts) + "\n"


def _section_markdown(part: Section, level: int) -> str:
    top = f"{'#' * level} {_md(part.heading)}\n\n" if part.heading else ""
    rows = [f"[{_md(item.text)}](<{item.url}>)" if item.url else _md(item.text) for item in part.items]
    return top + ("\n\n".join(rows) if part.kind == "text" else "\n".join(f"- {row}" for row in rows))


def _md(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>#|])", r"\\\1", text)


def fitted(parts: Iterable[Section], limit: int = DESCRIPTION_LIMIT) -> str:
    """`as_html` within `limit` bytes, markup whole: parts of high rank lose items from their end first; the summary is
    cut at a sentence, down to a few, before chapters go.
    """
    left = list(parts)
    while len(text := as_html(left).encode()) > limit and left:
        worst = max(range(len(left)), key=lambda n: (_rank(left[n]), n))
        over = len(text) - limit
        shorter = _less(left[worst], over)
        left[worst : worst + 1] = [shorter] if shorter else []
    return as_html(left)


def _rank(part: Section) -> int:
    short = part.kind == "text" and len(as_html([part]).encode()) <= SUMMARY_FLOOR + 40
    return 1 if short else part.rank


def _less(part: Section, over: int) -> Section | None:
    """The part without its last item; a lone long text keeps its first sentences."""
    items = part.items[:-1]
    if len(part.items) == 1 and part.kind == "text":
        room = len(html.escape(part.items[0].text).encode()) - over - 16
        kept = cut_at_sentence(part.items[0].text, max(SUMMARY_FLOOR, room))
        items = (Item(text=kept),) if kept and kept != part.items[0].text else ()
    return Section(heading=part.heading, kind=part.kind, items=items, rank=part.rank) if items else None


def cut_at_sentence(text: str, limit: int) -> str:
    """As many whole sentences as `limit` bytes of escaped text hold; a longer first one is cut short."""
    if len(html.escape(text).encode()) <= limit:
        return text
    fits = 0
    size = 0
    for index, char in enumerate(text):
        size += len(html.escape(char).encode())
        if size > limit:
            break
        if char in _SENTENCE_END:
            fits = index + 1
    if fits:
        return text[:fits]
    return shorten(text, max(0, index - 1)) if index > 1 else ""
