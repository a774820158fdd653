"""One part of a scenario file: its texts with their places, so that what cannot be meant is told of where it stands."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import TypeVar

from engine.domain.numbers import exact, span_of
from engine.policy.findings import Place, Report
from engine.policy.literals import parse_duration
from engine.policy.yaml_text import Mapping as MappingNode
from engine.policy.yaml_text import Node, Scalar, Sequence

_Read = TypeVar("_Read")
_Else = TypeVar("_Else")


@dataclass(frozen=True, slots=True)
class Part:
    """A mapping of the file, or nothing where one is left out."""

    node: Node | None
    report: Report

    def within(self, key: str) -> "Part":
        """Return the mapping under a key."""
        return Part(self._get(key), self.report)

    def parts(self, key: str) -> Iterator["Part"]:
        """Yield the mappings of the list under a key."""
        for item in self._items(key):
            yield Part(item, self.report)

    def named(self, key: str) -> Iterator[tuple[Scalar, "Part"]]:
        """Yield the names under a key, each with its mapping."""
        found = self._get(key)
        for entry in found.entries if isinstance(found, MappingNode) else ():
            yield entry.key, Part(entry.value, self.report)

    def has(self, key: str) -> bool:
        """Return whether a key stands here."""
        return self._get(key) is not None

    def read(self, key: str, as_what: Callable[[str], _Read], otherwise: _Else) -> _Read | _Else:
        """Return what the text under a key means; `otherwise` when there is none, or it is told to mean nothing."""
        found = self._get(key)
        if not isinstance(found, Scalar):
            return otherwise
        read = self.meant(found, as_what)
        return otherwise if read is None else read

    def is_yes(self, key: str, *, otherwise: bool = False) -> bool:
        """Return whether a key says yes."""
        return self.read(key, lambda text: text in ("yes", "true"), otherwise)

    def each(self, key: str, as_what: Callable[[str], _Read]) -> tuple[_Read, ...]:
        """Return what each text of the list under a key means."""
        read = (self.meant(item, as_what) for item in self._items(key) if isinstance(item, Scalar))
        return tuple(one for one in read if one is not None)

    def meant(self, text: Scalar, as_what: Callable[[str], _Read]) -> _Read | None:
        """Return what a text means; None, told of, when it means nothing."""
        try:
            return as_what(text.text)
        except ValueError as error:
            self.report.error("wrong-value", text.place, str(error))
            return None

    def place(self, key: str) -> Place:
        """Return where a key stands."""
        if isinstance(self.node, MappingNode):
            return self.node.key_place(key)
        return Place("") if self.node is None else self.node.place

    def _get(self, key: str) -> Node | None:
        return self.node.get(key) if isinstance(self.node, MappingNode) else None

    def _items(self, key: str) -> tuple[Node, ...]:
        found = self._get(key)
        return found.items if isinstance(found, Sequence) else ()


def span(text: str) -> timedelta:
    """Return a duration such as 30s or 1h30m."""
    seconds = parse_duration(text)
    if seconds is None:
        raise ValueError(f"'{text}' is not a duration; write it like 30s or 1h30m")
    return span_of(seconds)


def percent(text: str) -> Decimal:
    """Return the number of a percent."""
    return exact(text.removesuffix("%"))
