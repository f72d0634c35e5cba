"""Absence: the ladder of the template, and the acts that it proposes."""
