"""The part of XPath that is read, and the sentence for the rest."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.measures.xpath import Comparison, NotReadError, bounds, relevant

READ = [
    ("${a} = 'yes'", [("a", "=", "yes")], False),
    ('${a}!="no"', [("a", "!=", "no")], False),
    ("${ days } >= 3", [("days", ">=", "3")], False),
    ("${x} < -1.5", [("x", "<", "-1.5")], False),
    ("selected(${forms}, 'threats')", [("forms", "=", "threats")], False),
    ("${a} != ''", [("a", "exists", "true")], False),
    ("${a} = ''", [("a", "exists", "false")], False),
    ("${a} = '1' and ${b} > 2", [("a", "=", "1"), ("b", ">", "2")], False),
    ("${a} = '1' or ${b} <= 2", [("a", "=", "1"), ("b", "<=", "2")], True),
    ("${a} = 'this and that'", [("a", "=", "this and that")], False),
]


@pytest.mark.parametrize(("written", "comparisons", "any_of"), READ)
def test_comparisons_are_read(written, comparisons, any_of):
    found = relevant(written)
    assert found.comparisons == tuple(Comparison(*one) for one in comparisons)
    assert found.any_of is any_of


REFUSED = [
    ("${a} = 1 and ${b} = 2 or ${c} = 3", "joins with both"),
    ("(${a} = 1)", "'(${a} = 1)' is no comparison of one question with one value"),
    ("not(${a} = 1)", "is no comparison"),
    ("${a} + 1 = 2", "is no comparison"),
    ("${a} = ${b}", "is no comparison"),
    ("count-selected(${a}) > 1", "is no comparison"),
    ("${a} > ''", "compares with nothing"),
    ("", "is no comparison"),
    ("${a} = 1 and", "is no comparison"),
]


@pytest.mark.parametrize(("written", "sentence"), REFUSED)
def test_the_rest_is_refused_with_its_words(written, sentence):
    with pytest.raises(NotReadError) as refusal:
        relevant(written)
    assert sentence in str(refusal.value)


def test_bounds_of_whole_numbers_are_read():
    assert bounds(". >= 0 and . <= 28") == (0, 28)
    assert bounds(". > 0 and . < 28") == (1, 27)
    assert bounds(". <= 7") == (None, 7)


@pytest.mark.parametrize("written", [". >= 0 or . <= 5", ". > ${a}", "regex(., 'x')", ". = 3"])
def test_other_constraints_are_refused(written):
    with pytest.raises(NotReadError):
        bounds(written)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(written):
    for reader in (relevant, bounds):
        with suppress(NotReadError):
            assert reader(written)
