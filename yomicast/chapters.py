"""Chapters worked on side by side: the unit in which a programme is measured and encoded."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TypeVar

Made = TypeVar("Made")
Span = tuple[int, int]
"""First frame of a chapter, and the frame after its last."""


def side_by_side(
    work: Callable[[Span], Made], spans: Sequence[Span], *, on_progress: Callable[[int], None] | None = None
) -> list[Made]:
    """What `work` makes of each chapter, in their order; a thread a core, as most of the work holds no lock.

    The longest begin, so that no core is left alone with one at the end. `on_progress`: called with the frames done.
    What waits is dropped when one fails.
    """
    longest_first = sorted(range(len(spans)), key=lambda n: spans[n][0] - spans[n][1])
    pool = ThreadPoolExecutor(min(max(len(spans), 1), os.cpu_count() or 1))
    try:
        jobs = {pool.submit(work, spans[n]): n for n in longest_first}
        made: dict[int, Made] = {}
        done = 0
        for job in as_completed(jobs):
            number = jobs[job]
            made[number] = job.result()
            done += spans[number][1] - spans[number][0]
            if on_progress:
                on_progress(done)
    finally:
        pool.shutdown(cancel_futures=True)
    return [made[n] for n in range(len(spans))]
