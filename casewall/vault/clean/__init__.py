"""Files that leave the house are clean: proved at the moment of writing, byte by byte.

Every way of writing a file ends with `proved(content, ending)`. It refuses a file that holds more
than its page shows: metadata beyond a short list, earlier versions, comments, hidden sheets,
formulas, places of photographs. Sources: security guide, section 1.2 (a hidden worksheet with
9,483 people; edited documents that gave an address away) and tests X1 to X4. Pure.

What comes from outside, such as a template or a photograph, is cleaned first (`cleaned`).
"""

from __future__ import annotations

from collections.abc import Callable

from casewall.vault.clean.archives import cleaned_word, in_word, in_workbook
from casewall.vault.clean.formulas import in_table, neutralise, restore
from casewall.vault.clean.pages import in_page
from casewall.vault.clean.papers import in_paper
from casewall.vault.clean.pictures import cleaned_jpeg, cleaned_png, in_jpeg, in_png
from casewall.wall.decide import Refused

__all__ = ["ENDINGS", "Unclean", "cleaned", "findings", "neutralise", "proved", "restore"]

Findings = tuple[str, ...]

_CHECKS: dict[str, Callable[[bytes], Findings]] = {
    "csv": in_table,
    "docx": in_word,
    "html": in_page,
    "jpeg": in_jpeg,
    "jpg": in_jpeg,
    "pdf": in_paper,
    "png": in_png,
    "svg": in_page,
    "xlsx": in_workbook,
}
_CLEANERS: dict[str, Callable[[bytes], bytes]] = {
    "docx": cleaned_word,
    "jpeg": cleaned_jpeg,
    "jpg": cleaned_jpeg,
    "png": cleaned_png,
}

ENDINGS = frozenset(_CHECKS)
"""Kinds of file that can be proved clean, by their ending."""


class Unclean(Refused):
    """A file was not handed out, because it holds more than its page shows.

    `found` are the findings, each a few words.
    """

    def __init__(self, ending: str, found: Findings):
        super().__init__(
            f"The {ending.upper()} file was not written, because it would hold more than it "
            f"shows: {'; '.join(found)}."
        )
        self.found = found


def findings(content: bytes, ending: str) -> Findings:
    """What a file holds beyond what it shows, each in a few words; nothing where it is clean.

    Raises `ValueError` for an ending that cannot be looked into.
    """
    check = _CHECKS.get(ending)
    if check is None:
        raise ValueError(f"A file that ends with .{ending} cannot be proved clean.")
    return check(content)


def proved(content: bytes, ending: str) -> bytes:
    """The same bytes, proved clean. Raises `Unclean`."""
    found = findings(content, ending)
    if found:
        raise Unclean(ending, found)
    return content


def cleaned(content: bytes, ending: str) -> bytes:
    """The file without what it does not show, proved clean. Raises `Unclean` for what cannot be
    taken out without changing what it shows, and `ValueError` for a kind that is only proved."""
    clean = _CLEANERS.get(ending)
    if clean is None:
        raise ValueError(f"A file that ends with .{ending} is written clean; it is never cleaned.")
    try:
        return proved(clean(content), ending)
    except ValueError as problem:
        raise Unclean(ending, (str(problem),)) from problem
