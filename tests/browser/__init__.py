"""The sites in a real browser."""
