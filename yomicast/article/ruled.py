"""Rules drawn with signs in plain text, as mail magazines set them: mastheads, boxed headings, advertisements, imprint."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SIGNS = frozenset("▼▽▲△◎♪━─═＝=-－―—_＿*＊~〜☆★◆◇■□●○※・.…+＋#＃┏┌╔╭┗└╚╰┓┐╗╮┛┘╝╯┠├┨┤┳┻╋┬┴┼")
CORNERS = frozenset("┏┌╔╭")
SHORTEST, KINDS = 4, 3
"""Signs a rule has at least, and different ones at most, corners apart."""
ADVERT = re.compile(
    r"^[\s　]*[━─═＝=\-－―—_＊*~＜<【\[［《〔(（■□◆◇★☆●○▼▽▲△※・\s]*(?:ＰＲ|PR|広告|スポンサー|AD|ＡＤ)\s*[＞>】\]］》〕)）■◆★☆※\s]*(?P<rule>.*)$",
    re.IGNORECASE,
)
ADVERT_TEXT = re.compile(
    r"^[\s　]*[＜<【\[［《〔(（■◆★☆]+\s*(?:ＰＲ|PR|広告|スポンサー|AD|ＡＤ)\s*[＞>】\]］》〕)）■◆★☆]+", re.IGNORECASE
)
ADVERT_LINES = 12
MASTHEAD = re.compile(
    r"第?[\s　]*[\d０-９]+[\s　]*号|vol\.?[\s　]*\d|No\.?[\s　]*\d|発行|配信|創刊|メルマガ|メールマガジン|(?:19|20)\d\d[/年.\-]",
    re.IGNORECASE,
)
IMPRINT = re.compile(
    r"編集後記|発行(?:者|元|人|所)?[\s　]*[:：]|配信|登録|解除|購読|バックナンバー|返信|転送|メールマガジン|メルマガ|ご意見|ご感想|お問い?合わ?せ|copyright|転載|https?://|[\w.]+@[\w.]+",
    re.IGNORECASE,
)
SENTENCE = re.compile(r"[。！？!?]\s*$")


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules say of lines, by index: why a line goes, and which lines are headings in a box."""

    gone: dict[int, str]
    boxed: frozenset[int]


def is_rule(line: str) -> bool:
    """A line drawn with signs."""
    signs = "".join(line.split())
    return len(signs) >= SHORTEST and SIGNS.issuperset(signs) and len(set(signs[1:-1])) <= KINDS


def ruling(lines: Sequence[str]) -> Ruling:
    """Read the rules of a text."""
    rules = [n for n, line in enumerate(lines) if is_rule(line)]
    drawn = frozenset(rules)
    gone: dict[int, str] = {}
    boxed: set[int] = set()
    for n, line in enumerate(lines):
        advert = ADVERT.match(line)
        if advert and is_rule(advert["rule"]):
            at = bisect(rules, n)
            end = rules[at] if at < len(rules) else n
            gone |= dict.fromkeys(range(n, end + 1) if end - n <= ADVERT_LINES else (n,), "ad")
    for start, end in pairwise(rules):
        within = [n for n in range(start + 1, end) if lines[n].strip()]
        if within and len(within) <= ADVERT_LINES and ADVERT_TEXT.match(lines[within[0]]):
            gone |= dict.fromkeys(within, "ad")
    last = max(
        (
            n
            for n, line in enumerate(lines)
            if n not in gone and len(line) > 15 and SENTENCE.search(line) and not IMPRINT.search(line)
        ),
        default=0,
    )
    first = next((n for n, line in enumerate(lines) if line.strip() and n not in drawn), 0)
    for start, end in pairwise(rules):
        inner = [n for n in range(start + 1, end) if lines[n].strip()]
        if not 1 <= len(inner) <= 3 or any(n in gone for n in inner) or any(SENTENCE.search(lines[n]) for n in inner):
            continue
        words = " ".join(lines[n].strip("┃│║ 　") for n in inner)
        if inner[0] == first and MASTHEAD.search(words):
            gone |= dict.fromkeys(inner, "masthead")
        elif (
            len(inner) == 1
            and len(words) <= 45
            and end < last
            and (lines[start].strip()[0] in CORNERS or end - start <= 2)
        ):
            boxed |= set(inner)
    tail = next((rule for rule in rules if rule > last), None)
    if tail is not None:
        below = [n for n in range(tail, len(lines)) if lines[n].strip() and n not in drawn]
        if below and sum(bool(IMPRINT.search(lines[n])) for n in below) * 2 >= len(below):
            gone |= dict.fromkeys(below, "imprint")
    return Ruling(gone, frozenset(boxed - gone.keys()))
