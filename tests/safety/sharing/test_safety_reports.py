"""Reports of this side: from the allow-list, checked by a second person, clean as files."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import docx
import pypdf
import pytest

from casewall.programme.incidents.rules import Form, Severity, Source
from casewall.programme.incidents.rules import Kind as Proceeding
from casewall.programme.rights.rules import Because
from casewall.safety.incidents import actions as incidents
from casewall.safety.incidents.rules import Suffered
from casewall.safety.rights.actions import restrict
from casewall.safety.sharing import actions
from casewall.safety.sharing.actions.reports import content_of, file_of
from casewall.safety.sharing.content import ReportContent, thawed
from casewall.safety.sharing.models import Export, SafetyReport
from casewall.safety.sharing.overlap import told_in_confidence
from casewall.safety.sharing.reading import today_items
from casewall.safety.sharing.rules import OF_CHILD, OF_PARTNER, Basis, ReportState, Section
from casewall.vault.clean import findings
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from tests.safety.children.conftest import ADDRESS, PHONE, TODAY, Family
from tests.safety.sharing.conftest import answers, terms, written

pytestmark = pytest.mark.usefixtures("site")
CANARY = "kanariefugl"
BOTH = [Section.SUPPORT, Section.ASSESSMENT]


def passed(report: SafetyReport, family: Family, **changed: Any) -> SafetyReport:
    """The report after a coordinator's check."""
    given: dict[str, Any] = {
        "answers": answers(BOTH), "accepted": {}, "overlaps_seen": False, "version": report.version,
        **changed,
    }  # fmt: skip
    return actions.approve_report(report=report, by=family["coordinator"], **given)


def released(report: SafetyReport, family: Family) -> SafetyReport:
    report = passed(report, family)
    return actions.release_report(report=report, version=report.version, by=family["coordinator"])


def test_no_report_leaves_a_restricted_file(family: Family, report: SafetyReport) -> None:
    checked = passed(report, family)
    restrict(file=family.file, because=Because.ACCURACY, by=family["manager"])
    with pytest.raises(Refused, match="This file is restricted"):
        actions.release_report(report=checked, version=checked.version, by=family["manager"])


def text_of(family: Family, report: SafetyReport) -> list[str]:
    """What the PDF and the Word file of a report say, and their bytes are clean."""
    with acting(family["coordinator"]):
        pdf = file_of(report, "pdf", family["coordinator"])
        word = file_of(report, "docx", family["coordinator"])
    assert pdf
    assert word
    assert (findings(pdf, "pdf"), findings(word, "docx")) == ((), ())
    pages = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    made = docx.Document(io.BytesIO(word))
    cells = [cell.text for table in made.tables for row in table.rows for cell in row.cells]
    return [pages, " ".join([*(one.text for one in made.paragraphs), *cells])]


def suffered(family: Family, source: Source) -> None:
    incidents.record_suffered(
        file=family.file, suffered_by=Suffered.PARTNER, forms=[Form.PHYSICAL], signs=[],
        severity=Severity.MODERATE, source=source, happened_on=TODAY, exact=True, told_on=TODAY,
        what=f"{CANARY} hands round the neck in the kitchen at night", by=family["partner"],
    )  # fmt: skip


def test_a_report_holds_facts_of_its_sections_and_no_place_or_word_of_a_note(
    family: Family,
) -> None:
    suffered(family, Source.PARTNER)
    suffered(family, Source.POLICE)
    incidents.open_proceeding(
        file=family.file, kind=Proceeding.PROTECTIVE_ORDER, began_on=TODAY, until_on=None,
        court=CANARY, conditions=CANARY, source=Source.POLICE, stated_on=TODAY,
        by=family["partner"],
    )  # fmt: skip
    family.child(given_name=CANARY)
    chosen = [one for one in OF_PARTNER if one not in (Section.TOLD,)]
    report = actions.write_report(
        written=written(sections=chosen, words=dict.fromkeys(chosen, "Invented words.")),
        file=family.file, by=family["partner"],
    )  # fmt: skip
    report = passed(report, family, answers=answers(chosen))
    report = actions.release_report(report=report, version=report.version,
                                    by=family["manager"])  # fmt: skip
    for text in text_of(family, report):
        assert "Protective order" in text
        assert "olice" in text
        assert "Amira" not in text
        for planted in (CANARY, ADDRESS, PHONE, "Partner"):
            assert planted not in text, planted
    ledger = family.seen("coordinator", Export)
    assert {row.ending for row in ledger} == {"pdf", "docx"}
    assert all(len(row.digest) == 64 for row in ledger)


def test_what_is_released_is_the_same_every_time_and_changes_no_more(
    family: Family, report: SafetyReport
) -> None:
    report = released(report, family)
    assert text_of(family, report) == text_of(family, report)
    for act in (
        lambda: actions.edit_report(report=report, written=written(), version=report.version,
                                    by=family["partner"]),
        lambda: actions.release_report(report=report, version=report.version,
                                       by=family["coordinator"]),
        lambda: passed(report, family),
    ):  # fmt: skip
        with pytest.raises(Refused, match="has been released"):
            act()
    new = actions.write_report(written=written(), file=family.file, replaces=report,
                               by=family["partner"])  # fmt: skip
    assert new.edition == 2


def test_the_writer_and_who_has_not_the_duty_check_nothing(
    family: Family, report: SafetyReport
) -> None:
    own = actions.write_report(written=written(), file=family.file, by=family["coordinator"])
    with pytest.raises(Refused, match="somebody else must check"):
        passed(own, family)
    with pytest.raises(Refused, match="may not check and release"):
        actions.approve_report(report=report, answers=answers(BOTH), accepted={},
                               overlaps_seen=False, version=1, by=family["partner"])  # fmt: skip
    with pytest.raises(Refused, match="may not check and release"):
        actions.release_report(report=report, version=1, by=family["children"])
    with pytest.raises(Refused, match="may not write a report"):
        actions.write_report(written=written(), file=family.file, by=family["officer"])
    with pytest.raises(Refused, match="Somebody else must check"):
        actions.release_report(report=report, version=report.version, by=family["coordinator"])


def test_what_tells_where_somebody_lives_is_returned_and_checked_again(
    family: Family, report: SafetyReport
) -> None:
    with pytest.raises(Refused, match="that never goes out"):
        passed(report, family, answers=answers(BOTH, lives=Section.ASSESSMENT))
    with pytest.raises(StaleEdit):
        passed(report, family, version=9)
    report = actions.return_report(report=report, note="Leave the town out", version=1,
                                   by=family["coordinator"])  # fmt: skip
    with acting(family["partner"]):
        items = today_items(family["partner"], TODAY, TODAY)
    assert [one["what"] for one in items] == ["Change a report that was returned:"]
    report = actions.edit_report(report=report, written=written(), version=report.version,
                                 by=family["partner"])  # fmt: skip
    assert (report.returned_at, report.state) == (None, ReportState.DRAFT)
    with acting(family["coordinator"]):
        items = today_items(family["coordinator"], TODAY, TODAY)
    assert [one["what"] for one in items] == ["Check a report that the client may receive:"]
    assert passed(report, family).state == ReportState.CHECKED


def test_words_told_in_confidence_are_found_and_have_to_be_looked_at(family: Family) -> None:
    suffered(family, Source.PARTNER)
    said = "The report says: hands round the neck in the kitchen."
    report = actions.write_report(
        written=written(words={Section.ASSESSMENT: said}), file=family.file, by=family["partner"]
    )
    with acting(family["coordinator"]):
        shared = told_in_confidence(said, family.file, None, family["coordinator"])
    assert shared == ("hands round the neck in the kitchen",)
    with pytest.raises(Refused, match="also stand in what was told in confidence"):
        passed(report, family)
    assert passed(report, family, overlaps_seen=True).state == ReportState.CHECKED


def test_a_new_version_does_not_stumble_over_its_own_words(family: Family) -> None:
    long = "Invented words that stand in a row in both."
    for _ in range(2):
        actions.write_report(written=written(words={Section.ASSESSMENT: long}), file=family.file,
                             by=family["partner"])  # fmt: skip
    with acting(family["coordinator"]):
        assert not told_in_confidence(long, family.file, None, family["coordinator"])


def test_a_recall_stands_in_the_ledger_and_its_recipient_is_told(
    family: Family, report: SafetyReport
) -> None:
    report = released(report, family)
    with pytest.raises(Refused, match="may not check and release"):
        actions.withdraw_report(report=report, note="Wrong", version=report.version,
                                by=family["partner"])  # fmt: skip
    actions.withdraw_report(report=report, note="Wrong", version=report.version,
                            by=family["coordinator"])  # fmt: skip
    rows = family.seen("coordinator", Export)
    assert all(row.recalled_on == TODAY for row in rows)
    with acting(family["manager"]):
        items = today_items(family["manager"], TODAY, TODAY)
    assert len(items) == len(rows) == 2
    for row in rows:
        actions.tell_of_export(export=row, whom="The clerk", on=TODAY, by=family["manager"])
    with acting(family["manager"]):
        assert not today_items(family["manager"], TODAY, TODAY)
    with pytest.raises(Refused):
        actions.recall_export(export=rows[0], reason="x", version=1, by=family["partner"])


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"recipient": " "}, "to whom"),
        ({"named": " "}, "how the person is called"),
        ({"consented": False}, "there is none"),
        ({"sections": [Section.CHILD_PLAN]}, "cannot hold the section"),
        ({"recipient": "Amira Invented"}, "the name of a partner"),
    ],
)
def test_a_report_is_refused_with_a_sentence(
    family: Family, changed: dict[str, Any], says: str
) -> None:
    with pytest.raises(Refused, match=says):
        actions.write_report(written=written(**changed), file=family.file, by=family["partner"])
    assert not family.seen("partner", SafetyReport)


def test_a_report_about_a_child_has_its_own_sections(family: Family) -> None:
    child = family.supported().child
    form = uuid4()
    for _ in range(2):
        report = actions.write_report(
            written=written(sections=OF_CHILD, words=dict.fromkeys(OF_CHILD, "Invented."),
                            basis=Basis.SAFEGUARDING, consented=False),
            child=child, form=form, by=family["children"],
        )  # fmt: skip
    assert len(family.seen("children", SafetyReport)) == 1
    assert not family.seen("colleague", SafetyReport)
    parts = {part.key: part for part in content_of(report).parts}
    assert parts[Section.CHILD_WORK].rows[0][0] == "Work"


def test_only_a_released_report_about_the_same_person_is_shared(
    family: Family, report: SafetyReport, agency: Any
) -> None:
    def give(file: Any) -> None:
        actions.share(agency=agency, terms=terms(what="", document=report), file=file,
                      by=family["coordinator"])  # fmt: skip

    with pytest.raises(Refused, match="checked and released"):
        give(family.file)
    report = released(report, family)
    with pytest.raises(Refused, match="about somebody else"):
        give(family.other_file)
    give(family.file)


def test_content_with_another_field_is_refused() -> None:
    content = ReportContent(title="T", named="N", agency="A", recipient="R", purpose="P",
                            basis="B", written_by="W", day="D")  # fmt: skip
    assert thawed(content.frozen()) == content
    with pytest.raises(ValueError, match="address"):
        thawed(content.frozen().replace('"named"', '"address"'))
