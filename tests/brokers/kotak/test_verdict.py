"""Every body Kotak Neo is known to answer with is one of our errors, or none: for what is asked and what is changed."""

import json
from typing import Any

import pytest

from engine.brokers.kotak.calls import ORDERS, contract_csv, history, quotes
from engine.brokers.kotak.reply import code_of, head_of, is_success, message_of
from engine.brokers.kotak.verdict import fault_of
from engine.brokers.messages import Answer
from engine.errors import (
    BrokerAuthError,
    BrokerDataError,
    BrokerRateLimited,
    BrokerRejected,
    BrokerSessionExpired,
    BrokerUnavailable,
)

HTML = b"<html><body>Bad Gateway</body></html>"


def body(value: Any) -> bytes:
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@pytest.mark.parametrize(
    ("status", "reply", "kind"),
    [
        (200, {"stat": "Ok", "stCode": 200, "data": []}, None),
        (200, {"stat": "ok", "stCode": "200", "data": [{}]}, None),
        (200, {"data": []}, None),
        (200, [], None),
        (200, {"stat": "Not_Ok", "errMsg": "No Data", "stCode": 5203, "desc": "data not found"}, None),
        (200, {"stat": "Not_Ok", "errMsg": "No Data", "stCode": 5203, "tid": "x"}, None),
        (200, {"stCode": 100022, "errMsg": "invalid session token", "stat": "Not_Ok"}, BrokerSessionExpired),
        (
            403,
            {"stCode": 100022, "errMsg": "invalid session token", "stat": "error in neo-login-check-api"},
            BrokerSessionExpired,
        ),
        (200, {"stat": "Not_Ok", "emsg": "Invalid session", "stCode": 1003}, BrokerSessionExpired),
        (401, {"fault": {"code": 900901, "message": "Invalid Credentials"}}, BrokerSessionExpired),
        (200, {"fault": {"code": 900901, "message": "Invalid Credentials"}}, BrokerSessionExpired),
        (401, b"", BrokerSessionExpired),
        (403, HTML, BrokerSessionExpired),
        (200, {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}, BrokerAuthError),
        (403, {"stCode": 100008, "errMsg": "unauthorized", "stat": "Not_Ok"}, BrokerAuthError),
        (429, {"code": 429, "error": "Rate limit exceeded", "message": "too many request received"}, BrokerRateLimited),
        (200, {"code": 429, "error": "Rate limit exceeded", "message": "too many request received"}, BrokerRateLimited),
        (429, b"", BrokerRateLimited),
        (200, {"stat": "Not_Ok", "emsg": "Internal error", "stCode": 1005}, BrokerUnavailable),
        (502, HTML, BrokerUnavailable),
        (500, b"", BrokerUnavailable),
        (503, {"stat": "Not_Ok", "errMsg": "busy", "stCode": 503}, BrokerUnavailable),
        (424, {"stat": "Not_Ok", "errMsg": "dependency", "stCode": 424}, BrokerUnavailable),
        (408, b"", BrokerUnavailable),
        (200, {"stat": "Not_Ok", "emsg": "Invalid instrument/code", "stCode": 1009}, BrokerRejected),
        (400, {"stCode": 1021, "errMsg": "order is completed", "stat": "please provide"}, BrokerRejected),
        (200, {"status": "error", "message": "Invalid", "errorCode": "400"}, BrokerRejected),
        (200, {"error": [{"code": "400", "message": "Missing required field 'MobileNumber'"}]}, BrokerRejected),
        (404, {"message": "no Route matched with those values"}, BrokerRejected),
        (200, HTML, BrokerDataError),
        (200, b"", BrokerDataError),
        (200, b'{"stat":"Ok","stCode":200,"data":[{"nOrdNo":"26', BrokerDataError),
        (200, b"[{}", BrokerDataError),
        (200, b'{"stat":"Ok","stCode":200,"data":[]}}', BrokerDataError),
        (200, b"[" * 100_000, BrokerDataError),
        (200, {}, BrokerDataError),
        (200, b"null", BrokerDataError),
        (404, HTML, BrokerDataError),
        (302, b"", BrokerDataError),
        (403, {"stat": "Ok", "stCode": 200, "data": []}, BrokerDataError),
    ],
)  # fmt: skip
def test_what_an_answer_to_a_question_means(status: int, reply: Any, kind: type[Exception] | None) -> None:
    fault = fault_of(ORDERS, Answer(status, body(reply)), "family-1")
    assert type(fault) is (kind or type(None))
    if fault is not None:
        assert fault.account == "family-1"
        assert fault.broker == "kotak"
        assert str(fault).startswith("orders: ")


@pytest.mark.parametrize("status", [401, 403])
def test_what_carries_no_session_is_not_healed_by_a_login(status: int) -> None:
    assert type(fault_of(quotes([("nse_fo", "1")]), Answer(status, b""), "a")) is BrokerAuthError


def test_a_file_is_no_json() -> None:
    file = contract_csv("https://files.test/nse_fo.csv")
    assert fault_of(file, Answer(200, b"pSymbol,pExchSeg\n"), "a") is None
    assert type(fault_of(file, Answer(404, HTML), "a")) is BrokerDataError
    assert type(fault_of(file, Answer(403, b"<Error><Code>AccessDenied</Code></Error>"), "a")) is BrokerDataError


def test_an_empty_history_is_judged_by_who_reads_it() -> None:
    assert fault_of(history("1"), Answer(200, b'{"stat":"Not_Ok","errMsg":"No Data","stCode":5203}'), "a") is None


@pytest.mark.parametrize(
    ("reply", "code", "message"),
    [
        ({"stat": "Not_Ok", "errMsg": "a", "stCode": 1}, "1", "a"),
        ({"stat": "Not_Ok", "emsg": "b", "stCode": "2"}, "2", "b"),
        ({"stCode": 401, "errMsg": "c", "status": "failure"}, "401", "c"),
        ({"status": "error", "message": "d", "errorCode": "401"}, "401", "d"),
        ({"error": [{"code": "400", "message": "e"}]}, "400", "e"),
        ({"code": 429, "error": "f", "message": ""}, "429", "f"),
        ({"fault": {"code": 900901, "message": "g"}}, "900901", "g"),
    ],
)
def test_every_dialect_of_an_error_tells_its_code_and_message(reply: Any, code: str, message: str) -> None:
    head = head_of(b"\xef\xbb\xbf " + body(reply))
    assert head is not None
    assert (code_of(head), message_of(head), is_success(head)) == (code, message, False)


def test_a_head_has_none_of_the_rows() -> None:
    assert head_of(body({"stat": "ok", "stCode": 200, "data": [{"nOrdNo": "1"}]})) == {
        "stat": "ok", "stCode": 200, "data": {},
    }  # fmt: skip
    assert head_of(b'{"stat":"ok","data":null}') == {"stat": "ok", "data": None}
    assert head_of(b'[{"exchange":"nse_fo"}]') == {"data": {}}
