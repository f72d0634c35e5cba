"""A client's way through a programme, step by step, in the words of a story.

`Walk` does every step through the actions that workers use, on the day of the story, and keeps
beside them what the story said (`told`). What a story expects is counted from that and from the
schedule in the service definition, never by the code that it looks at.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

import pytest

from casewall.programme.cases.rules import Stage
from casewall.programme.courses.absence.actions import accept_acts, mark_done
from casewall.programme.courses.actions import enrol, extend, take_break
from casewall.programme.courses.completion.actions import (
    Rating,
    hold_follow_up,
    return_review,
    review_course,
    sign_off,
)
from casewall.programme.courses.models import Act, CompletionReview, FollowUp
from casewall.programme.courses.rules import (
    ActKind,
    FollowUpOutcome,
    Met,
    ReviewDecision,
    coverage,
)
from casewall.programme.groups.actions import place_in_group
from casewall.programme.groups.models import Attendance, Group, Session
from casewall.programme.groups.planning.actions import (
    GroupPlan,
    add_session,
    plan_from_template,
)
from casewall.programme.groups.planning.rules import Entry
from casewall.programme.groups.rules import CancelReason, Line, Mark
from casewall.programme.registers.actions import cancel_session, record_register
from casewall.programme.registers.alone.actions import plan_session, sit_in
from casewall.programme.reports.actions import write_document
from casewall.programme.reports.facts import Entries
from casewall.programme.reports.rules import DocumentFacts, Kind, thawed
from casewall.services.programmes import PlannedSession
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer
from tests.story.beginning import Beginning

HOUR = 60
"""Minutes."""

CALL, LETTER = ActKind.CALL, ActKind.LETTER
NOTICE, REVIEW = ActKind.REFERRER_NOTICE, ActKind.REVIEW

Proposals = dict[tuple[str, ActKind], timedelta]
"""What a register proposed: step of the ladder and kind of act → how long after the register."""


@dataclass(frozen=True, slots=True)
class Coming:
    """A session that lies ahead of the client. A one-to-one is planned when its day comes."""

    day: date
    planned: PlannedSession
    session: Session | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What the story said of one session: the minutes that it took, and those of the client."""

    session: Session
    module: str
    minutes: int
    present: int
    mark: Mark


def weekly(first: date, sessions: int, but: Collection[date] = ()) -> list[date]:
    """So many days, a week apart, without those on which nobody meets."""
    days: list[date] = []
    day = first
    while len(days) < sessions:
        if day not in but:
            days.append(day)
        day += timedelta(weeks=1)
    return days


class Walk(Beginning):
    """One client on the way through one programme: sessions, registers, completion."""

    def __init__(self, *told: Any) -> None:
        super().__init__(*told)
        self.coming: list[Coming] = []
        self.told: list[Told] = []
        self.made_up: set[Any] = set()
        self.hour = time(10)

    # --- a place, and what lies ahead --------------------------------------------------------

    def component_schedule(self, component: str) -> list[PlannedSession]:
        """What the definition plans for one component, in its order."""
        planned = [one for one in self.programme.schedule if one.component == component]
        return sorted(planned, key=lambda one: one.number)

    def minutes_of(self, planned: PlannedSession) -> int:
        """How long a session takes by the definition."""
        minutes = planned.minutes or self.service.component(planned.component).minutes
        assert minutes is not None
        return minutes

    def group_is_planned(
        self,
        component: str,
        *,
        starts_on: date,
        at: time,
        weekdays: tuple[int, ...] = (),
        until: date | None = None,
        language: str = "en",
        closed: Mapping[date, str] | None = None,
        name: str = "Invented group",
        leaders: Iterable[Viewer] = (),
    ) -> list[Session]:
        """Plan a group from the template; returns its sessions."""
        self.hour = at
        self.group: Group = plan_from_template(
            template=self.version,
            component=component,
            plan=GroupPlan(
                name=name,
                starts_on=starts_on,
                begins_at=at,
                weekdays=weekdays,
                entry=Entry.ROLLING if until else Entry.CLOSED,
                until=until,
                language=language,
                closed=closed or {},
            ),
            facilitators=[one.worker for one in leaders or (self.facilitator, self.manager)],
            by=self.manager,
        )
        sessions = self.rows(Session, group=self.group)
        assert {one.begins_at for one in sessions} == {at}
        return sorted(sessions, key=lambda one: one.number)

    def joins(self, on: date, *, alone_after: int = 2) -> None:
        """Take a place; one-to-ones follow some days after the session they stand behind."""
        place_in_group(group=self.group, case=self.case, joined_on=on, by=self.manager)
        rows = sorted(self.rows(Session, group=self.group), key=lambda one: one.number)
        ahead = [one for one in rows if one.held_on >= on]
        circle = self.component_schedule(self.group.component)
        day = on - timedelta(days=7)
        for planned in self.programme.schedule:
            if planned.component != self.group.component:
                self._expect(Coming(day + timedelta(days=alone_after), planned))
            elif ahead:
                session = ahead.pop(0)
                day = session.held_on
                self._expect(Coming(day, circle[(session.number - 1) % len(circle)], session))

    def is_put_on(self, level: str) -> None:
        """The manager decides the length of the course."""
        enrol(case=self.case, template=self.version, level=level, by=self.manager)

    def works_alone(self, days: Iterable[date]) -> None:
        """Begin a programme that is one-to-one as a whole, on these days."""
        enrol(case=self.case, template=self.version, by=self.manager)
        for day, planned in zip(days, self.programme.schedule, strict=True):
            self._expect(Coming(day, planned))

    def _expect(self, coming: Coming) -> None:
        self.coming.append(coming)
        self.coming.sort(key=lambda one: one.day)

    def goes_on_from(self, first: date, but: Collection[date] = ()) -> None:
        """What lies ahead one-to-one has other days; nothing of it was planned yet."""
        assert all(one.session is None for one in self.coming)
        days = weekly(first, len(self.coming), but)
        self.coming = [Coming(day, one.planned) for day, one in zip(days, self.coming, strict=True)]

    def next_waits(self, days: int) -> None:
        """The next one-to-one, not planned yet, is held some days later."""
        one = self.coming.pop(0)
        assert one.session is None
        self._expect(Coming(one.day + timedelta(days=days), one.planned))

    def _next(self) -> Session:
        """The next session, on whose evening the story goes on."""
        coming = self.coming.pop(0)
        assert coming.day >= self.today, "the story cannot go back"
        self.today = coming.day
        self.at(8)
        session = coming.session or plan_session(
            case=self.case,
            component=coming.planned.component,
            held_on=coming.day,
            begins_at=time(10),
            minutes=self.minutes_of(coming.planned),
            worker=self.facilitator.worker,
            by=self.manager,
        )
        assert (session.module, session.title, session.minutes, session.held_on) == (
            coming.planned.module,
            coming.planned.title,
            self.minutes_of(coming.planned),
            coming.day,
        )
        return session

    # --- registers ---------------------------------------------------------------------------

    def _is_marked(self, session: Session, line: Line) -> Proposals:
        """Save a register in the evening; returns what it proposed."""
        evening = self.at(21)
        record_register(session=session, marks={self.case.pk: line}, by=self.facilitator)
        is_there = line.mark not in (Mark.ABSENT_ACCEPTED, Mark.ABSENT_NOT_ACCEPTED)
        present = session.minutes - line.missed if is_there else 0
        self.told.append(Told(session, session.module, session.minutes, present, line.mark))
        acts = self.rows(Act, case=self.case, session=session, state="proposed")
        for act in acts:
            assert timedelta() <= act.proposed_at - evening < timedelta(minutes=5)
        return {(act.step, ActKind(act.kind)): act.due_at - act.proposed_at for act in acts}

    def attends(self, sessions: int = 1, reason: str = "") -> None:
        """Be there from the beginning to the end, which asks nothing of anybody."""
        for _ in range(sessions):
            assert self._is_marked(self._next(), Line(Mark.ATTENDED, reason=reason)) == {}

    def attends_the_rest(self, reason: str = "") -> None:
        self.attends(len(self.coming), reason)

    def comes_late(self, minutes: int, reason: str = "") -> Proposals:
        return self._is_marked(self._next(), Line(Mark.LATE, late=minutes, reason=reason))

    def leaves_early(self, minutes: int, reason: str = "") -> Proposals:
        return self._is_marked(self._next(), Line(Mark.LEFT_EARLY, early=minutes, reason=reason))

    def is_excused(self, reason: str = "") -> Proposals:
        return self._is_marked(self._next(), Line(Mark.ABSENT_ACCEPTED, reason=reason))

    def stays_away(self) -> Proposals:
        """Miss a session without a reason that anybody accepts."""
        return self._is_marked(self._next(), Line(Mark.ABSENT_NOT_ACCEPTED))

    @property
    def marked_last(self) -> tuple[Mark, str]:
        """The last mark and its code, as they are stored."""
        [mark] = self.rows(Attendance, session=self.told[-1].session)
        return Mark(mark.outcome), mark.reason

    def session_is_cancelled(self, because: CancelReason) -> Session:
        """Nobody's absence: no mark, no act, no hour. A one-to-one is held the week after."""
        planned = self.coming[0].planned
        session = cancel_session(session=self._next(), because=because, by=self.facilitator)
        if session.group_id is None:
            left = [planned, *(one.planned for one in self.coming)]
            days = [one.day for one in self.coming]
            days.append(days[-1] + timedelta(weeks=1))
            self.coming = [Coming(day, one) for day, one in zip(days, left, strict=True)]
        with pytest.raises(Refused, match="was cancelled"):
            record_register(
                session=session,
                marks={self.case.pk: Line(Mark.ABSENT_NOT_ACCEPTED)},
                by=self.facilitator,
            )
        assert self.rows(Attendance, session=session) == []
        return session

    def is_held_after_all(self, cancelled: Session, on: date) -> None:
        """A cancelled session of the group gets another day."""
        session = add_session(
            group=self.group,
            held_on=on,
            begins_at=self.hour,
            minutes=cancelled.minutes,
            module=cancelled.module,
            title=cancelled.title,
            by=self.manager,
        )
        [planned] = [
            one
            for one in self.component_schedule(cancelled.component)
            if one.title == cancelled.title
        ]
        self._expect(Coming(on, planned, session))

    @property
    def missed(self) -> Session:
        """The session that was missed last and has not been made up for."""
        return next(
            one.session
            for one in reversed(self.told)
            if not one.present and one.session.pk not in self.made_up
        )

    def catches_up(self, *, days: int) -> None:
        """Make up for the last missed session alone with the facilitator, some days later."""
        missed = self.missed
        self.later(days)
        session = plan_session(
            case=self.case,
            component=missed.component,
            held_on=self.today,
            begins_at=time(13),
            minutes=missed.minutes,
            worker=self.facilitator.worker,
            makes_up_for=missed,
            by=self.manager,
        )
        assert (session.kind, session.module) == ("catch_up", missed.module)
        self.made_up.add(missed.pk)
        assert self._is_marked(session, Line(Mark.ATTENDED)) == {}

    def sits_in(self, host: Session) -> None:
        """Make up for the last missed session as a guest of another group."""
        missed = self.missed
        self.today = host.held_on
        self.at(9)
        place = sit_in(case=self.case, host=host, missed=missed, by=self.manager)
        assert place.joined_on == place.left_on == host.held_on
        self.made_up.add(missed.pk)
        assert self._is_marked(host, Line(Mark.ATTENDED)) == {}

    def meets_once_more(self, component: str, *, minutes: int, days: int) -> None:
        """A one-to-one session beyond the schedule, on no module of it."""
        self.later(days)
        session = plan_session(
            case=self.case,
            component=component,
            held_on=self.today,
            begins_at=time(13),
            minutes=minutes,
            worker=self.facilitator.worker,
            by=self.manager,
        )
        assert (session.module, session.title) == ("", "")
        assert self._is_marked(session, Line(Mark.ATTENDED)) == {}

    # --- absence acts, breaks, extensions ----------------------------------------------------

    @property
    def ladder(self) -> list[str]:
        """The steps of the ladder that stand, by the day of the session that reached them."""
        acts = self.rows(Act, case=self.case)
        stood = {
            (told.session.held_on, act.step)
            for act in acts
            for told in self.told
            if told.session.pk == act.session_id and act.state != "withdrawn"
        }
        order = [step.id for step in self.programme.ladder]
        return [step for _, step in sorted(stood, key=lambda one: (one[0], order.index(one[1])))]

    def acts_are_accepted(self) -> int:
        return accept_acts(case=self.case, by=self.facilitator)

    def is_called_when_due(self) -> None:
        """Whoever calls earlier is refused: the interval is the same after every register."""
        [call] = self.rows(Act, case=self.case, kind=CALL, state="accepted")
        with pytest.raises(Refused, match="the same interval after every register"):
            mark_done(act=call, note="Too early", by=self.facilitator)
        self.clock.move_to(call.due_at)
        mark_done(act=call, note="Will come next week", by=self.facilitator)
        self.today = call.due_at.astimezone(self.zone).date()
        self.at(21)

    def takes_a_break(self, first: date, last: date, reason: str) -> None:
        take_break(course=self.course, first=first, last=last, reason=reason, by=self.manager)

    def is_extended(self, weeks: int, reason: str) -> None:
        extend(course=self.course, weeks=weeks, reason=reason, by=self.manager)

    # --- the end -----------------------------------------------------------------------------

    def comes_out_as_told(self) -> None:
        """Hours, sessions and every module are those of the story, whatever else happened."""
        progress = self.progress
        there = [one for one in self.told if one.present]
        assert progress.attended.sessions == len(there)
        assert progress.attended.minutes == sum(one.present for one in there)
        found = {
            row.module.id: (row.attended, row.minutes)
            for row in coverage(progress.template, progress.marks)
        }
        times = Counter(one.module for one in there)
        minutes: Counter[str] = Counter()
        for one in there:
            minutes[one.module] += one.present
        assert found == {
            module.id: (times[module.id], minutes[module.id]) for module in self.programme.modules
        }
        required = {one.id for one in self.programme.modules if one.required}
        assert {one.id for one in progress.missing} == required - set(times)

    def enough_on(self, sessions: int | None, hours: float | None) -> date:
        """The day of the story on which so many sessions and hours were reached."""
        count = minutes = 0
        for one in self.told:
            count, minutes = count + bool(one.present), minutes + one.present
            if count >= (sessions or 0) and minutes >= (hours or 0) * HOUR:
                return one.session.held_on
        raise AssertionError("The story never came to that dose.")

    def is_reviewed(self, **other: Met) -> CompletionReview:
        """The facilitator rates every criterion as met, but those that are named."""
        return review_course(
            course=self.course,
            held_on=self.today,
            decision=ReviewDecision.COMPLETE,
            evidence="Talks with the client and what was seen in the sessions.",
            ratings={
                one.id: Rating(other.get(one.id.replace("-", "_"), Met.YES), "Seen in sessions")
                for one in self.programme.completion.criteria
            },
            by=self.facilitator,
        )

    def review_is_returned(self, review: CompletionReview, because: str) -> None:
        """What the review decided is refused without a reason, so it goes back."""
        with pytest.raises(Refused, match="does not meet everything yet"):
            sign_off(review=review, on=self.today, by=self.manager)
        return_review(review=review, reason=because, by=self.manager)

    def is_signed_off(self, review: CompletionReview, exception: str = "") -> CompletionReview:
        """Somebody else signs: the facilitator who reviewed is refused."""
        with pytest.raises(Refused):
            sign_off(review=review, on=self.today, by=self.facilitator)
        return sign_off(review=review, on=self.today, exception=exception, by=self.manager)

    def certificate(self) -> DocumentFacts:
        """The facts that the certificate states, as they are frozen in its draft."""
        document = write_document(
            case=self.case,
            kind=Kind.CERTIFICATE,
            language="en",
            entries=Entries(),
            on=self.today,
            by=self.facilitator,
        )
        return thawed(document.facts)

    def completes(self, **other: Met) -> DocumentFacts:
        """Review, sign-off by somebody else, and the certificate."""
        review = self.is_reviewed(**other)
        assert (review.dose_met, review.modules_missing) == (True, 0)
        signed = self.is_signed_off(review)
        assert (signed.signed_by, signed.worker) == (
            self.manager.worker,
            self.facilitator.worker,
        )
        assert signed.exception is None
        facts = self.certificate()
        self.is_certified(facts)
        return facts

    def is_certified(self, facts: DocumentFacts) -> None:
        """The certificate says what the story told: days, sessions, hours, modules."""
        there = [one for one in self.told if one.present]
        hours = round(sum(one.present for one in there) / HOUR, 1)
        names = {one.id: one.name for one in self.programme.modules}
        assert facts.client_name == f"{self.name} Invented"
        assert (facts.programme, facts.course_state) == (self.programme.name, "completed")
        assert facts.started_on == in_words(there[0].session.held_on)
        assert facts.completed_on == in_words(self.today)
        assert facts.sessions_attended == str(len(there))
        assert facts.hours_attended == f"{hours:g}"
        assert {row.name for row in facts.modules} == {
            names[one.module] for one in there if one.module
        }

    def is_followed_up(self, six: FollowUpOutcome, twelve: FollowUpOutcome) -> list[date]:
        """The talks after six and twelve months, on the days on which they fall due; then the end.

        Returns those days.
        """
        talks = sorted(self.rows(FollowUp, case=self.case), key=lambda one: one.months)
        assert [one.months for one in talks] == [6, 12]
        self.moves(Stage.FOLLOW_UP)
        for talk, outcome in zip(talks, (six, twelve), strict=True):
            self.today = talk.due_on
            self.at(14)
            hold_follow_up(
                follow_up=talk,
                held_on=self.today,
                outcome=outcome,
                note="As arranged" if outcome is FollowUpOutcome.HELD else "",
                by=self.facilitator,
            )
        self.moves(Stage.CLOSED)
        return [one.due_on for one in talks]


def in_words(day: date) -> str:
    """A day as an English document writes it."""
    return f"{day:%-d %B %Y}"
