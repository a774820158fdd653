"""Kite's margins, quotes and contract file become domain values."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from engine.brokers.kite import parse
from engine.domain.enums import InstrumentKind
from engine.domain.instrument import Expiry
from engine.errors import BrokerDataError
from tests.brokers.test_kite import AT, CALL, ok


def segment(**changes: Any) -> dict[str, Any]:
    return {
        "enabled": True, "net": 99725.05,
        "available": {"cash": 245431.6, "opening_balance": 245431.6, "collateral": 1000, "live_balance": 99725.05},
        "utilised": {"debits": 145706.55, "m2m_realised": 761.7, "m2m_unrealised": -61.7}, **changes,
    }  # fmt: skip


def test_margins_of_all_enabled_segments() -> None:
    funds = parse.parse_margins(
        ok({"equity": segment(), "commodity": segment(net=0.1), "other": segment(enabled=False)}), AT
    )
    assert funds.margin_available == Decimal("99725.15")
    assert funds.margin_used == Decimal("291413.10")
    assert funds.capital == Decimal("492863.2")
    assert funds.reported_mtm == 1400


def test_margins_of_one_segment_and_an_opening_balance_of_zero() -> None:
    empty = {"cash": 0, "opening_balance": 0, "collateral": 500}
    funds = parse.parse_margins(ok(segment(available=empty)), AT)
    assert funds.capital == Decimal("245431.60")


def test_margins_say_what_they_do_not_say() -> None:
    funds = parse.parse_margins(ok({"equity": segment(net=None), "commodity": segment()}), AT)
    assert funds.margin_available is None
    assert funds.margin_used is not None
    with pytest.raises(BrokerDataError, match="no segment is enabled"):
        parse.parse_margins(ok({"equity": segment(enabled=False)}), AT)


def level(price: Any) -> dict[str, Any]:
    return {"price": price, "quantity": 5, "orders": 1}


def test_quotes_with_depth_and_an_empty_side() -> None:
    body = ok(
        {
            f"NFO:{CALL}": {
                "last_price": 96.25, "timestamp": "2026-11-04 10:15:00", "last_trade_time": "2026-11-04 10:14:50",
                "depth": {"buy": [level(0), level(0)], "sell": [level(96.3), level(0)]},
            },
            "NSE:NIFTY 50": {"instrument_token": 256265, "last_price": 24012.3},
            "NSE:NOPRICE": {"last_price": None},
            "NSE:NULL": None,
        }
    )  # fmt: skip
    book = parse.parse_quotes(body, AT)
    call, index, nothing = book.rows
    assert (call.has_depth, call.bid, call.ask, call.last_price) == (True, None, Decimal("96.3"), Decimal("96.25"))
    assert call.as_of == book.as_of == AT
    assert call.traded_at == datetime(2026, 11, 4, 4, 44, 50, tzinfo=UTC)
    assert (index.key, index.has_depth, index.last_price) == (("NSE", "NIFTY 50"), False, Decimal("24012.3"))
    assert nothing.last_price is None


CONTRACTS = """instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,\
instrument_type,segment,exchange
12345,48,NIFTY26NOV24000CE,NIFTY,0,2026-11-24,24000,0.05,75,CE,NFO-OPT,NFO
12346,49,NIFTY26NOVFUT,,0,2026-11-24,0,0.1,75,FUT,NFO-FUT,NFO
256265,1001,NIFTY 50,NIFTY 50,0,,0,0,0,EQ,INDICES,NSE
779521,3045,SBIN,STATE BANK OF INDIA,0,,0.0,0.05,1,EQ,NSE,NSE
"""


def test_the_contract_file() -> None:
    call, future, index, share = parse.parse_instruments(CONTRACTS.encode())
    assert (call.kind, call.underlying, call.expiry, call.strike) == (
        InstrumentKind.OPTION, "NIFTY", Expiry(2026, 11, 24), 24000,
    )  # fmt: skip
    assert (call.lot_size, call.tick_size, call.token) == (75, Decimal("0.05"), "12345")
    assert (future.kind, future.underlying, future.strike, future.right) == (InstrumentKind.FUTURE, "NIFTY", None, None)
    assert (index.kind, index.underlying, index.lot_size) == (InstrumentKind.INDEX, "NIFTY", None)
    assert (share.kind, share.underlying, share.expiry) == (InstrumentKind.EQUITY, "SBIN", None)
