"""Invented people: families, referral files and years of work with them. Nobody here exists."""
