"""Room 5: spoken lines -> programme. Door: `mix`. The timeline is pure arithmetic; sound is made when it is read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TypedDict

from yomicast.errors import nearest
from yomicast.mix import length, music, voice
from yomicast.mix.balance import Balance, balance
from yomicast.mix.chain import CHAIN, check, through
from yomicast.mix.excerpt import Excerpt, audition
from yomicast.mix.length import Fit, seconds_of
from yomicast.mix.programme import Mixed, Strip
from yomicast.mix.timeline import LONGEST_REST, Chapter, Furniture, Part, Timeline, frames_of, lay_out
from yomicast.model import Cue, Message, Note, Spoken, Voice, WordTime
from yomicast.settings import Edition, Music, SoundSettings

__all__ = [
    "CHAIN",
    "Balance",
    "Excerpt",
    "Fit",
    "Mixed",
    "audition",
    "balance",
    "fit",
    "mix",
    "prepare",
    "ready",
    "seconds_of",
    "through",
]

LEVELS: dict[music.Part, float] = {"opening": -1.0, "closing": -1.0, "sting": -1.0, "bed": -16.0}
"""dB against speech, of the loudest moment, where nobody speaks and the author set no level."""

OVERLAPS: dict[music.Part, float] = {"opening": 1.5, "closing": 1.0, "sting": 0.0, "bed": 0.0}
BED_FADES = (1.5, 0.9)


def mix(
    spoken: Sequence[Spoken],
    sound: SoundSettings,
    edition: Edition,
    *,
    title: str,
    base: Path,
    cache: Path,
    voices: Mapping[str, Voice] | None = None,
    pauses: float = 1.0,
) -> Mixed:
    """Lay out the lines with pauses and music. Nothing is rendered before `blocks` is read.

    Args:
        spoken: the lines in order; a line of level 2 begins a chapter.
        sound: music, channels, how far speech stands over music.
        edition: which of the music this edition has.
        title: of the episode, and of its first chapter when that has no heading.
        base: folder of the author's music files.
        cache: folder for prepared music.
        voices: voice files by name, for volume, chain and the name transcripts print.
        pauses: factor of every pause, as `fit` found it.

    Raises:
        AudioError: a music file is missing or holds no sound. ConfigError: a voice's chain names what there is not.
    """
    cards = voices or {}
    for name, card in cards.items():
        check(card.chain, voice=name)
    tracks = _tracks(sound, edition, base, cache)
    timeline = lay_out(_parts(spoken, pauses), _furniture(tracks, sound), title=title)
    return Mixed(
        title=title,
        channels=sound.channels,
        timeline=timeline,
        spoken=tuple(spoken),
        cues=_cues(timeline, spoken, cards),
        pieces={part: _strip(track, part, _setting(sound, part), sound) for part, track in tracks.items()},
        beds=_beds(timeline, sound, edition, base, cache),
        voices=cards,
        remarks=(*_lost(timeline, sound, edition), *_shortened(spoken)),
    )


def _lost(timeline: Timeline, sound: SoundSettings, edition: Edition) -> tuple[Note, ...]:
    """A note for each bed that is meant for a chapter there is not."""
    if not (edition.music and edition.bed):
        return ()
    there = [name for number, title in enumerate(timeline.titles, 1) for name in (title, str(number))]
    return tuple(
        Note(
            slug="music",
            text=Message(
                f"bed_by_chapter: no chapter '{name}'; {nearest(name, there).en}",
                f"bed_by_chapter: 「{name}」という章はありません。{nearest(name, there).ja}",
            ),
        )
        for name in sound.bed_by_chapter
        if name not in there
    )


def _shortened(spoken: Sequence[Spoken]) -> tuple[Note, ...]:
    """A note for each pause that the author asked for and that is longer than players and listeners bear."""
    return tuple(
        Note(
            slug="pause",
            text=Message(
                f"a pause of {one.line.pause:g} s is cut to {LONGEST_REST:g} s",
                f"{one.line.pause:g} 秒の間を {LONGEST_REST:g} 秒に縮めました",
            ),
            place=one.line.place,
        )
        for one in spoken[:-1]
        if one.line.pause > LONGEST_REST
    )


def prepare(sound: SoundSettings, edition: Edition, *, base: Path, cache: Path) -> None:
    """Make or decode an edition's music and keep it in the cache, for `mix` to find there.

    Raises:
        AudioError: a music file is missing or holds no sound.
    """
    _tracks(sound, edition, base, cache)
    if edition.music and edition.bed:
        for bed in {sound.bed, *sound.bed_by_chapter.values()}:
            music.load(bed, "bed", base=base, cache=cache, **_measure(sound))


def ready(sound: SoundSettings, editions: Iterable[Edition], *, base: Path, voices: Iterable[Voice]) -> None:
    """See that the music is there and can be opened, and that the voices' chains exist. Nothing is decoded or written.

    Raises:
        AudioError: a music file is missing, holds no sound or is copy-protected. ConfigError: a chain is misspelt.
    """
    for voice_ in voices:
        check(voice_.chain, voice=voice_.name)
    wanted: list[tuple[str, Music]] = []
    for edition in editions:
        if edition.music:
            wanted += [("opening", sound.opening), ("closing", sound.closing)]
            wanted += [("sting", sound.sting)] if edition.sting else []
            wanted += [("bed", sound.bed)] if edition.bed else []
            wanted += [(f"bed_by_chapter.{k}", m) for k, m in sound.bed_by_chapter.items()] if edition.bed else []
    for name, piece in dict(wanted).items():
        if piece.file and not piece.off:
            music.openable(base, piece.file, where=f"sound.{name}.file")


def fit(
    spoken: Sequence[Spoken],
    sound: SoundSettings,
    edition: Edition,
    *,
    wanted: float,
    base: Path,
    cache: Path,
    as_spoken: bool = False,
) -> Fit:
    """How to make the programme last `wanted` seconds: factors for `pauses` and for the voices' speed, or advice.

    Where `speed` is not 1, speak the lines again at that factor, and ask again with `as_spoken`: voices do not follow a
    factor to the hundredth, so only then are the pauses, the length and the advice true.
    """
    tracks = _tracks(sound, edition, base, cache)
    speeds = (1.0, 1.0) if as_spoken else length.SPEED
    return length.fit(_parts(spoken, 1.0), _furniture(tracks, sound), wanted=wanted, speeds=speeds)


def _parts(spoken: Sequence[Spoken], pauses: float) -> list[Part]:
    return [
        Part(
            frames=voice.frames_at_48k(one.clip),
            pause=one.line.pause * pauses,
            level=one.line.level,
            title=_text(one),
        )
        for one in spoken
    ]


def _setting(sound: SoundSettings, part: music.Part) -> Music:
    return {"opening": sound.opening, "closing": sound.closing, "sting": sound.sting, "bed": sound.bed}[part]


class _Measure(TypedDict):
    reference: float
    channels: int


def _measure(sound: SoundSettings) -> _Measure:
    """LUFS of speech in the mix: two equal channels are 3 dB louder than one."""
    return {"reference": voice.SPEECH + (3.01 if sound.channels == 2 else 0.0), "channels": sound.channels}


def _tracks(sound: SoundSettings, edition: Edition, base: Path, cache: Path) -> dict[music.Part, music.Track]:
    wanted: list[music.Part] = []
    if edition.music:
        wanted += ["opening", "closing"]
        if edition.sting:
            wanted.append("sting")
    loaded = (
        (part, music.load(_setting(sound, part), part, base=base, cache=cache, **_measure(sound))) for part in wanted
    )
    return {part: track for part, track in loaded if track is not None}


def _furniture(tracks: Mapping[music.Part, music.Track], sound: SoundSettings) -> Furniture:
    def of(part: music.Part) -> tuple[int, int]:
        if part not in tracks:
            return 0, 0
        overlap = _setting(sound, part).overlap
        return tracks[part].frames, frames_of(OVERLAPS[part] if overlap is None else overlap)

    opening, closing, sting = of("opening"), of("closing"), of("sting")
    return Furniture(
        opening=opening[0],
        opening_overlap=opening[1],
        closing=closing[0],
        closing_overlap=closing[1],
        sting=sting[0],
        sting_overlap=sting[1],
    )


def _strip(track: music.Track, part: music.Part, setting: Music, sound: SoundSettings) -> Strip:
    high = LEVELS[part] if setting.level is None else setting.level
    into, out = BED_FADES if part == "bed" else (0.0, 0.0)
    if part == "bed":
        into = into if setting.fade_in is None else setting.fade_in
        out = out if setting.fade_out is None else setting.fade_out
    return Strip(
        track=track,
        high=high,
        low=min(high, -sound.speech_over_music),
        fade_in=frames_of(into),
        fade_out=frames_of(out),
    )


def _beds(
    timeline: Timeline, sound: SoundSettings, edition: Edition, base: Path, cache: Path
) -> tuple[Strip | None, ...]:
    if not (edition.music and edition.bed):
        return tuple(None for _ in timeline.chapters)
    made: dict[Music, Strip | None] = {}
    titles = timeline.titles

    def strip(chapter: Chapter) -> Strip | None:
        by_number = sound.bed_by_chapter.get(str(chapter.part_of + 1), sound.bed)
        chosen = sound.bed_by_chapter.get(titles[chapter.part_of]) or by_number
        if chosen not in made:
            track = music.load(chosen, "bed", base=base, cache=cache, **_measure(sound))
            made[chosen] = _strip(track, "bed", chosen, sound) if track else None
        return made[chosen]

    return tuple(strip(chapter) for chapter in timeline.chapters)


def _text(spoken: Spoken) -> str:
    return spoken.line.shown.strip() or spoken.line.spoken.strip() or "…"


def _cues(timeline: Timeline, spoken: Sequence[Spoken], voices: Mapping[str, Voice]) -> tuple[Cue, ...]:
    """One cue for each line that has sound: exactly from its first frame to its last."""
    return tuple(
        _cue(
            spoken[slot.line],
            slot.line,
            (chapter.start + slot.start) / 48_000,
            (chapter.start + slot.stop) / 48_000,
            voices,
        )
        for chapter in timeline.chapters
        for slot in chapter.slots
        if slot.stop > slot.start
    )


def _cue(one: Spoken, number: int, start: float, end: float, voices: Mapping[str, Voice]) -> Cue:
    card = voices.get(one.voice)
    words = tuple(
        WordTime(
            start=min(start + word.start, end),
            end=min(start + word.end, end),
            start_char=word.start_char,
            end_char=word.end_char,
        )
        for word in one.words
    )
    return Cue(
        start=start,
        end=end,
        text=_text(one),
        speaker=one.line.speaker or (card.speaker if card else "") or one.voice,
        line=number,
        role=one.line.role,
        block=one.line.block,
        words=words,
    )
