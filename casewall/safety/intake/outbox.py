"""What goes down the bridge: kept here first, sent afterwards, and never sent twice in effect.

The payload is encrypted with the programme's field key for the row that it will become, so the
bridge and its inbox carry no readable word.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connections
from django.utils import timezone

from casewall.safety.intake.models import OutboxItem
from casewall.vault.cipher import lock
from casewall.vault.keys import keys_of
from casewall.wall.context import acting
from casewall.wall.decide import Refused, may_cross
from casewall.wall.duties import Duty, require
from casewall.wall.flows import Ground, flow_named
from casewall.wall.sides import Place, Side, Viewer

BATCH = 500


def draft(
    *, item: UUID, kind: str, compartment: int, content: dict[str, Any], at: datetime
) -> OutboxItem:
    """An unsaved outbox item. Raises `Refused` for a kind that the table does not send down."""
    flow = flow_named(kind)
    ground = flow.ground if flow is not None else Ground.DISCLOSURE
    decision = may_cross(kind, Place.SAFETY, Place.PROGRAMME, ground)
    if not decision:
        raise Refused(decision.reason)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True)
    payload = lock(text, key=keys_of(Side.PROGRAMME).field, place=f"bridge.{kind}:{item}")
    return OutboxItem(id=item, compartment=compartment, kind=kind, payload=payload, made_at=at)


def send_later(
    *, item: UUID, kind: str, compartment: int, content: dict[str, Any], at: datetime
) -> OutboxItem:
    """Keep something for the bridge, in the transaction that decided it."""
    waiting = draft(item=item, kind=kind, compartment=compartment, content=content, at=at)
    waiting.save(force_insert=True)
    return waiting


def send_outbox(*, by: Viewer) -> int:
    """Append everything that waits to the programme's inbox. Returns how many items went.

    An item that was appended but not marked (a crash between the two clusters) is appended
    again, which the inbox ignores.
    """
    require(by, Duty.PULL)
    sent = 0
    while True:
        with acting(by):
            waiting = list(
                OutboxItem.objects.visible_to(by)
                .select_for_update(skip_locked=True)
                .filter(sent_at=None)
                .order_by("made_at", "id")[:BATCH]
            )
            if not waiting:
                return sent
            with connections["programme_bridge"].cursor() as cursor:
                cursor.executemany(
                    "select app.bridge_append(%s, %s, %s)",
                    [(i.id, i.kind, bytes(i.payload)) for i in waiting],
                )
            OutboxItem.objects.visible_to(by).filter(pk__in=[i.pk for i in waiting]).update(
                sent_at=timezone.now()
            )
            sent += len(waiting)
