"""BLAS works in our threads; whoever set it otherwise, or loaded numpy before us, is left alone."""

import os
import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("first", "given", "wanted"),
    [("", None, "1"), ("", "2", "2"), ("import numpy; ", None, "None")],
)
def test_blas_is_asked_for_one_thread_before_numpy_is_loaded(first, given, wanted):
    around = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    around |= {"OPENBLAS_NUM_THREADS": given} if given else {}
    look = f"{first}import os, yomicast; print(os.environ.get('OPENBLAS_NUM_THREADS'))"
    said = subprocess.run([sys.executable, "-c", look], env=around, capture_output=True, text=True, check=True)
    assert said.stdout.strip() == wanted
