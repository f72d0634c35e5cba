"""How long the programme's files are kept, what holds them, and what was deleted."""
