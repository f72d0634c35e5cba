"""Where a partner can be found: how that changes, and who looked."""
