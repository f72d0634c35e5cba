"""Planning a group: its days, its rooms and who leads it."""
