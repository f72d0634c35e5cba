"""what the client needs, whom the client declares, and the help elsewhere."""
