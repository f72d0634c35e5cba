"""The safety site, as the tests of its pages have it."""

from tests.safety.pages.conftest import _clock, site  # noqa: F401
