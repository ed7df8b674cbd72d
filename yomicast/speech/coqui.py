"""Coqui TTS: neural voices and cloned ones through the real `TTS` package (`coqui-tts`, or Coqui's own last release).

Models are the user's own checkpoints by path, or the catalogue's by name when they are on disk: nothing is fetched and
nothing asked for on the terminal. The sound is taken from memory, as the package's file writer scales every file to its
own peak. Repeatable: seeded before each line, one line at a time.
"""

from __future__ import annotations

import contextlib
import importlib.util
import io
import json
import logging
import os
import sys
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

import numpy as np
from annotated_types import Ge, Le, Len

from yomicast.errors import EngineMissing, LicenceError, SynthesisError, UnknownVoice, nearest
from yomicast.model import Line, Message, Voice
from yomicast.settings import STRICT
from yomicast.speech.engine import Health, Powers, Utterance
from yomicast.speech.kana import said
from yomicast.speech.places import digest, needed, seen

LONGEST = 300
LONGEST_XTTS = 71
"""Japanese characters that XTTS speaks safely (its tokenizer's own limit); 400 tokens are its hard end."""
INSTALL = "pip install 'yomicast[coqui]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class CoquiSettings:
    """`model`: a checkpoint's file or folder, or a name of Coqui's catalogue. `config`: where its config.json is not
    beside it. `speaker_name`: of a model with several. `speaker_wav`: clips of the voice to clone. `reading`: what it
    is handed: all `kana`, the text with decided readings in kana (`corrected`), or the `text`. `threads`: of the CPU;
    0 is half the cores, 4 at most.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    model: Annotated[str, Len(1, 1_000)]
    config: str = ""
    speaker_name: str = ""
    speaker_wav: tuple[str, ...] = ()
    language: str = "ja"
    reading: Literal["text", "corrected", "kana"] = "kana"
    seed: Annotated[int, Ge(0), Le(2**32 - 1)] = 1
    device: Literal["auto", "cpu", "cuda"] = "auto"
    threads: Annotated[int, Ge(0), Le(64)] = 0

    @property
    def cloned(self) -> bool:
        """A person's voice: consent must be written down."""
        return bool(self.speaker_wav)

    @property
    def noncommercial(self) -> bool:
        """Coqui's own XTTS weights are under the CPML, whatever the voice file says."""
        return self.model.startswith("tts_models/") and "xtts" in self.model


def _version() -> str:
    for name in ("coqui-tts", "TTS"):
        with contextlib.suppress(metadata.PackageNotFoundError):
            return f"{name} {metadata.version(name)}"
    return "none"


class Coqui:
    """Holds each model once a process."""

    name = "coqui"
    version = f"1 {_version()}"
    powers = Powers(takes="kana", speed=True, seed=True, threads=False, longest=LONGEST, clones=True)
    Settings = CoquiSettings

    def __init__(self) -> None:
        self._models: dict[tuple[str, str, str], Any] = {}

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line."""
        settings = _settings(voice)
        text = self.sends(line, voice)
        import torch

        tts = self._model(voice)
        more: dict[str, object] = {}
        if settings.speaker_wav:
            more["speaker_wav"] = [str(path) for path in _clips(settings)]
        if settings.speaker_name:
            more["speaker"] = settings.speaker_name
        if tts.is_multi_lingual:
            more["language"] = settings.language
        if _kind(settings) == "xtts":
            more["speed"] = voice.speed
        elif hasattr(tts.synthesizer.tts_model, "length_scale"):
            tts.synthesizer.tts_model.length_scale = 1 / voice.speed  # VITS ignores speed=
        torch.manual_seed(settings.seed)
        try:
            with _quiet():
                wave = tts.tts(text=text, split_sentences=False, **more)
        except Exception as error:  # the package raises anything, asserts too
            why = f"{type(error).__name__} {' '.join(str(error).split())[:120]}"
            raise SynthesisError(
                Message(f"Coqui failed: {why}", f"Coqui が失敗しました: {why}"), where=line.place
            ) from error
        return Utterance(samples=np.asarray(wave, np.float32).reshape(-1), rate=int(tts.synthesizer.output_sample_rate))

    def sends(self, line: Line, voice: Voice) -> str:
        """The text as the model gets it."""
        return said(line, _settings(voice).reading)

    def powers_of(self, voice: Voice) -> Powers:
        """By the kind of model: XTTS takes short lines, only some can change speed."""
        kind = _kind(_settings(voice))
        return Powers(
            takes="kana",
            speed=kind in ("xtts", "vits", "glow_tts"),
            seed=True,
            threads=False,
            longest=LONGEST_XTTS if kind == "xtts" else LONGEST,
            clones=True,
            gpu=_settings(voice).device != "cpu",
        )

    def check(self, voice: Voice) -> None:
        """Package, licence, model files, clips, speaker; loads the model.

        Raises:
            EngineMissing: the package is not there. LicenceError: the model's licence is not agreed to. UnknownVoice:
            no such model, clip or speaker, or a damaged one.
        """
        settings = _settings(voice)
        if not _installed():
            raise EngineMissing(
                Message("Coqui TTS is not installed", "Coqui TTS が入っていません"),
                hint=Message(INSTALL, f"{INSTALL} を実行してください"),
            )
        _agreed(settings)
        _clips(settings)
        known = list(self._model(voice).speakers or [])
        if settings.speaker_name and settings.speaker_name not in known:
            raise UnknownVoice(
                Message(
                    f"the model has no speaker '{settings.speaker_name}'",
                    f"モデルに話者 '{settings.speaker_name}' はいません",
                ),
                where="speaker_name",
                hint=nearest(settings.speaker_name, known) if known else Message("remove it", "消してください"),
            )
        if (known or _kind(settings) == "xtts") and not settings.speaker_name and not settings.speaker_wav:
            raise UnknownVoice(
                Message(
                    "the model has several speakers and none is named", "話者が複数いるモデルですが、指定がありません"
                ),
                where="speaker_name",
                hint=nearest("", known) if known else Message("give speaker_wav:", "speaker_wav: を指定してください"),
            )

    def fingerprint(self, voice: Voice) -> str:
        """Hash of checkpoint, configuration and clips."""
        settings = _settings(voice)
        checkpoint, config = _files(settings)
        return " ".join(digest(path) for path in (checkpoint, config, *_clips(settings)))

    def health(self) -> tuple[Health, ...]:
        """Package and torch, and whether a GPU is used."""
        if not _installed():
            return (Health(ok=False, what=Message("not installed", "入っていません"), mend=INSTALL),)
        torch = metadata.version("torch") if importlib.util.find_spec("torch") else "none"
        rows = [
            Health(
                ok=torch != "none",
                what=Message(f"{_version()}, torch {torch}", f"{_version()}、torch {torch}"),
                mend=INSTALL,
            )
        ]
        models = sorted(path.name.replace("--", "/") for path in _catalogue().glob("tts_models--*"))
        listed = Message(", ".join(models) or "none yet", "、".join(models) or "まだありません")
        where = _catalogue()
        what = Message(f"catalogue models in {where}: {listed.en}", f"{where} のカタログモデル: {listed.ja}")
        rows.append(Health(ok=True, what=what))
        return tuple(rows)

    def close(self) -> None:
        """Let the models go."""
        self._models = {}

    def _model(self, voice: Voice) -> Any:
        """The model behind a voice, loaded when first asked for."""
        settings = _settings(voice)
        checkpoint, config = _files(settings)
        key = (str(checkpoint), str(config), settings.device)
        if key not in self._models:
            self._models[key] = _loaded(checkpoint, config, settings)
        return self._models[key]


def _settings(voice: Voice) -> CoquiSettings:
    assert isinstance(voice.settings, CoquiSettings)
    return voice.settings


def _installed() -> bool:
    return importlib.util.find_spec("TTS") is not None and importlib.util.find_spec("torch") is not None


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The packages below warn of themselves, log and print: that is not for the author."""
    for name in ("transformers", "TTS"):
        logging.getLogger(name).setLevel(logging.ERROR)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        yield


def _loaded(checkpoint: Path, config: Path, settings: CoquiSettings) -> Any:
    try:
        with _quiet():
            import torch
            from TTS.api import TTS

            torch.set_num_threads(settings.threads or min(4, max(1, (os.cpu_count() or 1) // 2)))
            device = settings.device if settings.device != "auto" else "cuda" if torch.cuda.is_available() else "cpu"
            tts = TTS(model_path=str(checkpoint), config_path=str(config), progress_bar=False).to(device)
            with contextlib.suppress(AttributeError):  # its own trimming ends a line at the first long rest
                tts.synthesizer.tts_config.audio.do_trim_silence = False
            with contextlib.suppress(ImportError, AttributeError):  # XTTS: カレー must not become "curry"
                tts.synthesizer.tts_model.tokenizer.katsu.use_foreign_spelling = False
            return tts
    except ImportError as error:
        raise EngineMissing(
            Message(f"Coqui TTS does not load: {error}", f"Coqui TTS を読み込めません: {error}"),
            hint=Message(INSTALL, f"{INSTALL} を実行してください"),
        ) from error
    except Exception as error:  # a damaged checkpoint fails in any way
        why = f"{type(error).__name__} {' '.join(str(error).split())[:120]}"
        raise UnknownVoice(
            Message(f"the model does not load: {why}", f"モデルを読み込めません: {why}"),
            where=str(checkpoint),
            hint=Message(
                "is it whole, and is config.json the one made with it?",
                "ファイルは完全ですか? config.json は同じモデルのものですか?",
            ),
        ) from error


# --- files ---------------------------------------------------------------------------------------------------------


def _catalogue() -> Path:
    """Where the package keeps models: $TTS_HOME, else the system's data folder."""
    if home := os.environ.get("TTS_HOME"):
        return Path(home) / "tts"
    if home := os.environ.get("XDG_DATA_HOME"):
        return Path(home) / "tts"
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA", "")) / "tts"
    inner = "Library/Application Support" if sys.platform == "darwin" else ".local/share"
    return Path.home() / inner / "tts"


def _by_name(settings: CoquiSettings) -> bool:
    return settings.model.startswith("tts_models/") and seen(settings.model) is None


def _agreed(settings: CoquiSettings) -> None:
    if not (_by_name(settings) and "xtts" in settings.model):
        return
    folder = _catalogue() / settings.model.replace("/", "--")
    if os.environ.get("COQUI_TOS_AGREED") == "1" or (folder / "tos_agreed.txt").is_file():
        return
    raise LicenceError(
        Message(
            "XTTS's weights are under the Coqui Public Model License: non-commercial use only, and you have not agreed yet",
            "XTTS の重みは Coqui Public Model License(非商用のみ)で、まだ同意されていません",
        ),
        where="model",
        hint=Message(
            "read https://coqui.ai/cpml, then: export COQUI_TOS_AGREED=1",
            "https://coqui.ai/cpml を読み、同意するなら export COQUI_TOS_AGREED=1 を実行してください",
        ),
    )


def _files(settings: CoquiSettings) -> tuple[Path, Path]:
    """Checkpoint (XTTS: its folder) and configuration.

    Raises:
        UnknownVoice: one of them is missing.
    """
    if _by_name(settings):
        place = _catalogue() / settings.model.replace("/", "--")
        if not place.is_dir():
            fetch = f"python -c \"from TTS.api import TTS; TTS('{settings.model}')\""
            raise UnknownVoice(
                Message(
                    f"the model '{settings.model}' is not on this machine",
                    f"モデル '{settings.model}' がこのマシンにありません",
                ),
                where="model",
                hint=Message(f"fetch it once: {fetch}", f"一度だけ取得してください: {fetch}"),
            )
    else:
        place = needed(settings.model, Message("model", "モデル"), kind=Path.exists)
    folder = place if place.is_dir() else place.parent
    config = needed(settings.config or str(folder / "config.json"), Message("configuration", "設定ファイル"))
    if place.is_file() or _model_kind(config, config.stat().st_mtime_ns) == "xtts":
        return place, config
    known = [folder / name for name in ("model_file.pth", "best_model.pth", "model.pth")]
    found = [path for path in (*known, *sorted(folder.glob("*.pth"))) if path.is_file()]
    if not found:
        raise UnknownVoice(
            Message(f"no checkpoint (*.pth) in {folder}", f"{folder} に *.pth がありません"),
            where="model",
            hint=Message("put the model's .pth file there", "モデルの .pth ファイルを置いてください"),
        )
    return found[0], config


def _clips(settings: CoquiSettings) -> list[Path]:
    return [needed(name, Message("clip", "音声クリップ")) for name in settings.speaker_wav]


def _kind(settings: CoquiSettings) -> str:
    config = _files(settings)[1]
    return _model_kind(config, config.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def _model_kind(config: Path, changed: int) -> str:
    """The kind of model that a configuration names, such as `vits` or `xtts`."""
    del changed
    try:
        facts = json.loads(config.read_text(encoding="utf-8"))
    except ValueError as error:
        raise UnknownVoice(
            Message(f"the model's configuration is damaged: {error}", f"モデルの設定ファイルが壊れています: {error}"),
            where=str(config),
            hint=Message("fetch it again from where the model comes from", "モデルの配布元から取得し直してください"),
        ) from error
    return str(facts.get("model", "")) if isinstance(facts, dict) else ""
