"""Room 4: who speaks, how lines are cut, joined and kept; licences; readings lowered to kana."""

import dataclasses
import itertools
import re
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.speech_stands import line, parse_kana, read_line, voice, wav, word
from yomicast import config, reading, speech
from yomicast.errors import (
    ConfigError,
    EngineMissing,
    LicenceError,
    SynthesisError,
    UnknownEngine,
    UnknownVoice,
)
from yomicast.model import Licence, WordTime
from yomicast.speech import cache, kana, speaking
from yomicast.speech.cut import RESTS, SOFT, pieces
from yomicast.speech.openjtalk import OpenJTalkSettings
from yomicast.speech.trim import trimmed
from yomicast.speech.wav import samples_of

ROOT = Path(__file__).resolve().parents[2]
MARKER = voice("marker")


# --- who speaks ----------------------------------------------------------------------------------------------------


def test_the_line_its_speaker_its_role_and_the_narrator_are_asked_in_that_order():
    cast = {name: voice("marker", name=name) for name in ("narrator", "heading", "quote", "田中", "takumi")}
    assert speech.voice_of(line(voice="takumi", speaker="田中", role="quote"), cast).name == "takumi"
    assert speech.voice_of(line(speaker="田中", role="quote"), cast).name == "田中"
    assert speech.voice_of(line(speaker="佐藤", role="quote"), cast).name == "quote"
    assert speech.voice_of(line(role="title"), cast).name == "heading"
    assert speech.voice_of(line(role="caption"), cast).name == "narrator"


def test_a_voice_that_is_not_in_the_cast_never_falls_back_on_another():
    with pytest.raises(ConfigError, match="takumi"):
        speech.voice_of(line(voice="takumi"), {"narrator": MARKER})


def test_only_those_who_are_heard_count_as_used():
    cast = {"narrator": MARKER, "quote": voice("marker", name="q"), "caption": voice("marker", name="c")}
    assert list(speech.used([line(), line(role="quote"), line()], cast)) == ["narrator", "quote"]


def test_an_unknown_engine_comes_with_the_nearest_name():
    with pytest.raises(UnknownEngine) as caught:
        speech.settings_type("openjtork")
    assert "openjtalk" in caught.value.hint.en


# --- speak ---------------------------------------------------------------------------------------------------------


def test_lines_come_back_in_order_each_with_its_own_sound(tmp_path):
    lines = [line(f"{n}番目" + "あ" * n) for n in range(8)]
    told = []
    spoken = speech.speak(lines, {"narrator": MARKER}, cache=tmp_path, on_done=lambda *a: told.append(a))
    assert [s.line for s in spoken] == lines
    assert [s.clip.frames for s in spoken] == [6_000 * len(one.spoken) for one in lines]
    assert told[-1] == (8, 8)
    assert [done for done, _ in told] == sorted(done for done, _ in told)


def test_two_equal_lines_are_spoken_once(tmp_path):
    told = []
    spoken = speech.speak(
        [line("同じ"), line("同じ")], {"narrator": MARKER}, cache=tmp_path, on_done=lambda *a: told.append(a)
    )
    assert told == [(1, 1)]
    assert spoken[0].key == spoken[1].key


def test_a_caller_may_bring_its_own_executor(tmp_path):
    with ThreadPoolExecutor(1, thread_name_prefix="mine") as pool:
        spoken = speech.speak([line("一"), line("二")], {"narrator": MARKER}, cache=tmp_path, executor=pool)
    assert len(spoken) == 2


def test_what_was_spoken_before_a_failure_is_kept(tmp_path):
    good = [line(f"{n}行目") for n in range(3)]
    with pytest.raises(SynthesisError) as caught:
        speech.speak([*good, line("……")], {"narrator": MARKER}, cache=tmp_path)
    assert str(caught.value.where) == "a.txt:3"
    told = []
    speech.speak(good, {"narrator": MARKER}, cache=tmp_path, on_done=lambda *a: told.append(a))
    assert len(told) < 3 or not told


def test_the_same_sound_in_company_and_alone(tmp_path):
    mei = voice("openjtalk")
    lines = [read_line(), line("青い空を見上げた。"), line("短い。"), line("とても長い一文で、途中に休みもあります。")]
    together = speech.speak(lines, {"narrator": mei}, cache=tmp_path / "a")
    for one, found in zip(lines, together, strict=True):
        alone = speech.speak([one], {"narrator": mei}, cache=tmp_path / "b")[0]
        assert np.array_equal(alone.clip.read(), found.clip.read())


def test_lines_that_come_bit_by_bit_are_spoken_at_once_and_only_once(tmp_path):
    lines = [line(f"{n}番目") for n in range(6)]
    told = []
    with speech.Speaking({"narrator": MARKER}, cache=tmp_path) as speaking_:
        for one in lines[:4]:
            speaking_.add([one])
        for _ in range(200):
            if len(list(tmp_path.rglob("*.*"))) >= 4:
                break
            time.sleep(0.02)
        assert sum(speech.cached(lines, {"narrator": MARKER}, cache=tmp_path)[n] is not None for n in range(6)) == 4
        speaking_.add(lines[2:5])
        spoken = speaking_.finish(lines, lambda *a: told.append(a))
    assert told[-1] == (6, 6)
    together = speech.speak(lines, {"narrator": MARKER}, cache=tmp_path / "together")
    assert [s.key for s in spoken] == [s.key for s in together]
    assert all(np.array_equal(a.clip.read(), b.clip.read()) for a, b in zip(spoken, together, strict=True))


def test_a_core_that_is_asked_for_is_left_free_and_comes_back(tmp_path, monkeypatch):
    busy, most = [0], [0]
    lock = threading.Lock()

    def slow(lines, voice_, engine):
        with lock:
            busy[0] += 1
            most[0] = max(most[0], busy[0])
        time.sleep(0.05)
        with lock:
            busy[0] -= 1
        for one in lines:
            yield np.full(len(one.spoken) * 6_000, 0.1, np.float32), ()

    monkeypatch.setattr(speaking, "utter_many", slow)
    monkeypatch.setattr(speaking.os, "cpu_count", lambda: 2)
    turn = sys.getswitchinterval()
    with speech.Speaking({"narrator": MARKER}, cache=tmp_path) as speaking_:
        with speaking_.sparing():
            speaking_.add([line(f"{n}番目") for n in range(6)])
            time.sleep(0.2)
            assert most[0] == 1
            assert sys.getswitchinterval() < turn
        speaking_.finish([line(f"{n}番目の次") for n in range(6)])
    assert most[0] == 2
    assert sys.getswitchinterval() == turn


def test_an_engine_that_would_stand_in_the_readers_way_waits_until_all_is_read(tmp_path, monkeypatch):
    powers = dataclasses.replace(speech.opened("marker").powers, frees=False)
    monkeypatch.setattr(speaking, "powers_of", lambda *_: powers)
    lines = [line("一番目"), line("二番目")]
    with speech.Speaking({"narrator": MARKER}, cache=tmp_path) as speaking_:
        speaking_.add(lines)
        assert not speaking_._jobs
        assert len(speaking_.finish(lines)) == 2


def test_lines_given_up_on_leave_no_thread(tmp_path):
    before = threading.active_count()
    with pytest.raises(KeyError), speech.Speaking({"narrator": MARKER}, cache=tmp_path) as speaking_:
        speaking_.add([line(f"{n}番目") for n in range(6)])
        raise KeyError
    assert threading.active_count() == before


@pytest.mark.parametrize(
    ("samples", "rate"),
    [
        (np.zeros(48_000), 48_000), (np.full(48_000, 0.27), 48_000), (np.full(48_000, np.nan), 48_000), (np.full(48_000, 20_000.0), 48_000),
        (np.full((4_800, 2), 0.1), 48_000), (np.full(4_800, 0.1), 0), (np.sin(np.arange(10.0)), 48_000),
        (0.1 * np.sin(np.arange(48_000 * 600) / 5), 48_000),
    ],
    ids=["silence", "direct-current", "nan", "sixteen-bit-numbers", "stereo", "no-rate", "too-short", "endless"],
)  # fmt: skip
def test_sound_that_cannot_be_speech_is_refused(monkeypatch, samples, rate):
    monkeypatch.setattr(speaking, "_said", lambda *_: [speech.Utterance(samples=samples.astype(np.float32), rate=rate)])
    text = "これはそれなりに長さのある一文なので、話し声ならば数秒はかかるはずのものです。" * 4
    with pytest.raises(SynthesisError) as caught:
        speaking.utter(line(text), voice("openjtalk", OpenJTalkSettings()), speech.opened("marker"))
    assert caught.value.hint


def test_another_rate_is_resampled_and_times_follow_the_trimming(monkeypatch):
    sound = np.zeros(24_000, np.float32)
    sound[6_000:18_000] = 0.5 * np.sin(np.arange(12_000) / 5)
    times = (
        WordTime(start=0.25, end=0.5, start_char=0, end_char=1),
        WordTime(start=0.5, end=0.75, start_char=1, end_char=2),
    )
    monkeypatch.setattr(speaking, "_said", lambda *_: [speech.Utterance(samples=sound, rate=24_000, words=times)])
    monkeypatch.setattr(speaking, "powers_of", lambda *_: speech.Powers())
    samples, words = speaking.utter(line("雨だ"), MARKER, speech.opened("marker"))
    assert len(samples) / 48_000 == pytest.approx(0.54, abs=0.01)
    assert [w.start for w in words] == pytest.approx([0.02, 0.27], abs=0.006)


def test_a_bent_melody_and_a_darker_throat_are_other_sounds(tmp_path):
    plain = voice("openjtalk")
    others = [
        dataclasses.replace(plain, intonation=0.5), dataclasses.replace(plain, pitch=-4.0),
        dataclasses.replace(plain, settings=OpenJTalkSettings(alpha=0.6)),
    ]  # fmt: skip
    sounds = [
        speech.speak([read_line()], {"narrator": v}, cache=tmp_path)[0].clip.read().tobytes() for v in [plain, *others]
    ]
    assert len(set(sounds)) == 4


def test_a_damaged_or_missing_voice_model_is_explained(tmp_path):
    (tmp_path / "torn.htsvoice").write_bytes(b"[GLOBAL]\nHTS_VOICE_VERSION:1.0\n")
    (tmp_path / "text.htsvoice").write_text("no voice", encoding="utf-8")
    for name in ("torn.htsvoice", "text.htsvoice", "nowhere.htsvoice"):
        with pytest.raises(UnknownVoice) as caught:
            speech.ready({"quote": voice("openjtalk", OpenJTalkSettings(model=str(tmp_path / name)))})
        assert "cast.quote" in str(caught.value.where)


# --- cache ---------------------------------------------------------------------------------------------------------


def kept(folder, seconds=0.1):
    samples = np.linspace(-0.5, 0.5, round(48_000 * seconds), dtype=np.float32)
    words = (WordTime(start=0.0, end=0.05, start_char=0, end_char=2),)
    return cache.keep(folder, "ab" * 32, samples, 48_000, words), samples


def test_a_kept_sound_is_read_back_with_its_words(tmp_path):
    stored, samples = kept(tmp_path)
    found = cache.find(tmp_path, "ab" * 32)
    assert found == stored
    assert np.array_equal(found.clip.read(), samples)
    assert stored.clip.path.parent.name == "ab"


@pytest.mark.parametrize("harm", ["flip", "cut", "grow", "head", "empty"])
def test_a_damaged_sound_counts_as_absent_and_is_made_again(tmp_path, harm):
    first = speech.speak([line("こわれる")], {"narrator": MARKER}, cache=tmp_path)[0]
    path, before = first.clip.path, first.clip.read()
    data = bytearray(path.read_bytes())
    match harm:
        case "flip":
            data[-5] ^= 1
        case "cut":
            del data[-8:]
        case "grow":
            data += b"\0\0\0\0"
        case "head":
            data[0:1] = b"["
        case "empty":
            data.clear()
    path.write_bytes(bytes(data))
    assert speech.cached([line("こわれる")], {"narrator": MARKER}, cache=tmp_path) == [None]
    again = speech.speak([line("こわれる")], {"narrator": MARKER}, cache=tmp_path)[0]
    assert np.array_equal(again.clip.read(), before)
    assert speech.cached([line("こわれる")], {"narrator": MARKER}, cache=tmp_path)[0].key == first.key


# --- cutting and trimming ------------------------------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(st.text("今日は、晴れ。です！ABC ", max_size=300), st.integers(5, 60))
def test_pieces_of_a_text_are_the_text_and_fit(text, longest):
    found = pieces(line(text), longest, lambda part: len(part.spoken))
    assert "".join(part.spoken for part in found) == text
    # What has no sound of its own cannot be spoken alone: signs stay with their word, however many they are.
    assert all(len(part.spoken) <= longest or len(part.spoken.strip(RESTS + SOFT)) <= 1 for part in found)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["アメ", "ガ", "フル", ""]), st.booleans()), max_size=60), st.integers(4, 40))
def test_pieces_of_words_are_the_words_and_never_part_what_shares_a_stretch(parts, longest):
    words = [
        word("語", pron, n // 2, chained=chained, sign="" if pron else "、") for n, (pron, chained) in enumerate(parts)
    ]
    found = pieces(line("語" * 30, words), longest, lambda part: sum(len(w.pron or w.sign) for w in part.words))
    assert [w for part in found for w in part.words] == words
    for one, after in itertools.pairwise(found):
        assert (one.words[-1].start, one.words[-1].end) != (after.words[0].start, after.words[0].end)


def test_a_cut_falls_on_a_rest_before_a_particle_before_anything():
    texts = [part.spoken for part in pieces(line("雨が降る朝、傘を持って出る"), 9, lambda part: len(part.spoken))]
    assert texts[0] == "雨が降る朝、"


def test_a_line_without_a_single_rest_is_cut_all_the_same():
    assert len(pieces(line("あ" * 20_000), 300, lambda part: len(part.spoken))) >= 20_000 // 300


def test_trimming_leaves_faded_edges_and_says_where_it_began():
    sound = np.zeros(48_000, np.float32)
    sound[20_000:30_000] = 0.5
    out, begun = trimmed(sound, 48_000)
    assert begun == pytest.approx(20_000 - 960, abs=240)
    assert out[0] == 0
    assert len(out) == pytest.approx(10_000 + 1_920, abs=480)
    assert len(trimmed(np.zeros(100, np.float32), 48_000)[0]) == 0
    assert len(trimmed(np.zeros(0, np.float32), 48_000)[0]) == 0


# --- kana ----------------------------------------------------------------------------------------------------------

LOWERED = {
    "long-vowel-and-devoiced": (read_line().words, "キョ'オワ、ハレ'デ_ス"),
    "flat": ([word("桜", "サクラ", accent=0)], "サクラ'"),
    "question": ([word("何", "ナニ", accent=1), word("？", sign="？")], "ナ'ニ？"),
    "rising": ([word("え", "エ", accent=1, rising=True)], "エ'？"),
    "chained-numbers": ([word("25", "ニ", accent=2), word("25", "ジュー", chained=True)], "ニジュ'ウ"),
    "mora-unknown-to-the-notation": ([word("フュ", "フュージョン", accent=1)], "フュ'ウジョン"),
    "devoiced-n-is-no-such-thing": ([word("ん", "ン’", accent=0)], "ン'"),
    "accent-beyond-the-end": ([word("あ", "ア", accent=9)], "ア'"),
    "signs-only": ([word("、", sign="、")], ""),
    "starts-with-a-sign": ([word("「"), word("雨", "アメ", accent=1), word("」")], "ア'メ"),
    "two-signs": ([word("雨", "アメ", accent=1), word("！", sign="！"), word("？", sign="？"), word("雪", "ユキ", accent=2)], "ア'メ？、ユキ'"),
}  # fmt: skip


@pytest.mark.parametrize("name", LOWERED)
def test_words_in_the_notation(name):
    words, expected = LOWERED[name]
    assert kana.aquestalk(kana.phrases(words)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "東京都の25％の人がＣＨＡＴを使った。",
        "ヴァイオリンとクヮルテット、フュージョン！",
        "「えっ、本当ですか？」と聞いた。",
        "3月5日(水)12:30〜",
        "a-b/c_d'e",
    ],
)
def test_what_the_reading_room_makes_is_taken_by_a_server_that_checks(text):
    made = kana.aquestalk(kana.phrases(reading.words(text)))
    phrases, refused = parse_kana(made)
    assert refused is None, made
    assert [len(p["moras"]) for p in phrases] == [len(p.morae) for p in kana.phrases(reading.words(text))]


def test_text_engines_get_kana_only_where_a_reading_was_decided():
    words = [
        word("行方", "ナメカタ", 0, step="lexicon"), word("市", "シ", 2), word("へ", "エ", 3), word("。", sign="、", start=4),
    ]  # fmt: skip
    found = line("行方市へ。", words)
    assert kana.said(found, "corrected") == "ナメカタ市へ。"
    assert kana.said(found, "kana") == "ナメカタシエ"
    assert kana.said(found, "text") == "行方市へ。"
    assert kana.said(dataclasses.replace(found, words=tuple(words[1:])), "corrected") == "市へ。"
    assert kana.said(line("a\0b\ud800"), "text") == "a b "


# --- WAV -----------------------------------------------------------------------------------------------------------


def riff(form, body, size=None):
    data = b"data" + (len(body) if size is None else size).to_bytes(4, "little") + body
    chunk = b"fmt " + len(form).to_bytes(4, "little") + form
    return b"RIFF" + (4 + len(chunk) + len(data)).to_bytes(4, "little") + b"WAVE" + chunk + data


def form(tag, channels, rate, bits):
    block = channels * bits // 8
    parts = [(tag, 2), (channels, 2), (rate, 4), (rate * block, 4), (block, 2), (bits, 2)]
    return b"".join(value.to_bytes(width, "little") for value, width in parts)


KINDS = {
    "pcm8": (1, 8, np.array([0, 128, 192], np.uint8)),
    "pcm16": (1, 16, np.array([-32768, 0, 16384], "<i2")),
    "pcm24": (1, 24, np.array([0, 0, 128, 0, 0, 0, 0, 0, 64], np.uint8)),
    "pcm32": (1, 32, np.array([-(2**31), 0, 2**30], "<i4")),
    "float32": (3, 32, np.array([-1, 0, 0.5], "<f4")),
    "float64": (3, 64, np.array([-1, 0, 0.5], "<f8")),
}


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("size", [None, 0, 0xFFFFFFFF], ids=["sized", "zero", "streamed"])
def test_every_kind_of_wav_is_read(kind, size):
    tag, bits, numbers = KINDS[kind]
    samples, rate = samples_of(riff(form(tag, 1, 24_000, bits), numbers.tobytes(), size))
    assert rate == 24_000
    assert samples == pytest.approx([-1, 0, 0.5])
    assert samples.dtype == np.float32


def test_channels_are_averaged():
    samples, _ = samples_of(wav(np.array([0.5, -0.5, 0.5, 0.5]), 8_000, channels=2))
    assert samples == pytest.approx([0, 0.5], abs=1e-3)


WHOLE = wav(np.full(100, 0.5))
TORN = {
    "nothing": b"", "html": b"<html><body>502 Bad Gateway</body></html>", "cut-in-data": WHOLE[:-20], "cut-in-head": WHOLE[:30],
    "no-data": WHOLE[:36], "mp3": b"ID3\x04\0\0\0\0\0\0", "rate-of-zero": riff(form(1, 1, 0, 16), b"\0\0"),
    "no-channels": riff(form(1, 0, 8_000, 16), b"\0\0"), "a-law": riff(form(6, 1, 8_000, 8), b"\0\0"),
}  # fmt: skip


@pytest.mark.parametrize("name", TORN)
def test_what_is_no_whole_wav_is_refused(name):
    with pytest.raises(SynthesisError):
        samples_of(TORN[name])


# --- licence -------------------------------------------------------------------------------------------------------


def licensed(**terms):
    return {"quote": dataclasses.replace(MARKER, name="tsumugi", licence=Licence(**terms))}


@pytest.mark.parametrize(
    ("terms", "categories", "explicit", "commercial"),
    [
        ({"forbids": ("politics",)}, ["News", "News/Politics"], False, False),
        ({"forbids": ("政治",)}, ["Politics"], False, False),
        ({"forbids": ("Explicit",)}, ["Arts"], True, False),
        ({"commercial": False}, ["Arts"], False, True),
    ],
)
def test_a_barred_use_stops_with_the_way_out(terms, categories, explicit, commercial):
    with pytest.raises(LicenceError) as caught:
        speech.licence_check(licensed(**terms), categories, explicit, commercial=commercial)
    assert "cast.quote" in str(caught.value.where)
    assert "cast: {quote" in caught.value.hint.en
    assert caught.value.exit_code == 2


def test_an_allowed_use_passes():
    speech.licence_check(licensed(forbids=("politics",), commercial=False), ["News", "Arts"], explicit=False)


@dataclasses.dataclass(frozen=True)
class Cloned:
    cloned: bool = True


def test_a_cloned_voice_needs_written_consent():
    voices = {"narrator": dataclasses.replace(MARKER, settings=Cloned())}
    with pytest.raises(LicenceError, match="consent"):
        speech.licence_check(voices, ["Arts"], explicit=False)
    agreed = dataclasses.replace(voices["narrator"], licence=Licence(consent="山田本人、2026-03-01 に書面で同意"))
    speech.licence_check({"narrator": agreed}, ["Arts"], explicit=False)


# --- voices that ship ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["mei", "mei-clear", "mei-deep"])
def test_a_shipped_voice_loads_speaks_and_names_its_maker(name, tmp_path):
    found = config.load_voice(ROOT / "voices" / f"{name}.yaml", settings_type=speech.settings_type)
    speech.ready({"narrator": found})
    assert "Nagoya Institute of Technology" in found.licence.credit
    assert speech.speak([line("はじめまして。")], {"narrator": found}, cache=tmp_path)[0].clip.frames > 20_000


def test_a_key_of_another_engine_is_an_error_with_a_place(tmp_path):
    (tmp_path / "x.yaml").write_text("engine: openjtalk\nspeaker_wav: [a.wav]\n", encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        config.load_voice(tmp_path / "x.yaml", settings_type=speech.settings_type)
    assert caught.value.where.line == 2


# --- an engine from outside ----------------------------------------------------------------------------------------

OUTSIDE = """
from dataclasses import dataclass
from typing import ClassVar
import numpy as np
from yomicast.speech import Powers, Utterance

@dataclass(frozen=True, kw_only=True)
class Settings:
    __pydantic_config__: ClassVar = {"extra": "forbid"}
    hertz: float = 440.0

class Whistle:
    name, version, Settings = "whistle", "1", Settings
    powers = Powers(threads=True, rate=16000, pads=False)
    def speak(self, line, voice):
        at = np.arange(1600 * len(line.spoken)) / 16000
        return Utterance(samples=(0.3 * np.sin(6.2832 * voice.settings.hertz * at)).astype("float32"), rate=16000)
    def fingerprint(self, voice): return "whistle"
    def close(self): pass
"""


@pytest.fixture
def outside(tmp_path, monkeypatch):
    """A package installed beside us, as pip would leave it: module, metadata, entry point."""
    place = tmp_path / "site"
    info = place / "whistle-1.0.dist-info"
    info.mkdir(parents=True)
    (place / "whistle.py").write_text(OUTSIDE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: whistle\nVersion: 1.0\n", encoding="utf-8")
    rows = "whistle = whistle:Whistle\nhollow = whistle:Settings\nbroken = nowhere_at_all:X\n"
    (info / "entry_points.txt").write_text(f"[yomicast.engines]\n{rows}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(place))
    speech.engine_class.cache_clear()
    yield
    speech.close()
    speech.engine_class.cache_clear()
    sys.modules.pop("whistle", None)


def test_a_sixth_engine_comes_from_an_installed_package(outside, tmp_path):
    (tmp_path / "w.yaml").write_text("engine: whistle\nhertz: 880\n", encoding="utf-8")
    found = config.load_voice(tmp_path / "w.yaml", settings_type=speech.settings_type)
    assert "whistle" in speech.names()
    speech.ready({"narrator": found})
    spoken = speech.speak([line("ぴいー")], {"narrator": found}, cache=tmp_path / "c")[0]
    assert spoken.clip.frames == pytest.approx(0.3 * 48_000, abs=50)
    faster = dataclasses.replace(found, speed=1.5)
    with pytest.raises(ConfigError, match="speed"):
        speech.ready({"narrator": faster})


@pytest.mark.parametrize("name", ["hollow", "broken"])
def test_an_outside_engine_with_parts_missing_is_explained(outside, name):
    with pytest.raises(EngineMissing):
        speech.settings_type(name)


def test_engines_are_made_once_a_process_even_when_asked_from_many_threads():
    speech.close()
    found = []
    threads = [threading.Thread(target=lambda: found.append(speech.opened("marker"))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len({id(engine) for engine in found}) == 1


def test_the_voice_files_in_the_documentation_load(tmp_path):
    text = (ROOT / "docs" / "voices.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```yaml\n(.*?)```", text, re.DOTALL)
    assert len(blocks) >= 3
    for block in blocks:
        (tmp_path / "v.yaml").write_text(block, encoding="utf-8")
        config.load_voice(tmp_path / "v.yaml", settings_type=speech.settings_type)


def test_every_key_of_every_engine_is_documented():
    rows = dict(
        re.findall(r"^\| `(\w+)` \| (.*) \|$", (ROOT / "docs" / "voices.md").read_text(encoding="utf-8"), re.MULTILINE)
    )
    for name in ("openjtalk", "coqui", "voicevox", "openai", "command"):
        for field in dataclasses.fields(speech.settings_type(name)):
            assert f"`{field.name}`" in rows[name], (name, field.name)
