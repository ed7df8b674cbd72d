"""Speech servers that are away, busy, wrong, slow or torn: explained in time, and never asked twice for nothing."""

import contextlib
import dataclasses
import json
import os
import socket
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.speech_stands import POLICY, line, openai, read_line, serving, tone, voice, voicevox, wav, word
from yomicast import speech
from yomicast.errors import ConfigError, EngineMissing, SynthesisError, UnknownVoice, YomicastError
from yomicast.model import Message
from yomicast.speech import speaking, web
from yomicast.speech.openai import OpenAISettings
from yomicast.speech.voicevox import PROFILES, VoicevoxSettings
from yomicast.speech.web import Server

START = Message("start it", "起動してください")


@pytest.fixture(autouse=True)
def fresh(monkeypatch):
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "YOMICAST_VOICEVOX_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    speech.close()
    yield
    speech.close()


class Naps(threading.Event):
    """Waiting is written down, not done."""

    def __init__(self):
        super().__init__()
        self.taken = []

    def wait(self, timeout=None):
        self.taken.append(timeout)
        return self.is_set()


@pytest.fixture
def naps():
    return Naps()


def closed_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


# --- the client ----------------------------------------------------------------------------------------------------


def test_nobody_there_is_said_with_the_way_out():
    server = Server(url=f"http://127.0.0.1:{closed_port()}", start=START, tries=1)
    with pytest.raises(EngineMissing) as caught:
        server.get("/version")
    assert caught.value.hint is START


@pytest.mark.parametrize("url", ["", "localhost:50021", "ftp://a/b", "file:///etc/passwd", "http://", "http://u:p@h/"])
def test_what_is_no_address_is_a_mistake_in_the_voice_file(url):
    with pytest.raises(ConfigError):
        Server(url=url, start=START)


@contextlib.contextmanager
def answering(*answers):
    """A server that gives these answers in turn, the last one for ever."""
    left = list(answers)
    with serving(lambda _asked: left.pop(0) if len(left) > 1 else left[0]) as server:
        yield server


OK = (200, "application/json", b'"0.25.0"')


@pytest.mark.parametrize(
    ("header", "waits"), [("3", 3.0), ("0", 0.0), (None, 0.5), ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0), ("soon", 0.5)]
)
def test_a_busy_server_is_asked_again_when_it_says(header, waits, naps):
    with answering((429, "text/plain", b"slow down", {"Retry-After": header}), OK) as server:
        assert Server(url=server.url, start=START, _stop=naps).get("/").json() == "0.25.0"
        assert len(server.asked) == 2
    assert naps.taken == pytest.approx([waits])


def test_a_limit_that_lasts_long_is_not_waited_for(naps):
    with answering((429, "application/json", b'{"error":{"message":"quota"}}', {"Retry-After": "3600"})) as server:
        with pytest.raises(SynthesisError, match="3600"):
            Server(url=server.url, start=START, _stop=naps).get("/")
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
def test_a_fault_of_the_server_is_tried_a_few_times(status, naps):
    with answering((status, "text/plain", b"oops")) as server:
        with pytest.raises(SynthesisError, match=str(status)):
            Server(url=server.url, start=START, tries=3, _stop=naps).get("/")
        assert len(server.asked) == 3
    assert naps.taken == [0.5, 1.0]


@pytest.mark.parametrize("status", [301, 400, 401, 403, 404, 418, 422])
def test_a_refusal_is_final_and_quoted(status, naps):
    body = json.dumps({"error": {"message": "no <b>such</b>\n thing"}}).encode()
    with answering((status, "application/json", body, {"Location": "http://127.0.0.1:1/"})) as server:
        with pytest.raises(SynthesisError, match=f"{status}: no such thing"):
            Server(url=server.url, start=START, _stop=naps).get("/")
        assert len(server.asked) == 1


def test_a_cut_answer_is_asked_for_again(naps):
    with answering((200, "application/json", b'"0.', {"Content-Length": "9"}), OK) as server:
        assert Server(url=server.url, start=START, _stop=naps).get("/").json() == "0.25.0"


def test_an_answer_that_is_always_cut_is_an_error(naps):
    with answering((200, "audio/wav", b"RIFF", {"Content-Length": "900"})) as server:
        with pytest.raises(SynthesisError, match="broke"):
            Server(url=server.url, start=START, tries=2, _stop=naps).get("/")
        assert len(server.asked) == 2


def test_an_answer_without_end_is_stopped():
    with answering((200, "audio/wav", b"\0" * 300_000)) as server, pytest.raises(SynthesisError, match="too much"):
        Server(url=server.url, start=START, largest=100_000).get("/")


def test_silence_on_the_line_times_out():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        server = Server(url=f"http://127.0.0.1:{mute.getsockname()[1]}", start=START, timeout=0.2, tries=1)
        with pytest.raises(SynthesisError, match="no answer within"):
            server.get("/")


def test_a_server_that_drips_is_given_up():
    def drip(sock):
        peer, _ = sock.accept()
        with peer, contextlib.suppress(OSError):
            peer.recv(4096)
            peer.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
            for _ in range(60):
                peer.sendall(b"x" * 10)
                time.sleep(0.05)

    with socket.create_server(("127.0.0.1", 0)) as sock:
        threading.Thread(target=drip, args=(sock,), daemon=True).start()
        server = Server(url=f"http://127.0.0.1:{sock.getsockname()[1]}", start=START, timeout=0.15, tries=1)
        began = time.monotonic()
        with pytest.raises(SynthesisError):
            server.get("/")
        assert time.monotonic() - began < 5


def test_a_request_in_flight_ends_when_the_server_is_closed():
    with socket.create_server(("127.0.0.1", 0)) as mute:
        server = Server(url=f"http://127.0.0.1:{mute.getsockname()[1]}", start=START, timeout=30)
        threading.Timer(0.2, server.close).start()
        began = time.monotonic()
        with pytest.raises(SynthesisError):
            server.get("/")
        assert time.monotonic() - began < 5


def test_a_key_is_never_quoted():
    assert "SECRETKEY" not in web.glimpse(b"bad key SECRETKEY", "SECRETKEY")
    assert "sk-abcdef" not in web.glimpse(b'{"error": {"message": "Incorrect API key: sk-abcdefghij"}}')


def test_the_proxy_of_the_environment_is_for_far_servers_only(monkeypatch):
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{closed_port()}")
    with answering(OK) as server:
        assert Server(url=server.url, start=START).get("/").status == 200
        monkeypatch.setenv("http_proxy", server.url)
        assert Server(url="http://speech.example", start=START).get("/v").status == 200
        assert server.asked[-1]["headers"]["Host"] == "speech.example"


# --- VOICEVOX ------------------------------------------------------------------------------------------------------


@pytest.fixture
def station():
    with serving(voicevox) as server:
        yield server


def tsumugi(server, **more):
    settings = {"url": server.url, "character": "試験つむぎ", "tries": 1, "timeout": 5.0}
    return voice("voicevox", VoicevoxSettings(**{**settings, **more.pop("settings", {})}), **more)


def say(spoken, asked):
    return speech.opened(asked.engine).speak(spoken, asked)


def test_readings_go_as_accent_phrases_and_the_dictionary_is_left_alone(station):
    say(read_line(), tsumugi(station))
    posted = [(a["path"], a["query"].get("text")) for a in station.asked if a["method"] == "POST"]
    assert posted == [("/accent_phrases", "キョ'オワ、ハレ'デ_ス"), ("/synthesis", None)]
    assert not [a for a in station.asked if "dict" in a["path"]]


def test_a_line_nobody_read_goes_as_text(station):
    say(line("青い空。"), tsumugi(station))
    asked = next(a for a in station.asked if a["path"] == "/accent_phrases")
    assert asked["query"] == {"text": "青い空。", "speaker": "2"}


def test_words_are_timed_to_the_frame_of_what_is_heard(station):
    """The stand-in makes each phoneme as long as the real engine does; rests between words are silent."""
    for speed in (1.0, 1.3):
        made = say(read_line(), tsumugi(station, speed=speed))
        kyo, wa, hare, desu = made.words
        assert [(w.start_char, w.end_char) for w in made.words] == [(0, 2), (2, 3), (4, 6), (6, 8)]
        assert np.abs(made.samples[: round(kyo.start * 24_000)]).max() == 0
        rest = made.samples[round(wa.end * 24_000) + 1 : round(hare.start * 24_000)]
        assert len(rest) > 2_000
        assert np.abs(rest).max() == 0
        assert np.abs(made.samples[round(desu.end * 24_000) + 1 :]).max() == 0
        assert kyo.end == wa.start


def test_a_question_rises_and_its_length_counts(station):
    words = [word("雨", "アメ", accent=1), word("？", sign="？", start=1), word("雪", "ユキ", 2, accent=2)]
    made = say(line("雨？雪", words), tsumugi(station))
    snow = round(made.words[1].start * 24_000)
    assert np.abs(made.samples[snow - 2_000 : snow]).max() == 0
    assert np.abs(made.samples[snow : snow + 256]).max() > 0.1
    body = json.loads(next(a for a in station.asked if a["path"] == "/synthesis")["body"])
    assert body["accent_phrases"][0]["is_interrogative"]


def test_speed_intonation_and_pitch_arrive(station):
    say(read_line(), tsumugi(station, speed=1.2, intonation=0.7, pitch=2.0))
    body = json.loads(next(a for a in station.asked if a["path"] == "/synthesis")["body"])
    assert (body["speedScale"], body["intonationScale"], body["pitchScale"]) == (1.2, 0.7, 0.0)
    pitches = sorted({m["pitch"] for p in body["accent_phrases"] for m in p["moras"]})
    assert pitches == pytest.approx([0.0, 5.5 + 2 * np.log(2) / 12])


@pytest.mark.parametrize(
    ("settings", "error", "where"),
    [
        ({"character": "試験つむき"}, UnknownVoice, "character"), ({"style": "さけび"}, UnknownVoice, "style"),
        ({"character": "", "style_id": 99}, UnknownVoice, "style_id"), ({"character": ""}, ConfigError, "character"),
        ({"character": "", "style_id": 6000}, UnknownVoice, "style_id"),
    ],
    ids=["character", "style", "id", "nobody", "a-singing-style"],
)  # fmt: skip
def test_who_is_not_there_is_said_before_a_line_is_spoken(station, settings, error, where):
    with pytest.raises(error) as caught:
        speech.ready({"quote": tsumugi(station, settings=settings)})
    assert where in str(caught.value.where)
    assert not [a for a in station.asked if a["method"] == "POST"]


def test_styles_and_signed_ids_are_found(station):
    say(line("雨"), tsumugi(station, settings={"style": "ささやき"}))
    say(line("雨"), tsumugi(station, settings={"character": "", "style_id": -1878365376, "profile": "aivisspeech"}))
    spoken = [a["query"]["speaker"] for a in station.asked if a["path"] == "/synthesis"]
    assert spoken == ["4", "-1878365376"]


def test_aivisspeech_has_no_times_and_no_pitch_but_takes_the_text_as_written(station):
    aivis = tsumugi(station, settings={"profile": "aivisspeech"})
    made = say(read_line(), aivis)
    assert made.words == ()
    body = json.loads(next(a for a in station.asked if a["path"] == "/synthesis")["body"])
    assert body["kana"] == "今日は、晴れです。"
    with pytest.raises(ConfigError, match="pitch"):
        speech.ready({"narrator": dataclasses.replace(aivis, pitch=2.0)})


def test_terms_are_fetched(station):
    terms = speech.opened("voicevox").terms(tsumugi(station))
    assert terms.credit == "VOICEVOX:試験つむぎ"
    assert "クレジットを記載" in terms.name
    assert "クレジット" in POLICY


def test_kana_that_the_server_refuses_is_explained(station):
    bad = line("謎", [word("謎", "ゞゞ", accent=1), word("雨", "アメ", accent=1, start=1)])

    def spoiled(asked):
        return voicevox({**asked, "query": {**asked["query"], "text": "謎'"}})

    with serving(spoiled) as server, pytest.raises(SynthesisError, match="UNKNOWN_TEXT") as caught:
        say(bad, tsumugi(server))
    assert str(caught.value.where) == "a.txt:3"


@pytest.mark.parametrize("answer", [b"<html>It works!</html>", b"{}", b"[]", b"[1]", b'[{"styles": 3}]', b"null"])
def test_another_server_on_that_port_is_recognised(answer):
    with serving(lambda _asked: (200, "text/html", answer)) as server, pytest.raises(YomicastError) as caught:
        speech.ready({"narrator": tsumugi(server)})
    assert caught.value.hint


@pytest.mark.parametrize(
    "phrases", ["[1]", '[{"moras": 1}]', '[{"moras": [{}]}]', '[{"moras": [{"vowel_length": "x"}]}]', "{}"]
)
def test_phrases_of_another_shape_are_refused(phrases):
    def answer(asked):
        return (200, "application/json", phrases.encode()) if asked["path"] == "/accent_phrases" else voicevox(asked)

    with serving(answer) as server, pytest.raises(SynthesisError):
        say(read_line(), tsumugi(server))


@pytest.mark.parametrize("torn", [b"", b"<html>busy</html>", wav(tone(1))[:500]], ids=["empty", "html", "cut"])
def test_a_torn_sound_never_reaches_the_cache(torn, tmp_path):
    def answer(asked):
        return (200, "audio/wav", torn) if asked["path"] == "/synthesis" else voicevox(asked)

    with serving(answer) as server, pytest.raises(SynthesisError):
        speech.speak([read_line()], {"narrator": tsumugi(server)}, cache=tmp_path)
    assert not list(tmp_path.rglob("*.f32"))


def test_a_server_that_is_away_is_named(tmp_path):
    gone = voice("voicevox", VoicevoxSettings(url=f"http://127.0.0.1:{closed_port()}", style_id=2, tries=1))
    with pytest.raises(EngineMissing) as caught:
        speech.speak([read_line()], {"narrator": gone}, cache=tmp_path)
    assert caught.value.hint == PROFILES["voicevox"].start


def test_the_key_follows_the_versions_of_server_and_character(station):
    asked = tsumugi(station)
    first = speech.key_of(read_line(), asked)
    speech.close()
    station.answer = lambda a: (200, "application/json", b'"0.99.0"') if a["path"] == "/version" else voicevox(a)
    assert speech.key_of(read_line(), asked) != first


def test_health_lists_each_server(station, monkeypatch):
    monkeypatch.setenv("YOMICAST_VOICEVOX_URL", station.url)
    rows = speech.opened("voicevox").health()
    assert len(rows) == len(PROFILES)
    assert rows[0].ok


# --- OpenAI-like ---------------------------------------------------------------------------------------------------


@pytest.fixture
def cloud():
    with serving(openai) as server:
        yield server


def alloy(server, **more):
    settings = {"url": f"{server.url}/v1", "voice": "alloy", "tries": 1, "timeout": 5.0}
    return voice("openai", OpenAISettings(**{**settings, **more.pop("settings", {})}), **more)


@pytest.mark.parametrize("form", ["wav", "pcm"])
def test_the_request_is_as_the_reference_says(cloud, form, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "SECRETKEY")
    made = say(read_line(), alloy(cloud, speed=1.5, settings={"format": form, "instructions": "落ち着いて"}))
    asked = cloud.asked[0]
    assert json.loads(asked["body"]) == {
        "model": "gpt-4o-mini-tts", "input": "今日は、晴れです。", "voice": "alloy", "response_format": form, "speed": 1.5,
        "instructions": "落ち着いて",
    }  # fmt: skip
    assert asked["headers"]["Authorization"] == "Bearer SECRETKEY"
    assert len(made.samples) / made.rate == pytest.approx(0.12 * 9 / 1.5, abs=0.01)


def test_a_local_server_needs_no_key(cloud):
    say(line("雨"), alloy(cloud))
    assert "Authorization" not in cloud.asked[0]["headers"]


def test_a_far_server_needs_a_key_from_the_environment():
    far = voice("openai", OpenAISettings(voice="alloy"))
    with pytest.raises(EngineMissing, match="OPENAI_API_KEY"):
        speech.ready({"narrator": far})


def test_a_key_never_goes_in_the_clear(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "SECRETKEY")
    with pytest.raises(ConfigError):
        speech.ready({"narrator": voice("openai", OpenAISettings(voice="a", url="http://speech.example/v1"))})


def test_the_key_stands_in_no_error_and_no_cache_name(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "SECRETKEY")
    with serving(lambda _a: (401, "application/json", b'{"error":{"message":"bad key SECRETKEY"}}')) as server:
        with pytest.raises(SynthesisError) as caught:
            say(line("雨"), alloy(server))
        assert "SECRETKEY" not in str(caught.value.message.en + caught.value.message.ja)
        assert "SECRETKEY" not in repr(alloy(server))


@pytest.mark.parametrize("kind", ["text/html", "application/json"])
def test_a_page_instead_of_sound_is_recognised(kind):
    with serving(lambda _a: (200, kind, b"<html>hello</html>")) as server, pytest.raises(SynthesisError, match=kind):
        say(line("雨"), alloy(server))


def test_a_long_line_goes_in_pieces_under_the_limit(cloud, tmp_path):
    asked = alloy(cloud, settings={"longest": 50})
    speech.speak([line("長い文を区切って送る、" * 12)], {"narrator": asked}, cache=tmp_path)
    sizes = [len(json.loads(a["body"])["input"]) for a in cloud.asked]
    assert len(sizes) >= 3
    assert max(sizes) <= 50


def test_cancelling_cuts_requests_in_flight(tmp_path):
    hold = threading.Event()

    def slow(asked):
        if json.loads(asked["body"])["input"] != "一番目の長い行です。":
            hold.wait(20)
        return openai(asked)

    def stop(_done, _all):
        raise KeyboardInterrupt

    with serving(slow) as server:
        began = time.monotonic()
        lines = [line("一番目の長い行です。"), line("二番目です。"), line("三番目です。")]
        if (os.cpu_count() or 1) < 2:
            return  # one thread asks one at a time: nothing to hold it to
        with pytest.raises(KeyboardInterrupt):
            speech.speak(lines, {"narrator": alloy(server, settings={"timeout": 30.0})}, cache=tmp_path, on_done=stop)
        assert time.monotonic() - began < 10
        hold.set()
    assert not [p for p in Path(tmp_path).rglob("*") if p.name.startswith(".")]


def test_four_engines_in_one_cast(station, cloud, tmp_path):
    cast = {
        "narrator": voice("openjtalk"),
        "quote": tsumugi(station),
        "caption": alloy(cloud),
        "aside": voice("marker"),
    }
    lines = [read_line(role=role) for role in ("body", "quote", "caption", "aside", "body")]
    spoken = speech.speak(lines, cast, cache=tmp_path)
    assert [s.voice for s in spoken] == ["openjtalk", "voicevox", "openai", "marker", "openjtalk"]
    assert {s.clip.rate for s in spoken} == {speaking.RATE}
