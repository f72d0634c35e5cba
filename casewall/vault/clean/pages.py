"""Pages and drawings: no comments, no scripts, nothing fetched from anywhere."""

from __future__ import annotations

import re

_SIGNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a comment", re.compile(r"<!--")),
    ("a script", re.compile(r"<script\b|\son[a-z]+\s*=\s*[\"']|javascript:", re.I)),
    ("metadata of a drawing", re.compile(r"<metadata\b|<sodipodi:|<rdf:", re.I)),
    (
        "something fetched from elsewhere",
        re.compile(r"<(?:img|link|iframe|object|embed|image|use|source|video|audio)\b[^>]*"
                   r"\b(?:src|href|data)\s*=\s*[\"']?\s*(?:https?:)?//", re.I),
    ),
    ("who or what made it", re.compile(r"<meta\b[^>]*\bname\s*=\s*[\"']?(?:author|generator)",
                                       re.I)),
    ("hidden text", re.compile(r"<[a-z][^>]*\s(?:hidden(?=[\s>=])|style=[\"'][^\"']*"
                               r"display\s*:\s*none)", re.I)),
)  # fmt: skip


def in_page(content: bytes) -> tuple[str, ...]:
    """Findings in an HTML or SVG file."""
    text = content.decode("utf-8", errors="replace")
    return tuple(words for words, sign in _SIGNS if sign.search(text))
