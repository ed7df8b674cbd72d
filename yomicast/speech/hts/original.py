"""The same voices through the original C engine in pyopenjtalk-plus: for comparison, and to fall back on when asked.

Labels and word times are the default engine's; only the sound is made elsewhere, one C engine a thread.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from importlib import metadata
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from yomicast.errors import SynthesisError
from yomicast.model import Line, Message, Samples, Voice
from yomicast.settings import STRICT
from yomicast.speech.engine import Utterance
from yomicast.speech.hts.synthesiser import FULL_SCALE, Controls, Result, Synthesiser
from yomicast.speech.openjtalk import OpenJTalk, OpenJTalkSettings, model_path


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalSettings:
    """`model`: the voice that ships (`mei_normal`) or the path of an .htsvoice file."""

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    model: str = "mei_normal"


class Original(OpenJTalk):
    """The default engine's words, spoken by the C engine."""

    name = "htsengine"
    version = f"1 {metadata.version('pyopenjtalk-plus')}"
    powers = replace(OpenJTalk.powers, intonation=False, lowers=False)
    Settings = OriginalSettings  # type: ignore[assignment]  # fewer keys than the default engine's

    def __init__(self) -> None:
        super().__init__()
        self._threads = threading.local()

    def speak_many(self, lines: Sequence[Line], voice: Voice) -> list[Utterance]:
        """Speak each line, one after the other."""
        return super().speak_many(lines, _as_default(voice))

    def check(self, voice: Voice) -> None:
        """The voice file must be there and be one."""
        super().check(_as_default(voice))

    def fingerprint(self, voice: Voice) -> str:
        """The voice file."""
        return super().fingerprint(_as_default(voice))

    def close(self) -> None:
        """Forget voices and C engines."""
        super().close()
        self._threads = threading.local()

    def _voice(self, model: str) -> Synthesiser:
        return _Stand(super()._voice(model), model_path(model), self._threads)


def _as_default(voice: Voice) -> Voice:
    assert isinstance(voice.settings, OriginalSettings)
    return replace(voice, settings=OpenJTalkSettings(model=voice.settings.model))


class _Stand(Synthesiser):
    """A synthesiser whose samples come from the C engine."""

    def __init__(self, ours: Synthesiser, path: Path, threads: threading.local) -> None:
        super().__init__(ours.voice, threads=1, fast=False)
        self._path, self._own = path, threads

    def speak_many(self, utterances: Sequence[Any], controls: Controls | None = None) -> list[Result]:
        """Speak labels one by one; pitch and length of single words are not the C engine's to give."""
        controls = controls or Controls()
        return [
            Result(samples=self._sound(labels, controls), rate=self.rate, phones=self.timetable(labels, controls))
            for labels in utterances
        ]

    def _sound(self, labels: Sequence[str], controls: Controls) -> Samples:
        from pyopenjtalk.htsengine import HTSEngine

        engines: dict[Path, Any] = self._own.__dict__.setdefault("engines", {})
        try:
            engine = engines[self._path] = engines.get(self._path) or HTSEngine(str(self._path).encode())
            engine.set_speed(controls.speed)  # both persist after a call
            engine.add_half_tone(controls.half_tone)
            return (engine.synthesize(list(labels)) / FULL_SCALE).astype(np.float32)
        except RuntimeError as error:
            raise SynthesisError(
                Message(f"the C engine failed: {error}", f"C の合成エンジンが失敗しました: {error}")
            ) from error
