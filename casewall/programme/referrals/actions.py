"""Taking in what arrived: the client's part of referrals, withdrawals, disclosures, recalls."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings

from casewall.programme.cases.actions import (
    draft_case,
    keep_statement,
    known_referrers,
    open_drafted,
    recall_statement,
    withdraw_case,
)
from casewall.programme.cases.models import Case
from casewall.programme.groups.actions import keep_apart, recall_apart
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

BATCH = 500


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
        take = run.referrals if kind == "referral_part" else run.items
        taken += _drain(BridgeItem, {"kind": kind}, take, by, on)
    return taken + _drain(DoorEntry, {}, run.self_referrals, by, on)


def _drain(
    inbox: Any,
    which: Mapping[str, str],
    take: Callable[[list[Any]], dict[UUID, str]],
    by: Viewer,
    on: date,
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
            if not waiting:
                return taken
            outcomes = take(waiting)
            for outcome in sorted(set(outcomes.values())):
                settled = [item for item, each in outcomes.items() if each == outcome]
                done = outcome not in ("unreadable", "unknown")
                # What was taken in stands in its record, and a recall must reach all of it.
                emptied = {inbox.CONTENT: b""} if done else {}
                inbox.objects.visible_to(by).filter(pk__in=settled).update(
                    applied_on=on, outcome=outcome, **emptied
                )
                taken += len(settled) if done else 0


@dataclass(frozen=True, slots=True)
class _Run:
    """One round: who runs it, for which services, with their compartments here.

    Its methods take a batch and say what became of each item.
    """

    by: Viewer
    services: Mapping[str, Service]
    places: Mapping[str, int]
    on: date

    def referrals(self, items: list[Any]) -> dict[UUID, str]:
        """Referrals are many when a file was loaded: all cases of a batch are stored at once."""
        return self._open(items, _content)

    def self_referrals(self, entries: list[Any]) -> dict[UUID, str]:
        """What the front door sealed to this side."""

        def opened(entry: Any) -> dict[str, Any]:
            content = open_box(entry.sealed, settings.CASEWALL_SEAL_SECRETS[Side.PROGRAMME])
            # Whoever writes about himself or herself names no referrer, whatever was sealed.
            slots = {**content["slots"], "id": str(entry.id), "route": "self", "referrer_email": ""}
            return {"slots": slots, "service": str(content["service"])}

        return self._open(entries, opened)

    def items(self, items: list[Any]) -> dict[UUID, str]:
        """Withdrawals, disclosures and recalls, one after another."""
        return {item.id: self._apply(item) for item in items}

    def _open(self, arrivals: list[Any], read: Callable[[Any], dict[str, Any]]) -> dict[UUID, str]:
        outcomes = {arrival.id: "unreadable" for arrival in arrivals}
        contents, openings = {}, []
        for arrival in arrivals:
            with contextlib.suppress(*_NOT_UNDERSTOOD, AttributeError):
                contents[arrival.id] = read(arrival)
        referrers = known_referrers(content.get("slots") for content in contents.values())
        for key, content in contents.items():
            with contextlib.suppress(*_NOT_UNDERSTOOD, AttributeError):
                service = content["service"]
                openings.append(
                    draft_case(
                        slots=content["slots"],
                        service=service,
                        by=self.by,
                        compartment=self.places[service],
                        prefix=self.services[service].phone_prefix,
                        referrers=referrers,
                    )
                )
                outcomes[key] = "opened"
        open_drafted(openings=openings, by=self.by)
        return outcomes

    def _apply(self, item: BridgeItem) -> str:
        try:
            content = _content(item)
            match item.kind:
                case "withdrawal":
                    return withdraw_case(referral=UUID(content["referral"]), on=self.on, by=self.by)
                case "disclosure":
                    return self._statement(item.id, content)
                case _:
                    return self._recall(UUID(content["disclosure"]))
        except _NOT_UNDERSTOOD:
            return "unreadable"

    def _statement(self, item: UUID, content: Mapping[str, Any]) -> str:
        case = Case.objects.visible_to(self.by).filter(pk=UUID(content["case"])).first()
        if case is None:
            return "unknown"
        if content.get("other"):
            return self._apart(item, case, UUID(content["other"]))
        keep_statement(
            case=case,
            item=item,
            purpose=content["purpose"],
            text=content["text"],
            on=self.on,
            by=self.by,
        )
        return "kept"


    def _apart(self, item: UUID, case: Case, other: UUID) -> str:
        """A placement constraint between two clients: the pair is kept, no text with it."""
        second = Case.objects.visible_to(self.by).filter(pk=other).first()
        if second is None:
            return "unknown"
        keep_apart(one=case, other=second, on=self.on, by=self.by, item=item)
        return "kept"

    def _recall(self, item: UUID) -> str:
        if recall_apart(item=item, on=self.on, by=self.by):
            return "recalled"
        return recall_statement(item=item, on=self.on, by=self.by)


_NOT_UNDERSTOOD = (Unreadable, KeyError, ValueError, TypeError)
"""What reading an arrival raises that is not what it should be."""


def _content(item: BridgeItem) -> dict[str, Any]:
    """The content of a bridge item."""
    place = f"bridge.{item.kind}:{item.id}"
    content: dict[str, Any] = json.loads(
        unlock(item.payload, key=keys_of(Side.PROGRAMME).field, place=place)
    )
    if not isinstance(content, dict):
        raise ValueError("an item that is no set of slots")
    return content
