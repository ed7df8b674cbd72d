"""Regular expressions compiled once for all runs, as Python keeps its own compiled modules.

The rules of language are some 1,100 expressions. Python's compiler is written in Python and takes half a millisecond for
each: half a second at the start of every command, a seventh of a corrected sentence's whole render. What it makes is a
list of numbers; it is kept beside this module (or in the user's cache folder) under a name that holds Python's version,
with its SHA-256. Python itself checks the numbers when it takes them. Where they cannot be kept, or this Python knows
none of this, expressions are compiled as ever.
"""

from __future__ import annotations

import hashlib
import marshal
import re
import sys
from array import array
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, AnyStr, Final, TypeAlias

from yomicast import __version__
from yomicast.errors import OutputError
from yomicast.files import SEAL, compiled_folder, seal, sealed, whole

MOST: Final = 5_000
"""Expressions that are kept; of more, older ones are of programs that have changed since."""

Asked: TypeAlias = tuple[str | bytes, int]
"""Source and flags."""
Compiled: TypeAlias = tuple[int, bytes, int, dict[str, int], tuple[str | None, ...]]
"""All flags, code, number of groups, numbers by name, names by number."""

_fresh: dict[Asked, Compiled] = {}


def expression(source: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """As `re.compile`, for sources that stand in the program: what users and articles bring would fill the store."""
    known = _known().get((source, int(flags)))
    if known is None:
        return _compiled(source, int(flags))
    try:
        return _taken(source, known)
    except (ValueError, TypeError, RuntimeError, OverflowError):
        return re.compile(source, flags)


def keep() -> None:
    """Keep what was compiled in this run for the next; where nothing can be written, nothing is."""
    path = _store()
    if not _fresh or path is None:
        return
    store = {**(_known() if len(_known()) + len(_fresh) <= MOST else {}), **_fresh}
    with suppress(OutputError):
        with whole(path, lasting=False) as part:
            part.write_bytes(marshal.dumps(store))
            seal(part)
        _fresh.clear()


def _taken(source: AnyStr, known: Compiled) -> re.Pattern[AnyStr]:
    import _sre  # type: ignore[import-not-found]

    flags, code, groups, numbers, names = known
    made: re.Pattern[AnyStr] = _sre.compile(source, flags, array("I", code).tolist(), groups, numbers, names)
    return made


def _compiled(source: AnyStr, flags: int) -> re.Pattern[AnyStr]:
    """What `re.compile` does, in its own steps, so that the numbers in between can be kept."""
    try:
        from re import _compiler, _parser  # type: ignore[attr-defined]

        tree: Any = _parser.parse(source, flags)
        code = array("I", _compiler._code(tree, flags)).tobytes()  # noqa: SLF001
        names: list[str | None] = [None] * tree.state.groups
        for name, number in tree.state.groupdict.items():
            names[number] = name
        known = (flags | tree.state.flags, code, tree.state.groups - 1, dict(tree.state.groupdict), tuple(names))
        made = _taken(source, known)
    except (ImportError, AttributeError, TypeError, ValueError, RuntimeError, OverflowError):
        return re.compile(source, flags)
    _fresh[source, flags] = known
    return made


@cache
def _known() -> dict[Asked, Compiled]:
    path = _store()
    if path is None or not sealed(path):
        return {}
    try:
        found: dict[Asked, Compiled] = marshal.loads(path.read_bytes()[:-SEAL])  # noqa: S302  our own, as a .pyc is
    except (OSError, ValueError, EOFError, TypeError):
        return {}
    return found


def _store() -> Path | None:
    """The file for this Python's compiler and this version of the rules."""
    folder = compiled_folder(Path(__file__))
    parts = repr((sys.version, sys.implementation.cache_tag, sys.byteorder, __version__))
    return folder and folder / f"patterns-{hashlib.sha256(parts.encode()).hexdigest()[:24]}"
