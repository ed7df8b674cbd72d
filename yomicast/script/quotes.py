"""Direct speech and who says it, across sentences and paragraphs.

Reading order of the clues, as a reader takes them: the subject before the quotation (神保教授は「…」), the one after it
(「…」と佐藤さんは話す), the sentence before (佐藤さんはこう語る。「…」) and after (「…」。佐藤さんはそう振り返る), and for
a verb without a subject whoever was named last. Quotation marks round a term are not speech.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby, zip_longest

from yomicast.model import Block, Quote
from yomicast.patterns import expression
from yomicast.script import (
    alone,
    carried,
    clauses,
    direct,
    focus,
    framed,
    likely,
    naming,
    people,
    presented,
    setoff,
    spans,
)
from yomicast.script.sayings import (
    ACCORDING,
    ADDED,
    AFTER_ANSWER,
    AFTER_BY,
    AFTER_CLAUSE,
    AFTER_OWN,
    AFTER_PAREN,
    AFTER_VOICE,
    ASKED,
    ASKED_ON,
    BORROWED,
    CALLED_IN,
    CALMLY,
    CHANNEL,
    COLON,
    COMMENT,
    CRY,
    FIELD,
    FIRST_WORDS,
    FROM,
    GAVE_WORDS,
    GESTURE,
    GESTURING,
    GIVER,
    HABIT,
    HABIT_OF,
    HAD_SAID,
    HAND,
    HEARD_FROM,
    HOUSE_SAYS,
    IN_LETTER,
    IS_WRITTEN,
    IT_IS,
    KEPT_OF,
    LEFT_WORDS,
    LETTER_CAME,
    MOUTH,
    NO_SPEECH,
    NOT_SAID,
    ONLY_SO,
    OPINION_OF,
    OWN_WRITING,
    PASSIVE,
    QUESTION,
    QUOTED_WORDS,
    REPLIES,
    RINGS,
    SO_CALLED,
    SOMEBODY,
    SOUND,
    SUFFERED,
    SUPPOSED,
    TALE,
    TOLD_DIRECTLY,
    UPON,
    VOICE_OF,
    VOICE_ROSE,
    VOICE_THEN,
    WHOSE,
    WITH,
    WORDS_BY,
    WORDS_OF,
    WORK_SAYS,
    WORK_WROTE,
    WRITTEN,
)
from yomicast.script.spoken import Spoken

ONWARD = expression(
    r"(?:でも|だから|だけど|けれど|それに|それで|ただ|そして|だって|しかも|なので|もちろん|とはいえ|あとは|その|だが|しかし|ところが)"
)
TERM = 6
"""Characters up to which 「…」 after を is a word for something: この町を「坂の都」と書いた."""
NAMED_SO = expression(r"^と(?:書|呼|表|評|例え|たとえ|訳|読|言|名|見)")
NAMES_IT = expression(r"^と(?:いう|いいます|言います)(?:。|\n|$)")
"""その店は「港」という。: a name."""
PROPORTION = expression(r"[0-9０-９一二三四五六七八九十百数]+(?:人|校|社|軒)に(?:[一1１]|ひと)")
"""三人に一人は「…」と言う: a share of all."""
HEARER = expression(r"[^。「」]{1,24}?[、，][^、。「」]{1,20}[はがも]")
"""「…」と聞かれるたび、紺野さんは: who heard it."""
SAID_SO = expression("と(?:だけ)?(?:言[うっわい]|答え|話[しす]|返[しす]|つぶや)")
HEARD_OR_ASKED = expression(r"^[、，]?と[^「」。、]{0,8}?聞[いき]")
"""記者は「撤回するのか」と聞いた: asked, where the words ask."""


def find(blocks: Sequence[Block]) -> list[Quote]:
    """Every utterance with a speaker, in order. Headings part the search; in a labelled turn only others are quoted."""
    found: list[Quote] = []
    run: list[Block] = []
    named = ever = ""
    prose: list[Block] = []
    was = told = ""
    boxed = framed.boxed(blocks)
    groups = [(kind, [block for block in group if block]) for kind, group in groupby((*boxed, None), key=_kind)]
    for (kind, members), (following, after) in zip_longest(groups, groups[1:], fillvalue=("end", [])):
        if kind == "prose":
            run = members
            quotes, named = _in_run(run, named)
            found += [*quotes, *framed.comments(run)]
            ever = named or ever
            prose += members
        elif kind.startswith("turn"):
            others: list[Quote] = []
            for n, block in enumerate(members):
                voice = others[-1].speaker if others else ""
                others = _of_others(block, "\n".join((told, *(other.text for other in members[:n]))), voice)
                found += others
            if len(members) == 1 and members[0].info == "balloon" and not {was[:4], following[:4]} & {"turn"}:
                found.append(
                    Quote(
                        speaker=people.name(members[0].speaker),
                        text=members[0].text.strip("「」"),
                        place=members[0].place,
                    )
                )
            run = []
        else:
            if kind.startswith("quote"):
                then = after[0].text if following == "prose" else ""
                found += (
                    setoff.block_quote(members, run, then, prose, named or ever)
                    or _in_run(members, named)[0]
                    or _set_off(members, run, then)
                )
            run = []
            named = "" if kind == "other" and any(block.kind == "heading" for block in members) else named
        was = kind
        told = "\n".join((told, *(block.text for block in members)))[-focus.FARTHEST :]
    return naming.one_name_each(found, "\n".join(block.text for block in blocks))


def _set_off(blocks: Sequence[Block], before: Sequence[Block], after: str) -> list[Quote]:
    """Words set apart without a source, of whoever most likely says them."""
    words = "".join(block.text for block in blocks).strip("「」")
    above = before[-1].text if before else ""
    none = blocks[0].speaker or blocks[0].info == "indented" or presented.is_nobodys(clauses.last_sentence(above))
    who = "" if none else likely.set_off(words, above, after)
    return [Quote(speaker=who, text=words, place=blocks[0].place)] if who else []


def _kind(block: Block | None) -> str:
    if block is None:
        return "end"
    if block.kind in ("paragraph", "list_item", "caption", "aside"):
        return f"turn {block.speaker}" if block.speaker else "prose"
    return f"quote {block.speaker} {block.info}" if block.kind == "quote" else "other"


NESTED = expression(
    r"(?:(?<=[。、，はがもにで])|^)『(?P<words>[^『』「」]+)』(?=(?:と|って)(?!い[うえ]|題|呼|名付|銘打)|。|$)"
)
"""『…』 for what somebody else says, within words that are spoken themselves."""
OWN_WORDS = frozenset({"私", "僕", "俺", "わたし", "ぼく", "おれ", "あたし", "わし"})


def _of_others(turn: Block, told: str, voice: str = "") -> list[Quote]:
    """What a speaker quotes of others. `told`: the end of what was said before, where その方 may have been presented.

    `voice`: whom the paragraph before of the same turn quotes last.
    """
    text = NESTED.sub(r"「\g<words>」", turn.text) if "「" not in turn.text or NESTED.search(turn.text) else turn.text
    found = [
        replace(quote, speaker=clauses.resolved(quote.speaker, "", told + "\n" + text[: text.find(quote.text)]))
        if people.THAT_ONE.fullmatch(quote.speaker)
        else quote
        for quote in _in_run([replace(turn, text=text)], voice)[0]
    ]
    return [
        quote
        for quote in found
        if quote.speaker not in ("", turn.speaker, *OWN_WORDS) and not people.THAT_ONE.fullmatch(quote.speaker)
    ]


def _in_run(blocks: Sequence[Block], named: str) -> tuple[list[Quote], str]:
    """The quotations of adjacent paragraphs; and who was named last, for a verb without a subject."""
    if not blocks:
        return [], named
    whole = spans.joined(blocks)
    found: list[Quote] = []
    previous_end = 0
    last = named
    voice = ""
    spoke = partner = ""
    turns: list[str] = []
    for chain in _by_voice(whole.text, spans.chains(whole.text, spans.found(whole.text))):
        start, end = chain[0][0], chain[-1][1]
        last = clauses.last_named(whole.text[previous_end:start], last)
        partner = partner if spoke in ("", voice) else spoke
        spoke = voice
        voice = _speaker(Spoken.of(whole.text, chain, previous_end, last=last, voice=voice, partner=partner))
        turns = [*turns, voice] if carried.own_lines(whole.text, previous_end, start, end) else [voice]
        voice = turns[-1] = voice or carried.turn_again(turns)
        if who := voice:
            found += [
                Quote(speaker=who, text=spans.body(whole.text[opens + 1 : closes - 1]), place=whole.place(opens))
                for opens, closes in chain
            ]
            last = who
        previous_end = end
    return found, clauses.last_named(whole.text[previous_end:], last)


def _by_voice(text: str, chains: Sequence[list[tuple[int, int]]]) -> list[list[tuple[int, int]]]:
    """The quotations that touch, parted where one asks and the next one answers: 「どちらまで」「駅まで」と私は答えた."""
    out: list[list[tuple[int, int]]] = []
    for chain in chains:
        asks = len(chain) == 2 and QUESTION.search(text[slice(*chain[0])])
        parted = asks and not QUESTION.search(text[slice(*chain[1])]) and REPLIES.match(text[chain[1][1] :][:60])
        out += [[span] for span in chain] if parted else [chain]
    return out


def _speaker(quote: Spoken) -> str:
    """Who says it; empty when it is no speech or nobody can be named."""
    clue, told = next(((clue, who) for clue in CLUES if (who := clue(quote)) is not None), (None, ""))
    if clue is _no_words:
        return ""
    who = _meant(quote, told)
    judged = likely.speaker(quote, who)
    who = who if judged == who else _meant(quote, judged)
    return "" if who in people.ANYBODY or PROPORTION.match(who) else who


def _meant(quote: Spoken, who: str) -> str:
    """Whom a pronoun means."""
    who = clauses.resolved(who, quote.last, quote.text[: quote.start] + re.split("[。\n]", quote.after)[0])
    return _called_next(quote.after) or who if people.is_pronoun(who) else who


def _called_next(after: str) -> str:
    """彼女は「…」と答えた。町立病院の看護師、八重樫さんである。: whom the next sentence says it is."""
    then = re.match(r"[^。「」\n]*。(?P<next>[^。「」\nはが]{2,60}(?:だ|です|である|だった|でした))。", after)
    told = IT_IS.search(then["next"]) if then else None
    who = clauses.noun_phrase(told["who"]) if told else ""
    return people.name(who) if people.is_person(who) else ""


def _no_words(quote: Spoken) -> str | None:
    """A name, a title, a choice in a survey, a sound."""
    sound = SOUND.match(quote.words)
    sounds = sound and not SAID_SO.match(quote.flat)  # まあまあだ is no sound
    goes_on = not quote.flat.startswith("\n")  # 「…」 のれんをくぐると: the next line is no part of the sentence
    return "" if sounds or RINGS.match(quote.flat) or (goes_on and NOT_SAID.match(quote.flat)) else None


def _borrowed(quote: Spoken) -> str | None:
    """世話役の言い方を借りれば、「…」のが合格だ; 社長が語った「…」を守る: words that a sentence takes up as its own."""
    taken = quote.size >= alone.SHORTEST and re.match("[をはがにも]", quote.flat)
    for found in (
        BORROWED.search(quote.before),
        LEFT_WORDS.search(quote.before),
        HAD_SAID.search(quote.before) if taken else None,
    ):
        who = next(filter(None, found.groups()), "") if found else ""
        phrase = clauses.noun_phrase(who)
        heard = found is not None and found.groupdict().get("giver")
        if clauses.human(phrase) if heard else people.is_speaker(phrase):
            return people.name(phrase)
    return None


def _by_words(quote: Spoken) -> str | None:
    """Wordings that name the speaker by themselves: a letter, somebody's words, somebody's mouth, a cry."""
    pairs = (
        (WRITTEN.search(quote.before), IS_WRITTEN.match(quote.flat) or QUOTED_WORDS.match(quote.flat)),
        (HAND.search(quote.before), IS_WRITTEN.match(quote.flat)),
        (WORDS_BY.search(quote.before), QUOTED_WORDS.match(quote.flat)),
        (HEARD_FROM.search(quote.before), TALE.match(quote.flat)),
        (MOUTH.search(quote.before), WITH.match(quote.after) or QUOTED_WORDS.match(quote.flat)),
        (
            GIVER.search(people.PARENS.sub("", quote.before)) if "から" in quote.before else None,
            CRY.match(quote.flat) or IN_LETTER.match(quote.flat),
        ),
    )
    for found, fits in pairs:
        if found and fits and people.is_speaker(clauses.noun_phrase(found["who"])):
            return people.name(clauses.noun_phrase(found["who"]))
    return None


def _by_work(quote: Spoken) -> str | None:
    """『町報』は「…」と書いた; and その日の日報には「…」とあった, by whom the sentence before tells of."""
    work = WORK_SAYS.search(quote.before) if WORK_WROTE.match(quote.flat) else None
    if work and not clauses.last_named(work["lead"], ""):
        return work["who"]
    if IS_WRITTEN.match(quote.flat) and OWN_WRITING.match(quote.before):
        before = quote.text[max(0, quote.start - 300) : quote.start - len(quote.before)].rstrip(" 　\n")
        return clauses.person_in(clauses.last_sentence(clauses.masked(before)), role=True) or None
    if IS_WRITTEN.match(quote.flat) and FIELD.search(quote.before):
        window = clauses.masked(quote.text[max(0, quote.start - 300) : quote.start]).split("\n")[-1]
        for part in reversed(window.split("。")[-2:]):
            if who := clauses.person_in(part, role=True) or clauses.topic(part) or clauses.owner(part):
                return who
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
    if HEARD_OR_ASKED.match(quote.flat) and re.search(r"(?:か|の|かな|？)」$", quote.text[quote.start : quote.end]):
        return None
    called = CALLED_IN.search(quote.before.rstrip("、，"))
    found = FROM.search(quote.before) or called or AFTER_BY.match(quote.flat)
    if found and re.match(r"[^。、]{0,8}?聞[いき]", quote.flat[1:]) and quote.before.rstrip("、").endswith("に"):
        return None  # asked, not heard
    if found and clauses.may_speak(found["who"]):
        return people.name(clauses.noun_phrase(found["who"]))
    if UPON.search(quote.before) and (giver := clauses.giver(quote.before)):
        return giver
    heard = re.search(r"[^ぁ-ん][はがも]|さん[はがも]", quote.before) or HEARER.match(quote.flat)
    return direct.heard(quote) or ("" if heard else None)


def _subject_before(quote: Spoken) -> str | None:
    """神保教授は「…」."""
    with_ = WITH.match(quote.after)
    gesture = GESTURE.search(quote.before) is not None
    who = direct.subject(quote.before, said=quote.said or gesture or bool(with_ and quote.size >= alone.SHORTEST))
    if not who:
        return None
    if re.match("^とも?呼[ばぶん]", quote.after):
        return ""
    named = ACCORDING.search(quote.before) or COLON.search(quote.before)
    if quote.size <= TERM and (
        (quote.before.endswith("を") and NAMED_SO.match(quote.after))
        or (quote.before.endswith("に") and re.match(r"^と(?:だけ)?書[^。、]{1,4}[たる][一-鿿ァ-ヺ]", quote.after))
    ):
        return ""
    if (
        NAMES_IT.match(quote.after)
        and quote.size <= TERM
        and re.search(r"[^ぁ-ん]」$", quote.text[quote.start : quote.end])
    ):
        return ""
    if quote.said or named or (with_ and not NO_SPEECH.match(quote.after)):
        return who
    if (HABIT.match(quote.flat) or ONLY_SO.match(quote.flat)) and (
        quote.size >= alone.SHORTEST or direct.uttered(quote)
    ):
        return who
    script = people.is_person(quote.before) and quote.before.strip(" 　") == quote.before  # 店主「待ってるよ」
    leads = quote.size >= carried.SHORTEST_SAID and GESTURING.search(quote.before)
    enough = quote.size >= alone.SHORTEST or script or gesture or leads
    return who if quote.alone and enough else direct.holds(quote) or ""


def _answer(quote: Spoken) -> str | None:
    """「…」というのが棟梁の教えだった; コーチの助言は「…」; 「…」という声は、利用者からも上がる."""
    comment = COMMENT.search(quote.before)
    own = AFTER_OWN.match(quote.flat)
    for found in (
        AFTER_ANSWER.match(quote.flat),
        WORDS_OF.search(quote.before),
        KEPT_OF.search(quote.before),
        AFTER_VOICE.match(quote.flat),
        own if own and people.is_human(own["who"]) else None,
        comment,
        GAVE_WORDS.match(quote.flat),
        SO_CALLED.match(quote.flat),
        WHOSE.match(quote.flat),
        VOICE_THEN.match(quote.flat),
        OPINION_OF.match(quote.flat),
        HABIT_OF.search(quote.before) if quote.size >= alone.SHORTEST else None,
    ):
        if found and clauses.may_speak(found["who"]):
            return _owner(quote, clauses.noun_phrase(found["who"]))
    return (clauses.last_named(quote.before, "") or None) if FIRST_WORDS.search(quote.before) else None


def _house(quote: Spoken) -> str | None:
    """市民団体「川を歩く会」は「…」と訴える: the brackets of a name part the sentence."""
    found = HOUSE_SAYS.search(quote.text[max(0, quote.start - 120) : quote.start]) if quote.said else None
    return found["who"] if found else None


def _owner(quote: Spoken, phrase: str) -> str:
    """Whose answer it is; 投了の弁 and メールの返事 tell of what, and the sentence before of whom."""
    if people.is_speaker(phrase) and not CHANNEL.search(phrase):
        return people.name(phrase)
    start = quote.text[max(0, quote.start - 200) : quote.start - len(quote.before)].rstrip(" 　\n")
    sentence = clauses.last_sentence(clauses.masked(start))
    return clauses.introduced(sentence) or clauses.person_in(sentence) or people.name(phrase)


def _nobody(quote: Spoken) -> str | None:
    """「…」と、手が挙がった: a voice without a name, unless the next sentence is 時計店の黒須さんだ."""
    if not VOICE_ROSE.match(quote.flat) or "から" in quote.before:
        return None
    if (voice := VOICE_OF.match(quote.flat)) and (who := clauses.human(clauses.noun_phrase(voice["who"]))):
        return who
    then = re.match(r"[^。「」]*。(?P<next>[^。「」\n]{4,60})。", quote.after)
    told = (
        IT_IS.search(then["next"])
        if then and then["next"].endswith(("だ", "です", "である", "だった", "でした"))
        else None
    )
    who = clauses.noun_phrase(told["who"]) if told else ""
    return people.name(who) if people.is_person(who) else ""


def _no_speech(quote: Spoken) -> str | None:
    return "" if not quote.said and NO_SPEECH.match(quote.after) else None


def _given(quote: Spoken) -> str | None:
    """Who was asked, or from whom it came: 先輩から「…」と言われた."""
    by = AFTER_BY.match(quote.flat)
    if by and people.is_speaker(clauses.noun_phrase(by["who"])) and not NO_SPEECH.match(quote.after):
        return people.name(clauses.noun_phrase(by["who"]))
    suffered = (WITH.match(quote.after) or quote.after.startswith("との")) and PASSIVE.match(quote.after)
    if not (quote.said or suffered or (quote.alone and UPON.search(quote.before))):
        return None
    if (
        PASSIVE.match(quote.after)
        and not quote.before.strip(" 　\n")
        and (asked := clauses.who_was_asked(quote.sentence_before()))
    ):
        return asked
    if PASSIVE.match(quote.after) and (giver := clauses.giver(quote.before)):
        return giver
    if not quote.said and suffered:
        return None
    passive = PASSIVE.match(quote.after) and GIVER.search(quote.before)
    called = PASSIVE.match(quote.after) and CALLED_IN.search(quote.before.rstrip("、，"))
    for found in (called, passive, ASKED.search(quote.before)):
        if found and clauses.may_speak(found["who"]):
            return people.name(clauses.noun_phrase(found["who"]))
    return None


def _own_sentence(quote: Spoken) -> str | None:
    if not quote.alone or quote.before.strip(" 　\n—―─"):
        return None
    return alone.around(quote.text, quote.start, quote.end, quote.previous_end) or None


def _subject_after(quote: Spoken) -> str | None:
    if ADDED.match(quote.after):
        return None
    if SUFFERED.match(quote.flat) or ASKED_ON.match(quote.flat):
        return ""
    about = AFTER_CLAUSE.match(quote.flat)
    if about and people.is_human(about["who"]) and not NO_SPEECH.match(quote.after):
        return "" if SOMEBODY.match(quote.flat[about.end("who") :]) else people.name(about["who"])
    return alone.named_after(quote.after, said=quote.said) or None


def _announcement(quote: Spoken) -> str | None:
    return alone.announced(quote.text, quote.start, quote.before, quote.previous_end) or None


def _from_letter(quote: Spoken) -> str | None:
    """稲垣さんには毎月パンを送る。先日届いた葉書には、こうあった。「…」: from whoever was named last."""
    begun = bool(quote.before.strip(" 　\n"))
    fits = IS_WRITTEN.match(quote.flat) if begun else quote.alone
    came = LETTER_CAME.match(quote.before if begun else quote.sentence_before())
    return quote.last or None if fits and came else None


def _subject_next(quote: Spoken) -> str | None:
    """「…」ときっぱり。大関さんの目は真剣だ: the next sentence names who this one does not."""
    paragraph = quote.text[quote.text.rfind("\n", 0, quote.start) + 1 : quote.start]
    calm = CALMLY.match(quote.after) if quote.said and not clauses.last_named(paragraph, "") else None
    return (calm and clauses.person_in(calm["next"])) or None


def _last_voice(quote: Spoken) -> str | None:
    """A verb without a subject: whoever was named last."""
    between = quote.text[quote.previous_end : quote.start]
    continued = quote.previous_end > 0 and "\n" not in between and len(between) < 40
    addressed = quote.before.rstrip(" 　").endswith("に") and quote.last in quote.before
    if addressed or SUPPOSED.match(quote.flat):
        return None
    return quote.last if quote.said and (continued or quote.size >= carried.SHORTEST_SAID) else None


def _goes_on(quote: Spoken) -> str | None:
    """A quotation right below another one that goes on from it: 「…」「でも…」."""
    between = quote.text[quote.previous_end : quote.start]
    below = quote.previous_end > 0 and "\n" in between and not between.strip("。\n 　")
    goes_on = below and quote.alone and ONWARD.match(quote.text[quote.start + 1 :])
    return quote.last or None if goes_on else None


CLUES = (
    _borrowed,
    direct.owned,
    _no_words,
    _in_brackets,
    _by_words,
    _by_work,
    _told_directly,
    carried.reply,
    carried.answers_back,
    _house,
    _subject_before,
    direct.body,
    direct.broke_in,
    _answer,
    direct.turned_to,
    direct.voice_then,
    _nobody,
    _from_letter,
    direct.source,
    direct.heard,
    _no_speech,
    _given,
    carried.begins_to_speak,
    carried.hurt,
    carried.turn,
    direct.straight_on,
    carried.mine,
    carried.answers_me,
    _own_sentence,
    carried.same_voice,
    _subject_after,
    _announcement,
    _goes_on,
    _subject_next,
    carried.subject_of_sentence_before,
    direct.possessor,
    _last_voice,
    carried.addressed,
    carried.first_words,
    focus.in_focus,
    direct.let_see,
    direct.pronoun,
)
