"""What a report of this side says: its sections from the allow-list, frozen as JSON.

There is no field for an address, a phone number, a school, a court's town or the conditions of an
order: what is not a field here cannot stand in a report but by what somebody writes in words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

from casewall.programme.reports.rules import clean
from casewall.programme.reports.word import Block, Told
from casewall.safety.sharing.rules import Section

HEADINGS: dict[Section, str] = {
    Section.SUPPORT: "Support by this service",
    Section.AUTHORITIES: "Incidents known from the police and other authorities",
    Section.TOLD: "Incidents as told to this service",
    Section.ORDERS: "Orders and proceedings",
    Section.CHILDREN: "Children",
    Section.VULNERABILITY: "Assessment of vulnerability",
    Section.CHILD_WORK: "Work with the child",
    Section.CHILD_PLAN: "Plans of the authorities for the child",
    Section.REFERRALS: "Safeguarding referrals",
    Section.ASSESSMENT: "Assessment",
    Section.RECOMMENDATIONS: "Recommendations",
    Section.LIMITS: "Limits of this report",
}
ALWAYS = (
    "This report was written for the recipient named above and for the purpose named above. It may "
    "be read by everybody who takes part in the proceedings.",
    "That nothing is written about a matter does not mean that it did not happen.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportPart:
    """One section: facts of the records as a table, and what the worker wrote."""

    key: Section
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: str = ""

    @property
    def heading(self) -> str:
        """The heading of the section."""
        return HEADINGS[self.key]

    def text(self) -> str:
        """All of it as plain text."""
        lines = [" | ".join(row) for row in (self.columns, *self.rows) if row]
        return "\n".join([self.heading, *lines, self.words]).strip()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportContent:
    """Everything that a report says. `named` is how the person is called in it."""

    title: str
    named: str
    agency: str
    recipient: str
    purpose: str
    basis: str
    written_by: str
    day: str
    parts: tuple[ReportPart, ...] = ()

    def told(self) -> Told:
        """The report as blocks, as the PDF and the Word file are made of."""
        facts = (("For", self.recipient), ("About", self.named), ("Purpose", self.purpose),
                 ("Legal basis", self.basis), ("Date", self.day),
                 ("Written by", self.written_by))  # fmt: skip
        blocks = [Block("heading", self.title, level=1)]
        blocks += [Block("paragraph", f"{label}: {said}") for label, said in facts if said]
        for part in self.parts:
            blocks.append(Block("heading", part.heading, level=2))
            if part.rows:
                blocks.append(Block("table", rows=(part.columns, *part.rows)))
            blocks += [Block("paragraph", one) for one in part.words.split("\n\n") if one.strip()]
        blocks.append(Block("heading", "How to read this report", level=2))
        blocks += [Block("item", one) for one in ALWAYS]
        return Told((self.agency,), tuple(blocks), (f"{self.agency} · {self.day}",))

    def frozen(self) -> str:
        """The content as JSON, to be kept with the report."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    def words(self) -> str:
        """What somebody wrote, without the facts of the records."""
        return "\n".join(part.words for part in self.parts)


def thawed(text: str) -> ReportContent:
    """What `ReportContent.frozen` wrote. Raises `ValueError` where it holds anything else."""
    given = json.loads(text)
    parts = tuple(_part(one) for one in given.pop("parts", ()))
    _only(given, ReportContent)
    return ReportContent(parts=parts, **{key: clean(value) for key, value in given.items()})


def _part(given: Mapping[str, Any]) -> ReportPart:
    _only(given, ReportPart)
    return ReportPart(
        key=Section(given["key"]),
        columns=tuple(given["columns"]),
        rows=tuple(tuple(clean(cell) for cell in row) for row in given["rows"]),
        words=clean(given["words"]),
    )


def _only(given: Mapping[str, Any], of: type) -> None:
    outside = sorted(set(given) - {field.name for field in fields(of)})
    if outside:
        raise ValueError(f"A report may not hold “{outside[0]}”.")
