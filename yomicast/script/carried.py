"""Who a quotation is carried over from: the sentences before it, when its own names nobody."""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.patterns import expression
from yomicast.script import clauses, people
from yomicast.script.sayings import (
    ACCORDING,
    ADDED,
    ANSWER_CAME,
    ANSWER_IS,
    ANSWER_SO,
    ANSWERED,
    ANSWERED_THEM,
    ANSWERS_SO,
    ASKING,
    CAME_BACK,
    GOES_ON,
    HANDED_ON,
    HURT,
    MYSELF,
    NO_SPEECH,
    QUESTION,
    QUIET,
    SUPPOSED,
    UPON,
    VOICE_NEXT,
    WITH,
)
from yomicast.script.spoken import Spoken

TURNS = 3
"""Lines of a talk from which on a speaker has a second turn."""
SENTENCES_BACK = 3
"""Sentences before a quotation of its own in which the person who speaks may have been the subject."""
SHORTEST_SAID = 5
"""Characters from which a quotation with a verb is speech whose subject must be looked for."""
SHORTEST_GESTURE = 8
"""The same where only a gesture follows: 「…」と、竿を離さない."""
NEAR = 240
"""Characters before a quotation in which somebody was asked."""
FARTHEST_VOICE = 120
"""Characters between two quotations of one voice."""
ADVERBIAL = expression(
    r"いつも|子ども(?=の[こ頃時])|やがて|ながら|まもなく|間もなく|(?<![しり])はじめ|それでも|でも|もう|もっと|とても|どうも|何度も|[一二三四五六七八九十0-9]度も|少しも|あまりにも|けれども|もちろん|ものの|[うく]れしそうに|はっきり|はにか|やはり|ふもと|しかも|もしも|もともと|なるほど|がっかり|はるか|もごもご|はきはき"
)
"""は, が and も that mark no subject."""
LED_BY = expression(
    r"^(?:[^。「」はがも]{1,10}、)?[^。「」はがも]{1,14}が[^。「」はが]{1,24}?(?:[るすうくつむぶぐぬ]と|たら|だら|たところ)[、，]"
)
"""最初の日、わたしが鉈を振り上げると、: what somebody else did before the words."""
OLD_NAME = expression(people.OLD_NAME)
TOPIC = expression(r"(?:^|[、，])(?P<who>[^、。「」]{1,40}?)(?:は|も)")


def subject_of_sentence_before(quote: Spoken) -> str | None:
    """県は検討を始めた。「…」としている: the sentence before has the subject; of a mere gesture a person's only."""
    gesture = bool(quote.size >= SHORTEST_GESTURE and WITH.match(quote.after) and not NO_SPEECH.match(quote.after))
    too_short = quote.size < SHORTEST_SAID or not (quote.said or gesture)
    if too_short or re.search("[はがも]", ADVERBIAL.sub("", quote.before)) or SUPPOSED.match(quote.flat):
        return None
    for sentence in reversed(_sentences(quote)[-SENTENCES_BACK - 1 :]):
        if "〓" in sentence and HANDED_ON.search(sentence):
            continue
        found = ACCORDING.search(sentence) or TOPIC.search(sentence)
        phrase = re.sub(r"(?<=[一-鿿んち])[にで]$", "", clauses.noun_phrase(found["who"])) if found else ""
        speaks = (people.is_speaker(phrase) if quote.said else people.is_human(phrase)) or OLD_NAME.fullmatch(phrase)
        if found and speaks and not QUIET.search(sentence[: found.end("who") + 1]):
            return people.name(phrase)
        if who := clauses.person_in(sentence, role=True):
            return who
    return None


def _sentences(quote: Spoken) -> list[str]:
    """The sentences of the paragraph before the quotation's own, with quotations blanked."""
    line = quote.text[quote.text.rfind("\n", 0, quote.start) + 1 : quote.start - len(quote.before)]
    return [part for part in re.split(r"[。！？]", clauses.masked(line)) if part.strip()]


def begins_to_speak(quote: Spoken) -> str | None:
    """父は茶をすすった。やがて、低い声で話しはじめた。「…」: a sentence without a subject of its own tells so."""
    sentence = quote.sentence_before()
    goes_on = GOES_ON.match(LED_BY.sub("", ADVERBIAL.sub("", clauses.UPON_WHICH.sub("", sentence))))
    if not quote.alone or quote.before.strip(" 　\n") or not goes_on:
        return None
    earlier = quote.text[: quote.start].rstrip().removesuffix(sentence)[-NEAR:]
    if "\n" not in earlier[-1:]:
        for before in reversed(re.split("[。\n]", clauses.masked(earlier))[-SENTENCES_BACK - 1 :]):
            if "〓" in before:
                break
            if who := clauses.person_in(before, role=True) or clauses.person_in(before, told=True):
                return who
            if who := clauses.who_was_asked(before):
                return who
    return quote.last or None


def same_voice(quote: Spoken) -> str | None:
    """「遅い」と師匠は言った。それから、灰をつまんだ。「遅いが、いい色だ」: nobody else comes in between."""
    between = quote.text[quote.previous_end : quote.start]
    if not (quote.voice and quote.alone) or "\n" in between or len(between) > FARTHEST_VOICE or "。" not in between:
        return None
    if quote.before.strip(" 　") or VOICE_NEXT.match(quote.after):
        return None
    told = [part for part in between.split("。")[1:] if part.strip()]
    others = {clauses.person_in(part, role=True) for part in told} - {"", quote.voice}
    return None if others else quote.voice


def turn(quote: Spoken) -> str | None:
    """「六時」と航が答えた。, and below it 「まだ早い」: the other of the two who talk."""
    between = quote.text[quote.previous_end : quote.start]
    due = quote.alone and quote.voice and quote.partner and ANSWERED_THEM.match(between)
    return quote.partner if due and not clauses.so_said(quote.after) else None


def answers_back(quote: Spoken) -> str | None:
    """「似合う？」妻が振り返る。「とても」と答えた。: the other of two, else whoever tells it; not the one who asks."""
    if quote.before.strip(" 　") or not quote.voice or not ANSWERS_SO.match(quote.after):
        return None
    between = quote.text[quote.previous_end : quote.start]
    asked = quote.text[quote.text.rfind("「", 0, quote.previous_end) : quote.previous_end]
    asker = clauses.person_in(re.sub("^(?:と|って)", "", between.strip("。\n 　")), role=True)
    return quote.partner if asker == quote.voice and QUESTION.search(asked) and between.count("。") == 1 else None


def reply(quote: Spoken) -> str | None:
    """仁科さんに…と聞くと、返事は「終点」だった; 返ってきたのは一言。「…」: an answer is whose was asked."""
    sentence = quote.sentence_before() if not quote.before.strip(" 　\n") else ""
    own = ANSWER_IS.search(quote.before) or CAME_BACK.match(quote.flat)
    named = ANSWER_SO.match(quote.flat) and (ASKING.search(quote.before) or UPON.search(quote.before + "、"))
    told = quote.alone and sentence and ANSWER_CAME.search(sentence)
    if not (own or named or told):
        return None
    whose = ANSWERED.search(sentence) if told else None
    if whose and people.HONOURED_ALONE.match(clauses.noun_phrase(whose["who"])):
        return people.name(clauses.noun_phrase(whose["who"]))
    window = clauses.masked(quote.text[max(0, quote.start - NEAR) : quote.start]).rstrip(" 　")
    for part in reversed(re.split("[。\n]", window)[-SENTENCES_BACK - 2 :]):
        if who := clauses.who_was_asked(part) or turned_to(part) or clauses.person_in(part, role=True):
            return who
    return quote.voice or quote.last or None


def turned_to(sentence: str) -> str:
    """Whom a sentence turns to with a question: 手塚さんに泣きつくと、; 花岡さんに至っては."""
    for found in re.finditer(
        r"に(?![^、。]{0,12}れ(?:て)?[、，])(?=[^、。はが]{0,24}(?:[くるすうつぬむぶぐただ](?:と|ら)|ところ|ば|ては|み(?:た|る))?(?:[、，]|$))",
        sentence,
    ):
        phrase = clauses.noun_phrase(sentence[: found.start()])
        if phrase and people.is_human(re.sub("(?<=[一-鿿])たち$", "", phrase)):
            return people.name(phrase)
    return ""


def teller(sentence: str) -> str:
    """Who told what the sentence before a quotation says, else whom it is about: 妹の話では、母は台所に立っていた."""
    told = ACCORDING.search(sentence)
    if told and (who := clauses.human(clauses.noun_phrase(told["who"]))):
        return who
    return clauses.person_in(sentence)


def role_beside(*sentences: str) -> str:
    """Father, the greengrocer, a young man: whom the sentences beside a quotation tell of when nobody is named."""
    return next(filter(None, (clauses.person_in(part.rstrip("。"), role=True) for part in sentences)), "")


def role_before(paragraph: str) -> str:
    """Who is told of, by a role, in the last sentences of the paragraph before a quotation."""
    sentences = [part for part in re.split("[。！？]", paragraph) if part.strip()]
    return role_beside(*reversed(sentences[-SENTENCES_BACK - 1 :]))


def hurt(quote: Spoken) -> str | None:
    """師匠に一度だけ褒められた。「…」と。: from whom the sentence before says that it came."""
    sentence = quote.sentence_before()
    if quote.before.strip(" 　\n") or not (quote.alone or ADDED.match(quote.after)) or not HURT.search(sentence):
        return None
    return clauses.giver(sentence) or None


def competing(paragraph: str) -> bool:
    """Whether the last two sentences that tell of people tell of different ones, and neither stands next to the words."""
    parts = [part for part in re.split("[。！？\n]", paragraph) if part.strip()]
    if parts and clauses.tells_of_two(parts[-1]):
        return True
    told = [(n, who) for n, part in enumerate(parts) if (who := clauses.person_in(part))]
    if len(told) < 2 or told[-1][0] == len(parts) - 1:
        return False
    one, other = told[-1][1], told[-2][1]
    return one not in other and other not in one


I_ASKED = expression(
    r"(?:^|[、，])(?:私|僕|俺|わたし|ぼく|おれ|筆者)[はがも][^。「」]*(?:尋ね|たずね|聞い|訊い|問う|問いかけ|問い返し)(?:てみ)?(?:た|ました)$"
)
FIRST_WORDS = expression(
    r"^(?:その)?(?:第一声|第一印象|ひと言目|一言目|口癖|口ぐせ|決まり文句|お?返事|お?答え|最後の言葉|別れ際の言葉)[がは](?:また)?[、，]?$"
)
"""第一声が「君、字が汚いね」でした: of whom the sentence before tells."""


def first_words(quote: Spoken) -> str | None:
    """いまの相棒です。第一声が「…」でした: whose words they are, by whoever the sentences before tell of."""
    if not FIRST_WORDS.match(quote.before.strip(" 　\n")):
        return None
    return clauses.meant(quote.text[: quote.start - len(quote.before)]) or None


def own_lines(text: str, previous_end: int, start: int, end: int) -> bool:
    """Whether a quotation stands on its own line right below another one."""
    between = text[previous_end:start]
    return previous_end > 0 and "\n" in between and not between.strip() and text[end : end + 1] in ("\n", "")


def turn_again(turns: Sequence[str]) -> str:
    """「お名前は」「樋口です」「樋口さま」: line below line, the third is said by whom the first is, if not the second."""
    return turns[-TURNS] if len(turns) >= TURNS and turns[-TURNS] != turns[-2] else ""


def mine(quote: Spoken) -> str | None:
    """「屋根の雪は」「下ろしたよ」 わたしは嘘をついた。: below another's words, and I am who goes on."""
    between = quote.text[quote.previous_end : quote.start]
    below = re.match(r"\n[\s　]*(?P<who>私|僕|俺|わたし|ぼく)[はが]", quote.after)
    other = quote.voice and quote.voice not in people.STAND_INS
    return below["who"] if below and other and between and not between.strip() else None


def answers_me(quote: Spoken) -> str | None:
    """「…」私は驚いて、なぜ分かるのかと尋ねた。「…」: whom I ask goes on, who spoke last where nobody is named."""
    sentence = quote.sentence_before().rstrip("。：: 　")
    between = quote.text[quote.previous_end : quote.start]
    if not (quote.alone and I_ASKED.search(sentence)) or quote.before.strip(" 　\n"):
        return None
    if len(between) > FARTHEST_VOICE or QUESTION.search(quote.text[quote.start : quote.end]):
        return None
    voice = "" if quote.voice in people.STAND_INS else quote.voice
    return clauses.who_was_asked(sentence) or voice or None


def addressed(quote: Spoken) -> str | None:
    """わたしは大家の浜口さんに相談に行った。「…」: words on a line of their own are the one's to whom I turned."""
    between = quote.text[quote.previous_end : quote.start]
    alone = not quote.before.strip(" 　") and quote.text[quote.end : quote.end + 1] in ("\n", "")
    line = clauses.masked(between.rstrip("\n 　")).rsplit("\n", 1)[-1]
    sentence = clauses.last_sentence(line)
    mine = MYSELF.search(sentence)
    if not (alone and mine and between.endswith("\n")) or MYSELF.match(quote.after.lstrip("\n 　")):
        return None
    for found in re.finditer("[にを]", sentence[mine.end() :]):
        phrase = clauses.noun_phrase(sentence[mine.end() :][: found.start()])
        if who := clauses.human(phrase):
            return who
    told = [clauses.person_in(part, role=True) for part in line.split("。") if part.strip()]
    one = [who for who in dict.fromkeys(told) if who and who not in people.STAND_INS]
    return one[0] if len(one) == 1 and QUESTION.search(quote.text[quote.start : quote.end]) else None


def person_before(window: str) -> str:
    """The person who was the subject of one of the last sentences of `window`."""
    for _ in range(SENTENCES_BACK):
        sentence = clauses.last_sentence(window)
        told = ACCORDING.search(sentence.rstrip("。"))
        if told and (who := clauses.human(clauses.noun_phrase(told["who"]))):
            return who
        if who := clauses.person_in(sentence) or clauses.who_was_asked(sentence) or turned_to(sentence):
            return who
        window = window[: window.rfind(sentence)].rstrip("。：: \n　") if sentence else ""
    return ""
