"""What the risk checks and the exchange refuse: each order is received first and rejected later, with its reason."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.domain.enums import OrderType, Side
from engine.sim.exchange.exchange import Exchange, Refused
from engine.sim.exchange.setup import Account, Carried, Setup
from engine.sim.exchange.words import Change, Contract, Entry, LockBlocks, Refusal, SimOrder, Stage, Ticket
from tests.sim.day import (
    CE,
    CE_HEDGE,
    CLOSES,
    OPENS,
    SECOND,
    SETUP,
    SHARE,
    SPOT,
    START,
    buy,
    sell,
    stop,
    tick,
    ticket,
    with_rules,
)

A = "AB123"


def placed(it: Exchange, asked: Ticket) -> SimOrder:
    order = it.place(A, asked)
    assert order.stage is Stage.RECEIVED
    it.advance(it.now + SECOND)
    return it.order(A, order.id)


def with_contract(contract: Contract, **changes: object) -> Setup:
    contracts = [replace(one, **changes) if one is contract else one for one in SETUP.contracts]
    return replace(SETUP, contracts=tuple(contracts))


def with_account(setup: Setup = SETUP, **changes: object) -> Setup:
    first, *others = setup.accounts
    return replace(setup, accounts=(replace(first, **changes), *others))


@pytest.mark.parametrize(
    ("asked", "refusal", "reason"),
    [
        pytest.param(
            replace(buy(CE, 65, "100"), symbol="NIFTY99X"), Refusal.UNKNOWN_CONTRACT, "no contract NIFTY99X on NFO",
            id="unknown",
        ),
        pytest.param(
            buy(CE, 100, "100"), Refusal.LOT_SIZE, "quantity 100 is not a multiple of the lot of 65", id="lot"
        ),
        pytest.param(buy(CE, 0, "100"), Refusal.LOT_SIZE, "quantity 0 is not a multiple of the lot of 65", id="none"),
        pytest.param(
            buy(CE, 1820, "100"), Refusal.FREEZE_QUANTITY, "quantity 1820 is over the freeze quantity of 1800",
            id="freeze",
        ),
        pytest.param(
            buy(CE, 65, "100.02"), Refusal.TICK_SIZE, "limit price 100.02 is not a multiple of the tick of 0.05",
            id="tick",
        ),
        pytest.param(
            stop(Side.BUY, CE, 65, "110.01", "112"), Refusal.TICK_SIZE,
            "trigger price 110.01 is not a multiple of the tick of 0.05", id="trigger-tick",
        ),
        pytest.param(
            ticket(CE, Side.BUY, 65, type=OrderType.LIMIT), Refusal.PRICE_MISSING, "the order has no limit price",
            id="no-price",
        ),
        pytest.param(
            ticket(CE, Side.BUY, 65, "100", type=OrderType.STOP), Refusal.PRICE_MISSING,
            "the order has no trigger price", id="no-trigger",
        ),
        pytest.param(
            buy(CE, 65, "1000.05"), Refusal.PRICE_BAND, "1000.05 is outside the day's band 0.05 to 1000", id="band"
        ),
        pytest.param(
            buy(CE, 65, "140.05"), Refusal.EXECUTION_BAND, "140.05 is beyond 140, the execution band around 100",
            id="execution-band",
        ),
        pytest.param(
            sell(CE, 65, "59.95"), Refusal.EXECUTION_BAND, "59.95 is beyond 60, the execution band around 100",
            id="execution-band-of-a-sell",
        ),
        pytest.param(
            stop(Side.BUY, CE, 65, "100", "105"), Refusal.TRIGGER_SIDE, "trigger 100 of a buy must be above 100",
            id="trigger-of-a-buy",
        ),
        pytest.param(
            stop(Side.SELL, CE, 65, "101", "90"), Refusal.TRIGGER_SIDE, "trigger 101 of a sell must be below 100",
            id="trigger-of-a-sell",
        ),
        pytest.param(
            stop(Side.BUY, CE, 65, "110", "109"), Refusal.TRIGGER_SIDE,
            "price 109 of a buy must be at or above its trigger", id="price-short-of-its-trigger",
        ),
        pytest.param(
            ticket(CE, Side.BUY, 65, type=OrderType.STOP_MARKET, trigger_price=Decimal(110)), Refusal.STOP_MARKET,
            "stop-market orders are not taken", id="stop-market",
        ),
        pytest.param(
            buy(SPOT, 1, "24000"), Refusal.NOT_TRADED, "NIFTY 50 is an index and is not traded", id="index"
        ),
    ],
)  # fmt: skip
def test_an_order_is_rejected_with_its_reason(asked: Ticket, refusal: Refusal, reason: str):
    it = Exchange(SETUP)
    order = placed(it, asked)
    assert (order.stage, order.refusal, order.reason) == (Stage.REJECTED, refusal, reason)
    told = [entry for entry in it.ledger.entries() if entry.kind is not Entry.MARGIN]
    assert [entry.kind for entry in told] == [Entry.ORDER, Entry.REJECT]
    assert (told[-1].details["refusal"], told[-1].details["reason"]) == (refusal.value, reason)
    assert it.money(A).margin_used == 0
    assert it.positions(A) == ()


def test_limits_at_the_edge_of_the_execution_band_are_taken():
    it = Exchange(SETUP)
    assert placed(it, buy(CE, 65, "140")).stage is Stage.COMPLETE
    assert placed(it, sell(CE, 65, "60")).stage is Stage.COMPLETE


def test_a_price_that_is_no_danger_may_be_outside_the_execution_band():
    assert placed(Exchange(SETUP), buy(CE, 65, "10")).stage is Stage.OPEN


def test_no_market_orders_in_a_contract_that_is_hardly_traded():
    it = Exchange(with_rules(no_market_orders=frozenset({CE_HEDGE.key})))
    assert placed(it, buy(CE_HEDGE, 65)).refusal is Refusal.NOT_TRADED
    assert placed(it, buy(CE_HEDGE, 65, "20")).refusal is None


def test_after_the_close_orders_are_rejected():
    it = Exchange(SETUP)
    it.advance(CLOSES)
    order = placed(it, buy(CE, 65, "100"))
    assert (order.refusal, order.reason) == (Refusal.MARKET_CLOSED, "NFO is closed")


def test_an_after_market_order_is_parked_until_the_exchange_opens():
    it = Exchange(replace(SETUP, start=OPENS - 60 * SECOND))
    order = placed(it, buy(CE, 65, "101", after_market=True))
    assert order.stage is Stage.PARKED
    it.advance(OPENS + SECOND)
    assert it.order(A, order.id).stage is Stage.COMPLETE


def test_a_parked_order_can_be_changed_and_cancelled():
    it = Exchange(replace(SETUP, start=OPENS - 60 * SECOND))
    first, second = (placed(it, buy(CE, 65, "101", after_market=True)) for _ in range(2))
    it.modify(A, first.id, Change(quantity=Decimal(130), price=Decimal("90")))
    it.cancel(A, second.id)
    it.advance(it.now + SECOND)
    assert it.order(A, first.id).stage is Stage.PARKED
    assert it.order(A, second.id).stage is Stage.CANCELLED
    it.advance(OPENS + SECOND)
    assert (it.order(A, first.id).stage, it.order(A, first.id).open_quantity) == (Stage.OPEN, 130)


def test_an_after_market_order_of_the_evening_stays_parked():
    it = Exchange(SETUP)
    it.advance(CLOSES + SECOND)
    order = placed(it, buy(CE, 65, "101", after_market=True))
    it.advance(CLOSES + 3600 * SECOND)
    assert it.order(A, order.id).stage is Stage.PARKED


def test_an_after_market_order_in_the_session_is_an_order():
    assert placed(Exchange(SETUP), buy(CE, 65, "101", after_market=True)).stage is Stage.COMPLETE


def test_in_the_ban_period_only_decreases_are_taken():
    banned = with_contract(CE, is_banned=True)
    it = Exchange(with_account(banned, carried=(Carried(CE.key, "NRML", Decimal(-130)),)))
    assert placed(it, sell(CE, 65, "100")).refusal is Refusal.BAN_PERIOD
    assert placed(it, buy(CE, 195, "100")).refusal is Refusal.BAN_PERIOD
    resting = placed(it, buy(CE, 65, "50"))
    assert resting.stage is Stage.OPEN
    # Together with the resting one this would turn the position over.
    assert placed(it, buy(CE, 130, "100")).refusal is Refusal.BAN_PERIOD
    assert placed(it, buy(CE, 65, "101")).stage is Stage.COMPLETE


def test_an_account_may_not_trade_where_it_has_no_segment():
    it = Exchange(with_account(segments=frozenset({"NFO"})))
    assert placed(it, buy(SHARE, 1, "1400")).refusal is Refusal.LOCKED
    assert placed(it, buy(CE, 65, "100.05")).stage is Stage.COMPLETE


@pytest.mark.parametrize(
    ("blocks", "entry", "exit_"),
    [
        (LockBlocks.EVERYTHING, Refusal.LOCKED, Refusal.LOCKED),
        (LockBlocks.OPENING, Refusal.LOCKED, None),
        (LockBlocks.NOTHING, None, None),
    ],
    ids=lambda value: getattr(value, "value", ""),
)
def test_a_segment_disabled_by_the_client_blocks_what_the_rules_say(
    blocks: LockBlocks, entry: Refusal | None, exit_: Refusal | None
):
    carried = with_account(carried=(Carried(CE.key, "NRML", Decimal(-65)),))
    it = Exchange(with_rules(carried, lock_blocks=blocks))
    it.lock(A, frozenset({"NFO"}), "terminal")
    assert it.locked(A) == {"NFO"}
    assert it.locked("CD456") == frozenset()
    assert it.ledger.entries()[-1].as_json() | {"seq": 1} == {
        "seq": 1, "at": "2026-11-23T04:00:00+00:00", "account": A, "kind": "lock", "segments": ["NFO"],
        "by": "terminal",
    }  # fmt: skip
    assert placed(it, sell(CE, 65, "100")).refusal is entry
    assert placed(it, buy(CE, 65, "50")).refusal is exit_
    assert placed(it, buy(SHARE, 1, "1000")).refusal is not Refusal.LOCKED


def test_a_lock_may_need_a_flat_book():
    setup = with_rules(with_account(carried=(Carried(CE.key, "NRML", Decimal(-65)),)), lock_needs_flat=True)
    it = Exchange(setup)
    with pytest.raises(Refused) as refused:
        it.lock(A, frozenset({"NFO"}), "terminal")
    assert refused.value.refusal is Refusal.NOT_FLAT
    it.lock(A, frozenset({"NSE"}), "terminal")
    placed(it, buy(CE, 65, "101"))
    resting = placed(it, buy(CE, 65, "50"))
    with pytest.raises(Refused):
        it.lock(A, frozenset({"NFO"}), "terminal")
    it.cancel(A, resting.id)
    it.advance(it.now + SECOND)
    it.lock(A, frozenset({"NFO"}), "terminal")
    assert it.locked(A) == {"NFO", "NSE"}


def test_an_after_market_order_does_not_keep_a_segment_from_being_disabled():
    it = Exchange(with_rules(replace(SETUP, start=OPENS - SECOND * 60), lock_needs_flat=True))
    assert placed(it, buy(CE, 65, "50", after_market=True)).stage is Stage.PARKED
    it.lock(A, frozenset({"NFO"}), "terminal")
    assert it.locked(A) == {"NFO"}


def test_a_tag_is_kept_and_not_looked_at():
    it = Exchange(SETUP)
    first, second = (placed(it, buy(CE, 65, "50", tag="R1")) for _ in range(2))
    assert (first.ticket.tag, second.ticket.tag, second.stage) == ("R1", "R1", Stage.OPEN)


def test_the_band_follows_the_market():
    it = Exchange(replace(SETUP, ticks=(tick(CE, "30", 1),)))
    it.advance(START + SECOND)
    assert placed(it, buy(CE, 65, "50.05")).reason == "50.05 is beyond 50, the execution band around 30"


def test_an_account_without_a_cent_may_still_buy_its_short_back():
    it = Exchange(with_account(cash=Decimal(0), carried=(Carried(CE.key, "NRML", Decimal(-65)),)))
    assert placed(it, buy(CE, 65, "101")).stage is Stage.COMPLETE
    assert placed(it, sell(CE, 65, "99")).refusal is Refusal.MARGIN
    assert Account("X", Decimal(0)).segments is None
