"""Indicators, their statistics and their release: pure, without Django or a clock.

Read in this order: ``extract`` (the rows), ``cards`` (what an indicator means), ``reference``
(the slow and obvious way to compute it), ``finish`` (counts into figures), ``figures`` (what a
figure carries), ``suppress`` (what may leave the house).
"""
