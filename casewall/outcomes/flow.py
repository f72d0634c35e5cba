"""How far people came, and where and why they were lost: the flow of clients and of partners.

The diagram follows the idea of the CONSORT statement (Schulz, Altman and Moher, BMJ 340 (2010)
c332): every box counts persons, and whoever is in one box is either in the next or among those
lost between the two, with a reason. Nobody leaves the sums.

A person is counted once, as the indicators count: by the referral with the furthest contact and,
of these, the latest. Whoever reached a later step is counted in every step before it, also where
the earlier one was not recorded; how many these are stands at the step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, get_args

from casewall.outcomes.extract import (
    AT_THE_CENTRE,
    Answer,
    Extract,
    Person,
    Role,
    ScaleScore,
    Wave,
)
from casewall.outcomes.slow.people import one_row_a_person
from casewall.outcomes.suppress import Cell

REACHED = ("declined", AT_THE_CENTRE)
"""Contact outcomes in which the person was spoken to."""

NOT_REACHED = {
    "not_tried": "contact not tried",
    "not_reached": "not reached",
    "unsafe": "unsafe to contact",
}
NO_END = "no further step recorded"
NO_REASON = "left, no reason recorded"
NO_RECORD = "no reason recorded"
OTHER = "other reasons, together"
ALL_REASONS = "all reasons together"

WAVES: Mapping[str, str] = {
    "first_contact": "At first contact (T0)",
    "before": "Before (T1)",
    "middle": "In the middle (T2)",
    "after": "After (T3)",
    "follow_up": "At follow-up (T4)",
    "months_6": "Six months after the end",
    "months_12": "Twelve months after the end",
}

Count = int | str
"""A number of persons; in a released flow the text "0–7" where it is hidden."""


class FlowError(ValueError):
    """Boxes that do not add up; says which."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Persons who went no further, and why."""

    reason: str
    count: Count


@dataclass(frozen=True, slots=True)
class Step:
    """One box: who came this far. ``lost`` are those who did not reach the next box;
    ``unrecorded`` those who are counted here only because they reached a later one."""

    key: str
    label: str
    count: Count
    lost: tuple[Loss, ...] = ()
    unrecorded: Count = 0


@dataclass(frozen=True, slots=True)
class TimePoint:
    """Everybody of the first box at one time point: answered, asked in vain, not asked."""

    key: str
    label: str
    answered: Count
    silent: tuple[Loss, ...]
    not_asked: Count


@dataclass(frozen=True, slots=True)
class Flow:
    """Raises `FlowError` where a box is not the next one plus those lost, or a time point does
    not account for everybody. A released flow is rounded, so that its sums need not hold."""

    role: Role
    title: str
    steps: tuple[Step, ...]
    answers: tuple[TimePoint, ...]
    released: bool = False

    def __post_init__(self) -> None:
        if self.released:
            return
        for here, following in zip(self.steps, self.steps[1:], strict=False):
            if here.count != _plus(following.count, here.lost):
                raise FlowError(f"{here.label}: it is not the next box plus those lost between")
        for point in self.answers:
            asked = _plus(point.answered, point.silent)
            if self.steps[0].count != asked + _number(point.not_asked):
                raise FlowError(f"{point.label}: it does not account for everybody")


Reached = Callable[[Person], bool]

_BY_DATE = ("assessed", "suitable", "agreed", "started", "completed")
_LABELS: Mapping[Role, Mapping[str, str]] = {
    "client": {
        "referred": "Referred",
        "contacted": "Spoken to",
        "engaged": "Came to the service",
        "assessed": "Assessed",
        "suitable": "Found suitable",
        "agreed": "Agreement signed",
        "started": "Started the programme",
        "completed": "Completed the programme",
    },
    "partner": {
        "referred": "Referred, or named by a client's referral",
        "contacted": "Spoken to",
        "engaged": "Came to partner support",
        "assessed": "Needs assessed",
        "suitable": "Offered support",
        "agreed": "Agreed to support",
        "started": "Support started",
        "completed": "Support completed",
    },
}
_TITLES: Mapping[Role, str] = {"client": "Flow of clients", "partner": "Flow of partners"}


def client_flow(extract: Extract) -> Flow:
    """The clients referred in the period, step by step."""
    return _flow(extract, "client")


def partner_flow(extract: Extract) -> Flow:
    """The partners referred in the period, step by step. Held and shown on the safety side."""
    return _flow(extract, "partner")


def as_dict(flow: Flow) -> dict[str, Any]:
    """The flow as plain JSON: role, title, released, steps (key, label, count, lost, unrecorded)
    and answers (key, label, answered, silent, not_asked)."""
    return asdict(flow)


def released(flow: Flow) -> Flow:
    """The flow under disclosure control: counts of 0–7 hidden, others rounded to 5.

    Reasons of so few people are put together under one name that is always there, since a reason
    that is named at all would say that it happened. Where the rounded numbers would still let
    somebody work out a box exactly, the reasons are put together further, and at last left out.
    """
    rounded = replace(
        flow,
        steps=tuple(
            replace(
                step,
                count=_shown(step.count),
                lost=_few_together(step.lost) if number < len(flow.steps) - 1 else (),
                unrecorded=_shown(step.unrecorded),
            )
            for number, step in enumerate(flow.steps)
        ),
        answers=tuple(
            replace(
                point,
                answered=_shown(point.answered),
                silent=_few_together(point.silent),
                not_asked=_shown(point.not_asked),
            )
            for point in flow.answers
        ),
        released=True,
    )
    for coarser in (rounded, _all_together(flow, rounded)):
        if not recoverable(coarser):
            return coarser
    return _without_reasons(rounded)


def recoverable(flow: Flow) -> list[str]:
    """The boxes of a released flow that its own sums give away exactly.

    Each shown count may be anything that rounds to it; the sums narrow these ranges until they
    stand still. A range of one number is a box that can be worked out.
    """
    ranges, sums = _ranges(flow)
    narrowed = True
    while narrowed:
        narrowed = False
        for whole, parts in sums:
            for name, low, high in _narrower(whole, parts, ranges):
                if (low, high) != ranges[name]:
                    ranges[name], narrowed = (low, high), True
    return [name for name, (low, high) in ranges.items() if low == high]


def _flow(extract: Extract, role: Role) -> Flow:
    walk = _Walk(extract, role)
    steps = []
    for number, key in enumerate(walk.keys):
        here, stopped = walk.here(number), walk.stopped(number)
        last = number == len(walk.keys) - 1
        steps.append(
            Step(
                key=key,
                label=_LABELS[role][key],
                count=len(here),
                lost=() if last else _counted(why_lost(person, key) for person in stopped),
                unrecorded=sum(1 for person in here if not _reached(person, key)),
            )
        )
    return Flow(role, _TITLES[role], tuple(steps), _answers(walk))


class _Walk:
    """The persons of a role in the period, each once, with the furthest step of each."""

    def __init__(self, extract: Extract, role: Role) -> None:
        rows = [
            person
            for person in extract.persons
            if person.role == role
            and extract.period_from <= person.referred_on <= extract.period_to
        ]
        self.extract, self.role, self.people = extract, role, one_row_a_person(rows)
        self.keys = _steps_used(self.people)
        self._furthest = [
            max(n for n, key in enumerate(self.keys) if _reached(person, key))
            for person in self.people
        ]

    def here(self, number: int) -> list[Person]:
        """Who came as far as this step."""
        return [one for one, far in zip(self.people, self._furthest, strict=True) if far >= number]

    def stopped(self, number: int) -> list[Person]:
        """Who came as far as this step and no further."""
        return [one for one, far in zip(self.people, self._furthest, strict=True) if far == number]

    def asked(self) -> Iterable[tuple[str, set[str], dict[str, str], set[str]]]:
        """Each time point at which anybody was asked: who answered, who was asked in vain with
        the reason, and who was not asked. Only the person's own answers count."""
        everybody = {person.key for person in self.people}
        given: set[tuple[str, str]] = set()
        reasons: dict[tuple[str, str], str] = {}
        rows: list[ScaleScore | Answer] = [*self.extract.scales, *self.extract.answers]
        for row in rows:
            if row.source != self.role or row.key not in everybody:
                continue
            asked = (row.key, row.wave)
            found = row.score if isinstance(row, ScaleScore) else row.code
            if found is not None:
                given.add(asked)
            elif reasons.get(asked, NO_RECORD) == NO_RECORD:
                reasons[asked] = row.not_answered_reason or NO_RECORD
        for wave in get_args(Wave):
            answered = {key for key in everybody if (key, wave) in given}
            silent = {
                key: reasons[key, wave] for key in everybody - answered if (key, wave) in reasons
            }
            if answered or silent:
                yield wave, answered, silent, everybody - answered - set(silent)


@dataclass(frozen=True, slots=True)
class Box:
    """One shown number of a flow, and who is in it, as "client:…" or "partner:…"."""

    name: str
    count: Count
    who: frozenset[str]


def boxes(flow: Flow, extract: Extract) -> list[Box]:
    """Every number that a flow of the extract shows, with those whose records it is made of.

    Reasons that a release puts together are one box.
    """
    walk = _Walk(extract, flow.role)
    found = []
    for number, step in enumerate(flow.steps):
        here = walk.here(number)
        unrecorded = [person.key for person in here if not _reached(person, step.key)]
        why = {person.key: why_lost(person, step.key) for person in walk.stopped(number)}
        found.append(_box(flow, step.key, step.count, (person.key for person in here)))
        found.append(_box(flow, f"{step.key} unrecorded", step.unrecorded, unrecorded))
        found += _lost_boxes(flow, step.key, step.lost, why)
    shown = {point.key: point for point in flow.answers}
    for wave, answered, silent, not_asked in walk.asked():
        if point := shown.get(wave):
            found.append(_box(flow, f"{wave} answered", point.answered, answered))
            found.append(_box(flow, f"{wave} not asked", point.not_asked, not_asked))
            found += _lost_boxes(flow, wave, point.silent, silent)
    return found


def _lost_boxes(flow: Flow, key: str, lost: Sequence[Loss], why: Mapping[str, str]) -> list[Box]:
    named = {loss.reason for loss in lost}
    return [
        _box(
            flow,
            f"{key}: {loss.reason}",
            loss.count,
            (
                who
                for who, reason in why.items()
                if reason == loss.reason
                or loss.reason == ALL_REASONS
                or (loss.reason == OTHER and reason not in named)
            ),
        )
        for loss in lost
    ]


def _box(flow: Flow, name: str, count: Count, keys: Iterable[str]) -> Box:
    return Box(f"{flow.role}: {name}", count, frozenset(f"{flow.role}:{key}" for key in keys))


def _steps_used(people: Sequence[Person]) -> list[str]:
    """The steps of contact, and of the dated ones those that somebody reached; "completed" also
    where somebody started, because that nobody completed is worth a box."""
    dated = {key for key in _BY_DATE for person in people if _reached(person, key)}
    if "started" in dated:
        dated.add("completed")
    return ["referred", "contacted", "engaged", *(key for key in _BY_DATE if key in dated)]


def _reached(person: Person, key: str) -> bool:
    if key == "referred":
        return True
    if key == "contacted":
        return person.contact in REACHED
    if key == "engaged":
        return person.contact == AT_THE_CENTRE
    return getattr(person, f"{key}_on") is not None


def why_lost(person: Person, step: str) -> str:
    """Why a person whose furthest step is this one went no further, as far as it is recorded."""
    if step == "referred":
        return NOT_REACHED[person.contact]
    if step == "contacted":
        return "declined"
    if person.exit_reason:
        return f"left: {person.exit_reason.replace('_', ' ')}"
    return NO_REASON if person.exited_on else NO_END


def _answers(walk: _Walk) -> tuple[TimePoint, ...]:
    """Each time point at which anybody was asked, as counts."""
    return tuple(
        TimePoint(
            key=wave,
            label=WAVES[wave],
            answered=len(answered),
            silent=_counted(silent.values()),
            not_asked=len(not_asked),
        )
        for wave, answered, silent, not_asked in walk.asked()
    )


def _counted(reasons: Iterable[str]) -> tuple[Loss, ...]:
    """The most frequent reason first; of two alike, by the alphabet."""
    found = Counter(reasons)
    return tuple(
        Loss(reason, count) for reason, count in sorted(found.items(), key=lambda r: (-r[1], r[0]))
    )


def _few_together(lost: Sequence[Loss]) -> tuple[Loss, ...]:
    few = [loss for loss in lost if Cell(_number(loss.count)).hidden]
    kept = [replace(loss, count=_shown(loss.count)) for loss in lost if loss not in few]
    together = sum(_number(loss.count) for loss in few)
    return (*kept, Loss(OTHER, _shown(together)))


def _all_together(flow: Flow, rounded: Flow) -> Flow:
    """A released flow with one number for all reasons of a step."""

    def one(lost: Sequence[Loss]) -> tuple[Loss, ...]:
        return (Loss(ALL_REASONS, _shown(sum(_number(loss.count) for loss in lost))),)

    return replace(
        rounded,
        steps=tuple(
            replace(shown, lost=one(exact.lost) if shown.lost else ())
            for shown, exact in zip(rounded.steps, flow.steps, strict=True)
        ),
        answers=tuple(
            replace(shown, silent=one(exact.silent))
            for shown, exact in zip(rounded.answers, flow.answers, strict=True)
        ),
    )


def _without_reasons(flow: Flow) -> Flow:
    steps = tuple(replace(step, lost=()) for step in flow.steps)
    return replace(flow, steps=steps, answers=())


Ranges = dict[str, tuple[int, int]]
Sums = list[tuple[str, list[str]]]


def _ranges(flow: Flow) -> tuple[Ranges, Sums]:
    """What every shown count may be, and which are the sum of which."""
    ranges: Ranges = {step.key: _may_be(step.count) for step in flow.steps}
    sums: Sums = []
    for here, following in zip(flow.steps, flow.steps[1:], strict=False):
        names = _named(ranges, here.key, here.lost)
        if names:
            sums.append((here.key, [following.key, *names]))
    for point in flow.answers:
        ranges[f"{point.key} answered"] = _may_be(point.answered)
        ranges[f"{point.key} not asked"] = _may_be(point.not_asked)
        parts = [f"{point.key} answered", f"{point.key} not asked"]
        sums.append((flow.steps[0].key, [*parts, *_named(ranges, point.key, point.silent)]))
    return ranges, sums


def _named(ranges: Ranges, key: str, lost: Sequence[Loss]) -> list[str]:
    names = [f"{key}: {loss.reason}" for loss in lost]
    ranges.update(zip(names, (_may_be(loss.count) for loss in lost), strict=True))
    return names


def _narrower(whole: str, parts: list[str], ranges: Ranges) -> Iterable[tuple[str, int, int]]:
    least = sum(ranges[part][0] for part in parts)
    most = sum(ranges[part][1] for part in parts)
    low, high = ranges[whole]
    yield whole, max(low, least), min(high, most)
    for part in parts:
        own_low, own_high = ranges[part]
        yield (
            part,
            max(own_low, low - (most - own_high)),
            min(own_high, high - (least - own_low)),
        )


def _may_be(count: Count) -> tuple[int, int]:
    """The counts that a shown one may stand for: see `suppress.Cell`."""
    possible = [exact for exact in _near(count) if Cell(exact).shown == count]
    return possible[0], possible[-1]


def _near(count: Count) -> range:
    return range(8) if isinstance(count, str) else range(max(count - 5, 0), count + 6)


def _shown(count: Count) -> Count:
    return Cell(_number(count)).shown


def _number(count: Count) -> int:
    if isinstance(count, str):
        raise FlowError("this flow has been released before; rounding twice would mislead")
    return count


def _plus(count: Count, lost: Sequence[Loss]) -> int:
    return _number(count) + sum(_number(loss.count) for loss in lost)
