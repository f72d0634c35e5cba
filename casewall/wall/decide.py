"""May this cross? A pure question, answered from the table with a reason a worker can read."""

from __future__ import annotations

from dataclasses import dataclass

from casewall.wall.flows import Ground, flow_named
from casewall.wall.sides import Place

CHANGED = (
    "Somebody else changed this while you had it open. What you typed is below and nothing was "
    "overwritten: look at both before you save."
)


@dataclass(frozen=True, slots=True)
class Decision:
    """An answer with its reason. The reason is shown to the worker and kept in the audit."""

    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


class Refused(Exception):
    """An act that the rules do not allow; `str()` is a sentence for the person who tried."""


class StaleEdit(Refused):
    """Somebody else changed the record meanwhile; nothing was overwritten."""

    def __init__(self, sentence: str = CHANGED):
        super().__init__(sentence)


def demand(decision: Decision) -> None:
    """Raise `Refused` with the reason where the answer is no."""
    if not decision:
        raise Refused(decision.reason)


def may_cross(kind: str, source: Place, target: Place, ground: Ground) -> Decision:
    """Whether information of this kind may go from `source` to `target` on this ground."""
    flow = flow_named(kind)
    if flow is None:
        return Decision(False, f"“{kind}” is not in the table of flows, so it does not cross.")
    if (flow.source, flow.target) != (source, target):
        return Decision(
            False,
            f"“{kind}” flows from {flow.source} to {flow.target}, never from {source} to {target}.",
        )
    if flow.ground is not ground:
        return Decision(False, f"“{kind}” crosses on the ground {flow.ground}, not on {ground}.")
    return Decision(True, f"{flow.what}: {flow.ground}.")
