"""Reading marks that Japanese writers type: {漢字|かんじ}, ｜漢字《かんじ》, 漢字《かんじ》, <ruby>.

Sources: 青空文庫「注記一覧」(《》 and ｜), でんでんマークダウン ({base|reading|reading}), カクヨム記法 (《《dots》》).
"""

from __future__ import annotations

import re

from yomicast.model import Ruby
from yomicast.patterns import expression

KANJI = r"一-鿿々〆ヶ㐀-䶿豈-﫿〇仝"
MARKS = expression(
    r"\{(?P<dbase>[^{}|｜\n]{1,40})[|｜](?P<dread>[^{}\n]{1,80})\}"
    r"|《《(?P<dots>[^《》\n]{1,60})》》"
    r"|[|｜](?P<abase>[^|｜《》\n]{1,40})《(?P<aread>[^《》\n]{1,60})》"
    rf"|(?P<kbase>[{KANJI}]{{1,12}})《(?P<kread>[ぁ-んァ-ヶー・]{{1,30}})》"
    r"|<ruby>(?P<html>.{1,400}?)</ruby>",
    re.IGNORECASE,
)
READING = expression(r"^[ぁ-ゖァ-ヺー・＝=\s　゛゜ゝゞヽヾA-Za-zＡ-Ｚａ-ｚ0-9’'\-一-鿿]+$")
DOTS = expression(r"^[・﹅﹆●○◎◉•‥。、﹑ヽ▲△◆◇★☆゛\s　]+$")
RT = expression(r"<rt[^>]*>(.*?)(?:</rt>|(?=<rt|<rb|<rp|$))", re.IGNORECASE)
RP = expression(r"<rp[^>]*>.*?(?:</rp>|(?=<rt|<rb|$))", re.IGNORECASE)
TAG = expression(r"<[^<>]{1,80}>")


def is_dots(reading: str) -> bool:
    """Emphasis dots (傍点) set as ruby; they are no reading."""
    return bool(DOTS.match(reading))


def rubies(text: str) -> tuple[str, tuple[Ruby, ...], str]:
    """`text` without reading marks, the readings, and the mark characters that were taken out (dots included)."""
    out: list[str] = []
    found: list[Ruby] = []
    removed: list[str] = []
    at = length = 0
    for match in MARKS.finditer(text):
        base, reading = _parts(match)
        if not base or not (is_dots(reading) or READING.match(reading) or not reading):
            continue
        if match["dbase"] is not None and not _is_reading(reading):
            continue
        before = text[at : match.start()]
        out += (before, base)
        length += len(before)
        if reading and not is_dots(reading):
            found.append(Ruby(start=length, end=length + len(base), reading=reading))
            removed.append(_left(match[0], base + reading))
        else:
            removed.append(_left(match[0], base))
        length += len(base)
        at = match.end()
    out.append(text[at:])
    return "".join(out), tuple(found), "".join(removed)


def _is_reading(reading: str) -> bool:
    """Braces mean other things too ({a|b} in code): only kana, dots or short Latin make a reading there."""
    return is_dots(reading) or bool(re.match(r"^[ぁ-ゖァ-ヺー・\s　A-Za-z]+$", reading))


def _parts(match: re.Match[str]) -> tuple[str, str]:
    if match["dbase"] is not None:
        return match["dbase"], re.sub(r"[|｜]", "", match["dread"])
    if match["dots"] is not None:
        return match["dots"], ""
    if match["abase"] is not None:
        return match["abase"], match["aread"]
    if match["kbase"] is not None:
        return match["kbase"], match["kread"]
    inner = match["html"]
    base = TAG.sub("", RT.sub("", RP.sub("", inner)))
    return base, TAG.sub("", "".join(RT.findall(RP.sub("", inner))))


def _left(whole: str, kept: str) -> str:
    """The characters of `whole` that are not in `kept`, in order."""
    pool = list(kept)
    rest = []
    for char in whole:
        if char in pool:
            pool.remove(char)
        else:
            rest.append(char)
    return "".join(rest)
