"""A site process of a world: real settings and credentials, a stopped clock, repeatable randomness.

Reads one JSON command a line and answers with one. Everything random that the process draws comes
from a seed, and time stands where the command says, so that two worlds in which this process was
told the same things are equal to the last byte, unless something crossed the wall.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import secrets
import sys
import traceback
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import time_machine

_RNG = random.Random(f"own {sys.argv[1:]}")
_DOWN = random.Random("down")


def _uuid(rng: random.Random) -> Callable[[], uuid.UUID]:
    return lambda: uuid.UUID(int=rng.getrandbits(128), version=4)


def _make_repeatable() -> None:
    secrets.choice = _RNG.choice  # type: ignore[assignment]
    secrets.token_bytes = lambda n=32: _RNG.randbytes(n)  # type: ignore[assignment]
    secrets.token_hex = lambda n=32: _RNG.randbytes(n).hex()  # type: ignore[assignment]
    uuid.uuid4 = _uuid(_RNG)  # type: ignore[assignment]
    from casewall.wall import context, ids

    ids.draw_from(own=_uuid(_RNG), down=_uuid(_DOWN))
    # The database checks expiry against its own clock, which nobody stops.
    context.time = SimpleNamespace(time=time_machine.escape_hatch.time.time)  # type: ignore[assignment]


class Programme:
    """What the programme side does in every world alike."""

    def __init__(self) -> None:
        from casewall.services.load import shipped
        from casewall.staff.models import Worker
        from casewall.wall.context import on_side
        from casewall.wall.sides import Role, Side

        self.services = {"intervention-centre": shipped()["intervention-centre"]}
        self.workers = {}
        with on_side(Side.PROGRAMME):
            for worker in Worker.objects.exclude(role=Role.PROGRAMME_SYSTEM):
                self.workers[worker.role] = worker
            from casewall.staff.models import system_viewer

            self.system = system_viewer(Role.PROGRAMME_SYSTEM)
            self.viewers = {role: w.as_viewer() for role, w in self.workers.items()}

    def arrivals(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.referrals.actions import apply_arrivals

        return apply_arrivals(by=self.system, services=self.services, on=now.date())

    def _cases(self, viewer: Any) -> list[Any]:
        from casewall.programme.cases.models import Case
        from casewall.wall.context import acting

        with acting(viewer):
            cases = list(Case.objects.visible_to(viewer).select_related("client"))
        return sorted(cases, key=lambda case: (case.client.family_name, case.client.given_name))

    def contact(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.cases import actions, rules

        by = self.viewers["assessor"]
        for n, case in enumerate(self._cases(by)):
            outcome = rules.Outcome.NO_ANSWER if n % 3 == 2 else rules.Outcome.SPOKE
            actions.record_contact(
                case=case,
                tried_at=now,
                route=rules.Route.PHONE,
                outcome=outcome,
                by=by,
                note=f"Note {n} of the programme.",
            )
        return "ok"

    def assess(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.agreements.actions import sign_agreement
        from casewall.programme.cases import actions, rules

        by = self.viewers["assessor"]
        for n, case in enumerate(self._cases(by)):
            if case.stage != "contacted":
                continue
            booked = actions.book_assessment(case=case, booked_for=now, on=now.date(), by=by)
            fits = rules.Suitability.NOT_SUITABLE if n == 0 else rules.Suitability.SUITABLE
            actions.decide_suitability(assessment=booked, held_on=now.date(), decision=fits, by=by)
            if n:
                sign_agreement(
                    case=case, signed_on=now.date(), text_version="1", language="da", by=by
                )
        return "ok"

    def group(self, now: datetime, **_: Any) -> Any:
        from casewall.programme.groups import actions, rules
        from casewall.programme.groups.models import Session
        from casewall.programme.registers.actions import record_register
        from casewall.staff.actions import compartment_for
        from casewall.wall.context import acting
        from casewall.wall.sides import Side

        by, leads = self.viewers["programme_manager"], self.viewers["facilitator"]
        cases = [c for c in self._cases(by) if c.stage == "agreement_signed"]
        group = actions.plan_group(
            name="Monday group",
            service="intervention-centre",
            component="counselling-group",
            starts_on=now.date(),
            begins_at=time(18),
            minutes=120,
            sessions=3,
            facilitators=[leads.worker],
            by=by,
            compartment=compartment_for(side=Side.PROGRAMME, service="intervention-centre"),
        )
        for case in cases:
            actions.place_in_group(group=group, case=case, joined_on=now.date(), by=by)
        with acting(leads):
            session = Session.objects.visible_to(leads).order_by("number").first()
        marks = {
            c.pk: (rules.Mark.ABSENT_NOT_ACCEPTED if n % 4 == 3 else rules.Mark.ATTENDED, 0)
            for n, c in enumerate(cases)
        }
        record_register(session=session, marks=marks, by=leads)
        return "ok"

    def crawl(self, now: datetime, terms: list[str], into: str, **_: Any) -> Any:
        """Every page that each role can reach by links, and a search for every term."""
        from django.test import Client

        out, requests = Path(into), 0
        with out.open("wb") as sink:
            for role, worker in sorted(self.workers.items()):
                client = Client(raise_request_exception=False)
                client.force_login(worker, backend=_BACKEND)
                session = client.session
                session["second_factor"] = True
                session.save()
                for url, response in _walk(client, terms):
                    requests += 1
                    sink.write(_as_bytes(role, url, response))
        return requests


_BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
_LINK = re.compile(rb"""(?:href|action)=["'](/[^"'#]*)""")


def _walk(client: Any, terms: list[str]) -> Iterator[tuple[str, Any]]:
    waiting, seen = ["/"], set()
    waiting += [f"/search/?q={term}" for term in terms]
    waiting += [f"/cases/{uuid.UUID(int=7)}/", f"/groups/{uuid.UUID(int=7)}/", "/nowhere/"]
    while waiting:
        url = waiting.pop(0)
        if url in seen or url.startswith("/static/") or "logout" in url:
            continue
        seen.add(url)
        response = client.get(url, HTTP_HOST="127.0.0.1")
        yield url, response
        if response.status_code in (301, 302):
            waiting.append(response.headers["Location"])
        found = {link.decode().replace("&amp;", "&") for link in _LINK.findall(response.content)}
        waiting += sorted(found)


def _as_bytes(role: str, url: str, response: Any) -> bytes:
    headers = "\n".join(f"{k}: {v}" for k, v in sorted(response.headers.items()))
    cookies = response.cookies.output()
    return (
        f"== {role} {url}\n{response.status_code}\n{headers}\n{cookies}\n\n".encode()
        + response.content
        + b"\n"
    )


class Safety:
    """What the safety side does; each world tells it something else about partners."""

    def __init__(self) -> None:
        from casewall.services.load import shipped
        from casewall.staff.models import Worker, system_viewer
        from casewall.wall.context import on_side
        from casewall.wall.sides import Role, Side

        self.services = {"intervention-centre": shipped()["intervention-centre"]}
        with on_side(Side.SAFETY):
            self.viewers = {
                w.role: w.as_viewer() for w in Worker.objects.exclude(role=Role.SAFETY_SYSTEM)
            }
            self.system = system_viewer(Role.SAFETY_SYSTEM)

    def load(self, now: datetime, file: str, **_: Any) -> Any:
        from casewall.safety.intake.actions import load_file
        from casewall.safety.intake.outbox import send_outbox

        loaded = load_file(
            source=Path(file),
            name=Path(file).name,
            at=now,
            service=self.services["intervention-centre"],
            by=self.viewers["coordinator"],
        )
        send_outbox(by=self.system)
        return str(loaded.file.pk)

    def undo(self, now: datetime, file: str, **_: Any) -> Any:
        from casewall.safety.intake.actions import undo_file
        from casewall.safety.intake.models import ReferralFile
        from casewall.safety.intake.outbox import send_outbox
        from casewall.wall.context import acting

        by = self.viewers["coordinator"]
        with acting(by):
            found = ReferralFile.objects.visible_to(by).get(pk=file)
        undone = undo_file(file=found, by=by, at=now)
        send_outbox(by=self.system)
        return undone.sent_down

    def pull(self, now: datetime, **_: Any) -> Any:
        from casewall.safety.coordination.actions import release_due
        from casewall.safety.intake.outbox import send_outbox
        from casewall.safety.pulled.actions import pull

        done = pull(by=self.system, services=self.services, at=now)
        release_due(by=self.system, at=now)
        send_outbox(by=self.system)
        return done.cases

    def support(self, now: datetime, words: list[str], wave: str, **_: Any) -> Any:
        """Work with every partner there is; each text carries a secret word of this world."""
        from casewall.safety.partners import actions, rules
        from casewall.safety.partners.models import PartnerFile
        from casewall.wall.context import acting

        by = self.viewers["safety_manager"]
        with acting(by):
            files = list(PartnerFile.objects.visible_to(by).filter(withdrawn_on=None))
        outcomes = list(rules.Outcome)
        for n, file in enumerate(files):
            word = words[n % len(words)]
            actions.record_contact(
                file=file,
                tried_at=now,
                channel=rules.Channel.CALL,
                outcome=outcomes[n % len(outcomes)],
                still_safe=n % 2 == 0,
                by=by,
                note=f"She said: {word}.",
            )
            actions.set_safe_contact(
                file=file,
                channel=rules.Channel.TEXT,
                is_safe=True,
                confirmed_on=now.date(),
                review_on=now.date() + timedelta(days=90),
                call_as=f"the library {word}",
                code_word=word,
                note=word,
                by=by,
            )
        for file in files[:3]:
            actions.record_scale(
                file=file,
                measure="safety",
                wave=rules.Wave(wave),
                answered_on=now.date(),
                answers={f"safety-{n}": "1" for n in range(1, 5)},
                mode="phone",
                language="en",
                by=by,
            )
        return len(files)

    def work(self, now: datetime, words: list[str], **_: Any) -> Any:
        """A day of all that partner support does, but for what it tells the programme."""
        from casewall.safety.partners import actions, rules
        from casewall.safety.partners.models import PartnerFile
        from casewall.synthetic.run_children import live_with_children
        from casewall.synthetic.run_reaching import reach
        from casewall.synthetic.run_support import SupportLife, meet_in_group, support_one
        from casewall.wall.context import acting

        by = self.viewers["partner_worker"]
        with acting(by):
            rows = PartnerFile.objects.visible_to(by).filter(withdrawn_on=None, worker=None)
            files = list(rows.order_by("id")[:4])
        taken = {}
        for n, file in enumerate(files):
            actions.take_file(file=file, by=by)
            actions.record_contact(
                file=file,
                tried_at=now - timedelta(days=1),
                channel=rules.Channel.CALL,
                outcome=rules.Outcome.SPOKE,
                by=by,
            )
            with acting(by):
                taken[n] = PartnerFile.objects.visible_to(by).get(pk=file.pk)
        service = self.services["intervention-centre"]
        life = SupportLife(service, files=taken, seed=words[0], today=now.date())
        for desk in life.desks:
            for step in (support_one, live_with_children, reach):
                with acting(self.system):
                    step(desk)
        with acting(self.system):
            meet_in_group(life.desks)
        return len(life.desks)

    def refuse(self, now: datetime, words: list[str], **_: Any) -> Any:
        """Ask for disclosures on every link and refuse each."""
        from casewall.safety.coordination import actions, rules
        from casewall.safety.partners.models import FileLink
        from casewall.wall.context import acting

        asks, refuses = self.viewers["coordinator"], self.viewers["safety_manager"]
        with acting(asks):
            links = list(FileLink.objects.visible_to(asks).select_related("file"))
        for n, link in enumerate(links):
            asked = actions.ask(
                file=link.file,
                case_id=link.case_id,
                purpose=rules.Purpose.RISK_LEVEL,
                text=f"Risk is high {words[n % len(words)]}",
                at=now,
                by=asks,
                ground=rules.Ground.PARTNER_CONSENT,
            )
            actions.refuse(disclosure=asked, reason="She has changed her mind.", by=refuses)
        return len(links)

    def disclose(self, now: datetime, text: str, **_: Any) -> Any:
        """Approve one disclosure with two approvers; it is released at the next fixed hour."""
        from casewall.safety.coordination import actions, rules
        from casewall.safety.partners.models import FileLink
        from casewall.wall.context import acting

        asks = self.viewers["coordinator"]
        with acting(asks):
            link = FileLink.objects.visible_to(asks).select_related("file").first()
        asked = actions.ask(
            file=link.file,
            case_id=link.case_id,
            text=text,
            at=now,
            by=asks,
            purpose=rules.Purpose.PLACEMENT,
            ground=rules.Ground.PARTNER_CONSENT,
        )
        actions.approve(disclosure=asked, by=self.viewers["safety_manager"], at=now)
        approved = actions.approve(disclosure=asked, by=self.viewers["partner_worker"], at=now)
        return approved.release_at.isoformat()

    def partner_ids(self, now: datetime, **_: Any) -> Any:
        from casewall.safety.partners.models import PartnerFile
        from casewall.wall.context import acting

        by = self.viewers["coordinator"]
        with acting(by):
            rows = PartnerFile.objects.visible_to(by).values_list("id", "partner_id")
            return [str(value) for row in rows for value in row]


def main() -> None:
    """Set the site up, then obey until the input ends."""
    import logging

    import django

    _make_repeatable()
    django.setup()
    logging.disable(logging.CRITICAL)
    site = Programme() if sys.argv[1] == "programme" else Safety()
    print(json.dumps("ready"), flush=True)
    for line in sys.stdin:
        command = json.loads(line)
        now = datetime.fromisoformat(command.pop("at"))
        try:
            with time_machine.travel(now, tick=False):
                answer = getattr(site, command.pop("do"))(now, **command)
            print(json.dumps({"answer": answer}), flush=True)
        except Exception:  # noqa: BLE001  # the test prints it and fails
            print(json.dumps({"error": traceback.format_exc()}), flush=True)


def digest(path: Path) -> str:
    """The SHA-256 of a file, for messages."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


if __name__ == "__main__":
    main()
