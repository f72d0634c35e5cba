"""The promise: nothing on the programme side changes, in any byte, because of the safety side.

W1, W3, W5 and W10 of the security guide. Three worlds in which the programme side is told the
same and the safety side is not, and a fourth that repeats the first one to measure noise. The
world in which partners merely talk is a smaller crowd: it is lived through at night.
"""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest

from tests.people import install_staff
from tests.wall.probes import probe
from tests.wall.worlds import (
    CROWD,
    DISCLOSES,
    QUIET,
    QUIET_AGAIN,
    TALKS,
    Outcome,
    build_template,
    live,
    opened,
)

pytestmark = pytest.mark.clusters
ALL = {world.name: world for world in (QUIET, QUIET_AGAIN, TALKS, CROWD, DISCLOSES)}
AT_NIGHT = pytest.param("talks", marks=pytest.mark.slow)
TERMS = ["Opdigtet", "20000100", "1988", *TALKS.secrets[:12], *CROWD.secrets[:12]]


class Lived(dict[str, Outcome]):
    """Worlds by name, each lived through once, when a test first asks for it."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder, self.template = folder, build_template(folder, install_staff)

    def __missing__(self, name: str) -> Outcome:
        with opened(ALL[name], self.template, self.folder) as var:
            self[name] = live(ALL[name], var, self.folder, TERMS, probe)
        return self[name]


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Lived:
    """What came of each world."""
    return Lived(tmp_path_factory.mktemp("w"))


def first_difference(one: bytes, other: bytes) -> str:
    """A few differing lines, for the message of a failure."""
    lines = difflib.unified_diff(
        one.decode(errors="replace").splitlines(),
        other.decode(errors="replace").splitlines(),
        n=1,
        lineterm="",
    )
    return "\n".join(line[:300] for line, _ in zip(lines, range(40), strict=False))


def differing_bytes(one: bytes, other: bytes) -> int:
    """How many bytes differ, the difference in length included."""
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


@pytest.mark.parametrize("world", ["quiet-again", AT_NIGHT, "crowd"])
def test_the_programme_database_is_equal_to_the_last_byte(
    outcomes: dict[str, Outcome], world: str
) -> None:
    one, other = outcomes["quiet"].dump, outcomes[world].dump
    assert one.count(b"\n") > 500
    assert differing_bytes(one, other) == 0, first_difference(one, other)


@pytest.mark.parametrize("world", ["quiet-again", AT_NIGHT, "crowd"])
def test_every_programme_page_is_equal_to_the_last_byte(
    outcomes: dict[str, Outcome], world: str
) -> None:
    one, other = outcomes["quiet"], outcomes[world]
    assert one.requests > 150
    assert differing_bytes(one.crawl, other.crawl) == 0, first_difference(one.crawl, other.crawl)


@pytest.mark.parametrize("world", [AT_NIGHT, "crowd"])
def test_no_secret_word_of_the_safety_side_is_anywhere_on_the_programme_side(
    outcomes: dict[str, Outcome], world: str
) -> None:
    lived = outcomes[world]
    # A search box shows what was typed into it; the searches were the same in every world.
    shown = set(TERMS)
    words = [w for w in lived.secrets if w not in shown] + lived.partner_ids
    assert len(words) > 30
    found = [w for w in words if w.encode() in lived.dump or w.encode() in lived.crawl]
    assert found == []
    assert [w for w in lived.secrets if w.encode() in lived.dump] == []


@pytest.mark.parametrize("world", [AT_NIGHT, "crowd"])
def test_catalogue_statistics_and_activity_look_the_same_to_every_programme_role(
    outcomes: dict[str, Outcome], world: str
) -> None:
    quiet, again, other = (outcomes[name].probes for name in ("quiet", "quiet-again", world))
    assert set(quiet) == set(other)
    assert len(quiet) > 40
    # The noise control says which figures of the server are never the same twice.
    noise = {name for name in quiet if quiet[name] != again[name]}
    differing = {
        name: (quiet[name], other[name])
        for name in quiet
        if name not in noise and quiet[name] != other[name]
    }
    assert differing == {}
    assert len(noise) <= len(quiet) // 10, noise


def test_an_approved_disclosure_does_arrive_once_so_the_comparison_has_teeth(
    outcomes: dict[str, Outcome],
) -> None:
    quiet, told = outcomes["quiet"], outcomes["discloses"]
    assert differing_bytes(quiet.dump, told.dump) > 0
    assert DISCLOSES.disclosure.encode() not in quiet.crawl
    assert DISCLOSES.disclosure.encode() in told.crawl
    assert told.dump.count(b"\tdisclosure\t") == 1
    for word in told.secrets:
        assert word.encode() not in told.dump
