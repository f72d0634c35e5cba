"""The letter to a partner as a PDF: neutral outside and inside, and stored nowhere."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

import typst

from casewall.safety.sending.actions import Outgoing
from casewall.safety.sending.texts import texts_in
from casewall.vault.clean import proved
from casewall.wall.decide import Refused

HERE = Path(__file__).parent
PAPER = HERE / "letter.typ"
FONTS = HERE.parents[1] / "programme" / "reports" / "fonts"
"""The fonts that come with the documents; files only, nothing of that side is imported."""


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(font_paths=[str(FONTS)])


def letter_pdf(outgoing: Outgoing, *, language: str, signed: str, on: date) -> bytes:
    """The letter, tagged (PDF/UA-1). The only place where the address is printed.

    Raises `Refused` where no font has a letter of the name or the address.
    """
    texts = texts_in(language)
    told = {
        "title": texts.letter_greeting,
        "language": language,
        "address": f"{outgoing.to_name}\n{outgoing.address}",
        "day": f"{on:%Y-%m-%d}",
        "greeting": texts.letter_greeting,
        "body": outgoing.words.body,
        "signed": signed,
    }
    try:
        made: bytes = typst.compile(
            PAPER,
            root=HERE,
            font_paths=_fonts(),
            sys_inputs={"told": json.dumps(told, ensure_ascii=False)},
            format="pdf",
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as problem:
        raise Refused(f"The letter cannot be printed: {problem.message}") from problem
    return proved(made, "pdf")
