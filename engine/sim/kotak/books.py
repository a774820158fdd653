"""The trade book, the positions and the holdings."""

from datetime import datetime
from decimal import Decimal
from hashlib import sha256

from engine.domain.numbers import CONTEXT, ZERO
from engine.sim.exchange.setup import Carried
from engine.sim.exchange.words import Position, Trade
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.contract_fields import contract_fields, expiry_seconds
from engine.sim.kotak.order_book import Row
from engine.sim.kotak.replies import Answer, listed
from engine.sim.kotak.words import (
    IST,
    SIDE_WORDS,
    TYPE_WORDS,
    clock_time,
    dashed_day,
    dashed_time,
    epoch_nanoseconds,
    epoch_seconds,
    instrument_type,
    price_text,
    segment_of,
    slashed_time,
    trading_symbol,
    units_text,
    whole,
)

_SAME_IN_TRADES = {
    "actId": "", "algId": "NA", "algCat": "NA", "brkClnt": "NA", "cstFrm": "C", "flLeg": 1, "locId": "111111111111100",
    "minQty": 0, "nReqId": "1", "ordDur": "NA", "ordGenTp": "--", "ordSrc": "NA", "posFlg": "", "prc": "", "qty": 0,
    "rmk": "--", "rptTp": "fill", "strategyCode": "", "tm": "", "tok": "",
}  # fmt: skip
_SAME_IN_HOLDINGS = {
    "instrumentType": "Equity", "sector": "", "commonScripCode": "", "scripId": "", "isAlternateScrip": False,
    "sqGainLoss": 0, "delGainLoss": 0, "subTotal": 0, "subType": "", "instrumentStatus": "A", "marketLot": 1,
    "expiryDate": "", "optType": "", "strikePrice": "0.00", "series": "EQ", "securityType": "EQ",
    "securitySubType": "", "logoUrl": "", "cmotCode": "",
}  # fmt: skip
_SAME_IN_POSITIONS = {"dscQty": "", "posFlg": "true", "sqrFlg": "Y", "upldPrc": "0.00"}


def trades(ask: Ask) -> Answer:
    """Return the trade book, one row a fill, the newest first."""
    return listed([_trade_row(ask, one) for one in reversed(ask.exchange.trades(ask.account))], "ok")


def _trade_row(ask: Ask, trade: Trade) -> Row:
    contract = ask.listing.contract(trade.key)
    order = ask.exchange.order(trade.account, trade.order_id)
    return {
        **contract_fields(contract, cash_right="- ", no_day="NA"),
        **_SAME_IN_TRADES,
        "exp": expiry_seconds(contract, "-"),
        "it": instrument_type(contract),
        "brdLtQty": whole(contract.lot_size),
        "nOrdNo": trade.order_id,
        "exOrdId": "NA" if order is None or order.exchange_id is None else order.exchange_id,
        "flId": trade.id,
        "GuiOrdId": trade.tag,
        "trnsTp": SIDE_WORDS[trade.side],
        "prcTp": "L" if order is None else TYPE_WORDS[order.ticket.type],
        "prod": trade.product,
        "fldQty": whole(trade.quantity),
        "avgPrc": price_text(trade.price),
        "flDt": dashed_day(trade.at),
        "flTm": clock_time(trade.at),
        "exTm": dashed_time(trade.at),
        "hsUpTm": slashed_time(trade.at),
        "boeSec": epoch_seconds(trade.at),
        "uSec": str(epoch_seconds(trade.at)),
        "updRecvTm": epoch_nanoseconds(trade.at),
        "usrId": trade.account,
    }


def positions(ask: Ask) -> Answer:
    """Return the positions, closed ones too; no price, no profit and no net quantity stands in them."""
    return listed(position_rows(ask), "ok")


def position_rows(ask: Ask) -> list[Row]:
    """Return the rows of the position book, each stamped with its last fill."""
    traded_at = {(one.key, one.product): one.at for one in ask.exchange.trades(ask.account)}
    before_open = ask.now.astimezone(IST).replace(hour=7, minute=0, second=0, microsecond=0)
    return [
        _position_row(ask, one, traded_at.get((one.contract.key, one.product), before_open))
        for one in ask.exchange.positions(ask.account)
    ]


def _position_row(ask: Ask, position: Position, updated: datetime) -> Row:
    contract = position.contract
    carried = _money(abs(position.carried), position.carried_price, contract.factor)
    is_long = position.carried > 0
    return {
        **contract_fields(contract, cash_right="-", no_day="NA"),
        **_SAME_IN_POSITIONS,
        "actId": ask.account,
        "tok": contract.token,
        "type": instrument_type(contract),
        "exp": expiry_seconds(contract, "-"),
        "prod": position.product,
        "brdLtQty": whole(contract.lot_size),
        "cfBuyQty": units_text(position.carried if is_long else ZERO),
        "cfSellQty": units_text(ZERO if is_long else -position.carried),
        "cfBuyAmt": price_text(carried if is_long else ZERO),
        "cfSellAmt": price_text(ZERO if is_long else carried),
        "flBuyQty": units_text(position.bought),
        "flSellQty": units_text(position.sold),
        "buyAmt": price_text(position.bought_value),
        "sellAmt": price_text(position.sold_value),
        "hsUpTm": slashed_time(updated),
        "updRecvTm": epoch_nanoseconds(updated),
    }


def _money(quantity: Decimal, price: Decimal, factor: Decimal) -> Decimal:
    return CONTEXT.multiply(CONTEXT.multiply(quantity, price), factor)


def holdings(ask: Ask) -> Answer:
    """Return the holdings: a list without `stat` and `stCode`, empty ones too."""
    accounts = (one for one in ask.exchange.setup.accounts if one.code == ask.account)
    return Answer({"data": [_holding_row(ask, held) for account in accounts for held in account.holdings]})


def _holding_row(ask: Ask, held: Carried) -> Row:
    contract, market = ask.listing.contract(held.key), ask.exchange.market(held.key)
    price = contract.previous_close if held.price is None else held.price
    close = contract.previous_close
    cost, value = (
        CONTEXT.multiply(held.quantity, one) for one in (price, close if market is None else market.last_price)
    )
    return {
        **_SAME_IN_HOLDINGS,
        "instrumentToken": int(sha256(contract.token.encode()).hexdigest()[:6], 16),
        "instrumentName": contract.underlying,
        "symbol": contract.symbol,
        "displaySymbol": trading_symbol(contract),
        "exchangeSegment": segment_of(contract.exchange),
        "exchangeIdentifier": contract.token,
        "quantity": whole(held.quantity),
        "sellableQuantity": whole(held.quantity),
        "averagePrice": float(price),
        "closingPrice": float(close),
        "prevDayLtp": float(close),
        "holdingCost": float(cost),
        "mktValue": float(value),
        "unrealisedGainLoss": float(CONTEXT.subtract(value, cost)),
    }
