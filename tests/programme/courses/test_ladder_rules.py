"""The absence ladder: which steps a row of marks reaches, and what a correction takes back."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from casewall.programme.courses.absence.rules import (
    KnownAct,
    changes,
    due_at,
    may_be_done,
    phase_id,
    windows,
)
from casewall.programme.courses.rules import ActKind, ActState, Marked
from casewall.programme.curriculum.words import step_words
from casewall.services.load import shipped
from casewall.services.programmes import LadderStep, Notice, Template, template_of

PLAIN = template_of(shipped()["intervention-centre"], "counselling-course")
DAY = date(2036, 3, 4)
PHASES = {"a": "first", "b": "second", "": ""}

MARKS: dict[str, dict[str, Any]] = {
    "+": {"attended": True, "complied": True},
    "l": {"attended": True, "complied": True, "late": True},
    "n": {"attended": True, "complied": False},
    "e": {"attended": False, "complied": True},
    "x": {"attended": False, "complied": False},
    "m": {"attended": False, "complied": False, "made_up": True},
}
"""+ attended, l late, n there without taking part, e accepted, x not accepted, m made up."""


def row(text: str, modules: str = "") -> list[Marked]:
    """Marks written as signs, one session a week, numbered from 1; modules beside them."""
    return [
        Marked(
            UUID(int=n),
            DAY + timedelta(weeks=n),
            minutes=0,
            **MARKS[sign],
            module=modules[n - 1 : n],
        )
        for n, sign in enumerate(text, 1)
    ]


def step(
    counting: str,
    after: int,
    within: str = "course",
    proposes: tuple[str, ...] = ("call",),
    name: str = "step",
) -> LadderStep:
    return LadderStep(
        id=name,
        after=after,
        counting=counting,  # type: ignore[arg-type]
        within=within,
        proposes=proposes,  # type: ignore[arg-type]
        authority="invented for this test",
    )


def reached(one: LadderStep, text: str, modules: str = "") -> list[int]:
    """The numbers of the sessions at which a step is reached."""
    found = windows(one, row(text, modules), PHASES.__getitem__)
    return sorted(window.reached_at.int for window in found if window.reached_at)


@pytest.mark.parametrize(
    ("after", "marks", "sessions"),
    [
        (1, "", []),
        (1, "+++", []),
        (1, "x", [1]),
        (1, "xx", [1]),
        (1, "x+x", [1, 3]),
        (2, "x", []),
        (2, "xx", [2]),
        (2, "xxx", [2]),
        (2, "x+x", []),
        (2, "xx+xx", [2, 5]),
        (3, "xxx", [3]),
        (3, "xx+x", []),
        (2, "xex", []),
        (2, "xlx", []),
        (2, "xnx", []),
        (2, "xmx", []),
        (2, "xxm", [2]),
        (2, "xmxx", [4]),
        (1, "ee", []),
        (1, "m", []),
    ],
)
def test_unaccepted_absences_in_a_row(after: int, marks: str, sessions: list[int]) -> None:
    assert reached(step("unaccepted_in_a_row", after), marks) == sessions


@pytest.mark.parametrize(
    ("counting", "after", "marks", "sessions"),
    [
        ("unaccepted", 2, "x+x", [3]),
        ("unaccepted", 2, "x+xxx", [3]),
        ("unaccepted", 2, "xee", []),
        ("unaccepted", 2, "xmx", [3]),
        ("unaccepted", 3, "xmx", []),
        ("absences", 2, "x+e", [3]),
        ("absences", 3, "xme", [3]),
        ("absences", 2, "ln+", []),
        ("late", 2, "l+l", [3]),
        ("late", 2, "lll", [2]),
        ("late", 1, "xe+", []),
    ],
)
def test_counts_over_the_course(counting: str, after: int, marks: str, sessions: list[int]) -> None:
    assert reached(step(counting, after), marks) == sessions


@pytest.mark.parametrize(
    ("counting", "marks", "modules", "sessions"),
    [
        ("absences", "xx", "ab", []),
        ("absences", "xx", "aa", [2]),
        ("absences", "xexx", "abab", [3, 4]),
        ("unaccepted_in_a_row", "xx", "ab", []),
        ("unaccepted_in_a_row", "xxxx", "aabb", [2, 4]),
        ("unaccepted_in_a_row", "x+x", "aaa", []),
        ("late", "lll", "aba", [3]),
    ],
)
def test_counts_begin_again_with_each_phase(
    counting: str, marks: str, modules: str, sessions: list[int]
) -> None:
    assert reached(step(counting, 2, "phase"), marks, modules) == sessions


# --- what a register changes -------------------------------------------------------------


def with_ladder(*steps: LadderStep, **more: Any) -> Template:
    return PLAIN.model_copy(
        update={"programme": PLAIN.programme.model_copy(update={"ladder": steps, **more})}
    )


CALL = step("unaccepted_in_a_row", 1, name="first")
LETTER = step("unaccepted_in_a_row", 2, proposes=("letter", "review"), name="second")
LADDER = with_ladder(CALL, LETTER)
ALL = [UUID(int=n) for n in range(1, 20)]


def act(session: int, name: str, kind: ActKind, state: ActState = ActState.PROPOSED) -> KnownAct:
    return KnownAct(uuid4(), UUID(int=session), name, kind, state)


def proposed(
    text: str, known: tuple[KnownAct, ...] = (), since: int = 1, template: Template = LADDER
) -> list[tuple[int, str, str]]:
    found = changes(template, row(text), known, since=ALL[since - 1 :])
    return [(session.int, name, kind.value) for session, name, kind in found.propose]


def test_a_register_proposes_every_act_of_the_steps_that_it_reaches() -> None:
    assert proposed("x") == [(1, "first", "call")]
    assert proposed("xx") == [
        (1, "first", "call"),
        (2, "second", "letter"),
        (2, "second", "review"),
    ]


def test_nothing_is_proposed_for_sessions_before_the_register() -> None:
    assert proposed("xx+x", since=4) == [(4, "first", "call")]


def test_the_same_register_again_changes_nothing() -> None:
    known = (
        act(1, "first", ActKind.CALL),
        act(2, "second", ActKind.LETTER),
        act(2, "second", ActKind.REVIEW),
    )
    found = changes(LADDER, row("xx"), known, since=ALL)
    assert (found.propose, found.propose_again, found.withdraw) == ([], [], [])


def test_a_corrected_mark_takes_back_what_was_only_proposed() -> None:
    first, second = act(1, "first", ActKind.CALL), act(2, "second", ActKind.LETTER)
    found = changes(LADDER, row("x+"), (first, second), since=ALL[1:])
    assert found.withdraw == [second.id]
    assert found.propose == []
    found = changes(
        LADDER,
        row("x+"),
        (first, act(2, "second", ActKind.LETTER, ActState.ACCEPTED)),
        since=ALL[1:],
    )
    assert found.withdraw == []


def test_an_act_that_was_taken_back_can_be_proposed_again() -> None:
    gone = act(1, "first", ActKind.CALL, ActState.WITHDRAWN)
    found = changes(LADDER, row("x"), [gone], since=ALL)
    assert found.propose_again == [gone.id]
    assert (found.propose, found.withdraw) == ([], [])


@pytest.mark.parametrize("state", [ActState.ACCEPTED, ActState.DONE, ActState.DISMISSED])
def test_a_decided_act_answers_its_step_for_the_whole_row(state: ActState) -> None:
    # The first session was corrected to an absence, so that the row begins earlier.
    known = (act(2, "first", ActKind.CALL, state),)
    assert proposed("xx", known) == [(2, "second", "letter"), (2, "second", "review")]
    # In another row it is a new absence.
    assert proposed("xx+x", known, since=4) == [(4, "first", "call")]


def test_a_step_over_the_course_is_answered_once() -> None:
    ladder = with_ladder(step("absences", 2, name="over"))
    known = (act(2, "over", ActKind.CALL, ActState.DONE),)
    assert proposed("ee", template=ladder) == [(2, "over", "call")]
    # The first absence was made up for or corrected: the step is reached later, and answered.
    assert proposed("+ee", known, template=ladder) == []
    assert proposed("+ee", template=ladder) == [(3, "over", "call")]


def test_a_catch_up_takes_the_act_back() -> None:
    known = (act(1, "first", ActKind.CALL),)
    assert changes(LADDER, row("m+"), known, since=ALL[1:]).withdraw == [known[0].id]


def test_a_module_without_a_phase_counts_with_the_others() -> None:
    assert (
        phase_id(
            PLAIN.model_copy(
                update={"programme": PLAIN.programme.model_copy(update={"phases": ()})}
            ),
            PLAIN.programme.modules[0].id,
        )
        == ""
    )
    phased = template_of(shipped()["your-choice"], "safer-respectful")
    assert phase_id(phased, phased.programme.phases[1].modules[0]) == phased.programme.phases[1].id


# --- when it falls due -------------------------------------------------------------------

SAVED = datetime(2036, 3, 4, 20, 17, tzinfo=UTC)
NOTICES = (
    Notice(of="exit", within_days=3, authority="invented for this test"),
    Notice(of="absence", within_days=5, authority="invented for this test"),
)


@pytest.mark.parametrize(
    ("kind", "notices", "delay", "hours"),
    [
        (ActKind.CALL, NOTICES, 48, 48),
        (ActKind.LETTER, NOTICES, 48, 48),
        (ActKind.CALL, (), 30, 30),
        (ActKind.REFERRER_NOTICE, NOTICES, 48, 5 * 24),
        (ActKind.REFERRER_NOTICE, (), 48, 7 * 24),
        (ActKind.REFERRER_NOTICE, NOTICES, 200, 200),
        (ActKind.REVIEW, NOTICES, 48, 7 * 24),
    ],
)
def test_what_contacts_the_client_falls_due_a_fixed_interval_after_the_register(
    kind: ActKind, notices: tuple[Notice, ...], delay: int, hours: int
) -> None:
    template = with_ladder(CALL, notices=notices).model_copy(update={"contact_delay_hours": delay})
    assert due_at(kind, template, SAVED) == SAVED + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("kind", "state", "early", "allowed", "says"),
    [
        (ActKind.CALL, ActState.ACCEPTED, False, True, "can be marked"),
        (ActKind.CALL, ActState.PROPOSED, False, True, "can be marked"),
        (ActKind.CALL, ActState.ACCEPTED, True, False, "falls due on 4 March 2036 at 20:17"),
        (ActKind.LETTER, ActState.ACCEPTED, True, False, "the same interval after every register"),
        (ActKind.REVIEW, ActState.ACCEPTED, True, True, "can be marked"),
        (ActKind.REFERRER_NOTICE, ActState.ACCEPTED, True, True, "can be marked"),
        (ActKind.CALL, ActState.DISMISSED, False, False, "dismissed"),
        (ActKind.CALL, ActState.WITHDRAWN, False, False, "mark corrected"),
    ],
)
def test_an_act_is_done_when_it_is_open_and_contact_when_it_is_due(
    kind: ActKind, state: ActState, early: bool, allowed: bool, says: str
) -> None:
    now = SAVED - timedelta(minutes=1) if early else SAVED
    decision = may_be_done(kind, state, SAVED, now)
    assert bool(decision) is allowed
    assert says in decision.reason


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (step("unaccepted_in_a_row", 1), "An absence that was not accepted"),
        (step("unaccepted_in_a_row", 2), "2 absences in a row that were not accepted"),
        (step("unaccepted", 1), "The first absence that was not accepted"),
        (step("unaccepted", 3), "3 absences that were not accepted"),
        (step("absences", 1), "The first absence"),
        (step("absences", 2, "phase"), "2 absences of any kind within a phase"),
        (step("late", 1), "Late for the first time"),
        (step("late", 3), "Late 3 times"),
    ],
)
def test_a_step_in_words(one: LadderStep, words: str) -> None:
    assert step_words(one) == words
