"""The forms against what the other end takes in: nothing that is accepted here is refused there."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casewall.frontdoor.forms import MessageForm, ProfessionalForm, SelfReferralForm
from casewall.frontdoor.rules import (
    ANSWERS,
    CLIENT_TEXT_LABEL,
    LONGEST,
    MOST_CHILDREN,
    RELATIONS,
    ROUTES,
    SEXES,
    professional_referral,
    self_referral,
)
from casewall.safety.intake import rules as intake_rules
from casewall.safety.intake.actions import _as_row, settings_for
from casewall.safety.intake.fields import CLIENT_TEXT_LABEL as INTAKE_LABEL
from casewall.safety.intake.fields import FIELDS, Form, answer
from casewall.safety.intake.parts import ClientPart, IntakeSettings, Level, Person
from casewall.services.load import shipped
from tests.frontdoor.filled import MESSAGE, SELF, WORK

CENTRE = shipped()["intervention-centre"]
SERVICES = (CENTRE,)
TODAY = date(2026, 11, 23)


def filled(kind, posted: dict[str, str], services=SERVICES):
    form = kind(posted, services=services)
    form.is_valid()
    return form


def errors(kind, **changes: str) -> dict[str, list[str]]:
    base = {SelfReferralForm: SELF, ProfessionalForm: WORK, MessageForm: MESSAGE}[kind]
    return dict(filled(kind, {**base, **changes}).errors)


def test_the_self_referral_has_the_slots_of_every_clients_part() -> None:
    part = ClientPart(Person(), "police", "", TODAY, "", None)
    slots = self_referral({}, service="s", prefix="+45", today=TODAY)["slots"]
    assert slots.keys() == intake_rules.client_slots(part, id=uuid4()).keys() - {"id"}


def test_the_professionals_form_asks_for_every_field_of_a_referral_and_no_other() -> None:
    form = ProfessionalForm(services=SERVICES)
    assert set(form.fields) == set(FIELDS) - {"referred_on"}
    assert CLIENT_TEXT_LABEL == INTAKE_LABEL == form.fields["client_text"].label
    for name, field in form.fields.items():
        assert (getattr(field, "max_length", None) or 0) <= FIELDS[name].longest


@pytest.mark.parametrize(("form", "words"), [
    (Form.SEX, SEXES), (Form.ANSWER, ANSWERS), (Form.RELATION, RELATIONS), (Form.ROUTE, ROUTES)])
def test_every_answer_is_one_that_intake_knows(form: Form, words: dict[str, str]) -> None:
    assert {value: answer(form, value) for value in words} == {value: value for value in words}
    assert MOST_CHILDREN == intake_rules.MAX_CHILDREN


_typed = st.text(st.characters(codec="utf-8"), max_size=30)
_day = st.tuples(st.integers(0, 32), st.integers(0, 13), st.integers(1890, 2027))


@st.composite
def _posts(draw) -> dict[str, str]:
    posted = {}
    for name, field in ProfessionalForm(services=SERVICES).fields.items():
        if not (name in ("referrer_agency", "referrer_name", "route") or draw(st.booleans())):
            continue
        choices = getattr(field, "choices", None)
        if name.endswith(("_on",)):
            for part, number in zip(("day", "month", "year"), draw(_day), strict=True):
                posted[f"{name}_{part}"] = str(number)
        elif choices:
            posted[name] = draw(st.sampled_from([value for value, _ in choices if value]))
        elif "phone" in name:
            posted[name] = draw(st.sampled_from(["20 00 00 01", "+4520000002", "0045 20000003"]))
        elif "email" in name:
            posted[name] = draw(st.emails() | _typed)
        elif name == "children_count":
            posted[name] = draw(st.integers(-1, 40).map(str) | _typed)
        else:
            posted[name] = draw(_typed | st.sampled_from(["Aksel", "=1+1", "-", "علي"]))
    return posted


@given(posted=_posts())
@settings(max_examples=150, deadline=None)
def test_whatever_the_form_accepts_intake_takes_in_whole(posted: dict[str, str]) -> None:
    form = filled(ProfessionalForm, posted)
    if form.errors:
        return
    content = professional_referral(form.filled(), service=CENTRE.id, today=TODAY)
    row, mapping = _as_row(content["fields"])
    checked = intake_rules.check_row(row, mapping, settings_for(CENTRE, None), TODAY)
    assert [p.sentence for p in checked.problems if p.level is Level.REFUSED] == []
    for who, part in (("client", checked.client), ("partner", checked.partner)):
        named = any(form.cleaned_data[f"{who}_{key}_name"] for key in ("given", "family"))
        assert (part is not None) is named


@pytest.mark.parametrize("order", [None, "dmy", "mdy", "ymd"])
def test_dates_arrive_as_typed_whatever_the_order_of_the_service(order) -> None:
    content = professional_referral(filled(ProfessionalForm, WORK).filled(), service="s",
                                    today=TODAY)
    row, mapping = _as_row(content["fields"])
    checked = intake_rules.check_row(
        row, mapping, IntakeSettings(phone_prefix="+45", date_order=order), TODAY)
    assert checked.client.person.born_on == date(1988, 5, 17)
    assert checked.circumstances.incident_on == date(2026, 2, 1)
    assert checked.client.received_on == TODAY


@pytest.mark.parametrize(("kind", "changes", "field", "sentence"), [
    (SelfReferralForm, {"given_name": ""}, "given_name", "Write it here."),
    (SelfReferralForm, {"given_name": "?!"}, "given_name", "Write it in letters."),
    (SelfReferralForm, {"phone": "", "email": ""}, "phone",
     "Write a phone number, an e-mail address or a postal address, so that we can reach you."),
    (SelfReferralForm, {"phone": "tomorrow"}, "phone",
     "Write one phone number in figures, for example +45 20 00 00 01."),
    (SelfReferralForm, {"email": "aksel at home"}, "email",
     "Write one e-mail address, such as name@example.com."),
    (SelfReferralForm, {"born_on_year": "2200"}, "born_on",
     "Write the year with four figures, from 1900 to 2199: “2200” is not one."),
    (SelfReferralForm, {"born_on_year": "2199"}, "born_on", "17 May 2199 has not come yet."),
    (SelfReferralForm, {"born_on_year": "1901"}, "born_on",
     "17 May 1901 is more than 120 years ago."),
    (SelfReferralForm, {"agree": ""}, "agree",
     "Tick the box if we may contact you. Without it we cannot."),
    (SelfReferralForm, {"sex": "robot"}, "sex", "Choose one of the answers."),
    (SelfReferralForm, {"text": "x" * 5_001}, "text",
     "At most 5,000 characters fit; you have written 5001."),
    (SelfReferralForm, {"text": "a\0b"}, "text",
     "There is a character in it that cannot be kept. Write it again."),
    (MessageForm, {"sender_name": "-"}, "sender_name", "Write it in letters."),
    (MessageForm, {"sender_name": ""}, "sender_name", "Write it here."),
    (MessageForm, {"sender_email": "at work"}, "sender_email",
     "Write one e-mail address, such as name@example.com."),
    (MessageForm, {"reference": ""}, "reference", "Write the reference."),
    (MessageForm, {"reference": "0a1b2c3x"}, "reference",
     "Write the eight characters of the reference, 0–9 and a–f."),
    (MessageForm, {"reference": "0" * 41}, "reference", "The reference has eight characters."),
    (MessageForm, {"text": "x" * 5_001}, "text",
     "At most 5,000 characters fit; you have written 5001."),
    (MessageForm, {"text": " "}, "text", "Write it here."),
    (ProfessionalForm, {"referrer_email": "at work"}, "referrer_email",
     "Write one e-mail address, such as name@example.com."),
    (ProfessionalForm, {"route": ""}, "route", "Choose one."),
    (ProfessionalForm, {"route": "self"}, "route", "Choose one of the list."),
    (ProfessionalForm, {"partner_given_name": "", "partner_family_name": "-"},
     "partner_given_name", "Write this person's name, as far as you know it."),
    (ProfessionalForm, {"partner_safe_phone": "ask her"}, "partner_safe_phone",
     "Write one phone number in figures, for example +45 20 00 00 01."),
    (ProfessionalForm, {"children_count": "31"}, "children_count",
     "30 is the most that can be written."),
    (ProfessionalForm, {"children_count": "many"}, "children_count",
     "Write a whole number."),
    (ProfessionalForm, {
        "partner_given_name": "Opdigtet", "partner_family_name": "Aksel",
        "partner_born_on_day": "17", "partner_born_on_month": "5", "partner_born_on_year": "1988"},
     "partner_given_name",
     "Both people have the same name and date of birth. Correct one of them."),
])
def test_what_is_wrong_is_said_beside_its_box(kind, changes, field, sentence) -> None:
    assert errors(kind, **changes) == {field: [sentence]}


def test_somebody_must_be_named() -> None:
    bare = {key: "" for key in WORK if key.startswith(("client_", "partner_"))}
    assert errors(ProfessionalForm, **bare) == {
        "client_given_name": ["Write about one person at least: the client or the partner."]}


def test_a_name_that_is_too_long_is_not_also_called_missing() -> None:
    found = errors(ProfessionalForm, client_given_name="x" * 201, client_family_name="")
    assert list(found) == ["client_given_name"]
    assert len(found["client_given_name"]) == 1


def test_a_line_stays_one_line_and_a_text_keeps_its_own() -> None:
    form = filled(SelfReferralForm, {**SELF, "given_name": " Aksel \t B ", "text": "a\r\nb"})
    assert (form.cleaned_data["given_name"], form.cleaned_data["text"]) == ("Aksel B", "a\nb")
    longest = LONGEST["message"]
    assert not errors(SelfReferralForm, text="a\r\n" * (longest // 2))


def test_where_several_services_are_offered_one_must_be_chosen() -> None:
    both = (CENTRE, shipped()["dvip"])
    assert "service" not in SelfReferralForm(services=SERVICES).fields
    unchosen = filled(SelfReferralForm, SELF, both)
    assert dict(unchosen.errors) == {"service": ["Choose one."]}
    chosen = filled(SelfReferralForm, {**SELF, "service": "dvip", "phone": "020 7946 0001"}, both)
    assert chosen.is_valid()
    assert chosen.service is both[1]
    assert "service" not in chosen.filled()
    assert dict(filled(SelfReferralForm, {**SELF, "service": "none"}, both).errors) == {
        "service": ["Choose one of the list."]}
