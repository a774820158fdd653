"""Closed vocabularies of the trading domain; broker words are translated into these by the parsers and nowhere else."""

from enum import Enum


class Side(Enum):
    """Direction of an order or fill."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """+1 for a buy, −1 for a sell."""
        return 1 if self is Side.BUY else -1


class OrderType(Enum):
    """How an order is priced. STOP is a stop-limit (SL), STOP_MARKET a stop that becomes a market order (SL-M)."""

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_MARKET = "STOP_MARKET"
    UNKNOWN = "UNKNOWN"

    @property
    def is_stop(self) -> bool:
        """Whether the order waits for a trigger price."""
        return self in (OrderType.STOP, OrderType.STOP_MARKET)


class OrderStatus(Enum):
    """FIX's words. UNKNOWN is a broker word we do not hold: alive until proved dead."""

    PENDING_NEW = "PENDING_NEW"
    NEW = "NEW"
    TRIGGER_PENDING = "TRIGGER_PENDING"
    PARTIALLY_FILLED = "PARTIALLY_FILLED"
    PENDING_REPLACE = "PENDING_REPLACE"
    PENDING_CANCEL = "PENDING_CANCEL"
    FILLED = "FILLED"
    CANCELED = "CANCELED"
    REJECTED = "REJECTED"
    EXPIRED = "EXPIRED"
    UNKNOWN = "UNKNOWN"

    @property
    def is_terminal(self) -> bool:
        """Whether the order can no longer trade."""
        return self in (OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED, OrderStatus.EXPIRED)


class CancelledBy(Enum):
    """Who cancelled an order, as far as the book tells."""

    US = "us"
    TRADER = "trader"
    BROKER = "broker"
    UNKNOWN = "unknown"


class InstrumentKind(Enum):
    """What is traded."""

    EQUITY = "EQUITY"
    FUTURE = "FUTURE"
    OPTION = "OPTION"
    INDEX = "INDEX"
    OTHER = "OTHER"


class Right(Enum):
    """An option's right."""

    CALL = "CALL"
    PUT = "PUT"


class MarkBasis(Enum):
    """What an account's legs are marked by: two-sided quotes, or the last trade where no depth is read."""

    DEPTH = "depth"
    LAST = "last"


class TradingState(Enum):
    """What is still allowed on an account."""

    ACTIVE = "ACTIVE"
    REDUCING = "REDUCING"
    HALTED = "HALTED"


class Severity(Enum):
    """How loud a policy is."""

    INFO = "info"
    WARNING = "warning"
    CRITICAL = "critical"


class Mode(Enum):
    """What a policy may do."""

    OFF = "off"
    DRY_RUN = "dry_run"
    ENFORCE = "enforce"


class Verdict(Enum):
    """Where a rule stands at one reading."""

    CLEAR = "clear"
    UNKNOWN = "unknown"
    PENDING = "pending"
    FIRES = "fires"
    LATCHED = "latched"
    COOLING = "cooling"


class Weekday(Enum):
    """Days of the week as authors write them."""

    MON = "MON"
    TUE = "TUE"
    WED = "WED"
    THU = "THU"
    FRI = "FRI"
    SAT = "SAT"
    SUN = "SUN"
