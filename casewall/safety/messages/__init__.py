"""Referrers' messages beside the pulled case that they are about: reading and telling."""
