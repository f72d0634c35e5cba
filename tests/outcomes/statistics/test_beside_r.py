"""Every figure that R computes too is the same to a millionth: recorded always, run nightly."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.outcomes.statistics.beside_r import COMPUTED, SHARED, Figures, R

REAL = SHARED / "outcomes"
INVENTED = ("invented", "distinct", "trend", "rate", "none")


def recorded(name: str) -> Figures:
    return json.loads((R / "recorded" / f"{name}.json").read_text(encoding="utf-8"))["figures"]


def of_invented(name: str, figures: Figures) -> Figures:
    """Those of people who were invented: all tables, and what begins with one of these words."""
    return {key: value for key, value in figures.items()
            if name == "two_by_two" or key.startswith(INVENTED)}


def same(ours: Figures, theirs: Figures) -> None:
    assert ours.keys() == theirs.keys()
    apart = {
        key: (ours[key], value) for key, value in theirs.items()
        if ours[key] != value and (
            ours[key] is None or value is None or abs(ours[key] - value) > 1e-6
        )
    }
    assert apart == {}


@pytest.mark.parametrize("name", COMPUTED)
def test_figures_of_invented_people_are_those_that_r_recorded(name: str) -> None:
    same(COMPUTED[name](None), of_invented(name, recorded(name)))


@pytest.mark.parametrize("name", ["paired", "survival", "groups"])
def test_figures_of_real_data_are_those_that_r_recorded(name: str) -> None:
    if not REAL.is_dir():
        pytest.skip("the real data are not on this machine; only figures of them are recorded")
    same(COMPUTED[name](REAL), recorded(name))


def test_the_records_say_what_they_were_made_with() -> None:
    for name in COMPUTED:
        made = json.loads((R / "recorded" / f"{name}.json").read_text(encoding="utf-8"))
        assert made["made_with"]["R"].count(".") == 2
        assert ("survival" in made["made_with"]) is (name == "survival")
        assert len(made["figures"]) > 50


def test_a_figure_that_is_off_by_two_millionths_is_found() -> None:
    with pytest.raises(AssertionError):
        same({"a": 1.000002}, {"a": 1.0})
    with pytest.raises(AssertionError):
        same({"a": None}, {"a": 1.0})
    with pytest.raises(AssertionError):
        same({"a": 1.0}, {"a": 1.0, "b": 2.0})
    same({"a": 1.0000005, "b": None}, {"a": 1.0, "b": None})


@pytest.mark.slow
@pytest.mark.parametrize("name", COMPUTED)
def test_r_says_the_same_today(name: str, tmp_path: Path) -> None:
    program = shutil.which("Rscript")
    if program is None:
        pytest.skip("there is no R here: apt-get install r-base-core r-cran-survival")
    real = REAL if REAL.is_dir() else None
    out = tmp_path / "figures.json"
    subprocess.run(
        [program, "--vanilla", str(R / f"{name}.R"), str(R / "invented"),
         "-" if real is None else str(real.resolve()), str(out)],
        check=True, capture_output=True,
    )
    theirs: Figures = json.loads(out.read_text(encoding="utf-8"))["figures"]
    kept = recorded(name) if real else of_invented(name, recorded(name))
    same(theirs, kept)
    same(COMPUTED[name](real), theirs)
