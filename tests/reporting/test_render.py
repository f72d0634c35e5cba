"""A table in every form says what a figure must carry, and a release accepts nothing raw."""

import csv
import io
import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casewall.outcomes.figures import KEYS
from casewall.outcomes.suppress import RULE, ReleaseError, suppress
from casewall.reporting.render import (
    INTERNAL,
    as_csv,
    as_html_context,
    as_json,
    as_text,
    signed_percent,
)
from casewall.vault.clean import neutralise, restore
from tests.reporting.drawn import FIGURES

ABOUT = {"Service": "An invented centre", "Period": "2013-01-01 to 2015-04-30"}


def rows_of(written: bytes):
    assert written.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline="")))


def test_the_text_shows_printed_computed_interval_and_denominator():
    written = as_text(FIGURES, title="The table", about=ABOUT)
    assert written.startswith("The table\n=========\nService: An invented centre\n")
    text = " ".join(written.split())
    assert "Printed 18; Computed 18.6%; 95% interval 15.1 to 22.8; n/N 73/392; Missing 0" in text
    assert "Computed 10 points" in text
    assert "Response 42.5%" in text
    assert "Bounds 25.5 to 83" in text
    assert "Computed figure without denominator; n/N –" in text
    assert "Computed 1,100 EUR per person; n/N 350,900/319" in text
    assert "Note: Printed as a count: 73." in text
    assert max(len(line) for line in written.splitlines()) <= 100


@pytest.mark.parametrize(("value", "words"), [(40.0, "+40%"), (-29.3, "−29.3%"), (0, "0%")])
def test_a_change_in_percent_has_a_sign(value, words):
    assert signed_percent(value) == words
    changed = replace(FIGURES[0], unit="percent change", value=value)
    assert f"Computed {words}" in as_text([changed], title="T")


def test_json_has_every_key_and_says_whether_it_is_released():
    whole = json.loads(as_json(FIGURES, title="The table", about=ABOUT))
    assert (whole["title"], whole["about"], whole["released"]) == ("The table", ABOUT, False)
    assert all(tuple(figure) == KEYS for figure in whole["figures"])
    assert len(whole["figures"]) == len(FIGURES)


def test_csv_keeps_numbers_as_numbers_and_letters_as_they_are():
    found = replace(FIGURES[1], value=-3.2, interval=(-5.0, -1.5), label="Tro på egne kræfter")
    [row] = rows_of(as_csv([found]))
    assert (row["value"], row["interval_low"], row["interval_high"]) == ("-3.2", "-5.0", "-1.5")
    assert row["bounds_low"] == ""
    assert row["label"] == "Tro på egne kræfter"
    assert row["rule"] == INTERNAL


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "\ufeff="])
def test_a_text_that_a_spreadsheet_would_calculate_is_neutralised(start):
    label = f"{start}1+1"
    [row] = rows_of(as_csv([replace(FIGURES[0], label=label)]))
    assert row["label"] == f"'{label}"
    assert restore(row["label"]) == label


@given(st.text(alphabet="'=+-@\t\r\n a1–", max_size=8) | st.text(max_size=8))
def test_neutralising_can_always_be_undone(text):
    assert restore(neutralise(text)) == text
    assert neutralise(text)[:1] not in tuple("=+-@\t\r\n")


@given(st.floats(-1e6, -0.001))
def test_a_number_below_zero_written_as_text_comes_back_the_same(number):
    assert float(restore(neutralise(str(number)))) == number


def test_the_context_of_a_page_has_a_ready_text_in_every_cell():
    context = as_html_context(FIGURES, title="The table", about=ABOUT)
    assert context["about"] == list(ABOUT.items())
    assert context["released"] is False
    keys = [column["key"] for column in context["columns"]]
    assert len(context["rows"]) == len(FIGURES)
    for row in context["rows"]:
        assert all(isinstance(row[key], str) and row[key] for key in keys)
        assert row["definition"]


WAYS = {
    "text": lambda table: as_text(table, title="T", release=True),
    "json": lambda table: as_json(table, title="T", release=True),
    "csv": lambda table: as_csv(table, release=True).decode(),
    "html": lambda table: as_html_context(table, title="T", release=True)["rule"],
}


@pytest.mark.parametrize("way", WAYS)
def test_a_release_accepts_no_raw_figures(way):
    with pytest.raises(ReleaseError, match="passed disclosure control"):
        WAYS[way](FIGURES)


@pytest.mark.parametrize("way", WAYS)
def test_a_release_says_its_rule_and_an_internal_table_that_it_is_one(way):
    assert " ".join(RULE.split()) in " ".join(WAYS[way](suppress(FIGURES)).split())
    assert INTERNAL in as_text(FIGURES, title="T")


def test_hidden_cells_are_shown_as_hidden():
    text = as_text(suppress(FIGURES), title="T", release=True)
    assert "n/N 0–7/210" in " ".join(text.split())
    assert json.loads(as_json(suppress(FIGURES), title="T", release=True))["released"] is True
    rows = {row["id"]: row for row in rows_of(as_csv(suppress(FIGURES), release=True))}
    assert rows["partners-men"]["numerator"] == "0–7"
    assert rows["partners-men"]["value"] == ""
