"""Other agencies, what was shared with them on what ground, and reports of this side."""
