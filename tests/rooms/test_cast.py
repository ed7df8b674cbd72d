"""One episode, four engines: real Open JTalk twice, a VOICEVOX stand-in, the real Coqui on a tiny model; one loudness."""

import dataclasses
import importlib.util

import numpy as np
import pytest

from tests.speech_stands import read_line, serving, voice, voicevox
from tests.tiny_models import vits
from yomicast import encode, master, mix, speech
from yomicast.settings import Edition, SoundSettings
from yomicast.speech.coqui import CoquiSettings
from yomicast.speech.openjtalk import OpenJTalkSettings
from yomicast.speech.voicevox import VoicevoxSettings

pytestmark = pytest.mark.coqui


def test_four_engines_of_one_cast_are_heard_at_one_loudness(tmp_path, monkeypatch):
    if importlib.util.find_spec("TTS") is None:
        pytest.skip("the package TTS is not installed")
    monkeypatch.delenv("YOMICAST_VOICEVOX_URL", raising=False)
    vits(tmp_path / "tiny", 0)
    with serving(voicevox) as server:
        cast = {
            "narrator": voice("openjtalk", name="mei"),
            "heading": voice("openjtalk", OpenJTalkSettings(alpha=0.6), name="deep"),
            "quote": voice("voicevox", VoicevoxSettings(url=server.url, character="試験つむぎ"), name="tsumugi"),
            "aside": voice("coqui", CoquiSettings(model=str(tmp_path / "tiny")), name="tiny"),
        }
        roles = ("heading", "body", "quote", "aside", "body", "quote")
        lines = [dataclasses.replace(read_line(role=role), level=2 if role == "heading" else 0) for role in roles]
        spoken = speech.speak(lines, cast, cache=tmp_path / "cache")
    assert [one.voice for one in spoken] == ["deep", "mei", "tsumugi", "tiny", "mei", "tsumugi"]
    programme = mix.mix(
        spoken, SoundSettings(), Edition(music=False, bed=False, sting=False), title="題", base=tmp_path, cache=tmp_path / "mix"
    )  # fmt: skip
    heard = {one.voice: [] for one in spoken}
    for one, cue in zip(spoken, programme.cues, strict=True):
        stretch = programme.blocks(round(cue.start * 48_000), round(cue.end * 48_000))
        heard[one.voice].append(master.measure(stretch).integrated)
    means = [float(np.mean(values)) for values in heard.values()]
    assert max(means) - min(means) <= 0.5, heard
    mastered = master.master(programme, SoundSettings())
    made = encode.encode(mastered, tmp_path / "a.mp3", form="mp3", bitrate=128, cache=tmp_path / "encode")
    assert abs(made.figures["lufs"] + 16) <= 0.3
    speech.close()
