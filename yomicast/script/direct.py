"""Whoever stands next to the words says them, whatever verb follows: a subject, a source, somebody who was turned to.

What a sentence shows to be otherwise comes first: a name, a title, a thing that is owned, words that the subject heard.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from yomicast.patterns import expression
from yomicast.script import carried, clauses, people
from yomicast.script.sayings import (
    ACCORDING,
    ASKING,
    CLEFT,
    CLOSED,
    COLON,
    HEARSAY_OF,
    HERSELF,
    IN_QUESTION,
    IT_IS,
    NEXT_ROLE,
    NEXT_SAYS,
    NO_SPEECH,
    PASSIVE,
    QUIET,
    SUBJECT,
    TOLD_DIRECTLY,
    UTTERANCE,
    VOICE_THEN,
    WORKS,
)
from yomicast.script.spoken import Spoken

SENTENCE = expression(r"[ぁ-ん][。！？!?…]*」$|[、。！？!?]")
"""Words that are a sentence, and no term."""
SHORTEST_KANA = 5
"""Characters from which words in nothing but kana are no name."""
HIS_VIEW = expression(
    r"^(?:など)?との(?![^「」。、]{0,8}?(?:違い|関係|関連|比較|対比|間|差|区別|境|連携|併用|組み?合わせ|出会い|戦い|闘い|相性|付き合い|共演|対話|"
    r"題|名|文字|表示|看板|札|文言|表記|銘|印|愛称|呼び名|異名|触れ込み|評判|噂|うわさ|声|悲鳴|やじ|連絡|返事|返答|回答|返信))[一-鿿ァ-ヺお]"
    rf"|^(?:など)?という[^「」。、はが]{{0,6}}?(?:{UTTERANCE}|目標|構え|立場|姿勢|条件|夢|理想|計画|認識|意向|意見|要請|激励)(?<!言葉)(?<!合言葉)[をがだで]"
)
"""「…」との目標を掲げる: what somebody holds."""
COMES = expression(
    r"^(?:など)?(?:との|という|といった)[^「」。、はを]{1,12}[がも](?:付|つ[いき]|上が|あが|挙が|出|返|届|来|き[たま]|寄せ|入|飛|聞|漏|もれ|あ[っり])"
    r"|^と[、，]?[^「」。、はを]{1,10}が(?:付|つ[いき]|上が|挙が|出|返|届|来|き[たま]|寄せ|入|飛|あ[っり])"
)
"""「…」という注文がつく: it comes to whoever turned to somebody."""
LISTENS = expression(r"聞[いきこ]|その(?:言葉|声|ひと言|一言|問い|返事|答え)|驚|答え|返事|聴")
"""What somebody does who has heard the words."""
NO_NAME = expression(rf"^{UTTERANCE}$|(?<=[一-鿿])は|[のたるに]$")
"""母の返事: no name behind a role."""
AUTHOR = expression(r"(?:作家|画家|監督|歌手|詩人|作者|著者|写真家|作曲家|漫画家|版画家)$")
"""Whose works are named behind の."""
EFFECT = expression(
    r"^(?:が(?:あ[っるり]|聞こえ|響|口|出|飛)|に(?:救|励|背|押|驚|応|つられ|助|笑|返|は?っと|促|負)|で(?:目|始|決|幕|場|会|み)|を(?:合図|聞|皮切)|の(?:一言|ひと言|ひとこと|一声|ひと声|号令|合図)[でに])"
)
"""What somebody's words bring about."""
AT_BODY = expression(r"(?P<who>[^、。「」\n]{1,40}?)では[、，]?(?:[^、。「」はがも]{1,14}[、，]?)?$")
COMMON_SAYING = expression(r"^(?:など)?と(?:も|は)?(?:言[わうえっ]|い[わうえっ]|呼[ばぶん]|書[かい])")
"""村では「…」と言う: what people there say, or call something."""
PLACE = expression(r"(?:[都道府県村町市区国店館園校院室]|大学|学校|ホテル|旅館|センター|テレビ|新聞|ネットワーク)$")
"""Bodies that are places too."""
OFFICIAL = expression(
    r"^(?:など)?と(?:して|[^「」。、はがも]{0,8}?(?:話し|呼び?[掛か]け|説明|コメント|みて|見て|促|注意|分析|推測|警戒))"
)
"""What only a body says."""
LED = expression(r"(?P<to>[^。]*?(?:ところ|たら|れば|と)[、，])(?:[^、。「」はがも]{1,16}[、，])?$")
"""庭師に理由を問うと、手を止めず、"""
IN_CLEFT = expression(
    r"のは[、，]?(?P<who>[^、。「」はがも]{1,30}?)(?:で(?:あり)?|だが|だったが|でしたが|ですが)[、，]$"
)
IN_CLAUSE = expression(r"[^、。「」はがも]{1,24}?(?:[たる]|んだ)(?=[一-鿿ァ-ヺ])")
"""村人らが石を積んだ堤: the subject of a clause about a thing, in a sentence with a topic of its own."""
THAT = expression(r"^(?:それ|これ)$")
LET_SEE = expression(
    r"(?P<who>[^、。「」はがも]{1,20})の[^、。「」はがもの]{1,10}を(?:[^、。「」はが]{0,6})?(?:見せ|読ませ|聞かせ|のぞかせ|触らせ)て(?:もら|いただ|くれ)"
)
"""息子の地図を見せてもらうと: of whom one asks about it."""
ASKED_OF_NOBODY = expression(
    r"^[^。「」]{0,14}(?:と|を)?[、，]?(?:聞|尋|たず|訊|問)[^。「」、]{0,4}(?:と|ば|たら)[、，]$"
)
HIS = expression(r"^(?P<who>[^、。「」はがも〓]{1,24}?)の[^、。「」はがも〓]{1,8}は[、，]?(?P<how>.*)")
SHORT = expression(r"短|簡潔|簡単|簡素|単純|明快|明瞭|意外|いつも|決まって|同じ|違[っい]|率直|厳し|ひとつ|一つ|こう")
THEY = expression(r"^(?:[^、。「」はが]{0,12}[、，])?(?P<who>彼女?)[はが]")
A_VOICE = expression(
    r"^[。、と\s　]*[^。「」\n]{0,20}声[がはの](?:した|する|しました|飛んだ|響いた|聞こえた|聞こえました|かかった|主)[^。「」\n]{0,4}(?:。|は[、，]?)[\s　]*(?:\n[\s　]*)?(?P<next>[^。「」\n]{2,60})(?:。|$)"
)
"""「…」。低い声がした。…"""
IS_THERE = expression(
    r"(?P<who>[^、。「」\n]{1,30}?)が(?:[^、。「」はが]{0,12}[てで])?(?:立って|座って|い[たるまて]|のぞ|覗|顔を|手を)"
)
"""振り返ると、兄が立っていた."""
ALWAYS = expression(r"(?:決まって|きまって|いつも|必ず|口を開けば|二言目には|最後は|最後には|ただ|ひたすら)[、，]?$")
IS_ALL = expression(r"^(?:だ(?!と|そう|け)|だった|です|でした|である)")
"""兄は酔うと決まって「…」だった."""
SOURCE = expression(
    r"(?P<who>[^、。「」\n]{1,40}?)(?<![てでだ])から(?:は|も)?[、，]?(?:[^、。「」はがもをたる]{1,12}[、，]?)?$"
)
"""先輩から「…」と突っ込みが入る."""
HEARD = expression(
    r"^と[、，]?[^「」。、はが]{0,8}?(?:[言い]われ|呼ば|呼び止められ|声を[か掛]けられ|頼まれ|叱られ|怒られ|怒鳴られ|返され|聞かれ|訊かれ|尋ねられ|問われ|教えられ|諭され|笑われ|褒められ|断られ|勧められ|誘われ|励まされ|注意され)"
)
"""「…」と言われて: by whom, the sentence does not say."""
THROUGH = expression(r"(?P<who>[^、。「」\n]{1,40}?)(?:から|に)(?:は|も)?[、，]?[^、。「」はがも]{0,12}$")


def uttered(quote: Spoken) -> bool:
    """Whether the words are a sentence rather than a term or a name."""
    return bool(SENTENCE.search(f"{quote.words}」")) and (
        quote.size >= SHORTEST_KANA or bool(re.search("[一-鿿！？!?]", quote.words) and quote.size > 1)
    )


def subject(before: str, *, said: bool) -> str:
    """The subject in the words before the quotation; the nearest that can speak."""
    if (found := COLON.search(before)) and clauses.may_speak(found["who"]):
        return people.name(found["who"])
    if people.is_person(before) and not before.endswith(("の", "、")):
        return people.name(clauses.noun_phrase(before))
    if (found := HERSELF.search(before)) and people.is_person(clauses.noun_phrase(found["who"])):
        return people.name(clauses.noun_phrase(found["who"]))
    markers = list(SUBJECT.finditer(before))
    tests: tuple[Callable[[str], object], ...] = (_marked, people.could_speak) if said else (_marked,)
    for test in tests:
        for match in reversed(markers):
            phrase = clauses.noun_phrase(before[: match.start()])
            quiet = QUIET.search(before[: match.end()]) and not match[0].startswith("から")
            rest = before[match.end() :]
            inner = match[0] == "が" and "は" in before[: match.start()] and IN_CLAUSE.match(rest)
            closed = (match[0] in "がも" and CLOSED.search(rest)) or inner or _asks(match[0], rest)
            if phrase and not (quiet or closed) and test(phrase):
                return people.name(phrase)
        if (found := ACCORDING.search(before)) and not THAT.search(found["who"]):
            return people.name(WORKS.sub("", clauses.noun_phrase(found["who"])))
    return ""


def _marked(phrase: str) -> bool:
    """Whether something shows a speaker: a title, a role, a role before a bare name."""
    called = people.by_role(phrase)
    return people.is_speaker(phrase) or bool(called and not NO_NAME.search(called))


def _asks(particle: str, clause: str) -> bool:
    """Whether a subject asks, or is what is asked about: 記者が来季を尋ねると、; 何に使うのかと尋ねると、."""
    found = ASKING.search(clause)
    return bool(
        found
        and (IN_QUESTION.match(clause) or (particle in "がも" and not re.search("[はも]", clause[: found.start()])))
    )


def holds(quote: Spoken) -> str | None:
    """水道部長は「…」との目標を示した; 祖母は蓋を開けては、「まだ若い」。: the subject, without a verb of speech."""
    if not uttered(quote) or PASSIVE.match(quote.after.replace("との", "と", 1)) or TOLD_DIRECTLY.match(quote.flat):
        return None
    always = IS_ALL.match(quote.flat) and ALWAYS.search(quote.before)
    if not (quote.alone or always or HIS_VIEW.match(quote.flat)):
        return None
    who = subject(quote.before, said=False)
    return who if who and (not quote.alone or people.is_human(who) or quote.size >= SHORTEST_KANA) else None


def body(quote: Spoken) -> str | None:
    """自治会では「…」と呼びかけている: a body of people, as the place of what it says."""
    found = AT_BODY.search(quote.before)
    if not (found and quote.said and uttered(quote)) or COMMON_SAYING.match(quote.flat) or PASSIVE.match(quote.after):
        return None
    phrase = clauses.noun_phrase(found["who"])
    office = people.ORGANISATION.search(phrase) and (OFFICIAL.match(quote.flat) or not PLACE.search(phrase))
    return people.name(phrase) if office else None


def source(quote: Spoken) -> str | None:
    """先輩から「…」と突っ込みが入りました: whoever it comes from."""
    found = SOURCE.search(quote.before)
    onward = quote.alone or COMES.match(quote.flat) or (quote.flat.startswith("と") and not NO_SPEECH.match(quote.flat))
    if not (found and onward and uttered(quote)):
        return None
    phrase = re.sub("(?<=[省庁党社局])内$", "", clauses.noun_phrase(found["who"]))
    return people.name(phrase) if _marked(phrase) else None


def turned_to(quote: Spoken) -> str | None:
    """篠塚さんに案を説明したところ、「…」という注文がついた: whoever was turned to, by whatever verb."""
    onward = quote.alone or quote.said or COMES.match(quote.flat)
    led = LED.search(quote.before)
    return carried.turned_to(led["to"]) or None if led and onward and uttered(quote) else None


def heard(quote: Spoken) -> str | None:
    """漁師さんでした。電話口で「…」と言われて: from the person of the sentence before, else of the next one."""
    then_seen = VOICE_THEN.match(quote.flat)
    if then_seen and uttered(quote) and people.is_human(seen := clauses.noun_phrase(then_seen["who"])):
        return people.name(seen)
    through = THROUGH.search(quote.before)
    if not HEARD.match(quote.flat) or not uttered(quote) or (through and _marked(clauses.noun_phrase(through["who"]))):
        return None
    earlier = clauses.masked(quote.text[max(0, quote.start - carried.NEAR) : quote.start - len(quote.before)])
    line = earlier.rsplit("\n", 1)[-1] if earlier[-1:] != "\n" else ""
    sentence = clauses.last_sentence(line).rstrip("。 　")
    if "〓" in sentence:
        return None
    cleft = CLEFT.search(sentence) or re.search(
        r"のは[^。「」]{1,20}で(?:は|も)なく(?:て)?[、，](?P<who>[^。「」、]{1,24}?)(?:だ|です|でした|だった|である)$",
        sentence,
    )
    if cleft and (who := clauses.human(clauses.noun_phrase(cleft["who"]))):
        return who
    if who := clauses.person_in(sentence, role=True):
        return who
    then = re.match(r"[^。「」\n]*。(?P<next>[^。「」\n]{4,80})。", quote.after)
    return (clauses.person_in(then["next"], role=True) or None) if then and not sentence else None


def owned(quote: Spoken) -> str | None:
    """町内会長の「今年もやるぞ」の一声で: whose words something comes of."""
    who = clauses.noun_phrase(quote.before[:-1]) if quote.before.endswith("の") else ""
    if not who or AUTHOR.search(who) or not (EFFECT.match(quote.flat) and SENTENCE.search(f"{quote.words}」")):
        return None
    return people.name(who) if people.is_human(who) or people.by_role(who) else None


def let_see(quote: Spoken) -> str | None:
    """息子の地図を見せてもらうと、印がある。何かと聞けば、「…」だそうだ。: whose it is, of whom one asks about it."""
    if not ((quote.said or quote.alone or HEARSAY_OF.match(quote.after)) and ASKED_OF_NOBODY.match(quote.before)):
        return None
    found = LET_SEE.search(_sentence_above(quote))
    return clauses.human(clauses.noun_phrase(found["who"])) or None if found else None


def _sentence_above(quote: Spoken) -> str:
    """The sentence before the quotation's own, in its paragraph, with quotations blanked."""
    earlier = clauses.masked(quote.text[max(0, quote.start - carried.NEAR) : quote.start - len(quote.before)])
    return clauses.last_sentence(earlier.rstrip("。 　")) if earlier[-1:] != "\n" else ""


def broke_in(quote: Spoken) -> str | None:
    """沈黙を破ったのは新卒の三田で、「…」と手を挙げた."""
    found = IN_CLEFT.search(quote.before)
    if not (found and uttered(quote)):
        return None
    phrase = clauses.noun_phrase(found["who"])
    return people.name(phrase) if _marked(phrase) or (quote.said and people.could_speak(phrase)) else None


def possessor(quote: Spoken) -> str | None:
    """祖父の日課は釣りで、釣れない日も「…」と言った; 編集長の訓示は短かった。「走れ」。: who is told of by what is theirs."""
    begun = bool(quote.before.strip(" 　\n"))
    if not uttered(quote) or not (quote.said if begun else quote.alone) or PASSIVE.match(quote.after):
        return None
    found = HIS.match(quote.before if begun else quote.sentence_before())
    fits = found is not None and (begun or SHORT.match(found["how"]))
    return clauses.human(clauses.noun_phrase(found["who"])) or None if found and fits else None


def pronoun(quote: Spoken) -> str | None:
    """彼は振り向かなかった。「もう決めたことだ」: where the text has no other name for him."""
    if not (quote.alone and uttered(quote)) or quote.before.strip(" 　\n"):
        return None
    found = THEY.match(quote.sentence_before())
    return found["who"] if found else None


def straight_on(quote: Spoken) -> str | None:
    """「誰か、とは」私が聞き返すと、女将は: a clause with a verb of speech follows without a stop."""
    found = None if quote.before.strip(" 　\n") else NEXT_ROLE.match(quote.flat)
    if not (found and NEXT_SAYS.match(quote.flat, found.end()) and clauses.may_speak(found["who"])):
        return None
    return people.name(clauses.noun_phrase(found["who"]))


def voice_then(quote: Spoken) -> str | None:
    """「入れ」。低い声がした。扉の向こうにいたのは、署長の室田だった。: whom the voice turns out to be."""
    found = None if quote.before.strip(" 　\n") else A_VOICE.match(quote.flat)
    then = found["next"] if found else ""
    who = CLEFT.search(then) or IS_THERE.search(then) or IT_IS.search(then) if then else None
    phrase = clauses.noun_phrase(who["who"]) if who else ""
    return clauses.called(phrase) or None


def newcomer(sentence: str, earlier: str) -> str:
    """「…」, and below it 港務員の庄司は帽子をつまんだ。: whom nobody has named before comes in with these words."""
    found = re.match(r"(?P<who>[^、。「」はがも]{2,24}?)[はが]", sentence)
    above = [part for part in clauses.masked(earlier).rstrip().rsplit("\n", 1)[-1].split("。") if part.strip()]
    told = above and (
        clauses.person_in(above[0], role=True)
        or any(clauses.human(clauses.noun_phrase(above[-1][: at.start()])) for at in re.finditer("は", above[-1]))
    )
    if not found or LISTENS.search(sentence) or told:
        return ""  # the paragraph above has a person of its own
    who = clauses.human(clauses.noun_phrase(found["who"]))
    return who if who and who not in earlier else ""
