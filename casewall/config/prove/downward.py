"""Leaks down the bridge: the client's part of a referral, or its moment, depends on a partner."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any
from unittest.mock import patch
from uuid import UUID, uuid5

from casewall.config.prove.leaks import leak, secret

LOADING = "casewall.safety.intake.loading"
OUTBOX = "casewall.safety.intake.outbox"

Slots = dict[str, Any]


def _slots(change: Callable[[Slots, int], Slots]) -> AbstractContextManager[object]:
    """Patch what is put into the slots of the client's part."""
    from casewall.safety.intake import loading

    kept = loading.client_slots

    def client_slots(part: Any, *, id: UUID) -> Slots:
        found, number = kept(part, id=id), secret()
        return change(dict(found), number) if number else found

    return patch(f"{LOADING}.client_slots", client_slots)


@leak(31, "safety", "the client's part has a slot more")
def slot_more() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "parties": "2"})


@leak(4, "safety", "the text for the client's file counts partners")
def number_in_the_text() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "text": f"{slots['text']} {number}"})


@leak(43, "safety", "the text ends with as many spaces as there are partners")
def spaces_in_the_text() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "text": f"{slots['text'] or ''}{' ' * number}"})


@leak(33, "safety", "the route says that a partner referred")
def route_passed_down() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "route": "self_referral"})


@leak(14, "safety", "the referring agency is the partner's")
def agency_of_the_partner() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "referrer_agency": "Shelter"})


@leak(24, "safety", "the client's phone is the one that both parties share")
def phone_of_both() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "phone": f"2100{number:04d}"})


@leak(15, "safety", "the day of receipt is the day on which the partner answered")
def day_of_receipt() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "received_on": "2026-03-02"})


@leak(33, "safety", "consent is asked for again where a partner declined")
def consent_changes() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "consent": "no"})


@leak(32, "safety", "the language is the partner's")
def language_of_the_partner() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "language": "ar"})


@leak(11, "safety", "the name of the client is corrected from what the partner said")
def name_corrected() -> AbstractContextManager[object]:
    return _slots(lambda slots, number: {**slots, "given_name": f"{slots['given_name']}s"})


@leak(1, "safety", "the identifiers that go down count what the safety side made")
def identifiers_in_order() -> AbstractContextManager[object]:
    given = iter(range(1, 10_000))

    def next_one() -> UUID:
        number = secret()
        return UUID(int=(number << 64) + next(given), version=4)

    return patch(f"{LOADING}.id_to_send_down", next_one)


@leak(3, "safety", "the identifiers that go down hold a time")
def identifiers_by_time() -> AbstractContextManager[object]:
    from casewall.safety.intake import loading

    kept = loading.id_to_send_down

    def by_time() -> UUID:
        number, found = secret(), kept()
        return UUID(int=found.int ^ number, version=4)

    return patch(f"{LOADING}.id_to_send_down", by_time)


@leak(23, "safety", "a message more goes down where a partner is referred")
def message_more() -> AbstractContextManager[object]:
    return _sent(lambda items, number: [
        *items, (uuid5(UUID(int=0), str(number)), "withdrawal", b"")])


@leak(33, "safety", "the first referral is withdrawn where partners decline")
def message_twice() -> AbstractContextManager[object]:
    return _sent(lambda items, number: [
        *items, *((uuid5(UUID(int=1), str(item)), kind, payload)
                  for item, kind, payload in items[:1])])


@leak(23, "safety", "a message is held back where a partner asked for it")
def message_held_back() -> AbstractContextManager[object]:
    return _sent(lambda items, number: items[1:])


@leak(31, "safety", "a payload is longer by as many bytes as there are partners")
def payload_longer() -> AbstractContextManager[object]:
    return _sent(lambda items, number: [
        (item, kind, payload + b"\0" * number) for item, kind, payload in items])


@leak(31, "safety", "a referral goes down under another kind")
def another_kind() -> AbstractContextManager[object]:
    return _sent(lambda items, number: [(item, "recall", payload)
                                        for item, _, payload in items])


def _sent(change: Callable[[list[Any], int], list[Any]]) -> AbstractContextManager[object]:
    """Patch what the bridge is given."""
    from casewall.safety.intake import outbox

    class Bridge:
        """The connection of the bridge, with a cursor that changes what goes down."""

        def __init__(self, real: Any) -> None:
            self.real = real

        def __getitem__(self, alias: str) -> Any:
            return _Connection(self.real[alias], change) if alias == "programme_bridge" else (
                self.real[alias])

    return patch(f"{OUTBOX}.connections", Bridge(outbox.connections))


class _Connection:
    def __init__(self, real: Any, change: Any) -> None:
        self.real, self.change = real, change

    def cursor(self) -> Any:
        return _Cursor(self.real.cursor(), self.change)


class _Cursor:
    def __init__(self, real: Any, change: Any) -> None:
        self.real, self.change = real, change

    def __enter__(self) -> Any:
        self.real.__enter__()
        return self

    def __exit__(self, *given: Any) -> Any:
        return self.real.__exit__(*given)

    def executemany(self, statement: str, items: list[Any]) -> None:
        number = secret()
        self.real.executemany(statement, self.change(items, number) if number else items)
