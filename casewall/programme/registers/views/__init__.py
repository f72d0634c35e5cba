"""Pages of sessions: their registers, what is written about them, one-to-one work."""
