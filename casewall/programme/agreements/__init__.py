"""Agreements that a client signs, and releases of information."""
