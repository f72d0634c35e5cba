"""Rules of a course: its states, the dose, what was covered, breaks, limits and completion. Pure.

The absence ladder has rules of its own in `absence`. Sources: field guide, sections 3.12 to
3.14; every number comes from the programme template, with the authority that stands there.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from casewall.services.programmes import Module, Phase, Template
from casewall.wall.decide import Decision


class CourseState(StrEnum):
    """Where a course stands."""

    WAITING = "waiting"
    RUNNING = "running"
    ON_BREAK = "on_break"
    COMPLETED = "completed"
    ENDED = "ended"


class ChangeKind(StrEnum):
    """What can be changed about a course that runs."""

    EXTENSION = "extension"
    BREAK = "break"
    RESUMED = "resumed"
    LEVEL = "level"


class ActKind(StrEnum):
    """What the ladder may propose."""

    CALL = "call"
    LETTER = "letter"
    REFERRER_NOTICE = "referrer_notice"
    REVIEW = "review"


class ActState(StrEnum):
    """What came of a proposed act. *Withdrawn*: a corrected mark took its ground away."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DONE = "done"
    DISMISSED = "dismissed"
    WITHDRAWN = "withdrawn"


class Met(StrEnum):
    """How far a completion criterion is met. *Not known* is never *yes*, and never *no*."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_KNOWN = "not_known"


class ReviewDecision(StrEnum):
    """What a completion review decides."""

    COMPLETE = "complete"
    EXTEND = "extend"
    END = "end"


class FollowUpOutcome(StrEnum):
    """What came of a follow-up talk."""

    HELD = "held"
    NOT_REACHED = "not_reached"
    DECLINED = "declined"


STATE_WORDS: dict[CourseState, tuple[str, str]] = {
    CourseState.WAITING: ("Not begun", "grey"),
    CourseState.RUNNING: ("Running", "green"),
    CourseState.ON_BREAK: ("On a break", "yellow"),
    CourseState.COMPLETED: ("Completed", "green"),
    CourseState.ENDED: ("Ended before completion", "grey"),
}
"""The state of a course as a tag: its words and its colour."""

MET_WORDS: dict[Met, str] = {
    Met.YES: "Met",
    Met.PARTLY: "Partly met",
    Met.NO: "Not met",
    Met.NOT_KNOWN: "Not known",
}

DECISION_WORDS: dict[ReviewDecision, str] = {
    ReviewDecision.COMPLETE: "Complete the course",
    ReviewDecision.EXTEND: "Extend the course",
    ReviewDecision.END: "End the course without completion",
}

CHANGE_WORDS: dict[ChangeKind, str] = {
    ChangeKind.EXTENSION: "Extension",
    ChangeKind.BREAK: "Break",
    ChangeKind.RESUMED: "Resumed after a break",
    ChangeKind.LEVEL: "Change of level",
}

FOLLOW_UP_WORDS: dict[FollowUpOutcome, str] = {
    FollowUpOutcome.HELD: "The talk was held",
    FollowUpOutcome.NOT_REACHED: "Not reached",
    FollowUpOutcome.DECLINED: "Reached, and declined",
}


@dataclass(frozen=True, slots=True)
class Marked:
    """One client's mark in the register of one session, as the rules of a course need it.

    `module` is the one delivered, or the planned one where nothing else was noted. `made_up`
    says that the client attended a session that makes up for this one.
    """

    session: UUID
    held_on: date
    attended: bool
    complied: bool
    minutes: int = 0
    late: bool = False
    module: str = ""
    made_up: bool = False

    @property
    def is_unaccepted(self) -> bool:
        """An absence that nobody accepted and that was not made up for."""
        return not self.attended and not self.complied and not self.made_up


@dataclass(frozen=True, slots=True)
class Attended:
    """How much of a course a client attended."""

    sessions: int
    minutes: int

    @property
    def hours(self) -> Decimal:
        """Hours attended, minutes late or missed at the end taken off."""
        return Decimal(self.minutes) / 60


@dataclass(frozen=True, slots=True)
class Least:
    """The dose that completion needs; a part that is `None` is not asked for."""

    sessions: int | None
    hours: Decimal | None


def may_enrol(
    on: date, *, today: date, not_before: date, earlier_ended_on: date | None = None
) -> Decision:
    """Whether a client can have been enrolled on this day, with a sentence.

    `not_before` is the first day on which the case stood at a stage from which clients enrol
    (the referral, where it never did); `earlier_ended_on` the last day of an earlier course on
    the same programme.
    """
    if on > today:
        return Decision(False, f"{on:%-d %B %Y} has not come yet.")
    if on < not_before:
        return Decision(
            False,
            "The case came to the stage at which a client can be enrolled on "
            f"{not_before:%-d %B %Y}: the day of enrolment cannot lie before that.",
        )
    if earlier_ended_on is not None and on < earlier_ended_on:
        return Decision(
            False,
            f"The earlier course on this programme ended on {earlier_ended_on:%-d %B %Y}: the "
            "day of enrolment cannot lie before that.",
        )
    return Decision(True, "The client can have been enrolled on this day.")


def attended_of(marks: Iterable[Marked]) -> Attended:
    """Sessions and minutes attended. A session that makes up for a missed one counts."""
    minutes = [mark.minutes for mark in marks if mark.attended and mark.minutes > 0]
    return Attended(len(minutes), sum(minutes))


def least_dose(template: Template, level: str) -> Least:
    """The dose that completion needs: that of the level, where the course has one."""
    if level:
        chosen = template.level(level)
        return Least(chosen.sessions, chosen.hours)
    dose = template.programme.minimum_dose
    return Least(dose.sessions, dose.hours)


def planned_hours(template: Template, level: str) -> Decimal:
    """Hours of the whole course: of the sessions of the level, else of the schedule."""
    return template.hours_of(planned_sessions(template, level))


def planned_sessions(template: Template, level: str) -> int:
    """Sessions of the whole course: those of the level, else the schedule."""
    return template.level(level).sessions if level else len(template.programme.schedule)


def dose_is_met(attended: Attended, least: Least) -> bool:
    """Whether sessions and hours, each where it is asked for, have been reached."""
    enough_sessions = least.sessions is None or attended.sessions >= least.sessions
    enough_hours = least.hours is None or attended.hours >= least.hours
    return enough_sessions and enough_hours


@dataclass(frozen=True, slots=True)
class Covered:
    """One module of the template and what a client attended of it."""

    module: Module
    phase: Phase | None
    planned: int
    attended: int
    minutes: int
    first_on: date | None

    @property
    def is_missing(self) -> bool:
        """A module that completion needs and of which nothing was attended."""
        return self.module.required and self.attended == 0


def coverage(template: Template, marks: Sequence[Marked]) -> tuple[Covered, ...]:
    """Every module in the order of the template, whatever the order in which it was attended."""
    planned: dict[str, int] = {}
    for one in template.programme.schedule:
        planned[one.module] = planned.get(one.module, 0) + 1
    rows = []
    for module in template.programme.modules:
        own = [m for m in marks if m.module == module.id and m.attended and m.minutes > 0]
        rows.append(
            Covered(
                module=module,
                phase=template.phase_of(module.id),
                planned=planned.get(module.id, 0),
                attended=len(own),
                minutes=sum(mark.minutes for mark in own),
                first_on=min((mark.held_on for mark in own), default=None),
            )
        )
    return tuple(rows)


def missing_modules(template: Template, marks: Sequence[Marked]) -> tuple[Module, ...]:
    """The required modules of which the client has attended nothing yet."""
    return tuple(row.module for row in coverage(template, marks) if row.is_missing)


# --- breaks ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Span:
    """A break, first and last day included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """Calendar days of the break."""
        return (self.last - self.first).days + 1

    def holds(self, day: date) -> bool:
        """Whether a day lies in the break."""
        return self.first <= day <= self.last


def breaks_of(approved: Iterable[Span], resumed: Iterable[date]) -> tuple[Span, ...]:
    """The breaks as they were taken: one that was resumed early ended the day before.

    A break that was resumed on its first day was not taken.
    """
    taken = []
    for span in sorted(approved, key=lambda one: one.first):
        back = min((day for day in resumed if span.holds(day)), default=None)
        if back is None:
            taken.append(span)
        elif back > span.first:
            taken.append(replace(span, last=back - timedelta(days=1)))
    return tuple(taken)


def without_breaks(marks: Iterable[Marked], breaks: Sequence[Span]) -> list[Marked]:
    """The marks without absences during a break: those are nobody's absence."""
    return [m for m in marks if m.attended or not any(span.holds(m.held_on) for span in breaks)]


def may_break(template: Template, first: date, last: date, taken: Sequence[Span]) -> Decision:
    """Whether a break of these days fits the course, with a sentence."""
    if last < first:
        return Decision(False, "The last day of a break cannot lie before its first day.")
    wanted = Span(first, last)
    for span in taken:
        if span.holds(first) or span.holds(last) or wanted.holds(span.first):
            return Decision(
                False,
                f"There is a break from {span.first:%-d %B %Y} to {span.last:%-d %B %Y} already.",
            )
    most = template.programme.completion.break_days_most
    before = sum(span.days for span in taken)
    if most is not None and before + wanted.days > most:
        return Decision(
            False,
            f"The programme allows {most} days of breaks in all; {before} are taken, so "
            f"{wanted.days} more are too many.",
        )
    return Decision(True, "The break fits the course.")


def may_extend(template: Template, weeks: int, before: int) -> Decision:
    """Whether a course may be extended by so many weeks, with a sentence."""
    if weeks < 1:
        return Decision(False, "An extension is one week at the least.")
    most = template.programme.completion.extension_weeks_most
    if most is not None and before + weeks > most:
        return Decision(
            False,
            f"The programme allows extensions of {most} weeks in all; {before} are given, so "
            f"{weeks} more are too many.",
        )
    return Decision(True, "The extension fits the course.")


def may_change_level(template: Template, now: str, to: str) -> Decision:
    """Whether a course may go to another level of its template, with a sentence."""
    levels = [level.id for level in template.programme.levels]
    if not levels:
        return Decision(False, f"“{template.programme.name}” has no levels.")
    if to not in levels:
        return Decision(False, f"“{template.programme.name}” has no level “{to}”.")
    if to == now:
        return Decision(False, f"The course is at “{template.level(to).name}” already.")
    return Decision(True, "The level fits the course.")


# --- days --------------------------------------------------------------------------------


def add_months(day: date, months: int) -> date:
    """The same day some months later; the last day of the month where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def ends_by(
    template: Template, level: str, began_on: date | None, extra_weeks: int, taken: Sequence[Span]
) -> date | None:
    """The day by which a course should be over: its length, extensions and breaks added.

    `None` before it began, and where neither template nor level states a length.
    """
    if began_on is None:
        return None
    if level:
        end = add_months(began_on, template.level(level).months)
    elif template.programme.weeks is not None:
        end = began_on + timedelta(weeks=template.programme.weeks)
    else:
        return None
    return end + timedelta(weeks=extra_weeks, days=sum(span.days for span in taken))


def follow_up_days(template: Template, completed_on: date) -> tuple[tuple[int, date], ...]:
    """When follow-up talks are due after completion: (months, day)."""
    months = sorted(set(template.programme.completion.follow_up_months))
    return tuple((number, add_months(completed_on, number)) for number in months)


def notice_due(template: Template, of: str, on: date) -> date | None:
    """The last day on which the referrer is told of an event; `None`: the template sets none."""
    for notice in template.programme.notices:
        if notice.of == of:
            return on + timedelta(days=notice.within_days)
    return None


# --- completion --------------------------------------------------------------------------


def what_is_missing(
    template: Template,
    *,
    attended: Attended,
    level: str,
    missing: Sequence[Module],
    ratings: Mapping[str, Met],
) -> tuple[str, ...]:
    """Why a course cannot be completed yet, a sentence for each reason; none: it can.

    Time served is not enough, and neither are good ratings without the dose. A required
    criterion must be met: partly, not known and not rated are all not met.
    """
    found = []
    least = least_dose(template, level)
    if not dose_is_met(attended, least):
        wanted = [f"{least.sessions} sessions"] if least.sessions is not None else []
        wanted += [f"{plain(least.hours)} hours"] if least.hours is not None else []
        found.append(
            f"The minimum dose is {' and '.join(wanted)}; attended are {attended.sessions} "
            f"sessions and {plain(attended.hours)} hours."
        )
    if missing:
        found.append(
            "Required modules not attended: " + ", ".join(module.name for module in missing) + "."
        )
    for criterion in template.programme.completion.criteria:
        rating = ratings.get(criterion.id, Met.NOT_KNOWN)
        if criterion.required and rating is not Met.YES:
            found.append(f"“{criterion.text}” is rated “{MET_WORDS[rating].lower()}”.")
    return tuple(found)


def may_sign_off(
    missing: Sequence[str], *, exception: str, reviewer: UUID, signer: UUID
) -> Decision:
    """Whether a completion may be signed off, with a sentence.

    Somebody else signs than who reviewed. What is missing can be set aside only with a reason,
    which stays in the record.
    """
    if reviewer == signer:
        return Decision(False, "Somebody else must sign off than the person who reviewed.")
    if missing and not exception.strip():
        return Decision(
            False,
            "The course does not meet everything yet, so a completion needs a reason for the "
            "exception. " + " ".join(missing),
        )
    return Decision(True, "The completion may be signed off.")


def plain(number: Decimal) -> str:
    """A number as people write it: 80, 2.5; two decimals at most."""
    return f"{round(number, 2).normalize():f}"
