"""The promise: nothing on the programme side changes, in any byte, because of the safety side.

W1, W3, W5 and W10 of the security guide. Three worlds in which the programme side is told the
same and the safety side is not, and a fourth that repeats the first one to measure noise. The
world in which partners merely talk is a smaller crowd: it is lived through at night, and so is the
one in which a disclosure crosses. That the comparison has teeth is shown by planted leaks.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable
from pathlib import Path

import pytest

from casewall.config.prove.command import dumps, looks
from casewall.config.prove.compare import (
    Difference,
    broken,
    differing_bytes,
    of_crawls,
    of_dumps,
)
from casewall.config.prove.leaks import LEAKS
from casewall.config.prove.running import build_template, opened
from casewall.config.prove.story import Outcome, live, looked_at
from casewall.config.prove.worlds import CROWD, DISCLOSES, QUIET, QUIET_AGAIN, TALKS

pytestmark = pytest.mark.clusters
ALL = {world.name: world for world in (QUIET, QUIET_AGAIN, TALKS, CROWD, DISCLOSES)}
AT_NIGHT = pytest.param("talks", marks=pytest.mark.slow)
TERMS = ["Opdigtet", "20000100", "1988", *TALKS.secrets[:12], *CROWD.secrets[:12]]


class Lived(dict[str, Outcome]):
    """Worlds by name, each lived through once, when a test first asks for it."""

    def __init__(self, folder: Path):
        super().__init__()
        self.folder, self.template = folder, build_template(folder)

    def __missing__(self, name: str) -> Outcome:
        with opened(ALL[name], self.template, self.folder) as var:
            self[name] = live(ALL[name], var, self.folder, TERMS)
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


@pytest.mark.parametrize("world", ["quiet-again", AT_NIGHT, "crowd"])
def test_the_programme_database_is_equal_to_the_last_byte(
    outcomes: dict[str, Outcome], world: str, record_property: Callable[[str, object], None]
) -> None:
    one, other = outcomes["quiet"].dump, outcomes[world].dump
    assert one.count(b"\n") > 500
    record_property("figure", f"{differing_bytes(one, other)} of {len(one):,} bytes ({world})")
    assert differing_bytes(one, other) == 0, first_difference(one, other)


@pytest.mark.parametrize("world", ["quiet-again", AT_NIGHT, "crowd"])
def test_every_programme_page_is_equal_to_the_last_byte(
    outcomes: dict[str, Outcome], world: str, record_property: Callable[[str, object], None]
) -> None:
    one, other = outcomes["quiet"], outcomes[world]
    assert one.requests > 150
    count = differing_bytes(one.crawl, other.crawl)
    assert broken(one.crawl) == []
    record_property("figure", f"{count} bytes in {one.requests:,} requests ({world})")
    assert differing_bytes(one.crawl, other.crawl) == 0, first_difference(one.crawl, other.crawl)


@pytest.mark.parametrize("world", [AT_NIGHT, "crowd"])
def test_no_secret_word_of_the_safety_side_is_anywhere_on_the_programme_side(
    outcomes: dict[str, Outcome], world: str, record_property: Callable[[str, object], None]
) -> None:
    lived = outcomes[world]
    # A search box shows what was typed into it; the searches were the same in every world.
    shown = set(TERMS)
    words = [w for w in lived.secrets if w not in shown] + lived.partner_ids
    assert len(words) > 30
    found = [w for w in words if w.encode() in lived.dump or w.encode() in lived.crawl]
    record_property("figure", f"{len(found)} of {len(words)} words ({world})")
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


@pytest.mark.slow
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


SOME = ("forbidden-for-not-found", "badge", "statement-more", "slot-more")
"""Leaks that are planted at every run; all of them at night."""


def found_with(leak: str | None, outcomes: Lived, folder: Path, side: str) -> list[Difference]:
    """Where the quiet world and the crowd differ with a leak planted in both, or with none."""
    planted = LEAKS[leak] if leak else None
    if side == "safety":
        return of_dumps("quiet and crowd", *dumps(planted, outcomes.template, folder))
    assert outcomes["quiet"].requests + outcomes["crowd"].requests > 0
    with looked_at(outcomes.folder, (QUIET, CROWD)) as actors:
        seen = looks(actors, folder, planted)
        if leak is None:
            assert [page for look in seen for page in broken(look)] == []
        return of_crawls("quiet and crowd", *seen)


@pytest.mark.parametrize("leak", [
    pytest.param(name, marks=() if name in SOME else pytest.mark.slow) for name in LEAKS])
def test_a_planted_leak_is_caught(leak: str, outcomes: Lived, tmp_path: Path) -> None:
    found = found_with(leak, outcomes, tmp_path, LEAKS[leak].side)
    assert found, LEAKS[leak].says


@pytest.mark.parametrize("side", ["programme", "safety"])
def test_without_a_leak_the_same_look_finds_nothing(
    side: str, outcomes: Lived, tmp_path: Path
) -> None:
    assert found_with(None, outcomes, tmp_path, side) == []


def test_there_are_leaks_for_many_channels_and_each_is_another_patch() -> None:
    assert len(LEAKS) >= 40
    assert len({leak.channel for leak in LEAKS.values()}) >= 25
    assert {leak.side for leak in LEAKS.values()} == {"programme", "safety"}
    assert len({leak.planted for leak in LEAKS.values()}) == len(LEAKS)
