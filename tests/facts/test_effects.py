"""What a working order does to the book: the rest of it counts, and the word never promises more safety than it is."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import InstrumentKind, OrderSource, OrderStatus, OrderType, Right, Side
from engine.domain.instrument import Instrument
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Leg, Order
from engine.domain.values import Unknown
from tests.facts.build import CE, fact, field, future, leg, option, order, snapshot, view

HIGHER = option(24500)
PUT, LOWER_PUT = option(23500, Right.PUT), option(23000, Right.PUT)


def working(instrument: Any = CE, quantity: Any = 75, id_: str = "O1", **more: Any) -> Order:
    more = {"side": Side.BUY, "type_": OrderType.LIMIT, "status": OrderStatus.NEW} | more
    return order(id_, instrument, quantity=quantity, **more)


def effects(legs: list[Leg], *orders: Order) -> list[Any]:
    seen = view(snapshot(legs, orders))
    return [field("effect", seen, one, "orders") for one in orders]


def test_only_the_rest_of_an_order_counts() -> None:
    legs = [leg(PUT, sold=(75, 90)), leg(LOWER_PUT)]
    part = working(LOWER_PUT, 150, filled=75, status=OrderStatus.PARTIALLY_FILLED)
    assert effects(legs, part) == ["covers"]
    assert effects(legs, working(LOWER_PUT, 150)) == ["opens"]
    assert effects(legs, working(LOWER_PUT, 75, filled=75)) == ["nothing"]


def test_an_order_for_nothing_is_not_understood() -> None:
    (value,) = effects([leg(sold=(75, 100))], working(quantity=0))
    assert value == Unknown(("quantity of order O1 is not known",))


def test_another_product_is_another_position() -> None:
    assert effects([leg(sold=(75, 100))], working(product="MIS")) == ["covers"]
    assert effects([leg(future(), sold=(75, 100))], working(future(), product="MIS")) == ["opens"]
    assert effects([leg(sold=(75, 100))], working(product="CO", variety="co", parent_id="P")) == ["closes"]


def test_of_two_hedges_for_one_naked_short_the_later_opens() -> None:
    legs = [leg(sold=(75, 100))]
    first, second = working(HIGHER), working(option(24600), id_="O2", placed="09:25:00")
    assert effects(legs, first, second) == ["covers", "opens"]
    assert effects(legs, second, first) == ["opens", "covers"]


def test_of_two_sales_of_spare_hedges_the_one_too_many_uncovers() -> None:
    legs = [leg(sold=(75, 100)), leg(HIGHER, bought=(75, 30)), leg(option(24600), bought=(75, 20))]
    one = working(HIGHER, side=Side.SELL)
    two = working(option(24600), side=Side.SELL, id_="O2", placed="09:25:00")
    assert effects(legs, one, two) == ["closes", "uncovers"]


def test_a_slice_of_a_larger_order_is_an_order_of_its_own() -> None:
    slices = [working(id_=f"O{n}", parent_id="P", placed=f"09:2{n}:00") for n in (1, 2)]
    assert effects([leg(sold=(75, 100))], *slices) == ["closes", "opens"]


def test_futures_open_and_close_and_cover_nothing() -> None:
    legs = [leg(future(), bought=(50, 24000)), leg(sold=(75, 100))]
    assert effects(legs, working(future(), 50, side=Side.SELL)) == ["closes"]
    assert effects(legs, working(future(), 51, side=Side.SELL)) == ["opens"]
    assert effects(legs, working(future(), 50)) == ["opens"]


def test_a_contract_of_which_the_kind_is_not_known_may_cover() -> None:
    strange = Instrument("NFO", "NIFTYXX", InstrumentKind.OTHER)
    (value,) = effects([leg(sold=(75, 100))], working(strange))
    assert value == Unknown(("whether NFO:NIFTYXX is an option is not known",))
    assert effects([], working(strange)) == ["opens"]
    (value,) = effects([leg(sold=(75, 100)), leg(strange, bought=(75, 1))], working(strange, side=Side.SELL))
    assert value == Unknown(("whether NFO:NIFTYXX is an option is not known",))


@pytest.mark.parametrize(
    ("tag", "told", "expected"),
    [
        ("RABCDEFGH234567A", OrderSource.ALGO, "us"),
        ("RABCDEFGH2345678", OrderSource.ALGO, "algo"),
        ("RABCDEFGH234567AB", OrderSource.BROKER, "broker"),
        (None, OrderSource.TERMINAL, "terminal"),
    ],
)
def test_our_own_tag_comes_before_what_the_book_says(tag: str | None, told: OrderSource, expected: str) -> None:
    one = working(tag=tag, source=told)
    assert field("source", view(snapshot(orders=[one])), one, "orders") == expected


CONTRACTS = [CE, HIGHER, PUT, LOWER_PUT]
QUANTITIES = st.integers(-2, 2)


@given(
    held=st.lists(QUANTITIES, min_size=4, max_size=4),
    index=st.integers(0, 3),
    lots=st.integers(1, 4),
    side=st.sampled_from(Side),
)
def test_the_word_is_what_filling_the_order_does(held: list[int], index: int, lots: int, side: Side) -> None:
    def book(nets: list[int]) -> list[Leg]:
        pairs = zip(CONTRACTS, nets, strict=True)
        return [leg(one, **{"bought" if net > 0 else "sold": (abs(net) * 75, 10)}) for one, net in pairs if net]

    after = list(held)
    after[index] += side.sign * lots
    (word,) = effects(book(held), working(CONTRACTS[index], lots * 75, side=side))
    naked: list[Decimal] = [fact("naked_short_lots", view(snapshot(book(nets)))) for nets in (held, after)]  # type: ignore[misc]
    closes = abs(after[index]) < abs(held[index]) and after[index] * held[index] >= 0
    if word in ("closes", "uncovers"):
        assert closes
        assert (naked[1] > naked[0]) == (word == "uncovers")
    elif word == "covers":
        assert side is Side.BUY
        assert naked[0] - naked[1] >= lots - max(0, -held[index]) * 1 > ZERO or naked[1] < naked[0]
    else:
        assert word == "opens"
        assert not closes
