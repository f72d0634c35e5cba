"""Indicators, their statistics and their release: pure, without Django or a clock.

Read in this order: ``tables`` and ``extract`` (the rows), ``kinds``, ``conditions``, ``card`` and
``cards`` (what an indicator means), ``slow`` and ``reference`` (the slow and obvious way to compute
it), ``finish`` and ``finish_numbers`` (counts into figures), ``figures`` (what a figure carries),
``reads`` (which columns a card needs), ``breakdown``, ``suppress`` and ``releases`` (what may leave
the house), ``docs`` (the published definitions). Beside them: ``statistics``, ``costs``, ``flow``
and ``series`` (charts as numbers), ``matched`` and ``possible`` (what was printed elsewhere).
"""
