"""Who says a quotation, by the words beside it: one clue after another, the surest first.

Reading order of the clues, as a reader takes them: the subject before the quotation (神保教授は「…」), the one after it
(「…」と佐藤さんは話す), the sentence before (佐藤さんはこう語る。「…」) and after (「…」。佐藤さんはそう振り返る), and for
a verb without a subject whoever was named last. Quotation marks round a term are not speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yomicast.script import people
from yomicast.script.sayings import (
    ACCORDING,
    ADDED,
    AFTER,
    AFTER_ANSWER,
    AFTER_BARE,
    AFTER_BY,
    AFTER_DASH,
    AFTER_IS,
    AFTER_NOUN,
    AFTER_PAREN,
    AFTER_PERSON,
    AFTER_TOLD,
    AFTER_TOPIC,
    AFTER_VOICE,
    AFTER_WHO,
    ANSWERED,
    ASKED,
    CALLED_IN,
    CALLED_ON,
    CALMLY,
    CLOSED,
    COLON,
    COMMENT,
    CRY,
    FIRST_WORDS,
    FOREIGNER,
    FROM,
    GESTURE,
    GIVER,
    HEARD_FROM,
    HEARSAY,
    HERSELF,
    IS_WRITTEN,
    IT_IS,
    LETTER,
    LISTED,
    MOOD,
    MOUTH,
    NEXT_SUBJECT,
    NO_SPEECH,
    NOT_SAID,
    NOUN_AFTER,
    OF_OTHERS,
    PASSIVE,
    PERSON_TAIL,
    QUIET,
    QUOTED_WORDS,
    SAY,
    SAYS_NEXT,
    SO_DOING,
    SO_HEARD,
    SO_SAID,
    SO_SAID_WITHOUT,
    SO_SAYS,
    SO_TOLD,
    SO_VOICED,
    SO_WROTE,
    SUBJECTS,
    TALE,
    THUS,
    TOLD_BY,
    TOLD_DIRECTLY,
    WITH,
    WORDS_BY,
    WORDS_OF,
    WORK_BY,
    WORKS,
    WRITTEN,
)

SENTENCES_BACK = 3
"""Sentences before a quotation of its own in which the person who speaks may have been the subject."""
SHORTEST = 8
"""Characters from which a quotation without a verb of speech can be somebody's words."""
UPON = re.compile(r"(?:ところ|たら|れば|と)[、，]$")
"""丹波さんに相談したところ、「…」."""
ONWARD = re.compile(
    r"(?:でも|だから|だけど|けれど|それに|それで|ただ|そして|だって|しかも|なので|もちろん|とはいえ|あとは|その|だが|しかし|ところが)"
)
TOPIC = re.compile(r"(?:^|[、，])(?P<who>[^、。「」]{1,40}?)(?:は|も)")
TERM = 6
"""Characters up to which 「…」 after を is a word for something: この町を「坂の都」と書いた."""
NAMED_SO = re.compile(r"^と(?:書|呼|表|評|例え|たとえ|訳|読|言|名|見)")
OF_PLACE = re.compile(rf"「[^「」]{{1,14}}」の(?=[^「」。、]{{0,14}}(?:{people.HONORIFIC}|{people.TITLE}))")
"""「木もれ日」の玉木さん: whose shop it is parts no sentence."""
ALONE = 14
"""Characters above which a quotation that nothing is said of belongs to the person of the sentences before."""
SHORTEST_SAID = 5
"""The same with a verb whose subject must be looked for."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A quotation, or several that touch, and the words beside it in its sentence."""

    text: str
    start: int
    end: int
    previous_end: int
    last: str
    """Who was named last."""
    size: int
    """Characters of the first quotation."""
    before: str
    after: str
    flat: str
    """`after` without brackets."""
    said: bool
    """A verb or noun of speech follows."""
    alone: bool
    """A sentence of its own."""

    @classmethod
    def of(cls, text: str, chain: Sequence[tuple[int, int]], previous_end: int, last: str) -> Spoken:
        """The quotation at `chain`, with where the one before it ended and who was named last."""
        start, end = chain[0][0], chain[-1][1]
        after = OF_PLACE.sub("", text[end : end + 160])
        said = bool(NOUN_AFTER.match(after) or (AFTER.match(after) and not NO_SPEECH.match(after)))
        return cls(
            text=text,
            start=start,
            end=end,
            previous_end=previous_end,
            last=last,
            size=chain[0][1] - start - 2,
            before=_sentence_before(text, start, previous_end),
            after=after,
            flat=people.PARENS.sub("", after),
            said=said
            or bool(ADDED.match(after) or MOOD.match(after) or HEARSAY.match(after) or SO_SAID_WITHOUT.match(after)),
            alone=_stands_alone(after) or bool(NEXT_SUBJECT.match(after) or SO_DOING.match(after)),
        )


def speaker(quote: Spoken) -> str:
    """Who says it; empty when it is no speech or nobody can be named."""
    for clue in CLUES:
        who = clue(quote)
        if who is not None:
            return who if who not in people.ANYBODY else ""
    return ""


def _no_words(quote: Spoken) -> str | None:
    """A name, a title, a choice in a survey."""
    return "" if NOT_SAID.match(quote.flat) else None


def _by_words(quote: Spoken) -> str | None:
    """Wordings that name the speaker by themselves: a letter, somebody's words, somebody's mouth, a cry."""
    pairs = (
        (WRITTEN.search(quote.before), IS_WRITTEN.match(quote.flat)),
        (WORDS_BY.search(quote.before), QUOTED_WORDS.match(quote.flat)),
        (HEARD_FROM.search(quote.before), TALE.match(quote.flat)),
        (MOUTH.search(quote.before), WITH.match(quote.after) or QUOTED_WORDS.match(quote.flat)),
        (GIVER.search(quote.before) if "から" in quote.before else None, CRY.match(quote.flat)),
    )
    for found, fits in pairs:
        if found and fits and people.is_speaker(_phrase(found["who"])):
            return people.name(_phrase(found["who"]))
    return None


def _in_brackets(quote: Spoken) -> str | None:
    """「…」（写真家・伊吹透）."""
    found = AFTER_PAREN.match(quote.after)
    if found is None:
        return None
    who = re.sub(r"『[^』]*』.*$", "", found["who"])
    work = who != found["who"] and people.is_own_name(who)
    return people.name(who) if work or people.is_person(who) or people.has_post(who) else None


def _told_directly(quote: Spoken) -> str | None:
    """丹羽さんは父から「…」と教わった: from whom, and never the subject."""
    if not TOLD_DIRECTLY.match(quote.flat):
        return None
    found = FROM.search(quote.before) or AFTER_BY.match(quote.flat)
    if found and _may(found["who"]):
        return people.name(_phrase(found["who"]))
    return "" if re.search(r"[^ぁ-ん][はがも]|さん[はがも]", quote.before) else None


def _subject_before(quote: Spoken) -> str | None:
    """神保教授は「…」."""
    with_ = WITH.match(quote.after)
    gesture = GESTURE.search(quote.before) is not None
    who = _before(quote.before, said=quote.said or gesture or bool(with_ and quote.size >= SHORTEST))
    if not who:
        return None
    named = ACCORDING.search(quote.before) or COLON.search(quote.before)
    if quote.size <= TERM and quote.before.endswith("を") and NAMED_SO.match(quote.after):
        return ""
    if quote.said or named or (with_ and not NO_SPEECH.match(quote.after)):
        return _resolved(who, quote.last)
    script = people.is_person(quote.before) and quote.before.strip(" 　") == quote.before  # 店主「待ってるよ」
    enough = quote.size >= SHORTEST or script or gesture
    return _resolved(who, quote.last) if quote.alone and enough else ""


def _answer(quote: Spoken) -> str | None:
    """「…」というのが棟梁の教えだった; コーチの助言は「…」; 「…」という声は、利用者からも上がる."""
    comment = COMMENT.search(quote.before)
    for found in (
        AFTER_ANSWER.match(quote.flat),
        WORDS_OF.search(quote.before),
        AFTER_VOICE.match(quote.flat),
        comment,
    ):
        if found and _may(found["who"]):
            return people.name(_phrase(found["who"]))
    return (last_named(quote.before, "") or None) if FIRST_WORDS.search(quote.before) else None


def _no_speech(quote: Spoken) -> str | None:
    return "" if not quote.said and NO_SPEECH.match(quote.after) else None


def _given(quote: Spoken) -> str | None:
    """Who was asked, or from whom it came: 先輩から「…」と言われた."""
    by = AFTER_BY.match(quote.flat)
    if by and people.is_speaker(_phrase(by["who"])) and not NO_SPEECH.match(quote.after):
        return people.name(_phrase(by["who"]))
    if not quote.said and not (quote.alone and UPON.search(quote.before)):
        return None
    passive = PASSIVE.match(quote.after) and GIVER.search(quote.before)
    for found in (passive, ASKED.search(quote.before)):
        if found and _may(found["who"]):
            return people.name(_phrase(found["who"]))
    return None


def _own_sentence(quote: Spoken) -> str | None:
    if not quote.alone or quote.before.strip(" 　\n—―─"):
        return None
    return _around(quote.text, quote.start, quote.end, quote.previous_end) or None


def _subject_after(quote: Spoken) -> str | None:
    return _resolved(_named_after(quote.after, said=quote.said), quote.last) or None


def _announcement(quote: Spoken) -> str | None:
    return _resolved(_announced(quote.text, quote.start, quote.before, quote.previous_end), quote.last) or None


def _subject_next(quote: Spoken) -> str | None:
    """「…」ときっぱり。大関さんの目は真剣だ: the next sentence names who this one does not."""
    paragraph = quote.text[quote.text.rfind("\n", 0, quote.start) + 1 : quote.start]
    calm = CALMLY.match(quote.after) if quote.said and not last_named(paragraph, "") else None
    return (calm and _person_in(calm["next"])) or None


def _subject_of_sentence_before(quote: Spoken) -> str | None:
    """県は検討を始めた。「…」としている: the sentence before has the subject."""
    if not quote.said or quote.before.strip(" 　") or quote.size < SHORTEST_SAID:
        return None
    line = quote.text[quote.text.rfind("\n", 0, quote.start) + 1 : quote.start]
    sentence = _last_sentence(_masked(line)).rstrip("。")
    if found := ACCORDING.search(sentence) or TOPIC.search(sentence):
        phrase = re.sub(r"(?<=[一-鿿んち])[にで]$", "", _phrase(found["who"]))
        if people.is_speaker(phrase) and not QUIET.search(sentence[: found.end("who") + 1]):
            return _resolved(people.name(phrase), quote.last)
    return None


def _last_voice(quote: Spoken) -> str | None:
    """A verb without a subject: whoever was named last."""
    between = quote.text[quote.previous_end : quote.start]
    continued = quote.previous_end > 0 and "\n" not in between and len(between) < 40
    return quote.last if quote.said and (continued or quote.size >= SHORTEST_SAID) else None


def _goes_on(quote: Spoken) -> str | None:
    """A quotation right below another one that goes on from it: 「…」「でも…」."""
    between = quote.text[quote.previous_end : quote.start]
    below = quote.previous_end > 0 and "\n" in between and not between.strip("。\n 　")
    goes_on = below and quote.alone and ONWARD.match(quote.text[quote.start + 1 :])
    return quote.last or None if goes_on else None


CLUES = (
    _no_words,
    _in_brackets,
    _by_words,
    _told_directly,
    _subject_before,
    _answer,
    _no_speech,
    _given,
    _own_sentence,
    _subject_after,
    _announcement,
    _goes_on,
    _subject_next,
    _subject_of_sentence_before,
    _last_voice,
)


def _resolved(who: str, last: str) -> str:
    """彼女 and 同教授 as the person named last, when there is one."""
    return last if last and people.PRONOUN.match(who) and people.is_pronoun(who) else who


def _may(phrase: str) -> bool:
    who = _phrase(phrase)
    return people.is_speaker(who) or people.could_speak(who)


def _around(text: str, start: int, end: int, previous_end: int) -> str:
    """A quotation that is a sentence of its own: announced before, told after, or beside a person's sentence."""
    after = text[end : end + 160]
    if who := _named_after(after, said=False):
        return who
    if who := _announced(text, start, "", previous_end):
        return who
    sentence = re.match(r"[。\s　—―─–-]*(?P<words>[^。「」\n]{4,120})", after)
    if (
        sentence
        and not OF_OTHERS.match(after)
        and (who := _person_in(sentence["words"], told=bool(re.search(SAY, sentence["words"]))))
    ):
        return who
    window = _masked(text[max(0, start - 240) : start]).rstrip(" 　\n")
    line = window.rsplit("\n", 1)[-1]
    if len(line) <= 40 and "。" not in line and people.is_named(line):
        return people.name(line)
    if end - start > SHORTEST and line and (who := _person_in(_last_sentence(line).rstrip("。"))):
        return who
    if end - start <= ALONE or (previous_end and "。" not in text[previous_end:start]):
        return ""
    return _person_before(window)


def _masked(text: str) -> str:
    """`text` with what stands in quotation marks blanked: stops in it end no sentence, people in it are not meant."""
    return re.sub(r"「[^「」]*」", lambda found: "〓" * len(found[0]), text)


def _person_before(window: str) -> str:
    """The person who was the subject of one of the last sentences of `window`."""
    for _ in range(SENTENCES_BACK):
        sentence = _last_sentence(window)
        told = ACCORDING.search(sentence)
        if told and people.is_person(_phrase(told["who"])):
            return people.name(_phrase(told["who"]))
        if who := _person_in(sentence) or _asked(sentence):
            return who
        window = window[: window.rfind(sentence)].rstrip("。：: \n　") if sentence else ""
    return ""


def _person_in(sentence: str, *, told: bool = False) -> str:
    """The person with title or honorific who is a sentence's subject; any speaker when the sentence tells of speech."""
    for match in sorted(SUBJECTS.finditer(sentence), key=lambda match: match[0] in "がも"):
        phrase = _phrase(sentence[: match.start()])
        if (
            phrase
            and (people.is_person(phrase) or (told and _may(phrase)))
            and not QUIET.search(sentence[: match.end()])
        ):
            return people.name(phrase)
    named = IT_IS.search(sentence)
    return people.name(_phrase(named["who"])) if named and people.is_person(_phrase(named["who"])) else ""


def _stands_alone(after: str) -> bool:
    return (
        not after.strip()
        or after[0] in "。\n—―─"
        or bool(re.match(r"[\s　]*(?:$|\n|[（(])", after))
        or after.startswith("。")
    )


def _continues_speech(text: str, previous_end: int, start: int) -> bool:
    """「…」と述べ、「…」: one speaker, one sentence."""
    between = text[previous_end:start]
    return previous_end > 0 and "。" not in between and "\n" not in between and len(between) < 40


def _sentence_before(text: str, start: int, previous_end: int) -> str:
    """The words of the same sentence before the quotation, at most 140 characters, after the last quotation."""
    window = text[max(previous_end, start - 140) : start]
    cut = max(window.rfind(sign) for sign in "。\n！？!?")
    return window[cut + 1 :]


def _last_sentence(text: str) -> str:
    stripped = text.rstrip("。：: \n　")
    cut = max(stripped.rfind(sign) for sign in "。\n！？!?」")
    sentence = text[cut + 1 :]
    return re.sub(r"^(?:と|って)[、，]?", "", sentence) if cut >= 0 and text[cut] == "」" else sentence


def _before(before: str, *, said: bool) -> str:
    """The subject in the words before the quotation; the nearest that can speak."""
    if (found := COLON.search(before)) and _may(found["who"]):
        return people.name(found["who"])
    if people.is_person(before) and not before.endswith(("の", "、")):
        return people.name(_phrase(before))
    if (found := HERSELF.search(before)) and people.is_person(_phrase(found["who"])):
        return people.name(_phrase(found["who"]))
    markers = list(re.finditer(r"からは|からも|は|が|も", before))
    for test in (people.is_speaker, people.could_speak) if said else (people.is_speaker,):
        for match in reversed(markers):
            phrase = _phrase(before[: match.start()])
            quiet = QUIET.search(before[: match.end()]) and not match[0].startswith("から")
            closed = match[0] in "がも" and CLOSED.search(before[match.end() :])
            if phrase and not (quiet or closed) and test(phrase):
                return people.name(phrase)
        if found := ACCORDING.search(before):
            return people.name(WORKS.sub("", _phrase(found["who"])))
    return ""


def _phrase(text: str) -> str:
    """The noun phrase at the end of `text`: after the last comma outside brackets."""
    bare = people.PARENS.sub(lambda found: "\0" * len(found[0]), text)
    cut = max(bare.rfind(sign) for sign in "、，。「」『』\n")
    words = text[cut + 1 :].strip(" 　")
    words = re.sub(r"^と(?=[一-鿿ァ-ヺA-Z])", "", words) if cut >= 0 else words
    if cut >= 0 and bare[cut] in "」』":
        words = re.sub(r"^[をがはにでとの](?=[^ぁ-ん]|[ぁ-ん]+[一-鿿])", "", words)
    words = re.sub(r"^.*〓(?:など)?(?:と|って)?[、，]?", "", words)
    return re.sub(r"(?:(?<=さん)|(?<=[^ぁ-ん]))(?:だけ|ばかり|まで|さえ|こそ|自身|本人)$", "", words.strip(" 　"))


def _subject(who: str) -> str:
    phrase = _phrase(who)
    return people.name(phrase) if people.is_speaker(phrase) else ""


def _so_said(after: str) -> str:
    """Who the words after a quotation say it was: 田中さんはそう話す."""
    for pattern in (SO_SAID, SO_DOING, SO_HEARD, SO_TOLD, SO_VOICED, SO_WROTE):
        so = pattern.match(after)
        if so and (people.is_speaker(_phrase(so["who"])) or (pattern is SO_WROTE and _may(so["who"]))):
            return people.name(_phrase(so["who"]))
    return ""


def _named_after(after: str, *, said: bool) -> str:
    flat = people.PARENS.sub("", after) if not AFTER_PAREN.match(after) else after
    for pattern in (
        (AFTER_IS, AFTER_TOLD, AFTER_WHO, AFTER_TOPIC, AFTER_NOUN, AFTER_BARE, AFTER_PERSON)
        if said or flat.startswith(("と", "、と"))
        else ()
    ):
        found = pattern.match(flat)
        if found and _fits(pattern, _phrase(found["who"])):
            return people.name(_phrase(found["who"]))
    for pattern in (AFTER_PAREN, AFTER_DASH):
        found = pattern.match(after)
        who = found["who"] if found else ""
        named = people.is_speaker(who) or (pattern is AFTER_DASH and people.is_own_name(people.PARENS.sub("", who)))
        if who and named and (pattern is AFTER_DASH or _in_person(who)):
            return people.name(who)
    if not said and re.match(r"^[。\s　]*", after):
        found = SO_SAYS.match(flat) or None
        if found and people.is_speaker(_phrase(found["who"])):
            return people.name(_phrase(found["who"]))
        if so := _so_said(flat):
            return so
    return ""


def _in_person(who: str) -> bool:
    """Not a place, which stands behind names too: 「青葉プリント」(仙台市)."""
    return not re.search(r"[都道府県市区町村]$", who) or people.is_person(who) or bool(people.ROLE.search(who))


def _fits(pattern: re.Pattern[str], who: str) -> bool:
    """A verb is no speaker (と答えた人が): after the verb only a real person counts, before it any speaker."""
    if not people.is_speaker(who):
        return pattern is AFTER_TOPIC and people.could_speak(who) and not re.match(SAY, who)
    if pattern is AFTER_TOPIC and re.match(SAY, who) and not people.is_person(who):
        return False
    return pattern is not AFTER_NOUN or len(people.name(who)) > 1


def _announced(text: str, start: int, before: str, previous_end: int) -> str:
    """The sentence before says who will speak: 佐藤さんはこう話す。「…」."""
    if before.strip(" 　\n"):
        return ""
    window = text[max(0, start - 200) : start].rstrip(" 　\n")
    if previous_end and start - previous_end < 2:
        return ""
    return _announcer(_last_sentence(window))


def set_off(before: str, after: str) -> str:
    """Who says a set-off quotation: whom the paragraph `before` announces, quotes or asks, or who `after` it "said so"."""
    lead = _last_sentence(before)
    bare = lead.rstrip("。：: 　")
    asked = ASKED.search(bare)
    clues = (
        _words_of_another(bare),
        _announcer(lead, bare=bool(THUS.search(lead))),
        _writer(bare),
        _so_said(after),
        _subject(asked["who"]) if asked else "",
    )
    return next(filter(None, clues), "")


def _words_of_another(sentence: str) -> str:
    """小野寺さんは行商の女性の言葉を挙げる: not who quotes, who is quoted."""
    found = TOLD_BY.search(sentence)
    return _subject(found["who"]) if found else ""


def _writer(sentence: str) -> str:
    """Whose letter, diary or book is quoted: 祖母の日記の一節を写しておく."""
    for pattern in (WORK_BY, LETTER, ACCORDING):
        found = pattern.search(sentence)
        phrase = _phrase(WORKS.sub("", found["who"])) if found else ""
        if people.is_speaker(phrase) or (pattern is WORK_BY and people.could_speak(phrase)):
            return people.name(phrase)
    return ""


def _announcer(sentence: str, *, bare: bool = True) -> str:
    """Who will speak, by a sentence that says so. `bare`: also a name that nothing marks as one."""
    sentence = LISTED.sub("", sentence)
    for found in (pattern.search(sentence) for pattern in (COMMENT, ANSWERED, CALLED_ON, CALLED_IN)):
        if found and _may(found["who"]):
            return people.name(_phrase(found["who"]))
    if not SAYS_NEXT.search(sentence):
        return _asked(sentence)
    markers = list(
        re.finditer(
            r"は|が|も|のほうから|の方から|に(?=(?:お?話|意見|感想|聞|訊|尋|たずね|伺|うかが|コメント|印象))", sentence
        )
    )
    markers.sort(key=lambda match: match[0] != "は")  # 記者が訪ねると、大野さんは: the topic speaks
    for test in (people.is_speaker, people.could_speak) if bare else (people.is_speaker,):
        for match in markers:
            phrase = _phrase(sentence[: match.start()])
            if phrase and test(phrase) and not QUIET.search(sentence[: match.end()]):
                return people.name(phrase)
        if who := _asked(sentence):
            return who
    return ""


def _asked(sentence: str) -> str:
    """Who was asked or shown something: 古閑さんに表を見せると、笑って首を横にふった."""
    asked = ASKED.search(people.PARENS.sub("", sentence).rstrip("。：: 　"))
    return _subject(asked["who"]) if asked else ""


def last_named(text: str, last: str) -> str:
    """The person named last in `text`, else who it was before."""
    window = text[-400:]
    for match in reversed(list(FOREIGNER.finditer(window))):
        if not PERSON_TAIL.search(window[match.end() :]):
            return match["who"]
        break
    for match in reversed(list(PERSON_TAIL.finditer(window))):
        phrase = _phrase(window[max(0, match.start() - 30) : match.end("title")])
        if match["title"] != "ちゃん" and not people.PRONOUN.match(phrase) and len(phrase) > len(match["title"]):
            return people.name(phrase)
    return last
