"""Groups, their sessions and members, and the register."""

from __future__ import annotations

from typing import Any

from django.db import models

from casewall.programme.cases.models import OfACase, choices
from casewall.programme.groups.rules import Mark, SessionState
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
            own = GroupFacilitator.objects.for_system("membership").filter(worker=viewer.worker)
            return rows.filter(**{f"{path}id__in": own.values("group_id")})
        case _:
            return rows.none()


class Group(WalledModel):
    """A group with its weekly time."""

    SIDE = Side.PROGRAMME
    LABELS = {"name": Label.CONFIGURATION, "service": Label.CODE, "starts_on": Label.DATE,
              "begins_at": Label.CONFIGURATION, "minutes": Label.CODE,
              "component": Label.CODE, "room": Label.CONFIGURATION, "is_open": Label.CODE}

    name = models.CharField(max_length=120)
    service = models.CharField(max_length=60)
    component = models.CharField(max_length=60)
    starts_on = models.DateField()
    begins_at = models.TimeField()
    minutes = models.IntegerField()
    room = models.CharField(max_length=80, blank=True)
    is_open = models.BooleanField(default=True)

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer)

    def __str__(self) -> str:
        return self.name


class GroupFacilitator(WalledModel):
    """A worker who runs a group."""

    SIDE = Side.PROGRAMME
    LABELS = {"group": Label.ID, "worker": Label.ID}

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="facilitators")
    worker = models.UUIDField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "worker"], name="one_facilitator_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer, "group__")


class GroupMember(OfACase):
    """A client's place in a group."""

    LABELS = {"group": Label.ID, "joined_on": Label.DATE, "left_on": Label.DATE}

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="members")
    joined_on = models.DateField()
    left_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["group", "case"], name="one_place_each")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer, "group__")


class Session(WalledModel):
    """One meeting of a group."""

    SIDE = Side.PROGRAMME
    LABELS = {"group": Label.ID, "number": Label.CODE, "held_on": Label.DATE,
              "minutes": Label.CODE, "state": Label.CODE, "module": Label.CONFIGURATION,
              "marked_at": Label.DATE, "marked_by": Label.ID, "version": Label.CODE}

    group = models.ForeignKey(Group, on_delete=models.PROTECT, related_name="sessions")
    number = models.IntegerField()
    held_on = models.DateField()
    minutes = models.IntegerField()
    state = models.CharField(max_length=20, choices=choices(SessionState),
                             default=SessionState.PLANNED)
    module = models.CharField(max_length=120, blank=True)
    marked_at = models.DateTimeField(null=True)
    marked_by = models.UUIDField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [models.Index(fields=["compartment", "held_on"], name="session_by_day")]
        constraints = [
            models.UniqueConstraint(fields=["group", "number"], name="one_session_number")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return visible_groups(rows, viewer, "group__")


class Attendance(OfACase):
    """One mark in a register."""

    LABELS = {"session": Label.ID, "outcome": Label.CODE, "minutes_attended": Label.CODE,
              "worker": Label.ID, "recorded_at": Label.DATE, "version": Label.CODE}

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="marks")
    outcome = models.CharField(max_length=30, choices=choices(Mark))
    minutes_attended = models.IntegerField()
    worker = models.UUIDField()
    recorded_at = models.DateTimeField()
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["session", "case"], name="one_mark_each")
        ]
