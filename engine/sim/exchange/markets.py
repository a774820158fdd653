"""The markets of the day: last prices, depth that orders consume and ticks fill up again; orders do not move prices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_FLOOR, Decimal

from engine.domain.enums import InstrumentKind, Side
from engine.domain.numbers import CONTEXT, ZERO
from engine.sim.exchange.bands import on_tick
from engine.sim.exchange.setup import DepthShape, Setup, Tick
from engine.sim.exchange.words import Contract, Key, Level, Market


def depth_around(contract: Contract, last: Decimal, shape: DepthShape) -> tuple[tuple[Level, ...], tuple[Level, ...]]:
    """Return bids and asks made around a last price, on the tick and within the day's band; an index has none."""
    if contract.kind is InstrumentKind.INDEX:
        return (), ()
    tick = contract.tick_size
    quantity = CONTEXT.multiply(contract.lot_size, Decimal(shape.lots))
    centre = on_tick(last, tick, ROUND_FLOOR)
    steps = [CONTEXT.multiply(tick, Decimal(shape.gap + number)) for number in range(shape.levels)]
    bids = (CONTEXT.subtract(centre, step) for step in steps)
    asks = (CONTEXT.add(centre, step) for step in steps)
    return (
        tuple(Level(price, quantity) for price in bids if contract.low <= price and price > ZERO),
        tuple(Level(price, quantity) for price in asks if price <= contract.high),
    )


@dataclass(slots=True)
class _State:
    """One market now. full: the depth as the tick gave it. ticks: how many there were."""

    market: Market
    full: tuple[tuple[Level, ...], tuple[Level, ...]]
    ticks: int = 0
    moved_by: Decimal = ZERO


class Markets:
    """Every contract's market."""

    def __init__(self, setup: Setup) -> None:
        self._contracts: Mapping[Key, Contract] = {contract.key: contract for contract in setup.contracts}
        self._shapes = {key: setup.depths.get(key, setup.depth) for key in self._contracts}
        self._states: dict[Key, _State] = {}
        for key, contract in self._contracts.items():
            close = contract.previous_close
            bids, asks = full = depth_around(contract, close, self._shapes[key])
            market = Market(close, setup.start, setup.start, bids, asks, close, close, close, close)
            self._states[key] = _State(market, full)

    def market(self, key: Key) -> Market | None:
        """Return a market; None when it is not listed."""
        state = self._states.get(key)
        return None if state is None else state.market

    def last_price(self, key: Key) -> Decimal:
        """Return the last price of a listed contract."""
        return self._states[key].market.last_price

    def ticks(self, key: Key) -> int:
        """Return how many ticks a listed contract has had."""
        return self._states[key].ticks

    def apply(self, tick: Tick) -> None:
        """Let a tick of the setup be the market, moved as far as the market was."""
        by = self._states[tick.key].moved_by
        bids = None if tick.bids is None else _moved(tick.bids, by)
        asks = None if tick.asks is None else _moved(tick.asks, by)
        # A market that fell by more than it is worth stands at one tick.
        last = max(CONTEXT.add(tick.last_price, by), self._contracts[tick.key].tick_size) if by else tick.last_price
        self.quote(replace(tick, last_price=last, bids=bids, asks=asks))

    def quote(self, tick: Tick) -> None:
        """Let a tick be the market as it is."""
        state, contract = self._states[tick.key], self._contracts[tick.key]
        last = tick.last_price
        made = depth_around(contract, last, self._shapes[tick.key])
        bids = made[0] if tick.bids is None else tick.bids
        asks = made[1] if tick.asks is None else tick.asks
        old, first = state.market, state.ticks == 0
        state.full, state.ticks = (bids, asks), state.ticks + 1
        state.market = Market(
            last, tick.at, tick.at, bids, asks,
            open=last if first else old.open,
            high=last if first else max(old.high, last),
            low=last if first else min(old.low, last),
            close=old.close,
            volume=CONTEXT.add(old.volume, tick.volume),
        )  # fmt: skip

    def move(self, key: Key, by: Decimal) -> None:
        """Move all that the setup's ticks say of a contract from now on."""
        state = self._states[key]
        state.moved_by = CONTEXT.add(state.moved_by, by)

    def consume(self, key: Key, side: Side, quantities: Sequence[Decimal]) -> None:
        """Take quantities out of the first levels that a buyer (the asks) or a seller (the bids) meets."""
        state = self._states[key]
        levels = state.market.asks if side is Side.BUY else state.market.bids
        left = list(levels)
        for number, quantity in enumerate(quantities):
            left[number] = replace(left[number], quantity=CONTEXT.subtract(left[number].quantity, quantity))
        rest = tuple(level for level in left if level.quantity > ZERO)
        volume = state.market.volume
        for quantity in quantities:
            volume = CONTEXT.add(volume, quantity)
        if side is Side.BUY:
            state.market = replace(state.market, asks=rest, volume=volume)
        else:
            state.market = replace(state.market, bids=rest, volume=volume)

    def refill(self, key: Key) -> None:
        """Let the depth be as the last tick gave it."""
        state = self._states[key]
        state.market = replace(state.market, bids=state.full[0], asks=state.full[1])


def _moved(levels: tuple[Level, ...], by: Decimal) -> tuple[Level, ...]:
    moved = (replace(level, price=CONTEXT.add(level.price, by)) for level in levels)
    return tuple(level for level in moved if level.price > ZERO)
