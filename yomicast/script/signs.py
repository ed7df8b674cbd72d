"""Signs that are not heard as they stand: trademarks, emoji and their codes, leftover markup, addresses, wide commas."""

from __future__ import annotations

import re

from yomicast.model import Edit
from yomicast.patterns import expression
from yomicast.script.sentences import CODE, EMOJI

KAOMOJI = expression(
    r"[＼ヽ┌m]?[（(](?=(?:[^（()）\n]*[´`｀^＾_＿;；∀ωдДT><＞＜ﾟ゜°ー▽≧≦〃・ε・*＊]){2})(?![^（()）\n]*[一-鿿ぁ-んァ-ヶA-Za-z0-9]{2})[^（()）\n]{2,12}[）)][／/ノﾉm]?"
)
"""A face drawn with signs in brackets: (*´ω｀*)."""
_HOST = r"(?:[A-Za-z0-9][A-Za-z0-9_\-.:@%]*|[^\W\x00-\x7f][\w\-]*(?:\.[\w\-]+)*\.[a-z]{2,}(?::\d+)?)"
_PATH = r"[A-Za-z0-9_\-./?%&=+#:~@!$,;*']"
_NAME = r"[一-鿿々〇ァ-ヶー]+"
URL = expression(
    rf"(?:https?://|www\.){_HOST}(?:[/?#](?:{_PATH}+(?:(?<=[/=#_]){_NAME}{_PATH}*)*)?)?(?<![.?&:~@!$,;*'])"
)
"""What an address holds of Japanese is a name in its path (/wiki/読書); text goes on right behind it: …/aをご覧ください."""
RULES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("shortcode", expression(r"\{\{[<%].{0,300}?[>%]\}\}|\{%.{0,300}?%\}")),
    ("url", URL),
    (
        "footnote-mark",
        expression(
            r"\[\^[^\]\s]{1,30}\]|(?<=[ぁ-んァ-ヶ一-鿿。、」])[\[［](?:\d{1,3}|注\d{0,3}|\*\d{1,3})[\]］]|[※＊*]\d{1,2}(?![\d.:])"
        ),
    ),
    (
        "file-size",
        expression(
            r"[（(\[［【]\s*(?:PDF|ＰＤＦ|Word|ワード|Excel|エクセル|PowerPoint|ZIP|CSV|JPEG|一太郎)(?:形式|ファイル|版|[\s：:／/・,、]).{0,24}?(?:[KMG]B|[ＫＭ]Ｂ|バイト|ページ|形式|ファイル)\s*[)）\]］】]",
            re.IGNORECASE,
        ),
    ),
    ("emoji-code", CODE),
    ("image-size", expression(r"(?<=\s)=\d{1,4}x\d{0,4}(?=\s|$)")),
    ("silent-sign", expression(r"[™®℠©]|[(（](?:TM|R|C)[)）](?=[ぁ-ん、。])")),
    ("emoji", EMOJI),
    ("kaomoji", KAOMOJI),
    ("wide-comma", expression(r"，(?!(?<=[0-9０-９]，)[0-9０-９]{3}(?![0-9０-９]))")),
    ("wide-point", expression(r"(?<=[ぁ-んァ-ヶ一-鿿）)」])．(?![0-9０-９])")),
)
SAID = {"wide-comma": "、", "wide-point": "。"}
HOST = expression(r"^(?:https?://)?(?:www\.)?([^/?#:]+)")
NOT_WRITTEN = frozenset(
    {
        "shortcode",
        "url",
        "footnote-mark",
        "emoji-code",
        "kaomoji",
        "image-size",
        "silent-sign",
        "list-rest",
        "line-rest",
        "math-mark",
        "tex-spelled",
    }
)
"""Rules that also hold for the plain text of a script (`as_json`): what they touch is markup, or a rest to be seen."""
SHORTEST_HOST = 24
"""Letters of a host name that can still be followed by ear."""


def edits(text: str) -> list[Edit]:
    """One edit a sign; an address is said as its host when that is short, else passed over (it stands in the notes)."""
    found = []
    for rule, pattern in RULES:
        for match in pattern.finditer(text):
            spoken = _address(match[0]) if rule == "url" else SAID.get(rule, "")
            found.append(Edit(start=match.start(), end=match.end(), spoken=spoken, rule=rule))
    return found


def addresses(text: str) -> list[str]:
    """Addresses typed into the text, for the show notes."""
    return [match[0] if match[0].startswith("http") else f"https://{match[0]}" for match in URL.finditer(text)]


def _address(url: str) -> str:
    host = HOST.match(url)
    return host[1] if host and len(host[1]) <= SHORTEST_HOST else ""
