"""Names, components, schedule, modules and phases of a programme that contradict each other."""

import pytest

from casewall.services.load import check, load

CONTRADICTIONS = {
    "unknown component": (
        [('components = ["group", "talk"]', 'components = ["group", "talk", "course"]')],
        [
            (
                "error: line 145, programmes[1].components[3]: there is no component "
                "“course”; the components are talks, group, partners, talk"
            )
        ],
    ),
    "unknown scheduled component": (
        [
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                '{ component = "talks", number = 2, module = "extra", title = "Talk two" }',
            )
        ],
        [
            (
                "error: line 156, programmes[1].schedule: sessions of “talk”: the schedule "
                "has 1, the component 2"
            ),
            (
                "error: line 162, programmes[1].schedule[6].component: “talks” is not a "
                "component of this programme; they are group, talk"
            ),
        ],
    ),
    "another component of the service": (
        [
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                ('{ component = "partners", number = 2, module = "extra", title = "Talk two" }'),
            )
        ],
        [
            (
                "error: line 156, programmes[1].schedule: sessions of “talk”: the schedule "
                "has 1, the component 2"
            ),
            (
                "error: line 162, programmes[1].schedule[6].component: “partners” is not a "
                "component of this programme; they are group, talk"
            ),
        ],
    ),
    "unknown module": (
        [
            (
                '{ component = "group", number = 4, module = "children", title = "Four" }',
                '{ component = "group", number = 4, module = "child", title = "Four" }',
            )
        ],
        [
            (
                "error: line 161, programmes[1].schedule[5].module: there is no module "
                "“child”; the modules are safety, children, extra"
            )
        ],
    ),
    "unknown module of a phase": (
        [('modules = ["safety"]', 'modules = ["safety", "safe"]')],
        [
            (
                "error: line 153, programmes[1].phases[1].modules[2]: there is no module "
                "“safe”; the modules are safety, children, extra"
            )
        ],
    ),
    "gap": (
        [
            (
                '{ component = "group", number = 3, module = "children", title = "Three" }',
                '{ component = "group", number = 5, module = "children", title = "Three" }',
            )
        ],
        [
            (
                "error: line 160, programmes[1].schedule[4].number: session 5 of “group” "
                "stands where session 3 should: number the sessions of a component 1, 2, 3 "
                "… in the order of the schedule"
            )
        ],
    ),
    "number twice": (
        [
            (
                '{ component = "group", number = 4, module = "children", title = "Four" }',
                '{ component = "group", number = 3, module = "children", title = "Four" }',
            )
        ],
        [
            (
                "error: line 161, programmes[1].schedule[5].number: session 3 of “group” "
                "stands where session 4 should: number the sessions of a component 1, 2, 3 "
                "… in the order of the schedule"
            )
        ],
    ),
    "numbers from 0 are not counts": (
        [
            (
                '{ component = "group", number = 1, module = "safety", title = "One" }',
                '{ component = "group", number = 0, module = "safety", title = "One" }',
            )
        ],
        ["error: line 157, programmes[1].schedule[1].number: must be 1 or more"],
    ),
    "too few": (
        [(('    { component = "group", number = 4, module = "children", title = "Four" },\n'), "")],
        [
            (
                "error: line 156, programmes[1].schedule: sessions of “group”: the "
                "schedule has 3, the component 4"
            ),
            (
                "error: line 182, programmes[1].levels[2].sessions: 6 sessions are needed "
                "but only 5 planned"
            ),
        ],
    ),
    "too many": (
        [
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                (
                    '{ component = "talk", number = 2, module = "extra", title = "Talk two" '
                    '},\n    { component = "talk", number = 3, module = "extra", title = "Talk '
                    'three" }'
                ),
            )
        ],
        [
            (
                "error: line 156, programmes[1].schedule: sessions of “talk”: the schedule "
                "has 3, the component 2"
            )
        ],
    ),
    "none planned": (
        [
            (
                (
                    '    { component = "talk", number = 1, module = "safety", title = "Talk '
                    'one" },\n'
                ),
                "",
            ),
            (
                ('    { component = "talk", number = 2, module = "extra", title = "Talk two" },\n'),
                ('    { component = "group", number = 5, module = "extra", title = "Five" },\n'),
            ),
            ("sessions = 4\nminutes = 90", "sessions = 5\nminutes = 90"),
            ("sessions = 6\nauthority", "sessions = 5\nauthority"),
        ],
        ["error: line 156, programmes[1].schedule: no session of “talk” is planned"],
    ),
    "no minutes": (
        [
            (
                'kind = "one_to_one"\nagency = "programme"\nsessions = 2\nminutes = 60',
                'kind = "one_to_one"\nagency = "programme"\nsessions = 2',
            )
        ],
        [
            (
                "error: line 157, programmes[1].schedule[2]: no minutes: give them here or "
                "at the component “talk”"
            ),
            (
                "error: line 161, programmes[1].schedule[6]: no minutes: give them here or "
                "at the component “talk”"
            ),
        ],
    ),
    "two steps with one id": (
        [('id = "meet"', 'id = "ring"')],
        [
            (
                "error: line 194, programmes[1].ladder[2].id: the id “ring” is already "
                "used by number 1"
            )
        ],
    ),
    "two modules with one id": (
        [
            ('id = "extra", name', 'id = "children", name'),
            ('modules = ["children", "extra"]', 'modules = ["children"]'),
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                ('{ component = "talk", number = 2, module = "children", title = "Talk two" }'),
            ),
        ],
        [
            (
                "error: line 150, programmes[1].modules[3].id: the id “children” is "
                "already used by number 2"
            )
        ],
    ),
    "two phases with one id": (
        [('id = "second"', 'id = "first"')],
        [
            (
                "error: line 154, programmes[1].phases[2].id: the id “first” is already "
                "used by number 1"
            )
        ],
    ),
    "two levels with one id": (
        [('id = "long"', 'id = "short"')],
        [
            (
                "error: line 180, programmes[1].levels[2].id: the id “short” is already "
                "used by number 1"
            )
        ],
    ),
    "two criteria with one id": (
        [('id = "homework"', 'id = "plan"')],
        [
            (
                "error: line 214, programmes[1].completion.criteria[2].id: the id “plan” "
                "is already used by number 1"
            )
        ],
    ),
    "two notices of one event": (
        [('of = "completion"', 'of = "absence"')],
        [
            (
                "error: line 223, programmes[1].notices[2].of: the notice “absence” is "
                "already used by number 1"
            )
        ],
    ),
    "two codes": (
        [('code = "NO"', 'code = "yes "')],
        [
            (
                "error: line 166, programmes[1].attendance_codes[2].code: the code “YES” "
                "is already used by number 1"
            )
        ],
    ),
    "two programmes": (
        [
            (
                '[[programmes]]\nid = "course"',
                (
                    '[[programmes]]\nid = "course"\nname = "Twin"\nagency = "programme"\n'
                    'approaches = ["family"]\ncomponents = ["talk"]\nmodules = [{ id = "m", '
                    'name = "M" }]\nschedule = [{ component = "talk", number = 1, module = '
                    '"m", title = "1" }, { component = "talk", number = 2, module = "m", title '
                    '= "2" }]\nauthority = "T"\nminimum_dose = { hours = 1, authority = "T" }\n'
                    'ladder = [{ id = "a", after = 1, counting = "late", proposes = '
                    '["review"], authority = "T" }]\ncompletion = { criteria = [{ id = "c", '
                    'text = "C" }], authority = "T" }\nnotices = [{ of = "absence", '
                    'within_days = 1, authority = "T" }]\n\n[[programmes]]\nid = "course"'
                ),
            )
        ],
        [("error: line 152, programmes[2].id: the id “course” is already used by number 1")],
    ),
    "component twice": (
        [('components = ["group", "talk"]', 'components = ["group", "talk", "group"]')],
        [
            (
                "error: line 145, programmes[1].components[3]: the component “group” is "
                "already used by number 1"
            )
        ],
    ),
    "approach, method, language and act twice": (
        [
            ('approaches = ["social_educational"]', 'approaches = ["family", "family"]'),
            ('methods = ["duluth"]', 'methods = ["cbt", "cbt"]'),
            ('languages = ["da"]\ncomponents', 'languages = ["da", "da"]\ncomponents'),
            ('["letter", "review"]', '["review", "review"]'),
        ],
        [
            (
                "error: line 142, programmes[1].approaches[2]: the approach “family” is "
                "already used by number 1"
            ),
            (
                "error: line 143, programmes[1].methods[2]: the method “cbt” is already "
                "used by number 1"
            ),
            (
                "error: line 144, programmes[1].languages[2]: the language “da” is already "
                "used by number 1"
            ),
            (
                "error: line 197, programmes[1].ladder[2].proposes[2]: the act “review” is "
                "already used by number 1"
            ),
        ],
    ),
    "phase leaves a module out": (
        [('modules = ["children", "extra"]', 'modules = ["children"]')],
        [
            (
                "error: line 150, programmes[1].modules[3]: the module “extra” is in none "
                "of the phases"
            )
        ],
    ),
    "phase names a module twice": (
        [('modules = ["children", "extra"]', 'modules = ["children", "extra", "safety"]')],
        [
            (
                "error: line 154, programmes[1].phases[2].modules[3]: the module “safety” "
                "is already in phase “first”"
            )
        ],
    ),
    "module never scheduled": (
        [
            (
                '{ component = "talk", number = 2, module = "extra", title = "Talk two" }',
                ('{ component = "talk", number = 2, module = "children", title = "Talk two" }'),
            )
        ],
        [
            (
                "error: line 150, programmes[1].modules[3]: no session of the schedule has "
                "the module “extra”"
            )
        ],
    ),
    "partner support": (
        [('components = ["group", "talk"]', 'components = ["group", "talk", "partners"]')],
        [
            (
                "error: line 145, programmes[1].components[3]: “partners” cannot stand "
                "here: partner support is never part of a programme for clients"
            )
        ],
    ),
    "assessment": (
        [('components = ["group", "talk"]', 'components = ["group", "talk", "talks"]')],
        [
            (
                "error: line 145, programmes[1].components[3]: “talks” cannot stand here: "
                "an assessment comes before the programme and is not part of it"
            )
        ],
    ),
    "component of the other side": (
        [('kind = "one_to_one"\nagency = "programme"', 'kind = "one_to_one"\nagency = "support"')],
        [
            (
                "error: line 132, components[4].agency: “support” is on the side “safety”, "
                "but here it must be programme: work with clients belongs to the programme "
                "side"
            ),
            (
                "error: line 145, programmes[1].components[2]: “talk” is delivered by "
                "“support”, which is on the side “safety”: a programme needs the programme "
                "side"
            ),
        ],
    ),
    "component of nobody": (
        [('kind = "one_to_one"\nagency = "programme"', 'kind = "one_to_one"\nagency = "nobody"')],
        [
            (
                "error: line 132, components[4].agency: there is no agency “nobody”; the "
                "agencies are police, programme, support"
            )
        ],
    ),
    "agency of the other side": (
        [
            (
                'name = "A small course"\nagency = "programme"',
                'name = "A small course"\nagency = "support"',
            )
        ],
        [
            (
                "error: line 141, programmes[1].agency: “support” is on the side “safety”, "
                "but here it must be programme: a programme for clients belongs to the "
                "programme side"
            )
        ],
    ),
    "agency that does not exist": (
        [
            (
                'name = "A small course"\nagency = "programme"',
                'name = "A small course"\nagency = "nobody"',
            )
        ],
        [
            (
                "error: line 141, programmes[1].agency: there is no agency “nobody”; the "
                "agencies are police, programme, support"
            )
        ],
    ),
    "agency that delivers nothing": (
        [
            (
                "[areas]",
                (
                    '[[agencies]]\nid = "other"\nname = "Other"\nside = "programme"\ndoes = '
                    '"Else"\n\n[areas]'
                ),
            ),
            (
                'name = "A small course"\nagency = "programme"',
                'name = "A small course"\nagency = "other"',
            ),
        ],
        [
            (
                "error: line 147, programmes[1].agency: “other” delivers none of the "
                "programme's components"
            )
        ],
    ),
    "nothing that delivers": (
        [
            ('kind = "group"\nagency', 'kind = "pre_group"\nagency'),
            ('kind = "one_to_one"\nagency', 'kind = "maintenance"\nagency'),
        ],
        [
            (
                "error: line 52, components: no component is a group or one-to-one work "
                "with the client"
            ),
            (
                "error: line 145, programmes[1].components: none of the components "
                "delivers the programme: one must be group or one_to_one or dads"
            ),
        ],
    ),
    "language": (
        [('languages = ["da"]\ncomponents', 'languages = ["da", "ar"]\ncomponents')],
        [
            (
                "error: line 144, programmes[1].languages[2]: the service does not list "
                "the language “ar”"
            )
        ],
    ),
}
"""What is refused: a name, the changes that spoil the definition, and what is then said."""


def sentences(path) -> list[str]:
    return [str(finding) for finding in check(path)]


def test_the_course_that_the_tests_spoil_has_nothing_to_look_at(spoiled_course) -> None:
    assert sentences(spoiled_course()) == []
    assert load(spoiled_course()).programme("course").version == 3


@pytest.mark.parametrize(("changes", "expected"), CONTRADICTIONS.values(), ids=CONTRADICTIONS)
def test_a_programme_that_names_what_is_not_there_is_refused_with_key_and_line(
    spoiled_course, changes, expected
) -> None:
    path = spoiled_course(*changes)
    assert sentences(path) == expected
    with pytest.raises(ValueError, match="cannot be used"):
        load(path)
