"""Who most likely says it, learned from passages: asked last, when no rule knows or to doubt the one that spoke.

Everybody whom the sentences before and after a quotation speak of is a candidate; each is judged by where the name stands, by
the particle behind it, by what it is (a person's name, a role, a thing), by the words beside the quotation, and by who else is
there. Logistic regression with an L1 penalty; its weights are in `data/speakers.tsv`, to be read and reviewed, learned by
`benchmarks/train_speakers.py`, which prints how well speakers of authors are told who were not learned from. No library: a
table and a sum.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yomicast.patterns import expression
from yomicast.script import clauses, people
from yomicast.script.spoken import Spoken

SURE = 1.2
"""Log-odds from which the likeliest candidate is taken."""
UNSEEN, FAR = -2.0, 5.0
"""Log-odds of somebody who is no candidate, and by how much another must be likelier than whom the rules name."""
ABOVE, BELOW = 250, 80
"""Characters of the paragraphs above and below in which candidates are looked for."""
SHORTEST = 2
"""Letters of words that may be somebody's."""
UTTERED = 15
"""Characters from which words of which nothing is said are no term or title, however they end."""
RIVAL = 1.5
"""Log-odds by which the likeliest must lead the next one where the rules name nobody."""
LONGEST = 40
"""Characters of a phrase that may be a person."""
MARKS = expression(r"によると|によれば|いわく|からは|から|なら|って|と(?!し)|[はがもをにのへで、。（(！？]|$")
"""What stands behind whoever a sentence speaks of."""
SUBJECTS = frozenset("はがも")
CALLED = expression(
    r"((?:[一-鿿々ァ-ヶーA-Za-z0-9]+の)?お?[一-鿿々ァ-ヶーA-Za-z0-9・]{1,12}(?:さん|氏|くん|君|ちゃん|様|さま|先生|たち|ら)?|[ぁ-ん]{2,8}(?:さん|くん|ちゃん)|わたし|ぼく|おれ|あたし)$"
)
"""What may be a name where no rule says that it is a person's."""
NAMING = frozenset(
    {"は", "が", "も", "からは", "によると", "によれば", "いわく", "の", "に", "から", "、", "。", "（", "(", ""}
)
"""What may stand behind such a name."""
HONOURED = expression(r"(?:さん|氏|くん|君|ちゃん|様|先生|教授|課長|代表)$")
VERBS = {
    "passive": expression(r"(?:など)?(?:と|って)[^。「」]{0,10}?(?:われ|かれ|られ|され|まれ|たれ)"),
    "asked": expression(r"(?:と|って)[^。「」]{0,8}?(?:聞|尋|たず|問|訊)"),
    "heard": expression(r"(?:と|って)[^。「」]{0,8}?(?:教わ|聞か|もら|いただ)"),
    "named": expression(r"(?:と|って)(?:いう|呼|名|題|銘)|という(?:名|言葉|意味|題|店|町|字|話)"),
    "written": expression(r"(?:と|とも)[^。「」]{0,8}?(?:書|記|ある|あり|あっ|残)"),
    "thought": expression(r"(?:と|とも)[^。「」]{0,8}?(?:思|考|感じ|信じ)"),
    "held": expression(r"[をがはにのも]"),
    "closed": expression(r"[\s　]*(?:。|$)"),
}
"""What a quotation's sentence goes on to say of it."""
LEADS = {
    "so": expression(r"(?:こう|次のよう|このよう|以下のよう|次の)[^。「」]{0,14}[。：:]?$"),
    "written": expression(r"(?:書|記|つづ|綴|残)[^。「」]{0,10}[。：:]?$"),
    "paper": expression(
        r"(?:紙|手紙|葉書|はがき|日記|日誌|帳|ノート|メモ|札|板|標語|看板|壁|碑|貼|メール|文書|報告|記録)[^。]{0,16}[。：:、，]?$"
    ),
    "asked": expression(r"(?:聞|尋|たず|問|訊)[^。「」]{0,8}[。、，]?$"),
    "spoke": expression(r"(?:言|話|語|述べ|答え|口を開|つぶや|呟|笑|振り返)[^。「」]{0,8}[。、，]?$"),
    "passive": expression(r"(?:われ|かれ|られ|され)[^。「」]{0,6}[。、，]?$"),
}
"""What the words before a quotation end with."""
LEADING = ("so", "written", "asked", "spoke")
"""How a paragraph ends that leads to words set apart."""
STOPS = expression(r"[。！？]")
ENDED = expression(r"[ぁ-ん。！？!?…]$")
SIGNS = expression(r"\W+")
SEVERAL = expression(r"(?:ら|たち)$")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody who may say it. `side`: b before the words, a behind them in their sentence, n next. `far`: sentences and
    `lines`: paragraphs between. `between`: what stands between the particle and the words, or the words and the name.
    """

    name: str
    mark: str
    kind: str
    side: str
    far: int
    lines: int
    between: str


@dataclass(frozen=True, slots=True)
class Passage:
    """A quotation with everybody who may say it. `said`: a verb of speech follows. `closing`: how its sentence ends."""

    words: str
    before: str
    after: str
    voice: str
    alone: bool
    said: bool
    closing: str
    candidates: tuple[Candidate, ...]


def passage(quote: Spoken) -> Passage:
    """What is seen of a quotation."""
    text, start, end = quote.text, quote.start, quote.end
    line = text.rfind("\n", 0, start) + 1
    above = text.rfind("\n", 0, max(0, line - 1)) + 1
    before = clauses.masked(text[above:line])[-ABOVE:] + clauses.masked(text[line:start])
    stop = text.find("\n", end)
    stop = len(text) if stop < 0 else stop
    behind = clauses.masked(text[end:stop])
    cut = STOPS.search(behind)
    sentence = behind[: cut.end()] if cut else behind
    rest = (
        behind[len(sentence) :]
        + clauses.masked(text[stop : stop + 1] + text[stop + 1 :].split("\n", 1)[0])[: BELOW + 1]
    )
    found = [
        *_side(before, "b", hears=bool(VERBS["passive"].match(behind))),
        *_side(sentence, "a"),
        *_side(rest, "n"),
    ]
    here = before[before.rfind("\n") + 1 :]
    return Passage(
        words=quote.words,
        before=(here.strip(" 　") or before.rstrip())[-LONGEST:],
        after=behind[:LONGEST],
        voice=quote.voice,
        said=quote.said,
        closing=sentence.rstrip("。 　")[-3:],
        alone=not here.strip(" 　〓") and not behind.strip("。 　〓"),
        candidates=tuple(found),
    )


def _side(text: str, side: str, *, hears: bool = False) -> Iterator[Candidate]:
    """Everybody whom `text` speaks of. `hears`: the subject of its last sentence hears the words."""
    for mark in MARKS.finditer(text):
        head = text[: mark.start()]
        phrase = clauses.noun_phrase(head)
        phrase = re.sub("^と(?=[^ぁ-ん])", "", phrase) if side != "b" else phrase
        if not phrase or "〓" in phrase or not head.endswith(phrase):
            continue
        name = clauses.human(SEVERAL.sub("", phrase)) if len(phrase) <= LONGEST else ""
        kind = "person" if name and name[-1] not in "はがをにで" else "thing"
        if kind == "thing":
            called = CALLED.search(phrase) if mark[0] in NAMING else None
            if called is None:
                continue
            name = called[1]
            kind = "speaker" if len(phrase) <= LONGEST and people.is_speaker(phrase) else "thing"
        if side == "b" and hears and mark[0] in SUBJECTS and not STOPS.search(text[mark.end() :]):
            continue  # 久我さんは「…」と言われた: who hears it
        between = text[mark.end() :] if side == "b" else text[: mark.start() - len(name)]
        yield Candidate(
            name=name,
            mark=mark[0],
            kind=kind,
            side=side,
            far=len(STOPS.findall(between)) + (side == "n"),
            lines=between.count("\n"),
            between=between,
        )


def features(seen: Passage, one: Candidate) -> set[str]:
    """What is seen of a candidate: names of features, each there or not."""
    near = [other for other in seen.candidates if other.side == one.side and len(other.between) < len(one.between)]
    place = f"{one.side}{min(one.far, 3)}{min(one.lines, 1)}"
    beside = f"{one.side}{min(one.far, 1)}"
    people_near = {other.name for other in seen.candidates if other.kind == "person"}
    subject = one.mark in SUBJECTS
    out = {
        f"place {place} {one.kind}",
        f"mark {one.side}{min(one.far, 2)} {one.mark} {one.kind}",
        f"ends {one.name[-1:]} {one.kind}",
        f"ends {one.name[-2:]}",
        f"size {_size(one.name)} {one.kind}",
        f"honoured {place} {bool(HONOURED.search(one.name))}",
        f"people {min(3, len(people_near))} {one.kind}",
        f"nearer people {one.side} {min(3, sum(other.kind == 'person' for other in near))} {one.kind}",
        f"nearer {one.side} {min(4, len(near))} {one.kind}",
        f"nearer subjects {one.side} {min(3, sum(other.mark in SUBJECTS for other in near))} {one.kind} {subject}",
        f"spoke before {place} {bool(seen.voice) and (one.name in seen.voice or seen.voice in one.name)}",
        f"told of {min(3, sum(other.name == one.name for other in seen.candidates))} {one.kind}",
        f"said {seen.said} {place} {one.kind}",
        f"said {seen.said} {one.side} {one.mark} {seen.after[:1]}",
        f"closing {beside} {seen.after[:1]} {seen.closing[-2:]}",
        f"closing {beside} {seen.closing}",
        f"alone {seen.alone} {place} {one.kind}",
        f"sentence {bool(ENDED.search(seen.words))} {one.side}",
        f"words {_size(seen.words)} {one.side}",
        f"begins {one.side} {place} {seen.before.strip(' 　')[-1:] in ('', '。', '」')}",
    }
    out |= {f"behind {beside} {seen.after[:size]}" for size in (1, 2, 3, 4, 6)}
    out |= {f"ahead {beside} {seen.before[-size:]}" for size in (1, 2, 3, 4, 6)}
    out |= {f"verb {beside} {one.mark} {name}" for name, verb in VERBS.items() if verb.match(seen.after)}
    out |= {f"lead {place} {one.mark} {name}" for name, lead in LEADS.items() if lead.search(seen.before)}
    if one.side == "b" and one.far == 0:
        straight = len(one.between) <= 2
        out |= {
            f"between {_size(one.between)} {one.mark} {one.kind}",
            f"between {one.between[-8:]}",
            f"straight {straight} {one.mark} {one.kind} {seen.after[:1]}",
            f"straight {straight} {one.mark} {seen.after[:2]}",
        }
    if one.side == "a":
        out |= {
            f"then {_size(one.between)} {one.mark} {one.kind}",
            f"then {one.between[:4]}",
            f"then {one.mark} {one.between[:1]} {one.kind}",
        }
    return {name.replace("\n", "⏎").replace("\t", " ") for name in out}


def _size(text: str) -> int:
    return min(6, (len(text) + 1).bit_length())


@cache
def weights() -> dict[str, float]:
    """The learned table."""
    table = (files("yomicast.script") / "data/speakers.tsv").read_text(encoding="utf-8")
    rows = (line.rsplit("\t", 1) for line in table.split("\n") if line and not line.startswith("# "))
    return {name: int(hundredths) / 100 for name, hundredths in rows}


def odds(seen: Passage) -> list[float]:
    """For each candidate the log-odds that these are its words."""
    known = weights()
    return [
        known["offset"] + sum(known[name] for name in features(seen, one) if name in known) for one in seen.candidates
    ]


def speaker(quote: Spoken, told: str) -> str:
    """Whom the rules name (`told`, empty: nobody), unless somebody else is far likelier; empty where nobody is likely."""
    uttered = quote.said or quote.after.startswith(("と", "って")) or quote.size >= UTTERED or ENDED.search(quote.words)
    if not (told or uttered) or len(SIGNS.sub("", quote.words)) < SHORTEST:
        return told
    seen = passage(quote)
    sure = sorted(zip(odds(seen), (one.name for one in seen.candidates), strict=True), reverse=True)
    most, who = sure[0] if sure else (UNSEEN, "")
    if most < SURE or (told and _is_one(who, told)):
        return told
    known = max((chance for chance, name in sure if _is_one(name, told)), default=UNSEEN) if told else 0.0
    rival = max((chance for chance, name in sure if not _is_one(name, who)), default=UNSEEN)
    return who if (most - known > FAR if told else most - rival > RIVAL) else told


def set_off(words: str, above: str, below: str) -> str:
    """Who most likely says words set apart between two paragraphs, each empty where there is none; nobody where the one above
    does not lead to words.
    """
    if not any(LEADS[kind].search(above.strip()) for kind in LEADING):
        return ""
    text = f"{above}\n「{words}」\n{below}"
    return speaker(Spoken.of(text, [(len(above) + 1, len(above) + len(words) + 3)], 0, last="", voice=""), "")


def _is_one(name: str, other: str) -> bool:
    """Whether two names may be one person's: 七瀬 is 七瀬看護師."""
    return name in other or other in name
