"""A definition that is not TOML, or not a definition: every answer names line, key and remedy."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casewall.services.load import LARGEST, DefinitionError, Finding, check, load

NOT_TOML = [
    (
        'name = "A small service"',
        'name = "A small service',
        [
            "error: line 2, name: the text has no closing quotation mark on this line",
        ],
    ),
    (
        'name = "A small service"',
        "name = A small service",
        [
            "error: line 2, name: the value is not understood: put a text in quotation marks",
        ],
    ),
    (
        'name = "A small service"',
        'name "A small service"',
        [
            "error: line 2, name: a key must be followed by = and a value",
        ],
    ),
    (
        'name = "A small service"',
        'name = "A" "B"',
        [
            "error: line 2, name: only one key stands on a line: something follows the value",
        ],
    ),
    (
        'name = "A small service"',
        'name = "A"\nname = "B"',
        [
            "error: line 3, name: the key already has a value: remove one of the two",
        ],
    ),
    (
        'name = "A small service"',
        'name = "C:\\d"',
        [
            "error: line 2, name: in a text, write a backslash twice: \\\\",
        ],
    ),
    (
        'name = "A small service"',
        'name = """A',
        [
            "error: line 2, name: the text has no closing quotation mark",
        ],
    ),
    (
        'name = "A small service"',
        '= "A"',
        [
            "error: line 2, id: this line is neither a key with = nor a table in [ ]",
        ],
    ),
    (
        'name = "A small service"',
        "[id.x]",
        [
            "error: line 2, id.x: the key already has a value: remove one of the two",
        ],
    ),
    (
        'languages = ["da"]',
        'languages = ["da" "en"]',
        [
            "error: line 7, languages[1]: the list is not closed: a ] or a comma between "
            "two items is missing",
        ],
    ),
    (
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, window_days = 30 }]',
        'schedule = [{ wave = "before", wave = "after" }]',
        [
            "error: line 126, measures[1].schedule[1].wave: a key is written twice between "
            "{ and }: remove one of them",
        ],
    ),
    (
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, window_days = 30 }]',
        'schedule = [{ wave = "before" days = 0 }]',
        [
            "error: line 126, measures[1].schedule[1].wave: the table is not closed: a } "
            "or a comma is missing",
        ],
    ),
    (
        "[clocks]",
        "[clocks",
        [
            "error: line 85, clocks: the name of a table must be closed by ]",
        ],
    ),
    (
        "[clocks]",
        "[areas]",
        [
            "error: line 85, areas: the table is written twice: remove one, or write [[…]] "
            "for a list",
        ],
    ),
    (
        "[clocks]",
        "[[clocks]",
        [
            "error: line 85, clocks: the name of a list of tables must be closed by ]]",
        ],
    ),
    (
        "[clocks]",
        "[areas.places]",
        [
            "error: line 85, areas.places: the table is written twice: remove one, or "
            "write [[…]] for a list",
        ],
    ),
    (
        "[clocks]",
        "[[areas]]",
        [
            "error: line 85, areas: the key already has a value: remove one of the two",
        ],
    ),
    (
        '[[agencies]]\nid = "police"',
        '[period]\nstarted_on = 2013-02-30\n[[agencies]]\nid = "police"',
        [
            "error: line 13, period.started_on: there is no such date; write "
            "year-month-day, such as 2013-01-31",
        ],
    ),
    (
        'name = "A small service"',
        'name = "A\x01"',
        [
            "error: line 2, name: a character here cannot be seen: remove it",
        ],
    ),
]
NOT_A_DEFINITION = [
    (
        'name = "A small service"\n',
        "",
        [
            "error: line 1, name: the key is missing",
        ],
    ),
    (
        "sessions = 20",
        "sesions = 20",
        [
            "error: line 64, components[2].sesions: the key is not known here; did you "
            "mean “sessions”?",
        ],
    ),
    (
        "minutes = 90",
        "colour = 90",
        [
            "error: line 65, components[2].colour: the key is not known here; the keys are "
            "authority, authority_of, id, name, kind, agency, sessions, minutes, weeks, "
            "minimum_dose, group_size, facilitators, mixed_facilitators_wanted, entry, "
            "delivered, approaches, methods, languages, note",
        ],
    ),
    (
        'authority = "Test"\nminimum_dose',
        'version = 3\nauthority = "Test"\nminimum_dose',
        [
            "error: line 67, components[2].version: the key belongs to the whole service, "
            "not to components[2]: move it to the top of the file, before the first table",
        ],
    ),
    (
        'side = "safety"',
        'side = "safty"',
        [
            "error: line 27, agencies[3].side: “safty” is not possible; did you mean "
            "“safety”? The choice is programme, safety, referrer",
        ],
    ),
    (
        'side = "safety"',
        "side = 5",
        [
            "error: line 27, agencies[3].side: “5” is not possible; choose one of "
            "programme, safety, referrer",
        ],
    ),
    (
        'side = "safety"',
        'side = "purple"',
        [
            "error: line 27, agencies[3].side: “purple” is not possible; choose one of "
            "programme, safety, referrer",
        ],
    ),
    (
        "sessions = 20",
        'sessions = "20"',
        [
            "error: line 64, components[2].sessions: must be a whole number without "
            "quotation marks",
        ],
    ),
    (
        "sessions = 20",
        "sessions = 20.5",
        [
            "error: line 64, components[2].sessions: must be a whole number without "
            "quotation marks",
        ],
    ),
    (
        "sessions = 20",
        "sessions = true",
        [
            "error: line 64, components[2].sessions: must be a whole number without "
            "quotation marks",
        ],
    ),
    (
        "sessions = 20",
        "sessions = 0",
        [
            "error: line 64, components[2].sessions: must be 1 or more",
        ],
    ),
    (
        "fte = 1.5",
        'fte = "1.5"',
        [
            "error: line 97, staffing[1].fte: must be a number without quotation marks",
        ],
    ),
    (
        "fte = 1.5",
        "fte = true",
        [
            "error: line 97, staffing[1].fte: must be a number without quotation marks",
        ],
    ),
    (
        "fte = 1.5",
        "fte = nan",
        [
            "error: line 97, staffing[1].fte: must be a number that can be written out",
        ],
    ),
    (
        "fte = 1.5",
        "fte = 0",
        [
            "error: line 97, staffing[1].fte: must be more than 0",
        ],
    ),
    (
        "amount = 1000",
        "amount = -1",
        [
            "error: line 109, costs[1].amount: must be 0 or more",
        ],
    ),
    (
        "amount = 1000",
        "amount = inf",
        [
            "error: line 109, costs[1].amount: must be a number that can be written out",
        ],
    ),
    (
        "pull_cadence_minutes = 15",
        "pull_cadence_minutes = 2000",
        [
            "error: line 89, clocks.pull_cadence_minutes: must be 1440 or less",
        ],
    ),
    (
        "included = true",
        'included = "yes"',
        [
            "error: line 112, costs[1].included: must be true or false without quotation marks",
        ],
    ),
    (
        'name = "A small service"',
        'name = ""',
        [
            "error: line 2, name: must not be empty",
        ],
    ),
    (
        'name = "A small service"',
        "name = 7",
        [
            "error: line 2, name: must be a text in quotation marks",
        ],
    ),
    (
        'id = "small-service"',
        'id = "Small Service"',
        [
            "error: line 1, id: “Small Service” is not an id: use small letters a–z, "
            "digits and single hyphens, a letter first",
        ],
    ),
    (
        'country = "DK"',
        'country = "Denmark"',
        [
            "error: line 5, country: “Denmark” is not a country: use two capitals, such as "
            "DK or GB",
        ],
    ),
    (
        'time_zone = "Europe/Copenhagen"',
        'time_zone = "CET"',
        [
            "error: line 6, time_zone: “CET” is not a time zone, such as Europe/London",
        ],
    ),
    (
        'currency = "EUR"\nstages',
        'currency = "euro"\nstages',
        [
            "error: line 9, currency: “euro” is not a currency: use three capitals, such "
            "as EUR or GBP",
        ],
    ),
    (
        'phone_prefix = "+45"',
        'phone_prefix = "45"',
        [
            "error: line 8, phone_prefix: “45” is not a phone prefix: use + and one to "
            "four digits, as in +45",
        ],
    ),
    (
        'languages = ["da"]',
        'languages = ["da", "Danish"]',
        [
            "error: line 7, languages[2]: “Danish” is not a language: use two or three "
            "small letters, such as da or en",
        ],
    ),
    (
        'languages = ["da"]',
        "languages = []",
        [
            "error: line 7, languages: must not be empty",
        ],
    ),
    (
        'languages = ["da"]',
        'languages = "da"',
        [
            'error: line 7, languages: must be a list in square brackets, such as ["da"]',
        ],
    ),
    (
        'languages = ["da"]',
        "languages = 5",
        [
            "error: line 7, languages: must be a list in square brackets, such as […]",
        ],
    ),
    (
        'contact_routes = ["phone"]',
        'contact_routes = ["phone", "fax"]',
        [
            "error: line 82, partner_support.contact_routes[2]: “fax” is not possible; "
            "choose one of phone, text, email, letter, in_person, through_referrer",
        ],
    ),
    (
        '[areas]\nkind = "district"\ncount = 2\nof_total = 9\nauthority = "Test"\nplaces = [',
        "areas = 3\nplaces = [",
        [
            "error: line 1, areas: the key is missing",
            "error: line 30, agencies[3].areas: the key belongs to the whole service, not "
            "to agencies[3]: move it to the top of the file, before the first table",
            "error: line 31, agencies[3].places: the key is not known here; the keys are "
            "id, name, side, does, modelled_on",
        ],
    ),
    (
        '[[staffing]]\nrole = "facilitator"\nagency = "programme"\npeople = 2\nfte = 1.5\n'
        'authority = "Test"\n\n[[staffing]]',
        "[staffing]",
        [
            "error: line 93, staffing: must be a list of tables: write [[staffing]] before each",
        ],
    ),
    (
        'minimum_dose = { sessions = 12, authority = "Test" }',
        "minimum_dose = { sessions = 12 }",
        [
            "error: line 68, components[2].minimum_dose.authority: the key is missing",
        ],
    ),
    (
        'minimum_dose = { sessions = 12, authority = "Test" }',
        "minimum_dose = 12",
        [
            "error: line 68, components[2].minimum_dose: must be a table: write "
            "[components.minimum_dose] on a line of its own",
        ],
    ),
    (
        '"Sags nr." = "reference"',
        '"Sags nr." = "Reference No"',
        [
            'error: line 50, referral_files[1].headers."Sags nr.": “Reference No” is not '
            "the name of a referral field: use small letters, digits, underscores and dots",
        ],
    ),
    (
        '"Sags nr." = "reference"\n',
        "",
        [
            "error: line 49, referral_files[1].headers: must not be empty",
        ],
    ),
    (
        'phone_prefix = "+45"',
        'phone_prefix = "+45"\ndate_order = "dym"',
        [
            "error: line 9, date_order: “dym” is not possible; did you mean “ymd”? The "
            "choice is dmy, mdy, ymd",
        ],
    ),
    (
        '[[agencies]]\nid = "police"',
        '[period]\nstarted_on = "2013-01-01"\nauthority = "Test"\n[[agencies]]\nid = "police"',
        [
            "error: line 13, period.started_on: must be a date such as 2013-01-31, without "
            "quotation marks",
        ],
    ),
    (
        '[[agencies]]\nid = "police"',
        '[period]\nstarted_on = 2013-01-01T10:00:00\nauthority = "Test"\n[[agencies]]\nid '
        '= "police"',
        [
            "error: line 13, period.started_on: must be a date such as 2013-01-31, without "
            "quotation marks",
        ],
    ),
    (
        "price_year = 2024",
        "price_year = 24",
        [
            "error: line 111, costs[1].price_year: must be 1990 or more",
        ],
    ),
    (
        "[clocks]",
        "[clokcs]",
        [
            "error: line 85, clokcs: the key is not known here; did you mean “clocks”?",
        ],
    ),
]


def sentences(path) -> list[str]:
    return [str(finding) for finding in check(path)]


def test_the_small_definition_is_fine(spoiled) -> None:
    assert check(spoiled()) == []
    assert load(spoiled()).id == "small-service"


@pytest.mark.parametrize(("old", "new", "said"), NOT_TOML, ids=range(len(NOT_TOML)))
def test_broken_toml_is_answered_with_line_and_key(spoiled, old, new, said) -> None:
    assert sentences(spoiled((old, new))) == said


@pytest.mark.parametrize(("old", "new", "said"), NOT_A_DEFINITION, ids=range(len(NOT_A_DEFINITION)))
def test_a_wrong_key_or_value_is_answered_with_line_and_key(spoiled, old, new, said) -> None:
    assert sentences(spoiled((old, new))) == said


def test_a_number_with_thousands_of_digits_is_refused_on_its_line(spoiled) -> None:
    path = spoiled(("people = 2\nfte", f"people = {'9' * 5000}\nfte"))
    assert sentences(path) == ["error: line 96, staffing[1].people: the number has too many digits"]


def test_an_exponent_beyond_all_bounds_is_refused_on_its_line(spoiled) -> None:
    path = spoiled(("fte = 1.5", "fte = 1e99999999999999999999"))
    assert sentences(path) == [
        "error: line 97, staffing[1].fte: must be a number that can be written out"
    ]


def test_lists_without_end_inside_each_other_are_refused(spoiled) -> None:
    path = spoiled(('name = "A small service"', "name = " + "[" * 100_000))
    assert sentences(path) == ["error: line 1: lists or tables stand in each other too deeply"]


def test_a_sentence_of_the_toml_reader_that_we_do_not_know_is_passed_on(spoiled) -> None:
    path = spoiled(('name = "A small service"', r'name = "\u12"'))
    assert sentences(path) == ["error: line 2, name: the file is not valid TOML: Invalid hex value"]


def test_an_error_in_the_middle_of_a_list_is_not_taken_for_a_table(spoiled) -> None:
    path = spoiled(('languages = ["da"]', 'languages = [\n["da" "en"],\n]'))
    assert sentences(path) == [
        "error: line 8, languages[1][1]: the list is not closed: a ] or a comma between two items "
        "is missing"
    ]


def test_a_key_with_odd_letters_is_shown_in_quotation_marks(spoiled) -> None:
    path = spoiled(('country = "DK"', 'country = "DK"\n"Næste år" = 1'))
    (said,) = sentences(path)
    assert said.startswith('error: line 6, "Næste år": the key is not known here; the keys are id,')


def test_an_empty_file_misses_every_key(tmp_path) -> None:
    path = tmp_path / "empty.toml"
    path.write_text("")
    missing = {finding.key for finding in check(path)}
    assert {"id", "agencies", "clocks", "staffing"} <= missing
    assert {(f.line, f.sentence) for f in check(path)} == {(1, "the key is missing")}


def test_a_file_with_a_byte_order_mark_and_windows_line_ends_is_read(spoiled) -> None:
    path = spoiled(("sessions = 20", "sessions = 0"))
    content = path.read_bytes().replace(b"\n", b"\r\n")
    path.write_bytes(b"\xef\xbb\xbf" + content)
    assert sentences(path) == ["error: line 64, components[2].sessions: must be 1 or more"]


def test_a_file_that_is_not_utf_8_names_the_line_to_save_again(spoiled) -> None:
    path = spoiled(("Invented Programme", "Rådgivning"))
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1"))
    assert sentences(path) == [
        "error: line 20, agencies[2].name: a character here is not UTF-8: save the file again "
        "with the encoding UTF-8"
    ]


def test_a_file_that_is_not_there_or_a_folder_or_too_long_is_named(tmp_path) -> None:
    gone = tmp_path / "gone.toml"
    assert sentences(gone) == [f"error: {gone} cannot be read: No such file or directory"]
    assert sentences(tmp_path) == [f"error: {tmp_path} cannot be read: Is a directory"]
    long = tmp_path / "long.toml"
    long.write_bytes(b"#" * (LARGEST + 1))
    assert sentences(long) == [f"error: {long} has 1,000,001 bytes: too long for a definition"]


def test_loading_a_wrong_definition_raises_all_its_findings(spoiled) -> None:
    path = spoiled(("sessions = 20", "sessions = 0"), ('country = "DK"', 'country = "dk"'))
    with pytest.raises(DefinitionError) as refused:
        load(str(path))
    assert [finding.key for finding in refused.value.findings] == [
        "country",
        "components[2].sessions",
    ]
    assert str(refused.value).splitlines() == [f"{path} cannot be used:", *sentences(path)]


PIECES = ["[", "]", "[[", "]]", "{", "}", '"', "'", '"""', "=", "\n", ".", "#", "\\", "1", "æ", ","]


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_damage_to_a_file_is_left_without_an_answer(spoiled, data) -> None:
    path = spoiled()
    text = path.read_text(encoding="utf-8")
    start = data.draw(st.integers(0, len(text)))
    length = data.draw(st.integers(0, 12))
    damaged = text[:start] + data.draw(st.sampled_from(PIECES)) + text[start + length :]
    path.write_text(damaged, encoding="utf-8")
    findings = check(path)
    assert all(1 <= f.line <= damaged.count("\n") + 1 and f.sentence for f in findings)
    if not any(finding.level == "error" for finding in findings):
        assert load(path).name


def test_findings_are_ordered_by_line() -> None:
    later = Finding(9, "a", "error", "…")
    sooner = Finding(2, "z", "warning", "…")
    assert sorted([later, sooner]) == [sooner, later]
