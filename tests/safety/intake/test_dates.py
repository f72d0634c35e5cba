"""A date is read when there is one way to read it."""

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.intake.dates import (
    Ambiguous,
    AmbiguousDate,
    UnreadableDate,
    parse_birth_date,
    parse_date,
    settle_order,
)

FOURTH_OF_MARCH = date(2026, 3, 4)
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-04",
        "2026/3/4",
        "2026.03.04",
        "20260304",
        "2026-03-04T10:30:00",
        "2026-03-04 10:30",
        "4/3-2026",
        "4. marts 2026",
        "d. 4. marts 2026",
        "den 4. marts 2026",
        "4. marts 2026 kl. 10.30",
        "4 March 2026",
        "4th Mar. 2026",
        "March 4, 2026",
        "MARCH 4th 2026",
        "٢٠٢٦-٠٣-٠٤",
        "٤ مارس ٢٠٢٦",
        "4 آذار 2026",
        "\u200f4 مارس 2026\u200e",
    ],
)
def test_a_date_that_shows_its_order_needs_none(written):
    assert parse_date(written, order=None) == FOURTH_OF_MARCH
    assert parse_date(written, order="mdy") == FOURTH_OF_MARCH


@pytest.mark.parametrize(
    "written", ["04.03.2026", "4/3/2026", "04-03-2026", "04 03 2026", "٤/٣/٢٠٢٦", "04032026"]
)
def test_a_date_with_two_readings_is_read_by_the_order_given(written):
    assert parse_date(written, order="dmy") == FOURTH_OF_MARCH
    assert parse_date(written, order="mdy") == date(2026, 4, 3)
    with pytest.raises(AmbiguousDate, match="can be 4 March 2026 or 3 April 2026: say which"):
        parse_date(written, order=None)
    with pytest.raises(AmbiguousDate):
        parse_date(written, order="ymd")


def test_the_same_day_in_both_orders_is_not_ambiguous():
    assert parse_date("05/05/2026", order=None) == date(2026, 5, 5)


def test_a_thirteen_settles_a_single_date():
    assert parse_date("13/02/2026", order=None) == date(2026, 2, 13)
    assert parse_date("02/13/2026", order=None) == date(2026, 2, 13)


def test_a_date_against_the_order_given_is_refused():
    with pytest.raises(UnreadableDate, match="not a date where the day comes first"):
        parse_date("02/13/2026", order="dmy")
    with pytest.raises(UnreadableDate, match="not a date where the month comes first"):
        parse_date("13/02/2026", order="mdy")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("03/2026", "not a whole date"),
        ("2026", "not a whole date"),
        ("marts 2026", "not a whole date"),
        ("4. marts", "not a whole date"),
        ("4.3.", "not a whole date"),
        ("00/03/1980", "not a whole date"),
        ("1980-00-00", "not a whole date"),
        ("xx.03.1980", "not a whole date"),
        ("??-03-1980", "not a whole date"),
        ("4/3-26", "year in two digits"),
        ("26-03-04", "year in two digits"),
        ("040326", "year in two digits"),
        ("4. marts 26", "year in two digits"),
        ("31/02/2026", "does not exist"),
        ("2026-02-30", "does not exist"),
        ("31. april 2026", "does not exist"),
        ("13/13/2026", "does not exist"),
        ("04.03.0206", "has the year 206"),
        ("4. marts 1899", "has the year 1899"),
        ("46085", "is a number"),
        ("46085.5", "is a number"),
        ("4. foo 2026", "is not a date"),
        ("foo 4 2026", "is not a date"),
        ("I går", "is not a date"),
        ("", "is not a date"),
        ("1" * 61, "is not a date"),
    ],
)
def test_what_is_not_a_whole_date_is_refused_with_the_reason(written, why):
    with pytest.raises(UnreadableDate, match=why):
        parse_date(written, order="dmy")


def test_a_long_text_is_quoted_short():
    with pytest.raises(UnreadableDate) as refused:
        parse_date("x" * 5000, order=None)
    assert len(str(refused.value)) < 120


@given(st.text(max_size=70), st.sampled_from([None, "dmy", "mdy", "ymd"]))
def test_any_text_is_a_date_or_is_refused(written, order):
    try:
        day = parse_date(written, order=order)
    except UnreadableDate:
        return
    assert 1900 <= day.year <= 2100


@given(st.dates(date(1900, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back_in_each_order(day):
    assert parse_date(day.isoformat(), order=None) == day
    assert parse_date(day.strftime("%d/%m/%Y"), order="dmy") == day
    assert parse_date(day.strftime("%m/%d/%Y"), order="mdy") == day
    assert parse_date(day.strftime("%Y%m%d"), order=None) == day
    assert parse_date(day.strftime("%d%m%Y"), order="dmy") == day


@pytest.mark.parametrize("filler", [" ", "1", "a", ".", "-", "1 a ", "٤"])
def test_no_text_of_ten_thousand_characters_takes_long(filler):
    written = (filler * 10_000)[:10_000]
    begun = time.perf_counter()
    for text in (written, f"1{written}", written[:60]):
        with pytest.raises(UnreadableDate):
            parse_birth_date(text, order=None, today=TODAY)
    assert time.perf_counter() - begun < 0.05


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("040380-1234", date(1980, 3, 4)),
        ("0403801234", date(1980, 3, 4)),
        ("040380 1234", date(1980, 3, 4)),
        ("040310-4123", date(2010, 3, 4)),
        ("040340-4123", date(1940, 3, 4)),
        ("040310-9123", date(2010, 3, 4)),
        ("040310-5123", date(2010, 3, 4)),
        ("04.03.1980", date(1980, 3, 4)),
    ],
)
def test_of_a_civil_registration_number_only_the_date_is_taken(written, expected):
    assert parse_birth_date(written, order="dmy", today=TODAY) == expected


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("040380-xxxx", "does not tell the century"),
        ("040380****", "does not tell the century"),
        ("403801234", "does not tell the century"),
        ("040380", "year in two digits"),
        ("310280-1234", "first six digits are not a date"),
        ("040336-4123", "4 March 2036 is in the future"),
        ("040358-5123", "more than 120 years ago"),
        ("2026-06-02", "2 June 2026 is in the future"),
        ("1900-01-01", "more than 120 years ago"),
        ("04/03/1980", "can be 4 March 1980 or 3 April 1980"),
    ],
)
def test_a_doubtful_date_of_birth_is_refused(written, why):
    with pytest.raises(UnreadableDate, match=why):
        parse_birth_date(written, order=None, today=TODAY)


def test_a_refused_civil_registration_number_is_not_repeated():
    with pytest.raises(UnreadableDate) as refused:
        parse_birth_date("310280-1234", order=None, today=TODAY)
    assert "310280" not in str(refused.value)


@pytest.mark.parametrize(
    ("column", "order"),
    [
        (["04/05/2026", "13/05/2026"], "dmy"),
        (["04/05/2026", "05/13/2026"], "mdy"),
        (["4/5-2026", "04/05/2026"], "dmy"),
        (["2026-05-04", "4. maj 2026"], "ymd"),
        (["2026-05-04", "13/05/2026"], "dmy"),
        (["13/05/2026", "05/13/2026"], "ymd"),
        (["05/05/2026"], None),
        (["03/2026", "", "31/02/2026", "01/02/0206"], None),
        ([], None),
    ],
)
def test_a_column_settles_its_own_order(column, order):
    assert settle_order(column) == order


def test_a_column_without_evidence_stays_ambiguous():
    assert settle_order(["", "04/05/2026", "05/06/2026"]) == Ambiguous(
        "04/05/2026", 1, (date(2026, 5, 4), date(2026, 4, 5)), mixed=False
    )


def test_a_column_with_evidence_for_both_orders_is_ambiguous():
    settled = settle_order(["13/05/2026", "05/13/2026", "04/05/2026"])
    assert isinstance(settled, Ambiguous)
    assert settled.mixed
