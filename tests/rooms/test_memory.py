"""Memory handed back: what is mapped is counted, and goes when it is let go."""

import atexit
import gc
import mmap
import subprocess
import sys

import pytest

from yomicast import memory

linux = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells and takes pages back")


@linux
def test_a_file_that_is_read_through_its_mapping_is_counted_until_it_is_let_go(tmp_path):
    size = 32 << 20
    path = tmp_path / "words.dic"
    path.write_bytes(b"x" * size)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, prot=mmap.PROT_READ) as pages:
        before = memory.mapped()
        assert pages[:: mmap.PAGESIZE].count(b"x") == size // mmap.PAGESIZE
        assert memory.mapped() - before >= size * 0.9
        memory.let_go("words.dic")
        assert memory.mapped() - before <= size * 0.1
        assert pages[-1:] == b"x"  # nothing is lost


LOOK = """
import re
import numpy as np
from yomicast import memory

def constants():
    found, rows = [0, 0], open("/proc/self/smaps").read()
    for part in re.split("(?m)^(?=[0-9a-f]+-[0-9a-f]+ )", rows):
        if "_multiarray_umath" in part.partition("\\n")[0] and " r--p " in part:
            sizes = [int(re.search(name + r": +(\\d+)", part)[1]) for name in ("Rss", "Anonymous")]
            found[0] += sizes[0] - sizes[1]
            found[1] += sizes[1]
    return found

np.arange(9.0).sum()
clean, written = constants()
memory.let_go("_multiarray_umath", code=True)
print(clean > 300, written > 0, constants()[0] < clean / 10, constants()[1] == written, np.arange(9.0).sum())
"""


@linux
def test_of_a_library_all_goes_but_what_its_loader_wrote():
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, check=True)
    assert done.stdout == "True True True True 36.0\n"


def test_where_nobody_tells_nothing_is_counted(monkeypatch):
    monkeypatch.setattr(memory, "Path", lambda _: (_ for _ in ()).throw(OSError))
    assert memory.mapped() == 0


def test_being_frugal_twice_asks_once_for_the_end(monkeypatch):
    asked = []
    monkeypatch.setattr(atexit, "register", asked.append)
    monkeypatch.setattr(atexit, "unregister", lambda work: asked.remove(work) if work in asked else None)
    before = gc.get_threshold()
    memory.frugal()
    memory.frugal()
    assert asked == [gc.freeze]
    gc.set_threshold(*before)
