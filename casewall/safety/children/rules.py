"""Rules about children: who they are to whom, plans, work with them, and how they are counted.

Sources: field guide, section 3.10 and requirements 53 and 54 (each child once, linked to adults
with relationship, parental responsibility, residence and contact; plan status with its days; a
safeguarding log with threshold and outcome that overrides walls); section 5.3 for a service of
their own. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar
from uuid import UUID

from casewall.wall.decide import Decision


class Sex(StrEnum):
    """As stated."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Need(StrEnum):
    """What a child may need to be met with."""

    DISABILITY = "disability"
    HEALTH = "health"
    MENTAL_HEALTH = "mental_health"
    LEARNING = "learning"
    LANGUAGE = "language"
    SCHOOL = "school"
    SLEEP = "sleep"
    LOSS = "loss"


class Adult(StrEnum):
    """How an adult in a child's life is known here."""

    PARTNER = "partner"
    CLIENT = "client"
    OTHER = "other"


class Relationship(StrEnum):
    """What an adult is to a child."""

    PARENT = "parent"
    STEP_PARENT = "step_parent"
    PARENT_S_PARTNER = "parent_s_partner"
    FOSTER_PARENT = "foster_parent"
    GUARDIAN = "guardian"
    GRANDPARENT = "grandparent"
    OTHER_RELATIVE = "other_relative"
    OTHER = "other"
    UNKNOWN = "unknown"


class Of(StrEnum):
    """What is kept of a child and an adult, each with its day; an earlier answer stays."""

    RESPONSIBILITY = "responsibility"
    LIVES_WITH = "lives_with"
    CONTACT = "contact"


ANSWERS: dict[Of, tuple[str, ...]] = {
    Of.RESPONSIBILITY: ("yes", "no", "unknown"),
    Of.LIVES_WITH: ("yes", "part", "no", "unknown"),
    Of.CONTACT: ("none", "supervised", "unsupervised", "by_order", "unknown"),
}
"""The answers to each. *Unknown* is an answer of its own, never *no* or *none*."""

UNKNOWN = "unknown"


class Plan(StrEnum):
    """How far authorities are involved. In the order of weight; *unknown* weighs least."""

    UNKNOWN = "unknown"
    NONE = "none"
    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    PROTECTION_PLAN = "protection_plan"
    CARE_PROCEEDINGS = "care_proceedings"
    LOOKED_AFTER = "looked_after"


PROTECTED = frozenset({Plan.PROTECTION_PLAN, Plan.CARE_PROCEEDINGS, Plan.LOOKED_AFTER})
"""Plans that everyone who opens the file should see at once."""


class Work(StrEnum):
    """How children are worked with: the deliveries of a service definition."""

    ONE_TO_ONE = "one_to_one"
    GROUP = "group"


class Came(StrEnum):
    """Whether a child came to a session."""

    ATTENDED = "attended"
    AWAY_KNOWN = "away_known"
    AWAY = "away"
    CALLED_OFF = "called_off"


class ConsentBy(StrEnum):
    """Who consents to work with a child."""

    ADULT = "adult"
    YOUNG_ADULT = "young_adult"
    AUTHORITY = "authority"


class Consent(StrEnum):
    """What was said."""

    GIVEN = "given"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


class GoalState(StrEnum):
    """Where a goal stands."""

    OPEN = "open"
    PARTLY = "partly"
    REACHED = "reached"
    LEFT = "left"


class EndReason(StrEnum):
    """Why work with a child ended."""

    GOALS_REACHED = "goals_reached"
    CHILD_STOPPED = "child_stopped"
    CONSENT_WITHDRAWN = "consent_withdrawn"
    NEVER_BEGAN = "never_began"
    MOVED_AWAY = "moved_away"
    OTHER_SERVICE = "other_service"
    TOO_OLD = "too_old"
    NOT_REACHED = "not_reached"


class Concern(StrEnum):
    """Why a child is referred to those who protect children."""

    HARM = "harm"
    SEES_VIOLENCE = "sees_violence"
    NEGLECT = "neglect"
    SEXUAL_ABUSE = "sexual_abuse"
    TAKEN_AWAY = "taken_away"
    UNBORN = "unborn"
    OWN_RISK = "own_risk"


class Threshold(StrEnum):
    """How grave a concern is, as judged by whoever refers."""

    EARLY_HELP = "early_help"
    CHILD_IN_NEED = "child_in_need"
    SIGNIFICANT_HARM = "significant_harm"
    IMMEDIATE_DANGER = "immediate_danger"


class Told(StrEnum):
    """Who was told of a referral. Nobody is told by Casewall, and the client never by itself."""

    PARTNER = "partner"
    CHILD = "child"
    OTHER_CARER = "other_carer"
    CLIENT = "client"


class ReferralOutcome(StrEnum):
    """What the authority did."""

    WAITING = "waiting"
    NO_ACTION = "no_action"
    ADVICE = "advice"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    PROTECTION = "protection"
    NOT_TOLD = "not_told"


class Asked(StrEnum):
    """What somebody answered when asked whether there are children."""

    NONE = "none"
    SOME = "some"
    UNKNOWN = "unknown"


ASK_OUTCOME_DAYS = 7
"""Calendar days after which the outcome of a safeguarding referral is asked for. Default of ours.
"""

ADULT_AT = 18
"""Years from which a person consents alone and counts as a young adult. Convention on the Rights
of the Child, article 1."""

YOUNG_ADULT_UNTIL = 25
"""The last year of age of a young adult. Default of ours."""

DUE_WITHIN_DAYS = 300
"""How far ahead the birth of an unborn child can be expected."""

LONGEST_SESSION = 600
"""Minutes; more is taken for a slip of the pen."""


def age_on(born: date, day: date) -> int:
    """Whole years of age on a day; a child of 29 February is a year older on 1 March."""
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def birth_fits(born: date | None, due: date | None, today: date) -> Decision:
    """Whether a day of birth, or the day on which a birth is expected, can be kept."""
    if born is not None and due is not None:
        return Decision(False, "A child is born or expected: fill in one of the two days.")
    if born is not None and born > today:
        return Decision(
            False, f"{born:%-d %B %Y} has not come yet; a birth that is expected has its own box."
        )
    if born is not None and age_on(born, today) > YOUNG_ADULT_UNTIL:
        return Decision(
            False,
            f"Somebody born on {born:%-d %B %Y} is older than {YOUNG_ADULT_UNTIL}: "
            "look at the year.",
        )
    if due is not None and due > today + timedelta(days=DUE_WITHIN_DAYS):
        return Decision(False, f"{due:%-d %B %Y} is too far ahead for a birth that is expected.")
    return Decision(True, "The day can be kept.")


def plan_fits(since: date, born: date | None) -> Decision:
    """Whether a plan can hold since a day: also before a birth, but not before the pregnancy."""
    if born is not None and since < born - timedelta(days=DUE_WITHIN_DAYS):
        return Decision(
            False, f"The child was born on {born:%-d %B %Y}; no plan can hold long before that."
        )
    return Decision(True, "The plan can be kept.")


class Dated(Protocol):
    """Something that holds from a day on."""

    @property
    def since(self) -> date: ...


Row = TypeVar("Row", bound=Dated)


def holding_on(rows: Iterable[Row], day: date) -> Row | None:
    """The one that holds on a day: the latest that has begun. Of two of one day the later written
    holds, so `rows` come in the order of writing."""
    holds = None
    for row in rows:
        if row.since <= day and (holds is None or row.since >= holds.since):
            holds = row
    return holds


def answer_fits(of: Of, answer: str) -> Decision:
    """Whether an answer belongs to what is asked."""
    if answer in ANSWERS[of]:
        return Decision(True, "The answer fits.")
    return Decision(False, f"“{answer}” is no answer to {of.value.replace('_', ' ')}.")


def may_be_same(
    child: UUID, other: UUID, *, other_is_same_as: UUID | None, has_same: bool
) -> Decision:
    """Whether a record may be marked as another record of the same child.

    One step deep, so that a mark can be taken away again and no circle can form.
    """
    if child == other:
        return Decision(False, "This is the same record already.")
    if other_is_same_as is not None:
        return Decision(False, "That record is itself marked: choose the one that it points to.")
    if has_same:
        return Decision(False, "Another record points to this one: mark it the other way round.")
    return Decision(True, "Both are counted as one child.")


def may_be_supported(
    born: date | None, due: date | None, today: date, *, young_adults: bool
) -> Decision:
    """Whether the children's service can work with somebody of this age.

    An unknown day of birth stops nobody.
    """
    if due is not None:
        return Decision(False, "A child who is not born yet has no sessions.")
    if born is None or age_on(born, today) < ADULT_AT:
        return Decision(True, "The child can be supported.")
    if not young_adults:
        return Decision(False, f"This service works with nobody over {ADULT_AT - 1}.")
    if age_on(born, today) > YOUNG_ADULT_UNTIL:
        return Decision(False, f"This service works with nobody over {YOUNG_ADULT_UNTIL}.")
    return Decision(True, "A young adult can be supported.")


def consent_fits(
    by: ConsentBy,
    *,
    born: date | None,
    on: date,
    adult: Adult | None,
    responsible: str,
) -> Decision:
    """Whether this consent counts: of an adult with parental responsibility, of an authority that
    holds it, or of the young adult alone.

    The client is never asked: asking would tell that this side works with the child.
    """
    grown = born is not None and age_on(born, on) >= ADULT_AT
    if by is ConsentBy.YOUNG_ADULT:
        if grown:
            return Decision(True, "A young adult decides alone.")
        return Decision(False, f"Nobody under {ADULT_AT} is known to decide alone here.")
    if grown:
        return Decision(False, "A young adult decides alone: nobody else is asked.")
    if by is ConsentBy.AUTHORITY:
        return Decision(True, "An authority that holds parental responsibility consents.")
    if adult is None:
        return Decision(False, "Say which adult consents.")
    if adult is Adult.CLIENT:
        return Decision(
            False,
            "The client is not asked: that would tell that this side works with the child. Ask "
            "another adult with parental responsibility, or the authority.",
        )
    if responsible != "yes":
        return Decision(
            False,
            "It is not recorded that this adult has parental responsibility: record it first.",
        )
    return Decision(True, "An adult with parental responsibility consents.")


def may_begin(consents: Sequence[tuple[str, Consent]]) -> Decision:
    """Whether work may begin: somebody's last word is *given*, and nobody's is a refusal.

    `consents` are (who, what was said) in the order in which they were said.
    """
    last: dict[str, Consent] = dict(consents)
    if any(said is not Consent.GIVEN for said in last.values()):
        return Decision(False, "Consent was refused or withdrawn: the work does not begin.")
    if not last:
        return Decision(False, "Nobody has consented yet: record a consent first.")
    return Decision(True, "There is consent.")


def session_fits(minutes: int, held_on: date, began_on: date | None, today: date) -> Decision:
    """Whether a session with these minutes on this day can be kept."""
    if not 1 <= minutes <= LONGEST_SESSION:
        return Decision(False, f"A session takes from 1 to {LONGEST_SESSION} minutes.")
    if held_on > today:
        return Decision(False, f"{held_on:%-d %B %Y} has not come yet.")
    if began_on is None:
        return Decision(False, "The work has not begun yet: begin it first.")
    if held_on < began_on:
        return Decision(
            False, f"The work began on {began_on:%-d %B %Y}; no session lies before that."
        )
    return Decision(True, "The session can be kept.")


def referral_fits(*, consented: bool, without_because: str | None) -> Decision:
    """A safeguarding referral may always be made. Without consent it says why."""
    if not consented and not (without_because or "").strip():
        return Decision(False, "Say why the referral is made without consent.")
    return Decision(True, "The referral can be made.")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of the children of one partner's file. `number` is None where unknown."""

    number: int | None
    asked_on: date | None

    @property
    def in_words(self) -> str:
        """*none* and *unknown* are two answers."""
        if self.number is None:
            return "unknown"
        return str(self.number) if self.number else "none"


def children_known(linked: int, answer: Asked | None, asked_on: date | None) -> Known:
    """Children linked to a file count. Where none is linked, only a clear answer says *none*."""
    if linked:
        return Known(linked, asked_on)
    return Known(0 if answer is Asked.NONE else None, asked_on)


@dataclass(frozen=True, slots=True)
class ChildFact:
    """One record of a child: which record it is the same as, its plan, in which services."""

    id: UUID
    same_as: UUID | None
    plan: Plan
    services: frozenset[str]


@dataclass(frozen=True, slots=True)
class FileFact:
    """One partner's file: its service, the records of children linked, the last answer."""

    service: str
    linked: frozenset[UUID]
    answer: Asked | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Unique children, and what is known per file. The three numbers of files add up.

    A child in two services counts once in each and once in all.
    """

    children: int
    plans: Mapping[Plan, int]
    files: int
    files_with: int
    files_none: int
    files_unknown: int


def count_children(
    children: Iterable[ChildFact], files: Iterable[FileFact]
) -> dict[str | None, Counted]:
    """Unique children by service; under None those of all services together.

    A child linked to two files and a client is one child. Records marked as the same are one
    child: the plan of the record that stays holds, and where that is unknown the weightiest of
    the others.
    """
    records, all_files = list(children), list(files)
    root = {one.id: one.same_as or one.id for one in records}
    plan = _plans(records)
    within: dict[UUID, set[str]] = {}
    for one in records:
        within.setdefault(root[one.id], set()).update(one.services)
    services = {file.service for file in all_files}.union(*within.values())
    counted: dict[str | None, Counted] = {None: _counted(list(within), plan, all_files)}
    for service in sorted(services):
        own = [child for child, its in within.items() if service in its]
        counted[service] = _counted(own, plan, [f for f in all_files if f.service == service])
    return counted


_WEIGHT = {plan: place for place, plan in enumerate(Plan)}


def _plans(records: Sequence[ChildFact]) -> dict[UUID, Plan]:
    plan: dict[UUID, Plan] = {}
    for one in sorted(records, key=lambda r: (r.same_as is not None, -_WEIGHT[r.plan])):
        child = one.same_as or one.id
        if plan.get(child, Plan.UNKNOWN) is Plan.UNKNOWN:
            plan[child] = one.plan
    return plan


def _counted(
    children: Sequence[UUID], plan: Mapping[UUID, Plan], files: Sequence[FileFact]
) -> Counted:
    known = [children_known(len(file.linked), file.answer, None).number for file in files]
    return Counted(
        children=len(children),
        plans={one: sum(plan[child] is one for child in children) for one in Plan},
        files=len(files),
        files_with=sum(bool(number) for number in known),
        files_none=known.count(0),
        files_unknown=known.count(None),
    )
