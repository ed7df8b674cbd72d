"""Generated archives: articles of mixed forms, the same for the same seed, for benchmarks and tests.

usage: python benchmarks/archive.py FOLDER COUNT [--sentences 6 14] [--seed 8]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from html import escape
from pathlib import Path

from docx import Document

PLACES = (
    "港町 山あいの村 駅前の商店街 川沿いの公園 島の診療所 市立図書館 丘の上の学校 古い工場 朝の市場 北の牧場".split()
)
PEOPLE = "漁師 看護師 図書館の司書 高校生 パン職人 町工場の技術者 バスの運転手 農家の人 市の担当者 大学の研究者".split()
THINGS = "新しい地図 小さな船 手書きの看板 三年分の記録 読み聞かせの会 防災の訓練 古い写真 電気バス 地元の野菜 共同の倉庫".split()
DEEDS = "公開しました 直しました 調べています 子どもに見せました 毎週集めています 次の世代に渡します 町の人と作りました".split()
WHEN = "今年の春 先週 去年の秋 およそ十年前 この夏 先月の終わり".split()
ENDS = "反応は予想より良かったそうです。 費用はまだ決まっていません。 続きは来月に分かります。 「続けることが大事です」という声もあります。".split()


def _sentence(dice: random.Random) -> str:
    if dice.random() < 0.25:
        return dice.choice(ENDS)
    number = dice.randint(2, 4_800)
    return (
        f"{dice.choice(WHEN)}、{dice.choice(PLACES)}の{dice.choice(PEOPLE)}が{dice.choice(THINGS)}を"
        f"{dice.choice(['', f'{number}人の前で', f'約{number}日かけて', '静かに'])}{dice.choice(DEEDS)}。"
    )


def _sections(dice: random.Random, count: int) -> list[tuple[str, list[str]]]:
    """Headings with their paragraphs of two or three sentences."""
    found: list[tuple[str, list[str]]] = []
    left = count
    while left > 0:
        paragraphs = []
        for _ in range(2):
            size = min(left, dice.randint(2, 3))
            left -= size
            if size:
                paragraphs.append("".join(_sentence(dice) for _ in range(size)))
        found.append((f"{dice.choice(PLACES)}で", paragraphs))
    return found


Sections = Sequence[tuple[str, list[str]]]


def _markdown(path: Path, title: str, date: str, sections: Sections) -> None:
    parts = [f"---\ndate: {date}\n---\n# {title}"]
    parts += [part for heading, texts in sections for part in (f"## {heading}", *texts)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")


def _text(path: Path, title: str, date: str, sections: Sections) -> None:
    parts = [title, *(part for heading, texts in sections for part in (heading, *texts))]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    _manifest(path, date)


def _html(path: Path, title: str, date: str, sections: Sections) -> None:
    body = "".join(f"<h2>{escape(h)}</h2>" + "".join(f"<p>{escape(t)}</p>" for t in texts) for h, texts in sections)
    path.write_text(
        f'<!doctype html><html lang="ja"><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<body><nav><a href='/'>トップ</a></nav><article><h1>{escape(title)}</h1>{body}</article></body></html>",
        encoding="utf-8",
    )
    _manifest(path, date)


def _rst(path: Path, title: str, date: str, sections: Sections) -> None:
    parts = [f"{title}\n{'=' * 2 * len(title)}"]
    parts += [part for h, texts in sections for part in (f"{h}\n{'-' * 2 * len(h)}", *texts)]
    path.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    _manifest(path, date)


def _docx(path: Path, title: str, date: str, sections: Sections) -> None:
    document = Document()
    document.add_heading(title, 0)
    for heading, texts in sections:
        document.add_heading(heading, 1)
        for text in texts:
            document.add_paragraph(text)
    document.save(str(path))
    _manifest(path, date)


def _manifest(path: Path, date: str) -> None:
    path.with_suffix(".yaml").write_text(f'published: "{date}"\n', encoding="utf-8")


FORMS: dict[str, Callable[[Path, str, str, Sections], None]] = {
    ".md": _markdown,
    ".txt": _text,
    ".html": _html,
    ".rst": _rst,
    ".docx": _docx,
}


def write(folder: Path, count: int, *, seed: int = 8, sentences: tuple[int, int] = (6, 14)) -> None:
    """`count` articles in turn of every form in `FORMS`, each with a date, so that the episode's bytes do not depend on
    the clock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    forms = list(FORMS.items())
    for number in range(count):
        dice = random.Random(f"{seed} {number}")
        suffix, form = forms[number % len(forms)]
        title = f"第{number + 1}号 {dice.choice(PLACES)}の{dice.choice(THINGS)}"
        date = f"20{10 + number // 336 % 90:02}-{1 + number // 28 % 12:02}-{1 + number % 28:02} 07:00"
        form(folder / f"a{number:06}{suffix}", title, date, _sections(dice, dice.randint(*sentences)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("--sentences", type=int, nargs=2, default=(6, 14))
    parser.add_argument("--seed", type=int, default=8)
    args = parser.parse_args()
    write(args.folder, args.count, seed=args.seed, sentences=tuple(args.sentences))


if __name__ == "__main__":
    main()
