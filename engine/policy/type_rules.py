"""Which kinds of quantity may meet, and what comes out: the type rules of comparisons and arithmetic."""

from engine.domain.kinds import DURATION, NUMBER, TIME, Kind, Type

PURE = (Kind.COUNT, Kind.NUMBER)


def comparable(one: Type, other: Type) -> bool:
    """Return whether two operands may stand on the two sides of a comparison."""
    if one.kind in PURE and other.kind in PURE:
        return True
    return one.kind is other.kind and (one.kind is not Kind.ENUM or one.members == other.members)


def result_type(operator: str, left: Type, right: Type) -> Type | None:
    """Return what `left operator right` is for one of `+ - * /`, or None when it has no meaning."""
    if not (left.is_numeric or left.kind is Kind.INSTANT) or not (right.is_numeric or right.kind is Kind.INSTANT):
        return None
    return _sum_type(operator, left, right) if operator in "+-" else _product_type(operator, left, right)


def _sum_type(operator: str, left: Type, right: Type) -> Type | None:
    if left.kind is Kind.TIME and right.kind is Kind.TIME:
        return DURATION if operator == "-" else None
    if left.kind is Kind.TIME and right.kind is Kind.DURATION:
        return TIME
    if left.kind in PURE and right.kind in PURE:
        return left if left.kind is Kind.COUNT else right
    return left if left.kind is right.kind and left.is_numeric else None


def _product_type(operator: str, left: Type, right: Type) -> Type | None:
    if Kind.TIME in (left.kind, right.kind) or Kind.INSTANT in (left.kind, right.kind):
        return None
    if operator == "/" and left.kind is right.kind:
        return NUMBER
    if right.kind in PURE:
        return left
    return right if operator == "*" and left.kind in PURE else None


def mismatch_hint(one: Type, other: Type) -> str | None:
    """Return what would be right where two kinds may not meet, or None."""
    kinds = {one.kind, other.kind}
    if kinds == {Kind.MONEY, Kind.PERCENT}:
        return "say a percent of what, as in 5% of capital"
    if Kind.MONEY in kinds and kinds & set(PURE):
        return "give the number its currency, as in 10,000 INR in values.yaml"
    if Kind.BOOL in kinds:
        return "a condition stands by itself: write it without the comparison"
    if Kind.DATE in kinds:
        return "dates are not written out; days_to_expiry tells how far one is"
    if Kind.TEXT in kinds and len(kinds) > 1:
        return "only texts stand in quotes: 14:45, 50k and 5% do not"
    return None


def described(type_: Type) -> str:
    """Return a type in words with its article: `money`, `a percent`, `a count of lots`."""
    return {
        Kind.BOOL: "yes or no",
        Kind.MONEY: "money",
        Kind.PERCENT: "a percent",
        Kind.DURATION: "a duration",
        Kind.TIME: "a time of day",
        Kind.DATE: "a date",
        Kind.INSTANT: "an instant",
        Kind.COUNT: f"a count of {type_.unit}" if type_.unit else "a count",
        Kind.NUMBER: "a number",
        Kind.TEXT: "a text",
        Kind.ENUM: "a choice",
    }[type_.kind]


def with_article(noun: str) -> str:
    """Return a noun with `a` or `an`."""
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"
