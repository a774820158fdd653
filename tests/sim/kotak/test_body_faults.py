"""The faults of a bad day that show in the rows: they are struck where the rows are made (fact sheet §5, §8)."""

import pytest

from engine.sim.exchange.words import Call
from engine.sim.faults import FaultKind
from tests.sim.kotak.day import CALL, PUT, Day, carried


@pytest.fixture
def day() -> Day:
    return Day(positions=(carried(CALL, -65, "110"), carried(PUT, 65, "95"))).sign_in()


def symbols(day: Day) -> list[str]:
    return [row["trdSym"] for row in day.get("quick/user/positions").rows]


def test_8_a_position_is_missing_for_a_moment(day: Day) -> None:
    day.strike(FaultKind.ROW_DROPPED, calls=frozenset({Call.POSITIONS}))
    assert symbols(day) == [PUT]
    assert symbols(day) == [CALL, PUT]


def test_a_named_row_is_the_one_that_is_missing_or_stands_twice(day: Day) -> None:
    day.strike(FaultKind.ROW_DROPPED, details={"symbol": PUT})
    assert symbols(day) == [CALL]
    day.strike(FaultKind.DUPLICATE, details={"symbol": PUT})
    assert symbols(day) == [CALL, PUT, PUT]
    assert symbols(day) == [CALL, PUT]


def test_a_book_whose_only_row_is_missing_looks_empty() -> None:
    day = Day().sign_in()
    number = day.placed(pr="80")
    day.strike(FaultKind.ROW_DROPPED, details={"order": number})
    assert day.orders().body["stCode"] == 5203
    assert day.order(number)["ordSt"] == "open"


def test_5_a_status_nobody_knows_is_said_of_one_order_only() -> None:
    day = Day().sign_in()
    first, second = day.placed(pr="80"), day.placed(pr="81")
    day.strike(FaultKind.UNKNOWN_STATUS, 2, details={"order": first})
    row = day.order(first)
    assert (row["ordSt"], row["stat"]) == ("awaiting gateway", "awaiting gateway")
    assert day.order(second)["ordSt"] == "open"
    day.strike(FaultKind.UNKNOWN_STATUS, details={"text": "frozen"})
    assert day.order(second)["ordSt"] == "frozen"


def test_a_status_is_not_used_up_by_books_without_one(day: Day) -> None:
    day.strike(FaultKind.UNKNOWN_STATUS)
    symbols(day)
    assert len(day.faults.in_force()) == 1


def test_a_fault_that_names_a_row_waits_for_the_book_that_has_it(day: Day) -> None:
    day.strike(FaultKind.ROW_DROPPED, details={"symbol": "TCS"})
    assert symbols(day) == [CALL, PUT]
    day.placed(es="nse_cm", ts="TCS-EQ", pc="CNC", qt="3", pr="2000")
    assert day.orders().body["stCode"] == 5203
    assert day.orders().row["trdSym"] == "TCS-EQ"


def test_a_fault_of_one_account_does_not_strike_another(day: Day) -> None:
    day.strike(FaultKind.ROW_DROPPED, accounts=frozenset({"XY987"}))
    assert symbols(day) == [CALL, PUT]


def test_what_is_no_book_stays_as_it_is(day: Day) -> None:
    day.strike(FaultKind.DUPLICATE, calls=frozenset({Call.PLACE, Call.FUNDS}))
    assert day.place().body["stat"] == "Ok"
    assert day.post("quick/user/limits", {"seg": "ALL", "exch": "ALL", "prod": "ALL"}).body["stat"] == "Ok"


def test_a_code_nobody_documented_is_told_in_the_usual_words(day: Day) -> None:
    day.strike(FaultKind.BROKER_ERROR, details={"code": "4711", "text": "Circuit breaker"})
    assert day.orders().body == {"stat": "Not_Ok", "emsg": "Circuit breaker", "stCode": 4711}
