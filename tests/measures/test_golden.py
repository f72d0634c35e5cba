"""Every scorer against vectors that were worked out by hand from its published rule.

`golden/<measure>.json` holds the source of the rule and, for each vector, the answers in the
order of the form and what must come out.
"""

import json
from pathlib import Path

import pytest

from casewall.measures import definitions
from casewall.measures.definitions import load
from casewall.measures.scoring import NoTotalError, escalations, raised_alerts, score, total

FOLDER = Path(__file__).parent / "golden"
FILES = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))}
VECTORS = [(name, vector) for name, file in FILES.items() for vector in file["vectors"]]
PLAIN = ("band", "clinical", "least", "prorated", "answered", "missing", "not_applicable")


def answers_of(name, vector):
    link_ids = load(name).link_ids
    assert len(link_ids) == len(vector["answers"])
    return dict(zip(link_ids, vector["answers"], strict=True))


def test_every_shipped_measure_has_vectors_with_their_source():
    assert set(FILES) == set(definitions.names())
    for name, file in FILES.items():
        assert file["measure"] == name
        assert file["source"]
        assert file["vectors"]


@pytest.mark.parametrize(
    ("name", "vector"), VECTORS, ids=[f"{name}: {vector['says']}" for name, vector in VECTORS]
)
def test_golden_vector(name, vector):
    definition, answers = load(name), answers_of(name, vector)
    found = score(definition, answers, sex=vector.get("sex"), wave=vector.get("wave"))
    wanted = vector["value"]
    assert found.value == (None if wanted is None else pytest.approx(wanted))
    for key in PLAIN:
        if key in vector:
            assert getattr(found, key) == vector[key], key
    for part, number in vector.get("parts", {}).items():
        assert found.parts[part] == (None if number is None else pytest.approx(number)), part
    assert vector.get("reason", "") in found.reason
    raised = [alert.link_id for alert in raised_alerts(definition, answers)]
    assert sorted(raised) == sorted(vector.get("alerts", []))
    escalated = [rule.link_id for rule in escalations(definition, answers)]
    if "escalates" in vector:
        assert escalated == vector["escalates"]


@pytest.mark.parametrize(("name", "vector"), VECTORS)
def test_a_total_is_a_number_or_a_sentence(name, vector):
    definition, answers = load(name), answers_of(name, vector)
    if vector["value"] is None:
        with pytest.raises(NoTotalError) as refusal:
            total(definition, answers)
        assert str(refusal.value).startswith(definition.titles["en"])
        assert str(refusal.value).endswith(".")
    else:
        assert total(definition, answers) == pytest.approx(vector["value"])
