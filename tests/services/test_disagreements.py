"""What the tables of a definition must agree on, each rule with a file that breaks it."""

from typing import get_args

import pytest

from casewall.services.load import check, load
from casewall.services.rules import APPROVER_ROLES, approvers
from casewall.services.schema import ROLES, ROUTES, STAGES, Service
from casewall.wall.sides import Role

DISAGREEING = [
    (
        'id = "programme"',
        'id = "support"',
        [
            "error: line 25, agencies[3].id: the id “support” is already used by number 2",
            "error: line 43, referral_routes[1].client_contacted_by: there is no agency "
            "“programme”; the agencies are police, support",
            "error: line 56, components[1].agency: there is no agency “programme”; the "
            "agencies are police, support",
            "error: line 63, components[2].agency: there is no agency “programme”; the "
            "agencies are police, support",
            "error: line 95, staffing[1].agency: there is no agency “programme”; the "
            "agencies are police, support",
        ],
    ),
    (
        'name = "Invented Programme"',
        'name = "invented police"',
        [
            "error: line 20, agencies[2].name: the name “invented police” is already used "
            "by number 1",
        ],
    ),
    (
        'languages = ["da"]',
        'languages = ["da", "en", "da"]',
        [
            "error: line 7, languages[3]: the language “da” is already used by number 1",
        ],
    ),
    (
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, window_days = 30 }]',
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, '
        'window_days = 30 }]\n[[indicators]]\npack = "p"\nids = ["a", "b", "a"]',
        [
            "error: line 129, indicators[1].ids[3]: the indicator “a” is already used by number 1",
        ],
    ),
    (
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, window_days = 30 }]',
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, '
        'window_days = 30 }]\n[[measures]]\nid = "scale"\nasked_of = "partner"\nauthority '
        '= "T"\nschedule = [{ wave = "before", counted_from = "referred", days = 0, '
        "window_days = 30 }]",
        [
            "error: line 128, measures[2].id: the measure “scale of the partner” is "
            "already used by number 1",
        ],
    ),
    (
        "[[referral_files]]",
        '[[referral_routes]]\nroute = "police"\nagencies = ["police"]\n'
        'client_contacted_by = "police"\n[[referral_files]]',
        [
            "error: line 46, referral_routes[2].route: the route “police by police” is "
            "already used by number 1",
        ],
    ),
    (
        'agencies = ["police"]',
        'agencies = ["polis"]',
        [
            "error: line 42, referral_routes[1].agencies[1]: there is no agency “polis”; "
            "the agencies are police, programme, support",
            "error: line 48, referral_files[1].route: no referral route “police” has the "
            "agency “police”",
        ],
    ),
    (
        'client_contacted_by = "programme"',
        'client_contacted_by = "support"',
        [
            "error: line 43, referral_routes[1].client_contacted_by: “support” is on the "
            "side “safety”, but here it must be programme or referrer: those who support "
            "partners never contact a client",
        ],
    ),
    (
        'client_contacted_by = "programme"',
        'client_contacted_by = "programme"\npartner_contacted_by = "programme"',
        [
            "error: line 44, referral_routes[1].partner_contacted_by: “programme” is on "
            "the side “programme”, but here it must be safety or referrer: those who work "
            "with clients never contact a partner",
        ],
    ),
    (
        'client_contacted_by = "programme"',
        'client_contacted_by = "police"\npartner_contacted_by = "police"\n'
        "contacted_separately = false",
        [
            "error: line 45, referral_routes[1].contacted_separately: “police” contacts "
            "both parties, so it must contact each separately: write true",
        ],
    ),
    (
        'id = "police-list"\nagency = "police"',
        'id = "police-list"\nagency = "programme"',
        [
            "error: line 48, referral_files[1].route: no referral route “police” has the "
            "agency “programme”",
        ],
    ),
    (
        'kind = "assessment"\nagency = "programme"',
        'kind = "assessment"\nagency = "support"',
        [
            "error: line 56, components[1].agency: “support” is on the side “safety”, but "
            "here it must be programme: work with clients belongs to the programme side",
        ],
    ),
    (
        'kind = "partner_support"\nagency = "support"',
        'kind = "partner_support"\nagency = "programme"',
        [
            "error: line 75, components[3].agency: “programme” is on the side “programme”, "
            "but here it must be safety: partners are supported apart from the programme",
            "error: line 80, partner_support.agency: no component of kind partner_support "
            "is delivered by “support”",
        ],
    ),
    (
        'trigger = "referred"\nagency = "support"',
        'trigger = "referred"\nagency = "programme"',
        [
            "error: line 80, partner_support.agency: no component of kind partner_support "
            "is delivered by “programme”",
            "error: line 80, partner_support.agency: “programme” is on the side "
            "“programme”, but here it must be safety: partners are supported apart from "
            "the programme",
        ],
    ),
    (
        'role = "facilitator"\nagency = "programme"',
        'role = "facilitator"\nagency = "support"',
        [
            "error: line 95, staffing[1].agency: “support” is on the side “safety”, but "
            "here it must be programme: the role “facilitator” belongs to it",
        ],
    ),
    (
        'role = "facilitator"\nagency = "programme"',
        'role = "referrer"\nagency = "programme"',
        [
            "warning: line 93, staffing: no one has the role “facilitator”: nobody is "
            "named who runs the programme",
            "error: line 95, staffing[1].agency: “programme” is on the side “programme”, "
            "but here it must be referrer: the role “referrer” belongs to it",
        ],
    ),
    (
        "[clocks]",
        '[children]\nagency = "programme"\ndelivered = ["group"]\nwhat = "Play"\n[clocks]',
        [
            "error: line 86, children.agency: “programme” is on the side “programme”, but "
            "here it must be safety: children are supported on the safety side",
        ],
    ),
    (
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, window_days = 30 }]',
        'schedule = [{ wave = "before", counted_from = "referred", days = 0, '
        'window_days = 30 }]\n[[onward_links]]\nkind = "social"\nparties = ["client"]\n'
        'agency = "gone"\n[[other_work]]\nid = "w"\nkind = "training"\nwhat = "T"\nagency = '
        '"gone"',
        [
            "error: line 130, onward_links[1].agency: there is no agency “gone”; the "
            "agencies are police, programme, support",
            "error: line 135, other_work[1].agency: there is no agency “gone”; the "
            "agencies are police, programme, support",
        ],
    ),
    (
        'side = "programme"',
        'side = "referrer"',
        [
            "error: line 12, agencies: no agency has the side “programme”: nobody works "
            "with the client",
            "error: line 56, components[1].agency: “programme” is on the side “referrer”, "
            "but here it must be programme: work with clients belongs to the programme side",
            "error: line 63, components[2].agency: “programme” is on the side “referrer”, "
            "but here it must be programme: work with clients belongs to the programme side",
            "error: line 95, staffing[1].agency: “programme” is on the side “referrer”, "
            "but here it must be programme: the role “facilitator” belongs to it",
        ],
    ),
    (
        'side = "safety"',
        'side = "referrer"',
        [
            "error: line 12, agencies: no agency has the side “safety”: nobody supports "
            "the partner",
            "error: line 75, components[3].agency: “support” is on the side “referrer”, "
            "but here it must be safety: partners are supported apart from the programme",
            "error: line 80, partner_support.agency: “support” is on the side “referrer”, "
            "but here it must be safety: partners are supported apart from the programme",
            "error: line 102, staffing[2].agency: “support” is on the side “referrer”, but "
            "here it must be safety: the role “partner_worker” belongs to it",
        ],
    ),
    (
        "count = 2",
        "count = 1",
        [
            "error: line 32, areas.count: 2 areas are named but the count is 1",
        ],
    ),
    (
        "count = 2",
        "count = 3",
        [
            "warning: line 35, areas.places: the count is 3 but 2 areas are named: "
            "referrals from others fit none",
        ],
    ),
    (
        "of_total = 9",
        "of_total = 1",
        [
            "error: line 33, areas.of_total: 2 areas cannot be part of 1 in all",
        ],
    ),
    (
        'route = "police"\nagencies',
        'route = "self"\nagencies',
        [
            "error: line 42, referral_routes[1].agencies: people who refer themselves are "
            "sent by no agency: remove it",
            "error: line 48, referral_files[1].route: no referral route “police” has the "
            "agency “police”",
        ],
    ),
    (
        'agencies = ["police"]\n',
        "",
        [
            "error: line 40, referral_routes[1].agencies: the agency that refers is missing",
            "error: line 47, referral_files[1].route: no referral route “police” has the "
            "agency “police”",
        ],
    ),
    (
        'route = "police"\n[referral_files.headers]',
        'route = "probation"\n[referral_files.headers]',
        [
            "error: line 48, referral_files[1].route: no referral route “probation” has "
            "the agency “police”",
        ],
    ),
    (
        '"Sags nr." = "reference"',
        '"Sags nr." = "reference"\n"SAGS  NR." = "name"',
        [
            'error: line 51, referral_files[1].headers."SAGS  NR.": this header already '
            "fills “reference”; it cannot fill “name” too",
        ],
    ),
    (
        '"Sags nr." = "reference"',
        '" " = "reference"',
        [
            'error: line 50, referral_files[1].headers." ": a header without a name fills no field',
        ],
    ),
    (
        "minimum_dose = { sessions = 12, ",
        "minimum_dose = { sessions = 21, ",
        [
            "error: line 68, components[2].minimum_dose.sessions: 21 sessions are needed "
            "but only 20 delivered",
        ],
    ),
    (
        "minimum_dose = { sessions = 12, ",
        "minimum_dose = { hours = 30.5, ",
        [
            "error: line 68, components[2].minimum_dose.hours: 30.5 hours are needed but "
            "only 30 delivered (20 sessions of 90 minutes)",
        ],
    ),
    (
        "minimum_dose = { sessions = 12, ",
        "minimum_dose = { ",
        [
            "error: line 68, components[2].minimum_dose: the least dose is missing: give "
            "sessions or hours",
        ],
    ),
    (
        "sessions = 20\n",
        "",
        [
            "error: line 67, components[2].minimum_dose.sessions: cannot be checked: the "
            "component does not say how many sessions",
        ],
    ),
    (
        'sessions = 20\nminutes = 90\nfacilitators = 2\nauthority = "Test"\nminimum_dose = '
        "{ sessions = 12, ",
        'sessions = 20\nfacilitators = 2\nauthority = "Test"\nminimum_dose = { hours = 12, ',
        [
            "error: line 67, components[2].minimum_dose.hours: cannot be checked: the "
            "component does not say sessions and minutes",
        ],
    ),
    (
        "least = 4",
        "least = 11",
        [
            "error: line 69, components[2].group_size.least: at least 11 people cannot be "
            "at most 10",
        ],
    ),
    (
        'authority = "Test"\n\n[[components]]\nid = "group"',
        'authority = "Test"\ngroup_size = { least = 2, most = 3, authority = "T" }\n\n'
        '[[components]]\nid = "group"',
        [
            "error: line 58, components[1].group_size: “assessment” is not work in a group",
        ],
    ),
    (
        "facilitators = 2",
        "facilitators = 1\nmixed_facilitators_wanted = true",
        [
            "error: line 67, components[2].mixed_facilitators_wanted: facilitators of "
            "different sexes are wanted, so facilitators must be 2 or more",
        ],
    ),
    (
        "facilitators = 2",
        'facilitators = 2\nlanguages = ["da", "en"]',
        [
            "error: line 67, components[2].languages[2]: the service does not list the "
            "language “en”",
        ],
    ),
    (
        'kind = "group"',
        'kind = "dads"',
        [
            "error: line 52, components: no component is a group or one-to-one work with "
            "the client",
        ],
    ),
    (
        'kind = "partner_support"',
        'kind = "assessment"',
        [
            "error: line 75, components[3].agency: “support” is on the side “safety”, but "
            "here it must be programme: work with clients belongs to the programme side",
            "error: line 80, partner_support.agency: no component of kind partner_support "
            "is delivered by “support”",
        ],
    ),
    (
        'stages = ["referred", "assessed", "suitable", "started", "closed"]',
        'stages = ["referred", "assessed"]',
        [
            "error: line 10, stages: every case passes “closed”: add it",
            "error: line 10, stages: every case passes “started”: add it",
        ],
    ),
    (
        'stages = ["referred", "assessed", "suitable", "started", "closed"]',
        'stages = ["referred", "started", "suitable", "suitable", "closed"]',
        [
            "error: line 10, stages[3]: “suitable” cannot come after “started”",
            "error: line 10, stages[4]: “suitable” cannot come after “suitable”",
        ],
    ),
    (
        "programme_contact_delay_hours = 48",
        "programme_contact_delay_hours = 24",
        [
            "error: line 90, clocks.programme_contact_delay_hours: 24 hours are too short: "
            "the worker of the partner may need 15 minutes (pull_cadence_minutes) and 24 "
            "hours (absence_notice_hours) to tell the partner first; write 25 or more",
        ],
    ),
    (
        'asked_of = "partner"\nauthority = "Test"\nschedule = [{ wave = "before", '
        'counted_from = "referred", days = 0, window_days = 30 }]',
        'asked_of = "client"\nauthority = "Test"\nschedule = [{ wave = "before", '
        'counted_from = "partner_first_contact", days = 0, window_days = 30 }]',
        [
            "error: line 126, measures[1].schedule[1].counted_from: a measure asked of the "
            "client would follow the partner's support and so reveal it: use referred, "
            "started, ended",
        ],
    ),
    (
        '[[agencies]]\nid = "police"',
        '[period]\nstarted_on = 2013-01-01\nended_on = 2012-12-31\nauthority = "Test"\n'
        '[[agencies]]\nid = "police"',
        [
            "error: line 14, period.ended_on: 2012-12-31 is before the start, 2013-01-01",
        ],
    ),
    (
        '[[costs]]\nid = "staff"',
        '[[funding]]\nid = "f"\nfunder = "F"\ncurrency = "EUR"\nfrom_on = 2013-01-01\nto_on '
        '= 2012-12-31\nauthority = "Test"\n[[costs]]\nid = "staff"',
        [
            "error: line 111, funding[1].to_on: 2012-12-31 is before the start, 2013-01-01",
        ],
    ),
    (
        "amount = 1000\n",
        "",
        [
            "error: line 106, costs[1]: an included cost needs its amount",
        ],
    ),
    (
        "price_year = 2024\n",
        "",
        [
            "warning: line 106, costs[1]: the amount has no price_year: every figure will say so",
        ],
    ),
    (
        'currency = "EUR"\nprice_year',
        'currency = "DKK"\nprice_year',
        [
            "error: line 110, costs[1].currency: included costs are added up in EUR; "
            "convert this line and say how in its note",
        ],
    ),
    (
        "fte = 1.5",
        'fte = 1.5\nauthority_of = { fte = "Budget", people = "Rota", sessions = "?" }',
        [
            "error: line 98, staffing[1].authority_of.sessions: this table has no "
            "“sessions” to give a source for",
        ],
    ),
    (
        "minimum_dose = { sessions = 12, ",
        'minimum_dose = { sessions = 12, authority_of.hours = "X", ',
        [
            "error: line 68, components[2].minimum_dose.authority_of.hours: this table has "
            "no “hours” to give a source for",
        ],
    ),
    (
        'agency = "support"\npeople = 2',
        'agency = "support"\npeople = 1',
        [
            "warning: line 93, staffing: a disclosure needs two approvers and this service "
            "has 1 (coordinator, partner_worker, safety_manager): nothing can be disclosed "
            "until it has two",
        ],
    ),
    (
        'role = "partner_worker"',
        'role = "coordinator"',
        [
            "warning: line 93, staffing: no one has the role “partner_worker”: nobody is "
            "named who supports partners",
            "warning: line 93, staffing: one approver of a disclosure must come from "
            "partner support, and this service has none who does",
        ],
    ),
    (
        'role = "partner_worker"',
        'role = "evaluator"',
        [
            "warning: line 93, staffing: a disclosure needs two approvers and this service "
            "has 0 (coordinator, partner_worker, safety_manager): nothing can be disclosed "
            "until it has two",
            "warning: line 93, staffing: no one has the role “partner_worker”: nobody is "
            "named who supports partners",
        ],
    ),
    (
        'role = "facilitator"',
        'role = "programme_manager"',
        [
            "warning: line 93, staffing: no one has the role “facilitator”: nobody is "
            "named who runs the programme",
        ],
    ),
]
AGREEING = [
    (
        'client_contacted_by = "programme"',
        'client_contacted_by = "police"\npartner_contacted_by = "support"\n'
        "contacted_separately = false",
    ),
    (
        "[clocks]",
        '[children]\nagency = "support"\ndelivered = ["group"]\nwhat = "Play"\n[clocks]',
    ),
    (
        "count = 2\n",
        "",
    ),
    (
        '"Sags nr." = "reference"',
        '"Sags nr." = "reference"\n"SAGS  NR." = "reference"',
    ),
    (
        "minimum_dose = { sessions = 12, ",
        "minimum_dose = { hours = 30, ",
    ),
    (
        "facilitators = 2",
        "facilitators = 2\nmixed_facilitators_wanted = true",
    ),
    (
        'stages = ["referred", "assessed", "suitable", "started", "closed"]',
        'stages = ["referred", "started", "minimum_dose", "closed"]',
    ),
    (
        'trigger = "referred"',
        'trigger = "assessed_suitable"',
    ),
    (
        'suitable", "started", "closed"]',
        'started", "closed"]',
    ),
    (
        'kind = "assessment"',
        'kind = "one_to_one"',
    ),
    (
        "programme_contact_delay_hours = 48",
        "programme_contact_delay_hours = 25",
    ),
    (
        'asked_of = "partner"',
        'asked_of = "client"',
    ),
    (
        'counted_from = "referred"',
        'counted_from = "partner_first_contact"',
    ),
    (
        '[[agencies]]\nid = "police"',
        '[period]\nstarted_on = 2013-01-01\nauthority = "Test"\n[[agencies]]\nid = "police"',
    ),
]


def sentences(path) -> list[str]:
    return [str(finding) for finding in check(path)]


@pytest.mark.parametrize(("old", "new", "said"), DISAGREEING, ids=range(len(DISAGREEING)))
def test_a_disagreement_is_answered_with_line_and_key(spoiled, old, new, said) -> None:
    assert sentences(spoiled((old, new))) == said


@pytest.mark.parametrize(("old", "new"), AGREEING, ids=range(len(AGREEING)))
def test_what_may_differ_between_services_is_not_remarked_on(spoiled, old, new) -> None:
    assert sentences(spoiled((old, new))) == []


def test_waiting_for_suitability_needs_a_stage_and_an_assessment(spoiled) -> None:
    path = spoiled(
        ('trigger = "referred"', 'trigger = "assessed_suitable"'),
        ('"assessed", "suitable", ', ""),
        ('kind = "assessment"', 'kind = "one_to_one"'),
    )
    assert sentences(path) == [
        "error: line 79, partner_support.trigger: partners wait for an assessment but no "
        "component is one",
        "error: line 79, partner_support.trigger: partners wait for “assessed_suitable” but no "
        "stage is “suitable”",
    ]


def test_a_minimum_dose_stage_needs_a_minimum_dose(spoiled) -> None:
    path = spoiled(
        ('"started", ', '"started", "minimum_dose", '),
        ('minimum_dose = { sessions = 12, authority = "Test" }\n', ""),
    )
    assert sentences(path) == [
        "error: line 10, stages: “minimum_dose” is used but no programme and no component has one"
    ]


def test_a_definition_with_only_warnings_can_be_used(spoiled) -> None:
    path = spoiled(('agency = "support"\npeople = 2', 'agency = "support"\npeople = 1'))
    assert [finding.level for finding in check(path)] == ["warning"]
    assert sum(staff.people for staff in approvers(load(path))) == 1


def test_every_contradiction_is_reported_at_once_and_warnings_with_them(spoiled) -> None:
    path = spoiled(
        ("least = 4", "least = 11"),
        ("count = 2", "count = 3"),
        ('agencies = ["police"]', 'agencies = ["police", "nobody"]'),
    )
    assert [(finding.level, finding.key) for finding in check(path)] == [
        ("warning", "areas.places"),
        ("error", "referral_routes[1].agencies[2]"),
        ("error", "components[2].group_size.least"),
    ]


def test_only_included_totals_count_towards_the_cost(spoiled) -> None:
    weekly = '[[costs]]\nid = "week"\ncategory = "contract"\namount = 125\ncurrency = "EUR"\n'
    weekly += 'basis = "per_week"\nprice_year = 2024\nincluded = true\nauthority = "Test"\n'
    path = spoiled(('[[costs]]\nid = "rent"', f'{weekly}[[costs]]\nid = "rent"'))
    assert load(path).included_cost() == 1000


def test_the_roles_are_those_of_the_wall_that_people_hold() -> None:
    assert set(ROLES) == {role.value for role in Role if not role.value.endswith("_system")}
    assert {role.value for role in APPROVER_ROLES} <= set(ROLES)


def test_the_closed_lists_are_those_of_the_schema() -> None:
    stages = Service.model_fields["stages"].annotation
    assert get_args(get_args(stages)[0]) == STAGES
    assert (ROUTES[0], len(ROUTES), len(STAGES)) == ("police", 10, 12)
