"""Every shipped file is a FHIR R4 Questionnaire for software that is not ours."""

import pytest
from fhir.resources.R4B.questionnaire import Questionnaire

from casewall.measures import definitions
from casewall.measures.definitions import DEFINITIONS, load

STATUS = ("draft", "active", "retired", "unknown")
"""The codes that R4 allows; the library does not check them."""


@pytest.mark.parametrize("name", definitions.names())
def test_every_shipped_file_is_an_r4_questionnaire(name):
    text = (DEFINITIONS / f"{name}.json").read_text("utf-8")
    found = Questionnaire.model_validate_json(text)
    assert found.status in STATUS
    assert found.copyright
    assert found.version == load(name).version
    link_ids = []
    for item in found.item:
        link_ids += [one.linkId for one in [item, *(item.item or [])]]
    assert len(link_ids) == len(set(link_ids))
    assert set(load(name).link_ids) < set(link_ids)


@pytest.mark.parametrize("name", definitions.names())
def test_every_question_has_options_exactly_where_it_is_a_choice(name):
    found = Questionnaire.model_validate_json((DEFINITIONS / f"{name}.json").read_text("utf-8"))
    rows = [one for item in found.item for one in [item, *(item.item or [])]]
    for row in rows:
        assert bool(row.answerOption) == (row.type == "choice"), row.linkId
        assert (row.enableBehavior is not None) == (len(row.enableWhen or []) > 1), row.linkId
