"""Exact numbers: one Decimal context from the wire to the verdict, one canonical text form; no units here."""

from collections.abc import Iterable
from datetime import timedelta
from decimal import ROUND_HALF_EVEN, Clamped, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

# 34 digits hold every amount a broker can send (18 digits before the point, 8 behind) with room for products.
CONTEXT = Context(prec=34, traps=[InvalidOperation, DivisionByZero, Overflow, Clamped])
ZERO = Decimal(0)
ONE = Decimal(1)
HUNDRED = Decimal(100)
_MILLION = Decimal(1_000_000)

# A number longer than this on the wire or in a policy is not money; it is an attack or a fault.
MAX_DIGITS = 30


def exact(text: str) -> Decimal:
    """
    Return the number a text spells, digit for digit.

    Accepts an optional sign, digits, one point and a small exponent; refuses NaN, infinity, more than 30 significant
    digits and magnitudes beyond 1E+30, so no later arithmetic can explode.
    Raises: ValueError with the text.
    """
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"not a number: {text[:40]!r}") from None
    if not number.is_finite():
        raise ValueError(f"not a finite number: {text[:40]!r}")
    _, digits, exponent = number.as_tuple()
    if len(digits) > MAX_DIGITS or number.adjusted() > MAX_DIGITS or int(exponent) < -MAX_DIGITS:
        raise ValueError(f"a number of more than {MAX_DIGITS} digits: {text[:40]!r}")
    return number


def canonical(number: Decimal) -> str:
    """Return the one text form of a number: no exponent, no trailing zeros, no negative zero (`-0.50` is `-0.5`)."""
    if not number:
        return "0"
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def sum_of(numbers: Iterable[Decimal]) -> Decimal:
    """Return the sum; of no numbers it is zero."""
    result, add = ZERO, CONTEXT.add
    for number in numbers:
        result = add(result, number)
    return result


def rounded(number: Decimal, places: int, rounding: str = ROUND_HALF_EVEN) -> Decimal:
    """Return a number with so many digits behind the point. Raises: InvalidOperation beyond 34 digits in all."""
    return number.quantize(ONE.scaleb(-places, CONTEXT), rounding=rounding, context=CONTEXT)


def seconds_of(span: timedelta) -> Decimal:
    """Return a span as exact seconds."""
    whole = Decimal(span.days * 86_400 + span.seconds)
    return CONTEXT.add(whole, CONTEXT.divide(Decimal(span.microseconds), _MILLION))


def span_of(seconds: Decimal) -> timedelta:
    """Return seconds as a span; what is below a microsecond is cut off."""
    return timedelta(microseconds=int(CONTEXT.multiply(seconds, _MILLION)))
