"""The same statistics of the records themselves: columns of an extract, for chosen persons.

``persons`` is the cohort: everybody about whom the question is put, each once. Whoever of them has
no answer is missing, whatever the reason. Answers of clients and of partners are never put into
one column: each call has one source.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from casewall.outcomes.extract import Extract, Person, Role, Wave
from casewall.outcomes.slow.people import one_row_a_person
from casewall.outcomes.statistics.attrition import TimePoint, responders
from casewall.outcomes.statistics.clock import Span
from casewall.outcomes.statistics.dose import (
    AllAndCompleters,
    Dose,
    all_and_completers,
    dose_bands,
)
from casewall.outcomes.statistics.paired import PairedChange, paired_change
from casewall.outcomes.statistics.reliable import Criterion, ReliableChange, reliable_change
from casewall.outcomes.statistics.repeat import (
    Custody,
    Repeat,
    Watched,
    repeat_victimisation,
)
from casewall.outcomes.statistics.results import NoFigure
from casewall.outcomes.statistics.retention import Retention, retained

BEFORE_AFTER: tuple[Wave, Wave] = ("before", "after")


def cohort(extract: Extract, role: Role, *, reached: str | None = None) -> list[Person]:
    """The persons of a role who were referred in the period, each once, by the referral that went
    furthest. ``reached`` keeps those with that date (``started_on``, say)."""
    referred = [one for one in extract.persons if one.role == role
                and extract.period_from <= one.referred_on <= extract.period_to]
    return [one for one in one_row_a_person(referred)
            if reached is None or getattr(one, reached) is not None]


def scores(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str, wave: Wave
) -> list[float | None]:
    """One score a person, in the order of the persons; None where there is none."""
    found = {row.key: row.score for row in extract.scales
             if (row.source, row.scale, row.wave) == (source, scale, wave)}
    return [found.get(person.key) for person in persons]


def _both(
    extract: Extract, persons: Sequence[Person], source: str, scale: str, waves: tuple[Wave, Wave]
) -> tuple[list[float | None], list[float | None]]:
    first, second = (scores(extract, persons, source=source, scale=scale, wave=wave)
                     for wave in waves)
    return first, second


def change_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str,
    waves: tuple[Wave, Wave] = BEFORE_AFTER,
) -> PairedChange:
    """Paired change of the cohort on one scale, as one source answered."""
    return paired_change(*_both(extract, persons, source, scale, waves))


def reliable_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, criterion: Criterion,
    waves: tuple[Wave, Wave] = BEFORE_AFTER,
) -> ReliableChange:
    """Reliable and clinically significant change of the cohort on the criterion's scale."""
    return reliable_change(*_both(extract, persons, source, criterion.scale, waves),
                           criterion=criterion)


def improved_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str,
    higher_is_better: bool, waves: tuple[Wave, Wave] = BEFORE_AFTER,
) -> list[bool | None]:
    """Whether each person's score moved the better way at all; None without both answers."""
    pairs = zip(*_both(extract, persons, source, scale, waves), strict=True)
    return [None if one is None or two is None else (two > one if higher_is_better else two < one)
            for one, two in pairs]


def responders_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str,
    waves: Sequence[Wave], baseline: Wave = "before",
) -> tuple[TimePoint, ...]:
    """Who answered at each time point, and how those stood at the start who did and did not."""
    answered: dict[str, list[bool]] = {
        wave: [score is not None for score in
               scores(extract, persons, source=source, scale=scale, wave=wave)]
        for wave in waves
    }
    start = scores(extract, persons, source=source, scale=scale, wave=baseline)
    return responders(start, answered)


def hours(extract: Extract, persons: Sequence[Person]) -> list[float | None]:
    """Hours attended by client, 0 for whoever is in no register; None for all where the extract
    holds no register, and for whoever is not a client."""
    minutes: dict[str, int] = {}
    for mark in extract.attendance:
        minutes[mark.client_key] = minutes.get(mark.client_key, 0) + mark.minutes_attended
    if not extract.attendance:
        return [None] * len(persons)
    return [minutes.get(one.key, 0) / 60 if one.role == "client" else None for one in persons]


def dose_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str,
    higher_is_better: bool, edges: Sequence[float], waves: tuple[Wave, Wave] = BEFORE_AFTER,
) -> Dose:
    """The share improved by hours attended; who answers is the client or the referrer."""
    improved = improved_on_scale(extract, persons, source=source, scale=scale, waves=waves,
                                 higher_is_better=higher_is_better)
    return dose_bands(hours(extract, persons), improved, edges=edges)


def all_and_completers_on_scale(
    extract: Extract, persons: Sequence[Person], *, source: str, scale: str,
    higher_is_better: bool, waves: tuple[Wave, Wave] = BEFORE_AFTER,
) -> AllAndCompleters:
    """The share improved of all who started, beside that of those who completed.

    Persons who never started are not asked about.
    """
    started = [one for one in persons if one.started_on is not None]
    improved = improved_on_scale(extract, started, source=source, scale=scale, waves=waves,
                                 higher_is_better=higher_is_better)
    return all_and_completers([one.completed_on is not None for one in started], improved)


def retention_in(extract: Extract, persons: Sequence[Person], *, treatment: str) -> Retention:
    """Retention of the cohort's clients in another treatment of that kind."""
    keys = {one.key for one in persons if one.role == "client"}
    return retained([row.outcome for row in extract.treatments
                     if row.kind == treatment and row.client_key in keys])


def custody_of(extract: Extract, person: Person) -> list[Span]:
    """When a client was in custody; of a partner, when any client linked to the partner was."""
    clients = {person.key} if person.role == "client" else {
        link.client_key for link in extract.links if link.partner_key == person.key}
    return [(row.first_on, row.last_on) for row in extract.custody if row.client_key in clients]


def watched(
    extract: Extract, persons: Sequence[Person], *, source: str, time_zero: str,
    forms: Collection[str] | None = None,
) -> list[Watched]:
    """What one source tells of each person; ``time_zero`` names a date of the person.

    Nothing is known of days after the extract was made, whatever a span of following says.
    """
    told: dict[tuple[str, str], list[date]] = {}
    for row in extract.incidents:
        if row.source == source and (forms is None or row.form in forms):
            told.setdefault((row.role, row.key), []).append(row.happened_on)
    spans: dict[tuple[str, str], list[Span]] = {}
    for span in extract.followed:
        if span.source == source and span.first_on <= extract.as_of:
            spans.setdefault((span.role, span.key), []).append(
                (span.first_on, min(span.last_on, extract.as_of)))
    return [
        Watched(time_zero=_zero(one, time_zero), incidents=told.get((one.role, one.key), []),
                followed=spans.get((one.role, one.key), []), custody=custody_of(extract, one))
        for one in persons
    ]


def _zero(person: Person, name: str) -> date | None:
    found = getattr(person, name, None) if name.endswith("_on") else None
    return found if isinstance(found, date) else None


def repeat_of(
    extract: Extract, persons: Sequence[Person], *, source: str, time_zero: str, months: int,
    forms: Collection[str] | None = None, custody: Custody = "stated",
) -> Repeat:
    """Repeat victimisation of the cohort as one source tells it (see ``repeat.py``)."""
    return repeat_victimisation(
        watched(extract, persons, source=source, time_zero=time_zero, forms=forms),
        source=source, time_zero=time_zero.removesuffix("_on").replace("_", " "),
        months=months, custody=custody,
    )


def by_role(extract: Extract, scale: Mapping[str, str]) -> dict[str, PairedChange | str]:
    """Change on a pair of scales, one for each source, side by side and never pooled.

    ``scale`` gives the scale by source, for example ``{"client": "abuse-used", "partner":
    "abuse-experienced"}``. Where a source has no answer, the sentence stands in its place.
    """
    found: dict[str, PairedChange | str] = {}
    for source, name in scale.items():
        role: Role = "partner" if source == "partner" else "client"
        try:
            found[source] = change_on_scale(extract, cohort(extract, role), source=source,
                                            scale=name)
        except NoFigure as refused:
            found[source] = str(refused)
    return found
