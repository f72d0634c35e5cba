"""Words of a text that also stand in what was told in confidence about the same person."""

from __future__ import annotations

from collections.abc import Iterator

from casewall.safety.children.models import Child
from casewall.safety.coordination.material import texts_of_all
from casewall.safety.coordination.overlap import shared_runs
from casewall.safety.partners.models import PartnerFile
from casewall.safety.sharing.content import thawed
from casewall.safety.sharing.models import SafetyReport
from casewall.wall.sides import Viewer


def told_in_confidence(
    words: str, file: PartnerFile | None, child: Child | None, viewer: Viewer
) -> tuple[str, ...]:
    """The parts of `words` that share five words in a row with confidential texts of the person.

    It looks with the viewer's own eyes. What stands in reports of the same person is left out:
    it was written to go out, and a new version repeats it.
    """
    material = list(_material(file, child, viewer))
    return shared_runs(words, material)


def _material(file: PartnerFile | None, child: Child | None, viewer: Viewer) -> Iterator[str]:
    own = set(_of_reports(file, child, viewer))
    for thing in filter(None, (file, child)):
        yield from (text for text in texts_of_all(thing, viewer) if text not in own)


def _of_reports(file: PartnerFile | None, child: Child | None, viewer: Viewer) -> Iterator[str]:
    rows = SafetyReport.objects.visible_to(viewer).filter(file=file, child=child)
    for row in rows:
        yield from filter(None, (row.content, row.checked_text, row.recipient, row.asked_by))
        yield from (part.words for part in thawed(str(row.content)).parts)
