"""Charts as SVG, drawn here and nowhere else.

Across, everything is placed in percent of the width; down, in pixels; there is no viewBox. So a
chart fits any screen while its words keep their size. A content policy without inline styles
holds for SVG too: presentation attributes and classes only. What a colour says is said again by a
dash, a marker, a pattern or a word. Every chart carries the table of its numbers, so the two
cannot differ.
"""

from casewall.pages.charts.bars import Bar, bar_chart
from casewall.pages.charts.change import Change, change_chart
from casewall.pages.charts.flows import Box, Moment, Stage, flow_chart, flow_diagram
from casewall.pages.charts.marks import Drawing, amount, standalone, wrapped
from casewall.pages.charts.stacks import Stack, stacked_chart
from casewall.pages.charts.survival import Curve, survival_chart
from casewall.pages.charts.waves import Point, Series, wave_chart

__all__ = [
    "Bar",
    "Box",
    "Change",
    "Curve",
    "Drawing",
    "Moment",
    "Point",
    "Series",
    "Stack",
    "Stage",
    "amount",
    "bar_chart",
    "change_chart",
    "flow_chart",
    "flow_diagram",
    "stacked_chart",
    "standalone",
    "survival_chart",
    "wave_chart",
    "wrapped",
]
