"""Where nothing but layout tells an article from its page: pasted text, mail magazines, pages of tables (data/layouts)."""

import html
import re
from pathlib import Path

import pytest

from yomicast import article

PAGES = sorted(
    path
    for path in (Path(__file__).resolve().parents[1] / "data" / "layouts").iterdir()
    if path.suffix in (".txt", ".html")
)
SIGN = re.compile(r"^■|^[◇◆●□▼◎★＊]?(?:[\d０-９]+[.．　])?\s?")
NUMBER = re.compile(r"^(?:[１-９]　|（[１-９]）)")
SPEAKER = re.compile(r"^○[^（）　]+(?:（[^（）]+）)?　")
FRAME = re.compile(r"^[【＜]([^】＞]+)[】＞]$")


def squeezed(text):
    return re.sub(r"[\s　]", "", text)


def read(annotated):
    """The page as it would be met, what must be heard of it in order, what must not and what may."""
    mail = annotated.name.startswith("b")
    source, heard, dropped, either = [], [], [], []
    for row in annotated.read_text("utf-8").split("\n"):
        mark, _, line = row.partition("|")
        numbered = mark == "L" and NUMBER.match(line)
        source += [] if mark == "N" else [("・" if mark == "L" and not numbered else "") + line]
        seen = html.unescape(re.sub(r"<[^>]+>", "", line)) if annotated.suffix == ".html" else line
        if mark == "+":
            heard[-1] = (heard[-1][0], heard[-1][1] + squeezed(line))
        elif (
            mark == "P" and mail and heard and heard[-1][0] == "P" and not line.startswith("　") and source[-2].strip()
        ):
            heard[-1] = ("P", heard[-1][1] + squeezed(line))
        elif mark in tuple("TN23PLS"):
            seen = SPEAKER.sub("", seen) if mark == "S" else NUMBER.sub("", seen) if numbered else seen
            heard.append(
                (
                    {"N": "T", "S": "P"}.get(mark, mark),
                    squeezed(FRAME.sub(r"\1", SIGN.sub("", seen)) if mark in "23" else seen),
                )
            )
        else:
            {"X": dropped, "O": either}.get(mark, []).append(squeezed(seen))
    return "\n".join(source), heard, dropped, either


def ranked(found):
    levels = sorted({block.level for block in found.blocks if block.kind == "heading"})
    kinds = {"title": "T", "list_item": "L"}
    blocks = [
        (str(2 + levels.index(b.level)) if b.kind == "heading" else kinds.get(b.kind, "P"), squeezed(b.text))
        for b in found.blocks
    ]
    blocks = [block for block in blocks if block[1]]  # a table has no line of its own
    return blocks if blocks[0][0] == "T" else [("T", squeezed(found.title)), *blocks]


@pytest.mark.parametrize("annotated", PAGES, ids=lambda path: path.stem)
def test_only_the_article_is_heard(tmp_path, annotated):
    source, heard, dropped, either = read(annotated)
    page = tmp_path / annotated.name
    page.write_bytes(source.encode("cp932" if annotated.name.startswith("b") else "utf-8"))
    found = article.read(str(page))
    got = ranked(found)
    assert [block for block in got if block in heard or not any(block[1] in line for line in either)] == heard
    gone = squeezed("".join(item.text for item in found.dropped))
    letters = re.compile(r"[^\W\d_]{4,}")
    assert [word for line in dropped for word in letters.findall(line) if word not in gone] == []
