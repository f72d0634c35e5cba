"""What is stored of support. Nothing of it is ever readable on the programme side.

What somebody said or agreed to is never overwritten: needs, plans and sessions are rows that
only come, and the newest one holds.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.drafts.models import DraftRecord
from casewall.safety.bookings.models import Booking
from casewall.safety.partners.models import OfAFile, choices
from casewall.safety.partners.rules import Channel, Present
from casewall.safety.support.living import PartnerCircumstances as PartnerCircumstances
from casewall.safety.support.rules import (
    Area,
    Came,
    Doer,
    EndReason,
    Handing,
    HelpOutcome,
    Hope,
    Interpreting,
    Level,
    Marked,
    SessionKind,
)
from casewall.safety.support.standing import FileStanding as FileStanding
from casewall.safety.visibility import EVERYTHING
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer

ONLY_COMES = ("SELECT", "INSERT")


class SupportPeriod(OfAFile):
    """From when to when a partner is supported. What the client does never ends it."""

    LABELS = {
        "began_on": Label.DATE,
        "planned_end": Label.DATE,
        "ended_on": Label.DATE,
        "end_reason": Label.CODE,
        "end_note": Label.TEXT,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    began_on = models.DateField()
    planned_end = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=30, choices=choices(EndReason), blank=True)
    end_note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["file"], condition=models.Q(ended_on=None), name="one_open_support_period"
            )
        ]


class PeriodExtension(OfAFile):
    """That support was planned to last longer, until when and why."""

    APP_MAY = ONLY_COMES
    LABELS = {
        "period": Label.ID,
        "until_before": Label.DATE,
        "until": Label.DATE,
        "reason": Label.TEXT,
        "decided_on": Label.DATE,
        "worker": Label.ID,
    }

    period = models.ForeignKey(SupportPeriod, on_delete=models.PROTECT, related_name="extensions")
    until_before = models.DateField()
    until = models.DateField()
    reason = EncryptedTextField()
    decided_on = models.DateField()
    worker = models.UUIDField()


class PartnerNeed(OfAFile):
    """How much help a partner needs in one area, as the partner said; the newest one holds."""

    APP_MAY = ONLY_COMES
    LABELS = {
        "area": Label.CODE,
        "level": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
        "note": Label.TEXT,
    }

    area = models.CharField(max_length=20, choices=choices(Area))
    level = models.CharField(max_length=20, choices=choices(Level))
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    note = EncryptedTextField(null=True)


class PlanVersion(OfAFile):
    """One version of a plan; the highest number holds and the earlier ones stay."""

    APP_MAY = ONLY_COMES
    BASE_LABELS = {
        **OfAFile.BASE_LABELS,
        "number": Label.CODE,
        "written_on": Label.DATE,
        "review_on": Label.DATE,
        "worker": Label.ID,
    }

    number = models.IntegerField()
    written_on = models.DateField()
    review_on = models.DateField()
    worker = models.UUIDField()

    class Meta:
        abstract = True
        constraints = [models.UniqueConstraint(fields=["file", "number"], name="%(class)s_numbers")]


class SupportPlan(PlanVersion):
    """What a partner wants to reach, in the partner's own words."""

    LABELS = {"goals": Label.TEXT, "note": Label.TEXT}

    goals = EncryptedTextField()
    note = EncryptedTextField(null=True)


class PlanStep(OfAFile):
    """One step towards the goals: who takes it, by when, and when it was done or dropped."""

    LABELS = {
        "what": Label.TEXT,
        "who": Label.CODE,
        "due_on": Label.DATE,
        "done_on": Label.DATE,
        "dropped_on": Label.DATE,
        "worker": Label.ID,
        "done_by": Label.ID,
    }

    what = EncryptedTextField()
    who = models.CharField(max_length=20, choices=choices(Doer))
    due_on = models.DateField(null=True)
    done_on = models.DateField(null=True)
    dropped_on = models.DateField(null=True)
    worker = models.UUIDField()
    done_by = models.UUIDField(null=True)

    @property
    def is_open(self) -> bool:
        return self.done_on is None and self.dropped_on is None


class SafetyPlan(PlanVersion):
    """What a partner does to be safer, in the partner's own words, by where it helps."""

    LABELS = {
        "signs": Label.TEXT,
        "places": Label.TEXT,
        "leaving": Label.TEXT,
        "children": Label.TEXT,
        "devices": Label.TEXT,
        "other": Label.TEXT,
        "agreed": Label.CODE,
    }

    signs = EncryptedTextField(null=True)
    places = EncryptedTextField(null=True)
    leaving = EncryptedTextField(null=True)
    children = EncryptedTextField(null=True)
    devices = EncryptedTextField(null=True)
    other = EncryptedTextField(null=True)
    agreed = models.BooleanField(help_text="Whether the partner agreed to this version.")


class SafetyPlanCopy(OfAFile):
    """How a safety plan got to the partner, and whether its way was confirmed safe."""

    APP_MAY = ONLY_COMES
    LABELS = {"plan": Label.ID, "how": Label.CODE, "handed_at": Label.DATE, "worker": Label.ID}

    plan = models.ForeignKey(SafetyPlan, on_delete=models.PROTECT, related_name="copies")
    how = models.CharField(max_length=20, choices=choices(Handing))
    handed_at = models.DateTimeField()
    worker = models.UUIDField()


class Expectation(OfAFile):
    """What a partner expects of the client's change; what was answered to it is recorded too."""

    APP_MAY = ONLY_COMES
    LABELS = {
        "hope": Label.CODE,
        "own_words": Label.TEXT,
        "caveat_told": Label.CODE,
        "stated_on": Label.DATE,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
    }

    hope = models.CharField(max_length=20, choices=choices(Hope))
    own_words = EncryptedTextField(null=True)
    caveat_told = models.BooleanField()
    stated_on = models.DateField()
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()


class SupportSession(OfAFile):
    """One one-to-one session with a partner. A correction is a row that names what it corrects."""

    APP_MAY = ONLY_COMES
    LABELS = {
        "began_at": Label.DATE,
        "kind": Label.CODE,
        "came": Label.CODE,
        "minutes": Label.CODE,
        "channel": Label.CODE,
        "present": Label.CODE,
        "topics": Label.CODE,
        "note": Label.TEXT,
        "recorded_at": Label.DATE,
        "worker": Label.ID,
        "corrects": Label.ID,
        "reason": Label.TEXT,
    }

    began_at = models.DateTimeField()
    kind = models.CharField(max_length=20, choices=choices(SessionKind))
    came = models.CharField(max_length=20, choices=choices(Came))
    minutes = models.IntegerField(default=0)
    channel = models.CharField(max_length=20, choices=choices(Channel))
    present = models.CharField(max_length=30, choices=choices(Present))
    topics = models.CharField(max_length=250, blank=True)
    note = EncryptedTextField(null=True)
    recorded_at = models.DateTimeField()
    worker = models.UUIDField()
    corrects = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="corrected_by"
    )
    reason = EncryptedTextField(null=True)

    class Meta:
        indexes = [models.Index(fields=["compartment", "began_at"], name="support_session_by_time")]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(present=Present.CLIENT), name="no_session_with_the_client"
            )
        ]


class OnwardReferral(OfAFile):
    """The partner was, with consent, referred to help elsewhere; and what came of it."""

    LABELS = {
        "kind": Label.CODE,
        "agency": Label.TEXT,
        "made_on": Label.DATE,
        "consent_on": Label.DATE,
        "outcome": Label.CODE,
        "outcome_on": Label.DATE,
        "ask_on": Label.DATE,
        "note": Label.TEXT,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    kind = models.CharField(max_length=20)
    agency = EncryptedTextField()
    made_on = models.DateField()
    consent_on = models.DateField()
    outcome = models.CharField(
        max_length=20, choices=choices(HelpOutcome), default=HelpOutcome.WAITING
    )
    outcome_on = models.DateField(null=True)
    ask_on = models.DateField(null=True)
    note = EncryptedTextField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class InterpreterUse(OfAFile):
    """That somebody of an agency interpreted, for which language and how long. Never family."""

    APP_MAY = ONLY_COMES
    LABELS = {
        "used_on": Label.DATE,
        "language": Label.CODE,
        "who": Label.CODE,
        "agency": Label.TEXT,
        "reference": Label.TEXT,
        "minutes": Label.CODE,
        "worker": Label.ID,
    }

    used_on = models.DateField()
    language = models.CharField(max_length=40)
    who = models.CharField(
        max_length=20, choices=[(Interpreting.AGENCY.value, "An interpreter of an agency")]
    )
    agency = EncryptedTextField()
    reference = EncryptedTextField(null=True)
    minutes = models.IntegerField()
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(who=Interpreting.AGENCY), name="interpreters_are_of_an_agency"
            )
        ]


class Permission(OfAFile):
    """What exactly may be told to whom and why, from when, until it is taken back."""

    LABELS = {
        "information": Label.TEXT,
        "to_whom": Label.TEXT,
        "purpose": Label.TEXT,
        "in_writing": Label.CODE,
        "given_on": Label.DATE,
        "revoked_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    information = EncryptedTextField()
    to_whom = EncryptedTextField()
    purpose = EncryptedTextField()
    in_writing = models.BooleanField()
    given_on = models.DateField()
    revoked_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class GroupRow(WalledModel):
    """A row about a support group itself: it names nobody."""

    SIDE = Side.SAFETY

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role not in (*EVERYTHING, Role.PARTNER_WORKER):
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)


class SupportGroup(GroupRow):
    """A support group of partners. It holds nothing of any client."""

    LABELS = {
        "name": Label.CONFIGURATION,
        "service": Label.CODE,
        "begins_on": Label.DATE,
        "closed_on": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    name = models.CharField(max_length=80)
    service = models.CharField(max_length=60)
    begins_on = models.DateField()
    closed_on = models.DateField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class GroupMeeting(GroupRow):
    """One meeting of a support group.

    One that was planned ahead is an appointment of the group, so that the guard keeps every
    member's client away from its house and hour; the meeting keeps step with it.
    """

    LABELS = {
        "group": Label.ID,
        "begins_at": Label.DATE,
        "minutes": Label.CODE,
        "topic": Label.CODE,
        "cancelled": Label.CODE,
        "booking": Label.ID,
        "worker": Label.ID,
    }

    group = models.ForeignKey(SupportGroup, on_delete=models.PROTECT, related_name="meetings")
    begins_at = models.DateTimeField()
    minutes = models.IntegerField()
    topic = models.CharField(max_length=20, blank=True)
    cancelled = models.BooleanField(default=False)
    booking = models.OneToOneField(
        Booking, null=True, on_delete=models.PROTECT, related_name="meeting"
    )
    worker = models.UUIDField()

    class Meta:
        constraints = [
            # One that was planned ahead has an appointment, which the guard may move to any hour.
            models.UniqueConstraint(
                fields=["group", "begins_at"],
                condition=models.Q(booking=None),
                name="one_meeting_at_a_time",
            )
        ]


class GroupPlace(OfAFile):
    """That a partner belongs to a support group, from when to when."""

    LABELS = {
        "group": Label.ID,
        "joined_on": Label.DATE,
        "left_on": Label.DATE,
        "worker": Label.ID,
    }

    group = models.ForeignKey(SupportGroup, on_delete=models.PROTECT, related_name="places")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "file"],
                condition=models.Q(left_on=None),
                name="one_place_in_a_group",
            )
        ]


class GroupAttendance(OfAFile):
    """Whether one partner came to one meeting."""

    LABELS = {
        "meeting": Label.ID,
        "marked": Label.CODE,
        "marked_at": Label.DATE,
        "worker": Label.ID,
        "version": Label.CODE,
    }

    meeting = models.ForeignKey(GroupMeeting, on_delete=models.PROTECT, related_name="attendance")
    marked = models.CharField(max_length=20, choices=choices(Marked))
    marked_at = models.DateTimeField()
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "file"], name="one_mark_at_a_meeting")
        ]


class SafetyDraft(DraftRecord):
    """What a worker of this side has typed into a form and not saved yet."""

    SIDE = Side.SAFETY
