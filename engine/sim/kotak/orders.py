"""Placing, changing and cancelling: what is refused at the door; the rest is a receipt, and the book tells later."""

from decimal import Decimal

from engine.domain.enums import OrderType
from engine.domain.numbers import ONE, ZERO
from engine.sim.exchange.exchange import Refused
from engine.sim.exchange.words import Change, Refusal, SimOrder, Stage, Ticket, Validity
from engine.sim.kotak import replies
from engine.sim.kotak.ask import Ask
from engine.sim.kotak.forms import number_in
from engine.sim.kotak.replies import Answer, receipt
from engine.sim.kotak.words import ORDER_SEGMENTS, PRODUCTS, SIDES, TYPES, segment_of

_PLACE_NEEDS = ("am", "dq", "es", "mp", "pc", "pr", "pt", "qt", "rt", "tp", "ts", "tt")
_MODIFY_NEEDS = ("no", "qt", "pr", "pt", "tp", "dq", "vd", "mp", "am")
_VALIDITIES = frozenset({"DAY", "IOC"})
_AFTER_MARKET = {"YES": True, "NO": False}


def place(ask: Ask) -> Answer:
    """Return the receipt of a new order. The client's tag `ig` is kept and nothing else: a repeated one is an order."""
    form = ask.form
    if any(name not in form for name in _PLACE_NEEDS) or not _are_words_known(form["tt"], form["pc"], form["am"]):
        return replies.BODY_INVALID
    if form["es"] not in ORDER_SEGMENTS:
        return replies.INVALID_EXCHANGE
    contract = ask.listing.by_symbol(form["es"], form["ts"])
    if contract is None:
        return replies.INVALID_SYMBOL
    quantity = _quantity(form["qt"])
    if quantity is None:
        return replies.INVALID_QUANTITY
    terms = _terms(form["pt"], form["rt"], form["es"], number_in(form, "pr"), number_in(form, "tp"))
    if terms is None:
        return replies.BODY_INVALID
    type_, price, trigger_price, validity = terms
    ticket = Ticket(
        exchange=contract.exchange,
        symbol=contract.symbol,
        side=SIDES[form["tt"]],
        quantity=quantity,
        product=form["pc"],
        type=type_,
        price=price,
        trigger_price=trigger_price,
        validity=validity,
        after_market=_AFTER_MARKET[form["am"]],
        tag=form.get("ig", ""),
    )
    return receipt(ask.exchange.place(ask.account, ticket).id)


def modify(ask: Ask) -> Answer:
    """Return the receipt of a change; all of the order is said again."""
    form = ask.form
    if any(name not in form for name in _MODIFY_NEEDS):
        return replies.BODY_INVALID
    order = _working(ask, form["no"])
    if isinstance(order, Answer):
        return order
    quantity = _quantity(form["qt"])
    if quantity is None:
        return replies.INVALID_QUANTITY
    segment = segment_of(order.ticket.exchange)
    terms = _terms(form["pt"], form["vd"], segment, number_in(form, "pr"), number_in(form, "tp"))
    if terms is None:
        return replies.BODY_INVALID
    type_, price, trigger_price, validity = terms
    change = Change(type_, quantity, price, trigger_price, validity)
    try:
        return receipt(ask.exchange.modify(ask.account, order.id, change).id)
    except Refused as refused:
        return _refused(refused)


def cancel(ask: Ask) -> Answer:
    """Return the receipt of a cancel; an after-market order is only found as one, with its symbol."""
    form = ask.form
    if "on" not in form or form.get("am") not in _AFTER_MARKET:
        return replies.BODY_INVALID
    order = _working(ask, form["on"])
    if isinstance(order, Answer):
        return order
    if order.stage is Stage.PARKED and (form["am"] != "YES" or not form.get("ts")):
        return replies.NOT_FOUND
    try:
        return receipt(ask.exchange.cancel(ask.account, order.id).id)
    except Refused as refused:
        return _refused(refused)


def _working(ask: Ask, order_id: str) -> SimOrder | Answer:
    order = ask.exchange.order(ask.account, order_id)
    if order is None or order.stage is Stage.CANCELLED:
        return replies.NOT_FOUND
    return replies.FINISHED if order.stage.is_terminal else order


def _refused(refused: Refused) -> Answer:
    if refused.refusal is Refusal.FINISHED:
        return replies.FINISHED
    if refused.refusal is Refusal.UNKNOWN_ORDER:
        return replies.NOT_FOUND
    return replies.not_ok(1005, str(refused))


def _are_words_known(side: str, product: str, after_market: str) -> bool:
    return side in SIDES and product in PRODUCTS and after_market in _AFTER_MARKET


def _quantity(text: str) -> Decimal | None:
    return Decimal(text) if text.isascii() and text.isdigit() and ZERO < Decimal(text) < Decimal("1e12") else None


def _terms(
    type_word: str, validity: str, segment: str, price: Decimal | None, trigger_price: Decimal | None
) -> tuple[OrderType, Decimal | None, Decimal | None, Validity] | None:
    """Return type, price, trigger price and validity; None where a word or number is none of Kotak's."""
    type_ = TYPES.get(type_word)
    if type_ is None or price is None or trigger_price is None or validity not in _VALIDITIES:
        return None
    if segment == "mcx_fo" and validity != "DAY":
        return None
    if type_.is_stop and not trigger_price:
        return None
    return (
        type_,
        # A limit of zero was seen to be taken for one of 1, and filled.
        (price or ONE) if type_ in (OrderType.LIMIT, OrderType.STOP) else None,
        trigger_price if type_.is_stop else None,
        Validity(validity),
    )
