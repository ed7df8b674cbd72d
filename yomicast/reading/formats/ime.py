"""Word lists of input methods: `よみ<TAB>語<TAB>品詞<TAB>コメント`, one word a line.

Microsoft IME writes UTF-16 with lines of `!` before, ATOK lines of `!!`, Google Japanese Input and Mozc plain UTF-8.
Not every row is a reading: abbreviations (短縮よみ), smileys and suppressed words are skipped and said so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from yomicast.model import Message
from yomicast.patterns import expression
from yomicast.reading import lexicon
from yomicast.reading.formats.rows import Row, Skip
from yomicast.settings import LexiconEntry

NO_READING = frozenset(
    {"短縮よみ", "短縮読み", "省略よみ", "顔文字", "抑制単語", "サジェストのみ", "定型文", "慣用句短縮"}
)
MICROSOFT = {
    "人名": "人名",
    "地名": "地名その他",
    "組織": "固有名詞",
    "サ変名詞": "さ変名詞",
    "接尾": "接尾語",
    "副詞": "副詞",
}
GOOGLE = {"人名": "人名", "地名": "地名", "組織": "組織", "サ変名詞": "名詞サ変", "接尾": "接尾一般", "副詞": "副詞"}
COUNTERS = {"単位": "助数詞", "助数詞": "助数詞"}
_LINE_END = expression(r"\r\n|\r|\n")
_HAS_TEXT = expression(r"[^\W_]")


def read(data: bytes, text: str) -> Iterator[Row | Skip]:
    """Rows in file order."""
    del data
    for number, line in enumerate(_LINE_END.split(text), 1):
        if line.strip() and not line.startswith(("!", "#")):
            yield _row(line, number)


def _row(line: str, number: int) -> Row | Skip:
    reading, tab, rest = line.partition("\t")
    word, _, rest = rest.partition("\t")
    part, _, comment = rest.partition("\t")
    part = part.strip().rstrip("*")
    if not tab or not word.strip():
        return Skip(line=number, why=Message("no tab between reading and word", "よみと語の間にタブがありません"))
    if part in NO_READING:
        return Skip(
            line=number, why=Message(f"'{word}' is no reading ({part})", f"「{word}」は読みではありません({part})")
        )
    if not _HAS_TEXT.search(word):
        return Skip(line=number, why=Message(f"'{word}' is a sign, no word", f"「{word}」は語ではなく記号です"))
    return Row(word=word.strip(), reading=reading.strip(), line=number, note=comment.strip())


def write_microsoft(entries: Iterable[LexiconEntry]) -> bytes:
    """UTF-16 with byte order mark and CRLF, as Microsoft IME's dictionary tool reads it."""
    head = ["!Microsoft IME Dictionary Tool", "!Version:", "!Format:WORDLIST", "!User Dictionary Name:", ""]
    body = [_line(one, MICROSOFT.get(one.word_class) or COUNTERS.get(one.word_class, "名詞")) for one in entries]
    return b"\xff\xfe" + "".join(f"{line}\r\n" for line in (*head, *body)).encode("utf-16-le")


def write_google(entries: Iterable[LexiconEntry]) -> bytes:
    """UTF-8, one line a word."""
    rows = [_line(one, GOOGLE.get(one.word_class) or COUNTERS.get(one.word_class, "名詞")) for one in entries]
    return "".join(f"{row}\n" for row in rows).encode()


def _line(one: LexiconEntry, part: str) -> str:
    comment = re.sub(r"[\t\r\n]", " ", one.note)
    return f"{lexicon.plain_kana(one)}\t{one.word}\t{part}\t{comment}".rstrip("\t")
