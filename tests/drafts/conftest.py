"""Drafts are tested on the programme site, with its invented clients."""

from tests.programme.conftest import browse, site, world

__all__ = ["browse", "site", "world"]
