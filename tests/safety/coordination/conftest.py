"""The invented world of the pages' tests, for disclosures too."""

from tests.safety.pages.conftest import _clock, browser, site, world  # noqa: F401
