"""Parentheses by class. A narrator never says カッコ: glosses are passed over, supplements set off by rests.

| class | example | podcast | strict (音訳) |
|---|---|---|---|
| reading | 神保謙(じんぼ・けん) | becomes the word's reading | the same |
| acronym | 世界貿易機関(WTO) | said once if the text uses it later, else passed over | said |
| foreign | 大規模言語モデル(large language model) | passed over | said |
| variant | 書く(描く) | passed over | said |
| laugh | (笑) | passed over | said |
| age | 田中さん(35) | 、35歳、 | the same |
| alone | （CV 久川綾） | the words | the words |
| supplement | 取り組み(2027年度までに達成予定) | between rests, lower | between rests, lower |
| long | …した(調査は全国の成人を対象に二月から三月にかけて行われた)。 | a sentence of its own | the same |
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field

from yomicast.model import Edit, Ruby
from yomicast.patterns import expression
from yomicast.script.sentences import LAUGH, Group, groups

ACRONYM = expression(r"^(?=(?:[^A-Z]*[A-Z]){2})[A-Za-z][A-Za-z0-9&.+\-/]{1,11}$")
FOREIGN = expression(r"^[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ0-9\s,.'’&:/\-+–]*$")
KANA = expression(r"^[ぁ-ゖ][ぁ-ゖー・=＝\s　]*$")
KANJI_TAIL = expression(r"[一-鿿々〆ヶ][一-鿿々〆ヶ\s　]*$")
WORD_TAIL = expression(r"[一-鿿々ァ-ヺー]$")
PERSON_TAIL = expression(r"(?:さん|氏|くん|君|ちゃん|容疑者|被告|選手|様|男性|女性|男児|女児|[一-鿿])$")
AGE = expression(r"^(?:当時)?[0-9０-９]{1,3}$")
VARIANT = expression(r"^[一-鿿]{1,2}([ぁ-ん]{1,3})$")
ROUND = "（("
LONG = 30
"""Characters from which a parenthesis at the end of a sentence is said as one of its own."""
SUPPLEMENT = "paren-supplement"
"""The rule of brackets whose words are said lower."""
PODCAST_SKIPS = frozenset({"acronym", "foreign", "variant", "laugh"})


@dataclass(slots=True)
class Glosses:
    """What the article says in parentheses so far. `text`: all of it, to see which acronyms are used alone."""

    text: str
    strict: bool = False
    said: set[str] = field(default_factory=set)
    _alone: Counter[str] | None = None

    def wanted(self, acronym: str) -> bool:
        """Whether a listener needs this acronym: it stands alone elsewhere and was not said before."""
        if self._alone is None:
            bare = re.sub(r"[（(][^（()）]{1,40}[)）]", "", self.text)
            self._alone = Counter(re.findall(r"[A-Za-z][A-Za-z0-9&.+\-/]{1,11}", bare))
        fresh = acronym not in self.said
        self.said.add(acronym)
        return self.strict or (fresh and self._alone[acronym] > 0)


def edits(text: str, glosses: Glosses) -> tuple[list[Edit], list[Ruby]]:
    """Edits for every outermost round bracket of a sentence, and readings that stood in brackets."""
    found: list[Edit] = []
    readings: list[Ruby] = []
    for group in groups(text):
        if text[group.start] not in ROUND:
            found += _nested(text, group, glosses, readings)
            continue
        found += _one(text, group, glosses, readings)
    return found, readings


def _nested(text: str, group: Group, glosses: Glosses, readings: list[Ruby]) -> list[Edit]:
    """Round brackets inside a quotation."""
    start = group.start + 1
    inner = text[start : group.end - 1]
    if not any(char in inner for char in ROUND):
        return []
    below, more = edits(inner, glosses)
    readings += [Ruby(start=r.start + start, end=r.end + start, reading=r.reading) for r in more]
    return [Edit(start=e.start + start, end=e.end + start, spoken=e.spoken, rule=e.rule) for e in below]


def _one(text: str, group: Group, glosses: Glosses, readings: list[Ruby]) -> list[Edit]:
    inner = text[group.start + 1 : group.end - 1].strip()
    head, after = text[: group.start], text[group.end :]
    if not re.search(r"\w", inner):
        return [Edit(start=group.start, end=group.end, spoken="", rule="paren-empty")]
    kind = classify(head, inner)
    if kind == "reading":
        base = KANJI_TAIL.search(head.rstrip())
        if base is not None:
            readings.append(Ruby(start=base.start(), end=base.end(), reading=re.sub(r"[\s　・=＝]", "", inner)))
        return [Edit(start=group.start, end=group.end, spoken="", rule="gloss-reading")]
    if kind == "acronym" and not glosses.wanted(inner):
        return [Edit(start=group.start, end=group.end, spoken="", rule="gloss-acronym")]
    if kind in PODCAST_SKIPS - {"acronym"} and not glosses.strict:
        return [Edit(start=group.start, end=group.end, spoken="", rule=f"gloss-{kind}")]
    return _read(group, kind, head, after)


def _read(group: Group, kind: str, head: str, after: str) -> list[Edit]:
    """Only the brackets change: into rests, or into nothing where a rest is there already."""
    opening = "" if not head.strip() or head.rstrip()[-1] in "、。，！？!?「（()）" else "、"
    if kind == "supplement" and group.end - group.start > LONG and after.strip()[:1] in ("", "。"):
        opening, kind = "。", "long"
    closing = "" if not after.strip() or after.lstrip()[0] in "、。，！？!?」）)" else "、"
    years = "歳" if kind == "age" else ""
    rule = f"paren-{kind}"
    return [
        Edit(start=group.start, end=group.start + 1, spoken=opening, rule=rule),
        Edit(start=group.end - 1, end=group.end, spoken=years + closing, rule=rule),
    ]


def classify(head: str, inner: str) -> str:
    """The class of a parenthesis by what stands before and in it (table above)."""
    before = head.rstrip()
    if LAUGH.fullmatch(f"({inner})"):
        return "laugh"
    if not before or before[-1] in "。！？!?":
        return "alone"
    if (
        KANA.match(inner)
        and KANJI_TAIL.search(before)
        and 2 <= len(inner) <= 20
        and not inner.endswith(("など", "ほか", "のみ", "だけ", "です", "ます", "より", "から", "まで"))
    ):
        return "reading"
    if ACRONYM.match(inner) and WORD_TAIL.search(before):
        return "acronym"
    if FOREIGN.match(inner) and len(inner) > 1:
        return "foreign"
    if AGE.match(inner) and PERSON_TAIL.search(before):
        return "age"
    if (found := VARIANT.match(inner)) and re.search(rf"[一-鿿]{{1,2}}{found[1]}$", before):
        return "variant"
    return "supplement"
