"""The hand-written functions as subjects: what every ratio is taken against, and the same in two other forms."""

from collections.abc import Callable, Mapping
from dataclasses import make_dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final, NamedTuple

from bench.books import BOOKS, Book, Loaded
from bench.days import Seen
from bench.hand import BY_HAND
from bench.hand_many import Function, function_of
from bench.subject import Ready

Make = Callable[..., Any]
Shape = Callable[[frozenset[str]], Make]
Number = Callable[[Decimal], Any]


def slotted(names: frozenset[str]) -> Make:
    """Return a class with these fields and no others."""
    return make_dataclass("Facts", sorted(names), slots=True)


def _namespace(_names: frozenset[str]) -> Make:
    return SimpleNamespace


class ByHand(NamedTuple):
    """
    A function for the book: the written one where there is one, else the same expressions with other limits.

    shape: what turns facts by name into an object with attributes. number: the form of the numbers.
    """

    name: str
    how: str
    shape: Shape = slotted
    number: Number = Decimal

    def version(self) -> str | None:
        """Return an empty text: it is here."""
        return ""

    def spell(self, loaded: Loaded) -> Book:
        """Return the book: its rules are translated while its source is made."""
        return loaded.book

    def prepare(self, loaded: Loaded, spelt: Book) -> Ready:
        """Return the function."""
        function = self._function(spelt)
        account, row = self.shape(loaded.facts), self.shape(loaded.fields.get("positions", frozenset()))

        def facts_for(day: Seen) -> tuple[Any, list[Any]]:
            rows = [row(**self._turned(one.fields)) for one in day.all_rows.get("positions", ())]
            return account(**self._turned(day.facts)), rows

        def fired(facts: tuple[Any, list[Any]]) -> set[str]:
            return function(*facts)

        return Ready(facts_for, fired)

    def _function(self, book: Book) -> Function:
        written = book in BOOKS and self.number is Decimal
        return BY_HAND[book.name] if written else function_of(book, self.number)

    def _turned(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        return {name: self.number(value) if isinstance(value, Decimal) else value for name, value in fields.items()}


BASELINE: Final = ByHand("by hand", "a plain function, Decimals, dataclasses with slots")
HANDS: Final = (
    BASELINE,
    ByHand("by hand, in floats", "the same with inexact numbers", number=float),
    ByHand("by hand, SimpleNamespace", "the same with rows that have no declared fields", shape=_namespace),
)
