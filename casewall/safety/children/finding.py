"""Finding children among those whom a viewer sees, by exact name token and day of birth."""

from __future__ import annotations

from uuid import UUID

from casewall.safety.children.actions.family import Person, tokens_of
from casewall.safety.children.models import Child, ChildToken
from casewall.wall.sides import Viewer

MOST = 25


def like(person: Person, by: Viewer) -> list[Child]:
    """Children among those whom `by` sees who may be this one, by exact name token and birth day.

    The given name or the day of birth must be the same, and one more token where there is one:
    brothers and sisters share the rest.
    """
    wanted = tokens_of(person)
    strong = set(tokens_of(Person(given_name=person.given_name, born_on=person.born_on)))
    if not strong:
        return []
    shared: dict[UUID, set[UUID]] = {}
    rows = ChildToken.objects.visible_to(by).filter(token__in=list(wanted))
    for child, token in rows.values_list("child_id", "token"):
        shared.setdefault(child, set()).add(token)
    enough = min(2, len(wanted))
    found = [child for child, tokens in shared.items() if len(tokens) >= enough and tokens & strong]
    return list(Child.objects.visible_to(by).filter(pk__in=found).order_by("recorded_on", "id"))


def find_children(sets: list[set[UUID]], viewer: Viewer) -> list[Child]:
    """Children whom the viewer sees and who have every wanted token; at most `MOST`."""
    rows = Child.objects.visible_to(viewer)
    for one in sets:
        with_token = ChildToken.objects.visible_to(viewer).filter(token__in=one)
        rows = rows.filter(id__in=with_token.values("child_id"))
    return list(rows.order_by("-recorded_on", "id")[:MOST])
