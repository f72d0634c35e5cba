"""Forms about requests, their review, and breaches on this side."""

from __future__ import annotations

from typing import Any

from django import forms

from casewall.programme.rights.forms import (
    YES_NO,
    AskForm,
    CountsForm,
    Versioned,
    day_field,
    hour_field,
    line,
    moment_of,
    one_of,
    prose,
)
from casewall.programme.rights.records import worded
from casewall.programme.rights.rules import EXTENSION_WORDS
from casewall.safety.rights.rules import (
    ANSWER_WORDS,
    GROUND_WORDS,
    RISK_WORDS,
    ROUTE_WORDS,
    VERDICT_WORDS,
    Answer,
    Ground,
    Questions,
    Risk,
    Verdict,
)


class ChildAskForm(AskForm):
    """What somebody asks about a child's record."""

    speaks = line("Who speaks for the child?", "The name, and in which right: parent, guardian, "
                                               "the child itself, a lawyer.")  # fmt: skip
    is_client = one_of(
        "Is this a person who has used violence against the child or a parent of it?", YES_NO,
        "Then every record is looked at as one that tells of somebody else.", inline=True,
    )  # fmt: skip
    field_order = ("speaks", "is_client")


class WorkerAskForm(AskForm):
    """What a worker asks about the own record."""

    name = line("The name of the worker")
    field_order = ("name",)


class ReviewForm(forms.Form):
    """The three questions about one record, and what follows."""

    without = one_of(
        "Can it be told without identifying anybody else?", worded(ANSWER_WORDS),
        "Think of what the person who asks knows already: a day, a place or a turn of phrase can "
        "be enough.",
    )  # fmt: skip
    consented = one_of("Did that person consent?", worded(ANSWER_WORDS))
    reasonable = one_of(
        "Is it reasonable to tell it all the same?",
        [(Answer.YES.value, "Yes"), (Answer.NO.value, "No")],
        "Think of what that person was promised, of the danger, and of what the person who asks "
        "knows already.",
    )  # fmt: skip
    verdict = one_of("What do you decide?", worded(VERDICT_WORDS))
    extract = prose(
        "The extract",
        "Written anew with words of the record: nothing is blacked out. Only for “Include an "
        "extract”.", 4, required=False,
    )  # fmt: skip
    ground = forms.ChoiceField(
        label="On which ground is it withheld?", required=False,
        choices=[("", "Not withheld"), *worded(GROUND_WORDS)],
    )  # fmt: skip
    reason = prose("Why", "Needed where a record with signs of somebody else is told.", 3,
                   required=False)  # fmt: skip

    def questions(self) -> Questions:
        """The three answers."""
        typed = self.cleaned_data
        return Questions(*(Answer(typed[n]) for n in ("without", "consented", "reasonable")))

    def decided(self) -> dict[str, Any]:
        """Everything as the action takes it."""
        typed = self.cleaned_data
        return {
            "questions": self.questions(), "verdict": Verdict(typed["verdict"]),
            "extract": typed["extract"], "reason": typed["reason"],
            "ground": Ground(typed["ground"]) if typed["ground"] else None,
        }  # fmt: skip


class HandForm(forms.Form):
    """A record that is held on paper or elsewhere."""

    text = prose("What the record says", rows=6)
    on = day_field("Of which day is it?", "Leave it empty if nobody knows.", required=False)


class ExtendForm(Versioned):
    """Why the answer takes longer."""

    because = one_of("Why does it take longer?", worded(EXTENSION_WORDS),
                     "What another file holds is never a reason.")  # fmt: skip


class SendForm(Versioned):
    """How the reply leaves."""

    route = one_of(
        "How does the reply leave?",
        worded(ROUTE_WORDS),
        "A partner's reply leaves only by a way that is confirmed safe now.",
    )


class MomentForm(Versioned):
    """A day and an hour."""

    on = day_field("On which day?")
    clock = hour_field("At what time?")

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        typed["at"] = moment_of(self, "on", "clock")
        return typed


class ContainForm(MomentForm, CountsForm):
    """How the harm was stopped, and whose data it concerns."""

    how = prose("What was done to stop the harm?")
    field_order = ("how", "on", "clock")


class JudgeForm(Versioned):
    """The risk, and who is told."""

    risk = one_of(
        "What may it mean for the people concerned?",
        worded({k: v for k, v in RISK_WORDS.items() if k is not Risk.NOT_YET}),
    )
    tell_authority = one_of("Is the data protection authority told?", YES_NO, inline=True)
    tell_persons = one_of(
        "Are the people concerned told?", YES_NO,
        "Each by a safe way: a letter about a breach can itself be found.", inline=True,
    )  # fmt: skip
    reason = prose("Why", "Kept for the authority, also where nobody is told.")


class ToldAuthorityForm(MomentForm):
    """When the authority was told."""

    late_because = prose("Why did it take more than 72 hours?", "Only if it did.", 3,
                         required=False)  # fmt: skip


class CloseForm(Versioned):
    """What was learned."""

    learned = prose("What was learned, and what is done differently?")


