"""Questionnaires of this side: what is due, what was answered, and why there is silence."""
