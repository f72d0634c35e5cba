"""Tables as text: a cell that a spreadsheet would calculate is neutralised, and restorable."""

from __future__ import annotations

import csv
import io
import re

_FORMULA = re.compile(r"'*[\s\ufeff]*[=+\-@\t\r\n＝＋－＠]")
_NUMBER = re.compile(r"[+-]?(\d+([.,]\d+)*|\d*\.\d+)([eE][+-]?\d+)?%?")


def neutralise(text: str) -> str:
    """The text with an apostrophe before it where a spreadsheet might read a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restore(text: str) -> str:
    """What `neutralise` was given: its exact inverse."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet might calculate this cell. A plain number is none."""
    return bool(_FORMULA.match(text)) and not text.startswith("'") and not _NUMBER.fullmatch(text)


def in_table(content: bytes) -> tuple[str, ...]:
    """Findings in a CSV file: cells that a spreadsheet would calculate, with their places."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return ("text that is not UTF-8",)
    found = []
    if "\x00" in text:
        found.append("a zero byte")
    for down, row in enumerate(csv.reader(io.StringIO(text.replace("\x00", ""))), 1):
        for across, cell in enumerate(row, 1):
            if is_formula(cell):
                found.append(f"a formula in row {down}, column {across}")
    return tuple(found[:20])
