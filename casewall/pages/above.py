"""One line above every page of a record, such as how dangerous it is: asked of the app that knows.

The pages lie below the apps and cannot import them; an app says when it is ready for which side
it has a line: `show_above("safety", "risk", line)`. The line is asked with the context of the
page, finds there what the page is about, and gives markup or nothing. The other side's pages
never ask.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Line = Callable[[Any], str]
"""The context of a page → a rendered template (markup that is safe), or an empty text."""

_LINES: dict[str, dict[str, Line]] = {}


def show_above(side: str, key: str, line: Line) -> None:
    """Say what stands above the pages of a side; the same key again replaces it."""
    _LINES.setdefault(side, {})[key] = line


def lines_of(context: Any) -> list[str]:
    """What stands above this page, in the order of the keys."""
    lines = _LINES.get(str(context.get("side", "")), {})
    return [text for text in (lines[key](context) for key in sorted(lines)) if text]
