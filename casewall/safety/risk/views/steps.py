"""How a page with a form about risk answers, and who may own what."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.pulled.models import PulledCase
from casewall.safety.reading import names_of
from casewall.safety.risk.forms import ALONE
from casewall.safety.risk.words import day
from casewall.wall.sides import Viewer


def case_choices(file: PartnerFile, viewer: Viewer) -> list[tuple[str, str]]:
    """The cases of a file as choices, the latest link first; the file alone where it has none."""
    links = FileLink.objects.visible_to(viewer).filter(file=file, ended_on=None)
    keys = list(links.order_by("-linked_on", "id").values_list("case_id", flat=True))
    cases = PulledCase.objects.visible_to(viewer).in_bulk(keys)
    named = [
        (str(key), f"{cases[key].name}, referred {day(cases[key].referred_on)}")
        if key in cases
        else (str(key), "A case that has not been copied yet")
        for key in keys
    ]
    return named or [(ALONE, "No client is known here")]


def case_wanted(request: HttpRequest, choices: list[tuple[str, str]]) -> str:
    """The case that the address asks for, or the first; 404 for one that is not of this file."""
    wanted = request.GET.get("case", "")
    known = [value for value, _ in choices]
    if wanted and wanted not in known:
        raise Http404
    return wanted or known[0]


def owner_choices(
    file: PartnerFile, viewer: Viewer, current: UUID | None = None
) -> list[tuple[str, str]]:
    """Who can own a risk or do an action: the present owner, the file's worker, oneself."""
    keys = [key for key in dict.fromkeys((current, file.worker, viewer.worker)) if key]
    names = names_of(keys)
    return [
        (str(key), names.get(key, "") + (" (you)" if key == viewer.worker else "")) for key in keys
    ]
