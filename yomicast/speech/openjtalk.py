"""Open JTalk, embedded: pyopenjtalk-plus with the Mei voice in its wheel, one HTS engine a thread.

Float all the way: the engine's output is in int16 scale and exceeds it (facts: a cast wraps into clicks). Its own 0.32 s
of silence at each end is trimmed, since pauses are designed. Words carry reading and accent, so labels are made from
them; a line without words goes through Open JTalk's own front end.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Le

from yomicast.errors import SynthesisError, UnknownVoice
from yomicast.model import Line, Message, Samples, Voice, Word
from yomicast.settings import STRICT
from yomicast.speech.engine import Powers, Utterance
from yomicast.speech.trim import trimmed

MORA = re.compile(r"[ァ-ヶヴ][ァィゥェォャュョヮ]?|ー")
SCALE = np.float32(4 * 32768.0)
"""int16 scale with 12 dB of headroom, as "ん" alone reaches 3.1; levels are matched in the mix."""
LONGEST = 300
"""Characters spoken at once; memory grows with length. Longer lines are cut at their rests and joined there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJTalkSettings:
    """`model`: the voice that ships (`mei_normal`) or the path of an .htsvoice file. `alpha`: timbre, 0.3–0.8; None is
    the voice's own.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    model: str = "mei_normal"
    alpha: Annotated[float, Ge(0.3), Le(0.8)] | None = None


class OpenJTalk:
    """The default engine."""

    name = "openjtalk"
    version = "2 " + metadata.version("pyopenjtalk-plus")
    powers = Powers(takes="accent", speed=True, pitch=True, threads=True, longest=400, rate=48_000)
    Settings = OpenJTalkSettings

    def __init__(self) -> None:
        self._threads = threading.local()

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line."""
        pieces = [piece for piece in map(_labels, _pieces(line)) if len(piece) > 2]
        if not pieces:
            raise SynthesisError(
                Message(
                    f"nothing in it can be spoken: {line.spoken[:40]}", f"読める文字がありません: {line.spoken[:40]}"
                ),
                where=line.place,
            )
        engine = self._engine(voice)
        rate = int(engine.get_sampling_frequency())
        rest = np.zeros(int(voice.pauses.comma * rate), np.float32)
        sounds: list[Samples] = []
        for labels in pieces:
            engine.set_speed(voice.speed)  # both persist after a call
            engine.add_half_tone(voice.pitch)
            try:
                raw = engine.synthesize(labels)
            except RuntimeError as error:
                raise SynthesisError(
                    Message(f"Open JTalk failed: {error}", f"Open JTalk が失敗しました: {error}"), where=line.place
                ) from error
            sounds += [trimmed(np.asarray(raw, np.float32) / SCALE, rate), rest]
        return Utterance(samples=np.concatenate(sounds[:-1]), rate=rate)

    def fingerprint(self, voice: Voice) -> str:
        """Hash of the voice file with its timbre."""
        settings = _settings(voice)
        return f"{_digest(model_path(settings))} {settings.alpha}"

    def close(self) -> None:
        """Forget this object's engines."""
        self._threads = threading.local()

    def _engine(self, voice: Voice) -> Any:
        from pyopenjtalk.htsengine import HTSEngine

        settings = _settings(voice)
        engines: dict[OpenJTalkSettings, Any] = self._threads.__dict__.setdefault("engines", {})
        if settings not in engines:
            engines[settings] = HTSEngine(str(_with_alpha(settings)).encode())
        return engines[settings]


def _settings(voice: Voice) -> OpenJTalkSettings:
    assert isinstance(voice.settings, OpenJTalkSettings)
    return voice.settings


@cache
def model_path(settings: OpenJTalkSettings) -> Path:
    """The .htsvoice file.

    Raises:
        UnknownVoice: there is none.
    """
    import pyopenjtalk

    shipped = Path(pyopenjtalk.__file__).parent / "htsvoice" / f"{settings.model}.htsvoice"
    path = shipped if shipped.is_file() else Path(settings.model)
    if not path.is_file():
        raise UnknownVoice(
            Message(f"no voice model '{settings.model}'", f"声のモデル '{settings.model}' がありません"),
            hint=Message(
                "'mei_normal' or the path of an .htsvoice file",
                "mei_normal か .htsvoice ファイルのパスを指定してください",
            ),
        )
    return path


@cache
def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:16]


@cache
def _with_alpha(settings: OpenJTalkSettings) -> Path:
    """The model file, or a temporary copy whose header names another all-pass constant of the same length."""
    path = model_path(settings)
    if settings.alpha is None:
        return path
    import atexit
    import tempfile

    data = path.read_bytes()
    value = re.search(rb"ALPHA=([0-9.]+)", data[:4096])
    if value is None:
        return path
    text = f"{settings.alpha:.6f}"[: len(value[1])].encode()
    changed = data[: value.start(1)] + text.ljust(len(value[1]), b"0") + data[value.end(1) :]
    with tempfile.NamedTemporaryFile(suffix=".htsvoice", delete=False) as stream:
        stream.write(changed)
    copy = Path(stream.name)
    atexit.register(copy.unlink, missing_ok=True)
    return copy


def _pieces(line: Line) -> list[Line]:
    """The line, cut at rests when it is too long for one call."""
    if not line.words:
        cuts = range(0, len(line.spoken), LONGEST)
        return (
            [line]
            if len(line.spoken) <= LONGEST
            else [replace(line, spoken=line.spoken[c : c + LONGEST]) for c in cuts]
        )
    pieces: list[list[Word]] = [[]]
    for word in line.words:
        pieces[-1].append(word)
        size = pieces[-1][-1].end - pieces[-1][0].start
        if (word.sign and size > LONGEST) or size > 4 * LONGEST:
            pieces.append([])
    return [replace(line, words=tuple(piece)) for piece in pieces if piece]


def _labels(line: Line) -> list[str]:
    import pyopenjtalk

    features: Any = njd(line.words) if line.words else pyopenjtalk.run_frontend(line.spoken)
    return list(pyopenjtalk.make_label(features)) if features else []


def njd(words: Sequence[Word]) -> list[dict[str, object]]:
    """Words as Open JTalk's NJD features, from which full-context labels are made."""
    features: list[dict[str, object]] = []
    for word in words:
        pron = word.sign or word.pron
        if not pron:
            continue
        kana = word.kana
        pos = (*word.pos, "*", "*", "*", "*", "*", "*")[:6]
        features.append(
            {
                "string": word.surface, "pos": pos[0], "pos_group1": pos[1], "pos_group2": pos[2], "pos_group3": pos[3],
                "ctype": pos[4], "cform": pos[5], "orig": word.surface, "read": kana or pron, "pron": pron,
                "acc": word.accent, "mora_size": len(MORA.findall(kana)), "chain_rule": "*",
                "chain_flag": 1 if word.chained else 0,
            }
        )  # fmt: skip
    return features
