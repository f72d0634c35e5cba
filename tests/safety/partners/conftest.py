"""The safety site with an invented file and a linked case, as the tests of its pages have it."""

from tests.safety.pages.conftest import _clock, browser, site, world  # noqa: F401
