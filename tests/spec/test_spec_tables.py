"""Every spec table gives its figure, on both engines."""

import pytest

from casewall.analytics.duck import compute_all
from casewall.outcomes.kinds import KINDS
from casewall.outcomes.reference import compute
from tests.spec.spec_tables import FILES, cases, expected, given

CASES = cases()


def test_every_kind_has_spec_tables():
    assert {path.stem for path in FILES} == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_spec_table_gives_its_figure(case):
    figure = compute(case.card, case.extract)
    assert given(case, figure) == expected(case)
    assert case.figure.get("note", "") in (figure.note or "")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_the_quick_engine_gives_the_whole_figure_alike(case):
    assert compute_all((case.card,), case.extract) == [compute(case.card, case.extract)]
