"""Where a partner lives and works, and how long the violence had lasted, as the partner said."""
