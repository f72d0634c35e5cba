"""Case studies and quotations for publication."""
