"""The reference page of indicators: kinds with their spec tables, then every shipped card.

``python -m casewall.outcomes.docs SPEC_TABLES PAGE`` writes it; a test compares the page with
what this module makes of the cards and of the spec tables.
"""

import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casewall.outcomes.card import Card, Pack, Where
from casewall.outcomes.cards import load_pack, pack_names
from casewall.outcomes.kinds import KINDS, Kind

CARD_UNSAID: dict[str, Any] = {
    "label": "A spec table",
    "why": "It shows what the kind means.",
    "unit": "person",
    "counting_date": "referred_on",
    "period": "The period.",
    "source": "worker",
    "exclusions": "nobody.",
    "breakdowns": [],
    "version": "1",
}
"""What the card of a spec table holds where the table does not say."""

ROW_UNSAID: dict[str, dict[str, Any]] = {
    "persons": {
        "sex": "female",
        "service": "intervention-centre",
        "route": "police",
        "referred_on": "2014-01-01",
        "contact": "engaged",
    },
    "scales": {"score": None, "answered": 4, "items": 4},
    "answers": {"code": None},
    "incidents": {"role": "partner", "source": "partner", "form": "physical"},
    "followed": {"role": "partner", "source": "partner"},
    "attendance": {"session_on": "2014-03-01", "status": "attended", "minutes_planned": 120},
    "treatments": {"kind": "substance", "started_on": "2014-01-01", "outcome": "unknown"},
    "hearings": {"forum": "marac"},
    "contracts": {"currency": "GBP"},
    "costs": {"currency": "EUR", "price_year": 2014, "included": True},
}
"""What a row of a spec table holds where it does not say."""

AS_THE_CARD = {
    "scales": ("source", "scale"),
    "answers": ("source", "measure", "item", "wave"),
}
"""What a row of a spec table has from the card where it does not say."""

_HEAD = """# Indicators

What every figure means. A card says in words and in conditions what is counted; its kind says
what is worked out. Two engines compute every card: a slow and obvious one in Python
(`casewall/outcomes/reference.py`), which is read beside the card, and SQL in DuckDB
(`casewall/analytics`). Both must give the same, on these tables and on people made at random.

This page is made by `python -m casewall.outcomes.docs tests/spec/tables
docs/reference/indicators.md`; do not edit it.

For every figure: a value that is not known is never 0; a figure about nobody is a sentence and
no number; what the client says and what the partner says never share a figure; a percentage
has its numerator, its denominator and its 95% interval beside it, and how many are missing.
"""

_SPEC_HEAD = """## Kinds, with their spec tables

Each table gives a few rows and the figure that they must give. The period runs from 1 January
2013 to 30 April 2015 and the records end on 1 June 2015. What a row does not say:

{unsaid}
"""


def markdown(spec_tables: Path) -> str:
    """The whole page. ``spec_tables`` is the folder of the tables, a file for each kind."""
    lines = [_HEAD, _SPEC_HEAD.format(unsaid=_unsaid())]
    for name, kind in KINDS.items():
        lines.append(_kind(name, kind))
        path = spec_tables / f"{name}.toml"
        if path.is_file():
            written = tomllib.loads(path.read_text(encoding="utf-8"))
            lines += [_case(written["card"], case) for case in written["case"]]
    lines.append("## Packs\n")
    lines += [_pack(load_pack(name)) for name in pack_names()]
    return "\n".join(lines)


def _unsaid() -> str:
    said = [f"- {table}: {_keys(row)}" for table, row in ROW_UNSAID.items()]
    said += [f"- {table}: {', '.join(keys)} as in the card" for table, keys in AS_THE_CARD.items()]
    return "\n".join(said)


def _kind(name: str, kind: Kind) -> str:
    against = "" if kind.divided else " There is no denominator."
    own = f"\n\nKeys of its own: {_named(kind.needs)}." if kind.needs else ""
    may = f"\n\nKeys that it may have: {_named(kind.may)}." if kind.may else ""
    return f"### `{name}`\n\n{kind.means}{against}{own}{may}\n"


def _named(keys: tuple[str, ...]) -> str:
    return ", ".join(f"`{key}`" for key in keys)


def _case(card: Mapping[str, Any], case: Mapping[str, Any]) -> str:
    """One table: what it shows, the card, the rows, and the figure."""
    keys = {
        key: value for key, value in {**card, **case.get("card", {})}.items() if value is not False
    }
    lines = [f"**{_cell(case['says'])}**\n", f"- card: {_keys(keys)}"]
    for name, rows in case.items():
        if name == "heading":
            lines.append(f"- extract: {_keys(rows)}")
        elif isinstance(rows, list):
            lines += [f"- {name}: {_keys(row)}" for row in rows]
    lines.append(f"- **figure**: {_keys(case['figure'])}\n")
    return "\n".join(lines)


def _keys(row: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {_value(value)}" for key, value in row.items())


def _value(value: Any) -> str:
    match value:
        case dict():
            if set(value) == {"says"}:
                return f"“{value['says']}”"
            if set(value) == {"says", "where"}:
                return f"“{value['says']}” where {_keys(value['where'])}"
            return _keys(value)
        case list():
            return " or ".join(_value(one) for one in value) or "nothing"
        case date():
            return value.isoformat()
        case None:
            return "–"
    return f"`{value}`"


def _pack(pack: Pack) -> str:
    lines = [
        f"### {pack.title} (`{pack.name}`, version {pack.version})\n",
        "| Indicator | Counted | Of | How | Why |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *(_row(card) for card in pack.cards), ""])


def _row(card: Card) -> str:
    """One card in a row of a table: everything that it holds."""
    name = f"**{card.label}** (`{card.id}`, version {card.version})"
    counted = _part(card.numerator.says, card.numerator.where)
    if card.missing:
        counted += f" Missing: {_where(card.missing)}."
    of = _part(card.denominator.says, card.denominator.where) if card.denominator else "–"
    by = ", ".join(card.breakdowns) or "nothing"
    how = (
        f"`{card.kind}`{_own(card)}; source: {card.source}; unit: {card.unit}; by "
        f"{card.counting_date}. {card.period} Excluded: {card.exclusions} Broken down by: {by}."
    )
    why = card.why
    if card.printed:
        printed = card.printed
        said = printed.value if printed.value is not None else printed.count
        why += f" Printed: {said} ({printed.how})."
    return "| " + " | ".join(_cell(text) for text in (name, counted, of, how, why)) + " |"


def _own(card: Card) -> str:
    kind = KINDS[card.kind]
    keys = [key for key in (*kind.needs, *kind.may) if key != "missing"]
    said = [
        f"{key} {', '.join(value) if isinstance(value, tuple) else value}"
        for key in keys
        if (value := getattr(card, key)) not in (None, (), False)
    ]
    return f" ({'; '.join(said)})" if said else ""


def _part(says: str, where: Where) -> str:
    return f"{says} [{_where(where)}]" if where else says


def _where(where: Where) -> str:
    return "; ".join(f"{name}: {', '.join(values)}" for name, values in where)


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def main(arguments: list[str]) -> int:
    """Write the page. Two arguments: the folder of spec tables, and the page."""
    if len(arguments) != 2:
        sys.stderr.write("Name the folder of the spec tables, and the page to write.\n")
        return 2
    tables, page = map(Path, arguments)
    page.write_text(markdown(tables), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
