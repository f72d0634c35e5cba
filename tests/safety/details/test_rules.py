"""When a change of contact details is certain enough, as pure rules."""

from __future__ import annotations

from uuid import uuid4

import pytest

from casewall.safety.details.rules import (
    CHANNELS_OF,
    Detail,
    Way,
    fits,
    may_check,
    may_confirm,
)
from casewall.safety.partners.rules import Channel
from casewall.wall.decide import Decision

SAFE, UNSAFE = Decision(True, "Call is confirmed safe."), Decision(False, "Call is not safe.")


@pytest.mark.parametrize(("detail", "value", "answer"), [
    (Detail.PHONE, "", True),
    (Detail.PHONE, "+45 22 33 44 55", True),
    (Detail.PHONE, "ask the neighbour", False),
    (Detail.EMAIL, "opdigtet@example.invalid", True),
    (Detail.EMAIL, "opdigtet@example", False),
    (Detail.EMAIL, "a@example.invalid b@example.invalid", False),
    (Detail.ADDRESS, "Opdigtet Vej 1", True),
])
def test_a_detail_looks_like_one(detail: Detail, value: str, answer: bool) -> None:
    decision = fits(detail, value)
    assert decision.allowed is answer
    assert decision.reason.endswith(".")


@pytest.mark.parametrize("way", Way)
@pytest.mark.parametrize("channel", [SAFE, UNSAFE])
@pytest.mark.parametrize("agreed", [True, False])
@pytest.mark.parametrize("given", [True, False])
@pytest.mark.parametrize("replaces", [True, False])
def test_a_confirmation_counts_only_where_nobody_else_could_have_given_it(
    way: Way, channel: Decision, agreed: bool, given: bool, replaces: bool
) -> None:
    if way is Way.IN_PERSON:
        expected = True
    elif agreed and not given:
        expected = False
    elif way is Way.RANG_US:
        expected = agreed or not replaces
    else:
        expected = channel.allowed
    decision = may_confirm(
        way, channel=channel, code_word_agreed=agreed, code_word_given=given, replaces=replaces)
    assert decision.allowed is expected


def test_the_second_pair_of_eyes_is_nobody_who_asked_or_confirmed() -> None:
    asked, confirmed, third = uuid4(), uuid4(), uuid4()
    for one, answer in ((asked, False), (confirmed, False), (third, True)):
        assert may_check(one, asked_by=asked, confirmed_by=confirmed).allowed is answer
    assert may_check(third, asked_by=asked, confirmed_by=None)


def test_every_channel_belongs_to_one_detail() -> None:
    channels = [channel for found in CHANNELS_OF.values() for channel in found]
    assert sorted(channels) == sorted(Channel)
