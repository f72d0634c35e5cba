"""Whether people stay in another treatment beside the programme: "did not impinge", measured."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from casewall.outcomes.statistics.results import NoFigure, Result, Share, share_of
from casewall.outcomes.statistics.two_by_two import Arm, TwoByTwo, compare

Outcome = Literal["completed", "left", "ongoing", "unknown"]
OUTCOMES = get_args(Outcome)

ONGOING = "Treatments that still go on are counted as kept; some of them will yet be left."


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention(Result):
    """``value`` is the share of treatments completed or still going on, of known outcome."""

    counts: dict[str, int]
    share: Share


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionBeside(Result):
    """Retention of the programme's clients beside a comparison. ``value``: ours less theirs.

    ``said`` is what may be said: that staying did not suffer by more than the margin, that it
    did suffer, or that it cannot be told.
    """

    ours: Retention
    compared: TwoByTwo
    margin: float
    said: str


def retained(outcomes: Sequence[Outcome]) -> Retention:
    """The share retained, with bounds over treatments of unknown outcome.

    Raises NoFigure for no treatment, or an outcome that is not one of the four.
    """
    strange = sorted(set(outcomes) - set(OUTCOMES))
    if strange:
        raise NoFigure(f"“{strange[0]}” is not an outcome of a treatment: {', '.join(OUTCOMES)}.")
    if not outcomes:
        raise NoFigure("Nobody was in the other treatment, so that nobody could stay in it.")
    counts = Counter(outcomes)
    kept = counts["completed"] + counts["ongoing"]
    share = share_of(kept, len(outcomes) - counts["unknown"], len(outcomes),
                     "share of treatments of known outcome that were completed or go on; Wilson's "
                     "interval")
    return Retention(
        n=share.n, asked=share.asked, value=share.value, interval=share.interval,
        method=share.method, warnings=(ONGOING,) if counts["ongoing"] else (),
        counts={one: counts[one] for one in OUTCOMES}, share=share,
    )


def retained_beside(
    outcomes: Sequence[Outcome], comparison: Arm, *, margin: float
) -> RetentionBeside:
    """Retention beside that of others in the same treatment who are not in the programme.

    ``margin`` is the fall in the share (0 to 1) that would matter, chosen before looking. "Did
    not impinge" may be said only where the whole interval lies above minus the margin; that no
    difference was found is not that there is none. Raises NoFigure without a comparison's n.
    """
    if not 0 < margin < 1:
        raise NoFigure("The margin is a share above 0 and below 1: a fall that would matter.")
    ours = retained(outcomes)
    compared = compare(Arm("in the programme", ours.share.events, ours.n, ours.asked), comparison)
    low, high = compared.interval or (-1.0, 1.0)
    points = f"{100 * margin:g} points"
    if low > -margin:
        said = f"A fall of {points} or more does not agree with these numbers."
    elif high < 0:
        said = "Fewer of the programme's clients stayed in the other treatment."
    else:
        said = (f"Whether retention fell by {points} cannot be told from so few: that no "
                "difference is seen does not show that there is none.")
    return RetentionBeside(
        n=compared.n, asked=compared.asked, value=compared.value, interval=compared.interval,
        method=compared.method, parameters={"margin": margin},
        warnings=(*ours.warnings, *compared.warnings),
        ours=ours, compared=compared, margin=margin, said=said,
    )
