"""Taking in what arrived: the client's part of referrals, withdrawals, disclosures, recalls."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from casewall.programme.cases.actions import (
    keep_statement,
    open_case,
    recall_statement,
    withdraw_case,
)
from casewall.programme.cases.models import Case
from casewall.programme.referrals.models import BridgeItem, DoorEntry
from casewall.services.schema import Service
from casewall.staff.actions import compartment_for
from casewall.vault.boxes import open_box
from casewall.vault.cipher import Unreadable, unlock
from casewall.vault.keys import keys_of
from casewall.wall.context import acting
from casewall.wall.duties import Duty, require
from casewall.wall.flows import bridge_kinds
from casewall.wall.sides import Side, Viewer

BATCH = 200


def apply_arrivals(*, by: Viewer, services: Mapping[str, Service], on: date) -> int:
    """Take in everything that waits in both inboxes; returns how much was taken in.

    Items of one kind come before those that refer to them (a referral before its withdrawal),
    whatever their random identifiers are. An item that cannot be understood is marked and kept.
    """
    require(by, Duty.APPLY_ARRIVALS)
    taken = 0
    places = {code: compartment_for(side=Side.PROGRAMME, service=code) for code in services}
    run = _Run(by, services, places, on)
    for kind in bridge_kinds():
        taken += _drain(BridgeItem, {"kind": kind}, run.apply, by, on)
    return taken + _drain(DoorEntry, {}, run.self_referral, by, on)


def _drain(
    inbox: Any, which: Mapping[str, str], apply: Callable[[Any], str], by: Viewer, on: date
) -> int:
    """Take in an inbox, a batch in each transaction, so that a long file shows as it arrives."""
    taken = 0
    while True:
        with acting(by):
            waiting = list(
                inbox.objects.visible_to(by)
                .select_for_update(skip_locked=True)
                .filter(applied_on=None, **which)
                .order_by("id")[:BATCH]
            )
            for arrival in waiting:
                taken += _settle(arrival, apply(arrival), on)
        if not waiting:
            return taken


def _settle(arrival: Any, outcome: str, on: date) -> bool:
    arrival.applied_on, arrival.outcome = on, outcome
    arrival.save(update_fields=["applied_on", "outcome"])
    return outcome not in ("unreadable", "unknown")


@dataclass(frozen=True, slots=True)
class _Run:
    """One round: who runs it, for which services, with their compartments here."""

    by: Viewer
    services: Mapping[str, Service]
    places: Mapping[str, int]
    on: date

    def apply(self, item: BridgeItem) -> str:
        try:
            content = json.loads(
                unlock(
                    item.payload,
                    key=keys_of(Side.PROGRAMME).field,
                    place=f"bridge.{item.kind}:{item.id}",
                )
            )
            match item.kind:
                case "referral_part":
                    return self._open(content["slots"], content["service"])
                case "withdrawal":
                    return withdraw_case(referral=UUID(content["referral"]), on=self.on, by=self.by)
                case "disclosure":
                    return self._statement(item.id, content)
                case _:
                    return recall_statement(
                        item=UUID(content["disclosure"]), on=self.on, by=self.by
                    )
        except (Unreadable, KeyError, ValueError):
            return "unreadable"

    def self_referral(self, entry: DoorEntry) -> str:
        try:
            content = open_box(entry.sealed, settings.CASEWALL_SEAL_SECRETS[Side.PROGRAMME])
            slots = {**content["slots"], "id": str(entry.id), "route": "self"}
            return self._open(slots, str(content["service"]))
        except (Unreadable, KeyError, ValueError, TypeError):
            return "unreadable"

    def _open(self, slots: Mapping[str, Any], service: str) -> str:
        open_case(
            slots=slots,
            service=service,
            by=self.by,
            compartment=self.places[service],
            prefix=self.services[service].phone_prefix,
        )
        return "opened"

    def _statement(self, item: UUID, content: Mapping[str, Any]) -> str:
        case = Case.objects.visible_to(self.by).filter(pk=UUID(content["case"])).first()
        if case is None:
            return "unknown"
        keep_statement(
            case=case,
            item=item,
            purpose=content["purpose"],
            text=content["text"],
            on=self.on,
            by=self.by,
        )
        return "kept"
