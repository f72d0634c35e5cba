"""An assessment of how vulnerable a partner is: on what basis, what it says, who signs it. Pure.

Source: field guide, sections 3.6 and 3.15. The sections and
which of them are needed are defaults of ours.
"""

from __future__ import annotations

from enum import StrEnum

from casewall.wall.decide import Decision


class AskedBy(StrEnum):
    """Who asks for an assessment of how vulnerable a partner is."""

    COURT = "court"
    SOCIAL_WORKER = "social_worker"
    OTHER = "other"


class Basis(StrEnum):
    """On what legal basis it is written."""

    CONSENT = "consent"
    COURT_ORDER = "court_order"
    CHILD_PROTECTION = "child_protection"
    LEGAL_DUTY = "legal_duty"


class Standing(StrEnum):
    """Where an assessment stands."""

    DRAFT = "draft"
    WAITING = "waiting"
    SIGNED = "signed"
    SUPERSEDED = "superseded"


class Section(StrEnum):
    """What an assessment of vulnerability says, in this order."""

    SITUATION = "situation"
    VIOLENCE = "violence"
    EFFECTS = "effects"
    CHILDREN = "children"
    STRENGTHS = "strengths"
    NEEDS = "needs"
    ADVICE = "advice"
    LIMITS = "limits"


SECTIONS: dict[Section, tuple[str, str]] = {
    Section.SITUATION: ("Situation now", "With whom the partner lives; never an address."),
    Section.VIOLENCE: ("Violence suffered", "Kinds, how long, how grave, and who says so."),
    Section.EFFECTS: ("Effects on the partner", "Health, fear, daily life, parenting."),
    Section.CHILDREN: ("The children", "What they saw and suffered, and what they need."),
    Section.STRENGTHS: ("Strengths and protection", "What the partner does to stay safe."),
    Section.NEEDS: ("Needs", "Support, special measures in court, interpreting."),
    Section.ADVICE: ("What we advise", "What the court or the social worker can do."),
    Section.LIMITS: ("Limits", "What we do not know, and which source is missing."),
}

NEEDED_SECTIONS = (Section.SITUATION, Section.VIOLENCE, Section.ADVICE, Section.LIMITS)


def may_be_written(basis: Basis, consented: bool, reason: str, law_says: str) -> Decision:
    """Whether an assessment can be begun: on the partner's consent, or on a law and a reason."""
    if consented:
        return Decision(True, "The partner consents.")
    if basis is Basis.CONSENT:
        return Decision(False, "Its basis is consent, which the partner has not given.")
    if not reason.strip():
        return Decision(
            False, "The partner does not consent: write why it is made without consent."
        )
    if not law_says.strip():
        return Decision(False, "Write which law or order obliges or allows us to write it.")
    return Decision(True, "There is another legal basis, with its reason.")


def may_hand_in(sections: dict[str, str]) -> Decision:
    """Whether a draft can be put to a second person."""
    empty = [SECTIONS[s][0] for s in NEEDED_SECTIONS if not sections.get(s.value, "").strip()]
    if empty:
        return Decision(False, f"Not written yet: {'; '.join(empty)}.")
    return Decision(True, "It is whole.")


def may_sign(standing: Standing, author: object, signer: object) -> Decision:
    """Whether this worker may sign an assessment, or give it back."""
    if standing is not Standing.WAITING:
        return Decision(False, "It does not wait for a second person.")
    if author == signer:
        return Decision(False, "Whoever wrote it does not sign it: a second person reads it first.")
    return Decision(True, "You did not write it.")
