"""Length costs time, not memory."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def peak(hours, form):
    done = subprocess.run(
        [sys.executable, "benchmarks/sound.py", "--inside", "--hours", str(hours), "--channels", "1", "--form", form],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )
    return json.loads(done.stdout)["peak_mb"]


@pytest.mark.slow
@pytest.mark.parametrize(("form", "hours"), [("mp3", 0.2), ("flac", 0.5)])
def test_memory_is_flat_in_length(form, hours):
    short, long = peak(hours / 4, form), peak(hours, form)
    assert long <= 250
    assert long - short <= 25
