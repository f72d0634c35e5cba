"""Documents of the stories, opened: what a reader, a search or a curious eye finds in the file."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from pypdf import PdfReader

from casewall.vault.clean import findings


@dataclass(frozen=True, slots=True)
class Paper:
    """One file as it left: what it is called in the story, its bytes, and every word in it."""

    name: str
    content: bytes
    text: str


def opened(name: str, content: bytes) -> Paper:
    """A PDF, a Word file or a page, opened. What hides in a file is text as well."""
    if content.startswith(b"%PDF"):
        reader = PdfReader(io.BytesIO(content))
        pages = " ".join(page.extract_text() for page in reader.pages)
        text = f"{pages} {reader.metadata or ''} {reader.xmp_metadata or ''}"
        assert findings(content, "pdf") == ()
    elif content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = [archive.read(one).decode("utf-8", "replace") for one in archive.namelist()]
        text = " ".join(parts)
        assert findings(content, "docx") == ()
    else:
        text = content.decode()
    said = " ".join(text.split())
    assert len(said) > 200, f"{name} is all but empty"
    return Paper(name, content, said)
