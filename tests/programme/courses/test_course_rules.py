"""The dose, what was covered, breaks, limits, days and completion."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.programme.courses.rules import (
    Attended,
    Least,
    Marked,
    Met,
    Span,
    add_months,
    attended_of,
    breaks_of,
    coverage,
    dose_is_met,
    ends_by,
    follow_up_days,
    least_dose,
    may_break,
    may_change_level,
    may_extend,
    may_sign_off,
    missing_modules,
    notice_due,
    plain,
    planned_hours,
    planned_sessions,
    what_is_missing,
    without_breaks,
)
from casewall.services.load import shipped
from casewall.services.programmes import Template, template_of

DANISH = template_of(shipped()["intervention-centre"], "counselling-course")
LEVELS = template_of(shipped()["wwp-model"], "four-levels")
DAY = date(2036, 3, 4)
_numbers = count(1)


def changed(template: Template, **programme: Any) -> Template:
    """The template with other contents of its programme."""
    return template.model_copy(
        update={"programme": template.programme.model_copy(update=programme)}
    )


def limits(template: Template, **completion: Any) -> Template:
    """The template with other limits of completion."""
    return changed(template, completion=template.programme.completion.model_copy(update=completion))


def mark(
    day: date = DAY,
    *,
    attended: bool = True,
    complied: bool = True,
    minutes: int = 120,
    **more: Any,
) -> Marked:
    """One mark; an absence has no minutes."""
    return Marked(
        UUID(int=next(_numbers)), day, attended, complied, minutes if attended else 0, **more
    )


def absence(day: date = DAY, *, complied: bool = False, **more: Any) -> Marked:
    return mark(day, attended=False, complied=complied, **more)


# --- the dose ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("marks", "sessions", "hours"),
    [
        ([], 0, "0"),
        ([mark(), mark(minutes=90)], 2, "3.5"),
        ([mark(), absence(), absence(complied=True)], 1, "2"),
        ([mark(minutes=0)], 0, "0"),
        ([absence(made_up=True), mark()], 1, "2"),
    ],
)
def test_the_dose_counts_what_was_attended_and_what_made_up_for_it(
    marks: Sequence[Marked], sessions: int, hours: str
) -> None:
    found = attended_of(marks)
    assert (found.sessions, plain(found.hours)) == (sessions, hours)


@pytest.mark.parametrize(
    ("least", "met"),
    [
        (Least(10, Decimal(20)), True),
        (Least(11, Decimal(20)), False),
        (Least(10, Decimal("20.1")), False),
        (Least(10, None), True),
        (Least(11, None), False),
        (Least(None, Decimal(20)), True),
        (Least(None, Decimal(21)), False),
    ],
)
def test_the_dose_is_met_when_every_part_that_is_asked_for_is(least: Least, met: bool) -> None:
    assert dose_is_met(Attended(10, 1200), least) is met


def test_a_level_sets_dose_and_length_and_without_one_the_programme_does() -> None:
    level = LEVELS.programme.levels[1]
    dose = LEVELS.programme.minimum_dose
    assert least_dose(LEVELS, "") == Least(dose.sessions, dose.hours)
    assert least_dose(LEVELS, level.id) == Least(level.sessions, level.hours)
    assert planned_sessions(LEVELS, level.id) == level.sessions
    assert planned_sessions(DANISH, "") == len(DANISH.programme.schedule)
    assert planned_hours(DANISH, "") == DANISH.hours
    # 39 sessions of an hour and a half are planned, whatever the level asks for at the least.
    for least in (level.hours, Decimal(40), None):
        one = level.model_copy(update={"hours": least})
        assert planned_hours(changed(LEVELS, levels=(one,)), level.id) == Decimal("58.5")
    assert planned_hours(LEVELS, "") == LEVELS.hours == 117


@pytest.mark.parametrize(
    "template",
    [template_of(one, programme.id) for one in shipped().values() for programme in one.programmes],
    ids=lambda one: one.id,
)
def test_being_a_little_late_once_does_not_undo_a_shipped_programme(template: Template) -> None:
    """Whoever came to every session, and missed five minutes of each, has had the dose."""
    for level in ["", *(one.id for one in template.programme.levels)]:
        sessions = planned_sessions(template, level)
        minutes = int(planned_hours(template, level) * 60) - 5 * sessions
        assert dose_is_met(Attended(sessions, minutes), least_dose(template, level)), level


# --- coverage ----------------------------------------------------------------------------


def test_coverage_follows_the_template_whatever_the_order_of_attendance() -> None:
    modules = [module.id for module in DANISH.programme.modules]
    marks = [
        mark(DAY + timedelta(weeks=n), module=module) for n, module in enumerate(reversed(modules))
    ]
    rows = coverage(DANISH, marks)
    assert [row.module.id for row in rows] == modules
    assert all(row.attended == 1 and row.minutes == 120 for row in rows)
    assert rows[-1].first_on == DAY
    assert sum(row.planned for row in rows) == len(DANISH.programme.schedule)
    assert missing_modules(DANISH, marks) == ()


def test_a_module_is_missing_while_nothing_of_it_was_attended() -> None:
    first, *others = DANISH.programme.modules
    optional = changed(DANISH, modules=(first.model_copy(update={"required": False}), *others))
    absent = [absence(module=first.id), mark(minutes=0, module=first.id), mark(module="unknown")]
    required = {module.id for module in DANISH.programme.modules if module.required}
    assert {module.id for module in missing_modules(DANISH, absent)} == required
    assert first.id not in {module.id for module in missing_modules(optional, absent)}
    assert coverage(DANISH, absent)[0].first_on is None


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 240)), max_size=30))
def test_coverage_adds_up_to_the_dose(rows: list[tuple[bool, int]]) -> None:
    modules = [module.id for module in DANISH.programme.modules]
    marks = [
        mark(attended=attended, minutes=minutes, module=modules[n % len(modules)])
        for n, (attended, minutes) in enumerate(rows)
    ]
    total = attended_of(marks)
    covered = coverage(DANISH, marks)
    assert sum(row.attended for row in covered) == total.sessions
    assert sum(row.minutes for row in covered) == total.minutes


# --- breaks ------------------------------------------------------------------------------

TEN = Span(DAY, DAY + timedelta(days=9))


def test_a_break_counts_its_first_and_last_day() -> None:
    assert TEN.days == 10
    assert TEN.holds(TEN.first)
    assert TEN.holds(TEN.last)
    assert not TEN.holds(TEN.last + timedelta(days=1))


@pytest.mark.parametrize(
    ("resumed", "taken"),
    [
        ([], (TEN,)),
        ([DAY + timedelta(days=5)], (Span(DAY, DAY + timedelta(days=4)),)),
        ([DAY], ()),
        ([TEN.last + timedelta(days=1)], (TEN,)),
        ([DAY + timedelta(days=8), DAY + timedelta(days=3)], (Span(DAY, DAY + timedelta(days=2)),)),
    ],
)
def test_a_break_that_is_resumed_early_ended_the_day_before(
    resumed: list[date], taken: tuple[Span, ...]
) -> None:
    assert breaks_of([TEN], resumed) == taken


def test_breaks_come_in_order() -> None:
    later = Span(DAY + timedelta(days=30), DAY + timedelta(days=31))
    assert breaks_of([later, TEN], []) == (TEN, later)


def test_an_absence_in_a_break_is_nobodys_absence() -> None:
    in_it, after = absence(DAY + timedelta(days=2)), absence(DAY + timedelta(days=20))
    came = mark(DAY + timedelta(days=3))
    assert without_breaks([in_it, came, after], [TEN]) == [came, after]


@pytest.mark.parametrize(
    ("first", "last", "taken", "allowed", "says"),
    [
        (0, 9, [], True, "fits"),
        (0, 13, [], True, "fits"),
        (0, 14, [], False, "allows 14 days of breaks in all; 0 are taken, so 15 more"),
        (20, 23, [TEN], True, "fits"),
        (20, 24, [TEN], False, "10 are taken, so 5 more"),
        (5, 12, [TEN], False, "There is a break from 4 March 2036 to 13 March 2036 already"),
        (-2, 0, [TEN], False, "already"),
        (-2, 12, [TEN], False, "already"),
        (5, 4, [], False, "cannot lie before its first day"),
    ],
)
def test_breaks_have_a_limit_and_do_not_overlap(
    first: int, last: int, taken: list[Span], allowed: bool, says: str
) -> None:
    template = limits(DANISH, break_days_most=14)
    decision = may_break(template, DAY + timedelta(days=first), DAY + timedelta(days=last), taken)
    assert bool(decision) is allowed
    assert says in decision.reason


def test_without_a_limit_a_break_may_be_long() -> None:
    assert may_break(limits(DANISH, break_days_most=None), DAY, DAY + timedelta(days=400), [])


@pytest.mark.parametrize(
    ("weeks", "before", "most", "allowed", "says"),
    [
        (4, 0, 8, True, "fits"),
        (4, 4, 8, True, "fits"),
        (5, 4, 8, False, "4 are given, so 5 more"),
        (0, 0, 8, False, "one week at the least"),
        (90, 90, None, True, "fits"),
    ],
)
def test_extensions_have_a_limit(
    weeks: int, before: int, most: int | None, allowed: bool, says: str
) -> None:
    decision = may_extend(limits(DANISH, extension_weeks_most=most), weeks, before)
    assert bool(decision) is allowed
    assert says in decision.reason


def test_a_level_is_one_of_the_template_and_another_than_now() -> None:
    first, second = (level.id for level in LEVELS.programme.levels[:2])
    assert may_change_level(LEVELS, first, second)
    assert may_change_level(LEVELS, "", first)
    assert "already" in may_change_level(LEVELS, first, first).reason
    assert "no level “other”" in may_change_level(LEVELS, first, "other").reason
    assert "has no levels" in may_change_level(DANISH, "", first).reason


# --- days --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2036, 8, 31), 6, date(2037, 2, 28)),
        (date(2035, 8, 31), 6, date(2036, 2, 29)),
        (date(2036, 2, 29), 12, date(2037, 2, 28)),
        (date(2036, 12, 31), 12, date(2037, 12, 31)),
        (date(2036, 6, 15), 6, date(2036, 12, 15)),
        (date(2036, 7, 15), 6, date(2037, 1, 15)),
    ],
)
def test_months_end_safely(day: date, months: int, then: date) -> None:
    assert add_months(day, months) == then


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 60))
def test_months_never_skip_one(day: date, months: int) -> None:
    then = add_months(day, months)
    assert (then.year * 12 + then.month) - (day.year * 12 + day.month) == months
    assert then.day <= day.day
    assert then.day == day.day or (then + timedelta(days=1)).day == 1


def test_follow_ups_are_due_after_the_months_of_the_template() -> None:
    assert follow_up_days(limits(DANISH, follow_up_months=(12, 6, 6)), date(2036, 8, 31)) == (
        (6, date(2037, 2, 28)),
        (12, date(2037, 8, 31)),
    )


def test_a_course_ends_after_its_length_with_extensions_and_breaks() -> None:
    weeks = changed(DANISH, weeks=10)
    level = LEVELS.programme.levels[0]
    assert ends_by(weeks, "", None, 0, []) is None
    assert ends_by(changed(DANISH, weeks=None), "", DAY, 0, []) is None
    assert ends_by(weeks, "", DAY, 0, []) == DAY + timedelta(weeks=10)
    assert ends_by(weeks, "", DAY, 2, [TEN]) == DAY + timedelta(weeks=12, days=10)
    assert ends_by(LEVELS, level.id, DAY, 0, []) == add_months(DAY, level.months)


def test_a_notice_is_due_within_the_days_of_the_template() -> None:
    days = {notice.of: notice.within_days for notice in DANISH.programme.notices}
    assert days
    for of, within in days.items():
        assert notice_due(DANISH, of, DAY) == DAY + timedelta(days=within)
    assert notice_due(changed(DANISH, notices=()), "absence", DAY) is None


# --- completion --------------------------------------------------------------------------

CRITERIA = DANISH.programme.completion.criteria
ALL_MET = {criterion.id: Met.YES for criterion in CRITERIA}
ENOUGH = Attended(1000, 100_000)


def missing_with(**changes: Any) -> tuple[str, ...]:
    given = {"attended": ENOUGH, "level": "", "missing": (), "ratings": ALL_MET, **changes}
    return what_is_missing(DANISH, **given)


def test_a_course_that_met_everything_lacks_nothing() -> None:
    assert missing_with() == ()


def test_time_served_is_not_enough_and_neither_are_good_ratings() -> None:
    [dose] = missing_with(attended=Attended(1, 60))
    assert "attended are 1 sessions and 1 hours" in dose
    [module] = missing_with(missing=DANISH.programme.modules[:1])
    assert DANISH.programme.modules[0].name in module


@pytest.mark.parametrize("rating", [Met.PARTLY, Met.NO, Met.NOT_KNOWN, None])
def test_a_required_criterion_is_met_only_by_yes(rating: Met | None) -> None:
    needed = next(one for one in CRITERIA if one.required)
    ratings = {key: met for key, met in ALL_MET.items() if key != needed.id}
    if rating is not None:
        ratings[needed.id] = rating
    [sentence] = missing_with(ratings=ratings)
    assert needed.text in sentence
    assert ("not known" in sentence) is (rating in (Met.NOT_KNOWN, None))


def test_a_criterion_that_is_not_required_may_be_unmet() -> None:
    free = [one.model_copy(update={"required": False}) for one in CRITERIA]
    template = limits(DANISH, criteria=tuple(free))
    assert what_is_missing(template, attended=ENOUGH, level="", missing=(), ratings={}) == ()


def test_the_dose_of_a_sentence_names_only_what_is_asked_for() -> None:
    dose = DANISH.programme.minimum_dose
    for part, words in (("sessions", "hours"), ("hours", "sessions")):
        only = changed(
            DANISH,
            minimum_dose=dose.model_copy(update={"sessions": 9, "hours": Decimal(9), part: None}),
        )
        [sentence] = what_is_missing(
            only, attended=Attended(0, 0), level="", missing=(), ratings=ALL_MET
        )
        assert sentence.startswith(f"The minimum dose is 9 {words};")


ANNA, BIRK = uuid4(), uuid4()


@pytest.mark.parametrize(
    ("missing", "exception", "signer", "allowed", "says"),
    [
        ((), "", BIRK, True, "may be signed off"),
        ((), "", ANNA, False, "Somebody else must sign off"),
        (("Too few.",), "", BIRK, False, "needs a reason for the exception. Too few."),
        (("Too few.",), "   ", BIRK, False, "needs a reason"),
        (("Too few.",), "Moved for work", BIRK, True, "may be signed off"),
        (("Too few.",), "Moved for work", ANNA, False, "Somebody else"),
    ],
)
def test_somebody_else_signs_and_an_exception_needs_a_reason(
    missing: tuple[str, ...], exception: str, signer: UUID, allowed: bool, says: str
) -> None:
    decision = may_sign_off(missing, exception=exception, reviewer=ANNA, signer=signer)
    assert bool(decision) is allowed
    assert says in decision.reason
