"""Forms about sessions, interpreters, help elsewhere, permissions and groups."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils import timezone

from casewall.pages.wording import WordingForm
from casewall.safety.bookings.actions import Slot, slot_at
from casewall.safety.bookings.models import Room
from casewall.safety.bookings.rules import Channel as Reach
from casewall.safety.bookings.rules import Where
from casewall.safety.bookings.words import CHANNELS, PLACES
from casewall.safety.partners.forms import HourField, signs_field
from casewall.safety.partners.models import choices
from casewall.safety.partners.rules import Channel, Present
from casewall.safety.support.actions import SessionFacts
from casewall.safety.support.forms.fields import (
    FURTHEST,
    FileForm,
    day_field,
    line_field,
    minutes_field,
    one_of,
    text_field,
    yes_no,
)
from casewall.safety.support.models import SupportSession
from casewall.safety.support.rules import (
    Came,
    HelpOutcome,
    Interpreting,
    SessionKind,
    Topic,
    is_exact,
    may_interpret,
)
from casewall.safety.support.words import link_words, worded


class SessionForm(WordingForm, FileForm):
    """One one-to-one session."""

    watched = ("note",)
    past = ("held_on",)

    kind = one_of("What kind of session?", worded(SessionKind))
    came = one_of("What became of it?", worded(Came), initial=Came.HELD.value)
    channel = one_of("How did you meet or speak?", choices(Channel), inline=True)
    held_on = day_field("On which day?")
    began = HourField(label="When did it begin?", help_text="For example, 09:30")
    minutes = minutes_field(required=False, help_text="Only where the session was held.")
    present = one_of("Who else was there?", choices(Present), initial=Present.NOBODY.value)
    topics = forms.MultipleChoiceField(
        label="What was it about?",
        choices=worded(Topic),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    note = text_field(
        "Note", 8, "Stays on the safety side. Nothing of it can be seen by the programme."
    )
    signs = signs_field()

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["began_at"] = self.moment("held_on", "began")
        if (
            given["began_at"]
            and given["began_at"] > timezone.now()
            and not self.has_error("held_on")
        ):
            self.add_error("began", "This time is still to come today.")
        held = given.get("came") == Came.HELD
        if held and given.get("minutes") is None and not self.has_error("minutes"):
            self.add_error("minutes", "Write how long the session lasted.")
        if given.get("came") and not held and given.get("minutes"):
            self.add_error("minutes", "A session that was not held has no minutes.")
        if given.get("present") == Present.CLIENT:
            self.add_error(
                "present",
                "Support is for the partner alone: with the client there it is no session. Record "
                "it as a contact, and meet without the client.",
            )
        return given

    def facts(self) -> SessionFacts:
        """The facts of the session, once the form is valid."""
        given = self.cleaned_data
        return SessionFacts(
            began_at=given["began_at"],
            kind=SessionKind(given["kind"]),
            came=Came(given["came"]),
            minutes=given["minutes"] or 0,
            channel=Channel(given["channel"]),
            present=Present(given["present"]),
            topics=tuple(Topic(topic) for topic in given["topics"]),
            note=given["note"] or None,
        )


class CorrectionForm(SessionForm):
    """A session, written anew."""

    reason = text_field(
        "Why is it corrected?", 3, required=True, error_messages={"required": "Write why."}
    )

    @staticmethod
    def first_shown(session: SupportSession) -> dict[str, Any]:
        """The session as it stands, to be corrected."""
        began = timezone.localtime(session.began_at)
        return {
            "kind": session.kind,
            "came": session.came,
            "channel": session.channel,
            "held_on": began.date(),
            "began": began.time(),
            "minutes": session.minutes or None,
            "present": session.present,
            "topics": [topic for topic in session.topics.split(",") if topic],
            "note": session.note,
        }


class InterpreterForm(FileForm):
    """Who interpreted."""

    past = ("used_on",)

    who = one_of(
        "Who interpreted?",
        worded(Interpreting),
        help_text="Family, friends, children and the client's relatives never interpret.",
    )
    agency = line_field("Which agency?")
    reference = line_field(
        "Name or number of the interpreter", "As the agency gives it.", required=False
    )
    language = line_field("Which language?", "For example, Arabic", max_length=40)
    minutes = minutes_field()
    used_on = day_field("On which day?")

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("who"):
            decision = may_interpret(Interpreting(given["who"]))
            if not decision:
                self.add_error("who", decision.reason)
        return given


class OnwardForm(FileForm):
    """Help elsewhere."""

    past = ("made_on",)

    kind = one_of("What kind of help?", [])
    agency = line_field("To whom?", "The place or agency.")
    made_on = day_field("Referred on")
    consent = yes_no("Did the partner agree to this referral?")
    consent_on = day_field("Agreed on")
    note = text_field("Note")

    def __init__(self, *args: Any, kinds: list[str], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind, link_words(kind)) for kind in kinds]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        if given.get("consent") is False:
            self.add_error(
                "consent",
                "A partner is referred to help elsewhere only with the partner's consent. Ask "
                "first; nothing is saved until then.",
            )
        made, agreed = given.get("made_on"), given.get("consent_on")
        if made and agreed and agreed > made:
            self.add_error("consent_on", "The partner's consent must come before the referral.")
        return given


class OutcomeForm(FileForm):
    """What came of help elsewhere."""

    past = ("on",)

    outcome = one_of("What came of it?", worded(HelpOutcome))
    on = day_field("Known since")
    note = text_field("Note")
    version = forms.IntegerField(widget=forms.HiddenInput)


class PermissionForm(FileForm):
    """What exactly may be told."""

    past = ("given_on",)

    information = text_field(
        "What exactly may be told?",
        4,
        "The information itself, in words that leave no doubt.",
        required=True,
        error_messages={"required": "Write what may be told."},
    )
    to_whom = line_field("To whom?")
    purpose = line_field("What for?")
    in_writing = yes_no("Was it given in writing?")
    given_on = day_field("Given on")

    def clean_information(self) -> str:
        text: str = self.cleaned_data["information"]
        decision = is_exact(text)
        if not decision:
            raise forms.ValidationError(decision.reason)
        return text


class RevokeForm(FileForm):
    """The partner takes a permission back."""

    past = ("on",)
    on = day_field("Taken back on")


class GroupForm(FileForm):
    """A support group."""

    name = line_field(
        "Name of the group",
        "It names no person and no place that could be found by it.",
        max_length=80,
    )
    compartment = forms.TypedChoiceField(
        label="Of which service?", coerce=int, widget=forms.RadioSelect
    )
    begins_on = day_field("Begins on")

    def __init__(self, *args: Any, places: list[tuple[int, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["compartment"].choices = places
        if len(places) == 1:
            self.fields["compartment"].initial = places[0][0]


class MeetingForm(FileForm):
    """One meeting of a group."""

    on = day_field("On which day?")
    at = HourField(label="When does it begin?", help_text="For example, 17:00")
    minutes = minutes_field(initial=120)
    topic = forms.ChoiceField(
        label="What is it about?", required=False, choices=[("", "Not said"), *worded(Topic)]
    )
    place = forms.ChoiceField(
        label="Where does the group meet?",
        required=False,
        help_text="Not needed for a meeting that has been held.",
    )
    elsewhere = forms.CharField(
        label="Where, if somewhere else",
        required=False,
        max_length=200,
        help_text="Name the house as everybody knows it, so that it can be kept apart from the "
        "clients' appointments.",
    )

    def __init__(self, *args: Any, rooms: Iterable[Room], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["place"].choices = [
            ("", "Choose"),
            *((key, str(room)) for key, room in self.rooms.items()),
            (Where.ELSEWHERE.value, PLACES[Where.ELSEWHERE]),
            *((one.value, CHANNELS[one]) for one in (Reach.VIDEO, Reach.PHONE)),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean()
        given["begins_at"] = self.moment("on", "at")
        if given.get("on") and given["on"] > timezone.localdate() + FURTHEST:
            self.add_error("on", "This is more than a year away: look at the year again.")
        if given["begins_at"] and given["begins_at"] > timezone.now() and not given.get("place"):
            self.add_error("place", "Choose where the group meets, or by phone or video.")
        if given.get("place") == Where.ELSEWHERE and not given.get("elsewhere", "").strip():
            self.add_error("elsewhere", "Write where it is, by the name that everybody knows.")
        return given

    def slot(self) -> Slot | None:
        """Where and when, once the form is valid; None where no place was chosen."""
        given = self.cleaned_data
        if not given["place"]:
            return None
        return slot_at(
            given["place"],
            self.rooms,
            starts_at=given["begins_at"],
            minutes=given["minutes"],
            elsewhere=given["elsewhere"],
        )

    def begins_at(self) -> datetime:
        """The moment, once the form is valid."""
        found: datetime = self.cleaned_data["begins_at"]
        return found


class MemberForm(FileForm):
    """Who joins a group: a partner whose file the worker sees."""

    file = forms.ChoiceField(label="Who joins?")
    on = day_field("Joins on")

    def __init__(self, *args: Any, files: list[tuple[str, str]], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["file"].choices = [("", "Choose a partner"), *files]


class LeaveForm(FileForm):
    """Somebody leaves a group, or a group ends."""

    past = ("on",)
    on = day_field("On which day?")
