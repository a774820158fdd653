"""A true condition is a new sample only when every part that makes it true was taken anew."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from engine.core.env import read_from, stamps_of
from engine.core.newness import is_new_reading
from engine.core.rule_state import RuleState
from engine.domain.enums import MarkBasis
from engine.domain.kinds import BOOL
from engine.domain.snapshot import Book
from engine.facts.base import Part, View
from engine.policy.meaning import Trace
from tests.facts.build import leg, snapshot, view

LOSS = {"/when": frozenset({Part.POSITIONS, Part.PRICES})}
SENTENCE = Trace("sentence", "loss >= 10k", value=True, type=BOOL, pointer="/when")
CLOCK = Trace("sentence", "time >= 10:00", value=True, type=BOOL, pointer="/clock")


def seen(basis: MarkBasis, quotes_age: int) -> View:
    base = view(snapshot([leg()]))
    reading = replace(base.snapshot, quotes=Book((), base.snapshot.taken_at - timedelta(seconds=quotes_age)))
    account = replace(base.account, profile=replace(base.account.profile, mark_basis=basis))
    return replace(base, snapshot=reading, account=account)


def stamps(one: View) -> dict[str, datetime]:
    return dict(stamps_of(one.snapshot, read_from(LOSS["/when"], one.account.profile)))


@pytest.mark.parametrize(("basis", "new"), [(MarkBasis.LAST, True), (MarkBasis.DEPTH, False)])
def test_slow_quotes_hold_up_only_an_account_that_is_marked_by_them(basis: MarkBasis, new: bool) -> None:
    now = seen(basis, quotes_age=30)
    earlier = {name: taken - timedelta(seconds=2) for name, taken in stamps(now).items() if name != "quotes"}
    earlier |= {name: taken for name, taken in stamps(now).items() if name == "quotes"}
    before = RuleState(stamps=tuple(earlier.items()), last_true=now.now - timedelta(seconds=2))
    assert is_new_reading(SENTENCE, LOSS, stamps(now), before, now) is new


def test_the_clock_takes_every_slot_and_a_block_waits_for_all_of_it() -> None:
    now = seen(MarkBasis.LAST, quotes_age=0)
    before = RuleState(stamps=tuple(stamps(now).items()), last_true=now.now - timedelta(seconds=2))
    both = Trace("all", "", value=True, type=BOOL, children=(SENTENCE, CLOCK))
    either = Trace("any", "", value=True, type=BOOL, children=(SENTENCE, CLOCK))
    freshness = {**LOSS, "/clock": frozenset()}
    assert is_new_reading(CLOCK, freshness, stamps(now), before, now)
    assert not is_new_reading(both, freshness, stamps(now), before, now)
    assert is_new_reading(either, freshness, stamps(now), before, now)
