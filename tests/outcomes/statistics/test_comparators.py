"""Aggregates of others: read with their n or refused, and never without a warning."""

import json
from datetime import date

import pytest

from casewall.outcomes.statistics.attrition import BIASED
from casewall.outcomes.statistics.comparators import (
    DANISH,
    POPULATIONS,
    WARNINGS,
    beside,
    beside_scores,
    beside_shares,
    danish_comparison,
    read_csv,
    read_json,
)
from casewall.outcomes.statistics.means import MeanDifference
from casewall.outcomes.statistics.results import NoFigure
from casewall.outcomes.statistics.two_by_two import TwoByTwo
from casewall.outcomes.tables import Person

SHELTER = {"name": "residents", "measure": "violence_months", "population": "shelter_residents",
           "source": "invented survey", "n": 80, "mean": 74.0, "sd": 60.0}
WORK = {"name": "clients elsewhere", "measure": "employed", "population": "other_treatment",
        "source": "invented yearbook", "n": 200, "count": 90}
HEAD = "name,measure,population,source,n,mean,sd,count"


def read(*entries: dict) -> tuple:
    return read_json(json.dumps({"comparators": entries}))


def test_json_and_csv_say_the_same() -> None:
    text = "\ufeff" + "\n".join([
        HEAD, "residents,violence_months,shelter_residents,invented survey,80,74,60,",
        " clients elsewhere ,employed,other_treatment,invented yearbook,200,,,90", ""])
    assert read_csv(text) == read(SHELTER, WORK)


@pytest.mark.parametrize(("change", "said"), [
    ({"n": None}, "Comparator 1 .“residents”. has no n. Without the number"),
    ({"n": 0}, "has no n"),
    ({"n": 8.5}, "“n” is 8.5, not a whole number"),
    ({"n": True}, "not a whole number"),
    ({"n": -3}, "not a whole number"),
    ({"source": " "}, "has no source"),
    ({"measure": None}, "has no measure"),
    ({"name": 5}, "has no name"),
    ({"population": "students"}, "“students” is not one of other_treatment"),
    ({"colour": "red"}, "“colour” is not a key"),
    ({"sd": None}, "needs a mean with its standard deviation"),
    ({"mean": None}, "needs a mean with its standard deviation"),
    ({"mean": None, "sd": None}, "needs a mean with its standard deviation"),
    ({"count": 4}, "and not both"),
    ({"mean": "many"}, "“mean” is 'many', not a number"),
    ({"mean": True}, "“mean” is True, not a number"),
    ({"mean": float("nan")}, "is nan"),
    ({"sd": -1}, "not below 0"),
    ({"mean": None, "sd": None, "count": 81}, "81 of 80 cannot be"),
])
def test_an_entry_that_cannot_be_used_is_a_sentence_with_its_place(
    change: dict, said: str
) -> None:
    with pytest.raises(NoFigure, match=said):
        read({**SHELTER, **change})


@pytest.mark.parametrize(("text", "said"), [
    ("{", "The file is not JSON: line 1"),
    ("[]", "holds no comparators"),
    ('{"comparators": []}', "holds no comparators"),
    ('{"comparators": [3]}', "Comparator 1 is not an object"),
])
def test_a_file_of_another_shape_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        read_json(text)


@pytest.mark.parametrize(("text", "said"), [
    ("", "lacks the columns: name"),
    ("name,n\n", "lacks the columns: measure"),
    (HEAD + "\n", "nothing below"),
    (HEAD + "\na,b,drop_outs,s,x,1,1,\n", "Line 2: “n” is 'x', not a whole number"),
    (HEAD + "\na,b,drop_outs,s,9,1;5,1,\n", "Line 2: “mean” is '1;5', not a number"),
    (HEAD + "\na,b,drop_outs,s,,1,1,\n", "Line 2 .“a”. has no n"),
    (HEAD + "\na,b,drop_outs,s,9,1,1\n", "more or fewer cells"),
    (HEAD + "\na,b,drop_outs,s,9,1,1,,7\n", "more or fewer cells"),
])
def test_a_line_that_cannot_be_used_is_a_sentence(text: str, said: str) -> None:
    with pytest.raises(NoFigure, match=said):
        read_csv(text)


@pytest.mark.parametrize("population", POPULATIONS)
def test_every_population_has_its_warning_and_the_source_with_n(population: str) -> None:
    (mean,) = read({**SHELTER, "population": population})
    (share,) = read({**WORK, "population": population})
    for found in (beside_scores([20, 60, 80], mean), beside_shares([True, False, None], share)):
        assert found.warnings[0] == WARNINGS[population]
        assert "n = " in found.warnings[1]
    assert WARNINGS["drop_outs"] == BIASED


def test_ours_less_theirs_with_our_missing_counted() -> None:
    mean, share = read(SHELTER, WORK)
    scores = beside_scores([20, 60, 80, None], mean)
    assert scores.value == pytest.approx(160 / 3 - 74)
    assert (scores.n, scores.missing) == (83, 1)
    shares = beside_shares([True, True, False, None], share)
    assert shares.value == pytest.approx(2 / 3 - 0.45)
    assert (shares.n, shares.missing) == (203, 1)


def test_what_cannot_be_compared_is_listed_with_its_reason() -> None:
    mean, share = read(SHELTER, WORK)
    other = read({**WORK, "measure": "shoe size"})[0]
    found = beside({"violence_months": [3], "employed": [None]}, [mean, share, other])
    assert [one.compared for one in found] == [None, None, None]
    assert [one.refused for one in found] == [
        "“ours” has 1 known values; a mean with its spread needs at least two.",
        "Nobody in “ours” has a known answer: nothing is compared.",
        "We do not record “shoe size”.",
    ]
    with pytest.raises(NoFigure, match="a share is compared with a count"):
        beside_shares([True], mean)
    with pytest.raises(NoFigure, match="without its mean and standard deviation"):
        beside_scores([1, 2], share)


def person(key: str, **facts) -> Person:
    facts.setdefault("referred_on", date(2024, 1, 1))
    return Person(key=key, side="safety", role="partner", sex="unknown", service="s",
                  route="self", contact="engaged", **facts)


def test_history_problems_and_work_stand_beside_the_comparators() -> None:
    people = [
        person("a", violence_months=100, needs="", employment="unemployed"),
        person("a", violence_months=24, needs="alcohol,housing", employment="part-time",
               referred_on=date(2024, 6, 1)),
        person("b", violence_months=60, needs="", employment="unemployed"),
        person("c", violence_months=12, needs="alcohol", employment="unknown"),
        person("d"),
    ]
    problems = {**SHELTER, "measure": "needs", "mean": 2.5, "sd": 1.5}
    alcohol = {**WORK, "measure": "need.alcohol"}
    found = danish_comparison(people, read(SHELTER, problems, WORK, alcohol),
                              employed={"full-time", "part-time"}, ours="partners")
    months, needs, employed, drink = (one.compared for one in found)
    assert [one.comparator.measure for one in found[:3]] == list(DANISH)
    assert isinstance(months, MeanDifference)
    assert (months.first.n, months.first.mean, months.missing) == (3, 32, 1)
    assert (needs.first.n, needs.first.mean) == (3, 1)
    assert isinstance(employed, TwoByTwo)
    assert (employed.first.events, employed.first.n, employed.first.asked) == (1, 2, 4)
    assert (drink.first.events, drink.first.n) == (2, 3)
    assert months.first.label == "partners"
