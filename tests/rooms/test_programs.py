"""Other programs: bounded in time and output, never a shell."""

import sys
import time

import pytest

from yomicast.errors import EngineMissing, SynthesisError
from yomicast.programs import run

PY = sys.executable


def test_input_goes_in_and_output_comes_out():
    done = run([PY, "-c", "import sys; sys.stdout.write(sys.stdin.read().upper())"], stdin=b"abc" * 50_000)
    assert done.status == 0
    assert done.stdout == b"ABC" * 50_000


def test_a_missing_program_is_named():
    with pytest.raises(EngineMissing, match="no-such-program"):
        run(["no-such-program-anywhere"])


def test_a_program_that_never_ends_is_ended_with_its_children():
    start = time.monotonic()
    with pytest.raises(SynthesisError, match="in time"):
        run([PY, "-c", "import os, time; os.fork(); time.sleep(60)"], timeout=0.5)
    assert time.monotonic() - start < 20


def test_megabytes_of_complaints_do_not_block():
    done = run([PY, "-c", "import sys; sys.stderr.write('x' * 5_000_000); print('ok')"])
    assert done.stdout.strip() == b"ok"
    assert len(done.stderr) <= 4_000


def test_too_much_output_is_refused():
    with pytest.raises(SynthesisError, match="too much"):
        run([PY, "-c", "print('x' * 5_000_000)"], limit=1_000_000)


def test_nothing_is_interpreted_by_a_shell():
    assert run([PY, "-c", "import sys; print(sys.argv[1])", "$(id); `id`"]).stdout.strip() == b"$(id); `id`"


def test_input_that_nobody_reads_is_no_error():
    assert run([PY, "-c", "pass"], stdin=b"x" * 10_000_000).status == 0
