"""Functions a sentence may call: what they say depends on their arguments; each is declared as a fact is."""

from datetime import date
from decimal import Decimal

from engine.domain.instrument import Instrument
from engine.domain.kinds import BOOL, MONEY, TEXT
from engine.domain.numbers import ZERO
from engine.domain.snapshot import Missing, Quote
from engine.domain.spots import is_index, underlying_of_spot
from engine.domain.values import Value, unknown
from engine.facts.base import FunctionSpec, Parameter, Part, View
from engine.facts.parts import too_old


def spot(view: View, underlying: str) -> Value:
    """Return an underlying's last price from the quotes; Unknown when none of it is read or the quotes are stale."""
    book = view.snapshot.quotes
    if isinstance(book, Missing):
        return unknown(f"no price of {underlying}: quotes not read: {book.cause}")
    found = spots(view).get(underlying.upper())
    if found is None:
        return unknown(f"no quote of {underlying} itself is read")
    stale = too_old(view, book.taken_at, view.account.profile.quotes_max_age)
    if stale:
        return unknown(f"the price of {underlying} is {stale}")
    price: Decimal | None = found.last_price
    return unknown(f"the quote of {found.symbol} has no last price") if price is None else price


def spots(view: View) -> dict[str, Quote]:
    """Return the quotes of underlyings themselves, by underlying; on several exchanges, the first listed."""
    found: dict[str, Quote] = view.kept("spots", _spots)
    return found


def expires_today(view: View, underlying: str) -> Value:
    """
    Return whether a contract of an underlying expires on the trading date.

    A contract of the books that expires today proves it; else the exchange's rule tells, and a holiday moves it.
    Unknown where there is no rule for the underlying, or none for this year.
    """
    name, today = underlying.upper(), view.session.trading_date
    contracts = _contracts(view, name)
    if any(contract.expiry is not None and contract.expiry.on == today for contract in contracts):
        return True
    exchange = next((contract.exchange for contract in contracts if contract.is_derivative), "")
    told = view.account.calendar.expiries.expires_on(name, today, exchange)
    return unknown(_untold(underlying, today)) if told is None else told


def _untold(underlying: str, today: date) -> str:
    return f"no contract read and no rule held tells whether {underlying} expires on {today}"


def _contracts(view: View, underlying: str) -> tuple[Instrument, ...]:
    found: dict[str, tuple[Instrument, ...]] = view.once("contracts by underlying", _by_underlying)
    return found.get(underlying, ())


def _by_underlying(view: View) -> dict[str, tuple[Instrument, ...]]:
    # When a contract expires does not grow stale: rows of whatever age tell it.
    books = (view.snapshot.positions, view.snapshot.orders, view.snapshot.fills)
    rows: list[Instrument] = [row.instrument for book in books if not isinstance(book, Missing) for row in book.rows]
    found: dict[str, tuple[Instrument, ...]] = {}
    for contract in dict.fromkeys(rows):
        if contract.underlying is not None:
            found[contract.underlying] = (*found.get(contract.underlying, ()), contract)
    return found


def _spots(view: View) -> dict[str, Quote]:
    book = view.snapshot.quotes
    found: dict[str, Quote] = {}
    for quote in () if isinstance(book, Missing) else book.rows:
        # An index nothing is traded on (volatility) has a price too, under its own name.
        name = underlying_of_spot(quote.symbol) or (quote.symbol.upper() if is_index(quote.symbol) else None)
        if name is not None:
            found.setdefault(name, quote)
    return found


_UNDERLYING = Parameter("'NIFTY'", TEXT)

FUNCTIONS = (
    FunctionSpec(
        name="spot",
        type=MONEY,
        doc="The last price of an underlying itself, from the quotes; never that of a future.",
        example="spot('NIFTY') < 24_000",
        parameters=(_UNDERLYING,),
        compute=spot,
        needs=frozenset({Part.QUOTES}),
        low=ZERO,
    ),
    FunctionSpec(
        name="expires_today",
        type=BOOL,
        doc="Whether a contract of an underlying expires today: one of the books does, or the exchange's rule says so; "
        "on a holiday it moves to the trading day before.",
        example="expires_today('NIFTY')",
        parameters=(_UNDERLYING,),
        compute=expires_today,
        needs=frozenset({Part.POSITIONS, Part.CLOCK}),
    ),
)
