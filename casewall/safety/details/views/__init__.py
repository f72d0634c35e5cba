"""Pages of contact details."""
