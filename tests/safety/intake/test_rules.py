"""One row, checked and split. All people are invented."""

import json
from datetime import date
from uuid import UUID

import pytest

from casewall.safety.intake.dates import Ambiguous
from casewall.safety.intake.fields import CLIENT_TEXT_LABEL, PASSED_ROUTES
from casewall.safety.intake.rules import (
    FIELDS,
    Belongs,
    Circumstances,
    ClientPart,
    IntakeSettings,
    Level,
    PartnerPart,
    Person,
    SeenPeople,
    check_row,
    check_rows,
    client_slots,
    date_orders,
    fingerprint,
)
from casewall.safety.intake.table import Cell, Fault, Row, Rows, column_letter, kind_of_text

TODAY = date(2026, 6, 1)
DANISH = IntakeSettings(phone_prefix="+45", date_order="dmy", route="police", agency="Fjordby")
ID = UUID("6f1d4a52-0d6f-4a53-9a51-3c1e6f0f7a11")
KEYS = tuple(FIELDS)
MAPPING = dict(enumerate(KEYS))

CLIENT = {
    "client_family_name": "Opdigtsen",
    "client_given_name": "Søren",
    "client_born_on": "04.03.1980",
    "client_sex": "mand",
    "client_phone": "+44 7700 900101",
    "client_email": "klient@example.org",
    "client_address": "Opdigtet Gade 1",
    "client_language": "dansk",
    "client_consent": "ja",
    "client_text": "Ønsker hjælp.\nOpdigtet.",
}
PARTNER = {
    "partner_family_name": "Eksempelgaard",
    "partner_given_name": "Anna",
    "partner_born_on": "05.06.1982",
    "partner_sex": "kvinde",
    "partner_phone": "+44 7700 900201",
    "partner_email": "partner@example.org",
    "partner_relation": "tidligere",
    "partner_safe_phone": "+44 7700 900301",
    "partner_safe_to_call": "nej",
    "partner_safe_times": "10-14",
}
REFERRAL = {"reference": "OP-1", "referred_on": "09.01.2026", "route": "politi"}
AROUND = {
    "incident_on": "08.01.2026",
    "referrer_name": "Betjent Eksempel",
    "children_count": "2",
    "known_orders": "tilhold",
    "notes": "Naboen ringede.",
}


def row(number=2, *, faults=(), kinds=None, **texts):
    kinds = kinds or {}
    cells = tuple(
        Cell(
            texts.get(key, ""),
            kinds.get(key, kind_of_text(texts.get(key, ""))),
            column_letter(index),
        )
        for index, key in enumerate(KEYS)
    )
    return Row(number, cells, faults)


def letter(key):
    return column_letter(KEYS.index(key))


def check(settings=DANISH, number=2, faults=(), kinds=None, **texts):
    made = row(number, faults=faults, kinds=kinds, **texts)
    return check_row(made, MAPPING, settings, TODAY)


def sentences(checked):
    return [problem.sentence for problem in checked.problems]


# --- the split ---------------------------------------------------------------------------


def test_a_full_row_is_split_into_its_parts():
    checked = check(**REFERRAL, **CLIENT, **PARTNER, **AROUND)
    assert checked.problems == ()
    assert not checked.refused
    assert checked.client == ClientPart(
        Person(
            "Opdigtsen",
            "Søren",
            date(1980, 3, 4),
            "male",
            "+447700900101",
            "klient@example.org",
            "Opdigtet Gade 1",
            "dansk",
            "yes",
        ),
        route="police",
        referrer_agency="Fjordby",
        received_on=date(2026, 1, 9),
        reference="OP-1",
        stated_on=date(2026, 1, 9),
        text="Ønsker hjælp.\nOpdigtet.",
    )
    assert checked.partner.person.family_name == "Eksempelgaard"
    assert checked.partner.relation == "former"
    assert checked.partner.safe_phone == "+447700900301"
    assert checked.partner.safe_to_call == "no"
    assert checked.partner.safe_times == "10-14"
    assert not checked.partner.shares_contact
    assert checked.circumstances == Circumstances(
        date(2026, 1, 8), "Betjent Eksempel", 2, "tilhold", "Naboen ringede."
    )
    assert checked.parts == (checked.client, checked.partner, 2)


def test_a_row_may_name_only_the_client_or_only_the_partner():
    only_client = check(**REFERRAL, **CLIENT)
    assert (only_client.partner, only_client.problems) == (None, ())
    only_partner = check(**REFERRAL, **PARTNER)
    assert (only_partner.client, only_partner.problems) == (None, ())
    assert only_partner.partner.person.given_name == "Anna"


def test_a_row_with_neither_party_is_refused():
    checked = check(**REFERRAL, **AROUND, client_consent="ukendt", partner_safe_to_call="?")
    assert sentences(checked) == ["Row 2: the row names neither a client nor a partner."]
    assert checked.refused
    assert checked.parts[:2] == (None, None)


def test_a_party_without_a_name_is_refused_and_the_other_stays():
    checked = check(**CLIENT, partner_phone="+44 7700 900201")
    assert checked.client is not None
    assert checked.partner is None
    column = letter("partner_family_name")
    assert sentences(checked) == [
        f"Row 2, column {column} (partner's family name): "
        "the row tells of a partner but gives no name."
    ]


def test_a_nameless_party_is_refused_where_the_file_has_no_name_column():
    mapping = {
        KEYS.index("client_family_name"): "client_family_name",
        KEYS.index("partner_phone"): "partner_phone",
    }
    made = row(client_family_name="Opdigtsen", partner_phone="+44 7700 900201")
    checked = check_row(made, mapping, DANISH, TODAY)
    assert sentences(checked) == ["Row 2: the row tells of a partner but gives no name."]


def test_a_dash_means_nothing_here():
    checked = check(**CLIENT, partner_family_name="-", partner_phone="–", notes=" -- ")
    assert checked.partner is None
    assert checked.circumstances.notes == ""
    assert checked.problems == ()


def test_the_day_of_loading_stands_in_for_a_missing_date_of_referral():
    client = check(**CLIENT).client
    assert client.received_on == TODAY
    assert client.stated_on is None


def test_children_not_said_unknown_and_none_stay_apart():
    stated = [
        check(**CLIENT, children_count=text).circumstances.children
        for text in ("", "ukendt", "ingen", "0", "3")
    ]
    assert stated == [None, "unknown", 0, 0, 3]


def test_names_in_any_script_are_kept_exactly():
    for name in ("عبد\u200f الله", "O'Opdigt", "A\u030ase", "𝒮øren", "\u202eneros"):
        assert check(client_family_name=name).client.person.family_name == name


def test_a_note_of_one_megabyte_is_kept_exactly():
    note = "Opdigtet ß ع \n" * 75_000
    note = note.strip()[:1_048_576]
    assert check(**CLIENT, notes=note).circumstances.notes == note


# --- one cell ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "text", "why"),
    [
        ("client_born_on", "03/1980", "03/1980 is not a whole date; write day, month and year"),
        ("client_born_on", "02.06.2026", "2 June 2026 is in the future; check the date of birth"),
        ("client_phone", "12345", "'12345' is not one phone number of 6 to 15 digits"),
        ("client_email", "klient(at)example", "'klient(at)example' is not an e-mail address"),
        ("client_sex", "ja", "'ja' is not an answer here; write female, male, other or unknown"),
        ("client_consent", "måske", "'måske' is not an answer here; write yes, no or unknown"),
        ("client_text", "x" * 20_001, "20,001 characters are too long; at most 20,000 fit"),
        ("client_family_name", "=1+1", "'=1+1' is a formula, or begins like one; write the value"),
        ("client_family_name", "@sum", "'@sum' is a formula, or begins like one; write the value"),
        ("referred_on", "02.06.2026", "'02.06.2026' is in the future"),
        ("route", "brevdue", "'brevdue' is not an answer here; write one of: police, self"),
        ("partner_relation", "nabo", "write current, former or unknown"),
        ("children_count", "mange", "'mange' is not a number of children"),
        ("children_count", "31", "'31' is not a number of children"),
        ("children_count", "9999", "'9999' is not a number of children"),
        ("notes", "=cmd|' /C calc'!A0", "is a formula, or begins like one"),
        ("notes", "y" * 45 + "=", None),
    ],
)
def test_what_does_not_fit_is_refused_with_row_column_and_reason(key, text, why):
    texts = {"client_given_name": "Bo", "partner_given_name": "Anna", key: text}
    checked = check(number=7, **texts)
    if why is None:
        assert checked.problems == ()
        return
    (problem,) = checked.problems
    label = FIELDS[key].label
    assert problem.sentence.startswith(f"Row 7, column {letter(key)} ({label}): ")
    assert why in problem.sentence
    assert (problem.row, problem.column, problem.level) == (7, letter(key), Level.REFUSED)
    assert problem.belongs is FIELDS[key].belongs
    assert checked.refused


def test_a_long_text_is_quoted_short():
    (sentence,) = sentences(check(client_given_name="Bo", client_phone="z" * 59))
    assert f"'{'z' * 39}…'" in sentence


def test_an_error_cell_is_refused():
    checked = check(client_given_name="Bo", client_phone="#N/A", kinds={"client_phone": "error"})
    assert "the cell shows the error '#N/A'" in sentences(checked)[0]


def test_an_ambiguous_date_is_refused_with_both_readings():
    undecided = IntakeSettings(phone_prefix="+45")
    checked = check(undecided, number=3, client_given_name="Bo", referred_on="04/05/2026")
    assert sentences(checked) == [
        f"Row 3, column {letter('referred_on')} (date of referral): 04/05/2026 can be 4 May 2026 "
        "or 5 April 2026: say which order this file uses."
    ]


@pytest.mark.parametrize(
    ("said", "shown", "used"),
    [
        (None, None, None),
        (None, "dmy", "dmy"),
        (None, "ymd", None),
        ("ymd", "mdy", "mdy"),
        ("dmy", None, "dmy"),
        ("dmy", "ymd", "dmy"),
        ("dmy", "dmy", "dmy"),
        ("dmy", "mdy", None),
        (None, Ambiguous("1/2/2026", 0, (date(2026, 2, 1), date(2026, 1, 2))), None),
        ("mdy", Ambiguous("1/2/2026", 0, (date(2026, 2, 1), date(2026, 1, 2))), "mdy"),
    ],
)
def test_a_column_that_contradicts_the_service_settles_nothing(said, shown, used):
    settings = IntakeSettings("+45", date_order=said, orders={"referred_on": shown})
    assert settings.order_of("referred_on") == used


# --- what keeps back what ------------------------------------------------------------------


@pytest.mark.parametrize("key", ["partner_phone", "partner_born_on", "notes", "incident_on"])
def test_nothing_written_about_the_partner_keeps_the_client_back(key):
    clean = check(**REFERRAL, **CLIENT)
    spoiled = check(**{**REFERRAL, **CLIENT, **PARTNER, key: "=1+1"})
    assert spoiled.partner is None
    assert spoiled.client == clean.client


def test_a_bad_cell_of_the_client_does_not_keep_the_partner_back():
    checked = check(**{**CLIENT, **PARTNER, "client_phone": "x"})
    assert checked.client is None
    assert checked.partner is not None


def test_a_bad_cell_of_the_referral_keeps_both_back():
    checked = check(**{**CLIENT, **PARTNER, "referred_on": "03/2026"})
    assert checked.parts[:2] == (None, None)


def test_a_ragged_row_is_kept_back_whole_and_its_cells_are_not_judged():
    fault = Fault("AZ", "the row has 40 cells, but the header has 32")
    checked = check(faults=(fault,), **CLIENT, partner_phone="x")
    assert sentences(checked) == ["Row 2, column AZ: the row has 40 cells, but the header has 32."]
    assert checked.parts == (None, None, None)


def test_a_fault_in_one_cell_keeps_back_what_the_cell_belongs_to():
    fault = Fault(letter("partner_address"), "the cell holds control characters")
    checked = check(faults=(fault,), **CLIENT, **PARTNER, partner_address="a\x00b")
    assert checked.client is not None
    assert checked.partner is None
    assert checked.problems[0].belongs is Belongs.PARTNER


def test_a_column_that_is_not_read_only_warns():
    cells = (Cell("Bo", "text", "A"), Cell("=1", "formula", "B"), Cell("\x00", "text", "C"))
    made = Row(4, (*cells, Cell("x", "text", "D")), (Fault("C", "control characters"),))
    checked = check_row(made, {0: "client_given_name"}, DANISH, TODAY)
    assert sorted(sentences(checked)) == [
        "Row 4, column B: a formula (not read).",
        "Row 4, column C: control characters (not read).",
    ]
    assert {problem.level for problem in checked.problems} == {Level.WARNING}
    assert checked.client is not None
    assert not checked.refused


# --- one cell against another ---------------------------------------------------------------


def test_client_and_partner_who_are_one_person_are_refused_on_the_partner_side_only():
    same = {
        "partner_family_name": "Soeren",  # family and given name exchanged
        "partner_given_name": "Opdigtsen",
        "partner_born_on": "04.03.1980",
    }
    checked = check(**CLIENT, **same)
    assert checked.client is not None
    assert checked.partner is None
    assert "client and partner are the same person" in sentences(checked)[0]


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("partner_phone", "0044 7700 900 101"),
        ("partner_safe_phone", "+447700900101"),
        ("partner_email", "Klient@example.org"),
    ],
)
def test_a_contact_that_both_share_is_marked_as_not_safe(key, text):
    checked = check(**{**CLIENT, **PARTNER, key: text})
    assert checked.partner.shares_contact
    (problem,) = checked.problems
    assert (problem.level, problem.belongs) == (Level.WARNING, Belongs.PARTNER)
    assert problem.column == letter(key)
    assert "the client has the same one, so it is not safe to use" in problem.sentence


def test_an_incident_after_the_referral_is_pointed_out():
    checked = check(**CLIENT, referred_on="08.01.2026", incident_on="09.01.2026")
    assert "the incident is later than the referral" in sentences(checked)[0]
    assert not checked.refused


# --- what goes down --------------------------------------------------------------------------


SLOTS = (
    "id",
    "given_name",
    "family_name",
    "born_on",
    "sex",
    "phone",
    "email",
    "address",
    "language",
    "consent",
    "route",
    "referrer_agency",
    "referrer_email",
    "received_on",
    "text",
)


def sent(**texts):
    return json.dumps(client_slots(check(**texts).client, id=ID), ensure_ascii=False).encode()


def test_the_slots_are_the_same_bytes_whatever_else_the_row_holds():
    alone = sent(**REFERRAL, **CLIENT)
    for beside in (
        PARTNER,
        AROUND,
        PARTNER | AROUND,
        PARTNER | {"partner_phone": "=1+1"},
        PARTNER | {"partner_phone": "+44 7700 900101"},
        PARTNER
        | {
            "partner_family_name": "Opdigtsen",
            "partner_given_name": "Søren",
            "partner_born_on": "04.03.1980",
        },
        {"partner_phone": "+44 7700 900201"},
        {"notes": "x" * 1_048_577},
        {"children_count": "0"},
        {"children_count": "mange"},
        {"reference": "OP-2"},
        {"incident_on": "03/2026"},
    ):
        assert sent(**{**REFERRAL, **CLIENT, **beside}) == alone


def test_the_row_number_and_the_other_rows_leave_no_trace_in_the_slots():
    first = check(number=2, **REFERRAL, **CLIENT).client
    last = check(number=99_999, **REFERRAL, **CLIENT).client
    assert client_slots(first, id=ID) == client_slots(last, id=ID)


@pytest.mark.parametrize("filled", [CLIENT, {"client_given_name": "Bo"}])
def test_every_file_sends_the_same_keys_in_the_same_order(filled):
    assert tuple(client_slots(check(**filled).client, id=ID)) == SLOTS


def test_the_case_number_that_both_parties_share_stays_up():
    assert b"OP-1" not in sent(**REFERRAL, **CLIENT)


def test_a_referral_by_partner_or_family_goes_down_as_another_agency():
    by_partner = sent(**CLIENT, route="partner or family", referrer_agency="Anna Eksempelgaard")
    by_other = sent(**CLIENT, route="other agency", referrer_agency="Opdigtet Krisecenter")
    assert by_partner == by_other
    assert json.loads(by_partner)["route"] == "other_agency"
    assert json.loads(by_partner)["referrer_agency"] == ""


def slots_of(**texts):
    return json.loads(sent(**texts))


def test_the_referrers_own_address_goes_down_where_the_agency_does():
    named = CLIENT | {"referrer_email": "Betjent@Politi.example"}
    assert slots_of(**named, route="police")["referrer_email"] == "betjent@politi.example"
    assert slots_of(**named)["referrer_email"] == "betjent@politi.example"
    for route in ("self", "other agency", "partner or family", "marac"):
        assert slots_of(**named, route=route)["referrer_email"] == "", route
    assert slots_of(**CLIENT)["referrer_email"] == ""


@pytest.mark.parametrize("whose", ["partner_email", "client_email"])
def test_an_address_of_one_of_the_parties_is_not_taken_for_the_referrers(whose):
    texts = CLIENT | PARTNER | {"referrer_email": (CLIENT | PARTNER)[whose].upper()}
    checked = check(**texts, route="police")
    assert client_slots(checked.client, id=ID)["referrer_email"] == ""
    assert not checked.refused
    assert checked.partner is not None
    assert any("(referrer's e-mail): the same as the" in one for one in sentences(checked))


@pytest.mark.parametrize("text", ["betjent(at)politi", "=1+1", "x" * 250 + "@example"])
def test_a_referrers_address_that_cannot_be_read_keeps_nothing_back(text):
    checked = check(**CLIENT, **PARTNER, referrer_email=text)
    assert client_slots(checked.client, id=ID)["referrer_email"] == ""
    assert checked.partner is not None
    assert [p.level for p in checked.problems] == [Level.WARNING]
    assert checked.problems[0].sentence.endswith("(not read).")


@pytest.mark.parametrize("route", PASSED_ROUTES)
def test_every_other_route_goes_down_as_it_is(route):
    slots = json.loads(sent(**CLIENT, route=route, referrer_agency="Opdigtet"))
    assert slots["route"] == route
    assert slots["referrer_agency"] == ("" if route in ("self", "other_agency") else "Opdigtet")


def test_the_box_for_the_clients_file_says_nothing_of_anyones_sex():
    assert CLIENT_TEXT_LABEL == "For the client's file; the client may read it"


# --- recognised again ----------------------------------------------------------------------


def test_a_fingerprint_survives_another_spelling_and_another_day_of_loading():
    one = check(**REFERRAL, **CLIENT).client
    other = check(
        reference="op 1",
        referred_on="2026-01-09",
        client_family_name="OPDIGTSEN",
        client_given_name="Soeren",
        client_born_on="4. marts 1980",
        client_phone="12 34 56 78",
    ).client
    assert fingerprint(one) == fingerprint(other)
    assert len(fingerprint(one)) == 64
    assert fingerprint(one, key=b"k") != fingerprint(one)


def test_fingerprints_tell_referrals_parties_and_people_apart():
    texts = REFERRAL | CLIENT
    different = [
        check(**texts).client,
        check(**texts | {"reference": "OP-2"}).client,
        check(**texts | {"reference": ""}).client,
        check(**texts | {"reference": "", "referred_on": ""}).client,
        check(**texts | {"client_born_on": "05.03.1980"}).client,
        check(**texts | {"client_born_on": ""}).client,
        check(**texts | {"client_born_on": "", "client_phone": ""}).client,
        check(**texts | {"client_born_on": "", "client_phone": "", "client_email": ""}).client,
        check(
            **REFERRAL,
            **{
                key.replace("client", "partner"): text
                for key, text in CLIENT.items()
                if key != "client_text"
            },
        ).partner,
    ]
    assert all(different)
    assert len({fingerprint(part) for part in different}) == len(different)


# --- the same person twice -------------------------------------------------------------------


def seen(*rows):
    people = SeenPeople()
    return [
        people.check(check(number=number, **texts)) for number, texts in enumerate(rows, start=2)
    ]


def test_a_row_that_repeats_an_earlier_one_is_refused_and_both_rows_are_named():
    first, second = seen(REFERRAL | CLIENT | PARTNER, REFERRAL | CLIENT | PARTNER)
    assert first.problems == ()
    assert second.parts[:2] == (None, None)
    assert sentences(second) == [
        "Row 3: the client is already in row 2, in the same referral.",
        "Row 3: the partner is already in row 2, in the same referral.",
    ]
    assert second.refused


def test_a_second_partner_of_one_client_in_one_referral_is_kept():
    another = {"partner_family_name": "Fiktivgaard", "partner_given_name": "Bente"}
    _, second = seen(REFERRAL | CLIENT | PARTNER, REFERRAL | CLIENT | another)
    assert second.client is not None
    assert second.partner is not None
    assert sentences(second) == [
        "Row 3: the client is the one of row 2, in the same referral; loaded once."
    ]
    assert not second.refused


def test_a_person_in_two_referrals_is_pointed_out():
    _, second = seen(REFERRAL | CLIENT, REFERRAL | CLIENT | {"reference": "OP-2"})
    assert second.client is not None
    assert sentences(second) == [
        "Row 3: the client looks like the one of row 2 (same name and date of birth)."
    ]


def test_two_people_with_one_phone_are_pointed_out():
    other = {"client_given_name": "Ib", "client_phone": CLIENT["client_phone"]}
    _, second = seen(CLIENT, other)
    assert sentences(second) == ["Row 3: the client looks like the one of row 2 (same phone)."]


def test_a_person_who_is_client_here_and_partner_there_is_not_a_repetition():
    turned = {
        key.replace("client", "partner"): text
        for key, text in CLIENT.items()
        if key != "client_text"
    }
    _, second = seen(REFERRAL | CLIENT, REFERRAL | turned)
    assert second.problems == ()


# --- a whole file ------------------------------------------------------------------------------


def file_of(*rows):
    made = [row(number, **texts) for number, texts in enumerate(rows, start=2)]
    return Rows(lambda: iter(made))


def test_a_column_of_dates_settles_its_order_from_all_its_rows():
    undecided = IntakeSettings(phone_prefix="+45")
    rows = file_of(
        {"client_given_name": "Bo", "referred_on": "04/05/2026"},
        {"client_given_name": "Ib", "referred_on": "13/05/2026"},
        {"client_given_name": "Åse", "client_born_on": "04/05/1980"},
        {"client_given_name": "Per", "referred_on": "=NOW()"},
    )
    orders = date_orders(rows, MAPPING)
    assert orders["referred_on"] == "dmy"
    assert isinstance(orders["client_born_on"], Ambiguous)
    assert orders["incident_on"] is None
    first, second, third, fourth = check_rows(rows, MAPPING, undecided, TODAY)
    assert first.client.received_on == date(2026, 5, 4)
    assert second.client is not None
    assert third.client is None
    assert fourth.client is None


def test_the_partners_dates_do_not_settle_the_clients():
    undecided = IntakeSettings(phone_prefix="+45")
    rows = file_of(
        CLIENT | PARTNER | {"client_born_on": "04/03/1980", "partner_born_on": "13/03/1980"}
    )
    (checked,) = check_rows(rows, MAPPING, undecided, TODAY)
    assert checked.client is None
    assert checked.partner is not None


def test_a_repeated_row_of_a_file_is_found():
    checked = list(check_rows(file_of(CLIENT, PARTNER, CLIENT), MAPPING, DANISH, TODAY))
    assert [item.refused for item in checked] == [False, False, True]
    assert isinstance(checked[1].partner, PartnerPart)
