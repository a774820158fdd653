"""What exits would leave of each position, as a dry run tells it to people and to programs."""

from tests.cli.conftest import Cli, Ran, Write
from tests.cli.files import one, policy, snapshot

BOOK = snapshot(
    parts="positions:\n"
    "  - {symbol: NIFTY26N2424000CE, sold: [150, 100], last_price: 180, lot_size: 75}\n"
    "  - {symbol: NIFTY26N2424500CE, bought: [75, 20], last_price: 25, lot_size: 75}\n"
    "  - {symbol: NIFTY26N2424500CE, product: MIS, bought: [75, 20], last_price: 25, lot_size: 75}\n"
    "orders: []\nfills: []\n"
)
KEYS = "confirm: at once\non_unknown: wait\nonce: per account per day\nthen:\n  - notify: telegram\n"


def rule(name: str, *then: str, mode: str = "enforce", when: str = "short_option_legs > 0") -> str:
    return policy(name, when, KEYS + "".join(f"  - {one}\n" for one in then), mode=mode)


def told(cli: Cli, write: Write, *rules: str, form: str = "text") -> Ran:
    for number, text in enumerate(rules):
        write(f"p/{number}.yaml", text)
    write("book.yaml", BOOK)
    ran = cli("dry-run", "--policies", "p", "--snapshot", "book.yaml", "--format", form)
    assert ran.code == 3
    return ran


def lines_of(ran: Ran) -> list[str]:
    return [line.strip() for line in ran.out.splitlines()]


def test_each_exit_says_what_it_leaves(cli: Cli, write: Write) -> None:
    lines = lines_of(told(cli, write, rule("out", "reduce: {pick: largest margin, by: 50%}", "square_off: hedges")))
    start = next(number for number, line in enumerate(lines) if line.startswith("2 reduce the position"))
    assert lines[start + 1 :][:4] == [
        "NIFTY26N2424000CE -150 → -75",
        "3 square off the hedges, each once no short of its underlying is open",
        "NIFTY26N2424500CE (MIS) 75 → 0",
        "NIFTY26N2424500CE (NRML) 75 → 0",
    ]
    assert not [line for line in lines if line.startswith("together")]


def test_an_exit_with_nothing_to_do_says_so(cli: Cli, write: Write) -> None:
    lines = lines_of(told(cli, write, rule("out", "square_off: {where: position.is_future}")))
    assert "nothing to close" in lines


def test_a_rule_that_is_about_to_fire_says_it_too(cli: Cli, write: Write) -> None:
    text = rule("out", "square_off: shorts").replace("confirm: at once", "confirm: {samples: 2}")
    lines = lines_of(told(cli, write, text))
    assert "NIFTY26N2424000CE -150 → 0" in lines


def test_several_rules_are_told_together_by_mode(cli: Cli, write: Write) -> None:
    lines = lines_of(told(
        cli, write,
        rule("half", "reduce: {pick: all, by: 50%}"),
        rule("shorts", "square_off: shorts"),
        rule("asked", "ask: {text: 'All of it?', unanswered: stop}", "square_off: all"),
        rule("tried", "square_off: all", mode="dry_run"),
    ))  # fmt: skip
    start = lines.index("together, all rules in mode enforce that fire:")
    assert lines[start + 1 :][:5] == [
        "NIFTY26N2424000CE -150 → 0",
        "NIFTY26N2424500CE (MIS) 75 → 0",
        "NIFTY26N2424500CE (NRML) 75 → 0",
        'after "All of it?" (without an answer in time: stop)',
        "NIFTY26N2424000CE -150 → 0",
    ]
    assert len([line for line in lines if line.startswith("together")]) == 1


def test_the_machine_form(cli: Cli, write: Write) -> None:
    rules = [
        rule("half", "reduce: {pick: largest margin, by: 50%}"),
        rule("doubt", "square_off: {where: position.bid > 1}"),
        rule("clear", "square_off: all", when="short_option_legs > 5"),
    ]
    rows = told(cli, write, *rules, form="json").json
    half = {"leg": "NFO:NIFTY26N2424000CE:NRML:1", "from": "-150", "to": "-75"}
    assert one(rows, "half")["targets"] == [{"action": 2, **half}]
    doubts = one(rows, "doubt")["targets"]
    assert [(row["action"], row["leg"], "to" in row) for row in doubts] == [
        (2, "NFO:NIFTY26N2424000CE:NRML:1", False),
        (2, "NFO:NIFTY26N2424500CE:MIS:1", False),
        (2, "NFO:NIFTY26N2424500CE:NRML:1", False),
    ]
    assert all(row["unknown"] for row in doubts)
    assert one(rows, "half")["together"] == one(rows, "doubt")["together"]
    assert one(rows, "half")["together"][0] == half
    assert (one(rows, "clear")["targets"], one(rows, "clear")["together"]) == ([], None)
