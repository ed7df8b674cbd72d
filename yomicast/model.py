"""The nouns that travel from room to room. Imports nothing of ours.

All are frozen values: what a room hands on is not changed on the way. What is shown and what is spoken never merge:
a corrected reading never changes a transcript. `place` travels from the article to the end, so that every error,
cue and note can point at the line it came from. Doubts that are not errors are `Note`s, collected in the report.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, ClassVar, Literal, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt
from annotated_types import Ge, Le

Samples: TypeAlias = npt.NDArray[np.float32]
"""Sound in float32, nominal range ±1: shape (frames,) when mono, (frames, channels) when not."""

Rest: TypeAlias = Annotated[float, Ge(0.0), Le(10.0)]
"""Seconds of a pause, as a voice file may set it."""


@dataclass(frozen=True, slots=True)
class Message:
    """One sentence for a person, in English and Japanese."""

    en: str
    ja: str

    def __str__(self) -> str:
        return self.en


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where in what the author wrote: file (as the author named it), line and column from 1; None if not known."""

    file: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part not in ("", None))


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """A doubt that is no error: guessed heading, uncertain reading, dropped line. `slug` is stable, for machines."""

    slug: str
    text: Message
    place: Place = field(default_factory=Place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule of `yomicast check`: what is wrong (with {places} for details) and what to do about it."""

    slug: str
    level: Literal["error", "warning"]
    wrong: Message
    remedy: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A rule broken somewhere in the output; `place` is a file, or a file and what in it."""

    rule: Rule
    place: str
    text: Message


# --- 1 article -----------------------------------------------------------------------------------------------------

BlockKind: TypeAlias = Literal[
    "title",
    "heading",
    "paragraph",
    "list_item",
    "quote",
    "caption",
    "figure",
    "table",
    "code",
    "math",
    "footnote",
    "aside",
    "break",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruby:
    """A reading the author gave to text[start:end]. 傍点 (emphasis dots) are not readings and never stand here."""

    start: int
    end: int
    reading: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link in the article, for the show notes."""

    text: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A picture that the article shows. `source`: its address as the article gives it; `block`: how many blocks stand
    before it; `credit`: what is said beside it of whose it is, empty when it is the author's own or nothing is said.
    """

    source: str
    place: Place
    alt: str = ""
    block: int = 0
    credit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One piece of the article in reading order.

    `text` keeps the source's orthography without markup; offsets of `rubies` count its characters. `level`: headings
    1.. as found in the source (the script maps the highest in the body to chapters); list items nest from 1.
    `rows`: a table's cells, header first, with `text` its caption. `info`: what the form knows beyond the text (a code
    block's language, a list item's printed number, a message box's kind). `speaker`: an interview label.
    """

    kind: BlockKind
    text: str
    place: Place
    level: int = 0
    rubies: tuple[Ruby, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    info: str = ""
    speaker: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """Text of the source that is not spoken, and the named reason (a stable slug such as `image-alt`, `nav`)."""

    text: str
    reason: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Meta:
    """What the source says of itself; empty where it is silent. `published` is ISO 8601, as found."""

    author: str = ""
    published: str = ""
    language: str = ""
    link: str = ""
    image: str = ""
    description: str = ""
    site: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a reader of any input form makes.

    Accounting: every visible character of the source (white space apart) stands in a block or in `dropped`;
    `visible` counts them. `form` is the reader's name. `settings`: front matter that is not article metadata, as
    found, for the YAML edge to check.
    """

    title: str
    blocks: tuple[Block, ...]
    meta: Meta = field(default_factory=Meta)
    dropped: tuple[Dropped, ...] = ()
    links: tuple[Link, ...] = ()
    pictures: tuple[Picture, ...] = ()
    visible: int = 0
    notes: tuple[Note, ...] = ()
    form: str = "text"
    settings: Mapping[str, object] = field(default_factory=dict)


# --- 2 script, 3 reading -------------------------------------------------------------------------------------------

Role: TypeAlias = Literal[
    "title", "heading", "body", "list_item", "quote", "caption", "aside", "announce", "intro", "outro"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One word as it is spoken.

    `surface` is the text that was read: spoken[start:end] of its line; several words may share one stretch (25 → 二十,
    五). `pron`: katakana as pronounced (long vowels ー, particles ワ エ オ), a devoiced mora followed by ’ as Open JTalk
    writes it; empty for a sign. `sign`: what a sign does: 、 a rest, ？ a rest after a question, ！ a rest after a call;
    empty for a word and for a silent sign. `accent`: on the first word of an accent phrase, the mora of the *phrase*
    after which pitch falls, 0 = flat; on chained words it says nothing. `chained`: belongs to the accent phrase of the
    word before. `pos`: (pos, group1, group2, group3, ctype, cform) in IPADIC terms. With these (`string`=surface,
    `pron`=pron or sign, `acc`=accent, `mora_size`, `chain_flag`=1 or 0, `pos…`) Open JTalk makes its labels.
    `step`: the step that decided the reading.
    `rising`: the phrase ends on a question's rise. `doubts`: slugs why a person should look (`unknown`, `disagree`,
    `heteronym`, `name`, `acronym`, `number`); `candidates`: other readings, best first.
    """

    surface: str
    start: int
    end: int
    pron: str
    accent: int = 0
    chained: bool = False
    pos: tuple[str, ...] = ()
    step: str = "front-end"
    rising: bool = False
    doubts: tuple[str, ...] = ()
    candidates: tuple[str, ...] = ()
    sign: str = ""

    @property
    def kana(self) -> str:
        """The pronunciation without devoicing marks."""
        return self.pron.replace("’", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A named rule that changed how shown[start:end] of a line is said: `spoken` stands there instead.

    start == end is an insertion (a rest), an empty `spoken` silence. `rule` is a stable slug (`say`, `silent-sign`).
    """

    start: int
    end: int
    spoken: str
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One breath of the script: a sentence, a heading, an announcement.

    `shown` is what transcripts print; `spoken` what is handed to the reading room (equal to `shown` unless the author
    or a named rule says otherwise); `rubies` and `words` count characters of `spoken`. `pause`: seconds of rest after
    the line. `block`: running number of the block it came from, so lines of one paragraph stay together. `level`:
    1 title, 2 chapter, 3 sub-chapter, 0 not a heading. `speaker`: a person's name as the article gives it. `voice`: a
    voice's name when the author chose one for this line. `reason`: for announcements and replaced text, the rule.
    `edits`: what made `spoken` out of `shown`, in order and without overlap. `asides`: stretches of `spoken` that
    stand in parentheses, which engines that can say lower in pitch, as narrators do.
    """

    shown: str
    spoken: str
    role: Role
    place: Place
    pause: float
    block: int = 0
    level: int = 0
    speaker: str = ""
    voice: str = ""
    rubies: tuple[Ruby, ...] = ()
    words: tuple[Word, ...] = ()
    reason: str = ""
    edits: tuple[Edit, ...] = ()
    asides: tuple[tuple[int, int], ...] = ()

    def is_aside(self, start: int) -> bool:
        """Whether the word that begins at this character of `spoken` stands in parentheses."""
        return any(begin <= start < end for begin, end in self.asides)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Direct speech with the person who said it."""

    speaker: str
    text: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """What is said, in order. `dropped` also holds what the reader of the article had dropped."""

    title: str
    lines: tuple[Line, ...]
    meta: Meta = field(default_factory=Meta)
    dropped: tuple[Dropped, ...] = ()
    quotes: tuple[Quote, ...] = ()
    readings: tuple[tuple[str, str], ...] = ()
    links: tuple[Link, ...] = ()
    omissions: tuple[Message, ...] = ()
    coverage: float = 1.0
    notes: tuple[Note, ...] = ()


# --- 4 speech ------------------------------------------------------------------------------------------------------


class Clip(Protocol):
    """Mono sound that can be read when it is needed, so that no whole episode is ever in memory."""

    @property
    def frames(self) -> int:
        """Length in frames."""

    @property
    def rate(self) -> int:
        """Frames a second."""

    def read(self) -> Samples:
        """The samples, shape (frames,); the caller's own, to be changed as it likes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sound:
    """Samples in memory; a `Clip`."""

    samples: Samples
    rate: int

    @property
    def frames(self) -> int:
        """Length in frames."""
        return len(self.samples)

    def read(self) -> Samples:
        """A copy of the samples."""
        return self.samples.copy()


@dataclass(frozen=True, slots=True, kw_only=True)
class WordTime:
    """A stretch of a line (characters start_char..end_char of `spoken`) and when it sounds, seconds from line start."""

    start: float
    end: float
    start_char: int
    end_char: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spoken:
    """A line with its sound, trimmed of the engine's own silence. `words` is empty when the engine can't tell."""

    line: Line
    clip: Clip
    voice: str
    key: str
    words: tuple[WordTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Licence:
    """What a voice asks of who publishes it. `forbids`: lower-case feed categories; `consent`: for cloned voices."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}  # a mistyped `forbids` guards nothing
    credit: str = ""
    url: str = ""
    name: str = ""
    commercial: bool = True
    forbids: tuple[str, ...] = ()
    consent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Rests in seconds; comma : sentence : paragraph = 1 : 2 : 3, as trained narrators hold them."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = {"extra": "forbid"}
    comma: Rest = 0.35
    sentence: Rest = 0.7
    paragraph: Rest = 1.05
    heading: Rest = 1.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A voice file, checked. `settings` is the engine's own frozen settings value (its type belongs to the engine).

    `speed` 0.5–2 (1 = the engine's own), `pitch` in semitones −12…12, `volume` in dB −20…20. `speaker`: the name that
    transcripts print for the voice itself.
    """

    name: str
    engine: str
    settings: object
    speed: float = 1.0
    pitch: float = 0.0
    volume: float = 0.0
    intonation: float = 1.0
    pauses: Pauses = field(default_factory=Pauses)
    licence: Licence = field(default_factory=Licence)
    speaker: str = ""
    chain: tuple[str, ...] = ()


# --- 5 mix, 6 master -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A transcript line in programme time (seconds). `words` count from programme start and characters of `text`."""

    start: float
    end: float
    text: str
    speaker: str
    line: int
    role: Role = "body"
    block: int = 0
    words: tuple[WordTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A chapter: its start on a whole second inside a pause; level 2 = chapter, 3 = sub-chapter (not in the players).

    `image`: path of its picture below the output folder, with its text for those who can't see it and whose it is.
    """

    start: float
    title: str
    level: int = 2
    image: str = ""
    link: str = ""
    image_alt: str = ""
    image_credit: str = ""


class Programme(Protocol):
    """Sound and timetable in one value, so transcript, chapters and sound can't disagree. Streamed, never whole.

    `seams`: frames at which chapters may be encoded apart (multiples of 1152 inside digital silence), first 0, last
    `frames`. The mastered programme is again a Programme.
    """

    @property
    def title(self) -> str:
        """Of the episode."""

    @property
    def rate(self) -> int:
        """Frames a second: 48 000."""

    @property
    def channels(self) -> int:
        """1 or 2."""

    @property
    def frames(self) -> int:
        """Length."""

    @property
    def cues(self) -> tuple[Cue, ...]:
        """Transcript lines in time order."""

    @property
    def marks(self) -> tuple[Mark, ...]:
        """Chapters in time order, the first at 0."""

    @property
    def seams(self) -> tuple[int, ...]:
        """Where the programme may be cut for encoding."""

    def blocks(self, start: int = 0, stop: int | None = None) -> Iterator[Samples]:
        """The sound from frame `start` to `stop` in blocks of shape (frames, channels)."""


# --- 7 export, 8 feed ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendition:
    """A finished file. `path` relative to the output folder; `sha256` hex of its bytes; `rel` says what it is for
    (`audio`, `transcript`, `chapters`, `cover`, `page`, `notes`); `edition` = podcast or clear.
    """

    path: str
    media_type: str
    size: int
    sha256: str
    seconds: float = 0.0
    rel: str = "audio"
    edition: str = "podcast"
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Who is heard or who wrote it; role in Podcasting 2.0 terms (`narrator`, `author`, `host`, `guest`)."""

    name: str
    role: str = "narrator"
    href: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Location:
    """Where the talk is about: `geo` a geo: URI (RFC 5870), `osm` a type letter and number of OpenStreetMap."""

    name: str
    geo: str = ""
    osm: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Soundbite:
    """15–120 s of the episode that stand for it."""

    start: float
    seconds: float
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """All that feed, tags and pages say about an episode. `guid` and `published` never change once written.

    `corrections`: the author's notes, day and text; `amendments`: those that an edited article made by itself, kept for
    ever. `wording`: a digest of the author's words, to tell an edit from a change of our rules.
    """

    slug: str
    guid: str
    title: str
    published: datetime
    seconds: float
    summary: str
    link: str = ""
    author: str = ""
    number: int | None = None
    season: int | None = None
    kind: Literal["full", "trailer", "bonus"] = "full"
    explicit: bool = False
    image: str = ""
    image_alt: str = ""
    renditions: tuple[Rendition, ...] = ()
    marks: tuple[Mark, ...] = ()
    cues: tuple[Cue, ...] = ()
    links: tuple[Link, ...] = ()
    persons: tuple[Person, ...] = ()
    credits: tuple[str, ...] = ()
    omissions: tuple[Message, ...] = ()
    corrections: tuple[tuple[str, str], ...] = ()
    amendments: tuple[tuple[str, str], ...] = ()
    wording: str = ""
    location: Location | None = None
    soundbites: tuple[Soundbite, ...] = ()
    license: str = ""
