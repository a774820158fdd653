"""A whole poll: the bytes of a broker's replies in, the names of the policies whose condition is true out."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from importlib import import_module
from itertools import pairwise
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from bench.bodies import ALL_NEW, FEW_ORDERS, SAME, SAME_ORDERS, Money, Poll, polls_of
from bench.books import AGGREGATE, BOOKS, Book, Loaded, load_book
from bench.days import Seen
from bench.hand_cycle import Loads, Memory, contracts_in, seen
from bench.hand_many import function_of
from bench.harness import Case, Goal, Measured, Row, measure
from bench.peers.feeding import installed
from bench.peers.simple_eval import Naive, Parsed
from bench.report import Table, goal_notes, grid, rows_table
from bench.subject import Ready, Subject, made_ready
from engine.brokers.readings import Bodies, Reading, read
from engine.core.evaluate import AccountState, evaluate, perceive
from engine.core.quick import quick
from engine.core.watch import watch_of
from engine.domain.account import Account
from engine.domain.snapshot import Funds, Snapshot
from engine.facts.memory import DayMemory
from engine.policy.program import Program
from engine.runtime.calendars import calendar_for

if TYPE_CHECKING:
    from bench.table import Options

# Ten accounts with both replies of two polls and what was read of them are as much as stays in the cache.
HOT: Final = 10
NOTHING_KEPT: Final = "all new, nothing kept"
WAYS: Final = (ALL_NEW, FEW_ORDERS, SAME_ORDERS, SAME, NOTHING_KEPT)

BY_HAND: Final = "orjson + dicts + floats by hand"
BY_HAND_JSON: Final = "json + dicts + floats by hand"
PARSED: Final = "json + dicts + simpleeval, parsed once"
AS_IN_README: Final = "json + dicts + simpleeval, as in its README"
_NO_ORJSON: Final = "orjson is not installed"
_ACCOUNT: Final = Account("A1", calendar=calendar_for("NSE"))
_STEPS: Final = ("read", "perceive", "facts and conditions", "the rest")


class Asked(NamedTuple):
    """
    One poll of one account with all that either side may keep of the polls before.

    bodies, before, state: ours. poll, contracts, money, memory: what is written by hand takes.
    """

    bodies: Bodies
    before: Reading
    state: AccountState
    funds: Funds
    poll: Poll
    contracts: Mapping[str, dict[str, Any]]
    money: Money
    memory: Memory

    @property
    def at(self) -> datetime:
        """When the poll was complete, and is judged."""
        return self.poll.at


Fired = Callable[[Asked], set[str]]


class Side(NamedTuple):
    """One way to judge a book from the bytes. ways: on which polls it must say what ours says."""

    name: str
    fired: Fired
    ways: Sequence[str] = WAYS


def ours(way: str) -> str:
    """Return what our side is called on a kind of poll."""
    return f"rekha, {way}"


GOALS: Final = (
    Goal(ours(ALL_NEW), 1.5, BY_HAND),
    Goal(ours(FEW_ORDERS), 0.75, BY_HAND),
    Goal(ours(SAME), 0.1, BY_HAND),
)
ROW_GOALS: Final = (*GOALS, Goal(ours(ALL_NEW), 0.4, PARSED))


def tables(options: "Options") -> list[Table]:
    """Return, for both books, what a poll takes, and where the time of ours goes."""
    found: list[Table] = []
    for book in sorted(BOOKS, key=lambda book: book is not AGGREGATE):
        found += _of_book(load_book(book), options)
    return found


def _of_book(loaded: Loaded, options: "Options") -> list[Table]:
    sides = [*hands(loaded.book), *simple_evals(loaded)]
    judge = our_side(loaded.program)
    hot, share, wrong = _compared(loaded.program, judge, sides, options.snapshots)
    cases = [Case(ours(way), _ready(judge), [polls[way] for polls in hot]) for way in WAYS]
    cases += [Case(side.name, _ready(side.fired), [polls[ALL_NEW] for polls in hot]) for side in sides]
    measured = measure(cases, options.rounds)
    notes = [f"{share:.1f} % of the policies fire; all were asked of {options.snapshots} accounts first"]
    notes += [] if installed("orjson") else [_NO_ORJSON]
    title = f"a whole poll, {len(loaded.program.policies)} policies, {loaded.book.name}: 20 positions, 100 orders"
    return [_shown(title, measured, loaded.book, notes, wrong), _parts(loaded, hot, options.rounds)]


def _shown(title: str, measured: Measured, book: Book, notes: list[str], wrong: list[str]) -> Table:
    goals = ROW_GOALS if book.rows else GOALS
    baseline = BY_HAND if BY_HAND in measured.rounds else BY_HAND_JSON
    rows = [measured.row(name, baseline, goals) for name in measured.rounds]
    rows.sort(key=lambda row: row.microseconds)
    return rows_table(title, rows, [*notes, *goal_notes(goals, measured, baseline)], wrong)


# -- the sides -----------------------------------------------------------------------------------------------------


def our_side(program: Program) -> Fired:
    """Return the engine: a reading and an evaluation."""

    def fired(asked: Asked) -> set[str]:
        evaluation = evaluate(program, _ACCOUNT, _snapshot(asked), asked.state, asked.at)
        return set(evaluation.true)

    return fired


def _snapshot(asked: Asked) -> Snapshot:
    # The funds are asked for every half minute; between that every reading has the same.
    return replace(read("kite", _ACCOUNT.id, asked.bodies, asked.at, asked.before).snapshot, funds=asked.funds)


def hands(book: Book) -> list[Side]:
    """Return what a programmer writes by hand, with the decoders that are here."""
    judge = function_of(book, float, subscripts=True)

    def side(name: str, loads: Loads) -> Side:
        def fired(asked: Asked) -> set[str]:
            found = seen(loads, asked.poll, asked.contracts, asked.money, asked.memory)
            return judge(found.account, found.positions)

        return Side(name, fired)

    fast = [side(BY_HAND, import_module("orjson").loads)] if installed("orjson") else []
    return [*fast, side(BY_HAND_JSON, json.loads)]


def simple_evals(loaded: Loaded) -> list[Side]:
    """Return the same facts with the conditions left to simpleeval."""
    named: list[tuple[str, Subject]] = [(PARSED, Parsed()), (AS_IN_README, Naive())]
    return [
        Side(name, _with_rules(made_ready(subject, loaded)), (ALL_NEW,))
        for name, subject in named
        if subject.version() is not None
    ]


def _with_rules(rules: Ready) -> Fired:
    def fired(asked: Asked) -> set[str]:
        found = seen(json.loads, asked.poll, asked.contracts, asked.money, asked.memory)
        return rules.fired({**found.account, "positions": [SimpleNamespace(**row) for row in found.positions]})

    return fired


def _ready(fired: Fired) -> Ready:
    def given(day: Seen) -> Seen:
        return day

    return Ready(given, fired)


# -- what they are given, and that they agree ----------------------------------------------------------------------


def asked_of(program: Program, seed: int) -> dict[str, Asked]:
    """Return the measured poll of one account in all its kinds, after the polls that went before it."""
    polls = polls_of(seed)
    contracts, memory = contracts_in(polls.contracts), Memory(float(polls.peak))
    first = polls.before[0].at
    capital, used = Decimal(polls.money.capital), Decimal(polls.money.used)
    funds = Funds(first, capital - used, used, capital)
    morning = reading = read("kite", _ACCOUNT.id, Bodies(instruments=polls.contracts), first)
    state = AccountState(memory=DayMemory(trading_date=first.date(), mtm_peak=Decimal(polls.peak)))
    for poll in polls.before:
        reading = read("kite", _ACCOUNT.id, _bodies(poll, polls.contracts), poll.at, reading)
        state = evaluate(program, _ACCOUNT, replace(reading.snapshot, funds=funds), state, poll.at).next_state
        memory = seen(json.loads, poll, contracts, polls.money, memory).memory
    found = {
        way: Asked(_bodies(poll, polls.contracts), reading, state, funds, poll, contracts, polls.money, memory)
        for way, poll in polls.measured.items()
    }
    found[NOTHING_KEPT] = found[ALL_NEW]._replace(before=morning, state=AccountState(), memory=Memory())
    return found


def _bodies(poll: Poll, contracts: bytes) -> Bodies:
    return Bodies(positions=poll.positions, orders=poll.orders, instruments=contracts)


def _compared(
    program: Program, judge: Fired, sides: Sequence[Side], count: int
) -> tuple[list[dict[str, Asked]], float, list[str]]:
    """Return the hot accounts, the share of policies that fire, and who says something else than ours."""
    hot: list[dict[str, Asked]] = []
    firing, differing = 0, dict.fromkeys((side.name for side in sides), 0)
    for seed in range(count):
        polls = asked_of(program, seed)
        expected = {way: judge(asked) for way, asked in polls.items()}
        firing += len(expected[ALL_NEW])
        for side in sides:
            differing[side.name] += any(side.fired(polls[way]) != expected[way] for way in side.ways)
        if seed < HOT:
            hot.append(polls)
    wrong = [f"{name} differs on {number} of {count} accounts" for name, number in differing.items() if number]
    return hot, 100 * firing / (count * len(program.policies)), wrong


# -- where the time goes -------------------------------------------------------------------------------------------


def _parts(loaded: Loaded, hot: Sequence[Mapping[str, Asked]], rounds: int) -> Table:
    columns = []
    for way in WAYS:
        given = [polls[way] for polls in hot]
        cases = [Case(name, _ready(work), given) for name, work in _up_to(loaded.program).items()]
        columns.append((way, _steps(measure(cases, rounds))))
    notes = ("measured up to each step; what is shown is the difference to the one before and its share of the whole",)
    return grid(f"where the time of ours goes, {loaded.book.name} book", columns, notes, ())


def _up_to(program: Program) -> dict[str, Callable[[Any], Any]]:
    """Return a poll as far as each step goes."""
    watch = watch_of(program, _ACCOUNT)

    def perceived(asked: Asked) -> Any:
        return perceive(_ACCOUNT, _snapshot(asked), asked.state, asked.at)[0].views

    return dict(
        zip(
            _STEPS, (_snapshot, perceived, lambda asked: quick(watch, perceived(asked)), our_side(program)), strict=True
        )
    )


def _steps(measured: Measured) -> list[Row]:
    reached = [measured.microseconds(name) for name in _STEPS]
    taken = [reached[0], *(after - before for before, after in pairwise(reached))]
    rows = [Row(name, one, one / reached[-1]) for name, one in zip(_STEPS, taken, strict=True)]
    return [*rows, Row("whole", reached[-1], 1.0)]
