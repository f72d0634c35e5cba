"""What the pull tells a partner's worker, when, and once; and whom somebody must contact."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from casewall.config.embedded import Cluster
from casewall.programme.cases import actions as case_work
from casewall.programme.cases.models import Case
from casewall.programme.cases.rules import ExitReason, Route, Stage
from casewall.programme.cases.rules import Outcome as ClientOutcome
from casewall.safety.partners import actions as support
from casewall.safety.partners.models import FileLink, Partner, PartnerFile, PartnerTask
from casewall.safety.partners.rules import WAITS, Channel, Contact, Outcome
from casewall.safety.pulled import actions as pulling
from casewall.safety.pulled.models import PulledAttendance, PulledCourse, PulledDeclaration
from casewall.safety.pulled.telling import Notice, make_tasks, midpoints
from casewall.wall.context import acting
from casewall.wall.decide import Refused
from casewall.wall.sides import Role
from tests.people import SERVICE, Staff
from tests.safety.test_taking_in import (
    BOTH,
    CENTRE,
    CLIENT_ONLY,
    HEADER,
    NOON,
    SERVICES,
    load,
    programme_cases,
    round_trip,
    rows,
)

WHEN_SUITABLE = {
    SERVICE: CENTRE.model_copy(
        update={
            "partner_support": CENTRE.partner_support.model_copy(
                update={"trigger": "assessed_suitable"}
            )
        }
    )
}
DAY = NOON.date()


def pull(staff: Staff, at: datetime = NOON, services: Any = None) -> None:
    pulling.pull(by=staff[Role.SAFETY_SYSTEM], services=services or SERVICES, at=at)


def referred(staff: Staff, tmp_path: Path, *lines: str) -> list[Case]:
    path = tmp_path / "henvisninger.csv"
    path.write_text(HEADER + "".join(lines), encoding="utf-8")
    load(staff, path)
    round_trip(staff)
    return programme_cases(staff)


def tasks(staff: Staff, **which: Any) -> list[PartnerTask]:
    by = staff[Role.COORDINATOR]
    with acting(by):
        return list(PartnerTask.objects.visible_to(by).filter(**which).order_by("due_on", "kind"))


def declare(staff: Staff, case: Case, name: str | None, on: date = DAY, **more: Any) -> None:
    case_work.declare_partner(
        case=case,
        name=name,
        relation=more.get("relation", "current"),
        contact_details=more.get("contact", "20000099"),
        stated_by="client",
        stated_on=on,
        by=staff[Role.ASSESSOR],
    )


def programme(var: Path, statement: str, *values: Any) -> None:
    """Change programme rows from outside the product: a stage that would take weeks to reach."""
    url = Cluster(var / "programme", fast=True).superuser_url("casewall_programme")
    with psycopg.connect(url, autocommit=True) as raw:
        raw.execute(statement, values)


def move_all(var: Path, cases: list[Case], stage: str, on: date, reason: str) -> None:
    """The same move of many cases, in one statement."""
    programme(
        var,
        "update programme_cases_case set stage = %s, stage_on = %s, exit_reason = %s, "
        "version = version + 1 where id = any(%s)",
        stage,
        on,
        reason,
        [case.pk for case in cases],
    )


def move(var: Path, case: Case, stage: str, on: date = DAY, reason: str = "") -> None:
    programme(
        var,
        "update programme_cases_case set stage = %s, stage_on = %s, exit_reason = %s, "
        "version = version + 1 where id = %s",
        stage,
        on,
        reason,
        case.pk,
    )


def test_a_stated_partner_makes_one_contact_task_with_the_clock_of_the_service(
    staff: Staff, tmp_path: Path
) -> None:
    [case] = referred(staff, tmp_path, CLIENT_ONLY)
    declare(staff, case, "Frida Opdigtsen", DAY + timedelta(days=1))
    pull(staff)
    [task] = tasks(staff)
    assert (task.kind, task.file, task.case_id) == ("contact_stated", None, case.pk)
    assert task.due_on == date(2026, 3, 10)
    declare(staff, case, "OPDIGTSEN, Frida", DAY + timedelta(days=3))
    for later in (1, 2):
        pull(staff, NOON + timedelta(hours=later))
    assert [one.pk for one in tasks(staff)] == [task.pk]
    declare(staff, case, "Gerda Opdigtsen", relation="former")
    pull(staff, NOON + timedelta(days=3))
    assert len(tasks(staff)) == 2


def test_public_holidays_do_not_shorten_the_clock(staff: Staff, tmp_path: Path) -> None:
    [case] = referred(staff, tmp_path, CLIENT_ONLY)
    declare(staff, case, "Frida Opdigtsen", date(2026, 4, 1))
    pull(staff)
    assert [task.due_on for task in tasks(staff)] == [date(2026, 4, 13)]


def test_a_stated_partner_who_has_a_file_makes_no_second_task(staff: Staff, tmp_path: Path) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    declare(staff, case, "Benedikte Fiktivsen")
    pull(staff)
    assert tasks(staff) == []
    [file] = rows(staff, PartnerFile)
    assert (file.next_action, file.contact_by) == ("contact", date(2026, 3, 6))


def test_a_service_that_contacts_current_partners_asks_about_these_only(
    staff: Staff, tmp_path: Path
) -> None:
    latest = CENTRE.partner_support.model_copy(update={"contacts": "current_or_latest"})
    services = {SERVICE: CENTRE.model_copy(update={"partner_support": latest})}
    [case] = referred(staff, tmp_path, CLIENT_ONLY)
    declare(staff, case, "Frida Opdigtsen", relation="former")
    declare(staff, case, "Gerda Opdigtsen", relation="current")
    pull(staff, services=services)
    [task] = tasks(staff)
    with acting(staff[Role.COORDINATOR]):
        stated = PulledDeclaration.objects.visible_to(staff[Role.COORDINATOR]).get(pk=task.fact_id)
    assert stated.name == "Gerda Opdigtsen"


def test_the_clock_waits_for_the_acceptance_where_the_service_says_so(
    staff: Staff, tmp_path: Path, var: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "casewall.safety.partners.actions.files.contacts_when_suitable", lambda service: True
    )
    [case] = referred(staff, tmp_path, BOTH)
    declare(staff, case, "Frida Opdigtsen")
    pull(staff, services=WHEN_SUITABLE)
    [file] = rows(staff, PartnerFile)
    assert (file.next_action, file.next_action_on, file.contact_by) == (WAITS, None, None)
    assert tasks(staff) == []
    move(var, case, "suitable", DAY + timedelta(days=21))
    for hours in (0, 1):
        at = NOON + timedelta(days=21, hours=hours)
        pull(staff, at, services=WHEN_SUITABLE)
    [again] = rows(staff, PartnerFile)
    assert (again.next_action, again.next_action_on) == ("contact", date(2026, 3, 30))
    assert again.contact_by == date(2026, 3, 30)
    assert again.version == file.version + 1
    assert [task.kind for task in tasks(staff)] == ["contact_stated", "tell_accepted"]


def test_a_file_is_made_from_a_statement_without_its_contact_details(
    staff: Staff, tmp_path: Path
) -> None:
    [case] = referred(staff, tmp_path, CLIENT_ONLY)
    declare(staff, case, "Frida Marie Opdigtsen", contact="+4520000099, Hans Vej 1")
    pull(staff)
    by = staff[Role.COORDINATOR]
    [stated] = rows(staff, PulledDeclaration)
    made = [pulling.open_stated(stated=stated, on=DAY, by=by) for _ in range(2)]
    assert made[0].pk == made[1].pk
    [partner] = rows(staff, Partner)
    assert (partner.given_name, partner.family_name) == ("Frida Marie", "Opdigtsen")
    assert (partner.phone, partner.email, partner.address) == (None, None, None)
    [file] = rows(staff, PartnerFile)
    assert (file.worker, file.learned) == (None, "programme_statement")
    assert file.contact_by == file.next_action_on == date(2026, 3, 9)
    assert [(link.case_id, link.origin) for link in rows(staff, FileLink)] == [
        (case.pk, "declaration")
    ]
    [task] = tasks(staff)
    assert task.done_on == DAY
    declare(staff, case, "Frida Marie Opdigtsen", contact="another phone")
    pull(staff, NOON + timedelta(hours=1))
    assert len(tasks(staff)) == 1
    assert [p.phone for p in rows(staff, Partner)] == [None]


def test_what_is_made_of_a_statement_is_for_coordination(staff: Staff, tmp_path: Path) -> None:
    [case] = referred(staff, tmp_path, CLIENT_ONLY)
    declare(staff, case, None)
    pull(staff)
    [stated] = rows(staff, PulledDeclaration)
    for role in (Role.PARTNER_WORKER, Role.CHILDRENS_WORKER, Role.EVALUATOR):
        with pytest.raises(Refused, match="may not take in referrals"):
            pulling.open_stated(stated=stated, on=DAY, by=staff[role])
        with pytest.raises(Refused, match="may not take in referrals"):
            pulling.leave_stated(stated=stated, reason="x", on=DAY, by=staff[role])
    by = staff[Role.COORDINATOR]
    with pytest.raises(Refused, match="No name was stated"):
        pulling.open_stated(stated=stated, on=DAY, by=by)
    with pytest.raises(Refused, match="Say why nobody is contacted"):
        pulling.leave_stated(stated=stated, reason=" ", on=DAY, by=by)
    pulling.leave_stated(stated=stated, reason="It is a parent.", on=DAY, by=by)
    [task] = tasks(staff)
    assert (task.done_on, task.note) == (DAY, "It is a parent.")


def fact(staff: Staff, model: Any, case: UUID, **fields: Any) -> Any:
    """A pulled fact, as the pull would copy it."""
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        place = PartnerFile.objects.visible_to(system).first().compartment
        row = model(compartment=place, source_version=1, as_of=NOON, case_id=case, **fields)
        row.save(force_insert=True)
    return row


def test_an_absence_is_told_within_hours_with_its_day_and_moment(
    staff: Staff, tmp_path: Path
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    pull(staff)
    mark = fact(
        staff,
        PulledAttendance,
        case.pk,
        held_on=DAY,
        outcome="absent_not_accepted",
        minutes_planned=120,
        minutes_attended=0,
        session_version=1,
    )
    notice = Notice(case.pk, "tell_absent", str(mark.id), DAY, mark.id)
    at = NOON + timedelta(hours=9)
    with acting(staff[Role.SAFETY_SYSTEM]):
        made = [make_tasks([notice, notice], services=SERVICES, at=at) for _ in range(2)]
    assert made == [1, 0]
    [task] = tasks(staff)
    assert task.due_at == at + timedelta(hours=24)
    assert (task.due_on, task.about_on, task.as_of) == (date(2026, 3, 3), DAY, at)


@pytest.mark.parametrize("late", [0, 200])
def test_the_midpoint_is_told_once_however_late_the_pull_runs(
    staff: Staff, tmp_path: Path, late: int
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    pull(staff)
    half = DAY + timedelta(days=70)
    course = {"state": "running", "began_on": DAY, "ends_by": DAY + timedelta(days=140)}
    fact(staff, PulledCourse, case.pk, **course)
    with acting(staff[Role.SAFETY_SYSTEM]):
        assert midpoints(half - timedelta(days=1)) == []
    for days in (70 + late, 71 + late, 90 + late):
        pull(staff, NOON + timedelta(days=days))
    [task] = tasks(staff, kind="tell_midpoint")
    assert task.about_on == half


def test_a_stage_that_is_corrected_and_set_again_is_told_once(
    staff: Staff, tmp_path: Path, var: Path
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    for hour, stage in enumerate(["assessed", "suitable", "assessed", "suitable"]):
        move(var, case, stage)
        pull(staff, NOON + timedelta(hours=hour))
    assert [task.kind for task in tasks(staff)] == ["tell_accepted"]


def test_a_drop_out_is_due_at_once_and_a_file_that_is_closed_gets_nothing(
    staff: Staff, tmp_path: Path, var: Path
) -> None:
    [case] = referred(staff, tmp_path, BOTH)
    move(var, case, "started")
    pull(staff)
    [file] = rows(staff, PartnerFile)
    move(var, case, "exited", reason="not_taking_part")
    pull(staff, NOON + timedelta(days=1))
    [told] = tasks(staff, kind="tell_dropped_out")
    assert told.due_on == date(2026, 3, 3)
    support.close_file(file=file, on=DAY + timedelta(days=2), by=staff[Role.SAFETY_MANAGER])
    move(var, case, "contacted")
    pull(staff, NOON + timedelta(days=3))
    assert tasks(staff, kind="tell_reopened") == []


# --- neither file depends on the other ------------------------------------------------------------

HERS = ("none", "open", "closed", "withdrawn", "declined")
ENDS = {"closed": "", "exited": "moved", "withdrawn": ""}
HIS = [stage.value for stage in Stage]


def _everything(var: Path, side: str, *, but: tuple[str, ...] = ()) -> dict[str, list[str]]:
    """Every row of every table of a cluster as text, with the transaction that wrote it."""
    url = Cluster(var / side, fast=True).superuser_url(f"casewall_{side}")
    found = {}
    with psycopg.connect(url, autocommit=True) as raw:
        tables = raw.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace "
            "and relkind = 'r' and pg_relation_size(oid) > 0 order by 1"
        ).fetchall()
        for (table,) in tables:
            if not table.startswith(but or ("\0",)):
                text = f"select t.xmin || ' ' || t::text from {table} t"
                # A table of which every row went may or may not have given its room back yet.
                if rows := sorted(row[0] for row in raw.execute(text)):
                    found[table] = rows
    return found


def _families(staff: Staff, tmp_path: Path) -> dict[tuple[str, str], tuple[str, str]]:
    """One row of a referral file for each stage of his and each state of hers."""
    lines, made = [], {}
    for number, (stage, state) in enumerate((a, b) for a in HIS for b in HERS):
        his, hers = f"Han{_letters(number)}", f"Hun{_letters(number)}"
        partner = f"{hers};Opdigtsen;" if state != "none" else ";;"
        lines.append(f"9-{number};01.03.2026;{his};Fiktivholm;;;{partner};\n")
        made[stage, state] = his, hers
    referred(staff, tmp_path, *lines)
    return made


def _letters(number: int) -> str:
    return chr(97 + number // 26) + chr(97 + number % 26)


def _put(staff: Staff, file: PartnerFile, state: str) -> None:
    by = staff[Role.SAFETY_MANAGER]
    if state == "closed":
        support.close_file(file=file, on=DAY, by=by)
    elif state == "withdrawn":
        support.withdraw_file(file=file, on=DAY, by=staff[Role.COORDINATOR])
    elif state == "declined":
        support.record_contact(
            file=file,
            tried_at=NOON,
            channel=Channel.CALL,
            outcome=Outcome.DECLINED,
            by=by,
        )


def test_every_end_of_either_file_leaves_the_other_as_it_was(
    staff: Staff, tmp_path: Path, var: Path
) -> None:
    families = _families(staff, tmp_path)
    cases = {case.client.given_name: case for case in programme_cases(staff)}
    for stage in HIS:
        his = [cases[families[stage, state][0]] for state in HERS]
        move_all(var, his, stage, DAY, "moved" if stage == "exited" else "")
    pull(staff)
    by = staff[Role.COORDINATOR]
    with acting(by):
        files = {
            file.partner.given_name: file
            for file in PartnerFile.objects.visible_to(by).select_related("partner")
        }
        finish = list(PartnerTask.objects.visible_to(by).values_list("id", flat=True))
    assert len(files) == len(HIS) * (len(HERS) - 1)

    # Hers: no end of hers writes a byte below.
    below = _everything(var, "programme")
    for (_stage, state), (_his, hers) in families.items():
        if state != "none":
            _put(staff, files[hers], state)
    assert _everything(var, "programme") == below

    # His: no end of his changes a byte of hers; an open file gets a task.
    mine = ("audit_", "safety_pulled_", "safety_partners_partnertask", "django_")
    above = _everything(var, "safety", but=mine)
    for number, (end, reason) in enumerate(ENDS.items()):
        his = [cases[name] for (stage, _), (name, _) in families.items() if stage != end]
        move_all(var, his, end, DAY + timedelta(days=1 + number), reason)
        pull(staff, NOON + timedelta(days=1 + number))
    assert _everything(var, "safety", but=mine) == above
    told: dict[UUID, set[str]] = {}
    for task in tasks(staff):
        if task.pk not in finish:
            told.setdefault(task.file_id, set()).add(task.kind)
    for (stage, state), (_his, hers) in families.items():
        if state in ("open", "declined"):
            assert told[files[hers].pk], (stage, state)
        elif state != "none":
            assert files[hers].pk not in told, (stage, state)

    # Erased or never made: the other side stays, and works.
    programme(var, "truncate programme_cases_case cascade")
    pull(staff, NOON + timedelta(days=9))
    assert _everything(var, "safety", but=mine) == above


def test_a_case_moves_through_real_acts_with_or_without_a_partner(
    staff: Staff, tmp_path: Path
) -> None:
    both, alone = referred(staff, tmp_path, BOTH, CLIENT_ONLY)
    pull(staff)
    [file] = rows(staff, PartnerFile)
    before = (file.contact, file.next_action_on, file.worker, file.closed_on, file.version)
    by = staff[Role.PROGRAMME_MANAGER]
    for case in (both, alone):
        case_work.record_contact(
            case=case, tried_at=NOON, route=Route.PHONE, outcome=ClientOutcome.SPOKE, by=by
        )
        case_work.move_case(
            case=case, to=Stage.EXITED, on=DAY, reason=ExitReason.DECLINED, note="Said so.", by=by
        )
    pull(staff, NOON + timedelta(hours=1))
    [file] = rows(staff, PartnerFile)
    assert before == (
        file.contact,
        file.next_action_on,
        file.worker,
        file.closed_on,
        file.version,
    )
    assert [task.kind for task in tasks(staff)] == ["tell_dropped_out"]
    assert Contact(file.contact) is Contact.NOT_TRIED


def test_a_referral_that_names_one_person_on_both_sides_links_nothing_and_says_so_once(
    staff: Staff, tmp_path: Path
) -> None:
    header = HEADER.replace("Partner telefon", "Partner fødselsdato;Partner telefon")
    twice = (
        "1-9;01.03.2026;Karl;Fiktivholm;17.05.1988;20000001;"
        "Karl Opdigtet;Fiktivholm;17.05.1988;20000002;\n"
    )
    path = tmp_path / "henvisninger.csv"
    path.write_text(header + twice, encoding="utf-8")
    load(staff, path)
    round_trip(staff)
    for hours in (0, 1):
        pull(staff, NOON + timedelta(hours=hours))
    assert rows(staff, FileLink) == []
    [file] = rows(staff, PartnerFile)
    [task] = tasks(staff, kind="link_blocked")
    assert (task.file_id, task.done_on) == (file.pk, None)
    assert "one person on both sides" in task.note
