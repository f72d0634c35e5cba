"""Children, their families as known here, and the work with them."""
