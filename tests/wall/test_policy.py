"""The tables of the wall, read out case by case: what may cross, and who may do what."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from casewall.config.wall import FLOWS_PAGE, flows_page
from casewall.wall import ids
from casewall.wall.decide import Decision, Refused, demand, may_cross
from casewall.wall.duties import DUTIES, Duty, may_do, require
from casewall.wall.flows import (
    FLOWS,
    Carrier,
    Ground,
    as_table,
    bridge_kinds,
    flow_named,
    flow_views,
)
from casewall.wall.sides import SIDE_OF_ROLE, SYSTEM_ROLES, Place, Role, Side, Viewer

# --- what crosses --------------------------------------------------------------------------------

CROSSES = {
    # his side is seen from hers, always
    ("status", "programme", "safety", "always"),
    ("identity", "programme", "safety", "always"),
    ("attendance", "programme", "safety", "always"),
    ("session", "programme", "safety", "always"),
    ("place", "programme", "safety", "always"),
    ("room", "programme", "safety", "always"),
    ("course", "programme", "safety", "always"),
    ("suitability", "programme", "safety", "always"),
    ("declared_partner", "programme", "safety", "always"),
    ("family_statement", "programme", "safety", "always"),
    ("declared_child", "programme", "safety", "always"),
    ("safeguarding", "programme", "safety", "always"),
    ("risk", "programme", "safety", "always"),
    ("incident", "programme", "safety", "always"),
    ("proceeding", "programme", "safety", "always"),
    ("access_request", "programme", "safety", "always"),
    ("access_item", "programme", "safety", "always"),
    ("breach_report", "programme", "safety", "always"),
    ("deletion", "programme", "safety", "always"),
    # down: his part of a referral, and what people decided to tell
    ("referral_part", "safety", "programme", "referral"),
    ("withdrawal", "safety", "programme", "referral"),
    ("disclosure", "safety", "programme", "disclosure"),
    ("recall", "safety", "programme", "disclosure"),
    # in: public forms
    ("self_referral", "front_door", "programme", "submission"),
    ("referral", "front_door", "safety", "submission"),
    ("referrer_message", "front_door", "safety", "submission"),
    ("partner_answer", "front_door", "safety", "submission"),
    # out to the door: what says nothing of anybody
    ("slot", "safety", "front_door", "content-free"),
    # out: figures
    ("programme_extract", "programme", "reporting", "pseudonymised"),
    ("safety_extract", "safety", "reporting", "pseudonymised"),
    ("figures", "reporting", "outside", "released"),
}
"""Everything that crosses. A change of this set is a change of the promise."""

KINDS = [*(flow.kind for flow in FLOWS), "engagement", "address", ""]
EVERY_CASE = list(product(KINDS, Place, Place, Ground))


def test_exactly_this_crosses_and_nothing_else_on_any_ground() -> None:
    assert len(EVERY_CASE) == len(KINDS) * 5 * 5 * 7
    allowed = {(kind, source.value, target.value, ground.value)
               for kind, source, target, ground in EVERY_CASE
               if may_cross(kind, source, target, ground)}
    assert allowed == CROSSES


def test_every_answer_has_a_reason_that_names_the_kind_or_says_what_it_is() -> None:
    for kind, source, target, ground in EVERY_CASE:
        decision = may_cross(kind, source, target, ground)
        assert isinstance(decision, Decision)
        assert decision.reason.endswith(".")
        assert decision.allowed or f"“{kind}”" in decision.reason


@pytest.mark.parametrize(("kind", "source", "target", "ground", "reason"), [
    ("engagement", Place.SAFETY, Place.PROGRAMME, Ground.ALWAYS,
     "“engagement” is not in the table of flows, so it does not cross."),
    ("attendance", Place.SAFETY, Place.PROGRAMME, Ground.ALWAYS,
     "“attendance” flows from programme to safety, never from safety to programme."),
    ("disclosure", Place.SAFETY, Place.PROGRAMME, Ground.ALWAYS,
     "“disclosure” crosses on the ground disclosure, not on always."),
    ("attendance", Place.PROGRAMME, Place.SAFETY, Ground.ALWAYS,
     "Whether he came to each session: always."),
])
def test_the_reason_is_a_sentence_for_a_worker(
    kind: str, source: Place, target: Place, ground: Ground, reason: str
) -> None:
    assert may_cross(kind, source, target, ground).reason == reason


def test_only_a_referral_or_a_disclosure_goes_down() -> None:
    down = [flow for flow in FLOWS if (flow.source, flow.target)
            == (Place.SAFETY, Place.PROGRAMME)]
    assert {flow.ground for flow in down} == {Ground.REFERRAL, Ground.DISCLOSURE}
    assert {flow.carrier for flow in down} == {Carrier.BRIDGE}
    assert bridge_kinds() == tuple(flow.kind for flow in down)


def test_every_view_belongs_to_a_flow_that_goes_up_for_every_case() -> None:
    views = [flow for flow in FLOWS if flow.view is not None]
    assert {(f.source, f.target, f.ground, f.carrier) for f in views} == {
        (Place.PROGRAMME, Place.SAFETY, Ground.ALWAYS, Carrier.FLOW_VIEW)}
    assert [flow.view for flow in views] == list(flow_views())
    assert all(view.columns[0] == "id" for view in flow_views())
    # What has no version never changes (a correction is another row), or is compared value by
    # value at each pull.
    assert {view.name for view in flow_views() if view.columns[-1] != "version"} == {
        "flow_place", "flow_incident", "flow_deletion"}


def test_a_kind_has_one_row() -> None:
    kinds = [flow.kind for flow in FLOWS]
    assert len(set(kinds)) == len(kinds)
    assert flow_named("attendance") is FLOWS[kinds.index("attendance")]
    assert flow_named("engagement") is None


def test_the_table_for_people_has_a_line_for_every_flow_and_names_every_column() -> None:
    table = as_table()
    assert len([line for line in table.splitlines() if line.startswith("| ")]) == len(FLOWS) + 1
    for view in flow_views():
        assert f"`{view.name}`: {', '.join(view.columns)}" in table
    assert table.endswith("Whatever is not in this table does not cross.\n")


def test_the_reference_page_is_not_stale() -> None:
    assert FLOWS_PAGE.read_text(encoding="utf-8") == flows_page()


# --- who may do what -----------------------------------------------------------------------------

TABLE = Path(__file__).with_name("duties.txt")


def duties_in_words() -> str:
    """Every role and every duty, in words: the file `duties.txt` holds what was agreed."""
    lines = []
    for side in Side:
        lines.append(f"{side.value} side")
        for role in [role for role in Role if SIDE_OF_ROLE[role] is side]:
            lines.append(f"  {role.value.replace('_', ' ')}")
            lines += [f"    may      {duty.value}" for duty in Duty if may_do(role, duty)]
            lines += [f"    may not  {duty.value}" for duty in Duty if not may_do(role, duty)]
    return "\n".join(lines) + "\n"


def test_who_may_do_what_is_as_agreed() -> None:
    assert duties_in_words() == TABLE.read_text(encoding="utf-8")


def test_every_role_has_a_row_and_a_side() -> None:
    assert set(DUTIES) == set(SIDE_OF_ROLE) == set(Role)


ON_ONE_SIDE = {
    Side.PROGRAMME: {Duty.RECORD_CONTACT, Duty.ASSESS, Duty.MOVE_CASE, Duty.SIGN_AGREEMENT,
                     Duty.RUN_GROUP, Duty.RECORD_ATTENDANCE, Duty.APPLY_ARRIVALS,
                     Duty.WRITE_NOTE, Duty.APPROVE_NOTE, Duty.HOLD_SESSION, Duty.KEEP_APART,
                     Duty.ACT_ON_ABSENCE, Duty.REVIEW_COURSE, Duty.REOPEN, Duty.NAME_REFERRER,
                     Duty.SIGN_OFF, Duty.REFER_ON, Duty.RELEASE, Duty.WRITE_DOCUMENT,
                     Duty.ISSUE_DOCUMENT, Duty.EDIT_TEXTS, Duty.RECORD_MEASURE,
                     Duty.RECORD_INCIDENT, Duty.SIGN_ASSESSMENT},
    Side.SAFETY: {Duty.INTAKE, Duty.UNDO_INTAKE, Duty.SUPPORT_PARTNER, Duty.SET_SAFE_CONTACT,
                  Duty.RECORD_SCALES, Duty.LINK_FILES, Duty.REQUEST_DISCLOSURE,
                  Duty.APPROVE_DISCLOSURE, Duty.EMERGENCY, Duty.REVIEW_EMERGENCY,
                  Duty.SEND_MESSAGE, Duty.READ_OVERRIDES, Duty.SEND_DUE, Duty.CHANGE_DETAILS,
                  Duty.RECORD_CHILD, Duty.SUPPORT_CHILD, Duty.REFER_CHILD, Duty.BOOK,
                  Duty.KEEP_PLACES, Duty.ASSESS_ROLES, Duty.RECORD_SUFFERED,
                  Duty.TELL_AUTHORITIES, Duty.KEEP_COSTS, Duty.RELEASE_FIGURES, Duty.PULL,
                  Duty.JOINT_RISK, Duty.HOLD_MEETING, Duty.REFER_CONFERENCE,
                  Duty.KEEP_CONFERENCE, Duty.SHARE, Duty.KEEP_AGENCIES, Duty.WRITE_REPORT,
                  Duty.CHECK_REPORT, Duty.PUBLISH, Duty.HANDLE_REQUEST, Duty.HANDLE_BREACH},
}
ON_EACH = {Duty.CONFIGURE, Duty.TAKE_REQUEST, Duty.COMPLAINTS, Duty.REPORT_BREACH,
           Duty.HOLD_RECORDS, Duty.ERASE, Duty.EXCLUDE, Duty.OPEN_OUT_OF_TURN,
           Duty.REVIEW_ACCESS}
"""Each side does these for itself, with its own files and its own people."""


def test_every_duty_belongs_to_one_side_or_is_done_by_each_for_itself() -> None:
    assert ON_ONE_SIDE[Side.PROGRAMME] | ON_ONE_SIDE[Side.SAFETY] | ON_EACH == set(Duty)
    assert not ON_ONE_SIDE[Side.PROGRAMME] & ON_ONE_SIDE[Side.SAFETY]
    for role, duties in DUTIES.items():
        assert duties <= ON_ONE_SIDE[SIDE_OF_ROLE[role]] | ON_EACH


def test_nobody_on_the_programme_side_has_a_part_in_a_disclosure() -> None:
    for role in Role:
        if SIDE_OF_ROLE[role] is Side.PROGRAMME:
            assert not may_do(role, Duty.REQUEST_DISCLOSURE)
            assert not may_do(role, Duty.APPROVE_DISCLOSURE)


def test_whoever_configures_touches_no_case_and_whoever_measures_touches_nothing() -> None:
    assert DUTIES[Role.PROGRAMME_ADMINISTRATOR] == {Duty.CONFIGURE}
    assert DUTIES[Role.SAFETY_ADMINISTRATOR] == {Duty.CONFIGURE}
    for role in (Role.EVALUATOR, Role.REFERRER):
        assert DUTIES[role] == frozenset()


def test_the_data_protection_officer_decides_on_records_and_works_with_nobody() -> None:
    assert DUTIES[Role.DATA_PROTECTION_OFFICER] == {
        Duty.TAKE_REQUEST, Duty.HANDLE_REQUEST, Duty.REPORT_BREACH, Duty.HANDLE_BREACH,
        Duty.HOLD_RECORDS, Duty.ERASE, Duty.REVIEW_ACCESS}


def viewer(role: Role) -> Viewer:
    return Viewer(worker=UUID(int=1), name="Invented", role=role, agency="a")


def test_a_no_that_is_demanded_is_refused_with_its_reason() -> None:
    demand(Decision(True, "It may."))
    with pytest.raises(Refused, match=r"^It may not\.$"):
        demand(Decision(False, "It may not."))


def test_an_act_without_the_duty_is_refused_in_words() -> None:
    require(viewer(Role.FACILITATOR), Duty.RECORD_ATTENDANCE)
    with pytest.raises(Refused, match=r"^A partner worker may not mark a register\.$"):
        require(viewer(Role.PARTNER_WORKER), Duty.RECORD_ATTENDANCE)
    assert may_do(Role.FACILITATOR, Duty.RECORD_ATTENDANCE).reason == (
        "A facilitator may mark a register.")


# --- sides and people ----------------------------------------------------------------------------


def test_a_viewer_is_of_the_side_of_the_role() -> None:
    for role in Role:
        assert viewer(role).side is SIDE_OF_ROLE[role]
        assert viewer(role).is_system == (role in SYSTEM_ROLES)
    assert {SIDE_OF_ROLE[role] for role in SYSTEM_ROLES} == set(Side)


def test_a_viewer_is_a_member_of_nothing_unless_said() -> None:
    assert viewer(Role.COORDINATOR).compartments == frozenset()


# --- identifiers ---------------------------------------------------------------------------------


@pytest.fixture
def _own_sources() -> Iterator[None]:
    yield
    ids.draw_from(own=uuid4, down=uuid4)


@pytest.mark.usefixtures("_own_sources")
def test_what_goes_down_is_numbered_from_a_source_of_its_own() -> None:
    ids.draw_from(own=iter([UUID(int=1), UUID(int=2)]).__next__,
                  down=iter([UUID(int=9)]).__next__)
    assert [ids.new_id(), ids.id_to_send_down(), ids.new_id()] == [
        UUID(int=1), UUID(int=9), UUID(int=2)]


def test_identifiers_tell_neither_time_nor_order() -> None:
    drawn = [ids.new_id() for _ in range(200)] + [ids.id_to_send_down() for _ in range(200)]
    assert len(set(drawn)) == 400
    assert {one.version for one in drawn} == {4}
