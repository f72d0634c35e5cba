"""Police files and scripts: the same from the same seed, and with the published counts."""

from __future__ import annotations

import csv
import io
from collections import Counter
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from casewall.services.load import shipped
from casewall.synthetic import cohort
from casewall.synthetic.calendar import CHAIRS, Group, Timetable, on_holiday, working_day
from casewall.synthetic.canary import canaries
from casewall.synthetic.command import invent
from casewall.synthetic.script import Script, read_script, write_script
from casewall.synthetic.write import Invention, any_size, demonstration

CENTRE = shipped()["intervention-centre"]
TODAY = date(2026, 11, 23)
COHORT_CLIENTS = sum(count for count, client, _ in cohort.SHAPES if client is not None)
COHORT_PARTNERS = sum(count * len(partners) for count, _, partners in cohort.SHAPES)


@pytest.fixture(scope="module")
def made() -> Invention:
    return demonstration("casewall", CENTRE, TODAY, people=60)


def everything(invention: Invention) -> dict[str, str]:
    return {
        **invention.files,
        "programme": "\n".join(invention.programme.lines()),
        "safety": "\n".join(invention.safety.lines()),
    }


def rows(invention: Invention, name: str) -> list[dict[str, str]]:
    text = next(text for file, text in invention.files.items() if file.startswith(name))
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def outcomes(script: Script, who: int) -> list[str]:
    return [e["outcome"] for e in script.events if e["do"] == "contact" and e["who"] == who]


def contact(script: Script, who: int) -> str:
    found = outcomes(script, who)
    if "spoke" in found:
        return "engaged"
    return "declined" if "declined" in found else "not_reached" if found else "not_tried"


def test_the_same_seed_gives_the_same_bytes(made: Invention) -> None:
    again = demonstration("casewall", CENTRE, TODAY, people=60)
    assert everything(again) == everything(made)
    assert everything(demonstration("another", CENTRE, TODAY, people=60)) != everything(made)


def test_a_script_survives_its_file(made: Invention, tmp_path: Path) -> None:
    path = tmp_path / "side" / "script.jsonl"
    write_script(path, made.safety)
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_script(path) == made.safety


def test_the_cohort_has_the_published_persons(made: Invention) -> None:
    listed = rows(made, "politiliste-2013-2015")
    clients = {
        (r["Udøver, efternavn"], r["Udøver, fornavn"], r["Politiets sagsnr."])
        for r in listed
        if r["Udøver, efternavn"]
    }
    partners = [r for r in listed if r["Partner, efternavn"]]
    assert len(clients) + len(partners) == 392
    days = {datetime.strptime(r["Henvist"], "%d.%m.%Y").date() for r in listed}  # noqa: DTZ007
    assert (min(days), max(days)) == (date(2013, 1, 1), date(2015, 4, 30))


def test_the_cohort_has_the_published_contacts_and_sexes(made: Invention) -> None:
    sexes = {"mand": "male", "kvinde": "female"}
    seen: Counter[tuple[str, str]] = Counter()
    others: Counter[str] = Counter()
    listed = rows(made, "politiliste-2013-2015")
    for role, party, script, number in (
        ("client", "Udøver", made.programme, COHORT_CLIENTS),
        ("partner", "Partner", made.safety, COHORT_PARTNERS),
    ):
        sex_of = {
            (
                r[f"{party}, fornavn"],
                r[f"{party}, efternavn"],
                r[f"{party}, født"],
                r[f"{party}, telefon"],
            ): sexes[r[f"{party}, køn"]]
            for r in listed
            if r[f"{party}, efternavn"]
        }
        for person in script.people[:number]:
            born = person["born_on"] and date.fromisoformat(person["born_on"])
            key = (
                person["given_name"],
                person["family_name"],
                f"{born:%d.%m.%Y}" if born else "",
                person["phone"],
            )
            state = contact(script, person["who"])
            if state == "engaged":
                seen[role, sex_of[key]] += 1
            else:
                others[state] += 1
    assert seen == {
        ("client", "male"): 93,
        ("client", "female"): 14,
        ("partner", "male"): 6,
        ("partner", "female"): 206,
    }
    assert others == {"declined": 41, "not_reached": 32}


def test_no_client_of_the_cohort_has_two_partners_at_the_centre() -> None:
    assert all(partners.count(True) <= 1 for _, client, partners in cohort.SHAPES if client)
    linked = sum(count for count, client, partners in cohort.SHAPES if client and True in partners)
    assert sum(cohort.PARTNERS_SEEN.values()) - linked >= 105


def test_every_client_of_the_cohort_has_reached_an_end(made: Invention) -> None:
    ends = {e["who"]: e["to"] for e in made.programme.events if e["do"] == "move"}
    unsuitable = {
        e["who"]
        for e in made.programme.events
        if e["do"] == "decide" and e["decision"] == "not_suitable"
    }
    for who in range(COHORT_CLIENTS):
        assert who in unsuitable or ends[who] in ("closed", "exited")


def test_whoever_completed_is_called_after_6_and_12_months(made: Invention) -> None:
    called = [(e["who"], e["months"]) for e in made.programme.events if e["do"] == "follow_up"]
    done = {e["who"]: date.fromisoformat(e["on"])
            for e in made.programme.events if e["do"] == "complete"}
    long_ago = [who for who, on in done.items() if on < TODAY - timedelta(days=400)]
    assert len(long_ago) > 50
    assert [called.count((who, 12)) for who in long_ago] == [1] * len(long_ago)
    assert all(called.count((who, 6)) == 1 for who in long_ago)


def test_what_came_of_help_elsewhere_is_asked_until_it_has_an_end(made: Invention) -> None:
    last: dict[tuple[int, str], dict[str, object]] = {}
    for e in made.programme.events:
        if e["do"] in ("onward", "settle") and e["on"] < (TODAY - timedelta(days=80)).isoformat():
            last[e["who"], e["help"]] = e
    begun = {(e["who"], e["help"]) for e in made.programme.events if e["do"] == "onward"
             and e["on"] < (TODAY - timedelta(days=160)).isoformat()}
    assert begun
    assert {last[one].get("outcome") for one in begun} <= {"completed", "left", "declined"}


def test_the_programme_script_knows_no_partner_and_no_canary(made: Invention) -> None:
    text = everything(made)["programme"]
    assert not [word for word in canaries("casewall") if word in text]
    declared = {e["name"] for e in made.programme.events if e["do"] == "declare"}
    named = {f"{p['given_name']} {p['family_name']}" for p in made.safety.people}
    told = named - declared
    assert told
    assert not [name for name in told if f'"{name}"' in text]


def test_nothing_of_a_script_lies_in_the_future(made: Invention) -> None:
    for script in (made.programme, made.safety):
        days = [(e["on"], e["at"]) for e in script.events]
        assert days == sorted(days)
        assert days[-1][0] < TODAY.isoformat()


def test_a_register_of_the_last_days_waits_and_a_group_meets_today(made: Invention) -> None:
    planned = [e for e in made.programme.events if e["do"] == "plan_group"]
    meetings = {date.fromisoformat(e["starts_on"]).weekday() for e in planned}
    assert TODAY.weekday() in meetings
    marked = [e for e in made.programme.events if e["do"] in ("register", "cancel")]
    dealt_with = {(e["group"], e["number"]) for e in marked}
    due = [
        (e["group"], n)
        for e in planned
        for n, day in enumerate(e["days"], 1)
        if date.fromisoformat(day) < TODAY
    ]
    assert len([one for one in due if one not in dealt_with]) == 1


def test_a_script_is_cut_at_a_day_without_loss(made: Invention) -> None:
    cut = date(2026, 11, 16)
    before, after = made.safety.until(cut), made.safety.since(cut)
    assert before.events + after.events == made.safety.events
    assert before.people == after.people == made.safety.people


def test_a_group_never_holds_more_than_its_chairs() -> None:
    table = Timetable(
        [
            Group("Monday group", date(2026, 1, 5), "17:30", 60),
            Group("Tuesday group", date(2026, 3, 3), "17:30", 60),
        ]
    )
    seats = [table.seat(date(2026, 1, 6), 20) for _ in range(60)]
    assert all(max(group.taken.values()) <= CHAIRS for group in table.groups)
    assert None in seats
    for seat in filter(None, seats):
        group, numbers = seat
        assert len(numbers) == 20
        assert not [n for n in numbers if on_holiday(group.day(n))]


def test_a_chair_given_back_can_be_taken_again() -> None:
    table = Timetable([Group("Monday group", date(2026, 1, 5), "17:30", 30)])
    seats = [table.seat(date(2026, 1, 5), 20) for _ in range(CHAIRS)]
    assert table.seat(date(2026, 1, 5), 20) is None
    assert seats[0] is not None
    table.give_back(*seats[0])
    assert table.seat(date(2026, 1, 5), 20) == seats[0]


def test_nobody_works_at_the_weekend() -> None:
    assert working_day(date(2026, 11, 21)) == working_day(date(2026, 11, 22)) == TODAY
    assert working_day(date(2026, 11, 20)) == date(2026, 11, 20)


def test_any_number_of_people_can_be_invented() -> None:
    invention = any_size("size", CENTRE, TODAY, people=400, weeks=100)
    assert len(invention.programme.people) + len(invention.safety.people) == 400


def test_the_command_writes_police_files_and_scripts(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert invent([str(tmp_path / "out"), "--people", "12", "--today", "2026-11-23"]) == 0
    assert "12 invented persons" in capsys.readouterr().out
    names = sorted(path.suffix for path in (tmp_path / "out").iterdir())
    assert names == [".csv", ".jsonl", ".jsonl"]
    assert invent([str(tmp_path / "out"), "--people", "0"]) == 1
    assert "1 or more" in capsys.readouterr().err
