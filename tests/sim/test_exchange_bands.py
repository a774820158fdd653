"""How far a market order reaches: the table of the broker's market price protection, by kind and price."""

from decimal import Decimal

import pytest

from engine.domain.enums import Side
from engine.sim.exchange.bands import edge, protection, width
from engine.sim.exchange.exchange import Exchange
from engine.sim.exchange.setup import BandStep, Rules
from engine.sim.exchange.words import Contract
from tests.sim.day import CE, FUT, SECOND, SETUP, SHARE, buy, sell, tick

RULES = Rules()


@pytest.mark.parametrize(
    ("contract", "price", "wide"),
    [
        (CE, "0.95", "0.10"),
        (CE, "1", "0.1"),
        (CE, "4.95", "0.495"),
        (CE, "5", "0.25"),
        (CE, "10", "0.3"),
        (CE, "99.95", "2.9985"),
        (CE, "100", "2"),
        (CE, "500", "5"),
        (CE, "800", "8"),
        (SHARE, "99", "1.98"),
        (SHARE, "100", "1"),
        (SHARE, "500", "2.5"),
        (FUT, "24000", "120"),
    ],
    ids=lambda value: getattr(value, "symbol", value),
)
def test_8_market_price_protection(contract: Contract, price: str, wide: str):
    assert width(protection(RULES, contract), Decimal(price)) == Decimal(wide)


def test_an_edge_is_on_the_tick_and_never_beyond_the_width():
    steps = (BandStep(None, percent=Decimal(3)),)
    assert edge(steps, CE, Side.BUY, Decimal("33.35")) == Decimal("34.35")
    assert edge(steps, CE, Side.SELL, Decimal("33.35")) == Decimal("32.35")


def test_an_edge_is_inside_the_band_of_the_day():
    steps = (BandStep(None, percent=Decimal(50)),)
    assert edge(steps, CE, Side.BUY, Decimal(900)) == CE.high
    assert edge(steps, CE, Side.SELL, Decimal("0.05")) == CE.low


def test_no_step_is_no_width():
    assert width((BandStep(Decimal(1), percent=Decimal(1)),), Decimal(5)) == 0


@pytest.mark.parametrize(("order", "limit"), [(buy(CE, 65), "102"), (sell(CE, 65), "98")], ids=["buy", "sell"])
def test_a_market_order_is_limited_around_the_last_price(order, limit):
    it = Exchange(SETUP)
    it.quote(tick(CE, "100", bids=(), asks=()))
    number = it.place("AB123", order).id
    it.advance(it.now + SECOND)
    assert it.order("AB123", number).ticket.price == Decimal(limit)
