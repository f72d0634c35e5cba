"""Who does what to whom: what is asked, what can be concluded, and who signs it off.

Source: field guide, section 3.11. Whoever comes first or speaks best is not for that reason the
victim: the two are Person A and Person B until a second worker has signed a conclusion off. The
signs are codes without a total, since no number of signs makes a conclusion.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum

from casewall.wall.decide import Decision


class Person(StrEnum):
    """The two people of an assessment: A is the person of the file, B the other one."""

    A = "a"
    B = "b"

    @property
    def other(self) -> Person:
        """The one to whom it was done."""
        return Person.B if self is Person.A else Person.A


class Act(StrEnum):
    """What one did to the other."""

    PHYSICAL = "physical"
    STRANGLING = "strangling"
    SEXUAL = "sexual"
    THREATS = "threats"
    WEAPON = "weapon"
    CONTROL = "control"
    DEGRADING = "degrading"
    ISOLATION = "isolation"
    MONEY = "money"
    STALKING = "stalking"
    DIGITAL = "digital"
    PROPERTY = "property"
    THROUGH_CHILDREN = "through_children"


class Setting(StrEnum):
    """How it came about."""

    BEGAN_IT = "began_it"
    ANSWERED = "answered"
    PROTECTED = "protected"
    NOT_KNOWN = "not_known"


class HowOften(StrEnum):
    """Once, or a pattern: one incident of a pattern tells more than itself."""

    ONCE = "once"
    SEVERAL_TIMES = "several_times"
    FOR_A_LONG_TIME = "for_a_long_time"
    NOT_KNOWN = "not_known"


class Consequence(StrEnum):
    """What followed for the one to whom it was done."""

    CHANGED_HABITS = "changed_habits"
    LEFT_HOME = "left_home"
    LOST_CONTACTS = "lost_contacts"
    LOST_WORK_OR_MONEY = "lost_work_or_money"
    HEALTH = "health"
    CHILDREN = "children"
    POLICE = "police"
    NONE = "none"
    NOT_KNOWN = "not_known"


class Fear(StrEnum):
    """How afraid the one to whom it was done was, or is."""

    NONE = "none"
    SOME = "some"
    STRONG = "strong"
    FOR_LIFE = "for_life"
    NOT_KNOWN = "not_known"


class Injury(StrEnum):
    """The injury of the one to whom it was done."""

    NONE = "none"
    SLIGHT = "slight"
    NEEDED_TREATMENT = "needed_treatment"
    LIFE_THREATENING = "life_threatening"
    NOT_KNOWN = "not_known"


class Source(StrEnum):
    """Who says so. What a person says of the other stays that person's statement."""

    PERSON_A = "person_a"
    PERSON_B = "person_b"
    POLICE = "police"
    REFERRER = "referrer"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    WITNESS = "witness"
    WORKER = "worker"


class Sign(StrEnum):
    """What a worker noticed in how a person tells it."""

    VAGUE = "vague"
    BLAMES = "blames"
    LITTLE_EMPATHY = "little_empathy"
    LITTLE_FEAR = "little_fear"
    AGGRIEVED = "aggrieved"
    DETAILED = "detailed"
    ASHAMED = "ashamed"
    CONFUSED = "confused"
    AFRAID = "afraid"
    TAKES_BLAME = "takes_blame"


class Outcome(StrEnum):
    """What an assessment concludes of one person."""

    PRIMARY_PERPETRATOR = "primary_perpetrator"
    PRIMARY_VICTIM = "primary_victim"
    VIOLENT_RESISTANCE = "violent_resistance"
    UNDETERMINED = "undetermined"


class State(StrEnum):
    """Where an assessment stands."""

    OPEN = "open"
    WAITING = "waiting"
    CONCLUDED = "concluded"
    SET_ASIDE = "set_aside"


UNDER_WAY = frozenset({State.OPEN, State.WAITING})
"""States in which the roles are not known yet, or not known again."""

FITTING = frozenset(
    {
        (Outcome.PRIMARY_PERPETRATOR, Outcome.PRIMARY_VICTIM),
        (Outcome.PRIMARY_PERPETRATOR, Outcome.VIOLENT_RESISTANCE),
        (Outcome.PRIMARY_VICTIM, Outcome.PRIMARY_PERPETRATOR),
        (Outcome.VIOLENT_RESISTANCE, Outcome.PRIMARY_PERPETRATOR),
        (Outcome.UNDETERMINED, Outcome.UNDETERMINED),
    }
)
"""What can be concluded of Person A and Person B together."""

SIGN_OFF_DAYS = 5
"""Working days within which a second worker looks at a conclusion. Default of ours."""


def fits(of_a: Outcome, of_b: Outcome) -> Decision:
    """Whether two outcomes make one conclusion."""
    if (of_a, of_b) in FITTING:
        return Decision(True, "The two outcomes fit together.")
    if Outcome.UNDETERMINED in (of_a, of_b):
        return Decision(
            False, "“Mutual or undetermined” is said of both people, or of neither of them."
        )
    if of_a is of_b is Outcome.PRIMARY_PERPETRATOR:
        return Decision(
            False, "Two primary perpetrators cannot be: choose “mutual or undetermined” for both."
        )
    return Decision(
        False, "One of the two must be the primary perpetrator, or both “mutual or undetermined”."
    )


def is_whole(
    acts: Collection[Act],
    consequences: Collection[Consequence],
    what: str,
    happened_on: date | None,
    today: date,
) -> Decision:
    """Whether a row of the grid says what a row must say."""
    if not acts:
        return Decision(False, "Choose at least one thing that was done.")
    if not consequences:
        return Decision(
            False, "Say what followed; “nothing followed” and “not known” are answers as well."
        )
    if len(consequences) > 1 and {Consequence.NONE, Consequence.NOT_KNOWN} & set(consequences):
        return Decision(
            False, "“Nothing followed” and “not known” stand alone: choose one, or the others."
        )
    if happened_on is not None and happened_on > today:
        return Decision(False, f"{happened_on:%-d %B %Y} has not come yet.")
    if not what.strip():
        return Decision(False, "Say in words what was done.")
    return Decision(True, "The row says who did what, and what followed.")


def may_write(state: State, is_author: bool) -> Decision:
    """Whether somebody may still write in an assessment."""
    if state is State.WAITING:
        return Decision(False, "This assessment waits for its sign-off and cannot be changed now.")
    if state not in UNDER_WAY:
        return Decision(
            False, "This assessment is finished. What turns out otherwise is a new one."
        )
    if not is_author:
        return Decision(False, "Only the worker who began an assessment writes in it.")
    return Decision(True, "The author may write until it is put to a second worker.")


def may_ask(incidents: int, of_a: Outcome | None, of_b: Outcome | None) -> Decision:
    """Whether an assessment can be put to a second worker."""
    if not incidents:
        return Decision(False, "Write down at least one incident first.")
    if of_a is None or of_b is None:
        return Decision(False, "Write down what you conclude of both people first.")
    return fits(of_a, of_b)


def may_sign(state: State, is_author: bool) -> Decision:
    """Whether somebody may sign a conclusion off, or return it."""
    if state is not State.WAITING:
        return Decision(False, "This assessment does not wait for a sign-off.")
    if is_author:
        return Decision(False, "Somebody else signs off than the worker who made the assessment.")
    return Decision(True, "A second worker may sign it off or return it.")


def may_set_aside(state: State, is_author: bool, is_manager: bool) -> Decision:
    """Whether somebody may set an assessment aside without a conclusion."""
    if state not in UNDER_WAY:
        return Decision(False, "This assessment is finished: it cannot be set aside.")
    if not (is_author or is_manager):
        return Decision(False, "Its author or a safety manager sets an assessment aside.")
    return Decision(True, "It may be set aside; what was written stays.")


def sees_material(
    state: State, *, is_author: bool, is_signer: bool, is_manager: bool, is_coordinator: bool
) -> bool:
    """Whether somebody who sees the file also sees what an assessment was made from.

    Its author, its signer and the safety manager do; a coordinator while it waits, since
    somebody must be able to sign. A later assessment opens nothing of an earlier one.
    """
    return is_author or is_signer or is_manager or (is_coordinator and state is State.WAITING)
