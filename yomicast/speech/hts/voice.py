"""Reads `.htsvoice` files: header, windows, decision trees, PDFs.

The file is a text header ([GLOBAL], [STREAM], [POSITION]) and a block of data whose parts are named by byte ranges
(HTS_engine API 1.10, HTS_model.c). Such files come from strangers: every size is checked against the bytes that are
there before anything is allocated, every number must be finite, and every fault is one `ConfigError`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from yomicast.errors import ConfigError
from yomicast.model import Message
from yomicast.speech.hts import trees
from yomicast.speech.hts.trees import Ints, Patterns, Questions, Tree, broken

Floats: TypeAlias = npt.NDArray[np.float64]
Singles: TypeAlias = npt.NDArray[np.float32]

MAX_BYTES: Final = 64 << 20
MAX_HEADER: Final = 64 << 10
MAX_STATES: Final = 20
MAX_VECTOR: Final = 500
MAX_WINDOWS: Final = 5
MAX_WIDTH: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Model:
    """Trees with the PDFs at their leaves.

    `columns[n]`: where the questions of tree n stand among the voice's questions. `pdfs[n]`: shape (leaves, numbers),
    float32 as in the file: means, then variances, then the voicing weight of an MSD stream.
    """

    trees: tuple[Tree, ...]
    columns: tuple[Ints, ...]
    pdfs: tuple[Singles, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Stream:
    """One stream of parameters: `size` numbers a frame, `msd` if it is silent in unvoiced frames.

    `windows`: dynamic windows, odd length, the first static. `gv`: the model of its global variance.
    """

    name: str
    size: int
    msd: bool
    windows: tuple[Floats, ...]
    model: Model
    gv: Model | None


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Voice:
    """A checked voice file.

    `rate` in Hz, `period` in samples a frame, `states` a phoneme. `streams`: mel-cepstrum, log F0 and, when there is a
    third, the low-pass filter of mixed excitation. `alpha`: the frequency warping its spectrum was trained with.
    `gv_off`: patterns of labels without global variance. `digest`: SHA-256 of the file's bytes, for cache keys.
    """

    rate: int
    period: int
    states: int
    duration: Model
    streams: tuple[Stream, ...]
    alpha: float
    gv_off: Patterns
    questions: Questions
    digest: str


def load(path: Path) -> Voice:
    """Read a voice file.

    Raises:
        ConfigError: the file is missing, too large, truncated, inconsistent, or of a kind this engine cannot speak.
    """
    try:
        if path.stat().st_size > MAX_BYTES:
            raise broken(f"larger than {MAX_BYTES >> 20} MiB", f"{MAX_BYTES >> 20} MiB を超えています")
        return read(path.read_bytes())
    except OSError as error:
        raise ConfigError(
            Message(f"the voice file cannot be read: {error.strerror}", f"声のファイルを読めません: {error.strerror}"),
            where=str(path),
            hint=Message("check the path in the voice's settings", "声の設定のパスを確かめてください"),
        ) from error
    except ConfigError as error:
        raise error.inside(str(path)) from None


def read(raw: bytes) -> Voice:
    """Read a voice from the bytes of its file.

    Raises:
        ConfigError: see `load`.
    """
    mark = raw.find(b"\n[DATA]\n", 0, MAX_HEADER)
    if not raw.startswith(b"[GLOBAL]\n") or mark < 0:
        raise broken("it has no [GLOBAL] … [DATA] header", "[GLOBAL] から [DATA] までの見出しがありません")
    head = _header(raw[:mark].decode("utf-8", "replace"))
    return _Reader(head, memoryview(raw)[mark + len(b"\n[DATA]\n") :], hashlib.sha256(raw).hexdigest()).voice()


def _header(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for line in text.splitlines():
        if not line or line.startswith("["):
            continue
        key, colon, value = line.partition(":")
        if not colon:
            raise broken(f"header line '{line[:40]}'", f"見出しの行 '{line[:40]}'")
        pairs[key] = value
    return pairs


class _Reader:
    """Takes the header and the data apart."""

    def __init__(self, head: Mapping[str, str], data: memoryview, digest: str) -> None:
        self.head, self.data, self.digest = head, data, digest
        self.questions: dict[Patterns, int] = {}

    def voice(self) -> Voice:
        rate, period = self.number("SAMPLING_FREQUENCY", 8_000, 192_000), self.number("FRAME_PERIOD", 16, 4_096)
        states = self.number("NUM_STATES", 1, MAX_STATES)
        names = self.text("STREAM_TYPE").split(",")
        if len(names) != self.number("NUM_STREAMS", 2, 3) or len(set(names)) != len(names):
            raise broken("STREAM_TYPE does not name the streams", "STREAM_TYPE がストリームの数と合いません")
        option = self.head.get(f"OPTION[{names[0]}]", "")
        if re.search(r"GAMMA=(?!0*(\.0*)?(,|$))", option):
            raise broken(
                "its spectrum is LSP (GAMMA), this engine speaks mel-cepstra", "LSP (GAMMA) の声には対応していません"
            )
        duration = self.model("DURATION", states, 1, msd=False, states=1)
        if any((table[:, states:] <= 0).any() for table in duration.pdfs):
            raise broken("a duration has no variance", "継続長の分散が 0 です")
        streams = tuple(self.stream(name, states) for name in names)
        self.check(streams)
        return Voice(
            rate=rate,
            period=period,
            states=states,
            duration=duration,
            streams=streams,
            alpha=_alpha(option),
            gv_off=tuple(re.findall(r'"([^"]{1,200})"', self.head.get("GV_OFF_CONTEXT", ""))),
            questions=Questions(tuple(self.questions)),
            digest=self.digest,
        )

    def check(self, streams: Sequence[Stream]) -> None:
        spectrum, pitch = streams[:2]
        if spectrum.msd or spectrum.size < 2 or not pitch.msd or pitch.size != 1:
            raise broken("its streams are not spectrum and log F0", "ストリームがスペクトルと対数 F0 ではありません")
        if len(streams) == 3 and (streams[2].msd or streams[2].size % 2 == 0):
            raise broken("its low-pass filter has an even length", "低域フィルターの長さが奇数ではありません")

    def text(self, key: str) -> str:
        if key not in self.head:
            raise broken(f"{key} is missing", f"{key} がありません")
        return self.head[key]

    def number(self, key: str, low: int, high: int) -> int:
        value = self.text(key).strip()
        if not re.fullmatch(r"\d{1,9}", value) or not low <= int(value) <= high:
            raise broken(
                f"{key} is '{value[:20]}', not {low}–{high}",
                f"{key} が '{value[:20]}' で、{low}〜{high} ではありません",
            )
        return int(value)

    def part(self, key: str, span: str) -> memoryview:
        found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", span.strip())
        if found is None or not int(found[1]) <= int(found[2]) < len(self.data):
            raise broken(
                f"{key} points outside the file ('{span[:40]}')", f"{key} がファイルの外を指しています ('{span[:40]}')"
            )
        return self.data[int(found[1]) : int(found[2]) + 1]

    def stream(self, name: str, states: int) -> Stream:
        size = self.number(f"VECTOR_LENGTH[{name}]", 1, MAX_VECTOR)
        msd = self.number(f"IS_MSD[{name}]", 0, 1) == 1
        spans = self.text(f"STREAM_WIN[{name}]").split(",")
        if len(spans) != self.number(f"NUM_WINDOWS[{name}]", 1, MAX_WINDOWS):
            raise broken(f"{name}: windows are missing", f"{name}: 窓が足りません")
        windows = tuple(self.window(name, span) for span in spans)
        if not np.array_equal(windows[0], [1.0]):
            raise broken(f"{name}: the first window is not static", f"{name}: 最初の窓が静的ではありません")
        model = self.model("STREAM", size, len(windows), msd=msd, states=states, name=f"[{name}]")
        has_gv = self.number(f"USE_GV[{name}]", 0, 1) == 1
        gv = self.model("GV", size, 1, msd=False, states=1, name=f"[{name}]") if has_gv else None
        return Stream(name=name, size=size, msd=msd, windows=windows, model=model, gv=gv)

    def window(self, name: str, span: str) -> Floats:
        try:
            cells = bytes(self.part(f"STREAM_WIN[{name}]", span)).decode("ascii", "replace").split()
            window = np.array([float(cell) for cell in cells[1:]])
            width = int(cells[0]) if cells else 0
        except ValueError:
            raise broken(f"{name}: a window is no list of numbers", f"{name}: 窓が数の並びではありません") from None
        if width != len(window) or width % 2 == 0 or width > MAX_WIDTH or not np.isfinite(window).all():
            raise broken(f"{name}: a window has a wrong length", f"{name}: 窓の長さが正しくありません")
        return window

    def model(self, kind: str, size: int, windows: int, *, msd: bool, states: int, name: str = "") -> Model:
        found: list[Tree] = []
        columns: list[Ints] = []
        span = self.head.get(f"{kind}_TREE{name}")
        if span is not None:
            text = bytes(self.part(f"{kind}_TREE{name}", span)).decode("utf-8", "replace")
            questions, found, asked = trees.parse(text)
            for each in asked:
                numbers = [self.questions.setdefault(questions[q], len(self.questions)) for q in each]
                columns.append(np.array(numbers, np.int64))
        if not found:  # HTS_Model_get_index: without a tree, the first PDF
            nothing = np.zeros(0, np.int64)
            found = [
                Tree(state=state + 2, when=(), question=nothing, no=nothing, yes=nothing, leaf=1, depth=0)
                for state in range(states)
            ]
            columns = [nothing] * states
        if {tree.state for tree in found} != set(range(2, states + 2)):
            raise broken(f"{kind}{name}: not one tree a state", f"{kind}{name}: 状態ごとの決定木がそろいません")
        pdfs = self.pdfs(f"{kind}_PDF{name}", found, size * windows, msd=msd)
        return Model(trees=tuple(found), columns=tuple(columns), pdfs=pdfs)

    def pdfs(self, key: str, found: Sequence[Tree], size: int, *, msd: bool) -> tuple[Singles, ...]:
        raw = self.part(key, self.text(key))
        count = len(found)
        if len(raw) < 4 * count:
            raise broken(f"{key} is too short", f"{key} が短すぎます")
        leaves = np.frombuffer(raw[: 4 * count], "<u4").astype(np.int64)
        width = 2 * size + msd
        if (leaves < 1).any() or 4 * (count + int(leaves.sum()) * width) != len(raw):
            raise broken(f"{key} does not hold the PDFs it promises", f"{key} の PDF の数が合いません")
        table = np.frombuffer(raw[4 * count :], "<f4").astype(np.float32).reshape(-1, width)
        if not np.isfinite(table).all() or (table[:, size : 2 * size] < 0).any() or (np.abs(table) > 1e18).any():
            raise broken(f"{key} holds numbers that cannot be", f"{key} にありえない値があります")
        parts = tuple(np.split(table, np.cumsum(leaves)[:-1]))
        for tree, part in zip(found, parts, strict=True):
            reached = max(tree.leaf, -int(min(tree.no.min(initial=0), tree.yes.min(initial=0))))
            if reached > len(part):
                raise broken(
                    f"{key}: a tree names PDF {reached} of {len(part)}",
                    f"{key}: PDF {reached} がありません ({len(part)} 個)",
                )
        return parts


def _alpha(option: str) -> float:
    found = re.search(r"ALPHA=([0-9.]{1,12})", option)
    try:
        alpha = float(found[1]) if found else 0.0
    except ValueError:
        alpha = -1.0
    if not 0 <= alpha < 1:
        raise broken("ALPHA is not between 0 and 1", "ALPHA が 0 以上 1 未満ではありません")
    return alpha
