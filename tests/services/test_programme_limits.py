"""Dose, levels, ladder and limits of a programme that cannot be, and what is only warned of."""

import pytest

from casewall.services.load import check, load

CONTRADICTIONS = {
    "dose in sessions": (
        [
            ("{ sessions = 3, hours = 4.5,", "{ sessions = 7, hours = 4.5,"),
            ("sessions = 4\nhours = 6\n", "sessions = 5\nhours = 6\n"),
            ("sessions = 6\nauthority", "sessions = 7\nauthority"),
        ],
        [
            (
                "error: line 169, programmes[1].minimum_dose.sessions: 7 sessions are "
                "needed but only 6 planned"
            ),
            (
                "error: line 175, programmes[1].levels[1].sessions: 5 sessions are less "
                "than the minimum dose of 7"
            ),
            (
                "error: line 183, programmes[1].levels[2].sessions: 7 sessions are needed "
                "but only 6 planned"
            ),
        ],
    ),
    "dose in hours": (
        [
            ("{ sessions = 3, hours = 4.5,", "{ sessions = 3, hours = 8.75,"),
            ("sessions = 4\nhours = 6\n", "sessions = 4\n"),
        ],
        [
            (
                "error: line 169, programmes[1].minimum_dose.hours: 8.75 hours are needed "
                "but only 8.5 planned"
            )
        ],
    ),
    "no dose": (
        [("{ sessions = 3, hours = 4.5, authority", "{ authority")],
        [
            (
                "error: line 169, programmes[1].minimum_dose: the least dose is missing: "
                "give sessions or hours"
            )
        ],
    ),
    "shrinking level": (
        [
            ("months = 12", "months = 6"),
            ("sessions = 6\nauthority", "sessions = 3\nhours = 4.5\nauthority"),
        ],
        [
            (
                "error: line 182, programmes[1].levels[2].months: 6 months are not more "
                "than the 6 of “short”: levels must grow"
            ),
            (
                "error: line 183, programmes[1].levels[2].sessions: 3 sessions are not "
                "more than the 4 of “short”: levels must grow"
            ),
            (
                "error: line 184, programmes[1].levels[2].hours: 4.5 hours are not more "
                "than the 6 of “short”: levels must grow"
            ),
        ],
    ),
    "level with more sessions": (
        [("sessions = 6\nauthority", "sessions = 8\nauthority")],
        [
            (
                "error: line 183, programmes[1].levels[2].sessions: 8 sessions are needed "
                "but only 6 planned"
            )
        ],
    ),
    "level with more hours": (
        [("sessions = 4\nhours = 6\n", "sessions = 4\nhours = 6.5\n")],
        [
            (
                "error: line 176, programmes[1].levels[1].hours: 6.5 hours are needed but "
                "the first 4 sessions make 6"
            )
        ],
    ),
    "level below the dose": (
        [("sessions = 4\nhours = 6\n", "sessions = 2\nhours = 2.5\n")],
        [
            (
                "warning: line 149, programmes[1].modules[2]: “children” is required but "
                "is not taught in the 2 sessions of “short”"
            ),
            (
                "error: line 175, programmes[1].levels[1].sessions: 2 sessions are less "
                "than the minimum dose of 3"
            ),
            (
                "error: line 176, programmes[1].levels[1].hours: 2.5 hours are less than "
                "the minimum dose of 4.5"
            ),
        ],
    ),
    "ladder does not rise": (
        [
            (
                'after = 2\ncounting = "unaccepted_in_a_row"',
                'after = 1\ncounting = "unaccepted_in_a_row"',
            )
        ],
        [
            (
                "error: line 195, programmes[1].ladder[2].after: “meet” comes after "
                "“ring”, so it must count further than 1"
            )
        ],
    ),
    "ladder beyond the course": (
        [
            (
                'after = 2\ncounting = "unaccepted_in_a_row"',
                'after = 7\ncounting = "unaccepted_in_a_row"',
            )
        ],
        [
            (
                "error: line 195, programmes[1].ladder[2].after: “meet” is never reached: "
                "it counts to 7 within a course of 6 sessions"
            )
        ],
    ),
    "ladder beyond a phase": (
        [('after = 2\ncounting = "absences"', 'after = 4\ncounting = "absences"')],
        [
            (
                "error: line 202, programmes[1].ladder[3].after: “block” is never reached: "
                "it counts to 4 within a phase of 3 sessions"
            )
        ],
    ),
    "ladder without phases": (
        [
            (
                (
                    'phases = [\n    { id = "first", name = "First", modules = ["safety"] },\n '
                    '   { id = "second", name = "Second", modules = ["children", "extra"] },\n'
                    "]\n"
                ),
                "",
            )
        ],
        [
            (
                "error: line 200, programmes[1].ladder[3].within: the programme has no "
                "phases: write “course”"
            )
        ],
    ),
    "group of fewer than its facilitators": (
        [("least = 4", "least = 1")],
        [
            (
                "error: line 69, components[2].group_size.least: a group of 1 would have "
                "more facilitators than clients: 2 facilitators are required"
            )
        ],
    ),
    "long break": (
        [("break_days_most = 14", "break_days_most = 43")],
        [
            (
                "error: line 210, programmes[1].completion.break_days_most: a break of 43 "
                "days is longer than the programme, 6 weeks"
            )
        ],
    ),
    "long extension": (
        [("extension_weeks_most = 2", "extension_weeks_most = 7")],
        [
            (
                "error: line 209, programmes[1].completion.extension_weeks_most: an "
                "extension of 7 weeks is longer than the programme, 6 weeks"
            )
        ],
    ),
    "follow-up": (
        [("break_days_most = 14", "break_days_most = 14\nfollow_up_months = [6, 12, 12]")],
        [
            (
                "error: line 211, programmes[1].completion.follow_up_months[3]: 12 months "
                "cannot come after 12"
            )
        ],
    ),
    "authority of nothing": (
        [
            (
                "[programmes.completion]",
                (
                    'authority_of = { within = "Nobody", after = "Somebody", most = "No one" '
                    "}\n\n[programmes.completion]"
                ),
            )
        ],
        [
            (
                "error: line 208, programmes[1].ladder[3].authority_of.most: this table "
                "has no “most” to give a source for"
            )
        ],
    ),
    "misspelt key": (
        [("break_days_most", "break_days")],
        [
            (
                "error: line 210, programmes[1].completion.break_days: the key is not "
                "known here; did you mean “break_days_most”?"
            )
        ],
    ),
    "wrong choice": (
        [('counting = "absences"', 'counting = "absence"')],
        [
            (
                "error: line 203, programmes[1].ladder[3].counting: “absence” is not "
                "possible; did you mean “absences”? The choice is unaccepted_in_a_row, "
                "unaccepted, absences, late"
            )
        ],
    ),
    "no authority": (
        [('within_days = 7\nauthority = "Test"', "within_days = 7")],
        ["error: line 217, programmes[1].notices[1].authority: the key is missing"],
    ),
    "inline table": (
        [
            (
                'criteria = [\n    { id = "plan", text = "Has a plan" },',
                'criteria = [\n    { id = "plan", text = " " },',
            )
        ],
        [("error: line 213, programmes[1].completion.criteria[1].text: must not be empty")],
    ),
}
"""What is refused: a name, the changes that spoil the definition, and what is then said."""

DOUBTS = {
    "no review": (
        [('["letter", "review"]', '["letter"]')],
        [
            (
                "warning: line 186, programmes[1].ladder: no step proposes a review: a "
                "client can be absent without an end"
            )
        ],
    ),
    "no notice of absence": (
        [('of = "absence"', 'of = "exit"')],
        [
            (
                "warning: line 217, programmes[1].notices: no notice of “absence”: the "
                "referrer is told of none"
            )
        ],
    ),
    "no required criterion": (
        [('text = "Has a plan" }', 'text = "Has a plan", required = false }')],
        [
            (
                "warning: line 212, programmes[1].completion.criteria: no criterion is "
                "required: time served alone would be completion"
            )
        ],
    ),
    "long session": (
        [('title = "Two", minutes = 120', 'title = "Two", minutes = 330')],
        [
            (
                "warning: line 159, programmes[1].schedule[3]: 330 minutes are 5.5 hours "
                "for one session"
            )
        ],
    ),
    "weekly group in fewer weeks": (
        [("weeks = 6", "weeks = 3")],
        [
            (
                "warning: line 145, programmes[1].components[1]: 4 weekly sessions of "
                "“group” do not fit into 3 weeks; if several are held a week, give the "
                "component its weeks"
            )
        ],
    ),
    "no whole number a week": (
        [("sessions = 4\nminutes = 90", "sessions = 4\nminutes = 90\nweeks = 3")],
        [
            (
                "warning: line 146, programmes[1].components[1]: 4 sessions of “group” do "
                "not fit into its 3 weeks, at no whole number a week"
            )
        ],
    ),
    "group longer than the programme": (
        [("sessions = 4\nminutes = 90", "sessions = 4\nminutes = 90\nweeks = 8")],
        [("warning: line 147, programmes[1].weeks: “group” takes 8 weeks but the programme 6")],
    ),
    "required beyond the shortest level": (
        [
            (
                '{ component = "group", number = 3, module = "children", title = "Three" }',
                '{ component = "group", number = 3, module = "extra", title = "Three" }',
            ),
            (
                '{ component = "group", number = 4, module = "children", title = "Four" }',
                '{ component = "group", number = 4, module = "extra", title = "Four" }',
            ),
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                ('{ component = "talk", number = 2, module = "children", title = "Talk two" }'),
            ),
        ],
        [
            (
                "warning: line 149, programmes[1].modules[2]: “children” is required but "
                "is not taught in the 4 sessions of “short”"
            )
        ],
    ),
    "back to an earlier phase": (
        [
            (
                '{ component = "group", number = 4, module = "children", title = "Four" }',
                '{ component = "group", number = 4, module = "safety", title = "Four" }',
            )
        ],
        [
            (
                "warning: line 161, programmes[1].schedule[5].module: “safety” is of phase "
                "“first”, which the sessions before it have left"
            )
        ],
    ),
}
"""What is warned of, and does not keep the definition from being used."""

FINE = {
    "two a week": [("sessions = 4\nminutes = 90", "sessions = 4\nminutes = 90\nweeks = 2")],
    "open length": [("weeks = 6\n", ""), ("break_days_most = 14", "break_days_most = 400")],
    "no levels": [
        (
            (
                '\n[[programmes.levels]]\nid = "short"\nname = "Short"\nmonths = 6\n'
                'sessions = 4\nhours = 6\nauthority = "Test"\n\n[[programmes.levels]]\nid '
                '= "long"\nname = "Long"\nmonths = 12\nsessions = 6\nauthority = "Test"\n'
            ),
            "",
        )
    ],
    "no count": [
        (
            'kind = "one_to_one"\nagency = "programme"\nsessions = 2\nminutes = 60',
            'kind = "one_to_one"\nagency = "programme"\nminutes = 60',
        )
    ],
}


def sentences(path) -> list[str]:
    return [str(finding) for finding in check(path)]


@pytest.mark.parametrize(("changes", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_programme_that_asks_for_the_impossible_is_refused_with_key_and_line(
    spoiled_course, changes, expected
) -> None:
    path = spoiled_course(*changes)
    assert sentences(path) == expected
    with pytest.raises(ValueError, match="cannot be used"):
        load(path)


@pytest.mark.parametrize(("changes", "expected"), DOUBTS.values(), ids=DOUBTS)
def test_a_programme_to_look_at_is_loaded_with_a_warning(spoiled_course, changes, expected) -> None:
    path = spoiled_course(*changes)
    assert sentences(path) == expected
    assert all(sentence.startswith("warning: ") for sentence in expected)
    assert load(path).programmes


@pytest.mark.parametrize("changes", FINE.values(), ids=FINE)
def test_what_a_programme_may_leave_out_is_no_finding(spoiled_course, changes) -> None:
    assert sentences(spoiled_course(*changes)) == []
