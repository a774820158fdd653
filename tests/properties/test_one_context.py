"""Law 16: all arithmetic is done in the one context, so that whatever context surrounds it changes no byte."""

import ast
from decimal import ROUND_DOWN, Context, Decimal, localcontext
from pathlib import Path

import pytest

from engine.cli.demo import played_day
from engine.cli.main import main
from engine.core.env import AccountEnv
from engine.domain.values import Unknown
from engine.facts.catalogue import CATALOGUE
from engine.facts.drift import drift
from engine.policy.literals import parse_literal
from engine.runtime.desk import read_desk, resolve_desk
from engine.runtime.policy_files import load_policies
from engine.runtime.recorded_day import demo_day_dir, read_day
from tests.properties.dump import canonical, plain

ENGINE = Path(__file__).parents[2] / "engine"
HOSTILE = [
    pytest.param(Context(prec=6), id="six-digits"),
    pytest.param(Context(prec=1, rounding=ROUND_DOWN), id="one-digit"),
]


def day() -> bytes:
    """Everything the engine makes of the recorded day: programs, evaluations, every fact and row, what is shown."""
    recorded = read_day(demo_day_dir())
    desk = read_desk(str(recorded.desk))
    program = load_policies([str(desk.policies)], desk.currencies).require()
    accounts = resolve_desk(desk, program).accounts
    said = [repr([plain(one.values), one.profile]) for one in accounts.values()]
    said += [policy.fingerprint for policy in program.policies]
    for one in played_day(recorded, program, accounts):
        view = one.evaluation.view
        env = AccountEnv(view, CATALOGUE, {})
        said.append(canonical(one.evaluation).decode())
        said += [repr(plain(env.fact(name))) for name in CATALOGUE.facts]
        said.append(repr(plain(drift(view))))
        for plural, rows in CATALOGUE.rows.items():
            found = env.rows(plural)
            assert not isinstance(found, Unknown) or one.recorded.fails
            for row in () if isinstance(found, Unknown) else found:
                said += [f"{name} {plain(env.field(plural, row, name))}" for name in rows.fields]
    return "\n".join(said).encode()


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_recorded_day_is_the_same_to_the_byte(hostile: Context) -> None:
    expected = day()
    with localcontext(hostile):
        seen = day()
    assert seen == expected


def texts(capsys: pytest.CaptureFixture[str]) -> str:
    """What the commands print of the day."""
    folder = demo_day_dir() / "kite" / "113102"
    books = ("--broker", "kite", "--positions", str(folder / "positions.json"), "--quotes", str(folder / "quotes.json"))
    capsys.readouterr()
    for command in (["demo"], ["facts", *books], ["facts", *books, "--format", "json"]):
        assert main(command) == 0
    for form in ("text", "json"):
        main(["dry-run", "--policies", str(demo_day_dir().parent / "desk" / "policies"), *books, "--format", form])
    return capsys.readouterr().out


@pytest.mark.parametrize("hostile", HOSTILE)
def test_the_texts_of_the_demo_are_the_same(hostile: Context, capsys: pytest.CaptureFixture[str]) -> None:
    expected = texts(capsys)
    with localcontext(hostile):
        assert texts(capsys) == expected


@pytest.mark.parametrize("hostile", HOSTILE)
@pytest.mark.parametrize("text", ["12.3456789%", "1.2345678 crore", "-1,23,45,678 INR", "3h25m45.5s", "14:45:30"])
def test_a_literal_is_read_digit_for_digit(hostile: Context, text: str) -> None:
    expected = parse_literal(text)
    with localcontext(hostile):
        assert parse_literal(text) == expected


def test_the_test_bites() -> None:
    with localcontext(Context(prec=6)):
        assert Decimal("12345.67") + 0 != Decimal("12345.67")
    assert b"12515.75" in day()


def ambient(source: str) -> list[int]:
    """The lines that round by the context around them."""
    return [
        node.lineno
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("quantize", "normalize", "scaleb", "sqrt", "to_integral_exact", "remainder_near", "fma")
        and not any("CONTEXT" in ast.unparse(part) for part in (*node.args, *node.keywords))
    ]


def test_whatever_rounds_names_the_context() -> None:
    found = {path.name: ambient(path.read_text(encoding="utf-8")) for path in ENGINE.rglob("*.py")}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert ambient("a = b.normalize()\nc = b.quantize(d, context=CONTEXT)\n") == [1]
