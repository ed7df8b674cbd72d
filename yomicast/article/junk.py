"""Rules of language for lines that are no article: stock credits, English image texts, buttons, ads, notices.

Used by every reader. A rule names its reason; it must hold for any article, so it looks at wording that sites share,
never at one site's.
"""

from __future__ import annotations

import re

from yomicast.article.ledger import Ledger, Piece
from yomicast.patterns import expression

JAPANESE = expression(r"[ぁ-んァ-ヶ一-鿿々〆]")
SENTENCE_END = expression(r"[。．.!！?？…‥」』）)\]】〕♪☆w笑〜～:：]\s*$")
STOCK = (
    r"(?:unsplash|pexels|pixabay|getty\s*images?|gettyimages|shutterstock|i\s?stock(?:photo)?|adobe\s*stock|flickr|"
    r"wikimedia(?:\s+commons)?|wikipedia|freepik|burst|stocksnap|canva|alamy|afp|reuters|ロイター|時事|共同|pixta|"
    r"ピクスタ|写真\s?ac|photo\s?ac|イラスト\s?ac|photoac|ぱくたそ|pakutaso|いらすとや|アフロ|ゲッティ(?:イメージズ)?|"
    r"アドビストック|アマナ(?:イメージズ)?|amanaimages|o-dan|foodiesfeed|picjumbo|rawpixel|depositphotos|123rf|dreamstime)"
)
_LEAD = r"^[\s　(（\[【〔※*＊▲△▼↑↓←→■◆●©Ⓒ🄫📷📸]*"
CREDIT = expression(
    rf"{_LEAD}(?:"
    r"(?:photo(?:graph)?s?|images?|pictures?|pics?|illustrations?|artwork|cover\s+(?:photo|image)|header\s+image|featured\s+image)"
    r"\s*(?:credits?\s*)?(?:by|from|via|courtesy(?:\s+of)?|[:：/©])\s*\S.{0,120}$"
    rf"|(?:credits?|source|via|from)\s*[:：]?\s*(?:.{{0,60}}\b)?{STOCK}.{{0,60}}$"
    rf"|.{{1,60}}\s(?:on|from|via|/|／|@)\s*{STOCK}\W*$"
    rf"|.{{0,40}}?{STOCK}\s*[/／|｜]\s*.{{1,60}}$"
    rf"|(?!時事|共同|ロイター){STOCK}\s*[:：＝=・]\s*[^。]{{1,40}}$"
    r"|(?:写真|画像|イラスト|図版|撮影|photo|サムネイル|アイキャッチ|ヘッダー|トップ)(?:画像|写真)?(?:の?(?:出典|引用元|提供|出所|引用|素材|クレジット|ソース|元)|協力|者)?"
    r"\s*[:：/／＝=]\s*\S.{0,80}?$"
    rf"|(?:写真|画像|イラスト)は.{{0,40}}(?:{STOCK}|イメージ(?:です|画像|写真)?).{{0,20}}$"
    rf"|(?:出典|引用元|提供|出所|素材|クレジット|(?:c|©))\s*[:：/／＝=]?\s*(?:.{{0,40}})?{STOCK}.{{0,60}}$"
    rf"|(?:©|\(c\)|Ⓒ|ⓒ)\s*.{{1,60}}$"
    rf"|{STOCK}(?:より|から|提供)?\W*$"
    r"|(?<=[（(\[【])[^。]{1,30}(?:撮影|提供)[)）\]】]$"
    r")",
    re.IGNORECASE,
)
CREDIT_PROSE = expression(r"(?:です|ます|でした|ました|ください|である|だった|[。！？])\s*$")
LATIN_WORD = expression(r"[A-Za-z][A-Za-z'’\-]*")


TAKEN = expression(r"^[^。、「」]{2,20}(?:撮影|提供|写す)$")
"""Who took a picture, where the line stands with one."""


def is_credit(line: str, *, shown: bool = False) -> bool:
    """A line that only says whose picture it is. `shown`: it stands with the picture."""
    line = line.strip()
    if not line or len(line) > 160 or CREDIT_PROSE.search(line):
        return False
    return bool(CREDIT.match(line) or (shown and TAKEN.match(line)))


STOCK_FILE = expression(rf"(?<![a-z]){STOCK}(?![a-z])", re.IGNORECASE)


def owner(source: str, alt: str) -> str:
    """Whose a picture is by its own text or by a stock library's name in its address; empty when neither says."""
    if is_credit(alt):
        return alt
    named = STOCK_FILE.search(source)
    return named[0] if named else ""


def is_latin(line: str) -> bool:
    """No Japanese character, but letters."""
    return not JAPANESE.search(line) and bool(LATIN_WORD.search(line))


ALT_OPENING = expression(
    r"^(?:an?|the|two|three|four|some|several|many|group|person|people|man|men|woman|women|boy|girl|child|children|close-?up|"
    r"aerial|silhouette|low|high|top|selective|grayscale|black|white|photo|image|view|assorted)\b",
    re.IGNORECASE,
)
ALT_WORDS = expression(
    r"\b(?:photo(?:graphy)?|screengrab|interface|daytime|nighttime|during|wearing|holding|standing|sitting|beside|near|"
    r"inside|background|close-up|photograph|smartphone|laptop|building|people|person|man|woman|using|on top of)\b",
    re.IGNORECASE,
)


def alt_likeness(line: str) -> int:
    """How much a line without Japanese reads like an image's English alt text: 0 not at all .. 3 surely."""
    line = line.strip()
    words = LATIN_WORD.findall(line)
    if not is_latin(line) or not words or len(line) > 200 or re.search(r"[.!?;=<>{}()\[\]/\\@#|`$]", line):
        return 0
    score = 1
    score += bool(ALT_OPENING.match(line)) and len(words) > 2
    score += len(set(map(str.lower, ALT_WORDS.findall(line)))) > 0 and len(words) > 1
    return min(score, 3)


TAIL = expression(
    rf"[\s　]*[(（\[【〔](?P<credit>(?:(?:写真|画像|撮影|出典|提供|イラスト)\s*(?:[:：=＝/／・]|は.{{0,30}}(?:提供|撮影)|提供|撮影)|(?:photo|image|credit)\b|©|\(c\)|{STOCK})[^()（）]{{0,60}}|[^()（）、。]{{1,20}}(?:撮影|提供))[)）\]】〕][\s。]*$"
    rf"|(?:[\s　]+|(?<=。))(?P<bare>(?:photo\s+by|image\s+by|©|\(c\)|写真[:：]|撮影[:：]|出典[:：]|画像[:：]|提供[:：])\s*\S.{{0,60}})$"
    rf"|(?:(?<=。)|(?<=[^\s　])[\s　]+)(?P<by>(?:写真|撮影|画像|提供|イラスト|図版)(?:・(?:写真|撮影|画像|提供|イラスト|図版))?[\s　]*[／/＝=｜|][\s　]*[^。、\s　／/＝=]{{2,16}}(?:[\s　][^。、\s　]{{1,8}})?)$"
    rf"|(?P<slash>[、=＝／/]\s*[^。、\s=＝]{{1,14}}(?:撮影|提供))$",
    re.IGNORECASE,
)


def without_credit_tail(piece: Piece, ledger: Ledger) -> Piece:
    """A caption without the photographer at its end."""
    match = TAIL.search(piece.text)
    if not match or match.start() == 0:
        return piece
    ledger.drop(match[0], "photo-credit", piece.line)
    return piece.to(text=piece.text[: match.start()], rubies=tuple(r for r in piece.rubies if r.end <= match.start()))
