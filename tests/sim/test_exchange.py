"""The plain life of an order: received, taken, filled at the depth, cancelled; positions, money and ledger follow."""

from dataclasses import replace
from decimal import Decimal

import pytest

from engine.sim.exchange.exchange import Exchange, Refused
from engine.sim.exchange.setup import Setup, Tick
from engine.sim.exchange.words import Entry, Refusal, SimOrder, Stage, Ticket
from tests.sim.day import CE, SECOND, SETUP, START, buy, sell, tick, with_rules

A = "AB123"


def exchange(*ticks: Tick, setup: Setup = SETUP) -> Exchange:
    return Exchange(replace(setup, ticks=(*setup.ticks, *ticks)), seed=7)


def placed(it: Exchange, ticket: Ticket, seconds: int = 1) -> SimOrder:
    """The order a while after it was placed."""
    order = it.place(A, ticket)
    it.advance(it.now + seconds * SECOND)
    return it.order(A, order.id)


def test_a_new_order_is_only_received():
    it = exchange()
    order = it.place(A, buy(CE, 65, "100"))
    assert (order.stage, order.exchange_id, order.id) == (Stage.RECEIVED, None, "261123000000001")
    assert [entry.kind for entry in it.ledger.entries()] == [Entry.ORDER]


def test_a_limit_order_takes_the_depth_at_its_prices_and_never_beyond_its_own():
    it = exchange(tick(CE, "100", asks=(("100.05", 65), ("100.10", 65), ("100.20", 6500))))
    order = placed(it, buy(CE, 195, "100.10"))
    assert (order.stage, order.filled_quantity, order.average_price) == (Stage.OPEN, 130, Decimal("100.075"))
    assert [(trade.quantity, trade.price) for trade in it.trades(A)] == [
        (65, Decimal("100.05")),
        (65, Decimal("100.10")),
    ]


def test_the_way_of_an_order_is_kept():
    it = exchange()
    order = placed(it, sell(CE, 65, "90"))
    stages = [Stage.RECEIVED, Stage.VALIDATING, Stage.SENDING, Stage.OPEN, Stage.COMPLETE]
    assert [state.stage for state in order.history] == stages
    assert order.exchange_id is not None


def test_a_market_order_is_a_protected_limit_that_rests():
    it = exchange(tick(CE, "100", asks=(("102.00", 65), ("102.05", 650))))
    order = placed(it, buy(CE, 130))
    assert order.ticket.price == Decimal("102.00")
    assert (order.stage, order.open_quantity) == (Stage.OPEN, 65)


def test_a_cancel_takes_the_rest_out():
    it = exchange()
    order = placed(it, buy(CE, 65, "50"))
    assert it.cancel(A, order.id).stage is Stage.CANCELLING
    it.advance(it.now + SECOND)
    order = it.order(A, order.id)
    assert (order.stage, order.cancelled_quantity, order.open_quantity) == (Stage.CANCELLED, 65, 0)
    with pytest.raises(Refused) as refused:
        it.cancel(A, order.id)
    assert refused.value.refusal is Refusal.FINISHED


def test_positions_and_money_follow_the_fills():
    it = exchange(tick(CE, "100"), tick(CE, "80", 10), setup=with_rules(checks_margin=False))
    placed(it, sell(CE, 130, "95"))
    it.advance(START + 11 * SECOND)
    placed(it, buy(CE, 65, "90"))
    (row,) = it.positions(A)
    assert (row.net, row.sold_value, row.bought_value) == (-65, 130 * Decimal("99.95"), 65 * Decimal("80.05"))
    money = it.money(A)
    assert money.realized == 65 * (Decimal("99.95") - Decimal("80.05"))
    assert money.unrealized == 65 * (Decimal("99.95") - 80)


def test_what_is_not_there_is_refused_at_the_door():
    it = exchange()
    with pytest.raises(Refused, match="no account ZZ"):
        it.place("ZZ", buy(CE, 65, "100"))
    with pytest.raises(Refused, match="no order 1"):
        it.cancel(A, "1")


def test_anothers_order_is_not_there():
    it = exchange()
    order = placed(it, buy(CE, 65, "50"))
    assert it.order("CD456", order.id) is None
    with pytest.raises(Refused, match="no order"):
        it.cancel("CD456", order.id)
