"""`event_day(name)`: whether today is a day of one of the desk's own events; the calendar comes with the policies."""

from dataclasses import dataclass, replace
from types import MappingProxyType

from engine.domain.events import Events
from engine.domain.kinds import BOOL, TEXT
from engine.domain.values import Value, unknown
from engine.facts.base import Catalogue, FunctionSpec, Parameter, Part, View


@dataclass(frozen=True, slots=True)
class EventDay:
    """The function of one calendar; by value, so that equal calendars make equal catalogues."""

    events: Events

    def __call__(self, view: View, name: str) -> Value:
        """Return whether the trading date is a day of an event; Unknown in a year nobody entered."""
        day = view.session.trading_date
        found = self.events.falls_on(name, day)
        return unknown(f"calendar.yaml does not hold the year {day.year}") if found is None else found


def event_day(events: Events) -> FunctionSpec:
    """Return the function that tells of a calendar's events."""
    return FunctionSpec(
        name="event_day",
        type=BOOL,
        doc="Whether the trading date is a day of an event of the desk's calendar.yaml; unknown in a year that file "
        "does not hold.",
        example="event_day('budget')",
        parameters=(Parameter("'budget'", TEXT, one_of="event", choices=tuple(events.occasions)),),
        compute=EventDay(events),
        needs=frozenset({Part.CLOCK}),
    )


def with_events(catalogue: Catalogue, events: Events) -> Catalogue:
    """Return a catalogue whose `event_day` tells of these events."""
    function = event_day(events)
    return replace(catalogue, functions=MappingProxyType({**catalogue.functions, function.name: function}))
