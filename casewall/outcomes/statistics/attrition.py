"""Who is lost, and what the loss can do to a result: baselines, bounds, and a bad old habit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import fmean

from casewall.outcomes.intervals import Interval, mean_change
from casewall.outcomes.statistics.means import Group, MeanDifference, difference, group_of
from casewall.outcomes.statistics.results import (
    NoFigure,
    Result,
    Share,
    all_asked,
    known,
    numbers,
    same_length,
    share_of,
)
from casewall.outcomes.statistics.two_by_two import Arm, TwoByTwo, compare

BIASED = (
    "BIASED: people who drop out differ from those who stay, before anything is done for them. "
    "This difference is not an effect of the programme."
)
UNSEEN = (
    "That two groups were alike in what was measured at the start does not make them alike in "
    "what was not."
)
SILENT = (
    "The silent are not safe because they are silent. The share of all who were asked lies "
    "between the bounds."
)
CARRIED = (
    "Carrying the last value forward invents answers: it takes everybody who was lost to have "
    "stopped changing that day. Casewall gives no result made this way."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimePoint:
    """One time point: who answered there, and how they stood at the start.

    ``response`` is the share that answered. ``baseline`` compares the starting scores of
    responders (first) with those of non-responders; None where it cannot, and ``note`` says why.
    """

    wave: str
    response: Share
    baseline: MeanDifference | None
    note: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CarriedForwardError(Result):
    """How wrong a carried value would have been, where the truth is known.

    ``value`` is the mean of (earlier less later) of those who have both: what one would have
    written down too much for them. ``invented`` is how many values carrying would make up.
    """

    invented: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanBounds(Result):
    """The mean of those who answered, and ``bounds``: the mean of all who were asked if every
    silent person had the lowest, or the highest, score of the scale."""

    bounds: Interval


def responders(
    baseline: Sequence[float | None], answered: Mapping[str, Sequence[bool]]
) -> tuple[TimePoint, ...]:
    """For each time point: the baseline of those who answered against those who did not.

    ``answered`` has, by time point, one yes or no for each person of ``baseline``. Raises
    NoFigure for nobody, or for columns of different lengths; a time point where everybody or
    nobody answered is kept, with a note in place of a comparison.
    """
    if not baseline:
        raise NoFigure("Nobody was asked, so that nobody could be lost.")
    numbers(baseline, "the baseline")
    found = []
    for wave, replies in answered.items():
        same_length(baseline, replies, f"The baseline and “{wave}”")
        response = share_of(sum(map(bool, replies)), len(replies), len(replies),
                            f"share of those asked at {wave} who answered")
        there = [score for score, yes in zip(baseline, replies, strict=True) if yes]
        lost = [score for score, yes in zip(baseline, replies, strict=True) if not yes]
        compared, note = _baseline(wave, there, lost)
        found.append(TimePoint(wave=wave, response=response, baseline=compared, note=note))
    return tuple(found)


def _baseline(
    wave: str, there: Sequence[float | None], lost: Sequence[float | None]
) -> tuple[MeanDifference | None, str | None]:
    if not lost:
        return None, f"Everybody answered at {wave}: nobody was lost."
    if not there:
        return None, f"Nobody answered at {wave}: there is no one to compare with."
    try:
        compared = difference(group_of(f"answered at {wave}", there),
                              group_of(f"did not answer at {wave}", lost), warnings=(UNSEEN,))
    except NoFigure as refused:
        return None, str(refused)
    return compared, None


def completers_against_dropouts(completers: Arm, dropouts: Arm) -> TwoByTwo:
    """The comparison that many reports print, with the warning that it is biased in front."""
    found = compare(completers, dropouts)
    return replace(found, warnings=(BIASED, *found.warnings))


def mean_of_completers_against_dropouts(completers: Group, dropouts: Group) -> MeanDifference:
    """The same of scores."""
    return difference(completers, dropouts, warnings=(BIASED,))


def silent_partners(improved: int, answered: int, asked: int) -> Share:
    """The share improved of those who answered, with the bounds over all who were asked.

    Raises NoFigure where nobody was asked or the numbers cannot be.
    """
    return replace(share_of(improved, answered, asked, "share of those who answered; Wilson's "
                            "interval; bounds if none or all of the silent had improved"),
                   warnings=(SILENT,))


def mean_bounds(
    scores: Sequence[float | None], *, lowest: float, highest: float, asked: int | None = None
) -> MeanBounds:
    """The mean of the known scores, and how far the unknown ones could move it.

    ``lowest`` and ``highest`` are the ends of the scale. Raises NoFigure for nobody with a score,
    a scale without length, or a score outside it.
    """
    everybody = all_asked(asked, len(scores))
    found = known(scores, "the scores")
    if not found:
        raise NoFigure(f"None of {everybody} asked has a score.")
    if not lowest < highest:
        raise NoFigure(f"A scale from {lowest:g} to {highest:g} has no length.")
    outside = [score for score in found if not lowest <= score <= highest]
    if outside:
        raise NoFigure(f"A score of {outside[0]:g} is outside the scale, {lowest:g} to "
                       f"{highest:g}.")
    silent, total = everybody - len(found), sum(found)
    mean, interval = mean_change(found)
    return MeanBounds(
        n=len(found), asked=everybody, value=mean, interval=interval,
        method="mean of those who answered, Student's t; bounds if all of the silent were at one "
               "end of the scale", warnings=(SILENT,) if silent else (),
        parameters={"lowest": lowest, "highest": highest},
        bounds=((total + silent * lowest) / everybody, (total + silent * highest) / everybody),
    )


def carried_forward_error(
    earlier: Sequence[float | None], later: Sequence[float | None]
) -> CarriedForwardError:
    """Show what carrying the last value forward does, on those whose later value is known.

    If the mean is not 0, carrying forward is biased among them already; among the lost it cannot
    be checked at all. There is no function that carries forward. Raises NoFigure for fewer than
    two persons with both values.
    """
    same_length(earlier, later, "Earlier and later")
    first, second = numbers(earlier, "earlier"), numbers(later, "later")
    errors = [one - two for one, two in zip(first, second, strict=True)
              if one is not None and two is not None]
    if len(errors) < 2:
        raise NoFigure(f"{len(errors)} persons have both values; at least two are needed.")
    invented = sum(1 for one, two in zip(first, second, strict=True)
                   if one is not None and two is None)
    return CarriedForwardError(
        n=len(errors), asked=len(first), value=fmean(errors), interval=mean_change(errors)[1],
        method="mean of earlier less later of those who have both; Student's t",
        warnings=(CARRIED,), invented=invented,
    )
