"""How long this side's files are kept, what holds them, and what was deleted."""
