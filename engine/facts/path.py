"""How a leg came to its net: from the trades where they tell the whole story, else as bounds at an instant."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import NamedTuple

from engine.domain.enums import Side
from engine.domain.numbers import CONTEXT, ZERO, sum_of
from engine.domain.snapshot import Fill, Leg
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.index import fills_by_order, fills_of_contract, orders_of_contract, settled_for
from engine.facts.parts import Key, fills_of

_NO_TIME = datetime.min.replace(tzinfo=UTC)
# A sale and the stop sent with it are stamped by two clocks; so little apart they do not tell which came first.
_STAMP_DOUBT = timedelta(seconds=2)
# The product of a leg that stands for all products of its contract (see `whole_contract`).
_ALL_PRODUCTS = "*"


class Move(NamedTuple):
    """A signed quantity that traded on a key some time between two instants; None is not known."""

    order_id: str
    quantity: Decimal
    earliest: datetime | None
    latest: datetime | None


@dataclass(frozen=True, slots=True)
class Walk:
    """
    What a complete, timed trade book says of a leg.

    number: how many positions the key has held, a carried one counted. opened_at, entry_price: of the present one, None
    for a carried or closed one. was_short: whether it was net short at any time today.
    """

    number: int
    opened_at: datetime | None
    entry_price: Decimal | None
    was_short: bool


def flips(before: Decimal, after: Decimal) -> bool:
    """Return whether a new position begins: net leaves zero or changes sign."""
    return after != ZERO and (before == ZERO or (before > ZERO) != (after > ZERO))


def walk(view: View, leg: Leg) -> Walk | None:
    """Return the day of a leg, trade by trade; None unless the trades are read, timed and add up to its quantities."""
    return None if isinstance(fills_of(view), Unknown) else settled_for(view, "walk by leg", leg, _walk)


def tells_all(view: View, leg: Leg) -> bool:
    """Return whether the trades add up to what was bought and sold of a leg today, timed or not."""
    return _adds_up(leg, trades_of(view, leg))


def trades_of(view: View, leg: Leg) -> list[Fill]:
    """Return today's trades of a leg, oldest first; none when the trades were not read."""
    key = leg.key
    return sorted((fill for fill in fills_of_contract(view, key[:2]) if _is_product(key, fill.product)), key=_in_time)


def net_bounds(view: View, leg: Leg, at: datetime | None, but: str, buys_at_once: bool) -> tuple[Decimal, Decimal]:
    """
    Return the lowest and highest net a leg can have had at an instant, the order `but` left out.

    buys_at_once: whether a buy stamped with that very instant counts as before it (a sell always does: a stop is often
    placed in the same second as the sale it protects); then a sale up to 2 s later may be before it too. at None: any
    time of the day.
    """
    low = high = leg.opening_quantity
    for move in moves(view, leg):
        if but and move.order_id == but:
            continue
        before = _is_before(move, at, buys_at_once)
        if before is not False and (before or move.quantity < ZERO):
            low = CONTEXT.add(low, move.quantity)
        if before is not False and (before or move.quantity > ZERO):
            high = CONTEXT.add(high, move.quantity)
    return low, high


def moves(view: View, leg: Leg) -> tuple[Move, ...]:
    """Return all that traded on a leg today: the trades, then what the orders and the row itself show beyond them."""
    return settled_for(view, "moves by leg", leg, _moves)


def may_have_been_short(view: View, leg: Leg) -> bool:
    """Return whether a leg is net short or can have been so today, as far as its trades tell."""
    if leg.net_quantity < ZERO or leg.opening_quantity < ZERO:
        return True
    path = walk(view, leg)
    return path.was_short if path is not None else net_bounds(view, leg, None, "", buys_at_once=True)[0] < ZERO


def whole_contract(view: View, rows: tuple[Leg, ...]) -> Leg | None:
    """
    Return one leg for all rows of a contract, where only together they agree with its trades; None elsewhere.

    That is what a position looks like that was converted to another product, or that the broker shows under another
    product than its orders: no row tells its own story, all of them together do.
    """
    if not rows or isinstance(fills_of(view), Unknown) or all(walk(view, row) is not None for row in rows):
        return None
    leg = rows[0]
    for row in rows[1:]:
        leg = replace(
            leg,
            net_quantity=CONTEXT.add(leg.net_quantity, row.net_quantity),
            opening_quantity=CONTEXT.add(leg.opening_quantity, row.opening_quantity),
            day_buy_quantity=CONTEXT.add(leg.day_buy_quantity, row.day_buy_quantity),
            day_sell_quantity=CONTEXT.add(leg.day_sell_quantity, row.day_sell_quantity),
        )
    leg = replace(leg, product=_ALL_PRODUCTS)
    return leg if walk(view, leg) is not None else None


def own_fills(view: View, order_id: str) -> tuple[Fill, ...]:
    """Return today's trades of an order, oldest first; none when the trades were not read."""
    fills = fills_by_order(view).get(order_id, ())
    return tuple(sorted(fills, key=_in_time)) if len(fills) > 1 else fills


def _is_before(move: Move, at: datetime | None, buys_at_once: bool) -> bool | None:
    if at is None:
        return None
    counts_at_once = buys_at_once or move.quantity < ZERO
    if move.latest is not None and (move.latest < at or (move.latest == at and counts_at_once)):
        return True
    if buys_at_once and move.quantity < ZERO and move.earliest is not None and at < move.earliest <= at + _STAMP_DOUBT:
        return None
    if move.earliest is not None and (move.earliest > at or (move.earliest == at == move.latest)):
        return False
    return None


def _moves(view: View, leg: Leg) -> tuple[Move, ...]:
    found = _traded(view, leg.key)
    found += _ordered(view, leg.key, found)
    return (*found, *_unseen(leg, found))


def _unseen(leg: Leg, found: list[Move]) -> Iterable[Move]:
    for side, quantity in ((Side.BUY, leg.day_buy_quantity), (Side.SELL, leg.day_sell_quantity)):
        seen = sum_of(move.quantity for move in found if (move.quantity > ZERO) == (side is Side.BUY))
        unseen = CONTEXT.subtract(quantity, seen.copy_abs())
        if unseen > ZERO:
            yield Move("", _signed(side, unseen), None, None)


def _traded(view: View, key: Key) -> list[Move]:
    return [
        Move(fill.order_id, _signed(fill.side, fill.quantity), fill.filled_at, fill.filled_at)
        for fill in fills_of_contract(view, key[:2])
        if _is_product(key, fill.product)
    ]


def _signed(side: Side, quantity: Decimal) -> Decimal:
    return CONTEXT.multiply(quantity, side.sign)


def _ordered(view: View, key: Key, traded: list[Move]) -> list[Move]:
    # An order filled somewhere between its placing and its last update; that often decides without a trade book.
    found = []
    for order in orders_of_contract(view, key[:2]):
        if not order.filled_quantity or not _is_product(key, order.product):
            continue
        seen = sum_of(move.quantity.copy_abs() for move in traded if move.order_id == order.id)
        if order.filled_quantity > seen:
            quantity = _signed(order.side, CONTEXT.subtract(order.filled_quantity, seen))
            # A change may move the stamp of the placing past fills the order already had.
            earliest = order.placed_at if order.modified is False else None
            found.append(Move(order.id, quantity, earliest, order.updated_at))
    return found


def _is_product(wanted: Key, product: str) -> bool:
    return wanted[2] in (product, _ALL_PRODUCTS)


def _in_time(fill: Fill) -> tuple[datetime, int, str]:
    # Ties by id, shorter first: exchanges number trades upwards, brokers list them in any order.
    return fill.filled_at or _NO_TIME, len(fill.id), fill.id


def _walk(view: View, leg: Leg) -> Walk | None:
    own = trades_of(view, leg)
    if any(fill.filled_at is None for fill in own) or not _adds_up(leg, own):
        return None
    net = leg.opening_quantity
    number, opened_at, entry, was_short = int(net != ZERO), None, None, net < ZERO
    for fill in own:
        after = CONTEXT.add(net, _signed(fill.side, fill.quantity))
        if flips(net, after):
            number, opened_at, entry = number + 1, fill.filled_at, fill.price
        elif after == ZERO:
            opened_at, entry = None, None
        elif entry is not None and after.copy_abs() > net.copy_abs():
            cost = CONTEXT.add(CONTEXT.multiply(entry, net.copy_abs()), CONTEXT.multiply(fill.price, fill.quantity))
            entry = CONTEXT.divide(cost, after.copy_abs())
        net, was_short = after, was_short or after < ZERO
    return Walk(number, opened_at, entry, was_short)


def _adds_up(leg: Leg, fills: list[Fill]) -> bool:
    bought = sum_of(fill.quantity for fill in fills if fill.side is Side.BUY)
    sold = sum_of(fill.quantity for fill in fills if fill.side is Side.SELL)
    return bought == leg.day_buy_quantity and sold == leg.day_sell_quantity
