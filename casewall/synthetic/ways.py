"""The programmes of a service as invented clients walk them: groups, talks, levels.

Made from the service's own programme templates, so that a template that is changed is lived as it
stands. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any

from casewall.programme.groups.planning.days_off import days_off
from casewall.services.kinds import Component
from casewall.services.programmes import Template, templates_of
from casewall.services.schema import Service
from casewall.synthetic.calendar import CHAIRS, Group, Timetable
from casewall.synthetic.clients import Way

GROUP_KINDS = ("group", "dads")
_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
LONGEST_ROLLING = 30
"""Weeks that a rolling group goes on after today."""
LEVEL_SHARES = (0.4, 0.35, 0.2, 0.05)
FILLED = 0.7
"""How full closed groups are, of their chairs."""
SITS = 0.42
"""Of the clients who are referred, how many come to sit in a group."""
SOONEST = timedelta(days=35)
"""How long after the first referral somebody sits in a closed group."""
HELD_BY_NOW = timedelta(days=14)
"""So long before today a group has begun that is in progress today."""
PLANNED_AHEAD = timedelta(weeks=6)


def ways_of(
    service: Service, *, first: date, today: date, clients: int, rooms: tuple[str, ...]
) -> list[Way]:
    """The ways of a service for so many clients who are referred from `first` on."""
    templates = templates_of(service)
    general = [t for t in templates if not t.programme.languages or _first(service, t)]
    found: list[Way] = []
    diary: set[tuple[date, str]] = set()
    for place, template in enumerate(templates):
        alone = tuple(_alone(template.components))
        grouped = next((c for c in template.components if c.kind in GROUP_KINDS), None)
        language = "" if template in general else template.programme.languages[0]
        if grouped is None:
            found.append(Way(template.id, Timetable([]), 0, alone, "", language, 0.6, diary))
            continue
        share = clients / max(1, len(general))
        groups = (
            _closed(template, grouped, first, today, share, place, rooms)
            if grouped.entry == "closed"
            else _rolling(template, grouped, first, today, share, place, rooms)
        )
        table = Timetable(groups)
        levels = template.programme.levels or (None,)
        for level, part in zip(levels, LEVEL_SHARES if len(levels) > 1 else (1.0,), strict=False):
            sessions = level.sessions if level else len(template.sessions_of(grouped.id))
            code = level.id if level else ""
            found.append(
                Way(template.id, table, sessions, alone, code, language, 2.0 * part, diary)
            )
    return found


def timetables(ways: Iterable[Way]) -> list[Timetable]:
    """Each timetable once."""
    return list({id(way.timetable): way.timetable for way in ways}.values())


def _first(service: Service, template: Template) -> bool:
    return service.languages[0] in template.programme.languages


def _alone(components: Iterable[Component]) -> Iterable[tuple[str, int, int]]:
    """One-to-one components with how many talks of how many minutes."""
    for component in components:
        if component.kind not in GROUP_KINDS and component.sessions and component.minutes:
            yield component.id, component.sessions, component.minutes


def _alike(template: Template, component: Component) -> dict[str, Any]:
    """What all groups of a component have in common."""
    return {
        "minutes": component.minutes or 120,
        "chairs": component.group_size.most if component.group_size else CHAIRS,
        "template": template.id,
        "component": component.id,
        "off": days_off(template.country),
        "language": (template.programme.languages or ("",))[0],
    }


def _rolling(
    template: Template,
    component: Component,
    first: date,
    today: date,
    clients: float,
    place: int,
    rooms: tuple[str, ...],
) -> list[Group]:
    """Weekly groups that clients join at any time, as many as the clients need chairs."""
    alike = _alike(template, component)
    chairs = alike["chairs"]
    weeks = math.ceil((today - first).days / 7)
    length = len(template.sessions_of(component.id))
    if template.programme.levels:
        length = template.programme.levels[1].sessions
    wanted = max(2, math.ceil(clients * SITS * length / max(1, weeks) / chairs))
    made = []
    for n in range(wanted):
        # The first meets on the weekday of today, the second the day before: one register waits.
        weekday = (min(today.weekday(), 4) + (n + place if n != 1 else -1)) % 5
        start = first + timedelta(days=(weekday - first.weekday()) % 7 + 14)
        number = "" if n < 5 else f" {n // 5 + 1}"
        made.append(
            Group(
                f"{_NAMES[weekday]} group{number}",
                start,
                "17:30",
                weeks + LONGEST_ROLLING,
                rooms[n % len(rooms)],
                **alike,
            )
        )
    return made


def _closed(
    template: Template,
    component: Component,
    first: date,
    today: date,
    clients: float,
    place: int,
    rooms: tuple[str, ...],
) -> list[Group]:
    """One closed group after another; each runs through the whole schedule once."""
    sessions = len(template.sessions_of(component.id))
    each_week = max(1, round(sessions / component.weeks)) if component.weeks else 1
    alike = _alike(template, component)
    chairs = alike["chairs"]
    weeks = (today - first).days / 7
    needed = clients * SITS / (chairs * FILLED)
    every = max(5, min(sessions // each_week + 2, round(weeks / max(1.0, needed))))

    def group(start: date, n: int) -> Group:
        weekday = (2 * place + n % 2) % 5 if each_week == 1 else 1
        begins = start + timedelta(days=(weekday - start.weekday()) % 7)
        return Group(
            f"{_short(template)} {begins:%B %Y}",
            begins,
            "18:00" if each_week == 1 else "10:00",
            sessions,
            rooms[n % len(rooms)],
            weekdays=(weekday,) if each_week == 1 else (1, 3),
            closed=True,
            **alike,
        )

    running = _begins_before(today, sessions / each_week, group)
    earlier = (running - first - SOONEST) // timedelta(weeks=every)
    later = (today + PLANNED_AHEAD - running) // timedelta(weeks=every)
    starts = [running + timedelta(weeks=every * n) for n in range(-earlier, later + 1)]
    return [group(start, n) for n, start in enumerate(starts)]


def _begins_before(today: date, weeks: float, group: Callable[[date, int], Group]) -> date:
    """When a group begins that has held about half of its sessions, and at least some, by now.

    One that the holidays would keep from beginning begins before them.
    """
    start = today - timedelta(weeks=weeks / 2)
    while group(start, 0).day(1) > today - HELD_BY_NOW:
        start -= timedelta(weeks=1)
    return start


def _short(template: Template) -> str:
    """The beginning of a programme's name, for the names of its groups."""
    return template.programme.name.split(":")[0].split(",")[0]
