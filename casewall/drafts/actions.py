"""Every write to a draft. A worker touches the own drafts only."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from casewall.audit.actions import record, record_many
from casewall.drafts.models import DraftRecord, drafts_of, oldest_kept
from casewall.drafts.rules import LONGEST, Fields, Written, length_of, written_over
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer


class TooLong(Refused):
    """More was typed than a draft holds."""


class Gone(Refused):
    """The draft that the page goes on writing was saved for good or thrown away elsewhere."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a draft belongs: key, compartment, the page of its form and what it is about.

    `thing` names the record of the form, so that the list can ask whether it is still seen.
    """

    key: UUID
    compartment: int
    page: str
    title: str
    thing: str = ""


def own_drafts(by: Viewer) -> Any:
    """The drafts of this worker that are still kept, newest first."""
    model = drafts_of(by.side)
    if model is None:
        return []
    rows = model.objects.visible_to(by).filter(worker=by.worker, saved_at__gte=oldest_kept())
    return rows.order_by("-saved_at", "id")


def save_draft(
    *,
    place: Place,
    fields: Fields,
    base: int,
    tab: str,
    turn: int,
    by: Viewer,
    unread: Iterable[str] = (),
) -> DraftRecord:
    """Keep what a tab holds now. `base` is the version that the tab saw last, 0 for none;
    `unread` names boxes that nobody types into.

    Raises `TooLong`, and `Gone` where the tab had seen a draft that is no longer there: the page
    may then save it anew with `base` 0. Saving is no event of the file, so the audit holds only
    that a draft was begun and how it ended.
    """
    model = drafts_of(by.side)
    if model is None:
        raise Refused("No drafts are kept on this site.")
    if length_of(fields) > LONGEST:
        raise TooLong(f"A draft holds at most {LONGEST:,} characters; this is longer.")
    with acting(by):
        now = timezone.now()
        new = Written(
            place.title, place.page, fields, now.isoformat(), tuple(sorted(unread)), tab, turn,
            thing=place.thing,
        )  # fmt: skip
        stored = _locked(model, place.key, by)
        if stored is None and base:
            raise Gone("The draft was saved or thrown away on another page.")
        if stored is None:
            stored = _begun(model, place, new, now, by)
            if stored is not None:
                return stored
            stored = _locked(model, place.key, by)
        content = written_over(stored.written, new, seen=base == stored.version)
        if content is not None:
            stored.content, stored.saved_at = json_of(content), now
            stored.compartment, stored.version = place.compartment, stored.version + 1
            stored.save()
        return stored


def _locked(model: type[DraftRecord], key: UUID, by: Viewer) -> Any:
    return (
        model.objects.visible_to(by)
        .filter(worker=by.worker, key=key)
        .select_for_update(of=("self",))
        .first()
    )


def _begun(
    model: type[DraftRecord], place: Place, new: Written, now: datetime, by: Viewer
) -> DraftRecord | None:
    """A new draft, or None where another tab began the same one in this moment."""
    _throw_away_old_ones(model, by)
    draft = model(
        compartment=place.compartment,
        worker=by.worker,
        key=place.key,
        content=json_of(new),
        saved_at=now,
    )
    try:
        with transaction.atomic(using=by.side.value):
            draft.save(force_insert=True)
    except IntegrityError:
        return None
    record(by=by, verb="began", thing=draft)
    return draft


def json_of(content: Written) -> str:
    """The content as text, which the record encrypts."""
    return json.dumps(content.as_json(), ensure_ascii=False)


def throw_away(*, key: UUID, by: Viewer) -> bool:
    """Throw the own draft of a form away; returns whether there was one."""
    model = drafts_of(by.side)
    if model is None:
        return False
    with acting(by):
        draft = _locked(model, key, by)
        if draft is None:
            return False
        record(by=by, verb="ended", thing=draft)
        draft.delete()
        return True


def throw_away_old(*, by: Viewer) -> int:
    """Throw away every draft that this viewer sees and that is older than drafts are kept.

    The system account sees the old drafts of all workers; returns how many there were.
    """
    model = drafts_of(by.side)
    if model is None:
        return 0
    with acting(by):
        return _throw_away_old_ones(model, by)


def _throw_away_old_ones(model: type[DraftRecord], by: Viewer) -> int:
    rows = model.objects.visible_to(by).filter(saved_at__lt=oldest_kept())
    old = list(rows.defer("content"))
    if old:
        record_many(by=by, verb="ended", things=old)
        rows.filter(id__in=[draft.pk for draft in old]).delete()
    return len(old)
