"""Set-off words presented by a sentence beside them: これは祖父が残した言葉だ below, 弟から短い文が届いた above.

Defaults that ask for no special verb: a sentence that speaks of words as somebody's (言葉, 手紙, 一文, 訴え …) names whose
they are as its subject, else as the giver (から), else as the owner (の).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from yomicast.patterns import expression
from yomicast.script import clauses, focus, people
from yomicast.script.sayings import BESIDE, SAY, SIGNED, SO_SAYS, WRITTEN_UP

WORDS = (
    r"(?:言葉|ことば|[一数]節|[一二三数]行|一文|文章|文面|文言|文句|文|教え|口癖|口ぐせ|お?手紙|葉書|はがき|日記|日誌|手記|手帳|ノート|メモ|"
    r"書き置き|走り書き|寄せ書き|書き込み|返事|返信|答え|回答|メール|LINE|投稿|投書|便り|メッセージ|着信|伝言|遺言|挨拶|あいさつ|スピーチ|"
    r"[一-鿿]{0,3}談|聞き書き|答弁|手書き|直筆|自筆|[一-鿿]り書き|弔辞|答辞|祝辞|送辞|証言|訴え|声|談話|回想|述懐|感想|コメント|(?:陳情|請願|嘆願|意見|要望|申し入れ|趣意|始末|報告)書|声明|"
    r"一言|ひと言|ひとこと|第一声|せりふ|台詞|戒め|叱責|小言|助言|励まし|願い|頁|ページ|字|筆跡)"
)
"""What somebody's words are called, written or said."""
THIS = r"(?:(?:これ|それ)[はが]|(?:上|右|前|冒頭|以上|引用|この|その)[^。、はが「」]{0,8}[はが])[、，]?"
PRESENTS = expression(
    rf"^(?:{THIS})?(?P<clause>[^。「」]*?){WORDS}(?:の(?:中の)?(?:一節|一部|全文|抜粋|冒頭|結び|最後|末尾|[一二三]行目?|一文|言葉))?"
    r"(?:から(?:の(?:引用|抜粋))?|より)?(?:だ|です|である|だった|でした|であった)(?:そうだ|そうです|という|といいます)?$"
)
"""これは弓削さんが退職の日に書いてくれた言葉です; 商工会が市に出した陳情書の一節です."""
OBTAINED = expression(
    rf"^{THIS}(?P<who>[^。「」]*?)(?:から|に)(?:直接|じかに|以前|昔)?(?:聞いた|うかがった|伺った|教わった|言われた|もらった|いただいた|届いた|寄せられた|聞かされた)"
    r"(?:もの|話|言葉|こと|の)?(?:だ|です|である|だった|でした)$"
)
"""上の言葉は、製材所を営む鳥海徹さんから聞いたものです."""
ANSWERING = expression(
    r"^(?P<who>[^、。「」はがも]{1,20}?)が(?:そう|こう|短く|小声で|小さく)?(?:答え|こたえ|返事をす|言い返|返す|言う|つぶや|名乗|告げ)[^、。「」はがも]{0,4}(?:と|たら)[、，]"
)
"""わたしが答えると、包丁の音が止まった."""
BY_NAME = expression(
    r"(?:差出人|送り主|書き手|書いた人|(?:記入|記録|投稿|執筆|発信|投書)者|声の主|手紙の主|語り手|詠み手)は[、，]?(?P<who>[^。「」]{1,40}?)(?:だ|です|である|だった|でした)?$"
)
"""差出人は、元同僚の水口さんである."""
STATED = expression(
    rf"^(?P<who>[^、。「」]{{1,40}}?)[はがも][、，]?[^。「」はが]{{0,30}}?そう[^。「」はが、]{{0,6}}?{SAY}"
)
"""写真家の根津明彦は、著書『夜の色』でそう述べている."""
CLOSES = expression(
    rf"^(?:[^、。「」]{{1,20}}、)?(?P<who>[^、。「」]{{1,30}}?)の(?:{WORDS}|陳述|演説|講演|口上)は[、，]?そう[^。「」はが]{{0,6}}?(?:結|締めくく|始ま|終わ|続)"
)
"""志村ハツさんの陳述は、そう結ばれている."""
WROTE = expression(
    rf"^(?:{THIS})?(?P<clause>[^。「」]*?が[^。「」]*?(?:書[いき]|記し|残し|遺し|刻ん|彫っ|詠ん|言っ|語っ|くれ|送っ|綴っ))(?:て(?:い|おい|くれ|あっ))?た(?:もの|こと)(?:だ|です|である|だった|でした)$"
)
"""茶の間の柱に、祖父が墨で書いたものだ."""
MADE = expression(
    rf"(?:{SAY}|残し|遺し|寄せ|送[っり]|くれ|手を挙げ|口を開|声を[かあ上]|届け|出し|綴っ)[^、。「」]{{0,10}}?の[はが][、，]?(?P<who>[^。「」]{{1,40}}?)(?:だ|です|でした|だった|である)?$"
)
"""書いたのは、亡くなる三日前の父である."""
SENT = expression(
    rf"(?P<who>[^、。「」]{{1,40}}?)(?:から(?:だ|です|だった|でした|である)?$|から(?:は|も|の)?[、，]?[^。「」]{{0,14}}?{WORDS})"
)
"""弟からだ; 妹から短い文が届いた."""
WRITES = expression(
    r"手紙|葉書|はがき|メール|便り|日記|日誌|手記|手帳|ノート|メモ|帳|書簡|返事|返信|LINE|メッセージ|着信|グループ|チャット|頁|ページ|欄|裏|余白|末尾|"
    r"字|紙|文|遺書|遺言|色紙|投書|投稿|一行|一言|ひと言|答え|言葉|答辞|弔辞"
)
"""What people write by hand and to each other."""
OWNED = expression(
    rf"(?P<who>[^、。「」]{{1,30}}?)の(?:{WORDS}|書|色紙|掛け軸|詩|句|歌|俳句|短歌|作文|短冊|朱|額)(?:[がをはもに]|の[^、。「」はが]{{1,6}}$)"
)
"""創業者の言葉が、いまも掲げられている."""
OF_APPOSED = expression(
    rf"(?P<who>[^。「」]{{1,40}}、[^、。「」のはがも]{{2,8}})の(?:{WORDS}|書|詩|句|歌|作文)(?:(?:だ|です|である|だった|でした)?$|[がをはもに])"
)
"""明治の川漁師、沢渡与平の聞き書きだ."""
PUT_UP = expression(
    rf"(?P<who>[^、。「」]{{1,30}}?)が[^、。「」がは]{{0,14}}?(?:掲げ|書い|残し|遺し|刻ん|彫っ|寄せ|送っ|出し|綴っ|くれ|立て|[貼張]っ|作っ|詠ん|考え)た[^、。「」]{{0,6}}?(?:看板|標語|[貼張]り紙|札|碑|文句|{WORDS})"
)
"""実行委員会が掲げた看板の文句."""
BODY_OF_RULES = expression(
    r"[史誌法]には|広報|条例|規[則約程定]|要[項綱領]|説明書|マニュアル|公式|ドキュメント|仕様|辞[書典]|事典|教科書|論文|新聞|記事|広報|聖書|[古民]謡|校歌|詩|実行する|表示|出力|エラー|設定|手順|コマンド|(?:番組|時刻|献立|日程)表|第[0-9０-９一二三四五六七八九十]+[条章項]|手引き|刷ら|印字|染め抜"
)
"""Writings that no person of the text is the author of."""
HEADED = expression(r"[\s　]*(?:件名|題名?|表題|日付|消印|宛名|末尾|送信時刻|時刻)は")
"""件名は「明日の件」。: of the mail that the sentence before tells of."""
LEADS = expression(rf"{WORDS}|{SAY}|こう|次の|こんな|から(?:だ|です|だった|でした)$")
"""What a sentence has that leads to words."""
EARLIER = 3
"""Sentences before the words in which whoever is meant may stand."""


def below(after: str) -> str:
    """Whose the words are by the sentence right below them."""
    found = re.match(r"[」』。！？!?\s　—―─–-]*(?P<sentence>[^。\n]*)", after)
    sentence = found["sentence"].strip(" 　") if found else ""
    author = BY_NAME.search(sentence) or BY_NAME.search(_second(after))
    phrase = clauses.noun_phrase(author["who"]) if author else ""
    if who := people.own_or_role(phrase) if people.is_human(phrase) else _human(phrase):
        return who
    if (upon := ANSWERING.match(sentence)) and (who := clauses.subject(upon["who"]) or clauses.human(upon["who"])):
        return who
    cleft = SO_SAYS.match(f"。{sentence}")
    if cleft and (who := _human(cleft["who"])):
        return who
    if (got := OBTAINED.match(sentence)) and (who := _human(got["who"])):
        return who
    stated = STATED.match(sentence) or CLOSES.match(sentence)
    if stated and (who := _human(stated["who"]) or _bare(stated["who"])):
        return who
    told = PRESENTS.match(sentence) or WROTE.match(sentence)
    return _owner(told["clause"]) if told else ""


def _bare(text: str) -> str:
    """The bare name that `text` ends with: 写真家の根津明彦."""
    phrase = clauses.noun_phrase(text)
    who = people.name(phrase) if people.could_speak(phrase) else ""
    return "" if who in people.STAND_INS else who


def _second(after: str) -> str:
    """The second sentence of the paragraph below words."""
    line = after.lstrip("」』。！？!?\n 　—―─–-").split("\n")[0]
    return line.split("。")[1] if line.count("。") else ""


def _owner(clause: str) -> str:
    """The subject of a clause about words, else who gave them, else whose they are."""
    for mark in ("が", "から", "による"):
        for found in re.finditer(mark, clause):
            if who := _human(clause[: found.start()]) or (_bare(clause[: found.start()]) if mark == "が" else ""):
                return who
    return _human(clause.removesuffix("の")) if clause.endswith("の") else ""


def _human(text: str) -> str:
    """The name of whoever `text` ends with, a person or a body of people; nobody in particular and 私 are none."""
    phrase = clauses.noun_phrase(text)
    if not phrase or phrase in people.ANYBODY or re.search(r"(?:の|^)(?:人|人々|方)$", phrase):
        return ""
    who = people.name(phrase) if people.is_speaker(phrase) else clauses.human(phrase)
    return "" if who in people.STAND_INS or who in people.ANYBODY else who


def above(sentences: Sequence[str]) -> str:
    """Whose the words are by the sentences that lead to them, the last of which must speak of words."""
    sentences = sentences[:-1] if sentences and HEADED.match(sentences[-1]) else sentences
    lead = sentences[-1].rstrip("：: 　") if sentences else ""
    if BESIDE.search(lead) or not (LEADS.search(lead) or WRITES.search(lead)):
        return ""
    for n, part in enumerate(reversed(sentences[-EARLIER:])):
        if who := _whose(part.rstrip("：: 　")):
            return who
        nobody = WRITTEN_UP.search(part) or SIGNED.search(part) or BODY_OF_RULES.search(part)
        if nobody or (n == 0 and not WRITES.search(part)):
            return ""
    return ""


def _made_by(sentence: str) -> str:
    """Who wrote, sent or put up what the sentence tells of."""
    for pattern in (MADE, SENT, PUT_UP, OWNED):
        found = pattern.search(sentence)
        if found and (who := _human(found["who"]) or clauses.apposed(found["who"])):
            return who
    return of_apposed(sentence)


def of_apposed(sentence: str) -> str:
    """Whose words a sentence says they are, by a name behind a role."""
    found = OF_APPOSED.search(sentence)
    return clauses.apposed(found["who"]) if found else ""


def is_nobodys(lead: str) -> bool:
    """Whether the sentence that leads to words speaks of a sign, rules or a screen, and of nobody."""
    stands = WRITTEN_UP.search(lead) or SIGNED.search(lead) or BODY_OF_RULES.search(lead)
    return stands is not None and not (HEADED.match(lead) or focus.named_in(lead) or _made_by(lead))


def _whose(sentence: str) -> str:
    """Who made or sent what the sentence tells of; else the one person in it."""
    if who := _made_by(sentence):
        return who
    if SIGNED.search(sentence) or WRITTEN_UP.search(sentence) or BODY_OF_RULES.search(sentence):
        return ""
    if topic := clauses.topic(sentence):
        return topic
    named = [who for who in focus.named_in(sentence) if who not in people.STAND_INS]
    return named[0] if len(named) == 1 else clauses.person_in(sentence, role=True)


STEPS = expression(r"(?P<who>[^、。「」はがも]{1,24})[はが](?![^。]{0,6}(?:いな|なか))")
SAID_ABOVE = expression("(?:と|って)[^。\\n]{1,40}。$")
"""All between two quotations where the first has its own speaker: と青年は頭を下げた。"""
REACTS = expression(
    r"黙|答えな|返事をし|返事はな|何も言わ|うなず|頷|首を|かぶりを|目を丸|目を見[開張]|驚|顔を(?:上|見合|赤)|見返|聞き返|息を[のつ]|聞いていた|受け取|従[いっ]|思[いうっ]|考え"
)
"""What somebody does to whom the words are said."""


def steps_forward(below: str, above: str) -> str:
    """Whom the line below words of their own begins with and shows at something: 港務員の庄司は、帽子をつまんだ.

    Not whoever only takes the words in, and not where the line above is about somebody already.
    """
    below = re.split("[。\n]", below)[0]
    found = STEPS.match(below)
    if not found or REACTS.search(below):
        return ""
    above = re.sub("[^、。「」]{1,12}(?:たち|全員|一同|みんな)[はがも]", "", above)
    about = (clauses.noun_phrase(above[: mark.start()]) for mark in re.finditer("[はも]", above))
    parts = [part for part in above.split("。") if part.strip()]
    told = any(clauses.person_in(part) or clauses.topic(part) for part in parts[-EARLIER:])
    near = parts and "のは" not in parts[-1] and clauses.person_in(parts[-1], role=True) not in ("", *people.STAND_INS)
    if told or near or any(clauses.human(phrase) for phrase in about):
        return ""
    phrase = clauses.noun_phrase(found["who"])
    return clauses.called(phrase)


def comes_into_sight(below: str) -> str:
    """Who the second sentence below words shows where the first tells of nobody: 見上げると、帽子の男が手を振っている.

    Args:
        below: the paragraph below the words.
    """
    first, _, rest = below.partition("。")
    second = rest.split("。")[0]
    if not second or "「" in first + second or focus.named_in(first) or REACTS.search(second):
        return ""
    cleft = re.search(
        r"(?:の[はが][、，]?|^(?=[^はが]*$))(?P<who>[^。「」]{1,40}?)(?:だ|です|だった|でした|である)$", second
    )
    phrase = clauses.noun_phrase(cleft["who"]) if cleft else ""
    for found in re.finditer("[はが]", second if not cleft else ""):
        phrase = phrase or clauses.noun_phrase(second[: found.start()])
    return clauses.called(phrase)


def came_forward(sentence: str) -> str:
    """Who spoke first, by a sentence turned round: 最初に手を挙げたのは、経理の三上だった."""
    found = MADE.search(sentence.rstrip("。 　"))
    phrase = clauses.noun_phrase(found["who"]) if found else ""
    bare = phrase and not people.is_speaker(phrase) and people.could_speak(phrase)
    return people.name(phrase) if bare else ""
