"""What happened on the simulated exchange, in order; the only witness that a test or a drill believes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from engine.sim.exchange.words import Entry


@dataclass(frozen=True, slots=True)
class LedgerEntry:
    """One thing that happened. seq: from 1, without gaps. details: texts, whole numbers, truth values and lists."""

    seq: int
    at: datetime
    account: str
    kind: Entry
    details: Mapping[str, object]

    def as_json(self) -> dict[str, object]:
        """Return the entry as one flat object; `at` in ISO 8601, UTC."""
        return {
            "seq": self.seq,
            "at": self.at.isoformat(),
            "account": self.account,
            "kind": self.kind.value,
            **self.details,
        }


class Ledger:
    """Appends entries and never changes one."""

    def __init__(self) -> None:
        self._entries: list[LedgerEntry] = []

    def append(self, at: datetime, account: str, kind: Entry, **details: object) -> LedgerEntry:
        """Write one entry down; numbers that are Decimal are given as text by the caller."""
        entry = LedgerEntry(len(self._entries) + 1, at, account, kind, MappingProxyType(details))
        self._entries.append(entry)
        return entry

    def entries(self, after: int = 0) -> tuple[LedgerEntry, ...]:
        """Return the entries whose number is above `after`."""
        return tuple(self._entries[after:])
