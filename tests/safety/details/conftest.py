"""The same invented partner as in the tests of sending."""

from tests.safety.sending.conftest import (  # noqa: F401  # fixtures
    _clock,
    browser,
    desk,
    posting,
    site,
    with_email,
    world,
)
