"""What the symbol of an NSE, BSE or MCX contract tells by itself, for use without a contract file."""

import re
from datetime import date
from decimal import Decimal

from engine.brokers.stamps import month_number
from engine.brokers.words import RIGHTS
from engine.domain.enums import InstrumentKind
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.domain.spots import is_index, underlying_of_spot

# Kite's words and Kotak's. MCX trades nothing but derivatives.
_DERIVATIVE_EXCHANGES = frozenset(
    {"NFO", "BFO", "CDS", "BCD", "MCX", "NCO", "NSE_FO", "BSE_FO", "MCX_FO", "CDE_FO", "NSE_COM", "BSE_CD", "BCS-FO"}
)
_FUTURE = "FUT"
_MONTHLY = re.compile(r"(?P<name>.+?)(?P<year>\d\d)(?P<month>[A-Z]{3})(?P<strike>\d+(?:\.\d+)?)?", re.ASCII)
_STRIKE = re.compile(r"(?:[1-9]\d*(?:\.\d+)?|0\.\d*[1-9]\d*)", re.ASCII)
# A look ahead, so that dates which overlap are all found.
_WEEKLY_DATE = re.compile(r"(?=(?P<year>\d\d)(?P<month>[1-9OND])(?P<day>\d\d))", re.ASCII)
_WEEKLY_MONTHS = {**{str(number): number for number in range(1, 10)}, "O": 10, "N": 11, "D": 12}
# A symbol's two digits are a year only near our own time; this is what tells `NIFTYNXT50` from a contract of 2050.
_YEARS = range(10, 50)

_Terms = tuple[str, Expiry, Decimal | None]


def is_derivative_exchange(exchange: str) -> bool:
    """Return whether only futures and options trade there."""
    return exchange.upper() in _DERIVATIVE_EXCHANGES


def instrument(exchange: str, symbol: str, token: str | None = None) -> Instrument:
    """
    Return what a symbol tells about its contract; what it does not tell for certain is None.

    A monthly symbol gives an expiry with day LAST_OF_MONTH; a weekly one (month 1 to 9, O, N, D) gives the date. On a
    derivative exchange an ending CE or PE is an option, FUT a future, whatever stands before it.
    """
    if not is_derivative_exchange(exchange):
        kind = InstrumentKind.INDEX if is_index(symbol) else InstrumentKind.EQUITY
        return Instrument(exchange, symbol, kind, underlying_of_spot(symbol), token=token)
    plain = symbol.upper()
    right = RIGHTS.get(plain[-2:])
    if right is not None:
        name, expiry, strike = _terms(plain[:-2], with_strike=True) or (None, None, None)
        return Instrument(exchange, symbol, InstrumentKind.OPTION, name, expiry, strike, right, token=token)
    if plain.endswith(_FUTURE):
        name, expiry, _ = _terms(plain.removesuffix(_FUTURE), with_strike=False) or (None, None, None)
        return Instrument(exchange, symbol, InstrumentKind.FUTURE, name, expiry, token=token)
    return Instrument(exchange, symbol, InstrumentKind.OTHER, token=token)


def _terms(body: str, *, with_strike: bool) -> _Terms | None:
    """Return name, expiry and strike when the text can be read in exactly one way."""
    monthly = _monthly(body, with_strike=with_strike)
    if monthly is not None:
        return monthly
    readings = _weekly_readings(body, with_strike=with_strike)
    # `NIFTY25` + 80724 would be a reading too: a name that ends in a letter goes before names that end in a digit.
    lettered = [reading for reading in readings if not reading[0][-1].isdigit()]
    best = lettered or readings
    return best[0] if len(best) == 1 else None


def _monthly(body: str, *, with_strike: bool) -> _Terms | None:
    found = _MONTHLY.fullmatch(body)
    if found is None or int(found["year"]) not in _YEARS:
        return None
    month, strike = month_number(found["month"]), found["strike"]
    if month is None or with_strike != bool(strike) or (strike and not _STRIKE.fullmatch(strike)):
        return None
    expiry = Expiry(2000 + int(found["year"]), month, LAST_OF_MONTH)
    return found["name"], expiry, Decimal(strike) if strike else None


def _weekly_readings(body: str, *, with_strike: bool) -> list[_Terms]:
    readings: list[_Terms] = []
    for found in _WEEKLY_DATE.finditer(body, 1):
        start, expiry = found.start(), _weekly_expiry(found)
        strike = body[start + 5 :]
        if expiry is None or (not _STRIKE.fullmatch(strike) if with_strike else strike):
            continue
        readings.append((body[:start], expiry, Decimal(strike) if with_strike else None))
    return readings


def _weekly_expiry(found: re.Match[str]) -> Expiry | None:
    year, month, day = int(found["year"]), _WEEKLY_MONTHS[found["month"]], int(found["day"])
    if year not in _YEARS:
        return None
    try:
        date(2000 + year, month, day)
    except ValueError:
        return None
    return Expiry(2000 + year, month, day)
