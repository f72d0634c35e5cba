"""One person on each shipped programme, from the referral to the follow-up after a year.

Every story says what happened session by session; what is expected of hours, modules, steps of
the absence ladder and stages is counted from that and from the schedule in the definition.
Everybody here is invented.
"""

from __future__ import annotations

from datetime import date, time, timedelta

from casewall.programme.agreements.rules import Recipient
from casewall.programme.assessments.rules import Answer
from casewall.programme.cases.reasons import UnsuitableReason
from casewall.programme.cases.rules import Stage, Suitability
from casewall.programme.courses.rules import CourseState, FollowUpOutcome
from casewall.programme.groups.rules import CancelReason, Mark
from casewall.programme.needs.rules import Help
from tests.story.conftest import Tell
from tests.story.walk import CALL, HOUR, LETTER, NOTICE, REVIEW, Proposals, weekly

HELD, NOT_REACHED = FollowUpOutcome.HELD, FollowUpOutcome.NOT_REACHED
MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = range(5)

THREE_DAYS = timedelta(hours=72)
"""What every service waits after a register before it contacts a client."""
A_WEEK = timedelta(days=7)
"""How soon a referrer is told of an absence, and how soon a review is held."""

FIRST: Proposals = {("first-absence", CALL): THREE_DAYS}
SECOND: Proposals = {
    ("second-in-a-row", LETTER): THREE_DAYS,
    ("second-in-a-row", NOTICE): A_WEEK,
}
THIRD: Proposals = {("third-in-a-row", NOTICE): A_WEEK, ("third-in-a-row", REVIEW): A_WEEK}
TOO_MANY: Proposals = {("over-the-course", NOTICE): A_WEEK, ("over-the-course", REVIEW): A_WEEK}
OFTEN_LATE: Proposals = {("often-late", CALL): THREE_DAYS}

TO_THE_AGREEMENT = [
    "referred", "contacted", "assessment_booked", "assessed", "suitable", "agreement_signed",
]  # fmt: skip
TO_THE_END = ["started", "minimum_dose", "completed", "follow_up", "closed"]


def test_your_choice_24_weeks_in_two_blocks_with_one_to_ones(tell: Tell) -> None:
    alex = tell("your-choice", "safer-respectful", "Alex", date(2036, 2, 25))

    # Social care refers on a Monday. Nobody answers the first call; the second is answered.
    alex.is_referred(route="child_social_care", by="Trentmere social care", language="en")
    alex.later(days=2).does_not_answer()
    assert alex.stage is Stage.REFERRED
    alex.later(days=2).is_reached()
    assert alex.stage is Stage.CONTACTED

    # The assessor goes through the rules, and nothing stands in the way.
    alex.later(days=3).gets_an_appointment(days=4)
    found = alex.later(days=4).is_asked_about_eligibility()
    assert (found.suggested, found.reasons, found.conditions) == (Suitability.SUITABLE, (), ())
    alex.is_found(Suitability.SUITABLE)
    alex.declares_a_partner_and_a_child()
    alex.later(days=4).signs_the_agreement("en")
    alex.releases_to(Recipient.CHILD_SOCIAL_CARE, "Trentmere social care")
    alex.can_come([MONDAY, WEDNESDAY], earliest=time(17), language="en")
    alex.waits_for_a_place()
    assert alex.stages == [*TO_THE_AGREEMENT, "waiting"]

    # 24 Mondays, but not Easter Monday and not the three bank holidays.
    bank_holidays = {date(2036, 4, 14), date(2036, 5, 5), date(2036, 5, 26), date(2036, 8, 25)}
    evenings = alex.group_is_planned(
        "programme-group", starts_on=date(2036, 3, 24), at=time(18), weekdays=(MONDAY,)
    )
    assert [one.held_on for one in evenings] == weekly(date(2036, 3, 24), 24, bank_holidays)
    alex.joins(date(2036, 3, 24))
    assert (alex.now.next_action, alex.now.next_action_on) == ("first_session", date(2036, 3, 24))

    # First block, with three talks alone. The sixth evening is missed, and made up for three
    # days later, so that nobody has to call any more.
    alex.attends(3)
    assert alex.stage is Stage.STARTED
    assert alex.comes_late(15) == {}
    alex.attends(3)
    assert alex.stays_away() == FIRST
    alex.catches_up(days=3)
    assert alex.ladder == []
    alex.attends(2)
    assert alex.leaves_early(20) == {}
    assert alex.is_excused() == {}
    alex.attends(2)
    cancelled = alex.session_is_cancelled(CancelReason.WORKER_AWAY)
    alex.is_held_after_all(cancelled, on=date(2036, 10, 6))

    # Second block. Two evenings in a row are missed; the call waits its three days.
    alex.attends(3)
    assert alex.stays_away() == FIRST
    assert alex.stays_away() == SECOND
    assert alex.acts_are_accepted() == 3
    alex.later(days=2).is_extended(weeks=4, reason="Ill in the summer")
    assert alex.course.ends_by == date(2036, 3, 24) + timedelta(weeks=24 + 4)
    alex.attends_the_rest()
    assert alex.ladder == ["first-absence", "second-in-a-row"]

    # 24 evenings of two hours and six talks of one. Three evenings were never made up for.
    assert alex.progress.attended.sessions == 24 + 6 - 3
    assert alex.progress.attended.minutes == (24 * 2 + 6 - 3 * 2) * HOUR - 15 - 20
    alex.comes_out_as_told()
    assert alex.reached(Stage.MINIMUM_DOSE) == alex.enough_on(sessions=20, hours=36)

    certificate = alex.later(days=2).completes()
    assert certificate.completed_on == "8 October 2036"
    assert alex.is_followed_up(HELD, NOT_REACHED) == [date(2037, 4, 8), date(2037, 10, 8)]
    assert alex.stages == [*TO_THE_AGREEMENT, "waiting", *TO_THE_END]


def test_your_choice_dads_programme_of_ten_weeks(tell: Tell) -> None:
    sam = tell("your-choice", "dads-programme", "Sam", date(2036, 10, 27))
    sam.has_signed(route="self")

    # Ten Thursdays around Christmas and New Year, at the other agency of the partnership.
    evenings = sam.group_is_planned(
        "dads", starts_on=date(2036, 11, 20), at=time(19), weekdays=(THURSDAY,)
    )
    holidays = {date(2036, 12, 25), date(2037, 1, 1)}
    assert [one.held_on for one in evenings] == weekly(date(2036, 11, 20), 10, holidays)
    assert sam.group.compartment != sam.case.compartment
    sam.joins(date(2036, 11, 20))

    # The third absence of the course, and the second in a row, bring everything at once.
    sam.attends(2)
    assert sam.comes_late(10) == {}
    assert sam.is_excused() == {}
    assert sam.stays_away() == FIRST
    assert sam.stays_away() == SECOND | TOO_MANY
    assert sam.acts_are_accepted() == 5

    # Both are made up for alone. What somebody accepted stands all the same.
    sam.catches_up(days=4)
    sam.catches_up(days=1)
    assert sam.ladder == ["first-absence", "second-in-a-row", "over-the-course"]

    sam.attends(1)
    cancelled = sam.session_is_cancelled(CancelReason.TOO_FEW)
    sam.is_held_after_all(cancelled, on=date(2037, 2, 12))
    assert sam.leaves_early(25) == {}
    sam.later(days=1).is_extended(weeks=2, reason="The cancelled evening")
    assert sam.course.ends_by == date(2036, 11, 20) + timedelta(weeks=10 + 2)
    sam.attends_the_rest()

    # Ten evenings of two hours; only the excused one was not made up for.
    assert sam.progress.attended.sessions == 10 - 1
    assert sam.progress.attended.minutes == (10 - 1) * 2 * HOUR - 10 - 25
    sam.comes_out_as_told()
    assert sam.reached(Stage.MINIMUM_DOSE) == sam.enough_on(sessions=8, hours=16)

    sam.later(days=7).completes()
    assert sam.is_followed_up(HELD, HELD) == [date(2037, 8, 19), date(2038, 2, 19)]
    assert sam.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_violence_prevention_of_up_to_80_hours_with_a_condition(tell: Tell) -> None:
    robin = tell("dvip", "violence-prevention", "Robin", date(2036, 9, 1))
    robin.is_referred(route="family_court", by="Family court", language="en")
    robin.later(days=1).is_reached()
    robin.later(days=1).gets_an_appointment(days=6)

    # A case is before a court: possible, with an expert's assessment first.
    found = robin.later(days=6).is_asked_about_eligibility(live_case=Answer.YES)
    assert found.suggested is Suitability.SUITABLE_WITH_CONDITIONS
    [condition] = found.conditions
    assert "expert risk assessment" in condition
    assessment = robin.is_found(Suitability.SUITABLE_WITH_CONDITIONS, conditions=condition)
    assert (assessment.conditions, assessment.check_version) == (condition, 1)
    robin.declares_a_partner_and_a_child()
    robin.later(days=9).signs_the_agreement("en")
    robin.releases_to(Recipient.COURT, "Family court")
    robin.waits_for_a_place()

    # An open group on Fridays, which goes round; Robin joins in its third week. Nobody meets on
    # Boxing Day and on Good Friday. Another group does the same on Tuesdays.
    tuesdays = robin.group_is_planned(
        "violence-prevention", starts_on=date(2036, 10, 7), at=time(18), weekdays=(TUESDAY,),
        until=date(2036, 12, 16), name="Tuesdays",
    )  # fmt: skip
    fridays = robin.group_is_planned(
        "violence-prevention", starts_on=date(2036, 10, 3), at=time(18), weekdays=(FRIDAY,),
        until=date(2037, 6, 5), name="Fridays",
    )  # fmt: skip
    off = {date(2036, 12, 26), date(2037, 4, 3)}
    assert [one.held_on for one in fridays] == weekly(date(2036, 10, 3), 34, off)
    assert [one.module for one in fridays[32:]] == ["agreement", "agreement"]
    robin.joins(date(2036, 10, 17))

    # The ninth evening is missed, and its subject is caught up on with the Tuesday group.
    robin.attends(3)
    assert robin.comes_late(20) == {}
    robin.attends(2)
    assert robin.stays_away() == FIRST
    assert (robin.missed.number, tuesdays[8].held_on) == (9, date(2036, 12, 2))
    robin.sits_in(tuesdays[8])
    assert robin.ladder == []

    # Three in a row around Christmas: call, letter, referrer, review.
    robin.attends(2)
    assert robin.stays_away() == FIRST
    assert robin.stays_away() == SECOND
    assert robin.stays_away() == THIRD
    assert robin.acts_are_accepted() == 5
    robin.attends(5)
    assert robin.is_excused() == TOO_MANY  # the fifth absence of the course
    robin.attends(1)
    assert robin.leaves_early(30) == {}
    robin.attends(2)
    robin.session_is_cancelled(CancelReason.NO_ROOM)
    robin.attends_the_rest()
    assert robin.ladder == [
        "first-absence", "second-in-a-row", "third-in-a-row", "over-the-course",
    ]  # fmt: skip

    # Of 32 evenings four were missed for good, and one was cancelled.
    assert robin.progress.planned_hours == 80
    assert robin.progress.attended.sessions == 32 - 4 - 1
    assert robin.progress.attended.minutes == (32 - 4 - 1) * 150 - 20 - 30
    robin.comes_out_as_told()
    assert robin.reached(Stage.MINIMUM_DOSE) == robin.enough_on(sessions=24, hours=60)
    assert robin.course.ends_by == date(2036, 10, 17) + timedelta(weeks=32)

    robin.later(days=4).completes()
    assert robin.is_followed_up(NOT_REACHED, HELD) == [date(2037, 12, 9), date(2038, 6, 9)]
    assert robin.stages == [*TO_THE_AGREEMENT, "waiting", *TO_THE_END]


def test_violence_prevention_in_arabic_one_to_one(tell: Tell) -> None:
    nour = tell("dvip", "violence-prevention-arabic", "Nour", date(2036, 8, 18))
    nour.has_signed(route="self", language="ar")
    nour.can_come([THURSDAY], earliest=time(9), language="ar")

    # 24 Thursdays of an hour and a half, around Christmas and New Year.
    off = {date(2036, 12, 25), date(2037, 1, 1)}
    nour.works_alone(weekly(date(2036, 9, 11), 24, off))
    assert nour.course.state == CourseState.WAITING
    nour.attends(3)
    assert nour.course.state == CourseState.RUNNING
    assert nour.comes_late(25) == {}
    nour.attends(2)

    # The worker is ill: the subject of that day is taken up the week after.
    nour.session_is_cancelled(CancelReason.WORKER_AWAY)
    nour.attends(2)
    assert nour.is_excused() == {}
    assert nour.stays_away() == FIRST
    assert nour.acts_are_accepted() == 1
    nour.is_called_when_due()
    nour.catches_up(days=1)
    assert nour.leaves_early(30) == {}
    nour.attends(2)

    # Late for the second time is nothing yet; the third time somebody calls.
    assert nour.comes_late(10) == {}
    assert nour.comes_late(10) == OFTEN_LATE
    nour.attends_the_rest()
    assert nour.ladder == ["first-absence", "often-late"]

    assert nour.progress.attended.sessions == 24 - 1
    assert nour.progress.attended.minutes == (24 - 1) * 90 - 25 - 30 - 10 - 10
    nour.comes_out_as_told()
    assert nour.reached(Stage.MINIMUM_DOSE) == nour.enough_on(sessions=18, hours=27)
    assert nour.today == date(2036, 9, 11) + timedelta(weeks=26)  # 24, two holidays, one ill
    assert nour.course.ends_by == nour.today

    nour.later(days=5).completes()
    assert nour.is_followed_up(HELD, HELD) == [date(2037, 9, 17), date(2038, 3, 17)]
    assert nour.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_day_programme_inside_substance_treatment_deferred_first(tell: Tell) -> None:
    kit = tell("substance-pilot", "day-programme", "Kit", date(2036, 2, 18))
    kit.is_referred(route="substance_service", by="Alderwick recovery", language="en")
    kit.later(days=1).is_reached()
    kit.later(days=1).gets_an_appointment(days=5)

    # Not in treatment yet: wait four weeks, and be referred to the substance service.
    found = kit.later(days=5).is_asked_about_eligibility(in_treatment=Answer.NO)
    assert (found.suggested, found.days) == (Suitability.DEFERRED, 28)
    assert found.reasons == (UnsuitableReason.NOT_IN_TREATMENT,)
    again_on = kit.today + timedelta(days=28)
    kit.is_found(Suitability.DEFERRED, reasons=found.reasons, review_on=again_on)
    assert (kit.stage, kit.now.next_action_on) == (Stage.DEFERRED, again_on)
    kit.is_referred_on(Help.SUBSTANCE, "Alderwick recovery")

    # Four weeks later treatment has begun; the assessment is held anew.
    kit.later(days=28).moves(Stage.CONTACTED)
    kit.later(days=1).gets_an_appointment(days=1)
    assert kit.later(days=1).is_asked_about_eligibility().suggested is Suitability.SUITABLE
    assert kit.is_found(Suitability.SUITABLE).check_version == 2
    kit.declares_a_partner_and_a_child()
    kit.later(days=6).signs_the_agreement("en")
    kit.releases_to(Recipient.SUBSTANCE_SERVICE, "Alderwick recovery")
    before = [*TO_THE_AGREEMENT[:4], "deferred", *TO_THE_AGREEMENT[1:]]
    assert kit.stages == before

    # Eight weeks of Mondays and Wednesdays, without the two bank holidays of May.
    days = kit.group_is_planned(
        "day-programme", starts_on=date(2036, 4, 21), at=time(10), weekdays=(MONDAY, WEDNESDAY)
    )
    mondays = weekly(date(2036, 4, 21), 7, {date(2036, 5, 5), date(2036, 5, 26)})
    wednesdays = weekly(date(2036, 4, 23), 9)
    assert [one.held_on for one in days] == sorted([*mondays, *wednesdays])
    kit.joins(date(2036, 4, 21), alone_after=1)

    # This ladder counts unaccepted absences over the whole course, and its referrer wants to
    # know within two days; nothing goes out before the three that hold for everybody.
    kit.attends(3)
    assert kit.comes_late(30) == {}
    kit.attends(1)
    assert kit.stays_away() == FIRST
    assert kit.stays_away() == {
        ("second-in-a-row", NOTICE): THREE_DAYS,
        ("second-in-a-row", REVIEW): A_WEEK,
    }
    kit.attends(3)
    assert kit.stays_away() == FIRST | {
        ("third-unaccepted", LETTER): THREE_DAYS,
        ("third-unaccepted", REVIEW): A_WEEK,
    }

    # A whole day is made up for alone, and the third unaccepted absence is none any more.
    kit.catches_up(days=2)
    assert kit.ladder == ["first-absence", "second-in-a-row"]
    assert kit.is_excused() == {}
    assert kit.leaves_early(45) == {}
    kit.session_is_cancelled(CancelReason.EMERGENCY)
    kit.attends_the_rest()

    # 16 days of four hours and three reviews of one; three days missed, one cancelled.
    assert kit.progress.attended.sessions == 16 + 3 - 3 - 1
    assert kit.progress.attended.minutes == (16 * 4 + 3 - 4 * 4) * HOUR - 30 - 45
    kit.comes_out_as_told()
    assert kit.reached(Stage.MINIMUM_DOSE) == kit.enough_on(sessions=None, hours=30)

    kit.later(days=5).completes()
    assert kit.is_followed_up(HELD, HELD) == [date(2036, 12, 24), date(2037, 6, 24)]
    assert kit.stages == [*before, *TO_THE_END]


def test_danish_counselling_course_joined_midway_with_a_break(tell: Tell) -> None:
    aksel = tell("intervention-centre", "counselling-course", "Aksel", date(2036, 2, 25))
    aksel.has_signed(route="police", by="Fjordby police", language="da")
    aksel.releases_to(Recipient.POLICE, "Fjordby police")
    aksel.waits_for_a_place()

    # An open group on Mondays, without Easter Monday and Whit Monday; Aksel joins in its fifth
    # week and goes on when it begins anew. After every second evening there is a talk alone.
    evenings = aksel.group_is_planned(
        "counselling-group", starts_on=date(2036, 2, 25), at=time(18), weekdays=(MONDAY,),
        until=date(2036, 8, 18), language="da",
    )  # fmt: skip
    off = {date(2036, 4, 14), date(2036, 6, 2)}
    assert [one.held_on for one in evenings] == weekly(date(2036, 2, 25), 24, off)
    aksel.joins(date(2036, 3, 24))

    # Two evenings are missed, on one subject. It is required, so one of them is made up for.
    aksel.attends(3)
    assert aksel.comes_late(15) == {}
    aksel.attends(2)
    assert aksel.stays_away() == FIRST
    assert aksel.stays_away() == SECOND
    assert [one.id for one in aksel.progress.missing if one.id == "background"]
    assert aksel.acts_are_accepted() == 3
    aksel.catches_up(days=1)
    assert not [one.id for one in aksel.progress.missing if one.id == "background"]
    aksel.attends(1)
    assert aksel.is_excused() == {}
    aksel.session_is_cancelled(CancelReason.CLOSED)
    aksel.attends(2)
    assert aksel.leaves_early(30) == {}
    aksel.attends(7)

    # A break of two weeks in July. Whoever stands in does not know of it and marks Aksel as
    # missing, twice: nobody calls, and nothing is proposed. The talk of those weeks waits.
    aksel.today = date(2036, 7, 14)
    aksel.at(9)
    aksel.takes_a_break(date(2036, 7, 14), date(2036, 7, 27), "Away with the children")
    assert aksel.course.state == CourseState.ON_BREAK
    assert aksel.stays_away() == {}
    assert aksel.stays_away() == {}
    aksel.next_waits(days=7)
    aksel.attends(1)
    assert aksel.course.state == CourseState.RUNNING
    aksel.attends_the_rest()
    assert aksel.ladder == ["first-absence", "second-in-a-row"]
    assert aksel.course.ends_by == date(2036, 3, 24) + timedelta(weeks=20, days=14)

    # 20 evenings of two hours and ten talks of one. Without those hours: one evening missed for
    # good, one excused, one cancelled, two in the break.
    assert aksel.progress.attended.sessions == 20 + 10 - 5
    assert aksel.progress.attended.minutes == (20 * 2 + 10 - 5 * 2) * HOUR - 15 - 30
    aksel.comes_out_as_told()
    assert aksel.reached(Stage.MINIMUM_DOSE) == aksel.enough_on(sessions=16, hours=28)

    aksel.later(days=1).completes()
    assert aksel.is_followed_up(HELD, NOT_REACHED) == [date(2037, 2, 21), date(2037, 8, 21)]
    assert aksel.stages == [*TO_THE_AGREEMENT, "waiting", *TO_THE_END]


def test_national_schedule_of_26_sessions_with_its_attendance_codes(tell: Tell) -> None:
    jona = tell("wwp-model", "national-26", "Jona", date(2036, 3, 24))
    jona.has_signed(route="probation", by="Oberhain probation")
    jona.releases_to(Recipient.PROBATION, "Oberhain probation")

    # Tuesdays and Thursdays from the week after Easter, not on May Day and Ascension.
    evenings = jona.group_is_planned(
        "criminological-group", starts_on=date(2036, 4, 22), at=time(17, 30),
        weekdays=(TUESDAY, THURSDAY),
    )  # fmt: skip
    tuesdays = weekly(date(2036, 4, 22), 12)
    thursdays = weekly(date(2036, 4, 24), 9, {date(2036, 5, 1), date(2036, 5, 22)})
    assert [one.held_on for one in evenings] == sorted([*tuesdays, *thursdays])
    jona.joins(date(2036, 4, 22), alone_after=1)

    # The preparation alone comes before the group, and with it the programme has begun.
    jona.attends(1, reason="ATTC")
    assert jona.course.began_on == date(2036, 4, 16)
    jona.attends(3, reason="ATTC")
    assert jona.comes_late(15, reason="ATTC") == {}
    jona.attends(2, reason="ATTC")
    assert jona.stays_away() == FIRST
    assert jona.marked_last == (Mark.ABSENT_NOT_ACCEPTED, "UAAB")  # the only code that fits
    jona.catches_up(days=1)
    jona.attends(3, reason="ATTC")
    assert jona.leaves_early(30, reason="ATSS") == {}
    assert jona.is_excused(reason="AAME") == {}
    jona.catches_up(days=1)
    cancelled = jona.session_is_cancelled(CancelReason.EMERGENCY)
    jona.is_held_after_all(cancelled, on=date(2036, 7, 10))
    jona.attends(4, reason="ATTC")
    assert jona.stays_away() == FIRST
    assert jona.stays_away() == SECOND
    assert jona.acts_are_accepted() == 3
    jona.catches_up(days=1)
    jona.attends_the_rest(reason="ATTC")
    assert jona.ladder == ["first-absence", "second-in-a-row"]

    # One session was never made up for. All 26 are asked for, so the first review goes back; the
    # three quarters of an hour that are missing beside it stand in nobody's way.
    whole = 1 * HOUR + 21 * 150 + 4 * HOUR
    assert jona.progress.attended.sessions == 25
    assert jona.progress.attended.minutes == whole - 150 - 15 - 30
    assert not jona.progress.dose_met
    jona.review_is_returned(jona.later(days=1).is_reviewed(), "One session is missing")
    assert jona.stage is Stage.STARTED
    jona.meets_once_more("criminological-one-to-one", minutes=60, days=4)
    assert jona.progress.attended.minutes == whole - 150 - 15 - 30 + 60
    assert jona.progress.planned_hours * 60 == whole
    jona.comes_out_as_told()
    assert jona.reached(Stage.MINIMUM_DOSE) == jona.today
    assert jona.today == jona.enough_on(sessions=26, hours=52)

    jona.later(days=1).completes()
    assert jona.is_followed_up(HELD, HELD) == [date(2037, 1, 16), date(2037, 7, 16)]
    assert jona.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_four_levels_on_the_second_one_of_nine_months(tell: Tell) -> None:
    toni = tell("wwp-model", "four-levels", "Toni", date(2036, 9, 8))
    toni.has_signed(route="police", by="Oberhain police", language="de")

    # An open group on Thursdays, without Christmas, New Year's Day and Ascension.
    evenings = toni.group_is_planned(
        "social-educational-group", starts_on=date(2036, 10, 2), at=time(18),
        weekdays=(THURSDAY,), until=date(2037, 8, 20), language="de",
    )  # fmt: skip
    off = {date(2036, 12, 25), date(2037, 1, 1), date(2037, 5, 14)}
    assert [one.held_on for one in evenings] == weekly(date(2036, 10, 2), 44, off)
    toni.is_put_on("level-2")
    toni.joins(date(2036, 10, 2))
    assert toni.course.level == "level-2"
    assert toni.progress.planned_sessions == 39

    # Here the referrer hears of every absence that nobody accepted.
    toni.attends(3)
    assert toni.comes_late(20) == {}
    assert toni.course.ends_by == date(2037, 7, 2)
    toni.attends(3)
    assert toni.stays_away() == FIRST | {("first-absence", NOTICE): A_WEEK}
    assert toni.stays_away() == SECOND
    assert toni.stays_away() == THIRD
    assert toni.acts_are_accepted() == 6
    toni.catches_up(days=4)
    toni.attends(1)
    assert toni.is_excused() == {("over-the-phase", REVIEW): A_WEEK}  # the fourth in this phase
    toni.attends(3)
    assert toni.leaves_early(10) == {}
    toni.attends(3)
    toni.session_is_cancelled(CancelReason.TOO_FEW)
    toni.later(days=1).is_extended(weeks=8, reason="Missed in the winter")
    assert toni.course.ends_by == date(2037, 7, 2) + timedelta(weeks=8)
    toni.attends_the_rest()
    assert toni.ladder == [
        "first-absence", "second-in-a-row", "third-in-a-row", "over-the-phase",
    ]  # fmt: skip

    # 39 sessions are enough; the half hour that Toni missed of two of them takes no fortieth.
    assert len(toni.told) - 1 == 44 - 1  # one made up for, one cancelled
    assert toni.progress.attended.sessions == 44 - 1 - 4 + 1
    assert toni.progress.attended.minutes == 40 * 90 - 20 - 10
    toni.comes_out_as_told()
    assert toni.reached(Stage.MINIMUM_DOSE) == toni.enough_on(sessions=39, hours=39)
    assert toni.reached(Stage.MINIMUM_DOSE) == evenings[-2].held_on

    toni.later(days=5).completes()
    assert toni.is_followed_up(NOT_REACHED, NOT_REACHED) == [date(2038, 2, 25), date(2038, 8, 25)]
    assert toni.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_psychotherapeutic_programme_with_a_break(tell: Tell) -> None:
    mika = tell("wwp-model", "individual-therapy", "Mika", date(2036, 8, 18))
    mika.has_signed(route="self")
    mika.works_alone(weekly(date(2036, 9, 5), 24, {date(2036, 10, 3), date(2036, 12, 26)}))

    mika.attends(4)
    assert mika.comes_late(10) == {}
    mika.attends(3)

    # Three weeks of a break in November; the Fridays go on after it, but not on Boxing Day.
    mika.later(days=3).takes_a_break(mika.today, date(2036, 11, 23), "An operation")
    assert mika.course.state == CourseState.ON_BREAK
    mika.goes_on_from(date(2036, 11, 28), but={date(2036, 12, 26)})
    mika.attends(1)
    assert mika.course.state == CourseState.RUNNING
    assert mika.stays_away() == FIRST
    assert mika.stays_away() == SECOND
    mika.catches_up(days=4)
    assert mika.ladder == ["first-absence"]  # the second was proposed, and is made up for
    mika.attends(1)
    mika.session_is_cancelled(CancelReason.WORKER_AWAY)
    mika.attends(1)
    assert mika.leaves_early(15) == {}
    assert mika.is_excused() == {}
    mika.attends_the_rest()

    # 24 sessions of 50 minutes; one missed for good, one excused.
    assert mika.progress.attended.sessions == 24 - 2
    assert mika.progress.attended.minutes == (24 - 2) * 50 - 10 - 15
    mika.comes_out_as_told()
    assert mika.reached(Stage.MINIMUM_DOSE) == mika.enough_on(sessions=18, hours=15)
    assert mika.course.ends_by == date(2036, 9, 5) + timedelta(weeks=30, days=21)

    mika.later(days=3).completes()
    assert mika.is_followed_up(HELD, HELD) == [date(2037, 9, 30), date(2038, 3, 30)]
    assert mika.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_family_and_parenthood_with_the_client_alone(tell: Tell) -> None:
    luca = tell("wwp-model", "family-and-parenthood", "Luca", date(2036, 4, 14))
    luca.has_signed(route="police", by="Oberhain police")
    luca.is_referred_on(Help.PSYCHOLOGICAL, "An invented practice")
    luca.works_alone(weekly(date(2036, 5, 5), 12, {date(2036, 6, 2)}))

    luca.attends(2)
    assert luca.comes_late(5) == {}
    luca.attends(1)
    assert luca.stays_away() == FIRST
    luca.catches_up(days=2)
    assert luca.ladder == []
    assert luca.is_excused() == {}
    luca.session_is_cancelled(CancelReason.WORKER_AWAY)
    luca.attends(1)
    assert luca.leaves_early(10) == {}
    assert luca.stays_away() == FIRST
    luca.attends_the_rest()
    assert luca.ladder == ["first-absence"]

    # Twelve hours; one excused, one missed for good.
    assert luca.progress.attended.sessions == 12 - 2
    assert luca.progress.attended.minutes == (12 - 2) * HOUR - 5 - 10
    luca.comes_out_as_told()
    assert luca.reached(Stage.MINIMUM_DOSE) == luca.enough_on(sessions=9, hours=9)
    assert luca.today == date(2036, 5, 5) + timedelta(weeks=13)  # Whit Monday, and one ill

    luca.later(days=4).completes()
    assert luca.is_followed_up(HELD, NOT_REACHED) == [date(2037, 2, 8), date(2037, 8, 8)]
    assert luca.stages == [*TO_THE_AGREEMENT, *TO_THE_END]


def test_every_shipped_programme_has_its_story(tell: Tell) -> None:
    from casewall.services.load import shipped

    told = {
        ("your-choice", "safer-respectful"), ("your-choice", "dads-programme"),
        ("dvip", "violence-prevention"), ("dvip", "violence-prevention-arabic"),
        ("substance-pilot", "day-programme"), ("intervention-centre", "counselling-course"),
        ("wwp-model", "national-26"), ("wwp-model", "four-levels"),
        ("wwp-model", "individual-therapy"), ("wwp-model", "family-and-parenthood"),
    }  # fmt: skip
    assert told == {(s.id, p.id) for s in shipped().values() for p in s.programmes}
