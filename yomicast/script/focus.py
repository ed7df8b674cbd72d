"""Who is most in focus: the one person whom the text has just been about, for words that nothing else gives to anybody.

Speaks last of all clues, and only where nobody competes: one person in the paragraph before the words, else one in the
paragraph above.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.patterns import expression
from yomicast.script import clauses, people
from yomicast.script.carried import ADVERBIAL
from yomicast.script.sayings import (
    ACTS,
    ASKING,
    FOREIGNER,
    MYSELF,
    SIGNED,
    SPOKEN_END,
    SUPPOSED,
    UPON,
    VOICE_NEXT,
    WRITTEN_UP,
)
from yomicast.script.spoken import Spoken

SHORTEST = 5
"""Characters from which words that end as a sentence does are somebody's."""
LONGEST_BEAT = 40
"""Characters of a paragraph between two of one voice."""
FARTHEST = 800
"""Characters before the words in which people are looked for."""
LONGEST_NAME = 15
"""Characters from which a quotation is no name or title."""
SENTENCE_END = expression(r"[ぁ-ん][。！？!?…]*」$")
MARKS = expression(r"からは|から|なら|って|と(?!し)|[はがもをにのへで、。（(]|$")
"""What stands behind whoever a sentence speaks of."""
LEFT_OPEN = expression(
    r"(?:[てで]|[たくすぐむぶうつる]と|たら|だら|えば|れば|ところ|ながら|つつ|てから|でから|[りみきぎちびしいげせけえめれね](?=[、，])|と)[、，]?$"
)
"""A clause that leads to words: 少し間があって、; 理由を尋ねると、."""
ONE_WORD = expression(
    r"のは[^。「」はがも]{0,12}(?:一言|ひと言|ひとこと|言葉|口癖|せりふ|台詞|文句|同じ|決まって|きまって|ただ|たった)[^。「」はがも]{0,6}[、，]?$"
)
"""帰り際に残すのは決まって一言、「…」."""
ADVERB = expression(r"^[^。「」はがもを]{0,14}[、，]?$")


IDENTIFIED = expression(
    rf"[^。、\n]{{1,20}}は[、，]?(?=[^。、はがもを\n]{{1,24}}{people.HONORIFIC}(?:だった|だ|です|でした|である)?(?:。|$))"
)
"""最後の客は、常連の庄司さん。: one person, called twice."""


def in_focus(quote: Spoken) -> str | None:
    """The one person of whom the text speaks before these words; nobody where two compete."""
    words = quote.text[quote.start : quote.end]
    ends = SPOKEN_END.search(words) or SENTENCE_END.search(words)
    uttered = (ends and quote.size >= SHORTEST) or quote.size >= LONGEST_NAME
    if not uttered or not (quote.alone or quote.said) or SUPPOSED.match(quote.flat) or VOICE_NEXT.match(quote.after):
        return None
    if not _leads(quote.before.rstrip(" 　")):
        return None
    lines = clauses.masked(quote.text[max(0, quote.start - 2 * FARTHEST) : quote.start]).split("\n")
    paragraph = lines[-1]
    sentence = next((part for part in reversed(re.split("[。！？]", paragraph)) if part.strip()), "")
    if WRITTEN_UP.search(sentence) or SIGNED.search(sentence) or MYSELF.search(sentence):
        return None
    asked = bool(ASKING.search(quote.before) or UPON.search(quote.before))
    here = named_in(paragraph.removesuffix(quote.before) if ASKING.search(quote.before) else paragraph)
    if here:
        return here[0] if len(here) == 1 else None
    above = next((line for line in reversed(lines[:-1]) if line.strip("〓 　。")), "")
    if not above or WRITTEN_UP.search(above.rstrip("。").rsplit("。", 1)[-1]):
        return None
    if not asked and not quote.before.strip() and ("〓" in above or lines[-2] != above):
        return None  # somebody else's turn
    there = named_in(above) or _one_beat_back(lines, above, quote.voice)
    return there[0] if len(there) == 1 and not MYSELF.search(above) else None


def _one_beat_back(lines: Sequence[str], above: str, voice: str) -> list[str]:
    """Who spoke above a paragraph that tells of nobody, where nobody else was there: the fire crackled."""
    if len(above) > LONGEST_BEAT or any(clauses.topic(part) for part in above.split("。")):
        return []
    before = next((line for line in reversed(lines[: lines.index(above)]) if line.strip("〓 　。")), "")
    return [voice] if voice and "〓" in before and named_in(before) == [voice] else []


def _leads(before: str) -> bool:
    """Whether what stands before the words in their sentence leaves room for whoever is meant."""
    bare = ADVERBIAL.sub("", before)
    return bool(not bare or ADVERB.match(bare) or LEFT_OPEN.search(bare) or ONE_WORD.search(bare))


def named_in(text: str) -> list[str]:
    """Everybody of whom `text` speaks, by name or role, each once, in the order they come."""
    text = IDENTIFIED.sub("", text[-FARTHEST:])
    found: dict[int, tuple[int, str]] = {}
    for mark in MARKS.finditer(text):
        phrase = clauses.noun_phrase(text[: mark.start()])
        who = "" if "〓" in phrase or people.BODY.match(phrase) else clauses.human(re.sub("(?:ら|たち)$", "", phrase))
        who = who or clauses.apposed(text[: mark.start()])
        if who and text[: mark.start()].endswith(phrase):
            start = mark.start() - len(phrase)
            found[start] = (mark.start(), who)  # the longest phrase from here
    apposed = {start for start, (end, _) in found.items() if text[end : end + 1] in "、（(" and end + 1 in found}
    names = [one for start, (_, who) in found.items() if start not in apposed for one in _each(who)] + [
        match["who"] for match in FOREIGNER.finditer(text)
    ]
    names += [
        who for part in re.split("[。\n]", text) if (who := clauses.topic(part)) and (len(who) > 2 or ACTS.search(part))
    ]
    return _distinct(names)


def _each(who: str) -> list[str]:
    """父と母 are two."""
    parts = re.split("と(?=[一-鿿ァ-ヺ])", who)
    return parts if all(clauses.human(part) for part in parts) else [who]


def _distinct(names: Sequence[str]) -> list[str]:
    """Names of which none is part of another: とし子 is 檜山とし子."""
    out: list[str] = []
    for name in dict.fromkeys(names):
        if name not in people.ANYBODY and not any(name in other or other in name for other in out):
            out.append(name)
    return out
