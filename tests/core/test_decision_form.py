"""A decision is recorded with its reasons and the books it was made on, and comes back with both."""

from datetime import timedelta

import pytest

from engine.core.decision_form import believed_books, recorded_decision, trace_of
from engine.core.evaluate import AccountState, evaluate
from engine.domain.account import Account
from engine.domain.enums import Mode
from engine.domain.latch import Latch
from engine.domain.serial import form_of, plain_of, text_of
from engine.errors import InvariantError
from engine.policy.load import load
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE, LATER
from tests.properties import test_groups as groups
from tests.properties.dump import plain
from tests.properties.test_determinism import BLOCKS, FILES, START, reading

PROGRAM = load((*FILES, type(FILES[0])("blocks.yaml", BLOCKS)), CATALOGUE, LATER).require()


def test_it_comes_back_with_its_reasons_and_its_books() -> None:
    state, found = AccountState(), {}
    for index in range(6):
        now = START + timedelta(seconds=2 * index)
        snapshot = parse_snapshot(reading(now, 300, stopped=True), "reading.yaml")
        evaluation = evaluate(PROGRAM, Account("A1"), snapshot, state, now)
        state = evaluation.next_state
        for result in evaluation.results:
            if result.decision is not None:
                record = recorded_decision(result, PROGRAM.digest)
                form = form_of(type(record))
                assert form.decode(plain_of(text_of(form.encode(record)))) == record
                assert plain(trace_of(record)) == plain(result.trace)
                assert believed_books(record) == evaluation.view.snapshot
                assert record.key == result.decision.key
                found[record.policy, record.row] = record
    kill, each = found["kill", None], found["each", "NFO:NIFTY26NOV24000CE:NRML:1"]
    assert kill.latch == Latch("kill", "A1", "2026-11-23", Mode.ENFORCE)
    assert [name for name, _, _ in kill.actions] == ["block_entries", "square_off", "kill_switch"]
    assert kill.actions[1][1] == "/then/1/square_off"
    assert kill.actions[1][2].startswith("square off all")
    assert (each.mode, each.latch, each.policy_set) == (Mode.DRY_RUN, None, PROGRAM.digest)


def test_a_rule_about_groups_has_no_book() -> None:
    day = groups.Day(groups.FIRING)
    for index in range(6):
        for name in groups.ACCOUNTS:
            day.read(name, (300, True), groups.START + timedelta(seconds=2 * index))
            assert day.last is not None
            for result in day.last.results:
                if result.decision is not None:
                    record = recorded_decision(result, "d")
                    assert record.is_of_group
                    assert believed_books(record) is None
                    assert trace_of(record).kind == "sentence"
                    return
    pytest.fail("no decision came of the group")


def test_what_decided_nothing_is_not_recorded() -> None:
    snapshot = parse_snapshot(reading(START, 90, stopped=False), "reading.yaml")
    result = evaluate(PROGRAM, Account("A1"), snapshot, AccountState(), START).results[0]
    with pytest.raises(InvariantError, match="has decided nothing here"):
        recorded_decision(result, "d")
