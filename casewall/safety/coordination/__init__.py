"""Disclosures: the only other way back to the programme side."""
