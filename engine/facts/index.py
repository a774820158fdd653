"""The rows of the books by contract and by order, each book walked once; and values remembered for a leg by its key."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from operator import attrgetter
from typing import Any, TypeVar

from engine.domain.snapshot import Fill, Leg, Order
from engine.domain.values import Unknown
from engine.facts.base import View
from engine.facts.parts import Key, fills_of, legs_of, orders_of

Contract = tuple[str, str]
Orders = Mapping[Contract, tuple[Order, ...]]
Name = TypeVar("Name", bound=Hashable)
Row = TypeVar("Row", Leg, Order, Fill)
Computed = TypeVar("Computed")


def legs_of_contract(view: View, contract: Contract) -> tuple[Leg, ...]:
    """Return the rows of a contract in every product; none when the positions are Unknown."""
    rows: Mapping[Contract, tuple[Leg, ...]] = view.kept("legs by contract", _legs_by_contract)
    return rows.get(contract, ())


def orders_of_contract(view: View, contract: Contract) -> tuple[Order, ...]:
    """Return the orders of a contract as the book lists them; none when the orders are Unknown."""
    rows: Orders = view.settled("orders by contract", _orders_by_contract)
    return rows.get(contract, ())


def fills_of_contract(view: View, contract: Contract) -> tuple[Fill, ...]:
    """Return the trades of a contract as the book lists them; none when the trades are Unknown."""
    rows: Mapping[Contract, tuple[Fill, ...]] = view.held("fills by contract", _fills_by_contract)
    return rows.get(contract, ())


def fills_by_order(view: View) -> Mapping[str, tuple[Fill, ...]]:
    """Return the trades by the order that made them, as the book lists them; none when the trades are Unknown."""
    found: Mapping[str, tuple[Fill, ...]] = view.held("fills by order", _fills_by_order)
    return found


def by_contract(rows: Iterable[Row]) -> Mapping[Contract, tuple[Row, ...]]:
    """Return rows of one kind by contract, in their order."""
    return _grouped(rows, attrgetter("instrument.key"))


def settled_for(view: View, name: str, leg: Leg, compute: Callable[[View, Leg], Computed]) -> Computed:
    """Return `compute(view, leg)`, computed once for the leg's key and kept as `View.settled` keeps: its law holds."""
    known: dict[Key, Computed] = view.settled(name, _none_yet)
    return _of_key(known, view, leg, compute)


def once_for(view: View, name: str, leg: Leg, compute: Callable[[View, Leg], Computed]) -> Computed:
    """Return `compute(view, leg)`, computed once for the leg's key in this view."""
    known: dict[Key, Computed] = view.once(name, _none_yet)
    return _of_key(known, view, leg, compute)


def _of_key(
    known: dict[Key, Computed], view: View, leg: Leg, compute: Callable[[View, Leg], Computed]
) -> Computed:  # fmt: skip
    key = leg.key
    if key not in known:
        known[key] = compute(view, leg)
    return known[key]


def _none_yet(_view: View) -> dict[Key, Any]:
    return {}


def _legs_by_contract(view: View) -> Mapping[Contract, tuple[Leg, ...]]:
    legs = legs_of(view)
    return {} if isinstance(legs, Unknown) else by_contract(legs)


def _orders_by_contract(view: View) -> Orders:
    orders = orders_of(view)
    return {} if isinstance(orders, Unknown) else by_contract(orders)


def _fills_by_contract(view: View) -> Mapping[Contract, tuple[Fill, ...]]:
    fills = fills_of(view)
    return {} if isinstance(fills, Unknown) else by_contract(fills)


def _fills_by_order(view: View) -> Mapping[str, tuple[Fill, ...]]:
    fills = fills_of(view)
    return {} if isinstance(fills, Unknown) else _grouped(fills, attrgetter("order_id"))


def _grouped(rows: Iterable[Row], name_of: Callable[[Row], Name]) -> Mapping[Name, tuple[Row, ...]]:
    groups: dict[Name, list[Row]] = {}
    for row in rows:
        name = name_of(row)
        if name in groups:
            groups[name].append(row)
        else:
            groups[name] = [row]
    return {name: tuple(group) for name, group in groups.items()}
