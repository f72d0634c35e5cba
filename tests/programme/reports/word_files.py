"""Word files for tests: made by hand, some of them hostile."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import docx


def word_file(*paragraphs: str, header: str = "") -> bytes:
    """A Word file with these paragraphs."""
    made = docx.Document()
    for text in paragraphs:
        made.add_paragraph(text)
    if header:
        made.sections[0].header.paragraphs[0].text = header
    held = io.BytesIO()
    made.save(held)
    return held.getvalue()


def changed(content: bytes, *, add: dict[str, bytes] | None = None,
            edit: dict[str, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The same file with parts added or changed."""
    held = io.BytesIO()
    with (zipfile.ZipFile(io.BytesIO(content)) as old,
          zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new):
        for name in old.namelist():
            blob = old.read(name)
            new.writestr(name, edit[name](blob) if edit and name in edit else blob)
        for name, blob in (add or {}).items():
            new.writestr(name, blob)
    return held.getvalue()


def in_body(xml: str) -> Callable[[bytes], bytes]:
    """Puts XML at the beginning of the body."""
    return lambda blob: blob.replace(b"<w:body>", b"<w:body>" + xml.encode(), 1)


def all_text(content: bytes) -> str:
    """Every part of a Word file as text, so that nothing can hide in it."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "\n".join(archive.read(name).decode("utf-8", "replace")
                         for name in archive.namelist())
