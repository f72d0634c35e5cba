"""Good practice for victim safety, practice by practice: the rule that enforces it, and its test.

Source: the list "good practice for victim safety" of the European network's slides, and the
themes of its guidelines on partner contact, who contacts, risk and format. The words are ours.
`casewall wall docs` writes the table; a test imports every rule and finds every test.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Practice:
    """One practice, what Casewall does for it, its rules (dotted paths) and its tests.

    A test is `path::name` below the folder `tests`.
    """

    name: str
    means: str
    rules: tuple[str, ...]
    tests: tuple[str, ...]


PRACTICES: tuple[Practice, ...] = (
    Practice(
        "Victim information stays confidential",
        "Nothing on the programme side changes, in any byte, because of what the partner says, "
        "answers or does; only a disclosure that two workers approved crosses, once.",
        (
            "casewall.wall.decide.may_cross",
            "casewall.safety.coordination.rules.may_approve",
            "casewall.safety.coordination.overlap.shared_runs",
        ),
        (
            "wall/test_worlds.py::test_the_programme_database_is_equal_to_the_last_byte",
            "wall/test_worlds.py::test_every_programme_page_is_equal_to_the_last_byte",
            "safety/coordination/test_disclosure_rules.py"
            "::test_one_of_two_approvers_is_from_partner_support",
            "safety/coordination/test_overlap.py::test_five_words_in_a_row_are_always_found",
        ),
    ),
    Practice(
        "Beware of the partner's expectations of change",
        "Whatever a partner is told of the programme stands beside a fixed sentence: completion "
        "guarantees nothing. There is no score of progress to tell.",
        ("casewall.safety.partners.rules.CAVEAT", "casewall.safety.pulled.rules.notice_for"),
        (
            "safety/partners/test_rules.py::test_the_caveat_promises_nothing",
            "safety/support/test_actions.py::test_an_expectation_says_whether_the_caveat_was_told",
        ),
    ),
    Practice(
        "No couple counselling, couple therapy or mediation",
        "No closed list of either side has a kind for it, and a service definition that names it "
        "is refused with key and line.",
        ("casewall.services.couple_rules.word_for_both",),
        (
            "services/test_couple_work.py::test_no_closed_list_of_either_side_has_a_kind_for_it",
            "services/test_couple_work.py"
            "::test_a_definition_with_couple_work_is_refused_with_key_and_line",
        ),
    ),
    Practice(
        "The parties never meet by our planning",
        "An appointment of this side that would bring the parties together in place or hour is "
        "refused; a later booking of the programme succeeds, and the partner's is moved.",
        ("casewall.safety.bookings.rules.may_book",),
        (
            "safety/bookings/test_guard_rules.py"
            "::test_ten_thousand_attempts_to_bring_the_parties_together_are_all_refused",
            "safety/bookings/test_two_worlds.py"
            "::test_every_programme_booking_succeeds_with_the_same_bytes",
        ),
    ),
    Practice(
        "Beware of manipulation of services",
        "What the client says of a partner is kept as the client's statement: it makes no file, "
        "changes none, and names no contact detail that is used.",
        ("casewall.safety.pulled.models.PulledDeclaration",),
        (
            "safety/roles/test_his_statements.py"
            "::test_a_declaration_neither_makes_nor_changes_a_partner",
            "safety/roles/test_his_statements.py"
            "::test_the_pull_has_no_hand_on_a_partner_s_own_record",
        ),
    ),
    Practice(
        "Who presents as the victim is looked at before anyone is called one",
        "Neutral labels, a grid in both directions, signs that are not counted, and a second "
        "worker's sign-off; a later correction opens nothing of an earlier assessment.",
        ("casewall.safety.roles.rules.fits", "casewall.safety.roles.rules.may_sign"),
        (
            "safety/roles/test_role_pages.py::test_no_page_says_who_is_what_before_the_sign_off",
            "safety/roles/test_role_actions.py"
            "::test_a_later_correction_opens_nothing_of_an_earlier_one",
        ),
    ),
    Practice(
        "Accountability without victim blaming",
        "Phrases that blame a victim or shame a client are pointed out while a note is written, "
        "with other words and the reason. Nothing is blocked.",
        ("casewall.pages.wording.pointed_out",),
        (
            "pages/test_wording.py::test_a_form_asks_once_and_then_saves",
            "programme/notes/test_note_wording.py"
            "::test_the_first_answer_points_out_and_the_second_saves",
        ),
    ),
    Practice(
        "Specialist support for the victim, of its own",
        "A partner's file needs no client, and no client's exit closes it; a period of support "
        "has an end of its own.",
        (
            "casewall.safety.partners.models.PartnerFile.is_open",
            "casewall.safety.support.rules.planned_end",
        ),
        (
            "safety/test_taking_in.py::test_one_and_two_party_rows_are_split",
            "safety/support/test_actions.py::test_support_begins_once_and_has_an_end_of_its_own",
        ),
    ),
    Practice(
        "Contact is safe, voluntary and made by somebody else than the client's worker",
        "No way of contact is safe until somebody has confirmed it; no account works on both "
        "sides, and no agency of the programme contacts a partner.",
        (
            "casewall.safety.partners.rules.may_use",
            "casewall.services.agency_rules.CONTRADICTIONS",
        ),
        (
            "safety/partners/test_rules.py::test_a_channel_is_used_only_as_confirmed",
            "safety/pages/test_recording.py"
            "::test_an_unsafe_channel_stops_with_its_reason_and_the_safe_ways",
        ),
    ),
    Practice(
        "The partner hears of risk, refusal and drop-out",
        "What the programme records of a linked client becomes a task of the partner's worker "
        "at the next pull, before the programme's own acts fall due.",
        (
            "casewall.safety.pulled.rules.notice_for",
            "casewall.safety.pulled.rules.notice_of_decision",
        ),
        ("story/test_one_family.py::test_one_family",),
    ),
)


def as_table() -> str:
    """The practices as a Markdown table."""
    head = "| practice | what Casewall does | rule | test |\n| --- | --- | --- | --- |\n"
    return head + "".join(
        f"| {one.name} | {one.means} | {_ticked(one.rules)} | {_ticked(one.tests)} |\n"
        for one in PRACTICES
    )


def _ticked(names: tuple[str, ...]) -> str:
    return "<br>".join(f"`{name}`" for name in names)
