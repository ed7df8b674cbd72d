"""macOS: text replacements as a property list (`phrase`, `shortcut`), and the older ことえり list as CSV.

A property list is what dragging the words out of System Settings → Keyboard → Text Replacements gives.
"""

from __future__ import annotations

import csv
import io
import plistlib
from collections.abc import Iterable, Iterator
from xml.parsers.expat import ExpatError

from yomicast.model import Message
from yomicast.patterns import expression
from yomicast.reading import lexicon
from yomicast.reading.formats.rows import Row, Skip
from yomicast.settings import LexiconEntry

_HAS_TEXT = expression(r"[^\W_]")


def read(data: bytes, text: str) -> Iterator[Row | Skip]:
    """Rows in file order; `line` is the running number of the word. Entity declarations are refused by plistlib."""
    del text
    try:
        words = plistlib.loads(data)
    except (plistlib.InvalidFileException, ExpatError, KeyError, IndexError, TypeError, OverflowError) as error:
        raise ValueError(str(error)) from error
    if not isinstance(words, list):
        message = "a list of words is expected"
        raise ValueError(message)  # noqa: TRY004  # the door turns ValueError into LexiconError
    for number, word in enumerate(words, 1):
        phrase, shortcut = (word.get("phrase"), word.get("shortcut")) if isinstance(word, dict) else (None, None)
        yield _row(phrase, shortcut, number)


def _row(phrase: object, shortcut: object, number: int) -> Row | Skip:
    if not isinstance(phrase, str) or not isinstance(shortcut, str):
        return Skip(line=number, why=Message("no phrase or shortcut", "phrase か shortcut がありません"))
    if not _HAS_TEXT.search(phrase):
        return Skip(line=number, why=Message(f"'{phrase}' is a sign, no word", f"「{phrase}」は語ではなく記号です"))
    return Row(word=phrase, reading=shortcut, line=number)


def read_csv(data: bytes, text: str) -> Iterator[Row | Skip]:
    """`"よみ","語","品詞"`; lines of `//` are comments."""
    del data
    rows = csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")), strict=False)
    try:
        for fields in rows:
            if len(fields) == 1 or (fields and fields[0].startswith("//")):
                continue
            if fields:
                yield _row(fields[1], fields[0], rows.line_num)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def write(entries: Iterable[LexiconEntry]) -> bytes:
    """A property list that System Settings takes by drag and drop."""
    return plistlib.dumps([{"phrase": one.word, "shortcut": lexicon.plain_kana(one)} for one in entries])
