"""Noun phrases and sentences around a quotation: who a phrase, a clause or the sentence before names."""

from __future__ import annotations

import re

from yomicast.patterns import expression
from yomicast.script import people
from yomicast.script.sayings import (
    ANSWERED,
    ASKED,
    ASKED_OF,
    ASKED_WHETHER,
    ASKING,
    BESIDE,
    CALLED_IN,
    CALLED_ON,
    CHANNEL,
    CLEFT,
    COMMENT,
    FOREIGNER,
    HEARD_WORDS,
    IN_WRITING,
    INTRODUCED,
    IT_IS,
    LED_UP,
    LETTER,
    LETTER_FROM,
    LISTED,
    NICKNAME,
    OUT_OF_MOUTH,
    OWN_NOTE,
    PEN_LETTER,
    PERSON_TAIL,
    QUIET,
    SAID_LAST,
    SAY,
    SAYS_NEXT,
    SAYS_ON,
    SO_CAME,
    SO_DOING,
    SO_HEARD,
    SO_HIS,
    SO_SAID,
    SO_TOLD,
    SO_VOICED,
    SO_WROTE,
    SUBJECTS,
    THUS,
    TOLD_BY,
    TOLD_LAST,
    VOICE_BEFORE,
    VOICED_BY,
)

SAME = expression(
    r"^同(?P<kind>[館社市町村区県校園店署課局省庁会院隊団寺室所党紙誌]|大学?|委員会|実行委|事務所|研究室|協会|組合|病院|学会|研究所|財団|法人|連盟|機構)$"
)
"""同館: a body named before."""
OWNER = expression(
    rf"(?:[^、。]*[、，])?(?P<who>[^、。「」はがも]{{1,24}}?(?:{people.HONORIFIC}))の(?P<thing>[^、。はがも]{{1,8}})[はがも]"
)
"""樋口さんの工房は: a sentence about somebody's things is about that person."""
MEMORY = expression(r"の(?:記憶|証言|話|回想|言葉|一言|ひと言|語り|体験談?|思い出|聞き書き)$")
"""決め手は、大城さんの記憶だった: a sentence about somebody by what that one tells."""
UPON_WHICH = expression(
    r"^(?:[^。「」]*[、，])?[^。、「」はも]{1,20}?が[^。、「」はも]{0,24}?(?:[うくぐすつぬぶむる]と|たら|だら|えば|れば|ところ)[、，]"
    r"(?=(?:[^。「」はがも]{0,12}[、，])?[^。、「」はがも]{0,12}?(?:こう|次のように)[^。、「」はがも]{1,8}[。：:]?$)"
)
"""わたしが鉈を振り上げると、こう言った。: whoever does something upon which somebody speaks is not the one."""
SAYS = expression(SAY)
SENTENCES_BACK = 3
"""Sentences before one's own notes in which somebody said what stands there."""
NEAR = 200
"""Characters before a pronoun in which the person stands whom it means."""


def resolved(who: str, last: str, text: str = "") -> str:
    """彼女 and 同教授 as the person named last, when there is one; 彼女 also as the person of `text`, by a role."""
    if not people.is_pronoun(who):
        return who
    if body := SAME.match(who):
        return _same_body(body["kind"], text) or who
    if people.THAT_ONE.fullmatch(who):
        return meant(text) or last or nearest(masked(text)) or re.sub("^[そあこ]の(?=男|女)", "", who)
    if not re.match(r"彼女?$", who):
        return (last if people.PRONOUN.match(who) else "") or who
    text = masked(text[: text.rfind(who)]) if who in text else text
    if asked := ASKED.search(re.split("[。\n]", text)[-1]):
        phrase = noun_phrase(asked["who"])
        if called := human(phrase):
            return called
    before = [part for part in re.split("[。\n]", text[-NEAR:])[:-1] if part.strip()]
    named = [name for name in (last, nearest(text[-NEAR:], "[はがにをも]")) if name]
    return introduced(before[-1] if before else "") or max(named, key=text.rfind, default=nearest(text[-NEAR:]) or who)


def meant(text: str) -> str:
    """Whom その方 and ご本人 mean behind `text`: whoever its last sentences turn to or are about, also by a role."""
    sentences = [part for part in re.split("[。\n]", masked(text[-4 * NEAR :])) if part.strip()]
    for sentence in reversed(sentences):
        bare = re.sub(r"[（(][^（()）]*[)）]", "", sentence)
        if people.THAT_ONE.search(re.split("[はがも]", bare)[0]):
            continue
        cleft = re.search(r"のは[、，]?(?P<who>[^。「」]{1,30}?)(?:です|でした|だ|だった|である)$", bare)
        who = cleft and human(noun_phrase(cleft["who"]))
        who = who or introduced(bare) or person_in(bare, role=True) or _by_what_they_did(bare)
        if who and not re.match("私|僕|俺|わたし|ぼく|われ", who):
            return who
    return ""


def _by_what_they_did(sentence: str) -> str:
    """昔、左官をしていた方が来られて: somebody who is told of by a clause and not by a name."""
    found = re.search(
        r"(?:^|[、，])(?P<who>[^、。「」はが]{3,24}[たるい](?:方|人))(?:[がはも]|に|で|です|でした)", sentence
    )
    return found["who"] if found else ""


def nearest(text: str, marks: str = "[はがにをもの]") -> str:
    """The person that `text` names last before one of `marks`, by name or by role: 高校生に話を聞いた."""
    for match in reversed(list(re.finditer(rf"{marks}|(?=(?:です|でした|だった|である|だ)?。)", text))):
        phrase = noun_phrase(text[: match.start()])
        if phrase and people.is_human(phrase):
            return people.own_or_role(phrase)
        if phrase and not match[0] and (called := people.by_role(phrase)):
            return called  # a sentence that ends with a name: 従兄の航平。
    return ""


def _same_body(kind: str, text: str) -> str:
    """The library, the company … that `text` names last: 町立図書館が公開する。同館は."""
    names = re.findall(rf"(?:[一-鿿々ァ-ヺー]|[A-Za-z0-9])+{kind}(?![一-鿿ァ-ヺー])", text)
    return next((name for name in reversed(names) if not name.startswith("同") and len(name) > len(kind) + 1), "")


def body_called(kind: str, text: str) -> str:
    """園 as the body whose name in `text` ends so, the one named first; `kind` itself where there is none."""
    names = re.findall(rf"(?:[一-鿿々ァ-ヺー]){{2,12}}{kind}(?![一-鿿ァ-ヺー])", text)
    name = next((name for name in names if not name.startswith("同")), kind)
    return re.sub("^[一-鿿]{0,4}?[市区町村県府都国公私]立(?=[一-鿿ァ-ヺ]{2})", "", name)


def introduced(sentence: str) -> str:
    """Whom the text turns to, as in 最後は妹である."""
    found = INTRODUCED.match(sentence)
    who = found["who"] if found else ""
    return called(who)


def may_speak(phrase: str) -> bool:
    """Whether the end of `phrase` can be somebody who speaks, also a bare name."""
    who = noun_phrase(phrase)
    return people.is_speaker(who) or people.could_speak(who)


def masked(text: str) -> str:
    """`text` with what stands in quotation marks blanked: stops in it end no sentence, people in it are not meant."""
    return re.sub(r"「[^「」]*」", lambda found: "〓" * len(found[0]), text)


def person_in(sentence: str, *, told: bool = False, role: bool = False) -> str:
    """The person with title or honorific who is a sentence's subject; any speaker when the sentence tells of speech."""
    for match in sorted(SUBJECTS.finditer(sentence), key=lambda match: match[0] in "がも"):
        phrase = noun_phrase(sentence[: match.start()])
        if role and (called := apposed(sentence[: match.start()])):
            return called
        in_person = phrase and sentence[: match.start()].endswith(("本人", "自身"))
        if (
            phrase
            and not (role and _pair(phrase))
            and (
                (
                    role
                    and (people.is_human(phrase) or people.by_role(phrase))
                    and not re.search(r"[二三四五六七八九十数2-9]人$", phrase)
                )
                or people.is_person(phrase)
                or in_person
                or (told and may_speak(phrase))
            )
            and not QUIET.search(sentence[: match.end()])
            and not ASKING.search(sentence[match.end() :])
        ):
            return people.name(phrase)
    owner = OWNER.match(sentence)
    if owner and not people.is_human(owner["thing"]) and people.is_person(phrase := noun_phrase(owner["who"])):
        return people.name(phrase)
    cleft = CLEFT.search(sentence.rstrip("。 　")) if role else None
    remembered = MEMORY.sub("", cleft["who"]) if cleft else ""
    if people.is_human(remembered):
        return people.own_or_role(remembered)
    named = IT_IS.search(sentence.rstrip("。 　"))
    if (
        role
        and named
        and sentence.rstrip("。 　") != named["who"]
        and people.is_human(clause := noun_phrase(named["who"]))
        and not re.search("[0-9０-９一二三四五六七八九十数]人$", clause)
    ):
        return people.own_or_role(clause)
    return people.name(noun_phrase(named["who"])) if named and people.is_person(noun_phrase(named["who"])) else ""


def apposed(text: str) -> str:
    """The bare name that `text` ends with behind a comma and a role: 先代の杜氏、苫米地."""
    head, comma, last = text.rpartition("、")
    if not comma or len(last) < 2 or people.is_speaker(last) or not people.could_speak(last) or "の" in last:
        return ""
    role = re.split("[、。\n]", head)[-1]
    return last if people.is_human(role) and not re.search("[はがもと]", role) else ""


def topic(sentence: str) -> str:
    """A bare name that a sentence is about: 卯之原はきちんと届けていた."""
    found = re.match(
        r"(?:[^、。]{0,12}[、，])?(?P<who>[一-鿿々ノヶ]{2,5}|[ァ-ヺー]{3,10}|" + people.OLD_NAME + r")は",
        sentence.strip(" 　"),
    )
    return found["who"] if found and people.could_speak(found["who"]) else ""


def tells_of_two(sentence: str) -> bool:
    """Whether a pair is what a sentence is about: 父と母は."""
    return any(_pair(noun_phrase(sentence[: mark.start()])) for mark in re.finditer("[はがも]", sentence))


def _pair(phrase: str) -> bool:
    """父と母: two, of whom only one speaks."""
    parts = re.split("と(?=[一-鿿ァ-ヺ])", phrase)
    return len(parts) > 1 and all(human(part) for part in parts)


def owner(sentence: str) -> str:
    """Whose letter or notebook a sentence speaks of: 亡くなった兄の手帳を開く."""
    found = LETTER.search(sentence)
    return human(noun_phrase(found["who"])) if found else ""


def giver(text: str) -> str:
    """The nearest person in `text` from whom something comes: 釜を替えた宿の主人に話したら."""
    for found in reversed(list(re.finditer(r"(?<![てで])から|に", text))):
        phrase = noun_phrase(text[: found.start()])
        if phrase and people.is_human(phrase):
            return people.name(phrase)
    return ""


def human(phrase: str) -> str:
    """A person's name, by title, role, or the role before it: 従弟の直樹; empty when it is none."""
    phrase = people.AT_HOME.sub("", phrase)
    return people.name(phrase) if people.is_human(phrase) else people.by_role(phrase)


def called(phrase: str) -> str:
    """As `human`, by role where no own name stands in the phrase: 町工場の従兄."""
    return people.own_or_role(phrase) if people.is_human(phrase) else people.by_role(phrase)


def heard_before(sentence: str, before: str) -> str:
    """親方の鵜飼に叱られた。… 手帳にはこう残っている。: from whom the words were heard that stand in one's own notes."""
    if not OWN_NOTE.match(sentence):
        return ""
    for part in reversed([part for part in re.split("[。\n]", before) if part.strip()][-SENTENCES_BACK:]):
        found = TOLD_LAST.search(part)
        if found and may_speak(found["who"]):
            return people.name(noun_phrase(found["who"]))
    return ""


def last_sentence(text: str) -> str:
    """The sentence that `text` ends with."""
    stripped = text.rstrip("。：: \n　")
    cut = max(*(stripped.rfind(sign) for sign in "。\n！？!?"), _said_before(stripped))
    sentence = text[cut + 1 :]
    return re.sub(r"^(?:と|って)[、，]?", "", sentence) if cut >= 0 and text[cut] == "」" else sentence


def _said_before(text: str) -> int:
    """Where the last quotation ends that the words after it go on from; not a name in brackets: 「帽子屋さん」は."""
    return max((found.start() for found in re.finditer(r"」(?![はがもさ])", text)), default=-1)


def noun_phrase(text: str) -> str:
    """The noun phrase at the end of `text`: after the last comma outside brackets."""
    bare = people.PARENS.sub(lambda found: "\0" * len(found[0]), text)
    cut = max(bare.rfind(sign) for sign in "、，。「」『』\n")
    words = text[cut + 1 :].strip(" 　")
    words = re.sub(r"^と(?=[一-鿿ァ-ヺA-Z])", "", words) if cut >= 0 else words
    if cut >= 0 and bare[cut] in "」』":
        words = re.sub(r"^[をがはにでとの](?=[^ぁ-ん]|[ぁ-ん]+[一-鿿])", "", words)
    words = re.sub(r"^.*〓(?:など)?(?:と|って)?[、，]?", "", words)
    return re.sub(
        r"(?:(?<=さん)|(?<=[^ぁ-ん]))(?:だけ|ばかり|まで|さえ|こそ|自身|本人|など|なんか|なんぞ|あたり)$",
        "",
        words.strip(" 　"),
    )


def subject(who: str) -> str:
    """The speaker that `who` ends with; empty when that is none."""
    phrase = noun_phrase(who)
    return people.name(phrase) if people.is_speaker(phrase) else ""


def so_said(after: str) -> str:
    """Who the words after a quotation say it was: 田中さんはそう話す."""
    his = SO_HIS.match(after)
    if his and (human(noun_phrase(his["hers"])) if his["hers"] else may_speak(next(filter(None, his.groups())))):
        return people.name(noun_phrase(next(filter(None, his.groups()))))
    for pattern in (SO_SAID, SO_DOING, SO_HEARD, SO_TOLD, SO_VOICED, SO_CAME, SO_WROTE):
        so = pattern.match(after)
        if so and SAYS_ON.match(after):
            continue
        bare = pattern is SO_WROTE or (pattern is SO_SAID and re.search("[はが]そう", so[0] if so else ""))
        who = noun_phrase(so["who"] or so["then"]) if so else ""
        if who and (people.is_speaker(who) or (bare and may_speak(who))):
            return people.name(who)
    return ""


def words_of_another(sentence: str) -> str:
    """小野寺さんは行商の女性の言葉を挙げる: not who quotes, who is quoted."""
    found = HEARD_WORDS.search(sentence) or TOLD_BY.search(sentence)
    return subject(next(filter(None, found.groups()))) if found else ""


def announcer(sentence: str, *, bare: bool = True) -> str:
    """Who will speak, by a sentence that says so. `bare`: also a name that nothing marks as one."""
    sentence = UPON_WHICH.sub("", LISTED.sub("", sentence))
    if other := words_of_another(sentence):
        return other
    if IN_WRITING.search(sentence) and (who := owner(sentence)):
        return who
    if pen := PEN_LETTER.search(sentence):
        return pen["who"]
    nick = NICKNAME.search(sentence)
    if (
        nick
        and SAYS_NEXT.search(f"人{sentence[nick.end() - 1 :]}")
        and (nick["called"] or people.is_person(nick["who"]))
    ):
        return people.name(nick["who"])
    for found in (
        pattern.search(sentence)
        for pattern in (
            COMMENT,
            OUT_OF_MOUTH,
            VOICE_BEFORE,
            ANSWERED,
            CALLED_ON,
            CALLED_IN,
            LETTER_FROM,
            TOLD_LAST,
            VOICED_BY,
        )
    ):
        if found and may_speak(found["who"]) and not CHANNEL.search(found["who"]):
            return people.name(noun_phrase(found["who"]))
    if not SAYS_NEXT.search(sentence) or (BESIDE.search(sentence) and not THUS.search(sentence)):
        return who_was_asked(sentence)
    markers = list(
        re.finditer(
            r"は|だが|ですが|であるが|が|(?<!子ど)も(?!の)|のほうから|の方から|(?<!よう)に(?=(?:お?話|意見|感想|聞|訊|尋|たずね|伺|うかが|コメント|印象))",
            sentence,
        )
    )
    # 記者が訪ねると、大野さんは: the topic speaks; of other subjects the one next to the verb
    markers.sort(key=lambda match: (match[0] != "は", -match.start() if match[0] == "が" else match.start()))
    markers = [match for match in markers if not (match[0] == "が" and LED_UP.match(sentence, match.end()))]
    for test in (
        (people.is_speaker, people.could_speak) if bare and SAID_LAST.search(sentence) else (people.is_speaker,)
    ):
        for match in markers:
            phrase = noun_phrase(sentence[: match.start()])
            mute = (phrase in people.STAND_INS or phrase.endswith("たち")) and not (
                SAYS.search(sentence.rstrip("。 　\n")) or THUS.search(sentence)
            )
            if phrase and test(phrase) and not mute and not QUIET.search(sentence[: match.end()]):
                return people.name(phrase)
        if who := who_was_asked(sentence):
            return who
    return ""


def who_was_asked(sentence: str) -> str:
    """Who was asked or shown something: 古閑さんに表を見せると、笑って首を横にふった."""
    bare = people.PARENS.sub("", sentence).rstrip("。：: 　")
    asked = ASKED.search(bare)
    if asked and (who := subject(asked["who"])):
        return who
    known = re.sub("^その(?=[^ぁ-ん])", "", noun_phrase(asked["who"])) if asked else ""
    if asked and known != noun_phrase(asked["who"]) and people.could_speak(known):
        return known
    of = ASKED_OF.search(bare)
    if of and (who := human(noun_phrase(of["who"]))):
        return who
    marks = (found for found in re.finditer("に", bare) if ASKED_WHETHER.match(bare, found.end()))
    return next(filter(None, (subject(bare[: found.start()]) for found in marks)), "")


def last_named(text: str, last: str) -> str:
    """The person named last in `text`, else who it was before."""
    window = text[-400:]
    for match in reversed(list(FOREIGNER.finditer(window))):
        if not PERSON_TAIL.search(window[match.end() :]):
            return match["who"]
        break
    for match in reversed(list(PERSON_TAIL.finditer(window))):
        phrase = noun_phrase(window[max(0, match.start() - 30) : match.end("title")])
        phrase = re.sub(r"^(?:など|って)?と(?=[一-鿿ァ-ヺ])", "", phrase)
        if match["title"] == "ちゃん" or len(phrase) <= len(match["title"]) or people.PRONOUN.match(phrase):
            continue
        if not people.PRONOUN.match(called := people.name(phrase)):
            return called
    return last
