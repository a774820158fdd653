"""Margin: a hedge makes a short cheap, selling it first makes it dear again, and every change is in the ledger."""

from dataclasses import replace
from decimal import Decimal

from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.margin import Spots, derivative_risk
from engine.sim.exchange.setup import Account, Carried, MarginRates
from engine.sim.exchange.words import Entry, Refusal, SimOrder, Stage, Ticket
from tests.sim.day import CE, CE_HEDGE, FUT, PE, PE_HEDGE, SECOND, SETUP, SHARE, SPOT, STEADY, buy, sell, with_rules

A = "AB123"
RATES = MarginRates()
SPOT_PRICE = Decimal(24000)


def condor(cash: int) -> Exchange:
    """Two shorts of 65 with their hedges, carried."""
    held = ((CE, -65), (CE_HEDGE, 65), (PE, -65), (PE_HEDGE, 65))
    carried = tuple(Carried(contract.key, "NRML", Decimal(net)) for contract, net in held)
    return Exchange(replace(SETUP, accounts=(Account(A, Decimal(cash), carried),)))


def placed(it: Exchange, ticket: Ticket) -> SimOrder:
    order = it.place(A, ticket)
    it.advance(it.now + SECOND)
    return it.order(A, order.id)


def risk(*legs: tuple[object, int]) -> Decimal:
    return derivative_risk([(contract, Decimal(net)) for contract, net in legs], SPOT_PRICE, RATES)


def test_the_model_by_hand():
    # 24,000 moved up by 9.3 % is 26,232: the call is worth 2,032 there, 100 now; exposure is 2 % of 24,000.
    assert risk((CE, -65)) == 65 * (2032 - 100 + 480)
    # The long call pays everything above 24,600.
    assert risk((CE, -65), (CE_HEDGE, 65)) == 65 * (400 - 100 + 480)
    # Only one side of a condor can lose: 400 at the worst, against 190 the shorts are worth.
    assert risk((CE, -65), (CE_HEDGE, 65), (PE, -65), (PE_HEDGE, 65)) == 65 * (400 - 190 + 2 * 480)
    assert risk((CE_HEDGE, 65)) == 0
    assert risk((FUT, -65)) == 65 * (2232 + 480)
    assert risk((FUT, 65), (PE_HEDGE, 65)) == 65 * (600 + 480)


def test_an_underlying_without_index_or_share_stands_at_its_nearest_future():
    near, far = FUT, replace(FUT, symbol="FAR", expiry=FUT.expiry.replace(year=2027), previous_close=Decimal(1))
    assert Spots([far, near]).of("NIFTY", ()) == near.previous_close
    assert Spots([near, SPOT]).of("NIFTY", ()) == 24000
    assert Spots([]).of("NIFTY", [(CE, Decimal(1)), (PE, Decimal(1))]) == CE.strike


def test_selling_the_hedge_before_its_short_raises_the_margin():
    it = condor(1_000_000)
    before = it.money(A).margin_used
    assert placed(it, sell(CE_HEDGE, 65, "19")).stage is Stage.COMPLETE
    after = it.money(A).margin_used
    assert after - before == 65 * (2032 - 400)
    told = [entry for entry in it.ledger.entries() if entry.kind is Entry.MARGIN]
    assert told[-1].details["used"] == f"{after:f}".rstrip("0").rstrip(".")


def test_a_hedge_that_cannot_be_paid_for_is_not_sold_and_the_short_can_be_closed():
    it = condor(120_000)
    order = placed(it, sell(CE_HEDGE, 65, "19"))
    assert order.refusal is Refusal.MARGIN
    assert order.reason == (
        f"not enough margin for 65 {CE_HEDGE.symbol}: required 104845, available 43950, short by 60895"
    )
    for ticket in (buy(CE, 65, "101"), sell(CE_HEDGE, 65, "19")):
        assert placed(it, ticket).stage is Stage.COMPLETE


def test_a_working_order_holds_its_margin_back_until_it_is_cancelled():
    it = Exchange(SETUP)
    order = placed(it, sell(CE, 130, "110"))
    assert it.money(A).margin_used == 130 * (2032 - 100 + 480)
    it.cancel(A, order.id)
    it.advance(it.now + SECOND)
    assert it.money(A).margin_used == 0
    kinds = [entry.kind for entry in it.ledger.entries()]
    assert kinds == [Entry.ORDER, Entry.MARGIN, Entry.CANCEL, Entry.MARGIN]


def test_a_second_closing_order_is_seen_as_the_opening_one_it_is():
    it = Exchange(replace(SETUP, accounts=(Account(A, Decimal(200_000), (Carried(CE.key, "NRML", Decimal(65)),)),)))
    assert placed(it, sell(CE, 65, "150")).stage is Stage.OPEN
    assert it.money(A).margin_used == 0
    placed(it, sell(CE, 65, "150"))
    assert it.money(A).margin_used == 65 * (2032 - 100 + 480)


def test_an_order_the_broker_has_not_checked_yet_takes_nothing_from_the_one_before_it():
    setup = with_rules(latencies=STEADY)
    it = Exchange(replace(setup, accounts=(Account(A, Decimal(10_000), (Carried(CE.key, "NRML", Decimal(65)),)),)))
    closes, opens = it.place(A, sell(CE, 65, "150")), it.place(A, sell(CE, 65, "150"))
    it.advance(it.now + SECOND)
    assert [it.order(A, one.id).stage for one in (closes, opens)] == [Stage.OPEN, Stage.REJECTED]
    assert it.order(A, opens.id).refusal is Refusal.MARGIN


def test_a_bought_option_costs_its_premium_and_no_margin():
    it = Exchange(SETUP)
    placed(it, buy(CE, 65, "101"))
    money = it.money(A)
    assert (money.margin_used, money.available) == (0, 1_000_000 - 65 * Decimal("100.05"))


def test_the_products_of_a_contract_are_taken_together():
    carried = (Carried(CE.key, "NRML", Decimal(-65)), Carried(CE.key, "MIS", Decimal(65)))
    it = Exchange(replace(SETUP, accounts=(Account(A, Decimal(1000), carried),)))
    assert it.money(A).margin_used == 0
    assert it.margin(A, sell(CE, 65, "100", product="MIS")).required == 65 * (2032 - 100 + 480)


def test_a_carried_long_is_paid_for():
    it = Exchange(replace(SETUP, accounts=(Account(A, Decimal(1000), (Carried(CE.key, "NRML", Decimal(65)),)),)))
    assert it.money(A).available == 1000
    placed(it, sell(CE, 65, "99"))
    assert it.money(A).available == 1000 + 65 * Decimal("99.95")


def test_shares_block_their_value_or_a_fifth_of_it_intraday():
    it = Exchange(SETUP)
    assert it.margin(A, buy(SHARE, 10, "1400", product="CNC")).required == 14000
    assert it.margin(A, buy(SHARE, 10, "1400", product="MIS")).required == 2800
    placed(it, buy(SHARE, 10, "1401", product="MIS"))
    assert it.money(A).margin_used == 2800


def test_what_an_order_would_need_can_be_asked():
    it = condor(120_000)
    asked = it.margin(A, sell(CE_HEDGE, 65, "19"))
    assert (asked.required, asked.available, asked.shortfall) == (104845, 43950, 60895)
    freed = it.margin(A, buy(CE, 65, "101"))
    assert (freed.required, freed.shortfall) == (0, 0)
