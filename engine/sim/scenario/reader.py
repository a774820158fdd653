"""A scenario file's text as a `Scenario`, or every finding of what is wrong with it, with line and column."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache, partial
from typing import Final

from jsonschema import Draft202012Validator

from engine.domain.expiries import Expiries
from engine.domain.numbers import HUNDRED, exact
from engine.domain.session import Calendar
from engine.policy import yaml_text
from engine.policy.findings import Place, Report
from engine.policy.shape import check_against
from engine.sim.clock import Pace, checked_rate
from engine.sim.exchange.setup import Account, SessionTimes, Setup
from engine.sim.scenario import rules, sentences
from engine.sim.scenario.day import ZONE, Day
from engine.sim.scenario.listed import Listed, list_contracts
from engine.sim.scenario.model import Scenario, Terminal
from engine.sim.scenario.names import Names
from engine.sim.scenario.part import Part
from engine.sim.scenario.shape import scenario_schema
from engine.sim.terminal.looks import Skin
from engine.sim.terminal.members import Channel

_LOOK_BACK: Final = 15
_BEFORE_OPEN: Final = timedelta(minutes=1)


@cache
def _validator() -> Draft202012Validator:
    return Draft202012Validator(scenario_schema())


def read_scenario(text: str, file: str, calendars: Mapping[str, Calendar], report: Report) -> Scenario | None:
    """
    Return what a file says; None with findings in the report when anything is wrong.

    calendars: by exchange code, for hours and expiries; what they do not hold is taken as written.
    """
    before = report.error_count
    root = yaml_text.read(text, file, report)
    if not isinstance(root, yaml_text.Mapping):
        if report.error_count == before:
            place = Place(file) if root is None else root.place
            report.error("wrong-shape", place, "the file is not a scenario", "begin it with scenario: its-name")
        return None
    check_against(root, _validator(), report)
    if report.error_count > before:
        return None
    scenario = _scenario(Part(root, report), text, calendars)
    return scenario if report.error_count == before else None


def _scenario(file: Part, text: str, calendars: Mapping[str, Calendar]) -> Scenario | None:
    on = file.read("day", date.fromisoformat, None)
    if on is None:
        return None
    day = Day(on, next((one.expiries for one in calendars.values()), Expiries()))
    listed = list_contracts(file, day)
    sessions = _sessions(file, day, calendars, frozenset(one.exchange for one in listed.listing.contracts()))
    if not sessions:
        return None
    opens = min(one.opens_at for one in sessions.values())
    names = Names(day, listed.listing, tuple(name.text for name, _ in file.named("accounts")))
    before = Day(_trading_day_before(on, calendars.get("NSE")))
    start = file.read("from", day.at, opens - _BEFORE_OPEN)
    hands = file.each("trader", names.hand)
    if any(hand.at < start for hand in hands):
        said = "a trader does something before the simulation begins"
        file.report.error("wrong-value", file.place("trader"), said, "begin earlier: from: 09:00")
    setup = Setup(
        start=start,
        trading_date=on,
        contracts=listed.listing.contracts(),
        accounts=tuple(_account(name.text, part, listed, day, before, start) for name, part in file.named("accounts")),
        sessions=sessions,
        ticks=listed.ticks,
        hands=hands,
        fills=tuple(names.fill(part) for part in file.parts("fills")),
        rules=rules.rules_of(file.within("rules"), day, listed.no_market_orders),
        depths=listed.depths,
    )
    clock, terminal = file.within("clock"), file.within("terminal")
    return Scenario(
        name=file.read("scenario", str, ""),
        title=file.read("title", str, ""),
        setup=setup,
        faults=tuple(names.fault(part) for part in file.parts("faults")),
        pace=clock.read("pace", Pace, Pace.REAL),
        rate=clock.read("rate", lambda text: checked_rate(float(text)), 1),
        terminal=Terminal(terminal.read("skin", Skin, Skin.HTML), terminal.read("otp", Channel, Channel.MAIL)),
        names=names,
        text=text,
    )


def _sessions(
    file: Part, day: Day, calendars: Mapping[str, Calendar], exchanges: frozenset[str]
) -> Mapping[str, SessionTimes]:
    told = file.within("session")
    if told.node is not None:
        opens, closes = told.read("open", day.at, None), told.read("close", day.at, None)
        if opens is None or closes is None:
            return {}
        if closes <= opens:
            file.report.error("wrong-value", told.place("close"), "the session closes before it opens")
        return dict.fromkeys(exchanges, SessionTimes(opens, closes))
    sessions: dict[str, SessionTimes] = {}
    for exchange in sorted(exchanges):
        calendar = calendars.get(exchange)
        noon = datetime(day.on.year, day.on.month, day.on.day, 12, tzinfo=ZONE)
        session = None if calendar is None else calendar.session_at(noon)
        if session is None or session.opens_at is None or session.closes_at is None:
            why = f"no {exchange} calendar is known" if session is None else f"{exchange}: {session.note}"
            hint = "name another day, or write session: {open: 09:15, close: 15:30}"
            file.report.error("wrong-value", file.place("day"), f"the market is not open on {day.on} ({why})", hint)
            return {}
        sessions[exchange] = SessionTimes(session.opens_at.astimezone(UTC), session.closes_at.astimezone(UTC))
    return sessions


def _trading_day_before(on: date, calendar: Calendar | None) -> date:
    """Return the last day the market was open; of what no calendar holds, the last weekday."""
    for ago in range(1, _LOOK_BACK):
        day = on - timedelta(days=ago)
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=ZONE)
        session = None if calendar is None else calendar.session_at(noon)
        is_told = session is not None and session.known
        if (session is not None and session.opens_at is not None) or (not is_told and day.weekday() < 5):
            return day
    return on - timedelta(days=1)


def _account(code: str, part: Part, listed: Listed, day: Day, before: Day, start: datetime) -> Account:
    listing = listed.listing
    exchanges = part.each("exchanges", str)
    carried = part.each("positions", partial(sentences.position, listing=listing))
    if len({(one.key, one.product) for one in carried}) < len(carried):
        said = "a contract stands here twice in one product"
        part.report.error("wrong-value", part.place("positions"), said, "write its net quantity once")
    done = part.each("trades", partial(sentences.trade, listing=listing, day=day))
    if any(one.at > start for one in done):
        said = "a trade is done after the simulation begins"
        part.report.error("wrong-value", part.place("trades"), said, "begin later, or let a trader do it")
    return Account(
        code=code,
        cash=part.read("cash", exact, HUNDRED),
        carried=carried,
        done=done,
        resting=part.each("orders", partial(sentences.resting, listing=listing)),
        earlier=part.each("yesterday", partial(sentences.earlier, listing=listing, before=before)),
        holdings=part.each("holdings", partial(sentences.position, listing=listing)),
        segments=frozenset(exchanges) if exchanges else None,
    )
