"""Marking registers; one-to-one sessions and catch-ups. No records of its own."""
