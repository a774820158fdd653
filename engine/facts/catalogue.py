"""The one explicit list of the facts, rows and functions of the language; a new one is a line in its table, no more."""

from types import MappingProxyType

from engine.domain.events import NO_EVENTS
from engine.facts.account_rows import ACCOUNT_ROWS
from engine.facts.base import Catalogue
from engine.facts.book import BOOK_FACTS
from engine.facts.charges import CHARGE_FACTS
from engine.facts.event_day import event_day
from engine.facts.expiry_rows import EXPIRY_ROWS
from engine.facts.fill_rows import FILL_ROWS
from engine.facts.functions import FUNCTIONS
from engine.facts.group import GROUP_ROWS
from engine.facts.hours import HOUR_FACTS
from engine.facts.leg_rows import LEG_ROWS
from engine.facts.limits import LIMIT_FACTS
from engine.facts.money import MONEY_FACTS
from engine.facts.order_rows import ORDER_ROWS
from engine.facts.orders import ORDER_FACTS
from engine.facts.session import SESSION_FACTS
from engine.facts.streak import STREAK_FACTS
from engine.facts.underlying_rows import UNDERLYING_ROWS
from engine.facts.week import WEEK_FACTS

_FACTS = (
    MONEY_FACTS,
    CHARGE_FACTS,
    WEEK_FACTS,
    BOOK_FACTS,
    ORDER_FACTS,
    STREAK_FACTS,
    LIMIT_FACTS,
    SESSION_FACTS,
    HOUR_FACTS,
)
_ROWS = (LEG_ROWS, ORDER_ROWS, FILL_ROWS, UNDERLYING_ROWS, EXPIRY_ROWS, ACCOUNT_ROWS)

CATALOGUE = Catalogue(
    facts=MappingProxyType({fact.name: fact for table in _FACTS for fact in table}),
    rows=MappingProxyType({rows.plural: rows for table in _ROWS for rows in table}),
    functions=MappingProxyType({function.name: function for function in (*FUNCTIONS, event_day(NO_EVENTS))}),
    shared=MappingProxyType({rows.plural: rows for rows in GROUP_ROWS}),
)
