"""XLSForm workbooks become questionnaires, or are refused with the row that is not read."""

import json
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from casewall.measures.definitions import DefinitionError, load
from casewall.measures.loading import checked, load_into
from casewall.measures.scoring import applies, score
from tests.measures.forms import pair

HEAD = ["type", "name", "label::English (en)", "label::Dansk (da)", "relevant", "constraint"]
HEAD += ["calculation"]
SURVEY = [
    ["note", "intro", "Think of last week.", "Tænk på sidste uge."],
    ["begin group", "home", "Home", "Hjem"],
    ["select_one yn", "quiet", "Was it quiet?", "Var der roligt?"],
    ["integer", "days", "On how many days?", "Hvor mange dage?", "${quiet} = 'yes'",
     ". >= 0 and . <= 7"],
    ["end group"],
    [],
    ["select_one yn", "again", "And before?", "Og før?", "${days} > 2 or ${quiet} = 'no'"],
    ["text", "why", "Why?", "Hvorfor?", "${days} != ''"],
    ["calculate", "twice", "", "", "", "", "${days} * 2"],
]  # fmt: skip
CHOICES = [
    ["list_name", "name", "label::English (en)", "label::Dansk (da)", "score"],
    ["yn", "yes", "Yes", "Ja", 1],
    ["yn", "no", "No", "Nej", 0],
]
SETTINGS = {
    "form_title": "Quiet days",
    "form_id": "quiet-days",
    "version": "1.0",
    "default_language": "English (en)",
}


@pytest.fixture
def workbook(tmp_path):
    """Writes a workbook with its scoring file and gives its path."""

    def write(
        survey=SURVEY,
        head=HEAD,
        choices=CHOICES,
        settings=SETTINGS,
        languages=("en", "da"),
        **scoring,
    ):
        book = Workbook()
        for title, rows in (
            ("survey", [head, *survey]),
            ("choices", choices),
            ("settings", [list(settings), list(settings.values())]),
        ):
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append([cell if cell != "" else None for cell in row])
        del book["Sheet"]
        path = tmp_path / "form.xlsx"
        book.save(path)
        english = {"translator": "a test", "dated": "2026-11-23", "version": "1"}
        _, scored = pair(
            measure="quiet-days",
            version="1.0",
            languages=list(languages),
            translations={code: {**english, "validated": False} for code in languages},
            items=["days"],
            score_to=7,
            **scoring,
        )
        beside = tmp_path / "form.scoring.json"
        beside.write_text(json.dumps(scored), encoding="utf-8")
        return path

    return write


def test_questions_languages_bounds_and_conditions_come_out_of_a_workbook(workbook):
    definition = checked(workbook())
    assert definition.link_ids == ("quiet", "days", "again", "why")
    assert definition.titles == {"en": "Quiet days", "da": "Quiet days"}
    assert definition.introductions["da"] == "Tænk på sidste uge."
    assert definition.acknowledgement == "Invented for a test"
    quiet, days, again, why = definition.items
    assert [(o.code, o.number, o.said("da")) for o in quiet.options] == [
        ("yes", 1, "Ja"),
        ("no", 0, "Nej"),
    ]
    assert (days.at_least, days.at_most, days.group) == (0, 7, "home")
    assert again.any_condition
    assert applies(definition, days, {"quiet": "yes"})
    assert not applies(definition, days, {"quiet": "no"})
    assert applies(definition, again, {"quiet": "no"})
    assert applies(definition, again, {"quiet": "yes", "days": "3"})
    assert not applies(definition, again, {"quiet": "yes", "days": "2"})
    assert applies(definition, why, {"quiet": "yes", "days": "0"})
    assert (why.kind, why.scored) == ("text", False)
    assert score(definition, {"quiet": "yes", "days": "5"}).value == 5


def test_a_workbook_is_loaded_like_any_other_file(workbook, tmp_path):
    folder = tmp_path / "measures"
    found = load_into(folder, workbook())
    assert load("quiet-days", folder=folder) == found.definition
    kept = json.loads((found.folder / "quiet-days.json").read_text("utf-8"))
    assert kept["resourceType"] == "Questionnaire"
    assert not load_into(folder, tmp_path / "form.xlsx").new


def row(*cells):
    return [*SURVEY[:5], list(cells)]


# a column of the sheet, what stands in it, what is said
EXTRA = [
    ("hint", "Look", "hint is not read"),
    ("default", "3", "default is not read"),
    ("other", "", "a calculation in a question is not read"),
]
REFUSED = [
    (row("date", "born", "When?", "Hvornår?"), "row 7: the type 'date' is not read"),
    (row("geopoint", "where", "Where?", "Hvor?"), "row 7: the type 'geopoint' is not read"),
    (row("select_multiple yn", "all", "Which?", "Hvilke?"), "row 7: the type 'select all that"),
    (
        row("integer", "x", "X?", "X?", "not(${quiet} = 'yes')"),
        "row 7: relevant: \"not(${quiet} = 'yes')\" is no comparison",
    ),
    (
        row("integer", "x", "X?", "X?", "${quiet} = 'yes' and ${days} = 1 or ${days} = 2"),
        "row 7: relevant:",
    ),
    (row("integer", "x", "X?", "X?", "", ". mod 2 = 0"), "row 7: constraint: '. mod 2 = 0' is no"),
    (row("range", "x", "X?", "X?"), "row 7: the type 'range' is not read"),
    (row("rank yn", "x", "X?", "X?"), "row 7: the type 'rank' is not read"),
    (row("image", "x", "X?", "X?"), "row 7: the type 'photo' is not read"),
    (row("text", "x", "X?", "X?", "", ". >= 1"), "row 7: a constraint is read for whole numbers"),
    ([*SURVEY[:1], ["begin repeat", "r", "R", "R"], *SURVEY[2:5][:2], ["end repeat"]],
     "row 3: the type 'repeat' is not read"),
    ([["begin group", "g", "G", "G", "${quiet} = 'yes'"], SURVEY[3], ["end group"], *SURVEY[:3],
      ["end group"]], "row 2: a condition of a whole group is not read"),
]  # fmt: skip


@pytest.mark.parametrize(("survey", "sentence"), REFUSED)
def test_what_is_not_read_is_refused_with_its_row(workbook, survey, sentence):
    with pytest.raises(DefinitionError) as refusal:
        checked(workbook(survey=survey))
    assert f"form.xlsx, survey, {sentence}" in str(refusal.value)


@pytest.mark.parametrize(("key", "value", "sentence"), EXTRA)
def test_columns_that_would_change_the_question_are_refused_with_the_row(
    workbook, key, value, sentence
):
    survey = row("integer", "x", "X?", "X?", "", "", "" if value else "1 + 1", value)
    with pytest.raises(DefinitionError) as refusal:
        checked(workbook(survey=survey, head=[*HEAD, key]))
    assert f"form.xlsx, survey, row 7: {sentence}" in str(refusal.value)


def test_a_workbook_that_is_no_xlsform_is_refused(workbook, tmp_path):
    with pytest.raises(DefinitionError, match=r"form\.xlsx: not readable as an XLSForm: "):
        checked(workbook(survey=row("integer", "x", "X?", "X?", "${nowhere} = 1")))
    (tmp_path / "form.xlsx").write_bytes(b"nothing of the kind")
    with pytest.raises(DefinitionError, match=r"form\.xlsx: not readable as a workbook"):
        checked(tmp_path / "form.xlsx")


def test_a_workbook_that_unpacks_into_very_much_is_refused(workbook):
    path = workbook()
    with ZipFile(path, "a", ZIP_DEFLATED) as packed:
        packed.writestr("xl/media/image.png", b"\0" * 41_000_000)
    with pytest.raises(DefinitionError, match=r"form\.xlsx: unpacked it is larger than 40,000,000"):
        checked(path)


def test_languages_need_their_codes(workbook):
    with pytest.raises(DefinitionError, match="settings: default_language is needed with its code"):
        checked(workbook(settings={**SETTINGS, "default_language": ""}))
    head = [*HEAD[:3], "label::Dansk", *HEAD[4:]]
    with pytest.raises(DefinitionError, match="the language 'Dansk' is needed with its code"):
        checked(workbook(head=head))


def test_a_version_is_needed(workbook):
    with pytest.raises(DefinitionError, match=r"form\.xlsx, settings: a version is needed"):
        checked(workbook(settings={**SETTINGS, "version": ""}))


def test_a_score_must_be_a_whole_number(workbook):
    choices = [*CHOICES[:2], ["yn", "no", "No", "Nej", "half"]]
    with pytest.raises(DefinitionError, match="choices, row 3: the score 'half' of the answer no"):
        checked(workbook(choices=choices))


def test_answers_without_a_score_must_be_listed(workbook):
    choices = [*CHOICES, ["yn", "unsure", "Not sure", "Ved ikke", ""]]
    with pytest.raises(DefinitionError, match="must be prefer-not-to-say or stand in without_num"):
        checked(workbook(survey=SURVEY[:5], choices=choices))
    assert checked(workbook(survey=SURVEY[:5], choices=choices, without_number=["unsure"]))


def test_one_language_needs_no_translations(workbook):
    head = ["type", "name", "label", "relevant", "constraint"]
    survey = [["note", "intro", "Last week."], ["integer", "days", "Days?", "", ". >= 0 and . < 8"]]
    choices = [["list_name", "name", "label"]]
    settings = {**SETTINGS, "default_language": "en"}
    definition = checked(workbook(survey, head, choices, settings, languages=["en"]))
    assert definition.items[0].texts == {"en": "Days?"}
    with pytest.raises(DefinitionError, match="no text in the language da"):
        checked(workbook(survey, head, choices, settings))


def test_a_text_is_compared_as_text_and_an_unnamed_question_is_refused(workbook):
    survey = [*SURVEY[:5], ["text", "why", "Why?", "Hvorfor?"]]
    survey += [["integer", "x", "X?", "X?", "${why} = 'noise'", ". >= 0 and . <= 7"]]
    definition = checked(workbook(survey=survey))
    assert applies(definition, definition.items[-1], {"why": "noise"})
    assert not applies(definition, definition.items[-1], {"why": "light"})
    head = [*HEAD[:2], "label::English (en)", "label::Dansk (da)", *HEAD[4:]]
    survey = [*SURVEY[:5], ["integer", "x", "", "Hvor mange?"]]
    with pytest.raises(DefinitionError, match="item 3, text: there is no text in the language en"):
        checked(workbook(survey=survey, head=head))


def test_a_group_without_a_heading_only_arranges_a_screen(workbook):
    survey = [SURVEY[0], ["begin group", "home"], *SURVEY[2:5]]
    definition = checked(workbook(survey=survey))
    assert definition.groups == ()
    assert {item.group for item in definition.items} == {""}
