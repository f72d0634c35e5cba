"""What a request for a disclosure begins with, where another page leads to it.

An app says who knows: `prefill_by("risk", level_to_disclose)`; its page leads to the request with
`?from=risk:<value>`. Whoever asks still reads every word, and two people approve it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from casewall.safety.partners.models import PartnerFile
from casewall.wall.sides import Viewer

Reads = Callable[[str, PartnerFile, Viewer], dict[str, Any]]
"""The value in the address, the file, who asks → initial values of the request's form."""

_READS: dict[str, Reads] = {}


def prefill_by(key: str, reads: Reads) -> None:
    """Say who knows what a request begins with; the same key again replaces it."""
    _READS[key] = reads


def prefilled(wanted: str, file: PartnerFile, viewer: Viewer) -> dict[str, Any]:
    """The initial values for `key:value`; none where nobody knows the key."""
    key, _, value = wanted.partition(":")
    return _READS[key](value, file, viewer) if key in _READS else {}
