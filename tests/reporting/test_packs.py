"""The shipped packs: what they ask for exists, and every one is computed from any records."""

from __future__ import annotations

from datetime import date

import pytest

from casewall.measures.definitions import load, names
from casewall.outcomes.cards import INDICATORS, load_pack, pack_names
from casewall.outcomes.matched import SERVICES, matched
from casewall.outcomes.reference import pack
from casewall.outcomes.suppress import suppress
from casewall.reporting import packs
from casewall.reporting.extract import LEFT_OUT, Snapshot
from casewall.reporting.packs import make_pack, packs_of, service_of_pack
from casewall.reporting.report import FORMATS, as_bytes
from casewall.reporting.snapshots import CannotReport
from casewall.services.load import shipped

GENERIC = ("costs", "impact", "marac", "mirabal", "repeat-victimisation", "throughput")
CARDS = [card for name in pack_names() for card in load_pack(name).cards]
TODAY = date(2026, 11, 23)


def test_every_service_has_a_pack_and_six_fit_them_all() -> None:
    assert set(pack_names()) == {*SERVICES, *GENERIC}
    assert set(SERVICES) == set(shipped())
    assert packs_of("dvip") == ("dvip", *GENERIC)
    assert packs_of("a-service-of-its-own") == GENERIC


@pytest.mark.parametrize("card", [card for card in CARDS if card.item], ids=lambda c: c.id)
def test_every_item_and_code_that_a_card_asks_for_is_in_its_measure(card) -> None:
    definition = load(card.measure)
    [item] = [item for item in definition.items if item.link_id == card.item]
    assert card.source in definition.answerers
    assert set(card.codes) <= {option.code for option in item.options}
    assert not set(card.codes) & set(card.silent_codes or ())


@pytest.mark.parametrize("card", [card for card in CARDS if card.scale], ids=lambda c: c.id)
def test_every_scale_is_of_a_measure_that_its_source_answers(card) -> None:
    name = card.scale.partition(".")[0]
    assert name in names()
    assert card.source in load(name).answerers


def test_client_and_partner_are_never_in_one_row() -> None:
    for name in ("mirabal", "impact"):
        for card in load_pack(name).cards:
            role = dict(card.denominator.where)["role"]
            assert role == (card.source,), card.id


def test_impact_asks_both_sides_the_same_at_the_same_time() -> None:
    ids = {card.id for card in load_pack("impact").cards}
    for name in ids:
        other = name.replace("-by-partners-", "-by-X-").replace(
            "-by-clients-", "-by-partners-").replace("-by-X-", "-by-clients-")
        assert other in ids


def test_mirabal_has_six_measures_and_no_index_of_them() -> None:
    source = (INDICATORS / "mirabal.toml").read_text(encoding="utf-8")
    assert [line[2] for line in source.splitlines() if line.startswith("# ") and line[2].isdigit()
            ] == list("123456")
    assert not any("overall" in card.id for card in load_pack("mirabal").cards)


def test_repeats_are_by_source_in_three_windows_each_beside_the_one_before() -> None:
    ids = {card.id for card in load_pack("repeat-victimisation").cards}
    assert ids == {f"{what}-{months}-by-{source}" for what in ("again", "before", "incidents")
                   for months in (6, 12, 24) for source in ("partner", "police", "client")}


def test_costs_are_over_all_denominators() -> None:
    ids = {card.id for card in load_pack("costs").cards}
    assert {"per-referred", "per-started", "per-completed", "per-partner-supported"} <= ids
    figures = {f.id: f for f in pack("costs", matched("intervention-centre"))}
    assert figures["per-referred"].value == 895.15
    assert figures["per-completed"].value == 7018.0
    # 850 days are 121.43 weeks; over 52 weeks it would be more than twice as much.
    assert (figures["cost-per-week"].denominator, figures["cost-per-week"].value) == (
        121.43, 2889.76)
    assert "Excludes rent" in figures["per-started"].note


# Slow and obvious as the reference is, 27 windows for 772 people take longer than they tell.
TOO_SLOW = {("repeat-victimisation", "dvip")}


@pytest.mark.parametrize(("name", "service"), [
    (name, service) for name in GENERIC for service in SERVICES
    if (name, service) not in TOO_SLOW])
def test_every_generic_pack_is_computed_and_released_for_every_service(
        name: str, service: str) -> None:
    figures = pack(name, matched(service))
    assert [figure.id for figure in figures] == [card.id for card in load_pack(name).cards]
    assert all(figure.suppressed for figure in suppress(figures).figures)


def test_throughput_shows_all_denominators_waits_and_dose() -> None:
    figures = {f.id: f for f in pack("throughput", matched("dvip"))}
    assert (figures["completed-of-referred"].numerator,
            figures["completed-of-referred"].denominator) == (46, 410)
    assert figures["completed-of-started"].denominator == 90
    assert figures["wait-to-start"].value == 60.0
    assert figures["wait-to-contact-partners"].value == 7.0
    bands = [figures[f"completed-at-{band}-hours"].denominator for band in (0, 10, 30, 60)]
    assert sum(bands) == 90


def test_a_case_heard_again_counts_as_a_case_and_not_as_a_person() -> None:
    figures = {f.id: f for f in pack("marac", matched("wwp-model"))}
    assert (figures["hearings"].numerator, figures["persons-heard"].numerator) == (9, 9)
    assert figures["heard-again"].denominator == 9
    assert "108,775" in figures["hearings"].note


# The report of a pack --------------------------------------------------------------------------


@pytest.fixture
def recorded(monkeypatch):
    """Records that are the matched cohort of a service, without a database."""
    def read(service, **asked):
        extract = matched(service.id)
        return Snapshot(extract, dict.fromkeys(LEFT_OUT, 0))
    monkeypatch.setattr(packs, "snapshot_of", read)


@pytest.mark.parametrize("form", FORMATS)
def test_a_pack_of_another_service_is_written_in_every_format(recorded, form: str) -> None:
    made = make_pack("throughput", service="dvip", as_of=TODAY, drawn=True)
    assert made.flows
    assert made.series
    assert len(as_bytes(made, form)) > 1000
    under = make_pack("throughput", service="dvip", as_of=TODAY, drawn=True, release=True)
    assert b"Counts of 0" in as_bytes(under, "text")
    assert len(as_bytes(under, form)) > 1000


def test_a_report_is_drawn_only_where_it_is_asked_for(recorded) -> None:
    made = make_pack("dvip", service=None, as_of=TODAY)
    assert (made.flows, made.series, made.doubts) == ((), (), ())
    assert made.about["Service"] == "Thameslea Violence Prevention"


def test_a_quarter_is_named_beside_the_one_that_had_four_months(recorded) -> None:
    made = make_pack("your-choice", service=None, as_of=TODAY, quarter="2022Q1")
    assert made.about["Quarter"].startswith("2022Q1. A quarter has three months.")


@pytest.mark.parametrize(("name", "service", "sentence"), [
    ("nothing", None, "There is no pack “nothing”. Known: costs, dvip"),
    ("throughput", None, "The pack throughput fits several services; say which"),
    ("throughput", "nowhere", "There is no service “nowhere”. Known: dvip"),
])
def test_what_cannot_be_made_is_said(name: str, service: str | None, sentence: str) -> None:
    with pytest.raises(CannotReport, match=sentence.replace("(", "\\(")):
        service_of_pack(name, service)


def test_only_services_with_a_period_leave_pages(recorded, monkeypatch, tmp_path) -> None:
    monkeypatch.setattr(packs, "installed_services", lambda: ["dvip", "intervention-centre"])
    written = packs.write_pages(tmp_path / "reports", as_of=TODAY)
    assert {path.name.partition(".")[0].removesuffix("-costs") for path in written} >= {
        "intervention-centre"}
    assert not any(path.name.startswith("dvip") for path in written)
