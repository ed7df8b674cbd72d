"""Open JTalk, embedded: labels from pyopenjtalk-plus, Mei's voice from its wheel, sound from our own HTS engine.

Float all the way: the sound of these voices exceeds int16 (a cast wraps into clicks). Words carry reading and accent, so
labels are made from them; a line without words goes through Open JTalk's own front end. Further voices come from one
voice file: another all-pass constant shifts the formants, `pitch` the fundamental. Word times are exact.
"""

from __future__ import annotations

import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Le

from yomicast.errors import ConfigError, EngineMissing, SynthesisError, UnknownVoice
from yomicast.model import Line, Message, Voice, Word
from yomicast.settings import STRICT
from yomicast.speech.engine import LOWER, Health, Powers, Utterance
from yomicast.speech.hts import Controls, Synthesiser, word_times
from yomicast.speech.hts import Utterance as LabelRow
from yomicast.speech.kana import OWN_MORA
from yomicast.speech.places import needed

HEADROOM = np.float32(0.25)
"""12 dB, as "ん" alone reaches 3.1 of int16 full scale; levels are matched in the mix."""
LONGEST = 300
"""Characters spoken at once, so that memory stays small; the label maker's hard end is at 5,461."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenJTalkSettings:
    """`model`: the voice that ships (`mei_normal`) or the path of an .htsvoice file. `alpha`: timbre, 0.3–0.8: higher
    is darker, as from a longer throat, lower brighter; None is the voice's own (Mei: 0.55).
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    model: str = "mei_normal"
    alpha: Annotated[float, Ge(0.3), Le(0.8)] | None = None


class OpenJTalk:
    """The default engine."""

    name = "openjtalk"
    version = f"4 {metadata.version('pyopenjtalk-plus')}"
    powers = Powers(
        takes="accent",
        speed=True,
        pitch=True,
        intonation=True,
        timings=True,
        lowers=True,
        threads=True,
        longest=LONGEST,
        rate=48_000,
        frees=find_spec("numba") is not None,  # numpy's vocoder holds the interpreter most of its time
    )
    Settings = OpenJTalkSettings

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._voices: dict[Path, Synthesiser] = {}

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line."""
        return self.speak_many([line], voice)[0]

    def speak_many(self, lines: Sequence[Line], voice: Voice) -> list[Utterance]:
        """Speak each line; in company they share the vocoder's lanes."""
        settings = _settings(voice)
        labels = [_labels(line) for line in lines]
        for line, row in zip(lines, labels, strict=True):
            if len(row) <= 2:
                said = line.spoken[:40]
                raise SynthesisError(
                    Message(f"nothing in it can be spoken: {said}", f"読める文字がありません: {said}"),
                    where=line.place,
                    hint=Message("give it a reading, or cut: it", "読みを付けるか、cut: で外してください"),
                )
        controls = Controls(
            speed=voice.speed,
            half_tone=voice.pitch,
            intonation=voice.intonation,
            alpha=settings.alpha,
        )
        synthesiser = self._voice(settings.model)
        asked = [
            _lowered(line, row, synthesiser) if self.powers.lowers and line.asides and line.words else row
            for line, row in zip(lines, labels, strict=True)
        ]
        found = synthesiser.speak_many(asked, controls)
        return [
            Utterance(
                samples=np.multiply(each.samples, HEADROOM, out=each.samples),
                rate=each.rate,
                words=word_times(line.words, each.phones, each.rate) if line.words else (),
            )
            for line, each in zip(lines, found, strict=True)
        ]

    def check(self, voice: Voice) -> None:
        """The voice file must be there and be one."""
        self._voice(_settings(voice).model)

    def fingerprint(self, voice: Voice) -> str:
        """Engine, path of computation and voice file; its timbre is a setting."""
        return self._voice(_settings(voice).model).version

    def health(self) -> tuple[Health, ...]:
        """The dictionary and the voice that ship in the wheel."""
        path = model_path("mei_normal")
        version = metadata.version("pyopenjtalk-plus")
        return (
            Health(
                ok=path.is_file(),
                what=Message(f"pyopenjtalk-plus {version}, Mei's voice", f"pyopenjtalk-plus {version}、Mei の声"),
                mend="pip install --force-reinstall pyopenjtalk-plus",
            ),
        )

    def close(self) -> None:
        """Forget the voices that were read."""
        with self._lock:
            self._voices = {}

    def _voice(self, model: str) -> Synthesiser:
        path = model_path(model)
        with self._lock:
            if path not in self._voices:
                try:
                    self._voices[path] = Synthesiser(path, threads=1)
                except ConfigError as error:
                    raise _no_voice(model) from error
            return self._voices[path]


def _settings(voice: Voice) -> OpenJTalkSettings:
    assert isinstance(voice.settings, OpenJTalkSettings)
    return voice.settings


def model_path(model: str) -> Path:
    """The .htsvoice file of that name.

    Raises:
        UnknownVoice: there is none, or it is none. EngineMissing: pyopenjtalk-plus lacks its voice.
    """
    import pyopenjtalk

    shipped = Path(pyopenjtalk.__file__).parent / "htsvoice"
    if not shipped.is_dir():
        raise EngineMissing(
            Message(
                "pyopenjtalk has no voice: that is not pyopenjtalk-plus",
                "pyopenjtalk に声がありません(pyopenjtalk-plus ではありません)",
            ),
            hint=Message(
                "pip install --force-reinstall pyopenjtalk-plus", "pip install --force-reinstall pyopenjtalk-plus"
            ),
        )
    inside = shipped / f"{Path(model).name}.htsvoice"
    path = inside if inside.is_file() and "/" not in model else needed(model, Message("voice model", "声のモデル"))
    with path.open("rb") as stream:
        if not stream.read(8).startswith(b"[GLOBAL]"):
            raise _no_voice(model)
    return path


def _no_voice(model: str) -> UnknownVoice:
    return UnknownVoice(
        Message(f"'{model}' is no HTS voice, or is damaged", f"'{model}' は HTS の声ではないか、壊れています"),
        where="model",
        hint=Message(
            "mei_normal, or the path of an .htsvoice file", "mei_normal か .htsvoice ファイルのパスを指定してください"
        ),
    )


def _labels(line: Line) -> list[str]:
    import pyopenjtalk

    features: Any = njd(line.words) if line.words else _front_end(line.spoken)
    return list(pyopenjtalk.make_label(features)) if features else []


def _lowered(line: Line, labels: Sequence[str], synthesiser: Synthesiser) -> LabelRow:
    """The labels, lower where the line's words stand in parentheses; their lengths stay, so word times do."""
    phones = synthesiser.timetable(labels)
    low = [
        (time.start, time.end)
        for time in word_times(line.words, phones, synthesiser.rate)
        if line.is_aside(time.start_char)
    ]
    middles = [(phone.start + phone.end) / 2 / synthesiser.rate for phone in phones]
    pitch = [LOWER if any(start <= at < end for start, end in low) else 0.0 for at in middles]
    return LabelRow(labels=tuple(labels), pitch=tuple(pitch) if any(pitch) else ())


_FRONT_END = threading.Lock()


def _front_end(text: str) -> list[Any]:
    """Open JTalk's own reading, one at a time: it is one object a process, and warns of itself when first used."""
    import pyopenjtalk

    plain = text.encode(errors="ignore").decode().replace("\0", "")
    with _FRONT_END, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(pyopenjtalk.run_frontend(plain))


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
                "acc": word.accent, "mora_size": len(OWN_MORA.findall(kana)), "chain_rule": "*",
                "chain_flag": 1 if word.chained else 0,
            }
        )  # fmt: skip
    return features
