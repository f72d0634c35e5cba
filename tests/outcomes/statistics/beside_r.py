"""The figures of tests/r/*.R, computed by Casewall under the same names."""

import csv
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from casewall.outcomes.intervals import wilson
from casewall.outcomes.statistics.attrition import carried_forward_error, responders
from casewall.outcomes.statistics.clock import Spell
from casewall.outcomes.statistics.cox import cox
from casewall.outcomes.statistics.dose import dose_bands
from casewall.outcomes.statistics.means import MeanDifference
from casewall.outcomes.statistics.paired import PairedShares, paired_change, paired_shares
from casewall.outcomes.statistics.repeat import rate_per_year
from casewall.outcomes.statistics.survival import kaplan_meier, log_rank
from casewall.outcomes.statistics.trial import adherence
from casewall.outcomes.statistics.two_by_two import Arm, compare

R = Path(__file__).resolve().parents[2] / "r"
SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data"
"""Real rows are not in the repository; where they are on the machine, they stand here."""

Figures = dict[str, float | None]


def real_file(name: str) -> Path:
    """A real file; the test is skipped where it is not on this machine."""
    path = SHARED / name
    if not path.is_file():
        pytest.skip(f"{path.name} is not on this machine")
    return path


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def column(table: Iterable[dict[str, str]], name: str) -> list[float | None]:
    return [float(row[name]) if row[name] != "" else None for row in table]


def yes(values: Iterable[float | None]) -> list[bool | None]:
    return [None if value is None else bool(value) for value in values]


def named(of: str, **figures: float | None) -> Figures:
    return {f"{of}.{name}": value for name, value in figures.items()}


def ends(pair: tuple[float, float] | None, low: str = "low", high: str = "high") -> Figures:
    first, second = pair if pair is not None else (None, None)
    return {low: first, high: second}


# --- two_by_two.R --------------------------------------------------------------------------------

def two_by_two(real: Path | None) -> Figures:
    del real  # invented tables alone
    found: Figures = {}
    for row in rows(R / "invented" / "tables.csv"):
        one = compare(Arm("1", int(row["events_1"]), int(row["n_1"])),
                      Arm("2", int(row["events_2"]), int(row["n_2"])))
        found |= named(
            row["name"], **{"or": one.odds_ratio.value},
            **ends(one.odds_ratio.interval, "or_low", "or_high"),
            exact_or=one.odds_ratio_exact.value,
            **ends(one.odds_ratio_exact.interval, "exact_low", "exact_high"),
            rr=one.risk_ratio.value, **ends(one.risk_ratio.interval, "rr_low", "rr_high"),
            rd=one.value, **ends(one.interval, "newcombe_low", "newcombe_high"),
            **ends(one.risk_difference_wald.interval, "wald_low", "wald_high"),
            h=one.cohens_h.value, **ends(one.cohens_h.interval, "h_low", "h_high"),
            **ends(one.risks[0].interval, "wilson_low", "wilson_high"),
            chi=one.chi_square.statistic, chi_p=one.chi_square.p,
            yates=one.chi_square_yates.statistic, yates_p=one.chi_square_yates.p,
            fisher_p=one.fisher.p,
        )
    return found


# --- paired.R ------------------------------------------------------------------------------------

def change(of: str, before: list[float | None], after: list[float | None]) -> Figures:
    one = paired_change(before, after)
    return named(
        of, pairs=one.n, asked=one.asked, mean=one.value, **ends(one.interval),
        t=one.t_test.statistic, t_p=one.t_test.p, v=one.wilcoxon.statistic,
        wilcoxon_p=one.wilcoxon.p, d_z=one.effect.value,
        **ends(one.effect.interval, "d_low", "d_high"), d_av=one.effect_average.value,
    )


def shares(of: str, one: PairedShares) -> Figures:
    return named(
        of, gained=one.gained, lost=one.lost, chi=one.chi_square.statistic,
        chi_p=one.chi_square.p, corrected=one.chi_square_corrected.statistic,
        corrected_p=one.chi_square_corrected.p, exact_p=one.exact.p,
        difference=one.value, **ends(one.interval),
    )


def paired(real: Path | None) -> Figures:
    table = rows(R / "invented" / "paired.csv")
    found = change("invented", column(table, "before"), column(table, "after"))
    found |= shares("invented.unwell", paired_shares(yes(column(table, "unwell_before")),
                                                     yes(column(table, "unwell_after"))))
    table = rows(R / "invented" / "distinct.csv")
    found |= change("distinct", column(table, "before"), column(table, "after"))
    return found if real is None else found | real_paired(real)


def real_paired(real: Path) -> Figures:
    found: Figures = {}
    table = rows(real / "btheb_bdi_prepost.csv")
    for visit in ("2m", "4m", "6m", "8m"):
        found |= change(f"btheb.{visit}", column(table, "bdi.pre"), column(table, f"bdi.{visit}"))
    for arm in ("TAU", "BtheB"):
        part = [row for row in table if row["treatment"] == arm]
        found |= change(f"btheb.8m.{arm}", column(part, "bdi.pre"), column(part, "bdi.8m"))
    table = rows(real / "obrien_kaiser_pre_post_fup.csv")
    for later in ("post", "fup"):
        found |= change(f"obrien.{later}", five(table, "pre"), five(table, later))
    table = rows(real / "respiratory_5visits.csv")
    good = {
        month: [row["status"] == "good" for row in
                sorted((one for one in table if one["month"] == month),
                       key=lambda row: int(row["subject"]))]
        for month in ("0", "4")
    }
    return found | shares("respiratory", paired_shares(good["0"], good["4"]))


def five(table: list[dict[str, str]], stem: str) -> list[float | None]:
    """The mean of the five measures of each person."""
    return [sum(float(row[f"{stem}.{number}"]) for number in range(1, 6)) / 5 for row in table]


# --- survival.R ----------------------------------------------------------------------------------

def curve(of: str, spells: list[Spell], ask: tuple[int, ...]) -> Figures:
    one = kaplan_meier(spells, source="records", unit="weeks")
    found = named(of, median=one.value, median_low=one.median_low, median_high=one.median_high)
    for time in ask:
        step = one.at(time)
        left = sum(spell.time >= time for spell in spells)
        found |= named(f"{of}.at.{time}", free=step.free, **ends(step.interval), at_risk=left)
    return found


def ranked(of: str, spells: list[Spell]) -> Figures:
    one = log_rank(spells)
    found = named(of, chi=one.test.statistic, p=one.test.p)
    return found | {f"{of}.expected.{group}": value for group, value in one.expected.items()}


def model(of: str, spells: list[Spell], facts: dict[str, list[float | None]]) -> Figures:
    one = cox(spells, facts)
    found = named(of, loglik=one.log_likelihood, lr=one.likelihood_ratio.statistic,
                  lr_p=one.likelihood_ratio.p, concordance=one.value)
    for term in one.terms:
        found |= named(f"{of}.{term.name}", coef=term.coefficient, se=term.error, z=term.z,
                       p=term.p, **ends(term.interval), constancy=term.constancy.statistic)
    return found


def survival(real: Path | None) -> Figures:
    table = rows(R / "invented" / "spells.csv")
    spells = [Spell(time=float(row["time"]), event=row["event"] == "1", group=row["group"])
              for row in table]
    found = curve("invented", spells, (1, 5, 10, 20, 30)) | ranked("invented.rank", spells)
    found |= model("invented.cox", spells, {
        "waiting": [float(row["group"] == "waiting") for row in table],
        "age": column(table, "age"), "earlier": column(table, "earlier"),
    })
    return found if real is None else found | rossi(real)


def rossi(real: Path) -> Figures:
    table = rows(real / "rossi_recidivism.csv")
    spells = rossi_spells(table)
    found = curve("rossi", spells, (1, 10, 20, 30, 40, 52)) | ranked("rossi.rank", spells)
    for group in ("no", "yes"):
        found |= curve(f"rossi.{group}", [one for one in spells if one.group == group], (26, 52))
    return found | model("rossi.cox", spells, rossi_facts(table))


def rossi_spells(table: list[dict[str, str]]) -> list[Spell]:
    return [Spell(time=float(row["week"]), event=row["arrest"] == "1", group=row["fin"])
            for row in table]


def rossi_facts(table: list[dict[str, str]]) -> dict[str, list[float | None]]:
    code = {"fin": "yes", "race": "black", "wexp": "yes", "mar": "married", "paro": "yes"}
    return {
        name: [float(row[name] == code[name]) for row in table] if name in code
        else column(table, name)
        for name in ("fin", "age", "race", "wexp", "mar", "paro", "prio")
    }


# --- groups.R ------------------------------------------------------------------------------------

def welch(of: str, one: MeanDifference | None) -> Figures:
    assert one is not None
    return named(of, difference=one.value, **ends(one.interval), t=one.test.statistic,
                 df=one.test.degrees, p=one.test.p, standardised=one.standardised,
                 n=one.first.n)


def groups(real: Path | None) -> Figures:
    table = rows(R / "invented" / "paired.csv")
    (point,) = responders(column(table, "before"),
                          {"after": [score is not None for score in column(table, "after")]})
    found = welch("invented.responders", point.baseline)
    hours, improved = [], []
    for each, good, n in ((5.0, 8, 30), (20.0, 11, 25), (40.0, 14, 22)):
        hours += [each] * n
        improved += [True] * good + [False] * (n - good)
    trend = dose_bands(hours, improved, edges=(12, 30)).trend
    assert trend is not None
    found |= named("trend", chi=trend.statistic, p=trend.p)
    rate, interval = rate_per_year(17, 12 * 1461 // 4)  # twelve years in days
    found |= named("rate", rate=rate, **ends(interval))
    found["none.high"] = ends(rate_per_year(0, 1461)[1])["high"]
    return found if real is None else found | real_groups(real)


def real_groups(real: Path) -> Figures:
    table = rows(real / "btheb_bdi_prepost.csv")
    visits = {f"btheb.{visit}": [row[f"bdi.{visit}"] != "" for row in table]
              for visit in ("2m", "4m", "6m", "8m")}
    found: Figures = {}
    for point in responders(column(table, "bdi.pre"), visits):
        found |= welch(point.wave, point.baseline)
    error = carried_forward_error(column(table, "bdi.2m"), column(table, "bdi.8m"))
    found |= named("btheb.carried", n=error.n, mean=error.value, **ends(error.interval),
                   invented=error.invented)
    given = adherence(*minneapolis(real))
    for number, arm in enumerate(("1.0", "2.0", "3.0"), 1):
        share = given.arms[arm]
        found |= named(f"minneapolis.{number}", kept=share.events, n=share.n, share=share.value,
                       **ends(share.interval))
    kept = sum(given.table[arm][arm] for arm in given.table)
    return found | named("minneapolis", kept=kept, n=given.n, **ends(wilson(kept, given.n)))


def minneapolis(real: Path) -> tuple[list[str], list[str | None]]:
    """Assigned and delivered: 1 arrest, 2 advice, 3 sent away, 4 something else."""
    table = rows(real / ".." / "dv" / "mdve_minneapolis.csv")
    return [row["T_RANDOM"] for row in table], [row["T_FINAL"] or None for row in table]


COMPUTED: dict[str, Callable[[Path | None], Figures]] = {
    "two_by_two": two_by_two, "paired": paired, "survival": survival, "groups": groups,
}
