"""Small questionnaires for tests, as the two objects that stand in two files."""

ORDINAL = "http://hl7.org/fhir/StructureDefinition/ordinalValue"
BOUND = "http://hl7.org/fhir/StructureDefinition/"


def choice(link_id, low, high):
    """A question with the numbers from low to high as answers."""
    options = [
        {
            "valueCoding": {
                "code": str(number),
                "display": f"Answer {number}",
                "extension": [{"url": ORDINAL, "valueDecimal": number}],
            }
        }
        for number in range(low, high + 1)
    ]
    return {"linkId": link_id, "type": "choice", "text": f"What of {link_id}?"} | {
        "answerOption": options
    }


def integer(link_id, low, high):
    """A question that takes a whole number."""
    bounds = [
        {"url": f"{BOUND}minValue", "valueInteger": low},
        {"url": f"{BOUND}maxValue", "valueInteger": high},
    ]
    asked = f"How many of {link_id}?"
    return {"linkId": link_id, "type": "integer", "text": asked, "extension": bounds}


def pair(*items, **scoring):
    """Questions and scoring of a measure called mine: the sum of its items, none missing."""
    questions = {
        "resourceType": "Questionnaire",
        "id": "mine",
        "version": "1.0.0",
        "title": "My measure",
        "status": "active",
        "language": "en",
        "copyright": "Invented for a test.",
        "item": [{"linkId": "intro", "type": "display", "text": "Last week."}, *items],
    }
    english = {"translator": "a test", "dated": "2026-11-23", "version": "1", "validated": False}
    scored = {
        "measure": "mine",
        "version": "1.0.0",
        "scorer_version": "1.0.0",
        "licence": "Invented for a test",
        "wording": "Invented for a test.",
        "answered_by": "client",
        "recall": "the last week",
        "languages": ["en"],
        "translations": {"en": english},
        "kind": "sum",
        "missing": {"rule": "none"},
        "score_from": 0,
        "score_to": 10,
        "higher_is": "worse",
        "rule": "The sum.",
        "alerts": [],
        **scoring,
    }
    return questions, scored
