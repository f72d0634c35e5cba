"""Pages of money and of kept releases; for a safety manager alone."""
