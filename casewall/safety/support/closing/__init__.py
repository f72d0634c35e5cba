"""Closing a partner's file with its reason, and opening it again."""
