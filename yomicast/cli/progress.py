"""Progress with time left: a bar on a terminal, a line now and then elsewhere, nothing with --quiet."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from yomicast.cli.frame import Screen
from yomicast.model import Message

STAGES = {
    "publish": Message("sending", "送信"),
    "episodes": Message("episodes", "エピソード"),
    "read": Message("reading the article", "記事を読んでいます"),
    "speak": Message("speaking", "読み上げています"),
    "mix": Message("mixing", "ミックスしています"),
    "encode": Message("encoding", "書き出しています"),
}
LINE_EVERY = 10.0
"""Seconds between lines where there is no terminal."""


class ProgressView:
    """A context that turns pipeline progress into something to look at."""

    def __init__(self, screen: Screen) -> None:
        self.screen = screen
        self.shown = not (screen.quiet or screen.as_json)
        self.live = self.shown and screen.err.isatty()
        self.tasks: dict[str, TaskID] = {}
        self.started: dict[str, tuple[float, float]] = {}
        self.last_line = time.monotonic()
        self.bars = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.percentage:>3.0f}%"),
            TimeElapsedColumn(),
            TextColumn("あと" if screen.language == "ja" else "left"),
            TimeRemainingColumn(),
            console=Console(file=screen.err),
            transient=True,
        )

    def __enter__(self) -> Self:
        if self.live:
            self.bars.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.live:
            self.bars.stop()

    def __call__(self, stage: str, done: float, total: float) -> None:
        """What the pipeline reports."""
        if not self.shown or total <= 0:
            return
        label = self.screen.text(STAGES.get(stage, Message(stage, stage)))
        if self.live:
            if stage not in self.tasks:
                self.tasks[stage] = self.bars.add_task(label, total=total)
            self.bars.update(self.tasks[stage], completed=done, total=total)
            return
        now = time.monotonic()
        began, before = self.started.setdefault(stage, (now, done))
        if now - self.last_line >= LINE_EVERY and before < done < total:
            self.last_line = now
            left = (now - began) * (total - done) / (done - before)
            self.screen.say(
                Message(
                    f"{label}: {100 * done / total:.0f} %, about {left:.0f} s left",
                    f"{label}: {100 * done / total:.0f}%、あと約{left:.0f}秒",
                )
            )
