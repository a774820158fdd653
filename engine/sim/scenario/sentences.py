"""Positions, orders and what a trader does, one sentence each: `buy 2 lots NIFTY 24000 CE 01DEC NRML limit 155`."""

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final

from engine.domain.enums import InstrumentKind, OrderType, Side
from engine.domain.numbers import CONTEXT, canonical, exact
from engine.policy.findings import suggestion
from engine.sim.exchange.setup import Carried, Done, Earlier, Hand
from engine.sim.exchange.words import Change, Contract, Source, Ticket, Validity
from engine.sim.scenario.day import Day
from engine.sim.scenario.listing import CONTRACT, Listing

PRODUCTS: Final = ("NRML", "MIS", "CNC", "MTF")
_NUMBER: Final = r"\d+(\.\d+)?"
_TAG: Final = r"[A-Za-z0-9-]{1,20}"
_WHAT: Final = rf"(?P<count>\d+)(?P<lots> +lots?)? +(?P<contract>{CONTRACT}) +(?P<product>[A-Z]+)"
_HOW: Final = rf"(?P<how>( +(market|limit +{_NUMBER}|stop +{_NUMBER}|ioc|amo|tag +{_TAG}))*)"
_PRICE: Final = rf"( +at +(?P<price>{_NUMBER}))"

_POSITION = re.compile(rf"(?P<side>long|short) +{_WHAT}{_PRICE}?", re.ASCII)
_ORDER = re.compile(rf"(?P<side>buy|sell) +{_WHAT}{_HOW}", re.ASCII)
_DONE = re.compile(rf"(?P<at>\S+) +(?P<side>buy|sell|bought|sold) +{_WHAT}{_PRICE}( +tag +(?P<tag>{_TAG}))?", re.ASCII)
_EARLIER = re.compile(rf"(?P<at>\S+) +(?P<order>.*\S) +(cancelled|filled{_PRICE})", re.ASCII)
_CANCEL = re.compile(rf"cancel +(?P<tag>{_TAG})", re.ASCII)
_CHANGE = re.compile(
    rf"change +(?P<tag>{_TAG})(?P<how>( +(market|limit +{_NUMBER}|stop +{_NUMBER}|quantity +\d+))+)", re.ASCII
)
_SIGNS: Final = {"long": 1, "short": -1}


def position(text: str, listing: Listing) -> Carried:
    """Return `short 130 NIFTY 24000 CE 01DEC NRML at 110`; else at the previous close. Raises: ValueError."""
    found = _POSITION.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a position; write it like short 130 NIFTY 24000 CE 01DEC NRML at 110")
    contract, quantity, product = _held(found, listing)
    price = None if found["price"] is None else exact(found["price"])
    return Carried(contract.key, product, CONTEXT.multiply(quantity, Decimal(_SIGNS[found["side"]])), price)


def order(text: str, listing: Listing, source: Source = Source.SCENARIO) -> Ticket:
    """Return `buy 65 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1`. Raises: ValueError."""
    found = _ORDER.fullmatch(text)
    if found is None:
        raise ValueError(
            f"'{text}' is not an order; write it like buy 65 NIFTY 24000 CE 01DEC NRML limit 101.5, with stop 150 "
            "limit 155 for a stop, market, ioc, amo, tag T1"
        )
    contract, quantity, product = _what(found, listing)
    how = _how(found["how"].split())
    limit, trigger = how.get("limit"), how.get("stop")
    return Ticket(
        exchange=contract.exchange,
        symbol=contract.symbol,
        side=Side.BUY if found["side"] == "buy" else Side.SELL,
        quantity=quantity,
        product=product,
        type=_type(limit, trigger),
        price=None if limit is None else exact(limit),
        trigger_price=None if trigger is None else exact(trigger),
        validity=Validity.IOC if "ioc" in how else Validity.DAY,
        after_market="amo" in how,
        tag=how.get("tag", ""),
        source=source,
    )


def resting(text: str, listing: Listing) -> Ticket:
    """Return an order that can have rested, as `order` does. Raises: ValueError."""
    ticket = order(text, listing)
    if ticket.type is OrderType.MARKET or ticket.validity is Validity.IOC:
        raise ValueError(f"'{text}' cannot be working yet: write its limit, without ioc")
    _check_held(listing.of(ticket.key), ticket.quantity)
    return ticket


def trade(text: str, listing: Listing, day: Day) -> Done:
    """Return `09:16 sold 65 NIFTY 24000 CE 01DEC NRML at 110 tag T1`. Raises: ValueError."""
    found = _DONE.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a trade; write it like 09:16 sold 65 NIFTY 24000 CE 01DEC NRML at 110")
    contract, quantity, product = _held(found, listing)
    side = Side.BUY if found["side"] in ("buy", "bought") else Side.SELL
    return Done(day.at(found["at"]), contract.key, product, side, quantity, exact(found["price"]), found["tag"] or "")


def earlier(text: str, listing: Listing, before: Day) -> Earlier:
    """
    Return `14:31 buy 65 NIFTY 24000 CE 01DEC NRML stop 150 limit 155 tag SL1 filled at 151`, or `… cancelled`.

    before: the trading day the order was of. Raises: ValueError.
    """
    found = _EARLIER.fullmatch(text)
    if found is None:
        raise ValueError(
            f"'{text}' is not an order that is over; write it like 14:31 buy 65 NIFTY 24000 CE 01DEC NRML stop 150 "
            "limit 155 tag SL1 filled at 151, or cancelled at its end"
        )
    price = None if found["price"] is None else exact(found["price"])
    return Earlier(before.on, before.at(found["at"]), resting(found["order"], listing), price)


def hand(text: str, listing: Listing, day: Day, accounts: Sequence[str]) -> Hand:
    """Return `10:02 A buy …`, `10:05 A cancel T1` or `10:06 A change SL1 limit 100`. Raises: ValueError."""
    at, _, rest = text.partition(" ")
    account, _, deed = rest.strip().partition(" ")
    when, deed = day.at(at), deed.strip()
    if account not in accounts:
        raise ValueError(f"there is no account '{account}'; {suggestion(account, accounts) or _known(accounts)}")
    cancel, changed = _CANCEL.fullmatch(deed), _CHANGE.fullmatch(deed)
    if cancel is not None:
        return Hand(when, account, tag=cancel["tag"], cancel=True)
    if changed is not None:
        return Hand(when, account, tag=changed["tag"], change=_change(_how(changed["how"].split())))
    return Hand(when, account, order(deed, listing))


def _change(how: Mapping[str, str]) -> Change:
    limit, trigger, quantity = how.get("limit"), how.get("stop"), how.get("quantity")
    return Change(
        type=None if set(how) == {"quantity"} else _type(limit, trigger),
        quantity=None if quantity is None else exact(quantity),
        price=None if limit is None else exact(limit),
        trigger_price=None if trigger is None else exact(trigger),
    )


def _what(found: re.Match[str], listing: Listing) -> tuple[Contract, Decimal, str]:
    contract, product = listing.find(found["contract"]), found["product"]
    if product not in PRODUCTS:
        raise ValueError(f"there is no product '{product}'; {suggestion(product, PRODUCTS) or _known(PRODUCTS)}")
    count = exact(found["count"])
    return contract, CONTEXT.multiply(count, contract.lot_size) if found["lots"] else count, product


def _held(found: re.Match[str], listing: Listing) -> tuple[Contract, Decimal, str]:
    """Return what somebody has or had; asked for may be what nobody can have."""
    contract, quantity, product = _what(found, listing)
    _check_held(contract, quantity)
    return contract, quantity, product


def _check_held(contract: Contract, quantity: Decimal) -> None:
    if contract.kind is InstrumentKind.INDEX:
        raise ValueError(f"{contract.symbol} is an index, which nobody holds")
    if not quantity or CONTEXT.remainder(quantity, contract.lot_size):
        raise ValueError(f"{canonical(quantity)} is not in whole lots of {canonical(contract.lot_size)}")


def _how(words: list[str]) -> dict[str, str]:
    """Return what each word is followed by; itself for one that stands alone."""
    how: dict[str, str] = {}
    rest = iter(words)
    for word in rest:
        if word in how:
            raise ValueError(f"'{word}' stands here twice")
        how[word] = word if word in ("market", "ioc", "amo") else next(rest)
    if "market" in how and "limit" in how:
        raise ValueError("an order is at market or has a limit, not both")
    return how


def _type(limit: str | None, trigger: str | None) -> OrderType:
    if trigger is None:
        return OrderType.MARKET if limit is None else OrderType.LIMIT
    return OrderType.STOP_MARKET if limit is None else OrderType.STOP


def _known(words: Sequence[str]) -> str:
    return f"known are {', '.join(words)}"
