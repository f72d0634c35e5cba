"""The quick engine: indicators by SQL in DuckDB, over the rows of an extract.

It counts in SQL and finishes in ``casewall.outcomes.finish``, as the reference does, and gives
the same figures. Read in this order: ``warehouse`` (the rows as tables), ``people`` (whom a card
counts), ``duck`` (the engine), and the families of kinds in ``answers``, ``incidents`` and
``numbers``.
"""
