"""Lists whose separators were lost with the markup: ASEAN諸国欧州連合(EU)オーストラリアインドなど.

Where language shows the seam, a rest is put there; where it is only likely, the author gets a note.
"""

from __future__ import annotations

import re
from functools import lru_cache

from yomicast.patterns import expression

COUNTRIES = [
    "アイスランド",
    "アイルランド",
    "アゼルバイジャン",
    "アフガニスタン",
    "アメリカ",
    "アラブ",
    "アルジェリア",
    "アルゼンチン",
    "アルバニア",
    "アルメニア",
    "アンゴラ",
    "イエメン",
    "イギリス",
    "イスラエル",
    "イタリア",
    "イラク",
    "イラン",
    "インド",
    "インドネシア",
    "ウガンダ",
    "ウクライナ",
    "ウズベキスタン",
    "ウルグアイ",
    "エクアドル",
    "エジプト",
    "エストニア",
    "エチオピア",
    "エリトリア",
    "オーストラリア",
    "オーストリア",
    "オマーン",
    "オランダ",
    "ガーナ",
    "カザフスタン",
    "カタール",
    "カナダ",
    "カメルーン",
    "カンボジア",
    "ギニア",
    "キプロス",
    "キューバ",
    "ギリシャ",
    "キルギス",
    "クウェート",
    "クロアチア",
    "ケニア",
    "コートジボワール",
    "コスタリカ",
    "コロンビア",
    "コンゴ",
    "サウジアラビア",
    "ザンビア",
    "シリア",
    "シンガポール",
    "ジンバブエ",
    "スイス",
    "スウェーデン",
    "スーダン",
    "スペイン",
    "スリランカ",
    "スロバキア",
    "スロベニア",
    "セネガル",
    "セルビア",
    "ソマリア",
    "タイ",
    "タンザニア",
    "チェコ",
    "チュニジア",
    "チリ",
    "デンマーク",
    "ドイツ",
    "トルコ",
    "ナイジェリア",
    "ナミビア",
    "ニュージーランド",
    "ネパール",
    "ノルウェー",
    "バーレーン",
    "パキスタン",
    "パナマ",
    "パプアニューギニア",
    "パラグアイ",
    "パレスチナ",
    "ハンガリー",
    "バングラデシュ",
    "フィジー",
    "フィリピン",
    "フィンランド",
    "ブータン",
    "ブラジル",
    "フランス",
    "ブルガリア",
    "ブルネイ",
    "ベトナム",
    "ベネズエラ",
    "ベラルーシ",
    "ペルー",
    "ベルギー",
    "ポーランド",
    "ボリビア",
    "ポルトガル",
    "マダガスカル",
    "マレーシア",
    "ミャンマー",
    "メキシコ",
    "モザンビーク",
    "モルドバ",
    "モロッコ",
    "モンゴル",
    "ヨルダン",
    "ラオス",
    "ラトビア",
    "リトアニア",
    "リビア",
    "ルーマニア",
    "ルクセンブルク",
    "ルワンダ",
    "レバノン",
    "ロシア",
    "ヨーロッパ",
    "アジア",
    "アフリカ",
]
RUN = r"[^、。「」はがをにへもでとや\s]{0,30}"
COMPOUND = expression(
    r"(?:生成|対話|汎用|最新|次世代|高性能|独自|自社|国産|国内|海外|専用|業務|携帯|小型|大型|軽量|無料|有料|公式|外部|内部|共通|標準|仮想|電子|無線|有線|量子|画像|音声|自然言語|機械学習|[型用製式系的版性社新旧各同本当全主副超高低準総])$"
)
SEAMS: tuple[tuple[str, re.Pattern[str]], ...] = (
    # a gloss closes one item; the next begins without a particle, and a list word follows
    (
        "after-gloss",
        expression(
            rf"(?<=[)）])(?=[一-鿿ァ-ヺA-Za-z]{RUN}(?:[(（][^()（）]{{1,40}}[)）])?{RUN}(?:といった|など|をはじめ))"
        ),
    ),
    (
        "numbered",
        expression(r"(?<=[A-Z]\d)(?=([A-Z])\d{1,2}(?![A-Za-z0-9]))|(?<=[A-Z]\d\d)(?=([A-Z])\d{1,2}(?![A-Za-z0-9]))"),
    ),
    ("latin-listed", expression(r"(?<=[一-鿿ァ-ヺー]{2})(?=[A-Z]{2,8}\d{0,2}といった)")),
    (
        "same-ending",
        expression(
            r"(?<=[一-鿿]法)(?=[ァ-ヺー]{2,}[一-鿿]{1,8}法)|(?<=[一-鿿]省)(?=[一-鿿]{1,5}省(?![庁エ]))|(?<=[一-鿿]党)(?=[一-鿿]{1,5}党)|(?<=[一-鿿]県)(?=[一-鿿]{1,3}県)|(?<=[一-鿿]銀行)(?=[一-鿿]{1,6}銀行)"
        ),
    ),
    (
        "places",
        expression(
            r"(?<=諸国|各国|連合|同盟)(?=(?:欧州|米国|中国|韓国|英国|豪州|台湾|北米|南米|中東|東南アジア|アジア|アフリカ)(?:連合|[(（]|など|や|と|といった))"
        ),
    ),
)
KATAKANA = expression(r"[ァ-ヺー]{4,}")
LIKELY = expression(
    r"(?<=の)[一-鿿]{1,2}[ぁ-ん]?[ぎみりれきしち](?=[一-鿿ァ-ヺ]{2,8}の[一-鿿ァ-ヺー]{2,8}(?:を|が|といった|など))"
)


def rests(text: str) -> list[int]:
    """Offsets between two items of a list whose separator was lost."""
    found = {
        match.start() for name, seam in SEAMS for match in seam.finditer(text) if _holds(name, text, match.start())
    }
    for run in KATAKANA.finditer(text):
        found |= {run.start() + at for at in _countries(run[0])}
    return sorted(found)


def doubts(text: str) -> list[tuple[int, str]]:
    """Places where an item may end, too unsure to rest at: the offset and the words around it."""
    return [(match.end(), text[match.start() : match.end() + 8]) for match in LIKELY.finditer(text)]


def _holds(name: str, text: str, at: int) -> bool:
    if name == "latin-listed":
        return not COMPOUND.search(text[max(0, at - 6) : at])
    if name == "numbered":
        before = re.search(r"([A-Z])\d{1,2}$", text[:at])
        return before is not None and text[at] == before[1]
    return True


@lru_cache(maxsize=512)
def _countries(run: str) -> tuple[int, ...]:
    """Seams in a katakana run that is nothing but two or more countries."""
    if len(run) > 60:
        return ()
    best: dict[int, tuple[int, ...]] = {0: ()}
    for end in range(1, len(run) + 1):
        for name in COUNTRIES:
            start = end - len(name)
            if start in best and run.endswith(name, 0, end):
                cut = (*best[start], start) if start else ()
                if end not in best or len(cut) < len(best[end]):
                    best[end] = cut
    return best.get(len(run), ())
