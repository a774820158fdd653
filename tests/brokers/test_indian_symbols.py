"""What a symbol tells by itself, and that it never tells more than is certain."""

from decimal import Decimal

import pytest

from engine.brokers.indian_symbols import instrument, is_derivative_exchange
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import LAST_OF_MONTH, Expiry
from engine.domain.spots import is_index, underlying_of_spot

OPTIONS = [
    ("NFO", "NIFTY2580724400CE", "NIFTY", (2025, 8, 7), "24400", Right.CALL),
    ("NFO", "NIFTY25O0724400PE", "NIFTY", (2025, 10, 7), "24400", Right.PUT),
    ("NFO", "NIFTY25N2721000PE", "NIFTY", (2025, 11, 27), "21000", Right.PUT),
    ("NFO", "NIFTY25D0224400CE", "NIFTY", (2025, 12, 2), "24400", Right.CALL),
    ("NFO", "BANKNIFTY25JUN50000PE", "BANKNIFTY", (2025, 6, LAST_OF_MONTH), "50000", Right.PUT),
    ("NFO", "NIFTY26NOV24000CE", "NIFTY", (2026, 11, LAST_OF_MONTH), "24000", Right.CALL),
    ("NFO", "NIFTYNXT5025JUL68000CE", "NIFTYNXT50", (2025, 7, LAST_OF_MONTH), "68000", Right.CALL),
    ("NFO", "M&M25JUL3200CE", "M&M", (2025, 7, LAST_OF_MONTH), "3200", Right.CALL),
    ("NFO", "BAJAJ-AUTO25JUL8000PE", "BAJAJ-AUTO", (2025, 7, LAST_OF_MONTH), "8000", Right.PUT),
    ("NFO", "360ONE25JUL1100CE", "360ONE", (2025, 7, LAST_OF_MONTH), "1100", Right.CALL),
    ("NFO", "ITC25JUL412.5CE", "ITC", (2025, 7, LAST_OF_MONTH), "412.5", Right.CALL),
    ("BFO", "SENSEX2580581000CE", "SENSEX", (2025, 8, 5), "81000", Right.CALL),
    ("CDS", "USDINR2580887.25CE", "USDINR", (2025, 8, 8), "87.25", Right.CALL),
    ("MCX", "CRUDEOIL26NOV6500PE", "CRUDEOIL", (2026, 11, LAST_OF_MONTH), "6500", Right.PUT),
    ("nse_fo", "BPCL26SEP315PE", "BPCL", (2026, 9, LAST_OF_MONTH), "315", Right.PUT),
    ("bse_fo", "BANKEX26OCT60000CE", "BANKEX", (2026, 10, LAST_OF_MONTH), "60000", Right.CALL),
]


@pytest.mark.parametrize(("exchange", "symbol", "name", "expiry", "strike", "right"), OPTIONS)
def test_options(
    exchange: str, symbol: str, name: str, expiry: tuple[int, int, int], strike: str, right: Right
) -> None:
    read = instrument(exchange, symbol)
    assert read.key == (exchange, symbol)
    assert (read.kind, read.underlying, read.right) == (InstrumentKind.OPTION, name, right)
    assert read.expiry == Expiry(*expiry)
    assert read.strike == Decimal(strike)


@pytest.mark.parametrize(
    ("exchange", "symbol", "name", "expiry"),
    [
        ("NFO", "NIFTY26NOVFUT", "NIFTY", (2026, 11, LAST_OF_MONTH)),
        ("nse_fo", "TCS26JULFUT", "TCS", (2026, 7, LAST_OF_MONTH)),
        ("MCX", "GOLDGUINEA17DECFUT", "GOLDGUINEA", (2017, 12, LAST_OF_MONTH)),
        ("CDS", "USDINR25808FUT", "USDINR", (2025, 8, 8)),
    ],
)
def test_futures(exchange: str, symbol: str, name: str, expiry: tuple[int, int, int]) -> None:
    read = instrument(exchange, symbol)
    assert (read.kind, read.underlying, read.expiry) == (InstrumentKind.FUTURE, name, Expiry(*expiry))
    assert read.strike is None
    assert read.right is None


@pytest.mark.parametrize(
    "symbol", ["ODDCE", "NIFTY25XYZ100CE", "NIFTY2599924400CE", "CE", "NIFTY25JUN0PE", "ABC5025807CE"]
)
def test_an_odd_option_is_still_an_option_and_nothing_else_is_made_up(symbol: str) -> None:
    read = instrument("NFO", symbol)
    assert read.kind is InstrumentKind.OPTION
    assert read.right is (Right.CALL if symbol.endswith("CE") else Right.PUT)
    assert (read.underlying, read.expiry, read.strike) == (None, None, None)


def test_odd_futures_and_others() -> None:
    assert instrument("NFO", "FUT").kind is InstrumentKind.FUTURE
    assert instrument("NFO", "FUT").expiry is None
    assert instrument("NFO", "SOMETHING").kind is InstrumentKind.OTHER


def test_a_share_is_not_an_option_by_its_last_letters() -> None:
    assert instrument("NSE", "RELIANCE").kind is InstrumentKind.EQUITY
    assert instrument("nse_cm", "BAJFINANCE-EQ").underlying == "BAJFINANCE"


def test_indices_and_their_underlyings() -> None:
    assert instrument("NSE", "NIFTY 50").kind is InstrumentKind.INDEX
    assert instrument("nse_cm", "Nifty Bank").underlying == "BANKNIFTY"
    assert underlying_of_spot("INDIA VIX") is None
    assert is_index("India VIX")
    assert underlying_of_spot("TCS-EQ") == "TCS"


def test_exchange_words_of_both_brokers() -> None:
    assert all(is_derivative_exchange(word) for word in ("NFO", "BFO", "MCX", "nse_fo", "mcx_fo", "cde_fo"))
    assert not any(is_derivative_exchange(word) for word in ("NSE", "BSE", "nse_cm", "bse_cm", ""))
