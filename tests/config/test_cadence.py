"""Rounds at a fixed cadence."""

from __future__ import annotations

import os
import signal

import pytest

from casewall.wall.cadence import Stop, in_rounds


class Clock:
    """A clock and a `Stop` in one: waiting moves the hands; it stops after so many waits."""

    def __init__(self, rounds: int, takes: float) -> None:
        self.now, self.left, self.takes = 100.0, rounds, takes
        self.began: list[float] = []

    def __call__(self) -> float:
        return self.now

    def round_(self) -> None:
        self.began.append(self.now)
        self.now += self.takes

    def within(self, seconds: float) -> bool:
        self.now += seconds
        self.left -= 1
        return self.left == 0


def rounds(takes: float) -> list[float]:
    clock = Clock(4, takes)
    done = in_rounds(clock.round_, every=10, stop=clock, clock=clock)  # type: ignore[arg-type]
    assert done == 4
    return [began - 100.0 for began in clock.began]


def test_rounds_come_at_the_beat_whatever_they_find() -> None:
    assert rounds(0.0) == [0, 10, 20, 30]
    assert rounds(3.5) == [0, 10, 20, 30]


def test_a_long_round_leaves_out_beats_and_is_not_followed_at_once() -> None:
    assert rounds(12.0) == [0, 20, 40, 60]


def test_a_cadence_needs_a_second() -> None:
    with pytest.raises(ValueError, match="1 second"):
        in_rounds(lambda: None, every=0, stop=Stop())


def test_a_signal_ends_it_after_the_round() -> None:
    stop, kept = Stop(), (signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT))
    finished: list[str] = []

    def round_() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        finished.append("to its end")

    try:
        stop.listen()
        assert in_rounds(round_, every=60, stop=stop) == 1
    finally:
        signal.signal(signal.SIGTERM, kept[0])
        signal.signal(signal.SIGINT, kept[1])
    assert finished == ["to its end"]
