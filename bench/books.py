"""Two books of twenty-five policies in the language, and as many more as asked for: the same with other limits."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final, NamedTuple

from engine.facts.catalogue import CATALOGUE
from engine.policy import ir
from engine.policy.load import Source, load
from engine.policy.program import Program
from engine.runtime.policy_files import LATER


class Rule(NamedTuple):
    """One policy's condition. text: with `{}` where a limit stands; steps: what is added to each for the next copy."""

    name: str
    text: str
    limits: tuple[Decimal, ...] = ()
    steps: tuple[Decimal, ...] = ()
    base: str = ""

    @property
    def when(self) -> str:
        """The condition as an author writes it."""
        return self.text.format(*self.limits)

    @property
    def kind(self) -> str:
        """The name of the rule this one is a copy of, or its own."""
        return self.base or self.name

    def copy(self, number: int) -> "Rule":
        """Return the same rule with its limits moved by so many steps, under a name of its own."""
        if number == 0:
            return self
        limits = tuple(limit + number * step for limit, step in zip(self.limits, self.steps, strict=True))
        return Rule(f"{self.name}-{number}", self.text, limits, self.steps, self.name)


class Book(NamedTuple):
    """A named set of rules. rows: whether any of them reads rows of positions."""

    name: str
    rules: tuple[Rule, ...]
    rows: bool


def _rule(name: str, text: str, *limits: str) -> Rule:
    """`limits`: `base+step` for each `{}`."""
    pairs = [limit.split("+") for limit in limits]
    return Rule(name, text, tuple(Decimal(base) for base, _ in pairs), tuple(Decimal(step) for _, step in pairs))


VALUES: Final = "loss_limit: 25,000 INR\nleg_limit: 8,000 INR\nkeep: 4,000 INR\nmost_lots: 5\n"

# No step makes a limit that a price of the exchange's ticks can meet exactly after a multiplication: engines that
# calculate in floats are asked nothing which floats cannot answer.
_COMMON: Final = (
    _rule("loss-beyond-limit", "loss >= {} * loss_limit", "4+0.017"),
    _rule("loss-and-stop", "loss >= {} and stop_loss_hit", "70000+130"),
    _rule("loss-of-capital", "loss >= {}% of capital", "2+0.013"),
    _rule("gave-back", "mtm_peak >= {} and drawdown >= {} * keep", "5000+70", "22+0.03"),
    _rule("profit-falls", "mtm_peak >= {} and mtm <= keep", "50000+70"),
    _rule("realized-loss", "realized_pnl <= -{}", "15000+170"),
    _rule("margin-nearly-gone", "margin_used_pct >= {}%", "88+0.11"),
    _rule("too-many-positions", "open_positions > {}", "23+1"),
    _rule("naked", "naked_short_legs > {}", "9+1"),
    _rule("unprotected", "unprotected_short_legs > {}", "3+1"),
    _rule("stop-rests", "stop_triggered_unfilled and loss >= {}", "40000+130"),
    _rule("many-rejections", "rejections >= {}", "25+1"),
    _rule("many-orders", "{} < orders_today < {}", "115+1", "400+1"),
    _rule("working-late", "open_orders > {} and minutes_to_close < {}", "28+1", "60+0.7"),
    _rule("early-loss", "weekday in [MON, FRI] and time < 10:30 and loss >= {}", "10000+130"),
)

FLAT: Final = Book(
    "flat",
    (
        *_COMMON,
        _rule("very-good-day", "profit >= {}", "90000+900"),
        _rule("only-shorts", "long_option_legs < {} and short_option_legs > {}", "4+1", "10+1"),
        _rule("crowded", "open_orders > {} or open_positions > {}", "37+1", "24+1"),
        _rule("losing-near-close", "minutes_to_close <= {} and loss >= {}% of capital", "45+0.3", "1+0.013"),
        _rule("stop-and-naked", "stop_loss_hit and naked_short_legs >= {}", "9+1"),
        _rule("thin-margin-loss", "margin_used_pct > {}% and loss > {}", "70+0.11", "30000+130"),
        _rule("lopsided", "short_option_legs > {} * long_option_legs", "3+0.07"),
        _rule("peak-lost", "mtm_peak >= {} and drawdown >= {}% of mtm_peak", "9000+70", "300+0.7"),
        _rule("open-loss", "mtm - realized_pnl <= -{}", "90000+170"),
        _rule("any-of-three", "profit >= {} or loss >= {} or rejections > {}", "120000+900", "120000+900", "28+1"),
    ),
    rows=False,
)

_AGGREGATES: Final = (
    _rule("leg-hurts", "any(p.loss >= {} * leg_limit for p in positions if p.is_short and p.is_option)", "6+0.017"),
    _rule("leg-of-capital", "any(p.loss >= {}% of capital for p in positions if p.is_short)", "1+0.013"),
    _rule("no-one-leg", "loss >= {} and all(p.loss < {} for p in positions)", "15000+130", "18000+170"),
    _rule(
        "doubled",
        "count(p.mark >= {}% of p.entry_price for p in positions if p.is_short and p.is_option) >= {}",
        "200+1.7", "2+1",
    ),
    _rule("short-lots", "sum(p.lots for p in positions if p.is_short and p.is_option) > {}", "50+1"),
    _rule("index-loss", "sum(p.mtm for p in positions if p.underlying == 'NIFTY') <= -{}", "50000+700"),
    _rule("worst-leg", "max(p.loss for p in positions) >= {}% of capital", "1+0.017"),
    _rule("worst-short", "min(p.mtm for p in positions if p.is_short and p.is_option) <= -{}", "45000+170"),
    _rule("intraday-shorts", "count(p.is_short and p.product == 'MIS' for p in positions) > {}", "6+1"),
    _rule(
        "large-dear-short",
        "any(p.mark > {} and p.net_quantity < -{} for p in positions if p.is_short and p.is_option)",
        "225+0.35", "400+1",
    ),
)  # fmt: skip

AGGREGATE: Final = Book("aggregate", (*_COMMON, *_AGGREGATES), rows=True)
BOOKS: Final = (FLAT, AGGREGATE)


def many(book: Book, count: int) -> Book:
    """Return a book of so many rules: the book's own, then the same again with other limits."""
    size = len(book.rules)
    return Book(book.name, tuple(book.rules[n % size].copy(n // size) for n in range(count)), book.rows)


def rows_first(book: Book) -> Book:
    """Return a book with the rules that read rows before the others, so that its first ten are the aggregates."""
    return book._replace(rules=tuple(sorted(book.rules, key=lambda rule: " in positions" not in rule.text)))


class Loaded(NamedTuple):
    """A book with its program, and the facts and, by kind of rows, the fields that any condition reads."""

    book: Book
    program: Program
    facts: frozenset[str]
    fields: Mapping[str, frozenset[str]]


def load_book(book: Book) -> Loaded:
    """Return a book as a program. Raises: PolicyErrors when a policy does not load."""
    program = load(sources(book), CATALOGUE, LATER).require()
    return Loaded(book, program, *read_by(program))


def sources(book: Book) -> list[Source]:
    """Return a book as the files an author would write."""
    files = [Source("values.yaml", VALUES.encode())]
    for rule in book.rules:
        text = (
            f"policy: {rule.name}\ntitle: {rule.name}\nseverity: warning\naccounts: all\nwhen: {rule.when}\n"
            'then:\n  - notify: telegram\nbecause: "it is so"\n'
        )
        files.append(Source(f"{rule.name}.yaml", text.encode()))
    return files


def read_by(program: Program) -> tuple[frozenset[str], Mapping[str, frozenset[str]]]:
    """Return the facts, and by kind of rows the fields, that any condition reads."""
    facts: set[str] = set()
    fields: dict[str, set[str]] = {}
    nodes = [policy.when for policy in program.policies] + list(program.values.values())
    for node in nodes:
        for part in ir.walk(node):
            if isinstance(part, ir.FactRef):
                facts.add(part.name)
            elif isinstance(part, ir.FieldRef):
                fields.setdefault(part.rows, set()).add(part.field)
    return frozenset(facts), {plural: frozenset(names) for plural, names in fields.items()}
