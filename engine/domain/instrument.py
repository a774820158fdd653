"""An exchange contract as the engine needs it; how a broker spells it is the parser's business."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from engine.domain.enums import InstrumentKind, Right
from engine.domain.truth import Truth

# A monthly contract whose symbol names only the month expires after every weekly one of that month.
LAST_OF_MONTH = 99
_OPTION = InstrumentKind.OPTION


@dataclass(frozen=True, slots=True)
class Expiry:
    """
    When a contract ends, as far as known.

    day is LAST_OF_MONTH when only the month is known (a monthly symbol without a contract file).
    """

    year: int
    month: int
    day: int

    @property
    def on(self) -> date | None:
        """The date, or None when only the month is known."""
        return None if self.day == LAST_OF_MONTH else date(self.year, self.month, self.day)

    def covers(self, other: "Expiry") -> Truth:
        """Return whether this expiry is no earlier than `other`; unknown when the same month hides the order."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        if mine == theirs or mine[:2] != theirs[:2]:
            return Truth.of(mine >= theirs)
        if self.day == LAST_OF_MONTH:
            return Truth.TRUE
        return Truth.UNKNOWN if other.day == LAST_OF_MONTH else Truth.of(mine >= theirs)


@dataclass(frozen=True, slots=True)
class Instrument:
    """
    One contract.

    exchange, symbol: the key, in the broker's spelling (`NFO`, `NIFTY26NOV24000CE`).
    underlying: name of the underlying; None when the symbol does not tell.
    expiry, strike, right: set for derivatives as far as known.
    lot_size, tick_size, freeze_quantity: from the day's contract file; None without one.
    token: the broker's number for quotes; never a key, tokens are reused after expiry.
    """

    exchange: str
    symbol: str
    kind: InstrumentKind
    underlying: str | None = None
    expiry: Expiry | None = None
    strike: Decimal | None = None
    right: Right | None = None
    lot_size: Decimal | None = None
    tick_size: Decimal | None = None
    freeze_quantity: Decimal | None = None
    token: str | None = None

    @property
    def key(self) -> tuple[str, str]:
        """(exchange, symbol)."""
        return self.exchange, self.symbol

    @property
    def is_option(self) -> bool:
        """Whether this is an option."""
        return self.kind is _OPTION

    @property
    def is_derivative(self) -> bool:
        """Whether this is an option or a future."""
        return self.kind in (InstrumentKind.OPTION, InstrumentKind.FUTURE)
