"""Direct speech and who says it, across sentences and paragraphs.

Reading order of the clues, as a reader takes them: the subject before the quotation (神保教授は「…」), the one after it
(「…」と佐藤さんは話す), the sentence before (佐藤さんはこう語る。「…」) and after (「…」。佐藤さんはそう振り返る), and for
a verb without a subject whoever was named last. Quotation marks round a term are not speech.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby, zip_longest

from yomicast.model import Block, Place, Quote
from yomicast.script import people

SAY = (
    r"(?:話|語|驚|心配|案じ|懐かし|惜し|誇|称え|たたえ|評|力を|危機|警戒|憤|にっこり|満足|うれし|嬉し|口に|信じ|あきれ|呆れ|怒|泣|誘|頼|断|意欲|不満|手応え|報じ|知らせ|つぶや|綴|述べ|述懐|言|いう|いい(?:ます|まし)|いっ[たて]|云|指摘|説明|解説|コメント|強調|主張|訴え|答え|こたえ|応じ|応え|返|振り返|明か|打ち明け|呼び?[掛か]け|提言|提案|提起|分析|批判|反論|評価|嘆|喜|期待|懸念|"
    r"危惧|憂慮|警告|警鐘|助言|アドバイス|ツイート|ポスト|投稿|つぶや|呟|書い|書き込|綴|つづ|記し|記述|発言|発表|公表|表明|声明|尋ね|質問|聞い|聞き|問い|問う|問わ|笑|苦笑|微笑|ほほえ|ほほ笑|叫|ささや|囁|促|求め|意気込|胸を|口をそろえ|口を揃え|"
    r"目を|肩を|首を|顔を|声を|言葉を|頭を|眉を|腕を|鼻を|息を|涙を|舌を|膝を|ひざを|背中を|(?:意欲|自信|笑顔|期待|不安|怒り|戸惑い|悔しさ|喜び|驚き|感謝|決意|覚悟|思い|本音)を|認め|否定|予測|予想|断言|宣言|約束|謝罪|陳謝|感謝|釈明|弁明|回答|返答|返信|報告|論じ|回顧|こぼ|漏ら|もら|吐露|伝え|紹介|みる|見る|見て|見通|考え|思[いうっ]|感じ|期し|誓|願|祈|望|悔し|悔や|"
    r"励ま|たしなめ|諭|教え|勧め|薦め|すすめ|補足|付け加え|つけ加え|続け|締めくく|結ん|切り出|明言|力説|熱弁|弾|勝ち誇|自信|決意|抱負|皮肉|疑問|首をかし|うなず|頷|つけくわえ|触れ|位置[付づ]け|結論|総括|報じ|告げ|告白|語気|アピール|PR|やり取り|言い切|言い放|切実|している|しています|した(?=[。、])|しました|して[、お])"
)
NO_SPEECH = re.compile(
    r"^(?:と(?:呼(?:ば|ぶ|び(?![か掛])|ん)|よば|よぶ|名付|名づけ|題|銘打|称|なる|なって|なり|いう(?!こと|声|意見|感想|コメント|回答|答え|言葉|[。、」]|$)|いった|いえ|は|の(?!こと|見方|考え|認識|声|意見|コメント|談話|声明|回答|指摘|返事|説明)|書か|書いてあ|印刷|表示|並|比べ|同じ|同様|関|ある|あり)"
    r"|を|が(?![^。]{0,4}口)|に|で|も|や|へ|から|まで|より|など[がをにはのとで]|・|だ|です|な)"
)
NOT_SAID = re.compile(
    r"^[\s　]*(?:の(?!こと|見方|考え|認識|声|意見|コメント|談話|声明|回答|指摘|返事|説明)|を|と(?:答え|回答し)(?:た|ている)(?:人|ひと|方|割合|企業|店|世帯|生徒|学生|児童|の)(?:は|が|も|の))"
)
"""A name, a title, a choice in a survey: nobody speaks."""
AFTER = re.compile(rf"^[\s　]*[、，]?(?:など|なんて)?(?:と|って)(?P<gap>[^「」。！？!?]{{0,60}}?)(?P<verb>{SAY})")
NOUN_AFTER = re.compile(
    r"^[\s　]*(?:など)?との?(?:声明|返事|コメント|談話|見解|見方|考え|認識|意見|声|感想|回答|返答|指摘|説明|方針|メッセージ|言葉|反応|分析|期待|批判|懸念|判断|評価|立場|投稿|ツイート|発言|こと)"
)
SO_SAID = re.compile(
    rf"^[」』。！？!?\s　]*(?P<who>[^。、「」]{{2,40}}?)(?:は|も|が)[、，]?(?:そう|こう|笑顔|うれしそうに|嬉しそうに|表情を|目を|声を|胸を|肩を|首を|言葉を|手応えを|苦笑)[^。「」]{{0,24}}?(?:{SAY}|見せ|浮かべ|細め|詰まら|弾ませ|曇らせ|ほころば|落と|振り返|語)"
)
SO_SAYS = re.compile(
    rf"^[。\s　]*(?:そう|こう|と)[、，]?[^。「」]{{0,16}}?(?:{SAY})[^。「」]{{0,12}}?(?:のは|る|た|ったのは|くれたのは)[、，]?(?P<who>[^。「」]{{2,60}}?)(?:だ|です|である|だった|でした)?(?:[。]|$)"
)
AFTER_IS = re.compile(
    rf"^[\s　]*[、，]?と[^「」。]{{0,40}}?{SAY}[^「」。、]{{0,12}}?(?:のは|くれたのは)[、，]?(?P<who>[^「」。]{{2,80}}?)(?:だ|です|である|だった|でした)?(?:[。]|$)"
)
AFTER_NOUN = re.compile(
    rf"^[\s　]*[、，]?と[、，]?[^「」。、]{{0,24}}?{SAY}[^「」。、はがをも]{{0,6}}?[るたすうくむぶつ](?P<who>[一-鿿ァ-ヺA-Z][^「」。、はがをにも]{{1,30}})(?:[。はがも]|$)"
)
AFTER_TOPIC = re.compile(
    r"^[\s　]*[、，]?(?:と|って)[、，]?[\s　]*(?P<who>[^「」。はがも]{1,50}?)(?:は|が|も)(?=[、，]|[^「」。]{0,40})"
)
AFTER_BARE = re.compile(r"^[\s　]*[、，]?と(?P<who>[^「」。、はがをに]{1,30})(?:。|$)")
AFTER_ANSWER = re.compile(
    r"^[\s　]*[、，]?(?:など)?と(?:いう)?(?:の)?[がはも](?P<who>[^「」。、はがを]{1,40}?)の(?:お?答え|返事|返答|意見|考え|口ぐせ|口癖|言い分|見方|主張|持論|感想|説明|話|弁|教え|信条|モットー|願い|思い|言葉|助言|アドバイス|見立て|読み|結論|評価|本音|決まり文句)"
)
VOICES = r"(?:声|意見|感想|不満|要望|指摘|批判|期待|懸念|質問|苦情|喜び|反応|疑問|不安)"
AFTER_VOICE = re.compile(
    rf"^[\s　]*(?:など)?と(?:いう|いった|の)[^「」。、]{{0,12}}?{VOICES}[はがも][、，]?(?P<who>[^「」。、]{{1,30}}?)から(?:も|は)?[^「」。]{{0,10}}?(?:上が|挙が|あが|聞か|出|寄せ|届|相次)"
)
SO_HEARD = re.compile(
    rf"^[」』。！？!?\s　]*(?P<who>[^。、「」]{{1,30}}?)から(?:は|も)?[、，]?[^。「」]{{0,16}}?{VOICES}(?:が|も)[^。「」]{{0,6}}?(?:上が|挙が|あが|聞か|出|寄せ|届|相次)"
)
SO_TOLD = re.compile(
    r"^[」』。！？!?\s　]*(?P<who>[^。、「」]{1,30}?)(?:に|から)(?:は|も)?(?:そう|こう)[、，]?(?:聞か|言わ|いわ|問わ|尋ね|たずね|訊か|叱ら|しから|励まさ|勧め|諭さ|返さ|頼ま)"
)
WORDS_OF = re.compile(
    r"(?P<who>[^、。「」\n]{1,30}?)の(?:助言|アドバイス|お?答え|返事|返答|回答|ひと言|一言|第一声|感想|言い分|主張|説明|見立て|提案|願い|本音|弁|返し|挨拶|あいさつ)(?:は|が|も)[、，]?[^。「」、]{0,12}$"
)
FIRST_WORDS = re.compile(r"開口一番[、，]?$")
AFTER_PAREN = re.compile(r"^[\s　]*[（(](?P<who>[^（()）「」]{2,40})[)）]")
AFTER_DASH = re.compile(r"^[\s　]*[—―─–-]{1,2}[\s　]*(?P<who>[^。「」—―]{2,40}?)[\s　]*(?:。|$)")
BEFORE = re.compile(
    r"(?P<who>[^、。「」！？!?\n]{1,60}?)(?:は|が|も|からは|からも|いわく|曰く|によると|によれば|によりますと)(?P<gap>[、，]?[^。「」！？!?\n]{0,60})$"
)
ACCORDING = re.compile(
    r"(?P<who>[^、。「」！？!?\n]{2,50}?)(?:によると|によれば|によりますと|いわく|曰く)[、，]?[^。「」]{0,40}$"
)
COLON = re.compile(r"(?:^|[。\s　■●◆・])(?P<who>[^。、「」：:\n]{2,40})[：:]\s*$")
SAYS_NEXT = re.compile(
    rf"(?P<who>[^、。「」！？!?\n]{{1,60}}?)(?:は|が|も|からは|に(?:話|お話|意見|感想|コメント|印象|思い|理由))[^。「」]{{0,60}}?(?:{SAY}|次の(?:よう|とおり|通り)|以下の(?:よう|とおり|通り)|こう|聞い|うかが|伺)[^。「」]{{0,30}}[。：:]?[\s　]*$"
)
PERSON_TAIL = re.compile(
    rf"(?P<title>{people.HONORIFIC}|{people.TITLE})(?:[（(][^（()）]{{1,30}}[)）])?(?=[はがもにのを、。とへ]|から)"
)
QUIET = re.compile(
    r"(?:では|には|とは|ては|からは|までは|または|あるいは|などは|ことは|ものは|これは|それは|ここは|これが|それが|のは)$"
)
WITH = re.compile(r"^[、，]?(?:など)?と(?!呼|い[うえわ]|書かれ|題|なる|なっ|は|の|[「『])")
PASSIVE = re.compile(
    r"^[^「」。]{0,30}?(?:(?:われ|かれ|され|られ|ばれ|がれ|まれ)(?:た|て|る|まし)|[てで](?:いただ|頂|もら|くれ|くださ|下さ))|^との?(?:こと|返事|返答|連絡|返信|メール|助言|回答)"
)
ASKED = re.compile(
    r"(?P<who>[^、。「」\n]{1,40}?)に(?:も)?(?:電話(?:で|を|し)?|直接|改めて|あらためて|取材で)?[、，]?(?:話を|意見を|感想を|理由を|わけを|訳を)?(?:聞|きい|きく|尋|たずね|訊|伺|うかが|問|相談|確かめ|確認|頼|お願い|質問|見せ|訴え)[^。「」]{0,40}$"
)
GIVER = re.compile(r"(?P<who>[^、。「」\n]{1,40}?)(?:から|に)(?:は|も)?(?:[、，]|[^、。「」はがを]{0,14})[、，]?$")
LISTED = re.compile(r"といった(?=[^。、])")
"""Not a verb of speech: A、Bといった使い道."""
COMMENT = re.compile(r"(?P<who>[^。、「」\n]{2,60}?)(?:から)?の(?:コメント|談話|メッセージ|話)[はで]?[：:、]?[\s　]*$")
LONGEST = 6
"""Paragraphs one quotation may run over."""
FARTHEST = 2500
"""Characters one quotation may have."""
BRACKETS = re.compile(r"[「」\n]")
SENTENCES_BACK = 3
"""Sentences before a quotation of its own in which the person who speaks may have been the subject."""
SHORTEST = 8
"""Characters from which a quotation without a verb of speech can be somebody's words."""
SHORTEST_SAID = 5
"""The same with a verb whose subject must be looked for."""


@dataclass(frozen=True, slots=True)
class _Text:
    """Adjacent paragraphs as one string; `starts` and `places` say where each began."""

    text: str
    starts: tuple[int, ...]
    places: tuple[Place, ...]

    def place(self, at: int) -> Place:
        return self.places[bisect_right(self.starts, at) - 1]


def find(blocks: Sequence[Block]) -> list[Quote]:
    """Every utterance with a speaker, in order. Headings part the search; labelled interviews are no quotations."""
    found: list[Quote] = []
    run: list[Block] = []
    named = ""
    groups = [(kind, [block for block in group if block]) for kind, group in groupby((*blocks, None), key=_kind)]
    for (kind, members), (following, after) in zip_longest(groups, groups[1:], fillvalue=("end", [])):
        if kind == "prose":
            run = members
            quotes, named = _in_run(run, named)
            found += quotes
        else:
            if kind.startswith("quote"):
                then = after[0].text if following == "prose" else ""
                found += _block_quote(members, run, then) or _in_run(members, named)[0]
            run = []
    return found


def _kind(block: Block | None) -> str:
    if block is None:
        return "end"
    if block.kind in ("paragraph", "list_item", "caption", "aside") and not block.speaker:
        return "prose"
    return f"quote {block.speaker} {block.info}" if block.kind == "quote" else "other"


def _block_quote(blocks: Sequence[Block], before: Sequence[Block], after: str) -> list[Quote]:
    """A set-off quotation: its own speaker, the one the paragraph before announces or asks, or the one who `after` it
    "said so".
    """
    who = re.split(r"[『「（(、，,。]", blocks[0].speaker)[0].strip() or blocks[0].speaker
    if not who and blocks[0].info != "indented":
        lead = _last_sentence(before[-1].text[-160:]) if before else ""
        announced, asked = SAYS_NEXT.search(lead), ASKED.search(lead.rstrip("。：: 　"))
        who = (announced and _subject(announced["who"])) or _so_said(after) or (asked and _subject(asked["who"])) or ""
    text = "".join(block.text for block in blocks).strip("「」")
    return [Quote(speaker=who, text=text, place=blocks[0].place)] if who else []


def _joined(blocks: Sequence[Block]) -> _Text:
    starts, parts, at = [], [], 0
    for block in blocks:
        starts.append(at)
        parts.append(block.text)
        at += len(block.text) + 1
    return _Text("\n".join(parts), tuple(starts), tuple(block.place for block in blocks))


def _in_run(blocks: Sequence[Block], named: str) -> tuple[list[Quote], str]:
    """The quotations of adjacent paragraphs; and who was named last, for a verb without a subject."""
    if not blocks:
        return [], named
    whole = _joined(blocks)
    found: list[Quote] = []
    previous_end = 0
    last = named
    spans = _spans(whole.text)
    for n, (start, end) in enumerate(spans):
        last = _last_named(whole.text[previous_end:start], last)
        who = _speaker(whole.text, start, end, previous_end, last)
        if not who and n + 1 < len(spans) and spans[n + 1][0] == end:
            who = _speaker(whole.text, *spans[n + 1], end, last)  # 「…」「…」: one voice, or one sentence for all
        if who:
            body = _body(whole.text[start + 1 : end - 1])
            found.append(Quote(speaker=who, text=body, place=whole.place(start)))
            last = who
        previous_end = end
    return found, _last_named(whole.text[previous_end:], last)


def _body(inner: str) -> str:
    """The words without paragraph breaks and the 「 that opens each paragraph of a long quotation."""
    return re.sub(r"\s*\n[\s　]*「?", "", inner).strip()


def _spans(text: str) -> list[tuple[int, int]]:
    """Outermost 「…」, also over paragraphs; a 「 never closed within reach is passed over."""
    spans = []
    at = 0
    while (start := text.find("「", at)) >= 0:
        end = _closing(text, start)
        if end is None:
            if text.find("」", start) < 0:
                break
            at = start + 1
            continue
        spans.append((start, end))
        at = end
    return spans


def _closing(text: str, start: int) -> int | None:
    """Where the quotation that opens at `start` ends; None when that is too far or nowhere."""
    depth = breaks = 0
    for match in BRACKETS.finditer(text, start, start + FARTHEST):
        at = match.start()
        if match[0] == "「":
            depth += 0 if at > start and text[at - 1] == "\n" else 1
        elif match[0] == "」":
            depth -= 1
            if depth == 0:
                return at + 1
        else:
            breaks += 1
            if breaks >= LONGEST:
                return None
    return None


def _speaker(text: str, start: int, end: int, previous_end: int, last: str) -> str:
    """Who says text[start:end]; empty when it is no speech or nobody can be named."""
    inner = text[start + 1 : end - 1]
    after = text[end : end + 160]
    if NOT_SAID.match(people.PARENS.sub("", after)):
        return ""
    before = _sentence_before(text, start, previous_end)
    said = bool(NOUN_AFTER.match(after) or (AFTER.match(after) and not NO_SPEECH.match(after)))
    alone = _stands_alone(after)
    if who := _before(before, said=said or bool(WITH.match(after) and len(inner) >= SHORTEST)):
        named = bool(ACCORDING.search(before) or COLON.search(before))
        if said or named or (WITH.match(after) and not NO_SPEECH.match(after)):
            return who
        return who if alone and len(inner) >= SHORTEST else ""
    if (answer := AFTER_ANSWER.match(people.PARENS.sub("", after))) and _may(answer["who"]):
        return people.name(_phrase(answer["who"]))
    for found in (WORDS_OF.search(before), AFTER_VOICE.match(people.PARENS.sub("", after))):
        if found and _may(found["who"]):
            return people.name(_phrase(found["who"]))
    if FIRST_WORDS.search(before) and (met := _last_named(before, "")):
        return met
    if not said and NO_SPEECH.match(after):
        return ""
    if said and PASSIVE.match(after) and (giver := GIVER.search(before)) and _may(giver["who"]):
        return people.name(_phrase(giver["who"]))
    if said and (asked := ASKED.search(before)) and _may(asked["who"]):
        return people.name(_phrase(asked["who"]))
    if alone and not before.strip(" 　\n—―─") and (who := _around(text, start, end, previous_end)):
        return who
    if who := _named_after(after, said=said):
        return who
    if who := _announced(text, start, before, previous_end):
        return who
    if said and _continues_speech(text, previous_end, start):
        return last
    return last if said and len(inner) >= SHORTEST_SAID else ""


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
    if sentence and (who := _person_in(sentence["words"], told=bool(re.search(SAY, sentence["words"])))):
        return who
    window = _masked(text[max(0, start - 240) : start]).rstrip(" 　\n")
    line = window.rsplit("\n", 1)[-1]
    if len(line) <= 40 and "。" not in line and people.is_named(line):
        return people.name(line)
    if end - start <= SHORTEST * 2 or (previous_end and "。" not in text[previous_end:start]):
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
        if who := _person_in(sentence):
            return who
        window = window[: window.rfind(sentence)].rstrip("。：: \n　") if sentence else ""
    return ""


def _person_in(sentence: str, *, told: bool = False) -> str:
    """The person with title or honorific who is a sentence's subject; any speaker when the sentence tells of speech."""
    for match in re.finditer(
        r"は|が|も|の(?=(?:表情|声|目|言葉|顔|口調|決意|笑顔)は)|(?:を|に)(?=(?:訪ね|たずね|取材|迎え|話を|会っ|お会い))",
        sentence,
    ):
        phrase = _phrase(sentence[: match.start()])
        if (
            phrase
            and (people.is_person(phrase) or (told and _may(phrase)))
            and not QUIET.search(sentence[: match.end()])
        ):
            return people.name(phrase)
    return ""


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
    markers = list(re.finditer(r"からは|からも|は|が|も", before))
    for test in (people.is_speaker, people.could_speak) if said else (people.is_speaker,):
        for match in reversed(markers):
            phrase = _phrase(before[: match.start()])
            quiet = QUIET.search(before[: match.end()]) and not match[0].startswith("から")
            if phrase and not quiet and test(phrase):
                return people.name(phrase)
        if found := ACCORDING.search(before):
            return people.name(_phrase(found["who"]))
    return ""


def _phrase(text: str) -> str:
    """The noun phrase at the end of `text`: after the last comma outside brackets."""
    bare = people.PARENS.sub(lambda found: "\0" * len(found[0]), text)
    cut = max(bare.rfind(sign) for sign in "、，。「」『』\n")
    words = text[cut + 1 :].strip(" 　")
    if cut >= 0 and bare[cut] in "」』":
        words = re.sub(r"^[をがはにでとの](?=[^ぁ-ん]|[ぁ-ん]+[一-鿿])", "", words)
    return words.strip(" 　")


def _subject(who: str) -> str:
    phrase = _phrase(who)
    return people.name(phrase) if people.is_speaker(phrase) else ""


def _so_said(after: str) -> str:
    """Who the words after a quotation say it was: 田中さんはそう話す."""
    for pattern in (SO_SAID, SO_HEARD, SO_TOLD):
        so = pattern.match(after)
        if so and people.is_speaker(_phrase(so["who"])):
            return people.name(_phrase(so["who"]))
    return ""


def _named_after(after: str, *, said: bool) -> str:
    flat = people.PARENS.sub("", after) if not AFTER_PAREN.match(after) else after
    for pattern in (AFTER_IS, AFTER_TOPIC, AFTER_NOUN, AFTER_BARE) if said or flat.startswith(("と", "、と")) else ():
        found = pattern.match(flat)
        if found and _fits(pattern, _phrase(found["who"])):
            return people.name(_phrase(found["who"]))
    for pattern in (AFTER_PAREN, AFTER_DASH):
        found = pattern.match(after)
        if found and people.is_speaker(found["who"]) and (pattern is AFTER_DASH or _in_person(found["who"])):
            return people.name(found["who"])
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
    if pattern is AFTER_TOPIC and re.match(SAY, who):
        return False
    return pattern is not AFTER_NOUN or len(people.name(who)) > 1


def _announced(text: str, start: int, before: str, previous_end: int) -> str:
    """The sentence before says who will speak: 佐藤さんはこう話す。「…」."""
    if before.strip(" 　\n"):
        return ""
    window = text[max(0, start - 200) : start].rstrip(" 　\n")
    if previous_end and start - previous_end < 2:
        return ""
    sentence = LISTED.sub("", _last_sentence(window))
    if (comment := COMMENT.search(sentence)) and _may(comment["who"]):
        return people.name(_phrase(comment["who"]))
    if not SAYS_NEXT.search(sentence):
        return ""
    markers = list(re.finditer(r"は|が|も|に(?=(?:お?話|意見|感想|聞|訊|尋|たずね|伺|うかが|コメント|印象))", sentence))
    for test in (people.is_speaker, people.could_speak):
        for match in markers:
            phrase = _phrase(sentence[: match.start()])
            if phrase and test(phrase) and not QUIET.search(sentence[: match.end()]):
                return people.name(phrase)
    return ""


def _last_named(text: str, last: str) -> str:
    """The person named last in `text`, else who it was before."""
    window = text[-400:]
    for match in reversed(list(PERSON_TAIL.finditer(window))):
        phrase = _phrase(window[max(0, match.start() - 30) : match.end("title")])
        if match["title"] != "ちゃん" and len(phrase) > len(match["title"]):
            return people.name(phrase)
    return last
