"""Documentation is executed: README commands run, every command has help in both languages, its examples parse."""

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from yomicast import cli
from yomicast.errors import InputError
from yomicast.model import Message

ROOT = Path(__file__).resolve().parents[2]
READMES = [ROOT / "README.md", ROOT / "README.ja.md"]
POST = "見出しのない記事です\n\n今日は天気がよい。\n\nそれだけのことが、うれしい日もあります。\n"


def console_lines(path):
    for block in re.findall(r"```console\n(.*?)```", path.read_text(encoding="utf-8"), re.DOTALL):
        for line in block.splitlines():
            yield line.removeprefix("$ ").split("  #")[0].strip()


def all_console_lines():
    return sorted({line for path in READMES for line in console_lines(path)})


def test_both_readmes_teach_the_same_commands():
    assert list(console_lines(READMES[0])) == list(console_lines(READMES[1]))


@pytest.fixture
def desk(tmp_path):
    """A folder as a reader of the README would have it; the audible test voice stands in for speed."""
    shutil.copytree(ROOT / "episodes", tmp_path / "episodes")
    shutil.copy(ROOT / "produce.py", tmp_path)
    (tmp_path / "voices").mkdir()
    (tmp_path / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (tmp_path / "my-post.txt").write_text(POST, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("line", all_console_lines())
def test_a_readme_command_runs(line, desk):
    words = shlex.split(line.split("&&")[-1])
    if words[0] == "make":
        made = subprocess.run(["make", "-n", "-C", ROOT, *words[1:]], capture_output=True, text=True, check=False)
        assert made.returncode == 0, made.stderr
        return
    if words[:2] == ["uv", "pip"]:
        assert (ROOT / words[words.index("--constraint") + 1]).is_file()
        return
    if words[:3] == ["uv", "run", "--no-sync"]:
        words = words[3:]
    assert words[0] in {"yomicast", "python"}, line
    start = [sys.executable, "-m", "yomicast"] if words[0] == "yomicast" else [sys.executable]
    done = subprocess.run(
        [*start, *words[1:]], cwd=desk, env={**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_a_command_loads_its_own_module_and_an_unknown_one_finds_them_all():
    look = (
        "import sys; from yomicast.cli import commands; print(*sorted(commands(sys.argv[1])), 'yomicast.cli.voices' in"
        " sys.modules)"
    )

    def told(word):
        done = subprocess.run([sys.executable, "-c", look, word], capture_output=True, text=True, check=True)
        *names, voices = done.stdout.split()
        return set(names), voices == "True"

    names, others = told("render")
    assert "render" in names
    assert not others
    for word in ("rendr", "frame", "", "plan"):
        assert told(word) == (set(cli.commands()), True)


@pytest.mark.parametrize("name", sorted(cli.commands()))
def test_every_command_has_help_with_examples_in_both_languages(name):
    command = cli.commands()[name]
    assert re.search("[ぁ-ん]", command.help.ja)
    assert not re.search("[ぁ-ん]", command.help.en)
    assert command.examples
    for line, message in command.examples:
        assert re.search("[ぁ-んァ-ン一-龥]", message.ja), line
        cli.parser(cli.commands()).parse_args(shlex.split(line.split("|")[-1].split("<")[0])[1:])


@pytest.mark.parametrize("language", ["ja_JP.UTF-8", "en_US.UTF-8"])
def test_help_speaks_the_language_of_the_locale(language, capsys, monkeypatch):
    monkeypatch.setenv("LC_ALL", language)
    monkeypatch.delenv("YOMICAST_LANG", raising=False)
    with pytest.raises(SystemExit) as left:
        cli.main(["render", "--help"])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert ("例:" in shown) == language.startswith("ja")


@pytest.mark.parametrize("language", ["ja", "en"])
def test_an_error_is_one_line_and_a_next_step_in_the_users_language(language, capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("YOMICAST_LANG", language)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "nigt.txt").write_text("x", encoding="utf-8")
    assert cli.main(["render", "night.txt"]) == 2
    shown = capsys.readouterr().err.splitlines()
    assert shown[0].startswith("error[article] night.txt: ")
    assert shown[1].startswith("  → ")
    assert "nigt.txt" in shown[1]
    assert ("ありません" in shown[0]) == (language == "ja")


MISTAKES = {
    "rendr x": "'render'",
    "render --dryrun x": "'--dry-run'",
    "render --jobs many x": "--help`",
    "voices tri": "'try'",
    "audition": "--help`",
    "render --out": "--help`",
    "lexicon add": "--help`",
}


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("line", MISTAKES)
def test_a_mistyped_command_is_explained_like_any_error(line, language, capsys, monkeypatch):
    monkeypatch.setenv("YOMICAST_LANG", language)
    assert cli.main(line.split()) == 2
    what, hint = capsys.readouterr().err.splitlines()
    assert what.startswith("error[input] yomicast")
    assert hint.startswith("  → ")
    assert MISTAKES[line] in hint
    assert bool(re.search("[ぁ-ん]", what)) == (language == "ja")


def test_a_mistyped_command_is_json_where_json_was_asked(capsys):
    assert cli.main(["rendr", "--json"]) == 2
    assert json.loads(capsys.readouterr().err)["exit"] == 2


def test_without_a_word_the_help_is_shown(capsys):
    with pytest.raises(SystemExit) as left:
        cli.main([])
    assert left.value.code == 0
    shown = capsys.readouterr().out
    assert "yomicast render my-post.txt" in shown
    assert shown.index("    render ") < shown.index("    voices ") < shown.index("    publish ")


def test_the_help_of_every_command_is_in_one_language(capsys, monkeypatch):
    monkeypatch.setenv("YOMICAST_LANG", "ja")
    for name in cli.commands():
        with pytest.raises(SystemExit):
            cli.main([name, "--help"])
        shown = capsys.readouterr().out
        assert "使い方: " in shown
        assert not re.search("show this help|^options|^examples|^usage|positional", shown, re.MULTILINE), name


@pytest.mark.parametrize("encoding", ["ascii", "cp932", "latin-1"])
@pytest.mark.parametrize("words", [["doctor"], ["voices"], ["voices", "--json"], ["render", "no.txt"], ["--help"]])
def test_a_terminal_of_another_encoding_is_no_mistake(words, encoding, tmp_path):
    done = subprocess.run(
        [sys.executable, "-m", "yomicast", *words], cwd=tmp_path, capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding, "YOMICAST_LANG": "ja"},
    )  # fmt: skip
    assert done.returncode == (2 if "no.txt" in words else 0), done.stderr
    assert b"internal" not in done.stderr
    assert b"Traceback" not in done.stderr
    if "--json" in words:
        assert "©" in json.loads(done.stdout)[0]["licence"]["credit"]


def test_our_own_mistakes_are_not_dressed_up():
    assert InputError(Message("a", "あ")).exit_code == 2


@pytest.mark.parametrize("language", ["ja", "en"])
def test_a_mistake_of_ours_is_one_line_too_and_a_traceback_only_when_asked(language, capsys, monkeypatch):
    def broken(*_, **__):
        return {}["nothing"]

    monkeypatch.setenv("YOMICAST_LANG", language)
    monkeypatch.setattr("yomicast.pipeline.open_job", broken)
    assert cli.main(["render", "a.txt"]) == 1
    what, hint = capsys.readouterr().err.splitlines()
    assert what.startswith("error[internal]: ")
    assert "KeyError: 'nothing' (test_docs.py:" in what
    assert "YOMICAST_TRACE=1" in hint
    monkeypatch.setenv("YOMICAST_TRACE", "1")
    with pytest.raises(KeyError):
        cli.main(["render", "a.txt"])


def test_importing_the_package_loads_no_engine():
    code = "import sys, yomicast.cli; print([m for m in ('torch', 'TTS', 'pyopenjtalk', 'numba') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
