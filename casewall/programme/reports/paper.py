"""The PDF of a document: tagged (PDF/UA-1), set from what the Word file says."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from pathlib import Path

import typst

from casewall.programme.reports.word import Told
from casewall.vault.clean import proved
from casewall.wall.decide import Refused

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
PAPER = HERE / "paper.typ"


class NoPaper(Refused):
    """The text cannot be set as a PDF; the Word file holds it all the same."""


@cache
def _fonts() -> typst.Fonts:
    """Our own fonts first, then those of the machine for scripts that ours do not have."""
    return typst.Fonts(font_paths=[str(FONTS)])


def set_on_paper(told: Told, *, title: str, agency: str, language: str) -> bytes:
    """The PDF. Raises `NoPaper` where no font has a letter of the text."""
    try:
        made: bytes = typst.compile(
            PAPER,
            root=HERE,
            font_paths=_fonts(),
            sys_inputs=_given(told, title, agency, language),
            format="pdf",
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as problem:
        raise NoPaper(f"The PDF cannot be made: {problem.message}") from problem
    return proved(made, "pdf")


def pictures_of(told: Told, *, title: str, agency: str, language: str) -> list[bytes]:
    """The same pages as pictures (PNG), one for each page."""
    made: bytes | list[bytes] = typst.compile(
        PAPER,
        root=HERE,
        font_paths=_fonts(),
        sys_inputs=_given(told, title, agency, language),
        format="png",
        ppi=110,
    )
    return [proved(one, "png") for one in (made if isinstance(made, list) else [made])]


def _given(told: Told, title: str, agency: str, language: str) -> dict[str, str]:
    content = {**asdict(told), "title": title, "agency": agency, "language": language}
    return {"told": json.dumps(content, ensure_ascii=False)}
