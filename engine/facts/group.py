"""
The row `group`: several accounts taken together, and what its fields add up; who belongs to it is not said here.

A member whose figure is unknown leaves the sum an interval. What the figures are is the caller's.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from types import MappingProxyType
from typing import Final
from zoneinfo import ZoneInfo

from engine.domain.kinds import MONEY, PERCENT, TEXT, count_of, show
from engine.domain.numbers import ZERO
from engine.domain.values import Unknown, Value, bounds, greatest, merge_causes, total
from engine.facts.base import FactSpec, FieldSpec, Part, RowSpec, Sign, View
from engine.facts.book import BOOK_FACTS
from engine.facts.charges import CHARGE_FACTS
from engine.facts.counting import count_true, some
from engine.facts.money import MONEY_FACTS, share_of, share_used
from engine.facts.orders import ORDER_FACTS
from engine.facts.pnl import loss_of, profit_of
from engine.facts.week import WEEK_FACTS

_TABLES: Final = (MONEY_FACTS, CHARGE_FACTS, WEEK_FACTS, BOOK_FACTS, ORDER_FACTS)
_FACTS: Final[Mapping[str, FactSpec]] = MappingProxyType({fact.name: fact for table in _TABLES for fact in table})
_PRICED: Final = frozenset({Part.POSITIONS, Part.PRICES})


@dataclass(frozen=True, slots=True)
class Member:
    """One account of a group. values: its facts by name, those that are not known with their own cause."""

    account: str
    currency: str
    zone: ZoneInfo
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Group:
    """
    Accounts taken together at one instant.

    name: what their policy chooses them by. members: in the order of the desk. apart: why their figures cannot be added
    up at all (readings too far apart, two currencies), None when they can.
    """

    name: str
    members: tuple[Member, ...]
    apart: Unknown | None = None
    sums: dict[str, Value] = field(default_factory=dict, compare=False, repr=False)

    def once(self, name: str, compute: Callable[["Group"], Value]) -> Value:
        """Return `compute(self)`, computed once however many members ask."""
        if name not in self.sums:
            self.sums[name] = compute(self)
        return self.sums[name]

    def values(self, fact: str) -> list[Value]:
        """Return a fact of every member; an unknown one names its member."""
        return [_named(member.account, member.values[fact]) for member in self.members]


def _named(account: str, value: Value) -> Value:
    if not isinstance(value, Unknown):
        return value
    return Unknown(tuple(f"{account}: {cause}" for cause in value.causes), value.low, value.high)


def _sum_of(fact: str) -> Callable[[Group], Value]:
    return lambda group: total(group.values(fact))


def _margin_used_pct(group: Group) -> Value:
    return share_used(_sum_of("margin_used")(group), _sum_of("margin_available")(group))


def _losing(group: Group) -> Value:
    return count_true(some(loss) for loss in group.values("loss"))


def _worst_account(group: Group) -> Value:
    results = list(zip(group.members, group.values("mtm"), strict=True))
    known = [(value, member.account) for member, value in results if isinstance(value, Decimal)]
    lows = [bounds(value)[0] for _, value in results if isinstance(value, Unknown)]
    if known and all(low is not None and low > min(known)[0] for low in lows):
        return min(known)[1]
    return Unknown(merge_causes(value for _, value in results) or ("a group of no accounts",))


def _parts(group: Group) -> Value:
    # Told in any case: what is not known of a member is said there.
    shares = (f"{one.account} {show(one.values['mtm'], MONEY, one.currency, one.zone)}" for one in group.members)
    return ", ".join(shares)


def _field(name: str, like: str, doc: str, made: Callable[[Group], Value], example: str) -> FieldSpec:
    """Return a field of the kind and range of an account's fact."""
    fact = _FACTS[like]

    def compute(_view: View, group: Group) -> Value:
        if group.apart is not None:
            return Unknown(group.apart.causes, fact.low) if fact.type.is_numeric else group.apart
        return group.once(name, made)

    return FieldSpec(
        name=name,
        type=fact.type,
        doc=doc,
        example=example,
        compute=compute,
        needs=fact.needs,
        sign=fact.sign,
        is_pnl=fact.is_pnl,
        is_fixed=fact.is_fixed,
        low=fact.low,
    )


def _summed(fact: str, doc: str, example: str) -> FieldSpec:
    return _field(fact, fact, doc, _sum_of(fact), f"group.{fact} {example}")


_FIELDS: Final = (
    FieldSpec(
        name="accounts",
        type=count_of("accounts"),
        doc="How many accounts the policy chooses, those whose mode is off too.",
        example="group.losing_accounts == group.accounts",
        compute=lambda _view, group: Decimal(len(group.members)),
        needs=frozenset({Part.CLOCK}),
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    _summed(
        "mtm", "The day's profit (+) or loss (−) of all members together.", "<= -50k and group.losing_accounts > 1"
    ),
    _field(
        "loss",
        "loss",
        "The loss of all members together as a positive amount, one member's profit counted against another's loss.",
        lambda group: loss_of(_sum_of("mtm")(group)),
        "group.loss >= 50k",
    ),
    _field(
        "profit",
        "profit",
        "The profit of all members together, zero in loss.",
        lambda group: profit_of(_sum_of("mtm")(group)),
        "group.profit >= 1 lakh",
    ),
    _field(
        "loss_pct",
        "loss_pct",
        "The loss of all members together in percent of their capital together.",
        lambda group: share_of(loss_of(_sum_of("mtm")(group)), _sum_of("capital")(group)),
        "group.loss_pct >= 2%",
    ),
    _summed("charges", "What the day's trades of all members cost by an estimate.", ">= 10k"),
    _summed("mtm_net", "The day's result of all members together less estimated charges.", "<= -50k"),
    _summed(
        "week_mtm", "The profit (+) or loss (−) of the trading week so far, of all members together.", "<= -1 lakh"
    ),
    _field(
        "week_loss",
        "week_loss",
        "The loss of the trading week so far of all members together, zero in profit.",
        lambda group: loss_of(_sum_of("week_mtm")(group)),
        "group.week_loss >= 1 lakh",
    ),
    _summed("realized_pnl", "The settled part of the members' results.", "<= -50k"),
    _summed("unrealized_pnl", "The part of the members' results that still moves with the market.", "<= -50k"),
    FieldSpec(
        name="losing_accounts",
        type=count_of("accounts"),
        doc="How many members are in loss.",
        example="group.losing_accounts >= 3",
        compute=lambda _view, group: (
            Unknown(group.apart.causes, ZERO) if group.apart is not None else group.once("losing_accounts", _losing)
        ),
        needs=_PRICED,
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    _field(
        "worst_loss",
        "loss",
        "The largest loss of one member.",
        lambda group: greatest(group.values("loss")),
        "group.worst_loss >= 30k",
    ),
    FieldSpec(
        name="worst_account",
        type=TEXT,
        doc="The member with the lowest mtm.",
        example="group.worst_account != 'A1'",
        compute=lambda _view, group: (
            group.apart if group.apart is not None else group.once("worst_account", _worst_account)
        ),
        needs=_PRICED,
    ),
    FieldSpec(
        name="parts",
        type=TEXT,
        doc="Each member with its own result, in words; for `because`. A member whose result is not known says why.",
        example="'{group.parts}'",
        compute=lambda _view, group: group.once("parts", _parts),
        needs=_PRICED,
    ),
    _summed("capital", "The members' capital together, each fixed for its day.", ">= 10 lakh"),
    _summed("margin_used", "Margin the members' brokers block now.", ">= 50 lakh"),
    _summed("margin_available", "Margin the members have free.", "< 1 lakh"),
    FieldSpec(
        name="margin_used_pct",
        type=PERCENT,
        doc="Margin used by all members as a percentage of what they use and have free.",
        example="group.margin_used_pct >= 90%",
        compute=lambda _view, group: (
            Unknown(group.apart.causes, ZERO)
            if group.apart is not None
            else group.once("margin_used_pct", _margin_used_pct)
        ),
        needs=frozenset({Part.FUNDS}),
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    _summed(
        "gross_exposure", "What all open derivative legs of the members are worth, longs and shorts added.", "> 1 crore"
    ),
    _summed("net_exposure", "What they are worth with shorts subtracted.", "<= -10 lakh"),
    _summed("open_positions", "How many positions are open in all members.", "> 40"),
    _summed("short_option_legs", "How many sold options are open in all members.", "> 20"),
    _summed("long_option_legs", "How many bought options are open in all members.", "== 0"),
    _summed("naked_short_legs", "How many of them are not wholly covered in their own account.", "> 0"),
    _summed("naked_short_lots", "How many sold lots are not covered in their own account.", "> 10"),
    _summed(
        "hedge_lost_lots", "How many sold lots were covered at an earlier reading of today and are naked now.", "> 0"
    ),
    _summed("unprotected_short_legs", "How many sold options have units without a working stop.", "> 0"),
    _summed("open_orders", "How many orders work in all members.", "> 50"),
    _summed("orders_today", "How many orders were placed today in all members.", "> 400"),
    _summed("order_rate", "How many orders all members placed in the last 60 seconds.", "> 100"),
    _summed("rejections", "How many orders were rejected today in all members.", "> 10"),
    _summed("stop_loss_hits", "How many stop-losses on sold options have filled today in all members.", ">= 5"),
)

# Which facts of a member each field is made of; any other is made of the fact of its own name.
_MADE_OF: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "accounts": (),
        "loss": ("mtm",),
        "profit": ("mtm",),
        "loss_pct": ("mtm", "capital"),
        "week_loss": ("week_mtm",),
        "losing_accounts": ("loss",),
        "worst_loss": ("loss",),
        "worst_account": ("mtm",),
        "parts": ("mtm",),
        "margin_used_pct": ("margin_used", "margin_available"),
    }
)


def made_of(name: str) -> tuple[FactSpec, ...]:
    """Return the account facts a field of a group is made of."""
    return tuple(_FACTS[fact] for fact in _MADE_OF.get(name, (name,)))


GROUP_ROWS: Final = (
    RowSpec(
        plural="groups",
        singular="group",
        doc="All accounts that a policy's `accounts` chooses, taken together as one.",
        rows=lambda _view: (),
        key=lambda group: group.name,
        needs=frozenset(),
        fields=MappingProxyType({spec.name: spec for spec in _FIELDS}),
        latches=("day", "week"),
        spans_accounts=True,
    ),
)
