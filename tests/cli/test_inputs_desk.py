"""Raw answers read for a desk: whose they are, and how its accounts are marked."""

from tests.cli.bodies import KOTAK_EMPTY, SHORT_CE, kite_leg, kite_positions, kite_quote, kite_quotes
from tests.cli.conftest import Cli, Write
from tests.cli.files import desk, policy

AT = ("--at", "2026-11-23T10:45:00+05:30")


def test_the_desk_says_whose_answer_it_is(cli: Cli, write: Write) -> None:
    write("desk/policies/one.yaml", policy())
    write("desk/rekha.yaml", desk(K1="{broker: kite}", N1="{broker: kotak}", N2="{broker: kotak}", P1="{}"))
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100))))
    arguments = ("facts", "--desk", "desk", "--broker", "kite", "--positions", book, "--format", "json", *AT)
    assert list(cli(*arguments).json) == ["K1"]
    assert list(cli(*arguments, "--account", "P1").json) == ["P1"]
    wrong = cli(*arguments, "--account", "N1")
    assert (wrong.code, wrong.err) == (2, "rekha: the account 'N1' is with kotak in rekha.yaml, not kite\n")
    assert cli(*arguments, "--account", "Z9").code == 2
    empty = write("e.json", KOTAK_EMPTY)
    two = cli("facts", "--desk", "desk", "--broker", "kotak", "--positions", empty, *AT)
    assert (two.code, two.err) == (2, "rekha: say which account with --account; the desk has N1, N2\n")


def test_the_desk_decides_whether_legs_are_marked_by_quotes(cli: Cli, write: Write) -> None:
    write("desk/rekha.yaml", desk(K1="{broker: kite, mark_basis: last}", K2="{broker: kite, mark_basis: depth}"))
    book = write("p.json", kite_positions(kite_leg(sold=(75, 100), last=180)))
    quotes = write("q.json", kite_quotes(**{SHORT_CE: kite_quote(185, 189, 191)}))
    arguments = ("facts", "--desk", "desk", "--broker", "kite", "--positions", book, "--quotes", quotes)
    values = {}
    for account in ("K1", "K2"):
        seen = cli(*arguments, "--account", account, "--format", "json", *AT).json[account]
        values[account] = seen["facts"]["mtm"]["value"]
    assert values == {"K1": "-6000", "K2": "-6675"}
