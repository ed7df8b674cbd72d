"""Decision trees with wildcard questions: which PDF a full-context label is given.

A question is a list of patterns of `*` (any text) and `?` (one character); it is true when one pattern matches the
whole label. A tree asks one question a node. Formats and meaning: HTS_engine API 1.10 (HTS_model.c).

Labels are long and repeat themselves in pieces, so a label is cut into sections at `/A:` … `/K:` and each section
remembers which questions it makes true; a label's answers are the union over its sections. Patterns that could reach
over a section's edge are asked of the whole label instead, so that any voice is read correctly.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast.errors import ConfigError
from yomicast.model import Message
from yomicast.patterns import expression

Bools: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Patterns: TypeAlias = tuple[str, ...]

MAX_NODES: Final = 200_000
MAX_DEPTH: Final = 1_000
MAX_QUESTIONS: Final = 20_000
MAX_PATTERNS: Final = 5_000
MAX_PATTERN: Final = 200
MAX_SECTIONS: Final = 20_000
"""Sections remembered before the memory is emptied."""

_TOKEN: Final = expression(r"'([^']*)'|\"([^\"]*)\"|(,|[^ \t\r\n]+)")
_HEAD: Final = expression(r"/[A-Z]:")
_START, _END = "\x02", "\x03"


def broken(en: str, ja: str) -> ConfigError:
    """The error every fault of a voice file becomes."""
    return ConfigError(
        Message(f"not a usable .htsvoice file: {en}", f".htsvoice ファイルとして使えません: {ja}"),
        hint=Message(
            "use another voice file, or fetch this one again", "別の声のファイルを使うか、入手し直してください"
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tree:
    """One tree of a model.

    `state`: the HMM state it is for (2 = the first). `when`: patterns of the labels it is for, empty = all.
    `question`, `no`, `yes`: one number a node; a child n ≥ 0 is node n, a child n < 0 is the leaf with PDF −n (from 1).
    A tree without nodes is the single leaf `leaf`.
    """

    state: int
    when: Patterns
    question: Ints
    no: Ints
    yes: Ints
    leaf: int
    depth: int


def parse(text: str) -> tuple[dict[str, Patterns], list[Tree], list[tuple[str, ...]]]:
    """Questions and trees of a tree section; the third list names the questions that each tree's numbers mean.

    Raises:
        ConfigError: not the grammar, or larger than any real voice.
    """
    tokens = [next(part for part in match.groups() if part is not None) for match in _TOKEN.finditer(text)]
    questions: dict[str, Patterns] = {}
    trees: list[Tree] = []
    names: list[tuple[str, ...]] = []
    at = 0
    while at < len(tokens):
        word = tokens[at]
        if word == "QS":
            at = _read_question(tokens, at + 1, questions)
        elif (found := re.search(r"\[(\d{1,4})\]", word)) is not None:
            at, tree, asked = _read_tree(tokens, at + 1, int(found[1]), _conditions(word), questions)
            trees.append(tree)
            names.append(asked)
        else:
            raise broken(f"unexpected '{word[:40]}' in a tree", f"決定木に '{word[:40]}' があります")
        if len(questions) > MAX_QUESTIONS or len(trees) > 100:
            raise broken("too many questions or trees", "質問または決定木が多すぎます")
    return questions, trees, names


def _read_question(tokens: Sequence[str], at: int, questions: dict[str, Patterns]) -> int:
    try:
        name = tokens[at]
        if tokens[at + 1] != "{":
            raise broken(f"question '{name[:40]}' has no patterns", f"質問 '{name[:40]}' にパターンがありません")
        close = tokens.index("}", at + 2)
    except (IndexError, ValueError):
        raise broken("a question is cut off", "質問が途中で切れています") from None
    patterns = tuple(word for word in tokens[at + 2 : close] if word != ",")
    if len(patterns) > MAX_PATTERNS or any(len(pattern) > MAX_PATTERN for pattern in patterns):
        raise broken(f"question '{name[:40]}' is too large", f"質問 '{name[:40]}' が大きすぎます")
    questions[name] = patterns
    return close + 1


def _conditions(word: str) -> Patterns:
    inner = re.search(r"\{\(?(.*?)\)?\}", word)
    return tuple(part for part in inner[1].split(",") if part) if inner else ()


def _read_tree(
    tokens: Sequence[str], at: int, state: int, when: Patterns, questions: Mapping[str, Patterns]
) -> tuple[int, Tree, tuple[str, ...]]:
    if at >= len(tokens):
        raise broken("a tree is cut off", "決定木が途中で切れています")
    if tokens[at] != "{":
        nothing = np.zeros(0, np.int64)
        leaf = _leaf(tokens[at])
        return at + 1, Tree(state=state, when=when, question=nothing, no=nothing, yes=nothing, leaf=leaf, depth=0), ()
    try:
        close = tokens.index("}", at + 1)
    except ValueError:
        raise broken("a tree is cut off", "決定木が途中で切れています") from None
    cells = tokens[at + 1 : close]
    if len(cells) % 4 or not cells or len(cells) > 4 * MAX_NODES:
        raise broken("a tree's rows are not of four cells", "決定木の行が 4 項目ではありません")
    rows = [tuple(cells[n : n + 4]) for n in range(0, len(cells), 4)]
    tree, asked = _linked(rows, state, when, questions)
    return close + 1, tree, asked


def _linked(
    rows: Sequence[tuple[str, ...]], state: int, when: Patterns, questions: Mapping[str, Patterns]
) -> tuple[Tree, tuple[str, ...]]:
    """Rows (node, question, no, yes) as arrays; every node but the first must have exactly one parent before it."""
    place = {row[0]: n for n, row in enumerate(rows)}
    if len(place) != len(rows):
        raise broken("a tree node stands twice", "決定木の節が重複しています")
    asked = tuple(dict.fromkeys(row[1] for row in rows))
    number = {name: n for n, name in enumerate(asked)}
    for name in asked:
        if name not in questions:
            raise broken(f"question '{name[:40]}' is not defined", f"質問 '{name[:40]}' が定義されていません")
    depth = np.zeros(len(rows), np.int64)
    parents = 0
    children: tuple[list[int], list[int]] = ([], [])
    for n, row in enumerate(rows):
        for side, cell in zip(children, row[2:], strict=True):
            if not re.fullmatch(r"-?\d{1,9}", cell):
                side.append(-_leaf(cell))
                continue
            child = place.get(cell, 0)
            if child <= n or depth[child]:
                raise broken(f"tree node {cell} is missing or has two parents", f"決定木の節 {cell} が正しくありません")
            depth[child] = depth[n] + 1
            parents += 1
            side.append(child)
    deepest = int(depth.max()) + 1
    if parents != len(rows) - 1 or deepest > MAX_DEPTH:
        raise broken("a tree is not a tree, or too deep", "決定木の形が正しくないか、深すぎます")
    return Tree(
        state=state,
        when=when,
        question=np.array([number[row[1]] for row in rows], np.int64),
        no=np.array(children[0], np.int64),
        yes=np.array(children[1], np.int64),
        leaf=0,
        depth=deepest,
    ), asked


def _leaf(name: str) -> int:
    digits = re.search(r"(\d{1,9})$", name)
    if digits is None or int(digits[1]) == 0:
        raise broken(f"'{name[:40]}' names no PDF", f"'{name[:40]}' は PDF を指していません")
    return int(digits[1])


def matches(label: str, patterns: Patterns) -> bool:
    """Whether one of the patterns matches the whole label."""
    return any(_matches(label, pattern) for pattern in patterns)


def _matches(label: str, pattern: str) -> bool:
    """Each piece between stars at its first possible place: never a way back, so no pattern takes long."""
    first, *rest = pattern.split("*")
    if not rest:
        return len(label) == len(first) and _fixed(first).match(label) is not None
    end = len(label) - len(rest[-1])
    if end < len(first) or not _fixed(first).match(label) or not _fixed(rest[-1]).match(label, end):
        return False
    at = len(first)
    for piece in rest[:-1]:
        found = _fixed(piece).search(label, at, end)
        if found is None:
            return False
        at = found.end()
    return True


@lru_cache(maxsize=4096)
def _fixed(piece: str) -> re.Pattern[str]:
    """A piece without stars: as many characters as it has, `?` any."""
    return re.compile("".join("." if sign == "?" else re.escape(sign) for sign in piece), re.DOTALL)


def _core(pattern: str) -> str | None:
    """The text between the outer stars with its anchors made visible; None if a section's edge might be crossed."""
    core = _START + pattern + _END
    core = core.removeprefix(_START + "*").removesuffix("*" + _END)
    if "*" in core or core.strip("?") != core or not core:
        return None
    if re.search(r"\?\?\?|\?[A-Z]\?", core) or re.search(r"/(?![A-Z]:)", core) or re.search(r"(?<!/[A-Z]):", core):
        return None
    heads = [(m.start(), m.end()) for m in _HEAD.finditer(core)]
    return core if all(start == 0 or end == len(core) for start, end in heads) else None


class Questions:
    """All questions of a voice, answered for many labels at once."""

    def __init__(self, questions: Sequence[Patterns]) -> None:
        self._whole: list[tuple[int, Patterns]] = []
        self._exact: dict[str, list[int]] = {}
        self._wild: list[tuple[str, re.Pattern[str], list[int]]] = []
        self._rows: dict[str, list[int]] = {}
        self.count = len(questions)
        wild: dict[str, list[int]] = {}
        for number, patterns in enumerate(questions):
            cores = [_core(pattern) for pattern in patterns]
            if None in cores:
                self._whole.append((number, patterns))
                continue
            for core in cores:
                assert core is not None
                (wild if "?" in core else self._exact).setdefault(core, []).append(number)
        for core, numbers in wild.items():
            body = "".join(f"[^{_START}{_END}]" if sign == "?" else re.escape(sign) for sign in core)
            self._wild.append((core.split("?")[0], re.compile(body, re.DOTALL), numbers))
        sizes: dict[str, set[int]] = {}
        for core in self._exact:
            sizes.setdefault(core[0], set()).add(len(core))
        self._sizes = {first: tuple(sorted(those)) for first, those in sizes.items()}

    def answers(self, labels: Sequence[str]) -> Bools:
        """Shape (labels, questions)."""
        if len(self._rows) > MAX_SECTIONS:
            self._rows = {}
        rows: dict[str, int] = {}
        cut = [[rows.setdefault(section, len(rows)) for section in _sections(label)] for label in labels]
        # Eight questions a byte, eight bytes a word: what is gathered and joined below is an eighth.
        words = -(-self.count // 64)
        table = np.zeros((len(rows) + 1, 64 * words), np.bool_)
        for section, row in rows.items():
            known = self._rows.get(section)
            if known is None:
                known = self._rows[section] = self._answer(section)
            table[row, known] = True
        width = max(map(len, cut), default=0)
        index = np.full((len(labels), width), len(rows))
        for n, parts in enumerate(cut):
            index[n, : len(parts)] = parts
        packed = np.packbits(table, axis=1).view(np.uint64)
        joined = np.zeros((len(labels), words), np.uint64)
        for column in index.T:
            joined |= packed[column]
        result = np.unpackbits(joined.view(np.uint8), axis=1, count=self.count).view(np.bool_)
        for number, patterns in self._whole:
            result[:, number] = [matches(label, patterns) for label in labels]
        return result

    def _answer(self, section: str) -> list[int]:
        """The questions that a section answers with yes."""
        numbers: list[int] = []
        exact, none = self._exact, ()
        for start, first in enumerate(section):
            for size in self._sizes.get(first, none):
                numbers += exact.get(section[start : start + size], none)
        for head, regex, those in self._wild:
            if head in section and regex.search(section):
                numbers += those
        return numbers


def _sections(label: str) -> list[str]:
    """The label cut at its heads; each piece keeps its own head and the next one's."""
    text = _START + label + _END
    heads = [(0, 0), *((m.start(), m.end()) for m in _HEAD.finditer(text)), (len(text), len(text))]
    return [text[start:end] for (start, _), (_, end) in itertools.pairwise(heads)]


def search(tree: Tree, numbers: Ints, answers: Bools) -> Ints:
    """The PDF (from 1) that `tree` gives each label.

    Args:
        tree: the tree.
        numbers: for each question number of the tree, its column in `answers`.
        answers: shape (labels, questions).
    """
    labels = len(answers)
    if not len(tree.question):
        return np.full(labels, tree.leaf, np.int64)
    node = np.zeros(labels, np.int64)
    open_ = np.arange(labels)
    while len(open_):
        at = node[open_]
        said = answers[open_, numbers[tree.question[at]]]
        node[open_] = np.where(said, tree.yes[at], tree.no[at])
        open_ = open_[node[open_] >= 0]
    return -node
