"""Kotak Neo's limits, quotes and scrip master become domain values."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.brokers.kotak import parse
from engine.domain.enums import InstrumentKind, Right
from engine.domain.instrument import LAST_OF_MONTH, Expiry, Instrument
from engine.errors import BrokerDataError
from tests.brokers.test_kotak import AT, PUT


def limits(**changes: Any) -> bytes:
    return json.dumps(
        {
            "stat": "Ok", "stCode": 200, "Net": "19.409999999999997", "MarginUsed": "80.59",
            "TimeStamp": "1789443936000",
            "RealizedMtomPrsnt": "-10.50", "UnrealizedMtomPrsnt": "0.25", **changes,
        }
    ).encode()  # fmt: skip


def test_limits_keep_float_noise_exactly() -> None:
    funds = parse.parse_limits(limits(), AT)
    assert funds.margin_available == Decimal("19.409999999999997")
    assert funds.capital == Decimal("99.999999999999997")
    assert funds.reported_mtm == Decimal("-10.25")
    assert funds.as_of == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)


def test_limits_that_do_not_say() -> None:
    funds = parse.parse_limits(limits(MarginUsed="--", UnrealizedMtomPrsnt="NA"), AT)
    assert (funds.margin_used, funds.capital, funds.reported_mtm) == (None, None, None)
    with pytest.raises(BrokerDataError, match="'Net' is empty"):
        parse.parse_limits(limits(Net=""), AT)


def quote(**changes: Any) -> dict[str, Any]:
    return {
        "exchange_token": "70215", "display_symbol": "INFY 29 SEP 1500 PE", "exchange": "nse_fo",
        "lstup_time": "1789443936",
        "ltp": "4.3000", "depth": {"buy": [{"price": "4.2500"}], "sell": [{"price": "0.0000"}]}, **changes,
    }  # fmt: skip


def test_quotes_are_mapped_from_token_to_symbol() -> None:
    known = [Instrument("nse_fo", PUT, InstrumentKind.OPTION, token="70215")]
    rows = [quote(), quote(exchange="bse_fo", depth=None, ltp="0"), quote(exchange_token=None, display_symbol="")]
    book = parse.parse_quotes(json.dumps(rows).encode(), AT, known)
    mapped, other = book.rows
    assert (mapped.symbol, mapped.last_price, mapped.has_depth) == (PUT, Decimal("4.3"), True)
    assert (mapped.bid, mapped.ask) == (Decimal("4.25"), None)
    assert mapped.as_of == book.as_of == datetime(2026, 9, 15, 3, 45, 36, tzinfo=UTC)
    assert (other.symbol, other.last_price, other.has_depth) == ("INFY 29 SEP 1500 PE", None, False)


def test_a_quote_reply_that_is_an_object_is_an_error() -> None:
    with pytest.raises(BrokerDataError, match=r"Invalid instrument/code \(code 1009\)"):
        parse.parse_quotes(b'{"stat":"Not_Ok","emsg":"Invalid instrument/code","stCode":1009}', AT)
    with pytest.raises(BrokerDataError, match="not a list of quotes"):
        parse.parse_quotes(b'{"stat":"Ok","data":[]}', AT)


HEADER = (
    "pSymbol, pExchSeg ,pTrdSymbol,pSymbolName,pInstType,pOptionType,lLotSize,"
    "lFreezeQty,lExpiryDate,dStrikePrice;,dTickSize \n"
)


def test_the_scrip_master_from_1980() -> None:
    seconds = int(datetime(2026, 9, 29, 9, 0, tzinfo=UTC).timestamp()) - 315513000
    body = HEADER + f"70215,nse_fo,{PUT},INFY,OPTSTK,PE,400,40000,{seconds},150000,5\n"
    (read,) = parse.parse_instruments(body.encode())
    assert (read.kind, read.underlying, read.right, read.strike) == (InstrumentKind.OPTION, "INFY", Right.PUT, 1500)
    assert read.expiry == Expiry(2026, 9, 29)
    assert (read.lot_size, read.tick_size, read.freeze_quantity, read.token) == (400, Decimal("0.05"), 40000, "70215")


def test_the_scrip_master_in_unix_time_and_with_blanks() -> None:
    body = HEADER + (
        "1,mcx_fo,CRUDEOIL26OCTFUT,CRUDEOIL,FUTCOM,XX,100,-1,1792454400,-1,100\n"
        "2,bse_fo,SENSEX26OCT81000CE,SENSEX,OPTIDX,CE,20,-1,-1,8100000,5\n"
        "1333,nse_cm,HDFCBANK-EQ,HDFCBANK,,,1,-1,-1,-1,5\n"
    )
    future, option, share = parse.parse_instruments(body.encode())
    assert (future.kind, future.expiry, future.strike) == (InstrumentKind.FUTURE, Expiry(2026, 10, 20), None)
    assert (future.tick_size, future.freeze_quantity) == (1, None)
    assert (option.strike, option.expiry) == (81000, Expiry(2026, 10, LAST_OF_MONTH))
    assert (share.kind, share.underlying, share.strike) == (InstrumentKind.EQUITY, "HDFCBANK", None)
