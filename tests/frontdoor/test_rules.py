"""What a public form becomes, without a database."""

from datetime import UTC, date, datetime
from uuid import UUID, uuid4

import pytest

from casewall.frontdoor.rules import (
    emergency_number,
    entry_id,
    is_phone,
    names_somebody,
    professional_referral,
    reference_of,
    referrer_message,
    same_person,
    self_referral,
)

TODAY = date(2026, 3, 2)
FORM = UUID("4f1d8a0e-2b1c-4c8e-9d6f-0a5b7c3e2d11")


@pytest.mark.parametrize(("country", "number"), [("DK", "112"), ("GB", "999"), ("DE", "112")])
def test_the_number_to_call_in_danger_is_the_countrys_own(country: str, number: str) -> None:
    assert emergency_number(country) == number


def test_a_name_has_a_letter_in_some_script() -> None:
    assert names_somebody("", "علي")
    assert not names_somebody("-", "?")


def test_a_phone_is_one_number() -> None:
    assert is_phone("20 00 00 01", "+45")
    assert not is_phone("at work", "+45")


def test_two_parties_are_one_person_only_with_one_name_and_one_known_birthday() -> None:
    one = {"given_name": "Aksel", "family_name": "Opdigtet", "born_on": TODAY}
    assert same_person(one, {**one, "given_name": "Opdigtet", "family_name": "Aksel"})
    assert not same_person(one, {**one, "born_on": date(2000, 1, 1)})
    assert not same_person(one, {**one, "family_name": "Fiktivsen"})
    assert not same_person({**one, "born_on": None}, {**one, "born_on": None})


def test_a_self_referral_has_every_slot_whatever_was_left_out() -> None:
    bare = self_referral({"given_name": "A"}, service="s", prefix="+45", today=TODAY)
    full = self_referral({"given_name": "A", "phone": "20 00 00 01", "born_on": TODAY,
                          "sex": "female", "text": "t"}, service="s", prefix="+45", today=TODAY)
    assert bare["slots"].keys() == full["slots"].keys()
    assert (bare["slots"]["born_on"], bare["slots"]["sex"], bare["slots"]["phone"]) == (
        None, "unknown", "")
    assert (full["slots"]["born_on"], full["slots"]["phone"]) == ("2026-03-02", "+4520000001")
    assert full["slots"]["received_on"] == "2026-03-02"


def test_a_professionals_form_keeps_what_was_filled_in_as_text() -> None:
    content = professional_referral(
        {"incident_on": date(2026, 2, 1), "children_count": 0, "notes": "", "client_born_on": None},
        service="s", today=TODAY)
    assert content == {"service": "s", "fields": {
        "incident_on": "2026-02-01", "children_count": "0", "referred_on": "2026-03-02"}}


def test_one_form_is_one_entry_and_another_text_is_another() -> None:
    def made(text: str = "t", form: UUID = FORM, side: str = "safety", secret: str = "k",
             day: date = TODAY) -> UUID:
        content = professional_referral({"notes": text}, service="s", today=day)
        return entry_id(secret, side, form, content)

    assert made() == made()
    assert made() == made(day=date(2026, 3, 3))
    others = [made("u"), made(form=uuid4()), made(side="programme"), made(secret="other")]
    assert len({made(), *others}) == 5
    assert made().version == 4


@pytest.mark.parametrize(("typed", "read"), [
    ("0a1b2c3d", "0a1b2c3d"), (" 0A1B 2C3D ", "0a1b2c3d"), ("0a1b2c3", ""), ("0a1b2c3d4", ""),
    ("0a1b2c3g", ""), ("٠٠٠٠٠٠٠٠", ""), ("", "")])
def test_a_reference_is_eight_characters(typed: str, read: str) -> None:
    assert reference_of(typed) == read


def test_a_message_is_sealed_with_everything_said_and_twice_is_one() -> None:
    filled = {"sender_name": "A", "sender_email": "a@example.invalid", "reference": "0a1b2c3d",
              "text": "t", "may_read": False}

    def made(at: datetime, **changes: object) -> dict[str, object]:
        return referrer_message({**filled, **changes}, service="s", at=at)

    noon, later = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 3, 0, 1, tzinfo=UTC)
    content = made(noon)
    assert content == {"service": "s", "message": {
        **filled, "received_at": "2026-03-02T12:00:00+00:00"}}
    assert made(noon, may_read=True)["message"]["may_read"] is True
    numbers = [entry_id("k", "safety", FORM, one) for one in (
        content, made(later), made(noon, text="u"), made(noon, may_read=True))]
    assert numbers[0] == numbers[1]
    assert len(set(numbers)) == 3
