"""Programs as voices, and the commands `voices` and `doctor`."""

import json
import os
import sys
import threading
import time

import numpy as np
import pytest

from tests.speech_stands import SPEAKER, line, serving, voice, voicevox
from yomicast import cli, speech
from yomicast.errors import ConfigError, EngineMissing, SynthesisError
from yomicast.speech.command import CommandSettings
from yomicast.speech.wav import samples_of


@pytest.fixture
def program(tmp_path):
    """Writes a Python program and gives the voice that runs it."""

    def made(source=SPEAKER, *arguments, **settings):
        path = tmp_path / "program.py"
        path.write_text(source, encoding="utf-8")
        return voice("command", CommandSettings(argv=(sys.executable, str(path), *arguments), **settings))

    return made


def say(text, asked):
    return speech.opened("command").speak(line(text), asked)


def test_text_goes_in_and_sound_comes_out_by_every_way(program):
    found = [
        say("こんにちは", asked).samples
        for asked in (
            program(),
            program(SPEAKER, "-", "{text}"),
            program(SPEAKER, "{out}"),
            program(SPEAKER, "{out}", "{text}"),
        )
    ]
    assert all(np.array_equal(found[0], other) for other in found[1:])
    assert len(found[0]) == 16_000 * 0.5


ECHO = "import sys, wave\nopen(sys.argv[1], 'w').write(repr(sys.argv[2:]))\nsys.exit(3)"


@pytest.mark.parametrize("text", ["; rm -rf /", "$(id)", "`id`", "{out}", "--help", "-o x", "a'b\"c\n", "%s {speed}"])
def test_a_text_is_one_argument_whatever_stands_in_it(program, tmp_path, text):
    asked = program(ECHO, str(tmp_path / "seen"), "{text}")
    with pytest.raises(SynthesisError):
        say(text, asked)
    seen = eval((tmp_path / "seen").read_text())  # our own repr
    assert len(seen) == 1
    assert seen[0].strip() == " ".join(text.split("\n")).strip()
    assert not seen[0].startswith("-")


def test_the_speed_is_handed_over_where_the_template_asks(program):
    assert not speech.powers_of(speech.opened("command"), program()).speed
    assert speech.powers_of(speech.opened("command"), program(SPEAKER, "--rate={speed}")).speed


BAD = {
    "fails": ("import sys; sys.stderr.write('x' * 100 + '\\nno model\\n'); sys.exit(2)", "no model"),
    "silent-failure": ("import sys; sys.exit(1)", "nothing"),
    "no-sound": ("pass", "no WAV"),
    "html": ("print('<html>')", "no WAV"),
    "floods-stderr": ("import sys\nfor _ in range(300): sys.stderr.write('e' * 10000)\nsys.exit(4)", "ended with 4"),
    "never-ends": ("import time; time.sleep(60)", "in time"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_program_that_misbehaves_is_explained_in_time(program, name):
    source, said = BAD[name]
    began = time.monotonic()
    with pytest.raises(SynthesisError, match=said):
        say("雨", program(source, timeout=2.0 if name == "never-ends" else 20.0))
    assert time.monotonic() - began < 15


def test_a_missing_program_is_said_before_a_line_is_spoken():
    with pytest.raises(EngineMissing):
        speech.ready({"narrator": voice("command", CommandSettings(argv=("no-such-program-here",)))})
    with pytest.raises(ConfigError):
        speech.ready({"narrator": voice("command", CommandSettings(argv=("{text}",)))})


def test_a_changed_program_is_another_sound(program):
    first = speech.key_of(line(), program())
    assert speech.key_of(line(), program()) == first
    assert speech.key_of(line(), program(SPEAKER + "# new")) != first


def test_cancelling_ends_the_program(program, tmp_path):
    mark = tmp_path / "alive"
    source = f"import time, pathlib\nwhile True:\n    pathlib.Path({str(mark)!r}).touch(); time.sleep(0.05)"
    asked = program(source, timeout=60.0)
    threading.Timer(1.0, speech.opened("command").close).start()
    began = time.monotonic()
    with pytest.raises(SynthesisError, match="cancelled"):
        say("雨", asked)
    assert time.monotonic() - began < 15
    mark.unlink(missing_ok=True)
    time.sleep(0.3)
    assert not mark.exists()


# --- the commands --------------------------------------------------------------------------------------------------


@pytest.fixture
def desk(tmp_path, monkeypatch):
    (tmp_path / "voices").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YOMICAST_LANG", "en")
    monkeypatch.delenv("YOMICAST_VOICEVOX_URL", raising=False)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    speech.close()
    yield tmp_path
    speech.close()


def run(*arguments, capsys):
    status = cli.main(list(arguments))
    out = capsys.readouterr()
    return status, out.out, out.err


def test_voices_are_listed_with_powers_and_terms(desk, capsys):
    (desk / "voices" / "me.yaml").write_text(
        "engine: coqui\nmodel: nowhere\nspeaker_wav: [a.wav]\nlicence: {consent: 本人, forbids: [politics], commercial: false}\n",
        encoding="utf-8",
    )
    (desk / "voices" / "bad.yaml").write_text("engine: openjtork\n", encoding="utf-8")
    status, out, _ = run("voices", "--json", capsys=capsys)
    rows = {row["name"]: row for row in json.loads(out)}
    assert status == 0
    assert {"mei", "mei-clear", "mei-deep", "me", "bad"} <= set(rows)
    assert rows["bad"]["error"] == "unknown-engine"
    assert rows["mei"]["powers"][:2] == ["accent", "speed"]
    assert rows["me"]["licence"]["consent"] == "本人"
    _, out, _ = run("voices", capsys=capsys)
    assert "not for: politics" in out
    assert "cloned; consent: 本人" in out
    assert "me         coqui: not usable yet" in out


@pytest.mark.parametrize(
    ("language", "said"), [("en", "takes readings and accents, speed"), ("ja", "アクセントを指定できる、速さ")]
)
def test_what_a_voice_can_do_is_said_in_the_users_language(desk, capsys, monkeypatch, language, said):
    monkeypatch.setenv("YOMICAST_LANG", language)
    _, out, _ = run("voices", capsys=capsys)
    assert said in out


@pytest.mark.parametrize("command", [("voices", "try", "me"), ("render", "a.txt")])
def test_a_cloned_voice_says_no_word_without_consent(desk, capsys, command):
    (desk / "voices" / "me.yaml").write_text("engine: coqui\nmodel: m\nspeaker_wav: [a.wav]\n", encoding="utf-8")
    (desk / "a.txt").write_text("題\n\n本文です。\n", encoding="utf-8")
    (desk / "a.yaml").write_text("cast: {narrator: me}\n", encoding="utf-8")
    status, _, err = run(*command, capsys=capsys)
    assert status == 2
    assert "no consent is written down" in err
    assert not (desk / "audio_out").exists()


def test_a_clip_goes_through_the_voices_chain(desk, capsys):
    (desk / "voices" / "far.yaml").write_text("engine: openjtalk\nchain: [telephone]\n", encoding="utf-8")
    low = []
    for name in ("mei", "far"):
        _, out, _ = run("voices", "try", name, "青い空。", capsys=capsys)
        samples, rate = samples_of((desk / out.strip()).read_bytes())
        power = np.abs(np.fft.rfft(samples)) ** 2
        low.append(power[: int(len(samples) * 150 / rate)].sum() / power.sum())
    assert low[1] < low[0] / 100
    (desk / "voices" / "far.yaml").write_text("engine: openjtalk\nchain: [telefone]\n", encoding="utf-8")
    status, _, err = run("voices", "try", "far", capsys=capsys)
    assert status == 2
    assert "did you mean 'telephone'" in err


def test_a_voice_can_be_tried(desk, capsys):
    status, out, err = run("voices", "try", "mei", "東京は晴れ。", capsys=capsys)
    assert status == 0
    samples, rate = samples_of((desk / out.strip()).read_bytes())
    assert rate == 48_000
    assert np.abs(samples).max() == pytest.approx(0.7, abs=0.01)
    assert "Nagoya" in err
    status, out, _ = run("voices", "try", "mei-deep", "--json", "-o", "x/y.wav", capsys=capsys)
    assert json.loads(out)["file"] == os.path.join("x", "y.wav")
    assert (desk / "x" / "y.wav").is_file()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [(["try", "mee"], 3, "did you mean 'mei'"), (["try"], 2, "which voice"), (["try", "mei", "…"], 3, "spoken")],
)
def test_what_cannot_be_tried_is_explained(desk, capsys, arguments, status, said):
    found, _, err = run("voices", *arguments, capsys=capsys)
    assert found == status
    assert said in err


def test_terms_are_fetched_from_where_the_voice_comes_from(desk, capsys):
    with serving(voicevox) as server:
        text = f"engine: voicevox\nurl: {server.url}\ncharacter: 試験つむぎ\n"
        (desk / "voices" / "tsumugi.yaml").write_text(text, encoding="utf-8")
        status, out, _ = run("voices", "terms", "tsumugi", "--json", capsys=capsys)
    assert status == 0
    assert json.loads(out)["credit"] == "VOICEVOX:試験つむぎ"
    assert "クレジットを記載" in json.loads(out)["terms"]


def test_the_doctor_names_what_is_missing_and_the_command_that_mends_it(desk, capsys):
    (desk / "voices" / "gone.yaml").write_text("engine: command\nargv: [no-such-program]\n", encoding="utf-8")
    status, out, _ = run("doctor", "--json", capsys=capsys)
    rows = {row["part"]: row for row in json.loads(out)}
    assert status == 0
    assert rows["voices/mei"]["ok"]
    assert not rows["voices/gone"]["ok"]
    assert rows["voices/gone"]["mend"]
    assert set(speech.names()) & set(rows) >= {"openjtalk", "coqui", "voicevox"}
    assert all(row["ok"] or row["mend"] for row in rows.values())
    _, out, _ = run("doctor", capsys=capsys)
    assert "✓ voices/mei" in out


def test_the_doctor_mends_in_japanese_too(desk, capsys, monkeypatch):
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    _, out, _ = run("doctor", capsys=capsys)
    assert "VOICEVOX を起動する" in out
    assert "start VOICEVOX" not in out


def test_the_doctor_fails_when_the_show_cannot_be_spoken(desk, capsys):
    (desk / "episodes").mkdir()
    (desk / "episodes" / "show.yaml").write_text("cast: {narrator: gone}\n", encoding="utf-8")
    (desk / "voices" / "gone.yaml").write_text("engine: command\nargv: [no-such-program]\n", encoding="utf-8")
    status, out, _ = run("doctor", capsys=capsys)
    assert status == 1
    assert "✗ voices/gone" in out
