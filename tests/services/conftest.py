"""A small valid definition that each test spoils in one place or two."""

from collections.abc import Callable
from pathlib import Path

import pytest

MINIMAL = Path(__file__).with_name("minimal.toml").read_text(encoding="utf-8")


@pytest.fixture
def spoiled(tmp_path: Path) -> Callable[..., Path]:
    """Write the small definition with each (old, new) text exchanged, and give its path."""

    def write(*changes: tuple[str, str]) -> Path:
        text = MINIMAL
        for old, new in changes:
            assert text.count(old) == 1, f"{old!r} must occur once"
            text = text.replace(old, new)
        path = tmp_path / "definition.toml"
        path.write_text(text, encoding="utf-8")
        return path

    return write
