"""Leaving, waiting, going on, reopening and correcting: the rules as tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from casewall.programme.cases import reasons, rules
from casewall.programme.cases.drawing import drawing, stage_tables
from casewall.programme.cases.reasons import ExitReason, PauseReason
from casewall.programme.cases.rules import MoveKind, Stage

MARCH = date(2026, 3, 3)


@pytest.mark.parametrize(("now", "to", "reason", "sentence"), [
    (Stage.WAITING, Stage.EXITED, PauseReason.NOT_READY, "An exit needs a reason"),
    (Stage.WAITING, Stage.DEFERRED, None, "“deferred” needs one of these reasons: suitable, but"),
    (Stage.WAITING, Stage.DEFERRED, PauseReason.RECALL, "“deferred” needs one of these reasons"),
    (Stage.COMPLETED, Stage.EXITED, ExitReason.MOVED, "“completed” cannot become “exited”"),
])
def test_a_reason_that_does_not_go_with_a_stage_is_refused(
        now: Stage, to: Stage, reason: reasons.Reason | None, sentence: str) -> None:
    decision = rules.may_move(now, to, reason)
    assert not decision
    assert sentence in decision.reason


@pytest.mark.parametrize("stage", rules.UNDER_WAY)
def test_a_case_can_leave_or_wait_at_every_stage_under_way(stage: Stage) -> None:
    assert rules.may_move(stage, Stage.EXITED, ExitReason.DECEASED)
    for pause in rules.PAUSES:
        assert rules.may_move(stage, pause, rules.PAUSE_REASONS[pause][0])


def test_the_stages_under_way_are_those_from_the_referral_to_the_minimum_dose() -> None:
    assert rules.UNDER_WAY[0] is Stage.REFERRED
    assert rules.UNDER_WAY[-1] is Stage.MINIMUM_DOSE
    assert len(rules.UNDER_WAY) == 9


@pytest.mark.parametrize(("left", "to"), [
    (Stage.REFERRED, (Stage.REFERRED,)),
    (Stage.CONTACTED, (Stage.CONTACTED,)),
    (Stage.ASSESSMENT_BOOKED, (Stage.CONTACTED,)),
    (Stage.SUITABLE, (Stage.SUITABLE, Stage.CONTACTED)),
    (Stage.STARTED, (Stage.STARTED, Stage.CONTACTED)),
])
def test_a_case_that_waits_goes_on_where_it_stopped_or_is_assessed_anew(
        left: Stage, to: tuple[Stage, ...]) -> None:
    assert rules.goes_on_to(left) == to
    for stage in rules.UNDER_WAY:
        assert bool(rules.may_move(Stage.SUSPENDED, stage, left=left)) is (stage in to)
    assert rules.may_move(Stage.SUSPENDED, Stage.EXITED, ExitReason.CUSTODY, left=left)
    assert rules.may_move(Stage.SUSPENDED, Stage.RETURNED, PauseReason.OTHER, left=left)


def test_a_deferral_may_follow_a_deferral_and_a_suspension_no_suspension() -> None:
    assert rules.may_move(Stage.DEFERRED, Stage.DEFERRED, PauseReason.HEALTH)
    assert not rules.may_move(Stage.SUSPENDED, Stage.SUSPENDED, PauseReason.RECALL)


@pytest.mark.parametrize(("now", "left", "to"), [
    (Stage.EXITED, Stage.STARTED, (Stage.STARTED, Stage.CONTACTED)),
    (Stage.EXITED, Stage.REFERRED, (Stage.REFERRED,)),
    (Stage.CLOSED, Stage.COMPLETED, (Stage.FOLLOW_UP, Stage.CONTACTED)),
    (Stage.WITHDRAWN, Stage.REFERRED, (Stage.REFERRED,)),
    (Stage.STARTED, Stage.WAITING, ()),
])
def test_where_a_case_that_ended_is_taken_up(now: Stage, left: Stage, to: tuple[Stage, ...]
                                             ) -> None:
    assert rules.reopens_to(now, left) == to
    for stage in Stage:
        assert bool(rules.may_reopen(now, stage, left)) is (stage in to)
    reason = rules.may_reopen(now, Stage.MINIMUM_DOSE, left).reason
    assert ("it can become" in reason) if to else ("has not ended" in reason)


@dataclass
class Move:
    """A move of a case, as the rules see one."""

    came_from: str
    went_to: str
    minute: int
    kind: str = MoveKind.MOVE
    corrects_id: UUID | None = None
    id: UUID = field(default_factory=uuid4)

    @property
    def recorded_at(self) -> datetime:
        return datetime(2026, 3, 3, tzinfo=UTC) + timedelta(minutes=self.minute)


def way(*stages: Stage) -> list[Move]:
    return [Move(came_from, went_to, n) for n, (came_from, went_to) in enumerate(
        zip(("", *stages), stages, strict=False))]


def test_a_correction_takes_the_wrong_move_out_of_the_way() -> None:
    moves = way(Stage.REFERRED, Stage.CONTACTED, Stage.EXITED)
    wrong = moves[-1]
    moves.append(Move(Stage.EXITED, Stage.CONTACTED, 9, MoveKind.CORRECTION, wrong.id))
    assert [move.went_to for move in rules.standing(moves)] == ["contacted", "referred"]
    assert rules.move_into(moves, Stage.CONTACTED) is moves[1]
    assert rules.move_into(moves, Stage.CONTACTED, {moves[1].id}) is None


@pytest.mark.parametrize(("stages", "left"), [
    ((Stage.REFERRED, Stage.CONTACTED, Stage.DEFERRED), Stage.CONTACTED),
    ((Stage.REFERRED, Stage.CONTACTED, Stage.DEFERRED, Stage.DEFERRED, Stage.RETURNED),
     Stage.CONTACTED),
    ((Stage.WAITING, Stage.SUSPENDED, Stage.WAITING, Stage.STARTED, Stage.SUSPENDED,
      Stage.EXITED), Stage.STARTED),
    ((Stage.STARTED,), Stage.STARTED),
])
def test_the_stage_that_a_case_left_is_found_through_its_pauses(stages: tuple[Stage, ...],
                                                                left: Stage) -> None:
    assert rules.stage_left(way(*stages), stages[-1]) is left


def test_a_case_without_a_move_into_its_end_is_a_referral_again() -> None:
    assert rules.stage_left([], Stage.EXITED) is Stage.REFERRED


@pytest.mark.parametrize(("now", "move", "note", "sentence"), [
    (Stage.CONTACTED, None, "wrong", "there is none to correct"),
    (Stage.REFERRED, Move("", Stage.REFERRED, 0), "wrong", "there is none to correct"),
    (Stage.WITHDRAWN, Move(Stage.REFERRED, Stage.WITHDRAWN, 0), "wrong", "reopened, not corrected"),
    (Stage.CONTACTED, Move(Stage.REFERRED, Stage.CONTACTED, 0), "  ", "needs a note"),
])
def test_a_correction_that_cannot_be_says_why(now: Stage, move: Move | None, note: str,
                                              sentence: str) -> None:
    decision = rules.may_correct(now, move, note)
    assert not decision
    assert sentence in decision.reason
    assert rules.may_correct(Stage.CONTACTED, Move(Stage.REFERRED, Stage.CONTACTED, 0), "wrong")


@pytest.mark.parametrize(("to", "until", "sentence"), [
    (Stage.DEFERRED, None, "needs the day"),
    (Stage.DEFERRED, MARCH, "must come after that"),
    (Stage.STARTED, MARCH + timedelta(days=1), "has no day until which"),
    (Stage.DEFERRED, MARCH + timedelta(days=1), "The day fits"),
    (Stage.SUSPENDED, None, "The day fits"),
    (Stage.STARTED, None, "The day fits"),
])
def test_a_deferral_needs_a_day_that_is_still_to_come(to: Stage, until: date | None, sentence: str
                                                      ) -> None:
    decision = rules.pause_fits(to, MARCH, until)
    assert bool(decision) is (sentence == "The day fits")
    assert sentence in decision.reason


def test_a_case_that_waits_until_a_day_is_looked_at_on_that_day() -> None:
    until = date(2026, 5, 1)
    assert rules.next_action(Stage.DEFERRED, MARCH, until) == ("review_deferral", until)
    assert rules.next_action(Stage.SUSPENDED, MARCH) == (
        "review_suspension", MARCH + timedelta(days=14))


@pytest.mark.parametrize(("reason", "to_whom", "note", "is_enough"), [
    (ExitReason.TRANSFERRED, None, "note", False), (ExitReason.TRANSFERRED, "Agency", None, True),
    (ExitReason.OTHER, None, None, False), (PauseReason.OTHER, None, "note", True),
    (ExitReason.MOVED, None, None, True), (None, None, None, True),
])
def test_a_transfer_says_to_whom_and_another_reason_which(
        reason: reasons.Reason | None, to_whom: str | None, note: str | None,
        is_enough: bool) -> None:
    assert bool(rules.says_enough(reason, to_whom, note)) is is_enough


def test_every_reason_has_its_words_and_a_shared_code_says_the_same() -> None:
    for enum, said in [(ExitReason, reasons.EXIT_WORDS), (PauseReason, reasons.PAUSE_WORDS),
                       (reasons.ReopenReason, reasons.REOPEN_WORDS)]:
        assert set(enum) == set(said)
        assert {code: reasons.REASON_WORDS[code] for code in said} == said
    assert set(reasons.UnsuitableReason) == set(reasons.UNSUITABLE_WORDS)
    used = {reason for several in rules.PAUSE_REASONS.values() for reason in several}
    assert used == set(PauseReason)


def test_the_drawing_has_every_move_and_every_end() -> None:
    lines = drawing().splitlines()
    assert "        referred --> contacted" in lines
    assert "    under_way --> deferred" in lines
    assert "    exited --> under_way : reopened" in lines
    assert {line for line in lines if line.endswith("--> [*]")} == {
        "    closed --> [*]", "    exited --> [*]", "    withdrawn --> [*]"}
    arrows = {tuple(line.split(" : ")[0].split(" --> ")) for line in map(str.strip, lines)
              if " --> " in line}
    for stage, nexts in rules.FOLLOWS.items():
        for to in nexts:
            begins = {stage, "under_way" if stage in rules.UNDER_WAY else stage}
            ends = {to, "under_way" if to in rules.UNDER_WAY else to}
            assert arrows & {(a, b) for a in begins for b in ends}, (stage, to)
    assert "| assessed | Decide on suitability | 5 days | suitable, deferred" in stage_tables()
