"""Sharing with agencies: on a basis, once, recalled, never to a client or a partner."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from casewall.safety.intake.models import OutboxItem
from casewall.safety.pulled.models import CaseToken
from casewall.safety.sharing import actions
from casewall.safety.sharing.models import AgencyMessage, ExternalAgency, Share, SharingAgreement
from casewall.safety.sharing.reading import shared_part, today_items
from casewall.safety.sharing.rules import ANSWER_DAYS, AgencyKind, Basis, Route
from casewall.vault.blind import person_tokens
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.ids import new_id
from casewall.wall.sides import Side
from tests.safety.children.conftest import PHONE, SERVICE, TODAY, Family
from tests.safety.sharing.conftest import DAY, Sharing, terms

pytestmark = pytest.mark.usefixtures("site")
WITHOUT: dict[str, Any] = {"consented": False, "without_because": "Nobody could be asked."}


def waiting(family: Family, who: str, today: date = TODAY) -> list[str]:
    with acting(family[who]):
        return [item["what"] for item in today_items(family[who], today, today)]


def index(family: Family) -> None:
    """Blind index entries of the client, as the pull makes them."""
    with acting(family.system):
        for token, kind in person_tokens(Side.SAFETY, names=[family.case.name]).items():
            CaseToken(id=new_id(), compartment=family.case.compartment, case=family.case,
                      token=token, kind=kind).save(force_insert=True)  # fmt: skip


def agreed(family: Family, agency: ExternalAgency, last_on: date, **more: Any) -> SharingAgreement:
    return actions.agree(agency=agency, what="Invented: new locks", basis=Basis.PUBLIC_TASK,
                         first_on=TODAY - 400 * DAY, last_on=last_on, by=family["coordinator"],
                         **more)  # fmt: skip


def test_a_share_is_kept_once_and_listed_on_the_file(
    family: Family, agency: ExternalAgency
) -> None:
    form = uuid4()
    made = [
        actions.share(agency=agency, terms=terms(), file=family.file, form=form,
                      by=family["partner"])
        for _ in range(2)
    ]  # fmt: skip
    assert made[0].pk == made[1].pk
    (row,) = family.seen("partner", Share)
    assert (row.person, row.agreement, row.consent_on) == ("Duty desk", None, TODAY)
    assert not family.seen("other", Share)
    assert not family.seen("children", Share)
    with acting(family["partner"]):
        shown = shared_part(family.file, family["partner"], TODAY)
    assert [one["title"] for one in shown.entries] == ["Shared with Invented Housing Office"]


@pytest.mark.parametrize("who", ["officer", "evaluator", "administrator"])
def test_who_has_not_the_duty_shares_nothing(
    family: Family, agency: ExternalAgency, shared: Sharing, who: str
) -> None:
    row = shared()
    with pytest.raises(Refused):
        actions.share(agency=agency, terms=terms(), file=family.file, by=family[who])
    with pytest.raises(Refused):
        actions.recall_share(share=row, reason="x", version=1, by=family[who])
    with pytest.raises(Refused):
        actions.tell_of_recall(share=row, whom="x", on=TODAY, by=family[who])
    with pytest.raises(Refused):
        actions.send_message(share=row, route=Route.POST, words="x", sent_on=TODAY, by=family[who])


def test_an_agreement_that_has_ended_stops_a_share_but_for_a_life(
    family: Family, agency: ExternalAgency, shared: Sharing
) -> None:
    agreement = agreed(family, agency, TODAY + 10 * DAY)
    assert shared().agreement == agreement
    actions.end_agreement(agreement=agreement, by=family["manager"])
    assert shared().agreement == agreement
    with acting(family["manager"]):
        SharingAgreement.objects.visible_to(family["manager"]).update(ended_on=TODAY - DAY)
    with pytest.raises(Refused, match="has ended, so nothing is shared on this basis"):
        shared()
    assert shared(basis=Basis.VITAL_INTERESTS, **WITHOUT).agreement is None


def test_the_manager_is_warned_before_an_agreement_ends_until_it_is_renewed(
    family: Family, agency: ExternalAgency
) -> None:
    agreed(family, agency, TODAY + 60 * DAY)
    assert waiting(family, "manager") == ["Renew an agreement on sharing; it ends:"]
    assert waiting(family, "manager", TODAY - DAY) == []
    assert waiting(family, "partner") == []
    agreed(family, agency, TODAY + 400 * DAY)
    assert waiting(family, "manager") == []


@pytest.mark.parametrize(
    ("person", "says"),
    [
        ("Opdigtet Klient", "the name of a client"),
        ("Klient, Opdigtet, at home", "the name of a client"),
        ("opdigtet.klient@example.invalid", "the name of a client"),
        ("Amira Invented", "the name of a partner"),
        (f"Desk, {PHONE}", "that of a partner"),
    ],
)
def test_nothing_is_shared_with_a_client_or_a_partner(
    family: Family, agency: ExternalAgency, shared: Sharing, person: str, says: str
) -> None:
    index(family)
    with pytest.raises(Refused, match=says):
        shared(person=person)
    assert not family.seen("coordinator", Share)
    with pytest.raises(Refused, match=says):
        actions.add_contact(agency=agency, name=person, phone="+442079460999",
                            by=family["coordinator"])  # fmt: skip
    with pytest.raises(Refused, match=says):
        actions.keep_agency(service=SERVICE, compartment=agency.compartment, name=person,
                            kind=AgencyKind.OTHER, by=family["coordinator"])  # fmt: skip


def test_a_way_to_an_agency_is_never_that_of_a_partner(
    family: Family, agency: ExternalAgency
) -> None:
    with pytest.raises(Refused, match="phone number or e-mail"):
        actions.add_contact(agency=agency, name="Desk", phone=PHONE, by=family["coordinator"])
    with pytest.raises(Refused, match="Write a phone number"):
        actions.add_contact(agency=agency, name="Desk", by=family["coordinator"])
    with pytest.raises(Refused, match="may not keep the directory"):
        actions.add_contact(agency=agency, name="Desk", phone="1234567", by=family["partner"])


def test_a_recall_stays_on_the_list_and_asks_that_the_agency_is_told(
    family: Family, shared: Sharing
) -> None:
    row = shared()
    with pytest.raises(StaleEdit):
        actions.recall_share(share=row, reason="Wrong", version=7, by=family["partner"])
    with pytest.raises(Refused, match="has not been recalled"):
        actions.tell_of_recall(share=row, whom="Desk", on=TODAY, by=family["partner"])
    for _ in range(2):
        row = actions.recall_share(share=row, reason="Wrong", version=1, by=family["partner"])
    assert waiting(family, "partner") == ["Tell Invented Housing Office of a recalled share:"]
    assert waiting(family, "other") == []
    actions.tell_of_recall(share=row, whom="Desk", on=TODAY, by=family["partner"])
    assert waiting(family, "partner") == []
    with pytest.raises(Refused, match="nothing more goes out"):
        actions.send_message(share=row, route=Route.POST, words="x", sent_on=TODAY,
                             by=family["partner"])  # fmt: skip


def test_a_message_waits_for_its_receipt(family: Family, shared: Sharing) -> None:
    row = shared()
    form = uuid4()
    for _ in range(2):
        sent = actions.send_message(share=row, route=Route.EMAIL, words="Invented.", sent_on=TODAY,
                                    form=form, by=family["partner"])  # fmt: skip
    assert len(family.seen("partner", AgencyMessage)) == 1
    assert waiting(family, "partner", TODAY + (ANSWER_DAYS - 1) * DAY) == []
    assert waiting(family, "partner", TODAY + ANSWER_DAYS * DAY) == [
        "Ask Invented Housing Office whether a message arrived:"
    ]
    with pytest.raises(Refused, match="before it was sent"):
        actions.acknowledge(message=sent, whom="Desk", on=TODAY - DAY, by=family["partner"])
    actions.acknowledge(message=sent, whom="Desk", on=TODAY, by=family["partner"])
    (kept,) = family.seen("coordinator", AgencyMessage)
    assert (kept.acknowledged_by, kept.kept_by, kept.ask_on) == (
        "Desk", family["partner"].worker, None)  # fmt: skip
    assert waiting(family, "partner", TODAY + ANSWER_DAYS * DAY) == []


def test_a_share_about_a_child_in_the_course_of_a_file_is_not_for_the_other_partners_worker(
    family: Family, agency: ExternalAgency
) -> None:
    support = family.supported(file=family.file)
    actions.share(agency=agency, terms=terms(), file=family.file, child=support.child,
                  by=family["partner"])  # fmt: skip
    actions.share(agency=agency, terms=terms(), child=support.child, by=family["children"])
    assert len(family.seen("partner", Share)) == 1
    assert len(family.seen("children", Share)) == 2
    assert len(family.seen("coordinator", Share)) == 2
    assert not family.seen("other", Share)
    assert not family.seen("colleague", Share)


def test_nothing_of_sharing_is_ever_put_on_the_bridge(
    family: Family, agency: ExternalAgency, shared: Sharing
) -> None:
    row = shared()
    actions.send_message(share=row, route=Route.POST, words="x", sent_on=TODAY,
                         by=family["partner"])  # fmt: skip
    actions.recall_share(share=row, reason="x", version=1, by=family["partner"])
    with acting(family.system):
        assert not OutboxItem.objects.visible_to(family.system).exists()
