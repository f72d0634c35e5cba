"""Settings, the embedded database, and what each site process may hold and open."""
