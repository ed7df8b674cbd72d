"""Each step of the chain: pairs of what is written and what is said, named after the step."""

import pytest

from yomicast import reading
from yomicast.reading import chain
from yomicast.reading.draft import Draft, Edit, Forced
from yomicast.reading.sounds import folded

PAIRS = {
    "compatibility": [
        ("㈱山田", "カブシキガイシャヤマダ"),
        ("㍿山田", "カブシキガイシャヤマダ"),
        ("①を選ぶ", "マルイチヲエラブ"),
        ("ﾊﾟﾝﾀﾞ", "パンダ"),
        ("髙橋さん", "タカハシサン"),
        ("𠮷田さん", "ヨシダサン"),
        ("葛󠄀城市", "カツラギシ"),
    ],
    "addresses": [
        ("https://example.com/news へ", "エグザンプルドットコムスラッシュニュースエ"),
        ("info@example.jp", "インフォアットマークエグザンプルドットジェーピー"),
        ("www.example.org", "ダブリューダブリューダブリュードットエグザンプルドットオーグ"),
    ],
    "pictures": [("楽しい😀明日", "タノシイアス|タノシイアシタ"), ("楽しい(^_^)", "タノシイ")],
    "dates": [
        ("2025/12/31", "ニセンニジューゴネンジューニガツサンジューイチニチ"),
        ("12/31(水)", "ジューニガツサンジューイチニチスイヨービ"),
        ("R7.4.1", "レーワナナネンシガツツイタチ"),
        ("2024/2/30", "ニセンニジューヨネンニガツサンジューニチ"),
    ],
    "weekdays": [("休みは月・水・金です", "ヤスミワゲツスイキンデス"), ("月〜金の営業", "ゲツカラキンノエーギョー")],
    "times": [
        ("9:05", "クジゴフン"),
        ("12:30:45", "ジューニジサンジュップンヨンジューゴビョー"),
        ("16:9", "ジューロクタイキュー"),
    ],
    "codes": [
        ("03-1234-5678", "ゼロサンノイチニーサンヨンノゴーロクナナハチ"),
        ("〒100-0001", "ユービンバンゴーイチゼロゼロノゼロゼロゼロイチ"),
        ("10.0.0.1", "イチゼロテンゼロテンゼロテンイチ"),
        ("007", "ゼロゼロナナ"),
    ],
    "versions": [("v2.0", "バージョンニテンゼロ"), ("1.2.3", "イッテンニテンサン")],
    "money": [
        ("$1.5B", "ジューゴオクドル"),
        ("¥3,000", "サンゼンエン"),
        ("€20", "ニジューユーロ"),
        ("$2.5", "ニテンゴドル"),
        ("US$10M", "センマンベードル"),
    ],
    "commas": [("1,234人", "センニヒャクサンジューヨニン")],
    "percents": [("50 %", "ゴジュッパーセント")],
    "units": [
        ("60km", "ロクジュッキロメートル"),
        ("50㎡", "ゴジューヘーホーメートル"),
        ("2L", "ニリットル"),
        ("時速60km/h", "ジソクロクジュッキロメートル"),
        ("A4", "エーヨン"),
    ],
    "plus-minus": [("気温は-5度", "キオンワマイナスゴド"), ("±2", "プラスマイナスニ"), ("1+2=3", "イチタスニワサン")],
    "fractions": [("1/3", "サンブンノイチ"), ("½", "ニブンノイチ"), ("24/7", "ニジューヨンスラッシュナナ")],
    "ranges": [
        ("10〜20人", "ジューカラニジューニン"),
        ("3-2で勝った", "サンタイニデカッタ"),
        ("5-10分", "ゴカラジュップン"),
        ("1-2-3", "イチノニノサン"),
        ("1対1", "イッタイイチ"),
    ],
    "superscripts": [("x²", "エックスノニジョー")],
    "numbered": [
        ("No.1", "ナンバーワン"),
        ("M2M", "エムツーエム"),
        ("フェーズ3へ", "フェーズスリーエ"),
        ("p.12", "ジューニページ"),
    ],
    "roman": [
        ("第II章", "ダイニショー"),
        ("ルイXIV世", "ルイジューヨンセー"),
        ("ロボットIII", "ロボットスリー"),
        ("Ⅳ期", "ヨンキ"),
        ("ビタミンC", "ビタミンシー"),
    ],
    "latin": [
        ("Pythonの本", "パイソンノホン"),
        ("NASA", "ナサ"),
        ("XQZV", "エックスキューゼットブイ"),
        ("the end", "ジエンド|ザエンド"),
        ("パパ’S", "パパズ"),
    ],
    "signs": [
        ("りんご&みかん", "リンゴアンドミカン"),
        ("すごい〜", "スゴイー"),
        ("東京〜大阪間", "トーキョーカラオーサカカン"),
        ("α線", "アルファセン"),
        ("★店★", "ミセ"),
    ],
    "counters": [
        ("8本", "ハッポン"),
        ("8回", "ハッカイ"),
        ("24時間", "ニジューヨジカン"),
        ("0時", "レージ"),
        ("60キロ", "ロクジュッキロ"),
        ("2.5倍", "ニテンゴバイ"),
        ("1組の夫婦", "ヒトクミノフーフ"),
        ("数十時間", "スージュージカン"),
        ("何文字", "ナンモジ"),
        ("二浪", "ニロー"),
    ],
    "averages": [("打率.325", "ダリツサンワリニブゴリン")],
    "magnitudes": [("M7.3の地震", "マグニチュードナナテンサンノジシン"), ("M7の席", "エムナナノセキ")],
    "natives": [("3つ子", "ミツゴ"), ("2つ星", "フタツボシ")],
    "spans": [
        ("9:00-17:00", "クジカラジューシチジ"),
        ("4〜6月", "シカラロクガツ"),
        ("5月2〜3日", "ゴガツフツカカラミッカ"),
        ("2〜3日", "ニカラサンニチ"),
        ("1〜2人", "ヒトリカラフタリ"),
    ],
    "files": [
        ("config.yaml", "コンフィグドットヤムル"),
        (".gitignore", "ドットギットイグノア"),
        ("Node.js", "ノードジェーエス"),
    ],
    "grammar": [
        ("店が開く", "ミセガアク"),
        ("目を開く", "メヲヒラク"),
        ("名を汚す", "ナヲケガス"),
        ("手を汚す", "テヲヨゴス"),
        ("一行目", "イチギョーメ"),
        ("細々と暮らす", "ホソボソトクラス"),
        ("会議を行った", "カイギヲオコナッタ"),
        ("京都へ行った", "キョートエイッタ"),
        ("店の方に聞く", "ミセノカタニキク"),
        ("電車の方が早い", "デンシャノホーガハヤイ"),
        ("徳川家", "トクガワケ"),
        ("翻訳本を読む", "ホンヤクボンヲヨム"),
        ("撮影所", "サツエージョ"),
        ("浮気性", "ウワキショー"),
        ("指導の下", "シドーノモト"),
    ],
    "second-opinion": [("撥水の布", "ハッスイノヌノ"), ("硬口蓋", "コーコーガイ"), ("神戸駅", "コーベエキ")],
}
CASES = [(step, *pair) for step, pairs in PAIRS.items() for pair in pairs]


def sound(text):
    kept = "".join(c for c in text if "ァ" <= c <= "ヺ" or c == "ー")
    return folded(kept)


@pytest.mark.parametrize(("step", "text", "said"), CASES, ids=[f"{s}-{t}" for s, t, _ in CASES])
def test_what_is_written_is_said(step, text, said):
    kana = reading.kana(reading.words(text))
    assert sound(kana) in {sound(one) for one in said.split("|")}


def test_every_step_of_the_chain_has_pairs():
    names = {name for name, _ in (*chain.BEFORE_LEXICON, *chain.STEPS)}
    assert names - {"unreadable", "phrases"} <= set(PAIRS)


def test_the_log_names_the_steps_in_order():
    told = reading.explain("2025/12/31に8階で会議を行った")
    steps = [change.step for change in told.changes]
    assert steps[0] == "dates"
    assert steps[-1] == "counters"
    assert (told.changes[0].before, told.changes[0].start, told.changes[0].end) == ("2025/12/31", 0, 10)


def test_an_edit_keeps_where_it_came_from():
    draft = Draft.of("a½b").edited([Edit(1, 2, "1/2")], "one").edited([Edit(1, 4, "半分")], "two")
    assert draft.text == "a半分b"
    assert [draft.span(i, i + 1) for i in range(4)] == [(0, 1), (1, 2), (1, 2), (2, 3)]


def test_a_decided_word_is_one_character_no_step_can_read():
    word = Forced(surface="12", pron="ジューニ", accent=0, step="t")
    draft = Draft.of("x12y").edited([Edit(1, 3, "", word)], "t")
    assert len(draft.text) == 3
    assert draft.plain(draft.text) == "x12y"
    assert draft.word(draft.text[1]) == word
