"""Interviews in plain paragraphs: 佐藤: こんにちは。 A label counts when it comes back; its long form gives the name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import replace

from yomicast.model import Block, Dropped, Ruby
from yomicast.patterns import expression
from yomicast.script import people

LABEL = expression(
    r"^(?P<who>[^\s:：。、「」『』()（）\[\]/0-9][^:：。、「」『』\[\]/\n]{0,38}?)[\s　]*(?:[:：][\s　]*)(?=\S)"
)
SHORT_FORM = expression(r"^(?P<long>.+?)[\s　]*[（(](?P<short>[^（()）]{1,20})[)）]$")
NO_NAME = expression(
    r"(?:日時|日程|期間|会場|場所|住所|料金|定員|対象|申込|申し込み|申込み|問い合わせ|問合せ|電話|メール|主催|共催|後援|協力|参加費|入場料|開催|時間|予算|内容|講師|持ち物|備考|注意?|注意点|補足|例|参考|出典|著者|写真|"
    r"文|図\d*|表\d*|Step|STEP|ステップ|ポイント|結論|理由|原因|対策|方法|手順|目的|概要|前提|条件|価格|定価|発売日?|販売|サイズ|重さ|色|素材|原題|監督|出演|URL|TEL|FAX|Tel|Fax|Email|E-mail|https?|TODO|NOTE|Note|追記|更新日?|締切|募集|報酬|勤務地|材料|作り方|分量|所要時間|営業時間|定休日|アクセス|最寄り?駅?)$"
)
QUESTION = expression(r"^(?:Q|Ｑ|質問|問|Question)[.．\d]*$")
ANSWER = expression(r"^(?:A|Ａ|回答|答え?|Answer)[.．\d]*$")


def labelled(blocks: Sequence[Block], known: Collection[str] = ()) -> tuple[list[Block], list[Dropped]]:
    """Blocks with interview labels turned into speakers, and the labels taken out of the text.

    A list or quotation after a turn stays with its speaker until a heading comes. `known`: names that the author gave
    a voice; their labels count even where they stand once.
    """
    found = {
        n: match for n, block in enumerate(blocks) if block.kind == "paragraph" and (match := LABEL.match(block.text))
    }
    said = [match["who"].strip() for match in found.values()]
    marked = any(block.speaker for block in blocks if block.kind == "paragraph")
    names = {**({} if marked else _names(said)), **{who: who for who in said if who in known}}
    out: list[Block] = []
    dropped: list[Dropped] = []
    for n, block in enumerate(blocks):
        match = found.get(n)
        if match is None or match["who"].strip() not in names:
            out.append(block)
            continue
        out.append(_turn(block, match, names))
        dropped.append(Dropped(text=match[0].strip(), reason="speaker-label", place=block.place))
    return (_carried(out) if marked or names else out), dropped


def by_cast(blocks: Sequence[Block], known: Collection[str]) -> list[Block]:
    """The blocks with each speaker called as the author's cast does: 浜田 for 浜田花 and 店長の浜田さん, if one name fits."""
    names = {block.speaker: block.speaker for block in blocks if block.speaker}
    for name in names:
        bare = people.name(name)
        fits = [other for other in known if any(n.startswith(other) or other.startswith(n) for n in (name, bare))]
        if name not in known and len(fits) == 1:
            names[name] = fits[0]
    return [replace(block, speaker=names[block.speaker]) if block.speaker else block for block in blocks]


def _carried(blocks: Sequence[Block]) -> list[Block]:
    out: list[Block] = []
    speaker = ""
    for block in blocks:
        if block.kind in ("heading", "title", "break"):
            speaker = ""
        elif block.kind == "paragraph":
            speaker = block.speaker
        takes = speaker and not block.speaker and block.kind in ("list_item", "quote")
        out.append(replace(block, speaker=speaker) if takes else block)
    return out


def _names(labels: Sequence[str]) -> dict[str, str]:
    """Label to full name, for labels that are a conversation's: two at least, one of them twice, no form field."""
    full: dict[str, str] = {}
    for label in labels:
        if match := SHORT_FORM.match(label):
            full.setdefault(match["short"], match["long"].strip())
            full.setdefault(label, match["long"].strip())
    keyed = Counter(full.get(label, label) for label in labels if not NO_NAME.search(label) and len(label) <= 40)
    talkers = {name for name, count in keyed.items() if count >= 2}
    if not talkers or len(keyed) < 2 or sum(keyed.values()) < 4:
        return {}
    return {
        label: full.get(label, label)
        for label in labels
        if full.get(label, label) in keyed and not NO_NAME.search(label)
    }


def _turn(block: Block, match: re.Match[str], names: dict[str, str]) -> Block:
    start = match.end()
    rubies = tuple(
        Ruby(start=r.start - start, end=r.end - start, reading=r.reading) for r in block.rubies if r.start >= start
    )
    return replace(block, text=block.text[start:], rubies=rubies, speaker=names[match["who"].strip()])
