"""What was traded at a price the broker does not tell yet is neither free nor for nothing."""

from dataclasses import replace
from decimal import Decimal

from engine.domain.enums import Side
from engine.domain.values import Unknown, bounds
from engine.facts.pnl import day_value, leg_realized, mtm_at
from tests.facts.build import CE, NAME, future, leg

SOLD = leg(CE, sold=(75, 100), bought=(75, 120))


def test_what_is_told_is_taken() -> None:
    assert (day_value(SOLD, Side.BUY), day_value(SOLD, Side.SELL)) == (9000, 7500)


def test_an_option_bought_back_at_a_price_not_known_has_cost_something() -> None:
    back = replace(SOLD, day_buy_value=None)
    value = day_value(back, Side.BUY)
    assert isinstance(value, Unknown)
    assert value.causes == (f"what {NAME} was bought for today not known",)
    assert bounds(value) == (0, None)
    assert bounds(mtm_at(back, Decimal(0))) == (None, 7500)
    assert bounds(leg_realized(back)) == (None, 7500)


def test_an_option_sold_at_a_price_not_known_has_brought_something() -> None:
    assert bounds(mtm_at(replace(SOLD, day_sell_value=None), Decimal(0))) == (-9000, None)


def test_a_future_may_have_any_price() -> None:
    assert bounds(day_value(replace(leg(future(), bought=(75, 1)), day_buy_value=None), Side.BUY)) == (None, None)
