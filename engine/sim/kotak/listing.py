"""The day's contracts by the names Kotak gives them."""

from collections.abc import Sequence

from engine.domain.enums import InstrumentKind
from engine.sim.exchange.words import Contract, Key
from engine.sim.kotak.words import index_name, segment_of, trading_symbol


class Listing:
    """The day's contracts by segment and trading symbol, and by segment and token; an index is known by its name."""

    def __init__(self, contracts: Sequence[Contract]) -> None:
        self.contracts = tuple(one for one in contracts if one.kind is not InstrumentKind.INDEX)
        self._by_key = {one.key: one for one in contracts}
        self._by_symbol = {(segment_of(one.exchange), trading_symbol(one)): one for one in self.contracts}
        self._by_token = {(segment_of(one.exchange), one.token): one for one in self.contracts}
        self._indices = {
            (segment_of(one.exchange), index_name(one)): one for one in contracts if one.kind is InstrumentKind.INDEX
        }

    def by_symbol(self, segment: str, symbol: str) -> Contract | None:
        """Return the contract an order names."""
        return self._by_symbol.get((segment, symbol))

    def by_token(self, segment: str, token: str) -> Contract | None:
        """Return the contract of a token."""
        return self._by_token.get((segment, token))

    def quoted(self, segment: str, token: str) -> Contract | None:
        """Return the contract or index a quote is asked for."""
        return self._indices.get((segment, token)) or self.by_token(segment, token)

    def contract(self, key: Key) -> Contract:
        """Return a contract that was traded."""
        return self._by_key[key]
