"""Statistics on well-kept libraries: each result says what it is of, and how it was made.

Pure: it takes sequences and gives back frozen results; it reads no database and no clock. What
cannot be answered is refused with :class:`~casewall.outcomes.statistics.results.NoFigure`, whose
message is a sentence; no number takes the place of an answer. Formulas and their sources stand
with each function; docs/explanation/statistics.md says in words what each is good for.
"""
