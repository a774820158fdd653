"""The underlyings and contracts of a scenario as the exchange lists them, with their day of prices and their depth."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial
from typing import Final

from engine.domain.enums import InstrumentKind
from engine.domain.numbers import CONTEXT, exact
from engine.policy.findings import suggestion
from engine.policy.yaml_text import Scalar
from engine.sim.exchange.setup import DepthShape, Tick
from engine.sim.exchange.words import Contract, Key
from engine.sim.scenario.day import Day
from engine.sim.scenario.listing import DERIVATIVES, Listing, Terms, symbol_of, terms_of
from engine.sim.scenario.part import Part, span
from engine.sim.scenario.prices import points_of, ticks_of

_TICK: Final = Decimal("0.05")
# Of a contract that says nothing of them: more than any order has.
_NO_FREEZE: Final = Decimal(1_000_000_000)
_RAMP_EVERY: Final = timedelta(seconds=5)
_FIRST_SPOT, _FIRST_CONTRACT = 26_000, 45_000
# How far a price may go on a day, as a share of the close; round figures of the exchanges' kind.
_UP: Final = {
    InstrumentKind.EQUITY: Decimal("1.2"),
    InstrumentKind.FUTURE: Decimal("1.1"),
    InstrumentKind.OPTION: Decimal(6),
    InstrumentKind.INDEX: Decimal(10),
}
_DOWN: Final = {InstrumentKind.EQUITY: Decimal("0.8"), InstrumentKind.FUTURE: Decimal("0.9")}
_OPTIONS_REACH: Final = Decimal(100)


@dataclass(frozen=True, slots=True)
class Listed:
    """What is listed, and what is told of its markets."""

    listing: Listing
    ticks: tuple[Tick, ...]
    depths: Mapping[Key, DepthShape]
    no_market_orders: frozenset[Key]


def list_contracts(file: Part, day: Day) -> Listed:
    """Return a scenario's contracts, underlyings first."""
    listing = Listing()
    ticks: list[Tick] = []
    depths: dict[Key, DepthShape] = {}
    no_market: set[Key] = set()
    every = file.read("ramp_every", _ramp_every, _RAMP_EVERY)

    def take(name: str, contract: Contract, part: Part) -> None:
        listing.add(name, contract)
        points = part.read("prices", partial(points_of, day=day), ())
        ticks.extend(ticks_of(contract, points, every) if points else ())
        if any(part.has(key) for key in ("gap", "levels", "depth")):
            depths[contract.key] = _depth(part)
        if not part.is_yes("market_orders", otherwise=True):
            no_market.add(contract.key)

    spots: dict[str, tuple[Contract, Part]] = {}
    for number, (name, part) in enumerate(file.named("underlyings")):
        spot = _spot(name.text, part, _FIRST_SPOT + number)
        spots[name.text] = spot, part
        take(name.text, spot, part)
    for number, (name, part) in enumerate(file.named("contracts")):
        contract = _contract(name, part, spots, day, _FIRST_CONTRACT + number)
        if contract is not None:
            take(name.text, contract, part)
    _refuse_shared_tokens(file, listing)
    return Listed(listing, tuple(ticks), depths, frozenset(no_market))


def _spot(name: str, part: Part, number: int) -> Contract:
    is_share = part.read("kind", str, "index") == "share"
    terms = Terms(name, InstrumentKind.EQUITY if is_share else InstrumentKind.INDEX)
    # Lot and freeze quantity of an underlying are those of its contracts; itself it trades by one.
    return _made(terms, part.read("exchange", str, "NSE"), name, part, (), number)


def _contract(
    name: Scalar, part: Part, spots: Mapping[str, tuple[Contract, Part]], day: Day, number: int
) -> Contract | None:
    underlying = name.text.split()[0]
    if underlying not in spots:
        hint = suggestion(underlying, spots) or f"list {underlying} under underlyings"
        part.report.error("wrong-value", name.place, f"no underlying '{underlying}' is listed", hint)
        return None
    spot, above = spots[underlying]
    terms = part.meant(name, partial(terms_of, day=day, exchange=spot.exchange))
    if terms is None:
        return None
    if not part.has("lot") and not above.has("lot"):
        hint = f"write it as lot under the underlying {underlying}"
        part.report.error("missing-key", name.place, f"the lot of '{name.text}' is missing", hint)
    exchange = DERIVATIVES[spot.exchange]
    return _made(terms, exchange, symbol_of(terms, day, spot.exchange), part, (part, above), number)


def _made(terms: Terms, exchange: str, symbol: str, part: Part, sizes: tuple[Part, ...], number: int) -> Contract:
    close = part.read("close", exact, Decimal(0))
    tick = next((one.read("tick", exact, _TICK) for one in (part, *sizes) if one.has("tick")), _TICK)
    low, high = part.read("band", _band, _usual_band(terms.kind, close, tick))
    return Contract(
        exchange=exchange,
        symbol=symbol,
        token=part.read("token", str, str(number)),
        kind=terms.kind,
        underlying=terms.underlying,
        lot_size=next((one.read("lot", exact, Decimal(1)) for one in sizes if one.has("lot")), Decimal(1)),
        tick_size=tick,
        freeze_quantity=next((one.read("freeze", exact, _NO_FREEZE) for one in sizes if one.has("freeze")), _NO_FREEZE),
        previous_close=close,
        low=low,
        high=high,
        expiry=terms.expiry,
        strike=terms.strike,
        right=terms.right,
        is_banned=part.is_yes("banned"),
    )


def _refuse_shared_tokens(file: Part, listing: Listing) -> None:
    """Tell of a token two contracts of an exchange have: quotes could not tell them apart."""
    whose: dict[tuple[str, str], str] = {}
    for contract in listing.contracts():
        other = whose.setdefault((contract.exchange, contract.token), contract.symbol)
        if other != contract.symbol:
            said = f"{contract.symbol} and {other} have the same token {contract.token}"
            file.report.error("wrong-value", file.place("contracts"), said, "give each a token of its own")


def _ramp_every(text: str) -> timedelta:
    every = span(text)
    if not every:
        raise ValueError("a ramp gives a price every so often; write it like 5s")
    return every


def _band(text: str) -> tuple[Decimal, Decimal]:
    low, high = (exact(word) for word in text.split(" to "))
    if high <= low:
        raise ValueError(f"the band '{text}' ends before it begins")
    return low, high


def _usual_band(kind: InstrumentKind, close: Decimal, tick: Decimal) -> tuple[Decimal, Decimal]:
    high = CONTEXT.multiply(close, _UP[kind])
    if kind is InstrumentKind.OPTION:
        high = CONTEXT.add(high, _OPTIONS_REACH)
    low = CONTEXT.multiply(close, _DOWN[kind]) if kind in _DOWN else tick
    return max(tick, _on_tick(low, tick)), _on_tick(high, tick)


def _on_tick(price: Decimal, tick: Decimal) -> Decimal:
    ticks = CONTEXT.divide(price, tick).quantize(Decimal(1), ROUND_HALF_EVEN, CONTEXT)
    return CONTEXT.multiply(ticks, tick)


def _depth(part: Part) -> DepthShape:
    usual = DepthShape()
    return DepthShape(
        gap=part.read("gap", int, usual.gap),
        levels=part.read("levels", int, usual.levels),
        lots=part.read("depth", int, usual.lots),
    )
