"""Rounds at a fixed cadence: when a side works tells nothing about what it found."""

from __future__ import annotations

import signal
from collections.abc import Iterator

import pytest

from casewall.wall.cadence import Stop, in_rounds


class Clock:
    """A clock that is moved by rounds and by waiting; ends after some waits."""

    def __init__(self, rounds: list[float]):
        self.now, self.rounds, self.waits, self.began = 100.0, rounds, [], []

    def __call__(self) -> float:
        return self.now

    def round(self) -> None:
        self.began.append(self.now)
        self.now += self.rounds[len(self.began) - 1]

    def within(self, seconds: float) -> bool:
        self.waits.append(seconds)
        self.now += seconds
        return len(self.waits) == len(self.rounds)


def beats(rounds: list[float], every: float) -> list[float]:
    """When each round began, if the rounds take so many seconds."""
    clock = Clock(rounds)
    assert in_rounds(clock.round, every=every, stop=clock, clock=clock) == len(rounds)  # type: ignore[arg-type]
    return [began - 100 for began in clock.began]


@pytest.mark.parametrize(("rounds", "began"), [
    ([0, 0, 0], [0, 10, 20]),
    ([0, 9.5, 1], [0, 10, 20]),
    ([12, 0, 0], [0, 20, 30]),
    ([10, 0], [0, 20]),
    ([35, 0], [0, 40]),
])
def test_a_round_begins_at_a_beat_however_long_the_last_one_took(
    rounds: list[float], began: list[float]
) -> None:
    assert beats(rounds, every=10) == began


def test_a_cadence_is_a_second_at_least() -> None:
    with pytest.raises(ValueError, match="1 second apart at the least"):
        in_rounds(lambda: None, every=0.5, stop=Stop())


@pytest.fixture
def _signals() -> Iterator[None]:
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_round_that_has_begun_is_finished_before_the_end(number: signal.Signals) -> None:
    stop, done = Stop(), []
    stop.listen()
    assert stop.within(0) is False
    assert stop.within(-1) is False

    def work() -> None:
        signal.raise_signal(number)
        done.append("finished")

    assert in_rounds(work, every=3600, stop=stop) == 1
    assert done == ["finished"]
    assert stop.within(60) is True
