"""Flow diagrams in a release: the same people as its figures, so they pass the same audit.

A flow shows who came how far; beside the figures, or beside last quarter's flow, its boxes may
tell of a few people, or let a hidden count be worked out. Figures come first: a flow joins a
release as a whole where neither follows, and is left out as a whole otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from casewall.outcomes.extract import Extract
from casewall.outcomes.flow import Box, Count, Flow, boxes, client_flow, partner_flow, released
from casewall.outcomes.releases import Counted, Members, Release, isolates, told_by

LEFT_OUT = (
    "{title}: left out, since beside the figures or an earlier release it would tell of fewer "
    "than ten people."
)


@dataclass(frozen=True, slots=True)
class Row:
    """A box as the audit sees a figure."""

    id: str
    numerator: Count
    denominator: None = None
    missing: None = None


@dataclass(frozen=True, slots=True)
class Joined:
    """The flows that a release may hold, the numbers in them with whose they are, and a sentence
    for each that is left out."""

    flows: tuple[Flow, ...]
    rows: tuple[Row, ...]
    members: Members
    left_out: tuple[str, ...]


def join_flows(
    extract: Extract,
    figures: Sequence[Counted],
    members: Members,
    earlier: Sequence[Release],
) -> Joined:
    """The flow of clients and that of partners, as far as they may leave with these figures.

    ``figures`` are those that do leave; the rule is that of `releases.audit`.
    """
    flows: list[Flow] = []
    left_out: list[str] = []
    rows: list[Row] = []
    beside: dict[str, dict[str, frozenset[str]]] = {}
    for exact in (client_flow(extract), partner_flow(extract)):
        flow = released(exact)
        own = boxes(flow, extract)
        more = {_id(one): _members(one) for one in own}
        new = [Row(_id(one), one.count) for one in own]
        everybody: Members = {**members, **beside, **more}
        tells = any(isolates(one.id, everybody, earlier) for one in new) or told_by(
            [*figures, *rows, *new], everybody, earlier, {}
        )
        if tells:
            left_out.append(LEFT_OUT.format(title=flow.title))
            continue
        flows.append(flow)
        rows += new
        beside.update(more)
    return Joined(tuple(flows), tuple(rows), beside, tuple(left_out))


def _id(box: Box) -> str:
    return f"flow of {box.name}"


def _members(box: Box) -> dict[str, frozenset[str]]:
    return {"numerator": box.who, "denominator": frozenset(), "missing": frozenset()}
