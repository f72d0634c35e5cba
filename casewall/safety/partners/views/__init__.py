"""Pages of partner support."""
