"""What may stand in a snapshot file, declared once; the reader checks against it, the JSON Schema is made from it."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from engine.domain.enums import (
    CancelledBy,
    InstrumentKind,
    OrderSource,
    OrderStatus,
    OrderType,
    Right,
    Side,
    TradingState,
)


class Shape(Enum):
    """How a key's value is written."""

    TEXT = "text"
    NUMBER = "number"
    INSTANT = "instant"
    FLAG = "yes or no"
    CHOICE = "one of a few words"
    EXPIRY = "expiry"
    TRADE = "[quantity, price]"
    TRADES = "[quantity, price], or a list of them"
    RECORD = "one record"
    RECORDS = "a list of records"
    BOOK = "a list of rows, or a block with `rows` or `missing`"


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a record. nullable: `null` says "known to be none", which differs from leaving the key out."""

    name: str
    shape: Shape
    doc: str
    required: bool = False
    nullable: bool = False
    never_negative: bool = False
    whole: bool = False
    words: type[Enum] | None = None
    record: "Record | None" = None


@dataclass(frozen=True, slots=True)
class Record:
    """
    A block with a closed set of keys.

    name: what messages and the schema call it. unique: the keys by which a row may stand only once.
    clash: from the keys given, what is wrong with them together, or None.
    """

    name: str
    doc: str
    keys: tuple[Key, ...]
    unique: tuple[str, ...] = ()
    clash: Callable[[frozenset[str]], str | None] = lambda _given: None

    def key(self, name: str) -> Key | None:
        """Return the key of that name."""
        return next((key for key in self.keys if key.name == name), None)


def _text(name: str, doc: str, *, required: bool = False, nullable: bool = False) -> Key:
    return Key(name, Shape.TEXT, doc, required, nullable)


def _number(name: str, doc: str, *, nullable: bool = True, required: bool = False) -> Key:
    return Key(name, Shape.NUMBER, doc, required, nullable)


def _units(name: str, doc: str, *, required: bool = False, nullable: bool = False) -> Key:
    return Key(name, Shape.NUMBER, doc, required, nullable, never_negative=True)


def _instant(name: str, doc: str, *, required: bool = False) -> Key:
    return Key(name, Shape.INSTANT, doc, required, nullable=not required)


def _flag(name: str, doc: str) -> Key:
    return Key(name, Shape.FLAG, doc)


def _choice(name: str, words: type[Enum], doc: str, *, required: bool = False, nullable: bool = False) -> Key:
    return Key(name, Shape.CHOICE, doc, required, nullable, words=words)


# What a row has that does not say otherwise.
DEFAULTS = MappingProxyType({"exchange": "NFO", "product": "NRML"})

_CONTRACT = (
    _text("symbol", "The contract in the broker's spelling, such as NIFTY26NOV24000CE.", required=True),
    _text("exchange", "The exchange in the broker's spelling; NFO when left out."),
    _choice("kind", InstrumentKind, "What is traded; read from the symbol when left out."),
    _text("underlying", "Name of the underlying; read from the symbol when left out.", nullable=True),
    Key(
        "expiry",
        Shape.EXPIRY,
        "Date of expiry, or its month (2026-11) when only that is known; read from the symbol when left out.",
        nullable=True,
    ),
    _number("strike", "Strike price; read from the symbol when left out."),
    _choice("right", Right, "An option's right; read from the symbol when left out.", nullable=True),
    _units("lot_size", "Units in one lot.", nullable=True),
    _number("tick_size", "Smallest price step."),
    _units("freeze_quantity", "Most units one order may carry.", nullable=True),
    _text("token", "The broker's number of the contract for quotes.", nullable=True),
)
CONTRACT_KEYS = tuple(key.name for key in _CONTRACT)
_PRODUCT = _text("product", "The broker's product word; NRML when left out.")

SHORT_DAY = ("carried", "bought", "sold")
FULL_DAY = (
    "opening_quantity", "opening_value", "day_buy_quantity", "day_buy_value", "day_sell_quantity", "day_sell_value",
)  # fmt: skip


def _two_days(given: frozenset[str]) -> str | None:
    short, full = given.intersection(SHORT_DAY), given.intersection(FULL_DAY)
    if not short or not full:
        return None
    return f"the day is given twice, by '{min(short)}' and by '{min(full)}'"


def _missing_alone(given: frozenset[str]) -> str | None:
    if "missing" not in given or len(given) == 1:
        return None
    return f"a part that is missing has no other key, here '{min(given - {'missing'})}'"


def _rows_or_missing(given: frozenset[str]) -> str | None:
    if not given.intersection(("rows", "missing")):
        return "neither 'rows' nor 'missing' is given ('rows: []' says there are none)"
    return _missing_alone(given)


LEG = Record(
    "position",
    "One row of the position book. Its day is given either in full (opening_…, day_…) or short (carried, bought, "
    "sold).",
    (
        *_CONTRACT,
        _PRODUCT,
        _number("net_quantity", "Units held, long +, short −; follows from the day when left out.", nullable=False),
        Key("carried", Shape.TRADE, "Short: units carried into the day (long +, short −) and their settlement price."),
        Key("bought", Shape.TRADES, "Short: what was bought today, [quantity, price]; a price of 0: not known."),
        Key("sold", Shape.TRADES, "Short: what was sold today, [quantity, price]; a price of 0: not known."),
        _number("opening_quantity", "Units carried into the day, long +, short −.", nullable=False),
        _number("opening_value", "Those units at the previous settlement price, in money; null: not known."),
        _units("day_buy_quantity", "Units bought today."),
        _number("day_buy_value", "Money paid for them; null, or left out beside some: not known."),
        _units("day_sell_quantity", "Units sold today."),
        _number("day_sell_value", "Money received for them; null, or left out beside some: not known."),
        _number("factor", "Money per point of price and unit; 1 when left out.", nullable=False),
        _number("last_price", "Last trade in this row; null: none."),
        _number("entry_price", "True average cost of what is open; null: not known."),
        _number("reported_mtm", "The broker's own figure for the day."),
        Key(
            "number",
            Shape.NUMBER,
            "Which position of this key today it is; 1 when left out.",
            never_negative=True,
            whole=True,
        ),
    ),
    ("exchange", "symbol", "product"),
    _two_days,
)

_EVENT = Record(
    "order state",
    "One state of an order.",
    (
        _choice("status", OrderStatus, "Its status then.", required=True),
        _choice("type", OrderType, "Its type then.", required=True),
        _instant("at", "When."),
        _number("trigger_price", "Its trigger price then."),
        _units("filled_quantity", "Units filled by then.", nullable=True),
    ),
)

ORDER = Record(
    "order",
    "One row of the order book.",
    (
        _text("id", "The broker's order number.", required=True),
        *_CONTRACT,
        _PRODUCT,
        _choice("side", Side, "Its side.", required=True),
        _choice("type", OrderType, "Its type; STOP is a stop-limit, STOP_MARKET a stop at market. Default LIMIT."),
        _choice("status", OrderStatus, "Its status.", required=True),
        _units("quantity", "Units ordered.", required=True),
        _units("filled_quantity", "Units filled; all of them for FILLED, else 0, when left out."),
        _text("status_text", "The broker's own word for the status."),
        _number("price", "Limit price."),
        _number("trigger_price", "Trigger price."),
        _number("average_price", "Average price of the filled part."),
        _instant("placed_at", "When it was placed."),
        _instant("updated_at", "When it last changed."),
        _text("reason", "The broker's text on a rejection or cancellation."),
        _text("tag", "The tag it was placed with.", nullable=True),
        _text("parent_id", "The order it belongs to.", nullable=True),
        _text("variety", "The broker's variety word."),
        _choice("cancelled_by", CancelledBy, "Who cancelled it; unknown when left out."),
        _choice("source", OrderSource, "Where it came from; unknown when left out."),
        _flag("modified", "Whether the book says it was changed; left out: it does not say."),
        Key(
            "history",
            Shape.RECORDS,
            "Its states, oldest first; left out or null: not read.",
            nullable=True,
            record=_EVENT,
        ),
    ),
    ("id",),
)

FILL = Record(
    "fill",
    "One execution.",
    (
        _text("id", "The trade number; its place in the list when left out."),
        _text("order_id", "The order it belongs to."),
        *_CONTRACT,
        _PRODUCT,
        _choice("side", Side, "Its side.", required=True),
        _units("quantity", "Units.", required=True),
        _number("price", "Price.", nullable=False, required=True),
        _instant("filled_at", "When."),
    ),
    ("exchange", "symbol", "id"),
)

QUOTE = Record(
    "quote",
    "The market of one contract or index.",
    (
        _text("symbol", "The contract or index in the broker's spelling, such as NIFTY 50.", required=True),
        _text("exchange", "The exchange in the broker's spelling; NFO when left out."),
        _number("last_price", "Last trade; null: none."),
        _flag("has_depth", "Whether an order book was read; yes where bid or ask is given."),
        _number("bid", "Best buy price; null: that side is empty."),
        _number("ask", "Best sell price; null: that side is empty."),
        _instant("as_of", "The broker's stamp on the quote."),
        _instant("traded_at", "When the last trade was."),
    ),
    ("exchange", "symbol"),
)

_MISSING = _text("missing", "Why this part was not read; then it has no other key.")
_TAKEN_AT = _instant("taken_at", "When this part was read; the snapshot's own time when left out.")
_AS_OF = _instant("as_of", "The broker's newest stamp in this part.")

FUNDS = Record(
    "funds",
    "Money of the account.",
    (
        _MISSING,
        _number("margin_available", "Free for new positions."),
        _number("margin_used", "Blocked now."),
        _number("capital", "Cash and collateral at the day's start."),
        _number("reported_mtm", "The broker's own figure for the day."),
        _TAKEN_AT,
        _AS_OF,
    ),
    clash=_missing_alone,
)

LINK = Record(
    "link",
    "What is not in the books.",
    (
        _flag("connected", "Whether the broker answers; yes when left out."),
        _flag("stop_file", "Whether the STOP file lies there; no when left out."),
        _choice("trading_state", TradingState, "What is still allowed; ACTIVE when left out."),
        _instant("locked_at", "When the account was locked."),
    ),
)

_DOUBT = Record(
    "doubt",
    "A leg whose price is not believed in this reading.",
    (
        _text("exchange", "Exchange of the leg.", required=True),
        _text("symbol", "Symbol of the leg.", required=True),
        _text("product", "Product of the leg.", required=True),
        _text("reason", "Why.", required=True),
    ),
)


def _book(name: str, doc: str, record: Record) -> Key:
    return Key(name, Shape.BOOK, f"{doc} Left out: not read; [] : the broker said none.", record=record)


def book_record(row: Record) -> Record:
    """Return the block form of a book of such rows."""
    rows = Key("rows", Shape.RECORDS, "The rows.", record=row)
    doc = "A book with its own times, or why it is missing."
    return Record(f"{row.name} book", doc, (_MISSING, rows, _TAKEN_AT, _AS_OF), clash=_rows_or_missing)


SNAPSHOT = Record(
    "snapshot",
    "One reading of one broker account, for dry runs, tests and features.",
    (
        _text("account", "The account's id.", required=True),
        Key("taken_at", Shape.INSTANT, "When the reading was complete, with its UTC offset.", required=True),
        Key("link", Shape.RECORD, "What is not in the books.", record=LINK),
        _book("positions", "Every row carried into or traded today.", LEG),
        _book("orders", "The day's order book.", ORDER),
        _book("fills", "The day's trades.", FILL),
        Key("funds", Shape.RECORD, "Money of the account. Left out: not read.", record=FUNDS),
        _book("quotes", "Quotes.", QUOTE),
        Key("doubted", Shape.RECORDS, "Legs whose price is not believed.", record=_DOUBT),
    ),
)

NUMBER_PATTERN = r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,2})?$"
INSTANT_PATTERN = (
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ])?[0-9]{2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$"
)
EXPIRY_PATTERN = r"^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$"
FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def row_id(number: int) -> str:
    """Return the id a row has that does not say one."""
    return f"F{number}"


def words_of(key: Key) -> tuple[str, ...]:
    """Return the words a choice allows."""
    return tuple(str(member.value) for member in key.words) if key.words is not None else ()
