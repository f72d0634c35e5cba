"""Groups, rooms, their sessions and members, and the register."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q

from casewall.programme.cases.models import Case, OfACase, OfTheWork, choices, visible_cases
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.rules import Mark, SessionKind, SessionState
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def visible_groups(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Narrow rows to those whose group (reached by `path`) this viewer may see."""
    if viewer.side is not Side.PROGRAMME:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    match viewer.role:
        case Role.PROGRAMME_MANAGER | Role.PROGRAMME_SYSTEM:
            return rows
        case Role.FACILITATOR:
            return rows.filter(**{f"{path}id__in": _own_groups(viewer)})
        case _:
            return rows.none()


def _own_groups(viewer: Viewer) -> Any:
    own = GroupFacilitator.objects.for_system("membership").filter(
        worker=viewer.worker, left_on=None)
    return own.values("group_id")


def visible_sessions(rows: Any, viewer: Viewer, path: str = "") -> Any:
    """Narrow rows to those whose session (reached by `path`) this viewer may see.

    Sessions of own groups, sessions that the viewer leads, and one-to-one sessions of own cases.
    """
    if viewer.side is not Side.PROGRAMME:
        return rows.none()
    rows = rows.filter(compartment__in=viewer.compartments)
    match viewer.role:
        case Role.PROGRAMME_MANAGER | Role.PROGRAMME_SYSTEM:
            return rows
        case Role.FACILITATOR:
            cases = visible_cases(Case.objects.for_system("membership"), viewer)
            return rows.filter(
                Q(**{f"{path}group_id__in": _own_groups(viewer)})
                | Q(**{f"{path}worker": viewer.worker})
                | Q(**{f"{path}case_id__in": cases.values("id")})
            )
        case Role.ASSESSOR:
            return rows.filter(**{f"{path}worker": viewer.worker})
        case _:
            return rows.none()


class Room(WalledModel):
    """A room of this side. The other side has rooms of its own.

    `building` is the name of the house by which everybody knows it.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "name": Label.CONFIGURATION,
        "building": Label.CONFIGURATION,
        "chairs": Label.CODE,
        "closed_on": Label.DATE,
        "version": Label.CODE,
    }

    name = models.CharField(max_length=80)
    building = models.CharField(max_length=80, blank=True)
    chairs = models.IntegerField(null=True)
    closed_on = models.DateField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["compartment", "name"], name="one_room_name")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.PROGRAMME or viewer.role is Role.REFERRER:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)

    def __str__(self) -> str:
        return self.name


class ClosedWeeks(WalledModel):
    """Days on which a whole service holds no sessions, beside public holidays.

    Every group that is planned or planned further leaves them out. `taken_back_on`: the service
    meets after all; the row stays, since groups were planned around it.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "service": Label.CODE,
        "first_on": Label.DATE,
        "last_on": Label.DATE,
        "reason": Label.CONFIGURATION,
        "worker": Label.ID,
        "taken_back_on": Label.DATE,
    }

    service = models.CharField(max_length=60)
    first_on = models.DateField()
    last_on = models.DateField()
    reason = models.CharField(max_length=80)
    worker = models.UUIDField()
    taken_back_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="ends_after_it_begins", condition=Q(last_on__gte=models.F("first_on"))
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.PROGRAMME or viewer.role is Role.REFERRER:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)

    def __str__(self) -> str:
        return f"{self.first_on:%-d %B %Y} to {self.last_on:%-d %B %Y}: {self.reason}"


class Group(WalledModel):
    """A group that delivers one component of a programme template, at a weekly time or several.

    `is_open` says that clients can still be placed; `entry` whether they may join at any time.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "name": Label.CONFIGURATION,
        "service": Label.CODE,
        "template": Label.ID,
        "component": Label.CODE,
        "entry": Label.CODE,
        "language": Label.CODE,
        "starts_on": Label.DATE,
        "weekdays": Label.CONFIGURATION,
        "begins_at": Label.CONFIGURATION,
        "minutes": Label.CODE,
        "room": Label.ID,
        "least": Label.CODE,
        "most": Label.CODE,
        "is_open": Label.CODE,
        "version": Label.CODE,
    }

    name = models.CharField(max_length=120)
    service = models.CharField(max_length=60)
    template = models.ForeignKey(TemplateVersion, on_delete=models.PROTECT, null=True)
    component = models.CharField(max_length=60)
    entry = models.CharField(max_length=10, default="rolling")
    language = models.CharField(max_length=10, blank=True)
    starts_on = models.DateField()
    weekdays = models.CharField(max_length=20, blank=True)
    begins_at = models.TimeField()
    minutes = models.IntegerField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True)
    least = models.IntegerField(null=True)
    most = models.IntegerField(null=True)
    is_open = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer)

    def __str__(self) -> str:
        return self.name


class GroupFacilitator(WalledModel):
    """A worker who runs a group, or ran it until a day. Who comes back has a new row."""

    SIDE = Side.PROGRAMME
    LABELS = {"group": Label.ID, "worker": Label.ID, "left_on": Label.DATE}

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="facilitators")
    worker = models.UUIDField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "worker"], condition=Q(left_on=None),
                                    name="one_facilitator_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer, "group__")


class GroupMember(OfACase):
    """A client's place in a group, from the first day to the last. Who comes back has a new one.

    `late_because` says why somebody joined a closed group after it had begun. A guest's place is
    of one day and `makes_up_for` a session that the client missed elsewhere.
    """

    LABELS = {
        "group": Label.ID,
        "joined_on": Label.DATE,
        "left_on": Label.DATE,
        "late_because": Label.TEXT,
        "makes_up_for": Label.ID,
    }

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)
    late_because = EncryptedTextField(null=True)
    makes_up_for = models.ForeignKey(
        "Session", on_delete=models.PROTECT, null=True, related_name="guest_places"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["group", "case"], condition=Q(left_on=None), name="one_place_each"
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer, "group__")


class Availability(OfTheWork):
    """When, and in which language, a client can come to a group."""

    LABELS = {
        "weekdays": Label.CODE,
        "earliest": Label.CODE,
        "latest": Label.CODE,
        "language": Label.CODE,
        "stated_on": Label.DATE,
        "version": Label.CODE,
    }

    weekdays = models.CharField(max_length=20, blank=True)
    earliest = models.TimeField(null=True)
    latest = models.TimeField(null=True)
    language = models.CharField(max_length=10, blank=True)
    stated_on = models.DateField()
    version = models.IntegerField(default=1)


class NonAssociation(WalledModel):
    """Two clients who cannot be placed together. No reason and no author is kept here.

    The smaller identifier comes first. `item` names the disclosure that a row arrived with, so
    that a recall ends that row and no other; a pair is kept apart while any of its rows holds.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "one": Label.ID,
        "other": Label.ID,
        "made_on": Label.DATE,
        "ended_on": Label.DATE,
        "item": Label.ID,
    }

    one = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="kept_from")
    other = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="kept_from_too")
    made_on = models.DateField()
    ended_on = models.DateField(null=True)
    item = models.UUIDField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["one", "other", "item"], name="one_pair_each", nulls_distinct=False
            ),
            models.CheckConstraint(
                name="pair_in_order", condition=models.Q(one__lt=models.F("other"))
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.role not in (Role.PROGRAMME_MANAGER, Role.PROGRAMME_SYSTEM):
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)


class Session(WalledModel):
    """One meeting: of a group, or one-to-one with the client of a case.

    `module` is what the template plans for it, `delivered` what was done; both are module codes
    of the template. `number` counts within the group, or within the component of a case.
    """

    SIDE = Side.PROGRAMME
    LABELS = {
        "group": Label.ID,
        "case": Label.ID,
        "kind": Label.CODE,
        "component": Label.CODE,
        "number": Label.CODE,
        "held_on": Label.DATE,
        "begins_at": Label.CODE,
        "minutes": Label.CODE,
        "room": Label.ID,
        "worker": Label.ID,
        "state": Label.CODE,
        "cancelled_because": Label.CODE,
        "module": Label.CODE,
        "title": Label.CONFIGURATION,
        "delivered": Label.CODE,
        "deviation": Label.TEXT,
        "debrief": Label.TEXT,
        "makes_up_for": Label.ID,
        "marked_at": Label.DATE,
        "marked_by": Label.ID,
        "version": Label.CODE,
    }

    group = models.ForeignKey(
        Group, on_delete=models.PROTECT, related_name="sessions", null=True
    )
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="sessions", null=True)
    kind = models.CharField(
        max_length=20, choices=choices(SessionKind), default=SessionKind.GROUP
    )
    component = models.CharField(max_length=60, blank=True)
    number = models.IntegerField()
    held_on = models.DateField()
    begins_at = models.TimeField()
    minutes = models.IntegerField()
    room = models.ForeignKey(Room, on_delete=models.PROTECT, null=True)
    worker = models.UUIDField(null=True)
    state = models.CharField(
        max_length=20, choices=choices(SessionState), default=SessionState.PLANNED
    )
    cancelled_because = models.CharField(max_length=30, blank=True)
    module = models.CharField(max_length=60, blank=True)
    title = models.CharField(max_length=200, blank=True)
    delivered = models.CharField(max_length=60, blank=True)
    deviation = EncryptedTextField(null=True)
    debrief = EncryptedTextField(null=True)
    makes_up_for = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="made_up_by"
    )
    marked_at = models.DateTimeField(null=True)
    marked_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["compartment", "held_on"], name="session_by_day"),
            models.Index(fields=["case", "held_on"], name="session_by_case"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="one_session_number"),
            models.CheckConstraint(
                name="of_a_group_or_a_case",
                condition=Q(group__isnull=False, case__isnull=True)
                | Q(group__isnull=True, case__isnull=False),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_sessions(rows, viewer)


class Attendance(OfACase):
    """One mark in a register. *Attended* and *complied* are two axes.

    `outcome` is what the facilitator tapped; `reason` a code of the template's attendance codes.
    `disclosed` and `remark` are the facilitators' words on this client in this session.
    """

    LABELS = {
        "session": Label.ID,
        "outcome": Label.CODE,
        "attended": Label.CODE,
        "complied": Label.CODE,
        "reason": Label.CODE,
        "minutes_late": Label.CODE,
        "minutes_early": Label.CODE,
        "minutes_attended": Label.CODE,
        "participation": Label.CODE,
        "homework": Label.CODE,
        "disclosed": Label.TEXT,
        "remark": Label.TEXT,
        "makes_up_for": Label.ID,
        "worker": Label.ID,
        "recorded_at": Label.DATE,
        "version": Label.CODE,
    }

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    outcome = models.CharField(max_length=30, choices=choices(Mark))
    attended = models.BooleanField()
    complied = models.BooleanField()
    reason = models.CharField(max_length=20, blank=True)
    minutes_late = models.IntegerField(default=0)
    minutes_early = models.IntegerField(default=0)
    minutes_attended = models.IntegerField()
    participation = models.SmallIntegerField(null=True)
    homework = models.CharField(max_length=20, blank=True)
    disclosed = EncryptedTextField(null=True)
    remark = EncryptedTextField(null=True)
    makes_up_for = models.ForeignKey(
        Session, on_delete=models.PROTECT, null=True, related_name="made_up_marks"
    )
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "case"], name="one_mark_each")]


class Visitor(WalledModel):
    """Somebody who sat in on a session: an observer, a trainee, an interpreter."""

    SIDE = Side.PROGRAMME
    LABELS = {
        "session": Label.ID,
        "name": Label.PERSONAL,
        "organisation": Label.TEXT,
        "purpose": Label.CODE,
        "signed_on": Label.DATE,
        "worker": Label.ID,
    }

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="visitors")
    name = EncryptedTextField()
    organisation = EncryptedTextField(null=True)
    purpose = models.CharField(max_length=30)
    signed_on = models.DateField(null=True)
    worker = models.UUIDField()

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_sessions(rows, viewer, "session__")
