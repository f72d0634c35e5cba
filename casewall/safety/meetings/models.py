"""What is stored of case meetings. The minutes are on the meeting; each file has its extracts.

Nothing of these tables is in any flow. What a meeting wants the programme side to know goes only
by an approved disclosure.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from casewall.safety.children.models import Child, own_children
from casewall.safety.meetings.rules import For, Kind, Presence, Reason, State
from casewall.safety.meetings.words import worded
from casewall.safety.partners.models import PartnerFile
from casewall.safety.visibility import EVERYTHING, in_compartments, own_files
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer

WORKERS = (Role.PARTNER_WORKER, Role.CHILDRENS_WORKER)


def dates_of_all(rows: Any, viewer: Viewer) -> Any:
    """Rows that say when a meeting is and nothing about anybody: for all who work with people."""
    if viewer.side is not Side.SAFETY or viewer.role not in (*EVERYTHING, *WORKERS):
        return rows.none()
    return rows.filter(compartment__in=viewer.compartments)


class ToDo(models.Model):
    """What somebody is to do: a worker of this side, or an agency by name, until a day."""

    TO_DO: ClassVar[dict[str, Label]] = {
        "what": Label.TEXT, "owner": Label.ID, "agency": Label.TEXT, "due_on": Label.DATE,
        "done_on": Label.DATE, "outcome": Label.TEXT, "dropped": Label.CODE, "worker": Label.ID,
        "version": Label.CODE,
    }  # fmt: skip

    what = EncryptedTextField()
    owner = models.UUIDField(null=True)
    agency = EncryptedTextField(null=True)
    due_on = models.DateField()
    done_on = models.DateField(null=True)
    outcome = EncryptedTextField(null=True)
    dropped = models.BooleanField(default=False)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        abstract = True


class Meeting(WalledModel):
    """A case meeting of one service: when, of what kind, and where it stands.

    `since` is the day from which its agenda looks for facts: that of the meeting before.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "service": Label.CODE, "kind": Label.CODE, "held_at": Label.DATE, "state": Label.CODE,
        "since": Label.DATE, "agenda_at": Label.DATE, "closed_at": Label.DATE,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=worded(Kind), default=Kind.REGULAR)
    held_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=worded(State), default=State.PLANNED)
    since = models.DateField()
    agenda_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "-held_at", "-id"], name="meeting_by_day")]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return dates_of_all(rows, viewer)

    @property
    def is_open(self) -> bool:
        return self.state != State.CLOSED


class OfAMeeting(WalledModel):
    """A record of a meeting that only coordination reads: it may speak of several files."""

    SIDE = Side.SAFETY
    BASE_LABELS = {**WalledModel.BASE_LABELS, "meeting": Label.ID}

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="%(class)ss")

    class Meta:
        abstract = True

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return in_compartments(rows, viewer)


class Attendee(OfAMeeting):
    """Somebody who was asked to a meeting: a person and an agency, there or with apologies."""

    LABELS = {
        "name": Label.PERSONAL, "agency": Label.TEXT, "presence": Label.CODE, "worker": Label.ID,
        "version": Label.CODE,
    }  # fmt: skip

    name = EncryptedTextField(null=True)
    agency = EncryptedTextField(null=True)
    presence = models.CharField(max_length=10, choices=worded(Presence))
    worker = models.UUIDField()
    version = models.IntegerField(default=1)


class Minutes(OfAMeeting):
    """What was said at a meeting beside the items. Every version stays; the highest holds."""

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {"text": Label.TEXT, "number": Label.CODE, "kept_at": Label.DATE, "worker": Label.ID}

    text = EncryptedTextField()
    number = models.IntegerField()
    kept_at = models.DateTimeField()
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="one_version_of_minutes")
        ]


class AgendaItem(OfAMeeting):
    """One case at a meeting: why it is there, what was said, what was decided.

    `reasons` holds [reason, day] pairs, the gravest first, as the records had them when the
    agenda was built. An item without a file is a client's case that no file is linked to.
    """

    LABELS = {
        "file": Label.ID, "case_id": Label.ID, "reasons": Label.CODE, "level": Label.CODE,
        "place": Label.CODE, "why": Label.TEXT, "off_because": Label.TEXT, "is_off": Label.CODE,
        "discussion": Label.TEXT, "decision": Label.TEXT, "decided_at": Label.DATE,
        "worker": Label.ID, "version": Label.CODE,
    }  # fmt: skip

    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="agenda_items"
    )
    case_id = models.UUIDField(null=True)
    reasons = models.JSONField(default=list)
    level = models.CharField(max_length=20, blank=True)
    place = models.IntegerField(default=0)
    why = EncryptedTextField(null=True)
    is_off = models.BooleanField(default=False)
    off_because = EncryptedTextField(null=True)
    discussion = EncryptedTextField(null=True)
    decision = EncryptedTextField(null=True)
    decided_at = models.DateTimeField(null=True)
    worker = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "file"], condition=Q(file__isnull=False), name="file_once_a_day"
            ),
            models.UniqueConstraint(
                fields=["meeting", "case_id"], condition=Q(file=None), name="case_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(file__isnull=False, case_id=None)
                | Q(file=None, case_id__isnull=False),
                name="item_about_one",
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.PARTNER_WORKER:
            # An item of no file would pass for one of an unallocated file.
            rows = rows.filter(file__isnull=False)
        return own_files(rows, viewer, "file__")

    @property
    def codes(self) -> list[Reason]:
        """Why it is on the agenda, the gravest reason first."""
        return [Reason(code) for code, _ in self.reasons]


class MeetingAction(OfAMeeting, ToDo):
    """What somebody is to do after a meeting, with its day and what came of it."""

    LABELS = {"item": Label.ID, **ToDo.TO_DO}

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="actions")

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "due_on", "id"],
                name="meeting_action_due",
                condition=Q(done_on=None),
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY or viewer.role not in (*EVERYTHING, *WORKERS):
            return rows.none()
        rows = rows.filter(compartment__in=viewer.compartments)
        if viewer.role in EVERYTHING:
            return rows
        seen = AgendaItem.objects.visible_to(viewer).values("id")
        return rows.filter(Q(owner=viewer.worker) | Q(item_id__in=seen))


class Extract(OfAMeeting):
    """What of an item is kept for one file: the partner's, a child's, or the client's.

    One for the client stays here too: it leaves only as a disclosure.
    """

    APP_MAY = ("SELECT", "INSERT")
    LABELS = {
        "item": Label.ID, "whom": Label.CODE, "child": Label.ID, "case_id": Label.ID,
        "text": Label.TEXT, "written_at": Label.DATE, "worker": Label.ID,
    }  # fmt: skip

    item = models.ForeignKey(AgendaItem, on_delete=models.PROTECT, related_name="extracts")
    whom = models.CharField(max_length=10, choices=worded(For))
    child = models.ForeignKey(
        Child, null=True, on_delete=models.PROTECT, related_name="meeting_extracts"
    )
    case_id = models.UUIDField(null=True)
    text = EncryptedTextField()
    written_at = models.DateTimeField()
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(whom="partner", child=None, case_id=None)
                | Q(whom="child", child__isnull=False, case_id=None)
                | Q(whom="client", child=None, case_id__isnull=False),
                name="extract_for_one_file",
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role is Role.CHILDRENS_WORKER:
            return own_children(rows.filter(whom=For.CHILD), viewer, "child_id")
        rows = own_files(rows, viewer, "item__file__")
        if viewer.role is Role.PARTNER_WORKER:
            return rows.filter(item__file__isnull=False)
        return rows
