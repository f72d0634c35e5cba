"""Working in rounds at a fixed cadence.

When a side works must not depend on what it found: a round that follows sooner because there is
much to do would tell the other side, by the clock alone, that something happened.
"""

from __future__ import annotations

import signal
import threading
import time
from collections.abc import Callable
from types import FrameType

SHORTEST = 1
"""Seconds between two rounds, at least."""


class Stop:
    """Becomes true when the process is asked to end; a round that has begun is finished first."""

    def __init__(self) -> None:
        self._asked = threading.Event()

    def ask(self, number: int = 0, frame: FrameType | None = None) -> None:
        """End after this round."""
        self._asked.set()

    def listen(self) -> None:
        """Let SIGTERM and SIGINT ask."""
        signal.signal(signal.SIGTERM, self.ask)
        signal.signal(signal.SIGINT, self.ask)

    def within(self, seconds: float) -> bool:
        """Wait; true as soon as somebody has asked."""
        return self._asked.wait(max(0.0, seconds))


def in_rounds(
    round_: Callable[[], None],
    *,
    every: float,
    stop: Stop,
    clock: Callable[[], float] = time.monotonic,
) -> int:
    """Do a round at once and then one at every beat, until asked to stop; returns how many.

    A round that takes longer than the cadence leaves out the beats that it missed: the next one
    comes at a beat, never at once. Raises `ValueError` for a cadence below `SHORTEST`.
    """
    if every < SHORTEST:
        raise ValueError(f"Rounds can be {SHORTEST} second apart at the least.")
    began, done = clock(), 0
    while True:
        round_()
        done += 1
        since = clock() - began
        if stop.within(every - since % every):
            return done
