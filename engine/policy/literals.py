"""The literals of the language (money, percent, duration, time of day, count): from text to exact value and type."""

import re
from dataclasses import dataclass
from decimal import Decimal

from engine.domain.kinds import DURATION, MONEY, NUMBER, PERCENT, TIME, Type
from engine.domain.numbers import CONTEXT, exact, sum_of

_SCALES = {
    "k": Decimal(1_000),
    "lakh": Decimal(100_000),
    "lac": Decimal(100_000),
    "crore": Decimal(10_000_000),
    "cr": Decimal(10_000_000),
}
_SECONDS = {"h": Decimal(3600), "m": Decimal(60), "s": Decimal(1)}

# ASCII digits only: Python's \d takes those of every script, and a reader cannot tell.
_DIGITS = r"[0-9]+(?:_[0-9]+)*(?:\.[0-9]+)?"
_GROUPED = r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?"
_NUMBER = re.compile(
    rf"(?P<digits>{_GROUPED}|{_DIGITS})(?:\s*(?P<scale>k|lakhs?|lac|crores?|cr))?(?:\s+(?P<currency>[A-Z]{{3}}))?"
)
_PERCENT = re.compile(rf"(?P<digits>{_DIGITS})\s*%")
_DURATION = re.compile(
    r"(?:(?P<h>[0-9]+(?:\.[0-9]+)?)h)?(?:(?P<m>[0-9]+(?:\.[0-9]+)?)m)?(?:(?P<s>[0-9]+(?:\.[0-9]+)?)s)?"
)
_TIME = re.compile(r"(?P<hour>[0-9]{1,2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?")


@dataclass(frozen=True, slots=True)
class Literal:
    """
    A typed literal.

    value: money in account currency, percent in points, durations and times of day in seconds.
    bare: a number without a unit, which takes the unit of its first use. currency: as written, None when not.
    """

    value: Decimal
    type: Type
    text: str
    bare: bool = False
    currency: str | None = None


def parse_literal(text: str) -> Literal | None:
    """Return the literal a whole text spells, or None when it is none; a leading minus is kept."""
    stripped = text.strip()
    sign = -1 if stripped.startswith("-") else 1
    body = stripped[1:].lstrip() if sign < 0 else stripped
    for reader in (_percent, _time, _duration, _number):
        try:
            literal = reader(body)
        except ValueError:
            return None
        if literal is not None:
            value = literal.value if sign > 0 else CONTEXT.minus(literal.value)
            return Literal(value, literal.type, stripped, literal.bare, literal.currency)
    return None


def parse_duration(text: str) -> Decimal | None:
    """Return seconds for `30s`, `5m`, `1h30m`; None when the text is no duration."""
    literal = parse_literal(text)
    return literal.value if literal is not None and literal.type == DURATION else None


def parse_time(text: str) -> Decimal | None:
    """Return seconds since midnight for `15:20` or `15:20:30`; None when the text is no time of day."""
    literal = parse_literal(text)
    return literal.value if literal is not None and literal.type == TIME else None


def _percent(text: str) -> Literal | None:
    match = _PERCENT.fullmatch(text)
    return Literal(exact(match["digits"].replace("_", "")), PERCENT, text) if match else None


def _time(text: str) -> Literal | None:
    match = _TIME.fullmatch(text)
    if not match:
        return None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    if hour > 24 or minute > 59 or second > 59 or hour * 3600 + minute * 60 + second > 86_400:
        return None
    return Literal(Decimal(hour * 3600 + minute * 60 + second), TIME, text)


def _duration(text: str) -> Literal | None:
    match = _DURATION.fullmatch(text)
    if not text or not match:
        return None
    seconds = sum_of(CONTEXT.multiply(exact(match[unit]), size) for unit, size in _SECONDS.items() if match[unit])
    return Literal(seconds, DURATION, text)


def _number(text: str) -> Literal | None:
    match = _NUMBER.fullmatch(text)
    if not match:
        return None
    value = exact(match["digits"].replace("_", "").replace(",", ""))
    scale = (match["scale"] or "").rstrip("s") or None
    if scale:
        value = CONTEXT.multiply(value, _SCALES[scale])
    currency = match["currency"]
    grouped = "," in match["digits"]
    if scale or currency or grouped:
        # A grouped or scaled number may still count lots; only a currency makes it money for certain.
        return Literal(value, MONEY if currency else NUMBER, text, bare=currency is None, currency=currency)
    return Literal(value, NUMBER, text, bare=True)
