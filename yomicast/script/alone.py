"""A quotation that is a sentence of its own: who says it by the sentences beside it, above and below."""

from __future__ import annotations

import re

from yomicast.patterns import expression
from yomicast.script import carried, clauses, direct, focus, people, presented
from yomicast.script.sayings import (
    ACTS,
    AFTER_BARE,
    AFTER_CLEFT,
    AFTER_DASH,
    AFTER_ENDS,
    AFTER_IS,
    AFTER_NOUN,
    AFTER_PAREN,
    AFTER_PERSON,
    AFTER_TOLD,
    AFTER_TOPIC,
    AFTER_WHO,
    ANNOUNCES,
    ANSWERED,
    AT_THE_TIME,
    CHANNEL,
    MYSELF,
    OF_OTHERS,
    SAID_OF,
    SAY,
    SIGNED,
    SO_SAYS,
    SPOKEN_END,
)

SHORTEST = 8
"""Characters from which a quotation without a verb of speech can be somebody's words."""
ALONE = 14
"""Characters above which a quotation that nothing is said of belongs to the person of the sentences before."""
CONTRAST = expression(r"(?:ところが|しかし|けれども?|だけど|だが|でも|一方|対して|それでも|すると|いっぽう)[、，]?")
"""Turns from who spoke to somebody else."""
REACTS = expression(r"顔を見合わせ|息を[のを呑飲]|静まり|拍手|どよめ|目を丸く|目を見[張は]")
"""What those do who heard the words."""
TAKES_IN = expression(r"黙って|うなず|頷")
"""What somebody does to whom the words are said."""
ASKS_BACK = expression(r"か[。？?]?」$")
SHOWN = expression(r"に[^、。にはが]{0,10}(?:見せ|渡し|差し出し|手渡し|向け|示し)(?:た|ます|ました)$")
"""客が店主に切符を見せた。「…か」: who shows something asks about it."""


def around(text: str, start: int, end: int, previous_end: int) -> str:
    """A quotation that is a sentence of its own: announced before, told after, or beside a person's sentence."""
    after = text[end : end + 160]
    above = clauses.last_sentence(clauses.masked(text[max(0, start - 160) : start])).rstrip("。 　\n")
    if SIGNED.search(above):
        return ""
    if ASKS_BACK.search(text[start:end]) and SHOWN.search(above):
        return clauses.person_in(above, role=True)
    parted = after.startswith("\n") and not text[text.rfind("\n", 0, start) + 1 : start].strip(" 　")
    told = "" if parted and _reacts(after) else named_after(after, said=False)
    if told and not people.is_pronoun(told):
        return told
    answers = presented.SAID_ABOVE.match(text[previous_end:start].rstrip("\n"))
    own_line = "" if answers else clauses.masked(text[previous_end:start].rstrip().rsplit("\n", 1)[-1])
    if parted and answers and (who := presented.steps_forward(after.strip(), own_line)):
        return who
    if who := announced(text, start, "", previous_end) or told:
        return who
    sentence = _below(after)
    leads_on = sentence and re.match("。[\\s　]*「", after[sentence.end() :]) and text[start - 1 : start] != "\n"
    if leads_on and (who := clauses.person_in(above, role=True)):
        return who  # the next sentence leads to the next words
    acts = clauses.topic(above) if ACTS.search(above) and text[start - 1 : start] != "\n" else ""
    if acts and sentence and clauses.topic(sentence["words"]) not in ("", acts):
        return acts  # 三橋は黙って火をつけた。「来るか」。青木は首を振った。: who acts before the words, not who reacts
    if sentence and not parted and TAKES_IN.search(sentence["words"]) and (who := clauses.person_in(above, role=True)):
        return who  # 棟梁は黙ってうなずいた: behind the words of whom the sentence before them tells
    if parted and (who := presented.steps_forward(sentence["words"] if sentence else "", own_line)):
        return who
    if who := presented.came_forward(above):
        return who
    if (
        parted
        and not (answers or own_line.strip())
        and (who := presented.comes_into_sight(after.lstrip("\n").split("\n")[0]))
    ):
        return who
    if sentence and parted and (who := direct.newcomer(sentence["words"], text[:start])):
        return who
    if (
        sentence
        and parted
        and (
            CONTRAST.match(sentence["words"])
            or REACTS.search(sentence["words"])
            or not re.search(rf"{SAY}|そう", sentence["words"])
        )
        and (who := _close_above(text[previous_end:start]))
    ):
        return who
    if (
        sentence
        and not (OF_OTHERS.match(after) or ANNOUNCES.match(after.lstrip("。 　\n")))
        and (who := clauses.person_in(sentence["words"], told=bool(re.search(SAY, sentence["words"]))))
    ):
        return who
    window = clauses.masked(text[max(0, start - 240) : start]).rstrip(" 　\n")
    line = window.rsplit("\n", 1)[-1]
    if len(line) <= 40 and "。" not in line and people.is_named(line):
        return people.name(line)
    spoken = bool(SPOKEN_END.search(text[start:end]))
    if (
        (spoken or end - start > SHORTEST)
        and line
        and (who := carried.teller(clauses.last_sentence(line).rstrip("。")))
    ):
        return who
    beside = clauses.last_sentence(line) if spoken or end - start > SHORTEST else ""
    if (end - start <= ALONE and not spoken) or (previous_end and "。" not in text[previous_end:start]):
        return carried.role_beside(beside, "" if line or OF_OTHERS.match(after) or not sentence else sentence["words"])
    if carried.competing(line):
        return ""
    then = sentence["words"] if sentence and not OF_OTHERS.match(after) else ""
    return carried.person_before(window) or carried.role_beside(beside, then) or carried.role_before(line)


def _below(after: str) -> re.Match[str] | None:
    """The sentence below words (`words`), unless it leads to words of its own or tells how the narrator takes them."""
    sentence = re.match(r"[。\s　—―─–-]*(?P<words>[^。「」\n]{4,120})", after)
    if sentence is None:
        return None
    rest = after[sentence.end() :]
    own = rest.startswith("「") and "そう" not in sentence[0]
    view = re.match("。[\\s　]*「", rest) and ANSWERED.search(sentence["words"])  # 検査員の見方は厳しい。「…」
    mine = after.startswith("\n") and MYSELF.search(sentence[0]) and not re.search("そう|こう", sentence[0])
    return None if own or view or mine else sentence


def _reacts(after: str) -> bool:
    """Whether the line below words only tells how somebody takes them: 孫の渉さんが目を丸くしました."""
    sentence = after.strip().split("。")[0]
    return bool(REACTS.search(sentence)) and not re.search("そう|こう", sentence)


def _close_above(between: str) -> str:
    """The one person whom the paragraph right above a quotation tells of, as its first subject."""
    line = between.rstrip().rsplit("\n", 1)[-1]
    told = [
        clauses.person_in(part) or clauses.person_in(part, role=True)
        for part in re.split("[。！？]", line)
        if part.strip()
    ]
    names = set(told) - {""}
    return names.pop() if len(names) == 1 and len(focus.named_in(line)) < 2 else ""


def named_after(after: str, *, said: bool) -> str:
    """Whom the words behind a quotation name; `said`: they hold a verb of speech."""
    flat = people.PARENS.sub("", after) if not AFTER_PAREN.match(after) else after
    for pattern in (
        (AFTER_IS, AFTER_CLEFT, AFTER_TOLD, AFTER_WHO, AFTER_TOPIC, AFTER_NOUN, AFTER_BARE, AFTER_PERSON, AFTER_ENDS)
        if said or flat.startswith(("と", "、と"))
        else ()
    ):
        found = pattern.match(flat)
        close = found and (pattern is not AFTER_TOPIC or not re.search("[、，]", found["who"]))
        if found and _fits(pattern, clauses.noun_phrase(found["who"]), close=bool(close)):
            return people.name(clauses.noun_phrase(found["who"]))
    for pattern in (AFTER_PAREN, AFTER_DASH):
        found = pattern.match(after)
        who = SAID_OF.sub("", found["who"]) if found else ""
        named = people.is_speaker(who) or (pattern is AFTER_DASH and people.is_own_name(people.PARENS.sub("", who)))
        if who and named and (pattern is AFTER_DASH or _in_person(who)):
            return people.name(who)
    if not said and re.match(r"^[。\s　]*", after):
        found = SO_SAYS.match(flat) or None
        if found and people.is_speaker(clauses.noun_phrase(found["who"])):
            return people.name(clauses.noun_phrase(found["who"]))
        if so := clauses.so_said(flat) or presented.below(flat):
            return so
    return ""


def _in_person(who: str) -> bool:
    """Not a place, which stands behind names too, 「青葉プリント」(仙台市), nor a year: （2024年、対象300人）."""
    if re.match(r"[0-9０-９]{4}年", who):
        return False
    return not re.search(r"[都道府県市区町村]$", who) or people.is_person(who) or bool(people.ROLE.search(who))


def _fits(pattern: re.Pattern[str], who: str, *, close: bool) -> bool:
    """A verb is no speaker (と答えた人が): after the verb only a real person counts, before it any speaker."""
    if pattern in (AFTER_CLEFT, AFTER_ENDS):
        return people.is_human(who)
    if pattern is AFTER_TOPIC and re.search(r"[たるい]の$", who):
        return False
    if not people.is_speaker(who):
        return close and pattern is AFTER_TOPIC and people.could_speak(who) and not re.match(SAY, who)
    if pattern is AFTER_TOPIC and re.match(SAY, who) and not people.is_person(who):
        return False
    return pattern is not AFTER_NOUN or len(people.name(who)) > 1


def announced(text: str, start: int, before: str, previous_end: int) -> str:
    """The sentence before says who will speak: 佐藤さんはこう話す。「…」."""
    if before.strip(" 　\n"):
        return ""
    window = text[max(0, start - 200) : start].rstrip(" 　\n")
    if previous_end and start - previous_end < 2:
        return ""
    sentence = clauses.last_sentence(window)
    if AT_THE_TIME.search(sentence):
        told = clauses.last_sentence(clauses.masked(window.removesuffix(sentence).rstrip("。 　\n")))
        return clauses.person_in(told, told=bool(re.search(SAY, told)))
    answered = ANSWERED.search(sentence)
    if answered and CHANNEL.search(answered["who"]):
        earlier = clauses.last_sentence(clauses.masked(window.removesuffix(sentence + "。").removesuffix(sentence)))
        return clauses.introduced(earlier) or clauses.person_in(earlier, role=True)
    return clauses.announcer(sentence) or clauses.heard_before(
        sentence.rstrip("。：: 　"), clauses.masked(window.removesuffix(sentence))
    )
