"""Which questions are asked, of whom and with which goals; one line for each section."""

from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.util import find_spec
from typing import Final, NamedTuple

from bench.books import AGGREGATE, BOOKS, FLAT, Book, Loaded, load_book, many, rows_first
from bench.by_hand import BASELINE, HANDS
from bench.days import LEGS, Seen, seen_days
from bench.harness import Case, Goal, Measured, Row, cases_of, differing, measure
from bench.loading import loads_table
from bench.peers.table import PEERS
from bench.rekha import GENERATED, OURS, TREE
from bench.report import Table, goal_notes, goal_text, grid, rows_table, times
from bench.subject import Ready, Subject, made_ready

# As many as stay in the processor's cache: a running engine judges what it has decoded a moment ago. With a hundred
# the spread-out Decimals of the hand-written functions alone make those a third slower.
HOT = 25
FEW = 10
POLICIES: Final = (1, 10, 100, 1000)
POSITIONS: Final = (5, 20, 200)

FLAT_GOALS: Final = (Goal(GENERATED, 1.5, BASELINE.name),)
AGGREGATE_GOALS: Final = (Goal(GENERATED, 0.8, BASELINE.name),)
THOUSAND_GOALS: Final = (Goal(GENERATED, 0.2, BASELINE.name),)
UNKNOWN_GOAL: Final = 2


class Options(NamedTuple):
    """What the command line asks for. snapshots: days on which all must agree before a clock runs."""

    rounds: int = 9
    snapshots: int = 1000


class Section(NamedTuple):
    """One question. group: what `--only` chooses."""

    group: str
    tables: Callable[[Options], list[Table]]


class Compared(NamedTuple):
    """What one comparison found."""

    measured: Measured
    wrong: list[str]
    note: str

    def rows(self, goals: Sequence[Goal] = ()) -> list[Row]:
        """Return all cases as rows, the fastest first."""
        rows = [self.measured.row(name, BASELINE.name, goals) for name in self.measured.rounds]
        return sorted(rows, key=lambda row: row.microseconds)


def present() -> list[Subject]:
    """Return everything that can be measured here, the baseline first."""
    return [*HANDS, *OURS, *installed_peers()]


def installed_peers() -> list[Subject]:
    """Return the peers that are installed."""
    return [peer for peer in PEERS if peer.version() is not None]


def ahead(measured: Measured) -> list[str]:
    """Return a line that says which of the installed engines is nearest to ours; the goal is to be ahead of all."""
    nearest = [(measured.ratio(GENERATED, peer.name), peer.name) for peer in PEERS if peer.name in measured.rounds]
    if not nearest:
        return ["goal: ahead of every packaged engine: none is installed"]
    ratio, name = max(nearest)
    return [f"{GENERATED} takes {times(ratio)} × the time of {name}, the nearest engine; goal {goal_text(ratio, 1)}"]


def compare(loaded: Loaded, days: Sequence[Seen], hot: int, rounds: int) -> Compared:
    """Return everybody's times over the first `hot` days; who differs from the tree on any day is reported."""
    readies = [(subject.name, made_ready(subject, loaded)) for subject in present()]
    expected = [made_ready(TREE, loaded).fired(day) for day in days]
    wrong = _wrong(readies, expected, days)
    share = 100 * sum(map(len, expected)) / (len(days) * len(loaded.book.rules))
    note = f"{share:.1f} % of the policies fire; all were asked of {len(days)} snapshots first"
    return Compared(measure(cases_of(readies, days[:hot]), rounds), wrong, note)


def _wrong(readies: Sequence[tuple[str, Ready]], expected: Sequence[set[str]], days: Sequence[Seen]) -> list[str]:
    counts = [(name, differing(ready, expected, days)) for name, ready in readies]
    return [f"{name} differs on {count} of {len(days)} snapshots" for name, count in counts if count]


def conditions(book: Book, goals: Sequence[Goal]) -> Callable[[Options], list[Table]]:
    """Return the section that asks everybody the twenty-five policies of a book."""

    def tables(options: Options) -> list[Table]:
        loaded = load_book(book)
        found = compare(loaded, seen_days(loaded, options.snapshots), HOT, options.rounds)
        title = f"{len(book.rules)} policies, {book.name}: one account with about {LEGS} positions"
        notes = (found.note, *goal_notes(goals, found.measured, BASELINE.name), *ahead(found.measured))
        return [rows_table(title, found.rows(goals), notes, found.wrong)]

    return tables


def thousand(options: Options) -> list[Table]:
    """Ask everybody a thousand policies, the aggregate book with other limits."""
    loaded = load_book(many(AGGREGATE, 1000))
    found = compare(loaded, seen_days(loaded, _few(options)), FEW, options.rounds)
    title = "1,000 policies, aggregate, other limits in each copy; by hand: one expression per policy"
    notes = (found.note, *goal_notes(THOUSAND_GOALS, found.measured, BASELINE.name), *ahead(found.measured))
    return [rows_table(title, found.rows(THOUSAND_GOALS), notes, found.wrong)]


def _few(options: Options) -> int:
    return max(FEW, options.snapshots // 20)


def one_unknown(book: Book) -> Callable[[Options], list[Table]]:
    """Return the section that makes one fact after the other unknown and asks what that costs our engine."""

    def tables(options: Options) -> list[Table]:
        loaded = load_book(book)
        days = seen_days(loaded, min(FEW * 2, options.snapshots))
        return [_unknown_table(loaded, days, options.rounds)]

    return tables


def _unknown_table(loaded: Loaded, days: Sequence[Seen], rounds: int) -> Table:
    changed = {"all known": list(days)} | {fact: [day.without(fact) for day in days] for fact in sorted(loaded.facts)}
    columns, wrong, notes = [], [], []
    normative = made_ready(TREE, loaded)
    for subject in OURS:
        ready = made_ready(subject, loaded)
        for fact, given in changed.items():
            expected = [normative.fired(day) for day in given]
            wrong += [f"{line} ({fact})" for line in _wrong([(subject.name, ready)], expected, given)]
        measured = measure(
            [Case(fact, ready, [ready.facts_for(day) for day in given]) for fact, given in changed.items()], rounds
        )
        rows = [measured.row(fact, "all known") for fact in changed]
        mean = sum(row.ratio for row in rows[1:]) / len(rows[1:])
        worst = max(row.ratio for row in rows[1:])
        goal = f"; goal {goal_text(mean, UNKNOWN_GOAL)}" if subject.name == GENERATED else ""
        notes.append(f"{subject.name}: {times(mean)} in the mean, {times(worst)} at worst{goal}")
        columns.append((subject.name, rows))
    return grid(f"25 policies, {loaded.book.name}: one fact unknown, against all known", columns, notes, wrong)


def policies_scaling(book: Book) -> Callable[[Options], list[Table]]:
    """Return the section that asks for 1 to 1,000 policies of a book."""

    def tables(options: Options) -> list[Table]:
        columns, wrong = [], []
        for count in POLICIES:
            loaded = load_book(many(rows_first(book), count))
            found = compare(loaded, seen_days(loaded, _few(options)), FEW, options.rounds)
            columns.append((f"{count:,}", found.rows()))
            wrong += [f"{line}, {count} policies" for line in found.wrong]
        return [grid(f"policies of the {book.name} book, an account (ratio to by hand)", columns, (), wrong)]

    return tables


def positions_scaling(options: Options) -> list[Table]:
    """Ask everybody the aggregate book over small and large accounts."""
    loaded = load_book(AGGREGATE)
    columns, wrong = [], []
    for legs in POSITIONS:
        found = compare(loaded, seen_days(loaded, FEW, legs), FEW, options.rounds)
        columns.append((f"{legs}", found.rows()))
        wrong += [f"{line}, {legs} positions" for line in found.wrong]
    return [grid("positions, 25 aggregate policies, an account (ratio to by hand)", columns, (), wrong)]


def loading(options: Options) -> list[Table]:
    """Ask what it takes to load a thousand policies."""
    return [loads_table(many(AGGREGATE, 1000), [BASELINE, *OURS, *installed_peers()], options.rounds)]


def elsewhere(module: str) -> Callable[[Options], list[Table]]:
    """Return the section another module holds in its `tables`; none where there is no such module."""

    def tables(options: Options) -> list[Table]:
        if find_spec(module) is None:
            return [Table(f"{module}: not there", (), (), ())]
        found: list[Table] = import_module(module).tables(options)
        return found

    return tables


SECTIONS: Final = (
    Section("conditions", conditions(FLAT, FLAT_GOALS)),
    Section("conditions", conditions(AGGREGATE, AGGREGATE_GOALS)),
    Section("conditions", thousand),
    *(Section("conditions", one_unknown(book)) for book in BOOKS),
    Section("cycle", elsewhere("bench.cycle")),
    *(Section("scaling", policies_scaling(book)) for book in BOOKS),
    Section("scaling", positions_scaling),
    Section("scaling", loading),
)
GROUPS: Final = tuple(dict.fromkeys(section.group for section in SECTIONS))
