"""Memory handed back: what is mapped is counted, and goes when it is let go."""

import atexit
import gc
import mmap
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
