"""Logins at Kotak Neo: two steps, one at a time, within limits, taken up again after a restart, none after a logout."""

import asyncio
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from engine.brokers.kotak.calls import LOGIN_BASE
from engine.brokers.kotak.tokens import Credentials, expiry_of
from engine.domain.secret import Secret
from engine.errors import (
    BrokerAuthError,
    BrokerDataError,
    BrokerError,
    BrokerLoggedOut,
    BrokerRateLimited,
    BrokerUnavailable,
    SettingsError,
)
from engine.ports import SavedSession, SessionState
from engine.sim.clock import SimClock
from tests.brokers.kotak import neo
from tests.brokers.kotak.neo import Desk

WRONG_CODE = {"status": "error", "message": "Invalid credentials or TOTP.", "errorCode": "401"}
WRONG_MPIN = {"stCode": 401, "errMsg": "Invalid MPIN", "status": "failure"}


def codes(desk: Desk) -> list[str]:
    return [json.loads(request.content)["totp"] for request in desk.neo.asked(neo.FIRST)]


def saved(expires_at: datetime | None = neo.MIDNIGHT, **details: str) -> SavedSession:
    secrets = {"token": Secret("kept-token"), "sid": Secret("kept-sid"), "ucc": Secret(details.pop("ucc", "AB123"))}
    return SavedSession("kotak", "family-1", secrets, {"base": neo.BASE, "begun_at": LOGIN_BASE, **details}, expires_at)


def login(desk: Desk) -> BrokerError | None:
    """The error of one login, if any."""
    try:
        desk.run(desk.broker.login())
    except BrokerError as error:
        return error
    return None


def test_a_login_takes_two_steps_with_headers_of_their_own() -> None:
    desk = Desk()
    assert desk.broker.session is SessionState.NONE
    assert login(desk) is None
    first, second = desk.neo.requests
    assert (str(first.url), str(second.url)) == (
        "https://mis.kotaksecurities.com/login/1.0/tradeApiLogin",
        "https://mis.kotaksecurities.com/login/1.0/tradeApiValidate",
    )
    step = int(neo.START.timestamp()) // 30
    code = Credentials.of(neo.SECRETS).code_at(step)
    assert json.loads(first.content) == {"mobileNumber": "+919800000000", "ucc": "AB123", "totp": code}
    assert json.loads(second.content) == {"mpin": "654321"}
    for request in (first, second):
        assert request.headers["Content-Type"] == "application/json"
        assert (request.headers["Authorization"], request.headers["neo-fin-key"]) == ("consumer-key", "neotradeapi")
    assert "Auth" not in first.headers
    assert (second.headers["Auth"], second.headers["sid"]) == ("view-token", "view-sid")
    assert desk.broker.session is SessionState.OPEN


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804"), (20000000000, "353130")])
def test_codes_are_those_of_the_standard(at: int, code: str) -> None:
    # RFC 6238, appendix B, its last six digits; the key is "12345678901234567890".
    secret = {**neo.SECRETS, "TOTP_SECRET": Secret("gezd gnbv gy3t qojq GEZD GNBV GY3T QOJQ")}
    assert Credentials.of(secret).code_at(at // 30) == code


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"MPIN": Secret("")}, "MPIN"),
        ({"TOTP_SECRET": Secret("18")}, "base32"),
        ({"TOTP_SECRET": Secret("JBSWY3DPÉ")}, "base32"),
    ],
)
def test_secrets_that_cannot_be_used_are_the_operators(changes: Mapping[str, Secret], says: str) -> None:
    with pytest.raises(SettingsError, match=says):
        Credentials.of({**neo.SECRETS, **changes})


def test_nothing_of_a_secret_is_shown() -> None:
    desk = Desk(keeper=(keeper := neo.Kept()))
    login(desk)
    shown = " ".join((repr(Credentials.of(neo.SECRETS)), repr(keeper.session), repr(desk.broker._session._tokens)))
    for secret in ("654321", "consumer-key", "JBSWY3DPEHPK3PXP", "AB123", neo.jwt(1), "sid-1"):
        assert secret not in shown


def test_only_one_login_runs_whoever_asks() -> None:
    desk = Desk()

    async def work() -> None:
        await asyncio.gather(*(desk.broker.fetch_by_tag("R1") for _ in range(5)), desk.broker.fetch_snapshot())

    desk.run(work())
    assert desk.neo.count(neo.FIRST) == desk.neo.count(neo.SECOND) == 1


def test_a_code_is_never_shown_twice() -> None:
    desk = Desk()
    desk.neo.tell(neo.ORDERS, httpx.Response(401, json=neo.EXPIRED), neo.NO_DATA)
    login(desk)
    assert desk.run(desk.broker.fetch_by_tag("R1")) == ()
    # The second login waited for the next code.
    assert desk.passed() == timedelta(seconds=30)
    assert len(set(codes(desk))) == 2


def test_a_code_that_was_never_sent_may_be_used() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, httpx.ConnectError("refused"), desk.neo._view)
    assert isinstance(login(desk), BrokerUnavailable)

    async def later() -> None:
        await desk.clock.sleep(timedelta(seconds=1))
        await desk.broker.login()

    desk.run(later())
    assert desk.passed() == timedelta(seconds=1)
    assert len(set(codes(desk))) == 1


def test_three_refused_codes_and_a_person_must_look() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, WRONG_CODE)
    for _ in range(3):
        error = login(desk)
        assert isinstance(error, BrokerAuthError)
        assert "TOTP" in str(error)
        desk.clock.move_to(desk.clock.now() + timedelta(seconds=30))
    assert desk.broker.session is SessionState.REFUSED
    assert isinstance(login(desk), BrokerAuthError)
    assert desk.neo.count(neo.FIRST) == 3


def test_all_who_wait_for_a_login_share_its_failure() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, WRONG_CODE)
    desk.run(desk.broker.fetch_snapshot())
    assert desk.neo.count(neo.FIRST) == 1
    assert desk.broker.session is not SessionState.REFUSED


def test_a_wrong_mpin_is_not_tried_again() -> None:
    desk = Desk()
    desk.neo.tell(neo.SECOND, WRONG_MPIN)
    assert isinstance(login(desk), BrokerAuthError)
    assert desk.broker.session is SessionState.REFUSED
    assert isinstance(login(desk), BrokerAuthError)
    assert desk.neo.count(neo.SECOND) == 1


def test_the_session_of_another_client_is_not_used() -> None:
    desk = Desk()
    data = {"token": "t", "sid": "s", "baseUrl": neo.BASE, "status": "success", "ucc": "XY987"}
    desk.neo.tell(neo.SECOND, {"data": data})
    error = login(desk)
    assert isinstance(error, BrokerAuthError)
    assert "another client" in str(error)
    assert desk.broker.session is SessionState.REFUSED


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        ({"stCode": 429, "errMsg": "Invalid UCC", "status": "failure"}, BrokerAuthError),
        ({"error": [{"code": "400", "message": "Missing required field 'MobileNumber'"}]}, BrokerAuthError),
        (httpx.Response(403, json={"message": "Forbidden"}), BrokerAuthError),
        (httpx.Response(429, json={"code": 429, "error": "Rate limit exceeded", "message": "m"}), BrokerRateLimited),
        (httpx.Response(503, headers={"Retry-After": "99999"}), BrokerUnavailable),
        (httpx.Response(424, json={"stCode": 424, "errMsg": "dependency", "status": "failure"}), BrokerUnavailable),
        (httpx.Response(503, text="<html>"), BrokerUnavailable),
        (httpx.Response(200, text='{"data":{"token":"eyJhbGciOi'), BrokerUnavailable),
        (httpx.ReadTimeout("slow"), BrokerUnavailable),
        ({"data": {"status": "failure"}}, BrokerDataError),
        ({"data": {"status": "success", "sid": "s"}}, BrokerDataError),
    ],
    ids=str,
)
def test_a_login_fails_by_name(reply: Any, kind: type[BrokerError]) -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, reply)
    error = login(desk)
    assert type(error) is kind
    assert "eyJ" not in str(error)
    assert desk.broker.session is SessionState.NONE


def test_a_service_error_is_given_five_minutes() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, {"stCode": 500, "errMsg": "Service error", "status": "failure"}, desk.neo._view)
    error = login(desk)
    assert isinstance(error, BrokerUnavailable)
    assert error.retry_after == timedelta(minutes=5)
    desk.clock.move_to(neo.START + timedelta(minutes=4))
    error = login(desk)
    assert isinstance(error, BrokerUnavailable)
    assert error.retry_after == timedelta(minutes=1)
    assert desk.neo.count(neo.FIRST) == 1
    desk.clock.move_to(neo.START + timedelta(minutes=5))
    assert login(desk) is None


def test_nobody_is_waited_for_longer_than_five_minutes() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, httpx.Response(503, headers={"Retry-After": "99999"}), desk.neo._view)
    login(desk)
    desk.clock.move_to(neo.START + timedelta(minutes=5))
    assert login(desk) is None


def test_an_outage_only_puts_logins_off_and_never_ends_them() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, httpx.ConnectError("refused"))
    for _ in range(600):
        login(desk)
        desk.clock.move_to(desk.clock.now() + timedelta(seconds=1))
    # 1, 2, 4 … 60 s apart: not six hundred, and not three.
    assert 10 < desk.neo.count(neo.FIRST) < 20
    desk.neo.tell(neo.FIRST, desk.neo._view)
    desk.clock.move_to(desk.clock.now() + timedelta(minutes=1))
    assert login(desk) is None


def test_a_session_that_never_holds_is_not_begun_for_ever() -> None:
    desk = Desk()
    desk.neo.tell(neo.ORDERS, httpx.Response(403, json=neo.EXPIRED))
    for _ in range(5):
        with pytest.raises(BrokerAuthError):
            desk.run(desk.broker.fetch_by_tag("R1"))
    assert desk.neo.count(neo.SECOND) == 3
    assert desk.broker.session is SessionState.REFUSED


def test_the_token_says_when_it_ends_and_is_renewed_before_the_next_call() -> None:
    desk = Desk()
    login(desk)
    desk.clock.move_to(neo.MIDNIGHT)
    assert desk.broker.session is SessionState.EXPIRED
    desk.neo.expires_at = neo.MIDNIGHT + timedelta(days=1)
    desk.run(desk.broker.fetch_by_tag("R1"))
    assert desk.neo.count(neo.SECOND) == 2
    assert [request.headers["Sid"] for request in desk.neo.asked(neo.ORDERS)] == ["sid-2"]


@pytest.mark.parametrize(
    ("text", "at"),
    [
        (neo.jwt(1), neo.MIDNIGHT),
        ("opaque", None),
        ("a.b.c", None),
        ("a.###.c", None),
        ("a.bnVsbA.c", None),
        ("a.eyJleHAiOiAibmV2ZXIifQ.c", None),
    ],
)
def test_a_token_that_does_not_tell_its_end_has_none_known(text: str, at: datetime | None) -> None:
    assert expiry_of(Secret(text)) == at


def test_a_saved_session_that_holds_is_taken_up_without_a_login() -> None:
    desk = Desk(keeper=neo.Kept(saved()))
    assert login(desk) is None
    (request,) = desk.neo.requests
    assert (request.url.path, request.headers["Sid"]) == ("/gateway/xyz" + neo.LIMITS, "kept-sid")
    desk.run(desk.broker.fetch_by_tag("R1"))
    assert desk.neo.count(neo.FIRST) == 0


@pytest.mark.parametrize(
    ("session", "asked"),
    [
        (saved(neo.START), 0),
        (saved(None), 1),
        (SavedSession("kotak", "family-1", {}, {}), 0),
        (saved(base="http://elsewhere.test/"), 0),
        (saved(ucc="XY987"), 0),
        (saved(begun_at="http://127.0.0.1:8000"), 0),
    ],
    ids=["over", "refused", "empty", "to-another-place", "of-another-client", "begun-elsewhere"],
)
def test_a_saved_session_that_does_not_hold_is_dropped_for_a_login(session: SavedSession, asked: int) -> None:
    keeper = neo.Kept(session)
    desk = Desk(keeper=keeper)
    desk.neo.tell(neo.LIMITS, httpx.Response(403, json=neo.EXPIRED))
    assert login(desk) is None
    assert (desk.neo.count(neo.LIMITS), desk.neo.count(neo.SECOND)) == (asked, 1)
    assert keeper.session is not None
    assert keeper.session.secrets["sid"] == Secret("sid-1")
    assert (keeper.session.details["base"], keeper.session.expires_at) == (neo.BASE, neo.MIDNIGHT)


def test_the_next_run_shows_no_code_again() -> None:
    keeper = neo.Kept()
    first = Desk(keeper=keeper)
    assert login(first) is None
    # The broker ends the session; the next process begins ten seconds later.
    again = Desk(keeper=keeper)
    again.clock.move_to(neo.START + timedelta(seconds=10))
    again.neo.tell(neo.LIMITS, httpx.Response(403, json=neo.EXPIRED))
    assert login(again) is None
    codes = [json.loads(desk.neo.asked(neo.FIRST)[0].content)["totp"] for desk in (first, again)]
    assert codes[0] != codes[1]
    assert again.clock.now() >= neo.START + timedelta(seconds=30)


def test_a_code_that_led_to_nothing_is_not_shown_again_by_the_next_run() -> None:
    keeper = neo.Kept()
    first = Desk(keeper=keeper)
    first.neo.tell(neo.FIRST, httpx.Response(200, text="<html>"))
    assert login(first) is not None
    assert keeper.session is not None
    assert keeper.session.secrets == {}
    again = Desk(keeper=keeper)
    assert login(again) is None
    assert again.clock.now() >= neo.START + timedelta(seconds=30)


@pytest.mark.parametrize("shown", ["99999999999", "-1", "x", "", "1"])
def test_a_code_shown_by_another_clock_makes_nobody_wait(shown: str) -> None:
    desk = Desk(keeper=neo.Kept(SavedSession("kotak", "family-1", {}, {"shown": shown})))
    assert login(desk) is None
    assert desk.clock.now() - neo.START < timedelta(seconds=5)


@pytest.mark.parametrize(
    "answer", [httpx.Response(503, text=""), httpx.Response(200, text="<html>"), httpx.Response(200, text='{"stat')]
)
def test_a_saved_session_outlives_an_outage_and_garbage(answer: httpx.Response) -> None:
    keeper = neo.Kept(saved())
    desk = Desk(keeper=keeper)
    desk.neo.tell(neo.LIMITS, answer, {"stat": "Ok", "stCode": 200, "Net": "1"})
    assert isinstance(login(desk), BrokerUnavailable)
    assert keeper.session is not None
    desk.clock.move_to(neo.START + timedelta(seconds=2))
    assert login(desk) is None
    assert desk.neo.count(neo.FIRST) == 0


def test_a_logout_while_a_login_runs_wins() -> None:
    keeper = neo.Kept()
    desk = Desk(keeper=keeper)

    async def slow(request: httpx.Request) -> Any:
        await desk.clock.sleep(timedelta(seconds=3))
        return desk.neo._trade(request)

    desk.neo.tell(neo.SECOND, slow)

    async def work() -> None:
        running = asyncio.ensure_future(desk.broker.login())
        await desk.clock.sleep(timedelta(seconds=1))
        await desk.broker.logout()
        with pytest.raises(BrokerLoggedOut):
            await running

    desk.run(work())
    assert desk.broker.session is SessionState.LOGGED_OUT
    assert keeper.session is None
    assert len(desk.neo.requests) == 2


def test_a_logout_stays_one_whatever_becomes_of_the_login() -> None:
    desk = Desk()

    async def slow(_request: httpx.Request) -> Any:
        await desk.clock.sleep(timedelta(seconds=3))
        return WRONG_MPIN

    desk.neo.tell(neo.SECOND, slow)

    async def work() -> None:
        running = asyncio.ensure_future(desk.broker.login())
        await desk.clock.sleep(timedelta(seconds=1))
        await desk.broker.logout()
        with pytest.raises(BrokerAuthError):
            await running

    desk.run(work())
    assert desk.broker.session is SessionState.LOGGED_OUT


def test_a_token_that_is_over_when_it_is_given_is_used_all_the_same() -> None:
    desk = Desk()
    desk.neo.expires_at = neo.START - timedelta(minutes=1)
    for _ in range(3):
        desk.run(desk.broker.fetch_by_tag("R1"))
    assert (desk.neo.count(neo.SECOND), desk.broker.session) == (1, SessionState.OPEN)


def test_a_logout_ends_the_healing_of_a_call_on_its_way() -> None:
    desk = Desk()

    async def slow(_request: httpx.Request) -> Any:
        await desk.clock.sleep(timedelta(seconds=3))
        return httpx.Response(403, json=neo.EXPIRED)

    desk.neo.tell(neo.PLACE, slow)

    async def work() -> None:
        running = asyncio.ensure_future(desk.broker.send_order(neo.order()))
        await desk.clock.sleep(timedelta(seconds=1))
        await desk.broker.logout()
        with pytest.raises(BrokerLoggedOut):
            await running

    desk.run(work())
    assert (desk.neo.count(neo.PLACE), desk.neo.count(neo.FIRST)) == (1, 1)


@pytest.mark.parametrize(
    ("path", "reply", "most"),
    [
        (neo.SECOND, {"data": {"status": "failure", "errMsg": "Invalid MPIN"}}, 3),
        (neo.SECOND, {"data": {"status": "success", "sid": "s"}}, 3),
        (neo.SECOND, httpx.Response(401, text=""), 1),
        (neo.SECOND, httpx.Response(403, text="<html>"), 1),
        (neo.FIRST, {"data": {"status": "failure"}}, 3),
        (neo.FIRST, httpx.Response(401, text="<html>"), 3),
    ],
    ids=str,
)
def test_a_refusal_in_no_known_words_is_one_all_the_same(path: str, reply: Any, most: int) -> None:
    desk = Desk()
    desk.neo.tell(path, reply)
    for _ in range(20):
        login(desk)
        desk.clock.move_to(desk.clock.now() + timedelta(minutes=1))
    assert (desk.neo.count(path), desk.broker.session) == (most, SessionState.REFUSED)


def test_a_clock_that_is_put_back_puts_no_login_off() -> None:
    desk = Desk()
    desk.neo.tell(neo.FIRST, httpx.Response(503, text=""), desk.neo._view)
    login(desk)
    desk.clock = desk.broker._session._clock = SimClock(neo.START - timedelta(hours=5, minutes=30))
    assert login(desk) is None
    assert desk.clock.now() == neo.START - timedelta(hours=5, minutes=30)
