"""The extract goes into rows and comes back the same; what does not fit is refused by place."""

import re
from datetime import date, datetime

import pytest
from hypothesis import given, settings

from casewall.outcomes.extract import (
    Attendance,
    ExtractError,
    Link,
    from_rows,
    to_rows,
)
from tests.spec.cohort import client, cost, extract, partner, random_extracts, score

WHOLE = extract(
    persons=[client("c1", stage="started", exited_on=date(2014, 2, 2)), partner("p1")],
    links=[Link(partner_key="p1", client_key="c1")],
    scales=[score("p1", "safety", "before", 62.5)],
    attendance=[
        Attendance(
            client_key="c1",
            session_on=date(2014, 2, 1),
            status="late",
            minutes_planned=120,
            minutes_attended=100,
        )
    ],
    costs=[cost("wages", 100)],
)


def test_an_extract_comes_back_from_its_rows_the_same():
    assert from_rows(to_rows(WHOLE)) == WHOLE


@settings(deadline=None)
@given(random_extracts())
def test_any_extract_comes_back_from_its_rows_the_same(cohort):
    assert from_rows(to_rows(cohort)) == cohort


def test_days_written_as_text_and_absent_optional_columns_are_read():
    rows = to_rows(WHOLE)
    for person in rows["persons"]:
        person["referred_on"] = person["referred_on"].isoformat()
        if person["completed_on"] is None:
            del person["completed_on"]
    del rows["extract"][0]["invented"]
    found = from_rows(rows)
    assert found.persons == WHOLE.persons
    assert found.invented is False


def test_absent_tables_are_empty():
    rows = to_rows(WHOLE)
    assert from_rows({"extract": rows["extract"]}).persons == ()


# table, column, what is written, what is said
WRONG = [
    ("extract", "service", "", "extract row 1, service: '' is not a text"),
    ("extract", "invented", "yes", "invented: 'yes' is not true or false"),
    ("extract", "as_of", datetime(2014, 1, 1), "as_of: datetime"),  # noqa: DTZ001
    ("persons", "contact", "maybe", "persons row 1, contact: 'maybe' is not one of not_tried"),
    ("persons", "sex", None, "persons row 1, sex: a value is needed"),
    ("persons", "key", 7, "key: 7 is not a text"),
    ("persons", "stage", 7, "stage: 7 is not a text"),
    ("persons", "referred_on", "31/1/2014", "'31/1/2014' is not a day written as 2014-01-31"),
    ("persons", "referred_on", 3, "3 is not a day"),
    ("persons", "referred_on", None, "referred_on: a value is needed"),
    ("persons", "name", "Ann", "persons row 1: there is no column called name"),
    ("scales", "score", 101.0, "scales row 1, score: 101.0 is not a score from 0 to 100"),
    ("scales", "score", float("nan"), "nan is not a score from 0 to 100"),
    ("scales", "score", True, "True is not a score"),
    ("scales", "answered", 3.0, "answered: 3.0 is not a whole number from 0"),
    ("scales", "wave", "later", "wave: 'later' is not one of first_contact, before"),
    ("costs", "amount", -1, "costs row 1, amount: -1 is not a whole number from 0"),
    ("costs", "included", 1, "included: 1 is not true or false"),
]


@pytest.mark.parametrize(("table", "column", "value", "sentence"), WRONG)
def test_a_wrong_value_is_refused_with_table_row_and_column(table, column, value, sentence):
    rows = to_rows(WHOLE)
    rows[table][0][column] = value
    with pytest.raises(ExtractError, match=re.escape(sentence)):
        from_rows(rows)


def test_a_missing_column_is_refused_by_name():
    rows = to_rows(WHOLE)
    del rows["links"][0]["client_key"]
    with pytest.raises(ExtractError, match="links row 1, client_key: the column is missing"):
        from_rows(rows)


def test_an_unknown_table_and_a_missing_heading_are_refused():
    with pytest.raises(ExtractError, match="no table called names"):
        from_rows({**to_rows(WHOLE), "names": []})
    with pytest.raises(ExtractError, match="extract has 0 rows and needs exactly one"):
        from_rows({})


def test_a_period_that_ends_before_it_begins_is_refused():
    with pytest.raises(ExtractError, match="ends before it begins"):
        extract(period_from=date(2014, 1, 2), period_to=date(2014, 1, 1))


# parts that contradict each other, and what is said
CONTRADICTIONS = [
    (
        {"persons": [client("c"), partner("p", side="programme")]},
        "persons row 2, side: a partner is never on the programme side",
    ),
    ({"persons": [client("c"), client("c")]}, "persons row 2: the same record stands twice"),
    (
        {"links": [Link(partner_key="p", client_key="c")] * 2},
        "links row 2: the same record stands twice",
    ),
    (
        {"scales": [score("p", "safety", "after", 1.0), score("p", "safety", "after", 2.0)]},
        "scales row 2: the same record stands twice",
    ),
    (
        {"scales": [score("p", "safety", "after", 1.0, side="programme")]},
        "scales row 1, side: a partner's answer is never on the programme side",
    ),
]


@pytest.mark.parametrize(("parts", "sentence"), CONTRADICTIONS)
def test_rows_that_contradict_each_other_are_refused(parts, sentence):
    with pytest.raises(ExtractError, match=re.escape(sentence)):
        extract(**parts)
