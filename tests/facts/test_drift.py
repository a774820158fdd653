"""Our figures against the broker's own."""

from engine.facts.drift import Drift, drift
from tests.facts.build import DEPTH, NAME, NOT_READ, d, funds, leg, option, quote, snapshot, view


def sold(reported: object, strike: int = 24000, last: object = 90) -> object:
    return leg(option(strike), sold=(75, 100), last=last, reported_mtm=None if reported is None else d(reported))


def test_what_agrees_to_the_paisa_is_no_drift() -> None:
    assert drift(view(snapshot([sold("750.01"), sold(None, 24500)], money=funds(reported_mtm="1499.98")))) == ()


def test_a_leg_that_differs() -> None:
    assert drift(view(snapshot([sold("700.50")]))) == (
        Drift("leg", f"{NAME} (NRML)", d(750), d("700.50"), d("49.50")),
    )  # fmt: skip


def test_the_account_may_be_off_by_a_paisa_a_leg() -> None:
    legs = [sold(None), sold(None, 24500)]
    assert drift(view(snapshot(legs, money=funds(reported_mtm="1500.02")))) == ()
    found = drift(view(snapshot(legs, money=funds(reported_mtm="1500.03"))))
    assert found == (Drift("account", "A1", d(1500), d("1500.03"), d("-0.03")),)


def test_it_compares_at_the_brokers_own_last_price_not_at_our_mark() -> None:
    seen = view(snapshot([sold(750)], quotes=[quote(option(), 200, 199, 201)]), DEPTH)
    assert drift(seen) == ()


def test_what_is_not_known_is_not_compared() -> None:
    assert drift(view(snapshot([sold(1, last=None)], money=funds(reported_mtm=1)))) == ()
    assert drift(view(snapshot(NOT_READ, money=funds(reported_mtm=1)))) == ()
