"""The hand-written expressions with other limits, one for each rule and nothing shared, as one compiled function."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final, NamedTuple

from bench.books import Book, Rule
from bench.hand import KEEP, LEG_LIMIT, LOSS_LIMIT

_SHARE: Final = Decimal("0.01")
_SAME: Final = Decimal(1)
_TURNED: Final = Decimal(-1)
_DOTTED: Final = re.compile(r"\b(account|p)\.(\w+)")
_SUBSCRIPT: Final = r"\1['\2']"
_SHORT_OPTIONS: Final = "for p in positions if p.is_short and p.is_option"


class _Spelt(NamedTuple):
    """A rule in Python. scales: by what each limit of the rule is multiplied to be the constant of the expression."""

    expression: str
    scales: tuple[Decimal, ...] = (_SAME,)


_SPELT: Final[Mapping[str, _Spelt]] = {
    "loss-beyond-limit": _Spelt("account.loss >= {}", (LOSS_LIMIT,)),
    "loss-and-stop": _Spelt("account.loss >= {} and account.stop_loss_hit"),
    "loss-of-capital": _Spelt("account.loss >= {} * account.capital", (_SHARE,)),
    "gave-back": _Spelt("account.mtm_peak >= {} and account.drawdown >= {}", (_SAME, KEEP)),
    "profit-falls": _Spelt("account.mtm_peak >= {} and account.mtm <= KEEP"),
    "realized-loss": _Spelt("account.realized_pnl <= {}", (_TURNED,)),
    "margin-nearly-gone": _Spelt("account.margin_used_pct >= {}"),
    "too-many-positions": _Spelt("account.open_positions > {}"),
    "naked": _Spelt("account.naked_short_legs > {}"),
    "unprotected": _Spelt("account.unprotected_short_legs > {}"),
    "stop-rests": _Spelt("account.stop_triggered_unfilled and account.loss >= {}"),
    "many-rejections": _Spelt("account.rejections >= {}"),
    "many-orders": _Spelt("{} < account.orders_today < {}", (_SAME, _SAME)),
    "working-late": _Spelt("account.open_orders > {} and account.minutes_to_close < {}", (_SAME, _SAME)),
    "early-loss": _Spelt("account.weekday in ('MON', 'FRI') and account.time < MORNING_END and account.loss >= {}"),
    "very-good-day": _Spelt("account.profit >= {}"),
    "only-shorts": _Spelt("account.long_option_legs < {} and account.short_option_legs > {}", (_SAME, _SAME)),
    "crowded": _Spelt("account.open_orders > {} or account.open_positions > {}", (_SAME, _SAME)),
    "losing-near-close": _Spelt(
        "account.minutes_to_close <= {} and account.loss >= {} * account.capital", (_SAME, _SHARE)
    ),
    "stop-and-naked": _Spelt("account.stop_loss_hit and account.naked_short_legs >= {}"),
    "thin-margin-loss": _Spelt("account.margin_used_pct > {} and account.loss > {}", (_SAME, _SAME)),
    "lopsided": _Spelt("account.short_option_legs > {} * account.long_option_legs"),
    "peak-lost": _Spelt("account.mtm_peak >= {} and account.drawdown >= {} * account.mtm_peak", (_SAME, _SHARE)),
    "open-loss": _Spelt("account.mtm - account.realized_pnl <= {}", (_TURNED,)),
    "any-of-three": _Spelt(
        "account.profit >= {} or account.loss >= {} or account.rejections > {}", (_SAME, _SAME, _SAME)
    ),
    "leg-hurts": _Spelt(f"any(p.loss >= {{}} {_SHORT_OPTIONS})", (LEG_LIMIT,)),
    "leg-of-capital": _Spelt("any(p.loss >= {} * account.capital for p in positions if p.is_short)", (_SHARE,)),
    "no-one-leg": _Spelt("account.loss >= {} and all(p.loss < {} for p in positions)", (_SAME, _SAME)),
    "doubled": _Spelt(f"sum(p.mark >= {{}} * p.entry_price {_SHORT_OPTIONS}) >= {{}}", (_SHARE, _SAME)),
    "short-lots": _Spelt(f"sum(p.lots {_SHORT_OPTIONS}) > {{}}"),
    "index-loss": _Spelt("sum(p.mtm for p in positions if p.underlying == 'NIFTY') <= {}", (_TURNED,)),
    "worst-leg": _Spelt("max((p.loss for p in positions), default=ZERO) >= {} * account.capital", (_SHARE,)),
    "worst-short": _Spelt(f"min((p.mtm {_SHORT_OPTIONS}), default=ZERO) <= {{}}", (_TURNED,)),
    "intraday-shorts": _Spelt("sum(p.is_short and p.product == 'MIS' for p in positions) > {}"),
    "large-dear-short": _Spelt(f"any(p.mark > {{}} and p.net_quantity < {{}} {_SHORT_OPTIONS})", (_SAME, _TURNED)),
}

Function = Callable[[Any, Any], set[str]]


def function_of(book: Book, number: Callable[[Decimal], Any] = Decimal, *, subscripts: bool = False) -> Function:
    """
    Return one function with one expression for each rule of a book.

    number: what the constants are turned into; `float` gives the function for facts in floats. subscripts: the account
    and its rows are dicts.
    """
    constants = {"KEEP": KEEP, "MORNING_END": Decimal(10 * 3600 + 30 * 60), "ZERO": Decimal(0)}
    lines = ["def fired(account, positions):", "    names = set()"]
    for index, rule in enumerate(book.rules):
        named = {f"L{index}_{place}": limit for place, limit in enumerate(_limits(rule))}
        constants.update(named)
        expression = _SPELT[rule.kind].expression.format(*named)
        lines.append(f"    if {_DOTTED.sub(_SUBSCRIPT, expression) if subscripts else expression}:")
        lines.append(f"        names.add({rule.name!r})")
    lines.append("    return names")
    space: dict[str, Any] = {name: number(value) for name, value in constants.items()}
    exec(compile("\n".join(lines), f"<{book.name} by hand>", "exec"), space)
    function: Function = space["fired"]
    return function


def _limits(rule: Rule) -> list[Decimal]:
    return [limit * scale for limit, scale in zip(rule.limits, _SPELT[rule.kind].scales, strict=True)]
