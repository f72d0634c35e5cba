"""Children and the parties in their lives, as the guard needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from casewall.safety.bookings.separation import ChildSeen
from casewall.safety.children.models import Child, ChildAdult
from casewall.wall.sides import Viewer


def parties_of_children(children: Collection[UUID], viewer: Viewer) -> Mapping[UUID, ChildSeen]:
    """Those of `children` whom the viewer sees, each with its partners' files and clients' cases.

    Links that the viewer may not see count too: the guard has no gap where the viewer has one.
    Two queries.
    """
    seen = list(Child.objects.visible_to(viewer).filter(id__in=children))
    files: dict[UUID, set[UUID]] = {}
    cases: dict[UUID, set[UUID]] = {}
    links = ChildAdult.objects.for_system("overlaps").filter(child__in=seen, ended_on=None)
    for child, file, case in links.values_list("child_id", "file_id", "case_id"):
        if file:
            files.setdefault(child, set()).add(file)
        if case:
            cases.setdefault(child, set()).add(case)
    return {
        child.pk: ChildSeen(
            label=child.full_name or "A child without a name",
            service=child.service,
            compartment=child.compartment,
            files=frozenset(files.get(child.pk, ())),
            cases=frozenset(cases.get(child.pk, ())),
        )
        for child in seen
    }
