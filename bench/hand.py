"""The two books as a programmer writes them by hand: plain functions over the same exact facts, limits as constants."""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from engine.domain.numbers import ZERO

LOSS_LIMIT: Final = Decimal(25_000)
LEG_LIMIT: Final = Decimal(8_000)
KEEP: Final = Decimal(4_000)

LOSS_BEYOND: Final = 4 * LOSS_LIMIT
LOSS_WITH_STOP: Final = Decimal(70_000)
LOSS_SHARE: Final = Decimal("0.02")
PEAK_TO_GUARD: Final = Decimal(5_000)
GIVEN_BACK: Final = 22 * KEEP
GOOD_PEAK: Final = Decimal(50_000)
REALIZED_FLOOR: Final = Decimal(-15_000)
MARGIN_LIMIT: Final = Decimal(88)
MOST_POSITIONS: Final = Decimal(23)
MOST_NAKED: Final = Decimal(9)
MOST_UNPROTECTED: Final = Decimal(3)
LOSS_WITH_RESTING_STOP: Final = Decimal(40_000)
MOST_REJECTIONS: Final = Decimal(25)
BUSY_FROM: Final = Decimal(115)
BUSY_TO: Final = Decimal(400)
MOST_OPEN_ORDERS: Final = Decimal(28)
LAST_HOUR: Final = Decimal(60)
MORNING_END: Final = Decimal(10 * 3600 + 30 * 60)
MORNING_LOSS: Final = Decimal(10_000)

GOOD_DAY: Final = Decimal(90_000)
FEW_LONGS: Final = Decimal(4)
MANY_SHORTS: Final = Decimal(10)
CROWDED_ORDERS: Final = Decimal(37)
CROWDED_POSITIONS: Final = Decimal(24)
CLOSE_NEAR: Final = Decimal(45)
CLOSE_LOSS_SHARE: Final = Decimal("0.01")
NAKED_AFTER_STOP: Final = Decimal(9)
MARGIN_THIN: Final = Decimal(70)
LOSS_ON_THIN_MARGIN: Final = Decimal(30_000)
SHORTS_PER_LONG: Final = Decimal(3)
PEAK_WORTH: Final = Decimal(9_000)
PEAK_TIMES: Final = Decimal(3)
OPEN_FLOOR: Final = Decimal(-90_000)
EXTREME: Final = Decimal(120_000)
EXTREME_REJECTIONS: Final = Decimal(28)

LEG_HURTS: Final = 6 * LEG_LIMIT
LEG_SHARE: Final = Decimal("0.01")
BROAD_LOSS: Final = Decimal(15_000)
NO_LEG_BEYOND: Final = Decimal(18_000)
DOUBLE: Final = Decimal(2)
MOST_DOUBLED: Final = Decimal(2)
MOST_SHORT_LOTS: Final = Decimal(50)
INDEX_FLOOR: Final = Decimal(-50_000)
WORST_SHARE: Final = Decimal("0.01")
SHORT_FLOOR: Final = Decimal(-45_000)
MOST_INTRADAY: Final = Decimal(6)
DEAR: Final = Decimal(225)
LARGE: Final = Decimal(-400)


def flat(account: Any, _positions: Iterable[Any] = ()) -> set[str]:  # noqa: C901 - one plain function is the point
    """Return the names of the policies of the flat book whose condition is true."""
    fired = set()
    if account.loss >= LOSS_BEYOND:
        fired.add("loss-beyond-limit")
    if account.loss >= LOSS_WITH_STOP and account.stop_loss_hit:
        fired.add("loss-and-stop")
    if account.loss >= LOSS_SHARE * account.capital:
        fired.add("loss-of-capital")
    if account.mtm_peak >= PEAK_TO_GUARD and account.drawdown >= GIVEN_BACK:
        fired.add("gave-back")
    if account.mtm_peak >= GOOD_PEAK and account.mtm <= KEEP:
        fired.add("profit-falls")
    if account.realized_pnl <= REALIZED_FLOOR:
        fired.add("realized-loss")
    if account.margin_used_pct >= MARGIN_LIMIT:
        fired.add("margin-nearly-gone")
    if account.open_positions > MOST_POSITIONS:
        fired.add("too-many-positions")
    if account.naked_short_legs > MOST_NAKED:
        fired.add("naked")
    if account.unprotected_short_legs > MOST_UNPROTECTED:
        fired.add("unprotected")
    if account.stop_triggered_unfilled and account.loss >= LOSS_WITH_RESTING_STOP:
        fired.add("stop-rests")
    if account.rejections >= MOST_REJECTIONS:
        fired.add("many-rejections")
    if BUSY_FROM < account.orders_today < BUSY_TO:
        fired.add("many-orders")
    if account.open_orders > MOST_OPEN_ORDERS and account.minutes_to_close < LAST_HOUR:
        fired.add("working-late")
    if account.weekday in ("MON", "FRI") and account.time < MORNING_END and account.loss >= MORNING_LOSS:
        fired.add("early-loss")
    if account.profit >= GOOD_DAY:
        fired.add("very-good-day")
    if account.long_option_legs < FEW_LONGS and account.short_option_legs > MANY_SHORTS:
        fired.add("only-shorts")
    if account.open_orders > CROWDED_ORDERS or account.open_positions > CROWDED_POSITIONS:
        fired.add("crowded")
    if account.minutes_to_close <= CLOSE_NEAR and account.loss >= CLOSE_LOSS_SHARE * account.capital:
        fired.add("losing-near-close")
    if account.stop_loss_hit and account.naked_short_legs >= NAKED_AFTER_STOP:
        fired.add("stop-and-naked")
    if account.margin_used_pct > MARGIN_THIN and account.loss > LOSS_ON_THIN_MARGIN:
        fired.add("thin-margin-loss")
    if account.short_option_legs > SHORTS_PER_LONG * account.long_option_legs:
        fired.add("lopsided")
    if account.mtm_peak >= PEAK_WORTH and account.drawdown >= PEAK_TIMES * account.mtm_peak:
        fired.add("peak-lost")
    if account.mtm - account.realized_pnl <= OPEN_FLOOR:
        fired.add("open-loss")
    if account.profit >= EXTREME or account.loss >= EXTREME or account.rejections > EXTREME_REJECTIONS:
        fired.add("any-of-three")
    return fired


def aggregate(account: Any, positions: Iterable[Any]) -> set[str]:  # noqa: C901 - one plain function is the point
    """Return the names of the policies of the aggregate book whose condition is true."""
    fired = set()
    if account.loss >= LOSS_BEYOND:
        fired.add("loss-beyond-limit")
    if account.loss >= LOSS_WITH_STOP and account.stop_loss_hit:
        fired.add("loss-and-stop")
    if account.loss >= LOSS_SHARE * account.capital:
        fired.add("loss-of-capital")
    if account.mtm_peak >= PEAK_TO_GUARD and account.drawdown >= GIVEN_BACK:
        fired.add("gave-back")
    if account.mtm_peak >= GOOD_PEAK and account.mtm <= KEEP:
        fired.add("profit-falls")
    if account.realized_pnl <= REALIZED_FLOOR:
        fired.add("realized-loss")
    if account.margin_used_pct >= MARGIN_LIMIT:
        fired.add("margin-nearly-gone")
    if account.open_positions > MOST_POSITIONS:
        fired.add("too-many-positions")
    if account.naked_short_legs > MOST_NAKED:
        fired.add("naked")
    if account.unprotected_short_legs > MOST_UNPROTECTED:
        fired.add("unprotected")
    if account.stop_triggered_unfilled and account.loss >= LOSS_WITH_RESTING_STOP:
        fired.add("stop-rests")
    if account.rejections >= MOST_REJECTIONS:
        fired.add("many-rejections")
    if BUSY_FROM < account.orders_today < BUSY_TO:
        fired.add("many-orders")
    if account.open_orders > MOST_OPEN_ORDERS and account.minutes_to_close < LAST_HOUR:
        fired.add("working-late")
    if account.weekday in ("MON", "FRI") and account.time < MORNING_END and account.loss >= MORNING_LOSS:
        fired.add("early-loss")
    if any(p.loss >= LEG_HURTS for p in positions if p.is_short and p.is_option):
        fired.add("leg-hurts")
    if any(p.loss >= LEG_SHARE * account.capital for p in positions if p.is_short):
        fired.add("leg-of-capital")
    if account.loss >= BROAD_LOSS and all(p.loss < NO_LEG_BEYOND for p in positions):
        fired.add("no-one-leg")
    if sum(p.mark >= DOUBLE * p.entry_price for p in positions if p.is_short and p.is_option) >= MOST_DOUBLED:
        fired.add("doubled")
    if sum(p.lots for p in positions if p.is_short and p.is_option) > MOST_SHORT_LOTS:
        fired.add("short-lots")
    if sum(p.mtm for p in positions if p.underlying == "NIFTY") <= INDEX_FLOOR:
        fired.add("index-loss")
    if max((p.loss for p in positions), default=ZERO) >= WORST_SHARE * account.capital:
        fired.add("worst-leg")
    if min((p.mtm for p in positions if p.is_short and p.is_option), default=ZERO) <= SHORT_FLOOR:
        fired.add("worst-short")
    if sum(p.is_short and p.product == "MIS" for p in positions) > MOST_INTRADAY:
        fired.add("intraday-shorts")
    if any(p.mark > DEAR and p.net_quantity < LARGE for p in positions if p.is_short and p.is_option):
        fired.add("large-dear-short")
    return fired


BY_HAND: Final[Mapping[str, Callable[[Any, Any], set[str]]]] = {"flat": flat, "aggregate": aggregate}
