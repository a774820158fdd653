"""The twenty-five conditions as a programmer would write them by hand, on the same exact numbers."""

from collections.abc import Mapping
from decimal import Decimal
from types import SimpleNamespace
from typing import Any, Final

LOSS_LIMIT: Final = Decimal(10_000)
LEG_LIMIT: Final = Decimal(6_000)
KEEP: Final = Decimal(4_000)
MOST_LOTS: Final = Decimal(5)


def given(facts: Mapping[str, Any]) -> SimpleNamespace:
    """Return facts, or a row's fields, as attributes."""
    return SimpleNamespace(**facts)


def fired(account: Any, positions: Any, orders: Any) -> set[str]:  # noqa: C901 - one plain function is the point
    """Return the names of the policies whose condition is true."""
    names = set()
    if account.loss >= 3 * LOSS_LIMIT:
        names.add("loss-beyond-limit")
    if account.loss >= LOSS_LIMIT and account.stop_loss_hit:
        names.add("loss-and-stop")
    if account.loss >= Decimal("0.03") * account.capital:
        names.add("loss-of-capital")
    if account.mtm_peak >= 5_000 and account.drawdown >= 8 * KEEP:
        names.add("gave-back")
    if account.mtm_peak >= 15_000 and account.mtm <= KEEP:
        names.add("profit-falls")
    if account.profit >= 40_000:
        names.add("very-good-day")
    if account.realized_pnl <= -20_000:
        names.add("realized-loss")
    if account.margin_used_pct >= 88:
        names.add("margin-nearly-gone")
    if account.open_positions > 7:
        names.add("too-many-positions")
    if account.long_option_legs == 0 and account.short_option_legs > 2:
        names.add("only-shorts")
    if account.naked_short_legs > 4:
        names.add("naked")
    if account.unprotected_short_legs > 1:
        names.add("unprotected")
    if account.stop_triggered_unfilled:
        names.add("stop-rests")
    if account.rejections >= 3:
        names.add("many-rejections")
    if 10 < account.orders_today < 400:
        names.add("many-orders")
    if account.open_orders > 3 and account.minutes_to_close < 60:
        names.add("working-late")
    if account.weekday in ("MON", "FRI") and account.time < 10 * 3600 and account.loss >= LOSS_LIMIT:
        names.add("monday-morning-loss")
    if any(p.loss >= 4 * LEG_LIMIT for p in positions if p.is_short and p.is_option):
        names.add("one-leg-hurts")
    if account.open_positions > 2 and all(p.loss >= 500 for p in positions):
        names.add("all-legs-lose")
    if sum(p.mark >= 2 * p.entry_price for p in positions if p.is_short) >= 2:
        names.add("doubled")
    if sum(p.lots for p in positions if p.is_short) > 4 * MOST_LOTS:
        names.add("short-lots")
    if max(p.loss for p in positions) >= Decimal("0.025") * account.capital:
        names.add("worst-leg")
    if min(p.mark for p in positions) < 42:
        names.add("cheap-shorts")
    if any(o.is_working and not o.was_stop and o.age > 13 * 60 for o in orders):
        names.add("stale-entries")
    if any(o.quantity > 10 * 75 and o.side == "SELL" for o in orders if o.status == "NEW"):
        names.add("large-order")
    return names
