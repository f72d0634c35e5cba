"""The rules of who does what to whom, row by row."""

from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.safety.roles import rules
from casewall.safety.roles.rules import (
    FITTING,
    UNDER_WAY,
    Outcome,
    Person,
    State,
    fits,
    may_ask,
    may_set_aside,
    may_sign,
    may_write,
    sees_material,
)
from casewall.safety.roles.words import worded, words_of

VICTIM, PERPETRATOR = Outcome.PRIMARY_VICTIM, Outcome.PRIMARY_PERPETRATOR
RESISTS, OPEN_END = Outcome.VIOLENT_RESISTANCE, Outcome.UNDETERMINED
KINDS = [
    kind for kind in vars(rules).values()
    if isinstance(kind, type) and issubclass(kind, rules.StrEnum) and kind is not rules.StrEnum
]  # fmt: skip


@given(of_a=st.sampled_from(Outcome), of_b=st.sampled_from(Outcome))
def test_which_of_the_two_is_called_a_makes_no_difference(of_a: Outcome, of_b: Outcome) -> None:
    assert fits(of_a, of_b).allowed is fits(of_b, of_a).allowed is ((of_a, of_b) in FITTING)


@pytest.mark.parametrize(
    ("of_a", "of_b", "says"),
    [
        (PERPETRATOR, VICTIM, "fit together"),
        (OPEN_END, OPEN_END, "fit together"),
        (RESISTS, PERPETRATOR, "fit together"),
        (OPEN_END, VICTIM, "said of both people, or of neither"),
        (PERPETRATOR, PERPETRATOR, "Two primary perpetrators cannot be"),
        (VICTIM, VICTIM, "One of the two must be the primary perpetrator"),
        (RESISTS, VICTIM, "One of the two must be the primary perpetrator"),
        (RESISTS, RESISTS, "One of the two must be the primary perpetrator"),
    ],
)
def test_two_outcomes_make_one_conclusion_or_the_reason_why_not(
    of_a: Outcome, of_b: Outcome, says: str
) -> None:
    assert says in fits(of_a, of_b).reason


@pytest.mark.parametrize(("state", "is_author"), list(product(State, (True, False))))
def test_only_the_author_writes_and_only_while_it_is_open(state: State, is_author: bool) -> None:
    assert may_write(state, is_author).allowed is (state is State.OPEN and is_author)


@pytest.mark.parametrize(("state", "is_author"), list(product(State, (True, False))))
def test_a_second_worker_signs_what_waits(state: State, is_author: bool) -> None:
    assert may_sign(state, is_author).allowed is (state is State.WAITING and not is_author)


@pytest.mark.parametrize(
    ("state", "is_author", "is_manager"), list(product(State, (True, False), (True, False)))
)
def test_author_or_manager_set_aside_what_is_under_way(
    state: State, is_author: bool, is_manager: bool
) -> None:
    allowed = may_set_aside(state, is_author, is_manager).allowed
    assert allowed is (state in UNDER_WAY and (is_author or is_manager))


@pytest.mark.parametrize(
    ("incidents", "of_a", "of_b", "says"),
    [
        (0, VICTIM, PERPETRATOR, "at least one incident"),
        (1, None, PERPETRATOR, "what you conclude of both"),
        (1, VICTIM, None, "what you conclude of both"),
        (1, VICTIM, VICTIM, "must be the primary perpetrator"),
        (1, VICTIM, PERPETRATOR, "fit together"),
    ],
)
def test_what_a_second_worker_needs_to_see_first(
    incidents: int, of_a: Outcome | None, of_b: Outcome | None, says: str
) -> None:
    assert says in may_ask(incidents, of_a, of_b).reason


WHO = ("is_author", "is_signer", "is_manager", "is_coordinator")


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("who", list(product((True, False), repeat=4)))
def test_material_is_for_author_signer_and_manager_and_for_who_could_sign(
    state: State, who: tuple[bool, ...]
) -> None:
    author, signer, manager, coordinator = who
    sees = sees_material(state, **dict(zip(WHO, who, strict=True)))
    could_sign = coordinator and state is State.WAITING
    assert sees is (author or signer or manager or could_sign)


def test_each_person_is_the_other_of_the_other() -> None:
    assert [person.other for person in Person] == [Person.B, Person.A]


@pytest.mark.parametrize("kind", KINDS)
def test_every_code_has_words_of_its_own_and_no_number(kind: type) -> None:
    said = [words for _, words in worded(kind)]
    assert len(set(said)) == len(said) > 0
    assert not any(sign.isdigit() or sign == "_" for words in said for sign in words)


def test_nothing_counts_the_signs() -> None:
    assert words_of(Outcome, "undetermined") == "Mutual or undetermined"
    assert not any(name in vars(rules) for name in ("score", "total", "points"))
