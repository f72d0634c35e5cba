"""Pages of appointments: a week, booking, moving, what became of it, rooms.

There is no calendar feed and no invitation. A calendar syncs to phones, and a phone is what a
partner, or a worker at home, may have to share; a feed also goes on being read after an account
is closed. Whoever wants to know the week looks here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casewall.audit.actions import record, record_many
from casewall.safety.bookings import actions, forms
from casewall.safety.bookings.models import Booking, Room, zone_here
from casewall.safety.bookings.reading import (
    days_of_week,
    rooms_in_use,
    seen_by,
    time_in_words,
    week_of,
    where_in_words,
    whom_in_words,
)
from casewall.safety.bookings.rules import Kind, State
from casewall.safety.bookings.separation import children_seen, groups_seen
from casewall.safety.bookings.words import KINDS, hour_in_words, state_tag
from casewall.safety.partners.models import PartnerFile
from casewall.safety.partners.views.files import file_seen
from casewall.safety.reading import found, must, names_of, only
from casewall.safety.visibility import EVERYTHING
from casewall.staff.models import Membership, Worker
from casewall.staff.requests import SignedInRequest
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import DUTIES, Duty, may_do
from casewall.wall.sides import Role, Viewer

form_page = require_http_methods(["GET", "HEAD", "POST"])
SEES_WEEK = (
    Role.PARTNER_WORKER,
    Role.CHILDRENS_WORKER,
    Role.COORDINATOR,
    Role.SAFETY_MANAGER,
)
GROUP_SHOWN = 200


@require_safe
def week(request: SignedInRequest) -> HttpResponse:
    """The viewer's own week by day; who sees the whole side can see everybody's."""
    viewer = request.viewer
    only(viewer, *SEES_WEEK)
    today = timezone.localdate()
    try:
        monday, sunday = week_of(date.fromisoformat(request.GET.get("week", "")))
        before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    except (ValueError, OverflowError):
        monday, sunday = week_of(today)
        before, after = monday - timedelta(days=7), monday + timedelta(days=7)
    can_book = bool(may_do(viewer.role, Duty.BOOK))
    sees_all = viewer.role in EVERYTHING
    everybody = sees_all and (request.GET.get("whose") == "all" or not can_book)
    record(by=viewer, verb="listed", kind="booking")
    whose = "&whose=all" if everybody else ""
    return render(
        request,
        "bookings/week.html",
        {
            "monday": monday,
            "sunday": sunday,
            "today": today,
            "days": days_of_week(monday, viewer, everybody=everybody),
            "everybody": everybody,
            "switch": sees_all and can_book,
            "switch_url": f"?week={monday}" + ("" if everybody else "&whose=all"),
            "before": f"?week={before}{whose}",
            "after": f"?week={after}{whose}",
            "can_book": can_book and viewer.role is not Role.CHILDRENS_WORKER,
            "keeps_places": bool(may_do(viewer.role, Duty.KEEP_PLACES)),
        },
    )


def _workers(viewer: Viewer, compartment: int) -> list[tuple[str, str]]:
    """Who can be given an appointment of this compartment; nobody but oneself for most roles."""
    if viewer.role not in EVERYTHING:
        return []
    roles = [role for role, duties in DUTIES.items() if Duty.BOOK in duties]
    members = Membership.objects.filter(compartment_id=compartment)
    rows = Worker.objects.filter(
        id__in=members.values("worker"), is_active=True, role__in=roles
    ).exclude(pk=viewer.worker)
    others = [(str(pk), name) for pk, name in rows.order_by("name", "id").values_list("id", "name")]
    return [(str(viewer.worker), f"{viewer.name} (me)"), *others]


def _answer_booking(
    request: SignedInRequest,
    form: forms.BookForm,
    whom: Callable[[], actions.Whom],
    back: str,
    **words: Any,
) -> HttpResponse:
    """Show the form, or book; a refusal stands on the form, with the hours that are free."""
    free: tuple[Any, ...] = ()
    if request.method == "POST" and form.is_valid():
        try:
            made = actions.book(
                whom=whom(),
                kind=Kind(form.cleaned_data["kind"]),
                slot=form.slot,
                worker=form.chosen_worker,
                at=timezone.now(),
                id=form.cleaned_data["form_id"],
                by=request.viewer,
            )
        except actions.Taken as taken:
            form.add_error(None, str(taken))
            free = taken.free
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"Booked for {hour_in_words(made.starts_at, made.zone)}.")
            return redirect(back)
    return _page(request, form, back, free, button="Book the appointment", **words)


def _page(
    request: SignedInRequest, form: Any, back: str, free: tuple[Any, ...], **words: Any
) -> HttpResponse:
    return render(
        request,
        "bookings/form.html",
        {
            "form": form,
            "back": back,
            "free": [(one.isoformat(), hour_in_words(one, form.zone)) for one in free],
            **words,
        },
        status=422 if form.is_bound else 200,
    )


def _posted(request: SignedInRequest, zone: Any) -> Any:
    return forms.with_hour_taken(request.POST, zone) if request.method == "POST" else None


@form_page
def book(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Book an appointment with one partner."""
    viewer = request.viewer
    file = file_seen(viewer, pk)
    must(viewer, Duty.BOOK)
    zone = zone_here(file.service)
    workers = _workers(viewer, file.compartment)
    own = {key for key, _ in workers}
    first = str(file.worker) if str(file.worker) in own else str(viewer.worker)
    form = forms.BookForm(
        _posted(request, zone),
        kinds=forms.ALONE,
        rooms=rooms_in_use(viewer, [file.compartment]),
        zone=zone,
        workers=workers,
        initial={"worker": first},
    )
    record(by=viewer, verb="viewed", thing=file)
    return _answer_booking(
        request,
        form,
        lambda: actions.one_partner(file),
        f"{reverse('partner', args=[file.pk])}?show=appointments",
        heading="Book an appointment with",
        name=file.partner.full_name or "a partner without a name",
        back_words="Back to the file",
    )


@form_page
def book_child(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Book an appointment with one child."""
    viewer = request.viewer
    child = children_seen([pk], viewer).get(pk)
    must(viewer, Duty.BOOK)
    if child is None:
        raise Http404
    zone = zone_here(child.service)
    form = forms.BookForm(
        _posted(request, zone),
        kinds=[Kind.CHILD],
        rooms=rooms_in_use(viewer, [child.compartment]),
        zone=zone,
        workers=_workers(viewer, child.compartment),
        initial={"worker": str(viewer.worker)},
    )
    record(by=viewer, verb="viewed", kind="child", object_id=pk)
    return _answer_booking(
        request,
        form,
        lambda: actions.one_child(pk, child),
        reverse("appointments"),
        heading="Book an appointment with",
        name=child.label,
        back_words="Back to appointments",
    )


@form_page
def book_children(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Book a meeting of a group of children."""
    viewer = request.viewer
    group = groups_seen([pk], viewer).get(pk)
    must(viewer, Duty.BOOK)
    if group is None:
        raise Http404
    zone = zone_here(group.service)
    form = forms.BookForm(
        _posted(request, zone),
        kinds=[Kind.CHILD_GROUP],
        rooms=rooms_in_use(viewer, [group.compartment]),
        zone=zone,
        workers=_workers(viewer, group.compartment),
        initial={"worker": str(viewer.worker)},
    )
    record(by=viewer, verb="viewed", kind="childgroup", object_id=pk)
    return _answer_booking(
        request,
        form,
        lambda: actions.children_together(pk, group),
        reverse("child-group", args=[pk]),
        heading="Plan a meeting of",
        name=group.label,
        back_words="Back to the group",
    )


@form_page
def book_group(request: SignedInRequest) -> HttpResponse:
    """Book an appointment of a group of partners."""
    viewer = request.viewer
    must(viewer, Duty.BOOK)
    only(viewer, Role.PARTNER_WORKER, Role.SAFETY_MANAGER)
    rows = PartnerFile.objects.visible_to(viewer).filter(closed_on=None, withdrawn_on=None)
    if viewer.role is Role.PARTNER_WORKER:
        rows = rows.filter(worker=viewer.worker)
    files = list(rows.select_related("partner").order_by("-referred_on", "id")[:GROUP_SHOWN])
    places = sorted({file.compartment for file in files})
    zone = zone_here(files[0].service) if files else zone_here("")
    form = forms.GroupForm(
        _posted(request, zone),
        files=files,
        kinds=[Kind.GROUP],
        rooms=rooms_in_use(viewer, places),
        zone=zone,
        workers=_workers(viewer, places[0]) if places else [],
        initial={"worker": str(viewer.worker)},
    )
    record_many(by=viewer, verb="listed", things=files)
    return _answer_booking(
        request,
        form,
        lambda: actions.partners_together(form.chosen),
        reverse("appointments"),
        heading="Book a group of partners",
        name="",
        back_words="Back to appointments",
    )


def _booking_seen(viewer: Viewer, pk: UUID) -> Booking:
    return found(seen_by(viewer), pk)


@require_safe
def booking(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """One appointment: when, where, whom, and what can be done."""
    viewer = request.viewer
    one = _booking_seen(viewer, pk)
    record(by=viewer, verb="viewed", thing=one)
    return _booking_page(request, one)


def _booking_page(request: SignedInRequest, one: Booking, status: int = 200) -> HttpResponse:
    viewer, now = request.viewer, timezone.now()
    names = names_of([one.worker])
    rows = [
        ("When", f"{one.local:%A %-d %B %Y}, {time_in_words(one)}"),
        ("What for", KINDS[one.kind]),
        ("Where", where_in_words(one)),
        ("Worker", names.get(one.worker)),
    ]
    if one.moved_from:
        rows.insert(1, ("Before it was moved", hour_in_words(one.moved_from, one.zone)))
    return render(
        request,
        "bookings/booking.html",
        {
            "one": one,
            "whom": whom_in_words([one], viewer)[one.pk],
            "rows": rows,
            "tag": state_tag(one.state),
            "warning": _warning(one),
            "may": bool(may_do(viewer.role, Duty.BOOK)),
            "began": one.starts_at <= now,
            "over": one.state in (State.HELD, State.MISSED),
        },
        status=status,
    )


def _warning(one: Booking) -> str:
    if one.state == State.MOVED and one.moved_from:
        return (
            f"The linked client has been booked close by. Tell the partner by a safe way: not "
            f"{hour_in_words(one.moved_from, one.zone)}, but "
            f"{hour_in_words(one.starts_at, one.zone)}."
        )
    if one.state == State.TO_MOVE:
        return (
            "The linked client has been booked close by at this hour, and no other hour is free "
            "within two weeks. Tell the partner by a safe way not to come, and find another hour "
            "or place."
        )
    return ""


@form_page
def move(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Move an appointment to another hour or place."""
    viewer = request.viewer
    one = _booking_seen(viewer, pk)
    must(viewer, Duty.BOOK)
    form = forms.MoveForm(
        _posted(request, one.zone), booking=one, rooms=rooms_in_use(viewer, [one.compartment])
    )
    back = reverse("booking", args=[one.pk])
    free: tuple[Any, ...] = ()
    facts: list[tuple[str, Any]] = []
    if request.method == "POST" and form.is_valid():
        try:
            actions.move(
                booking=one,
                slot=form.slot,
                version=form.cleaned_data["version"],
                at=timezone.now(),
                by=viewer,
            )
        except StaleEdit as stale:
            one = _booking_seen(viewer, pk)
            form.show_again(one.version)
            form.add_error(None, str(stale))
            facts = [("As it is saved now", _as_saved(one))]
        except actions.Taken as taken:
            form.add_error(None, str(taken))
            free = taken.free
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The appointment has been moved.")
            return redirect(back)
    record(by=viewer, verb="viewed", thing=one)
    return _page(
        request,
        form,
        back,
        free,
        heading="Move the appointment with",
        name=whom_in_words([one], viewer)[one.pk],
        button="Move the appointment",
        back_words="Back to the appointment",
        facts=facts,
    )


def _as_saved(one: Booking) -> str:
    state = state_tag(one.state)[0].lower()
    return f"{hour_in_words(one.starts_at, one.zone)}, {where_in_words(one)}, {state}"


@require_POST
def settle(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Say that an appointment was held, that the partner did not come, or call it off."""
    viewer = request.viewer
    one = _booking_seen(viewer, pk)
    must(viewer, Duty.BOOK)
    state, version = request.POST.get("state"), request.POST.get("version", "")
    number = int(version) if version.isascii() and version.isdigit() else None
    try:
        if number is None or state not in (State.HELD, State.MISSED, State.CANCELLED):
            raise Refused("Choose what became of the appointment.")
        if state == State.CANCELLED:
            actions.cancel(booking=one, version=number, by=viewer)
        else:
            actions.say_held(
                booking=one,
                held=state == State.HELD,
                version=number,
                at=timezone.now(),
                by=viewer,
            )
    except Refused as refused:
        messages.error(request, str(refused))
        return _booking_page(request, _booking_seen(viewer, pk), status=422)
    messages.success(request, "Saved.")
    return redirect("booking", pk)


@form_page
def rooms(request: SignedInRequest) -> HttpResponse:
    """The rooms in use, and a form for one more."""
    viewer = request.viewer
    must(viewer, Duty.KEEP_PLACES)
    form = forms.RoomForm(request.POST if request.method == "POST" else None, viewer=viewer)
    if request.method == "POST" and form.is_valid():
        try:
            actions.add_room(by=viewer, **form.cleaned_data)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The room has been added.")
            return redirect("safe-rooms")
    record(by=viewer, verb="listed", kind="room")
    return render(
        request,
        "bookings/rooms.html",
        {
            "form": form,
            "columns": ["Room", "Building"],
            "rows": [
                {
                    "cells": [room.name, room.building],
                    "url": reverse("safe-room-close", args=[room.pk]),
                }
                for room in rooms_in_use(viewer)
            ],
        },
        status=422 if form.is_bound else 200,
    )


@form_page
def close_room(request: SignedInRequest, pk: UUID) -> HttpResponse:
    """Take a room out of use."""
    viewer = request.viewer
    room = found(Room.objects.visible_to(viewer).filter(closed_on=None), pk)
    must(viewer, Duty.KEEP_PLACES)
    form = forms.CloseForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.close_room(room=room, on=form.cleaned_data["on"], by=viewer)
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, "The room is out of use.")
            return redirect("safe-rooms")
    return render(
        request,
        "bookings/form.html",
        {
            "form": form,
            "back": reverse("safe-rooms"),
            "back_words": "Back to rooms",
            "heading": f"Take {room} out of use",
            "button": "Take out of use",
            "lead": "What was held there stays written down.",
        },
        status=422 if form.is_bound else 200,
    )
