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
    }
)

# The rows by both their names; a field of one is `underlying.loss`.
LATER_ROWS = MappingProxyType(dict[str, str]())

LATER_FIELDS = MappingProxyType(dict[str, str]())
