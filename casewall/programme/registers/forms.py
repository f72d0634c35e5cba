"""The forms of a register and of what is written about a session."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from casewall.pages.dates import DayMonthYearField
from casewall.programme.cases.forms import note_field
from casewall.programme.cases.lists import said
from casewall.programme.groups.models import Attendance, Session
from casewall.programme.groups.rules import (
    PARTICIPATION,
    PRESENT,
    USUAL_MINUTES,
    CancelReason,
    Homework,
    Line,
    Mark,
    SessionState,
    VisitPurpose,
    codes_for,
    may_keep,
    settled,
)
from casewall.programme.registers.actions import (
    PersonRecord,
    SessionRecord,
    record_of,
    record_of_session,
)
from casewall.programme.registers.lists import Person, line_of, session_name
from casewall.programme.registers.rules import read_line, written
from casewall.services.programmes import AttendanceCode, Template
from casewall.wall.ids import new_id

MARKS = [(mark.value, said(mark.value)) for mark in Mark]
HOMEWORK = {
    Homework.NONE_SET: "None was set",
    Homework.DONE: "Done",
    Homework.PARTLY: "Partly",
    Homework.NOT_DONE: "Not done",
}
CANCELLED = {
    CancelReason.WORKER_AWAY: "A facilitator or worker is away",
    CancelReason.TOO_FEW: "Too few clients could come",
    CancelReason.NO_ROOM: "There is no room",
    CancelReason.CLOSED: "The building is closed, or it is a holiday",
    CancelReason.EMERGENCY: "An emergency",
    CancelReason.RESCHEDULED: "It was moved to another day",
    CancelReason.OTHER: "Another reason",
}


def _minutes(label: str, name: str, planned: int) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        max_value=planned,
        error_messages=dict.fromkeys(
            ("invalid", "max_value"), f"{name}: write the minutes as a number from 0 to {planned}."
        ),
    )


class RegisterForm(forms.Form):
    """The register of one session: per client a mark, minutes where partly there, a reason.

    Posted as `outcome-`, `late-`, `early-`, `reason-` and `shown-<case>`. A client without a mark
    stays unmarked, so that a register can be saved in parts. `shown` is the line that the page
    showed, so that two people may save one after the other.
    """

    def __init__(
        self,
        *args: Any,
        session: Session,
        people: Sequence[Person],
        codes: Sequence[AttendanceCode] = (),
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.session, self.people, self.codes = session, people, codes
        self.theirs: dict[UUID, str] = {}
        for person in people:
            self._add(person, line_of(person.mark))

    def _add(self, person: Person, line: Line | None) -> None:
        name, key = person.case.client.full_name, person.case.pk
        self.fields[f"shown-{key}"] = forms.CharField(
            label=f"Mark of {name} as shown",
            required=False,
            widget=forms.HiddenInput,
            initial=written(line),
        )
        self.fields[f"outcome-{key}"] = forms.ChoiceField(
            label=name,
            choices=MARKS,
            required=False,
            initial=line.mark if line else "",
            error_messages={"invalid_choice": f"{name}: choose one of the marks."},
        )
        for box, words, missed in (
            ("late", "Minutes late", line and line.late),
            ("early", "Minutes left early", line and line.early),
        ):
            self.fields[f"{box}-{key}"] = _minutes(f"{words} ({name})", name, self.session.minutes)
            self.fields[f"{box}-{key}"].initial = missed or None
        if self.codes:
            self.fields[f"reason-{key}"] = forms.ChoiceField(
                label=f"Reason ({name})",
                required=False,
                choices=_reasons(self.codes),
                initial=line.reason if line else "",
                error_messages={"invalid_choice": f"{name}: choose one of the reasons."},
            )

    def clean(self) -> dict[str, Any]:
        typed = self.cleaned_data
        typed["lines"], typed["seen"] = {}, {}
        for person in self.people:
            key = person.case.pk
            seen = typed["seen"][key] = read_line(typed.get(f"shown-{key}") or "")
            mark, name = typed.get(f"outcome-{key}"), person.case.client.full_name
            late, early = typed.get(f"late-{key}"), typed.get(f"early-{key}")
            if mark:
                line = Line(Mark(mark), late, early, typed.get(f"reason-{key}") or "")
                self._check(key, name, _without_leftovers(line, seen))
            elif late or early:
                self.add_error(
                    f"outcome-{key}", f"{name}: say whether the client came late or left early."
                )
        return typed

    def _check(self, key: UUID, name: str, line: Line) -> None:
        planned = self.session.minutes
        line = settled(line, planned, self.codes)
        decision = may_keep(SessionState(self.session.state), line, planned, self.codes)
        if not decision:
            self.add_error(f"outcome-{key}", f"{name}: {decision.reason}")
        self.cleaned_data["lines"][key] = line

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each client: the boxes, and what somebody else saved."""
        return [
            {
                "case": person.case,
                "choices": MARKS,
                "note": _guest_words(person),
                "theirs": self.theirs.get(key, ""),
                "shown": self[f"shown-{key}"],
                "outcome": self[f"outcome-{key}"],
                "boxes": self._boxes(key),
                "reason": self[f"reason-{key}"] if self.codes else None,
                "errors": [
                    text
                    for box in ("outcome", "late", "early", "reason")
                    for text in self.errors.get(f"{box}-{key}", ())
                ],
            }
            for person in self.people
            for key in [person.case.pk]
        ]

    def _boxes(self, key: UUID) -> list[tuple[str, Any]]:
        return [("Minutes late", self[f"late-{key}"]), ("Minutes left early", self[f"early-{key}"])]

    def as_stored(self) -> dict[str, Any]:
        """The boxes as they stand in the database, to be filled with what somebody typed."""
        return {
            name: "" if (value := self.get_initial_for_field(field, name)) is None else value
            for name, field in self.fields.items()
        }


def _without_leftovers(line: Line, seen: Line | None) -> Line:
    """Minutes and reason that stood there for another mark go with it; typed ones stay."""
    if seen is None or seen.mark is line.mark:
        return line
    late = None if (line.late or 0) == (seen.late or 0) else line.late
    early = None if (line.early or 0) == (seen.early or 0) else line.early
    return Line(line.mark, late, early, "" if line.reason == seen.reason else line.reason)


def _reasons(codes: Sequence[AttendanceCode]) -> list[Any]:
    groups: dict[str, list[tuple[str, str]]] = {}
    for mark, words in (
        (Mark.ABSENT_ACCEPTED, "Absent, accepted"),
        (Mark.ABSENT_NOT_ACCEPTED, "Absent, not accepted"),
        (Mark.NOT_PARTICIPATING, "Attended, did not comply"),
        (Mark.ATTENDED, "Attended and complied"),
    ):
        agreeing = [(code.code, f"{code.words} ({code.code})") for code in codes_for(mark, codes)]
        if agreeing:
            groups[words] = agreeing
    return [("", "No reason chosen"), *groups.items()]


def _guest_words(person: Person) -> str:
    if not person.is_guest:
        return ""
    return f"Sits in for {session_name(person.missed) if person.missed else 'a missed session'}"


def mark_words(mark: Attendance) -> str:
    """A saved mark in words, with the minutes missed where the client was partly there."""
    parts = [said(mark.outcome)]
    for missed, own, words in (
        (mark.minutes_late, Mark.LATE, "late"),
        (mark.minutes_early, Mark.LEFT_EARLY, "left early"),
    ):
        if missed:
            parts.append(f"{missed} minutes" + ("" if mark.outcome == own else f" {words}"))
    return ", ".join([*parts, *([mark.reason] if mark.reason else [])])


def usual_words(session: Session) -> str:
    """What an empty box of minutes stands for in this session."""
    usual = min(USUAL_MINUTES, session.minutes // 2)
    return f"“Late” and “Left early” without minutes count as {usual} minutes."


class CancelForm(forms.Form):
    """Why a session does not take place."""

    because = forms.ChoiceField(
        label="Why it does not take place",
        widget=forms.RadioSelect,
        choices=[(code.value, words) for code, words in CANCELLED.items()],
    )


class RecordForm(forms.Form):
    """What is written after a session: of each client, and of the whole. Every box may stay empty.

    Posted as `participation-`, `homework-`, `disclosed-`, `remark-` and `shown-<case>`.
    """

    shown = forms.CharField(widget=forms.HiddenInput, required=False, label="Record as shown")
    delivered = forms.ChoiceField(label="Module delivered", required=False)
    deviation = note_field("Deviation from the manual", "What was done otherwise, and why.")
    debrief = note_field("Debrief of the facilitators")

    def __init__(
        self,
        *args: Any,
        session: Session,
        marks: Sequence[Attendance],
        template: Template | None,
        **kwargs: Any,
    ):
        self.session, self.marks = session, marks
        whole = record_of_session(session)
        kwargs["initial"] = {
            "shown": whole.sign,
            "delivered": whole.delivered or session.module,
            "deviation": whole.deviation,
            "debrief": whole.debrief,
        }
        super().__init__(*args, **kwargs)
        modules = template.programme.modules if template is not None else ()
        if modules:
            self.fields["delivered"].choices = [
                ("", "Not said"),
                *((one.id, one.name) for one in modules),
            ]
        else:
            del self.fields["delivered"]
        for mark in marks:
            self._add(mark, record_of(mark))

    def _add(self, mark: Attendance, kept: PersonRecord) -> None:
        key, name = mark.case_id, mark.case.client.full_name
        self.fields[f"shown-{key}"] = forms.CharField(
            widget=forms.HiddenInput, required=False, initial=kept.sign, label=f"{name}, as shown"
        )
        if mark.attended:
            self.fields[f"participation-{key}"] = forms.TypedChoiceField(
                label="Participation",
                required=False,
                coerce=int,
                empty_value=None,
                initial=kept.participation,
                choices=[
                    ("", "Not said"),
                    *((number, f"{number}: {words}") for number, words in PARTICIPATION.items()),
                ],
            )
            self.fields[f"homework-{key}"] = forms.TypedChoiceField(
                label="Homework",
                required=False,
                coerce=Homework,
                empty_value=None,
                initial=kept.homework,
                choices=[("", "Not said"), *HOMEWORK.items()],
            )
            self.fields[f"disclosed-{key}"] = note_field("What the client disclosed")
            self.fields[f"disclosed-{key}"].initial = kept.disclosed
            self.fields[f"disclosed-{key}"].widget.attrs["rows"] = 2
        self.fields[f"remark-{key}"] = note_field("Remark")
        self.fields[f"remark-{key}"].initial = kept.remark
        self.fields[f"remark-{key}"].widget.attrs["rows"] = 2

    def whole(self) -> SessionRecord:
        """What was typed about the session."""
        typed = self.cleaned_data
        delivered = typed["delivered"] if "delivered" in self.fields else self.session.delivered
        return SessionRecord(delivered, typed["deviation"], typed["debrief"])

    def people(self) -> dict[UUID, PersonRecord]:
        """What was typed about each client."""
        typed = self.cleaned_data
        return {
            key: PersonRecord(
                typed.get(f"participation-{key}"),
                typed.get(f"homework-{key}"),
                typed.get(f"disclosed-{key}", ""),
                typed[f"remark-{key}"],
            )
            for key in (mark.case_id for mark in self.marks)
        }

    def seen(self) -> dict[UUID | None, str]:
        """The fingerprints that the page carried; `None` is the session's own."""
        typed = self.cleaned_data
        return {
            None: typed["shown"],
            **{mark.case_id: typed[f"shown-{mark.case_id}"] for mark in self.marks},
        }

    def rows(self) -> list[dict[str, Any]]:
        """What the page shows of each client: the boxes in their order."""
        return [
            {
                "case": mark.case,
                "mark": mark_words(mark),
                "shown": self[f"shown-{key}"],
                "boxes": [
                    self[f"{name}-{key}"]
                    for name in ("participation", "homework", "disclosed", "remark")
                    if f"{name}-{key}" in self.fields
                ],
                "has_text": Mark(mark.outcome) in PRESENT,
            }
            for mark in self.marks
            for key in [mark.case_id]
        ]


class VisitorForm(forms.Form):
    """Somebody who sat in on a session."""

    form_id = forms.UUIDField(widget=forms.HiddenInput, initial=new_id, label="Number of the form")
    name = forms.CharField(
        label="Name",
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto", "autocomplete": "off"}),
    )
    organisation = forms.CharField(
        label="Organisation",
        required=False,
        max_length=200,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    purpose = forms.ChoiceField(
        label="Why they came",
        widget=forms.RadioSelect,
        choices=[(one.value, said(one.value)) for one in VisitPurpose],
    )
    signed_on = DayMonthYearField(
        label="Signed to keep confidential what is heard, on",
        required=False,
        help_text="Left empty: not signed yet. It can be added later.",
    )

    def clean_signed_on(self) -> date | None:
        day: date | None = self.cleaned_data["signed_on"]
        if day is not None and day > timezone.localdate():
            raise ValidationError(f"{day:%-d %B %Y} has not come yet.")
        return day
