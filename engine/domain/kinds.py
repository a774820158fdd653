"""The types of the language: what kind of quantity a fact is, its unit, and how a value of it is written for people."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from zoneinfo import ZoneInfo

from engine.domain.numbers import CONTEXT, canonical, rounded
from engine.domain.values import Unknown, Value, show_bounds


class Kind(Enum):
    """What is measured. Two operands meet only when their kinds do."""

    BOOL = "yes/no"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    TIME = "time of day"
    DATE = "date"
    INSTANT = "instant"
    COUNT = "count"
    NUMBER = "number"
    TEXT = "text"
    ENUM = "choice"


NUMERIC = frozenset({Kind.MONEY, Kind.PERCENT, Kind.DURATION, Kind.TIME, Kind.COUNT, Kind.NUMBER})


@dataclass(frozen=True, slots=True)
class Type:
    """A kind; for ENUM also its closed list of words; `unit` names what a count counts (lots, legs, orders)."""

    kind: Kind
    unit: str = ""
    members: tuple[str, ...] = ()

    @property
    def is_numeric(self) -> bool:
        """Whether values are Decimal and can be bounded."""
        return self.kind in NUMERIC

    def __str__(self) -> str:
        return self.kind.value


BOOL = Type(Kind.BOOL)
MONEY = Type(Kind.MONEY)
PERCENT = Type(Kind.PERCENT)
DURATION = Type(Kind.DURATION)
TIME = Type(Kind.TIME)
DATE = Type(Kind.DATE)
INSTANT = Type(Kind.INSTANT)
NUMBER = Type(Kind.NUMBER)
TEXT = Type(Kind.TEXT)


def count_of(unit: str) -> Type:
    """Return a count with the name of what it counts."""
    return Type(Kind.COUNT, unit)


def choice(members: type[Enum]) -> Type:
    """Return the closed vocabulary of an Enum whose values are the words an author writes."""
    return Type(Kind.ENUM, members=tuple(str(member.value) for member in members))


def unit_of(type_: Type, currency: str) -> str | None:
    """Return the unit a reader sees beside a value: `INR`, `%`, `s`, `lots`; None where there is none."""
    match type_.kind:
        case Kind.MONEY:
            return currency
        case Kind.PERCENT:
            return "%"
        case Kind.DURATION:
            return "s"
        case Kind.COUNT:
            return type_.unit or None
        case _:
            return None


def canonical_value(value: Value, type_: Type, zone: ZoneInfo) -> str | bool | None:
    """Return the machine form for JSON: exact numbers and instants as text, bools as bools, None for Unknown."""
    if isinstance(value, Unknown):
        return None
    if isinstance(value, bool):
        return value
    if type_.kind is Kind.TIME and isinstance(value, Decimal):
        return clock_text(value)
    if isinstance(value, Decimal):
        return canonical(value)
    if isinstance(value, datetime):
        return value.astimezone(zone).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value.value) if isinstance(value, Enum) else str(value)


def show(value: Value, type_: Type, currency: str, zone: ZoneInfo) -> str:
    """Return a value as a person reads it: `4,180.00 INR`, `92.5 %`, `1m30s`, `14:45`, `unknown (no quote)`."""
    if isinstance(value, Unknown):
        known_part = show_bounds(value, lambda bound: _show_number(bound, type_, currency))
        return f"unknown ({known_part + '; ' if known_part else ''}{value.cause})"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return _show_number(value, type_, currency)
    if isinstance(value, datetime):
        return value.astimezone(zone).strftime("%Y-%m-%d %H:%M:%S")
    return str(canonical_value(value, type_, zone))


def show_money(amount: Decimal, currency: str) -> str:
    """Return an amount with grouping and at least two decimals, exact: `10,000.00 INR`, `0.125 INR`."""
    places = max(2, -int(amount.normalize(CONTEXT).as_tuple().exponent)) if amount else 2
    if places > 4:
        return f"{_rounded(amount, 2):,f} {currency}"
    return f"{amount:,.{places}f} {currency}"


def _rounded(number: Decimal, places: int) -> Decimal:
    # Only the quotient of absurd numbers has too many digits to be rounded there; it is shown as it is.
    try:
        return rounded(number, places)
    except InvalidOperation:
        return number


def show_duration(seconds: Decimal) -> str:
    """Return seconds as `45s`, `1m30s`, `2h05m`; the sign in front."""
    sign = "-" if seconds < 0 else ""
    # Fractions matter below a minute only.
    size = seconds.copy_abs()
    minutes, rest = (0, size) if size < 60 else divmod(int(size), 60)
    tail = f"{canonical(Decimal(rest))}s" if rest or not minutes else ""
    if minutes >= 60:
        hours, minutes = divmod(minutes, 60)
        return f"{sign}{hours}h{minutes:02d}m{tail}"
    return f"{sign}{minutes}m{tail}" if minutes else f"{sign}{tail}"


def clock_text(seconds: Decimal) -> str:
    """Return a time of day given in seconds since midnight as `14:45` or `14:45:30`."""
    minutes, second = divmod(int(seconds), 60)
    text = f"{minutes // 60:02d}:{minutes % 60:02d}"
    return f"{text}:{second:02d}" if second else text


def _show_number(value: Decimal, type_: Type, currency: str) -> str:
    match type_.kind:
        case Kind.MONEY:
            return show_money(value, currency)
        case Kind.PERCENT:
            return f"{canonical(_rounded(value, 4))} %"
        case Kind.DURATION:
            return show_duration(value)
        case Kind.TIME:
            return clock_text(value)
        case Kind.COUNT if type_.unit:
            return f"{canonical(value)} {type_.unit.removesuffix('s') if value == 1 else type_.unit}"
        case _:
            return canonical(value if value == value.to_integral_value() else _rounded(value, 6))
