"""The exchange's margin: no hedge ever costs any, none that is taken away gives any back."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from engine.domain.enums import InstrumentKind, Right
from engine.sim.exchange.margin import Leg, derivative_risk
from engine.sim.exchange.setup import MarginRates
from engine.sim.exchange.words import Contract

SPOT = Decimal(24000)
EXPIRIES = st.sampled_from([date(2026, 11, 24), date(2026, 12, 1)])
LOTS = st.integers(1, 40)


def contract(kind: InstrumentKind, strike: int | None, right: Right | None, close: int, expiry: date) -> Contract:
    numbers = (Decimal(65), Decimal("0.05"), Decimal(1800), Decimal(close), Decimal("0.05"), Decimal(99999))
    name = f"{kind.value}{strike}{right}{expiry}"
    at = None if strike is None else Decimal(strike)
    return Contract("NFO", name, name, kind, "NIFTY", *numbers, expiry, at, right)


OPTIONS = st.builds(
    contract, st.just(InstrumentKind.OPTION), st.integers(420, 540).map(lambda number: number * 50),
    st.sampled_from(list(Right)), st.integers(1, 3000), EXPIRIES,
)  # fmt: skip
FUTURES = st.builds(
    contract, st.just(InstrumentKind.FUTURE), st.none(), st.none(), st.integers(23000, 25000), EXPIRIES
)  # fmt: skip


def legs(contracts: st.SearchStrategy[Contract], sign: st.SearchStrategy[int]) -> st.SearchStrategy[Leg]:
    return st.tuples(contracts, st.builds(lambda lots, sign: Decimal(65 * lots * sign), LOTS, sign))


BOOKS = st.lists(legs(OPTIONS | FUTURES, st.sampled_from([1, -1])), max_size=8)


def risk(book: list[Leg]) -> Decimal:
    return derivative_risk(book, SPOT, MarginRates())


@given(BOOKS, legs(OPTIONS, st.just(1)))
def test_a_bought_option_never_raises_the_margin_and_its_sale_never_lowers_it(book: list[Leg], hedge: Leg) -> None:
    assert 0 <= risk([*book, hedge]) <= risk(book)


@given(legs(OPTIONS, st.just(-1)), legs(OPTIONS, st.just(1)))
def test_a_short_option_always_blocks_its_exposure(short: Leg, hedge: Leg) -> None:
    exposure = -short[1] * SPOT * MarginRates().exposure
    assert risk([short]) >= risk([short, hedge]) >= exposure


@given(st.lists(legs(OPTIONS, st.just(1)), max_size=6))
def test_bought_options_alone_block_nothing(book: list[Leg]) -> None:
    assert risk(book) == 0


@given(BOOKS, st.integers(2, 5))
def test_a_book_of_twice_the_size_blocks_twice_as_much(book: list[Leg], times: int) -> None:
    assert risk([(one, quantity * times) for one, quantity in book]) == times * risk(book)
