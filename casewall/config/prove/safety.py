"""What the safety side does; each world tells it something else about partners."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


class Safety:
    """The acts of the safety side; `words` are secrets of the world, one in each text."""

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
        assert approved.release_at is not None  # noqa: S101  # for the type checker
        return approved.release_at.isoformat()

    def partner_ids(self, now: datetime, **_: Any) -> Any:
        from casewall.safety.partners.models import PartnerFile
        from casewall.wall.context import acting

        by = self.viewers["coordinator"]
        with acting(by):
            rows = PartnerFile.objects.visible_to(by).values_list("id", "partner_id")
            return [str(value) for row in rows for value in row]
