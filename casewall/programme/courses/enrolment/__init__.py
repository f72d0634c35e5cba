"""Enrolling a client in a programme, on the day on which it was agreed."""
