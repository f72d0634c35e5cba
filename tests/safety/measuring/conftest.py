"""The same invented world as the pages of this side have."""

from tests.safety.pages.conftest import _clock, browser, site, world

__all__ = ["_clock", "browser", "site", "world"]
