"""Every module that writes a file for somebody proves it clean, or stands here with its reason."""

from __future__ import annotations

import re
from pathlib import Path

import casewall

ROOT = Path(casewall.__file__).parent
WRITES = re.compile(
    r"typst\.compile\(|\bWorkbook\(|\bDocument\(\)|csv\.(?:Dict)?[wW]riter\(|ZipFile\([^)]*\"w\""
    r"|pq\.write_table\(|\.save\(held\)|Content-Disposition|render_to_string\(\s*\"reporting"
)
PROVES = re.compile(r"\b(?:proved|cleaned)\(")
OTHERWISE: dict[str, str] = {
    "programme/reports/texts.py": "an empty template; what is made of it is cleaned in word.py",
    "programme/reports/views.py": "hands out what rendering.py made or stored",
    "programme/reports/texts_pages.py": "gives an agency's own template back to it",
    "reporting/parquet.py": "Parquet for our own analysis; no file that a page shows",
    "safety/rights/views/requests.py": "hands out what reply.py set by programme/reports/paper.py",
    "safety/sending/views/sent.py": "hands out what letters.py made",
    "safety/sharing/views/reports.py": "hands out what papers.py made and the release stored",
    "vault/clean/archives.py": "the check itself",
}
"""Modules that match without proving: what they hand out was proved elsewhere."""


def writers() -> dict[str, str]:
    """Modules that write files, with their text.

    Invented worlds write none for anybody, and the prover only spoils what others write.
    """
    found = {}
    for path in sorted(ROOT.rglob("*.py")):
        name = path.relative_to(ROOT).as_posix()
        text = path.read_text(encoding="utf-8")
        if WRITES.search(text) and not name.startswith(("synthetic/", "config/prove/")):
            found[name] = text
    return found


def test_every_writer_proves_what_it_writes() -> None:
    unproved = [
        name for name, text in writers().items()
        if not PROVES.search(text) and name not in OTHERWISE
    ]  # fmt: skip
    assert not unproved, f"call casewall.vault.clean.proved at the end: {unproved}"


def test_the_list_names_only_modules_that_write() -> None:
    found = writers()
    assert not [name for name in OTHERWISE if name not in found]
    assert not [name for name in OTHERWISE if PROVES.search(found[name])
                and name != "vault/clean/archives.py"]  # fmt: skip
    for known in ("programme/reports/paper.py", "programme/reports/word.py", "reporting/sheet.py",
                  "reporting/document.py", "reporting/render.py", "reporting/research.py",
                  "safety/sending/letters.py", "safety/sharing/papers.py"):  # fmt: skip
        assert known in found
