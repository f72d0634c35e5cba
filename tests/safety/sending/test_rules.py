"""The gate and the steps of a message, as pure rules."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.partners.rules import Channel, Contact, Days, may_use
from casewall.safety.sending.rules import (
    CHANNEL_OF,
    DOUBT_AFTER,
    LASTING,
    MOVES,
    NEVER,
    QUEUED,
    Act,
    Alternative,
    Next,
    Plan,
    Standing,
    State,
    Stop,
    Verdict,
    hours_in_words,
    is_doubtful,
    is_open,
    is_stale,
    may_override,
    may_send,
    next_for,
    opening,
)

HERE = ZoneInfo("Europe/Copenhagen")
TUESDAY = datetime(2036, 3, 11, 10, 30, tzinfo=HERE)
SATURDAY = datetime(2036, 3, 15, 10, 30, tzinfo=HERE)
SAFE = Plan(is_safe=True, confirmed_on=date(2036, 3, 1), review_on=date(2036, 3, 29))
EVERYWHERE = frozenset(Channel) - {Channel.IN_PERSON}


def standing(plan: Plan = SAFE, act: Act = Act.TEXT, **more: object) -> Standing:
    given = {"contact": Contact.ENGAGED, "known": EVERYWHERE, **more}
    return Standing(plans={CHANNEL_OF[act]: plan}, **given)  # type: ignore[arg-type]


def test_nothing_is_safe_until_somebody_has_confirmed_it() -> None:
    for act in Act:
        verdict = may_send(act, Standing(Contact.ENGAGED, known=EVERYWHERE), TUESDAY)
        assert verdict.stops == (Stop.NOT_CONFIRMED,)
        assert not verdict
        assert verdict.alternatives == ()


def test_a_confirmed_channel_may_be_used() -> None:
    cleared = replace(SAFE, voicemail=True, calendar=True)
    for act in Act:
        assert may_send(act, standing(cleared, act), TUESDAY)


@pytest.mark.parametrize(("change", "stop"), [
    ({"is_safe": False}, Stop.NOT_CONFIRMED),
    ({"confirmed_on": None}, Stop.NOT_CONFIRMED),
    ({"review_on": date(2036, 3, 10)}, Stop.STALE),
    ({"review_on": None, "confirmed_on": date(2036, 2, 1)}, Stop.STALE),
    ({"confirmed_on": date(2036, 3, 12)}, Stop.STALE),
    ({"from_time": time(11), "to_time": time(12)}, Stop.WRONG_HOUR),
    ({"days": Days.WEEKENDS}, Stop.WRONG_HOUR),
])
def test_a_plan_stops_what_it_does_not_allow(change: dict[str, object], stop: Stop) -> None:
    verdict = may_send(Act.TEXT, standing(replace(SAFE, **change)), TUESDAY)
    assert verdict.stops == (stop,)
    assert len(verdict.reasons) == 1


def test_a_review_that_falls_on_today_still_holds() -> None:
    assert may_send(Act.TEXT, standing(replace(SAFE, review_on=TUESDAY.date())), TUESDAY)
    assert may_send(Act.TEXT, standing(replace(SAFE, review_on=None)), TUESDAY)
    assert is_stale(Plan(is_safe=True), TUESDAY.date())


@pytest.mark.parametrize(("more", "stop"), [
    ({"withdrawn": True}, Stop.WITHDRAWN),
    ({"contact": Contact.UNSAFE}, Stop.UNSAFE),
    ({"contact": Contact.DECLINED}, Stop.DECLINED),
    ({"closed": True}, Stop.CLOSED),
    ({"restricted": True}, Stop.RESTRICTED),
    ({"known": frozenset()}, Stop.NO_ADDRESS),
])
def test_a_file_stops_what_it_does_not_allow(more: dict[str, object], stop: Stop) -> None:
    assert may_send(Act.TEXT, standing(**more), TUESDAY).stops == (stop,)


def test_a_visit_needs_no_address() -> None:
    assert may_send(Act.IN_PERSON, standing(SAFE, Act.IN_PERSON, known=frozenset()), TUESDAY)


def test_voicemail_and_calendar_need_their_own_word() -> None:
    assert may_send(Act.VOICEMAIL, standing(SAFE, Act.VOICEMAIL), TUESDAY).stops == (
        Stop.NO_VOICEMAIL,)
    assert may_send(Act.CALENDAR, standing(SAFE, Act.CALENDAR), TUESDAY).stops == (
        Stop.NO_CALENDAR,)


def test_the_post_keeps_no_hours() -> None:
    plan = replace(SAFE, from_time=time(9), to_time=time(15))
    verdict = may_send(Act.LETTER, standing(plan, Act.LETTER), TUESDAY)
    assert verdict.stops == (Stop.POST_KEEPS_NO_HOURS,)
    assert verdict.never


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("stop", Stop)
def test_what_leaves_a_trace_is_never_sent_against_safety(act: Act, stop: Stop) -> None:
    against_safety = stop in {Stop.UNSAFE, Stop.NOT_CONFIRMED, Stop.STALE, Stop.WRONG_HOUR,
                              Stop.RESTRICTED}
    expected = stop not in NEVER and not (act in LASTING and against_safety)
    assert may_override(act, stop) is expected


def test_a_text_to_a_file_marked_unsafe_takes_a_reason_and_a_letter_takes_none() -> None:
    plans = {Channel.TEXT: SAFE, Channel.LETTER: SAFE}
    unsafe = Standing(Contact.UNSAFE, plans, EVERYWHERE)
    assert not may_send(Act.TEXT, unsafe, TUESDAY).never
    assert may_send(Act.LETTER, unsafe, TUESDAY).never


def test_the_alternatives_are_what_is_safe_now_or_at_a_named_moment() -> None:
    plans = {
        Channel.CALL: SAFE,
        Channel.EMAIL: replace(SAFE, from_time=time(18), to_time=time(20)),
        Channel.LETTER: Plan(),
    }
    verdict = may_send(Act.TEXT, Standing(Contact.ENGAGED, plans, EVERYWHERE), TUESDAY)
    assert verdict.alternatives == (
        Alternative(Act.CALL), Alternative(Act.EMAIL, TUESDAY.replace(hour=18, minute=0)))


def test_every_stop_has_a_sentence_that_ends() -> None:
    every = [
        may_send(act, standing(plan, act, **more), TUESDAY)
        for act in Act
        for plan in (Plan(), replace(SAFE, review_on=date(2036, 3, 2)),
                     replace(SAFE, from_time=time(1), to_time=time(2)),
                     replace(SAFE, days=Days.WEEKENDS))
        for more in ({}, {"known": frozenset()}, {"withdrawn": True, "closed": True})
    ]
    for verdict in every:
        assert len(verdict.reasons) == len(verdict.stops)
        assert all(reason.endswith(".") and len(reason) >= 20 for reason in verdict.reasons)


@pytest.mark.parametrize(("plan", "words"), [
    (SAFE, "at any hour"),
    (replace(SAFE, days=Days.WORKING_DAYS), "on days from Monday to Friday"),
    (replace(SAFE, from_time=time(9), to_time=time(15)), "from 09:00 to 15:00"),
    (replace(SAFE, days=Days.WEEKENDS, from_time=time(9), to_time=time(15)),
     "on Saturdays and Sundays from 09:00 to 15:00"),
])
def test_hours_stand_in_words(plan: Plan, words: str) -> None:
    assert hours_in_words(plan) == words


# --- windows -------------------------------------------------------------------------------------

NINE_TO_THREE = replace(SAFE, days=Days.WORKING_DAYS, from_time=time(9), to_time=time(15))


def test_the_window_that_is_open_goes_on_until_it_closes() -> None:
    assert opening(NINE_TO_THREE, TUESDAY) == (TUESDAY, TUESDAY.replace(hour=15, minute=0))


def test_after_the_hours_the_next_safe_day_opens_the_window() -> None:
    friday = datetime(2036, 3, 14, 16, 0, tzinfo=HERE)
    monday = datetime(2036, 3, 17, tzinfo=HERE)
    assert opening(NINE_TO_THREE, friday) == (monday.replace(hour=9), monday.replace(hour=15))


def test_without_hours_a_message_waits_for_a_day_at_most() -> None:
    assert opening(SAFE, TUESDAY) == (TUESDAY, TUESDAY + timedelta(days=1))
    begins, ends = opening(replace(SAFE, days=Days.WEEKENDS), TUESDAY)
    assert (begins, ends) == (SATURDAY.replace(hour=0, minute=0),
                              SATURDAY.replace(hour=23, minute=59))


HOURS = st.one_of(st.none(), st.tuples(st.times(), st.times()).filter(lambda t: t[0] < t[1]))


@given(at=st.datetimes(datetime(2036, 1, 1), datetime(2037, 1, 1)), days=st.sampled_from(Days),  # noqa: DTZ001
       hours=HOURS)
def test_a_window_opens_within_a_week_and_is_safe_from_its_beginning_to_its_end(
    at: datetime, days: Days, hours: tuple[time, time] | None
) -> None:
    at = at.replace(tzinfo=UTC)
    starts, ends = hours or (None, None)
    plan = replace(SAFE, days=days, from_time=starts, to_time=ends)
    begins, closes = opening(plan, at)
    assert at <= begins <= at + timedelta(days=8)
    assert begins <= closes <= begins + timedelta(days=1)
    assert is_open(plan, begins)
    if plan.has_hours and closes.time() != time(23, 59):
        assert is_open(plan, closes)


# --- a queued message ----------------------------------------------------------------------------

WAITING = {"at": TUESDAY, "not_before": TUESDAY, "not_after": TUESDAY + timedelta(hours=4),
           "verdict": Verdict(Act.TEXT)}


def test_a_message_goes_when_everything_still_holds() -> None:
    assert next_for(**WAITING) == (Next.SEND, ())  # type: ignore[arg-type]


@pytest.mark.parametrize(("change", "expected"), [
    ({"not_before": TUESDAY + timedelta(minutes=1)}, (Next.WAIT, ())),
    ({"not_after": TUESDAY - timedelta(minutes=1)}, (Next.STOP, (Stop.TOO_LATE,))),
    ({"same_address": False}, (Next.STOP, (Stop.ADDRESS_CHANGED,))),
    ({"same_words": False}, (Next.STOP, (Stop.WORDS_CHANGED,))),
    ({"verdict": Verdict(Act.TEXT, (Stop.WRONG_HOUR,))}, (Next.WAIT, ())),
    ({"verdict": Verdict(Act.TEXT, (Stop.STALE,))}, (Next.STOP, (Stop.STALE,))),
    ({"verdict": Verdict(Act.TEXT, (Stop.STALE,)), "covered": frozenset({Stop.STALE})},
     (Next.SEND, ())),
    ({"verdict": Verdict(Act.TEXT, (Stop.UNSAFE, Stop.STALE)), "covered": frozenset({Stop.STALE})},
     (Next.STOP, (Stop.UNSAFE,))),
    ({"verdict": Verdict(Act.TEXT, (Stop.NO_ADDRESS,)), "covered": frozenset({Stop.NO_ADDRESS})},
     (Next.STOP, (Stop.NO_ADDRESS,))),
])
def test_a_message_waits_or_stops_when_something_does_not_hold(
    change: dict[str, object], expected: tuple[Next, tuple[Stop, ...]]
) -> None:
    assert next_for(**{**WAITING, **change}) == expected  # type: ignore[arg-type]


def test_no_move_leads_back_to_the_queue() -> None:
    assert all(State.QUEUED not in targets for targets in MOVES.values())
    assert MOVES.keys() == set(State)


def test_a_claimed_message_is_doubtful_after_a_while_and_a_letter_later() -> None:
    assert not is_doubtful(Act.TEXT, TUESDAY, TUESDAY + DOUBT_AFTER)
    assert is_doubtful(Act.TEXT, TUESDAY, TUESDAY + DOUBT_AFTER + timedelta(seconds=1))
    assert not is_doubtful(Act.LETTER, TUESDAY, TUESDAY + timedelta(days=2))
    assert is_doubtful(Act.LETTER, TUESDAY, TUESDAY + timedelta(days=2, seconds=1))


# --- 100% of unsafe sends are stopped (X8, V3) ---------------------------------------------------

GENERATED = 16_000


def _plan(dice: random.Random) -> Plan:
    hours = sorted(dice.sample(range(24), 2)) if dice.random() < 0.6 else None
    confirmed = TUESDAY.date() - timedelta(days=dice.randint(-2, 60))
    return Plan(
        is_safe=dice.random() < 0.8,
        confirmed_on=confirmed if dice.random() < 0.9 else None,
        review_on=confirmed + timedelta(days=dice.randint(1, 60)) if dice.random() < 0.8 else None,
        days=dice.choice(list(Days)) if dice.random() < 0.5 else Days.EVERY_DAY,
        from_time=time(hours[0]) if hours else None,
        to_time=time(hours[1]) if hours else None,
        voicemail=dice.random() < 0.5,
        calendar=dice.random() < 0.5,
    )


def _dangerous(act: Act, plan: Plan | None, at: datetime, same_address: bool) -> bool:
    """Said anew and slowly: whether anything at all speaks against reaching the partner now."""
    if plan is None or not plan.is_safe or plan.confirmed_on is None or not same_address:
        return True
    last_day = plan.review_on
    if last_day is None:
        last_day = plan.confirmed_on + timedelta(days=28)
    if at.date() > last_day or at.date() < plan.confirmed_on:
        return True
    weekend = at.strftime("%a") in ("Sat", "Sun")
    if (plan.days is Days.WORKING_DAYS and weekend) or (plan.days is Days.WEEKENDS and not weekend):
        return True
    if plan.from_time is not None and plan.to_time is not None:
        minute = at.hour * 60 + at.minute
        if minute < plan.from_time.hour * 60 or minute > plan.to_time.hour * 60:
            return True
    if act is Act.VOICEMAIL and not plan.voicemail:
        return True
    if act is Act.CALENDAR and not plan.calendar:
        return True
    return act is Act.LETTER and (plan.from_time is not None or plan.days is not Days.EVERY_DAY)


def test_of_many_generated_plans_and_moments_every_unsafe_send_is_stopped() -> None:
    dice = random.Random(2036)
    dangerous = sent = 0
    for _ in range(GENERATED):
        act = dice.choice(list(Act))
        plan = _plan(dice) if dice.random() < 0.9 else None
        at = TUESDAY + timedelta(minutes=dice.randint(-20_000, 20_000))
        same_address = dice.random() < 0.9
        state = Standing(
            Contact.ENGAGED, {CHANNEL_OF[act]: plan} if plan else {}, EVERYWHERE)
        step, _ = next_for(
            at=at, not_before=at - timedelta(hours=1), not_after=at + timedelta(hours=1),
            verdict=may_send(act, state, at), same_address=same_address)
        if _dangerous(act, plan, at, same_address):
            dangerous += 1
            assert step is not Next.SEND
        else:
            sent += 1
            assert step is Next.SEND
    assert dangerous > 10_000
    assert sent > 500


def test_what_the_gate_lets_pass_the_page_calls_safe_too() -> None:
    dice = random.Random(7)
    for _ in range(2_000):
        plan, act = _plan(dice), dice.choice(list(QUEUED | {Act.CALL}))
        at = TUESDAY + timedelta(minutes=dice.randint(-20_000, 20_000))
        if may_send(act, standing(plan, act), at):
            assert may_use(
                CHANNEL_OF[act], is_safe=plan.is_safe, confirmed_on=plan.confirmed_on,
                review_on=plan.review_on, from_time=plan.from_time, to_time=plan.to_time,
                today=at.date(), now=at.time(), days=plan.days)
