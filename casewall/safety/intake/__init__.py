"""Referrals that name both parties: read from a file, split, and loaded."""
