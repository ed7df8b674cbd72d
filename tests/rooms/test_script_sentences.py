"""Where sentences end: pairs named after the illness, in our own words."""

import json
from pathlib import Path

import pytest

from yomicast.script.sentences import split

CASES = {
    "name-with-stop": ["バンド夜空。の新曲を聞いた。", "よかった。"],
    "title-with-stop": ["小説『星を待つ。』を読んだ。", "泣いた。"],
    "name-with-call": ["Wao!マガジンに載った。", "うれしい！"],
    "name-in-a-program": ["途中でsave!させると、前の版が消える。", "注意する。"],
    "slogan": ["さあ!山へ、行こう。", "春だ。"],
    "decimal": ["成長率は2.75%でした。", "v4.0.1で直ります。"],
    "latin-abbreviation": ["Mr. Tanakaに会った。", "E.U.の話だ。"],
    "short-speech": ["母は「そう。ならいい。」と言った。", "静かだった。"],
    "speech-that-stands-alone": ["「ねえ！？聞いてる。」", "妹は笑った。"],
    "two-speeches-one-verb": ["「はい。」「ええ。」と二人は答えた。", "次。"],
    "long-speech-is-cut": [
        "館長は、「本を置くだけの場所にはしたくありません。",
        "声の聞こえる場所にしたいのです」と話す。",
        "春が来た。",
    ],
    "speech-that-is-a-paragraph": ["「いいよ。", "行こう。」"],
    "laugh": ["失敗でした(笑)。", "次です。"],
    "laugh-without-stop": ["また負けました(笑)", "次こそ勝ちます。"],
    "emoji": ["おいしいですね🍙", "また来ます。"],
    "emoji-inside": ["私は🍙を食べた。", "満腹だ。"],
    "question-quoted": ["どこへ行くのか？と聞かれた。", "困った。"],
    "call-then-sentence": ["すばらしい！", "とはいえ疲れた。"],
    "many-calls": ["いけーーー！！！", "よし！？", "次。"],
    "half-width-stop": ["朝が来た｡", "夜が来た｡"],
    "note-in-brackets": ["（注：見本です。念のため。）を読む。", "以上。"],
    "bracket-after-stop": ["完成です！", "（構想は三年）"],
    "wide-point": ["これは文である．", "これも文である．"],
    "dots": ["本当だろうか……。", "はて。"],
    "line-end": ["見出しのない\n短い行。", "次の行。"],
    "english": ["This is a lamp.", "It is on."],
    "bracket-left-open": ["「開いたまま。", "次の文。"],
}


@pytest.mark.parametrize("name", CASES)
def test_sentences(name):
    text = "".join(CASES[name]) if name != "english" else " ".join(CASES[name])
    assert [text[a:b] for a, b in split(text)] == CASES[name]


def _shared():
    root = Path(__file__).resolve().parents[2]
    found = [p for p in (root.parent / "shared", root.parent.parent / "shared") if p.is_dir()]
    return found[0] if found else None


@pytest.mark.shared
def test_the_adversarial_set_is_right():
    if _shared() is None:
        pytest.skip("no ../shared here")
    for case in json.loads((_shared() / "gold/sentence_adversarial.json").read_text(encoding="utf-8")):
        text = "".join(case)
        assert [text[a:b] for a, b in split(text)] == case


@pytest.mark.parametrize(
    "text", ["「" * 20_000, "あ。「い」" * 5_000, "😊" * 20_000, "「" * 5_000 + "」" * 5_000, "！" * 20_000]
)
def test_long_nonsense_takes_no_time(text):
    assert split(text)
