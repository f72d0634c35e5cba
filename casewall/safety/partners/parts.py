"""What other apps of this side add to the page of a partner's file and to the first page."""

from __future__ import annotations

from casewall.pages.parts import Part, Parts, Shown

__all__ = ["FILE", "Part", "Shown", "add_part", "add_today"]

FILE = Parts()
"""The parts of a partner's file. `read` is asked with the `PartnerFile`."""

add_part = FILE.add_part
add_today = FILE.add_today
