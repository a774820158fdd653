"""Bodies of both brokers from rows that are as they should be, and what can be wrong with them."""

import json
import re
from collections.abc import Mapping
from typing import Any

from hypothesis import strategies as st

Row = dict[str, Any]

KITE_ROW: Row = {"exchange": "NFO", "tradingsymbol": "NIFTY26NOV24000CE", "instrument_token": 12345, "product": "NRML"}
KOTAK_ROW: Row = {
    "exSeg": "nse_fo", "trdSym": "INFY26SEP1500PE", "sym": "INFY", "tok": "70215", "optTp": "PE", "stkPrc": "1500.00",
    "expDt": "29 Sep, 2026", "prod": "NRML",
}  # fmt: skip
LEVELS = {"buy": [{"price": 96.2, "quantity": 5}], "sell": [{"price": 0, "quantity": 0}]}
TEXT_LEVELS = {"buy": [{"price": "96.20"}], "sell": [{"price": "0.00"}]}

# (broker, part): a row, the field that tells rows apart, and fields that a row may do without.
ROWS: Mapping[tuple[str, str], Row] = {
    ("kite", "positions"): KITE_ROW | {
        "quantity": -150, "overnight_quantity": 0, "multiplier": 1, "average_price": 120.5, "close_price": 0,
        "last_price": 96.25, "m2m": 3637.5, "day_buy_quantity": 0, "day_buy_value": 0, "day_sell_quantity": 150,
        "day_sell_value": 18075,
    },
    ("kite", "orders"): KITE_ROW | {
        "order_id": "261104000000001", "transaction_type": "BUY", "order_type": "SL", "status": "OPEN",
        "status_message": None, "order_timestamp": "2026-11-04 09:31:00", "exchange_timestamp": "2026-11-04 09:31:01",
        "exchange_update_timestamp": None, "quantity": 150, "filled_quantity": 0, "price": 185.05, "trigger_price": 180,
        "average_price": 0, "variety": "regular", "parent_order_id": None, "tag": None, "tags": [], "modified": False,
        "meta": {"a": [1]},
    },
    ("kite", "trades"): KITE_ROW | {
        "trade_id": "1", "order_id": "9", "average_price": 120.5, "quantity": 75, "transaction_type": "SELL",
        "fill_timestamp": "2026-11-04 09:20:00", "exchange_timestamp": "2026-11-04 09:20:00",
    },
    ("kite", "quotes"): {
        "instrument_token": 1, "last_price": 96.25, "timestamp": "2026-11-04 10:15:00",
        "last_trade_time": "2026-11-04 10:14:50", "depth": LEVELS,
    },
    ("kotak", "positions"): KOTAK_ROW | {
        "type": "OPTSTK", "multiplier": "1", "genNum": "1", "genDen": "1", "prcNum": "1", "prcDen": "1",
        "cfBuyQty": "0", "cfSellQty": "0", "cfBuyAmt": "0.00", "cfSellAmt": "0.00", "flBuyQty": "0", "flSellQty": "400",
        "buyAmt": "0.00", "sellAmt": "1720.00", "hsUpTm": "2026/09/15 09:15:36",
    },
    ("kotak", "orders"): KOTAK_ROW | {
        "it": "OPTSTK", "nOrdNo": "260915000000101", "GuiOrdId": "R-1", "ordSt": "open", "rejRsn": "--", "trnsTp": "S",
        "prcTp": "L", "qty": 400, "fldQty": 0, "prc": "4.30", "trgPrc": "0.00", "avgPrc": "0.00", "ordModNo": "",
        "ordDtTm": "15-Sep-2026 09:15:36", "ordEntTm": "--", "exCfmTm": "15-Sep-2026 09:15:37",
        "hsUpTm": "2026/09/15 09:15:36", "updRecvTm": 1789443938490540624, "ordGenTp": "NA",
    },
    ("kotak", "trades"): KOTAK_ROW | {
        "nOrdNo": "9", "flId": "1", "trnsTp": "B", "fldQty": 75, "avgPrc": "7.15", "qty": 0, "prc": "",
        "exTm": "15-Sep-2026 09:16:00", "flDt": "15-Sep-2026", "flTm": "09:16:05",
    },
    ("kotak", "quotes"): {
        "exchange_token": "70215", "display_symbol": "INFY 29 SEP 1500 PE", "exchange": "nse_fo",
        "lstup_time": "1789443936", "ltp": "4.3000", "depth": TEXT_LEVELS,
    },
}  # fmt: skip
TELLS_APART = {
    ("kite", "positions"): "tradingsymbol", ("kite", "orders"): "order_id", ("kite", "trades"): "trade_id",
    ("kotak", "positions"): "trdSym", ("kotak", "orders"): "nOrdNo", ("kotak", "trades"): "flId",
    ("kotak", "quotes"): "display_symbol",
}  # fmt: skip


class Literal(str):
    """JSON that is written as it stands."""

    __slots__ = ()


def row(kind: tuple[str, str], number: int, **changes: Any) -> Row:
    """The usual row of a kind, told from its neighbours by a number."""
    field = TELLS_APART.get(kind)
    own = {} if field is None else {field: f"{ROWS[kind][field]}{number}"}
    return ROWS[kind] | own | changes


def body(kind: tuple[str, str], rows: list[Any], **form: Any) -> bytes:
    """The success reply of a kind with these rows; `form` goes to `json.dumps`, compact unless told."""
    data: Any = rows
    if kind == ("kite", "positions"):
        data = {"net": rows, "day": rows[:1]}
    elif kind == ("kite", "quotes"):
        data = {f"NFO:{number}": one for number, one in enumerate(rows)}
    reply = {"status": "success", "data": data} if kind[0] == "kite" else {"stat": "Ok", "stCode": 200, "data": data}
    if kind == ("kotak", "quotes"):
        reply = data
    return written(reply, **form)


def written(value: Any, **form: Any) -> bytes:
    """A value as JSON."""
    text = json.dumps(_marked(value), **({"separators": (",", ":")} | form))
    return re.sub(r'"@@(.*?)@@"', r"\1", text).encode("utf-8")


def _marked(value: Any) -> Any:
    if isinstance(value, Literal):
        return f"@@{value}@@"
    if isinstance(value, dict):
        return {key: _marked(one) for key, one in value.items()}
    return [_marked(one) for one in value] if isinstance(value, list) else value


FORMS = st.sampled_from(
    [{}, {}, {}, {"separators": None}, {"indent": 1}, {"ensure_ascii": False}, {"separators": (" ,", " : ")}]
)
WORDS = st.sampled_from(
    ["BUY", "SELL", "buy", "SIDEWAYS", "B", "S", "OPEN", "COMPLETE", "CANCELLED", "CANCELLED AMO", "REJECTED", "UPDATE",
     "MODIFIED", "TRIGGER PENDING", "NEVER SEEN", "open", "complete", "cancelled", "Canceled", "modified", "traded",
     "LIMIT", "MARKET", "SL", "SL-M", "L", "MKT", "MIS", "AMO", "FUTIDX", "OPTIDX", "FUT", "CE", "PE", "XX",
     "NIFTY26NOVFUT", "CRUDEOIL26NOVFUT", "MCX", "NSE", "nse_cm", "mcx_fo", "autoslice:77", "mktp", "own",
     "Order cancelled by user", "RMS: square off", "200", "a, b: \"c\" \\ {d} [e]"]
)  # fmt: skip
NUMBERS = st.sampled_from(
    [0, 1, -1, 75, 150, -150, 10**17, 10**30, 10**31, 10**40, True, False]
    + [Literal(text) for text in ("1.50", "-0.05", "0.0", "-0.0", "1e5", "1E-30", "1e-31", "1e31", "1e400", "0e99",
                                  "0.1234567890123456789012345678901", "123456789012345678901234567890", "NaN",
                                  "-Infinity", "01", "1.", "75.0")]
)  # fmt: skip
TEXTS = st.sampled_from(
    ["", " ", "-", "--", "NA", "0", "0.00", "75", " 75 ", "+75", "-75", "1_000", "1e3", "1e0005", ".5", "5.", "abc",
     "NaN", "Infinity", "1e31", "9" * 31, "١٢", "é✓", " padded ", "a\x01b", "\x7f", "\u2028", "R1",
     "2026-11-04 09:15:00", "2026-11-04T09:15:00", "2026-11-04 24:00:00", "2026-11-04 09\x1f:15:00",
     "0001-01-01 00:00:00", "2026/11/04 09:15:00", "04-Nov-2026 09: 15: 00", "2026-W45-3 09:15:00",
     "20261104 091500.123", "29 Sep, 2026", "1789443936", "1789443938490540624"]
)  # fmt: skip
OTHERS = st.sampled_from(
    [None, [], {}, ["own"], [1], ["autoslice", "autoslice:77"], {"price": 1}, [{"price": 5}], [[]],
     {"buy": [], "sell": []}, {"buy": [{"price": Literal("1.25")}], "sell": None}, {"buy": [1], "sell": [{}]},
     {"buy": [{"price": "1.5"}, 3], "sell": [{"price": -1}]}]
)  # fmt: skip
VALUES = WORDS | NUMBERS | TEXTS | OTHERS
