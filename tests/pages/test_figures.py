import pytest

from casewall.pages.figures import number, out_of, row, span, table, value_in_words

DECLINED = {
    "label": "Declined or not reached",
    "numerator": 73,
    "denominator": 392,
    "value": 18.62,
    "unit": "%",
    "interval": [15.07, 22.78],
    "missing": 0,
    "source": "worker",
    "printed": 18,
    "definition": "of all referred",
    "note": "printed cut off",
}


def test_a_figure_in_words():
    assert row(DECLINED) == {
        "label": "Declined or not reached",
        "value": "18.6%",
        "out_of": "73/392",
        "interval": "15.1 to 22.8%",
        "missing": "0",
        "source": "worker",
        "response": "",
        "bounds": "",
        "printed": "18",
        "definition": "of all referred",
        "note": "printed cut off",
    }


def test_a_suppressed_figure_keeps_its_counts_to_itself():
    hidden = {**DECLINED, "suppressed": True}
    assert value_in_words(hidden) == "not shown: too few people"
    assert out_of(hidden) == ""


def test_a_figure_without_a_denominator_is_marked():
    assert out_of({"numerator": 5}) == "no denominator"
    assert out_of({"denominator": 1500}) == "n = 1,500"
    assert out_of({"numerator": "fewer than 8", "denominator": 40}) == "fewer than 8/40"


def test_no_value_is_no_figure():
    assert value_in_words({"value": None}) == "no figure"
    assert row({"id": "x"})["label"] == "x"
    assert row({"response_rate": 69.3})["response"] == "69.3%"


@pytest.mark.parametrize("ends", [None, [], [None, 3], [3, None]])
def test_half_an_interval_is_none(ends):
    assert span(ends, "%") == ""


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [("fewer than 8", "%", "fewer than 8"), (3, "hours", "3 hours"), (3.0, None, "3")],
)
def test_numbers_with_their_unit(value, unit, words):
    assert number(value, unit) == words


def test_columns_that_nobody_fills_are_left_out_but_the_denominator_never():
    drawn = table([{"label": "A", "value": 3, "source": "client"}])
    assert [str(head) for head in drawn["heads"]] == [
        "Value",
        "n/N",
        "95% interval",
        "Who says so",
    ]
    assert [cell["text"] for cell in drawn["rows"][0]["cells"]] == [
        "3",
        "no denominator",
        "",
        "client",
    ]
