"""Figures and pictures of an invented cohort, for the tests of the formats."""

from casewall.outcomes.cards import load_pack
from casewall.outcomes.reference import compute
from casewall.outcomes.series import series_of
from casewall.reporting.drawings import flows_of
from tests.spec.cohort import published_cohort

NAME = "intervention-centre"
EXTRACT = published_cohort()
OLDEST = ("count", "share", "mean_change", "share_improved", "cost_per", "printed_only")
FIGURES = [compute(card, EXTRACT) for card in load_pack(NAME).cards if card.kind in OLDEST]
FLOWS, SERIES = flows_of(EXTRACT), series_of(EXTRACT)
FLOWS_OUT = flows_of(EXTRACT, release=True)
SERIES_OUT = series_of(EXTRACT, release=True)
