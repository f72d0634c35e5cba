"""The reference page of the measures is current and says what somebody must know of each."""

import json
import re
from pathlib import Path

import pytest

from casewall.measures import definitions
from casewall.measures.definitions import DEFINITIONS, built
from casewall.measures.described import SCORING_KEYS, described, reference_page
from tests.measures.forms import choice, pair

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "measures.md"


def test_the_reference_page_is_current():
    assert PAGE.read_text("utf-8") == reference_page(), (
        "run: python -m casewall measures describe > docs/reference/measures.md"
    )


@pytest.mark.parametrize("name", definitions.names())
def test_every_measure_has_its_section_with_rule_and_licence(name):
    one, page = definitions.load(name), reference_page()
    section = page.split(f"\n## {name}\n")[1].split("\n## ")[0]
    assert one.scorer.rule in section
    assert one.acknowledgement in section
    assert one.titles["en"] in section
    for alert in one.alerts:
        assert alert.task in section


def test_the_page_names_cut_offs_change_and_judgement():
    page = reference_page()
    assert "- Cut-off: 6 or more, male (DUDIT manual)." in page
    assert "- Reliable change: 6.75 points, from SD 7.7 and reliability 0.9 (" in page
    assert "- Reliable change: 6 points, as published (" in page
    assert "never lower it" in page
    assert "- No score: this tool is a structured judgement: its ratings are never added" in page


def test_a_cut_off_at_the_lower_end_is_said_so():
    questions, scoring = pair(choice("a", 0, 4), score_to=4)
    scoring["cuts"] = [{"at_most": 1, "source": "the manual"}]
    assert "- Cut-off: 1 or less (the manual)." in described(built("mine", questions, scoring))


def test_every_key_of_a_scoring_file_is_explained():
    used = set()
    for path in DEFINITIONS.glob("*.scoring.json"):
        used |= set(json.loads(path.read_text("utf-8")))
    assert used <= set(SCORING_KEYS)
    source = (DEFINITIONS.parent / "scorers.py").read_text("utf-8")
    read = set(re.findall(r'scored\.\w+\("(\w+)"', source))
    assert read
    assert read <= set(SCORING_KEYS)
