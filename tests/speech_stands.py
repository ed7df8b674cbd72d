"""Servers and programs that engines talk to in tests, and a voice for each engine.

The VOICEVOX stand-in is built from the engine's published OpenAPI document and notation and refuses what the real one
refuses; it shares no code with ours. `YOMICAST_VOICEVOX_URL` puts a real engine (mock mode will do) in its place.
"""

import contextlib
import io
import json
import math
import os
import sys
import threading
import wave
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import numpy as np

from yomicast import speech
from yomicast.model import Line, Place, Voice, Word
from yomicast.speech.command import CommandSettings
from yomicast.speech.openai import OpenAISettings
from yomicast.speech.openjtalk import OpenJTalkSettings
from yomicast.speech.voicevox import VoicevoxSettings


def word(surface, pron="", start=0, **more):
    return Word(surface=surface, pron=pron, start=start, end=start + len(surface), **more)


def line(text="今日は、晴れです。", words=(), **more):
    return Line(
        shown=text, spoken=text, role=more.pop("role", "body"), place=Place(file="a.txt", line=3), pause=0.7,
        words=tuple(words), **more,
    )  # fmt: skip


def read_line(**more):
    """「今日は、晴れです。」 with readings and accents."""
    words = (
        word("今日", "キョー", 0, accent=1),
        word("は", "ワ", 2, chained=True),
        word("、", "", 3, sign="、"),
        word("晴れ", "ハレ", 4, accent=2),
        word("です", "デス’", 6, chained=True),
        word("。", "", 8, sign="、"),
    )
    return line("今日は、晴れです。", words, **more)


def voice(engine, settings=None, **more):
    return Voice(
        name=more.pop("name", engine), engine=engine, settings=settings or speech.settings_type(engine)(), **more
    )


def wav(samples, rate=24_000, channels=1):
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def tone(seconds, rate=24_000, hertz=220, level=0.4):
    return level * np.sin(2 * np.pi * hertz * np.arange(round(seconds * rate)) / rate)


class Handler(BaseHTTPRequestHandler):
    """`server.answer(request)` gives (status, type, bytes[, headers]); what was asked is kept in `server.asked`."""

    def _go(self):
        parts = urlsplit(self.path)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        asked = {
            "method": self.command, "path": parts.path, "headers": dict(self.headers), "body": body,
            "query": {k: v[0] for k, v in parse_qs(parts.query, keep_blank_values=True).items()},
        }  # fmt: skip
        self.server.asked.append(asked)
        status, kind, data, *more = self.server.answer(asked)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        headers = more[0] if more else {}
        for name, value in ({"Content-Length": str(len(data))} | headers).items():
            if value is not None:
                self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_DELETE = do_PUT = _go  # noqa: N815

    def log_message(self, *args):
        """Silence."""


@contextlib.contextmanager
def serving(answer):
    """A server on this machine that answers with `answer`; its address is `server.url`."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.asked, server.answer = [], answer
    server.url = f"http://127.0.0.1:{server.server_port}"
    server.handle_error = lambda *_: None
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


# --- VOICEVOX ------------------------------------------------------------------------------------------------------

MORAE = set(
    """ァ ア ィ イ イェ ゥ ウ ウィ ウゥ ウェ ウォ ェ エ ォ オ カ ガ キ キィ キェ キャ キュ キョ ギ ギィ ギェ ギャ ギュ ギョ ク クァ クィ クゥ クェ
    クォ クヮ グ グァ グィ グゥ グェ グォ グヮ ケ ゲ コ ゴ サ ザ シ シェ シャ シュ ショ ジ ジェ ジャ ジュ ジョ ス スィ ズ ズィ セ ゼ ソ ゾ タ ダ チ チェ チャ
    チュ チョ ヂ ヂェ ヂャ ヂュ ヂョ ッ ツ ツァ ツィ ツェ ツォ ヅ テ ティ テェ テャ テュ テョ デ ディ デェ デャ デュ デョ ト トゥ ド ドゥ ナ ニ ニィ ニェ ニャ
    ニュ ニョ ヌ ネ ノ ハ バ パ ヒ ヒィ ヒェ ヒャ ヒュ ヒョ ビ ビィ ビェ ビャ ビュ ビョ ピ ピィ ピェ ピャ ピュ ピョ フ ファ フィ フェ フォ ブ プ ヘ ベ ペ ホ ボ
    ポ マ ミ ミィ ミェ ミャ ミュ ミョ ム メ モ ャ ヤ ュ ユ ョ ヨ ラ リ リィ リェ リャ リュ リョ ル レ ロ ヮ ワ ヰ ヱ ヲ ン ヴ ヴァ ヴィ ヴェ ヴォ ヴャ ヴュ ヴョ
    ヶ""".split()
)
SPEAKERS = [
    {
        "name": "試験つむぎ", "speaker_uuid": "00000000-0000-4000-8000-000000000001", "version": "0.1.0",
        "supported_features": {"permitted_synthesis_morphing": "ALL"},
        "styles": [{"name": "ノーマル", "id": 2, "type": "talk"}, {"name": "ささやき", "id": 4, "type": "talk"}],
    },
    {
        "name": "試験たろう", "speaker_uuid": "00000000-0000-4000-8000-000000000002", "version": "0.1.0",
        "styles": [{"name": "ノーマル", "id": -1878365376}, {"name": "うた", "id": 6000, "type": "sing"}],
    },
]  # fmt: skip
POLICY = "利用規約\n\n利用の際は「VOICEVOX:試験つむぎ」とクレジットを記載してください。\n"


def as_json(value, status=200):
    return status, "application/json", json.dumps(value, ensure_ascii=False).encode()


def kana_error(name, said, **arguments):
    return as_json({"detail": {"text": said, "error_name": name, "error_args": arguments}}, 400)


def missing(*location):
    return as_json({"detail": [{"type": "missing", "loc": location, "msg": "Field required", "input": None}]}, 422)


def mora(text, voiced=True):
    vowel = {"ン": "N", "ッ": "cl"}.get(text, "a" if voiced else "A")
    silent = not voiced or vowel == "cl"
    consonant = None if text in "アイウエオンッ" else "k"
    return {
        "text": text, "consonant": consonant, "consonant_length": 0.05 if consonant else None, "vowel": vowel,
        "vowel_length": 0.06 + 0.01 * (ord(text[0]) % 5), "pitch": 0.0 if silent else 5.5,
    }  # fmt: skip


def parse_phrase(phrase):
    """One accent phrase of the notation, or the refusal."""
    morae, accent, at = [], None, 0
    while at < len(phrase):
        if phrase[at] == "'":
            if not morae:
                return None, kana_error("ACCENT_TOP", f"句頭にアクセントは置けません: {phrase}", text=phrase)
            if accent is not None:
                return None, kana_error("ACCENT_TWICE", f"二つ以上のアクセント: {phrase}", text=phrase)
            accent, at = len(morae), at + 1
            continue
        voiced = phrase[at] != "_"
        start = at if voiced else at + 1
        two, one = phrase[start : start + 2], phrase[start : start + 1]
        found = two if two in MORAE and len(two) == 2 else one if one in MORAE else ""
        if not found or (not voiced and found in ("ン", "ッ")):
            return None, kana_error("UNKNOWN_TEXT", f"判別できない読み仮名があります: {phrase[at:]}", text=phrase[at:])
        morae.append(mora(found, voiced))
        at = start + len(found)
    if accent is None:
        return None, kana_error("ACCENT_NOTFOUND", f"アクセントを指定していない句: {phrase}", text=phrase)
    return {"moras": morae, "accent": accent, "pause_mora": None, "is_interrogative": False}, None


def parse_kana(text):
    phrases = []
    start = 0
    for n in range(len(text) + 1):
        if n < len(text) and text[n] not in "/、":
            continue
        part, start = text[start:n], n + 1
        if not part:
            return None, kana_error("EMPTY_PHRASE", "アクセント句が空白です", position=str(len(phrases) + 1))
        if "？" in part[:-1]:
            return None, kana_error("INTERROGATION_MARK_NOT_AT_END", f"句末以外の「？」: {part}", text=part)
        phrase, refused = parse_phrase(part.rstrip("？"))
        if refused:
            return None, refused
        phrase["is_interrogative"] = part.endswith("？")
        if n < len(text) and text[n] == "、":
            pause = {
                "text": "、",
                "consonant": None,
                "consonant_length": None,
                "vowel": "pau",
                "vowel_length": 0.3,
                "pitch": 0.0,
            }
            phrase["pause_mora"] = pause
        phrases.append(phrase)
    return phrases, None


REQUIRED = (
    "accent_phrases", "speedScale", "pitchScale", "intonationScale", "volumeScale", "prePhonemeLength",
    "postPhonemeLength", "outputSamplingRate", "outputStereo",
)  # fmt: skip


def sound(query):
    """Each phoneme as long as the real engine makes it: rounded to frames of 256 at 24 kHz."""

    def frames(seconds):
        return round((seconds or 0) / query["speedScale"] * 93.75)

    parts = [np.zeros(256 * frames(query["prePhonemeLength"]))]
    for phrase in query["accent_phrases"]:
        morae = list(phrase["moras"])
        if phrase.get("is_interrogative") and morae[-1]["pitch"] > 0:
            morae.append({**morae[-1], "consonant": None, "consonant_length": None, "vowel_length": 0.15})
        for one in [*morae, *([phrase["pause_mora"]] if phrase.get("pause_mora") else [])]:
            count = 256 * (frames(one.get("consonant_length")) + frames(one["vowel_length"]))
            loud = one["vowel"] not in ("pau", "cl")
            hertz = math.exp(one["pitch"]) if one["pitch"] > 0 else 900
            parts.append(0.4 * loud * np.sin(2 * np.pi * hertz * np.arange(count) / 24_000))
    parts.append(np.zeros(256 * frames(query["postPhonemeLength"])))
    return np.concatenate(parts)


def voicevox(asked):
    """What VOICEVOX ENGINE answers."""
    path, query = asked["path"], asked["query"]
    if path == "/version":
        return as_json("0.25.0")
    if path == "/speakers":
        return as_json(SPEAKERS)
    if path == "/speaker_info":
        if "speaker_uuid" not in query:
            return missing("query", "speaker_uuid")
        if query["speaker_uuid"] not in {s["speaker_uuid"] for s in SPEAKERS}:
            return as_json({"detail": "該当するキャラクターが見つかりません"}, 404)
        return as_json({"policy": POLICY, "portrait": "x", "style_infos": []})
    if asked["method"] != "POST" or path not in ("/accent_phrases", "/synthesis"):
        return as_json({"detail": "Not Found"}, 404)
    if "speaker" not in query:
        return missing("query", "speaker")
    if not query["speaker"].lstrip("-").isdigit():
        return as_json(
            {"detail": [{"type": "int_parsing", "loc": ["query", "speaker"], "msg": "int", "input": "x"}]}, 422
        )
    if path == "/accent_phrases":
        if "text" not in query:
            return missing("query", "text")
        if query.get("is_kana") == "true":
            phrases, refused = parse_kana(query["text"])
            return refused or as_json(phrases)
        kana = [c for c in query["text"] if c.isalnum()]
        return as_json([{"moras": [mora("ア") for _ in kana], "accent": 1}] if kana else [])
    body = json.loads(asked["body"] or b"null")
    for key in REQUIRED:
        if not isinstance(body, dict) or key not in body:
            return missing("body", key)
    for phrase in body["accent_phrases"]:
        for one in phrase["moras"]:
            for key in ("text", "vowel", "vowel_length", "pitch"):
                if key not in one:
                    return missing("body", "accent_phrases", 0, "moras", 0, key)
    return 200, "audio/wav", wav(sound(body), body["outputSamplingRate"])


# --- others --------------------------------------------------------------------------------------------------------


def openai(asked):
    """What OpenAI's speech endpoint answers to a request that its reference allows; 400 to any other."""
    body = json.loads(asked["body"] or b"null")
    allowed = {"model", "input", "voice", "response_format", "speed", "instructions", "stream_format"}
    faults = [
        asked["method"] != "POST" or asked["path"] != "/v1/audio/speech",
        asked["headers"].get("Content-Type") != "application/json",
        not isinstance(body, dict) or not {"model", "input", "voice"} <= set(body) <= allowed,
    ]
    if any(faults) or not 0 < len(body["input"]) <= 4096 or not 0.25 <= body.get("speed", 1) <= 4:
        return as_json({"error": {"message": "invalid request", "type": "invalid_request_error"}}, 400)
    samples = tone(0.12 * len(body["input"]) / body.get("speed", 1))
    if body.get("response_format") == "pcm":
        return 200, "audio/pcm", (samples * 32767).astype("<i2").tobytes()
    return 200, "audio/wav", wav(samples)


SPEAKER = """
import math, struct, sys, wave
text = sys.argv[2] if len(sys.argv) > 2 else sys.stdin.buffer.read().decode().strip()
frames = int(16000 * 0.1 * len(text))
data = b"".join(struct.pack("<h", int(9000 * math.sin(n / 12))) for n in range(frames))
out = wave.open(sys.argv[1] if len(sys.argv) > 1 and sys.argv[1] != "-" else sys.stdout.buffer, "wb")
out.setnchannels(1); out.setsampwidth(2); out.setframerate(16000); out.writeframes(data); out.close()
"""


@contextlib.contextmanager
def standing(engine, folder):
    """A voice of that engine with all it needs; engines from outside stand on their defaults."""
    with contextlib.ExitStack() as stack:
        if engine == "voicevox":
            url = os.environ.get("YOMICAST_VOICEVOX_URL") or stack.enter_context(serving(voicevox)).url
            yield voice(engine, VoicevoxSettings(url=url, style_id=2, tries=2))
        elif engine == "openai":
            url = stack.enter_context(serving(openai)).url
            yield voice(engine, OpenAISettings(url=f"{url}/v1", voice="alloy", longest=60, tries=2))
        elif engine == "command":
            program = folder / "speaker.py"
            program.write_text(SPEAKER, encoding="utf-8")
            yield voice(engine, CommandSettings(argv=(sys.executable, str(program)), longest=60, timeout=20))
        elif engine == "openjtalk":
            yield voice(engine, OpenJTalkSettings())
        elif engine == "coqui":
            from tests.tiny_models import vits

            yield voice(engine, speech.settings_type(engine)(model=str(vits(folder / "vits"))))
        else:
            yield voice(engine)
