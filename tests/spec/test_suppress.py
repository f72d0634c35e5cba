"""Disclosure control: what a released table still tells, and what it must not."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.outcomes.figures import INCIDENT_CHANGE, PERCENT_CHANGE, Figure, is_arithmetic
from casewall.outcomes.intervals import silent_bounds
from casewall.outcomes.reference import pack
from casewall.outcomes.suppress import (
    HIDDEN,
    INVENTED_RULE,
    RULE,
    Cell,
    Released,
    ReleaseError,
    hold_back,
    publish_invented,
    suppress,
)
from tests.spec.cohort import extract, published_cohort, random_extracts


def figure(**more) -> Figure:
    whole = {
        "pack": "p",
        "id": "f",
        "label": "A figure",
        "numerator": None,
        "denominator": None,
        "value": None,
        "unit": "percent",
        "interval": None,
        "missing": 0,
        "response_rate": None,
        "source": "worker",
        "bounds": None,
        "suppressed": False,
        "definition": "Said in words.",
        "printed": None,
        "note": "Exactly 3 of them.",
        **more,
    }
    return Figure(**whole)


def released(**more) -> Figure:
    [found] = suppress([figure(**more)]).figures
    return found


# exact count, what is shown
SHOWN = [(0, HIDDEN), (1, HIDDEN), (7, HIDDEN), (8, 10), (12, 10), (13, 15), (212, 210), (319, 320)]


@pytest.mark.parametrize(("exact", "shown"), SHOWN)
def test_small_counts_and_zero_are_hidden_and_others_rounded_to_five(exact, shown):
    assert Cell(exact).shown == shown
    found = released(unit="persons", numerator=exact, value=float(exact), missing=None)
    assert found.numerator == shown
    assert found.value == (None if shown == HIDDEN else shown)
    assert found.missing is None


def test_a_count_below_nothing_is_refused():
    with pytest.raises(ValueError, match="is not a count"):
        Cell(-1)


@given(st.integers(0, 10_000))
def test_a_shown_count_never_tells_the_exact_one(exact):
    same = [n for n in range(max(0, exact - 10), exact + 11) if Cell(n).shown == Cell(exact).shown]
    assert len(same) >= 5


def test_a_share_is_worked_out_from_rounded_counts_in_whole_percent():
    found = released(numerator=73, denominator=392, value=18.6, interval=(15.1, 22.8))
    assert (found.numerator, found.denominator, found.value) == (75, 390, 19)
    assert found.interval == (16, 23)
    assert found.suppressed is True
    assert found.note is None


def test_a_hidden_numerator_has_no_percentage():
    found = released(numerator=6, denominator=212, value=2.8, interval=(1.3, 6.0))
    assert (found.numerator, found.denominator) == (HIDDEN, 210)
    assert (found.value, found.interval) == (None, None)


def test_below_thirty_there_are_counts_but_no_percentage():
    found = released(numerator=14, denominator=29, value=48.3, interval=(31.4, 65.6))
    assert (found.numerator, found.denominator, found.value) == (15, 30, None)
    at_thirty = released(numerator=14, denominator=30, value=46.7, interval=(30.2, 63.9))
    assert at_thirty.value == 50


@pytest.mark.parametrize("numerator", [2, 14, 28])
def test_what_a_group_under_thirty_of_partners_answered_is_withheld_whatever_it_was(numerator):
    found = released(
        numerator=numerator,
        denominator=28,
        source="partner",
        missing=30,
        response_rate=48.3,
        bounds=(1.0, 2.0),
    )
    assert (found.numerator, found.value, found.interval, found.bounds) == (None,) * 4
    assert (found.denominator, found.missing, found.response_rate) == (30, 30, 50)


def test_partner_outcomes_keep_their_response_rate_and_bounds():
    found = released(
        source="partner",
        numerator=54,
        denominator=90,
        missing=122,
        value=60.0,
        interval=(49.7, 69.5),
        response_rate=42.5,
        bounds=(25.5, 83.0),
    )
    assert (found.value, found.response_rate, found.bounds) == (61, 43, (26, 83))


def test_that_nobody_was_silent_is_hidden_too():
    some = {"source": "partner", "numerator": 20, "denominator": 40, "value": 50.0}
    more = {"response_rate": 100.0, "bounds": (50.0, 50.0), "interval": (35.2, 64.8)}
    nobody = released(**some, **more, missing=0)
    few = released(**some, **more, missing=6)
    assert nobody == few
    assert nobody.missing == HIDDEN
    assert nobody.bounds == (43, 57)


def test_bounds_over_a_hidden_numerator_run_from_nobody_to_seven():
    found = released(numerator=3, denominator=100, missing=20, bounds=(3.0, 23.0))
    assert (found.numerator, found.bounds, found.value) == (HIDDEN, (0, 27), None)


def test_bounds_never_pass_all():
    found = released(numerator=38, denominator=40, missing=2, bounds=(95.0, 100.0))
    assert found.bounds == (100, 100)


def test_a_mean_needs_ten_pairs_and_comes_in_whole_points():
    some = {"unit": "points", "denominator": 212, "value": 10.4, "interval": (7.6, 12.4)}
    found = released(**some, numerator=90, missing=122, response_rate=42.5)
    assert (found.value, found.interval, found.response_rate) == (10, (8, 12), 43)
    few = released(**some, numerator=9, missing=203, response_rate=4.2)
    assert (few.numerator, few.value, few.interval) == (10, None, None)
    none = released(**{**some, "value": None, "interval": None}, numerator=0, missing=212)
    assert (none.numerator, none.value, none.response_rate) == (HIDDEN, None, None)


def test_the_response_rate_of_few_persons_is_withheld():
    found = released(
        unit="points", numerator=12, denominator=20, missing=8, value=1.0, interval=(0.0, 2.0)
    )
    assert found.response_rate is None
    assert found.value == 1


def test_money_per_person_does_not_give_the_denominator_away():
    found = released(
        unit="EUR per person",
        source="accounts",
        numerator=350_900.0,
        denominator=319,
        value=1100.0,
        missing=None,
        note="Includes wages. Excludes rent.",
    )
    assert (found.numerator, found.denominator, found.value) == (350_900.0, 320, 1097)
    assert found.note == "Includes wages. Excludes rent."


@pytest.mark.parametrize("persons", [0, 3])
def test_money_per_hidden_persons_is_the_same_for_none_and_for_few(persons):
    figures = pack("intervention-centre", replace(published_cohort(), persons=()))
    [empty] = [f for f in figures if f.id == "cost-per-started"]
    few = replace(empty, denominator=persons)
    [found] = suppress([few]).figures
    assert (found.denominator, found.value) == (HIDDEN, None)
    assert "Nobody" not in found.note
    assert "Prices of 2014." in found.note


def test_money_that_was_never_recorded_stays_absent():
    found = released(unit="per person", numerator=None, denominator=50, missing=None, note=None)
    assert (found.numerator, found.denominator, found.value, found.note) == (None, 50, None, None)


def test_a_printed_statement_holds_no_count_and_passes():
    found = released(unit="statement", missing=None, note="Figure without denominator.")
    assert found.note == "Figure without denominator."
    assert found.suppressed is True


def test_rounding_twice_is_refused():
    once = suppress([figure(numerator=73, denominator=392)])
    with pytest.raises(ReleaseError, match="f has been suppressed before"):
        suppress(once.figures)


def test_an_unknown_unit_is_refused():
    with pytest.raises(ReleaseError, match="no rule for the unit 'furlongs'"):
        suppress([figure(unit="furlongs")])


def test_a_share_without_a_count_is_refused():
    with pytest.raises(ReleaseError, match="f: its numerator is None, where a count is needed"):
        suppress([figure(denominator=40)])


def test_arithmetic_of_no_person_passes_as_it_is():
    for unit, source in [("GBP per week", "print"), ("GBP", "accounts"), ("money", "accounts"),
                         ("per week", "accounts")]:
        found = released(unit=unit, source=source, numerator=80_000.0, denominator=52.0,
                         value=1538.46, missing=None, note="As printed.")  # fmt: skip
        assert (found.value, found.note, found.suppressed) == (1538.46, "As printed.", True)


@pytest.mark.parametrize(("pairs", "value"), [(29, None), (30, -29)])
def test_a_change_in_percent_needs_thirty_pairs(pairs, value):
    found = released(unit=PERCENT_CHANGE, numerator=pairs, denominator=60, missing=60 - pairs,
                     value=-28.6, interval=(-40.2, -10.4), response_rate=50.0)  # fmt: skip
    assert (found.numerator, found.value) == (30, value)
    assert found.interval == ((-40, -10) if value else None)


@pytest.mark.parametrize(
    ("after", "before", "value"), [(12, 98, -90), (7, 98, None), (10, 29, None), (10, 30, -67)]
)
def test_a_change_of_incidents_is_worked_out_from_rounded_numbers(after, before, value):
    found = released(unit=INCIDENT_CHANGE, numerator=after, denominator=before, value=-87.8,
                     interval=(-95.0, -80.0), response_rate=70.0)  # fmt: skip
    assert (found.value, found.interval, found.response_rate) == (value, None, None)


@pytest.mark.parametrize(("persons", "value"), [(29, None), (370, 2.0)])
def test_a_sum_per_person_is_divided_again(persons, value):
    found = released(unit="children per person", numerator=728, denominator=persons, value=1.97)
    assert (found.numerator, found.value) == (730, value)
    assert released(unit="hours per person", numerator=3, denominator=50, value=0.1).value is None


@pytest.mark.parametrize(
    ("known", "value", "interval"), [(9, None, None), (10, 20, None), (30, 20, (14, 31))]
)
def test_the_ends_of_a_middle_of_days_are_days_of_single_persons(known, value, interval):
    found = released(unit="days", numerator=known, denominator=60, missing=60 - known,
                     value=20.4, interval=(14.0, 31.0))  # fmt: skip
    assert (found.value, found.interval) == (value, interval)
    none = released(unit="days", numerator=0, denominator=0, missing=0, value=None)
    assert (none.numerator, none.value) == (HIDDEN, None)
    alone = released(unit="days", numerator=40, denominator=60, missing=20, value=5.0)
    assert (alone.value, alone.interval) == (5, None)


def test_a_figure_held_back_has_no_number_and_says_why():
    table = suppress([figure(numerator=73, denominator=392), figure(id="g", unit="persons",
                                                                  numerator=90)])  # fmt: skip
    held, kept = hold_back(table, {"f": "Too few are new."}).figures
    assert (held.numerator, held.denominator, held.value, held.missing) == (None,) * 4
    assert (held.note, held.suppressed) == ("Too few are new.", True)
    assert kept == table.figures[1]


@given(st.integers(0, 500))
def test_what_a_shown_count_could_be_holds_the_count_and_only_its_likes(exact):
    least, most = Cell(exact).could_be
    assert least <= exact <= most
    assert {Cell(n).shown for n in range(least, most + 1)} == {Cell(exact).shown}
    assert Cell(most + 1).shown != Cell(exact).shown


def test_nobody_makes_a_released_table_by_hand():
    with pytest.raises(ReleaseError, match="not by hand"):
        Released((figure(),), "Trust me.")


def test_a_release_says_its_rule():
    assert suppress([]).rule == RULE


def test_invented_people_are_published_as_they_are():
    cohort = published_cohort()
    figures = pack("intervention-centre", cohort)
    found = publish_invented(figures, [cohort])
    assert found.figures == tuple(figures)
    assert found.rule == INVENTED_RULE


def test_real_people_are_not_published_unsuppressed():
    invented, real = published_cohort(), extract(invented=False)
    with pytest.raises(ReleaseError, match="of intervention-centre are not invented"):
        publish_invented([], [invented, real])
    with pytest.raises(ReleaseError, match="without its extract"):
        publish_invented([], [])


@settings(deadline=None)
@given(random_extracts())
def test_every_count_in_a_release_is_hidden_or_a_multiple_of_five(cohort):
    for found in suppress(pack("intervention-centre", cohort)).figures:
        assert found.suppressed
        if is_arithmetic(found):  # of no person
            continue
        for cell in (found.numerator, found.denominator, found.missing):
            money = found.unit.endswith("per person") and cell is found.numerator
            assert money or cell in (None, HIDDEN) or (cell % 5 == 0 and cell > 7)
        digits = 10 if found.unit.endswith(" per person") else 1
        for part in (found.value, *(found.interval or ()), *(found.bounds or ())):
            assert part is None or digits * part == math.floor(digits * part)


@given(st.integers(0, 80), st.integers(0, 80), st.integers(0, 80))
def test_a_release_depends_on_nothing_but_the_shown_counts(rose, fell, silent):
    """Two groups whose shown counts are equal give equal rows, but at the fixed thresholds."""

    def row(rose, fell, silent):
        answered = rose + fell
        bounds = silent_bounds(rose, answered, answered + silent)
        return released(
            source="partner",
            numerator=rose,
            denominator=answered,
            missing=silent,
            value=50.0,
            response_rate=50.0,
            bounds=bounds and (100 * bounds[0], 100 * bounds[1]),
        )

    def group(rose, fell, silent):
        cells = [Cell(n).shown for n in (rose, rose + fell, silent)]
        return [*cells, rose + fell >= 30]

    other = (rose + 1, max(0, fell - 1), silent)
    if group(*other) == group(rose, fell, silent):
        assert row(*other) == row(rose, fell, silent)
