"""User dictionaries of Open JTalk and MeCab: CSV, one word a line.

surface, left id, right id, cost, part of speech ×4, inflection ×2, base, reading, pronunciation — 13 fields in IPADIC;
Open JTalk adds `accent/morae` and the joining rule. Sources: the MeCab manual (単語の追加方法), mecab-naist-jdic.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator

from yomicast.model import Message
from yomicast.reading import lexicon
from yomicast.reading.formats.rows import Row, Skip
from yomicast.reading.formats.voicevox import CLASS_OF, WORD_TYPES, wide
from yomicast.settings import LexiconEntry

IPADIC = 13
COST = 8609


def read(data: bytes, text: str) -> Iterator[Row | Skip]:
    """Rows in file order."""
    del data
    rows = csv.reader(io.StringIO(text), strict=False)
    try:
        for fields in rows:
            if fields:
                yield _row(fields, rows.line_num)
    except csv.Error as error:
        raise ValueError(str(error)) from error


def _row(fields: list[str], line: int) -> Row | Skip:
    if len(fields) < IPADIC:
        said = f"{len(fields)} fields instead of {IPADIC} or 15"
        return Skip(line=line, why=Message(said, f"{len(fields)} 項目しかありません({IPADIC} か 15 項目です)"))
    accent = re.match(r"(\d{1,3})/", fields[13]) if len(fields) > IPADIC else None
    reading = fields[12] if fields[12] not in ("", "*") else fields[11]
    return Row(
        word=unicodedata.normalize("NFKC", fields[0]),
        reading=reading,
        line=line,
        accent=int(accent[1]) if accent else None,
        word_class=next((CLASS_OF[d] for d in fields[4:6] if d in CLASS_OF), ""),
    )


def write(entries: Iterable[LexiconEntry]) -> bytes:
    """Open JTalk's CSV (15 fields), full-width surfaces. An accent that is not said is written as flat."""
    out = io.StringIO()
    rows = csv.writer(out, lineterminator="\n")
    for one in entries:
        part, detail, second, context = WORD_TYPES.get(one.word_class, WORD_TYPES[""])
        surface = wide(one.word)
        accent = f"{one.accent or 0}/{len(lexicon.morae(one.reading))}"
        head = [surface, context, context, COST, part, detail, second, "*", "*", "*"]
        rows.writerow([*head, surface, one.reading, one.reading, accent, "*"])
    return out.getvalue().encode()
