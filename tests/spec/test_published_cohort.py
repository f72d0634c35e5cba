"""The published figures of the services, from cohorts made to match, with their denominators."""

from fractions import Fraction

import pytest

from casewall.outcomes.matched import SERVICES, matched
from casewall.outcomes.possible import Print, numerators
from casewall.outcomes.reference import pack
from tests.spec.cohort import extract

NAME = "intervention-centre"
FIGURES = {figure.id: figure for figure in pack(NAME, matched(NAME))}

# id, n, N, value, interval, printed
TABLE = [
    ("referred", 392, None, 392.0, None, 392),
    ("declined-or-not-reached", 73, 392, 18.6, (15.1, 22.8), 18),
    ("declined", 41, 392, 10.5, (7.8, 13.9), None),
    ("not-reached", 32, 392, 8.2, (5.8, 11.3), None),
    ("unsafe", 0, 392, 0.0, (0.0, 1.0), None),
    ("not-tried", 0, 392, 0.0, (0.0, 1.0), None),
    ("at-the-centre", 319, 392, 81.4, (77.2, 84.9), 319),
    ("clients", 107, 319, 33.5, (28.6, 38.9), 107),
    ("partners", 212, 319, 66.5, (61.1, 71.4), 212),
    ("clients-men", 93, 107, 86.9, (79.2, 92.0), 87),
    ("clients-women", 14, 107, 13.1, (8.0, 20.8), 13),
    ("clients-other", 0, 107, 0.0, (0.0, 3.5), None),
    ("clients-sex-unknown", 0, 107, 0.0, (0.0, 3.5), None),
    ("partners-men", 6, 212, 2.8, (1.3, 6.0), 3),
    ("partners-women", 206, 212, 97.2, (94.0, 98.7), 97),
    ("partners-other", 0, 212, 0.0, (0.0, 1.8), None),
    ("partners-sex-unknown", 0, 212, 0.0, (0.0, 1.8), None),
    ("partners-without-client", 107, 212, 50.5, (43.8, 57.1), None),
    ("clients-without-partner", 7, 107, 6.5, (3.2, 12.9), None),
    ("linked-cases", 100, None, 100.0, None, None),
    ("started", 80, 107, 74.8, (65.8, 82.0), None),
    ("completed", 50, 80, 62.5, (51.5, 72.3), None),
    ("freedom-after-change", 90, 212, 10.0, (7.6, 12.4), None),
    ("freedom-after-improved", 54, 90, 60.0, (49.7, 69.5), None),
    ("safety-follow-up-change", 40, 212, 10.0, (6.2, 13.8), None),
    ("empowerment-follow-up-improved", 24, 40, 60.0, (44.6, 73.7), None),
    ("scales-as-printed", None, None, None, None, "significantly better, sustained"),
    ("cost-per-referred", 350_900.0, 392, 895.15, None, 1100),
    ("cost-per-at-the-centre", 350_900.0, 319, 1100.0, None, 1100),
    ("cost-per-started", 350_900.0, 80, 4386.25, None, None),
    ("cost-per-completed", 350_900.0, 50, 7018.0, None, None),
    ("cost-per-partner-supported", 350_900.0, 212, 1655.19, None, None),
]


@pytest.mark.parametrize(("name", "n", "of", "value", "interval", "printed"), TABLE)
def test_each_published_figure_comes_out_of_the_records(name, n, of, value, interval, printed):
    figure = FIGURES[name]
    assert (figure.numerator, figure.denominator, figure.value) == (n, of, value)
    assert figure.interval == interval
    assert figure.printed == printed


def test_the_print_cut_eighteen_point_six_down_to_eighteen():
    note = FIGURES["declined-or-not-reached"].note
    assert "Printed as a count: 73." in note
    assert "Printed 18, truncated; 18.6 rounds to 19." in note


@pytest.mark.parametrize("name", ["clients-men", "clients-women", "partners-men", "partners-women"])
def test_rounded_prints_agree_with_the_records(name):
    assert "rounded." in FIGURES[name].note
    assert "differ" not in FIGURES[name].note
    assert "give" not in FIGURES[name].note


def test_silent_partners_leave_wide_bounds_and_a_low_response_rate():
    figure = FIGURES["freedom-after-improved"]
    assert figure.source == "partner"
    assert (figure.missing, figure.response_rate) == (122, 42.5)
    assert figure.bounds == (25.5, 83.0)
    assert "no record 112, unsafe to ask 10" in figure.note


def test_the_claim_without_numbers_is_marked_and_not_repeated():
    figure = FIGURES["scales-as-printed"]
    assert figure.value is None
    assert figure.note.startswith("Figure without denominator.")


def test_a_cost_says_what_it_includes_and_what_the_print_left_open():
    note = FIGURES["cost-per-at-the-centre"].note
    assert "Includes travel, wages. Excludes rent. Prices of 2014." in note
    assert "Printed 1,100, denominator unstated." in note
    assert "350,900" in note
    assert "431,200" in FIGURES["cost-per-referred"].note


def test_every_share_carries_its_interval_and_every_figure_its_definition():
    for figure in FIGURES.values():
        assert figure.definition
        assert figure.source
        if figure.unit == "percent":
            assert figure.interval is not None
            assert figure.missing is not None


def test_an_empty_extract_gives_no_value_where_nobody_is_in_the_denominator():
    for figure in pack("intervention-centre", extract()):
        if figure.denominator is None or figure.source == "print":
            continue
        assert figure.value is None, figure.id
        assert figure.interval is None
        assert figure.note


# The other services ------------------------------------------------------------------------------

# pack, id, n, N, value, interval, printed
OTHERS = [
    ("dvip", "men", 410, None, 410.0, None, 410),
    ("dvip", "without-children", 40, 410, 9.8, (7.2, 13.0), 10),
    ("dvip", "with-children", 370, 410, 90.2, (87.0, 92.8), 90),
    ("dvip", "children", 728, None, 728.0, None, 728),
    ("dvip", "children-per-father", 728, 370, 1.97, None, 2),
    ("dvip", "no-further-violence", 7, 10, 70.0, (39.7, 89.2), 70),
    ("dvip", "women-safer", 17, 26, 65.4, (46.2, 80.6), 65),
    ("dvip", "children-safer", 18, 26, 69.2, (50.0, 83.5), 69),
    ("dvip", "workers-children-safer", 7, 9, 77.8, (45.3, 93.7), 78),
    ("dvip", "report-very-useful", 8, 9, 88.9, (56.5, 98.0), 89),
    ("dvip", "care-for-a-week", 80_000.0, 52, 1538.46, None, 1600),
    ("dvip", "weeks-for-each-of-35-families", 320.0, 35, 9.14, None, "up to 35 families"),
    ("your-choice", "reduction-that-lasted", 19, 20, 95.0, (76.4, 99.1), 95),
    ("your-choice", "safer", 18, 20, 90.0, (69.9, 97.2), 90),
    ("your-choice", "supported", 20, 20, 100.0, (83.9, 100.0), 100),
    ("your-choice", "supported-to-change", 12, 12, 100.0, (75.8, 100.0), 100),
    ("substance-pilot", "started", 26, 30, 86.7, (70.3, 94.7), 87),
    ("substance-pilot", "over-30-hours-of-assessed", 23, 30, 76.7, (59.1, 88.2), 77),
    ("substance-pilot", "partners-in-contact", 16, 30, 53.3, (36.1, 69.8), 53),
    ("substance-pilot", "disclosures", 1, 10, 10.0, (1.8, 40.4), 1),
]
PACKS = {name: {figure.id: figure for figure in pack(name, matched(name))} for name in SERVICES}


@pytest.mark.parametrize(("name", "row", "n", "of", "value", "interval", "printed"), OTHERS)
def test_each_figure_of_the_other_services_comes_out_of_its_cohort(
        name, row, n, of, value, interval, printed):
    figure = PACKS[name][row]
    assert (figure.numerator, figure.denominator, figure.value) == (n, of, value)
    assert (figure.interval, figure.printed) == (interval, printed)


def test_no_printed_share_is_given_by_a_count_that_could_not_print_it():
    for figures in PACKS.values():
        for figure in figures.values():
            share_printed = figure.unit == "percent" and isinstance(figure.printed, int)
            if not share_printed or figure.id in ("over-30-hours-of-started", "disclosures"):
                continue
            if "Printed as a count" in figure.note and f"Printed {figure.printed}," not in \
                    figure.note:
                continue
            made = "truncated" if "truncated" in figure.note else "rounded"
            assert figure.numerator in numerators(Print(figure.printed, made), figure.denominator)


def test_silence_about_violence_leaves_wide_bounds():
    figure = PACKS["substance-pilot"]["disclosures"]
    assert (figure.missing, figure.bounds) == (6, (6.3, 43.8))
    assert "At most 16 women could have disclosed" in figure.note


# The worked example of the IMPACT toolkit: both sides, never pooled ------------------------------

# id, n, N, printed percentage
IMPACT = [
    ("afraid-by-partners-before", 27, 71, 38.0),
    ("afraid-by-partners-after", 8, 71, 11.3),
    ("afraid-by-clients-before", 39, 133, 29.3),
    ("afraid-by-clients-after", 43, 133, 32.3),
    ("injured-by-partners-before", 33, 71, 46.5),
    ("injured-by-partners-after", 4, 71, 5.6),
    ("injured-by-clients-before", 32, 133, 24.1),
    ("injured-by-clients-after", 36, 133, 27.1),
]
BESIDE = {figure.id: figure for figure in pack("impact", matched("impact"))}


@pytest.mark.parametrize(("row", "n", "of", "printed"), IMPACT)
def test_the_worked_example_of_the_toolkit_comes_out_as_printed(row, n, of, printed):
    figure = BESIDE[row]
    assert (figure.numerator, figure.denominator, figure.value) == (n, of, printed)
    assert list(numerators(Print(printed, places=1), of)) == [n]


def test_partners_and_clients_are_never_pooled():
    for figure in BESIDE.values():
        assert figure.source in ("partner", "client")
        assert f"-by-{figure.source}s-" in figure.id
    pooled = Fraction(100 * (27 + 39), 71 + 133)
    assert round(float(pooled), 1) not in {figure.value for figure in BESIDE.values()}
    fall = BESIDE["afraid-by-partners-after"].value - BESIDE["afraid-by-partners-before"].value
    rise = BESIDE["afraid-by-clients-after"].value - BESIDE["afraid-by-clients-before"].value
    assert (round(fall, 1), round(rise, 1)) == (-26.7, 3.0)
