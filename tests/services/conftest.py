"""A small valid definition that each test spoils in one place or two."""

from collections.abc import Callable
from pathlib import Path

import pytest

MINIMAL = Path(__file__).with_name("minimal.toml").read_text(encoding="utf-8")
COURSE = MINIMAL.replace("sessions = 20\nminutes = 90", "sessions = 4\nminutes = 90").replace(
    "minimum_dose = { sessions = 12,", "minimum_dose = { sessions = 2,"
) + Path(__file__).with_name("programme.toml").read_text(encoding="utf-8")
"""The same with a programme of six sessions: a group of four and two talks."""


def _writer(whole: str, path: Path) -> Callable[..., Path]:
    def write(*changes: tuple[str, str]) -> Path:
        text = whole
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must occur once"
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[..., Path]:
    """Write the small definition with each (old, new) text exchanged, and give its path."""
    return _writer(MINIMAL, tmp_path / "definition.toml")


@pytest.fixture
def spoiled_course(tmp_path: Path) -> Callable[..., Path]:
    """The same for the definition with a programme."""
    return _writer(COURSE, tmp_path / "definition.toml")
