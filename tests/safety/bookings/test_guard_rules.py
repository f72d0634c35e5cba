"""The guard as a pure rule: no hour and no house holds both parties."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import product
from random import Random
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.bookings.rules import (
    CLOSES,
    HORIZON,
    MARGIN,
    OPENS,
    Around,
    Channel,
    Expected,
    Hour,
    Kind,
    Known,
    Meeting,
    Where,
    ends_at,
    free_hours,
    is_possible,
    joins_parties,
    may_book,
    meets,
    place_fits,
    same_building,
    same_person,
)

ZONE = ZoneInfo("Europe/Copenhagen")
NOON = datetime(2036, 3, 11, 12, tzinfo=ZONE)
HOUSES = ["Mill House", "mill  house", "MILLHOUSE", "Mill House, second floor", "Hus 4", "Hus 41"]


def expected(minutes_later: int = 0, minutes: int = 120, building: str = "Mill House") -> Expected:
    return Expected(NOON + timedelta(minutes=minutes_later), minutes, building)


def in_person(place: str = "Mill House", minutes: int = 60) -> Meeting:
    return Meeting(NOON, minutes, Channel.IN_PERSON, place)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Mill House", "mill house", True),
        ("Mill House", " MILLHOUSE ", True),
        ("Mill House", "Mill House, second floor", True),
        ("Café in Mill House", "Mill House", True),
        ("Fjordgade 1", "Fjordgade 10", False),
        ("Ærøgade 3", "AEROGADE 3", True),
        ("Mill House", "Harbour House", False),
        ("", "Mill House", False),
        ("Mill House", "–", False),
    ],
)
def test_one_house_has_many_spellings(one: str, other: str, same: bool) -> None:
    assert same_building(one, other) is same
    assert same_building(other, one) is same


@pytest.mark.parametrize(
    ("minutes_later", "met"),
    [(-180, False), (-179, True), (-120, True), (0, True), (60, True), (119, True), (120, False)],
)
def test_an_hour_before_and_after_the_house_stays_free(minutes_later: int, met: bool) -> None:
    assert meets(in_person(), expected(minutes_later)) is met


@pytest.mark.parametrize("place", ["Mill House", "Harbour House", ""])
def test_a_client_without_a_house_may_be_anywhere(place: str) -> None:
    assert meets(in_person(place), expected(building=" "))


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.VIDEO])
@pytest.mark.parametrize("building", ["", "Mill House"])
def test_nobody_meets_by_phone_or_video(channel: Channel, building: str) -> None:
    assert not meets(Meeting(NOON, 60, channel), expected(building=building))


def test_the_refusal_says_what_to_do() -> None:
    said = may_book(in_person(), Around([expected()]), ZONE)
    assert not said
    assert said.reason == (
        "Choose another hour or place: the linked client is expected in “Mill House” on "
        "11 March 2036 from 12:00 to 14:00, and nobody of this side comes there from an hour "
        "before until an hour after."
    )
    said = may_book(in_person(), Around([expected(building="")]), ZONE)
    assert said.reason.startswith("Choose another hour, or the phone: the linked client")


def test_the_parties_come_first_then_worker_room_and_closing() -> None:
    busy = [Hour(NOON + timedelta(minutes=30), 60)]
    after = [Hour(NOON + timedelta(minutes=60), 60)]
    assert "linked client" in may_book(in_person(), Around([expected()], worker=busy), ZONE).reason
    assert "The worker has" in may_book(in_person(), Around(worker=busy, room=busy), ZONE).reason
    assert "The room is taken" in may_book(in_person(), Around(room=busy), ZONE).reason
    assert may_book(in_person(), Around(worker=after, room=after), ZONE)
    shut = Around(room_closed_on=date(2036, 3, 10))
    assert "out of use after 10 March 2036" in may_book(in_person(), shut, ZONE).reason
    assert may_book(in_person(), Around(room_closed_on=date(2036, 3, 11)), ZONE)


def test_who_cannot_see_where_the_client_is_books_only_by_phone() -> None:
    blind = Around(is_blind=True)
    assert "cannot see where a linked client" in may_book(in_person(), blind, ZONE).reason
    assert may_book(Meeting(NOON, 60, Channel.PHONE), blind, ZONE)


@pytest.mark.parametrize(
    ("minutes", "after", "reason"),
    [
        (60, timedelta(), "has passed"),
        (60, timedelta(minutes=1), "has passed"),
        (4, timedelta(minutes=-1), "from 5 to 480"),
        (481, timedelta(minutes=-1), "from 5 to 480"),
        (480, timedelta(minutes=-1), "still to come"),
    ],
)
def test_an_appointment_is_to_come_and_has_a_length(
    minutes: int, after: timedelta, reason: str
) -> None:
    said = is_possible(Hour(NOON, minutes), NOON + after)
    assert reason in said.reason
    assert said.allowed is (reason == "still to come")


@pytest.mark.parametrize(
    ("channel", "where", "has_room", "elsewhere", "reason"),
    [
        (Channel.PHONE, "", False, "", "The place is said."),
        (Channel.PHONE, "room", True, "", "By phone or video there is no place"),
        (Channel.VIDEO, "", False, "Café", "By phone or video there is no place"),
        (Channel.IN_PERSON, Where.ROOM, False, "", "Choose the room."),
        (Channel.IN_PERSON, Where.ROOM, True, "", "The place is said."),
        (Channel.IN_PERSON, Where.ELSEWHERE, False, " ", "Write where it is"),
        (Channel.IN_PERSON, Where.ELSEWHERE, False, "Café", "The place is said."),
        (Channel.IN_PERSON, Where.HOME, False, "", "The place is said."),
        (Channel.IN_PERSON, "", False, "", "Choose where it takes place."),
    ],
)
def test_the_place_is_said_as_the_channel_needs_it(
    channel: Channel, where: str, has_room: bool, elsewhere: str, reason: str
) -> None:
    said = place_fits(channel, where, has_room=has_room, elsewhere=elsewhere)
    assert said.reason.startswith(reason)
    assert said.allowed is (reason == "The place is said.")


def test_free_hours_are_hours_of_work_on_weekdays_on_the_clock_of_the_service() -> None:
    friday = datetime(2036, 3, 28, 16, tzinfo=ZONE)
    found = free_hours(in_person(), Around(), zone=ZONE, after=friday, most=4)
    # The clocks go forward on the Sunday between: the wall shows the same hours.
    assert [f"{one:%a %d %H:%M}" for one in found] == [
        "Fri 28 16:30", "Fri 28 17:00", "Mon 31 08:00", "Mon 31 08:30",
    ]  # fmt: skip
    assert found[-1].utcoffset() == timedelta(hours=2)


def test_where_no_hour_is_free_within_two_weeks_none_is_offered() -> None:
    always = [Expected(NOON - timedelta(days=1), 60 * 24 * 20)]
    assert free_hours(in_person(), Around(always), zone=ZONE, after=NOON) == ()


moments = st.integers(-600, 600).map(lambda n: NOON + timedelta(minutes=n))
lengths = st.integers(5, 480)
clients = st.builds(
    Expected, moments, lengths, st.sampled_from(["", "Mill House", "Harbour House", "Hus 4"])
)
meetings = st.builds(
    Meeting,
    moments,
    lengths,
    st.sampled_from(list(Channel)),
    st.sampled_from(["", *HOUSES, "Harbour House"]),
)


def brought_together(meeting: Meeting, client: Expected) -> bool:
    """The harm itself, minute by minute, written without the rule's own words."""
    if meeting.channel is not Channel.IN_PERSON:
        return False
    mine, theirs = (
        "".join(ch for ch in text.lower() if ch.isalnum())
        for text in (meeting.place, client.building)
    )
    if theirs and theirs != mine:
        return False
    first = meeting.starts_at - MARGIN
    last = meeting.starts_at + timedelta(minutes=meeting.minutes) + MARGIN
    theirs_end = client.starts_at + timedelta(minutes=client.minutes)
    return max(first, client.starts_at) < min(last, theirs_end)


@given(meetings, st.lists(clients, max_size=4))
def test_law_no_accepted_hour_brings_the_parties_together(
    meeting: Meeting, those: list[Expected]
) -> None:
    if may_book(meeting, Around(those), ZONE):
        assert not any(brought_together(meeting, one) for one in those)


@given(meetings, st.lists(clients, max_size=4))
def test_law_every_hour_offered_could_be_booked_and_is_an_hour_of_work(
    meeting: Meeting, those: list[Expected]
) -> None:
    for one in free_hours(meeting, Around(those), zone=ZONE, after=NOON, most=3):
        assert may_book(meeting.at(one), Around(those), ZONE)
        assert NOON < one <= NOON + HORIZON + timedelta(days=1)
        assert one.time() >= OPENS
        assert ends_at(Hour(one, meeting.minutes)).time() <= CLOSES
        assert one.weekday() < 5


def test_ten_thousand_attempts_to_bring_the_parties_together_are_all_refused() -> None:
    rng, attempts, refused = Random(12), 0, 0
    while attempts < 10_000:
        client = Expected(
            NOON + timedelta(minutes=rng.randrange(-900, 900)),
            rng.randrange(5, 481),
            rng.choice(["", *HOUSES]),
        )
        meeting = Meeting(
            client.starts_at + timedelta(minutes=rng.randrange(-540, 540)),
            rng.randrange(5, 481),
            Channel.IN_PERSON,
            rng.choice([client.building, client.building.upper(), *HOUSES]),
        )
        if not brought_together(meeting, client):
            continue
        attempts += 1
        refused += not may_book(meeting, Around([client]), ZONE)
    assert refused == attempts


# --- persons -------------------------------------------------------------------------------------


def known(names: str, born: str = "1985") -> Known:
    return Known(frozenset(names.split()), frozenset(born.split()))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (known("a b"), known("b a"), True),
        (known("a b"), known("a m b"), True),
        (known("a b"), known("a b", "1986"), False),
        (known("a b", ""), known("a b", ""), False),
        (known("a"), known("a"), False),
        (known("a b"), known("a c"), False),
    ],
)
def test_one_person_has_the_same_birth_date_and_names(one: Known, other: Known, same: bool) -> None:
    assert same_person(one, other) is same
    assert same_person(other, one) is same


def test_an_item_joins_the_parties_when_one_of_its_partners_is_one_of_the_clients() -> None:
    assert joins_parties([known("x y"), known("a b")], [known("c d"), known("a b")])
    assert not joins_parties([known("x y")], [known("a b")])
    assert not joins_parties([], [known("a b")])


def test_ten_thousand_groups_that_hold_both_parties_are_all_refused() -> None:
    rng = Random(15)
    names = [f"n{number}" for number in range(40)]
    for _ in range(10_000):
        both = Known(frozenset(rng.sample(names, rng.randint(2, 4))), frozenset({rng.random()}))
        more = Known(both.names | set(rng.sample(names, rng.randint(0, 2))), both.born)
        others = [known(" ".join(rng.sample(names, 2))) for _ in range(rng.randint(1, 7))]
        group = [*others, both]
        rng.shuffle(group)
        assert joins_parties(group, [known("q r"), more])


def test_no_kind_of_appointment_is_for_a_couple() -> None:
    banned = ("couple", "mediat", "joint", "together", "both", "family")
    assert not [one for one, word in product(Kind, banned) if word in one.value]


def test_moments_of_other_zones_are_compared_as_moments() -> None:
    client = Expected(NOON.astimezone(UTC), 60, "Mill House")
    assert meets(in_person(), client)
    assert "from 12:00 to 13:00" in may_book(in_person(), Around([client]), ZONE).reason
    assert time(12) == NOON.time()
