"""The extract of a service: coded facts of both sides, under pseudonyms.

Plain SQL over the columns that the reporting role may read. This process holds no models of
either side and no field key, so a name is not merely left out here: it cannot be had.
"""

from __future__ import annotations

import hashlib
import hmac
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from types import SimpleNamespace
from typing import Any, get_args
from uuid import UUID

from django.db import connections, transaction

from casewall.outcomes.extract import FURTHEST_LAST, Contact, Extract, Sex, from_rows
from casewall.reporting import sources
from casewall.services.schema import Service

PROGRAMME, SAFETY = "programme_report", "safety_report"
PURPOSE = "extract"
UNKNOWN_YEAR = 0
"""The price year of a cost line that is not counted and states none."""

STAGE_DATES = {
    "assessed": "assessed_on",
    "suitable": "suitable_on",
    "agreement_signed": "agreed_on",
    "started": "started_on",
    "completed": "completed_on",
    "exited": "exited_on",
}
"""The stage whose first day is each date of the extract."""

AS_CONTACT = {"may_return": "declined"}
"""Contact words of partner support as the extract says them: who may return has declined so far."""

LEFT_OUT = {
    "withdrawn_clients": "withdrawn referrals of clients",
    "withdrawn_partners": "withdrawn referrals of partners",
    "same_day_repeats": "second referrals of one person on one day",
    "unknown_codes": "codes that the extract does not know, read as unknown",
    "costs_not_counted": "cost lines of another basis or period, or without a price year",
}
"""What an extract leaves out, by the word in its manifest."""

_FILES = """
    select f.id, f.partner_id, p.sex, f.route, f.referred_on, f.contact, f.withdrawn_on
    from safety_partners_partnerfile f
    join safety_partners_partner p on p.id = f.partner_id
    where f.service = %s"""
_LINKS = """
    select l.file_id, l.case_id
    from safety_partners_filelink l
    join safety_partners_partnerfile f on f.id = l.file_id
    where f.service = %s and l.ended_on is null"""
_CASES = """
    select c.id, c.client_id, k.sex, c.route, c.referred_on, c.contact, c.stage, c.exit_reason
    from programme_cases_case c
    join programme_cases_client k on k.id = c.client_id
    where c.service = %s"""
_MOVES = """
    select m.case_id, m.went_to, min(m.moved_on) as first_on
    from programme_cases_stagemove m
    join programme_cases_case c on c.id = m.case_id
    where c.service = %s and m.went_to = any(%s) and m.kind <> 'correction'
      and not exists (select from programme_cases_stagemove x where x.corrects_id = m.id)
      and (m.went_to <> 'exited' or c.stage = 'exited')
    group by m.case_id, m.went_to"""
_MARKS = """
    select a.case_id, s.held_on, a.outcome, s.minutes, a.minutes_attended
    from programme_groups_attendance a
    join programme_groups_session s on s.id = a.session_id
    join programme_cases_case c on c.id = a.case_id
    where c.service = %s and s.state <> 'cancelled'"""
_WORKERS = """
    select count(*), count(*) filter (where not invented) from staff_worker
    where role not in ('programme_system', 'safety_system')"""


class NotSetUp(LookupError):
    """The service is not set up on this machine; says which are."""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An extract, and how many records it leaves out, by the words of `LEFT_OUT`."""

    extract: Extract
    left_out: dict[str, int]


def pseudonym(key: bytes, kind: str, identifier: UUID, purpose: str = PURPOSE) -> str:
    """32 hexadecimal digits that stand for an identifier, for one purpose.

    HMAC-SHA256 under a key that is derived for the purpose, so that two exports for different
    purposes cannot be joined, and neither with a database, by whoever lacks the key.
    """
    own = hmac.new(key, purpose.encode(), hashlib.sha256).digest()
    return hmac.new(own, f"{kind}:{identifier}".encode(), hashlib.sha256).hexdigest()[:32]


def installed_services() -> list[str]:
    """The codes of the services that are set up on both sides."""
    found = []
    for alias in (PROGRAMME, SAFETY):
        with connections[alias].cursor() as cursor:
            cursor.execute("select code from staff_service")
            found.append({row[0] for row in cursor.fetchall()})
    return sorted(found[0] & found[1])


def build(service: Service, *, key: bytes, period_from: date, period_to: date, as_of: date
          ) -> Snapshot:
    """The extract of a service as the two clusters stand now.

    Each cluster is read in one transaction that sees a single moment; the safety side comes
    first, so that every case which it has linked is there when the programme side is read.
    Raises `NotSetUp`, and `ExtractError` for a record that does not fit.
    """
    installed = installed_services()
    if service.id not in installed:
        known = ", ".join(installed) or "none"
        raise NotSetUp(f"The service “{service.id}” is not set up here. Set up: {known}.")
    run = _Run(service, key, period_from, period_to)
    with _one_moment(SAFETY):
        run.read_safety()
        invented = _only_invented(SAFETY)
    with _one_moment(PROGRAMME):
        run.read_programme()
        invented = _only_invented(PROGRAMME) and invented
    heading = {"service": service.id, "as_of": as_of, "period_from": period_from,
               "period_to": period_to, "invented": invented}
    extract = from_rows({
        "extract": [heading], "persons": run.persons(), "links": run.links(),
        "children": run.children(),
        "scales": run.scales(), "answers": run.single_answers(), "incidents": run.incidents(),
        "followed": run.followed(), "custody": run.custody(), "attendance": run.attendance(),
        "treatments": run.treatments(), "hearings": run.hearings(),
        "contracts": run.contracts(), "costs": run.costs()})
    return Snapshot(extract, {word: run.left_out[word] for word in LEFT_OUT})


@contextmanager
def _one_moment(alias: str) -> Iterator[None]:
    with transaction.atomic(using=alias, durable=True):
        with connections[alias].cursor() as cursor:
            cursor.execute("set transaction isolation level repeatable read, read only")
        yield


def _only_invented(alias: str) -> bool:
    """Whether people work here and every one of them is invented."""
    with connections[alias].cursor() as cursor:
        cursor.execute(_WORKERS)
        workers, real = cursor.fetchone()
    return bool(workers > 0 and real == 0)


def _rows(alias: str, sql: str, *parameters: Any) -> list[Any]:
    """The rows of a query, with their columns by name."""
    with connections[alias].cursor() as cursor:
        cursor.execute(sql, parameters)
        names = [column.name for column in cursor.description]
        return [SimpleNamespace(**dict(zip(names, values, strict=True)))
                for values in cursor.fetchall()]


class _Run:
    """One making of an extract: what was read, and the rows made of it.

    Rows come out in the order of their pseudonyms: the order of identifiers would tell who was
    entered first.
    """

    def __init__(self, service: Service, key: bytes, period_from: date, period_to: date):
        self.service, self.key = service, key
        self.period = (period_from, period_to)
        self.left_out: Counter[str] = Counter()

    def read_safety(self) -> None:
        code = self.service.id
        found = _rows(SAFETY, _FILES, code)
        self.files = {f.id: f for f in found if f.withdrawn_on is None}
        self.left_out["withdrawn_partners"] = len(found) - len(self.files)
        self.linked = _rows(SAFETY, _LINKS, code)
        self.children_seen = _rows(SAFETY, sources.CHILDREN, code)
        self.facts_of_files = {
            "files": _rows(SAFETY, sources.FILES, code),
            "reached": _rows(SAFETY, sources.PARTNERS_REACHED, code, list(sources.ANSWERED)),
            "circumstances": _rows(SAFETY, sources.CIRCUMSTANCES_OF_PARTNERS, code),
            "risk": _rows(SAFETY, sources.RISK_OF_PARTNERS, code),
        }
        self.answers = self._of_files(_rows(SAFETY, sources.ANSWERS_OF_PARTNERS, code))
        self.suffered = self._of_files(_rows(SAFETY, sources.INCIDENTS_OF_PARTNERS, code))
        self.files_followed = self._of_files(_rows(SAFETY, sources.PARTNERS_FOLLOWED, code))
        self.partners_heard = self._of_files(_rows(
            SAFETY, sources.HEARD_OF_PARTNERS, code, self.service.time_zone, code))
        self.clients_heard = _rows(SAFETY, sources.HEARD_OF_CLIENTS, code, code)
        self.cost_lines = _rows(SAFETY, sources.COST_LINES, code)
        self.funding = _rows(SAFETY, sources.CONTRACTS, code)

    def read_programme(self) -> None:
        code = self.service.id
        found = _rows(PROGRAMME, _CASES, code)
        self.cases = {c.id: c for c in found if c.stage != "withdrawn"}
        self.left_out["withdrawn_clients"] = len(found) - len(self.cases)
        self.moves: dict[UUID, dict[str, date]] = {}
        for move in _rows(PROGRAMME, _MOVES, code, list(STAGE_DATES)):
            self.moves.setdefault(move.case_id, {})[STAGE_DATES[move.went_to]] = move.first_on
        self.facts = sources.person_facts(self.facts_of_files, {
            "languages": _rows(PROGRAMME, sources.LANGUAGES, code),
            "children_stated": _rows(PROGRAMME, sources.CHILDREN_STATED, code),
            "needs": _rows(PROGRAMME, sources.NEEDS, code),
            "reached": _rows(PROGRAMME, sources.CLIENTS_REACHED, code, list(sources.ANSWERED)),
            "circumstances": _rows(PROGRAMME, sources.CIRCUMSTANCES_OF_CLIENTS, code),
            "months": _rows(PROGRAMME, sources.MONTHS_OF_CLIENTS, code),
            "risk": _rows(PROGRAMME, sources.RISK_OF_CLIENTS, code),
        })
        self.marks = self._of_cases(_rows(PROGRAMME, _MARKS, code))
        self.told = self._of_cases(_rows(PROGRAMME, sources.ANSWERS_OF_CLIENTS, code))
        self.used = self._of_cases(_rows(PROGRAMME, sources.INCIDENTS_OF_CLIENTS, code))
        self.cases_followed = self._of_cases(_rows(PROGRAMME, sources.CLIENTS_FOLLOWED, code))
        self.treated = self._of_cases(_rows(PROGRAMME, sources.TREATMENTS, code))
        self.locked_up = self._of_cases(_rows(PROGRAMME, sources.CUSTODY, code))

    def _of_cases(self, rows: list[Any]) -> list[Any]:
        return [row for row in rows if row.case_id in self.cases]

    def _of_files(self, rows: list[Any]) -> list[Any]:
        return [row for row in rows if row.file_id in self.files]

    def _client(self, case_id: UUID) -> str:
        return pseudonym(self.key, "client", self.cases[case_id].client_id)

    def _partner(self, file_id: UUID) -> str:
        return pseudonym(self.key, "partner", self.files[file_id].partner_id)

    def persons(self) -> list[dict[str, Any]]:
        """A row for each referral; of two on one day, the one with the further contact."""
        rows = [self._person(c, "client", "programme", self._client(c.id),
                             stage=c.stage, exit_reason=c.exit_reason or None,
                             **self.moves.get(c.id, {}))
                for c in self.cases.values()]
        rows += [self._person(f, "partner", "safety", self._partner(f.id))
                 for f in self.files.values()]
        best: dict[Any, dict[str, Any]] = {}
        for row in sorted(rows, key=lambda r: FURTHEST_LAST.index(r["contact"])):
            best[row["role"], row["key"], row["referred_on"]] = row
        self.left_out["same_day_repeats"] = len(rows) - len(best)
        return sorted(best.values(), key=lambda r: (r["role"], r["key"], r["referred_on"]))

    def _person(self, record: Any, role: str, side: str, key: str, **more: Any
                ) -> dict[str, Any]:
        return {
            "key": key, "side": side, "role": role, "service": self.service.id,
            "sex": self._known(record.sex, get_args(Sex), "unknown"),
            "route": record.route or "unknown", "referred_on": record.referred_on,
            "contact": self._known(
                AS_CONTACT.get(record.contact, record.contact), get_args(Contact), "not_tried"),
            **self.facts.get(record.id, {}), **more}

    def _known(self, code: str, among: tuple[str, ...], otherwise: str) -> str:
        """A code of the extract. The contact codes of both sides are the extract's own."""
        if code in among:
            return code
        self.left_out["unknown_codes"] += 1
        return otherwise

    def links(self) -> list[dict[str, Any]]:
        pairs = {(self._partner(one.file_id), self._client(one.case_id)) for one in self.linked
                 if one.file_id in self.files and one.case_id in self.cases}
        return [{"partner_key": partner, "client_key": client} for partner, client in sorted(pairs)]

    def children(self) -> list[dict[str, Any]]:
        """Each child once, beside each of its adults who counts."""
        rows = {}
        for link in self.children_seen:
            child = pseudonym(self.key, "child", link.child)
            if link.file_id in self.files:
                adult = ("partner", self._partner(link.file_id))
            elif link.case_id in self.cases:
                adult = ("client", self._client(link.case_id))
            else:
                continue
            rows[child, *adult] = {"child_key": child, "adult_role": adult[0],
                                   "adult_key": adult[1], "plan": link.plan}
        return [rows[key] for key in sorted(rows)]

    def scales(self) -> list[dict[str, Any]]:
        """Scores of each person's counting record, so that waves of two records never pair."""
        rows = [row for answer, who in self.answered
                if who["source"] != "referrer" for row in sources.scale_rows(answer, who)]
        return sorted(rows, key=lambda r: (r["side"], r["key"], r["scale"], r["wave"]))

    def single_answers(self) -> list[dict[str, Any]]:
        """Answers to single questions that figures count, of the same records."""
        rows = [row for answer, who in self.answered
                for row in sources.answer_rows(answer, who)]
        return sorted(rows, key=lambda r: (r["side"], r["key"], r["measure"], r["wave"], r["item"]))

    @cached_property
    def answered(self) -> list[tuple[Any, dict[str, Any]]]:
        """Each answer with whose it is. A referrer answers once for each client."""
        files = self._counting(self.files, "partner_id")
        cases = self._counting(self.cases, "client_id")
        found: list[tuple[Any, dict[str, Any]]] = []
        for answer in self.answers:
            if answer.file_id in files:
                found.append((answer, {"key": self._partner(answer.file_id), "side": "safety",
                                       "source": "partner"}))
        for answer in self.told:
            if answer.case_id not in cases:
                continue
            client = self._client(answer.case_id)
            who = {"key": client, "side": "programme", "source": answer.source}
            if answer.source == "referrer":
                own = pseudonym(self.key, "referrer", answer.case_id)
                who = {**who, "key": own, "about_key": client}
            found.append((answer, who))
        return found

    def incidents(self) -> list[dict[str, Any]]:
        """One row for each incident that one source tells of, on either side."""
        rows = [{"key": key, "role": role, "side": side, "source": one.source,
                 "form": sources.form_of(one.forms), "happened_on": one.happened_on,
                 "severity": one.severity}
                for one, key, role, side in self._both(self.used, self.suffered)]
        return sorted(rows, key=lambda r: (r["role"], r["key"], r["happened_on"], r["form"]))

    def followed(self) -> list[dict[str, Any]]:
        """The days about which somebody was asked for new violence."""
        rows = [{"key": key, "role": role, "side": side, "source": one.source,
                 "first_on": one.first_on, "last_on": one.last_on}
                for one, key, role, side in self._both(self.cases_followed, self.files_followed)]
        return sorted(rows, key=lambda r: (r["role"], r["key"], r["first_on"], r["source"]))

    def _both(self, clients: list[Any], partners: list[Any]
              ) -> Iterator[tuple[Any, str, str, str]]:
        for one in clients:
            yield one, self._client(one.case_id), "client", "programme"
        for one in partners:
            yield one, self._partner(one.file_id), "partner", "safety"

    def treatments(self) -> list[dict[str, Any]]:
        """Help elsewhere to which a client was referred and which was not refused."""
        rows = []
        for one in self.treated:
            outcome = sources.AS_TREATMENT.get(one.outcome, "unknown")
            ended = one.outcome_on if outcome in ("completed", "left") else None
            rows.append({"client_key": self._client(one.case_id), "kind": one.kind,
                         "started_on": one.made_on, "ended_on": ended, "outcome": outcome})
        return sorted(rows, key=lambda r: (r["client_key"], r["kind"], r["started_on"]))

    def hearings(self) -> list[dict[str, Any]]:
        """The days on which a person's case was before a meeting of several agencies, with the
        route by which the person came."""
        rows = [{"key": self._partner(one.file_id), "role": "partner", "forum": one.forum,
                 "heard_on": one.heard_on, "route": self.files[one.file_id].route or None}
                for one in self.partners_heard]
        rows += [{"key": self._client(one.case_id), "role": "client", "forum": one.forum,
                  "heard_on": one.heard_on, "route": self.cases[one.case_id].route or None}
                 for one in self.clients_heard if one.case_id in self.cases]
        return sorted(rows, key=lambda r: (r["role"], r["key"], r["forum"], r["heard_on"]))

    def custody(self) -> list[dict[str, Any]]:
        rows = [{"client_key": self._client(one.case_id), "first_on": one.first_on,
                 "last_on": one.last_on} for one in self.locked_up]
        return sorted(rows, key=lambda r: (r["client_key"], r["first_on"]))

    def contracts(self) -> list[dict[str, Any]]:
        return [vars(one) for one in self.funding]

    def _counting(self, records: dict[UUID, Any], person: str) -> set[UUID]:
        """The record of each person by which she or he is counted: one of the period if there
        is one, with the furthest contact, and of these the latest."""
        def standing(record: Any) -> tuple[bool, int, date, str]:
            within = self.period[0] <= record.referred_on <= self.period[1]
            contact = self._standing(record.contact)
            return within, contact, record.referred_on, str(record.id)

        best: dict[UUID, Any] = {}
        for record in records.values():
            whose = getattr(record, person)
            held = best.get(whose)
            if held is None or standing(record) > standing(held):
                best[whose] = record
        return {record.id for record in best.values()}

    @staticmethod
    def _standing(contact: str) -> int:
        return FURTHEST_LAST.index(contact) if contact in FURTHEST_LAST else 0

    def attendance(self) -> list[dict[str, Any]]:
        rows = [{"client_key": self._client(m.case_id), "session_on": m.held_on,
                 "status": m.outcome, "minutes_planned": m.minutes,
                 "minutes_attended": m.minutes_attended} for m in self.marks]
        return sorted(rows, key=lambda r: (r["client_key"], r["session_on"], r["status"]))

    def costs(self) -> list[dict[str, Any]]:
        """The ledger as it is kept, and where nothing is kept yet, that of the definition.

        A kept line counts where it lies within the period. The definition's counts for its own
        period only: the same money over the persons of a quarter would be another figure.
        """
        if self.cost_lines:
            return [self._kept_cost(line) for line in self.cost_lines]
        covered = self.service.period
        is_its_period = covered is not None and self.period == (
            covered.started_on, covered.ended_on or self.period[1])
        return [self._cost(line, is_its_period) for line in self.service.costs]

    def _kept_cost(self, line: Any) -> dict[str, Any]:
        within = self.period[0] <= line.first_on and line.last_on <= self.period[1]
        if line.included and not within:
            self.left_out["costs_not_counted"] += 1
        return {"category": line.category.replace("_", " "), "amount": line.amount,
                "currency": line.currency, "price_year": line.price_year,
                "included": line.included and within, "note": None}

    def _cost(self, line: Any, is_its_period: bool) -> dict[str, Any]:
        counts = (line.included and is_its_period and line.basis == "total"
                  and line.amount is not None and line.price_year is not None)
        if line.included and not counts:
            self.left_out["costs_not_counted"] += 1
        said = [line.note] if line.note else []
        if line.amount is None:
            said.append("The amount is not known; the 0 stands for that.")
        return {
            "category": line.category.replace("_", " "),
            "amount": 0 if line.amount is None else int(line.amount * 100),
            "currency": line.currency,
            "price_year": UNKNOWN_YEAR if line.price_year is None else line.price_year,
            "included": counts, "note": " ".join(said) or None}


def in_words(left_out: dict[str, int]) -> Iterable[str]:
    """What an extract leaves out, each with its count; nothing where nothing is left out."""
    return (f"{count} {LEFT_OUT[word]}" for word, count in left_out.items() if count)
