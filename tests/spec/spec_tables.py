"""The spec tables: small rows in, one figure out. They are the published meaning of the kinds."""

import tomllib
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path

from casewall.outcomes.cards import Card, card_of
from casewall.outcomes.docs import AS_THE_CARD, CARD_UNSAID, ROW_UNSAID
from casewall.outcomes.extract import TABLES, Extract, from_rows
from casewall.outcomes.figures import Figure

FOLDER = Path(__file__).parent / "tables"
FILES = sorted(FOLDER.glob("*.toml"))


@dataclass(frozen=True)
class Case:
    """One table: a card, an extract, and what the figure must hold."""

    name: str
    card: Card
    extract: Extract
    figure: dict


def cases() -> list[Case]:
    found = []
    for path in FILES:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
        for number, case in enumerate(written["case"], 1):
            found.append(_case(path, number, written["card"], case))
    return found


def _case(path: Path, number: int, card: dict, case: dict) -> Case:
    assert set(case) <= {"says", "card", "heading", "figure", *TABLES}, path.name
    keys = {**CARD_UNSAID, "id": path.stem, "kind": path.stem, **card, **case.get("card", {})}
    keys = {key: value for key, value in keys.items() if value is not False}
    heading = {
        "service": "intervention-centre",
        "as_of": date(2015, 6, 1),
        "period_from": date(2013, 1, 1),
        "period_to": date(2015, 4, 30),
        "invented": True,
        **case.get("heading", {}),
    }
    rows = {"extract": [heading]}
    for table in TABLES:
        rows[table] = [{**_unsaid(table, row, keys), **row} for row in case.get(table, ())]
    return Case(
        f"{path.stem}: {case['says']}",
        card_of(path.name, "spec", keys),
        from_rows(rows),
        case["figure"],
    )


def _unsaid(table: str, row: dict, card: dict) -> dict:
    found = dict(ROW_UNSAID.get(table, {}))
    found |= {key: card[key] for key in AS_THE_CARD.get(table, ()) if key in card}
    if "side" in {field.name for field in fields(TABLES[table])}:
        whose = [{**found, **row}.get(key) for key in ("role", "source")]
        found["side"] = "safety" if "partner" in whose else "programme"
    return found


def expected(case: Case) -> dict:
    """What every field of the figure but texts must be; what a table leaves out is None."""
    unsaid = {
        "numerator": None,
        "denominator": None,
        "value": None,
        "interval": None,
        "missing": None,
        "response_rate": None,
        "bounds": None,
    }
    said = {key: value for key, value in case.figure.items() if key != "note"}
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in {**unsaid, **said}.items()
    }


def given(case: Case, figure: Figure) -> dict:
    return {key: getattr(figure, key) for key in expected(case)}
