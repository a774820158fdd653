"""What one reading computed and the next goes on using changes nothing: with it and without, the same to the byte."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.core.evaluate import AccountState, evaluate
from engine.domain.account import Account, Profile
from engine.domain.enums import MarkBasis
from engine.domain.session import Calendar
from engine.domain.snapshot import Book, Missing, Snapshot
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for
from engine.runtime.policy_files import LATER
from engine.runtime.snapshot_file import parse_snapshot
from tests.policy.toy import CATALOGUE
from tests.properties.dump import canonical

SHIPPED = Path(__file__).parents[2] / "policies"
START = datetime.fromisoformat("2026-11-23T15:20:00+05:30")
# What the shipped policies do not ask: fields of orders and fills, ages, quotes, a limit that moves with the reading.
MORE = """policy: more-{number}
title: more
severity: info
accounts: all
{extra}when:
  any:
{sentences}
then: [notify: telegram]
because: "{{mtm}}"
"""
SENTENCES = (
    "count(o.is_working for o in orders if o.side == BUY) > 1",
    "any(since(o.placed_at) < 10m for o in orders)",
    "any(p.age > 30m and p.loss > 1k for p in positions)",
    "sum(p.mtm for p in legs) <= -2% of capital",
    "any(p.quote_age > 5s or p.spread_pct > 5% for p in positions)",
    "min(p.mark for p in positions if p.is_short) < 20",
    "open_positions > 0 and age(capital) > 5s",
    "count(f.quantity > 50 for f in fills) >= 2",
)
POSITIONS = (
    "[]",
    "[{symbol: NIFTY26NOV24000CE, sold: [[150, 100]], last_price: 90}]",
    "[{symbol: NIFTY26NOV24000CE, sold: [[150, 100]], last_price: 190}]",
    (
        "[{symbol: NIFTY26NOV24000CE, sold: [[150, 100]], bought: [75, 110], last_price: 250}, "
        "{symbol: NIFTY26NOV24500CE, bought: [[300, 20]], last_price: 15}]"
    ),
)
ORDERS = (
    "[]",
    (
        "[{id: S1, symbol: NIFTY26NOV24000CE, side: BUY, type: STOP, status: TRIGGER_PENDING, quantity: 75, "
        "placed_at: 2026-11-23T15:16:00+05:30, trigger_price: 110}]"
    ),
    (
        "[{id: S1, symbol: NIFTY26NOV24000CE, side: BUY, type: STOP, status: FILLED, quantity: 75, average_price: 110, "
        "placed_at: 2026-11-23T15:16:00+05:30}]"
    ),
    "[{id: S2, symbol: NIFTY26NOV24000CE, side: BUY, type: LIMIT, status: NEW, quantity: 75, price: 90}]",
)
QUOTES = (
    "[]",
    (
        "[{symbol: NIFTY26NOV24000CE, last_price: 190, bid: 189, ask: 191, as_of: 2026-11-23T15:18:30+05:30}, "
        "{symbol: NIFTY26NOV24500CE, last_price: 15, bid: 14, ask: 16, as_of: 2026-11-23T15:20:04+05:30}]"
    ),
    "[{symbol: NIFTY26NOV24000CE, last_price: 190, bid: 189}]",
)


def sources() -> list[Source]:
    files = [Source(path.name, path.read_bytes()) for path in sorted(SHIPPED.glob("*.yaml"))]
    for number, (sentence, extra) in enumerate(zip(SENTENCES, ("", "max_age: 3s\n") * len(SENTENCES), strict=False)):
        text = MORE.format(number=number, extra=extra, sentences=f"    - {sentence}")
        files.append(Source(f"more-{number}.yaml", text.encode()))
    return files


@cache
def program() -> Program:
    return load(sources(), CATALOGUE, LATER).require()


@cache
def calendar() -> Calendar:
    return calendar_for("NSE")


@cache
def parsed(positions: str, orders: str, quotes: str) -> Snapshot:
    text = f"account: A1\ntaken_at: {START.isoformat()}\npositions: {positions}\norders: {orders}\nfills: []\n"
    money = "funds: {margin_available: 500000, margin_used: 500000, capital: 1000000}\n"
    return parse_snapshot(f"{text}{money}quotes: {quotes}\n", "reading.yaml")


@dataclass(frozen=True)
class Poll:
    """What one poll read, as indexes into the rows there are (None: the call failed), when, and how old it was."""

    positions: int | None
    orders: int | None
    quotes: int
    after: float
    age: float
    again: bool


POLLS = st.lists(
    st.builds(
        Poll,
        st.one_of(st.none(), *[st.integers(0, len(POSITIONS) - 1)] * 4),
        st.one_of(st.none(), *[st.integers(0, len(ORDERS) - 1)] * 4),
        st.integers(0, len(QUOTES) - 1),
        st.sampled_from((0.5, 2, 2, 2, 3.5, 7, 61, 1200)),
        st.sampled_from((0, 0, 0, 0.2, 5)),
        st.booleans(),
    ),
    min_size=2,
    max_size=8,
)


def book(snapshot: Snapshot, part: str, at: datetime, *, read: bool) -> Book | Missing:
    found = getattr(snapshot, part)
    # The rows stay the very same objects: that is what a poll that brought nothing new looks like.
    return replace(found, taken_at=at) if read else Missing("the call timed out")


def reading(poll: Poll, now: datetime) -> Snapshot:
    at = now - timedelta(seconds=poll.age)
    one = parsed(POSITIONS[poll.positions or 0], "[]", "[]")
    two = parsed("[]", ORDERS[poll.orders or 0], "[]")
    three = parsed("[]", "[]", QUOTES[poll.quotes])
    return replace(
        one,
        taken_at=at,
        positions=book(one, "positions", at, read=poll.positions is not None),
        orders=book(two, "orders", at, read=poll.orders is not None),
        fills=book(one, "fills", at, read=True),
        funds=replace(one.funds, taken_at=at),
        quotes=book(three, "quotes", at, read=True),
    )


@settings(max_examples=150)
@given(POLLS, st.sampled_from(MarkBasis))
def test_what_is_kept_changes_nothing(polls: list[Poll], basis: MarkBasis) -> None:
    account = Account("A1", calendar=calendar(), profile=Profile(mark_basis=basis))
    kept, fresh, now, last = AccountState(), AccountState(), START, None
    for poll in polls:
        now += timedelta(seconds=poll.after)
        snapshot = last if poll.again and last is not None else reading(poll, now)
        one = evaluate(program(), account, snapshot, kept, now)
        other = evaluate(replace(program(), by_tree=True), account, snapshot, replace(fresh, views=None), now)
        assert one.next_state == other.next_state
        assert canonical(one) == canonical(other)
        kept, fresh, last = one.next_state, other.next_state, snapshot
