"""What people answered: scores at two time points, and single questions."""

from collections import Counter

from casewall.outcomes import finish
from casewall.outcomes.card import Card
from casewall.outcomes.extract import Answer, Extract, Person, ScaleScore
from casewall.outcomes.figures import Figure
from casewall.outcomes.kinds import NO_ANSWER
from casewall.outcomes.slow.people import of_denominator

NO_RECORD = "no record"
"""Why a person is silent where nobody wrote down why."""


def pairs(card: Card, extract: Extract) -> finish.Pairs:
    """Scores of those asked who answered both waves. Only answers of the card's source count,
    and only of people of that role: client and partner answers are never pooled."""
    if card.waves is None:
        raise ValueError(f"{card.id}: a card of kind {card.kind} needs two waves")
    scores: dict[tuple[str, str], ScaleScore] = {
        (score.key, score.wave): score
        for score in extract.scales
        if score.source == card.source and score.scale == card.scale
    }
    both = []
    silent: Counter[str] = Counter()
    asked = of_denominator(card, extract)
    for person in asked:
        first, second = (
            scores.get((person.key, wave)) if person.role == card.source else None
            for wave in card.waves
        )
        if first and second and first.score is not None and second.score is not None:
            both.append((first.score, second.score))
        else:
            silent[_why_silent(first, second)] += 1
    return finish.Pairs(both, len(asked), silent)


def _why_silent(first: ScaleScore | None, second: ScaleScore | None) -> str:
    """The reason given at the first wave that was not answered."""
    unanswered = first if first is None or first.score is None else second
    if unanswered is None:
        return NO_RECORD
    return unanswered.not_answered_reason or NO_RECORD


def share_answering(card: Card, extract: Extract) -> Figure:
    """Those who gave one of the codes, of those whose answer is known."""
    eligible = of_denominator(card, extract)
    asked = _asked(card, extract)
    silent: Counter[str] = Counter()
    numerator = 0
    for person in eligible:
        answers = _answers_of(person, card, asked)
        known = [one for one in answers if _is_answer(one, card)]
        if not known:
            reasons = sorted(one.not_answered_reason or NO_RECORD for one in answers)
            silent[reasons[0] if reasons else NO_RECORD] += 1
        elif _latest(known).code in card.codes:
            numerator += 1
    known_of = len(eligible) - silent.total()
    return finish.answered(card, finish.Known(numerator, known_of, len(eligible), silent))


def _asked(card: Card, extract: Extract) -> list[Answer]:
    """Every answer to the card's question at its time point by its source."""
    return [
        one
        for one in extract.answers
        if one.source == card.source
        and one.measure == card.measure
        and one.item == card.item
        and one.wave == card.wave
    ]


def _answers_of(person: Person, card: Card, asked: list[Answer]) -> list[Answer]:
    """A person's answers, of these; a referrer's are about a client."""
    if card.source == "referrer":
        return [one for one in asked if person.role == "client" and one.about_key == person.key]
    return [one for one in asked if person.role == card.source and one.key == person.key]


def _is_answer(one: Answer, card: Card) -> bool:
    return one.code is not None and one.code not in (*NO_ANSWER, *card.silent_codes)


def _latest(answers: list[Answer]) -> Answer:
    """The latest answer; one without a day is the earliest, and of one day the later key."""
    return max(answers, key=lambda one: (str(one.answered_on or ""), one.key))
