"""Everything that happened in a case in the order of the days, to read and to print."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from casewall.pages.parts import with_names
from casewall.programme.cases.history import History
from casewall.programme.cases.lists import moment_of, names_of
from casewall.programme.cases.models import Case
from casewall.programme.cases.parts import parts_for
from casewall.programme.notes.lists import NotesOfCase
from casewall.programme.notes.rules import CONTACT_KINDS, KIND_WORDS, NoteKind
from casewall.wall.sides import Viewer

OWN = "notes"
"""The key of the part that these notes add; the chronology reads them by kind."""
OF_HISTORY = {
    "stages": "Stages",
    "assessments": "Assessments and agreements",
    "attempts": "Attempts to reach the client",
    "attendance": "Sessions",
}
"""What the case itself holds. Statements are left out: a print-out may lie on a table."""
_NAMED_IN_HISTORY = {"attempts": "contacts"}


def kinds_of(viewer: Viewer) -> list[tuple[str, str]]:
    """What the chronology can be narrowed to, as value and words."""
    notes = [(f"note-{kind.value}", f"Notes: {words}") for kind, words in KIND_WORDS.items()]
    parts = [
        (f"part-{part.key}", part.label)
        for part in parts_for(refers=False)
        if part.label and part.key != OWN
    ]
    return [
        ("contacts", "Contacts with the client"),
        ("notes", "All notes"),
        *notes,
        *OF_HISTORY.items(),
        *parts,
    ]


def entries_of(case: Case, viewer: Viewer, kind: str, today: date) -> list[dict[str, Any]]:
    """The entries of a kind, of all kinds where it is empty, the oldest first.

    An entry is a dict as the tag `timeline` takes it. What is only planned is left out.
    """
    found = [*_notes(case, viewer, kind), *_history(case, viewer, kind)]
    for part in parts_for(refers=False):
        if part.key != OWN and kind in ("", f"part-{part.key}"):
            found += part.read(case, viewer, today).entries
    past = [entry for entry in found if moment_of(entry["when"])[0] <= today]
    return sorted(with_names(past, names_of), key=lambda entry: moment_of(entry["when"]))


def _notes(case: Case, viewer: Viewer, kind: str) -> list[dict[str, Any]]:
    wanted: Iterable[str] = ()
    if kind in ("", "notes"):
        wanted = tuple(NoteKind)
    elif kind == "contacts":
        wanted = CONTACT_KINDS
    elif kind.startswith("note-"):
        wanted = (kind.removeprefix("note-"),)
    return NotesOfCase(case, viewer).entries(wanted) if wanted else []


def _history(case: Case, viewer: Viewer, kind: str) -> list[dict[str, Any]]:
    wanted = tuple(OF_HISTORY) if kind == "" else (kind,)
    if kind == "contacts":
        wanted = ("attempts", "attendance")
    named = [_NAMED_IN_HISTORY.get(one, one) for one in wanted if one in OF_HISTORY]
    return History(case, viewer).entries(named) if named else []
