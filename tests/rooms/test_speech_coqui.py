"""Coqui: the real library on tiny checkpoints made on the spot. What needs no library is tested without."""

import dataclasses
import importlib.util
import json
import shutil

import numpy as np
import pytest

from tests.speech_stands import line, read_line, tone, voice, wav
from tests.tiny_models import vits, xtts
from yomicast import speech
from yomicast.errors import EngineMissing, LicenceError, SynthesisError, UnknownVoice
from yomicast.model import Licence
from yomicast.speech import coqui
from yomicast.speech.coqui import CoquiSettings

real = pytest.mark.coqui


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    if importlib.util.find_spec("TTS") is None:
        pytest.skip("the package TTS is not installed")
    folder = tmp_path_factory.mktemp("models")
    vits(folder / "three", 3)
    xtts(folder / "xtts")
    (folder / "me.wav").write_bytes(wav(tone(4, 22_050, 180), 22_050))
    yield folder
    speech.close()


def made(settings, **more):
    return voice("coqui", settings, **more)


@real
def test_each_speaker_of_a_model_is_another_voice(models):
    engine = speech.opened("coqui")
    sounds = []
    for name in ("host1", "host2", "host3"):
        asked = made(CoquiSettings(model=str(models / "three"), speaker_name=name))
        speech.ready({"narrator": asked})
        sounds.append(engine.speak(read_line(), asked).samples.tobytes())
    assert len(set(sounds)) == 3


@real
@pytest.mark.parametrize("name", ["", "host9"])
def test_a_speaker_must_be_one_of_the_models(models, name):
    with pytest.raises(UnknownVoice) as caught:
        speech.ready({"q": made(CoquiSettings(model=str(models / "three"), speaker_name=name))})
    assert "host" in caught.value.hint.en


def test_coquis_own_xtts_is_not_for_a_show_that_earns_money():
    """Even where the voice file says nothing: the weights' licence (CPML) does."""
    xtts = made(CoquiSettings(model="tts_models/multilingual/multi-dataset/xtts_v2", speaker_name="Ana"))
    speech.licence_check({"narrator": xtts}, [], explicit=False)
    with pytest.raises(LicenceError, match="commercial"):
        speech.licence_check({"narrator": xtts}, [], explicit=False, commercial=True)
    vits = made(CoquiSettings(model="tts_models/ja/kokoro/tacotron2-DDC"))
    speech.licence_check({"narrator": vits}, [], explicit=False, commercial=True)


@real
def test_a_cloned_voice_speaks_with_consent_and_repeats_itself(models, tmp_path):
    asked = made(CoquiSettings(model=str(models / "xtts"), speaker_wav=(str(models / "me.wav"),)))
    with pytest.raises(LicenceError):
        speech.licence_check({"narrator": asked}, [], explicit=False)
    agreed = dataclasses.replace(asked, licence=Licence(consent="自分の声、2026-03-01"))
    speech.licence_check({"narrator": agreed}, [], explicit=False)
    engine = speech.opened("coqui")
    assert speech.powers_of(engine, agreed).longest == 71
    first, second = (engine.speak(read_line(), agreed) for _ in "ab")
    assert np.array_equal(first.samples, second.samples)
    assert first.rate == 24_000
    other = dataclasses.replace(agreed, settings=dataclasses.replace(agreed.settings, seed=2))
    assert speech.key_of(line(), other) != speech.key_of(line(), agreed)


@real
def test_xtts_never_reads_katakana_as_english(models):
    asked = made(CoquiSettings(model=str(models / "xtts"), speaker_wav=(str(models / "me.wav"),)))
    tokenizer = speech.opened("coqui")._model(asked).synthesizer.tts_model.tokenizer
    assert "curry" not in tokenizer.katsu.romaji("カレー").lower()


@real
def test_xtts_without_a_voice_is_explained(models):
    with pytest.raises(UnknownVoice) as caught:
        speech.ready({"q": made(CoquiSettings(model=str(models / "xtts")))})
    assert "speaker_wav" in caught.value.hint.en


@real
@pytest.mark.parametrize("harm", ["torn", "text", "other-config"])
def test_a_damaged_checkpoint_is_explained(models, tmp_path, harm):
    broken = tmp_path / "broken"
    shutil.copytree(models / "three", broken)
    path = broken / "model.pth"
    match harm:
        case "torn":
            path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
        case "text":
            path.write_text("no checkpoint", encoding="utf-8")
        case "other-config":
            facts = json.loads((broken / "config.json").read_text(encoding="utf-8"))
            facts["model_args"]["hidden_channels"] = 24
            (broken / "config.json").write_text(json.dumps(facts), encoding="utf-8")
    with pytest.raises(UnknownVoice, match="load"):
        speech.ready({"q": made(CoquiSettings(model=str(broken), speaker_name="host1"))})


@real
def test_what_the_library_throws_becomes_our_error(models, monkeypatch):
    asked = made(CoquiSettings(model=str(models / "three"), speaker_name="host1"))
    engine = speech.opened("coqui")
    monkeypatch.setattr(engine._model(asked), "tts", lambda **_: 1 / 0)
    with pytest.raises(SynthesisError, match="ZeroDivisionError"):
        engine.speak(read_line(), asked)


@real
def test_a_model_is_loaded_once(models, monkeypatch):
    asked = made(CoquiSettings(model=str(models / "three"), speaker_name="host1"))
    engine = speech.opened("coqui")
    engine.speak(read_line(), asked)
    monkeypatch.setattr(coqui, "_loaded", lambda *_: pytest.fail("loaded twice"))
    engine.speak(read_line(), dataclasses.replace(asked, speed=1.2))


# --- without the library -------------------------------------------------------------------------------------------


def fake_model(folder, kind="vits"):
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps({"model": kind}), encoding="utf-8")
    (folder / "model.pth").write_bytes(b"weights")
    return folder


def test_a_missing_package_is_said_with_the_one_command(monkeypatch, tmp_path):
    monkeypatch.setattr(coqui, "_installed", lambda: False)
    with pytest.raises(EngineMissing) as caught:
        speech.ready({"q": made(CoquiSettings(model=str(fake_model(tmp_path / "m"))))})
    assert "pip install" in caught.value.hint.en
    assert not speech.opened("coqui").health()[0].ok


def test_the_xtts_licence_is_explained_and_never_asked_for(monkeypatch, tmp_path):
    monkeypatch.setattr(coqui, "_installed", lambda: True)
    monkeypatch.setenv("TTS_HOME", str(tmp_path))
    monkeypatch.delenv("COQUI_TOS_AGREED", raising=False)
    name = "tts_models/multilingual/multi-dataset/xtts_v2"
    folder = fake_model(tmp_path / "tts" / name.replace("/", "--"), "xtts")
    asked = made(CoquiSettings(model=name, speaker_name="a"))
    with pytest.raises(LicenceError) as caught:
        speech.ready({"q": asked})
    assert "COQUI_TOS_AGREED" in caught.value.hint.en
    monkeypatch.setattr(coqui.Coqui, "_model", lambda *_: type("M", (), {"speakers": ["a"]}))
    (folder / "tos_agreed.txt").touch()
    speech.ready({"q": asked})


def test_a_catalogue_model_that_is_not_here_is_not_fetched_in_silence(monkeypatch, tmp_path):
    monkeypatch.setenv("TTS_HOME", str(tmp_path))
    with pytest.raises(UnknownVoice) as caught:
        speech.key_of(line(), made(CoquiSettings(model="tts_models/ja/kokoro/tacotron2-DDC")))
    assert "TTS('tts_models/ja/kokoro/tacotron2-DDC')" in caught.value.hint.en


@pytest.mark.parametrize("lack", ["model.pth", "config.json", "clip"])
def test_a_missing_file_is_named(tmp_path, lack):
    folder = fake_model(tmp_path / "m")
    settings = CoquiSettings(model=str(folder), speaker_wav=(str(tmp_path / "no.wav"),) if lack == "clip" else ())
    if lack != "clip":
        (folder / lack).unlink()
    with pytest.raises(UnknownVoice):
        speech.key_of(line(), made(settings))


def test_a_damaged_configuration_is_named(tmp_path):
    folder = fake_model(tmp_path / "m")
    (folder / "config.json").write_text("{", encoding="utf-8")
    with pytest.raises(UnknownVoice, match="configuration"):
        speech.key_of(line(), made(CoquiSettings(model=str(folder))))


def test_new_weights_are_another_sound(tmp_path):
    asked = made(CoquiSettings(model=str(fake_model(tmp_path / "m"))))
    first = speech.key_of(line(), asked)
    (tmp_path / "m" / "model.pth").write_bytes(b"trained more")
    assert speech.key_of(line(), asked) != first


def test_some_models_cannot_change_speed(tmp_path):
    engine = speech.opened("coqui")
    for kind, speed in (("vits", True), ("xtts", True), ("tacotron2", False)):
        asked = made(CoquiSettings(model=str(fake_model(tmp_path / kind, kind))))
        assert speech.powers_of(engine, asked).speed is speed
