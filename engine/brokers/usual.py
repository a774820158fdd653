"""Numbers and texts of a row that is as it should be; whatever else is the careful parser's to judge."""

import re
from decimal import Clamped, Context, Decimal, InvalidOperation, Overflow, Rounded

import msgspec

from engine.brokers.wire import cleaned
from engine.domain.numbers import MAX_DIGITS, ZERO


class UnusualError(ValueError):
    """Something the careful parser must look at; it says nothing of right or wrong."""


# What reading a row or a reply the usual way may raise: a wrong type or broken JSON, a word that is in no table, a
# number out of bounds (the traps below), a text that is no UTF-8, bottomless nesting.
UNUSUAL = (msgspec.MsgspecError, LookupError, ArithmeticError, ValueError, RecursionError)

# `plus` of this context raises on exactly those finite numbers that `exact` refuses: more than MAX_DIGITS digits, a
# magnitude beyond 1E+30, a place below 1E-30 (Etiny = Emin - prec + 1).
_PLUS = Context(prec=MAX_DIGITS, Emin=-1, Emax=MAX_DIGITS, traps=[Rounded, Overflow, Clamped, InvalidOperation]).plus
# Narrower than what the careful parser reads: no exponent, no sign but a minus.
_PLAIN = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII).fullmatch


def number(value: object) -> Decimal:
    """Return a number the JSON spelt as one. Raises: UnusualError for none, ArithmeticError for too long a one."""
    if type(value) is Decimal:
        _PLUS(value)
        return value
    if type(value) is not int:
        raise UnusualError
    if not value:
        return ZERO
    found = Decimal(value)
    _PLUS(found)
    return found


def price(value: object) -> Decimal | None:
    """Return a price; None where the field is absent or says 0 or nothing. Raises: as `number`."""
    return (number(value) or None) if value else None


def amount(value: object, quantity: Decimal) -> Decimal | None:
    """
    Return the money of a quantity, None when there should be some and is none.

    Raises: as `number`; UnusualError for a negative one, which only a future may have.
    """
    money = number(value)
    if not money:
        return None if quantity else money
    if money < ZERO:
        raise UnusualError
    return money


def text(value: str) -> str:
    """Return a text that must say something, cleaned. Raises: UnusualError when it is blank."""
    # Letters and digits alone, as nearly always, need no cleaning.
    found = value if value.isalnum() else cleaned(value)
    if not found:
        raise UnusualError
    return found


def text_or_empty(value: str | None) -> str:
    """Return a describing text, cleaned; empty where there is none."""
    return (value if value.isalnum() else cleaned(value)) if value else ""


def identity_or_none(value: str | int | None) -> str | None:
    """Return an identifier as text; None where there is none."""
    return None if value is None else cleaned(str(value)) or None


def plain(spelt: str) -> Decimal:
    """Return the number a text spells in digits and a point. Raises: as `number`."""
    stripped = spelt.strip()
    if not _PLAIN(stripped):
        raise UnusualError
    found = Decimal(stripped)
    _PLUS(found)
    return found
