"""Interviews: who speaks, from labels that come again (「山田：…」, 「**Name (AB)**: …」, 「――…」, 「Q. … A. …」).

A label counts only when it is used like one: at least two names that take turns. Its text is dropped, its meaning kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

LABEL = expression(
    r"^[\s　]*[【\[［〈<＜]?(?P<name>[^\s　。、，！？!?「」『』（）()：:\[\]【】〈〉<>＜＞]{1,16}(?:[ 　・·.][^\s　。、，！？!?「」『』（）()：:\[\]【】]{1,16}){0,3})"
    r"(?:\s*[（(](?![ぁ-ゖー・\s　=＝]+[)）])(?P<short>[^（）()]{1,24})[）)])?[】\]］〉>＞]?(?P<mark>\s*[：:]\s*|　| (?=[^\x00-\x7f])|(?<=[】\]］〉>＞])\s*)(?=\S)"
)
QUESTION = expression(
    r"^[\s　]*(?P<label>(?:[QＱ]|質問|問|Question)[\s　]?[\d０-９]{0,2})(?:[.．:：、)）　]\s*|\s+(?=[^\x00-\x7f]))(?=\S)",
    re.IGNORECASE,
)
ANSWER = expression(
    r"^[\s　]*(?P<label>(?:[AＡ]|回答|答え?|Answer)[\s　]?[\d０-９]{0,2})(?:[.．:：、)）　]\s*|\s+(?=[^\x00-\x7f]))(?=\S)",
    re.IGNORECASE,
)
CALLED = expression(r"^[^\s　。、，！？!?「」『』（）()：:\[\]【】0-9０-９]{2,12}$")
HONOURED = expression(r"(?:さん|氏|様|先生)$")
LETTER = expression(
    r"^[\s　]*(?:(?P<asks>[QＱ]|質問|問)|[AＡ]|回答|答え?)[\s.．:：]*[\d０-９]{0,2}[\s.．:：]*$", re.IGNORECASE
)
GIVEN = r"(?:(?![一-鿿]?[家宅町村市区郡県流式派駅川橋屋店社校長側達部課議委監教選社係])[一-鿿々]{1,2}|[ァ-ヶー]{2,5}|[ぁ-ん]{2,4}(?=[（(]))(?=[（(・、。はがをにとも])"
"""A given name behind a family name, where nobody is called さん: 母の小見山律子と."""
DASH = expression(r"^[\s　]*(?P<dash>[―—─–-]{2,}|ーー+)[\s　]*(?=[^\s―—─–-])")
MINUTED = expression(
    r"^[\s　]*[○〇◯◎●◆][\s　]?(?P<who>[^\s　（()）「」。、：:]{1,20}(?:[（(](?P<name>[^（()）。、]{1,20})[)）][^\s　（()）「」。、：:]{0,6})?)(?:[\s　]+|[：:][\s　]*)(?=\S)"
)
"""Who speaks in the minutes of a council: ○議長（山田太郎君）　…, ○山田委員　…."""
OFFICE = expression(
    r"(?:委員|会長|議長|座長|[課部局室所係館校園町村市区]長|事務局|理事|監事|幹事|教授|議員|参考人|専門員|主[査幹任]|担当|課|係|[君氏]|さん)(?:[（(].*)?$"
)
"""Who speaks in minutes is named by office."""
TITLED = r"(?:君|さん|氏|殿|議員)"
HAPPENED = expression(r"^[\s　]*(?:〔[^〔〕]*〕|（[^（）]*）|\([^()]*\)|［[^［］]*］)[\s　]*$")
"""What minutes tell in brackets: who rose, who called out."""
CLOSED = expression(r"[。！？!?」』）)…]$")
NOT_NAMES = expression(
    r"^(?:注|※|例|補足|注意|追記|参考|出典|備考|日時?|場所|会場|対象|料金|費用|定員|電話|TEL|FAX|住所|時間|期間|締切|申込|問合せ|内容|方法|条件|目的|結果|理由|結論|ポイント|まとめ|手順|ステップ|STEP|"
    r"開催|主催|共催|持ち物|参加費|メール|https?|第?\d.*|[A-Za-z]{1,3}\d+|URL|PR|図|表|写真)$",
    re.IGNORECASE,
)
NARRATED = r"(?:取材|インタビュー|対談|話)(?:を終え|が終わ|の(?:最後|帰り|終わり|終わった|合間|途中|あと|後)|後)|^[\s　]*(?:二人|ふたり|一同)は"
"""What only the narrator says, so that the last answer is over."""
TURNS = 3
"""Labels that one section of a conversation has at least; pros and cons under each heading are none."""
SPOKEN = frozenset({"paragraph", "list_item", "aside", "quote"})


def speakers(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Pieces with `speaker` set and labels taken out; questions and answers get `info`."""
    if minuted := _minuted(pieces):
        return _by_minutes(pieces, minuted, ledger)
    pieces = _questions(pieces, ledger)
    dashes = sum(bool(piece.kind in SPOKEN and DASH.match(piece.text)) for piece in pieces)
    bold = 0 if dashes else sum(_is_question(piece) for piece in pieces)
    full = _names(pieces, asked=dashes > 1 or bold > 1)
    if not full and dashes < 2:
        return _completed(pieces)
    out: list[Piece] = []
    speaker = ""
    for piece in pieces:
        if piece.kind in ("heading", "title", "break"):
            speaker = ""
        elif piece.kind in SPOKEN:
            label = _label(piece)
            dash = DASH.match(piece.text) if dashes > 1 else None
            if label and label["name"] in full:
                speaker = full[label["name"]]
                piece = _without(piece, label.end(), "speaker-label", ledger)  # noqa: PLW2901
            elif bold > 1 and _is_question(piece):
                speaker = "聞き手"
            elif dash:
                speaker = "聞き手"
                piece = _without(piece, dash.end(), "speaker-label", ledger)  # noqa: PLW2901
            elif (speaker == "聞き手" and piece.kind == "paragraph") or (
                speaker and re.search(rf"{re.escape(speaker)}(?:さん|氏|様)|{NARRATED}", piece.text)
            ):
                speaker = ""
            if piece.speaker:
                speaker = ""  # told by an element, and over with it
            elif speaker:
                piece = piece.to(speaker=speaker)  # noqa: PLW2901
        out.append(piece)
    return _completed(out)


def _minuted(pieces: list[Piece]) -> Mapping[int, re.Match[str]]:
    """Labels of minutes by piece: every one stands before a sentence, and one of them comes again."""
    found = {
        n: label for n, piece in enumerate(pieces) if piece.kind in SPOKEN and (label := MINUTED.match(piece.text))
    }
    labels = Counter(label["who"] for label in found.values())
    told = all(CLOSED.search(pieces[n].text) for n in found)
    again = max(labels.values(), default=0) > 1 or all(OFFICE.search(label) for label in labels)
    return found if len(found) >= TURNS and told and len(labels) > 1 and again else {}


def _by_minutes(pieces: list[Piece], found: Mapping[int, re.Match[str]], ledger: Ledger) -> list[Piece]:
    """Minutes word for word: all that follows a label is its speaker's, but for what happened in between."""
    out: list[Piece] = []
    speaker = ""
    for n, piece in enumerate(pieces):
        if piece.kind in ("heading", "title"):
            speaker = ""
        elif label := found.get(n):
            speaker = re.sub(rf"[\s　]+|{TITLED}$", "", label["name"] or label["who"])
            piece = _without(piece, label.end(), "speaker-label", ledger)  # noqa: PLW2901
        happened = bool(HAPPENED.match(piece.text))
        out.append(piece.to(speaker=speaker) if speaker and piece.kind in SPOKEN and not happened else piece)
    return out


def _names(pieces: list[Piece], *, asked: bool = False) -> Mapping[str, str]:
    """Label to full name, empty when the text is no conversation. `asked`: questions are marked by dashes."""
    found: Counter[str] = Counter()
    short: dict[str, str] = {}
    wide: set[str] = set()
    bold: set[str] = set()
    for piece in pieces:
        if piece.kind not in SPOKEN:
            continue
        label = _label(piece)
        if label and not NOT_NAMES.match(label["name"]) and len(piece.text) > label.end():
            found[label["name"]] += 1
            if label["short"]:
                short[label["short"]] = label["name"]
            if "：" not in label["mark"] and ":" not in label["mark"] and not _is_bold(piece, label):
                wide.add(label["name"])
            if _is_bold(piece, label):
                bold.add(label["name"])
    for name, full in short.items():
        if name in found:
            found[name] += found[full]
            found[full] = found[name]
    repeated = {name for name, count in found.items() if count >= 2 and (name not in wide or asked or count >= 3)}
    total, spoken, longest = _share(pieces, repeated)
    people = {short.get(name, name) for name in repeated}
    if len(people) + asked < 2 or total + 2 * asked < 4 or (longest < TURNS and not asked) or total < spoken * 0.25:
        return {}
    once = {name for name in found if name not in repeated and (name in short.values() or name in bold)}
    text = "\n".join(piece.text for piece in pieces)
    return {name: _full(short.get(name, name), found, text) for name in repeated | once}


def _label(piece: Piece) -> re.Match[str] | None:
    """A label at the beginning; before a mere space only in bold."""
    label = LABEL.match(piece.text)
    return label if label and (label["mark"] != " " or _is_bold(piece, label)) else None


def _share(pieces: list[Piece], names: set[str]) -> tuple[int, int, int]:
    """Labelled pieces, all spoken pieces of the sections that have some, and the most labels one section has."""
    total = spoken = longest = labels = size = 0
    for piece in [*pieces, None]:
        if piece is None or piece.kind in ("heading", "title"):
            total, spoken, longest = total + labels, spoken + size * (labels > 0), max(longest, labels)
            labels = size = 0
        elif piece.kind in SPOKEN:
            size += 1
            labels += bool((found := _label(piece)) and found["name"] in names)
    return total, spoken, longest


def _is_bold(piece: Piece, label: re.Match[str]) -> bool:
    """Whether the label, and nothing else of the piece, is bold."""
    return piece.lead > 0 and piece.text[: piece.lead].strip(" 　:：") == label[0].strip(" 　:：")


def _full(name: str, found: Mapping[str, int], text: str) -> str:
    """A family name is completed by the one longer label, or person in the text, that begins with it."""
    longer = {other for other in found if other != name and other.startswith(name)}
    if not longer and re.fullmatch(r"[一-鿿々]{1,4}", name):
        alone = "(?<![一-鿿々])" if len(name) == 1 else ""  # 技術者李家しおりさん
        longer = set(re.findall(rf"{alone}{name}[一-鿿々ぁ-んァ-ヶー]{{1,4}}?(?:さん|氏|先生|様)", text))
        longer = longer or set(re.findall(rf"(?<![一-鿿々]){name}{GIVEN}", text))
    return longer.pop() if len(longer) == 1 else name


def _completed(pieces: list[Piece]) -> list[Piece]:
    """Who speaks by an element, with family and given name where the text gives both: 犬飼 is 犬飼朔さん."""
    names = {piece.speaker for piece in pieces if piece.speaker}
    text = "\n".join(piece.text for piece in pieces) if names else ""
    full = {name: _full(name, dict.fromkeys(names, 0), text) for name in names}
    return [piece.to(speaker=full[piece.speaker]) if piece.speaker else piece for piece in pieces]


def _questions(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Q and A labels become `info`; only where there are both."""
    asked = [piece for piece in pieces if QUESTION.match(piece.text) or LETTER.match(piece.text)]
    answered = [piece for piece in pieces if ANSWER.match(piece.text) or LETTER.match(piece.text)]
    if not asked or not answered:
        return pieces
    out = []
    for piece in _letters_joined(pieces, ledger):
        match = QUESTION.match(piece.text) or ANSWER.match(piece.text)
        if match and piece.kind in SPOKEN | {"heading"}:
            cut = _without(piece, match.end(), "speaker-label", ledger)
            out.append(cut.to(info=match["label"].strip()) if cut.kind != "heading" else cut)
        else:
            out.append(piece)
    return out


def _is_question(piece: Piece) -> bool:
    """A paragraph in bold that asks."""
    return piece.kind == "paragraph" and piece.strong and piece.text.endswith(("。", "？", "?"))


def turns(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """Bold names on lines of their own that come again, each the label of the line below it."""
    alone = Counter(
        piece.text for piece in pieces if piece.strong and piece.kind in SPOKEN and CALLED.match(piece.text)
    )
    names = {name for name, count in alone.items() if count > 1 and HONOURED.search(name)}
    if not names:
        return pieces
    out: list[Piece] = []
    name = ""
    for piece in pieces:
        if piece.strong and piece.text in names:
            ledger.drop(piece.text, "speaker-label", piece.line)
            name = piece.text
        else:
            out.append(piece.to(speaker=name) if name and piece.kind in SPOKEN else piece)
            name = ""
    return out


def _letters_joined(pieces: list[Piece], ledger: Ledger) -> list[Piece]:
    """A letter Q or A, or the word for it, as a line of its own labels what follows; only where both are."""
    found = [match for piece in pieces if (match := LETTER.match(piece.text))]
    if {bool(match["asks"]) for match in found} != {True, False}:
        return pieces
    out: list[Piece] = []
    label = ""
    for piece in pieces:
        if LETTER.match(piece.text) and piece.kind in SPOKEN:
            label = piece.text.strip()
            ledger.drop(piece.text, "speaker-label", piece.line)
        else:
            out.append(piece.to(info=label) if label and piece.kind in SPOKEN else piece)
            label = ""
    return out


def _without(piece: Piece, size: int, reason: str, ledger: Ledger) -> Piece:
    ledger.drop(piece.text[:size], reason, piece.line)
    return piece.cut(size, ledger)
