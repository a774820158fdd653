"""Random sentences of the language, typed by construction, and random worlds to read them in."""

from decimal import Decimal

from hypothesis import strategies as st

from engine.domain.values import Unknown, Value, unknown
from tests.policy.toy import World

FACTS = {
    "money": ("loss", "mtm", "capital", "margin_available"),
    "percent": ("margin_used_pct",),
    "count": ("open_positions", "orders_today"),
    "number": ("leverage",),
    "duration": ("snapshot_age",),
    "time": ("time",),
    "bool": ("stop_loss_hit", "broker_connected"),
}
FIELDS = {
    "money": ("loss", "mark"),
    "percent": ("spread_pct",),
    "count": ("lots", "net_quantity"),
    "duration": ("age",),
    "bool": ("is_short", "is_covered"),
}
VALUES = {
    "money": ("loss_limit", "half_limit", "day_limit"),
    "percent": ("share",),
    "duration": ("rest",),
    "count": ("caps(weekday)", "caps('MON')", "cap"),
}
DESK = (
    "loss_limit: 3 INR\nbare_limit: 2\nshare: 60%\nrest: 30s\nhalf_limit: 50% of loss_limit\n"
    "day_limit: {default: 3 INR, cases: [{if: stop_loss_hit, use: 1 INR}, {if: loss > 1, use: 50% of capital}]}\n"
    "cap: {default: 3, cases: [{if: broker_connected, use: 1}, {if: any(p.is_short for p in legs), use: 0}]}\n"
    "caps: {MON: 1, TUE: 3, default: 2}\n"
)
LITERALS = {
    "money": ("0 INR", "2 INR", "1k INR", "1.5 INR", "1_000 INR"),
    "percent": ("5%", "50%", "140 %"),
    "count": ("0", "1", "3"),
    "number": ("0", "2", "0.5"),
    "duration": ("2s", "1m", "1m30s"),
    "time": ("0:00", "9:15", "14:45"),
}
# Numbers without a unit: they take that of the other side of a comparison.
BARE = ("0", "2", "1k", "bare_limit", "2 * bare_limit", "50% of bare_limit", "bare_limit - 1", "-bare_limit")
CHOICES = {"weekday": ("MON", "TUE", "FRI"), "trading_state": ("ACTIVE", "HALTED")}
ROWS = ("positions", "legs")
SCALABLE = ("money", "percent", "count", "duration")
NUMBERS = ("money", "percent", "count", "number", "duration", "time")
ORDERED = ("<", "<=", ">", ">=", "==", "!=")
NAMES = ("p", "q")


@st.composite
def numbers(draw: st.DrawFn, kind: str, depth: int, bound: tuple[str, ...]) -> str:
    """A number of a kind as text; `bound`: row variables in scope."""
    leaves = [*LITERALS[kind], *FACTS.get(kind, ()), *VALUES.get(kind, ())]
    leaves += [f"{name}.{field}" for name in bound for field in FIELDS.get(kind, ())]
    forms = ["leaf"]
    if depth > 0 and kind != "time":
        forms += ["leaf", "sum", "negative"]
        forms += ["scaled", "share"] if kind in SCALABLE else []
        forms += ["aggregate"] if kind in FIELDS and len(bound) < 2 else []
        forms += ["count"] if kind == "count" and len(bound) < 2 else []
        forms += ["ratio"] if kind == "number" else []
    form = draw(st.sampled_from(forms))
    inner = numbers(kind, depth - 1, bound)
    if form == "sum":
        return f"({draw(inner)} {draw(st.sampled_from('+-'))} {draw(inner)})"
    if form == "negative":
        return f"-({draw(inner)})"
    if form == "scaled":
        factor = draw(numbers("number", 0, bound))
        operator = "/" if kind == "percent" else draw(st.sampled_from("*/"))
        return f"({draw(inner)} {operator} {factor})"
    if form == "share":
        share = draw(st.one_of(st.sampled_from(("5% of", "50% of", "140% of", "share *", "margin_used_pct *"))))
        return f"({share} ({draw(inner)}))"
    if form == "ratio":
        other = draw(st.sampled_from(("money", "duration")))
        return f"({draw(numbers(other, depth - 1, bound))} / {draw(numbers(other, depth - 1, bound))})"
    if form in ("aggregate", "count"):
        return draw(aggregates(kind if form == "aggregate" else "bool", form, depth, bound))
    return draw(st.sampled_from(leaves))


@st.composite
def aggregates(draw: st.DrawFn, kind: str, form: str, depth: int, bound: tuple[str, ...]) -> str:
    """`sum(… for p in positions if …)` and its kin."""
    rows = draw(st.sampled_from(ROWS))
    if form == "count" and draw(st.booleans()):
        return f"count({rows})"
    name = NAMES[len(bound)]
    inner = (*bound, name)
    words = {"aggregate": ("sum", "min", "max"), "count": ("count",), "condition": ("any", "all")}[form]
    element = conditions(depth - 1, inner) if kind == "bool" else numbers(kind, depth - 1, inner)
    where = f" if {draw(conditions(0, inner))}" if draw(st.booleans()) else ""
    return f"{draw(st.sampled_from(words))}({draw(element)} for {name} in {rows}{where})"


@st.composite
def conditions(draw: st.DrawFn, depth: int, bound: tuple[str, ...] = (), *, known: bool = False) -> str:
    """A sentence; `known`: whether `known(x)` and `age(x)` may stand in it."""
    leaves = [*FACTS["bool"], *(f"{name}.{field}" for name in bound for field in FIELDS["bool"])]
    forms = ["compare", "compare", "leaf", "choice"]
    if depth > 0:
        forms += [
            "and",
            "or",
            "not",
            "chain",
            *(["any"] if len(bound) < 2 else []),
            *(["known", "age"] if known else []),
        ]
    form = draw(st.sampled_from(forms))
    inner = conditions(depth - 1, bound, known=known)
    kind = draw(st.sampled_from(NUMBERS))
    number = numbers(kind, depth, bound)
    if form == "compare" and kind in ("money", "count") and draw(st.booleans()):
        return f"({draw(number)} {draw(st.sampled_from(ORDERED))} {draw(st.sampled_from(BARE))})"
    if form == "compare":
        return f"({draw(number)} {draw(st.sampled_from(ORDERED))} {draw(number)})"
    if form == "chain":
        operators = draw(st.tuples(*[st.sampled_from(("<", "<=", ">", ">="))] * 2))
        return f"({draw(number)} {operators[0]} {draw(number)} {operators[1]} {draw(number)})"
    if form in ("and", "or"):
        return f"({draw(inner)} {form} {draw(inner)})"
    if form == "not":
        return f"(not {draw(inner)})"
    if form == "any":
        return draw(aggregates("bool", "condition", depth, bound))
    if form == "known":
        return f"known({draw(st.one_of(inner, number))})"
    if form == "age":
        return f"(age({draw(number)}) > 5s)"
    if form == "choice":
        fact = draw(st.sampled_from(tuple(CHOICES)))
        words = CHOICES[fact]
        if draw(st.booleans()):
            return f"({fact} {draw(st.sampled_from(('in', 'not in')))} [{', '.join(words[:2])}])"
        return f"({fact} {draw(st.sampled_from(('==', '!=')))} {draw(st.sampled_from(words))})"
    return draw(st.sampled_from(leaves))


AMOUNTS = tuple(Decimal(text) for text in ("-3", "-1", "-0.5", "0", "0.5", "1", "2", "3", "7", "1000"))
# Unknown numbers: unbounded, bounded on one side, between two bounds on either side of zero and across it.
ENDS = ((None, None), (None, "2"), ("0", None), ("-1", "1"), ("0", "3"), ("-3", "0"), ("0.5", "2"), ("-3", "-1"))
UNCERTAIN = tuple(
    Unknown(("random",), None if low is None else Decimal(low), None if high is None else Decimal(high))
    for low, high in ENDS
)
YES_OR_NO: tuple[Value, ...] = (True, False)
NO_ANSWER = unknown("random")


def given_values(kind: str, *, certain: bool) -> st.SearchStrategy[Value]:
    """Values of a kind, known or not."""
    known: tuple[Value, ...] = YES_OR_NO if kind == "bool" else CHOICES.get(kind, AMOUNTS)
    doubts: tuple[Value, ...] = UNCERTAIN if known is AMOUNTS else (NO_ANSWER,)
    return st.sampled_from(known if certain else (*known, *doubts))


def rows_of(*, certain: bool) -> st.SearchStrategy[tuple[dict[str, Value], ...]]:
    """Up to three rows with every field."""
    row = {field: given_values(kind, certain=certain) for kind, fields in FIELDS.items() for field in fields}
    return st.lists(st.fixed_dictionaries(row), max_size=3).map(tuple)


@st.composite
def worlds(draw: st.DrawFn, *, certain: bool = False) -> World:
    """Facts and rows, each known or unknown; with `certain`, all known."""
    kinds = {name: kind for kind, names in FACTS.items() for name in names} | {name: name for name in CHOICES}
    facts = draw(st.fixed_dictionaries({name: given_values(kind, certain=certain) for name, kind in kinds.items()}))
    read = rows_of(certain=certain)
    rows = st.fixed_dictionaries(
        {plural: read if certain else st.one_of(read, read, st.just(NO_ANSWER)) for plural in ROWS}
    )
    return World(facts, draw(rows))
