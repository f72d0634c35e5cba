"""Drafts of forms: what was typed survives a dead tab, a lost connection or a sign-out."""
