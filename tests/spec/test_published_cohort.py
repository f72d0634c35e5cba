"""The published table of the Danish Intervention Centre, with the denominators it left out."""

import pytest

from casewall.outcomes.reference import pack
from tests.spec.cohort import extract, published_cohort

FIGURES = {figure.id: figure for figure in pack("intervention-centre", published_cohort())}

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
        if figure.denominator is None:
            continue
        assert figure.value is None, figure.id
        assert figure.interval is None
        assert figure.note
