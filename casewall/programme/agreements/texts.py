"""The texts of the agreement: a service's own versions, and the one that comes with Casewall."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from casewall.programme.agreements.models import AgreementText
from casewall.programme.agreements.rules import FIRST, Block, blocks_of
from casewall.wall.sides import Viewer

WORDINGS = Path(__file__).parent / "wordings"
"""Version 1 in each language that it comes in: the title in the first line, then the text."""

FALLBACK = "en"


@dataclass(frozen=True, slots=True)
class Wording:
    """One version of the text in one language, as it is shown and signed."""

    title: str
    body: str
    version: str
    language: str

    @property
    def blocks(self) -> tuple[Block, ...]:
        """The text in pieces."""
        return blocks_of(self.body)


@cache
def first_wordings() -> dict[str, Wording]:
    """Version 1, by language."""
    found = {}
    for path in sorted(WORDINGS.glob("*.txt")):
        title, _, body = path.read_text(encoding="utf-8").partition("\n")
        found[path.stem] = Wording(title, body.strip() + "\n", FIRST, path.stem)
    return found


def versions_of(service: str, compartment: int, viewer: Viewer) -> list[AgreementText]:
    """Every version that a service made itself, the newest first."""
    rows = AgreementText.objects.visible_to(viewer).filter(service=service, compartment=compartment)
    return list(rows.order_by("language", "-version"))


def newest_wordings(service: str, compartment: int, viewer: Viewer) -> dict[str, Wording]:
    """The newest text in each language in which there is one. One query."""
    found = dict(first_wordings())
    for row in reversed(versions_of(service, compartment, viewer)):
        found[row.language] = _wording(row)
    return found


def newest_wording(service: str, language: str, compartment: int, viewer: Viewer) -> Wording:
    """The newest text in a language; where there is none in it, the English one."""
    found = newest_wordings(service, compartment, viewer)
    return found.get(language) or found[FALLBACK]


def wording_of(
    service: str, language: str, version: str, compartment: int, viewer: Viewer
) -> Wording | None:
    """The text that a client signed; None where it was a printed one that is not kept here."""
    if version == FIRST:
        first = first_wordings()
        return first.get(language) or first[FALLBACK]
    if not version.isdecimal():
        return None
    rows = AgreementText.objects.visible_to(viewer).filter(
        service=service, compartment=compartment, version=int(version)
    )
    known = {row.language: row for row in rows}
    row = known.get(language) or known.get(FALLBACK)
    return _wording(row) if row else None


def _wording(row: AgreementText) -> Wording:
    return Wording(row.title, row.body, str(row.version), row.language)
