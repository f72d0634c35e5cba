"""Dates as people write them: read when there is one way to read them, refused otherwise.

Pure, without a clock: whoever asks whether a date lies in the future says what today is. Sentences
have no row and column; `rules` puts those before them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

from casewall.vault.names import plain

__all__ = [
    "Ambiguous",
    "AmbiguousDate",
    "Order",
    "UnreadableDate",
    "parse_birth_date",
    "parse_date",
    "settle_order",
]

Order = Literal["dmy", "mdy", "ymd"]

FIRST_YEAR, LAST_YEAR = 1900, 2100
OLDEST = 120  # years
MAX_LENGTH = 60  # characters; longer is no date, and would cost the patterns below time

_ENGLISH = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

_MONTH_NAMES = (
    ("january", "januar", "jan", "يناير", "كانون الثاني"),
    ("february", "februar", "feb", "فبراير", "شباط"),
    ("march", "marts", "mar", "mrt", "مارس", "آذار"),
    ("april", "apr", "أبريل", "ابريل", "نيسان"),
    ("may", "maj", "مايو", "أيار"),
    ("june", "juni", "jun", "يونيو", "يونيه", "حزيران"),
    ("july", "juli", "jul", "يوليو", "يوليه", "تموز"),
    ("august", "aug", "أغسطس", "آب"),
    ("september", "sept", "sep", "سبتمبر", "أيلول"),
    ("october", "oktober", "oct", "okt", "أكتوبر", "تشرين الأول"),
    ("november", "nov", "نوفمبر", "تشرين الثاني"),
    ("december", "dec", "ديسمبر", "كانون الأول"),
)
_MONTHS = {
    plain(name): number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names
}

_TIME = re.compile(r"(?<=\d)(t|,?\s+(?:kl\.?\s*)?)\d{1,2}[:.]\d{2}([:.]\d{2}(\.\d+)?)?z?$")
_YEAR_FIRST = re.compile(r"(\d{4})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{1,2})")
_YEAR_LAST = re.compile(r"(\d{1,2})\s*([-/.])\s*(\d{1,2})\s*([-/.])\s*(\d{4})")
_SPACED = re.compile(r"(\d{1,2})()\s+(\d{1,2})()\s+(\d{4})")
_DAY_NAME_YEAR = re.compile(
    r"(?:d\.?\s*|den\s+)?(\d{1,2})(?:\.|st|nd|rd|th)?[\s-]*([^\W\d]\D*?)[\s,.-]*(\d{4})"
)
_NAME_DAY_YEAR = re.compile(r"([^\W\d]\D*?)[\s.]*(\d{1,2})(?:st|nd|rd|th)?[\s,.]+(\d{4})")
_COMPACT = re.compile(r"\d{8}")
_TWO_DIGIT_YEAR = re.compile(
    r"\d{1,2}\s*[-/.\s]\s*\d{1,2}\s*[-/.\s]\s*\d{2}|\d{1,2}\.?\s*[^\W\d]\D*?\s*\d{2}|\d{6}"
)
_HALF = re.compile(
    r"\d{4}|\d{1,2}\s*[-/.\s]\s*\d{4}|\d{4}\s*[-/.]\s*\d{1,2}|\d{1,2}\s*[-/.]\s*\d{1,2}\.?"
    r"|[^\W\d]\D*\d{4}|\d{1,2}\.?\s*[^\W\d]\D*"
    r"|[\dx?_*]{1,4}\s*[-/.\s]\s*[\dx?_*]{1,4}\s*[-/.\s]\s*[\dx?_*]{1,4}"
)
_CIVIL_NUMBER = re.compile(r"(\d{2})(\d{2})(\d{2})\s*[-–]?\s*(\d)\d{3}")
_CIVIL_HIDDEN = re.compile(r"\d{6}\s*[-–]?\s*[x*?]{4}")


class UnreadableDate(ValueError):
    """The text is not one whole date; the message says why and what to write."""


class AmbiguousDate(UnreadableDate):
    """The text is a date in two orders, and nobody has said which one the file uses."""

    def __init__(self, text: str, readings: tuple[date, date]) -> None:
        self.readings = readings
        first, second = (_spoken(reading) for reading in readings)
        super().__init__(f"{text} can be {first} or {second}: say which order this file uses")


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """A column whose order its own dates do not settle.

    `text` is the first date that can be read two ways, `place` its place among the values counted
    from 0, `mixed` whether the column gives evidence for both orders.
    """

    text: str
    place: int
    readings: tuple[date, date]
    mixed: bool = False


class _Shape(NamedTuple):
    """Day, month and year as far as the writing itself tells them apart.

    `first` and `second` are the numbers before the year, whose order may be open; `settled` is
    the order where the writing shows it ("ymd" also for a month in letters, which has no order).
    """

    first: int
    second: int
    year: int
    settled: Order | None


def _spoken(day: date) -> str:
    return f"{day.day} {_ENGLISH[day.month - 1]} {day.year}"


def _clean(text: str) -> str:
    """Plain digits, no case or accents, no direction marks, no time of day; "" if too long."""
    if len(text) > MAX_LENGTH:
        return ""
    return _TIME.sub("", plain(text).replace("،", ",").replace("\u2212", "-").strip())


def _shape(clean: str) -> _Shape | None:
    """Recognise a whole date, possible or not; None where the text has another form."""
    if found := _YEAR_FIRST.fullmatch(clean):
        year, month, day = map(int, found.groups())
        return _Shape(day, month, year, "ymd")
    if found := _YEAR_LAST.fullmatch(clean) or _SPACED.fullmatch(clean):
        first, mark, second, next_mark, last = found.groups()
        # "4/3-2026" is how Danes write 4 March; nobody writes it so with the month first.
        settled: Order | None = "dmy" if (mark, next_mark) == ("/", "-") else None
        return _Shape(int(first), int(second), int(last), settled)
    if found := _DAY_NAME_YEAR.fullmatch(clean):
        return _named(found[1], found[2], found[3])
    if found := _NAME_DAY_YEAR.fullmatch(clean):
        return _named(found[2], found[1], found[3])
    return _compact(clean)


def _named(day: str, name: str, year: str) -> _Shape | None:
    month = _MONTHS.get(" ".join(name.replace(".", " ").split()))
    return _Shape(int(day), month, int(year), "ymd") if month else None


def _compact(clean: str) -> _Shape | None:
    """Eight digits. 19850404 cannot be read with the year last, nor 04041985 with it first."""
    if not _COMPACT.fullmatch(clean):
        return None
    if FIRST_YEAR <= int(clean[:4]) <= LAST_YEAR and 1 <= int(clean[4:6]) <= 12:
        return _Shape(int(clean[6:]), int(clean[4:6]), int(clean[:4]), "ymd")
    return _Shape(int(clean[:2]), int(clean[2:4]), int(clean[4:]), None)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _readings(shape: _Shape) -> dict[Order, date]:
    """The orders in which the shape is a real date."""
    day_first = _day(shape.year, shape.second, shape.first)
    if shape.settled is not None:
        return {shape.settled: day_first} if day_first else {}
    month_first = _day(shape.year, shape.first, shape.second)
    readings: dict[Order, date] = {}
    if day_first:
        readings["dmy"] = day_first
    if month_first:
        readings["mdy"] = month_first
    return readings


def parse_date(text: str, *, order: Order | None) -> date:
    """The one date that `text` says.

    Reads 2026-03-04, 04.03.2026, 4/3-2026, 4. marts 2026, March 4, 2026, 20260304, with digits of
    any script and month names in English, Danish and Arabic; a time of day after it is dropped.
    `order` settles what the writing leaves open ("dmy": the day comes first); None or "ymd"
    accepts only what can be read one way. Raises `AmbiguousDate` or `UnreadableDate`: half dates,
    impossible dates, years in two digits, years outside 1900–2100.
    """
    clean = _clean(text)
    shown = _quoted(text)
    shape = _shape(clean)
    if shape is None:
        raise UnreadableDate(f"{shown} {_why_not(clean)}")
    if not FIRST_YEAR <= shape.year <= LAST_YEAR:
        raise UnreadableDate(
            f"{shown} has the year {shape.year}; years from {FIRST_YEAR} to {LAST_YEAR} are read"
        )
    if 0 in shape[:2]:
        raise UnreadableDate(f"{shown} is not a whole date; write day, month and year")
    readings = _readings(shape)
    if not readings:
        raise UnreadableDate(f"{shown} is a date that does not exist; check day and month")
    if shape.settled is None and order in ("dmy", "mdy"):
        if order not in readings:
            meant = "day comes" if order == "dmy" else "month comes"
            raise UnreadableDate(f"{shown} is not a date where the {meant} first")
        return readings[order]
    if len(set(readings.values())) > 1:
        raise AmbiguousDate(shown, (readings["dmy"], readings["mdy"]))
    return next(iter(readings.values()))


def _quoted(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= 40 else f"{one_line[:39]}…"


def _why_not(clean: str) -> str:
    if _TWO_DIGIT_YEAR.fullmatch(clean):
        return "has a year in two digits; write all four"
    if _HALF.fullmatch(clean):
        return "is not a whole date; write day, month and year"
    if re.fullmatch(r"\d+(\.\d+)?", clean):
        return "is a number, not a date; format the cell as a date, or write it as 2026-03-04"
    return "is not a date; write it as 2026-03-04"


def parse_birth_date(text: str, *, order: Order | None, today: date) -> date:
    """A date of birth: as `parse_date`, and neither in the future nor more than 120 years ago.

    A Danish civil registration number (6 + 4 digits) stands in this column in some files. Only
    its date is taken; the serial number is not kept. Its seventh digit gives the century
    (rule of the Danish CPR office, "Personnummeret i CPR"), so a number with hidden or missing
    last digits has a year in two digits and is refused.
    """
    clean = _clean(text)
    if found := _CIVIL_NUMBER.fullmatch(clean):
        born_on = _born(*map(int, found.groups()))
        if born_on is None:
            raise UnreadableDate(
                "the number looks like a civil registration number but its first six digits are "
                "not a date; write the date of birth"
            )
    elif _CIVIL_HIDDEN.fullmatch(clean) or re.fullmatch(r"\d{9}", clean):
        raise UnreadableDate(
            "the number looks like part of a civil registration number, which does not tell the "
            "century; write the date of birth"
        )
    else:
        born_on = parse_date(text, order=order)
    if born_on > today:
        raise UnreadableDate(f"{_spoken(born_on)} is in the future; check the date of birth")
    if today.year - born_on.year > OLDEST:
        raise UnreadableDate(
            f"{_spoken(born_on)} is more than {OLDEST} years ago; check the date of birth"
        )
    return born_on


def _born(day: int, month: int, short_year: int, seventh: int) -> date | None:
    if seventh <= 3:
        century = 1900
    elif seventh in (4, 9):
        century = 2000 if short_year <= 36 else 1900
    else:
        century = 2000 if short_year <= 57 else 1800
    return _day(century + short_year, month, day)


def settle_order(values: Iterable[str]) -> Order | Ambiguous | None:
    """The order that a whole column uses, from its own evidence: a number above 12.

    Returns "dmy" or "mdy" where at least one date can only be read so and none contradicts;
    "ymd" where every date can be read one way only, so that no order is needed; None where the
    column has no whole date; `Ambiguous` where a date can be read two ways and there is evidence
    for neither order, or for both.
    """
    seen: set[Order] = set()
    doubtful: tuple[str, int, tuple[date, date]] | None = None
    for place, text, readings in _whole_dates(values):
        if len(set(readings.values())) > 1:
            doubtful = doubtful or (text, place, (readings["dmy"], readings["mdy"]))
        elif len(readings) == 1:
            seen.update(readings)
    orders = seen - {"ymd"}
    if len(orders) == 1:
        return orders.pop()
    if doubtful:
        return Ambiguous(*doubtful, mixed=len(orders) == 2)
    return "ymd" if seen else None


def _whole_dates(values: Iterable[str]) -> Iterator[tuple[int, str, dict[Order, date]]]:
    for place, text in enumerate(values):
        shape = _shape(_clean(text))
        if shape is not None and FIRST_YEAR <= shape.year <= LAST_YEAR:
            yield place, _quoted(text), _readings(shape)
