"""Blocks: what ends one to the instant, what they refuse, and what of the account they change."""

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import permutations

import pytest

from engine.core.blocks import foreign_orders, refuses, standing
from engine.core.evaluate import AccountState, evaluate, perceive
from engine.core.rearm import rearm
from engine.domain.account import Account
from engine.domain.block import Block, ForeignOrders, Until
from engine.domain.enums import Mode, OrderEffect, TradingState
from engine.domain.session import Session
from engine.domain.snapshot import Link
from engine.domain.values import Unknown
from engine.facts.catalogue import CATALOGUE
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from tests.facts.build import NOW, leg, option, snapshot
from tests.policy.toy import loaded, policy

ACCOUNT = Account("A1", calendar=calendar_for("NSE"))
UNKNOWN_YEARS = Account("A1")
ONE = Block("rule", "A1", None, 1, Mode.ENFORCE, NOW, Until.REARMED)
NIFTY = replace(ONE, underlying="NIFTY")
BLOCKING = "confirm: at once\nmode: enforce\n"


def test_a_block_of_one_underlying_refuses_only_what_is_in_it() -> None:
    assert refuses((NIFTY,), OrderEffect.OPENS, "NIFTY") is NIFTY
    assert refuses((NIFTY,), OrderEffect.OPENS, "SENSEX") is None
    assert refuses((ONE, NIFTY), OrderEffect.UNCOVERS, "SENSEX") is ONE


def test_an_order_whose_underlying_cannot_be_told_is_refused_by_every_block() -> None:
    assert refuses((NIFTY,), OrderEffect.OPENS, None) is NIFTY


@pytest.mark.parametrize("effect", [OrderEffect.CLOSES, OrderEffect.COVERS])
def test_no_block_refuses_what_lowers_risk(effect: OrderEffect) -> None:
    assert refuses((ONE, NIFTY), effect, "NIFTY") is None


@pytest.mark.parametrize("mode", [Mode.DRY_RUN, Mode.OFF])
def test_only_an_enforced_block_refuses(mode: Mode) -> None:
    block = replace(ONE, mode=mode, foreign_orders=ForeignOrders.EXIT)
    assert refuses((block,), OrderEffect.OPENS, "NIFTY") is None
    assert foreign_orders((block,)) is None


def test_the_strictest_word_about_orders_from_elsewhere_counts() -> None:
    blocks = [replace(ONE, foreign_orders=word) for word in ForeignOrders]
    assert {foreign_orders(order) for order in permutations(blocks)} == {ForeignOrders.EXIT}


def test_what_is_said_of_one_underlying_counts_there_alone() -> None:
    blocks = (ONE, replace(NIFTY, foreign_orders=ForeignOrders.CANCEL))
    assert foreign_orders(blocks) is ForeignOrders.REPORT
    assert foreign_orders(blocks, "SENSEX") is ForeignOrders.REPORT
    assert foreign_orders(blocks, "NIFTY") is ForeignOrders.CANCEL
    assert foreign_orders((NIFTY,)) is None


@pytest.mark.parametrize(
    ("blocks", "link", "state"),
    [
        ((), TradingState.ACTIVE, "ACTIVE"),
        ((), TradingState.REDUCING, "REDUCING"),
        ((ONE,), TradingState.ACTIVE, "REDUCING"),
        ((ONE,), TradingState.HALTED, "HALTED"),
        ((NIFTY,), TradingState.ACTIVE, "ACTIVE"),
        ((replace(ONE, mode=Mode.DRY_RUN),), TradingState.ACTIVE, "ACTIVE"),
    ],
)
def test_the_trading_state_is_the_strictest(blocks: tuple[Block, ...], link: TradingState, state: str) -> None:
    seen = replace(snapshot([leg()]), link=Link(trading_state=link))
    _, view = perceive(ACCOUNT, seen, AccountState(blocks=blocks), NOW)
    assert CATALOGUE.facts["trading_state"].compute(view) == state


def test_the_underlyings_with_a_block_of_their_own_are_counted_once() -> None:
    blocks = (ONE, NIFTY, replace(NIFTY, policy="b"), replace(NIFTY, underlying="X", mode=Mode.DRY_RUN))
    _, view = perceive(ACCOUNT, snapshot([leg()]), AccountState(blocks=blocks), NOW)
    assert CATALOGUE.facts["blocked_underlyings"].compute(view) == 1


@pytest.mark.parametrize(
    ("blocks", "nifty", "unknown"),
    [
        ((), False, False),
        ((NIFTY,), True, None),
        ((replace(NIFTY, underlying="SENSEX"),), False, None),
        ((ONE,), True, True),
        ((replace(ONE, mode=Mode.DRY_RUN),), False, False),
    ],
)
def test_an_underlying_tells_whether_it_is_blocked(
    blocks: tuple[Block, ...], nifty: bool, unknown: bool | None
) -> None:
    odd = replace(option(right=None), underlying=None, symbol="ODD")
    _, view = perceive(ACCOUNT, snapshot([leg(), leg(odd)]), AccountState(blocks=blocks), NOW)
    rows = CATALOGUE.rows["underlyings"]
    seen = rows.rows(view)
    assert not isinstance(seen, Unknown)
    told = {rows.key(row): rows.fields["is_blocked"].compute(view, row) for row in seen}
    assert told.pop("NIFTY") is nifty
    (other,) = told.values()
    assert isinstance(other, Unknown) if unknown is None else other is unknown


def test_the_session_blocks_once_while_it_is_unknown_and_no_longer() -> None:
    known = ACCOUNT.calendar.session_at(NOW)
    unknown = Session(known.trading_date, None, None, known=False)
    (block,) = blocks = standing((), ACCOUNT, unknown, NOW)
    assert (block.policy, block.since, block.is_enforced) == (None, NOW, True)
    later = NOW + timedelta(seconds=2)
    assert standing(blocks, ACCOUNT, unknown, later) == blocks
    assert standing((*blocks, ONE), ACCOUNT, known, later) == (ONE,)


def blocking(until: str) -> Program:
    """A rule that fires at once, enforced, and blocks."""
    text = policy("open_positions > 0", then=f'block_entries: {{until: "{until}"}}', more=BLOCKING)
    return loaded(text).require()


def end(until: str, account: Account = ACCOUNT, at: datetime = NOW) -> datetime | None:
    """When the block of a rule that fires at once ends."""
    program = blocking(until)
    seen = replace(snapshot([leg(sold=(75, 100), last=180)]), taken_at=at)
    evaluation = evaluate(program, account, seen, AccountState(), at)
    blocks = [block for block in evaluation.blocks if block.policy is not None]
    return blocks[0].ends_at if blocks else None


def local(text: str) -> datetime:
    return datetime.fromisoformat(f"{text}+05:30")


def test_a_week_and_a_session_nobody_knows_last_as_long_as_they_may() -> None:
    # 23 November 2026 is a Monday.
    assert end("end of session", UNKNOWN_YEARS) == local("2026-11-24T00:00:00")
    assert end("end of week", UNKNOWN_YEARS) == local("2026-11-30T00:00:00")
    assert end("end of session") == local("2026-11-23T15:40:00")
    assert end("end of week") == local("2026-11-27T15:40:00")


def test_the_end_of_a_day_is_midnight() -> None:
    assert end("24:00") == local("2026-11-24T00:00:00")


def test_a_longer_block_of_the_same_rule_is_not_cut_short_by_a_later_one() -> None:
    earlier = replace(ONE, policy="a-rule", until=Until.TIME, ends_at=NOW + timedelta(hours=3))
    program = blocking("30m")
    state = AccountState(blocks=(earlier,))
    seen = snapshot([leg(sold=(75, 100), last=180)])
    assert [block.ends_at for block in evaluate(program, ACCOUNT, seen, state, NOW).blocks] == [
        NOW + timedelta(minutes=30), NOW + timedelta(hours=3),
    ]  # fmt: skip
    shorter = replace(earlier, ends_at=NOW + timedelta(minutes=5))
    (block,) = evaluate(program, ACCOUNT, seen, AccountState(blocks=(shorter,)), NOW).blocks
    assert (block.since, block.ends_at) == (NOW, NOW + timedelta(minutes=30))


def test_what_a_policy_left_that_is_gone_is_rearmed_without_a_condition() -> None:
    program = loaded(policy("open_positions > 5")).require()
    orphan, other = replace(ONE, policy="gone"), replace(ONE, policy="also-gone")
    state = AccountState(blocks=(orphan, other))
    evaluation = evaluate(program, ACCOUNT, snapshot([leg()]), state, NOW)
    assert evaluation.blocks == (orphan, other)
    done = rearm(evaluation, "gone")
    assert (done.refusal, done.state.blocks) == ("", (other,))
