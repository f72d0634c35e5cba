"""Steps that run beside each other: order within a lane, waiting across, an end at a failure."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from casewall.config import demo_steps
from casewall.config.demo_steps import DemoRefused, Step, do_together


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What began and ended, in order; a verb is `name:seconds:code`."""
    told: list[str] = []

    def run_as(site: str, words: Sequence[str], *, quiet: bool = False) -> int:
        name, seconds, code = words[0].split(":")
        told.append(f"{name} begins")
        time.sleep(float(seconds))
        told.append(f"{name} ends")
        return int(code)

    monkeypatch.setattr(demo_steps, "run_as", run_as)
    return told


def test_lanes_run_beside_each_other_and_each_in_its_order(ran: list[str]) -> None:
    do_together(
        [
            [Step("programme", ("a:0.2:0",)), Step("programme", ("b:0:0",))],
            [Step("safety", ("x:0.2:0",))],
        ]
    )
    assert set(ran[:2]) == {"a begins", "x begins"}
    assert ran.index("b begins") > ran.index("a ends")


def test_a_step_waits_for_that_of_another_lane(ran: list[str]) -> None:
    first = Step("programme", ("a:0.2:0",))
    do_together([[first], [Step("safety", ("x:0:0",), after=first)]])
    assert ran == ["a begins", "a ends", "x begins", "x ends"]


def test_after_a_failure_no_lane_begins_another_step(ran: list[str]) -> None:
    failing = Step("programme", ("a:0.2:1",))
    lanes = [
        [failing, Step("programme", ("b:0:0",))],
        [Step("safety", ("x:0.3:0",)), Step("safety", ("y:0:0",))],
        [Step("safety", ("z:0:0",), after=failing)],
    ]
    with pytest.raises(DemoRefused, match=r"“casewall a:0\.2:1” did not succeed"):
        do_together(lanes)
    assert ("x ends" in ran) == ("x begins" in ran)  # what had begun was waited for
    assert not {"b begins", "y begins", "z begins"} & set(ran)


def test_what_a_step_says_stands_with_the_time(
    ran: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    do_together([[Step("safety", ("x:0:0",), says="Loading"), Step("safety", ("y:0:0",))]])
    said = capsys.readouterr().out
    assert said[2] == said[5] == ":"
    assert said.endswith("  Loading …\n")
    assert said.count("\n") == 1
