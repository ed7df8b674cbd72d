"""VOICEVOX user dictionaries: the JSON that its editor exports and GET /user_dict gives. AivisSpeech's lists too.

An object of words by UUID: `surface` (full width), `pronunciation` (katakana), `accent_type` (0 flat), `priority` 0–10,
`part_of_speech…`. Source: voicevox_engine/user_dict/model.py (UserDictWord) and its word types.
"""

from __future__ import annotations

import json
import unicodedata
import uuid
from collections.abc import Iterable, Iterator

from yomicast.model import Message
from yomicast.reading import lexicon
from yomicast.reading.formats.rows import Row, Skip
from yomicast.settings import LexiconEntry

WORD_TYPES = {
    "": ("名詞", "固有名詞", "一般", 1348),
    "名詞": ("名詞", "一般", "*", 1345),
    "サ変名詞": ("名詞", "一般", "*", 1345),
    "接尾": ("名詞", "接尾", "一般", 1358),
    "助数詞": ("名詞", "接尾", "一般", 1358),
    "単位": ("名詞", "接尾", "一般", 1358),
    "動詞": ("動詞", "自立", "*", 642),
    "形容詞": ("形容詞", "自立", "*", 20),
}
"""Our word classes as part of speech, its first and second detail, and the dictionary's context id."""

CLASS_OF = {"接尾": "接尾", "動詞": "動詞", "形容詞": "形容詞"}
PRIORITY = 5


def read(data: bytes, text: str) -> Iterator[Row | Skip]:
    """Rows in file order; `line` is the running number of the word, JSON having no lines of its own."""
    del data
    words = json.loads(text)
    if not isinstance(words, dict):
        message = "an object of words is expected"
        raise ValueError(message)  # noqa: TRY004  # the door turns ValueError into LexiconError
    for number, word in enumerate(words.values(), 1):
        yield _row(word, number)


def _row(word: object, number: int) -> Row | Skip:
    if not isinstance(word, dict):
        return _broken(number)
    surface, pronunciation, accent = (_single(word.get(key)) for key in ("surface", "pronunciation", "accent_type"))
    if not isinstance(surface, str) or not isinstance(pronunciation, str):
        return _broken(number)
    details = (word.get("part_of_speech"), word.get("part_of_speech_detail_1"))
    return Row(
        word=unicodedata.normalize("NFKC", surface),
        reading=pronunciation,
        line=number,
        accent=accent if isinstance(accent, int) and not isinstance(accent, bool) else None,
        word_class=next((CLASS_OF[d] for d in details if isinstance(d, str) and d in CLASS_OF), ""),
    )


def _single(value: object) -> object:
    """AivisSpeech keeps the parts of a word in lists: readings are joined, an accent counts when it is the only one."""
    if not isinstance(value, list):
        return value
    if value and all(isinstance(part, str) for part in value):
        return "".join(value)
    return value[0] if len(value) == 1 else None


def _broken(number: int) -> Skip:
    return Skip(line=number, why=Message("no surface or pronunciation", "surface か pronunciation がありません"))


def write(entries: Iterable[LexiconEntry]) -> bytes:
    """Importable JSON, the same for the same entries. An accent that is not said is written as flat."""
    words = {str(uuid.uuid5(uuid.NAMESPACE_URL, f"yomicast:{one.word}")): _word(one) for one in entries}
    return (json.dumps(words, ensure_ascii=False, indent=1) + "\n").encode()


def _word(one: LexiconEntry) -> dict[str, object]:
    part, detail, second, context = WORD_TYPES.get(one.word_class, WORD_TYPES[""])
    return {
        "surface": wide(one.word),
        "priority": PRIORITY,
        "context_id": context,
        "part_of_speech": part,
        "part_of_speech_detail_1": detail,
        "part_of_speech_detail_2": second,
        "part_of_speech_detail_3": "*",
        "inflectional_type": "*",
        "inflectional_form": "*",
        "stem": "*",
        "yomi": one.reading,
        "pronunciation": one.reading,
        "accent_type": one.accent or 0,
        "mora_count": len(lexicon.morae(one.reading)),
        "accent_associative_rule": "*",
    }


def wide(text: str) -> str:
    """ASCII as full-width letters, as the dictionaries of Open JTalk have it."""
    return "".join("　" if c == " " else chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
