"""Which client's case a partner's file belongs to. Known on this side only."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.utils import timezone

from casewall.audit.actions import record
from casewall.safety.partners.actions.files import locked_file
from casewall.safety.partners.models import FileLink, PartnerFile
from casewall.safety.partners.rules import Relation, relation_fits
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.duties import Duty, require
from casewall.wall.sides import Viewer


def link_file(
    *,
    file: PartnerFile,
    case_id: UUID,
    origin: str,
    on: date,
    by: Viewer,
    relation: Relation = Relation.UNKNOWN,
    from_on: date | None = None,
    until_on: date | None = None,
) -> FileLink:
    """Note that a partner's file and a client's case belong together. Linked twice is once.

    A client may have several partners and a partner several clients; a link that was ended can
    be made again, as a link of its own.
    """
    require(by, Duty.LINK_FILES)
    decision = relation_fits(from_on, until_on, timezone.localdate())
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        file = locked_file(file, by)
        known = (
            FileLink.objects.visible_to(by)
            .filter(file=file, case_id=case_id, ended_on=None)
            .first()
        )
        if known is not None:
            return known
        link = FileLink(
            compartment=file.compartment,
            file=file,
            case_id=case_id,
            origin=origin,
            relation=relation,
            from_on=from_on,
            until_on=until_on,
            linked_on=on,
            worker=by.worker,
        )
        link.save(force_insert=True)
        record(by=by, verb="linked", thing=file)
        return link


def _held(link: FileLink, by: Viewer) -> FileLink:
    return FileLink.objects.visible_to(by).select_for_update(of=("self",)).get(pk=link.pk)


def correct_link(
    *,
    link: FileLink,
    relation: Relation,
    from_on: date | None,
    until_on: date | None,
    by: Viewer,
    version: int | None = None,
) -> FileLink:
    """Say what the partner is to the client, and since or until when.

    Raises `StaleEdit` if it changed since `version`, `Refused` where the days cannot be right.
    """
    require(by, Duty.LINK_FILES)
    decision = relation_fits(from_on, until_on, timezone.localdate())
    if not decision:
        raise Refused(decision.reason)
    with acting(by):
        link = _held(link, by)
        if link.ended_on is not None:
            raise Refused("This link was ended; what it said stays as it was.")
        if version is not None and version != link.version:
            raise StaleEdit(
                "Somebody else changed this link while you had it open. What you wrote is "
                "below; look at both before you save."
            )
        link.relation, link.from_on, link.until_on = relation, from_on, until_on
        link.version += 1
        link.save()
        record(by=by, verb="corrected", thing=link)
        return link


def end_link(*, link: FileLink, on: date, by: Viewer) -> FileLink:
    """End a link, for example one that was made by mistake. Ended twice is ended once.

    From then on the partner's worker sees nothing of the case and is told nothing of it; the
    file, and what was written in it, stays. The programme side is not told.
    """
    require(by, Duty.LINK_FILES)
    with acting(by):
        link = _held(link, by)
        if link.ended_on is not None:
            return link
        if on < link.linked_on:
            raise Refused(f"The link was made on {link.linked_on:%-d %B %Y}, after this day.")
        link.ended_on = on
        link.version += 1
        link.save()
        record(by=by, verb="unlinked", thing=link.file)
        return link
