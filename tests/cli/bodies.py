"""Raw answers of Kite and Kotak for the command tests, made from a few plain numbers as the brokers would send them."""

import json
from collections.abc import Iterable
from typing import Any

Row = dict[str, Any]

DAY = "2026-11-23"
SHORT_CE, LONG_CE = "NIFTY26N2424000CE", "NIFTY26N2424500CE"


# -- Kite ----------------------------------------------------------------------------------------------------------


def kite(data: Any) -> str:
    """A success of Kite's."""
    return json.dumps({"status": "success", "data": data})


def kite_leg(
    symbol: str = SHORT_CE,
    *,
    carried: int = 0,
    close: Any = 0,
    bought: tuple[int, Any] = (0, 0),
    sold: tuple[int, Any] = (0, 0),
    last: Any = 100,
    exchange: str = "NFO",
    product: str = "NRML",
    multiplier: int = 1,
    **more: Any,
) -> Row:
    """One row of `net`: today's trades as (quantity, average price), what was carried at yesterday's close."""
    quantity = carried + bought[0] - sold[0]
    buy_m2m = max(carried, 0) * close * multiplier + bought[0] * bought[1] * multiplier
    sell_m2m = max(-carried, 0) * close * multiplier + sold[0] * sold[1] * multiplier
    return {
        "tradingsymbol": symbol,
        "exchange": exchange,
        "instrument_token": 10_000 + sum(map(ord, symbol)),
        "product": product,
        "quantity": quantity,
        "overnight_quantity": carried,
        "multiplier": multiplier,
        "average_price": 0,
        "close_price": close,
        "last_price": last,
        "value": 0,
        "pnl": 0,
        "m2m": sell_m2m - buy_m2m + quantity * last * multiplier,
        "unrealised": 0,
        "realised": 0,
        "day_buy_quantity": bought[0],
        "day_buy_price": bought[1],
        "day_buy_value": bought[0] * bought[1] * multiplier,
        "day_sell_quantity": sold[0],
        "day_sell_price": sold[1],
        "day_sell_value": sold[0] * sold[1] * multiplier,
        **more,
    }


def kite_positions(*rows: Row) -> str:
    return kite({"net": list(rows), "day": []})


def kite_order(id_: str = "1126000000000001", symbol: str = SHORT_CE, **more: Any) -> Row:
    """A buy stop of 75, filled whole at 10:40, placed at 09:20."""
    return {
        "order_id": id_,
        "exchange_order_id": "2000000000000001",
        "parent_order_id": None,
        "status": "COMPLETE",
        "status_message": None,
        "order_timestamp": f"{DAY} 09:20:30",
        "exchange_update_timestamp": f"{DAY} 10:40:00",
        "exchange_timestamp": f"{DAY} 09:20:31",
        "variety": "regular",
        "exchange": "NFO",
        "tradingsymbol": symbol,
        "instrument_token": 10_000,
        "order_type": "SL",
        "transaction_type": "BUY",
        "validity": "DAY",
        "product": "NRML",
        "quantity": 75,
        "price": 180,
        "trigger_price": 175,
        "average_price": 176.5,
        "filled_quantity": 75,
        "pending_quantity": 0,
        "cancelled_quantity": 0,
        "tag": None,
        **more,
    }


def kite_trade(id_: str, order_id: str, side: str, quantity: int, price: Any, at: str, symbol: str = SHORT_CE) -> Row:
    return {
        "trade_id": id_,
        "order_id": order_id,
        "exchange": "NFO",
        "tradingsymbol": symbol,
        "instrument_token": 10_000,
        "product": "NRML",
        "average_price": price,
        "quantity": quantity,
        "exchange_order_id": "2000000000000001",
        "transaction_type": side,
        "fill_timestamp": f"{DAY} {at}",
        "order_timestamp": at,
        "exchange_timestamp": f"{DAY} {at}",
    }


def kite_quote(last: Any, bid: Any, ask: Any, at: str = "10:45:00") -> Row:
    """A quote with five levels a side; a side without a price is filled with zeros, as Kite does."""

    def side(price: Any) -> list[Row]:
        first = {"price": price or 0, "quantity": 75 if price else 0, "orders": 1 if price else 0}
        return [first, *[{"price": 0, "quantity": 0, "orders": 0}] * 4]

    return {
        "instrument_token": 10_000,
        "timestamp": f"{DAY} {at}",
        "last_trade_time": f"{DAY} {at}",
        "last_price": last,
        "depth": {"buy": side(bid), "sell": side(ask)},
    }


def kite_quotes(**by_symbol: Row) -> str:
    return kite({f"NFO:{symbol}": row for symbol, row in by_symbol.items()})


def kite_margins(net: Any = 300_000, debits: Any = 200_000) -> str:
    equity = {
        "enabled": True,
        "net": net,
        "available": {"cash": net, "opening_balance": net + debits, "live_balance": net, "collateral": 0},
        "utilised": {"debits": debits, "m2m_realised": 0, "m2m_unrealised": 0},
    }
    return kite({"equity": equity, "commodity": {"enabled": False}})


def kite_instruments(*rows: tuple[str, str, int, int]) -> str:
    """A contract file: (symbol, expiry, strike, lot size)."""
    head = (
        "instrument_token,exchange_token,tradingsymbol,name,last_price,expiry,strike,tick_size,lot_size,"
        "instrument_type,segment,exchange"
    )
    lines = [
        f"{10_000 + number},{number},{symbol},NIFTY,0,{expiry},{strike},0.05,{lot},{symbol[-2:]},NFO-OPT,NFO"
        for number, (symbol, expiry, strike, lot) in enumerate(rows)
    ]
    return "\n".join((head, *lines)) + "\n"


KITE_SESSION_GONE = json.dumps(
    {
        "status": "error",
        "message": "Incorrect `api_key` or `access_token`.",
        "data": None,
        "error_type": "TokenException",
    }
)


# -- Kotak ---------------------------------------------------------------------------------------------------------


def kotak(rows: Iterable[Row]) -> str:
    """A success of Kotak's."""
    return json.dumps({"stat": "ok", "stCode": 200, "data": list(rows)})


KOTAK_EMPTY = json.dumps({"stat": "Not_Ok", "emsg": "No Data", "stCode": 5203})
KOTAK_SESSION_GONE = json.dumps({"stCode": 100022, "errMsg": "invalid session token", "stat": "Not_Ok"})


def kotak_leg(
    symbol: str = "NIFTY26NOV24000CE",
    *,
    carried: int = 0,
    settled: Any = 0,
    bought: tuple[int, Any] = (0, 0),
    sold: tuple[int, Any] = (0, 0),
    token: str = "61000",
    **more: Any,
) -> Row:
    """One row of Kotak's: texts everywhere, the carried side at the settlement, no price of now."""
    money = {
        "cfBuyAmt": max(carried, 0) * settled,
        "cfSellAmt": max(-carried, 0) * settled,
        "buyAmt": bought[0] * bought[1],
        "sellAmt": sold[0] * sold[1],
    }
    return {
        "actId": "AB123",
        "exSeg": "nse_fo",
        "trdSym": symbol,
        "sym": "NIFTY",
        "tok": token,
        "prod": "NRML",
        "optTp": symbol[-2:],
        "stkPrc": f"{symbol[-7:-2]}.00",
        "type": "OPTIDX",
        "expDt": "24 Nov, 2026",
        "cfBuyQty": str(max(carried, 0)),
        "cfSellQty": str(max(-carried, 0)),
        "flBuyQty": str(bought[0]),
        "flSellQty": str(sold[0]),
        **{name: f"{amount:.2f}" for name, amount in money.items()},
        "brdLtQty": 75,
        "lotSz": "75",
        "multiplier": "1",
        "precision": "2",
        "genNum": "1",
        "genDen": "1",
        "prcNum": "1",
        "prcDen": "1",
        "hsUpTm": "2026/11/23 10:44:58",
        **more,
    }


def kotak_quote(last: str, bid: str | None, ask: str | None, token: str = "61000") -> Row:
    """A quote; an empty side is an empty list. Stamped 10:45:00."""

    def side(price: str | None) -> list[Row]:
        return [] if price is None else [{"price": price, "quantity": "75", "orders": "1"}]

    return {
        "exchange_token": token,
        "display_symbol": "",
        "exchange": "nse_fo",
        "lstup_time": "1795410900",
        "ltp": last,
        "depth": {"buy": side(bid), "sell": side(ask)},
    }
