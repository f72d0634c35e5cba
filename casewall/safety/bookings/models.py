"""Appointments of this side and its rooms. No field of either can name a client."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import models
from django.db.models import Q

from casewall.safety.bookings.rules import LIVE, Channel, Kind, State, Where
from casewall.safety.partners.models import PartnerFile, choices
from casewall.safety.visibility import EVERYTHING, own_files
from casewall.services.load import zone_of
from casewall.vault.fields import EncryptedTextField
from casewall.wall.labels import Label
from casewall.wall.models import WalledModel
from casewall.wall.sides import Role, Side, Viewer


def zone_here(service: str) -> ZoneInfo:
    """The time zone of a service; that of the site where its definition is not here."""
    return zone_of(service) or ZoneInfo(settings.TIME_ZONE)


class Room(WalledModel):
    """A room of this side, in a building by the name that everybody knows.

    The other side has rooms of its own: a room that both could book would show each of them when
    the other has somebody there.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "name": Label.CONFIGURATION,
        "building": Label.CONFIGURATION,
        "closed_on": Label.DATE,
        "version": Label.CODE,
    }

    name = models.CharField(max_length=80)
    building = models.CharField(max_length=80)
    closed_on = models.DateField(null=True)
    version = models.IntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["compartment", "building", "name"], name="one_safe_room_name"
            )
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        if viewer.side is not Side.SAFETY or viewer.role not in _SEES_ROOMS:
            return rows.none()
        return rows.filter(compartment__in=viewer.compartments)

    def __str__(self) -> str:
        return f"{self.name}, {self.building}"


_SEES_ROOMS = EVERYTHING | {Role.PARTNER_WORKER, Role.CHILDRENS_WORKER}


class Booking(WalledModel):
    """An appointment with one partner or child, or with a group of partners or of children.

    There is no field for a client, and none for a couple: an item of this side holds one party by
    its type. `child_id` is the identifier of a child's record, `child_group_id` that of a group
    of children: whoever has a place in it is expected. `moved_from` is the hour at which the
    guard found the client close by.
    """

    SIDE = Side.SAFETY
    LABELS = {
        "file": Label.ID,
        "child_id": Label.ID,
        "child_group_id": Label.ID,
        "service": Label.CODE,
        "kind": Label.CODE,
        "channel": Label.CODE,
        "place": Label.CODE,
        "room": Label.ID,
        "elsewhere": Label.TEXT,
        "worker": Label.ID,
        "starts_at": Label.DATE,
        "minutes": Label.CODE,
        "state": Label.CODE,
        "moved_from": Label.DATE,
        "booked_by": Label.ID,
        "version": Label.CODE,
    }

    file = models.ForeignKey(
        PartnerFile, null=True, on_delete=models.PROTECT, related_name="bookings"
    )
    child_id = models.UUIDField(null=True)
    child_group_id = models.UUIDField(null=True)
    service = models.CharField(max_length=60)
    kind = models.CharField(max_length=20, choices=choices(Kind))
    channel = models.CharField(max_length=20, choices=choices(Channel))
    place = models.CharField(max_length=20, choices=choices(Where), blank=True)
    room = models.ForeignKey(Room, null=True, on_delete=models.PROTECT, related_name="bookings")
    elsewhere = EncryptedTextField(null=True)
    worker = models.UUIDField()
    starts_at = models.DateTimeField()
    minutes = models.IntegerField()
    state = models.CharField(max_length=20, choices=choices(State), default=State.PLANNED)
    moved_from = models.DateTimeField(null=True)
    booked_by = models.UUIDField()
    version = models.IntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(
                fields=["compartment", "starts_at", "id"],
                name="booking_by_hour",
                condition=Q(state__in=sorted(LIVE)),
            ),
            models.Index(fields=["compartment", "worker", "starts_at"], name="booking_by_worker"),
        ]
        constraints = [
            models.CheckConstraint(
                name="one_party_by_type",
                condition=Q(file__isnull=False, child_id__isnull=True, child_group_id=None)
                | Q(file=None, child_id__isnull=False, child_group_id=None, kind=Kind.CHILD)
                | Q(file=None, child_id=None, child_group_id=None, kind=Kind.GROUP)
                | Q(file=None, child_id=None, child_group_id__isnull=False,
                    kind=Kind.CHILD_GROUP),
            ),
            models.CheckConstraint(
                name="no_kind_but_these",
                condition=Q(kind__in=sorted(Kind)),
            ),
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        """Those of files that the viewer sees; of children and groups, the viewer's own."""
        if viewer.side is not Side.SAFETY:
            return rows.none()
        rows = rows.filter(compartment__in=viewer.compartments)
        own = Q(file__isnull=True, worker=viewer.worker)
        if viewer.role in EVERYTHING:
            return rows
        if viewer.role is Role.CHILDRENS_WORKER:
            return rows.filter(own)
        if viewer.role is Role.PARTNER_WORKER:
            whose = Q(file__worker=viewer.worker) | Q(file__worker__isnull=True)
            return rows.filter(own | (Q(file__isnull=False) & whose))
        return rows.none()

    @property
    def is_live(self) -> bool:
        return self.state in LIVE

    @property
    def zone(self) -> ZoneInfo:
        """The clock on the wall of the service."""
        return zone_here(self.service)

    @property
    def local(self) -> datetime:
        """The beginning on the clock on the wall of the service."""
        return self.starts_at.astimezone(self.zone)

    def __str__(self) -> str:
        return f"Appointment {self.pk}"


class BookingPlace(WalledModel):
    """That a partner is expected at an appointment of a group, until she or he leaves it."""

    SIDE = Side.SAFETY
    LABELS = {"booking": Label.ID, "file": Label.ID, "ended_on": Label.DATE}

    booking = models.ForeignKey(Booking, on_delete=models.PROTECT, related_name="places")
    file = models.ForeignKey(PartnerFile, on_delete=models.PROTECT, related_name="bookingplaces")
    ended_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["booking", "file"], name="one_place_each_booking")
        ]

    @classmethod
    def visible_rows(cls, rows: Any, viewer: Viewer) -> Any:
        return own_files(rows, viewer, "file__")
