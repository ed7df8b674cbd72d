"""From lines to sounds in the cache: who speaks each line, what makes a sound the same, and both cores busy."""

from __future__ import annotations

import hashlib
import os
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor, as_completed, wait
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from threading import Event
from typing import Self

import numpy as np
import soxr

from yomicast import memory
from yomicast.errors import ConfigError, EngineError, SynthesisError, YomicastError
from yomicast.loudness import sample_peak
from yomicast.model import Line, Message, Place, Samples, Spoken, Voice, WordTime
from yomicast.speech import cache as store
from yomicast.speech.cut import pieces
from yomicast.speech.engine import Batches, Checks, Engine, Powers, Sends, Utterance, lane, opened, powers_of
from yomicast.speech.trim import trimmed

RATE = 48_000
"""Every sound leaves this room at 48 kHz."""

MAKING = 1
"""Raised when trimming, joining or resampling here changes what comes out."""

TOGETHER = 8
"""Lines a thread takes at once where that is faster: as many as the vocoder has seats."""

ROOM = 600
"""Characters spoken, about, that a thread takes at once: a minute and a half, 35 MB of numbers and sound."""

TURN = 0.0005
"""Seconds that a thread keeps the interpreter while another waits for it, a tenth of Python's own."""

STEADY = 0.02
"""A mean above this is no part of a voice: a current that stands still, which would hide that there is no sound."""

LOUDEST = 8.0
"""A float peak above this is no sound but another scale (16-bit numbers, say)."""


def voice_of(line: Line, cast: Mapping[str, Voice]) -> Voice:
    """The voice for a line: the one it names, its speaker's, its role's, else the narrator's."""
    return cast[role_of(line, cast)]


def role_of(line: Line, cast: Mapping[str, Voice]) -> str:
    """The entry of the cast that speaks a line.

    Raises:
        ConfigError: the line names a voice that is not in the cast; another never speaks in its place.
    """
    if line.voice and line.voice not in cast:
        raise ConfigError(
            Message(f"the voice '{line.voice}' is not in the cast", f"声 '{line.voice}' が cast にありません"),
            where=line.place,
            hint=Message("add it to cast:, or correct the name", "cast: に足すか、名前を直してください"),
        )
    for name in (line.voice, line.speaker, line.role):
        if name and name in cast:
            return name
    return "heading" if line.role == "title" and "heading" in cast else "narrator"


def used(lines: Iterable[Line], cast: Mapping[str, Voice]) -> dict[str, Voice]:
    """The entries of the cast that these lines are spoken by, in order of appearance."""
    return {role: cast[role] for role in dict.fromkeys(role_of(line, cast) for line in lines)}


def ready(voices: Mapping[str, Voice]) -> None:
    """See that every voice can do what its file asks, and that model or server are there. Nothing is spoken.

    Raises:
        ConfigError: a voice asks for what its engine lacks. EngineError: model, server, character are missing.
    """
    for role, voice in voices.items():
        try:
            engine = opened(voice.engine)
            _able(voice, powers_of(engine, voice))
            if isinstance(engine, Checks):
                engine.check(voice)
        except YomicastError as error:
            raise _placed(error, f"cast.{role} ({voice.name})") from error


def _placed(error: YomicastError, where: str) -> YomicastError:
    inner = str(error.where)
    error.where = Place(file=f"{where}: {inner}" if inner else where)
    return error


def _able(voice: Voice, powers: Powers) -> None:
    asked = {
        "speed": voice.speed != 1.0 and not powers.speed,
        "pitch": voice.pitch != 0.0 and not powers.pitch,
        "intonation": voice.intonation != 1.0 and not powers.intonation,
    }
    for key, lacks in asked.items():
        if lacks:
            raise ConfigError(
                Message(
                    f"the engine of '{voice.name}' cannot change {key}",
                    f"声 '{voice.name}' のエンジンでは {key} を変えられません",
                ),
                where=key,
                hint=Message(f"remove {key}: from the voice file", f"声のファイルから {key}: を消してください"),
            )


def speak(
    lines: Sequence[Line],
    cast: Mapping[str, Voice],
    *,
    cache: Path,
    executor: Executor | None = None,
    on_done: Callable[[int, int], None] | None = None,
) -> list[Spoken]:
    """Speak every line, from the cache where it is there; see `Speaking`."""
    with Speaking(cast, cache=cache, executor=executor) as speaking:
        return speaking.finish(lines, on_done)


class Speaking:
    """Lines on their way to sounds. They may come bit by bit: what is given is spoken while the rest is still read.

    When a line fails or the run is interrupted, what waits is dropped, what is under way is cut short by closing its
    engine, and no thread is left.
    """

    def __init__(self, cast: Mapping[str, Voice], *, cache: Path, executor: Executor | None = None) -> None:
        """Nothing is spoken yet.

        Args:
            cast: voices by role, speaker's name or voice name; `narrator` must be there.
            cache: folder of sounds by content.
            executor: where new lines are spoken (threads, processes, a cluster that sees `cache`); None: a thread a
                core, and one apart for each engine that may not be called from several.
        """
        self._cast, self._cache, self._executor = cast, cache, executor
        self._stack = ExitStack()
        self._pools = _Pools(self._stack, executor)
        self._found: dict[str, store.Stored] = {}
        self._jobs: dict[Future[dict[str, store.Stored]], _Task] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *failed: object) -> None:
        running = [job for job in self._jobs if not job.cancel()]
        while self._executor is None and wait(running, timeout=0.2).not_done:
            for name in {task.voice.engine for task in self._jobs.values()}:
                opened(name).close()
        self._stack.close()

    def add(self, lines: Sequence[Line]) -> None:
        """Begin with those of these lines that can be spoken beside other work; the others wait for `finish`.

        Raises:
            ConfigError, EngineError: a voice cannot do what its file asks, or its engine is not there.
        """
        keyed = self._keyed(lines)
        self._begin([each for each in keyed if powers_of(opened(each[2].engine), each[2]).frees])

    def _keyed(self, lines: Sequence[Line]) -> list[tuple[str, Line, Voice]]:
        voices = [voice_of(line, self._cast) for line in lines]
        return [(key_of(line, voice), line, voice) for line, voice in zip(lines, voices, strict=True)]

    def _begin(self, keyed: Sequence[tuple[str, Line, Voice]]) -> None:
        """The longest first, so that no core is left alone with it at the end."""
        begun = {key for task in self._jobs.values() for key in task.lines}
        self._found |= _kept(self._cache, [key for key, _, _ in keyed if key not in begun and key not in self._found])
        wanted: dict[str, tuple[Voice, dict[str, Line]]] = {}
        for key, line, voice in keyed:
            if key not in begun and key not in self._found:
                wanted.setdefault(repr(voice), (voice, {}))[1][key] = line
        ready({voice.name: voice for voice, _ in wanted.values()})
        tasks = [_Task(part, voice, self._cache) for voice, those in wanted.values() for part in _shares(voice, those)]
        for task in sorted(tasks, key=lambda task: -sum(map(_characters, task.lines.values()))):
            self._jobs[self._pools.of(task.voice).submit(task)] = task

    @contextmanager
    def sparing(self) -> Iterator[None]:
        """Leave a core to the caller meanwhile, and let turns be short: who speaks needs the interpreter often, but not
        for long.
        """
        done, turn = Event(), sys.getswitchinterval()
        self._pools.threads().submit(done.wait)
        sys.setswitchinterval(TURN)
        try:
            yield
        finally:
            sys.setswitchinterval(turn)
            done.set()

    def aside(self, work: Callable[[], object]) -> Future[object]:
        """Something else for a core that has nothing to speak yet."""
        return self._pools.threads().submit(work)

    def finish(self, lines: Sequence[Line], on_done: Callable[[int, int], None] | None = None) -> list[Spoken]:
        """The sound of every line, in order.

        Args:
            lines: what was given before need not be among them, nor have been given.
            on_done: called with the new lines done and in all.

        Raises:
            EngineError: a line cannot be spoken; what is done stays in the cache.
        """
        keyed = self._keyed(lines)
        self._begin(keyed)
        total, done = sum(len(task.lines) for task in self._jobs.values()), 0
        for job in as_completed(self._jobs):
            made = job.result()
            self._found |= made
            done += len(made)
            if on_done:
                on_done(done, total)
        return [
            Spoken(line=line, clip=self._found[key].clip, voice=voice.name, key=key, words=self._found[key].words)
            for key, line, voice in keyed
        ]


def _kept(cache: Path, keys: Iterable[str]) -> dict[str, store.Stored]:
    """What the cache holds; each sound is read and its sum checked, by a thread a core."""
    distinct = list(dict.fromkeys(keys))
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        found = pool.map(partial(store.find, cache), distinct)
        return {key: kept for key, kept in zip(distinct, found, strict=True) if kept is not None}


def cached(lines: Sequence[Line], cast: Mapping[str, Voice], *, cache: Path) -> list[Spoken | None]:
    """What the cache holds of each line; None where it would have to be spoken. Speaks nothing.

    Raises:
        EngineError: an engine is not there, so nobody can say what it would have been asked.
    """
    found: list[Spoken | None] = []
    for line in lines:
        voice = voice_of(line, cast)
        key = key_of(line, voice)
        kept = store.find(cache, key)
        found.append(Spoken(line=line, clip=kept.clip, voice=voice.name, key=key, words=kept.words) if kept else None)
    return found


@dataclass(frozen=True, slots=True)
class _Task:
    """Lines of one voice to speak, by key, and where to keep them. Runs anywhere, any number of times, and returns no
    samples.
    """

    lines: Mapping[str, Line]
    voice: Voice
    cache: Path

    def __call__(self) -> dict[str, store.Stored]:
        found = {key: store.find(self.cache, key) for key in self.lines}
        wanted = [key for key, kept in found.items() if kept is None]
        made = {key: kept for key, kept in found.items() if kept is not None}
        engine = opened(self.voice.engine)
        together = powers_of(engine, self.voice).threads
        with nullcontext() if together else lane(self.voice.engine):
            spoken = utter_many([self.lines[key] for key in wanted], self.voice, engine)
            for key, (samples, words) in zip(wanted, spoken, strict=True):
                made[key] = store.keep(self.cache, key, samples, RATE, words)
        memory.trim()
        return made


def clip(line: Line, voice: Voice) -> tuple[Samples, int]:
    """One line spoken now, without a cache: samples and rate.

    Raises:
        EngineError: it cannot be spoken.
    """
    samples, _ = utter(line, voice, opened(voice.engine))
    return samples, RATE


def utter(line: Line, voice: Voice, engine: Engine) -> tuple[Samples, tuple[WordTime, ...]]:
    """One line; see `utter_many`."""
    return next(utter_many([line], voice, engine))


def utter_many(lines: Sequence[Line], voice: Voice, engine: Engine) -> Iterator[tuple[Samples, tuple[WordTime, ...]]]:
    """Lines at 48 kHz without the engine's own silence, whatever their length; word times from each line's start.

    Each is let go as it is taken, so that a batch is not in memory twice.

    A line over the engine's longest input is spoken in pieces cut at rests, with the voice's own rest between them.

    Raises:
        SynthesisError: nothing in it can be spoken; or silence came, no numbers, or a length that no speech has.
    """
    powers = powers_of(engine, voice)
    for line in lines:
        if not _speakable(line):
            raise SynthesisError(
                Message(
                    f"nothing in '{line.spoken[:40]}' can be spoken",
                    f"「{line.spoken[:40]}」には読める文字がありません",
                ),
                where=line.place,
                hint=Message("give it a reading, or take it out with cut:", "読みを付けるか、cut: で外してください"),
            )
    cut = [pieces(line, powers.longest, lambda part: _size(engine, part, voice)) for line in lines]
    said = deque(_said([piece for row in cut for piece in row], voice, engine))
    for row in cut:
        yield _joined([(piece, said.popleft()) for piece in row], voice, powers)


def _said(parts: Sequence[Line], voice: Voice, engine: Engine) -> list[Utterance]:
    if isinstance(engine, Batches):
        return engine.speak_many(parts, voice)
    found = []
    for part in parts:
        try:
            found.append(engine.speak(part, voice))
        except EngineError as error:
            if not str(error.where):
                error.where = part.place
            raise
    return found


def _joined(
    parts: Sequence[tuple[Line, Utterance]], voice: Voice, powers: Powers
) -> tuple[Samples, tuple[WordTime, ...]]:
    rest = np.zeros(round(voice.pauses.comma * RATE / max(0.5, voice.speed)), np.float32)
    sounds: list[Samples] = []
    words: list[WordTime] = []
    at = 0
    for piece, said in parts:
        samples, begun = _clean(said, piece, powers)
        words += _moved(said.words, at / RATE - begun, at / RATE, (at + len(samples)) / RATE)
        sounds += [samples, rest]
        at += len(samples) + len(rest)
    return sounds[0] if len(parts) == 1 else np.concatenate(sounds[:-1]), tuple(words)


def _speakable(line: Line) -> bool:
    if line.words:
        return any(word.pron for word in line.words)
    return any(character.isalnum() for character in line.spoken)


def _clean(said: Utterance, line: Line, powers: Powers) -> tuple[Samples, float]:
    """An engine's answer as mono float32 at 48 kHz within ±1, and the seconds cut from its beginning."""
    samples = np.asarray(said.samples, np.float32)
    if samples.ndim != 1 or not np.isfinite(sample_peak(samples)) or not 4_000 <= said.rate <= 384_000:
        raise _unusable(line, Message("not a sound: broken numbers", "音ではありません: 値が壊れています"))
    begun = 0
    steady = float(samples.mean()) if len(samples) else 0.0
    if abs(steady) > STEADY:
        samples = samples - np.float32(steady)
    if powers.pads:
        samples, begun = trimmed(samples, said.rate)
    peak = sample_peak(samples)
    if peak <= 1e-5:
        raise _unusable(line, Message("only silence came", "無音しか得られませんでした"))
    seconds, characters = len(samples) / said.rate, _characters(line)
    if peak > LOUDEST or not characters / 120 - 1 <= seconds <= 10 + 1.5 * characters:
        what = f"{seconds:.1f} s, peak {peak:.1f}"
        raise _unusable(line, Message(f"no speech is like that: {what}", f"話し声とは思えません: {what}"))
    if said.rate != RATE:
        samples = soxr.resample(samples, said.rate, RATE, quality="HQ").astype(np.float32)
        peak = sample_peak(samples)
    return (samples / np.float32(peak) if peak > 1 else samples), begun / said.rate


def _unusable(line: Line, why: Message) -> SynthesisError:
    said = line.spoken[:40]
    return SynthesisError(
        Message(f"no usable sound for '{said}': {why.en}", f"「{said}」の音が使えません: {why.ja}"),
        where=line.place,
        hint=Message(
            "try the line with `yomicast voices try`; rewrite it with say:, or choose another voice",
            "`yomicast voices try` で試し、say: で言い換えるか、別の声を選んでください",
        ),
    )


def _moved(words: Iterable[WordTime], by: float, low: float, high: float) -> list[WordTime]:
    """Word times in the line's own time, inside the piece they belong to."""
    return [
        replace(word, start=min(max(word.start + by, low), high), end=min(max(word.end + by, low), high))
        for word in words
    ]


def _size(engine: Engine, line: Line, voice: Voice) -> int:
    """Characters of what the engine is handed."""
    return len(engine.sends(line, voice)) if isinstance(engine, Sends) else _characters(line)


def _characters(line: Line) -> int:
    return sum(len(word.pron or word.sign) for word in line.words) if line.words else len(line.spoken)


def key_of(line: Line, voice: Voice) -> str:
    """Everything that changes the sound: engine, model, settings, and what the engine is handed of the line."""
    engine = opened(voice.engine)
    engine_side = (
        engine.name,
        engine.version,
        engine.fingerprint(voice),
        powers_of(engine, voice).longest,
        RATE,
        MAKING,
    )
    voice_side = (voice.settings, voice.speed, voice.pitch, voice.intonation, voice.pauses.comma)
    said: object = (
        tuple((w.surface, w.pron, w.sign, w.accent, w.chained, w.rising, w.pos) for w in line.words) or line.spoken
    )
    if isinstance(engine, Sends):
        said = engine.sends(line, voice), len(line.spoken)
    if powers_of(engine, voice).timings:
        said = said, tuple((w.start, w.end) for w in line.words)
    if line.asides and powers_of(engine, voice).lowers:
        said = said, line.asides
    return hashlib.sha256(repr((engine_side, voice_side, said)).encode(errors="replace")).hexdigest()


# --- who works where -----------------------------------------------------------------------------------------------


def _shares(voice: Voice, lines: Mapping[str, Line]) -> list[dict[str, Line]]:
    """Lines as they are spoken together: one by one, or for engines that take many, up to `TOGETHER` of like length and
    `ROOM` in all.
    """
    order = sorted(lines, key=lambda key: (-_characters(lines[key]), key))
    if not isinstance(opened(voice.engine), Batches):
        return [{key: lines[key]} for key in order]
    size = min(TOGETHER, -(-len(order) // (os.cpu_count() or 1)))
    shares: list[dict[str, Line]] = []
    room = 0
    for key in order:
        room -= _characters(lines[key])
        if not shares or len(shares[-1]) == size or room < 0:
            shares.append({})
            room = ROOM - _characters(lines[key])
        shares[-1][key] = lines[key]
    return shares


class _Pools:
    """The caller's executor, or threads: a core each, and one thread for each engine that must be called singly."""

    def __init__(self, stack: ExitStack, given: Executor | None) -> None:
        self._stack, self._given = stack, given
        self._made: dict[str, Executor] = {}

    def of(self, voice: Voice) -> Executor:
        """Where this voice's lines are spoken."""
        if self._given is not None:
            return self._given
        together = powers_of(opened(voice.engine), voice).threads
        return self.threads() if together else self.threads(voice.engine, 1)

    def threads(self, name: str = "", workers: int = 0) -> Executor:
        """Threads of this name, made when they are first asked for: one a core, or so many."""
        if name not in self._made:
            self._made[name] = self._stack.enter_context(
                ThreadPoolExecutor(workers or os.cpu_count() or 1, thread_name_prefix="speech")
            )
        return self._made[name]
