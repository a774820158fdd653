"""Reading a book row by row the fast way, and keeping what the next reading may use again; meanings are the tables'."""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import is_
from typing import Any, Generic, TypeVar

from engine.brokers.row_texts import Frame, frame_of, texts_of, walk
from engine.brokers.stamps import newest
from engine.brokers.usual import UNUSUAL, UnusualError
from engine.brokers.wire import MAX_JSON_CHARACTERS, decode, text_of
from engine.domain.instrument import Instrument
from engine.errors import BrokerDataError

Row = TypeVar("Row")

# A row and its own stamp; a row of None is one the book leaves out.
Told = tuple[Row | None, datetime | None]


class Contracts(dict[tuple[Any, ...], Instrument]):
    """
    Contracts by the fields that tell them, each made once; a reading fills a copy of what the one before had.

    listed: those of the day's file, by (exchange, symbol), which go before what a row tells. One whose token the row
    contradicts is left to the join with the file, for quotes are found by the row's own token.
    """

    __slots__ = ("_make", "listed")

    def __init__(
        self,
        make: Callable[[tuple[Any, ...]], Instrument],
        known: Mapping[tuple[Any, ...], Instrument],
        listed: Mapping[tuple[str, str], Instrument],
    ):
        super().__init__(known)
        self._make = make
        self.listed = listed

    def __missing__(self, key: tuple[Any, ...]) -> Instrument:
        told = self._make(key)
        found = self.listed.get(told.key)
        made = self[key] = told if found is None or found.token != told.token else found
        return made


@dataclass(frozen=True, slots=True)
class Table(Generic[Row]):
    """
    How one kind of book is read.

    reply: decodes a body with a plain success, its rows left as they came; texts: these rows. usual: reads a row that
    is as it should be; careful: reads any other as the careful parser does. identity: what no two rows may share, if
    anything. is_whole: whether the rest of the reply agrees with the rows. is_followed: a row is found again wherever
    it went, else only where it stood; not for a book whose rows all change, nor with is_whole or rows that have names.
    once: the names under which a reply holds its rows, as they are spelt in it.
    """

    reply: Callable[[bytes], Any]
    texts: Callable[[Any], Sequence[Any]]
    usual: Callable[[Any, Any], Told[Row]]
    careful: Callable[[Any, Any], Told[Row]]
    identity: Callable[[Row], Hashable] | None = None
    is_whole: Callable[[Any, Sequence[Row]], bool] | None = None
    is_followed: bool = False
    once: Sequence[bytes] = (b'"data"',)


@dataclass(frozen=True, slots=True)
class Rows(Generic[Row]):
    """
    What one body said, kept for the next reading.

    texts: its rows as they came, told: what each says; both empty where the careful parser read the body.
    """

    body: bytes
    rows: tuple[Row, ...]
    as_of: datetime | None
    texts: Sequence[Any] = ()
    told: Sequence[Told[Row]] = ()
    frame: Frame | None = None


def read_rows(table: Table[Row], body: bytes, before: Rows[Row] | None, context: object) -> Rows[Row] | None:
    """
    Return what a body says; None where it is not wholly as usual, and the careful parser must read it.

    before: the last reading of this part; a row that stood there byte for byte is the same object again, and so is the
    tuple of all rows. context: what rows are read with; `before` was read with one that says the same.
    A key that stands twice in one object is not noticed here, its last value counts; the careful parser refuses it.
    To look for each needed key in each row would take twice as long as to read the row. Only the names in `once` are
    looked for: where one of them stood twice, rows would stay unseen.
    """
    if len(body) > MAX_JSON_CHARACTERS or not _is_utf8(body):
        return None
    try:
        found = _followed(table, body, before, context) or _split(table, body, before, context)
    except (*UNUSUAL, BrokerDataError):
        return None
    return None if found is None or _has_twins(table, found.rows) else found


def _has_twins(table: Table[Row], rows: Sequence[Row]) -> bool:
    return table.identity is not None and len(set(map(table.identity, rows))) != len(rows)


def _followed(table: Table[Row], body: bytes, before: Rows[Row] | None, context: object) -> Rows[Row] | None:
    if before is None or before.frame is None:
        return None
    pieces = walk(body, before.frame, before.texts)
    if pieces is None:
        return None
    texts: list[bytes] = []
    told: list[Told[Row]] = []
    known: dict[bytes, Told[Row]] = {}
    for piece in pieces:
        texts += texts_of(piece, before.texts)
        if isinstance(piece, range):
            told += before.told[piece.start : piece.stop]
        elif piece:
            known = known or dict(zip(before.texts, before.told, strict=True))
            told += [known[text] if text in known else _row(table, text, context) for text in piece]
    return _kept(body, texts, told, before.frame, before)


def _split(table: Table[Row], body: bytes, before: Rows[Row] | None, context: object) -> Rows[Row] | None:
    if any(body.count(name) > 1 for name in table.once):
        return None
    reply = table.reply(body)
    texts = table.texts(reply)
    old: Sequence[Any] = before.texts if before is not None else ()
    told = [
        before.told[number] if before is not None and number < len(old) and text == old[number]
        else _row(table, text, context)
        for number, text in enumerate(texts)
    ]  # fmt: skip
    frame = frame_of(body, texts, lambda bare: table.texts(table.reply(bare))) if table.is_followed else None
    found = _kept(body, texts, told, frame, before)
    return None if table.is_whole is not None and not table.is_whole(reply, found.rows) else found


def _row(table: Table[Any], text: Any, context: object) -> Told[Any]:
    try:
        return table.usual(text, context)
    except UNUSUAL:
        return table.careful(text, context)


def _kept(
    body: bytes, texts: Sequence[Any], told: Sequence[Told[Row]], frame: Frame | None, before: Rows[Row] | None
) -> Rows[Row]:
    rows = tuple([row for row, _ in told if row is not None])
    if before is not None and len(rows) == len(before.rows) and all(map(is_, rows, before.rows)):
        rows = before.rows
    return Rows(body, rows, newest([stamp for _, stamp in told]), texts, told, frame)


def _is_utf8(body: bytes) -> bool:
    # Text that is skipped is not looked at when rows are decoded.
    try:
        return body.isascii() or bool(body.decode("utf-8"))
    except UnicodeDecodeError:
        return False


def object_in(text: bytes) -> dict[str, object]:
    """Return the object a row's bytes spell, read by the careful parser. Raises: ValueError when it is none."""
    value = decode(text_of(text))
    if not isinstance(value, dict):
        raise UnusualError
    return value
