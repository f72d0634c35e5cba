"""Assessments that somebody commissions, with or without a place on the programme."""
