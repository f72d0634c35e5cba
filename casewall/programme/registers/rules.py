"""How a page carries what it showed, so that two people can save it one after the other. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from casewall.programme.groups.rules import Line, Mark


def written(line: Line | None) -> str:
    """A line of a register as a hidden box carries it; empty for somebody not marked yet."""
    if line is None:
        return ""
    return f"{line.mark},{line.late or 0},{line.early or 0},{line.reason}"


def read_line(text: str) -> Line | None:
    """The line that `written` wrote; `None` where the text is empty or is not one."""
    mark, _, rest = text.partition(",")
    late, _, rest = rest.partition(",")
    early, _, reason = rest.partition(",")
    if mark not in set(Mark) or not late.isdecimal() or not early.isdecimal():
        return None
    return Line(Mark(mark), int(late), int(early), reason)


def fingerprint(values: Iterable[object]) -> str:
    """A short sign of some values, to tell whether they are still those that a page showed.

    Empty text and nothing are the same, since a box cannot tell them apart.
    """
    texts = ["" if value is None else str(value).strip().replace("\r\n", "\n") for value in values]
    return hashlib.sha256("\0".join(texts).encode()).hexdigest()[:24]
