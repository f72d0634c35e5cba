"""A label for every stored field: what it would tell if it were read.

The labels drive what is encrypted, what the reporting role may read and what an export may
hold. A field without a label stops the build (`checks.py`): privacy is then something that
nobody can forget to think about.
"""

from __future__ import annotations

from enum import StrEnum


class Label(StrEnum):
    """What kind of thing a field holds."""

    ID = "id"
    """A random identifier; tells nothing by itself."""
    CODE = "code"
    """A coded category, a count or a measurement: what figures are made of."""
    DATE = "date"
    """A day or a moment on which something happened."""
    PERSONAL = "personal"
    """A name, contact detail or identifier of a person. Always encrypted."""
    TEXT = "text"
    """Free text about people. Always encrypted."""
    TOKEN = "token"
    """A keyed blind index of something personal."""
    CONFIGURATION = "configuration"
    """Names and settings of services, agencies and groups; about no client and no partner."""
    CREDENTIAL = "credential"
    """Something that lets somebody in."""


ENCRYPTED = frozenset({Label.PERSONAL, Label.TEXT})
"""Labels whose fields must be encrypted fields."""

REPORTABLE = frozenset({Label.ID, Label.CODE, Label.DATE})
"""Labels whose columns the reporting role may read; identifiers leave it only as keyed hashes."""
