"""Requests of clients: collected below, reviewed and answered above, by two people on one day."""

from __future__ import annotations

import base64
from datetime import date, timedelta

import pytest
import time_machine

from casewall.programme.rights import actions as theirs
from casewall.programme.rights.flags import Sign
from casewall.programme.rights.rules import Extension, Identity, Right
from casewall.safety.rights import actions
from casewall.safety.rights.models import RightsCase, RightsItem, RightsReply, RightsReview
from casewall.safety.rights.rules import Answer, Ground, Origin, Questions, Route, Verdict
from casewall.wall.context import acting
from casewall.wall.decide import Refused, StaleEdit
from casewall.wall.sides import Role
from tests.programme.conftest import NOW, TODAY
from tests.safety.rights.conftest import ALL, DAY, HER_NOTE, NONE, OWN_NOTE, Rights, rows

RELEASE = date(2036, 3, 28)


def item_with(world: Rights, request: RightsCase, text: str) -> RightsItem:
    (found,) = [item for item in world.items(request) if text in item.content]
    return found


def test_every_record_comes_up_with_its_signs_and_nothing_is_decided(world: Rights) -> None:
    request = world.collected(world.case())
    own, hers = (item_with(world, request, text) for text in (OWN_NOTE, HER_NOTE))
    assert own.signs == ""
    assert {Sign.MAYBE_NAME, Sign.SAID, Sign.ADDRESS} - {Sign(s) for s in hers.signs.split()} <= {
        Sign.SAID
    }
    assert rows(RightsReview, world.dpo) == []
    assert request.name == "Anders Opdigtet"
    assert request.case_id


def test_a_linked_partners_file_only_adds_signs_and_items_that_nobody_waits_for(
        world: Rights) -> None:
    case = world.case()
    world.note(case, "Opdigtet. Ring på 22 33 44 55.")
    file = world.linked_file(case)
    request = world.collected(case)
    hers = item_with(world, request, HER_NOTE)
    assert Sign.PARTNER_FILE in hers.signs.split()
    assert Sign.PARTNER_FILE in item_with(world, request, "22 33 44 55").signs.split()
    assert item_with(world, request, OWN_NOTE).signs == ""
    assert file.pk
    for item in world.items(request, origin=Origin.PARTNER_FILE):
        assert Sign.PARTNER_ORIGIN in item.signs.split()


def test_two_people_decide_and_the_reply_leaves_on_its_fixed_day(world: Rights) -> None:
    request = world.collected(world.case())
    world.decide_all(request)
    with pytest.raises(Refused, match="28 March 2036"):
        actions.release(request=request, route=Route.IN_PERSON, version=request.version,
                        by=world.dpo)
    with time_machine.travel(NOW + (RELEASE - TODAY), tick=False):
        reply = actions.release(request=request, route=Route.IN_PERSON, version=request.version,
                                by=world.dpo)
        assert reply.released_on == RELEASE
        assert base64.b64decode(reply.content).startswith(b"%PDF")
        again = world.again(request)
        with pytest.raises(Refused, match="ended"):
            actions.release(request=again, route=Route.IN_PERSON, version=again.version,
                            by=world.dpo)
    assert len(rows(RightsReply, world.dpo)) == 1


def test_one_reviewer_is_not_enough_and_two_who_differ_neither(world: Rights) -> None:
    request = world.collected(world.case())
    own = item_with(world, request, OWN_NOTE)
    actions.review(item=own, questions=ALL, verdict=Verdict.INCLUDE, by=world.dpo)
    actions.review(item=own, questions=ALL, verdict=Verdict.INCLUDE, by=world.dpo)
    standing = world.standing(request)
    assert len(standing.reviews[own.pk]) == 1
    assert standing.decided[own.pk] is None
    world.withhold(own, world.manager)
    assert world.standing(request).decided[own.pk] is None
    actions.review(item=own, questions=ALL, verdict=Verdict.INCLUDE, by=world.manager)
    decided = world.standing(request).decided[own.pk]
    assert decided
    assert decided.verdict is Verdict.INCLUDE
    with pytest.raises(Refused, match="wait for a decision"):
        actions.release(request=request, route=Route.IN_PERSON, version=request.version,
                        by=world.dpo)


def test_what_has_a_sign_is_told_only_by_the_answers_and_with_a_reason(world: Rights) -> None:
    request = world.collected(world.case())
    hers = item_with(world, request, HER_NOTE)
    with pytest.raises(Refused, match="not reasonable"):
        actions.review(item=hers, questions=NONE, verdict=Verdict.INCLUDE, reason="x",
                       by=world.dpo)
    with pytest.raises(Refused, match="Say why a record"):
        actions.review(item=hers, questions=ALL, verdict=Verdict.INCLUDE, by=world.dpo)
    with pytest.raises(Refused, match="on which ground"):
        actions.review(item=hers, questions=ALL, verdict=Verdict.WITHHOLD, by=world.dpo)


def test_an_extract_is_built_up_from_the_record_and_shows_nobody_else(world: Rights) -> None:
    request = world.collected(world.case())
    own, hers = (item_with(world, request, text) for text in (OWN_NOTE, HER_NOTE))
    for extract, why in (("Kept the promise.", "not in the record: promise"),
                         ("", "Write the extract"), ("Mette moved.", "maybe name")):
        with pytest.raises(Refused, match=why):
            actions.review(item=own if "promise" in extract else hers, questions=ALL,
                           verdict=Verdict.EXTRACT, extract=extract, by=world.dpo)
    for by in (world.dpo, world.manager):
        actions.review(item=own, questions=ALL, verdict=Verdict.EXTRACT,
                       extract="Practised the  time-out", by=by)
    decided = world.standing(request).decided[own.pk]
    assert decided
    assert decided.extract == "Practised the time-out"


def test_batches_take_plain_records_only_and_ask_both_people(world: Rights) -> None:
    case = world.case()
    world.linked_file(case)
    request = world.collected(case)
    done = actions.confirm_many(request=request, verdict=Verdict.INCLUDE, by=world.dpo)
    plain = [item for item in world.items(request) if not item.signs]
    assert done == len(plain) > 0
    assert actions.confirm_many(request=request, verdict=Verdict.INCLUDE, by=world.dpo) == 0
    assert not any(world.standing(request).decided.values())


def test_a_sign_found_later_asks_both_anew(world: Rights) -> None:
    case = world.case()
    request = world.collected(case)
    item = item_with(world, request, OWN_NOTE)
    for by in (world.dpo, world.manager):
        actions.review(item=item, questions=ALL, verdict=Verdict.INCLUDE, by=by)
    assert world.standing(request).decided[item.pk]
    file = world.file("Plan", "Opdigtet")
    world.linked(file, case.pk)
    world.pull()
    assert Sign.PARTNER_FILE in world.again(item).signs.split()
    assert world.standing(request).decided[item.pk] is None


def test_a_disclosure_is_of_partner_origin_and_needs_that_persons_consent(world: Rights) -> None:
    request = world.collected(world.case())
    item = world.items(request)[0]
    item.signs = Sign.PARTNER_ORIGIN
    with acting(world.dpo):
        item.save(force_update=True)
    no_consent = Questions(Answer.YES, Answer.NO, Answer.YES)
    with pytest.raises(Refused, match="consent"):
        actions.review(item=item, questions=no_consent, verdict=Verdict.INCLUDE, reason="x",
                       by=world.dpo)
    actions.review(item=item, questions=NONE, verdict=Verdict.WITHHOLD,
                   ground=Ground.PARTNER_ORIGIN, by=world.dpo)


def test_the_answer_is_extended_once_and_within_the_first_month(world: Rights) -> None:
    request = world.collected(world.case())
    with time_machine.travel(NOW + timedelta(days=32), tick=False), pytest.raises(
            Refused, match="first month ended"):
        actions.extend(request=request, because=Extension.SIZE, version=request.version,
                       by=world.dpo)
    row = actions.extend(request=request, because=Extension.SIZE, version=request.version,
                         by=world.dpo)
    with pytest.raises(Refused, match="already"):
        actions.extend(request=row, because=Extension.SIZE, version=row.version, by=world.dpo)
    with pytest.raises(StaleEdit):
        actions.extend(request=request, because=Extension.SIZE, version=request.version,
                       by=world.dpo)


def test_a_withdrawn_request_ends_above_at_the_next_pull(world: Rights) -> None:
    case = world.case()
    asked = world.asks(case)
    world.pull()
    theirs.withdraw_request(request=asked, version=asked.version, by=world.programme.manager)
    world.pull()
    (row,) = rows(RightsCase, world.dpo)
    assert row.state == "withdrawn"


def test_requests_are_pulled_before_it_is_known_who_asks_and_once(world: Rights) -> None:
    world.asks(world.case(), identity=Identity.NOT_YET, identity_on=None)
    world.asks(world.case(), right=Right.ERASURE)
    world.pull()
    world.pull(NOW + DAY)
    found = rows(RightsCase, world.dpo)
    assert sorted(row.asked_for for row in found) == ["access", "erasure"]
    assert {row.version for row in found} == {1}


@pytest.mark.parametrize("role", [Role.PARTNER_WORKER, Role.COORDINATOR, Role.CHILDRENS_WORKER,
                                  Role.EVALUATOR, Role.SAFETY_ADMINISTRATOR])
def test_nobody_else_sees_or_reviews_what_was_collected(world: Rights, role: Role) -> None:
    request = world.collected(world.case())
    by = world.staff[role]
    assert rows(RightsItem, by) == []
    assert rows(RightsCase, by) == []
    (item, *_) = world.items(request)
    with pytest.raises(Refused):
        world.withhold(item, by)
    with pytest.raises(Refused):
        actions.confirm_many(request=request, verdict=Verdict.INCLUDE, by=by)
    with pytest.raises(Refused):
        actions.preview(request=request, by=by)
    with pytest.raises(Refused):
        actions.release(request=request, route=Route.IN_PERSON, version=1, by=by)
