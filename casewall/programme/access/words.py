"""The codes of this app in words."""

from __future__ import annotations

from casewall.programme.access.rules import Pattern, Verdict, Why

WHY = {
    Why.RELATIVE: "A relative",
    Why.PARTNER: "A current or former partner",
    Why.FRIEND: "A friend, a neighbour or an acquaintance",
    Why.COLLEAGUE: "Works, or has worked, for the same employer",
    Why.PARTY: "The worker is a party in the matter",
    Why.OTHER: "Another reason",
}
VERDICT = {Verdict.JUSTIFIED: "Justified", Verdict.NOT_JUSTIFIED: "Not justified"}
PATTERN = {
    Pattern.MANY: "many views",
    Pattern.NOT_OWN: "not own work, and nothing done",
    Pattern.CLOSED: "closed for long",
}
