"""Any server that speaks OpenAI's `/v1/audio/speech`: OpenAI itself, Kokoro-FastAPI, piper-plus, Xinference, LocalAI.

OpenAI's API reference, "Create speech": `model`, `input` (at most 4,096 characters), `voice`, `response_format` (`wav`,
`pcm` = 24 kHz 16 bit little endian, …), `speed` 0.25–4, `instructions`. The key comes from the environment, goes over
https or to this machine only, and is never quoted.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from urllib.parse import urlsplit

from annotated_types import Ge, Le, Len

from yomicast.errors import ConfigError, EngineMissing, SynthesisError
from yomicast.model import Line, Message, Voice
from yomicast.settings import STRICT
from yomicast.speech.engine import Powers, Utterance
from yomicast.speech.kana import said
from yomicast.speech.wav import pcm16, samples_of
from yomicast.speech.web import Server, glimpse, is_local

PCM_RATE = 24_000
LONGEST = 4_096


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenAISettings:
    """`url`: up to and with `/v1`. `voice`: the server's name of it. `key_env`: the environment variable that holds the
    key. `reading`: what is sent: the `text`, the text with decided readings in kana (`corrected`), or all `kana`.
    `version`: say another one to have everything spoken anew, as a server may change its voice unseen.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    voice: Annotated[str, Len(1, 200)]
    model: Annotated[str, Len(1, 200)] = "gpt-4o-mini-tts"
    url: str = "https://api.openai.com/v1"
    key_env: str = "OPENAI_API_KEY"
    instructions: Annotated[str, Len(0, 4_096)] = ""
    format: Literal["wav", "pcm"] = "wav"
    reading: Literal["text", "corrected", "kana"] = "corrected"
    longest: Annotated[int, Ge(10), Le(LONGEST)] = 1_000
    timeout: Annotated[float, Ge(1.0), Le(600.0)] = 60.0
    tries: Annotated[int, Ge(1), Le(10)] = 4
    version: str = ""


class OpenAI:
    """A client of one or several such servers."""

    name = "openai"
    version = "1"
    powers = Powers(takes="plain", speed=True, threads=True, steady=False, longest=LONGEST, remote=True)
    Settings = OpenAISettings

    def __init__(self) -> None:
        self._servers: dict[OpenAISettings, Server] = {}
        self._lock = threading.Lock()

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Ask for one line."""
        settings = _settings(voice)
        key = _key(settings)
        question: dict[str, object] = {
            "model": settings.model,
            "input": self.sends(line, voice),
            "voice": settings.voice,
            "response_format": settings.format,
            "speed": voice.speed,
        }
        if settings.instructions:
            question["instructions"] = settings.instructions
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        reply = self._server(settings, key).ask("POST", "/audio/speech", body=question, headers=headers)
        if reply.kind in ("text/html", "application/json"):
            seen = glimpse(reply.body, key)
            raise SynthesisError(
                Message(
                    f"the server answered with {reply.kind}: {seen}", f"音ではなく {reply.kind} が届きました: {seen}"
                ),
                where=settings.url,
                hint=Message("the address should end in /v1", "アドレスは /v1 で終わるはずです"),
            )
        if settings.format == "pcm" and not reply.body.startswith(b"RIFF"):
            return Utterance(samples=pcm16(reply.body), rate=PCM_RATE)
        samples, rate = samples_of(reply.body)
        return Utterance(samples=samples, rate=rate)

    def sends(self, line: Line, voice: Voice) -> str:
        """The text as the server gets it."""
        return said(line, _settings(voice).reading)

    def powers_of(self, voice: Voice) -> Powers:
        """The same, with the longest input of the voice file."""
        return Powers(speed=True, threads=True, steady=False, longest=_settings(voice).longest, remote=True)

    def check(self, voice: Voice) -> None:
        """Key and address; whether the server answers shows with the first line, as not all can list anything."""
        settings = _settings(voice)
        self._server(settings, _key(settings))

    def fingerprint(self, voice: Voice) -> str:
        """Server, model, voice: all that is known of what is behind them."""
        settings = _settings(voice)
        return f"{settings.url} {settings.model} {settings.voice} {settings.version}"

    def close(self) -> None:
        """Cut what is in flight."""
        with self._lock:
            servers, self._servers = list(self._servers.values()), {}
        for server in servers:
            server.close()

    def _server(self, settings: OpenAISettings, key: str) -> Server:
        with self._lock:
            if settings not in self._servers:
                self._servers[settings] = Server(
                    url=settings.url,
                    start=_start(settings),
                    timeout=settings.timeout,
                    tries=settings.tries,
                    secret=key,
                )
            return self._servers[settings]


def _settings(voice: Voice) -> OpenAISettings:
    assert isinstance(voice.settings, OpenAISettings)
    return voice.settings


def _start(settings: OpenAISettings) -> Message:
    if is_local(urlsplit(settings.url).hostname or ""):
        return Message("start the server, or correct url:", "サーバーを起動するか、url: を直してください")
    return Message("check the network, or correct url:", "ネットワークを確かめるか、url: を直してください")


def _key(settings: OpenAISettings) -> str:
    """The key; empty for a server on this machine that wants none."""
    key = os.environ.get(settings.key_env, "").strip() if settings.key_env else ""
    parts = urlsplit(settings.url)
    local = is_local(parts.hostname or "")
    if key and parts.scheme != "https" and not local:
        raise ConfigError(
            Message("a key would go over the network in the clear", "キーが暗号化されずに送られてしまいます"),
            where="url",
            hint=Message(
                "use https, or key_env: '' if the server wants no key",
                "https を使うか、キーが不要なら key_env: '' と書いてください",
            ),
        )
    if not key and settings.key_env and not local:
        raise EngineMissing(
            Message(f"no key in ${settings.key_env}", f"環境変数 {settings.key_env} にキーがありません"),
            where="key_env",
            hint=Message(f"export {settings.key_env}=…", f"export {settings.key_env}=… を実行してください"),
        )
    return key
