"""What is shown of appointments, in a fixed number of queries."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.urls import reverse

from casewall.safety.bookings.models import Booking, BookingPlace, Room
from casewall.safety.bookings.rules import LIVE, Channel, Kind, State, Where, ends_at
from casewall.safety.bookings.separation import children_seen, groups_seen
from casewall.safety.bookings.words import CHANNELS, KINDS, PLACES, STATES, state_tag
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.parts import Shown
from casewall.safety.reading import names_of
from casewall.safety.visibility import EVERYTHING
from casewall.wall.duties import Duty, may_do
from casewall.wall.sides import Viewer

SHOWN = 50
COLUMNS = ["When", "What", "Where", ("State", "tag"), "Worker"]


def where_in_words(booking: Booking) -> str:
    """Where an appointment is, in words: the channel, or the room, or what was written."""
    if booking.channel != Channel.IN_PERSON:
        return CHANNELS[Channel(booking.channel)]
    if booking.room is not None:
        return str(booking.room)
    return booking.elsewhere or PLACES[Where(booking.place)]


def time_in_words(booking: Booking) -> str:
    """From when to when, on the clock on the wall of the service."""
    return f"{booking.local:%H:%M} to {ends_at(booking).astimezone(booking.zone):%H:%M}"


def whom_in_words(bookings: Iterable[Booking], viewer: Viewer) -> dict[UUID, str]:
    """Whom each appointment is for, as far as the viewer may know. One query for each kind, and
    what it takes to find the parties of children."""
    rows = list(bookings)
    children = children_seen({one.child_id for one in rows if one.child_id}, viewer)
    together = groups_seen({one.child_group_id for one in rows if one.child_group_id}, viewer)
    groups = [one for one in rows if one.kind == Kind.GROUP and not one.file_id]
    named: dict[UUID, list[str]] = {}
    if groups:
        places = BookingPlace.objects.visible_to(viewer).filter(booking__in=groups, ended_on=None)
        for place in places.select_related("file__partner").order_by("id"):
            named.setdefault(place.booking_id, []).append(place.file.partner.full_name)
    found = {}
    for one in rows:
        if one.file is not None:
            found[one.pk] = one.file.partner.full_name or "No name given"
        elif one.child_id:
            found[one.pk] = children[one.child_id].label if one.child_id in children else "A child"
        elif one.child_group_id:
            group = together.get(one.child_group_id)
            found[one.pk] = group.label if group else "A group of children"
        else:
            found[one.pk] = ", ".join(named.get(one.pk, [])) or "A group of partners"
    return found


def seen_by(viewer: Viewer) -> Any:
    """Appointments that a viewer sees, with what their lines show."""
    return Booking.objects.visible_to(viewer).select_related("room", "file__partner")


def appointments_part(file: PartnerFile, viewer: Viewer, today: date) -> Shown:
    """Appointments of one partner, groups included. Three queries."""
    places = BookingPlace.objects.visible_to(viewer).filter(file=file, ended_on=None)
    groups = places.values("booking_id")
    rows = list(seen_by(viewer).filter(file=file).order_by("-starts_at", "id"))
    rows += list(seen_by(viewer).filter(id__in=groups).order_by("-starts_at", "id"))
    names = names_of(one.worker for one in rows)
    can_book = bool(may_do(viewer.role, Duty.BOOK)) and file.is_open
    to_come = sorted((one for one in rows if one.is_live), key=lambda one: one.starts_at)
    steps = [("Book an appointment", reverse("book", args=[file.pk]))] if can_book else []
    return Shown(
        entries=[_entry(one) for one in rows if not one.is_live],
        waits_for=[_waits(one, today, can_book) for one in to_come if _waits_now(one, today)],
        steps=steps,
        details=[
            ("Next appointment", f"{_day(one)}, {time_in_words(one)}. {where_in_words(one)}")
            for one in to_come[:1]
        ],
        flags=[("Appointment must be moved", "red")]
        if any(one.state == State.TO_MOVE for one in rows)
        else [],
        template="bookings/parts/section.html",
        context=lambda: {
            "booking_columns": COLUMNS,
            "bookings_to_come": [row_of(one, names, can_book) for one in to_come],
            "bookings_past": [row_of(one, names, can_book) for one in rows if not one.is_live],
            "book_url": steps[0][1] if steps else "",
        },
    )


def _waits_now(booking: Booking, today: date) -> bool:
    return booking.state in (State.TO_MOVE, State.MOVED) or booking.local.date() <= today


def _waits(booking: Booking, today: date, can_book: bool) -> dict[str, Any]:
    what = f"{KINDS[booking.kind]}, {_day(booking)}, {time_in_words(booking)}"
    if booking.state in (State.TO_MOVE, State.MOVED):
        return {
            "what": f"{state_tag(booking.state)[0]}: {what}",
            "due": today,
            "url": reverse("booking", args=[booking.pk]) if can_book else "",
        }
    return {
        "what": what,
        "due": booking.local.date(),
        "url": reverse("booking", args=[booking.pk]) if can_book else "",
    }


def _entry(booking: Booking) -> dict[str, Any]:
    return {
        "title": f"Appointment: {KINDS[booking.kind].lower()}",
        "when": booking.local,
        "by": booking.worker,
        "text": where_in_words(booking),
        "label": STATES[State(booking.state)],
        "url": reverse("booking", args=[booking.pk]),
    }


def _day(booking: Booking) -> str:
    return f"{booking.local:%A %-d %B %Y}"


def row_of(booking: Booking, names: dict[UUID, str], can_change: bool) -> dict[str, Any]:
    """A line of a list of one partner's appointments."""
    return {
        "cells": [
            f"{_day(booking)}, {time_in_words(booking)}",
            KINDS[booking.kind],
            where_in_words(booking),
            state_tag(booking.state),
            names.get(booking.worker, ""),
        ],
        "url": reverse("booking", args=[booking.pk]) if can_change else "",
    }


def today_items(viewer: Viewer, today: date, last: date) -> list[dict[str, Any]]:
    """The viewer's appointments until `last`, and those that the guard moved or wants moved.

    Who leads a service sees the moved ones of everybody. Two queries, or three.
    """
    rows = seen_by(viewer).filter(state__in=LIVE)
    until = datetime.combine(last + timedelta(days=1), time(12), UTC)
    own = [
        one
        for one in rows.filter(
            worker=viewer.worker,
            starts_at__lt=until,
            starts_at__gt=until - timedelta(days=30),
        ).order_by("starts_at", "id")[:SHOWN]
        if one.local.date() <= last
    ]
    alarmed = rows.filter(state__in=(State.TO_MOVE, State.MOVED))
    if viewer.role not in EVERYTHING:
        alarmed = alarmed.filter(worker=viewer.worker)
    moved = list(alarmed.exclude(id__in=[one.pk for one in own]).order_by("starts_at")[:SHOWN])
    whom = whom_in_words([*own, *moved], viewer)
    return [
        {
            "due": today if one in moved else one.local.date(),
            "what": f"{time_in_words(one)}: {KINDS[one.kind].lower()}"
            if one not in moved
            else f"{KINDS[one.kind]}, {_day(one)}, {time_in_words(one)}",
            "who": whom[one.pk],
            "note": where_in_words(one),
            "url": reverse("booking", args=[one.pk]),
            "tag": state_tag(one.state),
        }
        for one in [*own, *moved]
    ]


def meetings_of(group: UUID, viewer: Viewer) -> list[dict[str, Any]]:
    """The meetings to come of a group of children. One query."""
    rows = seen_by(viewer).filter(child_group_id=group, state__in=LIVE)
    return [
        {
            "when": f"{_day(one)}, {time_in_words(one)}",
            "where": where_in_words(one),
            "tag": state_tag(one.state),
            "url": reverse("booking", args=[one.pk]),
        }
        for one in rows.order_by("starts_at", "id")[:SHOWN]
    ]


def week_of(day: date) -> tuple[date, date]:
    """Monday and Sunday of the week of a day."""
    monday = day - timedelta(days=day.weekday())
    return monday, monday + timedelta(days=6)


def days_of_week(monday: date, viewer: Viewer, *, everybody: bool) -> list[dict[str, Any]]:
    """The appointments of a week by day, called-off ones left out. At most four queries."""
    begin = datetime.combine(monday, time(), UTC) - timedelta(days=1)
    rows = seen_by(viewer).filter(starts_at__range=(begin, begin + timedelta(days=9)))
    if not everybody:
        rows = rows.filter(worker=viewer.worker)
    found = list(rows.exclude(state=State.CANCELLED).order_by("starts_at", "id"))
    whom, names = whom_in_words(found, viewer), names_of(one.worker for one in found)
    days = []
    for number in range(7):
        day = monday + timedelta(days=number)
        lines = [
            {
                "time": time_in_words(one),
                "whom": whom[one.pk],
                "what": KINDS[one.kind],
                "where": where_in_words(one),
                "tag": state_tag(one.state) if one.state != State.PLANNED else None,
                "worker": names.get(one.worker, "") if everybody else "",
                "url": reverse("booking", args=[one.pk]),
            }
            for one in found
            if one.local.date() == day
        ]
        days.append({"day": day, "lines": lines})
    return days


def rooms_in_use(viewer: Viewer, compartments: Iterable[int] | None = None) -> list[Room]:
    """The rooms in use, by building."""
    rows = Room.objects.visible_to(viewer).filter(closed_on=None)
    if compartments is not None:
        rows = rows.filter(compartment__in=compartments)
    return list(rows.order_by("building", "name", "id"))
