"""Published aggregates of other people, read from a file, to stand beside our own.

A comparator is n with a mean and a standard deviation, or n with a count, of one measure, with its
source and what kind of population it is. It is never without its n.
"""

import csv
import io
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from casewall.outcomes.statistics.attrition import BIASED
from casewall.outcomes.statistics.means import Group, MeanDifference, difference, group_of
from casewall.outcomes.statistics.results import NoFigure, numbers
from casewall.outcomes.statistics.two_by_two import Arm, TwoByTwo, compare
from casewall.outcomes.tables import Person

Population = Literal[
    "other_treatment", "shelter_residents", "police_cases", "waiting_list", "drop_outs"
]
POPULATIONS = get_args(Population)
KEYS = ("name", "measure", "population", "source", "n", "mean", "sd", "count")
"""The columns of a file of comparators; ``mean`` and ``sd``, or ``count``, stay empty."""

WARNINGS: dict[str, str] = {
    "other_treatment": "They came to another treatment, by another way and for other reasons.",
    "shelter_residents": (
        "People in a shelter are those for whom it was worst, or who had nowhere else; they are "
        "not the partners of clients."
    ),
    "police_cases": "Police records hold what was reported, of those whom the police came to.",
    "waiting_list": (
        "People who wait may differ from those who were taken first; say how the order was made."
    ),
    "drop_outs": BIASED,
}
DANISH = ("violence_months", "needs", "employed")
"""What the Danish evaluation compared: length of the violence, problems, and work."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparator:
    """One published aggregate. ``count`` of ``n``, or ``mean`` with ``sd`` of ``n``."""

    name: str
    measure: str
    population: Population
    source: str
    n: int
    mean: float | None = None
    sd: float | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Our people beside one comparator; ``compared`` is None where ``refused`` says why."""

    comparator: Comparator
    compared: MeanDifference | TwoByTwo | None
    refused: str | None


def read_json(text: str) -> tuple[Comparator, ...]:
    """Comparators from ``{"comparators": [{...}]}``.

    Raises NoFigure with the place and the reason for anything that cannot be used: no n first
    of all, but also no source, an unknown population, a key that is not one of ``KEYS``.
    """
    try:
        read = json.loads(text)
    except json.JSONDecodeError as trouble:
        raise NoFigure(f"The file is not JSON: line {trouble.lineno}, {trouble.msg}.") from trouble
    entries = read.get("comparators") if isinstance(read, dict) else None
    if not isinstance(entries, list) or not entries:
        raise NoFigure('The file holds no comparators: {"comparators": [ … ]} is expected.')
    found = []
    for place, entry in enumerate(entries, 1):
        if not isinstance(entry, dict):
            raise NoFigure(f"Comparator {place} is not an object with keys.")
        found.append(_comparator(entry, f"Comparator {place}"))
    return tuple(found)


def read_csv(text: str) -> tuple[Comparator, ...]:
    """Comparators from CSV with the columns ``KEYS``, in any order; raises as read_json does."""
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    lacking = [key for key in KEYS if key not in (rows.fieldnames or ())]
    if lacking:
        raise NoFigure(f"The first line lacks the columns: {', '.join(lacking)}.")
    found = []
    for row in rows:
        where = f"Line {rows.line_num}"
        if None in row or None in row.values():
            raise NoFigure(f"{where} has more or fewer cells than the first line.")
        typed: dict[str, object] = {key: cell.strip() for key, cell in row.items()}
        for key in ("n", "mean", "sd", "count"):
            typed[key] = _number(str(typed[key]), where, key)
        found.append(_comparator(typed, where))
    if not found:
        raise NoFigure("The file holds no comparators: it has a first line and nothing below.")
    return tuple(found)


def _number(cell: str, where: str, key: str) -> int | float | None:
    if not cell:
        return None
    try:
        return float(cell) if key in ("mean", "sd") else int(cell)
    except ValueError:
        wanted = "a number" if key in ("mean", "sd") else "a whole number"
        raise NoFigure(f"{where}: “{key}” is {cell!r}, not {wanted}.") from None


def _comparator(entry: Mapping[str, object], where: str) -> Comparator:
    strange = sorted(set(entry) - set(KEYS))
    if strange:
        raise NoFigure(f"{where}: “{strange[0]}” is not a key; known are {', '.join(KEYS)}.")
    texts = {}
    for key in ("name", "measure", "source", "population"):
        text = entry.get(key)
        if not isinstance(text, str) or not text.strip():
            raise NoFigure(f"{where} has no {key}.")
        texts[key] = text.strip()
    if texts["population"] not in POPULATIONS:
        raise NoFigure(f"{where}: the population “{texts['population']}” is not one of "
                       f"{', '.join(POPULATIONS)}.")
    n, count = (_whole(entry.get(key), where, key) for key in ("n", "count"))
    if not n:
        raise NoFigure(f"{where} (“{texts['name']}”) has no n. Without the number of people that "
                       "it is of, nothing can be compared with it.")
    mean, sd = (_real(entry.get(key), where, key) for key in ("mean", "sd"))
    scored = mean is not None and sd is not None
    if scored == (count is not None) or (mean is None) != (sd is None):
        raise NoFigure(f"{where} (“{texts['name']}”) needs a mean with its standard deviation, or "
                       "a count; and not both.")
    if count is not None and count > n:
        raise NoFigure(f"{where} (“{texts['name']}”): {count} of {n} cannot be.")
    if sd is not None and sd < 0:
        raise NoFigure(f"{where} (“{texts['name']}”): a standard deviation is not below 0.")
    population: Population = POPULATIONS[POPULATIONS.index(texts["population"])]
    return Comparator(name=texts["name"], measure=texts["measure"], source=texts["source"],
                      population=population, n=n, mean=mean, sd=sd, count=count)


def _whole(value: object, where: str, key: str) -> int | None:
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise NoFigure(f"{where}: “{key}” is {value!r}, not a whole number of 0 or more.")
    return value


def _real(value: object, where: str, key: str) -> float | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise NoFigure(f"{where}: “{key}” is {value!r}, not a number.")
    return numbers([value], f"{where}, “{key}”")[0]


def beside_scores(
    scores: Sequence[float | None], comparator: Comparator, *, ours: str = "ours"
) -> MeanDifference:
    """Our scores less the comparator's mean (Welch), with the warning of its population.

    Raises NoFigure where the comparator is a count, or has or meets no spread.
    """
    theirs = Group(comparator.name, comparator.n, comparator.mean, comparator.sd)
    return difference(group_of(ours, scores), theirs, warnings=_warnings(comparator))


def beside_shares(
    facts: Sequence[bool | None], comparator: Comparator, *, ours: str = "ours"
) -> TwoByTwo:
    """Our share against the comparator's, as a two-by-two table, with its warning.

    Raises NoFigure where the comparator has no count, or nobody of ours is known.
    """
    if comparator.count is None:
        raise NoFigure(f"“{comparator.name}” is a mean; a share is compared with a count.")
    known = [one for one in facts if one is not None]
    found = compare(Arm(ours, sum(map(bool, known)), len(known), len(facts)),
                    Arm(comparator.name, comparator.count, comparator.n))
    return replace(found, warnings=(*_warnings(comparator), *found.warnings))


def _warnings(comparator: Comparator) -> tuple[str, ...]:
    return (WARNINGS[comparator.population],
            f"{comparator.name}: n = {comparator.n}; {comparator.source}.")


def beside(
    own: Mapping[str, Sequence[float | bool | None]],
    comparators: Sequence[Comparator],
    *,
    ours: str = "ours",
) -> tuple[Beside, ...]:
    """Our people beside every comparator, by the name of its measure.

    What cannot be compared is listed with the reason, never dropped.
    """
    return tuple(_beside(own, one, ours) for one in comparators)


def _beside(
    own: Mapping[str, Sequence[float | bool | None]], comparator: Comparator, ours: str
) -> Beside:
    values = own.get(comparator.measure)
    if values is None:
        return Beside(comparator=comparator, compared=None,
                      refused=f"We do not record “{comparator.measure}”.")
    compared: MeanDifference | TwoByTwo
    try:
        if comparator.count is None:
            compared = beside_scores([None if one is None else float(one) for one in values],
                                     comparator, ours=ours)
        else:
            compared = beside_shares([None if one is None else bool(one) for one in values],
                                     comparator, ours=ours)
    except NoFigure as refused:
        return Beside(comparator=comparator, compared=None, refused=str(refused))
    return Beside(comparator=comparator, compared=compared, refused=None)


def danish_comparison(
    persons: Sequence[Person],
    comparators: Sequence[Comparator],
    *,
    employed: Collection[str],
    ours: str = "ours",
) -> tuple[Beside, ...]:
    """Length of violence (``violence_months``), number of problems (``needs``) and work
    (``employed``) of our people, beside comparators of these three measures.

    ``persons`` are of one role and, where the paper did so, one sex: the caller chooses. Each
    key counts once, by its latest referral. ``employed`` are the codes that mean being in work;
    a person without a code is missing, not out of work. ``need.<code>`` names one problem.
    """
    latest: dict[str, Person] = {}
    for one in sorted(persons, key=lambda person: person.referred_on):
        latest[one.key] = one
    people = list(latest.values())
    needs = [None if one.needs is None else [code for code in one.needs.split(",") if code]
             for one in people]
    own: dict[str, list[float | bool | None]] = {
        "violence_months": [one.violence_months for one in people],
        "needs": [None if one is None else len(one) for one in needs],
        "employed": [None if one.employment in (None, "unknown") else one.employment in employed
                     for one in people],
    }
    for measure in {comparator.measure for comparator in comparators}:
        prefix, _, code = measure.partition(".")
        if prefix == "need" and code:
            own[measure] = [None if listed is None else code in listed for listed in needs]
    return beside(own, comparators, ours=ours)
