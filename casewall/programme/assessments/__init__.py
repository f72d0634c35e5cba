"""Eligibility and suitability."""
