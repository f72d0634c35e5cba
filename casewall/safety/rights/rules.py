"""The review of a request: three questions, two reviewers, one fixed day. And what breaches need.

Sources: the regulator's three steps (can it be told without identifying another; did that person
consent; is it reasonable anyway), as the field guide, section 3.17, gives them; GDPR, articles 12,
15.4, 33 and 34.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from casewall.programme.rights.flags import Persons, Sign, Written, signs_of
from casewall.wall.decide import Decision


class Person(StrEnum):
    """Whose record is asked about."""

    CLIENT = "client"
    PARTNER = "partner"
    CHILD = "child"
    WORKER = "worker"


class Origin(StrEnum):
    """Which file a record of the review comes from."""

    PROGRAMME = "programme"
    OWN = "own"
    PARTNER_FILE = "partner_file"
    BY_HAND = "by_hand"


class Answer(StrEnum):
    """An answer to one of the three questions."""

    YES = "yes"
    NO = "no"
    NOBODY = "nobody"


class Verdict(StrEnum):
    """What a reviewer decides about one record."""

    INCLUDE = "include"
    EXTRACT = "extract"
    WITHHOLD = "withhold"


class Ground(StrEnum):
    """Why a record is withheld."""

    THIRD_PARTY = "third_party"
    PARTNER_ORIGIN = "partner_origin"
    SERIOUS_HARM = "serious_harm"
    CHILD = "child"
    PROCEEDINGS = "proceedings"
    LEGAL_ADVICE = "legal_advice"
    NOT_ABOUT = "not_about"


class State(StrEnum):
    """Where the review of a request stands."""

    OPEN = "open"
    REPLIED = "replied"
    DECIDED = "decided"
    WITHDRAWN = "withdrawn"


class Route(StrEnum):
    """How a reply leaves."""

    IN_PERSON = "in_person"
    LETTER = "letter"
    EMAIL = "email"


PERSON_WORDS = {
    Person.CLIENT: "A client",
    Person.PARTNER: "A partner",
    Person.CHILD: "A child, through somebody who speaks for the child",
    Person.WORKER: "A worker",
}
ORIGIN_WORDS = {
    Origin.PROGRAMME: "The programme's file of the client",
    Origin.OWN: "The person's own file",
    Origin.PARTNER_FILE: "A partner's file",
    Origin.BY_HAND: "Written down by the reviewer",
}
ANSWER_WORDS = {Answer.YES: "Yes", Answer.NO: "No", Answer.NOBODY: "Nobody else is in it"}
VERDICT_WORDS = {
    Verdict.INCLUDE: "Include it whole",
    Verdict.EXTRACT: "Include an extract",
    Verdict.WITHHOLD: "Withhold it",
}
GROUND_WORDS = {
    Ground.THIRD_PARTY: "It tells of somebody else, who did not consent",
    Ground.PARTNER_ORIGIN: "It comes from a partner or from the safety side",
    Ground.SERIOUS_HARM: "Telling it is likely to do serious harm to somebody",
    Ground.CHILD: "It tells of a child, whose interest it is against",
    Ground.PROCEEDINGS: "It would harm an investigation or court proceedings",
    Ground.LEGAL_ADVICE: "It is legal advice",
    Ground.NOT_ABOUT: "It is not about the person who asks",
}
ROUTE_WORDS = {
    Route.IN_PERSON: "Handed over in person",
    Route.LETTER: "By letter",
    Route.EMAIL: "By e-mail",
}


@dataclass(frozen=True, slots=True)
class Review:
    """What one reviewer said of one record, with the signs that the record had then."""

    worker: UUID
    verdict: Verdict
    extract: str = ""
    signs: tuple[Sign, ...] = ()


@dataclass(frozen=True, slots=True)
class Questions:
    """The three answers: told without identifying another; consented; reasonable anyway."""

    without: Answer
    consented: Answer
    reasonable: Answer


def is_partner_origin(origin: Origin, signs: Iterable[Sign]) -> bool:
    """Whether a record comes from a partner or from this side."""
    return origin is Origin.PARTNER_FILE or Sign.PARTNER_ORIGIN in set(signs)


def proposed(origin: Origin, signs: Sequence[Sign]) -> Verdict:
    """What the page proposes: a record with a sign is withheld unless two people say otherwise."""
    if is_partner_origin(origin, signs) or signs:
        return Verdict.WITHHOLD
    return Verdict.INCLUDE


def review_fits(
    origin: Origin,
    signs: Sequence[Sign],
    questions: Questions,
    verdict: Verdict,
    *,
    ground: Ground | None,
    reason: str,
) -> Decision:
    """Whether a reviewer's answers carry the decision."""
    if verdict is Verdict.WITHHOLD:
        if ground is None:
            return Decision(False, "Say on which ground the record is withheld.")
        return Decision(True, "It is withheld.")
    if is_partner_origin(origin, signs):
        if questions.consented is not Answer.YES:
            return Decision(
                False,
                "What comes from a partner or from the safety side is told only with that "
                "person's consent. Withhold it, or ask first.",
            )
    elif signs and Answer.YES not in (
        questions.without, questions.consented, questions.reasonable
    ) and questions.without is not Answer.NOBODY:  # fmt: skip
        return Decision(
            False,
            "By your answers it identifies somebody else who did not consent, and telling it is "
            "not reasonable. Withhold it, or include an extract.",
        )
    if signs and not reason.strip():
        return Decision(False, "Say why a record with signs of somebody else is told.")
    return Decision(True, "It is told.")


_WORD = re.compile(r"[^\W_]+(?:['’]\w+)?")
_JOINING_WORDS = """
a about after again all also an and are as at be because been before but by can did do
does for from had has have if in is it its not of on or our so that the their there they
this to us was we were what when which who with you your af alle begge blev da de dem
den der det dig din dit dine du efter eller en er et fordi fra få har havde hvad hvis
hvor i ikke kan med men mod når og om os over på sig som så til ud var ved vi vil være
"""
JOINING = frozenset(_JOINING_WORDS.split())
"""Small words that an extract may add."""


def extract_fits(record: str, extract: str, persons: Persons) -> Decision:
    """Whether an extract is built up from words of the record, and shows no sign of another person.

    Words are added one by one to an empty page: nothing is blacked out.
    """
    if not extract.strip():
        return Decision(False, "Write the extract.")
    allowed = {word.lower() for word in _WORD.findall(record)} | JOINING
    added = [word for word in _WORD.findall(extract) if word.lower() not in allowed]
    if added:
        few = ", ".join(dict.fromkeys(added[:5]))
        return Decision(False, f"The extract has words that are not in the record: {few}.")
    left = signs_of(Written("worker", (extract,)), persons)
    if left:
        return Decision(
            False,
            "The extract still shows a sign of somebody else: "
            + ", ".join(sign.value.replace("_", " ") for sign in left)
            + ". Leave those words out.",
        )
    return Decision(True, "The extract is built up from the record.")


def settled(signs: Sequence[Sign], reviews: Iterable[Review]) -> Review | None:
    """What two people decided alike about a record, or None.

    `reviews` are in the order in which they were made; the last one of each person counts. One that
    includes the record counts only for the signs that the reviewer saw: a sign that was found later
    asks both anew.
    """
    last: dict[UUID, Review] = {}
    for one in reviews:
        last[one.worker] = one
    counting = [
        one
        for one in last.values()
        if one.verdict is Verdict.WITHHOLD or tuple(one.signs) == tuple(signs)
    ]
    if len(counting) < 2 or len(counting) != len(last):
        return None
    if len({(one.verdict, one.extract) for one in counting}) > 1:
        return None
    return counting[0]


def waits_for(origin: Origin, decided: Review | None) -> bool:
    """Whether the reply waits for a record.

    Never for one of a partner's file: what is not decided there is not told, and the reply is made
    at the same time as where there is no such file.
    """
    return decided is None and origin is not Origin.PARTNER_FILE


def may_batch(origin: Origin, signs: Sequence[Sign], verdict: Verdict) -> bool:
    """Whether a record may be decided together with others: plain ones in, partner's ones out."""
    if verdict is Verdict.INCLUDE:
        return not signs and origin is not Origin.PARTNER_FILE
    return verdict is Verdict.WITHHOLD and is_partner_origin(origin, signs)


def may_release(today: date, release_on: date, waiting: int) -> Decision:
    """Whether the reply may leave."""
    if waiting:
        one = "record still waits" if waiting == 1 else "records still wait"
        return Decision(False, f"{waiting} {one} for a decision of two people.")
    if today < release_on:
        return Decision(
            False,
            f"The reply leaves on {release_on:%-d %B %Y}, the fixed day for every request that "
            "came when this one did. It is never sent earlier.",
        )
    return Decision(True, "The reply may leave.")


@dataclass(frozen=True, slots=True)
class Known:
    """What linked files hold of partners and children, to be found again in a text."""

    names: frozenset[str] = frozenset()
    endings: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()


def digits_of(phone: str | None) -> str:
    """The last six digits of a phone number: however it is written, they stay."""
    only = re.sub(r"\D", "", phone or "")
    return only[-6:] if len(only) >= 6 else ""


def is_in_partner_file(text: str, known: Known) -> bool:
    """Whether a text holds a name, a phone, an e-mail or an address of a linked file."""
    low = text.lower()
    words = set(_WORD.findall(low)) | {word.removesuffix("s") for word in _WORD.findall(low)}
    if words & known.names:
        return True
    digits = re.sub(r"\D", "", re.sub(r"[A-Za-zÆØÅæøå,;]+", "x", text)) if known.endings else ""
    runs = [re.sub(r"[^\d]", "", run) for run in re.findall(r"\d[\d .\-]{4,}\d", text)]
    if any(ending in run for ending in known.endings for run in [*runs, digits]):
        return True
    return any(word and word in low for word in known.words)


class Risk(StrEnum):
    """What a breach may mean for the people concerned."""

    NOT_YET = "not_yet"
    UNLIKELY = "unlikely"
    RISK = "risk"
    HIGH = "high"


RISK_WORDS = {
    Risk.NOT_YET: "Not judged yet",
    Risk.UNLIKELY: "A risk to anybody is unlikely",
    Risk.RISK: "There is a risk to somebody",
    Risk.HIGH: "There is a high risk to somebody",
}
AUTHORITY_HOURS = 72


def authority_due(found_at: datetime) -> datetime:
    """The moment until which the authority is told: 72 hours after somebody became aware."""
    return found_at + timedelta(hours=AUTHORITY_HOURS)


def hours_in_words(found_at: datetime, now: datetime) -> str:
    """What is left of the 72 hours, to the hour."""
    left = authority_due(found_at) - now
    hours = int(abs(left).total_seconds() // 3600)
    word = "hour" if hours == 1 else "hours"
    return f"{hours} {word} left" if left >= timedelta(0) else f"{hours} {word} late"


def breach_decision_fits(
    risk: Risk, tell_authority: bool, tell_persons: bool, reason: str
) -> Decision:
    """Whether what was decided about a breach can stand (GDPR, articles 33 and 34)."""
    if risk is Risk.NOT_YET:
        return Decision(False, "Judge the risk first.")
    if not reason.strip():
        return Decision(False, "Say why you decide so: it is kept for the authority.")
    if risk in (Risk.RISK, Risk.HIGH) and not tell_authority:
        return Decision(False, "Where there is a risk to somebody, the authority is told.")
    if risk is Risk.HIGH and not tell_persons:
        return Decision(
            False,
            "Where the risk is high, the persons are told as well, each by a safe way.",
        )
    return Decision(True, "The decision can stand.")
