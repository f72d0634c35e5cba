"""The files of a document: filled from its frozen facts, or, once issued, read as they were."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from uuid import UUID

from casewall.programme.reports.models import Document, IssuedFile, LetterTemplate
from casewall.programme.reports.paper import set_on_paper
from casewall.programme.reports.rules import Kind, State
from casewall.programme.reports.texts import FRAME, LANGUAGES, shipped_template
from casewall.programme.reports.word import Told, fill, told_by
from casewall.programme.reports.words import title_of
from casewall.wall.decide import Refused
from casewall.wall.sides import Viewer

TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
}
"""The kind of file behind each ending."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A document as a Word file, and what it says."""

    word: bytes
    told: Told


def own_template(
    compartment: int, kind: Kind, language: str, viewer: Viewer
) -> LetterTemplate | None:
    """The agency's own template for a kind and a language, where it has one."""
    found: LetterTemplate | None = (
        LetterTemplate.objects.visible_to(viewer)
        .filter(compartment=compartment, kind=kind, language=language, retired_at=None)
        .first()
    )
    return found


def template_for(compartment: int, kind: Kind, language: str, viewer: Viewer) -> bytes:
    """The agency's own template, else the one that comes with Casewall.

    Raises `Refused` for a language in which there is neither.
    """
    own = own_template(compartment, kind, language, viewer)
    if own is not None:
        return base64.b64decode(own.content)
    if language in LANGUAGES:
        return shipped_template(kind, language)
    raise Refused(
        "There is no text in this language for this kind of document. Choose another "
        "language, or ask for a template to be uploaded."
    )


def filled(document: Document, viewer: Viewer, *, as_it_goes: bool) -> Filled:
    """A document filled from its facts: as it goes, or with a line that it may not go yet."""
    kind = Kind(document.kind)
    template = template_for(document.compartment, kind, document.language, viewer)
    frame = FRAME.get(document.language, FRAME["en"])
    banner = "" if as_it_goes else frame["draft"]
    word = fill(
        template,
        document.content,
        title=title_of(kind, document.language),
        made_at=document.written_at,
        banner=banner,
    )
    return Filled(word, told_by(word))


def paper_of(document: Document, told: Told) -> bytes:
    """The PDF of a document. Raises `NoPaper` where no font has a letter of its text."""
    return set_on_paper(
        told,
        title=title_of(Kind(document.kind), document.language),
        agency=document.content.agency,
        language=document.language,
    )


def issued_files(document: Document, viewer: Viewer) -> dict[str, UUID]:
    """The files that were stored at issue, by their ending."""
    return dict(
        IssuedFile.objects.visible_to(viewer).filter(document=document).values_list("ending", "id")
    )


def file_of(document: Document, ending: str, viewer: Viewer) -> bytes | None:
    """A file of a document: the stored one once it was issued. None where there is none."""
    if document.issued_on is not None:
        stored = (
            IssuedFile.objects.visible_to(viewer).filter(document=document, ending=ending).first()
        )
        return base64.b64decode(stored.content) if stored else None
    if document.state == State.WITHDRAWN:
        return None
    made = filled(document, viewer, as_it_goes=False)
    return made.word if ending == "docx" else paper_of(document, made.told)


def told_of(document: Document, viewer: Viewer) -> Told | None:
    """What a document says as it goes, to be shown on a page."""
    if document.issued_on is None and document.state != State.WITHDRAWN:
        return filled(document, viewer, as_it_goes=True).told
    word = file_of(document, "docx", viewer)
    return told_by(word) if word else None
