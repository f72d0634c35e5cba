"""The forms of appointments and rooms."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import QueryDict

from casewall.pages.dates import DayMonthYearField
from casewall.programme.groups.planning.rules import time_exists
from casewall.safety.bookings.actions import Slot, slot_at
from casewall.safety.bookings.models import Booking, Room
from casewall.safety.bookings.rules import LONGEST, Channel, Kind, Where
from casewall.safety.bookings.words import CHANNELS, KINDS, PLACES
from casewall.safety.partners.forms import HourField, Once
from casewall.safety.partners.models import PartnerFile
from casewall.staff.models import Compartment
from casewall.wall.sides import Viewer

ALONE = [kind for kind in Kind if kind not in (Kind.CHILD, Kind.GROUP, Kind.CHILD_GROUP)]
INSTEAD = "instead"
"""Names the button that takes one of the hours that were offered."""


class SlotFields(forms.Form):
    """When and where. `slot` is what was typed, once the form is valid."""

    day = DayMonthYearField(label="Day", help_text="For example, 27 3 2036")
    begins = HourField(label="Time", help_text="For example, 14:30")
    minutes = forms.IntegerField(
        label="Minutes",
        min_value=5,
        max_value=LONGEST,
        initial=60,
        widget=forms.NumberInput(attrs={"class": "govuk-input--width-4"}),
    )
    place = forms.ChoiceField(label="Where")
    elsewhere = forms.CharField(
        label="Where, if somewhere else",
        required=False,
        max_length=200,
        help_text="Name the house as everybody knows it, so that it can be kept apart from the "
        "client's appointments.",
    )

    def fill(self, rooms: Iterable[Room], zone: ZoneInfo) -> None:
        """Offer these rooms; read times on this clock."""
        self.zone = zone
        self.rooms = {str(room.pk): room for room in rooms}
        self.fields["place"].choices = [
            ("", "Choose"),
            *((one.value, CHANNELS[one]) for one in (Channel.PHONE, Channel.VIDEO)),
            *((key, str(room)) for key, room in self.rooms.items()),
            *((one.value, words) for one, words in PLACES.items()),
        ]

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("place") == Where.ELSEWHERE:
            if not given.get("elsewhere", "").strip():
                self.add_error("elsewhere", "Write where it is, by the name that everybody knows.")
        elif given.get("elsewhere") and given.get("place"):
            self.add_error("elsewhere", "Leave this empty, or choose “Somewhere else” above.")
        if given.get("day") and given.get("begins"):
            decision = time_exists(given["day"], given["begins"], self.zone.key)
            if not decision:
                self.add_error("begins", decision.reason)
        return given

    @property
    def slot(self) -> Slot:
        """When and where."""
        given = self.cleaned_data
        return slot_at(
            given["place"],
            self.rooms,
            starts_at=datetime.combine(given["day"], given["begins"], self.zone),
            minutes=given["minutes"],
            elsewhere=given["elsewhere"],
        )


def with_hour_taken(posted: QueryDict, zone: ZoneInfo) -> QueryDict:
    """What was posted, with the offered hour that was chosen in place of the one typed."""
    try:
        chosen = datetime.fromisoformat(posted.get(INSTEAD, "")).astimezone(zone)
    except ValueError:
        return posted
    data = posted.copy()
    data["day_day"], data["day_month"] = str(chosen.day), str(chosen.month)
    data["day_year"], data["begins"] = str(chosen.year), f"{chosen:%H:%M}"
    return data


class BookForm(Once, SlotFields):
    """An appointment. `worker` is offered to who leads a service; others book for themselves."""

    kind = forms.ChoiceField(label="What for", widget=forms.RadioSelect)
    worker = forms.ChoiceField(label="Worker", required=False)

    def __init__(
        self,
        *args: Any,
        kinds: Iterable[Kind],
        rooms: Iterable[Room],
        zone: ZoneInfo,
        workers: list[tuple[str, str]],
        **kwargs: Any,
    ):
        super().__init__(*args, **kwargs)
        self.fill(rooms, zone)
        choices = [(kind.value, KINDS[kind]) for kind in kinds]
        self.fields["kind"].choices = choices
        if len(choices) == 1:
            self.fields["kind"].widget = forms.HiddenInput()
            self.fields["kind"].initial = choices[0][0]
        if workers:
            self.fields["worker"].choices = workers
        else:
            del self.fields["worker"]
        self.order_fields(["kind", "files", "day", "begins", "minutes", "place", "elsewhere"])

    @property
    def chosen_worker(self) -> UUID | None:
        """The worker who was chosen, if anybody could choose."""
        chosen = self.cleaned_data.get("worker")
        return UUID(chosen) if chosen else None


class GroupForm(BookForm):
    """An appointment of a group of partners."""

    files = forms.MultipleChoiceField(
        label="Partners",
        widget=forms.CheckboxSelectMultiple,
        help_text="Two or more. Nobody is told here who else comes.",
    )

    def __init__(self, *args: Any, files: Iterable[PartnerFile], **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.offered = {str(file.pk): file for file in files}
        self.fields["files"].choices = [
            (key, file.partner.full_name or "No name given") for key, file in self.offered.items()
        ]

    @property
    def chosen(self) -> list[PartnerFile]:
        """The files of the partners who were chosen."""
        return [self.offered[key] for key in self.cleaned_data["files"]]


class MoveForm(SlotFields):
    """Another hour or place for an appointment."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, booking: Booking, rooms: Iterable[Room], **kwargs: Any):
        kept = {booking.room.pk: booking.room} if booking.room else {}
        place = booking.place if booking.channel == Channel.IN_PERSON else booking.channel
        kwargs["initial"] = {
            "version": booking.version,
            "day": booking.local.date(),
            "begins": booking.local.time(),
            "minutes": booking.minutes,
            "place": str(booking.room_id) if booking.room_id else place,
            "elsewhere": booking.elsewhere,
        }
        super().__init__(*args, **kwargs)
        self.fill({**kept, **{room.pk: room for room in rooms}}.values(), booking.zone)

    def show_again(self, version: int) -> None:
        """Take the appointment as it is now: who saves once more has seen where it stands."""
        self.data = self.data.copy()
        self.data["version"] = str(version)


class RoomForm(forms.Form):
    """A room of this side."""

    building = forms.CharField(
        label="Building",
        max_length=80,
        help_text="The name by which everybody knows the house, for example “Havnegade 4”. "
        "The guard compares it with the houses in which clients are expected.",
    )
    name = forms.CharField(label="Name of the room", max_length=80)
    compartment = forms.TypedChoiceField(label="Whose room", coerce=int)

    def __init__(self, *args: Any, viewer: Viewer, **kwargs: Any):
        super().__init__(*args, **kwargs)
        rows = Compartment.objects.filter(
            number__in=viewer.compartments, sensitivity=Compartment.STANDARD
        ).select_related("service", "agency")
        choices = [
            (one.number, f"{one.agency.name}: {one.service.name}")
            for one in rows.order_by("agency__name", "service__name", "number")
        ]
        self.fields["compartment"].choices = choices
        if len(choices) == 1:
            self.fields["compartment"].widget = forms.HiddenInput()
            self.fields["compartment"].initial = choices[0][0]


class CloseForm(forms.Form):
    """The last day on which a room is used."""

    on = DayMonthYearField(label="Last day on which it is used")
