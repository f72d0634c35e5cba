"""`casewall report published`: every print beside what a cohort gives, and how it agrees."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from django.db import OperationalError

from casewall.outcomes.cards import load_pack
from casewall.outcomes.figures import KEYS, Figure
from casewall.outcomes.intervals import round_half_up, truncate
from casewall.outcomes.matched import SERVICES, matched
from casewall.outcomes.suppress import ReleaseError, publish_invented
from casewall.reporting import published
from casewall.reporting.extract import NotSetUp, Snapshot
from casewall.reporting.published import make_published
from casewall.reporting.report import as_bytes

TODAY = date(2026, 11, 23)

WORDS = "words"
DIFFERS = "differs"
NO_DENOMINATOR = "denominator unstated"

AGREES = {
    "intervention-centre": {
        "referred": "exact", "declined-or-not-reached": "truncated", "at-the-centre": "exact",
        "clients": "exact", "partners": "exact", "clients-men": "rounded",
        "clients-women": "rounded", "partners-men": "rounded", "partners-women": "rounded",
        "municipalities": "exact", "years": "rounded", "history-of-violence": WORDS,
        "psychological-problems": WORDS, "social-problems": WORDS, "women-in-work": WORDS,
        "scales-as-printed": WORDS, "cost-per-referred": NO_DENOMINATOR,
        "cost-per-at-the-centre": NO_DENOMINATOR,
    },
    "dvip": {
        "men": "exact", "without-children": "rounded", "with-children": "rounded",
        "children": "exact", "children-per-father": "rounded", "people": NO_DENOMINATOR,
        "boroughs": "exact", "counties": "exact", "arabic-speaking": WORDS,
        "competencies": WORDS, "sixty-hours": WORDS, "price-of-a-week": "exact",
        "families-for-a-year-in-care": DIFFERS, "weeks-for-each-of-35-families": WORDS,
        "care-for-a-year": "exact", "care-for-a-week": DIFFERS, "contract": "exact",
        "contract-per-referral-at-15": WORDS, "contract-per-referral-at-20": WORDS,
        "incidents-by-partners": "rounded", "incidents-by-police": "rounded",
        "no-further-violence": "exact", "women-safer": "rounded", "children-safer": "rounded",
        "workers-children-safer": "rounded", "report-very-useful": "rounded",
        "safety-at-twelve-weeks": WORDS,
    },
    "your-choice": {
        "support-length": WORDS, "course-of-the-story": WORDS, "funding-first-year": "exact",
        "funding-second-year": "exact", "funding": WORDS, "reduction-that-lasted": "exact",
        "safer": "exact", "supported": "exact", "supported-to-change": "exact",
        "the-quarter": WORDS,
    },
    "substance-pilot": {
        "men": "exact", "started": "rounded", "over-30-hours-of-assessed": "rounded",
        "over-30-hours-of-started": "rounded", "substance-use": "rounded",
        "quality-of-life": "exact", "partners-in-contact": "rounded", "disclosures": "exact",
        "sixty-hours": WORDS, "kept-in-treatment": WORDS,
    },
    "wwp-model": dict.fromkeys(
        ["assessed-before-start", "risk-screened", "partners-tried", "partners-reached",
         "days-to-partner-contact", "agreed-before-start", "group-work", "community-response",
         "evaluated-by-partners", "legal-anchors"], WORDS),
}
ROWS = [(name, row) for name, rows in AGREES.items() for row in rows]


@pytest.fixture(scope="module")
def table() -> dict[tuple[str, str], Figure]:
    made = published._from_cohort
    return {(figure.pack, figure.id): figure
            for name in SERVICES for figure in made(name, matched(name))}


def _exactly(figure: Figure) -> Fraction:
    """What was counted, with nothing rounded where the counts are at hand."""
    if figure.unit == "percent":
        return Fraction(100 * figure.numerator, figure.denominator)
    if figure.unit == "percent change of incidents":
        return Fraction(100 * (figure.numerator - figure.denominator), figure.denominator)
    if figure.denominator and figure.unit not in ("percent change", "days"):
        return Fraction(figure.numerator) / Fraction(figure.denominator)
    return Fraction(repr(figure.value))


def _agreement(figure: Figure, how: str, by_count: bool) -> str:
    if isinstance(figure.printed, str):
        return WORDS
    if how == NO_DENOMINATOR:
        return how
    exact = Fraction(figure.numerator) if by_count else _exactly(figure)
    if exact == figure.printed:
        return "exact"
    if round_half_up(exact) == figure.printed:
        return "rounded"
    return "truncated" if truncate(exact) == figure.printed else DIFFERS


def test_no_printed_row_is_left_out_and_there_are_more_than_45(table) -> None:
    printed = [(name, card.id) for name in SERVICES for card in load_pack(name).cards
               if card.printed is not None]
    assert printed == ROWS == list(table)
    assert len(ROWS) == 75


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_computed_stands_to_printed_as_it_is_known_to(table, name: str, row: str) -> None:
    figure = table[name, row]
    card = next(card for card in load_pack(name).cards if card.id == row)
    by_count = card.printed.value is None
    assert _agreement(figure, card.printed.how, by_count) == AGREES[name][row]
    if AGREES[name][row] == DIFFERS:
        assert "these records give" in figure.note
    assert "these records differ" not in figure.note


@pytest.mark.parametrize(("name", "row"), ROWS)
def test_every_row_carries_printed_counts_interval_and_note(table, name: str, row: str) -> None:
    figure = table[name, row]
    assert figure.printed is not None
    assert figure.note
    if figure.unit == "statement":
        assert (figure.numerator, figure.value) == (None, None)
        return
    assert figure.numerator is not None
    if figure.unit == "percent":
        assert figure.denominator
        assert figure.interval[0] <= figure.value <= figure.interval[1]
    if figure.source != "print":
        assert figure.note.endswith((published.MATCHED, published.MADE_UP_ROW))


def test_the_inconsistent_prints_are_named() -> None:
    said = {(doubt.pack, row): doubt.says
            for doubt in make_published(as_of=TODAY).doubts for row in doubt.rows}
    wanted = [
        ("intervention-centre", "declined-or-not-reached",
         "73/392 is 18.6%, printed 18%: truncated; rounded it is 19%."),
        ("intervention-centre", "cost-per-referred", "431,200 over 392 referred"),
        ("dvip", "care-for-a-week", "is 1,538; the printed 1,600 works only at 50 weeks."),
        ("dvip", "weeks-for-each-of-35-families", "35 families have 9.1 weeks each"),
        ("dvip", "contract-per-referral-at-15", "£1,750 to £2,333 each"),
        ("substance-pilot", "over-30-hours-of-assessed",
         "23/30 (76.7%) and 20/26 (76.9%) both print 77%"),
        ("substance-pilot", "disclosures", "at most 16 could have"),
        ("your-choice", "the-quarter", "is 4 months; a quarter has 3."),
        ("your-choice", "funding-second-year", "the second year is probably 2022-23"),
        ("your-choice", "safer", "95%, 90% are first possible together at 20 persons."),
    ]
    for name, row, words in wanted:
        assert words in said[name, row]
    for name, rows in AGREES.items():
        assert {(name, row) for row, how in rows.items() if how in (DIFFERS, "truncated")} <= \
            set(said)


def test_json_holds_every_key_of_every_row_and_the_inconsistent_prints(monkeypatch) -> None:
    monkeypatch.setattr(published, "snapshot_of", _not_set_up)
    whole = json.loads(as_bytes(make_published(as_of=TODAY), "json"))
    assert [(row["pack"], row["id"]) for row in whole["figures"]] == ROWS
    assert all(tuple(row) == KEYS for row in whole["figures"])
    assert all(set(doubt) == {"pack", "rows", "says"} for doubt in whole["inconsistent"])
    labels = [row["label"] for row in whole["figures"]]
    assert "DVIP: Men referred in the year" in labels
    assert len(labels) == len(set(labels))


def _not_set_up(*_args, **_kept):
    raise NotSetUp("not set up")


def _no_database(*_args, **_kept):
    raise OperationalError("no server")


def _of(extract):
    return lambda *_args, **_kept: Snapshot(extract, {})


IC = matched("intervention-centre")


@pytest.mark.parametrize(("read", "says"), [
    (_not_set_up, "the service is not set up here, so a cohort made to match the print."),
    (_no_database, "the databases could not be read, so a cohort made to match the print."),
    (_of(replace(IC, invented=False)),
     "not everybody in the records is invented, so a cohort made to match the print."),
    (_of(IC), "records of this machine, all people invented"),
])
def test_the_heading_says_where_the_figures_come_from(monkeypatch, read, says: str) -> None:
    monkeypatch.setattr(published, "snapshot_of", read)
    made = make_published(as_of=TODAY)
    assert says in made.about["Kystland Intervention Centre"]
    assert made.about["Thameslea Violence Prevention"].startswith(
        "2012-01-01 to 2012-12-31; a cohort made to match the print. Made up: ")
    first = made.table.figures[0]
    assert first.note.endswith(published.MATCHED) == ("records of" not in says)
    assert len(made.table.figures) == 75


def test_nothing_is_published_unsuppressed_of_people_who_are_not_invented() -> None:
    with pytest.raises(ReleaseError, match="are not invented; suppress the table"):
        publish_invented([], [replace(IC, invented=False)])


def test_the_text_ends_with_the_doubts_and_pages_hold_them_too(monkeypatch) -> None:
    monkeypatch.setattr(published, "snapshot_of", _not_set_up)
    made = make_published(as_of=TODAY)
    text = as_bytes(made, "text").decode()
    assert " ".join(text.split()).endswith(made.doubts[-1].says)
    page = as_bytes(made, "html").decode()
    assert "Print 1" in page
    assert "printed 18%: truncated" in page
    assert "DVIP: Men referred in the year" in as_bytes(made, "csv").decode("utf-8-sig")
