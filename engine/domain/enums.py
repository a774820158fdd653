"""Closed vocabularies of the trading domain; broker words are translated into these by the parsers and nowhere else."""

from enum import Enum


class Side(Enum):
    """Direction of an order or fill. sign: +1 for a buy, −1 for a sell."""

    BUY = "BUY"
    SELL = "SELL"

    def __init__(self, word: str) -> None:
        self.sign = 1 if word == "BUY" else -1


class OrderType(Enum):
    """
    How an order is priced. STOP is a stop-limit (SL), STOP_MARKET a stop that becomes a market order (SL-M).

    is_stop: whether the order waits for a trigger price.
    """

    MARKET = "MARKET"
    LIMIT = "LIMIT"
    STOP = "STOP"
    STOP_MARKET = "STOP_MARKET"
    UNKNOWN = "UNKNOWN"

    def __init__(self, word: str) -> None:
        self.is_stop = word in ("STOP", "STOP_MARKET")


class OrderStatus(Enum):
    """
    FIX's words. UNKNOWN is a broker word we do not hold: alive until proved dead.

    is_terminal: whether the order can no longer trade.
    """

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

    # Stored with the member: every order of every reading is asked.
    def __init__(self, word: str) -> None:
        self.is_terminal = word in ("FILLED", "CANCELED", "REJECTED", "EXPIRED")


class CancelledBy(Enum):
    """Who cancelled an order, as far as the book tells."""

    US = "us"
    TRADER = "trader"
    BROKER = "broker"
    UNKNOWN = "unknown"


class OrderSource(Enum):
    """Where an order came from, as far as the book tells: us, a person at a terminal, another program, the broker."""

    US = "us"
    TERMINAL = "terminal"
    ALGO = "algo"
    BROKER = "broker"
    UNKNOWN = "unknown"


class OrderEffect(Enum):
    """
    What the rest of a working order does to the book; NOTHING for an order that trades no more.

    adds_risk: whether a block of entries refuses it.
    """

    OPENS = "opens"
    UNCOVERS = "uncovers"
    COVERS = "covers"
    CLOSES = "closes"
    NOTHING = "nothing"

    def __init__(self, word: str) -> None:
        self.adds_risk = word in ("opens", "uncovers")


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
