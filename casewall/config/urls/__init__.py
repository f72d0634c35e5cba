"""Which pages each site has."""
