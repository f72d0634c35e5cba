"""Rules of asking on a device. Pure: no Django, no clock.

Source: the guide to the field, section 3.5, and the guide to users, sections 3.3 and 3.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID, uuid5

VALID_HOURS = 72
"""How long a code opens its form."""


class Device(StrEnum):
    """On which device the questions are answered. It is kept, since it changes what people say."""

    OWN_DEVICE = "own_device"
    AGENCY_TABLET = "agency_tablet"


class SlotState(StrEnum):
    """Where a code stands. Only the first two open anything."""

    WAITING = "waiting"
    OPEN = "open"
    FINISHED = "finished"
    CLOSED = "closed"


class Standing(StrEnum):
    """The same for a worker, who must know whether a code still opens something."""

    WAITING = "waiting"
    BEGUN = "begun"
    FINISHED = "finished"
    CLOSED = "closed"
    ENDED = "ended"


def ends_at(made_at: datetime) -> datetime:
    """The moment from which a code opens nothing."""
    return made_at + timedelta(hours=VALID_HOURS)


def standing(state: SlotState, until: datetime, now: datetime) -> Standing:
    """Where a code stands now: a code whose time is over has ended, unless it was done before."""
    if state is SlotState.FINISHED:
        return Standing.FINISHED
    if state is SlotState.CLOSED:
        return Standing.CLOSED
    if now >= until:
        return Standing.ENDED
    return Standing.WAITING if state is SlotState.WAITING else Standing.BEGUN


def form_of(measures: Sequence[str]) -> str:
    """The measures of a form as its slot names them, in the order in which they are asked."""
    return "+".join(measures)


def measures_of(form: str) -> tuple[str, ...]:
    """The measures that a slot names."""
    return tuple(form.split("+"))


def measure_on(form: str, page: int) -> str | None:
    """The measure of a page. Page 0 comes before the first question, so it has none."""
    measures = measures_of(form)
    return measures[page - 1] if 1 <= page <= len(measures) else None


def id_of_asking(file: UUID, form: UUID) -> UUID:
    """The identifier of the asking that a form makes, so that sending it twice makes one."""
    return uuid5(file, f"asking:{form}")
