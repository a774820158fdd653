"""The simulated exchange under random orders: nothing impossible, nothing lost, the same again from the same seed."""

import random
from dataclasses import replace
from datetime import timedelta
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.enums import OrderType, Side
from engine.domain.numbers import canonical
from engine.sim.exchange.account_book import result_of
from engine.sim.exchange.bands import edge
from engine.sim.exchange.exchange import Exchange, Refused
from engine.sim.exchange.setup import Account, Carried, Done, FillRule, Setup, SquareOff, Tick
from engine.sim.exchange.words import Change, Contract, Entry, SimOrder, Stage, Ticket, Validity
from tests.sim.day import CE, CE_HEDGE, CLOSES, FUT, ON, PE, SECOND, SETUP, START, buy, sell, with_rules

TRADED = (CE, CE_HEDGE, PE, FUT)
ACCOUNTS = ("AB123", "CD456")
MINUTE = timedelta(minutes=1)

# What may come after each stage; a fill leaves an order in its stage.
AFTER = {
    Stage.RECEIVED: {Stage.VALIDATING},
    Stage.VALIDATING: {Stage.SENDING, Stage.PARKED, Stage.REJECTED},
    Stage.SENDING: {Stage.OPEN, Stage.TRIGGER_PENDING, Stage.REJECTED},
    Stage.PARKED: {Stage.VALIDATING, Stage.MODIFY_VALIDATING, Stage.CANCELLING},
}
ALIVE = {
    Stage.OPEN, Stage.TRIGGER_PENDING, Stage.MODIFY_VALIDATING, Stage.MODIFYING, Stage.MODIFIED, Stage.CANCELLING,
    Stage.COMPLETE, Stage.CANCELLED,
}  # fmt: skip


def walk(rng: random.Random, contract: Contract, minutes: int) -> list[Tick]:
    """A price that wanders, with a jump now and then, and sometimes an empty side."""
    price, ticks = contract.previous_close, []
    for minute in range(minutes):
        step = contract.tick_size * rng.randrange(-60, 61) * (20 if rng.random() < 0.03 else 1)
        price = min(max(price + step, contract.low), contract.high)
        sides = {side: () for side in ("bids", "asks") if rng.random() < 0.04}
        ticks.append(Tick(START + minute * MINUTE, contract.key, price, **sides))
    return ticks


def day(rng: random.Random, minutes: int) -> Setup:
    ticks = [tick for contract in TRADED for tick in walk(rng, contract, minutes)]
    fills = (
        FillRule(share=Decimal("0.4"), keys=frozenset({CE.key})),
        FillRule(share=Decimal("0.5"), delay=SECOND, every=2 * SECOND, keys=frozenset({PE.key})),
        FillRule(share=Decimal(0), since=START + 30 * MINUTE, until=START + 40 * MINUTE),
    )
    first = Account(
        "AB123", Decimal(300_000_000),
        carried=(Carried(CE.key, "NRML", Decimal(-650)), Carried(CE_HEDGE.key, "NRML", Decimal(650))),
        done=(Done(START - MINUTE, FUT.key, "MIS", Side.BUY, Decimal(130), Decimal(24040)),),
    )  # fmt: skip
    setup = replace(
        SETUP,
        accounts=(first, Account("CD456", Decimal(4_000_000))),
        ticks=tuple(ticks), fills=fills, refill=5 * SECOND,
    )  # fmt: skip
    return with_rules(setup, square_offs=(SquareOff(CLOSES - 20 * MINUTE, frozenset({"MIS"})),), takes_stop_market=True)


def ticket(rng: random.Random, it: Exchange) -> Ticket:
    """Any order; some are nonsense on purpose."""
    contract = rng.choice(TRADED)
    last = it.market(contract.key).last_price
    kind = rng.choice([OrderType.LIMIT] * 4 + [OrderType.MARKET, OrderType.STOP, OrderType.STOP, OrderType.STOP_MARKET])
    side = rng.choice(list(Side))
    away = contract.tick_size * rng.randrange(-80, 80) * (50 if rng.random() < 0.05 else 1)
    away += Decimal("0.01") if rng.random() < 0.01 else 0
    price, trigger = last + away, last + side.sign * abs(away)
    if kind is OrderType.STOP:
        price = trigger + side.sign * contract.tick_size * rng.randrange(-2, 40)
    return Ticket(
        contract.exchange,
        contract.symbol if rng.random() < 0.99 else "NOSUCH",
        side,
        contract.lot_size * rng.choice([1, 1, 1, 2, 2, 3, 5, 10, 27 + rng.randrange(2)])
        + (1 if rng.random() < 0.01 else 0),
        rng.choice(["NRML", "NRML", "MIS"]),
        kind,
        price if kind in (OrderType.LIMIT, OrderType.STOP) else None,
        trigger if kind.is_stop else None,
        Validity.IOC if rng.random() < 0.1 else Validity.DAY,
        after_market=rng.random() < 0.02,
        tag=f"t{rng.randrange(50)}",
    )


def change(rng: random.Random, it: Exchange, order: SimOrder) -> Change:
    contract = it.contract(order.ticket.key)
    if contract is None:
        return Change(quantity=order.ticket.quantity)
    last = it.market(contract.key).last_price
    return Change(
        type=rng.choice([None, None, OrderType.LIMIT, OrderType.MARKET, OrderType.STOP]),
        quantity=rng.choice([None, contract.lot_size * rng.randrange(1, 12)]),
        price=rng.choice([None, last + contract.tick_size * rng.randrange(-50, 50)]),
        trigger_price=rng.choice([None, last + contract.tick_size * rng.randrange(-50, 50)]),
    )


def act(rng: random.Random, it: Exchange) -> None:
    """Place, change or cancel something."""
    account = rng.choice(ACCOUNTS)
    orders = tuple(live.order for live in it._floor.orders_of[account][-40:])
    kind = rng.random()
    try:
        if kind < 0.6 or not orders:
            it.place(account, ticket(rng, it))
        elif kind < 0.8:
            order = rng.choice(orders)
            it.modify(account, order.id, change(rng, it, order))
        else:
            it.cancel(account, rng.choice(orders).id)
    except Refused:
        pass


def play(seed: int, orders: int, minutes: int, *, cuts: int = 0) -> Exchange:
    """A day of random calls; cuts: how many needless steps each wait is made of besides."""
    rng = random.Random(seed)
    it = Exchange(day(rng, minutes), seed)
    # Every wait is at least a tenth of what brings the last call to the end of the walk.
    most = max(1, minutes * 60_000 * 2 // max(orders, 1))
    for _ in range(orders):
        act(rng, it)
        begin, wait = it.now, timedelta(milliseconds=rng.randrange(0, most))
        for cut in range(1, cuts + 1):
            it.advance(begin + wait * cut / (cuts + 1))
        it.advance(begin + wait)
    return it


def told(it: Exchange) -> list[dict[str, object]]:
    return [entry.as_json() for entry in it.ledger.entries()]


# --- what must hold of any exchange


def check_orders(it: Exchange) -> None:
    for account in it.accounts():
        fills: dict[str, Decimal] = {}
        for trade in it.trades(account):
            fills[trade.order_id] = fills.get(trade.order_id, Decimal(0)) + trade.quantity
        for order in it.orders(account):
            assert order.filled_quantity == fills.get(order.id, 0) <= order.ticket.quantity
            assert order.open_quantity >= 0
            total = order.filled_quantity + order.cancelled_quantity + order.open_quantity
            assert order.stage is Stage.REJECTED or total == order.ticket.quantity
            assert (order.stage is Stage.COMPLETE) == (order.filled_quantity == order.ticket.quantity)
            assert (order.stage is Stage.REJECTED) == (order.refusal is not None)
            check_history(order)


def check_history(order: SimOrder) -> None:
    history = order.history
    assert history[0].stage is Stage.RECEIVED
    assert history[-1].stage is order.stage
    for before, after in pairwise(history):
        assert before.at <= after.at
        assert before.filled_quantity <= after.filled_quantity
        assert not before.stage.is_terminal
        if order.exchange_id is None or before.stage in (Stage.RECEIVED, Stage.VALIDATING, Stage.SENDING):
            assert after.stage in AFTER.get(before.stage, ALIVE) or is_history_of_before(order)
        else:
            assert after.stage in ALIVE


def is_history_of_before(order: SimOrder) -> bool:
    """Whether it is an order of before the start, which is complete at once."""
    return [state.stage for state in order.history] == [Stage.RECEIVED, Stage.COMPLETE]


def check_fills(it: Exchange) -> None:
    """Each fill against the order as it stood: its limit, the day's band, the exchange's band around the last price."""
    bands = it.setup.rules.execution_band
    for entry in it.ledger.entries():
        if entry.kind is not Entry.FILL or entry.at < START:
            continue
        contract = it.contract((entry.details["exchange"], entry.details["symbol"]))
        side, price = Side(entry.details["side"]), Decimal(entry.details["fill_price"])
        limit = Decimal(entry.details["price"])
        assert contract.low <= price <= contract.high
        worst = edge(bands, contract, side, Decimal(entry.details["last_price"]))
        assert (price <= min(limit, worst)) if side is Side.BUY else (price >= max(limit, worst))
        assert Decimal(entry.details["fill_quantity"]) % contract.lot_size == 0


def check_money(it: Exchange) -> None:
    for account in it.setup.accounts:
        carried = {(one.key, one.product): one.quantity for one in account.carried}
        flows = dict.fromkeys(carried, Decimal(0))
        for trade in it.trades(account.code):
            row = trade.key, trade.product
            carried[row] = carried.get(row, Decimal(0)) + trade.side.sign * trade.quantity
            flows[row] = flows.get(row, Decimal(0)) - trade.side.sign * trade.quantity * trade.price
        rows = it.positions(account.code)
        assert {(row.contract.key, row.product): row.net for row in rows} == carried
        total = Decimal(0)
        for row in rows:
            last = it.market(row.contract.key).last_price
            assert row.sold_value - row.bought_value == flows[row.contract.key, row.product]
            worth = row.net * last - row.carried * row.carried_price
            assert result_of(row, last) == flows[row.contract.key, row.product] + worth
            total += flows[row.contract.key, row.product] + worth
        money = it.money(account.code)
        assert money.realized + money.unrealized == total
        assert money.margin_used >= 0


def check_ledger(it: Exchange) -> None:
    entries = it.ledger.entries()
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
    assert all(before.at <= after.at for before, after in pairwise(entries))
    for account in it.accounts():
        used = [entry for entry in entries if entry.kind is Entry.MARGIN and entry.account == account]
        assert all(before.details["used"] == after.details["before"] for before, after in pairwise(used))
        if used:
            assert Decimal(used[-1].details["used"]) == it.money(account).margin_used
        fills = [
            tuple(entry.details[name] for name in ("trade", "order", "fill_quantity", "fill_price"))
            for entry in entries
            if entry.kind is Entry.FILL and entry.account == account
        ]
        assert fills == [
            (trade.id, trade.order_id, canonical(trade.quantity), canonical(trade.price))
            for trade in it.trades(account)
        ]
        numbers = [
            entry.details["order"] for entry in entries if entry.kind is Entry.ORDER and entry.account == account
        ]
        assert numbers == sorted(set(numbers))


def check(it: Exchange) -> None:
    check_orders(it)
    check_fills(it)
    check_money(it)
    check_ledger(it)


# --- the properties


@given(seed=st.integers(0, 2**32), orders=st.integers(0, 60), minutes=st.integers(1, 60))
@settings(max_examples=60, deadline=None)
def test_no_fill_outside_band_or_limit_or_beyond_quantity_and_money_is_conserved(
    seed: int, orders: int, minutes: int
) -> None:
    it = play(seed, orders, minutes)
    check(it)
    it.advance(CLOSES)
    check(it)


@given(seed=st.integers(0, 2**32), orders=st.integers(1, 40), cuts=st.integers(1, 5))
@settings(max_examples=25, deadline=None)
def test_the_same_seed_gives_the_same_ledger_however_the_way_is_cut(seed: int, orders: int, cuts: int) -> None:
    once, again, cut = play(seed, orders, 20), play(seed, orders, 20), play(seed, orders, 20, cuts=cuts)
    assert told(once) == told(again) == told(cut)
    assert [once.orders(account) for account in ACCOUNTS] == [cut.orders(account) for account in ACCOUNTS]


@pytest.mark.parametrize("hostile", [Context(prec=6), Context(prec=1, rounding=ROUND_DOWN)], ids=["six", "one"])
def test_whatever_context_surrounds_it_changes_no_entry(hostile: Context) -> None:
    def told_of() -> list[dict[str, object]]:
        it = Exchange(SETUP, 1)
        for order in (sell(CE, 195), buy(CE_HEDGE, 195, "20.05"), sell(FUT, 65, "24049.95"), sell(CE_HEDGE, 195)):
            it.place("AB123", order)
            it.advance(it.now + SECOND)
        return [*told(it), {"positions": it.positions("AB123"), "money": it.money("AB123")}]

    expected = told_of()
    with localcontext(hostile):
        assert told_of() == expected


def test_another_seed_gives_other_latencies() -> None:
    first, second = (Exchange(SETUP, seed) for seed in (1, 2))
    rng = random.Random(3)
    order = ticket(rng, first)
    for it in (first, second):
        it.place("AB123", order)
        it.advance(START + SECOND)
    assert first.orders("AB123")[0].history != second.orders("AB123")[0].history


def test_ten_thousand_random_orders_leave_no_impossible_state() -> None:
    rng = random.Random(2026)
    it = Exchange(day(rng, 350), 2026)
    over: dict[str, SimOrder] = {}
    placed, number = 0, 0
    while placed < 10_000:
        number += 1
        act(rng, it)
        placed = len(it._floor.orders)
        it.advance(it.now + timedelta(milliseconds=rng.randrange(0, 2000)))
        if number % 500 == 0:
            for account in ACCOUNTS:
                for order in it.orders(account):
                    assert over.get(order.id, order) == order
                    if order.stage.is_terminal:
                        over[order.id] = order
    check(it)
    it.advance(CLOSES)
    check(it)
    alive = [order for account in ACCOUNTS for order in it.orders(account) if not order.stage.is_terminal]
    assert {order.stage for order in alive} <= {
        Stage.PARKED,
        Stage.RECEIVED,
        Stage.VALIDATING,
        Stage.SENDING,
        Stage.CANCELLING,
        Stage.MODIFY_VALIDATING,
        Stage.MODIFYING,
    }
    it.advance(CLOSES + MINUTE)
    alive = [order for account in ACCOUNTS for order in it.orders(account) if not order.stage.is_terminal]
    assert {order.stage for order in alive} <= {Stage.PARKED}
    assert all(over.get(order.id, order) == order for account in ACCOUNTS for order in it.orders(account))
    kinds = {entry.kind for entry in it.ledger.entries()}
    assert kinds >= {Entry.ORDER, Entry.MODIFY, Entry.TRIGGER, Entry.FILL, Entry.CANCEL, Entry.REJECT, Entry.MARGIN}
    refusals = {order.refusal for account in ACCOUNTS for order in it.orders(account)} - {None}
    assert len(refusals) >= 8, refusals
    assert it.setup.trading_date == ON
