"""A figure in JSON has every key, in order; what does not apply is null and never absent."""

import json

from casewall.outcomes.cards import load_pack
from casewall.outcomes.figures import KEYS, to_json
from casewall.outcomes.reference import pack
from tests.spec.cohort import published_cohort


def test_the_keys_of_a_figure_are_those_that_scripts_rely_on():
    assert KEYS == (
        "pack", "id", "label", "numerator", "denominator", "value", "unit", "interval",
        "missing", "response_rate", "source", "bounds", "suppressed", "definition", "printed",
        "note",
    )  # fmt: skip


def test_every_key_of_every_figure_is_there():
    figures = json.loads(to_json(pack("intervention-centre", published_cohort())))["figures"]
    assert len(figures) == len(load_pack("intervention-centre").cards)
    for figure in figures:
        assert tuple(figure) == KEYS
        assert figure["suppressed"] is False
    assert figures[1]["interval"] == [15.1, 22.8]
    assert figures[0]["denominator"] is None
