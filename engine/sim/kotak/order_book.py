"""The order book, one order, and an order's history."""

import uuid
from hashlib import sha256

from engine.sim.exchange.words import SimOrder, Source, Stage, State
from engine.sim.kotak import replies
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.contract_fields import contract_fields, expiry_day, expiry_seconds
from engine.sim.kotak.replies import Answer, listed
from engine.sim.kotak.words import (
    SIDE_WORDS,
    TYPE_WORDS,
    clock_time,
    dashed_day,
    dashed_time,
    epoch_nanoseconds,
    epoch_seconds,
    instrument_type,
    price_text,
    reason_text,
    segment_of,
    slashed_time,
    source_word,
    status_word,
    units_text,
    whole,
)

Row = dict[str, object]

# Where an order stands in the exchange's own book, or stood.
_AT_EXCHANGE = frozenset({Stage.OPEN, Stage.TRIGGER_PENDING, Stage.COMPLETE, Stage.MODIFIED})

# What rows say of every order alike.
_SAME_IN_BOTH = {
    "classification": "0", "locId": "111111111111100", "mfdBy": "NA", "mktPro": "0", "ordValDt": "NA", "rptTp": "NA",
    "strategyCode": "NA", "symOrdId": "NA", "vendorCode": "", "algCat": "NA", "algSeqNo": "NA",
}  # fmt: skip
_SAME_IN_BOOK = {
    "appInstlId": "NA", "brkClnt": "08081", "coPct": 0, "defMktProV": "0", "dscQtyPct": "0", "exUsrInfo": "NA",
    "minQty": 0, "mktProFlg": "0", "mktProPct": "--", "noMktProFlg": "0", "odCrt": "NA", "ordAutSt": "NA",
    "ordModNo": "", "refLmtPrc": 0, "reqId": "1", "rmk": "--", "sipInd": "NA",
}  # fmt: skip


def orders(ask: Ask) -> Answer:
    """Return the order book, the newest order first."""
    return listed([order_row(ask, one) for one in reversed(ask.exchange.orders(ask.account))], "Ok")


def one_order(ask: Ask) -> Answer:
    """Return the book of one order: a list of one, which no document shows."""
    order = ask.exchange.order(ask.account, ask.path["order_id"])
    return replies.EMPTY if order is None else listed([order_row(ask, order)], "Ok")


def history(ask: Ask) -> Answer:
    """Return an order's states, the newest first."""
    if "nOrdNo" not in ask.form:
        return replies.BODY_INVALID
    order = ask.exchange.order(ask.account, ask.form["nOrdNo"])
    if order is None:
        return replies.NOT_FOUND
    return listed([_state_row(ask, order, state) for state in reversed(order.history)], "Ok")


def order_row(ask: Ask, order: SimOrder) -> Row:
    """Return one row of the order book: quantities are numbers, prices are texts."""
    ticket, contract = order.ticket, ask.listing.contract(order.ticket.key)
    status = status_word(order.stage, after_market=ticket.after_market, modified=order.modified)
    placed, updated = dashed_time(order.placed_at), order.updated_at
    return {
        **_SAME_IN_BOTH,
        **_SAME_IN_BOOK,
        **contract_fields(contract, cash_right="- ", no_day="NA"),
        "tok": contract.token,
        "expDtSsb": expiry_seconds(contract, "--"),
        "it": instrument_type(contract),
        "brdLtQty": units_text(contract.lot_size),
        "tckSz": price_text(contract.tick_size),
        "nOrdNo": order.id,
        "exOrdId": order.exchange_id or "NA",
        "GuiOrdId": gui_order_id(order),
        "actId": order.account,
        "usrId": order.account,
        "ordSt": status,
        "stat": status,
        "rejRsn": reason_text(order),
        "trnsTp": SIDE_WORDS[ticket.side],
        "prcTp": TYPE_WORDS[ticket.type],
        "prod": ticket.product,
        "vldt": ticket.validity.value,
        "qty": whole(ticket.quantity),
        "fldQty": whole(order.filled_quantity),
        "unFldSz": whole(order.open_quantity),
        "cnlQty": whole(order.cancelled_quantity),
        "dscQty": 0,
        "prc": price_text(ticket.price),
        "trgPrc": price_text(ticket.trigger_price),
        "avgPrc": price_text(order.average_price),
        "ordDtTm": placed,
        "ordEntTm": placed,
        "exCfmTm": "--" if order.exchange_id is None else dashed_time(updated),
        "hsUpTm": slashed_time(updated),
        "boeSec": epoch_seconds(updated),
        "uSec": str(epoch_seconds(updated)),
        "updRecvTm": epoch_nanoseconds(updated),
        "algId": algorithm(order),
        "ordSrc": source_word(ticket.source),
        "ordGenTp": "AMO" if ticket.after_market else "NA",
    }


def gui_order_id(order: SimOrder) -> str:
    """Return the client's tag; for an API order without one Kotak makes up an identifier."""
    if order.ticket.tag or order.ticket.source is not Source.API:
        return order.ticket.tag
    return str(uuid.UUID(bytes=sha256(order.id.encode()).digest()[:16], version=4))


def algorithm(order: SimOrder) -> str:
    """Return the tag Kotak gives orders that come through the API."""
    return "99999" if order.ticket.source is Source.API else "NA"


def _state_row(ask: Ask, order: SimOrder, state: State) -> Row:
    ticket, contract = order.ticket, ask.listing.contract(order.ticket.key)
    is_at_exchange = order.exchange_id is not None and _has_reached_exchange(order, state)
    is_last = state is order.history[-1]
    return {
        **_SAME_IN_BOTH,
        **contract_fields(contract, cash_right="- ", no_day="NA"),
        "tok": contract.token,
        "scripName": contract.underlying,
        "exch": segment_of(contract.exchange)[:3].upper(),
        "expDt": expiry_day(contract) or "NA",
        "brdLtQty": whole(contract.lot_size),
        "nOrdNo": order.id,
        "GuiOrdId": gui_order_id(order),
        "ordSt": status_word(state.stage, after_market=ticket.after_market, modified=order.modified),
        # The documents' own spaces.
        "flDtTm": f"{dashed_day(state.at)} {clock_time(state.at).replace(':', ': ')}",
        "exchTmstp": dashed_time(state.at) if is_at_exchange else "--",
        "exchOrdId": order.exchange_id if is_at_exchange else "NA",
        "trnsTp": SIDE_WORDS[ticket.side],
        "prcTp": TYPE_WORDS[state.type],
        "prod": ticket.product,
        "ordDur": ticket.validity.value,
        "qty": whole(state.quantity),
        "fldQty": whole(state.filled_quantity),
        "unFldSz": 0 if state.stage.is_terminal else whole(state.quantity - state.filled_quantity),
        "prc": price_text(state.price),
        "trgPrc": price_text(state.trigger_price),
        "avgPrc": price_text(order.average_price if state.filled_quantity else None),
        "dclQty": 0,
        "rejRsn": reason_text(order) if is_last else "--",
        "ordUsrMsg": "",
        "legOrdInd": "NA",
        "cstFrm": "C",
        "ordSrc": source_word(ticket.source),
        "ordGenTp": "AMO" if ticket.after_market else "NA",
        "nReqId": "1",
        "algId": algorithm(order),
        "updRecvTm": epoch_nanoseconds(state.at),
        "boeSec": epoch_seconds(state.at),
        "uSec": str(epoch_seconds(state.at)),
    }


def _has_reached_exchange(order: SimOrder, state: State) -> bool:
    reached = next((one.at for one in order.history if one.stage in _AT_EXCHANGE), None)
    return reached is not None and reached <= state.at
