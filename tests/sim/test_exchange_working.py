"""Working orders: stops, changes, cancels that race fills, parts filled at a time, hours of the day."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain.enums import OrderType, Side
from engine.sim.exchange.exchange import Exchange, Refused
from engine.sim.exchange.setup import Account, Carried, Done, FillRule, Hand, Setup, SquareOff, Tick
from engine.sim.exchange.words import Change, Entry, Refusal, SimOrder, Source, Stage, Ticket, Validity
from tests.sim.day import (
    CE,
    CE_HEDGE,
    CLOSES,
    OPENS,
    PE,
    SECOND,
    SETUP,
    SHARE,
    START,
    STEADY,
    buy,
    sell,
    stop,
    tick,
    with_rules,
)

A = "AB123"
MS = timedelta(milliseconds=1)


def exchange(*ticks: Tick, setup: Setup = SETUP, **changes: object) -> Exchange:
    return Exchange(replace(setup, ticks=ticks, **changes))


def placed(it: Exchange, asked: Ticket, wait: timedelta = SECOND) -> SimOrder:
    order = it.place(A, asked)
    it.advance(it.now + wait)
    return it.order(A, order.id)


def at(it: Exchange, seconds: int, order: SimOrder) -> SimOrder:
    it.advance(START + seconds * SECOND)
    return it.order(A, order.id)


def stages(order: SimOrder) -> list[Stage]:
    return [state.stage for state in order.history]


# --- stops


def test_a_stop_waits_for_the_last_price_and_fills_within_its_limit():
    it = exchange(tick(CE, "109.95", 10), tick(CE, "110", 20))
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    assert order.stage is Stage.TRIGGER_PENDING
    assert at(it, 10, order).stage is Stage.TRIGGER_PENDING
    order = at(it, 20, order)
    assert (order.stage, order.average_price) == (Stage.COMPLETE, Decimal("110.05"))
    assert [entry.kind for entry in it.ledger.entries()][-3:] == [Entry.TRIGGER, Entry.FILL, Entry.MARGIN]


def test_a_stop_limit_that_the_market_jumps_over_triggers_and_rests():
    it = exchange(tick(CE, "130", 10), tick(CE, "112.10", 20), tick(CE, "112", 30, asks=(("111.5", 65),)))
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    order = at(it, 10, order)
    assert (order.stage, order.filled_quantity, stages(order)[-2:]) == (
        Stage.OPEN, 0, [Stage.TRIGGER_PENDING, Stage.OPEN],
    )  # fmt: skip
    assert at(it, 20, order).stage is Stage.OPEN
    # It has rested: whoever comes to it pays its price.
    assert at(it, 30, order).average_price == 112


def test_a_stop_turned_into_a_limit_works_at_once():
    it = exchange()
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    it.modify(A, order.id, Change(type=OrderType.LIMIT, price=Decimal("101")))
    order = at(it, 5, order)
    assert (order.stage, order.average_price, order.ticket.trigger_price) == (
        Stage.COMPLETE, Decimal("100.05"), None,
    )  # fmt: skip
    assert not [entry for entry in it.ledger.entries() if entry.kind is Entry.TRIGGER]


def test_a_stop_turned_into_a_limit_that_is_not_met_rests_and_can_be_priced_again():
    it = exchange()
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    it.modify(A, order.id, Change(type=OrderType.LIMIT, price=Decimal("99")))
    assert at(it, 5, order).stage is Stage.OPEN
    it.modify(A, order.id, Change(price=Decimal("100.05")))
    assert at(it, 6, order).stage is Stage.COMPLETE


def test_a_limit_can_become_a_stop():
    it = exchange(tick(CE, "112", 20))
    order = placed(it, buy(CE, 65, "50"))
    it.modify(A, order.id, Change(type=OrderType.STOP, price=Decimal(113), trigger_price=Decimal(112)))
    assert at(it, 5, order).stage is Stage.TRIGGER_PENDING
    assert at(it, 20, order).stage is Stage.COMPLETE


def test_a_triggered_stop_stays_a_limit_when_its_price_is_changed():
    it = exchange(tick(CE, "130", 10))
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    at(it, 10, order)
    it.modify(A, order.id, Change(type=OrderType.STOP, price=Decimal("131"), trigger_price=Decimal(110)))
    order = at(it, 11, order)
    assert (order.stage, order.average_price) == (Stage.COMPLETE, Decimal("130.05"))


def test_where_stop_market_orders_are_taken_they_are_protected_when_triggered():
    it = exchange(tick(CE, "110", 10, asks=(("120", 65),)), setup=with_rules(takes_stop_market=True))
    order = placed(it, replace(stop(Side.BUY, CE, 65, "110", "1"), type=OrderType.STOP_MARKET, price=None))
    assert at(it, 9, order).stage is Stage.TRIGGER_PENDING
    order = at(it, 10, order)
    assert (order.stage, order.ticket.price) == (Stage.OPEN, Decimal("112.20"))


def test_stops_that_rested_at_the_start_are_there_and_take_part():
    account = Account(A, Decimal(1000000), resting=(stop(Side.BUY, CE, 65, "110", "112", tag="sl"),))
    it = exchange(tick(CE, "111", 10), accounts=(account,))
    (order,) = it.orders(A)
    assert (order.stage, order.placed_at, order.exchange_id) == (Stage.TRIGGER_PENDING, START, "1261123000000001")
    assert at(it, 10, order).stage is Stage.COMPLETE


# --- parts


def test_an_order_takes_what_there_is_and_the_rest_when_there_is_more():
    asks = (("100.05", 65),)
    it = exchange(tick(CE, "100", asks=asks), tick(CE, "100", 5, asks=asks), tick(CE, "100", 6, asks=asks))
    order = placed(it, buy(CE, 195, "100.05"))
    assert [at(it, seconds, order).filled_quantity for seconds in (4, 5, 6)] == [65, 130, 195]


def test_the_rest_of_an_order_that_took_all_there_was_is_met_at_its_own_price():
    it = exchange(tick(CE, "100", asks=(("100.05", 65),)), tick(CE, "99", 5))
    order = at(it, 5, placed(it, buy(CE, 130, "100.10")))
    assert [trade.price for trade in it.trades(A)] == [Decimal("100.05"), Decimal("100.10")]
    assert order.average_price == Decimal("100.075")


def test_nothing_is_traded_outside_the_band_of_the_day():
    contracts = (replace(CE, low=Decimal(50)),)
    it = exchange(tick(CE, "50", asks=(("45", 65),)), tick(CE, "50", 5, asks=(("50", 65),)), contracts=contracts)
    order = placed(it, buy(CE, 65, "55"))
    assert order.stage is Stage.OPEN
    assert at(it, 5, order).average_price == 50


def test_depth_that_was_taken_comes_back_after_the_declared_time():
    it = exchange(tick(CE, "100", asks=(("100.05", 65),)), refill=2 * SECOND)
    order = placed(it, buy(CE, 195, "100.05"))
    assert it.market(CE.key).asks == ()
    assert order.filled_quantity == 65
    assert at(it, 3, order).filled_quantity == 130
    assert at(it, 5, order).stage is Stage.COMPLETE


def test_less_than_a_lot_of_depth_fills_nothing():
    it = exchange(tick(CE, "100", asks=(("100.05", 64), ("100.10", 65))))
    order = placed(it, buy(CE, 130, "100.10"))
    assert (order.filled_quantity, order.average_price) == (65, Decimal("100.10"))


def test_a_share_is_filled_at_each_tick_in_whole_lots():
    rule = FillRule(share=Decimal("0.5"), keys=frozenset({CE.key}))
    it = exchange(tick(CE, "100"), tick(CE, "100", 5), tick(CE, "100", 6), fills=(rule,))
    order = placed(it, buy(CE, 325, "101"))
    assert (order.stage, order.filled_quantity) == (Stage.OPEN, 130)
    assert [at(it, seconds, order).filled_quantity for seconds in (4, 5, 6)] == [130, 260, 325]


def test_a_share_can_be_filled_by_the_clock():
    rule = FillRule(share=Decimal("0.4"), delay=3 * SECOND, every=10 * SECOND)
    it = exchange(setup=with_rules(latencies=STEADY), fills=(rule,))
    order = placed(it, buy(CE, 325, "101"))
    seen = [at(it, seconds, order).filled_quantity for seconds in (3, 4, 13, 14, 24)]
    assert seen == [0, 130, 130, 260, 325]


def test_a_contract_that_never_fills_and_then_does():
    rule = FillRule(share=Decimal(0), until=START + 30 * SECOND)
    it = exchange(fills=(rule,))
    order = placed(it, buy(CE, 65, "101"))
    assert at(it, 29, order).stage is Stage.OPEN
    assert at(it, 30, order).stage is Stage.COMPLETE


def test_a_rule_can_be_put_in_force_on_the_way():
    it = exchange(fills=(FillRule(share=Decimal(0)),))
    order = placed(it, buy(CE, 65, "101"))
    it.rule_fills(FillRule(accounts=frozenset({"CD456"})))
    assert it.order(A, order.id).stage is Stage.OPEN
    it.rule_fills(FillRule(accounts=frozenset({A})))
    assert it.order(A, order.id).stage is Stage.COMPLETE


def test_what_may_not_rest_is_cancelled():
    it = exchange(tick(CE, "100", asks=(("100.05", 65),)))
    order = placed(it, buy(CE, 130, "100.05", validity=Validity.IOC))
    assert (order.stage, order.filled_quantity, order.cancelled_quantity) == (Stage.CANCELLED, 65, 65)
    assert order.reason == "what does not fill at once is cancelled"


def test_a_stop_that_may_not_rest_is_cancelled_when_its_trigger_finds_nothing():
    it = exchange(tick(CE, "100"), tick(CE, "120", 10))
    order = placed(it, stop(Side.BUY, CE, 65, "110", "112", validity=Validity.IOC))
    assert order.stage is Stage.TRIGGER_PENDING
    order = at(it, 10, order)
    assert (order.stage, order.cancelled_quantity) == (Stage.CANCELLED, 65)


def test_of_two_orders_the_better_price_and_then_the_older_one_is_served_first():
    it = exchange(tick(CE, "100"), tick(CE, "90", 10, asks=(("90", 130),)))
    worse, first, second = (placed(it, buy(CE, 65, price)) for price in ("91", "92", "92"))
    it.advance(START + 10 * SECOND)
    assert [it.order(A, order.id).filled_quantity for order in (worse, first, second)] == [0, 65, 65]


def test_a_price_beyond_the_execution_band_is_not_traded_at():
    it = exchange(tick(CE, "111", 10, asks=(("200", 65),)), tick(CE, "150", 20, asks=(("200", 65),)))
    order = placed(it, stop(Side.BUY, CE, 65, "110", "250"))
    assert at(it, 10, order).stage is Stage.OPEN
    order = at(it, 20, order)
    assert (order.stage, order.average_price) == (Stage.COMPLETE, 200)


def test_nobody_sells_at_the_upper_circuit():
    it = exchange(tick(CE, "1000", asks=()))
    order = placed(it, buy(CE, 65))
    assert (order.stage, order.ticket.price) == (Stage.OPEN, 1000)


# --- changes and cancels


def test_a_fill_within_the_latency_of_the_cancel_wins():
    it = exchange(tick(CE, "90", 2), setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 65, "95"), 2 * SECOND - 50 * MS)
    assert it.cancel(A, order.id).stage is Stage.CANCELLING
    assert at(it, 5, order).stage is Stage.COMPLETE
    last = it.ledger.entries()[-1]
    assert (last.kind, last.details["of"], last.details["reason"]) == (Entry.REJECT, "cancel", "order is completed")


def test_a_cancel_before_the_fill_wins():
    it = exchange(tick(CE, "90", 2), setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 65, "95"), 2 * SECOND - 100 * MS - MS)
    it.cancel(A, order.id)
    assert at(it, 5, order).stage is Stage.CANCELLED


def test_a_part_filled_while_the_cancel_is_on_its_way_is_kept():
    it = exchange(tick(CE, "90", 2, asks=(("90", 65),)), setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 195, "95"), 2 * SECOND - 50 * MS)
    it.cancel(A, order.id)
    order = at(it, 5, order)
    assert (order.stage, order.filled_quantity, order.cancelled_quantity) == (Stage.CANCELLED, 65, 130)
    assert stages(order)[-3:] == [Stage.CANCELLING, Stage.CANCELLING, Stage.CANCELLED]


def test_an_order_that_is_being_cancelled_stays_so_whatever_else_is_asked():
    it = exchange(setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 65, "50"))
    it.cancel(A, order.id)
    it.modify(A, order.id, Change(price=Decimal(51)))
    it.advance(it.now + 50 * MS)
    assert it.order(A, order.id).stage is Stage.CANCELLING
    it.advance(it.now + SECOND)
    assert it.order(A, order.id).stage is Stage.CANCELLED


def test_an_order_on_its_way_can_be_cancelled_and_meets_the_market_first():
    it = exchange(setup=with_rules(latencies=STEADY))
    filled, rests = it.place(A, buy(CE, 65, "101")), it.place(A, buy(CE, 65, "50"))
    for order in (filled, rests):
        assert it.cancel(A, order.id).stage is Stage.RECEIVED
    it.advance(START + SECOND)
    assert [it.order(A, order.id).stage for order in (filled, rests)] == [Stage.COMPLETE, Stage.CANCELLED]


def test_a_change_walks_through_its_stages():
    it = exchange()
    order = placed(it, buy(CE, 65, "50"))
    assert it.modify(A, order.id, Change(quantity=Decimal(130), price=Decimal(60))).stage is Stage.MODIFY_VALIDATING
    order = at(it, 5, order)
    assert (order.stage, order.ticket.quantity, order.ticket.price, order.modified) == (Stage.OPEN, 130, 60, 1)
    assert stages(order)[-4:] == [Stage.MODIFY_VALIDATING, Stage.MODIFYING, Stage.MODIFIED, Stage.OPEN]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        (Change(quantity=Decimal(100)), Refusal.LOT_SIZE),
        (Change(price=Decimal("2000")), Refusal.PRICE_BAND),
        (Change(price=Decimal("150")), Refusal.EXECUTION_BAND),
        (Change(type=OrderType.STOP, trigger_price=Decimal(90)), Refusal.TRIGGER_SIDE),
        (Change(type=OrderType.STOP), Refusal.PRICE_MISSING),
        (Change(type=OrderType.STOP_MARKET, trigger_price=Decimal(110)), Refusal.STOP_MARKET),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_a_change_that_is_refused_leaves_the_order_as_it_was(change: Change, refusal: Refusal):
    it = exchange()
    before = placed(it, buy(CE, 65, "50"))
    it.modify(A, before.id, change)
    after = at(it, 5, before)
    assert (after.stage, after.ticket, after.refusal, after.modified) == (Stage.OPEN, before.ticket, None, 0)
    last = it.ledger.entries()[-1]
    assert (last.kind, last.details["of"], last.details["refusal"]) == (Entry.REJECT, "modify", refusal.value)
    assert after.reason == last.details["reason"]


def test_a_quantity_cannot_fall_to_what_is_filled():
    it = exchange(tick(CE, "100", asks=(("100.05", 65),)))
    order = placed(it, buy(CE, 195, "100.05"))
    it.modify(A, order.id, Change(quantity=Decimal(65)))
    order = at(it, 5, order)
    assert (order.stage, order.reason) == (Stage.OPEN, "65 is filled already, the quantity must be above it")
    it.modify(A, order.id, Change(quantity=Decimal(130)))
    assert at(it, 6, order).open_quantity == 65


def test_a_fill_outruns_a_change():
    it = exchange(tick(CE, "90", 2), setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 65, "95"), 2 * SECOND - 150 * MS)
    it.modify(A, order.id, Change(price=Decimal(50)))
    order = at(it, 5, order)
    assert (order.stage, order.average_price, order.ticket.price) == (Stage.COMPLETE, 95, 95)
    assert it.ledger.entries()[-1].details["of"] == "modify"


def test_an_order_can_be_changed_only_so_often():
    it = exchange(setup=with_rules(most_changes=2))
    order = placed(it, buy(CE, 65, "50"))
    for price in (51, 52):
        it.modify(A, order.id, Change(price=Decimal(price)))
    with pytest.raises(Refused) as refused:
        it.modify(A, order.id, Change(price=Decimal(53)))
    assert refused.value.refusal is Refusal.TOO_MANY_CHANGES
    assert at(it, 5, order).ticket.price == 52


# --- the day


def test_the_session_ends_and_what_works_is_cancelled():
    it = exchange()
    working, waits = placed(it, buy(CE, 65, "50")), placed(it, stop(Side.BUY, CE, 65, "110", "112"))
    it.advance(CLOSES)
    ended = [it.order(A, order.id) for order in (working, waits)]
    assert [(order.stage, order.reason) for order in ended] == [(Stage.CANCELLED, "the session ended")] * 2
    assert [entry.details["by"] for entry in it.ledger.entries() if entry.kind is Entry.CANCEL] == ["broker"] * 2


def test_the_broker_squares_off_intraday_positions_after_cancelling_their_orders():
    cutoff = START + 60 * SECOND
    carried = (Carried(CE.key, "MIS", Decimal(-1950)), Carried(CE_HEDGE.key, "MIS", Decimal(65)),
               Carried(PE.key, "NRML", Decimal(-65)))  # fmt: skip
    setup = with_rules(square_offs=(SquareOff(cutoff, frozenset({"MIS"})),))
    it = exchange(setup=setup, accounts=(Account(A, Decimal(0), carried, resting=(
        stop(Side.BUY, CE, 1950 - 195, "110", "112", product="MIS"), stop(Side.BUY, PE, 65, "95", "96")
    )),))  # fmt: skip
    it.advance(cutoff + SECOND)
    orders = it.orders(A)
    assert [order.stage for order in orders] == [
        Stage.CANCELLED, Stage.TRIGGER_PENDING, Stage.COMPLETE, Stage.COMPLETE, Stage.COMPLETE,
    ]  # fmt: skip
    assert [(order.ticket.symbol, order.ticket.quantity, order.ticket.source) for order in orders[2:]] == [
        (CE.symbol, 1755, Source.BROKER), (CE.symbol, 195, Source.BROKER), (CE_HEDGE.symbol, 65, Source.BROKER),
    ]  # fmt: skip
    assert orders[0].reason == "squared off by the broker"
    assert {row.contract.symbol: row.net for row in it.positions(A)} == {
        CE.symbol: 0,
        CE_HEDGE.symbol: 0,
        PE.symbol: -65,
    }


def test_the_broker_squares_shorts_off_before_their_hedges():
    carried = (Carried(CE_HEDGE.key, "MIS", Decimal(65)), Carried(CE.key, "MIS", Decimal(-65)))
    setup = with_rules(square_offs=(SquareOff(START + SECOND, frozenset({"MIS"})),))
    it = exchange(setup=setup, accounts=(Account(A, Decimal(0), carried),))
    it.advance(START + 2 * SECOND)
    assert [(order.ticket.symbol, order.ticket.side) for order in it.orders(A)] == [
        (CE.symbol, Side.BUY), (CE_HEDGE.symbol, Side.SELL),
    ]  # fmt: skip


def test_a_square_off_can_be_for_what_expires_and_for_some_underlyings():
    rules = (
        SquareOff(START + SECOND, frozenset({"MIS"}), on_expiry_only=True),
        SquareOff(START + SECOND, frozenset({"MIS"}), underlyings=frozenset({"RELIANCE"})),
    )
    carried = (Carried(CE.key, "MIS", Decimal(-65)), Carried(SHARE.key, "MIS", Decimal(10)))
    it = exchange(setup=with_rules(square_offs=rules), accounts=(Account(A, Decimal(100000), carried),))
    it.advance(START + 2 * SECOND)
    assert [row.net for row in it.positions(A)] == [-65, 0]


def test_a_traders_hand_places_changes_and_cancels():
    ticket = buy(CE, 65, "50", tag="hand", source=Source.SCENARIO)
    hands = (
        Hand(START + 30 * SECOND, A, tag="hand", cancel=True),
        Hand(START + 10 * SECOND, A, ticket),
        Hand(START + 20 * SECOND, A, tag="hand", change=Change(price=Decimal(60))),
    )
    it = exchange(hands=hands)
    it.advance(START + 25 * SECOND)
    (order,) = it.orders(A)
    assert (order.ticket.price, order.ticket.source, order.stage) == (60, Source.SCENARIO, Stage.OPEN)
    assert at(it, 31, order).stage is Stage.CANCELLED
    it.act(Hand(START, A, sell(CE_HEDGE, 65, "20", tag="now")))
    assert it.orders(A)[-1].placed_at == it.now


def test_fills_of_before_the_start_are_in_the_books():
    done = Done(START - 600 * SECOND, CE.key, "NRML", Side.SELL, Decimal(65), Decimal("120"), "morning")
    it = exchange(accounts=(Account(A, Decimal(1000000), done=(done,)),))
    (order,), (trade,), (row,) = it.orders(A), it.trades(A), it.positions(A)
    assert (order.stage, order.placed_at, order.average_price) == (Stage.COMPLETE, done.at, 120)
    assert (trade.at, trade.tag, row.net) == (done.at, "morning", -65)
    assert it.now == START
    assert it.money(A).unrealized == 65 * 20


def test_prices_of_before_the_start_touch_no_order_that_rests_at_it():
    account = Account(A, Decimal(1000000), resting=(stop(Side.BUY, CE, 65, "110", "112"),))
    it = exchange(tick(CE, "120", -60), tick(CE, "100", -30), accounts=(account,))
    assert [order.stage for order in it.orders(A)] == [Stage.TRIGGER_PENDING]
    assert (it.market(CE.key).high, it.market(CE.key).last_price) == (120, 100)


def test_a_fill_leaves_a_change_that_was_asked_for_asked_for():
    it = exchange(tick(CE, "90", 2, asks=(("90", 65),)), setup=with_rules(latencies=STEADY))
    order = placed(it, buy(CE, 195, "95"), 2 * SECOND - 50 * MS)
    it.modify(A, order.id, Change(quantity=Decimal(260)))
    order = at(it, 5, order)
    assert stages(order)[-5:] == [
        Stage.MODIFY_VALIDATING, Stage.MODIFY_VALIDATING, Stage.MODIFYING, Stage.MODIFIED, Stage.OPEN,
    ]  # fmt: skip
    assert (order.filled_quantity, order.open_quantity) == (65, 195)


def test_what_is_not_listed_has_no_market():
    it = exchange()
    assert (it.market(("NFO", "X")), it.contract(("NFO", "X"))) == (None, None)
    for act in (lambda: it.quote(replace(tick(CE, "1"), key=("NFO", "X"))), lambda: it.gap(("NFO", "X"), Decimal(1))):
        with pytest.raises(Refused, match="no contract X on NFO"):
            act()


def test_a_gap_moves_a_market_and_all_that_comes_after():
    it = exchange(tick(CE, "100"), tick(CE, "101", 10))
    for by in (20, 10):
        it.gap(CE.key, Decimal(by))
    assert it.market(CE.key).last_price == 130
    it.advance(START + 10 * SECOND)
    assert (it.market(CE.key).last_price, it.market(CE.key).asks[0].price) == (131, Decimal("131.05"))
    it.quote(tick(CE, "50"))
    assert it.market(CE.key).last_price == 50


def test_the_next_event_is_known():
    it = exchange(tick(CE, "100", 10))
    assert it.next_event_at() == START + 10 * SECOND
    order = it.place(A, buy(CE, 65, "50"))
    assert START < it.next_event_at() < START + SECOND
    it.advance(CLOSES)
    assert it.order(A, order.id).stage is Stage.CANCELLED
    assert it.next_event_at() is None
    it.advance(OPENS)
    assert it.now == CLOSES


def test_prices_of_the_day_are_kept():
    it = exchange(tick(CE, "100"), tick(CE, "120", 1), tick(CE, "80", 2), tick(CE, "90", 3))
    it.advance(START + 3 * SECOND)
    market = it.market(CE.key)
    assert (market.open, market.high, market.low, market.last_price, market.close) == (100, 120, 80, 90, 100)
    assert market.traded_at == START + 3 * SECOND
