"""The pages of money: for a safety manager, and for everybody else not there."""

from __future__ import annotations

import io
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import Workbook

from casewall.safety.costs import actions
from casewall.safety.costs.importing import MOST_ROWS, read_lines
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.safety.costs.conftest import MANAGER, OTHERS, Browse, contract, line, text

HEADER = "Category,Amount,Currency,Price year,Included,First day,Last day,Source\n"
ROW = "rent,1250.00,EUR,2014,yes,2014-01-01,2014-12-31,Invented accounts\n"


def typed(**changed: str) -> dict[str, str]:
    days = {f"{name}_{part}": value for name, day in
            (("first_on", ("1", "1", "2014")), ("last_on", ("31", "12", "2014")))
            for part, value in zip(("day", "month", "year"), day, strict=True)}  # fmt: skip
    return {
        "form_id": str(uuid4()), "service": SERVICE, "category": "rent", "amount": "1,250.00",
        "currency": "eur", "price_year": "2014", "included": "yes", "source": "Invented accounts",
        "note": "", "funder": "An invented ministry", "area": "Fjordby", "persons": "20", **days,
        **changed,
    }  # fmt: skip


def file(content: str | bytes, name: str = "ledger.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content.encode() if isinstance(content, str) else content)


def test_a_line_and_a_contract_are_added_and_shown(browse: Browse) -> None:
    browser = browse(MANAGER)
    for name in ("cost-add", "contract-add"):
        assert browser.get(reverse(name)).status_code == 200
        answer = browser.post(reverse(name), typed(), follow=True)
        assert "The ledger is kept." in text(answer)
    shown = text(answer)
    assert "EUR 1,250.00 in prices of 2014, counted for 1 January 2014 to 31 December 2014" in shown
    assert "EUR 23.97 a week" in shown
    assert "An invented ministry" in shown
    assert "Fjordby, 20 persons" in shown
    assert "One domestic homicide" in shown


@pytest.mark.parametrize(
    ("name", "changed", "sentence"),
    [
        ("cost-add", {"price_year": ""}, "Price year"),
        ("cost-add", {"amount": "12,50"}, "“12,50” is not an amount. Write it as 1250.00."),
        ("cost-add", {"last_on_year": "2013"}, "The last day is before the first day."),
        ("cost-add", {"currency": "eu"}, "“EU” is no currency"),
        ("contract-add", {"persons": "0"}, "greater than or equal to 1"),
    ],
)
def test_bad_input_is_answered_with_what_to_mend(
    browse: Browse, name: str, changed: dict[str, str], sentence: str
) -> None:
    answer = browse(MANAGER).post(reverse(name), typed(**changed))
    assert answer.status_code == 422
    assert sentence in text(answer)
    assert "Invented accounts" in answer.content.decode()


def test_a_line_is_replaced_and_struck_on_its_page(staff: Staff, browse: Browse) -> None:
    browser = browse(MANAGER)
    for add, entry, page, strike in (
        (actions.add_cost, line(), "cost", "cost-strike"),
        (actions.add_contract, contract(), "contract", "contract-strike"),
    ):
        kept = add(service=SERVICE, entry=entry, by=staff[MANAGER])
        address = reverse(page, args=[kept.pk])
        assert "Strike it out instead" in text(browser.get(address))
        answer = browser.post(address, typed(why="Read wrongly"))
        assert answer.status_code == 302
        again = browser.post(address, typed(why="Read wrongly"))
        assert "replaced or struck this line already" in text(again)
        kept = add(service=SERVICE, entry=entry, by=staff[MANAGER])
        address = reverse(strike, args=[kept.pk])
        assert browser.get(address).status_code == 200
        assert browser.post(address, {"why": ""}).status_code == 422
        assert browser.post(address, {"why": "Not ours"}).status_code == 302


def test_a_file_is_tried_first_and_then_loaded(browse: Browse) -> None:
    browser, address = browse(MANAGER), reverse("costs-load")
    assert browser.get(address).status_code == 200
    sent = {"service": SERVICE, "file": file(HEADER + ROW * 3), "trial": "on"}
    tried = browser.post(address, sent)
    assert "3 lines would be loaded." in text(tried)
    assert "No line yet" in text(browser.get(reverse("costs")))
    loaded = browser.post(address, {"service": SERVICE, "file": file(HEADER + ROW * 3)},
                          follow=True)
    assert "3 lines were loaded." in text(loaded)


def test_one_bad_row_loads_nothing_and_says_which(browse: Browse) -> None:
    bad = ROW.replace("2014,yes", ",yes")
    answer = browse(MANAGER).post(
        reverse("costs-load"), {"service": SERVICE, "file": file(HEADER + ROW + bad)}
    )
    assert answer.status_code == 422
    assert "ledger.csv, row 3, price year: “” is not a year" in text(answer)
    assert "No line yet" in text(browse(MANAGER).get(reverse("costs")))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "ledger.csv is empty"),
        (b"%PDF-1.7", "is a PDF, not a table"),
        (HEADER.replace("Price year,", "") + ROW, "the column “price year” is missing"),
        (HEADER.replace("Source", "Colour") + ROW, "“Colour” is no column of a ledger"),
        (HEADER.replace("Source", "Currency") + ROW, "the column “Currency” stands twice"),
        (HEADER + ROW.replace("1250.00", "=1+1"), "row 2, column B: a formula stands there"),
        (HEADER + ROW * (MOST_ROWS + 1), "has more than 2000 rows"),
        (HEADER + ROW.replace("rent", "r,e,n,t"), "row 2"),
    ],
)
def test_a_file_that_cannot_be_used_is_answered_in_words(content: str | bytes, sentence) -> None:
    raw = content.encode() if isinstance(content, str) else content
    problems = " ".join(read_lines(io.BytesIO(raw), "ledger.csv").problems)
    assert sentence in problems


def test_a_workbook_is_read_like_a_text_file() -> None:
    book, stream = Workbook(), io.BytesIO()
    book.active.append([*HEADER.strip().split(","), "Note"])
    book.active.append(["rent", 12500, "EUR", 2014, "yes", "2014-01-01", "2014-12-31",
                        "Invented accounts", None])
    book.save(stream)
    found = read_lines(stream, "ledger.xlsx")
    assert (found.problems, found.lines) == ((), (line(),))


def test_the_list_costs_as_many_queries_for_many_lines_as_for_one(
    staff: Staff, browse: Browse
) -> None:
    browser, counts = browse(MANAGER), []
    for more in (1, 20):
        actions.add_costs(service=SERVICE, entries=[line()] * more, by=staff[MANAGER])
        browser.get(reverse("costs"))
        with CaptureQueriesContext(connections["safety"]) as queries:
            browser.get(reverse("costs"))
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("role", OTHERS)
def test_for_nobody_else_is_there_a_page(staff: Staff, browse: Browse, role: Role) -> None:
    kept = actions.add_cost(service=SERVICE, entry=line(), by=staff[MANAGER])
    other = actions.add_contract(service=SERVICE, entry=contract(), by=staff[MANAGER])
    addresses = [reverse(name) for name in ("costs", "cost-add", "contract-add", "costs-load")]
    addresses += [reverse(name, args=[kept.pk]) for name in ("cost", "cost-strike")]
    addresses += [reverse(name, args=[other.pk]) for name in ("contract", "contract-strike")]
    for address in addresses:
        assert browse(role).get(address).status_code == 404
        assert browse(role).post(address, typed(why="x")).status_code in (404, 405)
