"""The scrip master: a dated list of files, and the files, in the columns and oddities Kotak writes them with."""

import csv
import io
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Final

from engine.domain.numbers import CONTEXT, HUNDRED, canonical
from engine.sim.exchange.words import Contract
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.listing import Listing
from engine.sim.kotak.replies import Answer
from engine.sim.kotak.words import IST, instrument_type, is_cash, right_word, segment_of, trading_symbol

_FILES: Final = ("cde_fo", "mcx_fo", "nse_fo", "bse_fo", "nse_com")
_CASH_FILES: Final = ("bse_cm", "nse_cm")
FOLDER: Final = "wso2-scripmaster/v1/prod"
# Headers as they come: one ends in a semicolon, some in spaces.
_HEADER: Final = (
    "pSymbol", "pGroup", "pExchSeg", "pInstType", "pSymbolName", "pTrdSymbol", "pOptionType", "pScripRefKey", "pISIN",
    "pAssetCode", "pSubGroup", "pCombinedSymbol", "pDesc", "pAmcCode", "pContractId", "dTickSize ", "lLotSize ",
    "lExpiryDate ", "lMultiplier", "lPrecision", "dStrikePrice;", "pExchange", "pInstName", "pExpiryDate", "pIssueDate",
    "pMaturityDate", "pSegment", "iLotSize", "iBoardLotQty", "lFreezeQty", "dPriceNum", "dPriceDen", "dGenNum",
    "dGenDen", "dLowPriceRange", "dHighPriceRange",
)  # fmt: skip
_BLANK = "-1"
_CLOSE = time(14, 30)
# Seconds of these files begin with the year 1980 in India; the others with 1970 everywhere.
_SINCE_1980 = frozenset({"nse_fo", "cde_fo"})
_START_OF_1980 = datetime(1980, 1, 1, tzinfo=IST)
_START_OF_1970 = datetime(1970, 1, 1, tzinfo=UTC)


def file_paths(ask: Ask) -> Answer:
    """Return where the files of the day lie: absolute links on another host."""
    base = f"{ask.origin}/lapi/{FOLDER}"
    day = ask.path["day"]
    paths = [f"{base}/{day}/transformed/{name}.csv" for name in _FILES]
    paths += [f"{base}/{day}/transformed-v1/{name}-v1.csv" for name in _CASH_FILES]
    return Answer({"data": {"filesPaths": paths, "baseFolder": base}})


def scrip_file(listing: Listing, name: str) -> str | None:
    """Return one of the files as text; None for a name that is none of them."""
    segment = name.removesuffix("-v1")
    if name not in _FILES and (segment not in _CASH_FILES or segment == name):
        return None
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_HEADER)
    for contract in listing.contracts:
        if segment_of(contract.exchange) == segment:
            told = _cells(contract, segment)
            writer.writerow([told.get(name.strip(" ;"), "") for name in _HEADER])
    return out.getvalue()


def _cells(contract: Contract, segment: str) -> dict[str, str]:
    symbol, lot = trading_symbol(contract), canonical(contract.lot_size)
    over, under = contract.factor.as_integer_ratio()
    expiry = _BLANK if contract.expiry is None else str(_expiry(contract.expiry, segment))
    return {
        "pSymbol": contract.token,
        "pGroup": "EQ" if is_cash(contract) else "",
        "pExchSeg": segment,
        "pInstType": "" if is_cash(contract) else instrument_type(contract),
        "pSymbolName": contract.underlying,
        "pTrdSymbol": symbol,
        "pOptionType": right_word(contract, cash=""),
        "pScripRefKey": symbol,
        "pExchange": segment[:3].upper(),
        "pInstName": instrument_type(contract),
        "dTickSize": canonical(CONTEXT.multiply(contract.tick_size, HUNDRED)),
        "lLotSize": lot,
        "iLotSize": lot,
        "iBoardLotQty": lot,
        "lFreezeQty": canonical(contract.freeze_quantity),
        "lExpiryDate": expiry,
        "pExpiryDate": expiry,
        "dStrikePrice": _BLANK if contract.strike is None else _hundredfold(contract.strike),
        "lMultiplier": str(over) if under == 1 else "1",
        "lPrecision": "2",
        "pIssueDate": _BLANK,
        "pMaturityDate": _BLANK,
        "pSegment": "Equity" if is_cash(contract) else "Derivative",
        "dPriceNum": "1" if under == 1 else str(over),
        "dPriceDen": str(under),
        "dGenNum": "1",
        "dGenDen": "1",
        "dLowPriceRange": canonical(contract.low),
        "dHighPriceRange": canonical(contract.high),
    }


def _hundredfold(strike: Decimal) -> str:
    return canonical(CONTEXT.multiply(strike, HUNDRED))


def _expiry(day: date, segment: str) -> int:
    closes_at = datetime.combine(day, _CLOSE, IST)
    start = _START_OF_1980 if segment in _SINCE_1980 else _START_OF_1970
    return int((closes_at - start).total_seconds())
