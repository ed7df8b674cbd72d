"""Which line ends are only layout: lines cut inside a sentence are joined, label lines and verse stay apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.patterns import expression

ENDS = expression(
    r"[。．！？!?…‥♪♡☆★」』）)】〕〉》]\s*$|(?<![A-Za-z0-9])w+$|(?:笑|泣|汗)[)）]?$|(?<![A-Za-z0-9_/:]):[a-z][a-z0-9_+-]{1,30}:$"
)
GOES_ON = expression(
    r"(?:[、，,・（(「『〜～]|(?<!こんばん)(?<!こんにち)は|が|を|に|で|と|の|も|へ|て|や|から|ので|けど|けれど|たり|ながら|ため|など|より|まで|ば)$"
)
NEW = expression(
    r"^(?:　|[「『（(【〒☎℡■□◆◇●○◎▼▽▲△★☆※＊*▶►→⇒・･•]|[-–—―─]{1,2}\s?\S|[①-⑳❶-❿]|\d{1,2}(?:[.．]\d{1,2})*[\s　]\S|(?:\d{1,2}|[A-Za-zア-ン一二三四五六七八九十])[.．)）、:：]|[QＱAＡ][.．:：\s])"
)
SPEECH_OPENS = expression(
    r"(?:[、，,]|は|が|も|に|を|へ|から|って|て|で|と|なり|たら|れば|つつ|ながら|まま|ず|よると|ところ|途端|とたん)$"
)
SPEECH_TOLD = expression(
    r"^[、，]?(?:と|って)(?:[、，]|[一-鿿](?<![共時隣同])|い[うっわい]|おっしゃ|つぶや|ささや|こた|たず|はな|わら|ほほえ|しみじみ|うれし|にっこり|にこ|ぽつ|のこと|の声|お)"
)
"""A sentence may be set on three lines: who speaks, 「…」, and と言った; the line ends beside the speech are layout."""
MARKED = expression(r"^[■□◆◇●○◎▼▽▲△★☆▶►][\s　]*[^。、]{1,24}$")
"""A short line with a printed mark, which heads what follows."""
SAID = expression(r"(?:です|でした|ます|ました|ません|でしょう|ましょう|ください|下さい)$")
BEGINS = expression(
    r"[ァ-ヺA-Za-z0-9０-９「『（]|(?![際場時件旨事方為所様故間分程点])[一-鿿]|[おご](?=[一-鿿])"
    r"|(?:[こそあ][のれ]|[こそ]こ|では|でも|また|そして|しかし|ただ|さて|まず|なお|もし|ぜひ|どうぞ|いつ|ありがと|よろしく|さあ|いま)"
)
"""What a new sentence begins with; after ます a line that goes on begins with が, ので, よう, 際."""
LABEL = expression(r"^[^\s。、：:「」]{1,14}\s?[：:]\s?\S")


def ends_said(before: str, after: str) -> bool:
    """Whether a line without a stop ends a sentence all the same: politely, and the next begins one."""
    return SAID.search(before.rstrip()) is not None and BEGINS.match(after.lstrip()) is not None


def joins(before: str, after: str, width: int = 0) -> bool:
    """Whether the line end between two lines is layout only. `width`: the column the text was wrapped at, 0 unknown."""
    before, after = before.rstrip(), after.rstrip()
    if not before or not after.strip():
        return False
    if _around_speech(before, after):
        return True
    if ENDS.search(before) or NEW.match(after) or MARKED.match(before) or ends_said(before, after):
        return False
    if GOES_ON.search(before):
        return not (LABEL.match(after) and LABEL.match(before))
    if LABEL.match(after) or LABEL.match(before) or not width:
        return False
    return len(before) >= width * 0.85


def _around_speech(before: str, after: str) -> bool:
    """Whether a sentence goes on from who speaks to 「…」, or from 「…」 to the verb."""
    if after[0] in "「『":
        return bool(SPEECH_OPENS.search(before))
    return before[-1] in "」』" and bool(SPEECH_TOLD.match(after))


def same_paragraph(before: str, after: str) -> bool:
    """Whether two lines with a single forced break between them are sentences of one paragraph."""
    ends = re.search(r"[。！？!?」』）)、，]\s*$", after) or GOES_ON.search(after)
    return bool(re.search(r"[。！？!?]\s*$", before)) and not NEW.match(after) and bool(ends)


def width_of(lines: Sequence[str]) -> int:
    """The column a text was wrapped at, 0 if it was not: several lines of nearly one length cut inside sentences."""
    sizes = sorted(len(line.rstrip()) for line in lines if line.strip())
    if len(sizes) < 2:
        return 0
    longest = sizes[-1] if len(sizes) < 10 else sizes[int(len(sizes) * 0.9)]
    if not 16 <= longest <= 120:
        return 0
    full = [line.rstrip() for line in lines if longest * 0.85 <= len(line.rstrip()) <= longest * 1.15]
    cut = [line for line in full if not ENDS.search(line)]
    return longest if len(cut) >= max(1, len(full) // 3) else 0
