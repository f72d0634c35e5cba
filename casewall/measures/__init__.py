"""Questionnaires: their definitions and their scoring. Asks questions, owns no answers."""
