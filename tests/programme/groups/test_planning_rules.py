"""The days of a group, who fits, who may be placed, who leads it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from casewall.programme.groups.planning.days_off import days_off
from casewall.programme.groups.planning.rules import (
    APART,
    MOST_SESSIONS,
    Entry,
    Planned,
    Standing,
    Step,
    Wishes,
    closed_days,
    facilitation,
    language_misfit,
    may_place,
    may_plan,
    misfits,
    plan_days,
    step_after,
    time_exists,
    weekday_words,
    weekdays_in,
    weekdays_text,
)
from casewall.programme.groups.rules import overlaps

STEPS = (Step("safety", "What violence is", 120), Step("safety", "Warning signs", 120),
         Step("children", "Children who live with it", 150))
HALF_PAST_FIVE = time(17, 30)


def never_off(day: date) -> str:
    return ""


def test_a_closed_group_runs_the_schedule_once_in_its_order() -> None:
    plan = plan_days(starts_on=date(2036, 3, 4), weekdays={1}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off)
    assert [(s.number, s.held_on, s.module, s.title, s.minutes) for s in plan.sessions] == [
        (1, date(2036, 3, 4), "safety", "What violence is", 120),
        (2, date(2036, 3, 11), "safety", "Warning signs", 120),
        (3, date(2036, 3, 18), "children", "Children who live with it", 150)]
    assert plan.left_out == ()


def test_the_first_session_waits_for_the_first_weekday_that_is_meant() -> None:
    plan = plan_days(starts_on=date(2036, 3, 4), weekdays={3}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off)
    assert plan.sessions[0].held_on == date(2036, 3, 6)


def test_a_day_programme_meets_several_times_a_week() -> None:
    plan = plan_days(starts_on=date(2036, 3, 3), weekdays={0, 2, 4}, begins_at=time(9, 30),
                     steps=STEPS * 2, off=never_off)
    assert [s.held_on.day for s in plan.sessions] == [3, 5, 7, 10, 12, 14]


def test_a_rolling_group_goes_round_the_schedule_until_its_last_day() -> None:
    plan = plan_days(starts_on=date(2036, 3, 4), weekdays={1}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off, until=date(2036, 4, 1))
    assert [s.title for s in plan.sessions] == [
        STEPS[n].title for n in (0, 1, 2, 0, 1)]
    assert plan.sessions[-1].held_on == date(2036, 4, 1)
    assert [s.number for s in plan.sessions] == [1, 2, 3, 4, 5]


def test_a_rolling_group_is_continued_where_the_circle_stood() -> None:
    more = plan_days(starts_on=date(2036, 4, 2), weekdays={1}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off, until=date(2036, 4, 15), first_number=6,
                     first_step=step_after(STEPS, "safety", "Warning signs"))
    assert [(s.number, s.title) for s in more.sessions] == [
        (6, "Children who live with it"), (7, "What violence is")]
    assert step_after(STEPS, "children", "Children who live with it") == 0
    assert step_after(STEPS, "", "Something else") == 0


def test_nobody_meets_on_holidays_and_the_schedule_goes_on_after_them() -> None:
    plan = plan_days(starts_on=date(2036, 5, 15), weekdays={3}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=days_off("DK"))
    assert [s.held_on for s in plan.sessions] == [
        date(2036, 5, 15), date(2036, 5, 29), date(2036, 6, 5)]
    assert plan.left_out == ((date(2036, 5, 22), "Ascension Day"),)


def test_each_country_has_its_own_holidays_and_an_unknown_one_none() -> None:
    assert days_off("GB")(date(2036, 5, 26)) == "Spring Bank Holiday"
    assert days_off("GB")(date(2036, 4, 14)) == "Easter Monday"  # in England, not in Scotland
    assert days_off("GB")(date(2036, 5, 22)) == ""
    assert days_off("DE")(date(2036, 10, 3))
    assert days_off("ZZ")(date(2036, 12, 25)) == ""


def test_weeks_without_sessions_are_left_out_as_well() -> None:
    closed = closed_days("22.12.2036 to 2.1.2037\n\n6/1/2037")
    plan = plan_days(starts_on=date(2036, 12, 16), weekdays={1}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=days_off("DK", closed))
    assert [s.held_on for s in plan.sessions] == [
        date(2036, 12, 16), date(2037, 1, 13), date(2037, 1, 20)]
    assert [day for day, _ in plan.left_out] == [
        date(2036, 12, 23), date(2036, 12, 30), date(2037, 1, 6)]


@pytest.mark.parametrize(("text", "sentence"), [
    ("soon", "Line 1, “soon”, is not a day or two days"),
    ("5.6.2037\n7.7.2037 to soon", "Line 2, “7.7.2037 to soon”, is not a day or two days"),
    ("31.2.2037", "there is no such day"),
    ("5.6.2037 to 31.6.2037", "there is no such day"),
    ("5.6.2037 to 1.6.2037", "the second day must come after the first"),
    ("5.6.2036 to 5.6.2037", "within 120 days"),
])
def test_a_line_that_is_no_span_of_days_is_named(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        closed_days(text)


@pytest.mark.parametrize(("zone", "first", "offsets"), [
    ("Europe/Copenhagen", date(2036, 3, 20), [1, 1, 2, 2]),
    ("Europe/Copenhagen", date(2036, 10, 16), [2, 2, 1, 1]),
    ("Europe/London", date(2036, 3, 20), [0, 0, 1, 1]),
    ("Europe/London", date(2036, 10, 16), [1, 1, 0, 0]),
])
def test_half_past_five_stays_half_past_five_when_the_clocks_change(
        zone: str, first: date, offsets: list[int]) -> None:
    plan = plan_days(starts_on=first, weekdays={3}, begins_at=HALF_PAST_FIVE,
                     steps=[Step("m", "t", 150)] * 4, off=never_off)
    assert may_plan(plan.sessions, zone)
    begins = [datetime.combine(s.held_on, s.begins_at, ZoneInfo(zone)) for s in plan.sessions]
    assert {b.strftime("%H:%M") for b in begins} == {"17:30"}
    assert [b.utcoffset() for b in begins] == [timedelta(hours=hours) for hours in offsets]
    # Between the weeks of the change lies an hour less or more; each session has its own length.
    gaps = {b.astimezone(UTC) - a.astimezone(UTC) for a, b in pairwise(begins)}
    assert gaps == {timedelta(days=7), timedelta(days=7, hours=offsets[0] - offsets[-1])}
    assert sum(s.minutes for s in plan.sessions) / 60 == 10
    ends = [(b.astimezone(UTC) + timedelta(minutes=150)).astimezone(ZoneInfo(zone))
            for b in begins]
    assert {e.strftime("%H:%M") for e in ends} == {"20:00"}


def test_a_time_that_the_change_of_the_clocks_skips_or_doubles_is_refused() -> None:
    spring, autumn = date(2036, 3, 30), date(2036, 10, 26)
    for day in (spring, autumn):
        decision = time_exists(day, time(2, 30), "Europe/Copenhagen")
        assert not decision
        assert "02:30 does not exist on that day, or comes twice" in decision.reason
        assert time_exists(day, time(17, 30), "Europe/Copenhagen")
    plan = plan_days(starts_on=spring, weekdays={6}, begins_at=time(2, 30), steps=STEPS[:1],
                     off=never_off)
    assert "The clocks change on 30 March 2036" in may_plan(plan.sessions,
                                                            "Europe/Copenhagen").reason


def test_a_plan_without_days_or_with_far_too_many_is_refused() -> None:
    none = plan_days(starts_on=date(2036, 3, 4), weekdays={2}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off, until=date(2036, 3, 4))
    assert "There is no day for a session" in may_plan(none.sessions, "Europe/London").reason
    many = plan_days(starts_on=date(2036, 3, 4), weekdays=range(7), begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=never_off, until=date(2046, 3, 4))
    assert len(many.sessions) == MOST_SESSIONS
    assert "look at the year" in may_plan(many.sessions, "Europe/London").reason


def test_a_schedule_stops_where_no_day_is_ever_free() -> None:
    plan = plan_days(starts_on=date(2036, 3, 4), weekdays={1}, begins_at=HALF_PAST_FIVE,
                     steps=STEPS, off=lambda day: "closed for good")
    assert plan.sessions == ()
    assert plan.left_out


def at(day: date, clock: time, minutes: int) -> Planned:
    return Planned(1, day, clock, minutes, "", "")


@pytest.mark.parametrize(("clock", "minutes", "together"), [
    (time(17, 30), 120, True), (time(19, 29), 60, True), (time(19, 30), 60, False),
    (time(15, 30), 120, False), (time(15, 30), 121, True), (time(17, 45), 15, True),
    (time(12), 600, True),
])
def test_meetings_overlap_when_they_share_a_minute(
        clock: time, minutes: int, together: bool) -> None:
    day = date(2036, 3, 4)
    assert overlaps(at(day, HALF_PAST_FIVE, 120), at(day, clock, minutes)) is together
    assert overlaps(at(day, clock, minutes), at(day, HALF_PAST_FIVE, 120)) is together


def test_meetings_of_other_days_overlap_only_past_midnight() -> None:
    day, next_day = date(2036, 3, 4), date(2036, 3, 5)
    assert not overlaps(at(day, HALF_PAST_FIVE, 120), at(next_day, HALF_PAST_FIVE, 120))
    assert overlaps(at(day, time(23), 120), at(next_day, time(0, 30), 60))


GROUP = Standing("Tuesday group", Entry.ROLLING, True, date(2036, 3, 4), 8, 3)
CLOSED = Standing("Spring group", Entry.CLOSED, True, date(2036, 3, 4), None, 40)


@pytest.mark.parametrize(("group", "more", "sentence"), [
    (GROUP, {"has_place": True}, "has a place in “Tuesday group” already."),
    (GROUP, {"elsewhere": "Friday group"}, "has a place in “Friday group” already, which"),
    (Standing("Old group", Entry.ROLLING, False, None, 8, 0), {}, "“Old group” has ended"),
    (Standing("Tuesday group", Entry.ROLLING, True, None, 8, 8), {},
     "“Tuesday group” is full: 8 of 8 places are taken."),
    (GROUP, {"is_kept_apart": True}, APART),
    (CLOSED, {"joined_on": date(2036, 3, 11)},
     "“Spring group” is a closed group that began on 4 March 2036"),
    (CLOSED, {"joined_on": date(2036, 3, 11), "late_because": "  "}, "unless you write down why"),
])
def test_a_placement_is_refused_with_a_sentence(group: Standing, more: dict, sentence: str
                                                ) -> None:
    decision = may_place(group, **{"joined_on": date(2036, 3, 4), "has_place": False, **more})
    assert not decision
    assert sentence in decision.reason


@pytest.mark.parametrize(("group", "more"), [
    (GROUP, {"joined_on": date(2037, 3, 4)}),
    (CLOSED, {}),
    (CLOSED, {"joined_on": date(2036, 3, 11), "late_because": "Asked by the court"}),
    (Standing("New group", Entry.CLOSED, True, None, 8, 7), {"joined_on": date(2037, 3, 4)}),
])
def test_a_placement_is_allowed(group: Standing, more: dict) -> None:
    assert may_place(group, **{"joined_on": date(2036, 3, 4), "has_place": False, **more})


def test_that_two_are_kept_apart_is_said_in_the_same_words_and_nothing_else() -> None:
    assert APART == "This client cannot be placed together with somebody in this group."


@pytest.mark.parametrize(("wishes", "said"), [
    (None, ()),
    (Wishes(), ()),
    (Wishes(frozenset({1, 3}), time(17, 30), time(19, 30)), ()),
    (Wishes(frozenset({1, 4})), ("Cannot come on Thursdays.",)),
    (Wishes(frozenset({4})), ("Cannot come on Tuesdays and Thursdays.",)),
    (Wishes(earliest=time(18)), ("Can come from 18:00.",)),
    (Wishes(latest=time(19)), ("Can stay until 19:00.",)),
    (Wishes(frozenset({4}), time(18), time(19)),
     ("Cannot come on Tuesdays and Thursdays.", "Can come from 18:00.", "Can stay until 19:00.")),
])
def test_what_does_not_fit_is_said(wishes: Wishes | None, said: tuple[str, ...]) -> None:
    assert misfits(wishes, weekdays=(1, 3), begins_at=HALF_PAST_FIVE, minutes=120) == said


@pytest.mark.parametrize(("group", "client", "said"), [
    ("", "Arabic", ""), ("English", "", ""), ("English", "English", ""),
    ("English", "Arabic", "Speaks Arabic; the group is in English."),
])
def test_another_language_is_said(group: str, client: str, said: str) -> None:
    assert language_misfit(group, client) == said


@pytest.mark.parametrize(("needed", "mixed", "sexes", "said"), [
    (2, True, ["female", "male"], []),
    (2, True, ["female", "other"], []),
    (2, False, ["female", "female"], []),
    (None, True, ["female"], []),
    (None, False, [], ["Nobody leads this group yet."]),
    (2, True, [], ["Nobody leads this group yet.",
                   "The manual asks for 2 facilitators; there are 0."]),
    (1, False, [], ["Nobody leads this group yet.",
                    "The manual asks for 1 facilitator; there are 0."]),
    (2, True, ["male"], ["The manual asks for 2 facilitators; there is 1."]),
    (3, True, ["male", "male"], ["The manual asks for 3 facilitators; there are 2.",
                                 "The manual asks for facilitators of different sexes."]),
    (2, True, ["male", None], ["The manual asks for facilitators of different sexes. Not every "
                               "facilitator has stated it, so this cannot be checked."]),
])
def test_who_leads_is_held_against_the_manual(
        needed: int | None, mixed: bool, sexes: list, said: list[str]) -> None:
    assert list(facilitation(needed=needed, mixed_wanted=mixed, sexes=sexes)) == said


def test_weekdays_are_kept_and_said() -> None:
    assert weekdays_text([3, 1, 3]) == "1,3"
    assert weekdays_in("1,3") == (1, 3)
    assert weekdays_in("") == ()
    assert weekday_words([1]) == "Tuesdays"
    assert weekday_words([4, 0, 2]) == "Mondays, Wednesdays and Fridays"
    assert weekday_words([]) == ""
