"""The fields every row of every book says of its contract."""

from datetime import UTC, datetime, time

from engine.sim.exchange.words import Contract
from engine.sim.kotak.words import (
    epoch_seconds,
    is_cash,
    price_text,
    right_word,
    segment_of,
    trading_symbol,
    units_text,
)


def contract_fields(contract: Contract, *, cash_right: str, no_day: str) -> dict[str, object]:
    """
    Return segment, symbols, option terms and factors.

    cash_right, no_day: what the book writes as a share's `optTp` and `expDt`.
    """
    over, under = contract.factor.as_integer_ratio()
    return {
        "exSeg": segment_of(contract.exchange),
        "trdSym": trading_symbol(contract),
        "sym": contract.underlying,
        "series": "EQ" if is_cash(contract) else "XX",
        "optTp": right_word(contract, cash=cash_right),
        "stkPrc": price_text(contract.strike),
        "expDt": expiry_day(contract) or no_day,
        "lotSz": units_text(contract.lot_size),
        # Money per unit of price: whole in the multiplier, a fraction in the price's two.
        "multiplier": str(over) if under == 1 else "1",
        "precision": "2",
        "genNum": "1",
        "genDen": "1",
        "prcNum": "1" if under == 1 else str(over),
        "prcDen": str(under),
    }


def expiry_day(contract: Contract) -> str:
    """Return `29 Sep, 2026`; nothing for what does not expire."""
    return "" if contract.expiry is None else contract.expiry.strftime("%d %b, %Y")


def expiry_seconds(contract: Contract, absent: str) -> str:
    """Return the epoch seconds of the expiry's date, or what the book writes for none."""
    if contract.expiry is None:
        return absent
    return str(epoch_seconds(datetime.combine(contract.expiry, time(), UTC)))
