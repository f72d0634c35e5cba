"""Which column is which field, and which column is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.intake.fields import CLIENT_TEXT_LABEL, FIELDS, Form, answer
from casewall.safety.intake.headers import AmbiguousHeaders, match_headers
from casewall.safety.intake.table import Unreadable


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Sagsnr.", "reference"),
        ("POLICE CASE NUMBER", "reference"),
        ("Henvisningsdato", "referred_on"),
        ("Dato for hændelsen", "incident_on"),
        ("Politikreds", "referrer_agency"),
        ("Referrer e-mail", "referrer_email"),
        ("REFERRER'S EMAIL", "referrer_email"),
        ("Henvisers e-mail", "referrer_email"),
        ("بريد المحيل", "referrer_email"),
        ("Udøvers efternavn", "client_family_name"),
        ("Udover: efternavn", "client_family_name"),
        ("Suspect's surname", "client_family_name"),
        ("Efternavn (sigtede)", "client_family_name"),
        ("date_of_birth_client", "client_born_on"),
        ("Date of birth of the client", "client_born_on"),
        ("Client dateOfBirth", "client_born_on"),
        ("Klient fødselsdato", "client_born_on"),
        ("Person 1 phone", "client_phone"),
        ("رقم هاتف العميل", "client_phone"),
        ("اسم العائلة (مرتكب العنف)", "client_family_name"),
        (CLIENT_TEXT_LABEL, "client_text"),
        ("Til klientens journal (klienten må læse det)", "client_text"),
        ("Partner telefon", "partner_phone"),
        ("Telefon til partner", "partner_phone"),
        ("eks-partners tlf.", "partner_phone"),
        ("Victim's mobile number", "partner_phone"),
        ("هاتف الشريكة", "partner_phone"),
        ("Forurettede fornavn", "partner_given_name"),
        ("Partner: safe to call", "partner_safe_to_call"),
        ("Partner sikre tidspunkter", "partner_safe_times"),
        ("ＰＡＲＴＮＥＲ　ＰＨＯＮＥ", "partner_phone"),
        ("Antal børn", "children_count"),
        ("عدد الأطفال", "children_count"),
        ("Bemærkninger", "notes"),
        ("client_family_name", "client_family_name"),
        ("partner_safe_phone", "partner_safe_phone"),
    ],
)
def test_known_wordings_are_found(header, field):
    match = match_headers([header, "client_given_name"], None)
    assert match.mapping == {0: field, 1: "client_given_name"}
    assert match.unmatched == []
    assert field not in match.missing
    assert len(match.missing) == len(FIELDS) - 2


@pytest.mark.parametrize("header", ["Phone", "Telefon", "Efternavn", "Date of birth", "Safe phone"])
def test_a_column_that_does_not_say_whose_it_is_is_never_guessed(header):
    match = match_headers(["Client surname", header], None)
    assert match.mapping == {0: "client_family_name"}
    assert match.unmatched == [header]
    assert match.notes == (
        f"Column B ({header!r}) does not say whose it is: call it "
        f"'Client {header}' or 'Partner {header}', or say it once for this service.",
    )


@pytest.mark.parametrize(
    "header",
    [
        "Client's partner phone",
        "Phone of client's partner",
        "Client safe phone",
        "Partner text",
        "Partnership",
        "Hair colour",
        "",
        "Klientens børn",
    ],
)
def test_a_header_that_only_resembles_a_wording_is_not_read(header):
    match = match_headers(["Client surname", header], None)
    assert match.mapping == {0: "client_family_name"}
    assert match.unmatched == [header]
    assert match.notes == ()


def test_the_list_kept_for_a_service_goes_before_the_known_wordings():
    saved = {"TELEFON": "partner_phone", "Navn": "client_family_name", "Sagsnr": ""}
    match = match_headers(["Navn", "telefon", "Sagsnr."], saved)
    assert match.mapping == {0: "client_family_name", 1: "partner_phone"}
    assert match.unmatched == ["Sagsnr."]


def test_a_kept_list_that_names_no_field_is_refused():
    with pytest.raises(Unreadable, match="gives 'Navn' the field 'name', which does not exist"):
        match_headers(["Navn"], {"Navn": "name"})


def test_two_columns_for_one_field_are_refused_by_name():
    with pytest.raises(AmbiguousHeaders, match=r"Columns A .'Udøver efternavn'. and C") as refused:
        match_headers(["Udøver efternavn", "Sagsnr", "Klient efternavn"], None)
    assert refused.value.field == "client_family_name"
    assert refused.value.columns == ("A", "C")


def test_a_header_that_matches_nothing_is_refused():
    with pytest.raises(Unreadable, match=r"No column of the header is known .*'Foo', 'Bar'"):
        match_headers(["Foo", "Bar"], None)


def test_a_refused_header_of_bare_names_says_what_to_do():
    with pytest.raises(Unreadable, match=r"known.*does not say whose it is"):
        match_headers(["Surname", "Phone"], None)


def test_a_header_without_a_name_is_refused():
    with pytest.raises(Unreadable, match="No column holds the name"):
        match_headers(["Case number", "Partner phone"], None)


@given(st.lists(st.text(max_size=20), max_size=12))
def test_any_header_is_matched_or_refused(headers):
    try:
        match = match_headers(headers, None)
    except Unreadable:
        return
    assert set(match.mapping.values()) <= set(FIELDS)
    assert len(match.mapping) + len(match.unmatched) == len(headers)


@pytest.mark.parametrize(
    ("form", "written", "value"),
    [
        (Form.ANSWER, "JA", "yes"),
        (Form.ANSWER, "nej", "no"),
        (Form.ANSWER, "ved ikke", "unknown"),
        (Form.ANSWER, "?", "unknown"),
        (Form.ANSWER, "نعم", "yes"),
        (Form.ANSWER, "maybe", None),
        (Form.SEX, "Kvinde", "female"),
        (Form.SEX, "M", "male"),
        (Form.SEX, "أنثى", "female"),
        (Form.SEX, "non-binary", "other"),
        (Form.RELATION, "Ex-partner", "former"),
        (Form.RELATION, "nuværende", "current"),
        (Form.ROUTE, "Politiet", "police"),
        (Form.ROUTE, "child_social_care", "child_social_care"),
        (Form.ROUTE, "Partner or family", "partner_or_family"),
        (Form.ROUTE, "?", None),
        (Form.COUNT, "ingen", "0"),
        (Form.COUNT, "٣", "3"),
        (Form.COUNT, "ukendt", "unknown"),
        (Form.COUNT, "many", None),
    ],
)
def test_closed_answers_are_read_in_three_languages(form, written, value):
    assert answer(form, written) == value
