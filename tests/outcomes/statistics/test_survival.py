"""Survival: as published for the Rossi data, by hand, and by the laws of such curves."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.statistics.clock import Spell
from casewall.outcomes.statistics.cox import cox
from casewall.outcomes.statistics.results import NoFigure
from casewall.outcomes.statistics.survival import kaplan_meier, log_rank
from tests.outcomes.statistics.beside_r import real_file, rossi_facts, rossi_spells, rows
from tests.outcomes.statistics.test_two_by_two import published

SPELLS = st.lists(
    st.builds(Spell, time=st.integers(0, 30), event=st.booleans(),
              group=st.sampled_from(["a", "b", "c"])),
    min_size=1, max_size=40,
)


def spells(*pairs: tuple[float, bool], group: str = "all") -> list[Spell]:
    return [Spell(time=time, event=event, group=group) for time, event in pairs]


def test_rossi_is_as_published() -> None:
    answers = published("E10")
    table = rows(real_file("outcomes/rossi_recidivism.csv"))
    people = rossi_spells(table)
    curve = kaplan_meier(people, source="police", unit="weeks")
    assert (curve.n, curve.events, curve.value) == (answers["n"], 114, None)
    assert curve.at(52).free == pytest.approx(answers["recomputed"]["km52"], abs=5e-5)
    test = log_rank(people).test
    assert test.statistic == pytest.approx(answers["recomputed"]["logrank_chi2"], abs=5e-5)
    assert test.p == pytest.approx(answers["recomputed"]["p"], abs=5e-5)
    model = cox(people, rossi_facts(table))
    found = {term.name: round(term.coefficient, 4) for term in model.terms}
    assert found == answers["numbers"]
    assert model.ties == "Efron"
    age = next(term for term in model.terms if term.name == "age")
    assert "does not look the same" in age.constancy_said
    assert "Nothing speaks against" in model.terms[0].constancy_said


def test_a_small_curve_by_hand() -> None:
    curve = kaplan_meier(
        spells((2, True), (3, False), (4, True), (4, True), (6, False), (9, True)),
        source="partner", asked=8,
    )
    assert [(step.time, step.at_risk, step.events, step.censored) for step in curve.steps] == [
        (0, 6, 0, 0), (2, 6, 1, 0), (3, 5, 0, 1), (4, 4, 2, 0), (6, 2, 0, 1), (9, 1, 1, 0)]
    assert [step.free for step in curve.steps] == pytest.approx(
        [1, 5 / 6, 5 / 6, 5 / 12, 5 / 12, 0])
    assert curve.steps[0].interval is None
    assert curve.steps[-1].interval is None
    assert (curve.value, curve.events, curve.missing) == (4, 4, 2)
    assert curve.at(5.5).free == pytest.approx(5 / 12)
    assert curve.warnings[0] == "2 of 8 were never watched and are in no step."


def test_where_the_curve_runs_along_one_half_the_median_is_the_middle() -> None:
    along = kaplan_meier(spells((1, True), (5, True), (9, True), (12, False)), source="police")
    assert along.value == 7
    to_the_end = kaplan_meier(spells((1, True), (5, True), (9, False), (12, False)),
                              source="police")
    assert to_the_end.value == 5
    assert to_the_end.interval is None
    assert to_the_end.median_low == 1


def test_nobody_had_an_incident_leaves_the_median_open() -> None:
    curve = kaplan_meier(spells((3, False), (8, False)), source="police")
    assert (curve.value, curve.median_low, curve.median_high) == (None, None, None)
    assert [step.free for step in curve.steps] == [1, 1, 1]


def test_a_curve_says_nothing_of_times_that_nobody_was_watched() -> None:
    curve = kaplan_meier(spells((3, True), (8, False)), source="police")
    for time in (-1, 8.5):
        with pytest.raises(NoFigure, match="nobody was watched"):
            curve.at(time)


@given(people=SPELLS)
@settings(max_examples=40, deadline=None)
def test_the_curve_never_rises_and_stays_within_its_band(people: list[Spell]) -> None:
    curve = kaplan_meier(people, source="police")
    assert all(one.free >= other.free for one, other in pairwise(curve.steps))
    assert sum(step.events for step in curve.steps) == curve.events
    assert sum(step.events + step.censored for step in curve.steps) == len(people)
    slow = 1.0
    for step in curve.steps:
        left = [one for one in people if one.time >= step.time]
        assert step.at_risk == len(left)
        slow *= 1 - sum(one.event and one.time == step.time for one in people) / len(left)
        assert step.free == pytest.approx(slow, abs=1e-12)
        if step.interval:
            assert 0 <= step.interval[0] <= step.free <= step.interval[1] <= 1
    if curve.interval:
        assert curve.interval[0] <= curve.value <= curve.interval[1]


@given(people=SPELLS)
@settings(max_examples=60, deadline=None)
def test_as_many_incidents_are_expected_as_were_seen(people: list[Spell]) -> None:
    try:
        found = log_rank(people)
    except NoFigure:
        events = {one.time for one in people if one.event}
        watched = [{one.group for one in people if one.time >= time} for time in events]
        assert all(len(groups) < 2 for groups in watched)
        return
    assert sum(found.expected.values()) == pytest.approx(sum(one.event for one in people))
    assert sum(found.observed.values()) == sum(one.event for one in people)
    assert found.test.statistic >= -1e-9
    assert 0 <= found.test.p <= 1


@pytest.mark.parametrize(("people", "said"), [
    (spells((1, True), (2, True)), "there is only “all”"),
    (spells((1, False)) + spells((2, False), group="b"), "Nobody had an incident"),
    (spells((1, True)) + spells((0, False), group="b"), "No two groups were both"),
])
def test_groups_that_cannot_be_compared_are_a_sentence(people: list[Spell], said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        log_rank(people)


def test_a_group_that_was_gone_before_the_first_incident_takes_no_degree_of_freedom() -> None:
    people = [*spells((1, True), group="a"), *spells((1, True), (2, False), group="b"),
              *spells((0, False), group="c")]
    found = log_rank(people)
    assert found.test.degrees == 1  # and chi-square 0.5, as R's survdiff has it
    assert found.test.statistic == pytest.approx(0.5)


@pytest.mark.parametrize(("people", "said"), [
    ([], "Nobody was watched"),
    (spells((3, True), (-1, False)), "Spell 2 has the time -1"),
    (spells((float("nan"), True)), "Value 1 of the times is nan"),
    (spells((float("inf"), False)), "Value 1 of the times is inf"),
])
def test_times_that_cannot_be_are_a_sentence(people: list[Spell], said: str) -> None:
    for ask in (lambda: kaplan_meier(people, source="police"), lambda: log_rank(people),
                lambda: cox(people, {"age": [30.0] * len(people)})):
        with pytest.raises(NoFigure, match=said):
            ask()


def test_a_curve_needs_its_source_and_no_fewer_asked_than_watched() -> None:
    with pytest.raises(NoFigure, match="needs its source"):
        kaplan_meier(spells((3, True)), source="")
    with pytest.raises(NoFigure, match="more than the 1 who were asked"):
        kaplan_meier(spells((3, True), (4, True)), source="police", asked=1)


MANY = spells(*[(n, n % 3 > 0) for n in range(1, 31)])
AGES = [float(20 + (n * 7) % 31) for n in range(30)]


@pytest.mark.parametrize(("people", "facts", "said"), [
    (MANY, {}, "at least one fact"),
    (MANY, {"age": AGES[:-1]}, "29 values beside 30"),
    (MANY, {"age": [None] * 30}, "Nobody has all the facts"),
    (spells(*[(n, False) for n in range(1, 31)]), {"age": AGES}, "nothing to explain"),
    (MANY, {"sex": [1.0] * 30}, "“sex” is the same for everybody"),
    (MANY, {"age": AGES, "months": [12 * age for age in AGES]}, "repeat each other"),
    (spells(*[(n, n <= 15) for n in range(1, 31)]), {"early": [float(n < 15) for n in range(30)]},
     "does not settle"),
])
def test_a_model_that_cannot_be_is_a_sentence(people: list, facts: dict, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        cox(people, facts)


def test_who_lacks_a_fact_is_left_out_and_counted_and_few_events_are_said() -> None:
    model = cox(MANY, {"age": [None, *AGES[1:]], "odd": [float(n % 2) for n in range(30)],
                       "third": [float(n % 5) for n in range(30)]})
    assert (model.n, model.missing) == (29, 1)
    assert "fewer than 10 each" in model.warnings[0]
    assert model.warnings[1] == "1 persons lack a fact and are left out."
    enough = cox(MANY, {"age": AGES})
    assert len(enough.warnings) == 2
    assert enough.terms[0].interval[0] < enough.terms[0].ratio < enough.terms[0].interval[1]


def test_a_ratio_that_turns_round_in_time_is_said() -> None:
    early = [Spell(time=n, event=True) for n in range(1, 21)]
    late = [Spell(time=n, event=True) for n in range(30, 60)]
    young = [1.0] * 18 + [0.0] * 22 + [1.0] * 10  # first the young, then the old, then the young
    (term,) = cox([*early, *late], {"young": young}).terms
    assert term.constancy.p < 0.05
    assert "does not look the same early and late" in term.constancy_said
