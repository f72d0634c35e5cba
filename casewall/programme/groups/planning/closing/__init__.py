"""Weeks in which a whole service holds no sessions."""
