"""What is asked of a client beside the violence: needs, declared children, help elsewhere.

Sources: field guide, sections 3.2 and 3.14 and requirements 30, 53, 54 and 79; the kinds of help
elsewhere are those of the Danish Intervention Centre and of service definitions. Pure.
"""

from __future__ import annotations

from enum import StrEnum

from casewall.services.circumstance_rules import MOST_MONTHS
from casewall.wall.decide import Decision


class NeedKind(StrEnum):
    """What a client may need help with."""

    MENTAL_HEALTH = "mental_health"
    ALCOHOL = "alcohol"
    DRUGS = "drugs"
    PHYSICAL_HEALTH = "physical_health"
    HOUSING = "housing"
    WORK = "work"
    DEBTS = "debts"
    RESIDENCE = "residence"
    LEARNING = "learning"


class Level(StrEnum):
    """How much help is needed. *Not known* is never *none*."""

    NONE = "none"
    SOME = "some"
    SERIOUS = "serious"
    NOT_KNOWN = "not_known"


class Declared(StrEnum):
    """What was said of partners or children: *none* is an answer, *not said* is not."""

    NONE = "none"
    SOME = "some"
    NOT_SAID = "not_said"


class Of(StrEnum):
    """Of whom a number is stated."""

    PARTNERS = "partners"
    CHILDREN = "children"


class Lives(StrEnum):
    """With whom a child lives, as stated."""

    WITH_CLIENT = "with_client"
    WITH_OTHER_PARENT = "with_other_parent"
    SHARED = "shared"
    IN_CARE = "in_care"
    ELSEWHERE = "elsewhere"
    NOT_SAID = "not_said"


class Since(StrEnum):
    """For how long violence has gone on, as stated."""

    UNDER_A_YEAR = "under_a_year"
    ONE_TO_FIVE = "one_to_five"
    SIX_TO_TEN = "six_to_ten"
    OVER_TEN = "over_ten"
    NOT_SAID = "not_said"


class Violence(StrEnum):
    """Kinds of violence, as stated."""

    PHYSICAL = "physical"
    SEXUAL = "sexual"
    THREATS = "threats"
    CONTROL = "control"
    STALKING = "stalking"
    ECONOMIC = "economic"
    EMOTIONAL = "emotional"
    OF_CHILDREN = "of_children"


class Help(StrEnum):
    """Kinds of help elsewhere: those of a service definition's onward links."""

    SOCIAL = "social"
    PSYCHOLOGICAL = "psychological"
    PSYCHIATRIC = "psychiatric"
    SUBSTANCE = "substance"
    LEGAL = "legal"


class HelpOutcome(StrEnum):
    """What came of referring a client to help elsewhere."""

    WAITING = "waiting"
    BEGAN = "began"
    COMPLETED = "completed"
    LEFT = "left"
    DECLINED = "declined"
    NOT_ACCEPTED = "not_accepted"
    NOT_KNOWN = "not_known"


class Concern(StrEnum):
    """Why somebody is referred to those who protect children or adults."""

    CHILD_HARM = "child_harm"
    CHILD_SEES_VIOLENCE = "child_sees_violence"
    CHILD_NEGLECT = "child_neglect"
    UNBORN_CHILD = "unborn_child"
    ADULT_AT_RISK = "adult_at_risk"


class SafeguardingOutcome(StrEnum):
    """What the authority did with a safeguarding referral."""

    WAITING = "waiting"
    NO_ACTION = "no_action"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    PROTECTION = "protection"
    NOT_KNOWN = "not_known"


OPEN_HELP = frozenset({HelpOutcome.WAITING, HelpOutcome.BEGAN})
"""Outcomes that may still change, so that somebody asks again."""

ASK_AGAIN_DAYS = 28
"""Calendar days after which the outcome of help elsewhere is asked for. Default of ours."""

SAFEGUARDING_ASK_DAYS = 7
"""Calendar days after which the outcome of a safeguarding referral is asked for. Default of ours.
"""

MOST_DECLARED = 40
"""More partners or children than this is taken for a slip of the pen."""


def number_fits(answer: Declared, number: int | None) -> Decision:
    """Whether a number goes with an answer: only *some* has one, and it may still be unknown."""
    if answer is not Declared.SOME and number is not None:
        return Decision(False, "A number goes with “some” only: take it away or choose “some”.")
    if number is not None and number < 1:
        return Decision(False, "“Some” is one or more; where there are none, choose “none”.")
    if number is not None and number > MOST_DECLARED:
        return Decision(False, f"{number} is more than {MOST_DECLARED}: look at the number again.")
    return Decision(True, "The number fits the answer.")


_MONTHS = {
    Since.UNDER_A_YEAR: (0, 11),
    Since.ONE_TO_FIVE: (12, 71),
    Since.SIX_TO_TEN: (72, 131),
    Since.OVER_TEN: (120, MOST_MONTHS),
}
"""The months that go with a duration: five years and eleven months are still five years, and
ten years and a day are over ten."""


def months_fit(since: Since, months: int | None) -> Decision:
    """Whether a number of months lies within the duration that was chosen beside it."""
    if months is None:
        return Decision(True, "The months were not said.")
    if since is Since.NOT_SAID:
        return Decision(False, "A number goes with a duration only: choose one, or take it away.")
    first, last = _MONTHS[since]
    if first <= months <= last:
        return Decision(True, "The months fit the duration.")
    return Decision(False, f"The duration that is chosen is {first} to {last} months, "
                           f"not {months}: change one of them.")


def in_words(answer: Declared, number: int | None) -> str:
    """An answer as people read it; *not said* stays apart from *none*."""
    match answer:
        case Declared.NONE:
            return "none"
        case Declared.NOT_SAID:
            return "not said"
        case Declared.SOME:
            return str(number) if number is not None else "some, number not said"
    raise AssertionError("every answer has its case above")
