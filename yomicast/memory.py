"""Memory handed back to the system, where the system has a way (Linux): elsewhere these do nothing.

The analysers map dictionaries of 300 MB and touch half of them while reading; sound is made in arrays that live a
moment. Without a word from us both stay in the process to its end, and the peak is their sum.
"""

from __future__ import annotations

import atexit
import ctypes
import gc
import itertools
import mmap
import sys
from functools import cache
from pathlib import Path
from typing import Final

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
"""Names in glibc's malloc.h."""
MADV_DONTNEED: Final = 4
LARGE: Final = 1 << 20
"""Bytes: an array of this size or more gets pages of its own, which go back when it dies."""
DICTIONARIES, LIBRARIES = ".dic", ".so"
"""Parts of the names of what is mapped and worth letting go."""
SELDOM: Final = 50_000
"""New objects between two searches for cycles: we make hardly any, and Python's 700 cost a tenth of the start."""
KEPT: Final = 64 << 20
"""Bytes of small things' room that are kept for the next ones: giving them back each time costs a tenth of a render."""


@cache
def _libc() -> ctypes.CDLL | None:
    return ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None


def frugal() -> None:
    """From now on a large array's memory goes back to the system when the array dies, and cycles are sought seldom, at
    the program's end not at all.

    glibc by itself raises the size that it maps apart up to 32 MiB, and keeps what is smaller for later.
    """
    gc.set_threshold(SELDOM)
    atexit.unregister(gc.freeze)
    atexit.register(gc.freeze)  # at the end everything goes at once: no use in searching it for cycles
    libc = _libc()
    if libc is None or not hasattr(libc, "mallopt"):
        return
    for name, value in ((M_MMAP_THRESHOLD, LARGE), (M_TRIM_THRESHOLD, KEPT), (M_ARENA_MAX, 2)):
        libc.mallopt(name, value)


def let_go(name: str, *, code: bool = False) -> None:
    """Drop from this process the pages of files mapped for reading (or, with `code`, of a library's code and constants)
    whose path holds `name`.

    Nothing is lost: the next touch maps the page again, from the system's cache if it is still there. What the loader
    has written into stays: a library's variables, and the constants before them, which it has turned into addresses.
    These are its last, so constants go where the same file's code or more constants follow.
    """
    libc = _libc()
    if libc is None or not hasattr(libc, "madvise"):
        return
    try:
        rows = Path("/proc/self/maps").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return
    for row, after in itertools.pairwise([*rows, ""]):
        if name not in row:
            continue
        *_, path = parts = row.split(maxsplit=5)
        if len(parts) < 6 or name not in path:
            continue
        start, stop = parts[0].split("-")
        further = after.startswith(stop) and after.endswith(path) and after.split(maxsplit=2)[1].startswith("r-")
        if parts[1].startswith("r-x" if code else "r--") or (code and parts[1].startswith("r--") and further):
            length = int(stop, 16) - int(start, 16)
            libc.madvise(ctypes.c_void_p(int(start, 16)), ctypes.c_size_t(length), MADV_DONTNEED)


def mapped() -> int:
    """Bytes of files (dictionaries, libraries) whose pages this process holds; 0 where nobody knows."""
    try:
        return int(Path("/proc/self/statm").read_bytes().split()[2]) * mmap.PAGESIZE
    except (OSError, IndexError, ValueError):
        return 0


def trim() -> None:
    """Give back what dead objects left behind."""
    libc = _libc()
    if libc is not None and hasattr(libc, "malloc_trim"):
        libc.malloc_trim(0)
