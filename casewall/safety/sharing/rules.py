"""Rules of what leaves this side: shares, messages and reports. Pure.

Sources: field guide, sections 3.4 (a release names recipient, purpose, scope and expiry), 3.6, 3.15
(a second person's check that no address and nothing told in confidence stands in a report) and
3.17; requirements 45, 50, 52, 54 and 96. The number of days, and what may be shared although
an agreement has run out, are defaults of ours: whoever runs a service asks its own lawyers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from casewall.wall.decide import Decision


class AgencyKind(StrEnum):
    """What kind of agency it is."""

    POLICE = "police"
    CHILDREN = "children"
    SOCIAL_CARE = "social_care"
    COURT = "court"
    PROBATION = "probation"
    HEALTH = "health"
    HOUSING = "housing"
    SCHOOL = "school"
    SUBSTANCE = "substance"
    LEGAL = "legal"
    SUPPORT = "support"
    FUNDER = "funder"
    OTHER = "other"


class ShareFor(StrEnum):
    """For what purpose something is shared: a closed list."""

    SAFETY = "safety"
    SAFEGUARDING = "safeguarding"
    SUPPORT = "support"
    HOUSING = "housing"
    HEALTH = "health"
    PROCEEDINGS = "proceedings"
    CONFERENCE = "conference"
    CRIME = "crime"


class Basis(StrEnum):
    """On what lawful basis something is shared: a closed list."""

    CONSENT = "consent"
    VITAL_INTERESTS = "vital_interests"
    LEGAL_OBLIGATION = "legal_obligation"
    PUBLIC_TASK = "public_task"
    SAFEGUARDING = "safeguarding"
    COURT_ORDER = "court_order"


class Condition(StrEnum):
    """The further condition that United Kingdom law asks for, where it holds (Schedule 1)."""

    SAFEGUARDING = "safeguarding"
    COUNSELLING = "counselling"
    UNLAWFUL_ACTS = "unlawful_acts"
    STATUTORY = "statutory"
    JUSTICE = "justice"
    VITAL_INTERESTS = "vital_interests"
    LEGAL_CLAIMS = "legal_claims"
    CONSENT = "consent"


class Route(StrEnum):
    """How a worker sent a message to an agency. Casewall sends none."""

    POST = "post"
    EMAIL = "email"
    PORTAL = "portal"
    PHONE = "phone"
    BY_HAND = "by_hand"


class Standing(StrEnum):
    """How an agency stands with regard to agreements on a day."""

    HOLDS = "holds"
    NOT_YET = "not_yet"
    ENDED = "ended"
    NONE = "none"


class Exported(StrEnum):
    """What left this side: the kinds of the ledger."""

    REPORT = "report"
    CASE_STUDY = "case_study"
    RELEASE = "release"


WARN_DAYS = 60
"""So many days before an agreement ends its renewal stands on the manager's day."""
LONGEST_SHARE_DAYS = 366
DEFAULT_SHARE_DAYS = 90
ANSWER_DAYS = 7
"""A message that nobody at the agency has acknowledged after so many days is asked about."""
ABOVE_AGREEMENTS = frozenset(
    {Basis.VITAL_INTERESTS, Basis.SAFEGUARDING, Basis.LEGAL_OBLIGATION, Basis.COURT_ORDER}
)
"""A life, a child, a law or a court is never kept waiting by a paper that has run out."""


@dataclass(frozen=True, slots=True)
class Term:
    """The days on which an agreement with an agency holds; the last day counts."""

    first_on: date
    last_on: date


def standing_on(terms: Iterable[Term], day: date) -> Standing:
    """How an agency stands on a day: one agreement that holds is enough."""
    rows = list(terms)
    if not rows:
        return Standing.NONE
    if any(one.first_on <= day <= one.last_on for one in rows):
        return Standing.HOLDS
    if any(one.last_on < day for one in rows):
        return Standing.ENDED
    return Standing.NOT_YET


def is_running_out(last_on: date, today: date) -> bool:
    """Whether an agreement ends within the days of warning, or has ended."""
    return last_on <= today + timedelta(days=WARN_DAYS)


def may_agree(term: Term, what: str, today: date) -> Decision:
    """Whether an agreement can be written down."""
    if not what.strip():
        return Decision(False, "Write what the agreement lets be shared.")
    if term.last_on < term.first_on:
        return Decision(False, "The agreement ends before it begins.")
    if term.last_on < today:
        return Decision(False, "This agreement has ended already.")
    return Decision(True, "The agreement can be kept.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """A share as somebody means to make it."""

    basis: Basis
    consented: bool
    without_because: str
    recipient: str
    what: str
    has_document: bool
    shared_on: date
    expires_on: date
    standing: Standing
    agency: str


def may_share(plan: Planned, today: date) -> Decision:
    """Whether a share can be made, with the sentence that the worker reads."""
    for wrong in (_lacks(plan), _days_wrong(plan, today), _ground_lacks(plan)):
        if wrong:
            return Decision(False, wrong)
    return Decision(True, "It can be shared.")


def _lacks(plan: Planned) -> str:
    if not plan.recipient.strip():
        return "Name the person or the office that receives it."
    if not plan.what.strip() and not plan.has_document:
        return "Write what is shared, in words, or choose a report."
    return ""


def _days_wrong(plan: Planned, today: date) -> str:
    if plan.shared_on > today:
        return f"{plan.shared_on:%-d %B %Y} has not come yet."
    if plan.expires_on < plan.shared_on:
        return "The share would have run out before it was made."
    if plan.expires_on > plan.shared_on + timedelta(days=LONGEST_SHARE_DAYS):
        return "A share runs out after a year at the latest; make it anew then."
    return ""


def _ground_lacks(plan: Planned) -> str:
    if plan.basis is Basis.CONSENT and not plan.consented:
        return "The basis is consent, and there is none. Choose the basis on which it is shared."
    if not plan.consented and not plan.without_because.strip():
        return "Write why it is shared without consent."
    if plan.standing is Standing.HOLDS or plan.basis in ABOVE_AGREEMENTS:
        return ""
    if plan.standing is Standing.ENDED:
        return (
            f"The agreement with {plan.agency} has ended, so nothing is shared on this basis. "
            "Renew it first. Where a life or a child is in danger, a law obliges you or a court "
            "ordered it, choose that basis."
        )
    if plan.standing is Standing.NOT_YET:
        return f"The agreement with {plan.agency} has not begun yet."
    if plan.basis is Basis.PUBLIC_TASK:
        return f"There is no agreement with {plan.agency} that a public task could rest on."
    return ""


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody whom the service works with, as a recipient is compared with: keys, no names."""

    who: str
    name: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()


def not_to_a_party(name: frozenset[str], routes: frozenset[str], parties: Iterable[Party]
                   ) -> Decision:  # fmt: skip
    """Whether a recipient is nobody whom the service works with, by name or by phone and e-mail.

    Nothing goes to a client from this side, and what goes to a partner goes by the safe way.
    A name counts where the whole name of the party stands in it.
    """
    for party in parties:
        if routes & party.routes:
            return Decision(
                False, f"This phone number or e-mail address is that of {party.who}. Use the "
                "agency's own."
            )  # fmt: skip
        whole = len(party.name) > 1 and party.name <= name
        if whole or (party.name and party.name == name):
            return Decision(
                False, f"This is the name of {party.who}. A share goes to an agency; name the "
                "office instead."
            )  # fmt: skip
    return Decision(True, "It goes to an agency.")


def may_recall(recalled_on: date | None, reason: str) -> Decision:
    """Whether something that went out can be recalled now."""
    if recalled_on is not None:
        return Decision(False, f"It was recalled on {recalled_on:%-d %B %Y} already.")
    if not reason.strip():
        return Decision(False, "Write why it is recalled: the recipient will ask.")
    return Decision(True, "It can be recalled.")


# --- reports of this side -----------------------------------------------------------------------


class ReportFor(StrEnum):
    """For whom a report of this side is."""

    COURT = "court"
    SOCIAL_WORKER = "social_worker"
    POLICE = "police"
    HOUSING = "housing"
    LAWYER = "lawyer"
    HEALTH = "health"


class Section(StrEnum):
    """The allow-list of what a report may hold. No contact detail, address, school or place."""

    SUPPORT = "support"
    AUTHORITIES = "authorities"
    TOLD = "told"
    ORDERS = "orders"
    CHILDREN = "children"
    VULNERABILITY = "vulnerability"
    CHILD_WORK = "child_work"
    CHILD_PLAN = "child_plan"
    REFERRALS = "referrals"
    ASSESSMENT = "assessment"
    RECOMMENDATIONS = "recommendations"
    LIMITS = "limits"


OF_PARTNER = (
    Section.SUPPORT, Section.AUTHORITIES, Section.TOLD, Section.ORDERS, Section.CHILDREN,
    Section.VULNERABILITY, Section.ASSESSMENT, Section.RECOMMENDATIONS, Section.LIMITS,
)  # fmt: skip
OF_CHILD = (
    Section.CHILD_WORK, Section.CHILD_PLAN, Section.REFERRALS, Section.ASSESSMENT,
    Section.RECOMMENDATIONS, Section.LIMITS,
)  # fmt: skip
WORDS_ONLY = frozenset(
    {Section.VULNERABILITY, Section.ASSESSMENT, Section.RECOMMENDATIONS, Section.LIMITS}
)
"""Sections without facts of the records: what the worker writes is all that they hold."""


class Asked(StrEnum):
    """What the second person is asked about each section: the client will receive this."""

    LIVES = "lives"
    CONFIDENCE = "confidence"
    ANSWERED = "answered"


class ReportState(StrEnum):
    """How far a report has come. Only a checked one can be released."""

    DRAFT = "draft"
    CHECKED = "checked"
    RELEASED = "released"
    WITHDRAWN = "withdrawn"


FOLLOWS: dict[ReportState, tuple[ReportState, ...]] = {
    ReportState.DRAFT: (ReportState.CHECKED, ReportState.WITHDRAWN),
    ReportState.CHECKED: (ReportState.DRAFT, ReportState.RELEASED, ReportState.WITHDRAWN),
    ReportState.RELEASED: (ReportState.WITHDRAWN,),
    ReportState.WITHDRAWN: (),
}
"""Allowed changes. A released report never changes: a new version takes its place."""


def may_become(now: ReportState, to: ReportState) -> Decision:
    """Whether a report may go from one state to another."""
    if to in FOLLOWS[now]:
        return Decision(True, f"A report that is {now} may become {to}.")
    if now is ReportState.RELEASED:
        return Decision(
            False, "This report has been released and cannot be changed. Recall it, or write a "
            "new version."
        )  # fmt: skip
    if now is ReportState.WITHDRAWN:
        return Decision(False, "This report has been withdrawn. Write a new version.")
    if to is ReportState.RELEASED:
        return Decision(False, "Somebody else must check this report before it is released.")
    return Decision(False, f"A report that is {now} cannot become {to}.")


def may_write(sections: Sequence[Section], allowed: Sequence[Section], words: Mapping[Section, str]
              ) -> Decision:  # fmt: skip
    """Whether a report can be kept with these sections."""
    if not sections:
        return Decision(False, "Choose at least one section.")
    outside = [one for one in sections if one not in allowed]
    if outside:
        return Decision(False, f"A report of this kind cannot hold the section “{outside[0]}”.")
    empty = [one for one in sections if one in WORDS_ONLY and not words.get(one, "").strip()]
    if empty:
        name = empty[0].replace("_", " ")
        return Decision(False, f"The section “{name}” is chosen and has no words yet.")
    return Decision(True, "It can be kept.")


Answers = Mapping[Section, Mapping[Asked, bool | None]]
"""For each section the second person's answers; None where a question was not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a second person found. `accepted` holds, for a section, why it may stand all the same;
    `overlaps` are words that also stand in what was told in confidence, `overlaps_seen` that the
    person has read them and lets them pass."""

    is_writer: bool
    sections: Sequence[Section]
    answers: Answers
    accepted: Mapping[Section, str]
    consented: bool
    basis: Basis
    overlaps: Sequence[str] = ()
    overlaps_seen: bool = False


def may_pass(check: Check) -> Decision:
    """Whether a report passes the check “he will receive this”.

    Where somebody lives never passes. What was told in confidence, or tells that somebody
    answered, passes with consent or by order of a court, and with a word on why.
    """
    if check.is_writer:
        return Decision(False, "You wrote this report, so somebody else must check it.")
    for section in check.sections:
        found = check.answers.get(section, {})
        name = section.replace("_", " ")
        if any(found.get(asked) is None for asked in Asked):
            return Decision(False, f"Answer all three questions about the section “{name}”.")
        if found[Asked.LIVES]:
            return Decision(
                False, f"The section “{name}” tells where somebody lives or can be found. Return "
                "the report; that never goes out."
            )  # fmt: skip
        if found[Asked.CONFIDENCE] or found[Asked.ANSWERED]:
            wrong = _may_stand(check, section, name)
            if wrong:
                return Decision(False, wrong)
    if check.overlaps and not check.overlaps_seen:
        return Decision(
            False, "Words of this report also stand in what was told in confidence. Read them, "
            "and say that they may stand, or return the report."
        )  # fmt: skip
    return Decision(True, "Checked by a second person.")


def _may_stand(check: Check, section: Section, name: str) -> str:
    if not check.consented and check.basis is not Basis.COURT_ORDER:
        return (
            f"The section “{name}” holds something told in confidence, or tells that somebody "
            "answered. Without consent or an order of a court it cannot go out: return the report."
        )
    if not check.accepted.get(section, "").strip():
        return f"Write why what you found in the section “{name}” may stand."
    return ""
