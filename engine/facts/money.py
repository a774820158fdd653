"""Facts about an account's money: the day's result, its peak, margin and exposure."""

from decimal import Decimal

from engine.domain.kinds import MONEY, NUMBER, PERCENT
from engine.domain.numbers import CONTEXT, HUNDRED, ZERO
from engine.domain.snapshot import Leg
from engine.domain.values import Unknown, Value, divide, greatest, merge_causes, multiply, subtract, total, unknown
from engine.facts.base import FactSpec, Part, Sign, View
from engine.facts.counting import at_least_zero
from engine.facts.leg_values import exposure
from engine.facts.mark import mark
from engine.facts.parts import funds_of, positions_of
from engine.facts.pnl import account_mtm, account_realized, account_unrealized, loss_of, profit_of

_PRICED = frozenset({Part.POSITIONS, Part.PRICES})
_FUNDS = frozenset({Part.FUNDS})
# Brokers send zero before the day's figures stand; a limit in percent of it would fire at once.
LEAST_CAPITAL = Decimal("0.01")


def drawdown(view: View) -> Value:
    """Return how far the day's mark-to-market stands below its peak, never negative."""
    return greatest((ZERO, subtract(view.memory.mtm_peak, account_mtm(view))))


def capital(view: View) -> Value:
    """Return the first capital read today; Unknown until one was, and while the broker says zero."""
    if view.memory.capital is not None:
        return view.memory.capital
    funds = funds_of(view)
    if isinstance(funds, Unknown):
        return Unknown(funds.causes, LEAST_CAPITAL, None)
    if funds.capital is None or funds.capital < LEAST_CAPITAL:
        return Unknown(("capital not told by the broker",), LEAST_CAPITAL, None)
    return funds.capital


def margin_used(view: View) -> Value:
    """Return the margin blocked now."""
    funds = funds_of(view)
    if isinstance(funds, Unknown):
        return at_least_zero(funds)
    return funds.margin_used if funds.margin_used is not None else at_least_zero(unknown("margin used not told"))


def margin_available(view: View) -> Value:
    """Return the margin free for new positions, negative when the account is overdrawn."""
    funds = funds_of(view)
    if isinstance(funds, Unknown):
        return funds
    return funds.margin_available if funds.margin_available is not None else unknown("margin available not told")


def margin_used_pct(view: View) -> Value:
    """Return used ÷ (used + available) in percent points; at least 100 when the account is overdrawn by all of it."""
    return share_used(margin_used(view), margin_available(view))


def share_used(used: Value, available: Value) -> Value:
    """Return used ÷ (used + available) in percent points."""
    if not isinstance(used, Decimal) or not isinstance(available, Decimal):
        return Unknown(merge_causes((used, available)), ZERO, None)
    whole = CONTEXT.add(used, available)
    if whole > ZERO:
        return CONTEXT.divide(CONTEXT.multiply(used, HUNDRED), whole)
    if used > ZERO:
        return Unknown(("margin used is more than all the funds",), HUNDRED, None)
    return Unknown(("no margin and no funds",), ZERO, None)


def gross_exposure(view: View) -> Value:
    """Return the sum of |quantity| × mark × factor over the open derivative legs."""
    return _exposure(view, signed=False)


def net_exposure(view: View) -> Value:
    """Return the sum of quantity × mark × factor over the open derivative legs, shorts negative."""
    return _exposure(view, signed=True)


def of_capital(view: View, amount: Value) -> Value:
    """Return an amount that is never negative in percent of the day's capital."""
    return share_of(amount, capital(view))


def share_of(amount: Value, whole: Value) -> Value:
    """Return an amount that is never negative in percent of another."""
    share = divide(multiply(amount, HUNDRED), whole)
    return at_least_zero(share) if isinstance(share, Unknown) and share.low is None else share


def leverage(view: View) -> Value:
    """Return gross exposure ÷ capital."""
    ratio = divide(gross_exposure(view), capital(view))
    return at_least_zero(ratio) if isinstance(ratio, Unknown) and ratio.low is None else ratio


def _exposure(view: View, *, signed: bool) -> Value:
    legs = positions_of(view)
    if isinstance(legs, Unknown):
        return Unknown(legs.causes) if signed else at_least_zero(legs)
    return total(leg_exposure(view, leg, signed=signed) for leg in legs)


def leg_exposure(view: View, leg: Leg, *, signed: bool) -> Value:
    """Return |quantity| × mark × factor of a derivative, a short one negative when signed; zero for anything else."""
    if not leg.is_open or not leg.instrument.is_derivative:
        return ZERO
    return multiply(CONTEXT.multiply(leg.net_quantity, leg.factor), mark(view, leg)) if signed else exposure(view, leg)


MONEY_FACTS = (
    FactSpec(
        name="mtm",
        type=MONEY,
        doc="The day's profit (+) or loss (−) over all legs carried or traded today, closed ones included, carried "
        "ones counted from the previous settlement, charges excluded.",
        example="drawdown >= 2k and mtm >= 5k",
        compute=account_mtm,
        needs=_PRICED,
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FactSpec(
        name="loss",
        type=MONEY,
        doc="The day's loss as a positive amount: mtm with its sign turned, zero in profit.",
        example="loss >= 10k",
        compute=lambda view: loss_of(account_mtm(view)),
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="profit",
        type=MONEY,
        doc="The day's profit: mtm, zero in loss.",
        example="profit >= 25k",
        compute=lambda view: profit_of(account_mtm(view)),
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="realized_pnl",
        type=MONEY,
        doc="The part of mtm that is settled: quantity bought and sold today at their averages, carried quantity at "
        "the previous settlement.",
        example="realized_pnl <= -20k",
        compute=account_realized,
        needs=frozenset({Part.POSITIONS}),
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FactSpec(
        name="unrealized_pnl",
        type=MONEY,
        doc="The part of mtm that still moves with the market: mtm less realized_pnl.",
        example="unrealized_pnl <= -20k",
        compute=account_unrealized,
        needs=_PRICED,
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FactSpec(
        name="mtm_peak",
        type=MONEY,
        doc="The highest mtm the day has held over two readings at least 3 seconds apart, from zero at the open.",
        example="mtm_peak >= 5k and drawdown >= 4k",
        compute=lambda view: view.memory.mtm_peak,
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="drawdown",
        type=MONEY,
        doc="How much of the day's peak has been given back: mtm_peak less mtm.",
        example="drawdown >= 4k",
        compute=drawdown,
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="loss_pct",
        type=PERCENT,
        doc="The day's loss in percent of the capital.",
        example="loss_pct >= 2%",
        compute=lambda view: of_capital(view, loss_of(account_mtm(view))),
        needs=_PRICED | _FUNDS,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="drawdown_pct",
        type=PERCENT,
        doc="How much of the day's peak has been given back, in percent of the capital.",
        example="drawdown_pct >= 3%",
        compute=lambda view: of_capital(view, drawdown(view)),
        needs=_PRICED | _FUNDS,
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FactSpec(
        name="capital",
        type=MONEY,
        doc="The account's cash and collateral as first read today, fixed for the day; first read after the open, it "
        "holds what the day had brought by then, and a trace gives the age of the newest funds, not of this figure.",
        example="loss >= 2% of capital",
        compute=capital,
        is_fixed=True,
        needs=_FUNDS,
        sign=Sign.MAGNITUDE,
        low=LEAST_CAPITAL,
    ),
    FactSpec(
        name="margin_used",
        type=MONEY,
        doc="Margin the broker blocks now for positions and orders.",
        example="margin_used >= 5 lakh",
        compute=margin_used,
        needs=_FUNDS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="margin_available",
        type=MONEY,
        doc="Margin free for new positions; negative when the account is overdrawn.",
        example="margin_available < 50k",
        compute=margin_available,
        needs=_FUNDS,
    ),
    FactSpec(
        name="margin_used_pct",
        type=PERCENT,
        doc="Margin used as a percentage of margin used and available together.",
        example="margin_used_pct >= 90%",
        compute=margin_used_pct,
        needs=_FUNDS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="gross_exposure",
        type=MONEY,
        doc="What all open derivative legs are worth, longs and shorts added: quantity × mark, options by their "
        "premium and futures by their price.",
        example="gross_exposure >= 50 lakh",
        compute=gross_exposure,
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FactSpec(
        name="net_exposure",
        type=MONEY,
        doc="What all open derivative legs are worth with shorts subtracted: quantity × mark, options by their "
        "premium and futures by their price.",
        example="net_exposure <= -10 lakh",
        compute=net_exposure,
        needs=_PRICED,
    ),
    FactSpec(
        name="leverage",
        type=NUMBER,
        doc="Gross exposure as a multiple of capital.",
        example="leverage > 5",
        compute=leverage,
        needs=_PRICED | _FUNDS,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)
