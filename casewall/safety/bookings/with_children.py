"""Children and the parties in their lives, as the guard needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from casewall.safety.bookings.separation import ChildSeen
from casewall.safety.children.models import Child, ChildAdult, ChildGroup, GroupChild
from casewall.wall.sides import Viewer

Parties = tuple[set[UUID], set[UUID]]
"""Files of partners, cases of clients."""


def parties_of_children(children: Collection[UUID], viewer: Viewer) -> Mapping[UUID, ChildSeen]:
    """Those of `children` whom the viewer sees, each with its partners' files and clients' cases.

    Links that the viewer may not see count too: the guard has no gap where the viewer has one.
    Two queries.
    """
    seen = list(Child.objects.visible_to(viewer).filter(id__in=children))
    parties = _parties([child.pk for child in seen])
    return {
        child.pk: _seen(child.full_name or "A child without a name", child, parties)
        for child in seen
    }


def parties_of_groups(groups: Collection[UUID], viewer: Viewer) -> Mapping[UUID, ChildSeen]:
    """Those of these groups that the viewer sees, with the parties of every child in them.

    Children whom the viewer does not see count too. Three queries.
    """
    seen = list(ChildGroup.objects.visible_to(viewer).filter(id__in=groups))
    places = GroupChild.objects.for_system("overlaps").filter(group__in=seen, left_on=None)
    in_group = list(places.values_list("support__child_id", "group_id"))
    of_child = _parties([child for child, _ in in_group])
    parties: dict[UUID, Parties] = {}
    for child, group in in_group:
        files, cases = of_child.get(child, (set(), set()))
        of_group = parties.setdefault(group, (set(), set()))
        of_group[0].update(files)
        of_group[1].update(cases)
    return {group.pk: _seen(group.name, group, parties) for group in seen}


def _parties(children: Collection[UUID]) -> dict[UUID, Parties]:
    found: dict[UUID, Parties] = {}
    links = ChildAdult.objects.for_system("overlaps").filter(child__in=children, ended_on=None)
    for child, file, case in links.values_list("child_id", "file_id", "case_id"):
        known = found.setdefault(child, (set(), set()))
        if file:
            known[0].add(file)
        if case:
            known[1].add(case)
    return found


def _seen(label: str, of: Child | ChildGroup, parties: Mapping[UUID, Parties]) -> ChildSeen:
    files, cases = parties.get(of.pk, (set(), set()))
    return ChildSeen(
        label=label,
        service=of.service,
        compartment=of.compartment,
        files=frozenset(files),
        cases=frozenset(cases),
    )
