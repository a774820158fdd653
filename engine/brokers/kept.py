"""What a reading keeps for the next one to use again; all of it could be made anew from the bodies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from engine.brokers.history import History
from engine.brokers.joins import ContractFile, Join, Trades
from engine.brokers.typed_rows import Contracts, Rows
from engine.domain.snapshot import Book, Fill, Funds, Leg, Missing, Order

_NO_FILE: Mapping[tuple[str, str | None], str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Symbols:
    """The symbols of contracts by exchange and token; the contract file's go before those of the books."""

    of_file: Mapping[tuple[str, str | None], str]
    of_books: Mapping[tuple[str, str | None], str]

    def get(self, key: tuple[str, str | None]) -> str | None:
        """Return the symbol of an exchange's token, None when nobody tells it."""
        return self.of_file.get(key) or self.of_books.get(key)


def symbols_of(file: ContractFile | None, books: Iterable[Book[Leg] | Book[Order] | Book[Fill] | Missing]) -> Symbols:
    """Return the symbols that the contract file and the rows of the books tell."""
    told = (row.instrument for book in books if isinstance(book, Book) for row in book.rows)
    return Symbols(_NO_FILE if file is None else file.symbols, {(one.exchange, one.token): one.symbol for one in told})


@dataclass(slots=True)
class Kept:
    """
    What the next reading of the same account may use again; filled while a reading is made, never changed after.

    books: the last body of each part that was read, and what it said. contracts: by the fields that tell them, for
    what a symbol tells never changes. funds, histories: by their bodies. symbols: what the quotes were read with.
    trades, joins: the books completed from one another.
    """

    broker: str
    books: dict[str, Rows[Any]] = field(default_factory=dict)
    contracts: Contracts | None = None
    file: ContractFile | None = None
    funds: tuple[bytes, Funds] | None = None
    histories: Mapping[bytes, History] = field(default_factory=dict)
    symbols: Symbols | None = None
    trades: Trades | None = None
    joins: dict[str, Join[Any]] = field(default_factory=dict)
