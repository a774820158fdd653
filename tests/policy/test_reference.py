"""The simpleeval reference by itself: known answers, so that it cannot agree with the tree by being wrong alike."""

from datetime import timedelta
from decimal import Decimal

import pytest

from engine.domain.values import Unknown, Value, unknown
from engine.policy.reference import interpret
from tests.policy.toy import NOW, World, between, scope

D = Decimal
VALUES = scope("loss_limit: 10,000 INR\nshare: 60%\nday_limit: 2% of capital\n").values
LEGS = (
    {"symbol": "A", "mtm": D(10), "is_short": True},
    {"symbol": "B", "mtm": between("-5", "5"), "is_short": unknown("no book")},
)
WORLD = World(
    facts={
        "mtm": D(-300), "loss": D(300), "capital": between("1000", None), "margin_used_pct": D(50), "weekday": "MON",
        "stop_loss_hit": True, "stop_file": False, "leverage": D(0),
    },
    kinds={"legs": LEGS, "positions": ()},
    values=VALUES,
    stamps={"mtm": NOW - timedelta(seconds=7), "capital": NOW - timedelta(seconds=40)},
)  # fmt: skip


def shape(value: Value) -> object:
    return (value.low, value.high) if isinstance(value, Unknown) else value


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("mtm + 1k", D(700)),
        ("-mtm", D(300)),
        ("loss >= 300", True),
        ("loss > 300", False),
        ("5% of 20", D(1)),
        ("10% of 20% of loss_limit", D(200)),
        ("share * loss_limit", D(6000)),
        ("margin_used_pct / 25%", D(2)),
        ("day_limit", (D(20), None)),
        ("loss / leverage", (None, None)),
        ("1 / 3", D("0.3333333333333333333333333333333333")),
        ("weekday in [MON, TUE]", True),
        ("weekday not in [MON]", False),
        ("capital >= 1000", True),
        ("capital > 1000", (None, None)),
        ("stop_file and capital > 1000", False),
        ("stop_loss_hit or capital > 1000", True),
        ("not (capital > 1000)", (None, None)),
        ("0 < loss < 500", True),
        ("sum(p.mtm for p in legs)", (D(5), D(15))),
        ("sum(p.mtm for p in legs if p.is_short)", (D(5), D(15))),
        ("max(p.mtm for p in legs)", D(10)),
        ("min(p.mtm for p in legs)", (D(-5), D(5))),
        ("min(p.mtm for p in legs if p.is_short)", (D(-5), D(10))),
        ("count(p.is_short for p in legs)", (D(1), D(2))),
        ("count(legs)", D(2)),
        ("any(p.mtm > 7 for p in legs)", True),
        ("all(p.mtm > 7 for p in legs)", False),
        ("max(p.mtm for p in positions)", (None, None)),
        ("all(p.is_short for p in positions)", True),
        ("count(orders)", (D(0), None)),
        ("any(o.is_working for o in orders)", (None, None)),
        ("known(capital)", False),
        ("known(capital > 5)", True),
        ("age(mtm)", D(7)),
        ("age(mtm + capital)", D(40)),
        ("age(day_limit)", D(40)),
        ("age(loss)", (D(0), None)),
        ("age(5k)", (D(0), None)),
    ],
)
def test_an_answer(text: str, wanted: object) -> None:
    assert shape(interpret(text, WORLD)) == wanted


def test_a_row_bound_from_outside() -> None:
    assert interpret("position.mtm > 5", WORLD, {"position": ("positions", {"mtm": D(6)})}) is True


def test_a_minus_keeps_every_digit() -> None:
    assert interpret("-(1 / 3)", WORLD) == D("-0.3333333333333333333333333333333333")
