"""What indicator cards say about measures is in the library: names, parts, questions, codes."""

import tomllib
from pathlib import Path

import pytest

import casewall.outcomes
from casewall.measures.definitions import load, names

CARDS = Path(casewall.outcomes.__file__).parent / "indicators"
PACKS = sorted(path.stem for path in CARDS.glob("*.toml"))


def tables(written):
    """Every table of a TOML file, however deep it lies."""
    if isinstance(written, dict):
        yield written
        for inner in written.values():
            yield from tables(inner)
    elif isinstance(written, list):
        for inner in written:
            yield from tables(inner)


def parts_of(definition):
    days = [i.removeprefix(f"{definition.name}-") for i in definition.scorer.items]
    named = days if definition.scorer.kind == "days" else []
    return {*named, *(sub.code for sub in definition.scorer.subscales)}


@pytest.mark.parametrize("pack", PACKS)
def test_every_measure_that_a_card_names_is_in_the_library(pack):
    for table in tables(tomllib.loads((CARDS / f"{pack}.toml").read_text("utf-8"))):
        if isinstance(scale := table.get("scale"), str):
            measure, _, part = scale.partition(".")
            assert measure in names(), scale
            assert not part or part in parts_of(load(measure)), scale
        if isinstance(measure := table.get("measure"), str):
            items = {item.link_id: item for item in load(measure).items}
            assert table.get("item") in items, table
            known = {option.code for option in items[table["item"]].options}
            assert set(table.get("codes", [])) <= known, table
