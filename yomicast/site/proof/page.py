"""Script to one self-contained HTML page. Pure but for the template, style and script that lie beside this module.

The page loads nothing: style and script stand in it, and its Content-Security-Policy names their hashes, so nothing
else can run. Everything from the article is escaped by the template.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Literal

from jinja2 import Environment, FunctionLoader, StrictUndefined

from yomicast.model import Message, Script
from yomicast.site.proof.view import LABELS, WHY, risks, rows

Language = Literal["en", "ja"]

TEXTS: Mapping[str, Message] = {
    "sheet": Message("Reading proof sheet", "読み校正シート"),
    "skip": Message("Skip to the lines", "本文へ進む"),
    "tip_static": Message(
        "Corrections you type here become lines to paste. To save them at once: yomicast proof --serve",
        "ここで直した読みは、貼り付ける行になります。そのまま保存するには yomicast proof --serve で開いてください",
    ),
    "legend": Message("Accent line: high above, falls at the edge", "アクセント線: 線のある拍が高く、縦線で下がります"),
    "risks": Message("Look at these first", "先に確かめたい語"),
    "no_risks": Message("No word is in doubt.", "疑わしい語はありません。"),
    "also": Message("Other readings:", "ほかの読み:"),
    "stands": Message("lines", "行"),
    "fix": Message("Correct", "直す"),
    "lines": Message("Every line", "すべての行"),
    "shown": Message("Shown in the transcript:", "字幕の表記:"),
    "accent": Message("accent", "アクセント"),
    "place": Message("in the article:", "記事の位置:"),
    "play": Message("Listen", "聞く"),
    "editor": Message("Correct a reading", "読みを直す"),
    "words": Message("Word of this line", "この行の語"),
    "word": Message("Word as written", "表記"),
    "reading": Message("Reading", "読み"),
    "hint": Message(
        "Kana, with ' where pitch falls (ナ'トー); 0 at the end is flat (さくら0); neither leaves the accent open.",
        "かなで書き、下がる所に ' を入れます(ナ'トー)。平らなら末尾に 0(さくら0)。どちらもなければアクセントは自動です。",
    ),
    "scope": Message("Counts for", "効く範囲"),
    "scope_show": Message("the whole show (lexicon)", "番組全体(辞書)"),
    "scope_episode": Message("this episode only", "この回だけ"),
    "scope_place": Message("this one place (a mark to write into the article)", "この一か所だけ(記事に書き込む印)"),
    "save": Message("Save", "保存する"),
    "take": Message("Note it down", "書き留める"),
    "cancel": Message("Cancel", "やめる"),
    "reload": Message("Read again", "読み直す"),
    "paste": Message("Lines to paste", "貼り付ける行"),
    "paste_show": Message("Into voices/lexicon.yaml", "voices/lexicon.yaml へ"),
    "paste_episode": Message("Into the episode's .yaml", "この回の .yaml へ"),
    "paste_place": Message("Into the article, in place of the word", "記事の語と置き換える印"),
    "copy_lines": Message("Copy", "コピー"),
}
SAID: Mapping[str, Message] = {
    "notKana": Message(
        "This is not kana, or the ' stands where no beat ends.", "かなではないか、' の位置が拍の切れ目ではありません。"
    ),
    "taken": Message(
        "Noted: copy it from 'Lines to paste'.", "書き留めました。「貼り付ける行」からコピーしてください。"
    ),
    "copied": Message("Copied.", "コピーしました。"),
    "silent": Message("The sound cannot be played.", "音を再生できません。"),
    "gone": Message(
        "yomicast proof --serve has ended: start it again.",
        "yomicast proof --serve が終わっています。開き直してください。",
    ),
}
"""What the page's script says."""


def proof_sheet(
    script: Script, *, sounds: Mapping[int, str] | None = None, language: Language = "ja", served: bool = False
) -> str:
    """The proof sheet of a script whose lines have words.

    Args:
        script: as the reading room gives it.
        sounds: index of a line (from 0) to the address of its sound: `data:`, or relative to the page.
        language: of labels and explanations.
        served: corrections are sent to the server the page came from; otherwise they become lines to paste.

    Returns:
        A whole HTML document; the same script gives the same text.
    """
    lines = rows(script, sounds or {})
    flagged = risks(lines)
    style, code = _part("sheet.css"), _part("sheet.js")
    return (
        _environment()
        .get_template("sheet.html.j2")
        .render(
            title=script.title,
            language=language,
            served=served,
            rows=lines,
            risks=flagged,
            summary=_in(
                language,
                Message(
                    f"{len(lines)} lines, {len(flagged)} {'word' if len(flagged) == 1 else 'words'} to look at",
                    f"{len(lines)} 行、確かめたい語 {len(flagged)}",
                ),
            ),
            t={key: _in(language, text) for key, text in TEXTS.items()},
            said={key: _in(language, text) for key, text in SAID.items()},
            labels={key: _in(language, text) for key, text in LABELS.items()},
            why={key: _in(language, text) for key, text in WHY.items()},
            style=style,
            script=code,
            policy=policy(style, code, served=served),
        )
    )


def policy(style: str, code: str, *, served: bool) -> str:
    """The page's Content-Security-Policy: this style, this script, sounds beside the page, and nothing else."""
    return "; ".join(
        (
            "default-src 'none'",
            f"style-src {_hash(style)}",
            f"script-src {_hash(code)}",
            "media-src 'self' data:",
            "connect-src 'self'" if served else "connect-src 'none'",
            "base-uri 'none'",
            "form-action 'none'",
        )
    )


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _in(language: Language, text: Message) -> str:
    return text.ja if language == "ja" else text.en


@cache
def _part(name: str) -> str:
    return resources.files("yomicast.site.proof").joinpath(name).read_text(encoding="utf-8")


@cache
def _environment() -> Environment:
    return Environment(
        autoescape=True, undefined=StrictUndefined, loader=FunctionLoader(_part), keep_trailing_newline=True
    )
