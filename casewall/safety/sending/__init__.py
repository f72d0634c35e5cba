"""Messages to partners: one gate, and what was sent through it."""
