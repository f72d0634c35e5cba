"""Append-only record of who read and wrote what: identifiers, never values."""
