"""The recipes of docs/publishing.md: the shell one runs, the workflow parses and uses commands that exist."""

import os
import re
import subprocess
import sys
from pathlib import Path

import yaml

from yomicast import cli

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


def block(kind):
    return re.search(rf"```{kind}\n(.*?)```", PAGE, re.DOTALL)[1]


def test_the_cron_job_runs(tmp_path):
    show = tmp_path / "show"
    (show / "episodes").mkdir(parents=True)
    (show / "voices").mkdir()
    (show / "voices" / "mei.yaml").write_text("engine: marker\n", encoding="utf-8")
    (show / "episodes" / "show.yaml").write_text(f"publish: {{to: {tmp_path / 'web'}}}\n", encoding="utf-8")
    (show / "episodes" / "a.txt").write_text("題名\n\n本文の文です。もう一つの文です。\n", encoding="utf-8")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "yomicast"
    program.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m yomicast "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (show / "publish.sh").write_text(block("sh"), encoding="utf-8")
    environment = {**os.environ, "HOME": str(tmp_path), "PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}"}
    done = subprocess.run(["sh", show / "publish.sh"], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "web" / "feed.xml").is_file()
    assert (show / "render.jsonl").is_file()


def test_the_workflow_parses_and_its_commands_exist():
    job = yaml.safe_load(block("yaml"))["jobs"]["publish"]
    commands = [step["run"] for step in job["steps"] if "run" in step]
    known = cli.commands()
    ours = [command.split() for command in commands if command.startswith("yomicast")]
    assert [words[1] for words in ours] == ["render", "publish"]
    for words in ours:
        cli.parser(known).parse_args(words[1:])
    assert any("constraints.txt" in command for command in commands)
    assert (ROOT / "constraints.txt").is_file()
