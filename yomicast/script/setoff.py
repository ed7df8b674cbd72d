"""Set-off quotations (block quotes): who says them, by their own source, the sentence before or the one after."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from yomicast.model import Block, Place, Quote
from yomicast.patterns import expression
from yomicast.script import clauses, people, presented
from yomicast.script.sayings import (
    ACCORDING,
    ASKED,
    CLEFT,
    DOCUMENT,
    GIVER,
    LETTER,
    LETTER_CAME,
    PASSIVE,
    REPLIED,
    SAY,
    SPOKEN_END,
    THUS,
    WORK_BY,
    WORKS,
)

FOUND = "found"
"""`info` of a set-off quotation whose speaker the text around it names."""
FARTHEST = 100_000
"""Characters of an article in which a speaker's full name is looked for."""
LONGEST_SOURCE = 60
"""Characters of a line that is only a source."""
LONGEST_SIGNATURE = 30
"""Characters of a line that is only who signs."""
SOURCE = expression(
    r"^(?:[（(][^（()）]*(?:\([^()]*\)[^（()）]*)?[)）]|(?:[—―─–]{1,2}|--)[\s　]*\S[^。]*|(?:出典|引用元?|典拠)\s*[:：].*|[『「][^』」]+[』」](?:[（(][^（()）]*[)）]|[^。はがをにもで]*)|[^。、「」]{2,40}(?:より|から(?:抜粋|引用))(?:[（(][^（()）]*[)）])?)$"
)
WORK = expression(
    r"(?:[日雑]誌|[日手筆伝]記|[一-鿿]覚|[一-鿿]{2}[帳録集抄]|[年会月公広]報|[町村市県区郡校社党国年正]史|[前序条本碑]文|[書新]簡|条例|規[程則約]|手引き?|[便だ]より|ノート|メモ|ブログ|(?:の|年)[^の]{1,6}(?:から|より))$"
)
"""What a quotation is from, rather than who says it."""
OWNED = expression(
    r"^(?P<who>.{1,20}?)(?:の|が残した|からの)(?:手紙|葉書|はがき|メール|便り|日記|日誌|手記|手帳|ノート|メモ|帳面|書簡|遺稿|回想|証言|談話|返事|返信|話|言葉|語り|小言|口癖|口ぐせ|教え|訓示|訓話|挨拶|あいさつ|(?:(?:退任|退官|就任|着任|離任|開会|閉会|開所|閉所|卒業|入学|結婚|年頭|新年|引退|受賞|惜別|送別|感謝|退職)の)?(?:辞|挨拶|あいさつ|スピーチ|講演|演説)|弔辞|祝辞|答辞|送辞|講演|講話|遺言|一言|発言|弁)(?:から|より)?$"
)
"""大工の父の手紙: whose words they are."""
BY_NAME = expression(
    r"(?:語り手|話し手|書き手|(?:記入|記録|投稿|執筆|発信|投書)者|作者|詠み手|話し?てくれたの|教えてくれたの|差出人|送り主|発言者|声の主|手紙の主|主)は[、，]?(?P<who>[^、。「」]{1,30}?)(?:だ|です|である|だった|でした)?$"
)
"""語り手は、塩売りの与平。"""
WRITING = (
    r"(?:手紙|葉書|はがき|メール|便り|日記|日誌|手記|手帳|ノート|メモ|帳面|帳簿|書簡|手引き|覚え?書き?|控え|野帳|日報)"
)
UNFINISHED = expression(r"[、，はが]$|(?:[一-鿿]|[っんいきしちにりぎびみえけせてねべめれげ])[てで]$")
"""Where a sentence that a quotation cuts in two is left open: のぞき込んで."""
PART = expression(
    r"^(?:(?:例えば|たとえば)[、，]?[^。「」はが]{0,16}?の|(?:例えば|たとえば)[、，]?)?(?:その|この)?(?:最後|最初|冒頭|表紙|裏表紙|余白|欄外|末尾|結び|見返し|巻末|扉|中|[0-9０-９一二三四五六七八九十]+)?(?:の|に)?"
    r"(?:ページ|頁|行|欄|段|章|余白|表紙|日|文)?(?:に)?は?[、，]?(?:こう|次のように|このように|こんな[^。「」はが]{1,12})[^。「」はが]{0,8}(?:あ[るっり]|書|記|つづ|綴|残)[^。「」]{0,8}$"
    r"|^(?:その)?(?:一部|一節|全文|抜粋|冒頭)(?:を|が)[^。「」はが]{0,12}$"
)
"""最後のページには、こうあった; 一部をご紹介します: of the writing that the sentence before tells of."""
PASSIVELY = expression(r"(?:[かさたなまらわ]れて|あ[るりっ])[^。]{0,6}$")
"""…と書かれている: by nobody whom the sentence names."""
EARLIER = 3
"""Sentences before in which whoever wrote it may have been the subject."""
KEPT = expression(r"(?:書き|記し|綴っ|つづっ|書い|残し|つけ|記録し|書きつけ|書き留め)(?:て|た|続け)")
SAYS_LAST = expression(
    r"(?:言う|言った|語る|語った|話す|つぶや[くい]た?|述べ[るた]|叫[ぶん]だ?|答え[るた]|ささや[くい]た?|告げ[るた])$"
)
"""駅長役の笠井はただ一言つぶやく."""
SPEAKS = expression(rf"(?:{SAY}|こう|次のよう|次の(?:とおり|通り|言葉))[^。]{{0,6}}$")
COMMENTED = expression(r"^(?P<who>.{2,60})の(?:話|談話|談|コメント)$")


def spoken_by(blocks: Sequence[Block], found: Sequence[Quote]) -> list[Block]:
    """The blocks with the speakers of quotations that the text around names: set-off ones, and whole paragraphs.

    The speaker is called as the text calls them in full: 民生委員の熊坂さん.
    """
    said: dict[Place, list[Quote]] = {}
    for quote in found:
        said.setdefault(quote.place, []).append(quote)
    everything = "\n".join(block.text for block in blocks)[:FARTHEST]
    out: list[Block] = []
    for n, block in enumerate(blocks):
        before = out[-1] if out else None
        goes_on = block.kind == "quote" and before is not None and before.kind == "quote" and is_found(before)
        if block.kind == "quote" or (block.kind == "paragraph" and not block.speaker):
            speaker = before.speaker if before is not None and goes_on else _whole(block, said.get(block.place, ()))
            speaker = speaker or _headed(block, before)
            near = "\n".join(other.text for other in blocks[max(0, n - 2) : n + 2] if other is not block)
            own = _named_by_source(block.speaker, speaker, blocks[n - 1].text if n else "")
            if speaker and not own and not (block.kind == "quote" and _is_source(block.text)):
                called = speaker if goes_on else people.in_full(speaker, near, everything)
                block = replace(block, speaker=called, info=f"{FOUND} {block.speaker}".strip())  # noqa: PLW2901
        out.append(block)
    return out


def _named_by_source(source: str, speaker: str, before: str) -> bool:
    """Whether `source` names the speaker already, and better than the sentence before does."""
    own = _person_of(source)
    called = people.is_full_name(own) and own.startswith(speaker) and speaker not in clauses.last_sentence(before)
    return bool(own) and (own == speaker or called)


def _headed(block: Block, before: Block | None) -> str:
    """Whose words stand under a heading that says so: 佐伯真帆教授の話."""
    headed = (
        before is not None and before.kind == "heading" and block.kind == "paragraph" and COMMENTED.match(before.text)
    )
    return people.name(headed["who"]) if headed and people.is_person(headed["who"]) else ""


def is_found(block: Block) -> bool:
    """Whether the text around names the block's speaker, so that nobody need be announced."""
    return block.info.split(" ")[0] == FOUND


def source_of(block: Block) -> str:
    """What a set-off quotation names as its source, apart from who says it."""
    return block.info[len(FOUND) :].strip() if is_found(block) else block.speaker


def _whole(block: Block, quotes: Sequence[Quote]) -> str:
    """The speaker when the block is nothing but one of these quotations."""
    words = block.text.strip().removesuffix("。")
    for quote in quotes:
        set_off = block.kind == "quote" and quote.text.startswith(block.text.strip("「」"))
        if set_off or (block.kind == "paragraph" and words == f"「{quote.text}」"):
            return quote.speaker
    return ""


DATE = expression(
    r"(?:^|[\s　、，]+)(?:西暦|明治|大正|昭和|平成|令和)?[\d０-９〇一二三四五六七八九十元]{1,4}年(?:[\s　の]*[^\s　。、の]{0,8}?(?:月|日|[春夏秋冬頃末]|ごろ))?[\s　]*$"
)
"""一九九四年, 昭和三十年の夏: when it was said, and no more."""


DATED = expression(
    r"^[\s　—―─–-]*(?:西暦|明治|大正|昭和|平成|令和)?[\d０-９〇一二三四五六七八九十元]{1,4}年(?:[^、，。]{0,8})[、，][\s　]*(?=\S)"
)
"""一九九四年、師匠の小言より: a date before whose words they are."""


def _is_source(text: str) -> bool:
    """A last line that says where a quotation is from: （議事録より）, 『広報』昭和五十四年九月号, ── 父."""
    return len(text) <= LONGEST_SOURCE and bool(SOURCE.match(text.strip()) or _signs(text.strip()))


def _signs(line: str) -> bool:
    """Whether a line is nothing but who signs: 隣町・鵜沼ハル, 第七十二回卒業生一同, 店主の真砂さん."""
    if len(line) > LONGEST_SIGNATURE or re.search(r"[。、，！？!?「」]", line):
        return False
    own = re.sub(r"^[^・]*・", "", line)
    dotted = own != line and people.is_own_name(own)
    return dotted or people.is_named(line) or bool(re.search(r"(?:一同|有志)$", line))


def _person_of(source: str) -> str:
    """Whom a source names: 大瀬戸きぬ『ひとりの台所』. Empty for minutes, diaries, preambles."""
    who = re.split(r"[『「（(、，,。]", source)[0].strip(" 　—―─–-")
    who = re.sub(r"(?:から|より|の?談|の(?:弁|話|言葉))$", "", who)
    posted = re.match(r"^[^・]*[一-鿿ぁ-ん]・(?P<own>[^・]+)$", who)
    if posted and (people.is_own_name(posted["own"]) or re.match("(?:初|先|[二三四五六七八九十])代?", who)):
        return posted["own"]
    owned = OWNED.match(who)
    if owned and people.is_speaker(owned["who"]):
        return people.name(owned["who"])
    if WORK.search(who) or not (people.is_full_name(who) or people.is_speaker(who)):
        return ""
    name = people.name(who)
    own = people.is_full_name(name) and not re.fullmatch(r"[一-鿿]{6,}", name)
    return name if own or re.search(rf"{people.HONORIFIC}$", who) else who


TITLED = expression(r"^[\s　—―─–-]*(?P<who>[^\s　。、「」『』（）()のから]{2,10})[\s　]*[「『][^「」『』]{2,}[」』]")
"""ルシア「土鍋の湯気」（会報第3号より）: whose piece it is."""
NAMED_AND_CITED = expression(
    r"^(?P<who>[^\s　。、「」『』（）()]{3,8})[\s　]+(?=\S*(?:[報誌史集録]|新聞|通信|だより|[^\s]の手紙))\S"
)
"""菅生谷正彦　民具館報　第12号: an author before a periodical."""


def _author(source: str) -> str:
    """Who wrote a titled piece or an article in a periodical, where a source names both."""
    if titled := TITLED.match(source):
        who = titled["who"]
        return who if people.could_speak(who) and not (WORK.search(who) or people.is_speaker(who)) else ""
    cited = NAMED_AND_CITED.match(source)
    return cited["who"] if cited and people.is_own_name(cited["who"]) and not WORK.search(cited["who"]) else ""


def block_quote(
    blocks: Sequence[Block], before: Sequence[Block], after: str, earlier: Sequence[Block] = (), named: str = ""
) -> list[Quote]:
    """A set-off quotation: who the paragraph before announces or asks, its own source, or who `after` it "said so".

    `earlier`: all prose of the article so far, which may tell whose notebook it is. `named`: who was named last in it,
    who speaks where the words are spoken ones and nothing else tells.
    """
    words = list(blocks)
    source = DATED.sub("", DATE.sub("", blocks[0].speaker))
    if len(words) > 1 and _is_source(words[-1].text):
        source = source or words.pop().text
    own = _author(source) or _person_of(source)
    if own in ("本人", "同人"):
        own = clauses.last_named("\n".join(block.text for block in before), "")
    told = _told(before, after, cited=bool(source) and not own) if blocks[0].info != "indented" else ""
    marked = people.is_person(re.split(r"[（(]", source)[0].strip()) and not re.search(r"[\s　]", own)
    sure = marked or people.is_full_name(own) or (people.is_person(own) and not re.fullmatch(people.TITLE, own))
    who = own if own and not (told and (told in own or not sure)) else told
    text = "".join(block.text for block in words)
    if (cited := CITED_BELOW.search(text)) and not source and people.is_full_name(cited["who"]):
        who, text = people.name(cited["who"]), text[: cited.start()]
    if (signed := SIGNED_BELOW.search(text)) and not source and (signer := _signer(signed)):
        who, text = signer, text[: signed.start()]
    text = text.strip("「」")
    hand = before and re.search("(?:本人|同人)の", clauses.last_sentence(before[-1].text))
    if not (who or (source and not hand) or blocks[0].info == "indented"):
        who = _body(before, earlier) or _carried(
            [block.text for block in before], [block.text for block in earlier], text, named
        )
    return [Quote(speaker=who, text=text, place=blocks[0].place)] if who else []


CITED_BELOW = expression(
    r"(?<=[。！？!?])[\s　]*(?:[—―─–]{1,2}[\s　]*)?(?P<who>[^。、「」『』（）()]{2,16})[\s　]*(?:『[^『』]+』|「[^「」]+」)[\s　]*(?:[（(][^（()）]*[)）])?$"
)
"""……待つものである。沢渡モト『小商いの帳面』（1958年）: who wrote it and where, on the same line."""
SIGNED_BELOW = expression(
    r"[\s　]*(?:[（(](?P<of>[^（()）。、]{2,24})[)）]|(?:[—―─–]{1,2}|--)[\s　]*(?P<by>[^。「」—―─、]{2,24}))$"
)
"""夜八時まで開いているのがありがたい（50代・会社員）: who said it, in the same line."""
AGED = expression(
    r"^(?:[一-鿿]{1,8}[\s　・、])?[0-9０-９一二三四五六七八九十]{1,3}(?:代|歳)(?:[\s　・、]?[一-鿿ァ-ヺー]{1,10})?$"
)


def _signer(signed: re.Match[str]) -> str:
    """Who stands behind the words in brackets or behind a dash: a person, or an age and a trade."""
    who = (signed["of"] or signed["by"]).strip(" 　")
    dotted = re.match(r"^[^・]*[一-鿿ぁ-ん]・(?P<own>[^・]+)$", who)
    if signed["by"] and dotted and people.BARE_NAME.match(dotted["own"]):
        return dotted["own"]
    return who if AGED.match(who) or re.search(r"[0-9０-９]{1,2}代[男女]性", who) else _person_of(who)


def _told(before: Sequence[Block], after: str, *, cited: bool) -> str:
    """Who says it by the text around. `cited`: a book or paper stands below it; then the text must say so outright."""
    context = before[-1].text[-300:] if before else ""
    lead = clauses.last_sentence(context[-160:])
    bare = lead.rstrip("。：: 　")
    line = context.rsplit("\n", 1)[-1]
    asked = ASKED.search(bare)
    clues = (
        clauses.words_of_another(bare),
        presented.of_apposed(bare),
        not THUS.search(lead) and presented.below(after),
        _unfinished(lead, after),
        not cited and PASSIVELY.search(bare) and not clauses.last_named(bare, "") and _document(line),
        (THUS.search(lead) or not cited)
        and clauses.announcer(lead, bare=bool(THUS.search(lead) or SAYS_LAST.search(bare))),
        (THUS.search(lead) or not cited) and _writer(bare),
        clauses.heard_before(bare, context[: len(context) - len(lead)]),
        not cited and _of_part(bare, context[: len(context) - len(lead)]),
        clauses.so_said(after),
        presented.below(after),
        not cited and asked and clauses.subject(asked["who"]),
    )
    who = next((clue for clue in clues if isinstance(clue, str) and clue), "")
    if not who and REPLIED.search(lead):
        who = clauses.who_was_asked(clauses.last_sentence(context[: len(context) - len(lead)].rstrip()))
    if not who and (cleft := CLEFT.search(bare)) and people.is_person(cleft["who"]):
        who = people.name(cleft["who"])
    if not who and not cited:
        who = _document(line)
    if not who and LETTER_CAME.match(lead):
        who = clauses.last_named("\n".join(block.text for block in before), "")
    return clauses.resolved(who, "", context)


BODY = expression(
    r"^(?:[^、。「」〓はがも]{1,20}[、，])?(?P<who>[^、。「」〓はがも]{1,20})は[、，]?(?=[^。]*(?:こう|次の|以下の|このよう))(?![^。]*れ(?:る|た|て)[^。はがを]{0,8}$)"
    r"[^。]*(?:書[いく]|記[しす]|述べ|出[しす]|掲げ|説[いくき明]|載せ|定め|呼び?[掛か]け|発表|公表|示[しす]|結ん|つづ|綴|うた|答え|求め|伝え|訴え)[^。]{0,10}[。：:]?$"
)
"""会議は、報告書で次のように書いています。: a body that writes has no other verb than a person."""


def _body(before: Sequence[Block], earlier: Sequence[Block]) -> str:
    """The body of people that the sentence before says wrote it; 園 by the name that the text gave it."""
    line = clauses.masked(before[-1].text) if before else ""
    found = BODY.match(line.rstrip("。：: 　").rsplit("。", 1)[-1])
    who = people.name(clauses.noun_phrase(found["who"])) if found else ""
    if not (people.ORGANISATION.search(who) or who.endswith("会議")):
        return ""
    told = "\n".join(block.text for block in earlier)[-FARTHEST:]
    return clauses.body_called(who, told) if len(who) == 1 else who


def _carried(before: Sequence[str], earlier: Sequence[str], text: str, named: str) -> str:
    """Who is told of before the sentence that leads to the words, when that names nobody itself."""
    sentences = [
        part for line in before[-2:] for part in re.split("[。\n]", clauses.masked(line)) if part.strip(" 　：:")
    ]
    lead = sentences[-1].rstrip("：: 　") if sentences else ""
    if presented.is_nobodys(lead):
        return ""
    near = sentences[-EARLIER - 1 :]
    for part in reversed(near):
        found = BY_NAME.search(part)
        if found and (people.is_human(found["who"]) or people.could_speak(found["who"])):
            return clauses.human(found["who"]) or people.name(found["who"])
    if PART.match(lead) or re.search(rf"^[^はが]{{0,12}}{WRITING}", lead):
        return (
            _owner_of(re.search(WRITING, lead), "\n".join(earlier)[-FARTHEST:])
            or _keeper(near)
            or presented.above(near)
        )
    spoken = SPOKEN_END.search(text)
    if spoken or SPEAKS.search(lead):
        told = (clauses.person_in(part, role=True) for part in reversed(near))
        return next(filter(None, told), "") or presented.above(near) or (named if spoken else "")
    return presented.above(near)


def _owner_of(writing: re.Match[str] | None, before: str) -> str:
    """Whose notebook it is, by where the text speaks of it as somebody's: 祖父のノート."""
    kind = writing[0] if writing else WRITING
    owners = re.finditer(
        rf"(?P<who>[^、。「」\n]{{1,24}}?)(?:の|が(?:残し|書い|つけ|綴っ)[^、。「」]{{0,8}}?た)(?:[^、。「」はがを]{{0,6}}の)?{kind}",
        before,
    )
    names = [clauses.human(clauses.noun_phrase(found["who"])) for found in owners]
    return next(filter(None, reversed(names)), "")


def _keeper(sentences: Sequence[str]) -> str:
    """Who is told to have written something down."""
    told = (clauses.person_in(part, role=True) for part in reversed(sentences) if KEPT.search(part))
    return next(filter(None, told), "")


def _unfinished(lead: str, after: str) -> str:
    """Who a sentence that the quotation cuts in two is about: 熊坂さんは帳面を読み、 … と笑った."""
    if not UNFINISHED.search(lead.rstrip()) or not re.match(r"[\s　]*(?:と|って)", after):
        return ""
    given = GIVER.search(lead) if PASSIVE.match(after) else None
    return clauses.subject(given["who"]) if given else clauses.person_in(lead, told=True)


def _document(line: str) -> str:
    """The book or paper that a sentence names as where the words stand: 『村誌』に次のように記されていた."""
    found = DOCUMENT.search(line)
    return (found["book"] or found["paper"] or "") if found else ""


def _of_part(sentence: str, before: str) -> str:
    """Whose writing it is when `sentence` speaks only of a part of it, by the sentence before."""
    if not PART.match(sentence):
        return ""
    kept = KEPT.search(before)
    for _ in range(EARLIER):
        earlier = clauses.last_sentence(before.rstrip()).rstrip("。：: 　")
        who = _writer(earlier) or clauses.announcer(earlier, bare=False)
        topic = re.match(r"(?:[^。、]{0,12}[、，])?(?P<who>[^。、はがも]{1,20})は", earlier)
        if not who and topic and clauses.may_speak(topic["who"]) and kept:
            who = people.name(topic["who"])
        if who or not earlier:
            return who
        before = before[: before.rfind(earlier)]
    return ""


def _writer(sentence: str) -> str:
    """Whose letter, diary or book is quoted: 祖母の日記の一節を写しておく."""
    for pattern in (WORK_BY, LETTER, ACCORDING):
        found = pattern.search(sentence)
        phrase = clauses.noun_phrase(WORKS.sub("", found["who"])) if found else ""
        if people.is_speaker(phrase) or (pattern is WORK_BY and people.could_speak(phrase)):
            return people.name(phrase)
    return ""
