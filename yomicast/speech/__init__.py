"""Room 4: lines -> sounds. Doors: `speak`, `settings_type`, `licence_check`; the table `ENGINES`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from yomicast.errors import LicenceError, SynthesisError
from yomicast.model import Line, Message, Spoken, Voice
from yomicast.speech import cache as store
from yomicast.speech.engine import ENGINES, Engine, Powers, Utterance, engine_class, names, settings_type

__all__ = ["ENGINES", "Engine", "Powers", "Utterance", "cached", "licence_check", "names", "settings_type", "speak", "voice_of"]

RATE = 48_000
"""Every sound leaves this room at 48 kHz."""


def voice_of(line: Line, cast: Mapping[str, Voice]) -> Voice:
    """The voice for a line: the one it names, its speaker's, its role's, else the narrator's."""
    for name in (line.voice, line.speaker, line.role):
        if name and name in cast:
            return cast[name]
    if line.role == "title" and "heading" in cast:
        return cast["heading"]
    return cast["narrator"]


def speak(
    lines: Sequence[Line],
    cast: Mapping[str, Voice],
    *,
    cache: Path,
    executor: Executor | None = None,
    on_done: Callable[[int, int], None] | None = None,
) -> list[Spoken]:
    """Speak every line, from the cache where it is there.

    Args:
        lines: in order.
        cast: voices by role, speaker's name or voice name; `narrator` must be there.
        cache: folder of sounds by content.
        executor: where new lines are spoken; None: a thread a core.
        on_done: called with the new lines done and in all.

    Raises:
        EngineError: a line cannot be spoken; what is done stays in the cache.
    """
    engines: dict[str, Engine] = {}
    voices = [voice_of(line, cast) for line in lines]
    for voice in voices:
        if voice.engine not in engines:
            engines[voice.engine] = engine_class(voice.engine)()
    keys = [_key(line, voice, engines[voice.engine]) for line, voice in zip(lines, voices, strict=True)]
    found = {key: kept for key in dict.fromkeys(keys) if (kept := store.find(cache, key)) is not None}
    tasks = {
        key: _Task(line, voice, engines[voice.engine], cache, key)
        for line, voice, key in zip(lines, voices, keys, strict=True)
        if key not in found
    }
    try:
        found |= _run(list(tasks.values()), executor, on_done or (lambda _done, _all: None))
    finally:
        for engine in engines.values():
            engine.close()
    return [
        Spoken(line=line, clip=found[key].clip, voice=voice.name, key=key, words=found[key].words)
        for line, voice, key in zip(lines, voices, keys, strict=True)
    ]


@dataclass(frozen=True, slots=True)
class _Task:
    """A line to speak and where to keep it. Runs anywhere, any number of times; returns no samples."""

    line: Line
    voice: Voice
    engine: Engine
    cache: Path
    key: str

    def __call__(self) -> store.Stored:
        made = self.engine.speak(self.line, self.voice)
        samples = np.asarray(made.samples, np.float32)
        if samples.size == 0 or not np.isfinite(samples).all():
            said = self.line.spoken[:40]
            raise SynthesisError(
                Message(f"the engine gave no usable sound for: {said}", f"使える音が得られませんでした: {said}"),
                where=self.line.place,
            )
        if made.rate != RATE:
            samples = soxr.resample(samples, made.rate, RATE, quality="HQ").astype(np.float32)
        return store.keep(self.cache, self.key, samples, RATE, made.words)


def _run(
    tasks: Sequence[_Task], executor: Executor | None, tell: Callable[[int, int], None]
) -> dict[str, store.Stored]:
    """Speak what the cache lacks, the longest first, so that no core is left alone with it at the end."""
    order = sorted(tasks, key=lambda task: -len(task.line.spoken))
    together = all(task.engine.powers.threads for task in tasks)
    pool = executor or ThreadPoolExecutor((os.cpu_count() or 1) if together else 1)
    made: dict[str, store.Stored] = {}
    try:
        jobs = {pool.submit(task): task.key for task in order}
        for count, job in enumerate(as_completed(jobs), 1):
            made[jobs[job]] = job.result()
            tell(count, len(jobs))
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)
    return made


def _key(line: Line, voice: Voice, engine: Engine) -> str:
    """Everything that changes the sound: engine, model, settings, and the words or the text itself."""
    words = tuple((w.surface, w.pron, w.sign, w.accent, w.chained, w.pos) for w in line.words)
    engine_side = (engine.name, engine.version, engine.fingerprint(voice), RATE)
    voice_side = (voice.settings, voice.speed, voice.pitch, voice.intonation, voice.pauses.comma)
    said = words if words and engine.powers.takes != "plain" else line.spoken
    return hashlib.sha256(repr((engine_side, voice_side, said)).encode(errors="replace")).hexdigest()


def licence_check(voices: Mapping[str, Voice], categories: Iterable[str], explicit: bool) -> None:
    """Stop before rendering when a voice bars the episode's category.

    Raises:
        LicenceError: with the way out.
    """
    del explicit
    asked = {part.strip().lower() for category in categories for part in (category, *category.split("/"))}
    for role, voice in voices.items():
        barred = sorted(asked & {topic.lower() for topic in voice.licence.forbids})
        if barred:
            raise LicenceError(
                Message(
                    f"the voice '{voice.name}' may not be used for {barred[0]}",
                    f"声 '{voice.name}' は {barred[0]} には使えません",
                ),
                where=f"cast.{role}",
                hint=Message("choose another voice for this role in cast:", "cast: でこの役に別の声を選んでください"),
            )


def cached(lines: Sequence[Line], cast: Mapping[str, Voice], *, cache: Path) -> list[Spoken | None]:
    """What the cache holds of each line; None where it would have to be spoken. Speaks nothing.

    Raises:
        EngineError: an engine is not there, so nobody can say what it would have been asked.
    """
    voices = [voice_of(line, cast) for line in lines]
    engines = {name: engine_class(name)() for name in dict.fromkeys(voice.engine for voice in voices)}
    found: list[Spoken | None] = []
    try:
        for line, voice in zip(lines, voices, strict=True):
            key = _key(line, voice, engines[voice.engine])
            kept = store.find(cache, key)
            heard = Spoken(line=line, clip=kept.clip, voice=voice.name, key=key, words=kept.words) if kept else None
            found.append(heard)
    finally:
        for engine in engines.values():
            engine.close()
    return found
