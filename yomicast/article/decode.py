"""Bytes to text: declared, marked or detected encodings that Japanese articles come in.

Declared Shift_JIS is decoded as cp932 (WHATWG Encoding, label table), because pages use its extensions ①㈱～.
"""

from __future__ import annotations

import unicodedata

from yomicast.errors import ArticleError
from yomicast.model import Message, Place
from yomicast.patterns import expression

BOMS: tuple[tuple[bytes, str], ...] = (
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
LABELS = {
    **dict.fromkeys(("shift_jis", "shift-jis", "sjis", "x-sjis", "ms932", "windows-31j", "cp932", "ms_kanji"), "cp932"),
    **dict.fromkeys(("euc-jp", "x-euc-jp", "eucjp", "euc_jp"), "euc_jp"),
    **dict.fromkeys(("iso-2022-jp", "csiso2022jp"), "iso2022_jp_ext"),
    **dict.fromkeys(("utf-8", "utf8", "unicode-1-1-utf-8"), "utf-8"),
    **dict.fromkeys(("utf-16", "utf-16le"), "utf-16-le"),
    "utf-16be": "utf-16-be",
}
KANA = expression(r"[ぁ-んァ-ヶー、。]")
HALF_KANA = expression(r"[ｦ-ﾟ]")
CONTROL = expression(r"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def decode(data: bytes, *, name: str, declared: str = "") -> str:
    """The text, line ends as LF, without byte order mark.

    Order: byte order mark, the declared encoding if it fits, UTF-8, UTF-16 without mark, then whichever of the
    Japanese encodings gives the most kana and no broken character.

    Raises:
        ArticleError: this is no text.
    """
    text = _decoded(data, declared)
    if text is None or _looks_binary(text):
        raise ArticleError(
            Message(
                "this is no text: a picture, a PDF or a program?",
                "文章ではありません(画像や PDF、プログラムではありませんか)",
            ),
            where=Place(file=name),
            hint=Message(
                "save the article as UTF-8 text, Markdown or HTML",
                "記事を UTF-8 のテキスト、Markdown、HTML で保存してください",
            ),
        )
    return text.replace("\r\n", "\n").replace("\r", "\n").lstrip("\ufeff")


def _decoded(data: bytes, declared: str) -> str | None:
    for mark, codec in BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(codec, errors="replace")
    label = LABELS.get(declared.strip().strip("\"'").lower())
    if label and (text := _strict(data, label)) is not None:
        return text
    if data.startswith(b"\x1b$") or b"\x1b$B" in data or b"\x1b$@" in data:
        return data.decode("iso2022_jp_ext", errors="replace")
    if (text := _strict(data, "utf-8")) is not None and "\x00" not in text:
        return text
    if (paired := _utf16(data)) is not None:
        return data.decode(paired, errors="replace")
    return _most_japanese(data, label)


def _strict(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _utf16(data: bytes) -> str | None:
    """UTF-16 without mark: one byte of each pair is 00 (ASCII) or 30 (kana) far more often than the other."""
    head = data[:4096]
    if len(head) < 4:
        return None
    even = sum(byte in (0x00, 0x30) for byte in head[0::2])
    odd = sum(byte in (0x00, 0x30) for byte in head[1::2])
    enough = len(head) // 2 * 0.3
    if even > enough and even > 4 * odd:
        return "utf-16-be"
    return "utf-16-le" if odd > enough and odd > 4 * even else None


def _most_japanese(data: bytes, label: str | None) -> str | None:
    codecs = dict.fromkeys([*([label] if label else []), "utf-8", "cp932", "euc_jp", "euc_jis_2004"])
    texts = [data.decode(codec, errors="replace") for codec in codecs]
    best = max(texts, key=_plausible)
    return best if best.count("\ufffd") <= max(2, len(best) // 50) else None


def _plausible(text: str) -> float:
    """Kana and 、。 speak for an encoding; half-width kana and broken characters against it."""
    head = text[:50_000]
    return len(KANA.findall(head)) - 2 * len(HALF_KANA.findall(head)) - 20 * head.count("\ufffd")


def _looks_binary(text: str) -> bool:
    head = text[:20_000]
    controls = len(CONTROL.findall(head)) + sum(unicodedata.category(char) in ("Co", "Cn") for char in head)
    return controls > max(1, len(head) // 100)
