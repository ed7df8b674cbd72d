"""Open JTalk, embedded: pyopenjtalk-plus with the Mei voice in its wheel, one HTS engine a thread.

Float all the way: the engine's output is in int16 scale and exceeds it (a cast wraps into clicks). Words carry reading
and accent, so labels are made from them; a line without words goes through Open JTalk's own front end. Further voices
come from one voice file: another all-pass constant in its header shifts the formants, `pitch` the fundamental.
"""

from __future__ import annotations

import atexit
import re
import tempfile
import threading
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from annotated_types import Ge, Le

from yomicast.errors import EngineMissing, SynthesisError, UnknownVoice
from yomicast.model import Line, Message, Voice, Word
from yomicast.settings import STRICT
from yomicast.speech.engine import Health, Powers, Utterance
from yomicast.speech.kana import OWN_MORA
from yomicast.speech.places import digest, needed

SCALE = np.float32(4 * 32768.0)
"""int16 scale with 12 dB of headroom, as "ん" alone reaches 3.1; levels are matched in the mix."""
LONGEST = 300
"""Characters spoken at once: memory grows with length (1,000 without a stop take 327 MB), 5,461 are its hard end."""
ALPHA = re.compile(rb"ALPHA=([0-9.]+)")


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
    version = "3 " + metadata.version("pyopenjtalk-plus")
    powers = Powers(takes="accent", speed=True, pitch=True, threads=True, longest=LONGEST, rate=48_000)
    Settings = OpenJTalkSettings

    def __init__(self) -> None:
        self._threads = threading.local()

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line."""
        labels = _labels(line)
        if len(labels) <= 2:
            said = line.spoken[:40]
            raise SynthesisError(
                Message(f"nothing in it can be spoken: {said}", f"読める文字がありません: {said}"),
                where=line.place,
                hint=Message("give it a reading, or cut: it", "読みを付けるか、cut: で外してください"),
            )
        engine = self._engine(voice)
        engine.set_speed(voice.speed)  # both persist after a call
        engine.add_half_tone(voice.pitch)
        try:
            raw = engine.synthesize(labels)
        except RuntimeError as error:
            raise SynthesisError(
                Message(f"Open JTalk failed: {error}", f"Open JTalk が失敗しました: {error}"), where=line.place
            ) from error
        return Utterance(samples=np.asarray(raw, np.float32) / SCALE, rate=int(engine.get_sampling_frequency()))

    def check(self, voice: Voice) -> None:
        """The voice file must be there and be one."""
        self._engine(voice)

    def fingerprint(self, voice: Voice) -> str:
        """Hash of the voice file, and its timbre."""
        settings = _settings(voice)
        return f"{digest(model_path(settings.model))} {settings.alpha}"

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
        """Forget this object's engines."""
        self._threads = threading.local()

    def _engine(self, voice: Voice) -> Any:
        from pyopenjtalk.htsengine import HTSEngine

        settings = _settings(voice)
        engines: dict[OpenJTalkSettings, Any] = self._threads.__dict__.setdefault("engines", {})
        if settings not in engines:
            path = _timbre(model_path(settings.model), settings.alpha)
            try:
                engines[settings] = HTSEngine(str(path).encode())
            except RuntimeError as error:
                raise _no_voice(settings.model) from error
        return engines[settings]


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


def _timbre(path: Path, alpha: float | None) -> Path:
    return path if alpha is None else _with_alpha(path, digest(path), alpha)


@cache
def _with_alpha(path: Path, content: str, alpha: float) -> Path:
    """A copy of the voice whose header names another all-pass constant of the same length; gone when we are."""
    del content
    data = path.read_bytes()
    value = ALPHA.search(data, 0, 4096)
    if value is None:
        raise _no_voice(str(path))
    text = f"{alpha:.6f}"[: len(value[1])].ljust(len(value[1]), "0").encode()
    with tempfile.NamedTemporaryFile(prefix="yomicast-", suffix=".htsvoice", delete=False) as stream:
        stream.write(data[: value.start(1)] + text + data[value.end(1) :])
    copy = Path(stream.name)
    atexit.register(copy.unlink, missing_ok=True)
    return copy


def _labels(line: Line) -> list[str]:
    import pyopenjtalk

    features = njd(line.words) if line.words else _front_end(line.spoken)
    return list(pyopenjtalk.make_label(features)) if features else []


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
