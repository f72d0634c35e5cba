"""What of an extract is worth a picture, as plain data that a page can draw.

Each series is a dict with `kind`, `title`, `description` and what a chart of that kind needs (see
`casewall.pages.charts.told`). With ``release=True`` it has passed disclosure control by the rules
of `casewall.outcomes.suppress`: counts of 0 to 7 hidden, others rounded to 5, percentages only of
30 or more, means only of 10 or more and in whole points. Client and partner never share a line.
"""

from __future__ import annotations

from casewall.outcomes.extract import Extract
from casewall.outcomes.series.amounts import costs, dose
from casewall.outcomes.series.answers import answers
from casewall.outcomes.series.changes import changes, over_time
from casewall.outcomes.series.incidents import free_of_incidents
from casewall.outcomes.series.words import Series

__all__ = ["Series", "series_of"]


def series_of(extract: Extract, *, release: bool = False) -> list[Series]:
    """Every series of which the extract has anything to show, in the order of the page."""
    return [
        *changes(extract, release=release),
        *over_time(extract, release=release),
        *free_of_incidents(extract, release=release),
        *answers(extract, release=release),
        *dose(extract, release=release),
        *costs(extract),
    ]
