"""The second analyser: Sudachi with its core dictionary. It knows names, organisations and Latin words well."""

from __future__ import annotations

import threading
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import metadata
from typing import Any

from yomicast.reading.sounds import spoken

LONGEST = 10_000
"""Characters a call; Sudachi refuses inputs over 49,149 bytes."""

_local = threading.local()
_starting = threading.Lock()


@dataclass(frozen=True, slots=True)
class Morpheme:
    """`reading` as spelled in katakana ("" when Sudachi does not know the word); `pos`: its six parts of speech."""

    surface: str
    start: int
    end: int
    reading: str
    pos: tuple[str, ...]
    base: str
    known: bool


def version() -> str:
    """Analyser and dictionary, for cache keys."""
    return f"sudachipy {metadata.version('sudachipy')} core {metadata.version('sudachidict-core')}"


def _tokenizer() -> Any:
    """This thread's tokenizer, of the one dictionary that the front end has loaded: mapped twice it costs 135 MB more."""
    if not hasattr(_local, "tokenizer"):
        from pyopenjtalk.utils import get_sudachi_tokenizer

        with _starting, warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # it makes its tokenizer the old way
            _local.tokenizer = get_sudachi_tokenizer()
    return _local.tokenizer


def morphemes(text: str, *, short: bool = False) -> list[Morpheme]:
    """Sudachi's words: its longest units (C), or its shortest (A)."""
    from sudachipy import SplitMode

    found: list[Morpheme] = []
    for at in range(0, len(text), LONGEST):
        for one in _tokenizer().tokenize(text[at : at + LONGEST], SplitMode.A if short else SplitMode.C):
            reading = one.reading_form()
            known = not one.is_oov() and bool(reading) and all("ァ" <= c <= "ヺ" or c == "ー" for c in reading)
            found.append(
                Morpheme(
                    one.surface(),
                    at + one.begin(),
                    at + one.end(),
                    reading if known else "",
                    tuple(one.part_of_speech()),
                    one.dictionary_form(),
                    known,
                )
            )
    return found


@lru_cache(maxsize=4096)
def latin(word: str) -> str:
    """How Sudachi's dictionary says a Latin word, "" when it does not have it whole."""
    found = morphemes(word)
    return found[0].reading if len(found) == 1 and found[0].known else ""


def sound(morphs: Sequence[Morpheme]) -> str:
    """The morphemes as spoken."""
    return "".join(spoken(one.reading, verb=one.pos[0] in ("動詞", "形容詞", "助動詞")) for one in morphs)
