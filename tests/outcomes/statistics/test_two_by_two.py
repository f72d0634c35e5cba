"""Two-by-two tables: the published recomputed, the laws, and what a zero cell takes away."""

import json
import math

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from casewall.outcomes.statistics.results import NOT_A_CAUSE, NoFigure, as_dict
from casewall.outcomes.statistics.two_by_two import Arm, TwoByTwo, compare
from tests.outcomes.statistics.beside_r import SHARED

PUBLISHED = SHARED / "published_tables.json"


@st.composite
def arms(draw: st.DrawFn, least: int = 0) -> tuple[int, int]:
    n = draw(st.integers(1 + 2 * least, 80))
    return draw(st.integers(least, n - least)), n


def table(first: tuple[int, int], second: tuple[int, int]) -> TwoByTwo:
    return compare(Arm("programme", *first), Arm("comparison", *second))


def published(name: str) -> dict:
    if not PUBLISHED.is_file():
        pytest.skip("the published tables are not on this machine")
    entries = json.loads(PUBLISHED.read_text(encoding="utf-8"))["tables"]
    return next(one for one in entries if one["id"] == name)


def test_dutton_recomputed() -> None:
    entry = published("B01")
    answers = entry["recomputed"]
    found = table(tuple(entry["numbers"]["treated"]), (20, 50))
    assert found.odds_ratio.value == pytest.approx(answers["odds_ratio"], abs=5e-5)
    assert found.odds_ratio.interval == pytest.approx(answers["or_ci95"], abs=6e-5)
    assert found.risk_ratio.value == pytest.approx(answers["risk_ratio"], abs=5e-5)
    assert found.risk_ratio.interval == pytest.approx(answers["rr_ci95"], abs=6e-5)
    assert found.value == pytest.approx(answers["risk_difference"], abs=5e-5)
    assert found.risk_difference_wald.interval == pytest.approx(
        answers["rd_ci95_wald"], abs=6e-5
    )
    assert found.chi_square.statistic == pytest.approx(answers["chi2_uncorrected"], abs=6e-5)
    assert found.chi_square_yates.statistic == pytest.approx(answers["chi2_yates"], abs=6e-5)
    assert found.fisher.p == pytest.approx(answers["fisher_p_two_sided"], abs=6e-7)
    assert found.cohens_h.value == pytest.approx(answers["cohens_h"], abs=5e-5)
    assert [100 * risk.value for risk in found.risks] == pytest.approx(answers["percent"])


def test_every_result_carries_n_missing_method_and_parameters() -> None:
    found = compare(Arm("programme", 8, 20, 25), Arm("comparison", 12, 30, 31))
    assert (found.n, found.asked, found.missing) == (50, 56, 6)
    assert "Newcombe" in found.method
    assert found.parameters["confidence"] == 0.95
    assert found.warnings == (NOT_A_CAUSE,)
    plain = as_dict(found)
    assert plain["missing"] == 6
    assert json.loads(json.dumps(plain, allow_nan=False))["first"]["label"] == "programme"


@given(first=arms(), second=arms())
@settings(max_examples=40, deadline=None)
def test_changing_the_groups_round_turns_every_number_round(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, other = table(first, second), table(second, first)
    assert one.value == pytest.approx(-other.value)
    assert one.interval == pytest.approx((-other.interval[1], -other.interval[0]))
    assert one.cohens_h.value == pytest.approx(-other.cohens_h.value)
    assert one.fisher.p == pytest.approx(other.fisher.p)
    assert one.chi_square.statistic == pytest.approx(other.chi_square.statistic)
    for found in (one, other):
        low, high = found.interval
        assert -1 - 1e-12 <= low <= found.value <= high <= 1 + 1e-12


@given(first=arms(least=1), second=arms(least=1))
@settings(max_examples=40, deadline=None)
def test_changing_the_groups_round_inverts_the_ratios(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    one, other = table(first, second), table(second, first)
    for name in ("odds_ratio", "risk_ratio"):
        here, there = getattr(one, name), getattr(other, name)
        assert here.value == pytest.approx(1 / there.value)
        assert here.interval == pytest.approx((1 / there.interval[1], 1 / there.interval[0]))
        assert here.interval[0] < here.value < here.interval[1]
    low, high = one.odds_ratio_exact.interval
    assert low <= one.odds_ratio_exact.value <= high


@given(first=arms(least=1), second=arms(least=1))
@settings(max_examples=40, deadline=None)
def test_yates_is_never_surer_than_without(
    first: tuple[int, int], second: tuple[int, int]
) -> None:
    found = table(first, second)
    assume(found.chi_square.statistic > 1e-9)
    assert found.chi_square_yates.statistic <= found.chi_square.statistic
    assert found.chi_square_yates.p >= found.chi_square.p


def test_nobody_of_the_first_group_has_a_ratio_of_zero_and_an_exact_interval() -> None:
    found = table((0, 20), (6, 22))
    assert found.odds_ratio.value == 0
    assert found.odds_ratio.interval is None
    assert "zero" in found.odds_ratio.note
    assert found.risk_ratio.value == 0
    assert found.risk_ratio.interval is None
    assert found.odds_ratio_exact.value == 0
    assert found.odds_ratio_exact.interval[1] < 1
    assert "smallest expected count is 2.9" in found.warnings[1]
    assert found.fisher.p < 0.05


def test_nobody_of_the_second_group_has_no_ratio() -> None:
    found = table((6, 22), (0, 20))
    assert found.odds_ratio.value is None
    assert "neither the ratio" in found.odds_ratio.note
    assert found.risk_ratio.value is None
    assert "ratio to zero" in found.risk_ratio.note
    assert found.odds_ratio_exact.value is None
    assert "no upper end" in found.odds_ratio_exact.note
    assert found.interval[0] > 0


@pytest.mark.parametrize(("first", "second", "said"),
                         [((0, 9), (0, 7), "Nobody"), ((9, 9), (7, 7), "Everybody")])
def test_a_table_without_difference_says_so_and_gives_no_chi_square(
    first: tuple[int, int], second: tuple[int, int], said: str
) -> None:
    found = table(first, second)
    for test in (found.chi_square, found.chi_square_yates):
        assert (test.statistic, test.p) == (None, None)
        assert test.note.startswith(said)
    assert found.fisher.p == 1
    assert found.odds_ratio_exact.note.startswith(said)
    assert found.risk_difference_wald.interval is None
    assert math.isclose(found.value, 0)


@pytest.mark.parametrize(("arm", "said"), [
    (Arm("comparison", 3, None), "without its n"),
    (Arm("comparison", 0, 0), "Nobody in “comparison”"),
    (Arm("comparison", 5, 4), "5 of 4, of 4 asked, cannot be"),
    (Arm("comparison", 3, 5, 4), "cannot be"),
    (Arm("comparison", -1, 5), "whole number"),
    (Arm("comparison", 1.5, 5), "whole number"),
    (Arm("comparison", True, 5), "whole number"),
])
def test_what_cannot_be_compared_is_a_sentence(arm: Arm, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        compare(Arm("programme", 1, 5), arm)
    with pytest.raises(NoFigure, match=said):
        compare(arm, Arm("programme", 1, 5))
