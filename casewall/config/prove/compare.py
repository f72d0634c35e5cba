"""Where two worlds differ, and by how many bytes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from itertools import zip_longest
from typing import Any

from casewall.config.prove.story import Outcome

SHOWN = 20
"""Differences that are named one by one; the others are counted."""


FAULT = 500
"""Status from which a page failed (RFC 9110, section 15.6)."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One channel in which two worlds differ."""

    worlds: str
    channel: str
    where: str
    bytes: int

    def told(self) -> dict[str, Any]:
        """As plain data."""
        return asdict(self)


def differing_bytes(one: bytes, other: bytes) -> int:
    """How many bytes differ, the difference in length included."""
    if one == other:
        return 0
    return sum(a != b for a, b in zip(one, other, strict=False)) + abs(len(one) - len(other))


def differences(names: str, one: Outcome, other: Outcome, noise: frozenset[str]
                ) -> list[Difference]:
    """Everything that differs between two worlds; `noise` are probes that never stand still."""
    found = list(_of_dumps(names, one.dump, other.dump))
    found += of_crawls(names, one.crawl, other.crawl)
    for name in sorted(set(one.probes) | set(other.probes)):
        if name not in noise and one.probes.get(name) != other.probes.get(name):
            seen = [str(each.probes.get(name)).encode() for each in (one, other)]
            found.append(Difference(names, "catalogue", name, differing_bytes(*seen)))
    found += _of_secrets(names, other)
    return found


def of_dumps(names: str, one: bytes, other: bytes) -> list[Difference]:
    """Where two dumps of the programme's database differ, by table."""
    return list(_of_dumps(names, one, other))


def broken(crawl: bytes) -> list[str]:
    """Pages that failed: a page that fails in both worlds would look equal and show nothing."""
    asked = [json.loads(line) for line in crawl.splitlines()]
    return [f"{one['role']} {one['url']}" for one in asked if one["status"] >= FAULT]


def _of_dumps(names: str, one: bytes, other: bytes) -> Iterator[Difference]:
    if one == other:
        return
    first, second = _tables(one), _tables(other)
    for table in sorted(set(first) | set(second)):
        count = differing_bytes(first.get(table, b""), second.get(table, b""))
        if count:
            yield Difference(names, "database", table, count)


def _tables(dump: bytes) -> dict[str, bytes]:
    """A dump by its tables; what belongs to none stands under “structure”."""
    found: dict[str, list[bytes]] = {"structure": []}
    table = "structure"
    for line in dump.splitlines(keepends=True):
        if line.startswith(b"COPY "):
            table = line.split()[1].decode()
        found.setdefault(table, []).append(line)
        if line == b"\\.\n":
            table = "structure"
    return {name: b"".join(lines) for name, lines in found.items()}


def of_crawls(names: str, one: bytes, other: bytes) -> list[Difference]:
    """Where two looks at the programme side differ: the address, the role and which part."""
    found = []
    pairs = zip_longest(one.splitlines(), other.splitlines(), fillvalue=b"")
    for left, right in pairs:
        if left != right:
            first, second = (json.loads(line) if line else {} for line in (left, right))
            where = f"{first.get('role', '–')} {first.get('url', '–')}"
            parts = [key for key in sorted({*first, *second}) if first.get(key) != second.get(key)]
            channel = "page " + " and ".join(parts)
            found.append(Difference(names, channel, where, differing_bytes(left, right)))
    return found


def _of_secrets(names: str, other: Outcome) -> Iterator[Difference]:
    """Secret words of the safety side in what the programme side holds."""
    for word in other.secrets:
        if word.encode() in other.dump:
            yield Difference(names, "secret word", "database", len(word))
