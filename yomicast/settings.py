"""What the author can set, as frozen values with their ranges and defaults.

Plain dataclasses: rooms take them as they are; `config` alone fills them from files (pydantic checks the annotations)
and writes the JSON Schema from them. Every field has a default unless the author must give it. Times, versions and
dates arrive as text and are typed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Le, Len, Predicate

from yomicast.model import Licence, Pauses

STRICT: Mapping[str, object] = {"extra": "forbid"}
"""pydantic's configuration of every settings class: an unknown key is an error."""


def has_ink(text: str) -> bool:
    """Whether anything of it is seen: not only spaces and control characters."""
    return any(character.isprintable() and not character.isspace() for character in text)


Shown: TypeAlias = Annotated[str, Len(1, 255), Predicate(has_ink)]
Seconds: TypeAlias = Annotated[float, Ge(0.0), Le(600.0)]
ChapterImages: TypeAlias = Literal["own", "all", "off"]
"""Which of the article's pictures become chapter images: files beside it with nobody else's credit; all, also from the
web, their rights being the author's care; none.
"""
Decibels: TypeAlias = Annotated[float, Ge(-60.0), Le(24.0)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """A piece of music: the user's `file`, or generated from `mood` and `seed`.

    `level`: dB relative to speech loudness for beds, to the programme for opening, closing and sting. `fade_in`,
    `fade_out`, `overlap` in seconds; overlap: how long before the opening ends (after the closing begins) talk starts.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    file: str = ""
    mood: Literal["calm", "news", "bright", "warm", "night"] = "calm"
    seed: Annotated[int, Ge(0), Le(2**32 - 1)] = 1
    seconds: Seconds = 0.0
    level: Decibels | None = None
    fade_in: Seconds | None = None
    fade_out: Seconds | None = None
    overlap: Seconds | None = None
    off: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundSettings:
    """How the programme sounds. `loudness` in LUFS: None = −16 in stereo, −19 in mono. `true_peak` in dBTP, of the
    encoded file. `bed_by_chapter`: chapter title or number to the bed there. `chime`: sting before chapters.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    channels: Annotated[int, Ge(1), Le(2)] = 2
    loudness: Annotated[float, Ge(-31.0), Le(-9.0)] | None = None
    true_peak: Annotated[float, Ge(-9.0), Le(0.0)] = -1.0
    bitrate: Annotated[int, Ge(64), Le(320)] = 128
    opening: Music = field(default_factory=lambda: Music(mood="bright"))
    closing: Music = field(default_factory=lambda: Music(mood="bright", seed=2))
    bed: Music = field(default_factory=Music)
    sting: Music = field(default_factory=lambda: Music(mood="news"))
    bed_by_chapter: Mapping[str, Music] = field(default_factory=dict)
    speech_over_music: Annotated[float, Ge(20.0), Le(60.0)] = 24.0
    formats: tuple[Literal["mp3", "m4a", "opus", "flac", "wav"], ...] = ("mp3",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One way to hear the episode: `podcast` with music, `clear` (音声版) without a bed, slower, headings announced."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    music: bool = True
    bed: bool = True
    sting: bool = True
    speed: Annotated[float, Ge(0.5), Le(2.0)] = 1.0
    announce_headings: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ScriptSettings:
    """How an article becomes a script. `cut`: regular expressions of text not read; `say`: shown text to spoken text.

    `coverage`: the least share of visible characters that must be accounted for as spoken, replaced or dropped for a
    named reason with confidence; under it the run stops.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    mode: Literal["podcast", "strict"] = "podcast"
    footnotes: Literal["notes", "inline"] = "notes"
    code: Literal["announce", "skip", "read"] = "announce"
    tables: Literal["auto", "announce", "read"] = "auto"
    cut: tuple[str, ...] = ()
    say: Mapping[str, str] = field(default_factory=dict)
    intro: str | None = None
    outro: str | None = None
    coverage: Annotated[float, Ge(0.0), Le(1.0)] = 0.2


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteSelectors:
    """CSS selectors for one site's HTML; `host` is matched against the end of the page's host name."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    host: str
    article: str = ""
    drop: tuple[str, ...] = ()
    title: str = ""
    date: str = ""
    author: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishSettings:
    """Where `yomicast publish` sends things: a folder, `s3://bucket/prefix`, `sftp://…`, `rclone:remote:path`."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    to: str = ""
    endpoint: str = ""
    region: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoiceFile:
    """voices/<name>.yaml without the engine's own keys, which each engine's settings type checks."""

    engine: str
    speaker: str = ""
    speed: Annotated[float, Ge(0.5), Le(2.0)] = 1.0
    pitch: Annotated[float, Ge(-12.0), Le(12.0)] = 0.0
    volume: Annotated[float, Ge(-20.0), Le(20.0)] = 0.0
    intonation: Annotated[float, Ge(0.0), Le(2.0)] = 1.0
    pauses: Pauses = field(default_factory=Pauses)
    licence: Licence = field(default_factory=Licence)
    chain: tuple[str, ...] = ()


def is_geo(text: str) -> bool:
    """`41.77,140.73` (degrees north, east), with or without the `geo:` of RFC 5870, altitude and uncertainty."""
    number = r"-?\d{1,3}(?:\.\d+)?"
    found = re.fullmatch(rf"(?:geo:)?({number}),({number})(?:,-?\d+(?:\.\d+)?)?(?:;u=\d+(?:\.\d+)?)?", text)
    return not text or (found is not None and abs(float(found[1])) <= 90 and abs(float(found[2])) <= 180)


def is_osm(text: str) -> bool:
    """`R4003662`: node, way or relation of OpenStreetMap and its number, with `#` and a revision if wanted."""
    return re.fullmatch(r"(?:[NWR]\d{1,15}(?:#\d{1,9})?)?", text) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Where:
    """The place that a show or an episode is about."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    name: Annotated[str, Len(1, 128)]
    geo: Annotated[str, Predicate(is_geo)] = ""
    osm: Annotated[str, Predicate(is_osm)] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LexiconEntry:
    """`word` is said as `reading` (katakana); `accent`: the mora after which pitch falls, 0 flat, None not said.

    `word_class`: where the word counts (名詞 人名 動詞 単位 …, table `reading.lexicon.CLASSES`), empty = anywhere.
    `scope`: an episode's entry wins over the show's, the show's over the shipped one. `written`: the reading as the
    author typed it, for lists and exports.
    """

    word: str
    reading: str
    accent: int | None = None
    note: str = ""
    source: str = ""
    file: str = ""
    line: int | None = None
    word_class: str = ""
    scope: Literal["starter", "show", "episode"] = "show"
    written: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowSettings:
    """episodes/show.yaml. Everything has a default, so that a bare article is an episode. `commercial`: the show earns
    money, so voices that bar commercial use are refused. `correction_notes`: an edited article gets a dated 訂正 note.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    title: Shown = "読みcast"
    author: Shown = "yomicast"
    email: str = "podcast@example.com"
    description: Annotated[str, Len(1, 4000), Predicate(has_ink)] = "記事を声で届けるポッドキャスト。"
    language: Literal["ja", "ja-JP", "ja-jp"] = "ja"
    category: tuple[str, ...] = ("News",)
    cover: str = ""
    cover_alt: str = ""
    site: str = "https://example.com/"
    audio_base: str = "https://example.com/podcast/"
    explicit: bool = False
    commercial: bool = False
    guid: str = ""
    kind: Literal["episodic", "serial"] = "episodic"
    locked: bool = True
    license: str = ""
    funding: str = ""
    hub: str = ""
    copyright: str = ""
    update: str = ""
    correction_notes: bool = True
    chapter_images: ChapterImages = "own"
    location: Where | None = None
    cast: Mapping[str, str] = field(default_factory=dict)
    lexicon: tuple[str, ...] = ("lexicon.yaml",)
    script: ScriptSettings = field(default_factory=ScriptSettings)
    sound: SoundSettings = field(default_factory=SoundSettings)
    editions: Mapping[str, Edition] = field(default_factory=lambda: {"podcast": Edition()})
    sites: tuple[SiteSelectors, ...] = ()
    publish: PublishSettings = field(default_factory=PublishSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class EpisodeSettings:
    """episodes/<slug>.yaml or an article's front matter: only what differs from the show."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    source: str = ""
    slug: str = ""
    title: str = ""
    link: str = ""
    published: str = ""
    number: Annotated[int, Ge(1), Le(100_000)] | None = None
    season: Annotated[int, Ge(1), Le(10_000)] | None = None
    kind: Literal["full", "trailer", "bonus"] = "full"
    author: str = ""
    summary: str = ""
    category: tuple[str, ...] = ()
    explicit: bool | None = None
    cover: str = ""
    cover_alt: str = ""
    length: str = ""
    readings: Mapping[str, str | Mapping[str, str | int]] = field(default_factory=dict)
    cut: tuple[str, ...] = ()
    say: Mapping[str, str] = field(default_factory=dict)
    cast: Mapping[str, str] = field(default_factory=dict)
    corrections: Mapping[str, str] = field(default_factory=dict)
    correction_notes: bool | None = None
    chapter_images: ChapterImages | None = None
    location: Where | None = None
    script: ScriptSettings | None = None
    sound: SoundSettings | None = None
    editions: Mapping[str, Edition] | None = None
