"""Exact reading of a reply's JSON or CSV and of single fields in it; what a field means is the parsers' business."""

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NoReturn, TypeVar

from engine.domain.numbers import CONTEXT, ZERO, canonical, exact
from engine.errors import BrokerDataError

# A day's books are some hundred kilobytes; a contract file is some ten megabytes.
MAX_JSON_CHARACTERS = 8_000_000
MAX_CSV_CHARACTERS = 64_000_000

Meaning = TypeVar("Meaning")
Parsed = TypeVar("Parsed")

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def decode(text: str) -> object:
    """
    Return the value a JSON text spells: numbers as exact Decimal, objects as dict, the rest as the json module does.

    A number no account can hold stays text, so that it hurts only who reads it. NaN, Infinity, a repeated key, more
    than 8 million characters and bottomless nesting are refused.
    Raises: ValueError with the reason.
    """
    if len(text) > MAX_JSON_CHARACTERS:
        raise ValueError(f"{len(text)} characters; {MAX_JSON_CHARACTERS} are the most a reply may have")
    try:
        return json.loads(
            text.removeprefix("\ufeff"),
            parse_float=_exact_or_text,
            parse_int=_exact_or_text,
            parse_constant=_refuse_constant,
            object_pairs_hook=_distinct,
        )
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        begin = f"; it begins with {text.strip()[:40]!r}" if text.strip() else "; it is empty"
        raise ValueError(f"not JSON ({error.msg}, line {error.lineno} column {error.colno}){begin}") from None


def decode_reply(body: bytes, broker: str, part: str) -> object:
    """Return `decode` of a body in UTF-8. Raises: BrokerDataError that names the part."""
    try:
        return decode(text_of(body))
    except ValueError as error:
        raise BrokerDataError(f"{part}: the reply is {error}", broker=broker) from None


def text_of(body: bytes) -> str:
    """Return the text of a body in UTF-8. Raises: ValueError naming the first byte that is none."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 text (byte {error.start})") from None


def read_number(text: str) -> Decimal:
    """Return the plain decimal number a text spells. Raises: ValueError."""
    stripped = text.strip()
    if not _NUMBER.fullmatch(stripped):
        raise ValueError(f"not a number: {stripped[:40]!r}")
    return exact(stripped)


def shown(value: object) -> str:
    """Return a field's value for a message, short, whatever it holds."""
    match value:
        case None:
            return "null"
        case bool():
            return str(value).lower()
        case Decimal():
            return canonical(value)
        case str():
            return repr(value if len(value) <= 40 else value[:40] + "…")
        case dict():
            return "an object"
        case _:
            return "a list"


@dataclass(frozen=True, slots=True)
class Fields:
    """
    One object of a reply, read field by field.

    where: how a message names it (`positions row 3 (NIFTY…)`). blanks: the broker's texts that mean "nothing".
    """

    values: Mapping[str, object]
    where: str
    broker: str
    blanks: frozenset[str] = frozenset({""})

    def fail(self, problem: str) -> NoReturn:
        """Raise BrokerDataError for this object."""
        raise BrokerDataError(f"{self.where}: {problem}", broker=self.broker)

    def has(self, name: str) -> bool:
        """Whether the field is there and says something."""
        value = self.values.get(name)
        return value is not None and not (isinstance(value, str) and value.strip() in self.blanks)

    def number(self, name: str) -> Decimal:
        """Return a number that must be there."""
        self._need(name)
        value = self.values[name]
        if not isinstance(value, Decimal | str):
            self.fail(f"field '{name}' is {shown(value)}, not a number")
        try:
            return value if isinstance(value, Decimal) else read_number(value)
        except ValueError as error:
            self.fail(f"field '{name}' is {shown(value)}, {str(error).partition(':')[0]}")

    def positive(self, name: str) -> Decimal:
        """Return a number above zero that must be there."""
        number = self.number(name)
        if number <= 0:
            self.fail(f"field '{name}' is {canonical(number)}; it must be above 0")
        return number

    def quantity(self, name: str) -> Decimal:
        """Return a number of units, never negative, that must be there."""
        number = self.number(name)
        if number < 0:
            self.fail(f"field '{name}' is {canonical(number)}; a quantity here is never negative")
        return number

    def quantity_or_none(self, name: str) -> Decimal | None:
        """Return a number of units, or None when the field is there and blank."""
        return None if name in self.values and not self.has(name) else self.quantity(name)

    def amount(self, name: str, quantity: Decimal, *, is_signed: bool = False) -> Decimal | None:
        """
        Return the money of a quantity; 0 where a blank stands for no units.

        None when it is blank or 0 for some: a price that is not there yet, and never a price of 0. A negative amount
        is refused unless is_signed (a future may trade below 0).
        """
        if name not in self.values:
            self._need(name)
        value = self.number(name) if self.has(name) else ZERO
        if value < 0 and not is_signed:
            self.fail(f"field '{name}' is {canonical(value)}; this amount is never negative")
        return None if quantity != 0 and value == 0 else value

    def flag_or_none(self, name: str) -> bool | None:
        """Return yes or no, or None when the field says neither."""
        value = self.values.get(name)
        return value if isinstance(value, bool) else None

    def number_or_none(self, name: str) -> Decimal | None:
        """Return a number, or None when it is absent or unreadable."""
        if not self.has(name):
            return None
        try:
            return self.number(name)
        except BrokerDataError:
            return None

    def price(self, name: str) -> Decimal | None:
        """Return a price, or None when it is absent, unreadable or 0 (both brokers write 0 for "none")."""
        return self.number_or_none(name) or None

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        self._need(name)
        value = self.values[name]
        if not isinstance(value, str):
            self.fail(f"field '{name}' is {shown(value)}, not a text")
        return cleaned(value)

    def text_or_empty(self, name: str) -> str:
        """Return a describing text; empty when it is absent or no text."""
        value = self.values.get(name)
        return cleaned(value) if isinstance(value, str) and self.has(name) else ""

    def identity(self, name: str) -> str:
        """Return an identifier that must be there: a text, also where the reply holds a number."""
        self._need(name)
        value = self.values[name]
        if isinstance(value, Decimal):
            return canonical(value)
        return self.text(name)

    def identity_or_none(self, name: str) -> str | None:
        """Return an identifier, or None when it is absent or neither text nor number."""
        readable = self.has(name) and isinstance(self.values[name], str | Decimal)
        return self.identity(name) if readable else None

    def choice(self, name: str, words: Mapping[str, Meaning]) -> Meaning:
        """Return what one of a closed set of words means."""
        word = self.text(name)
        if word.upper() not in words:
            self.fail(f"field '{name}' is {word!r}, not one of {', '.join(words)}")
        return words[word.upper()]

    def child(self, name: str) -> "Fields":
        """Return an object inside this one that must be there."""
        value = self.values.get(name)
        if not isinstance(value, dict):
            problem = "is missing" if name not in self.values else f"is {shown(value)}, not an object"
            self.fail(f"field '{name}' {problem}")
        return Fields(value, f"{self.where}, {name}", self.broker, self.blanks)

    def _need(self, name: str) -> None:
        if name not in self.values:
            self.fail(f"field '{name}' is missing")
        if not self.has(name):
            self.fail(f"field '{name}' is empty")


def cleaned(text: str) -> str:
    """Return a broker's text stripped, with characters replaced that a terminal or a file could choke on."""
    stripped = text.strip()
    return stripped if stripped.isprintable() else _UNPRINTABLE.sub("\ufffd", stripped)


def object_of(value: object, broker: str, part: str) -> dict[str, object]:
    """Return the reply's object. Raises: BrokerDataError when it is something else."""
    if not isinstance(value, dict):
        raise BrokerDataError(f"{part}: the reply is {shown(value)}, not an object", broker=broker)
    return value


def rows_of(
    value: object, broker: str, part: str, label: str, blanks: frozenset[str] = frozenset({""})
) -> Iterator[Fields]:
    """
    Yield each row of a list of objects; `label` is the field that names a row in messages.

    Raises: BrokerDataError when it is no list, or a row is no object: nothing but a list is ever read as "none".
    """
    if not isinstance(value, list):
        raise BrokerDataError(f"{part}: the rows are {shown(value)}, not a list", broker=broker)
    for number, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            raise BrokerDataError(f"{part} row {number} is {shown(item)}, not an object", broker=broker)
        name = item.get(label)
        named = f" ({cleaned(name)[:60]})" if isinstance(name, str) and name.strip() else ""
        yield Fields(item, f"{part} row {number}{named}", broker, blanks)


def best_price(levels: object, broker: str, blanks: frozenset[str] = frozenset({""})) -> Decimal | None:
    """Return the price of the first level of one side of a depth; None when the side is empty or its price is 0."""
    if not isinstance(levels, list) or not levels or not isinstance(levels[0], dict):
        return None
    return Fields(levels[0], "depth", broker, blanks).price("price")


def sum_told(numbers: Iterable[Decimal | None]) -> Decimal | None:
    """Return the sum, or None when the broker did not tell one of the numbers."""
    total = ZERO
    for number in numbers:
        if number is None:
            return None
        total = CONTEXT.add(total, number)
    return total


def each_once(
    rows: Iterable[Fields], parse: Callable[[Fields], Parsed], identity: Callable[[Parsed], object]
) -> tuple[Parsed, ...]:
    """
    Return the parsed rows, a repeated one once.

    Raises: BrokerDataError when two rows of one identity say different things.
    """
    found: dict[object, Parsed] = {}
    for row in rows:
        parsed = parse(row)
        if found.setdefault(identity(parsed), parsed) != parsed:
            row.fail("stands twice under one number and says different things")
    return tuple(found.values())


def csv_rows(body: bytes, broker: str, part: str, needed: Sequence[str], strip: str = " \t") -> Iterator[Fields]:
    """
    Yield each row of a CSV body with a header line, by column name; `strip` is taken off both ends of a header.

    Raises: BrokerDataError for what is no UTF-8, a missing column, or a row of another length (a file cut short).
    """
    try:
        text = text_of(body)
    except ValueError as error:
        raise BrokerDataError(f"{part}: the file is {error}", broker=broker) from None
    if len(text) > MAX_CSV_CHARACTERS:
        raise BrokerDataError(f"{part}: {len(text)} characters; {MAX_CSV_CHARACTERS} are the most", broker=broker)
    lines = csv.reader(text.removeprefix("\ufeff").replace("\r", "").split("\n"))
    try:
        header = [name.strip(strip) for name in next(lines)]
        absent = [name for name in needed if name not in header]
        if absent:
            raise BrokerDataError(
                f"{part}: column {', '.join(absent)} is missing; is this the contract file?", broker=broker
            )
        for cells in lines:
            if not cells:
                continue
            where = f"{part} line {lines.line_num}"
            if len(cells) != len(header):
                raise BrokerDataError(f"{where}: {len(cells)} cells, the header has {len(header)}", broker=broker)
            yield Fields(dict(zip(header, cells, strict=True)), where, broker)
    except csv.Error as error:
        raise BrokerDataError(f"{part} line {lines.line_num}: not CSV ({error})", broker=broker) from None
    except StopIteration:
        raise BrokerDataError(f"{part}: the file is empty", broker=broker) from None


def _exact_or_text(text: str) -> Decimal | str:
    try:
        return exact(text)
    except ValueError:
        return text


def _refuse_constant(text: str) -> NoReturn:
    raise ValueError(f"not JSON: it holds {text}, which is no number")


def _distinct(pairs: list[tuple[str, object]]) -> dict[str, object]:
    result = dict(pairs)
    if len(result) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"not usable: the key {cleaned(twice)[:40]!r} stands twice in one object")
    return result
