"""How much one address may send: kept in memory, by a fingerprint, and forgotten within the hour.

Nothing is stored of who sent what. The fingerprint's key is drawn when the process starts, so that
no list of addresses can be made from it, and an address of the machine itself (a reverse proxy
that nobody has named in `CASEWALL_DOOR_PROXIES`, a test) is never limited: one limit for all
visitors together would shut the door to everybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import threading
import time
from collections import deque
from dataclasses import dataclass, field
from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest

_KEY = secrets.token_bytes(32)
MOST_ADDRESSES = 20_000
"""Addresses remembered at most; a flood from more of them forgets the oldest."""


@dataclass(slots=True)
class Limit:
    """At most `times` within `seconds` for one address."""

    times: int
    seconds: int
    _seen: dict[bytes, deque[float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def is_reached(self, address: str, *, now: float) -> bool:
        """Whether this address has used up what it may send; asking counts for nothing."""
        with self._lock:
            return len(self._times(_fingerprint(address), now)) >= self.times

    def count(self, address: str, *, now: float) -> None:
        """One more from this address."""
        key = _fingerprint(address)
        with self._lock:
            times = self._times(key, now)
            times.append(now)
            self._seen.pop(key, None)
            self._seen[key] = times
            while len(self._seen) > MOST_ADDRESSES:
                self._seen.pop(next(iter(self._seen)))

    def forget(self) -> None:
        """Begin anew."""
        with self._lock:
            self._seen.clear()

    def _times(self, key: bytes, now: float) -> deque[float]:
        times = self._seen.get(key) or deque(maxlen=self.times)
        while times and now - times[0] >= self.seconds:
            times.popleft()
        return times


def _fingerprint(address: str) -> bytes:
    return hmac.new(_KEY, address.encode(), hashlib.sha256).digest()[:16]


STORED = Limit(5, 3600)
"""Self-referrals of one address that are stored; the answer to more is the same."""
FROM_WORK = Limit(30, 3600)
"""Professionals' forms of one address: a station or a hospital may have one address for all."""
WRONG_CODES = Limit(10, 600)
"""Wrong codes of one address. Further ones, right or wrong, get the answer to a wrong one."""


def address_of(request: HttpRequest) -> str:
    """The visitor's address, or nothing where it cannot be told from the machine's own.

    `CASEWALL_DOOR_PROXIES` says how many reverse proxies stand before this site; each adds the
    address that it saw to `X-Forwarded-For`, and what stands further left is the visitor's word.
    """
    proxies = int(getattr(settings, "CASEWALL_DOOR_PROXIES", 0))
    address = request.META.get("REMOTE_ADDR", "")
    if proxies:
        passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
        address = passed[-proxies] if len(passed) >= proxies else ""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return ""
    # A household with IPv6 has a whole network of addresses.
    return found.exploded[:19] if found.version == 6 else found.compressed


def is_shut(limit: Limit, request: HttpRequest) -> bool:
    """Whether the visitor's address has used up the limit."""
    address = address_of(request)
    return bool(address) and limit.is_reached(address, now=time.monotonic())


def counted(limit: Limit, request: HttpRequest) -> None:
    """Count one for the visitor's address."""
    address = address_of(request)
    if address:
        limit.count(address, now=time.monotonic())
