"""How much of an article each reader finds, and how much it lets through that must not be heard.

usage: python benchmarks/extraction.py [FOLDER ...]

A folder holds pages with a gold file of the same name (.json, the team's script-score shape); without one, the pages
of tests/data/articles and, where they are, ../shared's. Only pages in HTML are given to trafilatura, readability-lxml and
markitdown where the reader takes nothing else (`-`). Measures, 0..1: char-F = characters in shared 6-grams after NFKC
without punctuation; leak = share of the must-not-be-heard text that comes through.
"""

from __future__ import annotations

import io
import json
import logging
import re
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from yomicast import article, config

ROOT = Path(__file__).resolve().parents[1]
SILENT = {"break", "code", "math", "footnote", "figure", "table", "title"}
SIZE = 6
SHARED_GOLD = {"shunou-kaidan": "shunou-kaidan", "e03": "e03_k8s_bookclub", "e04": "e04_reiwa", "h03": "h03_chumon"}


def norm(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).lower()
    return "".join(char for char in folded if unicodedata.category(char)[0] in "LN" or char in "ー々%×+")


def grams(text: str, size: int) -> list[str]:
    return [text[n : n + size] for n in range(len(text) - size + 1)]


def covered(text: str, other: str) -> int:
    """Characters of `text` inside 6-grams that `other` has too."""
    size = min(SIZE, len(text)) or 1
    left = Counter(grams(other, size))
    marks = [False] * len(text)
    for n, gram in enumerate(grams(text, size)):
        if left[gram] > 0:
            left[gram] -= 1
            marks[n : n + size] = [True] * size
    return sum(marks)


def measures(gold: Mapping[str, Any], heard: str) -> tuple[float, float]:
    """(char-F, leak)."""
    wanted = norm("".join(sentence for block in gold["blocks"] for sentence in block["sentences"]))
    for item in gold.get("optional", []):
        heard = heard.replace(norm(item["text"]), "", 1) if norm(item["text"]) not in wanted else heard
    precision = covered(heard, wanted) / max(1, len(heard))
    recall = covered(wanted, heard) / max(1, len(wanted))
    score = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    total = leaked = 0
    allowed, said = set(grams(wanted, 4)), set(grams(heard, 4))
    for item in gold.get("dropped", []):
        text = norm(item["text"])
        found = [n for n, gram in enumerate(grams(text, 4)) if gram in said and gram not in allowed]
        total += len(text)
        leaked += len({n + k for n in found for k in range(4)})
    return score, leaked / max(1, total)


def by_yomicast(path: Path) -> str:
    found = article.read(str(path), front_matter=config.front_matter)
    return found.title + "".join(
        re.sub(r"\$[^$]+\$", "", block.text) for block in found.blocks if block.kind not in SILENT
    )


def by_trafilatura(path: Path) -> str:
    import trafilatura

    return trafilatura.extract(path.read_bytes(), include_comments=False) or ""


def by_readability(path: Path) -> str:
    from readability import Document

    data = path.read_bytes()
    document = Document(data.decode("cp932" if b"shift_jis" in data[:500].lower() else "utf-8"))
    return document.title() + re.sub(r"<[^>]+>", "", document.summary())


def by_markitdown(path: Path) -> str:
    from markitdown import MarkItDown

    return MarkItDown().convert_stream(io.BytesIO(path.read_bytes()), file_extension=path.suffix).text_content


READERS: Mapping[str, tuple[Callable[[Path], str], frozenset[str]]] = {
    "yomicast": (by_yomicast, frozenset()),
    "trafilatura": (by_trafilatura, frozenset({".html"})),
    "readability": (by_readability, frozenset({".html"})),
    "markitdown": (by_markitdown, frozenset({".html", ".txt", ".md", ".xml"})),
}
"""Name: the call and the suffixes it takes (none named: all)."""


def pairs(folders: list[Path]) -> Iterator[tuple[Path, Path]]:
    """(page, gold)."""
    for folder in folders:
        for page in sorted(folder.iterdir()):
            if page.suffix != ".json" and page.with_suffix(".json").exists():
                yield page, page.with_suffix(".json")
    shared = next(
        (path for path in (ROOT.parent / "shared", ROOT.parents[1] / "shared") if (path / "gold").is_dir()), None
    )
    if shared and folders == [ROOT / "tests/data/articles"]:
        for gold, name in SHARED_GOLD.items():
            page = next(iter((shared / "articles").glob(f"{name}.*")), None)
            if page is not None:
                yield page, shared / "gold" / f"{gold}.json"


def cell(name: str, page: Path, gold: Mapping[str, Any]) -> tuple[float, float] | None:
    call, suffixes = READERS[name]
    if suffixes and page.suffix not in suffixes:
        return None
    try:
        return measures(gold, norm(call(page)))
    except Exception as error:  # noqa: BLE001 another project's failure is a result here
        print(f"{name} on {page.name}: {type(error).__name__}", file=sys.stderr)
        return 0.0, 0.0


def main(folders: list[str]) -> None:
    """Print the table."""
    logging.disable(logging.CRITICAL)
    sums: dict[str, list[tuple[float, float]]] = {name: [] for name in READERS}
    print(f"{'char-F / leak':24}" + "".join(f"{name:>16}" for name in READERS))
    for page, gold_path in pairs([Path(folder) for folder in folders] or [ROOT / "tests/data/articles"]):
        gold = json.loads(gold_path.read_text(encoding="utf-8"))
        row = f"{page.stem[:23]:24}"
        for name in READERS:
            result = cell(name, page, gold)
            row += f"{'-':>16}" if result is None else f"{result[0]:>9.3f} / {result[1]:.2f}"
            if result is not None:
                sums[name].append(result)
        print(row)
    print(
        f"{'mean of what it takes':24}"
        + "".join(f"{sum(x for x, _ in s) / len(s):>9.3f} / {sum(y for _, y in s) / len(s):.2f}" for s in sums.values())
    )


if __name__ == "__main__":
    main(sys.argv[1:])
