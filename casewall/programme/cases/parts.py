"""What other apps of this side add to the page of a case and to the first page."""

from __future__ import annotations

from casewall.pages.parts import Part, Parts, Shown

__all__ = ["Part", "Shown", "add_part", "add_today", "heads_of", "parts_for", "today_items"]

_CASE = Parts()

add_part = _CASE.add_part
add_today = _CASE.add_today
today_items = _CASE.today_items
heads_of = _CASE.heads


def parts_for(*, refers: bool) -> list[Part]:
    """The parts of the page of a case, in order; for a referrer only those that say so."""
    return _CASE.of(refers=refers)
