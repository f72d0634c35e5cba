"""Kept releases as the pages show them, and the way from a figure back to its records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings

from casewall.outcomes.releases import PARTS, Release, every_release
from casewall.safety.costs.actions import services_of
from casewall.safety.partners.models import PartnerFile
from casewall.safety.pulled.models import PulledCase
from casewall.wall.sides import Viewer

IN_WORDS = {
    "numerator": "Counted",
    "denominator": "Out of",
    "missing": "Not known of",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The records of one part of a figure that the viewer sees; ``unseen`` are the others."""

    part: str
    says: str
    cases: list[PulledCase]
    files: list[PartnerFile]
    persons: int
    unseen: int


def releases_of(viewer: Viewer) -> list[Release]:
    """The releases of the viewer's services, the latest first. Raises ReleaseError."""
    folder = getattr(settings, "CASEWALL_REPORTS_DIR", None)
    if not folder:
        return []
    own = set(services_of(viewer))
    found = [one for one in every_release(Path(folder)) if one.service in own]
    return sorted(found, key=lambda one: (one.period_to, one.pack, one.version), reverse=True)


def behind(release: Release, figure: str, viewer: Viewer) -> list[Found]:
    """The cases and files behind each part of a figure, as far as the viewer sees them."""
    parts = release.members.get(figure, {})
    wanted = {who: release.identifiers.get(who, ()) for whole in parts.values() for who in whole}
    ids = {UUID(one) for many in wanted.values() for one in many}
    cases = {one.pk: one for one in PulledCase.objects.visible_to(viewer).filter(pk__in=ids)}
    files = {
        one.pk: one
        for one in PartnerFile.objects.visible_to(viewer)
        .select_related("partner")
        .filter(pk__in=ids)
    }
    found = []
    for part in PARTS:
        whole = parts.get(part, frozenset())
        if not whole:
            continue
        own = [UUID(one) for who in whole for one in wanted[who]]
        found.append(Found(
            part, IN_WORDS[part],
            _in_order(cases[one] for one in own if one in cases),
            _in_order(files[one] for one in own if one in files),
            len(whole),
            sum(1 for who in whole if not any(
                UUID(one) in cases or UUID(one) in files for one in wanted[who])),
        ))  # fmt: skip
    return found


def _in_order(records: Iterable[PulledCase | PartnerFile]) -> list:
    return sorted(set(records), key=lambda one: (one.referred_on, str(one.pk)))
