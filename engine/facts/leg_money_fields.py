"""Fields of a row of the book: its prices, its quote, its profit and loss."""

from engine.domain.kinds import DURATION, MONEY, PERCENT
from engine.domain.numbers import ZERO
from engine.facts.base import FieldSpec, Part, Sign
from engine.facts.coverage import stop_price
from engine.facts.leg_values import (
    best,
    day_base_price,
    entry_price,
    exposure,
    quote_age,
    return_pct,
    spread_pct,
    trade_age,
)
from engine.facts.mark import last_price, mark
from engine.facts.pnl import leg_loss, leg_mtm, leg_profit, leg_realized, leg_unrealized

_POSITIONS = frozenset({Part.POSITIONS})
_PRICED = frozenset({Part.POSITIONS, Part.PRICES})
_QUOTED = frozenset({Part.POSITIONS, Part.QUOTES})

MONEY_FIELDS = (
    FieldSpec(
        name="entry_price",
        type=MONEY,
        doc="The true average cost of what is open; unknown where the broker gives only the settlement.",
        compute=entry_price,
        needs=_POSITIONS | {Part.FILLS},
        example="any(p.last_price >= 130% of p.entry_price for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="day_base_price",
        type=MONEY,
        doc="The price the day's result of the open quantity counts from: the previous settlement for what was "
        "carried, the average for what was opened today.",
        compute=lambda view, leg: day_base_price(leg),
        needs=_POSITIONS,
        example="any(p.mark >= 150% of p.day_base_price for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="mark",
        type=MONEY,
        doc="The price the leg is valued at: the last trade if it lies between bid and offer, else the nearer "
        "side; where no depth is read, the last trade.",
        compute=mark,
        needs=_PRICED,
        example="any(p.mark >= 200 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="last_price",
        type=MONEY,
        doc="The price of the last trade.",
        compute=last_price,
        needs=_PRICED,
        example="any(p.last_price >= 130% of p.entry_price for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="bid",
        type=MONEY,
        doc="The best price somebody buys at.",
        compute=lambda view, leg: best(view, leg, "bid"),
        needs=_QUOTED,
        example="any(p.bid < 1 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="ask",
        type=MONEY,
        doc="The best price somebody sells at.",
        compute=lambda view, leg: best(view, leg, "ask"),
        needs=_QUOTED,
        example="any(p.ask > 300 for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="quote_age",
        type=DURATION,
        doc="How long ago the broker last answered for the contract. A quote whose own stamp lies behind the newest of "
        "its answer by more than 5 times the age a quote may have, or a minute if that is longer, is stale all the "
        "same: a quiet contract is answered for, a frozen one is not.",
        compute=quote_age,
        needs=_QUOTED | {Part.CLOCK},
        example="any(p.quote_age > 10s for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="trade_age",
        type=DURATION,
        doc="How long ago the contract last traded; a quiet contract is not a stale one.",
        compute=trade_age,
        needs=_QUOTED | {Part.CLOCK},
        example="any(p.trade_age > 5m for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="spread_pct",
        type=PERCENT,
        doc="Offer less bid as a percentage of their middle.",
        compute=spread_pct,
        needs=_QUOTED,
        example="any(p.spread_pct > 20% for p in positions)",
    ),
    FieldSpec(
        name="stop_price",
        type=MONEY,
        doc="The trigger price of the working stop for this sold option, of several the farthest; unknown where none "
        "stands.",
        compute=stop_price,
        needs=_POSITIONS | {Part.ORDERS},
        example="any(p.stop_price > 160% of p.entry_price for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
    FieldSpec(
        name="loss",
        type=MONEY,
        doc="The leg's loss of the day as a positive amount, zero in profit.",
        compute=leg_loss,
        needs=_PRICED,
        example="any(p.loss >= 5k for p in positions)",
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FieldSpec(
        name="profit",
        type=MONEY,
        doc="The leg's profit of the day, zero in loss.",
        compute=leg_profit,
        needs=_PRICED,
        example="any(p.profit >= 5k for p in positions)",
        sign=Sign.MAGNITUDE,
        is_pnl=True,
        low=ZERO,
    ),
    FieldSpec(
        name="mtm",
        type=MONEY,
        doc="The leg's profit (+) or loss (−) of the day, charges excluded.",
        compute=leg_mtm,
        needs=_PRICED,
        example="any(p.mtm <= -5k for p in positions)",
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FieldSpec(
        name="realized_pnl",
        type=MONEY,
        doc="The settled part of the leg's mtm.",
        compute=lambda view, leg: leg_realized(leg),
        needs=_POSITIONS,
        example="any(p.realized_pnl <= -5k for p in positions)",
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FieldSpec(
        name="unrealized_pnl",
        type=MONEY,
        doc="The part of the leg's mtm that still moves with the market.",
        compute=leg_unrealized,
        needs=_PRICED,
        example="any(p.unrealized_pnl <= -5k for p in positions)",
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FieldSpec(
        name="return_pct",
        type=PERCENT,
        doc="What the open quantity has made since its entry in percent of what was paid or received for it: profit is "
        "+, of a sold contract too. A sold option at twice its price stands at −100 %.",
        compute=return_pct,
        needs=_PRICED | {Part.FILLS},
        example="any(p.return_pct <= -30% for p in positions)",
        sign=Sign.PLUS_MINUS,
        is_pnl=True,
    ),
    FieldSpec(
        name="exposure",
        type=MONEY,
        doc="What the position is worth, whether bought or sold: quantity × mark, an option by its premium.",
        compute=exposure,
        needs=_PRICED,
        example="any(p.exposure > 5 lakh for p in positions)",
        sign=Sign.MAGNITUDE,
        low=ZERO,
    ),
)
