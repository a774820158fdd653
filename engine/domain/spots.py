"""Which quoted symbol is the spot of an underlying: indices are quoted under other names than their contracts carry."""

from types import MappingProxyType

# underlying in contract symbols → name of the index as Indian exchanges quote it; the others carry the same name.
_INDEX_NAMES = MappingProxyType(
    {
        "NIFTY": "NIFTY 50",
        "BANKNIFTY": "NIFTY BANK",
        "FINNIFTY": "NIFTY FIN SERVICE",
        "MIDCPNIFTY": "NIFTY MID SELECT",
        "NIFTYNXT50": "NIFTY NEXT 50",
        "SENSEX": "SENSEX",
        "BANKEX": "BANKEX",
        "SENSEX50": "SNSX50",
    }
)
_UNDERLYINGS = MappingProxyType({name: underlying for underlying, name in _INDEX_NAMES.items()})
_VOLATILITY = "INDIA VIX"
_CASH_SERIES = ("-EQ", "-BE", "-BZ")


def is_index(symbol: str) -> bool:
    """Return whether a quoted symbol is an index."""
    return symbol.upper() in _UNDERLYINGS or symbol.upper() == _VOLATILITY


def is_index_underlying(name: str | None) -> bool:
    """Return whether contracts on that underlying are index contracts."""
    return name is not None and name.upper() in _INDEX_NAMES


def underlying_of_spot(symbol: str) -> str | None:
    """Return the underlying whose spot a cash symbol or index is: `NIFTY 50` → `NIFTY`, `TCS-EQ` → `TCS`."""
    plain = symbol.upper()
    if plain == _VOLATILITY:
        return None
    if plain in _UNDERLYINGS:
        return _UNDERLYINGS[plain]
    for series in _CASH_SERIES:
        plain = plain.removesuffix(series)
    return plain
