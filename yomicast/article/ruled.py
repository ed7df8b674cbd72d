"""Rules drawn with signs in plain text, as mail magazines set them: mastheads, boxed headings, advertisements, imprint."""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from yomicast.article import headings
from yomicast.patterns import expression

SIGNS = frozenset("▼▽▲△◎♪━─═＝=-－―—_＿*＊~〜～☆★◆◇■□●○※・.…+＋#＃┏┌╔╭┗└╚╰┓┐╗╮┛┘╝╯┠├┨┤┳┻╋┬┴┼:;：；゜")
DRAWN = "".join(sorted(SIGNS)) + " \t　"
CORNERS = frozenset("┏┌╔╭")
SHORTEST, KINDS, LONG = 4, 3, 20
"""Signs a rule has at least, and different ones at most, corners apart; a long one may have one more."""
ADVERT = expression(
    r"[＜<【\[［《〔(（\s　]*(?:ここから|以下は?)?[\s　]*(?:[PＰ][ 　]?[RＲ]|広[ 　]*告|スポンサー(?:から(?:のお知らせ)?)?|AD|ＡＤ)[\s　]*(?:ここから|ここまで|終わり|おわり)?[＞>】\]］》〕)）\s　]*",
    re.IGNORECASE,
)
"""What stands in a rule that opens or closes an advertisement, at either end of it or between: ──PR──."""
ADVERT_TEXT = expression(
    r"^[\s　]*[＜<【\[［《〔(（■◆★☆]+\s*(?:[PＰ][ 　]?[RＲ]|広[ 　]*告|スポンサー|AD|ＡＤ)\s*[＞>】\]］》〕)）■◆★☆]+",
    re.IGNORECASE,
)
ADVERT_LINES = 12
OFFER_LINES, SLIP_LINES = 6, 24
OFFERED = expression(
    r"セール|キャンペーン|ポイント|送料|割引|[\d０-９]+[\s　]*(?:%|％|割)?[\s　]*(?:OFF|オフ|引き)|プレゼント|募集中|開催中|受付中|発売中|新発売|発売開始|お得|今だけ|限定|感謝祭|無料|入会|会員|クーポン|フェア|大特価|新商品",
    re.IGNORECASE,
)
REACHED = expression(
    r"https?://|[\w.]+@[\w.]+|こちら|くわしく|詳しく|詳細|まで[！!]?$|[\d０-９]{2,4}[-－‐][\d０-９]{2,4}"
)
"""Where an offer is to be had."""
CUT_OFF = expression(
    r"^[\s　\-－―─━…‥・.=＝_~～✂✄]*(?:切[\s　]*り?[\s　]*取[\s　]*り?(?:[\s　]*線)?|き[\s　]*り[\s　]*と[\s　]*り(?:[\s　]*線)?|キ[\s　]*リ[\s　]*ト[\s　]*リ(?:[\s　]*線)?)[\s　\-－―─━…‥・.=＝_~～✂✄]*$"
)
MASTHEAD = expression(
    r"第?[\s　]*[\d０-９]+[\s　]*号|月号|[２2][０0][\d０-９]{2}年|第[\d０-９一二三四五六七八九十百千〇]+(?:号|便|報|信|通|夜|回)|vol\.?[\s　]*\d|No\.?[\s　]*\d|発行|配信|創刊|メルマガ|メールマガジン|(?:19|20)\d\d[/年.\-]",
    re.IGNORECASE,
)
IMPRINT = expression(
    r"編集後記|この(?:たより|便り|通信|会報|広報|メール)は|ホームページ(?:で|から|に|上)[^。]{0,6}(?:ご覧|公開|掲載)|発行(?:者|元|人|所)?[\s　]*[:：]|配信|登録|解除|購読|バックナンバー|返信|転送|メールマガジン|メルマガ|ご意見|ご感想|お問い?合わ?せ|copyright|転載|https?://|[\w.]+@[\w.]+|〒|(?:TEL|電話|FAX)[\s　:：\d０-９]|編集(?:者|長|人|部)?[\s　]*[:：]|^[\W_]*(?:編集|発行|印刷|編集[・、]?発行)(?:者|元|人|所)?[\s　]+\S|配布先|回覧(?:先|順)|(?:次の?|隣の)(?:班|組|方|お?宅|家)[^。]{0,12}(?:回し|お?渡し)|[（(][cCＣ][)）]|©",
    re.IGNORECASE,
)
LEAVES = expression(
    r"配信|登録|解除|購読|退会|停止|バックナンバー|メールマガジン|メルマガ|copyright|転載|配布先|回覧|[（(][cCＣ][)）]|©|発行(?:者|元|人|所)?[\s　]*[:：]",
    re.IGNORECASE,
)
"""What only an imprint says; an address or whom to ask stands in articles as well."""
ASKED = expression(
    r"^[\W_]*(?:ご?(?:寄[付附]|支援|カンパ|協賛|入会|会費|サポート)|(?:正|賛助|維持)?会員|サポーター|ボランティア|スタッフ|広告(?:主|掲載)?|執筆者|投稿|お便り)[^。、]{0,10}(?:お願い|ご?案内|ご?募集|募集中|受け?付|方法|お待ちして)[^。]{0,8}$"
)
"""What heads a framed part above the imprint that asks for money, members or letters."""
FRAMED = expression(
    r"^[\s　]*(?P<open>[-＋+＝=＊*◆◇☆★■□●○▼▽▲△♪─━－―]{2,}|[＊*◆◇☆★■□●○▼▽▲△♪](?=.*[-＝=─━－―]{6}))[\s　]*(?P<words>[^-\s　＋+＝=＊*◆◇☆★■□●○─━－―。].{0,28}?)[\s　]*(?P<close>[-＋+＝=＊*◆◇☆★■□●○▼▽▲△♪─━－―]{2,})[\s　]*$"
)
MASTHEAD_LINES = 4
"""Lines above the first rule that may be a masthead."""
NUMBERED = expression(
    r"[\d０-９一二三四五六七八九十百]+[\s　]*号|vol\.?[\s　]*\d|No\.?[\s　]*\d|発行|配信|回覧", re.IGNORECASE
)
NOTED = expression(r"[\s　┃│║]*[※＊]")
"""A remark on the file or the mail, in the box that names it."""
ISSUED = expression(
    r"(?:[\d０-９]+|[一二三四五六七八九十]+)月号|[春夏秋冬新]号|第[\s　]*[\d０-９一二三四五六七八九十百]+[\s　]*号|vol\.?[\s　]*\d|No\.?[\s　]*\d",
    re.IGNORECASE,
)
"""The number of an issue, which needs no rule below it where its title stands apart."""
SHORTEST_TITLE, NAME = 8, 5
PROSE = 15
"""Letters of a line, with more than which a full stop ends a sentence of the text."""
GARLAND = 10
"""Signs at most that a line may repeat."""
STARS = frozenset("☆★◆◇＊*♪※")
CENTRED, INDENT = 3, ("　　　　", "        ")
ADDRESSED = expression(r"ます|ません|です|ください|下さい|お願い|まで|禁")
"""How an imprint speaks to its reader; a sentence that does not is the text."""
SENTENCE = expression(r"[。！？!?](?:[（(][^（()）。]{1,8}[）)])?\s*$")
"""A sentence at a line's end, also with its writer's initial behind it: 感じます。（小）"""


@dataclass(frozen=True, slots=True)
class Ruling:
    """What rules say of lines, by index: why a line goes, and which lines are headings in a box."""

    gone: dict[int, str]
    boxed: frozenset[int]


def is_rule(line: str) -> bool:
    """A line drawn with signs; three are enough for stars set in the middle."""
    signs = "".join(line.split())
    few = CENTRED if STARS.issuperset(signs) and line.startswith(INDENT) else SHORTEST
    drawn = SIGNS.issuperset(signs) and len(set(signs[1:-1])) <= KINDS + (len(signs) >= LONG)
    return len(signs) >= few and (drawn or _is_garland(signs))


def _is_garland(signs: str) -> bool:
    """Whether a few signs come again and again, as in ☆*:..｡o○☆*:..｡o○☆, hardly a letter among them."""
    size = next((n for n in range(2, GARLAND + 1) if signs[n:] == signs[:-n]), 0) if len(signs) >= LONG else 0
    return size > 0 and sum(char.isalnum() for char in signs[:size]) <= 1 and len(signs) >= 2 * size


def ruling(lines: Sequence[str]) -> Ruling:
    """Read the rules of a text."""
    rules = [n for n, line in enumerate(lines) if is_rule(line)]
    drawn = frozenset(rules)
    gone = _adverts(lines, rules)
    boxed = {n for n, line in enumerate(lines) if _is_framed(lines, n, drawn) and n not in gone and line.strip()}
    last = max(
        (
            n
            for n, line in enumerate(lines)
            if n not in gone and SENTENCE.search(line) and _is_told(lines, n, drawn) and not _publishes(line)
        ),
        default=0,
    )
    first = next((n for n, line in enumerate(lines) if line.strip() and n not in drawn), 0)
    gone |= dict.fromkeys(_unframed(lines, rules, drawn), "masthead")
    for start, end in pairwise(rules):
        inner = [n for n in range(start + 1, end) if lines[n].strip()]
        noted = [n for n in inner if NOTED.match(lines[n])]
        told = any(SENTENCE.search(lines[n]) for n in inner if n not in noted)
        if not 1 <= len(inner) <= 3 or any(n in gone for n in inner) or told:
            continue
        words = " ".join(lines[n].strip("┃│║ 　") for n in inner)
        top = inner[0] == first or _only_notices(lines[:start], drawn)
        if top and (MASTHEAD.search(words) or (noted and _is_titled(lines, end, drawn))):
            gone |= dict.fromkeys(inner, "masthead")
        elif (
            len(inner) == 1
            and len(words) <= 45
            and end < last
            and (lines[start].strip()[0] in CORNERS or end - start <= 2)
        ):
            boxed |= set(inner)
    gone |= _imprint(lines, rules, gone, last)
    return Ruling(gone, frozenset(boxed - gone.keys()))


def _is_told(lines: Sequence[str], n: int, drawn: frozenset[int]) -> bool:
    """Whether the sentence that ends in a line is one of the text's: of some length, or begun in the line above."""
    above = lines[n - 1] if n and n - 1 not in drawn else ""
    return len(lines[n]) > PROSE or (len(above) > PROSE and not SENTENCE.search(above) and not _publishes(above))


def _only_notices(above: Sequence[str], drawn: frozenset[int]) -> bool:
    """Whether the few lines above a masthead only say who gets the mail and why."""
    said = [line for n, line in enumerate(above) if line.strip() and n not in drawn]
    return 0 < len(said) <= MASTHEAD_LINES and bool(IMPRINT.search("".join(said)))


def _unframed(lines: Sequence[str], rules: Sequence[int], drawn: frozenset[int]) -> list[int]:
    """The lines of a masthead that has a rule, or a blank line, below it only: a number, a date, who publishes it, and no
    title, which stands below by itself, above parts whose headings are marked.
    """
    begun = next((n for n, line in enumerate(lines) if line.strip()), 0)
    blank = next((n for n in range(begun, len(lines)) if not lines[n].strip()), 0)
    ruled = bool(rules) and sum(bool(line.strip()) for line in lines[: rules[0]]) <= MASTHEAD_LINES
    end = rules[0] if ruled else blank
    above = [n for n in range(end) if lines[n].strip()]
    words = " ".join(lines[n] for n in above)
    told = any(SENTENCE.search(lines[n]) for n in above)
    issued = (NUMBERED if ruled else ISSUED).search(words) and (ruled or len(above) > 1)
    if not 1 <= len(above) <= MASTHEAD_LINES or told or not issued or not _is_titled(lines, end, drawn):
        return []
    return above if any(headings.sign_of(line.strip(" \t　")) for line in lines[end:]) else []


def _is_titled(lines: Sequence[str], end: int, drawn: frozenset[int]) -> bool:
    """Whether a title of the text's own stands first below the rule at `end`, by itself."""
    at = next((n for n in range(end + 1, len(lines)) if lines[n].strip() and n not in drawn), 0)
    text = lines[at].strip(" \t　")
    alone = at > 0 and (at + 1 == len(lines) or not lines[at + 1].strip() or at + 1 in drawn)
    below = next((line for line in lines[at + 1 :] if line.strip()), "")
    told = len(below) > PROSE and headings.is_line(text) and not headings.GREETING.search(text)
    named = (headings.looks_like(text) or told) and not headings.mark_level(text) and not headings.LABEL.match(text)
    wide = headings.width(text) >= (SHORTEST_TITLE if len(below) <= PROSE or headings.mark_level(below) else NAME)
    return alone and named and wide and not headings.KEYWORD.match(text)


def _adverts(lines: Sequence[str], rules: Sequence[int]) -> dict[int, str]:
    """Lines of advertisements: from a rule that says PR to the next rule, between two rules, or up to a blank line."""
    gone: dict[int, str] = {}
    begun = next((n for n, line in enumerate(lines) if len(line) > 15 and SENTENCE.search(line)), len(lines))
    named = {n for n, line in enumerate(lines) if _is_advert_rule(line)}
    ends = sorted([*rules, *named])
    for n, line in enumerate(lines):
        if n in named and n not in gone:
            at = bisect(ends, n)
            end = next((later for later in ends[at : at + 2] if later - n > 1), n)
            gone |= dict.fromkeys(range(n, end + 1) if end - n <= ADVERT_LINES else (n,), "ad")
        elif n > begun and n not in gone and ADVERT_TEXT.match(line):  # an article may be one and say so in its title
            block = _block(lines, n)
            gone |= dict.fromkeys(block, "ad") if len(block) <= ADVERT_LINES else {}
    gone |= _slip(lines)
    for start, end in pairwise(rules):
        within = [n for n in range(start + 1, end) if lines[n].strip()]
        labelled = bool(within) and bool(ADVERT_TEXT.match(lines[within[0]]))
        if within and len(within) <= ADVERT_LINES and (labelled or (start > begun and _offers(lines, within))):
            gone |= dict.fromkeys(within, "ad")
    return gone


def _offers(lines: Sequence[str], within: Sequence[int]) -> bool:
    """Whether a few lines in a frame of their own, none of them a sentence with a full stop, offer something."""
    text = [lines[n].strip(" \t　") for n in within]
    calls = any(OFFERED.search(line) for line in text) and any(REACHED.search(line) for line in text)
    return 1 < len(text) <= OFFER_LINES and calls and not any(line.endswith("。") for line in text)


def _slip(lines: Sequence[str]) -> dict[int, str]:
    """The form below 切り取り線, to be filled in and handed back."""
    at = next((n for n, line in enumerate(lines) if n * 2 > len(lines) and CUT_OFF.match(line)), None)
    if at is None or len(lines) - at > SLIP_LINES:
        return {}
    return {n: "form" for n in range(at, len(lines)) if lines[n].strip()}


def _is_advert_rule(line: str) -> bool:
    """A rule with PR or the like in it."""
    words = line.strip(DRAWN)
    return bool(words) and bool(ADVERT.fullmatch(words)) and is_rule(line.replace(words, ""))


def _block(lines: Sequence[str], start: int) -> range:
    """Indices from `start` to the next blank line or rule."""
    end = start
    while end < len(lines) and lines[end].strip() and not (end > start and is_rule(lines[end])):
        end += 1
    return range(start, end)


def _is_framed(lines: Sequence[str], n: int, drawn: frozenset[int]) -> bool:
    """A heading between signs on its own line, ＋＋＋ お知らせ ＋＋＋, below a blank line."""
    found = FRAMED.match(lines[n]) if n not in drawn else None
    return found is not None and (n == 0 or not lines[n - 1].strip() or n - 1 in drawn)


def _publishes(line: str) -> bool:
    """Whether a line speaks of the magazine itself: who makes it, how to write to it or leave it."""
    told = SENTENCE.search(line) and not ADDRESSED.search(line)
    return bool(IMPRINT.search(line)) and not told


def _imprint(lines: Sequence[str], rules: Sequence[int], gone: Mapping[int, str], last: int) -> dict[int, str]:
    """Who publishes it, how to leave the list, old numbers: all parts between rules at the end that say so."""
    drawn = frozenset(rules)
    found: dict[int, str] = {}
    tail = next((rule for rule in rules if rule > last), None)
    if tail is not None:
        below = [n for n in range(tail, len(lines)) if lines[n].strip() and n not in drawn and n not in gone]
        if below and sum(_publishes(lines[n]) for n in below) * 2 >= len(below):
            found |= dict.fromkeys(below, "imprint")
    end = len(lines)
    for rule in reversed(rules):
        part = [n for n in range(rule + 1, end) if lines[n].strip() and n not in gone]
        end = rule
        said = [n for n in part if _publishes(lines[n])]
        asked = bool(part) and bool(found) and len(part) <= OFFER_LINES and ASKED.match(lines[part[0]]) is not None
        if part and not asked and (len(said) * 2 < len(part) or not any(LEAVES.search(lines[n]) for n in said)):
            break
        found |= dict.fromkeys(part, "call" if asked else "imprint")
    return found
