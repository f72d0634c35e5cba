"""The database named "default", of which there is none."""
