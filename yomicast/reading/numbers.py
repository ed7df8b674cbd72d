"""Numbers as they are written: dates, times, money, ranges, scores, fractions, telephone numbers, versions, units.

Each step rewrites a form into the words one says (2025/12/31 → 2025年12月31日, 10〜20% → 10から20%, 1/3 → 3分の1), and the
front end with `counters` reads digits with their counter. Readings follow NHK's ことばのハンドブック.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from yomicast.patterns import expression
from yomicast.reading.draft import Draft, Edit, Forced

_NUM = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_DASH = "-−–‐―ー"
_DIGITS = ("ゼロ", "イチ", "ニー", "サン", "ヨン", "ゴー", "ロク", "ナナ", "ハチ", "キュー")
_WEEK = "月火水木金土日"


def _digits(text: str) -> str:
    """Digit by digit: 0120 → ゼロイチニーゼロ."""
    return "".join(_DIGITS[int(c)] for c in text)


def _row(step: str, surface: str, pron: str, accent: int = 0) -> Forced:
    return Forced(surface=surface, pron=pron, accent=accent, step=step, doubts=("number",))


# --- dates and times -----------------------------------------------------------------------------------------------

_YMD = expression(r"(?<![\d/.\-])(\d{4})([/.\-])(0?[1-9]|1[0-2])\2(0?[1-9]|[12]\d|3[01])(?![\d/.\-]*\d)")
_YM = expression(r"(?<![\d/.\-])((?:19|20)\d\d)/(0?[1-9]|1[0-2])(?![\d/])")
_MD = expression(r"(?<![\d/.])(0?[1-9]|1[0-2])/(0?[1-9]|[12]\d|3[01])(?![\d/.%])")
_SEASON_YEARS = expression(r"(?<!\d)((?:19|20)\d\d)[-/–](\d\d)(?=シーズン|年|[春夏秋冬]|コレクション)")
_ERA = expression(r"(?<![A-Za-z])([MTSHR])(\d{1,2})\.(\d{1,2})\.(\d{1,2})(?![\d.])")
_ERA_YEAR = expression(r"(?<![A-Za-z])([MTSHR])(\d{1,2})(?=年)")
_WEEKDAY = expression(rf"(?<=[日\d])[(（]([{_WEEK}])(?:曜日?)?(?:[・･/、]?(祝|祭|休))?日?[)）]")
_ERAS = {"M": "明治", "T": "大正", "S": "昭和", "H": "平成", "R": "令和"}
_APOSTROPHE_YEAR = expression(r"(?<![A-Za-z0-9])['’](\d\d)年")


def dates(draft: Draft) -> Iterator[Edit]:
    """2025/12/31, 2025-12-31, 12/31(水), R7.4.1, R5年: year, month and day are said."""
    text = draft.text
    for found in _YMD.finditer(text):
        yield Edit(found.start(), found.end(), f"{found[1]}年{int(found[3])}月{int(found[4])}日")
    for found in _ERA.finditer(text):
        year = int(found[2])
        yield Edit(found.start(), found.end(), f"{_ERAS[found[1]]}{year}年{int(found[3])}月{int(found[4])}日")
    for found in _ERA_YEAR.finditer(text):
        yield Edit(found.start(), found.end(), f"{_ERAS[found[1]]}{int(found[2])}")
    for found in _SEASON_YEARS.finditer(text):
        yield Edit(found.end(1), found.start(2), "、")
    for found in _YM.finditer(text):
        yield Edit(found.start(), found.end(), f"{found[1]}年{int(found[2])}月")
    for found in _MD.finditer(text):
        if _is_date(text, found):
            yield Edit(found.start(), found.end(), f"{int(found[1])}月{int(found[2])}日")
    for found in _APOSTROPHE_YEAR.finditer(text):
        yield Edit(found.start(), found.end(), f"{int(found[1])}年")


_DAYS = dict(zip(_WEEK, ("ゲツ", "カ", "スイ", "モク", "キン", "ド", "ニチ"), strict=True))
_DAY_ROW = expression(
    rf"(?:(?<![一-鿿\d])|(?<=毎週)|(?<=隔週))[{_WEEK}](?:[・･〜～~、,/\-][{_WEEK}])+(?=[はにのがもでと、。)）曜祝\s]|から|まで|$)"
)


def weekdays(draft: Draft) -> Iterator[Edit]:
    """12月31日(水) is 12月31日水曜日, 祝 is said too; 月・水・金 is ゲツ スイ キン, 月〜金 ゲツカラキン."""
    for found in _DAY_ROW.finditer(draft.text):
        if len(found.group()) < 5 and not re.search(r"[・〜～~/\-]", found.group()):
            continue
        for at in range(found.start(), found.end()):
            sign = draft.text[at]
            if sign in _DAYS:
                yield Edit(at, at + 1, "", _row("weekdays", sign, _DAYS[sign], 1))
            else:
                yield Edit(at, at + 1, "から" if sign in "〜～~-" else "、")
    for found in _WEEKDAY.finditer(draft.text):
        yield Edit(found.start(), found.end(), f"、{found[1]}曜日" + ("、祝日" if found[2] else ""))


def _is_date(text: str, found: re.Match[str]) -> bool:
    """A slash between small numbers: a date by its surroundings, else a fraction when it is smaller than one."""
    month, day = int(found[1]), int(found[2])
    after, before = text[found.end() :], text[: found.start()]
    if re.match(rf"\s?[(（][{_WEEK}]", after) or (before.endswith(("〜", "～", "~")) and "/" in before[-9:]):
        return True
    if re.match(r"\s?[〜～~]\s?\d{1,2}/\d", after) or found[1].startswith("0") or found[2].startswith("0"):
        return True
    if re.match(r"(?:程度|以上|以下|未満|ほど|ずつ|くらい|ぐらい|の確率|カップ|サイズ|量|だけ|を占め|個|本|杯)", after):
        return False
    if re.match(
        r"(?:に(?:発売|開催|公開|リリース|発表|行|開[かき]|ある|あり|予定|締め|来[たる]|入荷|放送|配信|出発|届|到着|引っ越|会[うい]|集ま|始ま|オープン|実施|結婚|生まれ|、)"
        r"|から|まで|付|発売|開催|締切|締め切り|現在|公開|時点|より|[ \s]?\d{1,2}:\d\d|より開始|スタート|の夜|の朝|の午)",
        after,
    ):
        return True
    return month >= day or day > 10


_CLOCK = expression(r"(?<![\d:.])([01]?\d|2[0-9]):([0-5]\d)(?::([0-5]\d))?(?![\d:])")
_HOURS = expression(r"(?<![A-Za-z\d.])(\d{1,2})h ?([0-5]?\d)m(?:in)?(?![A-Za-z\d])")
_LAP = expression(r"(?:タイム|記録|所要|再生時間|上映時間)[はがを]?[^。\d]{0,4}$")
_RATIO = expression(r"(?<![\d:])(\d+) ?[:：] ?(\d+)(?:[:：](\d+))?(?![\d:])")


def times(draft: Draft) -> Iterator[Edit]:
    """9:05 is 9時5分, 12:30:45 with seconds, a record's 2:04:56 in hours; 16:9 is 16対9."""
    text = draft.text
    taken: set[int] = set()
    for found in _CLOCK.finditer(text):
        hour, minute, second = found[1], int(found[2]), found[3]
        lap = bool(_LAP.search(text[: found.start()]))
        if lap and second is None:
            said = f"{int(hour)}分{minute}秒"
        else:
            said = f"{int(hour)}{'時間' if lap else '時'}" + (f"{minute}分" if minute or second else "")
            said += f"{int(second)}秒" if second and (int(second) or lap) else ""
        taken.add(found.start())
        yield Edit(found.start(), found.end(), said)
    for found in _HOURS.finditer(text):
        yield Edit(found.start(), found.end(), f"{int(found[1])}時間{int(found[2])}分")
    for found in _RATIO.finditer(text):
        if found.start() not in taken:
            said = "対".join(part for part in found.groups() if part is not None)
            yield Edit(found.start(), found.end(), said)


# --- codes ---------------------------------------------------------------------------------------------------------

_PHONE = expression(
    r"(?<![\d\-])(\+\d{1,3}[- ]\d{1,4}[- ]\d{1,4}[- ]\d{3,4}|0\d{1,4}[-‐−(（]\d{1,4}[-‐−)）]\d{3,4}|0[5789]0\d{8}|\d{2,4}-\d{4})"
    r"(?![\d\-])"
)
_POSTAL = expression(r"郵便番号 ?(\d{3})-(\d{4})(?!\d)")
_IP = expression(r"(?<![\d.])(\d{1,3}(?:\.\d{1,3}){3})(?:/(\d{1,2}))?(?![\d.]*\d)")
_VERSION = expression(r"(?<![A-Za-z\d.])(v(?:er(?:sion)?)?\.? ?)?(\d+(?:\.\d+)+)(?![\d.]*\d|%)", re.IGNORECASE)
_ZERO_LED = expression(r"(?<![\d.,])0\d+(?![\d.,]*\d)")
_STATUS = expression(r"(?<![\d.,])([45])0([1-9])(?= ?(?:番?エラー|Not |Bad |Forbidden|ページ|を返|が返|になる))")
_EXTENSION = expression(r"内線(?:番号)?[はが:：]? ?(\d{2,6})(?!\d)")
_ISBN = expression(r"(?<![\d-])(97[89]-\d{1,5}-\d{1,7}-\d{1,7}-[\dXx])(?![\d-])")
_LONG = expression(r"(?<![\d.,])\d{17,}(?![\d.,]*\d)")


def codes(draft: Draft) -> Iterator[Edit]:
    """Telephone numbers, postal codes, IP addresses, 404エラー and numbers with a leading zero: digit by digit."""
    text = draft.text
    for found in _POSTAL.finditer(text):
        yield Edit(
            found.start(1),
            found.end(),
            "",
            _row("codes", text[found.start(1) : found.end()], f"{_digits(found[1])}ノ{_digits(found[2])}"),
        )
    for found in _PHONE.finditer(text):
        groups = [part for part in re.split(r"[^\d]+", found[1]) if part]
        if len(groups) == 2 and not re.search(r"(?:電話|TEL|Tel|内線|番号)", text[: found.start()][-10:]):
            continue
        said = "ノ".join(_digits(part) for part in groups)
        said = ("プラス" if found[1].startswith("+") else "") + said
        yield Edit(found.start(), found.end(), "", _row("codes", found.group(), said))
    for found in _IP.finditer(text):
        said = "テン".join(_digits(part) for part in found[1].split("."))
        yield Edit(found.start(), found.start() + len(found[1]), "", _row("codes", found[1], said))
        if found[2]:
            yield Edit(found.start() + len(found[1]), found.end(), f"スラッシュ{found[2]}")
    for found in _STATUS.finditer(text):
        said = f"{_DIGITS[int(found[1])]}マル{_DIGITS[int(found[2])]}"
        yield Edit(found.start(), found.end(), "", _row("codes", found.group(), said))
    for found in _ISBN.finditer(text):
        said = "ノ".join(_digits(part) for part in re.findall(r"\d+", found[1]))
        yield Edit(found.start(1), found.end(1), "", _row("codes", found[1], said))
    for found in _EXTENSION.finditer(text):
        yield Edit(found.start(1), found.end(1), "", _row("codes", found[1], _digits(found[1])))
    for pattern in (_ZERO_LED, _LONG):
        for found in pattern.finditer(text):
            after = text[found.end() : found.end() + 1]
            if len(found.group()) == 2 and after in "月日時分秒年":
                yield Edit(found.start(), found.end(), str(int(found.group())))
            else:
                yield Edit(found.start(), found.end(), "", _row("codes", found.group(), _digits(found.group())))


def versions(draft: Draft) -> Iterator[Edit]:
    """v1.2.3 is バージョン1点2点3; three parts and more are never a decimal."""
    for found in _VERSION.finditer(draft.text):
        parts = found[2].split(".")
        if found[1] is None and len(parts) < 3:
            continue
        said = "点".join(str(int(part)) for part in parts) if len(parts) > 2 else found[2]
        yield Edit(found.start(), found.end(), ("バージョン" if found[1] else "") + said)
    for found in re.finditer(r"(?<![A-Za-z])(?:v|[Vv]er\.? ?|VER\.? ?|[Vv]ersion )(\d+)(?![\d.])", draft.text):
        yield Edit(found.start(), found.end(), f"バージョン{found[1]}")


# --- money, ranges, signs ------------------------------------------------------------------------------------------

_CURRENCY = {
    "$": "ドル", "US$": "米ドル", "€": "ユーロ", "£": "ポンド", "¥": "円", "₩": "ウォン", "₹": "ルピー", "A$": "豪ドル", "HK$": "香港ドル",
    "NT$": "台湾ドル", "C$": "カナダドル", "R$": "レアル", "₱": "ペソ", "฿": "バーツ", "₫": "ドン", "₽": "ルーブル", "₿": "ビットコイン",
}  # fmt: skip
_SYMBOL = "|".join(re.escape(sign) for sign in sorted(_CURRENCY, key=len, reverse=True))
_SCALE = {"k": 10**3, "m": 10**6, "mn": 10**6, "b": 10**9, "bn": 10**9, "t": 10**12, "tn": 10**12}
_MONEY = expression(
    rf"(?<![A-Za-z])({_SYMBOL}) ?({_NUM})(?:[ ]?(bn|mn|tn|k|m|b|t)(?![A-Za-z])|[ ]?(百万|千万|千|万|億|兆))?([^\S\n]?(?:円|ドル))?",
    re.IGNORECASE,
)
_UNITS_OF_TEN = ((10**12, "兆"), (10**8, "億"), (10**4, "万"))


def _large(value: Decimal) -> str:
    """1500000000 → 15億; a remainder that is no whole number is kept as a decimal of its unit."""
    if value != value.to_integral_value():
        return f"{value.normalize():f}"
    whole, parts = int(value), []
    for size, name in _UNITS_OF_TEN:
        if whole >= size:
            parts.append(f"{whole // size}{name}")
            whole %= size
    return "".join(parts) + (str(whole) if whole or not parts else "")


def money(draft: Draft) -> Iterator[Edit]:
    """$1.5B is 15億ドル, ¥3,000 is 3000円: the sign is said after the number."""
    for found in _MONEY.finditer(draft.text):
        sign, number, scale, kanji, _said = found.groups()
        name = next(value for key, value in _CURRENCY.items() if key.lower() == sign.lower())
        value = Decimal(number.replace(",", ""))
        amount = _large(value * _SCALE[scale.lower()]) if scale else number.replace(",", "") + (kanji or "")
        yield Edit(found.start(), found.end(), amount + name)


_SCORE = expression(
    r"勝|敗|負|下し|下す|破[りっるれ]|引き?分け|スコア|試合|戦|逆転|先制|得点|ゴール|リード|対決|セット|制し|連覇|決勝|快勝"
)
_PAIR = expression(rf"(?<![A-Za-z0-9_./\-−–])(\d+(?:\.\d+)?) ?[{_DASH[:-1]}] ?(\d+(?:\.\d+)?)(?![\d./\-−–]*\d)")
_TRIPLE = expression(r"(?<![A-Za-z0-9_./\-])(\d{1,4})[-−–](\d{1,4})[-−–](\d{1,4})(?![A-Za-z0-9_./\-])")
_WAVE = expression(
    r"(?<=[\d月日時分秒年円人名歳代度割倍%点個本枚台回階話巻章号頁万億兆千百gmLlKk間国社頃前後曜半朝昼夜]) ?[〜～~] ?(?=約?[\d一二三四五六七八九十百来翌同月火水木金土日])"
)
_WAVE_END = expression(r"(?<=[\d月日時分秒年円人名歳代度%点個本枚台回階話巻章号]) ?[〜～~](?=[^\d]|$)")
_WAVE_START = expression(r"(?<![A-Za-z0-9」』）)])[〜～~](?=\d)")
_COUNTER_AHEAD = expression(
    r" ?(?:[%人名日月年時分秒個本枚台回階歳代度割倍点円週か箇ヶカ泊杯匹種社国曲冊巻章話頁ページ]|[kcm]?[mgL]\b|万|億|千|百|[ァ-ヶ])"
)


def ranges(draft: Draft) -> Iterator[Edit]:
    """10〜20% is 10から20%; 3-2 is a score (対) or a range (から), a row of three (の) an address."""
    text = draft.text
    for pattern in (_WAVE, _WAVE_END):
        for found in pattern.finditer(text):
            yield Edit(found.start(), found.end(), "から")
    for found in _WAVE_START.finditer(text):
        yield Edit(found.start(), found.end(), "")
    for found in _TRIPLE.finditer(text):
        yield Edit(found.start(), found.end(), "の".join(found.groups()))
    for found in _PAIR.finditer(text):
        yield Edit(found.start(), found.end(), _pair(text, found))


_UNIT_SPAN = expression(r"(?<=\d)([一-鿿ァ-ヶー%]{1,9}) ?[-−–―〜～~] ?(?=約?\d)")
_MONTH_SPAN = expression(r"(?<![\d月年.])(\d{1,2}) ?([〜～~\-−–]) ?(?=(?:1[0-2]|[1-9])月)")
_MONTH_SOUNDS = {"4": "シ", "7": "シチ", "9": "ク"}
_DATE_SPAN = expression(r"(?<=月)(\d{1,2}) ?[〜～~\-−–] ?(?=\d{1,2}日)")
_DAY_SPAN = expression(r"(?<![\d月.])([1-8]) ?([〜～~\-−–]) ?([2-9]日)")
_DAY_SOUNDS = ("ニニチ", "サンニチ", "ヨッカ", "ゴニチ", "ロクニチ", "シチニチ", "ハチニチ", "クニチ")
_PERSON_SPAN = expression(r"(?<![\d.])1 ?[〜～~] ?(?=2人)")


_NATIVE_DIGIT = expression(r"(?<![\d.])([2-8])つ(?=子|星|葉|角|巴|折り)")


def natives(draft: Draft) -> Iterator[Edit]:
    """3つ子 is 三つ子, which the dictionaries have."""
    for found in _NATIVE_DIGIT.finditer(draft.text):
        yield Edit(found.start(1), found.end(1), "〇一二三四五六七八"[int(found[1])])


_DRAWN = expression(r"(?<=敗)(\d{1,2})分(?!け|間|の|\d)")


def spans(draft: Draft) -> Iterator[Edit]:
    """9時-17時; 4〜6月 シカラロクガツ; 5月2〜3日 フツカカラ, but about 2〜3日 ニカラサンニチ; 1〜2人 ヒトリカラ."""
    text = draft.text
    for found in _UNIT_SPAN.finditer(text):
        yield Edit(found.end(1), found.end(), "から")
    for found in _DATE_SPAN.finditer(text):
        yield Edit(found.start(), found.end(), f"{int(found[1])}日から")
    for found in _DRAWN.finditer(text):
        yield Edit(found.start(), found.end(), f"{found[1]}分け")
    for found in _PERSON_SPAN.finditer(text):
        yield Edit(found.start(), found.end(), "1人から")
    for found in _MONTH_SPAN.finditer(text):
        if found[1] in _MONTH_SOUNDS:
            yield Edit(found.start(1), found.end(1), "", _row("spans", found[1], _MONTH_SOUNDS[found[1]], 1))
            yield Edit(found.end(1), found.end(), "から")
    for found in _DAY_SPAN.finditer(text):
        last = int(found[3][0])
        if last == int(found[1]) + 1:
            yield Edit(found.end(1), found.start(3), "から")
            yield Edit(found.start(3), found.end(3), "", _row("spans", found[3], _DAY_SOUNDS[last - 2], 1))


def _pair(text: str, found: re.Match[str]) -> str:
    left, right = Decimal(found[1]), Decimal(found[2])
    around = text[max(0, found.start() - 14) : found.start()] + text[found.end() : found.end() + 14]
    counter = _COUNTER_AHEAD.match(text, found.end())
    if _SCORE.search(around) and not counter and max(left, right) < 200:
        word = "対"
    elif re.search(r"[町村区市丁目]$", text[: found.start()]) and not counter:
        word = "の"
    else:
        word = "から" if left < right else "対"
    return f"{found[1]}{word}{found[2]}"


_PLUS_MINUS = expression(r"± ?(?=\d)")
_MINUS = expression(r"(?<![A-Za-z0-9ァ-ヶー)）%\ue000-\uf8ff])[-−–▲△] ?(?=[\d.]+)")
_PLUS = expression(r"(?<![A-Za-z0-9ァ-ヶー)）%\ue000-\uf8ff])[+＋] ?(?=[\d.]+)")
_SUM = expression(rf"(?:{_NUM})(?: ?(?:[-+×÷*/−]|割る) ?(?:{_NUM}))+ ?[=＝] ?(?:{_NUM})")
_SUM_WORDS = {"+": "足す", "-": "引く", "−": "引く", "×": "かける", "*": "かける", "/": "割る", "=": "は", "＝": "は"}
_TIMES = expression(r"(?<=\d) ?× ?(?=\d)|(?<=[\dm]) ?× ?(?=\d)")


def plus_minus(draft: Draft) -> Iterator[Edit]:
    """−5度, +3%, ±2, and sums (1+1=2 is 1足す1は2)."""
    text = draft.text
    taken: set[int] = set()
    for found in _SUM.finditer(text):
        said = re.sub(r" ?([-+×÷*/−=＝]) ?", lambda m: _SUM_WORDS[m[1]], found.group())
        taken |= set(range(found.start(), found.end()))
        yield Edit(found.start(), found.end(), said)
    for pattern, word in ((_PLUS_MINUS, "プラスマイナス"), (_MINUS, "マイナス"), (_PLUS, "プラス"), (_TIMES, "かける")):
        for found in pattern.finditer(text):
            if found.start() not in taken:
                yield Edit(found.start(), found.end(), word)


_FRACTION = expression(r"(?<![\d/.])(\d{1,4})[/⁄](\d{1,4})(?![\d/.])")


def fractions(draft: Draft) -> Iterator[Edit]:
    """1/3 is 3分の1; ½ came as 1⁄2. 24/7 and the like, no smaller than one, keep a slash."""
    for found in _FRACTION.finditer(draft.text):
        if "血圧" in draft.text[: found.start()]:
            yield Edit(found.start(), found.end(), f"{found[1]}の{found[2]}")
            continue
        if int(found[1]) < int(found[2]) or "⁄" in found.group():
            whole = re.search(r"\d$", draft.text[: found.start()])
            yield Edit(found.start(), found.end(), ("と" if whole else "") + f"{found[2]}分の{found[1]}")
        else:
            yield Edit(found.start(), found.end(), f"{found[1]}スラッシュ{found[2]}")


_COMMAS = expression(r"(?<![\d,.])\d{1,3}(?:,\d{3})+(?![\d,])")
_DECIMAL_BARE = expression(r"(?<![\d.])\.(\d+)(?=[%割倍秒])")


_AVERAGE = expression(r"((?:打|勝|出塁|長打)率[はがもの]?)\.(\d)(\d)(\d)(?!\d)")


def averages(draft: Draft) -> Iterator[Edit]:
    """打率.325 is 打率3割2分5厘."""
    for found in _AVERAGE.finditer(draft.text):
        parts = [f"{digit}{name}" for digit, name in zip(found.groups()[1:], "割分厘", strict=True) if digit != "0"]
        yield Edit(found.end(1), found.end(), "".join(parts) or "0")


def commas(draft: Draft) -> Iterator[Edit]:
    """1,234,567 without its commas; .5秒 with its zero."""
    for found in _COMMAS.finditer(draft.text):
        yield Edit(found.start(), found.end(), found.group().replace(",", ""))
    for found in _DECIMAL_BARE.finditer(draft.text):
        yield Edit(found.start(), found.end(), f"0.{found[1]}")


# --- units ---------------------------------------------------------------------------------------------------------

UNITS: dict[str, str] = {
    "km/h": "キロメートル毎時", "m/s": "メートル毎秒", "km/s": "キロメートル毎秒", "m/min": "メートル毎分", "m/s²": "メートル毎秒毎秒",
    "m/S": "メートル毎秒", "kg/m³": "キログラム毎立方メートル", "㎞/h": "キロメートル毎時",
    "km²": "平方キロメートル", "km2": "平方キロメートル", "m²": "平方メートル", "m2": "平方メートル", "cm²": "平方センチメートル",
    "cm2": "平方センチメートル", "mm²": "平方ミリメートル", "m³": "立方メートル", "m3": "立方メートル", "cm³": "立方センチメートル",
    "cm3": "立方センチメートル", "km³": "立方キロメートル", "mm³": "立方ミリメートル",
    "km": "キロメートル", "Km": "キロメートル", "KM": "キロメートル", "m": "メートル", "cm": "センチメートル", "mm": "ミリメートル",
    "μm": "マイクロメートル", "nm": "ナノメートル", "kg": "キログラム", "Kg": "キログラム", "KG": "キログラム", "g": "グラム", "mg": "ミリグラム",
    "μg": "マイクログラム", "t": "トン", "L": "リットル", "l": "リットル", "ℓ": "リットル", "mL": "ミリリットル", "ml": "ミリリットル",
    "ML": "ミリリットル", "dL": "デシリットル", "dl": "デシリットル", "kL": "キロリットル", "kl": "キロリットル", "cc": "シーシー", "CC": "シーシー",
    "ha": "ヘクタール", "a": "アール", "s": "秒", "sec": "秒", "min": "分", "h": "時間", "hr": "時間", "ms": "ミリ秒", "μs": "マイクロ秒",
    "ns": "ナノ秒", "Hz": "ヘルツ", "kHz": "キロヘルツ", "KHz": "キロヘルツ", "MHz": "メガヘルツ", "GHz": "ギガヘルツ", "THz": "テラヘルツ",
    "W": "ワット", "kW": "キロワット", "KW": "キロワット", "MW": "メガワット", "GW": "ギガワット", "Wh": "ワット時", "kWh": "キロワット時",
    "MWh": "メガワット時", "GWh": "ギガワット時", "V": "ボルト", "kV": "キロボルト", "mV": "ミリボルト", "mA": "ミリアンペア",
    "mAh": "ミリアンペアアワー", "Ah": "アンペアアワー", "Ω": "オーム", "kΩ": "キロオーム", "N": "ニュートン", "Pa": "パスカル",
    "hPa": "ヘクトパスカル", "kPa": "キロパスカル", "MPa": "メガパスカル", "J": "ジュール", "kJ": "キロジュール", "cal": "カロリー",
    "kcal": "キロカロリー", "Kcal": "キロカロリー", "dB": "デシベル", "bit": "ビット", "bits": "ビット", "B": "バイト", "KB": "キロバイト",
    "kB": "キロバイト", "MB": "メガバイト", "GB": "ギガバイト", "TB": "テラバイト", "PB": "ペタバイト", "Mbps": "メガビーピーエス",
    "kbps": "キロビーピーエス", "Gbps": "ギガビーピーエス", "bps": "ビーピーエス", "px": "ピクセル", "pt": "ポイント", "dpi": "ディーピーアイ",
    "fps": "エフピーエス", "rpm": "アールピーエム", "ppm": "ピーピーエム", "ppb": "ピーピービー", "inch": "インチ", "in": "インチ", "ft": "フィート",
    "yd": "ヤード", "lb": "ポンド", "oz": "オンス", "lx": "ルクス", "lm": "ルーメン", "cd": "カンデラ", "mol": "モル", "K": "ケルビン",
    "Sv": "シーベルト", "mSv": "ミリシーベルト", "μSv": "マイクロシーベルト", "Bq": "ベクレル", "ct": "カラット", "kt": "ノット", "℃": "度",
    "kgf": "キログラム重", "rad": "ラジアン", "bar": "バール", "atm": "気圧", "mmHg": "ミリメートル水銀", "kn": "ノット", "hp": "馬力",
    "EB": "エクサバイト", "KiB": "キビバイト", "MiB": "メビバイト", "GiB": "ギビバイト", "TiB": "テビバイト", "Mb": "メガビット", "Gb": "ギガビット",
    "kb": "キロビット", "gb": "ギガバイト", "mb": "メガバイト", "tb": "テラバイト", "Tbps": "テラビーピーエス", "mbps": "メガビーピーエス", "gbps": "ギガビーピーエス",
    "db": "デシベル", "hz": "ヘルツ", "khz": "キロヘルツ", "mhz": "メガヘルツ", "ghz": "ギガヘルツ", "bpm": "ビーピーエム", "TW": "テラワット", "mW": "ミリワット",
    "μA": "マイクロアンペア", "kA": "キロアンペア", "A": "アンペア", "VA": "ボルトアンペア", "kVA": "キロボルトアンペア", "MΩ": "メガオーム",
    "μF": "マイクロファラド", "nF": "ナノファラド", "pF": "ピコファラド", "mH": "ミリヘンリー", "Gy": "グレイ", "mGy": "ミリグレイ", "kBq": "キロベクレル",
    "eV": "電子ボルト", "keV": "キロ電子ボルト", "MeV": "メガ電子ボルト", "GeV": "ギガ電子ボルト", "MJ": "メガジュール", "GJ": "ギガジュール", "kN": "キロニュートン",
    "μL": "マイクロリットル", "μl": "マイクロリットル", "cL": "センチリットル", "cl": "センチリットル", "dm": "デシメートル", "ng": "ナノグラム", "pg": "ピコグラム",
    "mmol": "ミリモル", "μmol": "マイクロモル", "GPa": "ギガパスカル", "IU": "国際単位", "mi": "マイル", "mol%": "モルパーセント",
    "USD": "米ドル", "JPY": "円", "EUR": "ユーロ", "GBP": "ポンド", "CNY": "人民元", "KRW": "ウォン",
}  # fmt: skip
"""Units as written after a number and as said. Ambiguous letters (K M G A) stand for units only where listed."""

_NAMES = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_UNIT = expression(
    rf"(?<=[\d万億千百兆]) ?({_NAMES})(?:/({_NAMES}))?(?:(?![A-Za-z\d²³])|(?=\d{{1,3}}(?:cm|mm|g)(?![A-Za-z])))"
)
_SPEED = expression(r"(?:時速|秒速|分速)[^。、]{0,5}$")
_ASK = {
    "A": expression(r"電[流源圧気池力]|ブレーカ|ヒューズ|コンセント|充電|契約|アンペア|\d[VW]"),
    "K": expression(r"温度|ケルビン|色温|絶対|超伝導|極低温|冷却"),
}
"""Letters that stand for a unit only in a line about such things."""


_FLOOR = expression(r"(?<![A-Za-z\d.])(B?)([1-9]\d?)F(?=[のにへでとをはがも、。・)）〜～~\s]|から|まで|フロア|$)")


def floors(draft: Draft) -> Iterator[Edit]:
    """3F is 3階, B1F 地下1階."""
    for found in _FLOOR.finditer(draft.text):
        yield Edit(found.start(), found.end(), f"{'地下' if found[1] else ''}{found[2]}階")


_AREA = expression(r"(?<![A-Za-z\d])[kcm]?m[²³](?=あたり|当たり|[のをがはと])")


def units(draft: Draft) -> Iterator[Edit]:
    """50km is 50キロメートル, 60km/h 60キロメートル毎時 (after 時速 without it), 2mol/L 2モルパーリットル."""
    text = draft.text
    for found in _AREA.finditer(text):
        yield Edit(found.start(), found.end(), UNITS[found.group()])
    for found in _UNIT.finditer(text):
        unit, each = found.groups()
        if unit in {"in", "a", "s", "h"} and text[found.end() : found.end() + 1].isascii() and text[found.end() :]:
            continue
        if unit == "B" and re.match(r"[社型級組棟]", text[found.end() :]):
            continue
        if unit in _ASK and not _ASK[unit].search(text):
            continue
        said = UNITS[unit] + (f"パー{UNITS[each]}" if each else "")
        if "毎" in said and _SPEED.search(text[: found.start()]):
            said = said.split("毎", maxsplit=1)[0]
        yield Edit(found.start(), found.end(), said)


_MAGNITUDE = expression(r"(?<![A-Za-z])M(?=\d(?:\.\d)?(?!\d))")
_QUAKE = expression(r"地震|震源|揺れ|余震|津波|本震")


def magnitudes(draft: Draft) -> Iterator[Edit]:
    """M7.3 is マグニチュード7.3 in a line about earthquakes."""
    if _QUAKE.search(draft.text):
        for found in _MAGNITUDE.finditer(draft.text):
            yield Edit(found.start(), found.end(), "マグニチュード")


_PERCENT = expression(r"(?<=\d) ?%")


def percents(draft: Draft) -> Iterator[Edit]:
    """% after a number, with or without a space."""
    for found in _PERCENT.finditer(draft.text):
        yield Edit(found.start(), found.end(), "パーセント")
