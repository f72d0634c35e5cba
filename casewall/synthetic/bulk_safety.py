"""The safety side's script written as rows, many at a time: for large numbers of people.

Writes what `run_safety` would write through the actions; a test compares the two.
"""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date, time, timedelta
from uuid import UUID

from casewall.measures.definitions import load as load_measure
from casewall.measures.scoring import raised_alerts
from casewall.safety.partners.actions import decide
from casewall.safety.partners.actions.scales import derive
from casewall.safety.partners.models import (
    PartnerContact,
    PartnerFile,
    PartnerTask,
    SafeContact,
    ScaleAnswer,
)
from casewall.safety.partners.rules import (
    Channel,
    Contact,
    Outcome,
    contact_after,
    next_contact_on,
    next_review,
)
from casewall.safety.support.models import PartnerCircumstances
from casewall.services.circumstance_rules import age_band
from casewall.services.schema import Service
from casewall.synthetic.calendar import Event
from casewall.synthetic.rows import Rows
from casewall.synthetic.run_safety import SafetyLife
from casewall.synthetic.script import Script, chunks, moment, shown
from casewall.wall.context import acting
from casewall.wall.ids import new_id
from casewall.wall.sides import Viewer


class SafetyRows(SafetyLife):
    """Turns each event into the rows that its action would write; disclosures by their action."""

    def __init__(self, script: Script, service: Service) -> None:
        super().__init__(script, service)
        self.rows = Rows([PartnerFile, PartnerContact, SafeContact, ScaleAnswer, PartnerTask,
                          PartnerCircumstances])
        self.plans: dict[tuple[UUID, str], SafeContact] = {}
        self.tasks: dict[UUID, list[PartnerTask]] = defaultdict(list)
        with acting(self.system):
            for plan in SafeContact.objects.for_system("synthetic"):
                self.plans[plan.file_id, plan.channel] = plan
            for task in PartnerTask.objects.for_system("synthetic").filter(done_on=None):
                self.tasks[task.file_id].append(task)

    def run(self) -> int:
        """Make and write the rows of the whole script; returns the number of events."""
        last = [e for e in self.script.events if e["do"] == "disclose"]
        with shown(len(self.script.events), "Safety side") as told, acting(self.system):
            for some in chunks(e for e in self.script.events if e["do"] != "disclose"):
                for event in some:
                    self._live(event)
                told(len(some))
            self.rows.write()
            for event in last:
                self._live(event)
            told(len(last))
        return len(self.script.events)

    def _take(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        file.worker, file.version = by.worker, file.version + 1
        self.rows.say(by, "took", self.rows.keep(file))

    def _contact(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        at = moment(event["on"], event["at"], self.service)
        channel, outcome = Channel(event["channel"]), Outcome(event["outcome"])
        was_safe = decide(self.plans.get((file.pk, channel)), channel, at)
        self.rows.keep(
            PartnerContact(
                id=new_id(),
                compartment=file.compartment,
                file=file,
                tried_at=at,
                channel=channel,
                outcome=outcome,
                confirmed_safe=was_safe.allowed,
                still_safe=event["still_safe"],
                worker=by.worker,
                note=event["note"],
            )
        )
        file.contact = contact_after(Contact(file.contact), outcome)
        file.last_contact_on = max(filter(None, [file.last_contact_on, on]))
        file.next_action_on = next_contact_on(Contact(file.contact), on)
        file.next_action = "contact" if file.next_action_on else ""
        file.version += 1
        self.rows.keep(file)
        if event["still_safe"]:
            self._confirm(file, channel, on, by)
        self.rows.say(by, "recorded contact with", file)

    def _plan(self, file: PartnerFile, channel: str) -> SafeContact:
        known = self.plans.get((file.pk, channel))
        plan = known or SafeContact(
            id=new_id(), compartment=file.compartment, file=file, channel=channel, version=0
        )
        self.plans[file.pk, channel] = plan
        return self.rows.keep(plan)

    def _confirm(self, file: PartnerFile, channel: str, on: date, by: Viewer) -> None:
        plan = self._plan(file, channel)
        plan.is_safe = True
        plan.confirmed_on = max(filter(None, [plan.confirmed_on, on]))
        plan.review_on = next_review(plan.confirmed_on, plan.review_on)
        plan.worker, plan.version = by.worker, plan.version + 1

    def _safe_contact(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        plan = self._plan(file, Channel(event["channel"]))
        plan.is_safe, plan.confirmed_on, plan.review_on = True, on, on + timedelta(days=28)
        plan.from_time = time.fromisoformat(event["from_time"])
        plan.to_time = time.fromisoformat(event["to_time"])
        plan.voicemail, plan.call_as = event["voicemail"], event["call_as"]
        plan.code_word, plan.note = event["code_word"], event["note"]
        plan.worker, plan.version = by.worker, plan.version + 1
        self.rows.say(by, "set safe contact of", file)

    def _lives(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        born = file.partner.born_on
        self.rows.keep(
            PartnerCircumstances(
                id=new_id(),
                compartment=file.compartment,
                file=file,
                area=event["area"],
                employment=event["employment"],
                months=event["months"],
                age_band=age_band(date.fromisoformat(born), file.referred_on) if born else "",
                stated_on=on,
                recorded_at=moment(event["on"], event["at"], self.service),
                worker=by.worker,
            )
        )
        self.rows.say(by, "kept circumstances in", file)

    def _scale(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        definition, answers = load_measure(event["measure"]), event["answers"]
        row = ScaleAnswer(
            id=new_id(),
            compartment=file.compartment,
            file=file,
            measure=event["measure"],
            wave=event["wave"],
            due_on=on,
            answered_on=on,
            answers=json.dumps(answers, sort_keys=True),
            mode=event["mode"],
            language=event["language"],
            present="nobody",
            worker=by.worker,
        )
        derive(row, definition, "")
        self.rows.keep(row)
        self.rows.say(by, "recorded answers of", file)
        for alert in raised_alerts(definition, answers):
            self._add_task(file, "answer_signals_danger", on, alert.task, by)

    def _silent(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        self.rows.keep(
            ScaleAnswer(
                id=new_id(),
                compartment=file.compartment,
                file=file,
                measure=event["measure"],
                measure_version=load_measure(event["measure"]).version,
                wave=event["wave"],
                due_on=on,
                not_answered=event["reason"],
                worker=by.worker,
            )
        )
        self.rows.say(by, "noted silence of", file)

    def _add_task(self, file: PartnerFile, kind: str, on: date, note: str, by: Viewer) -> None:
        self.tasks[file.pk].append(
            self.rows.keep(
                PartnerTask(
                    id=new_id(),
                    compartment=file.compartment,
                    file=file,
                    kind=kind,
                    due_on=on,
                    note=note,
                )
            )
        )
        self.rows.say(by, f"made the task {kind} for", file)

    def _task(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        self._add_task(file, event["what"], on, event["note"], by)

    def _finish_tasks(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        waiting = self.tasks[file.pk]
        for task in [task for task in waiting if task.due_on <= on]:
            task.done_on, task.done_by = on, by.worker
            self.rows.say(by, "finished", self.rows.keep(task))
            waiting.remove(task)

    def _close(self, event: Event, on: date, file: PartnerFile, by: Viewer) -> None:
        self._finish_tasks(event, on, file, by)
        file.closed_on, file.next_action, file.next_action_on = on, "", None
        file.version += 1
        self.rows.say(by, "closed", self.rows.keep(file))
