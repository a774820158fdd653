"""Names of the language's second tier, so that the checker answers "known, comes later" and not "unknown"."""

from types import MappingProxyType

LATER_FACTS = MappingProxyType(
    {
        "mtm_net": "The day's mark-to-market less estimated charges, from a dated table of charges.",
        "week_loss": "The loss of the trading week so far as a positive amount.",
        "losing_streak": "How many closed positions in a row lost.",
        "order_budget_left": "How many order calls the broker's limits still allow.",
        "time_to_flat": "How long squaring off the present book would take under the broker's order limits.",
        "minutes_to_broker_square_off": "Minutes until the broker squares off intraday products by itself.",
        "event_day": "Whether today is a named day of the desk's calendar.",
        "expires_today": "Whether a contract of an underlying expires today.",
        "spot": "The price of an underlying.",
    }
)

# The rows by both their names; a field of one is `underlying.loss`.
LATER_ROWS = MappingProxyType(
    {
        "underlyings": "One row for each underlying with a leg today.",
        "underlying": "One underlying of the book: its name, loss, short lots, naked lots, whether it expires today.",
        "expiries": "One row for each underlying and expiry date with an open leg.",
        "expiry": "One underlying and expiry date: its sold calls and puts, the premium received and the premium now.",
        "group": "All accounts of the policy together: sums over the members, the losing ones, the parts.",
    }
)

LATER_FIELDS = MappingProxyType(
    {
        "underlying.name": "The underlying's name.",
        "underlying.loss": "The day's loss over all legs of the underlying, as a positive amount.",
        "underlying.mtm": "The day's profit or loss over all legs of the underlying.",
        "underlying.short_lots": "Lots of sold options on the underlying.",
        "underlying.naked_short_lots": "Lots of sold options on the underlying that no bought one covers.",
        "underlying.expires_today": "Whether a contract of the underlying expires today.",
        "expiry.underlying": "The underlying of this expiry.",
        "expiry.date": "The expiry date.",
        "expiry.short_calls": "Sold call units of this expiry.",
        "expiry.short_puts": "Sold put units of this expiry.",
        "expiry.short_premium_now": "What buying back the sold options of this expiry would cost now.",
        "expiry.short_premium_received": "What the open sold options of this expiry were sold for.",
        "group.loss": "The loss of all members together, as a positive amount.",
        "group.losing_accounts": "How many members are in loss.",
        "group.parts": "Each member's share of the group's result, in words.",
    }
)
