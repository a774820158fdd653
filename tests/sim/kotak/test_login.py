"""Kotak's login: two steps, tokens that end at midnight, and five ways to be turned away (fact sheet §2)."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.sim.kotak.credentials import made_credentials
from engine.sim.kotak.wire import Manner
from tests.sim.kotak.day import OTHER, START, UCC, Day


def claims(token: str) -> dict[str, Any]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_2_1_a_totp_code_gives_a_view_token() -> None:
    data = Day().first_step().body["data"]
    assert (data["status"], data["kType"], data["ucc"], data["hsServerId"]) == ("success", "View", UCC, "")
    assert "baseUrl" not in data
    assert len(data["token"].split(".")) == 3
    assert {"sid", "rid", "greetingName", "dataCenter", "kId", "clientType", "isTrialAccount"} <= data.keys()


def test_2_2_the_mpin_gives_another_token_sid_and_the_base_url() -> None:
    day = Day()
    view = day.first_step().body["data"]
    trade = day.second_step(view).body["data"]
    assert trade["kType"] == "Trade"
    assert trade["token"] != view["token"]
    assert trade["sid"] != view["sid"]
    assert trade["baseUrl"] == "http://kotak.test"


def test_1_the_base_url_may_have_a_path_and_nothing_is_found_without_it() -> None:
    day = Day(manner=Manner("/gateway/e43", calls_per_second=None)).sign_in()
    assert day.base == "/gateway/e43"
    assert day.orders().body["stCode"] == 5203
    day.base = ""
    assert day.orders().status == 404


def test_2_3_a_token_ends_at_the_next_midnight_in_india() -> None:
    day = Day().sign_in()
    told = claims(day.session["Auth"])
    assert datetime.fromtimestamp(told["exp"], UTC) == datetime(2026, 11, 23, 18, 30, tzinfo=UTC)
    assert datetime.fromtimestamp(told["iat"], UTC) == START
    day.clock.move_to(datetime(2026, 11, 23, 18, 29, 59, tzinfo=UTC))
    assert day.orders().status == 200
    day.clock.move_to(datetime(2026, 11, 23, 18, 30, tzinfo=UTC))
    assert (day.orders().status, day.orders().body["stCode"]) == (403, 100022)


def test_2_3_a_second_login_leaves_the_first_session_alone() -> None:
    day = Day().sign_in()
    first = day.session
    day.passes(30)
    day.sign_in()
    assert day.session["Auth"] != first["Auth"]
    assert day.get("quick/user/orders", first).body["stCode"] == 5203


def test_2_3_a_used_code_is_refused_and_a_fast_retry_meets_five_minutes_of_service_error() -> None:
    day = Day().sign_in()
    assert day.first_step().body == {
        "status": "error", "message": "Invalid credentials or TOTP.", "errorCode": "401"
    }  # fmt: skip
    assert day.first_step().body == {"stCode": 424, "errMsg": "Service error", "status": "failure"}
    day.passes(299)
    assert day.first_step().body["errMsg"] == "Service error"
    day.passes(1)
    assert day.first_step().body["data"]["status"] == "success"


def test_2_3_a_refused_code_may_be_tried_again_with_the_next_one() -> None:
    day = Day()
    day.passes(20)
    assert day.first_step(totp="000000").status == 401
    day.passes(10)
    assert day.first_step().body["data"]["status"] == "success"


def test_2_3_a_code_lives_thirty_seconds() -> None:
    day = Day()
    code = day.code()
    day.passes(30)
    assert day.first_step(totp=code).body["errorCode"] == "401"


@pytest.mark.parametrize("wrong", [{"ucc": "ZZ999"}, {"ucc": OTHER}, {"mobileNumber": "+919999999999"}])
def test_2_4_a_wrong_client_code_is_a_failure_with_http_200(wrong: dict[str, str]) -> None:
    reply = Day().first_step(**wrong)
    assert (reply.status, reply.body) == (200, {"stCode": 429, "errMsg": "Invalid UCC", "status": "failure"})


def test_2_4_a_wrong_mpin_is_a_failure_with_http_200() -> None:
    day = Day()
    reply = day.second_step(day.first_step().body["data"], mpin="000000")
    assert (reply.status, reply.body) == (200, {"stCode": 401, "errMsg": "Invalid MPIN", "status": "failure"})


@pytest.mark.parametrize(
    ("field", "shown"), [("mobileNumber", "MobileNumber"), ("ucc", "Ucc"), ("totp", "Totp")]
)  # fmt: skip
def test_2_4_a_missing_field_is_named(field: str, shown: str) -> None:
    reply = Day().first_step(**{field: None})
    assert reply.status == 400
    assert reply.body == {"error": [{"code": "400", "message": f"Missing required field '{shown}'"}]}


@pytest.mark.parametrize(
    "wrong", [{"Authorization": "Bearer x"}, {"Authorization": ""}, {"neo-fin-key": "other"}]
)  # fmt: skip
def test_8_a_wrong_access_token_or_key_is_unauthorized(wrong: dict[str, str]) -> None:
    day = Day()
    reply = day.first_step(headers={**day.opening(), **wrong})
    assert reply.body == {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}


def test_2_2_a_view_token_with_another_session_id_or_client_opens_nothing() -> None:
    day = Day()
    view = day.first_step().body["data"]
    assert day.second_step({**view, "sid": "other"}).body["stCode"] == 100022
    assert day.second_step(view, OTHER).body["stCode"] == 100008


def test_2_2_a_view_token_does_not_trade() -> None:
    day = Day()
    view = day.first_step().body["data"]
    reply = day.get("quick/user/orders", {"Sid": view["sid"], "Auth": view["token"]})
    assert (reply.status, reply.body["stCode"]) == (403, 100022)


@pytest.mark.parametrize("path", ["login/1.0/logout", "apim/login/2.0/logout"])
def test_2_5_there_is_no_call_to_log_out_by(path: str) -> None:
    assert Day().sign_in().post(path, {}).status == 404


def test_1_the_client_may_ask_for_its_address() -> None:
    reply = Day().request("GET", "/login/1.0/get-client-ip")
    assert reply.body == {"stat": "OK", "stCode": 1000, "data": {"clientIp": "127.0.0.1"}}


def test_every_try_stands_in_the_ledger() -> None:
    day = Day()
    day.first_step(totp="000000")
    day.passes(30)
    day.sign_in()
    assert [(told["account"], told["step"], told["outcome"]) for told in day.told("login")] == [
        (UCC, "totp", "Invalid credentials or TOTP."), (UCC, "totp", "ok"), (UCC, "mpin", "ok"),
    ]  # fmt: skip


def test_equal_seeds_make_equal_tokens_and_secrets() -> None:
    assert Day().sign_in().session == Day().sign_in().session
    assert made_credentials(1, UCC) == made_credentials(1, UCC)
    assert made_credentials(1, UCC) != made_credentials(2, UCC)
    assert made_credentials(1, UCC).mobile != made_credentials(1, OTHER).mobile


def test_a_session_of_one_client_does_not_show_another_one() -> None:
    day = Day().sign_in()
    mine = day.session
    day.sign_in(OTHER)
    assert (
        day.get("quick/user/orders", {**mine, "Authorization": day.session["Authorization"]}).body["stCode"] == 100008
    )
    assert day.get("quick/user/orders", {**day.session, "Sid": mine["Sid"]}).body["stCode"] == 100022


def test_2_3_the_next_code_is_another() -> None:
    day = Day()
    first = day.code()
    day.clock.move_to(START + timedelta(seconds=30))
    assert day.code() != first
