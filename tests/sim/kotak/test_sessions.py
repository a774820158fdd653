"""What a session that does not hold looks like, call by call, and how many calls are too many (§2.6, §7)."""

import pytest

from engine.sim.exchange.words import Call
from engine.sim.faults import FaultKind
from engine.sim.kotak.wire import Manner
from tests.sim.kotak.day import UCC, Day

STALE = {"stCode": 100022, "errMsg": "invalid session token", "stat": "Not_Ok"}
AT_CHECK = {"stCode": 100022, "errMsg": "invalid session token", "stat": "error in neo-login-check-api"}
AS_DOCUMENTED = {"stat": "Not_Ok", "emsg": "Invalid session", "stCode": 1003}

READS = ["quick/user/orders", "quick/user/orders/1", "quick/user/trades"]


@pytest.fixture
def day() -> Day:
    return Day().sign_in()


def test_2_6_an_ended_session_is_told_in_three_dialects(day: Day) -> None:
    day.wire.end_sessions(UCC)
    for path in READS:
        assert (day.get(path).status, day.get(path).body) == (403, STALE)
    for path in ("quick/order/rule/ms/place", "quick/order/vr/modify", "quick/order/cancel", "quick/order/history"):
        assert (day.post(path, {}).status, day.post(path, {}).body) == (403, STALE)
    assert day.get("quick/user/positions").body == AT_CHECK
    assert day.post("quick/user/check-margin", {}).body == AT_CHECK
    assert day.get("portfolio/v1/holdings").body == AS_DOCUMENTED
    assert day.post("quick/user/limits", {}).body == AS_DOCUMENTED


@pytest.mark.parametrize("missing", ["Auth", "Sid"])
def test_2_6_a_call_without_its_two_headers_has_no_session(day: Day, missing: str) -> None:
    headers = {name: value for name, value in day.session.items() if name != missing}
    assert day.get("quick/user/orders", headers).body == AS_DOCUMENTED


def test_1_session_and_sid_alone_are_enough(day: Day) -> None:
    headers = {name: day.session[name] for name in ("Sid", "Auth")}
    assert day.get("quick/user/orders", headers).body["stCode"] == 5203


def test_8_another_clients_access_token_is_unauthorized(day: Day) -> None:
    reply = day.get("quick/user/orders", {**day.session, "Authorization": "other"})
    assert reply.body == {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}


def test_2_3_quotes_and_scrip_master_go_on_without_a_session(day: Day) -> None:
    day.wire.end_sessions(UCC)
    access = {"Authorization": day.session["Authorization"]}
    assert day.get("script-details/1.0/masterscrip/file-paths", access).status == 200
    assert day.get("script-details/1.0/quotes/neosymbol/nse_cm|Nifty 50/ltp", access).status == 200
    assert day.get("script-details/1.0/masterscrip/file-paths", {}).body["stCode"] == 100008


def test_a_fault_ends_the_session_until_the_next_login(day: Day) -> None:
    day.strike(FaultKind.SESSION_EXPIRED)
    assert day.orders().body == STALE
    assert day.orders().body == STALE
    day.passes(30)
    day.sign_in()
    assert day.orders().body["stCode"] == 5203


def test_quotes_do_not_use_up_a_fault_of_the_session(day: Day) -> None:
    day.strike(FaultKind.SESSION_EXPIRED)
    day.get("script-details/1.0/quotes/neosymbol/nse_cm|Nifty 50/ltp")
    assert len(day.faults.in_force()) == 1


def test_7_ten_calls_a_second_of_every_kind_together() -> None:
    day = Day(manner=Manner()).sign_in()
    replies = [day.orders() for _ in range(4)] + [day.get("quick/user/positions") for _ in range(4)]
    assert {reply.status for reply in replies} == {200}
    refused = day.place()
    assert (refused.status, refused.body) == (
        429, {"code": 429, "error": "Rate limit exceeded", "message": "too many request received"}
    )  # fmt: skip
    assert "retry-after" not in refused.headers
    day.passes(1)
    assert day.orders().body["stCode"] == 5203
    assert day.first_step().status == 401


def test_7_one_clients_calls_are_not_another_ones() -> None:
    day = Day(manner=Manner(calls_per_second=2)).sign_in()
    assert day.orders().status == 429
    assert day.first_step("XY987").status == 200


def test_every_call_stands_in_the_ledger_with_account_kind_and_whether_it_was_let_in(day: Day) -> None:
    day.place()
    day.get("quick/user/trades", {**day.session, "Sid": "stale"})
    day.get("quick/user/positions", {})
    day.get("no/such/path")
    told = [(one["account"], one["call"], one["status"], one["authenticated"]) for one in day.told("call")]
    assert told == [
        (UCC, "login", 200, False), (UCC, "login", 200, False), (UCC, "place", 200, True),
        (UCC, "trades", 403, False), ("", "positions", 403, False), (UCC, "other", 404, False),
    ]  # fmt: skip


def test_an_account_that_is_stale_is_still_named(day: Day) -> None:
    day.wire.end_sessions(UCC)
    day.get("quick/user/orders", {"Auth": day.session["Auth"], "Sid": day.session["Sid"]})
    last = day.told("call")[-1]
    assert (last["account"], last["call"], last["authenticated"]) == (UCC, Call.ORDERS.value, False)


def test_the_layer_of_faults_speaks_with_kotaks_words(day: Day) -> None:
    day.strike(FaultKind.RATE_LIMITED)
    reply = day.orders()
    assert (reply.status, reply.body["error"]) == (429, "Rate limit exceeded")
