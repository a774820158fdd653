"""The rows `accounts`: the one account itself, for a rule that names it; its figures are the facts."""

from types import MappingProxyType

from engine.domain.enums import MarkBasis
from engine.domain.kinds import DURATION, TEXT, choice
from engine.domain.numbers import ZERO, seconds_of
from engine.facts.base import FieldSpec, Part, RowSpec, Sign

# It is configured, not read.
_NOTHING: frozenset[Part] = frozenset()

ACCOUNT_FIELDS = (
    FieldSpec(
        name="id",
        type=TEXT,
        doc="The account's id, as the desk file names it.",
        path="id",
        needs=_NOTHING,
        example="any(a.id == 'A1' and loss >= 10k for a in accounts)",
    ),
    FieldSpec(
        name="broker",
        type=TEXT,
        doc="The broker the account is with.",
        path="profile.broker",
        needs=_NOTHING,
        example="any(a.broker == 'kite' and open_orders > 20 for a in accounts)",
    ),
    FieldSpec(
        name="exchange",
        type=TEXT,
        doc="The exchange whose calendar the account follows.",
        path="exchange",
        needs=_NOTHING,
        example="any(a.exchange == 'NSE' and open_positions > 0 for a in accounts)",
    ),
    FieldSpec(
        name="currency",
        type=TEXT,
        doc="What the account's money is in.",
        path="currency",
        needs=_NOTHING,
        example="any(a.currency == 'INR' and loss >= 10k for a in accounts)",
    ),
    FieldSpec(
        name="mark_basis",
        type=choice(MarkBasis),
        doc="What open legs are marked by: two-sided quotes (depth), or the last trade (last).",
        path="profile.mark_basis",
        needs=_NOTHING,
        example="any(a.mark_basis == last and loss >= 10k for a in accounts)",
    ),
    FieldSpec(
        name="poll",
        type=DURATION,
        doc="The time between two readings of the account.",
        compute=lambda _, account: seconds_of(account.profile.poll),
        needs=_NOTHING,
        example="any(a.poll > 5s and open_positions > 0 for a in accounts)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)

ACCOUNT_ROWS = (
    RowSpec(
        plural="accounts",
        singular="account",
        doc="The one account that is looked at. What it holds and earns are the facts: loss, open_positions and so on.",
        rows=lambda view: (view.account,),
        key=lambda account: account.id,
        needs=_NOTHING,
        fields=MappingProxyType({field.name: field for field in ACCOUNT_FIELDS}),
        latches=("day", "week"),
    ),
)
