"""Scripts lived on both sides: by actions and as rows, and the canaries that they plant."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest
from django.apps import apps

from casewall.programme.cases.models import Case, Client
from casewall.programme.courses.models import CompletionReview, Course
from casewall.programme.curriculum.actions import install_templates
from casewall.programme.curriculum.models import TemplateVersion
from casewall.programme.groups.models import Group, Room, Session
from casewall.programme.referrals.actions import apply_arrivals
from casewall.safety.coordination.models import Disclosure
from casewall.safety.coordination.rules import State
from casewall.safety.intake.actions import load_file
from casewall.safety.intake.outbox import send_outbox
from casewall.safety.partners.models import PartnerFile, PartnerTask
from casewall.safety.pulled.first_contacts import STATED
from casewall.services.load import shipped
from casewall.synthetic.bulk_programme import ProgrammeRows
from casewall.synthetic.bulk_safety import SafetyRows
from casewall.synthetic.canary import (
    FIELDS,
    NOT_FREE_TEXT,
    NOT_INVENTED,
    ONLY_WITH_CHILDREN,
    canaries,
    words_of,
)
from casewall.synthetic.run_programme import ProgrammeLife
from casewall.synthetic.run_safety import SafetyLife, pull_as_of
from casewall.synthetic.run_support import FILES, STATED_LEFT, SupportLife
from casewall.synthetic.texts import RELEASED_AT_ONCE
from casewall.synthetic.whom import NotFound
from casewall.synthetic.write import Invention, any_size
from casewall.wall.checks import is_walled
from casewall.wall.context import acting
from casewall.wall.labels import ENCRYPTED
from casewall.wall.router import side_of_label
from casewall.wall.sides import Role, Side
from tests.emptying import empty
from tests.people import SERVICE, Staff, add_colleague

CENTRE = shipped()[SERVICE]
TODAY = date(2026, 11, 23)
NOON = datetime.combine(TODAY, time(12), tzinfo=ZoneInfo("Europe/Copenhagen"))
SEED = "lived"

pytestmark = pytest.mark.clusters


@pytest.fixture(scope="module")
def made() -> Invention:
    return any_size(SEED, CENTRE, TODAY, people=44, weeks=50)


@pytest.fixture(scope="module", autouse=True)
def second_partner_worker(staff_once: Staff, owner_urls: dict[str, str]) -> Iterator[None]:
    """Two approvers are needed, one of them another partner worker."""
    add_colleague(owner_urls, Role.PARTNER_WORKER, "lyngholm-shelter", "second@example.invalid")
    yield
    with psycopg.connect(owner_urls["safety"], autocommit=True) as connection:
        connection.execute(
            "delete from staff_membership where worker_id in (select id from "
            "staff_worker where email = 'second@example.invalid')"
        )
        connection.execute("delete from staff_worker where email = 'second@example.invalid'")


def refer(made: Invention, folder: Path, staff: Staff) -> None:
    install_templates(service=CENTRE, by=staff[Role.PROGRAMME_SYSTEM])
    for name, text in made.files.items():
        (folder / name).write_text(text, encoding="utf-8")
        loaded = load_file(
            source=folder / name, name=name, service=CENTRE, by=staff[Role.COORDINATOR], at=NOON
        )
        assert loaded.trial.refused == 0
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services={SERVICE: CENTRE}, on=TODAY)


def live(made: Invention, programme: type[ProgrammeLife], safety: type[SafetyLife]) -> None:
    assert programme(made.programme, CENTRE).run() == len(made.programme.events)
    cut = TODAY - timedelta(days=7)
    safety(made.safety.until(cut), CENTRE).run()
    pull_as_of(CENTRE, NOON - timedelta(days=7))
    safety(made.safety.since(cut), CENTRE).run()


def emptied(owner_urls: dict[str, str]) -> None:
    empty(owner_urls.values(), ("staff_", "django_", "auth_", "casewall_cache", "mfa_", "account_"))


# --- both ways write the same rows ---------------------------------------------------------------

NOT_COMPARED = {
    "id",
    "recorded_at",
    "marked_at",
    "as_of",
    "loaded_at",
    "made_at",
    "sent_at",
    "at",
    "enrolled_on",
    "proposed_at",
    "due_at",
    "signed_at",
}
"""Random identifiers, and the moment of recording: rows written at once date it back."""


def _person(row: Any) -> str:
    return f"{row.given_name} {row.family_name} {row.born_on} {row.phone}"


def _names(system: Any, side: Side) -> dict[Any, str]:
    """What each identifier stands for, in words that are the same in both worlds."""
    found: dict[Any, str] = {}

    def read(model: Any) -> Any:
        return model.objects.for_system("synthetic")

    if side is Side.PROGRAMME:
        found |= {row.pk: _person(row) for row in read(Client)}
        found |= {row.pk: found[row.client_id] for row in read(Case)}
        found |= {row.pk: row.name for row in read(Group)}
        found |= {
            row.pk: f"{found[row.group_id or row.case_id]} {row.component} {row.number}"
            for row in read(Session)
        }
        found |= {row.pk: row.name for row in read(Room)}
        found |= {row.pk: row.code for row in read(TemplateVersion)}
        found |= {row.pk: f"course of {found[row.case_id]}" for row in read(Course)}
        found |= {row.pk: f"review of {found[row.case_id]}" for row in read(CompletionReview)}
    else:
        files = read(PartnerFile).select_related("partner")
        found |= {row.pk: _person(row.partner) for row in files}
    return found


def snapshot(staff: Staff) -> dict[str, Counter[tuple[Any, ...]]]:
    """Every row of the lived tables, without what is random."""
    found: dict[str, Counter[tuple[Any, ...]]] = {}
    lived = {
        "programme_cases",
        "programme_groups",
        "programme_courses",
        "programme_needs",
        "programme_agreements",
        "safety_partners",
        "safety_coordination",
    }
    for side, role in ((Side.PROGRAMME, Role.PROGRAMME_SYSTEM), (Side.SAFETY, Role.SAFETY_SYSTEM)):
        with acting(staff[role]):
            names = _names(staff[role], side)
            for model in apps.get_models():
                label = model._meta.app_label
                if label not in lived or side_of_label(label) is not side:
                    continue
                if model.__name__.endswith("Token"):
                    continue
                found[model._meta.label] = Counter(
                    _told(row, names) for row in model.objects.for_system("synthetic")
                )
    return found


def _told(row: Any, names: dict[Any, str]) -> tuple[Any, ...]:
    fields = [f for f in row._meta.local_fields if f.name not in NOT_COMPARED]
    values = [getattr(row, f.attname) for f in fields]
    hidden = {"case_id", "fact_id", "partner_id", "disclosure_id", "item", "referral_id"}
    return tuple(
        str(sorted(v.items()))
        if isinstance(v, dict)
        else names.get(v, "someone" if f.attname in hidden else str(v))
        for f, v in zip(fields, values, strict=True)
    )


def audited(owner_urls: dict[str, str]) -> Counter[tuple[Any, ...]]:
    found: Counter[tuple[Any, ...]] = Counter()
    for url in owner_urls.values():
        with psycopg.connect(url) as connection:
            found.update(connection.execute("select worker, role, verb, kind from audit_entry"))
    return found


def test_actions_and_rows_write_the_same(
    made: Invention, staff: Staff, owner_urls: dict[str, str], tmp_path: Path
) -> None:
    told, entries = [], []
    for ways in ((ProgrammeLife, SafetyLife), (ProgrammeRows, SafetyRows)):
        emptied(owner_urls)
        refer(made, tmp_path, staff)
        live(made, *ways)
        told.append(snapshot(staff))
        entries.append(audited(owner_urls))
    for label, rows in told[0].items():
        assert told[1][label] == rows, label
    assert entries[0] == entries[1]
    lived = {label for label, rows in told[0].items() if rows}
    assert {
        "programme_groups.Attendance",
        "programme_cases.StageMove",
        "safety_partners.ScaleAnswer",
        "safety_coordination.Disclosure",
    } <= lived


# --- canaries ------------------------------------------------------------------------------------


def texts(side: Side, staff: Staff) -> Iterator[tuple[str, str]]:
    """Every encrypted text of a side, with its field."""
    role = Role.PROGRAMME_SYSTEM if side is Side.PROGRAMME else Role.SAFETY_SYSTEM
    with acting(staff[role]):
        for model in apps.get_models():
            if side_of_label(model._meta.app_label) is not side or not is_walled(model):
                continue
            labels = model.labels()
            names = [f.name for f in model._meta.local_fields if labels[f.name] in ENCRYPTED]
            readable = [n for n in names if n not in ("payload", "sealed")]
            for name in names:
                yield f"{model._meta.label_lower}.{name}", ""
            for row in model.objects.for_system("synthetic"):
                for name in readable:
                    yield f"{model._meta.label_lower}.{name}", str(getattr(row, name) or "")


def decided_about(staff: Staff) -> Counter[bool]:
    """How many partners who were stated on the programme side wait, and are decided about."""
    with acting(staff[Role.SAFETY_SYSTEM]):
        tasks = PartnerTask.objects.for_system("synthetic").filter(kind=STATED)
        return Counter(task.done_on is not None for task in tasks)


def test_every_free_text_of_the_safety_side_has_its_canary_and_the_programme_side_none(
    made: Invention, staff: Staff, tmp_path: Path
) -> None:
    refer(made, tmp_path, staff)
    live(made, ProgrammeRows, SafetyRows)
    assert 2 <= SupportLife.of_script(made.safety, CENTRE).run() <= FILES
    assert decided_about(staff)[False] <= STATED_LEFT
    send_outbox(by=staff[Role.SAFETY_SYSTEM])
    apply_arrivals(by=staff[Role.PROGRAMME_SYSTEM], services={SERVICE: CENTRE}, on=TODAY)
    words, planted, fields = words_of(SEED), set(), set()
    for field, text in texts(Side.SAFETY, staff):
        fields.add(field)
        if field in words and words[field] in text:
            planted.add(field)
    living = {field for field in fields if not field.startswith(NOT_INVENTED)}
    assert living == set(FIELDS) | set(NOT_FREE_TEXT)
    assert planted == set(FIELDS) - ONLY_WITH_CHILDREN
    below = "\n".join(text for _, text in texts(Side.PROGRAMME, staff))
    assert below.count("invented") > 20
    assert RELEASED_AT_ONCE in below
    assert not [word for word in canaries(SEED) if word in below]


def test_disclosures_of_the_last_days_are_released_refused_and_waiting(
    made: Invention, staff: Staff, tmp_path: Path
) -> None:
    refer(made, tmp_path, staff)
    live(made, ProgrammeRows, SafetyRows)
    system = staff[Role.SAFETY_SYSTEM]
    with acting(system):
        states = set(Disclosure.objects.for_system("synthetic").values_list("state", flat=True))
    assert states == {State.ASKED, State.APPROVED, State.REFUSED}


def test_notices_of_the_past_are_told_and_those_of_this_week_wait(
    made: Invention, staff: Staff, tmp_path: Path
) -> None:
    refer(made, tmp_path, staff)
    live(made, ProgrammeRows, SafetyRows)
    with acting(staff[Role.SAFETY_SYSTEM]):
        tasks = PartnerTask.objects.for_system("synthetic").filter(kind__startswith="tell_")
        assert tasks.exists()
        assert not tasks.filter(done_on=None).exists()


def test_a_script_about_people_who_are_not_there_is_refused(made: Invention, staff: Staff) -> None:
    with pytest.raises(NotFound, match="not one"):
        ProgrammeLife(made.programme, CENTRE)
    with pytest.raises(NotFound, match="Load the referral files"):
        SafetyLife(made.safety, CENTRE)


def test_everybody_of_a_script_is_found_by_blind_index(
    made: Invention, staff: Staff, tmp_path: Path
) -> None:
    refer(made, tmp_path, staff)
    life = ProgrammeLife(made.programme, CENTRE)
    with acting(staff[Role.PROGRAMME_SYSTEM]):
        clients = Client.objects.for_system("synthetic").in_bulk(
            [case.client_id for case in life.cases.values()]
        )
    for person in made.programme.people:
        client = clients[life.cases[person["who"]].client_id]
        assert (client.given_name, client.family_name, client.born_on) == (
            person["given_name"],
            person["family_name"],
            person["born_on"],
        )
