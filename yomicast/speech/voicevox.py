"""VOICEVOX and its kin over HTTP: VOICEVOX, AivisSpeech, SHAREVOX.

Readings are sent as accent phrases (`/accent_phrases?is_kana=true`); the server's user dictionary, which all its users
share, is never touched. The lengths of the morae come back with the phrases, so each word's time is known. Characters
are checked against `/speakers`, since some servers take an unknown id in silence; their terms come from
`/speaker_info`. Shapes: voicevox_engine's OpenAPI document, version 0.25.
"""

from __future__ import annotations

import copy
import math
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal, TypeAlias

from annotated_types import Ge, Le

from yomicast.errors import ConfigError, SynthesisError, UnknownVoice, YomicastError, nearest
from yomicast.model import Licence, Line, Message, Voice, WordTime
from yomicast.settings import STRICT
from yomicast.speech.engine import LOWER, Health, Powers, Utterance
from yomicast.speech.kana import Phrase, aquestalk, phrases
from yomicast.speech.wav import samples_of
from yomicast.speech.web import Server, glimpse

Json: TypeAlias = Any
"""What a server sent; `_shaped` looks at it before it is used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a server differs. `measures`: mora lengths and pitches are real, so words can be timed and pitch moved.
    `image`: its makers' container, for who has not the app.
    """

    name: str
    url: str
    image: str = ""
    measures: bool = True

    @property
    def start(self) -> Message:
        """What to do when nobody answers."""
        port = self.url.rpartition(":")[2]
        run = f"docker run --rm -p 127.0.0.1:{port}:{port} {self.image}"
        by_image = Message(f" (or {run})", f"(または {run})") if self.image else Message("", "")
        return Message(
            f"start {self.name}{by_image.en}, or correct url:",
            f"{self.name} を起動する{by_image.ja}か、url: を直してください",
        )


PROFILES: dict[str, Profile] = {
    "voicevox": Profile(name="VOICEVOX", url="http://127.0.0.1:50021", image="voicevox/voicevox_engine:cpu-latest"),
    "aivisspeech": Profile(
        name="AivisSpeech",
        url="http://127.0.0.1:10101",
        image="ghcr.io/aivis-project/aivisspeech-engine:cpu-latest",
        measures=False,
    ),
    "sharevox": Profile(name="SHAREVOX", url="http://127.0.0.1:50025"),
}
FRAMES_A_SECOND = 24_000 / 256
"""The engine rounds each phoneme to frames of this rate (voicevox_engine, tts_engine._to_frame)."""
SEMITONE = math.log(2) / 12
"""Mora pitch is the natural logarithm of the fundamental in Hz."""
UPSPEAK = 0.15
"""Seconds that the engine adds after a phrase that asks and ends on a voiced mora."""
PAD = 0.1
"""Seconds of silence asked for at both ends, trimmed afterwards."""
LONGEST = 240
"""Characters of kana a call: they travel in the address, nine bytes each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VoicevoxSettings:
    """`profile`: which server. `character` and `style` by name as the server lists them, or `style_id` alone. `url`:
    empty is the profile's own on this machine, or $YOMICAST_VOICEVOX_URL.
    """

    __pydantic_config__: ClassVar[Mapping[str, object]] = STRICT
    profile: Literal["voicevox", "aivisspeech", "sharevox"] = "voicevox"
    url: str = ""
    character: str = ""
    style: str = ""
    style_id: Annotated[int, Ge(-(2**31)), Le(2**31 - 1)] | None = None
    timeout: Annotated[float, Ge(1.0), Le(600.0)] = 60.0
    tries: Annotated[int, Ge(1), Le(10)] = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Character:
    """A character in one style, as the server lists it."""

    name: str
    uuid: str
    version: str
    style: str
    style_id: int


@dataclass(slots=True, kw_only=True)
class _Station:
    """A server and what it said of itself."""

    server: Server
    version: str
    cast: tuple[_Character, ...]


class Voicevox:
    """A client of one or several such servers."""

    name = "voicevox"
    version = "1"
    powers = Powers(
        takes="accent", speed=True, pitch=True, intonation=True, timings=True, lowers=True, threads=True, longest=LONGEST,
        rate=24_000, remote=True,
    )  # fmt: skip
    Settings = VoicevoxSettings

    def __init__(self) -> None:
        self._stations: dict[tuple[str, float, int], _Station] = {}
        self._lock = threading.Lock()

    def speak(self, line: Line, voice: Voice) -> Utterance:
        """Speak one line: phrases from the server, moved in pitch, spoken, words timed."""
        settings = _settings(voice)
        station, who = self._find(settings)
        found = phrases(line.words)
        asked = self._phrases(station.server, line, found, who.style_id)
        profile = PROFILES[settings.profile]
        low = [line.is_aside(line.words[phrase.owners[0]].start) for phrase in found]
        query = _query(asked, voice, profile, low)
        if not profile.measures:  # there it carries the text as written, from which the model takes its expression
            query["kana"] = line.spoken[line.words[0].start : line.words[-1].end] if line.words else line.spoken
        reply = station.server.ask("POST", "/synthesis", {"speaker": who.style_id}, body=query)
        samples, rate = samples_of(reply.body)
        words = _times(query, line, found) if profile.measures and found else ()
        return Utterance(samples=samples, rate=rate, words=words)

    def sends(self, line: Line, voice: Voice) -> str:
        """The accent phrases in kana; the text where nothing was read."""
        del voice
        return aquestalk(phrases(line.words)) or line.spoken

    def powers_of(self, voice: Voice) -> Powers:
        """AivisSpeech knows no mora lengths, and its pitch degrades."""
        real = PROFILES[_settings(voice).profile].measures
        return Powers(
            takes="accent", speed=True, pitch=real, intonation=True, timings=real, lowers=real, threads=True, longest=LONGEST,
            rate=24_000 if real else 44_100, remote=True,
        )  # fmt: skip

    def check(self, voice: Voice) -> None:
        """Server there, character and style known to it."""
        self._find(_settings(voice))

    def fingerprint(self, voice: Voice) -> str:
        """Version of the server and of the character."""
        station, who = self._find(_settings(voice))
        return f"{station.version} {who.uuid} {who.version} {who.style_id}"

    def terms(self, voice: Voice) -> Licence:
        """The character's terms as the server gives them: the credit line that its policy asks for, and the policy."""
        settings = _settings(voice)
        station, who = self._find(settings)
        answer = station.server.get("/speaker_info", {"speaker_uuid": who.uuid, "resource_format": "url"}).json()
        policy = _shaped(answer, dict).get("policy", "")
        name = PROFILES[settings.profile].name
        return Licence(credit=f"{name}:{who.name}", name=" ".join(str(policy).split())[:2_000])

    def health(self) -> tuple[Health, ...]:
        """Which of the servers answer on this machine."""
        rows = []
        for key, profile in PROFILES.items():
            url = _url(VoicevoxSettings(profile=key))  # type: ignore[arg-type]
            try:
                answer = Server(url=url, start=profile.start, timeout=2.0, tries=1).get("/version").json()
                rows.append(
                    Health(
                        ok=True, what=Message(f"{profile.name} {answer} at {url}", f"{profile.name} {answer}: {url}")
                    )
                )
            except YomicastError as error:
                what = Message(f"{profile.name}: {error.message.en}", f"{profile.name}: {error.message.ja}")
                rows.append(Health(ok=False, what=what, mend=profile.start))
        return tuple(rows)

    def close(self) -> None:
        """Cut what is in flight; ask the servers anew next time."""
        with self._lock:
            stations, self._stations = list(self._stations.values()), {}
        for station in stations:
            station.server.close()

    def _find(self, settings: VoicevoxSettings) -> tuple[_Station, _Character]:
        """The server and the character in it.

        Raises:
            EngineMissing: no server. UnknownVoice: no such character, style or id there.
        """
        profile, url = PROFILES[settings.profile], _url(settings)
        key = (url, settings.timeout, settings.tries)
        with self._lock:
            if key not in self._stations:
                server = Server(url=url, start=profile.start, timeout=settings.timeout, tries=settings.tries)
                self._stations[key] = _station(server)
            station = self._stations[key]
        return station, _chosen(station.cast, settings)

    @staticmethod
    def _phrases(server: Server, line: Line, found: Sequence[Phrase], style_id: int) -> list[Json]:
        """The server's accent phrases for a line.

        Raises:
            SynthesisError: it refuses the kana (400 with error_name), or nothing in the line can be spoken.
        """
        kana = aquestalk(found)
        where: dict[str, str | int] = {"text": kana or line.spoken, "speaker": style_id}
        if kana:
            where["is_kana"] = "true"
        reply = server.ask("POST", "/accent_phrases", where, also=(400,))
        if reply.status == 400:
            detail = _shaped(_shaped(reply.json(), dict).get("detail", {}), dict)
            what = f"{detail.get('error_name', '400')}: {detail.get('text', glimpse(reply.body))}"
            raise SynthesisError(
                Message(f"the server cannot read '{kana}': {what}", f"サーバーが読めません「{kana}」: {what}"),
                where=line.place,
                hint=Message("correct the reading in the lexicon", "辞書で読みを直してください"),
            )
        asked = [_phrase(phrase) for phrase in _shaped(reply.json(), list)]
        if not any(phrase["moras"] for phrase in asked):
            raise SynthesisError(
                Message(
                    f"nothing in it can be spoken: {line.spoken[:40]}", f"読める文字がありません: {line.spoken[:40]}"
                ),
                where=line.place,
            )
        return asked


def _settings(voice: Voice) -> VoicevoxSettings:
    assert isinstance(voice.settings, VoicevoxSettings)
    return voice.settings


def _url(settings: VoicevoxSettings) -> str:
    own = settings.url or (os.environ.get("YOMICAST_VOICEVOX_URL", "") if settings.profile == "voicevox" else "")
    return (own or PROFILES[settings.profile].url).rstrip("/")


def _shaped(value: object, kind: type | tuple[type, ...]) -> Json:
    """`value` if it is of that JSON type.

    Raises:
        SynthesisError: it is another: that is no server of this family.
    """
    if isinstance(value, kind):
        return value
    seen = repr(value)[:80]
    raise SynthesisError(
        Message(f"an unexpected answer: {seen}", f"想定外の応答です: {seen}"),
        hint=Message(
            "check the address and the port: is that the speech server?",
            "アドレスとポートを確かめてください。音声サーバーですか?",
        ),
    )


def _phrase(answer: object) -> Json:
    """An accent phrase that has all we read of it."""
    phrase = _shaped(answer, dict)
    rest = phrase.get("pause_mora")
    for mora in [*_shaped(phrase.get("moras"), list), *([rest] if rest else [])]:
        fields = _shaped(mora, dict)
        for key in ("vowel_length", "pitch"):
            fields[key] = float(_shaped(fields.get(key), (int, float)))
    return phrase


def _station(server: Server) -> _Station:
    version = _shaped(server.get("/version").json(), str)
    cast = [
        _Character(
            name=str(speaker.get("name")),
            uuid=str(speaker.get("speaker_uuid")),
            version=str(speaker.get("version")),
            style=str(style.get("name")),
            style_id=_shaped(style.get("id"), int),
        )
        for speaker in _shaped(server.get("/speakers").json(), list)
        for style in _shaped(_shaped(speaker, dict).get("styles"), list)
        if _shaped(style, dict).get("type", "talk") == "talk"
    ]
    return _Station(server=server, version=version, cast=tuple(cast))


def _chosen(cast: Sequence[_Character], settings: VoicevoxSettings) -> _Character:
    """The one character that the settings name.

    Raises:
        ConfigError: they name none. UnknownVoice: the server has none like that.
    """
    if settings.style_id is None and not settings.character:
        raise ConfigError(
            Message("no character is named", "キャラクターが指定されていません"),
            where="character",
            hint=nearest("", {who.name for who in cast}),
        )
    if settings.style_id is not None:
        found = [who for who in cast if who.style_id == settings.style_id]
        asked, known = str(settings.style_id), {f"{who.style_id} ({who.name}・{who.style})" for who in cast}
        where = "style_id"
    else:
        of_name = [who for who in cast if who.name == settings.character]
        found = [who for who in of_name if settings.style in ("", who.style)]
        asked, known, where = settings.character, {who.name for who in cast}, "character"
        if of_name and not found:
            asked, known, where = settings.style, {who.style for who in of_name}, "style"
    if found:
        return found[0]
    raise UnknownVoice(
        Message(f"the server has no '{asked}'", f"サーバーに '{asked}' がありません"),
        where=where,
        hint=nearest(asked, known),
    )


def _query(asked: Sequence[Json], voice: Voice, profile: Profile, low: Sequence[bool] = ()) -> dict[str, Json]:
    """An AudioQuery with the voice's speed, pitch and intonation; `low`: phrases that are said lower.

    Pitch moves each voiced mora's own logarithm, which is exact in semitones; `pitchScale` multiplies it instead.
    """
    moved = copy.deepcopy(list(asked))
    known = low if len(low) == len(moved) else [False] * len(moved)
    for phrase, lower in zip(moved, known, strict=True):
        for mora in phrase["moras"]:
            if profile.measures and mora["pitch"] > 0:
                mora["pitch"] += (voice.pitch + LOWER * lower) * SEMITONE
    rate = 24_000 if profile.measures else 44_100
    return {
        "accent_phrases": moved,
        "speedScale": voice.speed,
        "pitchScale": 0.0,
        "intonationScale": voice.intonation,
        "volumeScale": 1.0,
        "prePhonemeLength": PAD,
        "postPhonemeLength": PAD,
        "pauseLength": None,
        "pauseLengthScale": 1.0,
        "outputSamplingRate": rate,
        "outputStereo": False,
    }


def _frames(seconds: float | None, speed: float) -> int:
    """A phoneme's length in the engine's frames, half to even as the engine rounds."""
    return round((seconds or 0.0) / speed * FRAMES_A_SECOND)


def _times(query: Mapping[str, Json], line: Line, sent: Sequence[Phrase]) -> tuple[WordTime, ...]:
    """When each word sounds, from the mora lengths; none if the server split the kana otherwise than we did."""
    if [len(phrase["moras"]) for phrase in query["accent_phrases"]] != [len(phrase.morae) for phrase in sent]:
        return ()
    speed = query["speedScale"]
    at = _frames(query["prePhonemeLength"], speed)
    spans: dict[tuple[int, int], list[int]] = {}
    for phrase, mine in zip(query["accent_phrases"], sent, strict=True):
        for mora, owner in zip(phrase["moras"], mine.owners, strict=True):
            word = line.words[owner]
            length = _frames(mora.get("consonant_length"), speed) + _frames(mora["vowel_length"], speed)
            span = spans.setdefault((word.start, word.end), [at, at])
            at += length
            span[1] = at
        if phrase.get("is_interrogative") and phrase["moras"][-1]["pitch"] > 0:
            at += _frames(UPSPEAK, speed)
        if phrase.get("pause_mora"):
            at += _frames(phrase["pause_mora"]["vowel_length"], speed)
    return tuple(
        WordTime(start=a / FRAMES_A_SECOND, end=b / FRAMES_A_SECOND, start_char=first, end_char=last)
        for (first, last), (a, b) in spans.items()
        if b > a
    )
